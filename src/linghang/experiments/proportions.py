"""Tests and intervals for one and two proportions.

Symbols: n₁, x₁ of the treated and n₀, x₀ of the holdout; p = x/n; z the normal quantile of the level.
References: Wilson (JASA 1927); Newcombe (Statistics in Medicine 1998, method 10); Agresti & Caffo (American
Statistician 2000); Fagerland, Lydersen & Laake (SMMR 2015) for the recommendation; Katz et al. (Biometrics 1978)
with half a success added (Walter 1975) for the ratio.
"""

import math

from scipy.special import ndtr, ndtri

from linghang.base.findings import Finding, Severity
from linghang.experiments.model import Comparison, Counts, Interval

FEWEST = 30
"""Below this many customers in an arm nothing is compared."""
FEWEST_EVENTS = 5
"""Below this many responses in both arms together the comparison carries a warning."""


def quantile(level: float) -> float:
    """The two-sided normal quantile of a level: 1.96 for 0.95."""
    return float(ndtri(0.5 + level / 2))


def wilson(counts: Counts, level: float = 0.95) -> Interval:
    """Wilson's score interval of one proportion. Raises ValueError for nobody."""
    if counts.n == 0:
        raise ValueError("a rate of nobody has no interval")
    z, n, p = quantile(level), counts.n, counts.rate
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(p, max(0.0, centre - half), min(1.0, centre + half), level)


def newcombe(treated: Counts, holdout: Counts, level: float = 0.95) -> Interval:
    """Newcombe's hybrid score interval of p₁ − p₀: squares the distances to the two Wilson limits."""
    one, zero = wilson(treated, level), wilson(holdout, level)
    difference = one.value - zero.value
    below = math.hypot(one.value - one.low, zero.high - zero.value)
    above = math.hypot(one.high - one.value, zero.value - zero.low)
    return Interval(difference, max(-1.0, difference - below), min(1.0, difference + above), level)


def agresti_caffo(treated: Counts, holdout: Counts, level: float = 0.95) -> Interval:
    """Wald's interval after one success and one failure are added to each arm; the value is the plain difference."""
    p1, p0 = (treated.successes + 1) / (treated.n + 2), (holdout.successes + 1) / (holdout.n + 2)
    half = quantile(level) * math.sqrt(p1 * (1 - p1) / (treated.n + 2) + p0 * (1 - p0) / (holdout.n + 2))
    return Interval(treated.rate - holdout.rate, max(-1.0, p1 - p0 - half), min(1.0, p1 - p0 + half), level)


def relative_lift(treated: Counts, holdout: Counts, level: float = 0.95) -> Interval:
    """p₁/p₀ − 1 with Katz' interval on the log scale, half a success added to each arm (Walter)."""
    p1, p0 = (treated.successes + 0.5) / (treated.n + 0.5), (holdout.successes + 0.5) / (holdout.n + 0.5)
    spread = math.sqrt(
        1 / (treated.successes + 0.5) - 1 / (treated.n + 0.5) + 1 / (holdout.successes + 0.5) - 1 / (holdout.n + 0.5)
    )
    half = quantile(level) * spread
    ratio = math.log(p1 / p0)
    return Interval(math.exp(ratio) - 1, math.exp(ratio - half) - 1, math.exp(ratio + half) - 1, level)


def z_test(treated: Counts, holdout: Counts) -> float:
    """Two-sided p-value of p₁ = p₀ by the pooled z test (Pearson's chi-square without correction)."""
    pooled = (treated + holdout).rate
    variance = pooled * (1 - pooled) * (1 / treated.n + 1 / holdout.n)
    if variance == 0:
        return 1.0
    z = (treated.rate - holdout.rate) / math.sqrt(variance)
    return float(2 * ndtr(-abs(z)))


def compare(treated: Counts, holdout: Counts, *, level: float = 0.95, method: str = "newcombe") -> Comparison:
    """Treated against holdout at one look that was fixed beforehand.

    Too few customers is a value with a finding, not a zero. ``method`` is ``newcombe`` or ``agresti_caffo``;
    raises KeyError for another. For planned looks see ``sequential.read_planned``, for peeks ``read_always``.
    """
    scarce = too_few(treated, holdout)
    if scarce:
        return Comparison(None, None, None, method, scarce)
    findings: tuple[Finding, ...] = ()
    if (treated + holdout).successes < FEWEST_EVENTS:
        findings = (_finding("experiments.few_responses", Severity.S4, treated, holdout),)
    interval = METHODS[method](treated, holdout, level)
    return Comparison(interval, relative_lift(treated, holdout, level), z_test(treated, holdout), method, findings)


def too_few(treated: Counts, holdout: Counts, fewest: int = FEWEST) -> tuple[Finding, ...]:
    """The finding that an arm has fewer than ``fewest`` customers, or nothing."""
    if min(treated.n, holdout.n) >= fewest:
        return ()
    return (_finding("experiments.too_few", Severity.S4, treated, holdout, fewest),)


def _finding(code: str, severity: Severity, treated: Counts, holdout: Counts, needed: int = FEWEST_EVENTS) -> Finding:
    responses = treated.successes + holdout.successes
    params = {"treated": treated.n, "holdout": holdout.n, "responses": responses, "needed": needed}
    return Finding(code, severity, "experiment", params=params)


METHODS = {"newcombe": newcombe, "agresti_caffo": agresti_caffo}
