"""The gate: a personalised policy is used only if it beats the best constant one on held-out randomised data.

Symbols: customer i got arm aᵢ with probability pᵢ and brought rᵢ (margin less cost); the personalised policy would
give πᵢ. Value of a policy: mean of 1[aᵢ = πᵢ]·rᵢ/pᵢ; the difference to the best constant arm is estimated on the same
rows, so its variance is that of the rows on which the two disagree. Choosing the best arm on these rows favours the
constant policy, which is the safe side.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from linghang.base.findings import Finding, Severity
from linghang.experiments import Interval

FEWEST_ROWS = 200
FEWEST_POSITIVES = 30


@dataclass(frozen=True)
class Gate:
    """Whether the personalised policy may be used; ``difference`` is None where data cannot tell: then it may not."""

    passed: bool
    best_constant: int
    constants: Mapping[int, float]
    personal: float | None
    difference: Interval | None
    findings: tuple[Finding, ...] = ()


def gate(
    rewards: ArrayLike, arms: ArrayLike, propensities: ArrayLike, personal: ArrayLike, *, level: float = 0.9
) -> Gate:
    """Compare on held-out rows. The policy passes if the interval of the difference lies above zero.

    Raises ValueError for lengths that differ or propensities outside (0, 1].
    """
    r, p = np.asarray(rewards, dtype=np.float64), np.asarray(propensities, dtype=np.float64)
    a, wanted = np.asarray(arms), np.asarray(personal)
    if not r.shape == p.shape == a.shape == wanted.shape or (p.size and (p.min() <= 0 or p.max() > 1)):
        raise ValueError("rows must be of one length, with propensities in (0, 1]")
    weighted = r / p
    constants = {int(arm): float(np.where(a == arm, weighted, 0.0).mean()) for arm in np.unique(a)}
    best = max(sorted(constants), key=constants.__getitem__, default=-1)
    matched = a == wanted
    positives = int((r[matched] > 0).sum())
    if int(matched.sum()) < FEWEST_ROWS or positives < FEWEST_POSITIVES:
        params = {"rows": int(matched.sum()), "positives": positives, "needed_rows": FEWEST_ROWS}
        finding = Finding("benefits.gate_too_thin", Severity.S4, "policy", params=params)
        return Gate(False, best, constants, None, None, (finding,))
    each = np.where(matched, weighted, 0.0) - np.where(a == best, weighted, 0.0)
    value = float(each.mean())
    half = float(ndtri(0.5 + level / 2)) * float(each.std(ddof=1)) / math.sqrt(len(each))
    difference = Interval(value, value - half, value + half, level)
    personal_value = float(np.where(matched, weighted, 0.0).mean())
    findings: tuple[Finding, ...] = ()
    if difference.low <= 0:
        params = {"difference": round(value, 6), "low": round(difference.low, 6), "high": round(difference.high, 6)}
        findings = (Finding("benefits.gate_closed", Severity.S4, "policy", params=params),)
    return Gate(difference.low > 0, best, constants, personal_value, difference, findings)
