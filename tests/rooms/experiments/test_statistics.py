"""Formulas against published values, and estimators against seeded simulation: coverage and false positives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.experiments import (
    Arm,
    Counts,
    Sums,
    agresti_caffo,
    bounds,
    compare,
    compare_adjusted,
    compare_means,
    compare_ratios,
    design,
    inflation,
    needed_customers,
    newcombe,
    power_of,
    read_always,
    read_planned,
    relative_lift,
    sample_ratio,
    sample_size,
    sample_size_mean,
    smallest_effect,
    spent,
    wilson,
    z_test,
)

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))).map(lambda c: Counts(*c))
FILLED = st.integers(30, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))).map(lambda c: Counts(*c))


def test_newcombe_agrees_with_the_published_example() -> None:
    # Newcombe (1998), table II, (a): 56/70 against 48/80, method 10.
    interval = newcombe(Counts(70, 56), Counts(80, 48))
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)
    # (b): 9/10 against 3/10.
    interval = newcombe(Counts(10, 9), Counts(10, 3))
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.1705, 0.8090)


def test_wilson_agrees_with_the_published_example() -> None:
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion": 81/263 by Wilson.
    interval = wilson(Counts(263, 81))
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_sample_size_agrees_with_the_published_example() -> None:
    # R's manual of power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7 in each group.
    assert sample_size(0.50, 0.25, power=0.90) == 77
    assert sample_size_mean(1.0, 0.5) == 63


@given(st.floats(0.01, 0.5), st.floats(0.01, 0.3), st.floats(0.2, 10))
def test_sample_size_reaches_its_power_and_no_sooner(base: float, lift: float, ratio: float) -> None:
    n = sample_size(base, lift, ratio=ratio)
    assert power_of(base, lift, math.ceil(n * ratio), n) >= 0.8 - 1e-3
    if n > 50:
        assert power_of(base, lift, int(n * ratio * 0.9), int(n * 0.9)) < 0.8


@given(st.floats(0.001, 0.5), st.integers(50, 100_000), st.integers(50, 100_000))
def test_the_smallest_effect_has_exactly_the_power(base: float, treated: int, holdout: int) -> None:
    effect = smallest_effect(base, treated, holdout)
    if effect is not None:
        assert power_of(base, effect, treated, holdout) == pytest.approx(0.8, abs=1e-6)


@given(FILLED, FILLED)
def test_intervals_hold_their_value_and_turn_with_their_arms(one: Counts, two: Counts) -> None:
    for method in (newcombe, agresti_caffo):
        forth, back = method(one, two), method(two, one)
        assert forth.low <= forth.high
        assert forth.low == pytest.approx(-back.high)
        assert -1 <= forth.low <= 1
    assert newcombe(one, two).value in newcombe(one, two)
    assert 0 <= z_test(one, two) <= 1
    assert relative_lift(one, two).low >= -1


@given(COUNTS, COUNTS)
def test_counts_add(one: Counts, two: Counts) -> None:
    both = one + two
    assert (both.n, both.successes) == (one.n + two.n, one.successes + two.successes)


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Counts(3, 4)
    with pytest.raises(ValueError, match="nobody"):
        wilson(Counts(0, 0))


@pytest.mark.parametrize("read", [compare, lambda a, b: read_always(a, b, planned_total=100)])
def test_too_few_customers_is_a_value_with_a_finding(read) -> None:
    found = read(Counts(20, 3), Counts(5000, 40))
    assert found.difference is None
    assert found.p_value is None
    assert [finding.code for finding in found.findings] == ["experiments.too_few"]
    assert not found.significant


def _coverage(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize(
    ("n1", "n0", "p1", "p0"), [(2000, 200, 0.03, 0.02), (500, 500, 0.12, 0.10), (10_000, 1_000, 0.006, 0.004)]
)
def test_intervals_of_proportions_cover(n1: int, n0: int, p1: float, p0: float) -> None:
    rng = np.random.default_rng(7)
    runs = 3000
    x1, x0 = rng.binomial(n1, p1, runs), rng.binomial(n0, p0, runs)
    for method in (newcombe, agresti_caffo):
        found = [method(Counts(n1, int(a)), Counts(n0, int(b))) for a, b in zip(x1, x0, strict=True)]
        low, high = np.array([i.low for i in found]), np.array([i.high for i in found])
        assert 0.935 <= _coverage(low, high, p1 - p0) <= 0.985


def test_a_fixed_look_keeps_its_false_positives() -> None:
    rng = np.random.default_rng(11)
    runs = 3000
    x1, x0 = rng.binomial(9000, 0.05, runs), rng.binomial(1000, 0.05, runs)
    wrong = sum(compare(Counts(9000, int(a)), Counts(1000, int(b))).significant for a, b in zip(x1, x0, strict=True))
    assert 0.035 <= wrong / runs <= 0.065


def test_group_sequential_bounds_agree_with_the_published_ones() -> None:
    # Lan–DeMets spending of the O'Brien–Fleming type, α 0.05 two-sided, five equal looks (gsDesign, ldbounds).
    plan = bounds([0.2, 0.4, 0.6, 0.8, 1.0])
    assert [round(look.critical, 3) for look in plan] == [4.877, 3.357, 2.680, 2.290, 2.031]
    assert plan[-1].spent == pytest.approx(0.05)
    assert bounds([1.0])[0].critical == pytest.approx(1.96, abs=1e-3)
    assert spent(0.0) == 0
    assert 1.0 < inflation(5) < 1.04
    with pytest.raises(ValueError, match="increasing"):
        bounds([0.5, 0.5, 1.0])


def _paths(lift: float, runs: int, looks: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative successes of two arms of 500 customers a look."""
    rng = np.random.default_rng(seed)
    treated = rng.binomial(500, 0.10 + lift, (runs, looks)).cumsum(axis=1)
    return treated, rng.binomial(500, 0.10, (runs, looks)).cumsum(axis=1)


