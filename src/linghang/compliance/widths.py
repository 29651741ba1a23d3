"""How wide a reader marks what was found: the spans that may be meant, and how likely each is.

Around the words that a rule or the reader located stand candidates: they begin and end at words, clauses or the located
words themselves. A log-linear model tells how likely a careful reader marks each; what it weighs (where a span begins and
ends, how many clauses it takes, what it leaves out, which words stand at its edges, how wrong the reader finds its clauses;
for all, by how it was found, by topic and by rule) is taught by ``scripts/teach_extents.py`` into ``extents.npz``. Cited is
not the likeliest span but the one that agrees with what may be marked: at least half of both is common to the two.
"""

import functools
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linghang.compliance.glyphs import rules_folder
from linghang.compliance.model import Hit
from linghang.compliance.normalise import View
from linghang.compliance.vocabulary import word_pairs

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Piece = tuple[int, int]

BUCKETS = 1 << 16
LONGEST = 60
"""A span of more characters (in English of more than so many words) is cited as it was found."""
AGREE = 0.5
"""Two spans agree from this share of what is common in what both take together."""
_UNIT = {"zh": 1, "en": 5}
_EDGES = (1, 2, 3, 4, 6, 8, 11, 15, 20, 30)
_STEP = 7919
_SENTENCE_ENDS = frozenset("。;!?\n")
_FIGURES = re.compile(
    r"[a-z'’]+|\d+(?:[.,:]\d+)*(?:%|元|万|亿|天|年|月|日|期|折|倍|块|个|只|位|名|人|次|小时|分钟|w|k)?"
)
_LIKELIEST = 96
"""So many candidates are compared with each other."""
_AT_CLAUSE = 0.02
"""What an edge at a clause is worth to the eye, in probability; half of it an edge of the located words."""


@dataclass(frozen=True)
class Spans:
    """Candidates of a finding: begin and end in the view, what of them is weighed, and which of them read as a phrase."""

    begin: Whole
    end: Whole
    marks: Whole
    """A row a candidate: the buckets that it falls into."""
    numbers: Real
    phrases: Whole
    """Those that read as a phrase, by begin and end: with the sign that parts its clause from the next, also to there."""
    ease: Real
    """What the edges of a phrase are worth to the eye."""


@dataclass(frozen=True)
class Weights:
    """What was taught: a weight for each bucket of marks, one for each number."""

    marks: Real
    numbers: Real


@functools.cache
def weights() -> Weights:
    """The shipped weights."""
    with (rules_folder() / "extents.npz").open("rb") as file:
        told = np.load(file)
        return Weights(told["marks"].astype(np.float64), told["numbers"].astype(np.float64))


def likeliest(spans: Spans, taught: Weights, taken: Sequence[Piece] = ()) -> tuple[Piece, float] | None:
    """The phrase, clear of what is ``taken``, which most likely agrees with what a reader marks, and how likely it does."""
    scores = taught.marks[spans.marks].sum(axis=1) + spans.numbers @ taught.numbers
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    meant = np.argsort(-likely, kind="stable")[:_LIKELIEST]
    begin, end = spans.phrases
    free = np.ones(len(begin), np.bool_)
    for low, high in taken:
        free &= (end <= low) | (begin >= high)
    if not free.any():
        return None
    begin, end = begin[free], end[free]
    worth = (_agreement(begin, end, spans.begin[meant], spans.end[meant]) >= AGREE) @ likely[meant]
    best = int(np.argmax(worth + spans.ease[free]))
    return (int(begin[best]), int(end[best])), float(worth[best])


def _agreement(begin: Whole, end: Whole, other_begin: Whole, other_end: Whole) -> Real:
    common = np.minimum(end[:, None], other_end) - np.maximum(begin[:, None], other_begin)
    both = np.maximum(end[:, None], other_end) - np.minimum(begin[:, None], other_begin)
    return np.maximum(common, 0) / both


