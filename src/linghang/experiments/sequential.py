"""Looks at a running experiment: group-sequential bounds for planned looks, confidence sequences for peeks.

A plain test at thirty peeks calls a difference that is not there in 29 % of experiments; these do not.
References: Lan & DeMets (Biometrika 1983), spending function of the O'Brien–Fleming type; recursion of Armitage,
McPherson & Rowe (JRSS A 1969), densities by Jennison & Turnbull (2000) chapter 19; asymptotic confidence sequences:
Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (Annals of Statistics 2024), theorem 2.2.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from linghang.base.findings import Finding, Severity
from linghang.experiments.model import Comparison, Counts, Interval, Look
from linghang.experiments.proportions import too_few, z_test
from linghang.experiments.roots import crossing

_GRID = 801
_FARTHEST = 8.0
FEWEST_PEEK = 100
"""The asymptotic sequence starts when each arm has this many customers …"""
FEWEST_PEEK_EVENTS = 20
"""… and both together this many responses; its guarantee is asymptotic."""


def spent(information: float, alpha: float = 0.05) -> float:
    """Alpha spent on both sides at a share t of the information: 4 − 4Φ(z_{α/4}/√t) (O'Brien–Fleming type)."""
    if information <= 0:
        return 0.0
    return float(4 * ndtr(-ndtri(1 - alpha / 4) / math.sqrt(min(1.0, information))))


def bounds(information: Sequence[float], alpha: float = 0.05) -> tuple[Look, ...]:
    """The critical |z| at each planned look, looks at increasing shares of the information up to 1.

    Two-sided and symmetric. Raises ValueError for shares that do not increase within (0, 1].
    """
    return _bounds(tuple(information), alpha)


@functools.lru_cache(maxsize=256)
def _bounds(information: tuple[float, ...], alpha: float) -> tuple[Look, ...]:
    steps = [b - a for a, b in zip((0.0, *information), information, strict=False)]
    if not information or min(steps) <= 0 or information[-1] > 1 + 1e-9:
        raise ValueError("looks need increasing shares of the information within (0, 1]")
    looks: list[Look] = []
    grid, density = np.zeros(1), np.ones(1)
    before = 0.0
    for share, step in zip(information, steps, strict=True):
        total = spent(share, alpha)
        to_spend = max(total - before, 1e-15)
        critical = _critical(grid, density, share, step, to_spend)
        looks.append(Look(share, critical, total))
        grid, density = _advance(grid, density, share, step, critical)
        before = total
    return tuple(looks)


def _critical(
    grid: NDArray[np.float64], density: NDArray[np.float64], share: float, step: float, alpha: float
) -> float:
    """The c for which a path that is still running leaves (−c√t, c√t) at this look with probability alpha."""

    def excess(critical: float) -> float:
        edge, root = critical * math.sqrt(share), math.sqrt(step)
        out = ndtr((grid - edge) / root) + ndtr((-edge - grid) / root)
        return float(np.dot(density, out)) - alpha

    if excess(_FARTHEST) > 0:
        return _FARTHEST
    return crossing(excess, 0.0, _FARTHEST)


def _advance(
    grid: NDArray[np.float64], density: NDArray[np.float64], share: float, step: float, critical: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights of the Brownian score of the paths that go on, on a Simpson grid within the bounds."""
    edge = critical * math.sqrt(share)
    new = np.linspace(-edge, edge, _GRID)
    weights = np.full(_GRID, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    weights *= (new[1] - new[0]) / 3
    gaps = (new[:, None] - grid[None, :]) / math.sqrt(step)
    kernel = np.exp(-0.5 * gaps * gaps) / math.sqrt(2 * math.pi * step)
    return new, (kernel @ density) * weights


def inflation(looks: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """How many times more customers equal planned looks need than one look, for the same power (about 1.03)."""
    plan = bounds([(i + 1) / looks for i in range(looks)], alpha)
    single = float(ndtri(1 - alpha / 2) + ndtri(power))

    def short(drift: float) -> float:
        return _reach(plan, drift) - power

    return (crossing(short, single * 0.9, single * 1.5, halvings=30) / single) ** 2


def _reach(plan: Sequence[Look], drift: float) -> float:
    """Probability of crossing the upper or lower bound when the score drifts by ``drift`` over the whole time."""
    grid, density, before, out = np.zeros(1), np.ones(1), 0.0, 0.0
    for look in plan:
        step = look.information - before
        edge, root, shift = look.critical * math.sqrt(look.information), math.sqrt(step), drift * step
        out += float(np.dot(density, ndtr((grid + shift - edge) / root) + ndtr((-edge - grid - shift) / root)))
        new = np.linspace(-edge, edge, _GRID)
        weights = np.full(_GRID, 2.0)
        weights[1::2] = 4.0
        weights[[0, -1]] = 1.0
        gaps = (new[:, None] - grid[None, :] - shift) / root
        kernel = np.exp(-0.5 * gaps * gaps) / (root * math.sqrt(2 * math.pi))
        grid, density = new, (kernel @ density) * weights * (new[1] - new[0]) / 3
        before = look.information
    return out


def read_planned(
    treated: Counts, holdout: Counts, *, planned: Sequence[float], look: int, alpha: float = 0.05
) -> Comparison:
    """The planned look number ``look`` (from 0): an interval at the look's own critical value.

    The p-value is the plain one; ``significant`` follows the bound. Raises IndexError for a look that is not planned.
    """
    scarce = too_few(treated, holdout)
    if scarce:
        return Comparison(None, None, None, "group_sequential", scarce)
    bound = bounds(planned, alpha)[look]
    difference, error = _difference(treated, holdout)
    level = float(1 - 2 * ndtr(-bound.critical))
    half = bound.critical * error
    interval = Interval(difference, difference - half, difference + half, level)
    return Comparison(interval, None, z_test(treated, holdout), "group_sequential")


def read_always(treated: Counts, holdout: Counts, *, planned_total: int, alpha: float = 0.05) -> Comparison:
    """A peek at any time: the interval covers the truth at all peeks together with probability 1 − alpha.

    p₁ − p₀ ± √V · √( (2(tρ²+1)/(tρ²)) · ln(√(tρ²+1)/α) ) with t = n₁ + n₀, V the variance of the difference, and ρ
    tuned to be tightest at ``planned_total`` customers. Nothing is said before the sequence may start.
    """
    total, events = treated.n + holdout.n, treated.successes + holdout.successes
    scarce = too_few(treated, holdout, FEWEST_PEEK)
    if not scarce and events < FEWEST_PEEK_EVENTS:
        params = {"treated": treated.n, "holdout": holdout.n, "responses": events, "needed": FEWEST_PEEK_EVENTS}
        scarce = (Finding("experiments.few_responses", Severity.S4, "experiment", params=params),)
    if scarce:
        return Comparison(None, None, None, "always_valid", scarce)
    difference, error = _difference(treated, holdout)
    tuned = total * _rho_squared(max(planned_total, 1), alpha)
    half = error * math.sqrt(2 * (tuned + 1) / tuned * math.log(math.sqrt(tuned + 1) / alpha))
    interval = Interval(difference, max(-1.0, difference - half), min(1.0, difference + half), 1 - alpha)
    return Comparison(interval, None, _always_p(difference, error, tuned), "always_valid")


def _rho_squared(total: int, alpha: float) -> float:
    """ρ² that makes the sequence tightest at ``total``: (−2 ln α + ln(−2 ln α) + 1)/total."""
    return (-2 * math.log(alpha) + math.log(-2 * math.log(alpha)) + 1) / total


def _always_p(difference: float, error: float, tuned: float) -> float:
    """The smallest alpha whose sequence leaves out zero: √(tρ²+1) · exp(−z² tρ²/(2(tρ²+1)))."""
    if error == 0:
        return 1.0
    z = difference / error
    return min(1.0, math.sqrt(tuned + 1) * math.exp(-z * z * tuned / (2 * (tuned + 1))))


def _difference(treated: Counts, holdout: Counts) -> tuple[float, float]:
    """p₁ − p₀ and its standard error with one success and failure added to each arm (Agresti–Caffo's variance)."""
    p1, p0 = (treated.successes + 1) / (treated.n + 2), (holdout.successes + 1) / (holdout.n + 2)
    variance = p1 * (1 - p1) / (treated.n + 2) + p0 * (1 - p0) / (holdout.n + 2)
    return treated.rate - holdout.rate, math.sqrt(variance)
