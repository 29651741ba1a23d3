"""Customers who resemble a seed: a small model over cells of the index, measured on members that it never saw.

The model is a logistic regression on one cell a trait, so a score is a sum of weights and every reason can be read.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.bits import Numbers, Words, count, numbers_of, unpacked
from linghang.audiences.index.nodes import BLOCK_WORDS
from linghang.audiences.index.opened import Index
from linghang.audiences.traits import Trait, traits
from linghang.base.errors import RefusedError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.experiments import Counts, wilson
from linghang.experiments.assignment import uniforms
from linghang.packs.model import Pack

LEAST_SEEDS = 100
_HELD_SHARE = 0.3
_MOST_SEEDS = 20_000
_OTHERS_EACH = 4
_MOST_OTHERS = 60_000
_RIDGE = 1.0
_LEVELS = 1 << 16
_MOST_REASONS = 8
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Reason:
    """A cell that speaks for (``times`` above 1) or against a customer, all other traits being equal."""

    field: str
    value: str
    days: int
    times: float


@dataclass(frozen=True)
class Lookalike:
    """``members``: the ``count`` customers outside the seed who resemble it most.

    ``held`` members of the seed were put aside; ``found`` of them are among the first ``count`` of everybody whom the
    model had not seen. ``lift`` is that share over the share that chance would find, from ``low`` to ``high`` (95%);
    ``auc`` the chance that a member put aside scores above somebody else.
    """

    members: Words
    count: int
    seeds: int
    held: int
    found: int
    lift: float
    low: float
    high: float
    auc: float
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...] = ()


def lookalike(
    seed: Words, index: Index, pack: Pack, *, wanted: int, seed_number: int, today: dt.date | None = None,
    within: Words | None = None, without: Iterable[str] = (),
) -> Lookalike:  # fmt: skip
    """The ``wanted`` customers (of ``within``, if given) who resemble ``seed`` most, and how well that was measured.

    ``without`` names fields that the model may not see: those that define the seed would only be repeated. Raises
    RefusedError("audiences.too_few_seeds" | "audiences.nothing_to_learn"), UsageError("audiences.bad_size").
    """
    if wanted < 1:
        raise UsageError("audiences.bad_size", size=wanted)
    seed = seed & index.base
    members = numbers_of(seed)
    if len(members) < LEAST_SEEDS:
        finding = Finding("audiences.too_few_seeds", Severity.S2, "seed", params={"have": len(members)})
        raise RefusedError("audiences.too_few_seeds", (finding,), have=len(members), least=LEAST_SEEDS)
    held = uniforms(members, f"held:{seed_number}") < _HELD_SHARE
    known = traits(index, pack, today or index.as_of, without=without)
    field = (index.base if within is None else index.base & within) & ~seed
    weights = _fit(known, members[~held], field, seed_number)
    if not any(float(np.ptp(weight)) for weight in weights):
        finding = Finding("audiences.nothing_to_learn", Severity.S2, "seed")
        raise RefusedError("audiences.nothing_to_learn", (finding,))
    scores = _Scores(known, weights, index.words)
    chosen, size = scores.first(field, wanted)
    found, share, auc = scores.measured(members[held], field, size)
    interval = wilson(Counts(int(held.sum()), found))
    lift = found / int(held.sum()) / share if share else 0.0
    ends = (interval.low / share, interval.high / share) if share else (0.0, 0.0)
    return Lookalike(
        chosen, size, len(members), int(held.sum()), found, lift, *ends, auc,
        _reasons(known, weights, index), _findings(size, wanted, ends[0]),
    )  # fmt: skip


def _findings(size: int, wanted: int, low: float) -> tuple[Finding, ...]:
    found: list[Finding] = []
    if size < wanted:
        found.append(
            Finding("audiences.fewer_than_wanted", Severity.S3, "lookalike", params={"have": size, "size": wanted})
        )
    if low <= 1:
        found.append(Finding("audiences.lookalike_no_better", Severity.S2, "lookalike"))
    return tuple(found)


def _fit(known: Sequence[Trait], members: Numbers, field: Words, seed_number: int) -> list[npt.NDArray[np.float64]]:
    """The weight of every cell of every trait."""
    random = np.random.default_rng(seed_number)
    positive = np.sort(random.choice(members, min(len(members), _MOST_SEEDS), replace=False))
    others = _some(field, min(_OTHERS_EACH * len(positive), _MOST_OTHERS), random)
    if not len(others) or not known:
        return [np.zeros(len(trait.values)) for trait in known]
    numbers = np.concatenate([positive, others])
    label = np.concatenate([np.ones(len(positive)), np.zeros(len(others))])
    codes = [trait.codes(numbers) for trait in known]
    flat = regress(codes, [len(trait.values) for trait in known], label)[:-1]
    edges = np.cumsum([len(trait.values) for trait in known])[:-1]
    return [part - part.mean() for part in np.split(flat, edges)]


def _some(field: Words, most: int, random: np.random.Generator) -> Numbers:
    """About ``most`` customers of a bitset, evenly; all of them where there are no more."""
    total = count(field)
    if total <= most * 4:
        every = numbers_of(field)
        return every if total <= most else np.sort(random.choice(every, most, replace=False))
    # Many: numbers are drawn and those outside thrown away, so that nothing as large as all of them is made.
    size = len(field) * 64
    drawn = np.unique(random.integers(0, size, int(most * size / total * 1.2), np.int64)).astype(np.uint32)
    inside = (field[drawn >> 6] >> (drawn & np.uint32(63)).astype(np.uint64)) & np.uint64(1)
    found = drawn[inside.astype(np.bool_)]
    return found if len(found) <= most else np.sort(random.choice(found, most, replace=False))


def regress(codes: Sequence[Codes], sizes: Sequence[int], label: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ridge logistic regression on one-hot cells by Newton's method (Hastie et al., Elements, 4.4.1).

    The weights of all cells, and the intercept as the last.
    """
    wide = np.zeros((len(label), sum(sizes) + 1), np.float64)
    wide[:, -1] = 1.0
    offset = 0
    for one, size in zip(codes, sizes, strict=True):
        wide[np.arange(len(label)), offset + one] = 1.0
        offset += size
    penalty = np.full(wide.shape[1], _RIDGE)
    penalty[-1] = 1e-9
    weight = np.zeros(wide.shape[1])
    for _ in range(25):
        chance = 1.0 / (1.0 + np.exp(-np.clip(wide @ weight, -30, 30)))
        slope = wide.T @ (label - chance) - penalty * weight
        curve = (wide * (chance * (1.0 - chance))[:, None]).T @ wide + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weight += step
        if float(np.abs(step).max()) < 1e-6:
            break
    return weight


