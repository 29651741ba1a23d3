"""Cells of tables as far as reports may keep them: their form is seen, what they say is not."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_WORD = re.compile(r"(?<![#\w])\w{2,}")
"""A word or a number, but not that of a row (``#12``)."""
_CELLS = "examples"


def masked_text(text: str) -> str:
    """A text with every word and number in it hidden but its first sign."""
    return _WORD.sub(lambda hit: hit.group()[0] + "*" * (len(hit.group()) - 1), text)


def kept(told: Any) -> Any:
    """A report (JSON types) as the database keeps it: cells shown as examples are masked wherever they stand."""
    if isinstance(told, Mapping):
        return {key: _masked(value) if key == _CELLS else kept(value) for key, value in told.items()}
    if isinstance(told, Sequence) and not isinstance(told, str):
        return [kept(one) for one in told]
    return told


def _masked(told: Any) -> Any:
    if isinstance(told, str):
        return masked_text(told)
    return [_masked(one) for one in told] if isinstance(told, Sequence) else told
