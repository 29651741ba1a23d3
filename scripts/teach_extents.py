"""Teaches how wide a finding is cited: the weights of ``extents.npz``.

What a checker finds in texts that it was mended with says nothing about how it will find others. So it learns from what the
checker of that day found in each set at first sight (``compliance_first_sight.jsonl``: the words it located, by which rule,
how sure, and what the reader thought of each clause), and from what their writers marked. ``--measure`` leaves each
writer out and prints how many marked spans are met without him. ``teach_checker.py`` runs it. Deterministic.
"""

import argparse
import json
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import teach_reader
from scipy import optimize, sparse

from linghang.compliance import widths
from linghang.compliance.extents import cited_as, located, reading_of
from linghang.compliance.loading import load_rules
from linghang.compliance.model import JURISDICTIONS, Hit
from linghang.compliance.normalise import View, normalise
from linghang.compliance.pieces import clauses

Span = tuple[int, int]
_SEEN = teach_reader._DATA / "compliance_first_sight.jsonl"
_NAME = "extents.npz"
_WRITERS = {"b": "b", "c1": "c", "c2": "c", "d1": "d", "e1": "e", "e2": "e", "f": "f", "g1": "g", "h1": "h"}
_WEIGHT = {"b": 1.0, "c": 1.0, "d": 1.0, "e": 2.0, "f": 2.0, "g": 2.0, "h": 2.0}
"""Writers who were told to write as the author of the contract's samples does weigh double."""
_TWO = 0.5
"""What a mark over two clauses weighs: the author of the samples marks two in 3% of his spans, the writers in 17%."""
_LEAN = 6.0
_ROUNDS = 150


@dataclass(frozen=True)
class Found:
    """A text as the checker saw it at first sight, and what its writer marked."""

    name: str
    text: str
    marked: tuple[Span, ...]
    hits: tuple[Hit, ...]
    others: tuple[Span, ...]
    wrong: Mapping[Span, float]

    def reads(self, span: Span) -> float | None:
        """How wrong the reader found the clause that begins where a span does."""
        return next((share for (start, _), share in self.wrong.items() if start == span[0]), None)


def seen() -> Iterator[Found]:
    """The texts of the sets with what was found in them at first sight."""
    rules = {rule.id: rule for place in JURISDICTIONS for rule in load_rules(place, None)}
    lines = [json.loads(line) for line in _SEEN.read_text("utf-8").splitlines()]
    for name in _WRITERS:
        path = teach_reader._DATA / f"compliance_blind_{name}.jsonl"
        cases = {case["id"]: case for case in map(json.loads, path.read_text("utf-8").splitlines())}
        for line in lines:
            if line["set"] == name:
                yield _found(name, cases[line["id"]], line, rules)


def _found(name: str, case: Mapping[str, Any], line: Mapping[str, Any], rules: Mapping[str, Any]) -> Found:
    text = case["text"]
    places = [(text.find(said), len(said)) for told in (case["spans"] or {}).values() for said in told]
    hits = tuple(
        Hit(rules[rule], (start, end), likelihood=sure, evasion=bool(hidden))
        for rule, start, end, sure, hidden in line["hits"]
        if rule in rules
    )
    wrong = {(start, end): share for start, end, share in line["clauses"]}
    others = tuple((start, end) for start, end in line["others"])
    return Found(name, text, tuple((at, at + size) for at, size in places), hits, others, wrong)


@dataclass(frozen=True)
class Lesson:
    """The candidates of a finding, how far each agrees with what was marked, and what it weighs."""

    marks: sparse.csr_array
    agrees: np.ndarray[Any, Any]
    weight: float


def lessons(one: Found) -> Iterator[Lesson]:
    """A lesson for each finding that has a mark near it."""
    view = normalise(one.text)
    pieces = clauses(view.text, chinese=_chinese(one.hits))
    for hit, spans in extents_of(one, view, pieces):
        marked = _meant(hit, one, view.span(int(spans.begin.min()), int(spans.end.max())))
        if marked is None:
            continue
        starts = np.array([view.starts[at] for at in spans.begin])
        ends = np.array([view.ends[at - 1] for at in spans.end])
        agrees = widths._agreement(starts, ends, np.array([marked[0]]), np.array([marked[1]]))[:, 0]
        if agrees.max() < widths.AGREE:
            continue
        low, high = bisect_left(view.starts, marked[0]), bisect_right(view.ends, marked[1])
        two = sum(start < high and end > low for start, end in pieces) > 1
        yield Lesson(_rows(spans), agrees, _WEIGHT[_WRITERS[one.name]] * (_TWO if two else 1.0))


def extents_of(one: Found, view: View, pieces: Sequence[Span]) -> Iterator[tuple[Hit, widths.Spans]]:
    """The candidates of each finding."""
    words = {n: located(hit, view, pieces) for n, hit in enumerate(one.hits)}
    for n, hit in enumerate(one.hits):
        place = words[n]
        if place is None:
            continue
        others = [
            (other, one.hits[m].rule.id == hit.rule.id) for m, other in words.items() if m != n and other is not None
        ]
        spans = widths.spans_of(hit, place, view, pieces, reading_of(view, pieces, one.reads), others)
        if spans is not None:
            yield hit, spans


