"""What to show designers next, and what to ship: active learning with a guard for diversity, and an honest audit."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linghang.creatives.ratings.learning import Model
from linghang.creatives.ratings.model import Candidate, Purpose
from linghang.creatives.ratings.space import Matrix, span, unlike

Policy = Literal["mixed", "uncertain", "random"]
REPEATS = 0.10
"""Share of a batch that was rated before: without repeats nobody knows whether raters agree."""
AUDIT = 0.25
"""Share of a batch that is a random sample of what would ship now; the only ground for a claim of usability."""
_EXPLOIT = 0.3
_DIVERSE_FROM = 3
"""The most promising this many times over are looked at for the most unlike ones."""


@dataclass(frozen=True)
class Batch:
    """What a round puts before raters: candidate and purpose, in an order that hides the purpose."""

    items: tuple[tuple[Candidate, Purpose], ...]


def choose_batch(
    pool: Sequence[Candidate],
    rated: Sequence[Candidate],
    model: Model,
    size: int,
    *,
    seed: int,
    policy: Policy = "mixed",
    shipped: int = 0,
) -> Batch:
    """``size`` of a fresh pool: some to audit, some again, the others where the model would learn most.

    ``mixed`` asks mostly near the boundary of what ships and sometimes where it is surest, spread over the space;
    ``random`` is what it is compared with. The audit is drawn from the ``shipped`` best of the pool (a quarter of it
    by default) before anything else is chosen, by chance alone. Raises ValueError for a pool smaller than the batch.
    """
    if len(pool) < size:
        raise ValueError(f"a pool of {len(pool)} holds no batch of {size}")
    stream = random.Random(seed)
    again = stream.sample(list(rated), min(len(rated), round(size * REPEATS)))
    shipping = ship(pool, model, shipped or max(1, len(pool) // 4))
    audit = stream.sample(list(shipping), min(len(shipping), round(size * AUDIT)))
    taken = {item.id for item in audit}
    left = [item for item in pool if item.id not in taken]
    wanted = size - len(again) - len(audit)
    learn = stream.sample(left, wanted) if policy == "random" else _informative(left, model, wanted, policy)
    items: list[tuple[Candidate, Purpose]] = [
        *((item, "learn") for item in learn),
        *((item, "audit") for item in audit),
        *((item, "repeat") for item in again),
    ]
    stream.shuffle(items)
    return Batch(tuple(items))


def ship(pool: Sequence[Candidate], model: Model, count: int) -> tuple[Candidate, ...]:
    """The ``count`` that would ship: surest of being usable, none nearly like another as long as there is choice.

    The best three times ``count`` are thinned by greatest distance, so that learning does not collapse into one
    bland safe look (Du et al., Towards Reliable Advertising Image Generation, ECCV 2024).
    """
    if not pool:
        return ()
    chances = model.usable(pool)
    best = np.argsort(-chances, kind="stable")[: max(count, min(len(pool), count * _DIVERSE_FROM))]
    # Distance must not bring in what is likely broken: only what is nearly as sure as the count-th best takes part.
    floor = chances[best[min(count, len(best)) - 1]] - 0.05
    near = [int(place) for place in best if chances[place] >= floor]
    rows = span(pool).rows([pool[place] for place in near])
    return tuple(pool[near[place]] for place in farthest(rows, count))


def farthest(rows: Matrix, count: int) -> list[int]:
    """Greedy farthest points, beginning with the first row: indices of at most ``count`` rows."""
    if len(rows) <= count:
        return list(range(len(rows)))
    chosen = [0]
    nearest = unlike(rows, rows[:1])[:, 0]
    while len(chosen) < count:
        place = int(np.argmax(nearest))
        chosen.append(place)
        nearest = np.minimum(nearest, unlike(rows, rows[place : place + 1])[:, 0])
        nearest[chosen] = -1.0
    return chosen


def _informative(left: Sequence[Candidate], model: Model, wanted: int, policy: Policy) -> list[Candidate]:
    chances = model.usable(left)
    exploit = 0 if policy == "uncertain" else round(wanted * _EXPLOIT)
    boundary = _boundary(chances)
    unsure = np.argsort(np.abs(chances - boundary), kind="stable")
    near = [int(place) for place in unsure[: max(wanted - exploit, (wanted - exploit) * _DIVERSE_FROM)]]
    space = span(left)
    chosen = [near[place] for place in farthest(space.rows([left[place] for place in near]), wanted - exploit)]
    sure = [int(place) for place in np.argsort(-chances, kind="stable") if int(place) not in set(chosen)]
    return [left[place] for place in [*chosen, *sure[: wanted - len(chosen)]]]


def _boundary(chances: NDArray[np.float64]) -> float:
    """Where shipping begins: one half, or the upper quarter while nothing reaches one half."""
    return 0.5 if (chances >= 0.5).mean() > 0.1 else float(np.quantile(chances, 0.75))


def spread(items: Sequence[Candidate]) -> float:
    """Mean distance of some candidates to their nearest neighbour: falls when a set collapses into one look."""
    if len(items) < 2:
        return 0.0
    rows = span(items).rows(items)
    distances = unlike(rows, rows)
    np.fill_diagonal(distances, np.inf)
    return float(distances.min(axis=1).mean())


def by_purpose(batch: Batch) -> Mapping[Purpose, tuple[Candidate, ...]]:
    """The candidates of a batch by why they are in it."""
    found: dict[Purpose, list[Candidate]] = {}
    for item, purpose in batch.items:
        found.setdefault(purpose, []).append(item)
    return {purpose: tuple(items) for purpose, items in found.items()}
