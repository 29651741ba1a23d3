"""A fix of texts that were checked together, as a fix of the one text that offends."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from linghang.base.findings import Finding
from linghang.campaigns.assets import spans_in


def mended_apart(asset: str, findings: Sequence[Finding], words: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings of an asset (ids with ``+`` between), each with the new words of its own text, or without a fix.

    The checker mends the texts joined by lines. Its proposal is taken apart again only where every text that no finding
    speaks of came back as it was, so that no text is ever given the words of another.
    """
    ids = asset.split("+")
    touched = {id for item in findings for id in spans_in(asset, item.span, words)}
    return tuple(_apart(item, asset, ids, touched, words) for item in findings)


def _apart(item: Finding, asset: str, ids: Sequence[str], touched: Set[str], words: Mapping[str, str]) -> Finding:
    if item.fix is None or item.fix.text is None or len(ids) == 1:
        return item
    own = next(iter(spans_in(asset, item.span, words)), "")
    new = _lines(item.fix.text, ids, words)
    kept = bool(new) and all(new[id] == words[id] for id in ids if id not in touched)
    if not own or not kept or new[own] in (words[own], ""):
        return replace(item, fix=None)
    return replace(item, fix=replace(item.fix, text=new[own]))


def _lines(text: str, ids: Sequence[str], words: Mapping[str, str]) -> dict[str, str]:
    """Each text's part of the joined lines; nothing where there are too few. What was added stands below them."""
    lines = text.split("\n")
    taken, found = 0, dict[str, str]()
    for id in ids:
        count = words[id].count("\n") + 1
        if taken + count > len(lines):
            return {}
        found[id] = "\n".join(lines[taken : taken + count])
        taken += count
    return found
