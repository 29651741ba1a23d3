"""How wide a finding is cited: the claim that a reader would mark, not only the word that a pattern names.

Which rules are cited by the very words, which by two clauses together, and which by a phrase of a certain form is data
(``extents.yaml``).
"""

import functools
import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linghang.compliance.model import Hit, Rule
from linghang.compliance.nearby import Nearby
from linghang.compliance.normalise import View
from linghang.compliance.patterns import lexicon, read_shipped

_SPANNED = 40
"""More clauses than this no finding spans."""
_SCRAP = {True: 2, False: 6}
"""So few characters of a neighbouring clause are not meant."""
_PRETEXTS = frozenset({"CN-AD-14"})
"""Rules about a pretext: the lure that follows it is another clause."""
_PARTS = re.compile("[|·•→【】、]|[\u2600-\u27bf\U0001f000-\U0001faff]")
"""Signs and pictures that divide a clause without ending it."""
_BETWEEN = 2
"""So many signs part two clauses that are one claim."""
_NAMED = 6
"""So long is what a claim names before a clause that only carries it on (``最好用的`` 收款码 ``,没有之一``)."""


@dataclass(frozen=True)
class Extents:
    """The shipped table: see ``extents.yaml``."""

    half: float
    exact: frozenset[str]
    word: frozenset[str]
    twofold: frozenset[str]
    apart: frozenset[str]
    carries_on: re.Pattern[str]
    tails: re.Pattern[str]
    aside: re.Pattern[str]
    owed: frozenset[str]
    phrases: dict[str, tuple[str, ...]]

    def few(self, rule: Rule) -> bool:
        """Whether a few words of a clause break a rule, and the rest is in order."""
        return rule.id in self.word or rule.topic in self.word


@functools.cache
def extents() -> Extents:
    """The table of ``extents.yaml``."""
    told = read_shipped("extents.yaml")
    phrases = told["phrases"]
    return Extents(
        half=float(str(told["half"])),
        exact=frozenset(map(str, told["exact"])),
        word=frozenset(map(str, told["word"])),
        twofold=frozenset(map(str, told["twofold"])),
        apart=frozenset(map(str, told["apart"])),
        carries_on=re.compile(str(told["carries_on"])),
        tails=re.compile(str(told["tails"])),
        aside=re.compile(str(told["aside"])),
        owed=frozenset(map(str, told["owed"])),
        phrases={str(rule): tuple(map(str, said)) for rule, said in phrases.items()},  # type: ignore[union-attr, arg-type]
    )


def cited_as(hits: Sequence[Hit], view: View, pieces: Sequence[tuple[int, int]]) -> tuple[Hit, ...]:
    """The findings with the spans of their claims; two clauses that break a rule only together are one finding."""
    parted = [part for hit in _abreast(hits, view, pieces) for part in _apart(hit, view, pieces)]
    cited: Nearby[Hit] = Nearby()
    for hit in parted:
        cited.add(hit.span, hit)
    return _together([_widened(hit, cited, view, pieces) for hit in parted], view)


def _abreast(hits: Sequence[Hit], view: View, pieces: Sequence[tuple[int, int]]) -> list[Hit]:
    """The findings, those of one rule in one clause between which nothing is said made one."""
    kept: dict[int, Hit] = dict(enumerate(hits))
    places = sorted((n for n, hit in enumerate(hits) if hit.located and not hit.evasion), key=lambda n: hits[n].span)
    for before, after in itertools.pairwise(places):
        one, other = kept[before], kept[after]
        if one.rule.id != other.rule.id or one.advice != other.advice or one.span[1] + 1 < other.span[0]:
            continue
        gap = view.text[bisect_right(view.ends, one.span[1]) : bisect_left(view.starts, other.span[0])]
        if gap.strip():
            continue
        low, high = bisect_left(view.starts, one.span[0]), bisect_right(view.ends, other.span[1])
        if bisect_right(pieces, low, key=lambda piece: piece[1]) == bisect_left(
            pieces, high, key=lambda piece: piece[1]
        ):
            kept[after] = replace(one, span=(one.span[0], max(one.span[1], other.span[1])))
            del kept[before]
    return list(kept.values())


