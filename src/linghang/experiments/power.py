"""Power, sample size and smallest visible effect for two arms of unequal size.

Symbols: p₀ rate of the holdout, δ absolute difference, p₁ = p₀ + δ, n₁ and n₀ customers, k = n₁/n₀,
p̄ = (k·p₁ + p₀)/(k + 1), z_α the two-sided and z_β the one-sided normal quantile.
Reference: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions (3rd ed. 2003), section 4.4.
"""

import math

from scipy.special import ndtr, ndtri

from linghang.experiments.roots import crossing


def sample_size(base_rate: float, lift: float, *, ratio: float = 1.0, alpha: float = 0.05, power: float = 0.8) -> int:
    """Customers that the holdout needs so that a difference ``lift`` is seen; the treated need ``ratio`` times that.

    n₀ = [z_α √((1 + 1/k) p̄(1−p̄)) + z_β √(p₁(1−p₁)/k + p₀(1−p₀))]² / δ², rounded up.
    Raises ValueError for a lift of zero or rates outside (0, 1).
    """
    treated_rate = base_rate + lift
    if lift == 0 or not (0 <= base_rate <= 1 and 0 <= treated_rate <= 1) or ratio <= 0:
        raise ValueError(f"no sample size for a base rate {base_rate}, lift {lift} and ratio {ratio}")
    mean = (ratio * treated_rate + base_rate) / (ratio + 1)
    null = _z(alpha) * math.sqrt((1 + 1 / ratio) * mean * (1 - mean))
    alternative = float(ndtri(power)) * math.sqrt(
        treated_rate * (1 - treated_rate) / ratio + base_rate * (1 - base_rate)
    )
    return math.ceil(((null + alternative) / lift) ** 2)


def power_of(base_rate: float, lift: float, treated: int, holdout: int, *, alpha: float = 0.05) -> float:
    """The chance that a difference ``lift`` is seen with these customers; 0 if an arm is empty.

    Φ((|δ| − z_α σ₀)/σ₁) with the pooled σ₀ under the null and the unpooled σ₁ under the alternative.
    """
    if min(treated, holdout) <= 0:
        return 0.0
    treated_rate = base_rate + lift
    if not 0 <= treated_rate <= 1:
        raise ValueError(f"a rate of {treated_rate} cannot be")
    mean = (treated * treated_rate + holdout * base_rate) / (treated + holdout)
    null = math.sqrt(mean * (1 - mean) * (1 / treated + 1 / holdout))
    alternative = math.sqrt(treated_rate * (1 - treated_rate) / treated + base_rate * (1 - base_rate) / holdout)
    if alternative == 0:
        return 0.0
    return float(ndtr((abs(lift) - _z(alpha) * null) / alternative))


def smallest_effect(
    base_rate: float, treated: int, holdout: int, *, alpha: float = 0.05, power: float = 0.8
) -> float | None:
    """The smallest increase that is seen with ``power`` (MDE, absolute), or None if no increase would be."""
    room = 1.0 - base_rate
    if min(treated, holdout) <= 0 or room <= 0:
        return None

    def short(lift: float) -> float:
        return power_of(base_rate, lift, treated, holdout, alpha=alpha) - power

    # At the very edge p₁ = 1 the alternative's variance may vanish, so stop a hair before it.
    top = room * (1 - 1e-9)
    if short(top) < 0:
        return None
    return crossing(short, 0.0, top)


def sample_size_mean(sd: float, lift: float, *, ratio: float = 1.0, alpha: float = 0.05, power: float = 0.8) -> int:
    """Customers that the holdout needs for a mean with standard deviation ``sd``: (z_α+z_β)² σ² (1+1/k)/δ²."""
    if lift == 0 or sd <= 0 or ratio <= 0:
        raise ValueError(f"no sample size for a deviation {sd}, lift {lift} and ratio {ratio}")
    return math.ceil((_z(alpha) + float(ndtri(power))) ** 2 * sd * sd * (1 + 1 / ratio) / (lift * lift))


def _z(alpha: float) -> float:
    return float(ndtri(1 - alpha / 2))
