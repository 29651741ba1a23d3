"""Personal data in the answers of other systems are covered before anybody in a conversation, or a model, sees them."""

import re
from collections.abc import Callable, Mapping

from linghang.agents.model import Json

_COVERS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
     lambda text: f"{text[0]}***{text[text.index('@') :]}"),
    (re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"), lambda text: f"{text[:3]}{'*' * 13}{text[-2:]}"),
    (re.compile(r"(?<!\d)(?:\d{4}[ -]?){3,4}\d{3,4}(?!\d)"), lambda text: f"{text[:4]} **** {_digits(text)[-4:]}"),
    (re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), lambda text: f"{text[:3]}****{text[-4:]}"),
)  # fmt: skip
"""E-mail addresses, identity numbers, card numbers, mobile phones: what finds them, and how they are shown."""
_DIGITS = 11
"""Fewer digits than a phone has are no personal number."""


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def covered(told: Json) -> Json:
    """A value with every piece of personal data in it covered; numbers that look like one become texts."""
    if isinstance(told, str):
        for pattern, cover in _COVERS:
            told = pattern.sub(lambda hit, cover=cover: cover(hit.group()), told)
        return told
    if isinstance(told, Mapping):
        return {covered(key) if isinstance(key, str) else key: covered(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [covered(item) for item in told]
    if isinstance(told, int) and not isinstance(told, bool) and len(str(abs(told))) >= _DIGITS:
        shown = covered(str(told))
        return told if shown == str(told) else shown
    return told