def spans_of(
    hit: Hit,
    words: Piece,
    view: View,
    pieces: Sequence[Piece],
    wrong: Callable[[int], float],
    others: Sequence[tuple[Piece, bool]],
) -> Spans | None:
    """The candidates around the located ``words`` of a view; ``wrong`` is the reader's logit of the n-th clause, ``others``
    are what other findings located, and whether for the same rule. None where the words are too long or stand in no clause."""
    low, high = words
    lang = "zh" if hit.rule.jurisdiction == "CN" else "en"
    unit = _UNIT[lang]
    first = bisect_right(pieces, low, key=lambda piece: piece[1])
    last = bisect_left(pieces, high, key=lambda piece: piece[0]) - 1
    if last < first or high - low > LONGEST * unit:
        return None
    low, high = max(low, pieces[first][0]), min(high, pieces[last][1])
    around = range(max(0, first - 1), min(len(pieces), last + 2))
    begins, ends = _boundaries(view.text, [pieces[n] for n in around], low, high, LONGEST * unit)
    begin, end, head, tail = _pairs(begins, ends, pieces, around, (low, high, first, last), LONGEST * unit)
    if not len(begin):
        return None
    place = _Place(hit, view.text, pieces, low, high, first, last, lang, unit)
    left = np.array([place.at_begin(at) for at in begins.tolist()])
    right = np.array([place.at_end(at) for at in ends.tolist()])
    marks, numbers = _between(place, begin, end, head, tail, around, wrong, others)
    row, column = np.searchsorted(begins, begin), np.searchsorted(ends, end)
    phrases, ease = _phrases(place, begin, end, head, tail, others)
    return Spans(begin, end, np.concatenate([left[row], right[column], marks], axis=1), numbers, phrases, ease)


def _phrases(
    place: "_Place", begin: Whole, end: Whole, head: Whole, tail: Whole, others: Sequence[tuple[Piece, bool]]
) -> tuple[Whole, Real]:
    """The candidates that read as a phrase: of several clauses only whole ones, or up to the located words on one side. A
    disguise stays whole, and what another rule forbids beside the located words is left to it."""
    text, pieces, low, high = place.text, place.pieces, place.low, place.high
    starts = np.array([piece[0] for piece in pieces])
    stops = np.array([piece[1] for piece in pieces])
    opens, closes = begin == starts[head], end == stops[tail]
    keen, shut = opens | (begin == low), closes | (end == high)
    natural = (head == tail) | (keen & shut & (opens | closes))
    if place.hit.evasion:
        natural &= (begin <= low) & (end >= high)
    for (start, stop), same in others:
        if not same and (stop <= low or start >= high):
            natural &= (end <= start) | (begin >= stop)
    ease = _AT_CLAUSE * (opens * 1.0 + closes + 0.5 * keen + 0.5 * shut)
    later = begin > pieces[place.first][1]
    ease = ease - 2 * _AT_CLAUSE * (later & (place.last > place.first))
    goes_on = natural & ~later & (not place.hit.evasion) & closes & (tail + 1 < len(pieces))
    goes_on &= np.array([at < len(text) and text[at] in _GOES_ON for at in end])
    told = np.stack(
        [np.concatenate([begin[natural], begin[goes_on]]), np.concatenate([end[natural], end[goes_on] + 1])]
    )
    return told, np.concatenate([ease[natural], ease[goes_on] - _AT_CLAUSE])


_GOES_ON = frozenset(",、:")
_LEANS = frozenset("的了着过吗呢吧啦么们")
"""Characters that lean on the word before them: no phrase begins with one."""
_SHUTS = frozenset("%)”’」』》\"'")
"""Signs with which words may end."""


def _boundaries(text: str, pieces: Sequence[Piece], low: int, high: int, longest: int) -> tuple[Whole, Whole]:
    """Where a span may begin and where it may end: at words of the clauses, and where the located words do."""
    begins, ends = {low}, {high}
    for start, end in pieces:
        first, last = max(start, low - longest), min(end, high + longest)
        if first >= last:
            continue
        split = inside_words(text[first:last])
        begins.update(
            at
            for at in range(first, last)
            if at == start or (at - first not in split and text[at].isalnum() and text[at] not in _LEANS)
        )
        ends.update(
            at
            for at in range(first + 1, last + 1)
            if at == end or (at - first not in split and _may_end(text, first, at, end))
        )
    return np.array(sorted(begins)), np.array(sorted(ends))


def _may_end(text: str, first: int, at: int, stop: int) -> bool:
    """Whether a phrase may end there: behind a word that leans on nothing which follows."""
    if not (text[at - 1].isalnum() or text[at - 1] in _SHUTS) or text[at - 1] in _LEANS_ON:
        return False
    return not text[at - 1].isascii() or _OPEN.search(text, max(first, at - 12), at) is None or at >= stop


_LEANS_ON = frozenset("得把被和与及在将从向每这那")
"""Characters that lean on the word behind them: no phrase ends with one."""
_OPEN = re.compile(
    r"(?:\b(?:an?|the|and|or|of|to|with|for|in|on|at|by|your|our|my|from|is|are|you|no|any|every|per)|(?<![\w.,])\d+)$"
)
"""English words, and bare figures, that want another behind them."""


