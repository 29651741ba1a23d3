"""The space of parameters: candidates as rows of numbers, for learning and for telling how unlike two are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linghang.creatives.ratings.model import Candidate, Value

Matrix = NDArray[np.float64]
_ANGLES = ("hue", "yaw")


@dataclass(frozen=True)
class Space:
    """The columns that a set of candidates spans. Numbers are scaled to their range; a name is a column a value.

    ``scales`` maps a numeric parameter to (lowest, highest); ``options`` a named one to its values.
    """

    scales: Mapping[str, tuple[float, float]]
    options: Mapping[str, tuple[str, ...]]
    angles: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns a row has."""
        return len(self.scales) + 2 * len(self.angles) + sum(len(values) for values in self.options.values())

    def names(self) -> list[str]:
        """What each column is: a parameter, or a parameter and one of its values."""
        turned = [f"{name}{part}" for name in self.angles for part in (":sin", ":cos")]
        return [*self.scales, *turned, *(f"{name}={value}" for name, found in self.options.items() for value in found)]

    def rows(self, candidates: Sequence[Candidate]) -> Matrix:
        """One row a candidate (n × columns). What the space does not know of is left out; what lacks is the middle."""
        return np.array([self._row(item.parameters) for item in candidates], np.float64).reshape(
            len(candidates), self.columns
        )

    def _row(self, parameters: Mapping[str, Value]) -> list[float]:
        row: list[float] = []
        for name, (low, high) in self.scales.items():
            value = parameters.get(name)
            row.append((float(value) - low) / (high - low) if isinstance(value, int | float) else 0.5)
        for name in self.angles:
            value = parameters.get(name)
            turned = math.radians(float(value)) if isinstance(value, int | float) else None
            row += [0.5, 0.5] if turned is None else [0.5 + math.sin(turned) / 2, 0.5 + math.cos(turned) / 2]
        for name, values in self.options.items():
            row += [1.0 if str(parameters.get(name)) == value else 0.0 for value in values]
        return row


def span(candidates: Sequence[Candidate]) -> Space:
    """The space of some candidates; parameters that never differ are left out."""
    numbers: dict[str, list[float]] = {}
    names: dict[str, set[str]] = {}
    for item in candidates:
        for name, value in item.parameters.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                numbers.setdefault(name, []).append(float(value))
            else:
                names.setdefault(name, set()).add(str(value))
    angles = tuple(sorted(name for name in numbers if name.endswith(_ANGLES)))
    scales = {
        name: (min(values), max(values))
        for name, values in sorted(numbers.items())
        if name not in angles and min(values) < max(values)
    }
    options = {name: tuple(sorted(values)) for name, values in sorted(names.items()) if len(values) > 1}
    return Space(scales, options, angles)


def unlike(rows: Matrix, others: Matrix) -> Matrix:
    """Mean absolute difference of two sets of rows (n × m): 0 for equal ones (J. C. Gower, Biometrics 27, 1971)."""
    return np.abs(rows[:, None, :] - others[None, :, :]).mean(axis=2)