def test_thirty_peeks_are_safe_only_with_the_always_valid_sequence() -> None:
    runs, looks = 400, 30
    treated, holdout = _paths(0.0, runs, looks, seed=3)
    plain = always = 0
    for t, h in zip(treated, holdout, strict=True):
        pairs = [(Counts(500 * (k + 1), int(t[k])), Counts(500 * (k + 1), int(h[k]))) for k in range(looks)]
        plain += any(z_test(a, b) < 0.05 for a, b in pairs)
        always += any(read_always(a, b, planned_total=500 * looks * 2).significant for a, b in pairs)
    assert plain / runs > 0.2
    assert always / runs <= 0.05


def test_planned_looks_keep_alpha_and_find_effects() -> None:
    runs, looks = 800, 5
    plan = [(k + 1) / looks for k in range(looks)]
    rates = []
    for lift in (0.0, 0.025):
        treated, holdout = _paths(lift, runs, looks, seed=5)
        found = 0
        for t, h in zip(treated, holdout, strict=True):
            found += any(
                read_planned(
                    Counts(500 * (k + 1), int(t[k])), Counts(500 * (k + 1), int(h[k])), planned=plan, look=k
                ).significant
                for k in range(looks)
            )
        rates.append(found / runs)
    assert rates[0] <= 0.07
    assert rates[1] >= 0.9 * power_of(0.10, 0.025, 2500, 2500)


def test_the_always_valid_p_agrees_with_its_interval() -> None:
    for successes in range(400, 700, 10):
        found = read_always(Counts(5000, successes), Counts(5000, 500), planned_total=10_000)
        assert found.p_value is not None
        assert found.significant == (found.p_value < 0.05)


def _sums(y: np.ndarray, x: np.ndarray) -> Sums:
    return Sums(
        len(y), float(y.sum()), float((y * y).sum()), float(x.sum()), float((x * x).sum()), float((x * y).sum())
    )


def test_means_and_ratios_cover() -> None:
    rng = np.random.default_rng(13)
    inside = {"mean": 0, "ratio": 0}
    for _ in range(800):
        arms = []
        for n, rate in ((900, 0.3), (300, 0.25)):
            views = rng.poisson(3, n) + 1.0
            arms.append(_sums(rng.binomial(views.astype(int), rate).astype(float), views))
        ratio = compare_ratios(arms[0], arms[1]).difference
        mean = compare_means(arms[0], arms[1]).difference
        assert ratio is not None
        assert mean is not None
        inside["ratio"] += 0.05 in ratio
        inside["mean"] += (0.3 * 4 - 0.25 * 4) in mean
    assert all(0.93 <= count / 800 <= 0.97 for count in inside.values())


def test_cuped_narrows_the_interval_where_the_past_explains() -> None:
    rng = np.random.default_rng(17)
    before = [rng.gamma(2, 50, 2000), rng.gamma(2, 50, 400)]
    after = [0.9 * x + rng.normal(0, 20, len(x)) + shift for x, shift in zip(before, (5.0, 0.0), strict=True)]
    one, zero = _sums(after[0], before[0]), _sums(after[1], before[1])
    plain, (adjusted, removed) = compare_means(one, zero), compare_adjusted(one, zero)
    assert plain.difference is not None
    assert adjusted.difference is not None
    assert removed > 0.8
    assert adjusted.difference.high - adjusted.difference.low < plain.difference.high - plain.difference.low
    assert 5.0 in adjusted.difference
    # A covariate that explains nothing removes nothing.
    noise = [rng.normal(size=2000), rng.normal(size=400)]
    assert abs(compare_adjusted(_sums(after[0], noise[0]), _sums(after[1], noise[1]))[1]) < 0.02


def test_sums_of_parts_are_sums_of_the_whole() -> None:
    rng = np.random.default_rng(19)
    y, x = rng.normal(size=500), rng.normal(size=500)
    whole, parts = _sums(y, x), _sums(y[:200], x[:200]) + _sums(y[200:], x[200:])
    assert whole.n == parts.n
    assert whole.xy == pytest.approx(parts.xy)


def test_a_sample_ratio_mismatch_is_seen_and_chance_is_not() -> None:
    arms = (Arm("holdout", 0.1), Arm("treated", 0.9))
    assert not sample_ratio((1010, 8990), arms).mismatch
    found = sample_ratio((1200, 8800), arms)
    assert found.mismatch
    assert found.findings[0].code == "experiments.ratio_mismatch"
    rng = np.random.default_rng(23)
    alarms = sum(sample_ratio((int(x), 10_000 - int(x)), arms).mismatch for x in rng.binomial(10_000, 0.1, 2000))
    assert alarms <= 5


def test_the_design_says_whether_it_is_enough_and_what_would_be() -> None:
    small = design(salt="s", customers=10_626, holdout_pct=10, base_rate=0.1, expected_lift=0.01, primary="rate")
    assert not small.enough
    assert small.holdout == 1063
    needed = small.findings[0].params["needed"]
    assert needed == needed_customers(0.1, 0.01, 1063 / 10_626)
    assert isinstance(needed, int)
    large = design(salt="s", customers=needed + 100, holdout_pct=10, base_rate=0.1, expected_lift=0.01, primary="rate")
    assert large.enough
    assert large.power >= 0.8
    none = design(salt="s", customers=1000, holdout_pct=0, base_rate=0.1, expected_lift=0.01, primary="rate")
    assert [finding.code for finding in none.findings] == ["experiments.no_holdout"]
    assert not none.enough
