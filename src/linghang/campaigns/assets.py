"""How findings of an asset reach the single texts in it, and what a finding is called when somebody speaks of it."""

from collections.abc import Mapping, Sequence


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