def _chinese(hits: Sequence[Hit]) -> bool:
    return any(hit.rule.jurisdiction == "CN" for hit in hits)


def _meant(hit: Hit, one: Found, window: Span) -> Span | None:
    """What was marked where the finding stands, else a mark beside it that no finding touches."""
    over = [mark for mark in one.marked if mark[0] < hit.span[1] and hit.span[0] < mark[1]]
    if over:
        return max(over, key=lambda mark: _share(mark, hit.span))
    free = [
        mark
        for mark in one.marked
        if mark[0] >= window[0] and mark[1] <= window[1]
        if not any(mark[0] < other.span[1] and other.span[0] < mark[1] for other in one.hits)
    ]
    return min(free, key=lambda mark: abs(mark[0] - hit.span[0]), default=None)


def _share(one: Span, other: Span) -> float:
    common = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return common / (max(one[1], other[1]) - min(one[0], other[0]))


def _rows(spans: widths.Spans) -> sparse.csr_array:
    """The candidates as rows: a one for each mark, then the numbers."""
    rows, each = spans.marks.shape
    size = widths.BUCKETS
    numbers = spans.numbers.shape[1]
    place = np.concatenate([spans.marks, np.tile(np.arange(size, size + numbers), (rows, 1))], axis=1).ravel()
    value = np.concatenate([np.ones((rows, each)), spans.numbers], axis=1).ravel()
    row = np.repeat(np.arange(rows), each + numbers)
    return sparse.csr_array((value, (row, place)), shape=(rows, size + numbers))


def fitted(told: Sequence[Lesson]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The weights under which what was marked is likeliest."""
    rows = sparse.vstack([one.marks for one in told], format="csc")
    used = np.flatnonzero(np.diff(rows.indptr))
    rows = rows[:, used].tocsr()
    turned = rows.T.tocsr()
    sizes = [one.marks.shape[0] for one in told]
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    lesson = np.repeat(np.arange(len(told)), sizes)
    weight = np.array([one.weight for one in told])
    wanted = np.concatenate([_best(one.agrees) for one in told])

    def loss(each: Any) -> tuple[float, Any]:
        scores = rows @ each
        top = np.maximum.reduceat(scores, begins)
        raised = np.exp(scores - top[lesson])
        total = np.add.reduceat(raised, begins)
        missed = wanted * (scores - top[lesson] - np.log(total)[lesson])
        slope = turned @ ((raised / total[lesson] - wanted) * weight[lesson])
        return float(-(missed * weight[lesson]).sum() + _LEAN / 2 * each @ each), slope + _LEAN * each

    done = optimize.minimize(loss, np.zeros(len(used)), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    weights = np.zeros(widths.BUCKETS + rows.shape[1])
    weights[used] = done.x
    numbers = told[0].marks.shape[1] - widths.BUCKETS
    return (
        np.round(weights[: widths.BUCKETS], 2).astype(np.float16),
        np.round(weights[widths.BUCKETS : widths.BUCKETS + numbers], 3).astype(np.float32),
    )


def _best(agrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    best = (agrees >= agrees.max() - 1e-9).astype(float)
    return best / best.sum()


def teach(folder: Path) -> None:
    """Writes the weights."""
    marks, numbers = fitted([lesson for one in seen() for lesson in lessons(one)])
    np.savez_compressed(folder / _NAME, marks=marks, numbers=numbers)


def met(one: Found, weights: widths.Weights | None = None) -> list[bool]:
    """For each marked span whether a citation agrees with it."""
    view = normalise(one.text)
    pieces = clauses(view.text, chinese=_chinese(one.hits))
    cited = [hit.span for hit in cited_as(one.hits, view, pieces, one.reads, weights)] + list(one.others)
    return [any(_share(mark, span) >= widths.AGREE for span in cited) for mark in one.marked]


def measure() -> str:
    """How many marked spans are met by a model that has not seen their writer."""
    found = list(seen())
    told = [(one, list(lessons(one))) for one in found]
    lines: list[str] = []
    for writer in dict.fromkeys(_WRITERS.values()):
        kept = [lesson for one, taught in told if _WRITERS[one.name] != writer for lesson in taught]
        marks, numbers = fitted(kept)
        weights = widths.Weights(marks.astype(np.float64), numbers.astype(np.float64))
        for name in (name for name in _WRITERS if _WRITERS[name] == writer):
            hits = [hit for one in found if one.name == name for hit in met(one, weights)]
            lines.append(f"{name:4} {sum(hits):4} of {len(hits):4}  {sum(hits) / len(hits):.3f}")
    return "\n".join(lines)


def main() -> int:
    """Teaches, or measures without writing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(measure() + "\n")
        return 0
    teach(teach_reader._RULES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