def _apart(hit: Hit, view: View, pieces: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """A finding, one for each clause where each is a claim of its own."""
    low, high = bisect_left(view.starts, hit.span[0]), bisect_right(view.ends, hit.span[1])
    within = [(max(low, start), min(high, end)) for start, end in pieces if start < high and end > low]
    if hit.rule.id in extents().apart and all(
        end - start > _SCRAP[hit.rule.jurisdiction == "CN"] for start, end in within
    ):
        yield from (replace(hit, span=view.span(*place)) for place in within)
    else:
        yield hit


def _widened(hit: Hit, cited: Nearby[Hit], view: View, pieces: Sequence[tuple[int, int]]) -> Hit:
    """The finding with the span of the claim.

    The last one or two characters of a clause before the one that is meant are left out. A clause that holds another
    finding stays divided.
    """
    low, high = bisect_left(view.starts, hit.span[0]), bisect_right(view.ends, hit.span[1])
    if (aside := extents().aside.search(view.text, low + 1, high)) is not None:
        high = aside.start()
    if high <= low:
        return hit
    if hit.evasion:
        return replace(hit, span=view.span(*_strung(view.text, low, high)))
    scrap = _SCRAP[hit.rule.jurisdiction == "CN"]
    first = bisect_right(pieces, low, key=lambda piece: piece[1])
    within = list(itertools.takewhile(lambda piece: piece[0] < high, pieces[first : first + _SPANNED]))
    if len(within) > 1 and within[0][1] - low <= scrap:
        low = within.pop(0)[1]
        low = max(low, within[0][0])
    if len(within) > 1 and high - within[-1][0] <= scrap:
        high = within.pop()[0]
        high = min(high, within[-1][1])
    if len(within) > 1 and hit.rule.id in _PRETEXTS:
        high = within[0][1]
        within = within[:1]
    if (said := _phrase(hit.rule, view, low, high, within)) is not None:
        return replace(hit, span=view.span(*said))
    if len(within) != 1:
        return replace(hit, span=view.span(low, high))
    if not extents().exact.isdisjoint((hit.rule.id, hit.rule.topic)):
        return replace(hit, span=view.span(low, high))
    clause = _claim(view.text, low, high, within[0])
    for start, end in _candidates(view.text, (low, high), clause, few=extents().few(hit.rule)):
        wide = view.span(start, end)
        if not any(other is not hit and wide[0] <= other.span[0] < wide[1] for other in cited.over(wide)):
            return replace(hit, span=wide)
    return replace(hit, span=view.span(low, high))


_BEAD = re.compile(r"[\u4e00-\u9fff](?P<sign>[^\w\n]{1,2})$")
_NEXT = re.compile(r"(?P<sign>[^\w\n]{1,2})[\u4e00-\u9fff](?![\u4e00-\u9fff])")


def _strung(text: str, low: int, high: int) -> tuple[int, int]:
    """A disguise with the single characters that the same signs string to it (``全 额`` before ``返 佣``)."""
    signs = {char for char in text[low:high] if not char.isalnum()}
    while (bead := _BEAD.search(text[max(0, low - 3) : low])) is not None and signs.issuperset(bead["sign"]):
        first = low - len(bead.group())
        if first and text[first - 1].isalnum():
            break
        low = first
    while (bead := _NEXT.match(text, high)) is not None and signs.issuperset(bead["sign"]):
        high = bead.end()
    return low, high


def _candidates(text: str, words: tuple[int, int], clause: tuple[int, int], *, few: bool) -> Iterator[tuple[int, int]]:
    """The spans around the words that make up enough of the clause, the likeliest first: the clause without a tail that
    only says of what, for whom or where; of rules that ``few`` words break, the shortest."""
    (low, high), (start, end) = words, clause
    if few and high < end - 1:
        start = low
    least = extents().half * (end - start)
    ends = {high, end} if few else {end}
    if (place := text.find("的", low + 2 if few else max(high - 1, low + 1), end)) > 0:
        ends.add(place + 1)
    ends.update(tail.start() for tail in extents().tails.finditer(text, low + 1, end))
    yield from ((start, place) for place in sorted(ends) if place - start >= least)


def _phrase(rule: Rule, view: View, low: int, high: int, within: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The words of a rule's own form in the clauses around ``low:high``."""
    words = lexicon("zh" if rule.jurisdiction == "CN" else "en")
    for source in extents().phrases.get(rule.id, ()):
        start, end = min(low, within[0][0]) if within else low, max(high, within[-1][1]) if within else high
        for match in words.pattern(source).compiled.finditer(view.text, start, end):
            if match.start() < high and match.end() > low:
                return match.span()
    return None


def _together(hits: Sequence[Hit], view: View) -> tuple[Hit, ...]:
    """The findings, those of one rule side by side made one where only both halves are the breach."""
    table = extents()
    places = sorted((n for n, hit in enumerate(hits) if hit.located), key=lambda n: hits[n].span)
    merged: dict[int, Hit] = dict(enumerate(hits))
    for before, after in itertools.pairwise(places):
        one, other = merged.get(before), merged.get(after)
        if one is None or other is None or one.advice != other.advice:
            continue
        low, high = bisect_right(view.ends, one.span[1]), bisect_left(view.starts, other.span[0])
        between = view.text[low:high] if high >= low else "?"
        beside = high >= low and len(between) <= _BETWEEN and not any(map(str.isalnum, between)) and ":" not in between
        carried = len(between) <= _NAMED and table.carries_on.match(view.text[high : high + 12])
        alike = one.rule.id == other.rule.id
        heard = other.likelihood < 1 and one.rule.id in table.twofold and other.rule.id not in table.twofold
        if (alike and (carried or (beside and (one.rule.id in table.twofold or low == high)))) or (
            not alike and other.likelihood < 1 and beside and (carried or heard)
        ):
            span = (one.span[0], max(one.span[1], other.span[1]))
            del merged[before]
            also = one.also if alike else tuple(dict.fromkeys((*one.also, other.rule.id)))
            merged[after] = replace(one, span=span, also=also, evasion=one.evasion or other.evasion)
    return tuple(merged.values())


def _claim(text: str, low: int, high: int, clause: tuple[int, int]) -> tuple[int, int]:
    """The part of a clause around the words, between signs and pictures that divide it."""
    start, end = min(low, clause[0]), max(high, clause[1])
    for sign in _PARTS.finditer(text, start, end):
        if sign.end() <= low:
            start = sign.end()
        elif sign.start() >= high:
            end = sign.start()
            break
    said = text[start:end]
    return min(low, start + len(said) - len(said.lstrip())), max(high, end - len(said) + len(said.rstrip()))
