"""The texts of an asset: in which order they are read, how findings reach them, what a finding is called."""

from collections.abc import Mapping, Sequence

READING_ORDER = ("subject", "preheader", "title", "subtitle", "badge", "body", "script", "button", "legal")
"""Roles of copy in the order in which they are read."""


def in_order(role: str) -> int:
    """The place of a role in the reading order; unknown ones come last."""
    return READING_ORDER.index(role) if role in READING_ORDER else len(READING_ORDER)


def spans_in(
    asset: str, span: Sequence[int] | None, words: Mapping[str, str]
) -> dict[str, tuple[tuple[int, int], ...]]:
    """A range of an asset's joined texts (ids with ``+`` between, a line each) as ranges of the single texts."""
    if not span:
        return {}
    told: dict[str, tuple[tuple[int, int], ...]] = {}
    start = 0
    for id in asset.split("+"):
        text = words.get(id, "")
        first, last = max(span[0], start) - start, min(span[1], start + len(text)) - start
        if first < last:
            told[id] = ((first, last),)
        start += len(text) + 1
    return told


def finding_key(code: str, kind: str, place: str, quote: str) -> str:
    """What comments call a finding (``Comment.about``): the same words in the same place are one finding."""
    return f"{code}|{kind}|{place}|{quote}"[:200]
