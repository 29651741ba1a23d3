"""Trees, their calibration and their trial, with scikit-learn: the only module that imports it."""

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from threadpoolctl import threadpool_limits

from linghang.simulator.draws import Flags, Floats, Ints

_FOLDS = 3
_BINS = 10
_LEAST, _MOST = 0.001, 0.95
"""A step of the curve that rests on a handful of rows says 0 or 1; nobody is that certain."""


def train(
    matrix: Floats, answers: Flags, coded: Sequence[bool], seed: int
) -> tuple[tuple[HistGradientBoostingClassifier, ...], IsotonicRegression]:
    """One ensemble a fold; the curve is learned from predictions of rows that an ensemble has not seen."""
    # One thread: on a machine with other work, threads that wait for each other cost twenty times what they save.
    with threadpool_limits(1):
        return _train(matrix, answers, coded, seed)


def _train(
    matrix: Floats, answers: Flags, coded: Sequence[bool], seed: int
) -> tuple[tuple[HistGradientBoostingClassifier, ...], IsotonicRegression]:
    trees: list[HistGradientBoostingClassifier] = []
    unseen = np.zeros(len(answers))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(matrix, answers):
        grown = HistGradientBoostingClassifier(
            max_iter=70,
            learning_rate=0.1,
            max_leaf_nodes=15,
            min_samples_leaf=40,
            l2_regularization=1.0,
            categorical_features=list(coded),  # pyright: ignore[reportArgumentType]
            early_stopping=False,  # pyright: ignore[reportArgumentType]
            random_state=seed,
        ).fit(matrix[train], answers[train])
        unseen[test] = grown.predict_proba(matrix[test])[:, 1]
        trees.append(grown)
    curve = IsotonicRegression(y_min=_LEAST, y_max=_MOST, out_of_bounds="clip").fit(unseen, answers)
    return tuple(trees), curve


def split(matrix: Floats, answers: Flags, held_out: float, seed: int) -> tuple[Ints, Ints]:
    """Rows to learn from and rows to judge by, with the same share of responses in both."""
    return next(StratifiedShuffleSplit(1, test_size=held_out, random_state=seed).split(matrix, answers))


def report(expected: Floats, answers: Flags) -> dict[str, float | int | str]:
    """How well probabilities rank (AUC) and how far they are from what was observed, on rows never learned from."""
    edges = np.quantile(expected, np.linspace(0, 1, _BINS + 1)[1:-1])
    places = np.searchsorted(edges, expected, side="right")
    gaps = [
        (abs(float(expected[places == n].mean() - answers[places == n].mean())), int((places == n).sum()))
        for n in range(_BINS)
        if (places == n).any()
    ]
    total = sum(count for _, count in gaps)
    return {
        "held_out": len(answers),
        "auc": round(float(roc_auc_score(answers, expected)), 4),
        "brier": round(float(brier_score_loss(answers, expected)), 5),
        "log_loss": round(float(log_loss(answers, expected)), 5),
        "mean_predicted": round(float(expected.mean()), 5),
        "mean_observed": round(float(answers.mean()), 5),
        "calibration_error": round(sum(gap * count for gap, count in gaps) / total, 5),
        "calibration_worst": round(max(gap for gap, _ in gaps), 5),
        "source": "simulated",
    }
