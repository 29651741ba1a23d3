"""Means, ratio metrics and CUPED from sufficient statistics that add.

References: Welch (Biometrika 1947); delta method for ratios: Deng, Knoblich & Lu (KDD 2018); CUPED: Deng, Xu, Kohavi &
Walker (WSDM 2013). Values of customers are assumed independent between customers, not within one.
"""

import math
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

from linghang.base.findings import Finding, Severity
from linghang.experiments.model import Comparison, Interval, Sums
from linghang.experiments.proportions import FEWEST


@dataclass(frozen=True)
class _Estimate:
    value: float
    variance: float
    freedom: float


def compare_means(treated: Sums, holdout: Sums, *, level: float = 0.95) -> Comparison:
    """Difference of the means of y by Welch's t. Too few customers is a value with a finding."""
    return _compare(treated, holdout, _mean(treated), _mean(holdout), level, "welch")


def compare_ratios(treated: Sums, holdout: Sums, *, level: float = 0.95) -> Comparison:
    """Difference of Σy/Σx (click rate per impression, order value …), variance by the delta method over customers."""
    return _compare(treated, holdout, _ratio(treated), _ratio(holdout), level, "ratio")


def compare_adjusted(treated: Sums, holdout: Sums, *, level: float = 0.95) -> tuple[Comparison, float]:
    """CUPED: y less θ(x − x̄) with θ = Cov(x, y)/Var(x) pooled, and the share of variance that it removed."""
    pooled = treated + holdout
    variance = _covariance(pooled.n, pooled.x, pooled.x, pooled.xx)
    theta = _covariance(pooled.n, pooled.x, pooled.y, pooled.xy) / variance if variance > 0 else 0.0
    centre = pooled.x / pooled.n if pooled.n else 0.0
    one, zero = _shifted(treated, theta, centre), _shifted(holdout, theta, centre)
    before = _mean(treated).variance + _mean(holdout).variance
    after = _mean(one).variance + _mean(zero).variance
    removed = 1 - after / before if before > 0 else 0.0
    return _compare(one, zero, _mean(one), _mean(zero), level, "cuped"), removed


def _shifted(sums: Sums, theta: float, centre: float) -> Sums:
    """Sums of w = y − θ(x − c)."""
    y = sums.y - theta * (sums.x - sums.n * centre)
    xx = sums.xx - 2 * centre * sums.x + sums.n * centre * centre
    xy = sums.xy - centre * sums.y
    return Sums(sums.n, y, sums.yy - 2 * theta * xy + theta * theta * xx)


def _covariance(n: int, a: float, b: float, ab: float) -> float:
    return (ab - a * b / n) / (n - 1) if n > 1 else 0.0


def _mean(sums: Sums) -> _Estimate:
    if sums.n < 2:
        return _Estimate(math.nan, math.nan, 1)
    variance = max(0.0, _covariance(sums.n, sums.y, sums.y, sums.yy))
    return _Estimate(sums.y / sums.n, variance / sums.n, sums.n - 1)


def _ratio(sums: Sums) -> _Estimate:
    if sums.n < 2 or sums.x <= 0:
        return _Estimate(math.nan, math.nan, 1)
    ratio, mean_x = sums.y / sums.x, sums.x / sums.n
    spread = (
        _covariance(sums.n, sums.y, sums.y, sums.yy)
        - 2 * ratio * _covariance(sums.n, sums.x, sums.y, sums.xy)
        + ratio * ratio * _covariance(sums.n, sums.x, sums.x, sums.xx)
    )
    return _Estimate(ratio, max(0.0, spread) / (sums.n * mean_x * mean_x), sums.n - 1)


def _compare(treated: Sums, holdout: Sums, one: _Estimate, zero: _Estimate, level: float, method: str) -> Comparison:
    if min(treated.n, holdout.n) < FEWEST or math.isnan(one.value + zero.value):
        params = {"treated": treated.n, "holdout": holdout.n, "responses": 0, "needed": FEWEST}
        return Comparison(
            None, None, None, method, (Finding("experiments.too_few", Severity.S4, "experiment", params=params),)
        )
    difference, variance = one.value - zero.value, one.variance + zero.variance
    if variance == 0:
        return Comparison(Interval(difference, difference, difference, level), None, 1.0, method)
    freedom = variance**2 / (one.variance**2 / one.freedom + zero.variance**2 / zero.freedom)
    half = float(stdtrit(freedom, 0.5 + level / 2)) * math.sqrt(variance)
    p_value = float(2 * stdtr(freedom, -abs(difference) / math.sqrt(variance)))
    interval = Interval(difference, difference - half, difference + half, level)
    return Comparison(interval, _relative(one, zero, level), p_value, method)


def _relative(one: _Estimate, zero: _Estimate, level: float) -> Interval | None:
    """Fieller's interval of one/zero − 1, or None when the denominator is not clear of zero."""
    t = float(stdtrit(min(one.freedom, zero.freedom), 0.5 + level / 2))
    g = t * t * zero.variance / zero.value**2 if zero.value else math.inf
    if g >= 1:
        return None
    ratio = one.value / zero.value
    root = t * math.sqrt(max(0.0, one.variance * (1 - g) + ratio**2 * zero.variance)) / abs(zero.value)
    return Interval(ratio - 1, (ratio - root) / (1 - g) - 1, (ratio + root) / (1 - g) - 1, level)
