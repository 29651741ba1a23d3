"""The simplex agrees with HiGHS on answers and prices, also where many limits bind at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from linghang.benefits.simplex import maximise


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 25), st.integers(1, 40), st.booleans())
def test_agrees_with_highs(seed: int, rows: int, columns: int, degenerate: bool) -> None:
    rng = np.random.default_rng(seed)
    limits = rng.random((rows, columns)) * (rng.random((rows, columns)) < 0.5)
    limits[0] = rng.uniform(0.01, 5000, columns)  # as fen beside customers
    most = rng.integers(0, 3, rows).astype(float) * 100 if degenerate else rng.random(rows) * 1e5
    worth = rng.normal(0.01, 0.02, columns)
    x, prices = maximise(worth, limits, most)
    told = linprog(-worth, A_ub=limits, b_ub=most, bounds=(0, None), method="highs")
    assert x.min() >= 0
    assert (limits @ x <= most * (1 + 1e-7) + 1e-6).all()
    assert worth @ x == pytest.approx(-told.fun, rel=1e-7, abs=1e-7)
    assert prices @ most == pytest.approx(-told.fun, rel=1e-6, abs=1e-6)  # strong duality
    assert (limits.T @ prices >= worth - 1e-7).all()


def test_what_no_limit_bounds_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="no limit"):
        maximise(np.array([1.0]), np.zeros((1, 1)), np.array([1.0]))
    with pytest.raises(ValueError, match="agree"):
        maximise(np.array([1.0]), np.ones((1, 1)), np.array([-1.0]))
    x, _ = maximise(np.array([-1.0]), np.ones((1, 1)), np.array([1.0]))
    assert x.tolist() == [0.0]
