"""How wide a finding is cited: the claim that a reader would mark, not only the word that a pattern names."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from linghang.compliance.model import Hit
from linghang.compliance.nearby import Nearby
from linghang.compliance.normalise import View

_SPANNED = 40
"""More clauses than this no finding spans."""
_SCRAP = {True: 2, False: 6}
"""So few characters of a neighbouring clause are not meant."""
_TIMES = 4.0
"""A clause up to so many times as long as the words that break a rule is one claim with them; a longer one says more."""
_BY_ITSELF = frozenset({"ABS", "CLAIM", "CN-AD-02", "EU-06", "UK-08"})
"""Topics and rules whose breach is a few words (``首选``, ``央行推荐``): the rest of the clause is in order."""
_PRETEXTS = frozenset({"CN-AD-14"})
"""Rules about a pretext: the lure that follows it is another clause."""
_PARTS = re.compile("[|·•→【】]|[\u2600-\u27bf\U0001f000-\U0001faff]")
"""Signs and pictures that divide a clause without ending it."""


def widened(hit: Hit, cited: Nearby[Hit], view: View, pieces: Sequence[tuple[int, int]]) -> Hit:
    """The finding with the span of the whole claim.

    The last one or two characters of a clause before the one that is meant are left out. A clause that holds another
    finding stays divided; a word in disguise and a superlative are cited by themselves.
    """
    low, high = bisect_left(view.starts, hit.span[0]), bisect_right(view.ends, hit.span[1])
    if high <= low:
        return hit
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
    if len(within) != 1:
        return replace(hit, span=view.span(low, high))
    start, end = _claim(view.text, low, high, within[0])
    if "的" in view.text[high - 1 : high + 1]:
        end = high  # what follows is only named by the words (``央行推荐的缴费方式``)
    wide = view.span(start, end)
    alone = not any(other is not hit and wide[0] <= other.span[0] < wide[1] for other in cited.over(wide))
    one_word = hit.evasion or hit.rule.topic in _BY_ITSELF or hit.rule.id in _BY_ITSELF
    claims = not one_word and end - start <= _TIMES * (high - low)
    return replace(hit, span=wide if alone and claims else view.span(low, high))


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
