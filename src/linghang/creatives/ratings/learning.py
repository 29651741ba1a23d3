"""Learn from ratings what is usable: one classifier a defect, on the parameters that shaped a picture.

Defects are pooled over raters, because designers agree on them; a rater's severity is a column of its own that is set
to the average when predicting. P(usable) is the product of the chances that each defect is absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linghang.creatives.ratings.model import FLAGS, Candidate, Rating
from linghang.creatives.ratings.space import Matrix, Space, span

if TYPE_CHECKING:
    from sklearn.ensemble import ExtraTreesClassifier

FEWEST = 24
"""Ratings below which nothing is learned: every candidate is then as likely usable as those seen so far."""
_FEWEST_OF_A_KIND = 3
_TREES = 160


@dataclass(frozen=True)
class Model:
    """What the ratings say so far. ``forests`` by flag; ``rates`` is each flag's share where no forest could grow."""

    space: Space
    forests: "Mapping[str, ExtraTreesClassifier]"
    rates: Mapping[str, float]
    ratings: int

    def defects(self, candidates: Sequence[Candidate]) -> Mapping[str, NDArray[np.float64]]:
        """Flag → the chance of that defect for each candidate."""
        rows = _with_severity(self.space.rows(candidates), np.full(len(candidates), 0.5))
        found: dict[str, NDArray[np.float64]] = {}
        for flag, rate in self.rates.items():
            forest = self.forests.get(flag)
            if forest is None or not candidates:
                found[flag] = np.full(len(candidates), rate)
            else:
                found[flag] = np.asarray(forest.predict_proba(rows), np.float64)[:, list(forest.classes_).index(True)]
        return found

    def usable(self, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """P(no defect) for each candidate."""
        chances = np.ones(len(candidates))
        for chance in self.defects(candidates).values():
            chances = chances * (1 - chance)
        return chances


def fit(candidates: Mapping[str, Candidate], ratings: Sequence[Rating], *, seed: int = 0) -> Model:
    """The model of all ratings of known candidates; equal ratings and seed give an equal model."""
    known = sorted(
        (rating for rating in ratings if rating.candidate in candidates),
        key=lambda rating: (rating.candidate, rating.rater, rating.at),
    )
    rated = [candidates[rating.candidate] for rating in known]
    space = span(rated)
    rates = {flag: (sum(flag in item.flags for item in known) + 0.5) / (len(known) + 1.0) for flag in FLAGS}
    if len(known) < FEWEST:
        return Model(space, {}, rates, len(known))
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415 - 0.3 s that only learning needs

    rows = _with_severity(space.rows(rated), _severity(known))
    forests: dict[str, ExtraTreesClassifier] = {}
    for flag in FLAGS:
        labels = np.array([flag in item.flags for item in known])
        if min(labels.sum(), (~labels).sum()) >= _FEWEST_OF_A_KIND:
            forest = ExtraTreesClassifier(
                _TREES, min_samples_leaf=2, max_features="sqrt", random_state=seed, n_jobs=1, bootstrap=False
            )
            forests[flag] = forest.fit(rows, labels)
    return Model(space, forests, rates, len(known))


def _severity(ratings: Sequence[Rating]) -> NDArray[np.float64]:
    """Each rater's shrunk share of flagged ratings, centred so that the average rater is 0.5."""
    overall = sum(not rating.usable for rating in ratings) / len(ratings)
    counts: dict[str, tuple[int, int]] = {}
    for rating in ratings:
        flagged, seen = counts.get(rating.rater, (0, 0))
        counts[rating.rater] = flagged + (not rating.usable), seen + 1
    # A pull of ten ratings towards the average: who has rated three pictures is not yet severe.
    share = {rater: (flagged + 10 * overall) / (seen + 10) for rater, (flagged, seen) in counts.items()}
    return np.array([0.5 + share[rating.rater] - overall for rating in ratings])


def _with_severity(rows: Matrix, severity: NDArray[np.float64]) -> Matrix:
    return np.column_stack([rows, severity])
