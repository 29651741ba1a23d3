"""A response model learned from a real table's own outcomes, for shadow runs: its answers are simulated, and say so.

Gradient-boosted trees on the attributes that the pack lets be features (never what is known only after the contact),
calibrated by an isotonic curve of out-of-fold predictions (Zadrozny & Elkan, KDD 2002). A part of the table that the
model has never seen says how well it ranks (AUC) and whether a probability means what it says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from linghang.base.errors import RefusedError, UsageError
from linghang.packs.model import Attribute, Pack
from linghang.simulator.draws import Floats

_LEAST = 200
_LEAST_OF_EACH = 30
_HELD_OUT = 0.25
_MOST_NAMES = 60
_EDGE = 1e-4


@dataclass(frozen=True)
class Feature:
    """A column of the model: its attribute, and for names their places (others and unknown are missing)."""

    name: str
    places: Mapping[str, int]

    @property
    def coded(self) -> bool:
        """Whether its values are names."""
        return bool(self.places)


class Trees(Protocol):
    """An ensemble that gives each row's probabilities of no and yes."""

    def predict_proba(self, X: Floats) -> Floats:  # noqa: N803 - scikit-learn's name
        """Two columns, a row each."""
        ...


class Curve(Protocol):
    """A calibration: raw score to probability."""

    def predict(self, T: Floats) -> Floats:  # noqa: N803 - scikit-learn's name
        """The calibrated probabilities."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A fitted model. ``report`` tells rows, responses, AUC, Brier score, log loss and the worst calibration gap."""

    features: tuple[Feature, ...]
    report: Mapping[str, float | int | str]
    _trees: tuple["Trees", ...]
    _curve: "Curve"

    def probability(self, columns: Mapping[str, Sequence[Any]]) -> Floats:
        """The probability of a response of each row. Raises UsageError("simulator.column_absent")."""
        matrix = _matrix(self.features, columns)
        raw = np.mean([trees.predict_proba(matrix)[:, 1] for trees in self._trees], axis=0)
        return np.clip(self._curve.predict(raw), _EDGE, 1 - _EDGE)


def fit(pack: Pack, columns: Mapping[str, Sequence[Any]], outcome: Sequence[bool], *, seed: int = 0) -> Fitted:
    """Learn who responds from a table: attribute → values (None is unknown), and whether each row responded.

    Raises UsageError("simulator.column_absent" | "simulator.lengths_differ") and, when there is too little to
    learn from, RefusedError("simulator.too_few_outcomes").
    """
    features = tuple(
        _feature(item, columns) for item in pack.attributes if _usable(item, pack) and item.name in columns
    )
    if not features:
        raise UsageError("simulator.column_absent", have=", ".join(columns), column="")
    answers = np.asarray(outcome, np.bool_)
    matrix = _matrix(features, columns)
    if len(matrix) != len(answers):
        raise UsageError("simulator.lengths_differ", rows=len(matrix), outcomes=len(answers))
    yes = int(answers.sum())
    if len(answers) < _LEAST or min(yes, len(answers) - yes) < _LEAST_OF_EACH:
        raise RefusedError("simulator.too_few_outcomes", rows=len(answers), responses=yes, least=_LEAST)
    # scikit-learn takes seconds to import; every command that only names the simulator would pay for it.
    from linghang.simulator import learning  # noqa: PLC0415

    coded = [feature.coded for feature in features]
    learn, keep = learning.split(matrix, answers, _HELD_OUT, seed)
    trees, curve = learning.train(matrix[learn], answers[learn], coded, seed)
    trial = Fitted(features, {}, trees, curve)
    told = learning.report(
        trial.probability({f.name: _cells(columns, f.name)[keep].tolist() for f in features}), answers[keep]
    )
    told |= {"rows": len(answers), "responses": yes, "features": ", ".join(item.name for item in features)}
    return Fitted(features, told, trees, curve)


def _usable(attribute: Attribute, pack: Pack) -> bool:
    table = pack.customers
    barred = {*table.never, table.outcome_column}
    return (
        "feature" in attribute.usable_in
        and not {attribute.name, attribute.column} & barred
        and attribute.kind != "text"
    )


def _feature(attribute: Attribute, columns: Mapping[str, Sequence[Any]]) -> Feature:
    if attribute.kind in ("integer", "number", "money", "bool"):
        return Feature(attribute.name, {})
    values = [str(choice.value) for choice in attribute.choices]
    values = values or sorted({str(value) for value in columns[attribute.name] if value is not None})
    return Feature(attribute.name, {value: place for place, value in enumerate(values[:_MOST_NAMES])})


def _cells(columns: Mapping[str, Sequence[Any]], name: str) -> np.ndarray:
    try:
        return np.asarray(columns[name], dtype=object)
    except KeyError as error:
        raise UsageError("simulator.column_absent", column=name, have=", ".join(columns)) from error


def _matrix(features: Sequence[Feature], columns: Mapping[str, Sequence[Any]]) -> Floats:
    made: list[Floats] = []
    for feature in features:
        cells = _cells(columns, feature.name)
        if feature.coded:
            made.append(np.array([feature.places.get(str(cell), np.nan) for cell in cells], np.float64))
        else:
            made.append(np.array([np.nan if cell is None else float(cell) for cell in cells], np.float64))
    if len({len(column) for column in made}) > 1:
        raise UsageError("simulator.lengths_differ", rows=len(made[0]), outcomes=min(len(column) for column in made))
    return np.column_stack(made)
