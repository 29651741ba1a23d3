"""Taste: what one designer or one brand prefers, apart from defects. A Bradley–Terry model on parameters.

Designers agree on defects and differ in taste (Krippendorff α 0.25 in DesignPref, 2025): preferences are therefore
never pooled into a vote, and never decide whether a picture is usable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linghang.creatives.ratings.model import Candidate, Pair
from linghang.creatives.ratings.space import Space, span

FEWEST_PAIRS = 12
"""Comparisons below which a rater has no taste yet that could be told."""


@dataclass(frozen=True)
class Taste:
    """One rater's weights over the space; ``scores`` are log-odds of being preferred to the average candidate."""

    space: Space
    weights: NDArray[np.float64]
    pairs: int

    def scores(self, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """How much each candidate is to this rater's liking, in log-odds, mean 0 over the candidates."""
        raw = self.space.rows(candidates) @ self.weights
        return raw - raw.mean() if len(raw) else raw

    def traits(self) -> list[tuple[str, float]]:
        """Each trait (``coins``, ``hero=gift`` …) with its weight: log-odds between its least and its most."""
        names = self.space.names()
        return [(name, float(weight)) for name, weight in zip(names, self.weights, strict=True) if name]


def fit_taste(candidates: Mapping[str, Candidate], pairs: Sequence[Pair]) -> Taste | None:
    """The taste that some comparisons of one rater show (R. A. Bradley, M. E. Terry, Biometrika 39, 1952).

    P(a before b) = σ(w·(xₐ − x_b)). None below ``FEWEST_PAIRS`` comparisons of known candidates.
    """
    known = [pair for pair in pairs if pair.better in candidates and pair.worse in candidates]
    if len(known) < FEWEST_PAIRS:
        return None
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - 0.3 s that only learning needs

    space = span(list(candidates.values()))
    better = space.rows([candidates[pair.better] for pair in known])
    worse = space.rows([candidates[pair.worse] for pair in known])
    rows = np.vstack([better - worse, worse - better])
    labels = np.array([True] * len(known) + [False] * len(known))
    learner = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000).fit(rows, labels)
    return Taste(space, np.asarray(learner.coef_[0], np.float64), len(known))
