"""The primal simplex for max w·x with A x ≤ b, x ≥ 0, b ≥ 0: nothing is allotted at the start, so that is feasible.

A dense tableau of some tens of limits and hundreds of options is solved in milliseconds, without the second that the
import of an optimiser takes. Dantzig's rule, then Bland's when steps stop helping, which cannot cycle (Bland,
Mathematics of Operations Research 1977). Rows are scaled; the tests compare every answer with HiGHS.
"""

import numpy as np
from numpy.typing import NDArray

_TINY = 1e-11
_PATIENCE = 20


def maximise(
    worth: NDArray[np.float64], limits: NDArray[np.float64], most: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The best x and the price of each limit: what one more unit of it would add.

    ``worth`` is one a column, ``limits`` rows × columns, ``most`` one a row. Raises ValueError for a negative ``most``
    or shapes that differ, ArithmeticError if some column is bounded by no row or the steps do not end.
    """
    rows, columns = limits.shape
    if worth.shape != (columns,) or most.shape != (rows,) or (rows and most.min() < 0):
        raise ValueError(f"{worth.shape} worths, {limits.shape} limits and {most.shape} bounds do not agree")
    largest = np.abs(limits).max(axis=1, initial=0.0)
    scale = np.where(largest > 0, largest, 1.0)
    top = max(float(np.abs(worth).max(initial=0.0)), 1e-300)
    tableau = np.zeros((rows + 1, columns + rows + 1))
    tableau[:rows, :columns] = limits / scale[:, None]
    tableau[:rows, columns : columns + rows] = np.eye(rows)
    tableau[:rows, -1] = most / scale
    tableau[rows, :columns] = -worth / top
    basis = np.arange(columns, columns + rows)
    _pivot_until_best(tableau, basis)
    x = np.zeros(columns + rows)
    x[basis] = tableau[:rows, -1]
    prices = np.maximum(tableau[rows, columns : columns + rows], 0.0) * top / scale
    return np.maximum(x[:columns], 0.0), prices


def _pivot_until_best(tableau: NDArray[np.float64], basis: NDArray[np.int64]) -> None:
    rows, width = tableau.shape[0] - 1, tableau.shape[1] - 1
    stuck, before = 0, -np.inf
    for _ in range(200 * (rows + width + 1)):
        reduced = tableau[rows, :width]
        if stuck < _PATIENCE:
            entering = int(np.argmin(reduced))
            if reduced[entering] >= -_TINY:
                return
        else:
            helpful = np.flatnonzero(reduced < -_TINY)
            if not helpful.size:
                return
            entering = int(helpful[0])
        leaving = _leaving(tableau, basis, entering)
        _pivot(tableau, leaving, entering)
        basis[leaving] = entering
        now = float(tableau[rows, -1])
        stuck = 0 if now > before + _TINY else stuck + 1
        before = max(before, now)
    raise ArithmeticError("the simplex did not end")


def _leaving(tableau: NDArray[np.float64], basis: NDArray[np.int64], entering: int) -> int:
    """The row that binds first; of equal ones that of the lowest variable (Bland)."""
    column, bound = tableau[:-1, entering], tableau[:-1, -1]
    binding = np.flatnonzero(column > _TINY)
    if not binding.size:
        raise ArithmeticError("some option is bounded by no limit")
    ratios = bound[binding] / column[binding]
    least = ratios.min()
    ties = binding[ratios <= least * (1 + 1e-12) + 1e-15]
    return int(ties[np.argmin(basis[ties])])


def _pivot(tableau: NDArray[np.float64], row: int, column: int) -> None:
    tableau[row] /= tableau[row, column]
    factors = tableau[:, column].copy()
    factors[row] = 0.0
    tableau -= factors[:, None] * tableau[row]
    tableau[:, column] = 0.0
    tableau[row, column] = 1.0
    # Rounding may leave a bound a hair below zero; it is zero.
    np.maximum(tableau[:-1, -1], 0.0, out=tableau[:-1, -1])
