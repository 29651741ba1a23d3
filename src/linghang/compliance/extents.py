"""How wide a finding is cited: the claim that a reader would mark, not only the word that a pattern names.

What was located is widened (or narrowed) to the span that most likely agrees with what a careful reader marks (``widths``).
What is one claim is one finding: words of one rule that stand in what is cited already are not cited again.
"""

import functools
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from linghang.compliance.model import Hit
from linghang.compliance.nearby import Nearby
from linghang.compliance.normalise import View
from linghang.compliance.patterns import read_shipped
from linghang.compliance.widths import Piece, Spans, Weights, likeliest, spans_of, weights

_UNREAD = 0.3
"""What a clause is taken for that the reader has not read by itself."""
_FEW = 40
"""Of more findings each is judged by itself: what others located beside it is not looked at."""
_MANY = 200
"""More findings than this are cited as they were found: nobody marks such a text."""


@dataclass(frozen=True)
class Extents:
    """The shipped table: see ``extents.yaml``."""

    aside: re.Pattern[str]
    owed: frozenset[str]


@functools.cache
def extents() -> Extents:
    """The table of ``extents.yaml``."""
    told = read_shipped("extents.yaml")
    return Extents(aside=re.compile(str(told["aside"])), owed=frozenset(map(str, told["owed"])))


def cited_as(
    hits: Sequence[Hit],
    view: View,
    pieces: Sequence[Piece],
    reads: Callable[[Piece], float | None],
    taught: Weights | None = None,
) -> tuple[Hit, ...]:
    """The findings with the spans of their claims, the surest first placed; ``reads`` tells how wrong the learned reader
    finds the clause that begins where an original span does."""
    taught = taught or weights()
    places = {n: words for n, hit in enumerate(hits) if (words := located(hit, view, pieces)) is not None}
    wrong = reading_of(view, pieces, reads)
    found: dict[int, tuple[float, Spans]] = {}
    for n, words in places.items() if len(places) <= _MANY else ():
        others = _beside(n, hits, places)
        spans = spans_of(hits[n], words, view, pieces, wrong, others)
        if spans is not None:
            best = likeliest(spans, taught)
            found[n] = (best[1] if best else 0.0, spans)
    return _placed(hits, view, places, found, taught)


def _placed(
    hits: Sequence[Hit],
    view: View,
    places: Mapping[int, Piece],
    found: Mapping[int, tuple[float, Spans]],
    taught: Weights,
) -> tuple[Hit, ...]:
    """The findings where they are cited: no two citations overlap but by what was located, what is cited already is not
    cited again for the same rule."""
    cited: dict[int, Hit] = {n: hit for n, hit in enumerate(hits) if n not in places}
    near: Nearby[int] = Nearby()
    for n in sorted(places, key=lambda n: (n not in found, -found[n][0] if n in found else 0.0, n)):
        hit, (low, high) = hits[n], places[n]
        same = next((m for m in near.over(hit.span) if _repeats(hit, cited[m])), None)
        if same is not None:
            cited[same] = replace(cited[same], evasion=cited[same].evasion or hit.evasion)
            continue
        span = view.span(low, high)
        if n in found:
            spans = found[n][1]
            reach = view.span(int(spans.begin.min()), int(spans.end.max()))
            taken = [_in_view(view, cited[m].span) for m in near.over(reach)]
            best = likeliest(spans, taught, taken)
            span = view.span(*best[0]) if best else span
        cited[n] = replace(hit, span=span)
        near.add(span, n)
    return tuple(cited[n] for n in sorted(cited))


def _beside(n: int, hits: Sequence[Hit], places: Mapping[int, Piece]) -> list[tuple[Piece, bool]]:
    """What other findings located, and whether for the same rule."""
    if len(places) > _FEW:
        return []
    return [(words, hits[m].rule.id == hits[n].rule.id) for m, words in places.items() if m != n]


def _repeats(hit: Hit, other: Hit) -> bool:
    """Whether a finding only says again what is cited for the same rule."""
    within = other.span[0] <= hit.span[0] and hit.span[1] <= other.span[1]
    return within and hit.rule.id == other.rule.id and hit.advice == other.advice


def reading_of(view: View, pieces: Sequence[Piece], reads: Callable[[Piece], float | None]) -> Callable[[int], float]:
    """The reader's logit of the n-th clause."""

    def logit(n: int) -> float:
        share = reads(view.span(*pieces[n]))
        bound = min(max(_UNREAD if share is None else share, 1e-4), 1 - 1e-4)
        return math.log(bound / (1 - bound))

    return logit


def located(hit: Hit, view: View, pieces: Sequence[Piece]) -> Piece | None:
    """Where in the view the words of a finding stand, without an aside that says how to read them; None for none."""
    if not hit.located:
        return None
    low, high = _in_view(view, hit.span)
    if (aside := extents().aside.search(view.text, low + 1, high)) is not None:
        high = aside.start()
    if high <= low:
        return None
    return _strung(view.text, low, high) if hit.evasion else (low, high)


def _in_view(view: View, span: Piece) -> Piece:
    return bisect_left(view.starts, span[0]), bisect_right(view.ends, span[1])


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