class _Scores:
    """Everybody's score, in 65,536 levels: two bytes a customer."""

    def __init__(self, known: Sequence[Trait], weights: Sequence[npt.NDArray[np.float64]], words: int) -> None:
        low = sum(float(weight.min()) for weight in weights)
        scale = (_LEVELS - 1) / max(sum(float(np.ptp(weight)) for weight in weights), 1e-12)
        self.level = np.empty(words * 64, np.uint16)
        self.words = words
        for start in range(0, words, BLOCK_WORDS):
            stop = min(start + BLOCK_WORDS, words)
            total = np.zeros((stop - start) * 64, np.float64)
            for trait, weight in zip(known, weights, strict=True):
                total += weight[trait.block(start, stop)]
            self.level[start * 64 : stop * 64] = np.rint((total - low) * scale)

    def _levels(self, field: Words) -> npt.NDArray[np.int64]:
        """How many of a bitset have each level."""
        found = np.zeros(_LEVELS, np.int64)
        for start in range(0, self.words, BLOCK_WORDS):
            stop = min(start + BLOCK_WORDS, self.words)
            inside = unpacked(field[start:stop], (stop - start) * 64)
            found += np.bincount(self.level[start * 64 : stop * 64][inside], minlength=_LEVELS)
        return found

    def first(self, field: Words, wanted: int) -> tuple[Words, int]:
        """The highest ``wanted`` of a bitset; equals by their number."""
        above = np.cumsum(self._levels(field)[::-1])[::-1]
        size = min(wanted, int(above[0]))
        edge = int(np.flatnonzero(above >= size)[-1])
        left = size - (int(above[edge + 1]) if edge + 1 < _LEVELS else 0)
        chosen = np.zeros(self.words, np.uint64)
        for start in range(0, self.words, BLOCK_WORDS):
            stop = min(start + BLOCK_WORDS, self.words)
            inside = unpacked(field[start:stop], (stop - start) * 64)
            level = self.level[start * 64 : stop * 64]
            flags = inside & (level > edge)
            equals = np.flatnonzero(inside & (level == edge))[:left]
            left -= len(equals)
            flags[equals] = True
            chosen[start:stop] = np.packbits(flags, bitorder="little").view(np.uint64)
        return chosen, size

    def measured(self, held: Numbers, field: Words, size: int) -> tuple[int, float, float]:
        """(members put aside that are among the first ``size`` of them and the others, share that this is, AUC)."""
        others = self._levels(field)
        mine = np.bincount(self.level[held], minlength=_LEVELS)
        both = others + mine
        above = np.cumsum(both[::-1])[::-1]
        edge = int(np.flatnonzero(above >= min(size, int(above[0])))[-1])
        over = int(above[edge + 1]) if edge + 1 < _LEVELS else 0
        # Of those at the edge the part that fits is taken, for members and others alike.
        part = (min(size, int(above[0])) - over) / int(both[edge])
        found = int(mine[edge + 1 :].sum()) + math.floor(part * int(mine[edge]))
        below = np.cumsum(others) - others
        wins = float((mine * (below + others / 2)).sum())
        pairs = float(mine.sum()) * float(others.sum())
        return found, min(size, int(above[0])) / int(both.sum()), wins / pairs if pairs else 0.5


def _reasons(known: Sequence[Trait], weights: Sequence[npt.NDArray[np.float64]], index: Index) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for trait, weight in zip(known, weights, strict=True):
        sizes = np.array([count(words & index.base) for words in trait.sets], np.float64)
        usual = float((weight * sizes).sum() / max(sizes.sum(), 1))
        for value, own, size in zip(trait.values, weight, sizes, strict=True):
            # A cell of hardly anybody explains nobody.
            if size >= 0.01 * index.population:
                found.append(Reason(trait.field, value, trait.days, round(math.exp(float(own) - usual), 2)))
    return tuple(sorted(found, key=lambda one: -abs(math.log(max(one.times, 0.01))))[:_MOST_REASONS])
