"""The knapsack never overspends, comes near the bound and spends ties; the gate stops the winner's curse."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang.benefits.gate import gate
from linghang.benefits.knapsack import NOTHING, choose
from linghang.benefits.uplift import calibrate, shrink


def spent(options: np.ndarray, costs: np.ndarray) -> int:
    rows = np.broadcast_to(costs, (len(options), costs.shape[-1]))
    return int(sum(rows[i, option] for i, option in enumerate(options) if option != NOTHING))


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 6), st.floats(0, 1.2), st.booleans(), st.booleans())
def test_never_over_and_never_above_the_bound(seed, n, options, share, shared, tied) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(0.2, 0.5, (n, options)).astype(np.float32)
    if tied:
        values = np.round(values * 2).astype(np.float32) / 2
    costs = rng.integers(0, 50, options if shared else (n, options))
    budget = int(share * np.broadcast_to(costs, (n, options)).max(axis=1).sum())
    done = choose(values, costs, budget)
    assert done.spent == spent(done.options, costs) <= budget
    assert done.value <= done.bound * (1 + 1e-6) + 1e-6
    assert all(values[i, option] >= 0 for i, option in enumerate(done.options) if option != NOTHING)


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 3), st.integers(0, 60))
def test_near_the_best_of_every_small_case(seed, n, options, budget) -> None:
    rng = np.random.default_rng(seed)
    values = rng.random((n, options)).astype(np.float32)
    costs = rng.integers(1, 30, options)
    done = choose(values, costs, budget)
    best = max(
        sum(float(values[i, j]) for i, j in enumerate(picks) if j >= 0)
        for picks in itertools.product(range(-1, options), repeat=n)
        if sum(costs[j] for j in picks if j >= 0) <= budget
    )
    assert best <= done.bound + 1e-6
    assert done.value >= best - float(values.max()) - 1e-6  # at most one customer's worth away


def test_ties_do_not_leave_money_over() -> None:
    values = np.full((10_000, 2), 0.5, np.float32)
    done = choose(values, np.array([300, 500]), 1_000_000)
    assert 1_000_000 - done.spent < 300
    assert done.gap < 1e-3


def test_large_cases_are_within_a_millionth_and_quick() -> None:
    rng = np.random.default_rng(1)
    base = rng.beta(1, 40, (200_000, 1))
    values = (base * rng.lognormal(0, 0.5, (200_000, 10))).astype(np.float32)
    costs = np.array([10, 40, 400, 410, 2000, 2010, 2400, 5000, 5400, 20_000])
    choose(values[:100], costs, 1000)  # compiles
    start = time.process_time()
    done = choose(values, costs, 80_000_000)
    assert time.process_time() - start < 3
    assert done.gap < 1e-5
    assert done.spent <= 80_000_000
    assert done.price > 0


def test_all_that_is_affordable_is_taken() -> None:
    values = np.array([[0.1, 0.3], [-0.2, 0.0]], np.float32)
    done = choose(values, np.array([1, 2]), 100)
    assert done.options.tolist() == [1, NOTHING]
    assert done.price == 0
    assert choose(np.zeros((0, 3), np.float32), np.array([1, 2, 3]), 5).spent == 0


@pytest.mark.parametrize(
    ("values", "costs", "budget"),
    [
        (np.ones((2, 2)), np.ones(3), 5),
        (np.ones((2, 2)), -np.ones(2), 5),
        (np.ones((2, 2)), np.ones(2), -1),
        (np.array([[np.nan, 1.0]]), np.ones(2), 5),
    ],
)
def test_what_cannot_be_is_refused(values, costs, budget) -> None:
    with pytest.raises(ValueError, match="agree|negative"):
        choose(values, costs, budget)


def trial(seed: int, n: int, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three arms at random; uplift differs between customers by ``spread``; a feature tells the sign."""
    rng = np.random.default_rng(seed)
    feature = rng.integers(0, 2, n)
    arms = rng.integers(0, 3, n)
    rate = np.full(n, 0.10)
    rate += np.where(arms == 1, np.where(feature == 1, 0.06 + spread, 0.06 - spread), 0.0)
    rate += np.where(arms == 2, np.where(feature == 1, 0.05 - spread, 0.05 + spread), 0.0)
    return rng.binomial(1, rate).astype(float), arms, feature


def test_the_gate_opens_for_a_policy_that_is_better_and_stays_closed_for_noise() -> None:
    rewards, arms, feature = trial(1, 30_000, 0.05)
    good = gate(rewards, arms, np.full(30_000, 1 / 3), np.where(feature == 1, 1, 2))
    assert good.passed
    assert good.best_constant == 1
    opened = 0
    for seed in range(60):
        rewards, arms, _ = trial(seed, 6000, 0.0)
        personal = np.random.default_rng(seed).integers(1, 3, 6000)
        opened += gate(rewards, arms, np.full(6000, 1 / 3), personal).passed
    assert opened <= 3


def test_the_gate_stays_closed_where_the_data_cannot_tell() -> None:
    rewards, arms, feature = trial(2, 300, 0.05)
    found = gate(rewards, arms, np.full(300, 1 / 3), feature + 1)
    assert not found.passed
    assert found.difference is None
    assert found.findings[0].code == "benefits.gate_too_thin"


def test_shrinking_lowers_the_error_and_the_winners_curse() -> None:
    rng = np.random.default_rng(4)
    raw_error = shrunk_error = raw_curse = shrunk_curse = 0.0
    for _ in range(300):
        truth = rng.normal(0.1, 0.1, 12)
        errors = rng.uniform(0.05, 0.3, 12)
        told = truth + rng.normal(0, errors)
        pulled = np.array(shrink(told.tolist(), errors.tolist()))
        raw_error += float(((told - truth) ** 2).mean())
        shrunk_error += float(((pulled - truth) ** 2).mean())
        raw_curse += told.max() - truth[told.argmax()]
        shrunk_curse += pulled.max() - truth[pulled.argmax()]
    assert shrunk_error < 0.6 * raw_error
    assert abs(shrunk_curse) < 0.4 * raw_curse
    with pytest.raises(ValueError, match="standard error"):
        shrink([0.1], [0.0])


def test_calibration_gives_the_uplift_that_is_there() -> None:
    rng = np.random.default_rng(5)
    n = 200_000
    truth = rng.choice([0.0, 0.02, 0.06], n)
    scores = truth * 4 + 0.1 + rng.normal(0, 0.01, n)  # right order, wrong scale
    treated = rng.integers(0, 2, n)
    responses = rng.binomial(1, 0.05 + truth * treated)
    found = calibrate(scores, treated, responses, propensity=0.5, bins=12)
    assert list(found.values) == sorted(found.values)
    for level in (0.0, 0.02, 0.06):
        assert float(found.apply(scores[truth == level]).mean()) == pytest.approx(level, abs=0.006)
    with pytest.raises(ValueError, match="propensity"):
        calibrate(scores, treated, responses, propensity=1.0)