def inside_words(text: str) -> frozenset[int]:
    """The positions of a text at which it may not be cut: within a word, a figure with its unit, a Latin word."""
    inside = {at for match in _FIGURES.finditer(text) for at in range(match.start() + 1, match.end())}
    pairs = word_pairs()
    cost, paired = [0] * (len(text) + 1), [False] * (len(text) + 1)
    for at in range(1, len(text) + 1):
        cost[at] = cost[at - 1] + 1
        if at > 1 and cost[at - 2] + 1 < cost[at] and text[at - 2 : at] in pairs:
            cost[at], paired[at] = cost[at - 2] + 1, True
    at = len(text)
    while at > 0:
        if paired[at]:
            inside.add(at - 1)
        at -= 2 if paired[at] else 1
    return frozenset(inside)


def _pairs(
    begins: Whole, ends: Whole, pieces: Sequence[Piece], around: range, core: tuple[int, int, int, int], longest: int
) -> tuple[Whole, Whole, Whole, Whole]:
    """Begin and end of each candidate, and the clauses in which they stand."""
    low, high, first, last = core
    begin, end = (grid.ravel() for grid in np.meshgrid(begins, ends, indexing="ij"))
    starts = np.array([pieces[n][0] for n in around])
    stops = np.array([pieces[n][1] for n in around])
    head = np.minimum(np.searchsorted(stops, begin, side="right"), len(stops) - 1)
    tail = np.maximum(np.searchsorted(starts, end, side="left") - 1, 0)
    whole = (begin == starts[head]) & (end == stops[tail]) & (head == tail)
    met = (end > low) & (begin < high)
    few = (tail - head < 3) | ((head + around.start == first) & (tail + around.start == last))
    kept = (end > begin) & (end - begin <= longest) & (tail >= head) & (met | whole) & few
    return begin[kept], end[kept], head[kept] + around.start, tail[kept] + around.start


@functools.lru_cache(maxsize=1 << 14)
def _bucket(name: str) -> int:
    return zlib.crc32(name.encode()) & (BUCKETS - 1)


def _nth(name: str, code: Whole) -> Whole:
    """The buckets of a family of marks by their number."""
    return (_bucket(name) + _STEP * (code + 1)) & (BUCKETS - 1)


def _width(length: int | float, unit: int) -> int:
    return bisect_right(_EDGES, length / unit)


@dataclass(frozen=True)
class _Place:
    """Where something was found, and how."""

    hit: Hit
    text: str
    pieces: Sequence[Piece]
    low: int
    high: int
    first: int
    last: int
    lang: str
    unit: int

    @functools.cached_property
    def kinds(self) -> tuple[str, ...]:
        """What marks are told apart by: language, way of finding, topic, rule."""
        found = "hidden" if self.hit.evasion else ("heard" if self.hit.likelihood < 1 else "named")
        rule = self.hit.rule
        return (self.lang, f"{self.lang} {found}", f"{self.lang} {rule.topic}", rule.id)

    def at_begin(self, at: int) -> list[int]:
        """The marks of a span that begins there."""
        n = bisect_right(self.pieces, at, key=lambda piece: piece[1])
        start = self.pieces[n][0]
        side = (at > self.low) - (at < self.low)
        place = f"begin {at == start} {side} {max(-2, min(2, n - self.first))} {at >= self.high}"
        marks = [_bucket(f"{place} {kind}") for kind in self.kinds]
        marks.append(_bucket(f"begin {self.lang} {at == start} {side} {_width(abs(at - self.low), self.unit)}"))
        text = self.text
        if at == start:
            marks += [_bucket(f"opens {text[at : at + size]}") for size in (1, 2)] + [0, 0, 0]
        else:
            marks += [_bucket(f"before {text[max(start, at - size) : at]}") for size in (1, 2)]
            marks += [_bucket(f"begins {text[at : at + size]}") for size in (1, 2)]
            marks.append(_bucket(f"left {self.lang} {_width(at - start, self.unit)}"))
        return marks + (self._english("begin", at, start, self.pieces[n][1]) if self.lang == "en" else [0, 0])

    def at_end(self, at: int) -> list[int]:
        """The marks of a span that ends there."""
        n = bisect_left(self.pieces, at, key=lambda piece: piece[0]) - 1
        start, stop = self.pieces[n]
        side = (at > self.high) - (at < self.high)
        place = f"end {at == stop} {side} {max(-2, min(2, n - self.last))} {at <= self.low}"
        marks = [_bucket(f"{place} {kind}") for kind in self.kinds]
        marks.append(_bucket(f"end {self.lang} {at == stop} {side} {_width(abs(at - self.high), self.unit)}"))
        text = self.text
        if at == stop:
            marks += [0] * 5
        else:
            marks += [_bucket(f"after {text[at : min(stop, at + size)]}") for size in (1, 2)]
            marks += [_bucket(f"ends {text[max(0, at - size) : at]}") for size in (1, 2)]
            marks.append(_bucket(f"right {self.lang} {_width(stop - at, self.unit)}"))
        return marks + (self._english("end", at, start, stop) if self.lang == "en" else [0, 0])

    def _english(self, edge: str, at: int, start: int, stop: int) -> list[int]:
        """The words on both sides of an edge."""
        before = _WORD.findall(self.text[max(start, at - 24) : at])
        after = _WORD.findall(self.text[at : min(stop, at + 24)])
        return [
            _bucket(f"{edge} word after {after[0] if after else ''}"),
            _bucket(f"{edge} word before {before[-1] if before else ''}"),
        ]


_WORD = re.compile(r"[\w'$€£%.]+")


def _between(
    place: _Place, begin: Whole, end: Whole, head: Whole, tail: Whole, around: range, wrong: Callable[[int], float],
    others: Sequence[tuple[Piece, bool]],
) -> tuple[Whole, Real]:  # fmt: skip
    """The marks and numbers of whole spans."""
    lang, found = place.lang, place.kinds[1]
    low, high = place.low, place.high
    starts = np.array([piece[0] for piece in place.pieces])
    stops = np.array([piece[1] for piece in place.pieces])
    from_start, to_stop = begin == starts[head], end == stops[tail]
    several = np.minimum(tail - head, 2)
    shape = from_start * 2 + to_stop + 4 * several
    long = np.searchsorted(_EDGES, (end - begin) / place.unit, side="right")
    common = np.maximum(np.minimum(end, high) - np.maximum(begin, low), 0)
    covered, own = common / (high - low), common / (end - begin)
    exact = (covered == 1) * 2 + (own == 1)
    figures = np.concatenate([[0], np.cumsum([char.isdigit() for char in place.text[: stops[around[-1]]]])])
    lost = figures[stops[tail]] - figures[starts[head]] > figures[end] - figures[begin]
    marks = [_nth(f"shape {kind}", shape) for kind in place.kinds]
    marks += [
        _nth(f"long {lang}", long),
        _nth(f"long shape {lang}", long * 12 + shape),
        _nth(f"share {lang}", ((end - begin) / (stops[tail] - starts[head]) * 6).astype(int)),
        _nth(f"covered {found}", (covered * 4).astype(int)),
        _nth(f"own {found}", (own * 5).astype(int)),
        _nth(f"exact {found}", exact),
        _nth(f"covered shape {lang}", (covered * 4).astype(int) * 12 + shape),
        _nth(f"figures {lang}", lost * 1),
        _nth(f"figures {place.kinds[2]}", lost * 1),
        _nth(f"gap {lang}", _gaps(place, head, tail)),
    ]
    for name, beside in (
        ("own", [at for at, same in others if same]),
        ("other", [at for at, same in others if not same]),
    ):
        held, cut = np.zeros(len(begin), int), np.zeros(len(begin), int)
        for other_low, other_high in beside:
            within = (other_low >= begin) & (other_high <= end)
            held += within
            cut += ~within & (other_low < end) & (other_high > begin)
        marks += [_nth(f"held {name} {lang}", np.minimum(held, 2)), _nth(f"cut {name} {lang}", np.minimum(cut, 2))]
    score = np.array([wrong(n) for n in around]) / 3
    sums = np.concatenate([[0.0], np.cumsum(score)])
    first, last = head - around.start, tail - around.start
    least = np.array([score[a : b + 1].min() for a, b in zip(first, last, strict=True)])
    most = np.array([score[a : b + 1].max() for a, b in zip(first, last, strict=True)])
    numbers = [least, most - score.max(), sums[last + 1] - sums[first], least * (several > 0)]
    return np.stack(marks, axis=1), np.stack(numbers, axis=1)


def _gaps(place: _Place, head: Whole, tail: Whole) -> Whole:
    """What parts the clauses of a span: 0 nothing, else by the sign, and whether a sentence ends."""
    told = {0: 0}
    for n in {int(one) for one in head[tail > head]}:
        gap = place.text[place.pieces[n][1] : place.pieces[n + 1][0]]
        told[n + 1] = 1 + _SIGNS.find(gap[:1]) % 16 + 16 * any(sign in _SENTENCE_ENDS for sign in gap)
    return np.array([told[int(n) + 1] if m > n else 0 for n, m in zip(head, tail, strict=True)])


_SIGNS = ",。;!?\n():→ .-"
