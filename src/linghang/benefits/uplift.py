"""Values that an optimiser may use: effects shrunk towards what they have in common, uplift scores calibrated.

References: Morris (JASA 1983) for empirical Bayes; DerSimonian & Laird (1986) for the spread; isotonic calibration by
pooling adjacent violators (Ayer et al. 1955) on uplift measured by inverse propensity within bins of the score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


def shrink(effects: Sequence[float], errors: Sequence[float]) -> tuple[float, ...]:
    """Effects pulled to their precision-weighted mean, the more the noisier: posterior means of a normal model.

    Raises ValueError for errors that are not above zero or do not pair up with the effects.
    """
    if len(effects) != len(errors) or any(error <= 0 for error in errors):
        raise ValueError("every effect needs a standard error above zero")
    if len(effects) < 3:
        # Two effects cannot tell their spread from their noise.
        return tuple(effects)
    weights = [1 / error**2 for error in errors]
    mean = math.fsum(w * e for w, e in zip(weights, effects, strict=True)) / math.fsum(weights)
    q = math.fsum(w * (e - mean) ** 2 for w, e in zip(weights, effects, strict=True))
    scale = math.fsum(weights) - math.fsum(w * w for w in weights) / math.fsum(weights)
    tau2 = max(0.0, (q - (len(effects) - 1)) / scale)
    if tau2 == 0:
        return tuple(mean for _ in effects)
    again = [1 / (tau2 + error**2) for error in errors]
    centre = math.fsum(w * e for w, e in zip(again, effects, strict=True)) / math.fsum(again)
    return tuple(
        centre + tau2 / (tau2 + error**2) * (effect - centre) for effect, error in zip(effects, errors, strict=True)
    )


@dataclass(frozen=True)
class Calibration:
    """A rising staircase from scores to uplift: ``values[i]`` holds from ``edges[i]`` up to the next edge."""

    edges: tuple[float, ...]
    values: tuple[float, ...]

    def apply(self, scores: ArrayLike) -> NDArray[np.float32]:
        """The calibrated uplift of each score."""
        places = np.searchsorted(np.asarray(self.edges), np.asarray(scores, dtype=np.float64), side="right") - 1
        return np.asarray(self.values, dtype=np.float32)[np.maximum(places, 0)]


def calibrate(
    scores: ArrayLike, treated: ArrayLike, responses: ArrayLike, *, propensity: float, bins: int = 20
) -> Calibration:
    """The staircase on held-out randomised data: uplift by IPS in bins of the score, neighbours pooled until it rises.

    Raises ValueError for a propensity outside (0, 1) or fewer customers than bins.
    """
    s, t, y = (np.asarray(values, dtype=np.float64) for values in (scores, treated, responses))
    if not 0 < propensity < 1 or len(s) < bins or not s.shape == t.shape == y.shape:
        raise ValueError("calibration needs a propensity within (0, 1) and at least a customer a bin")
    order = np.argsort(s, kind="stable")
    weighted = (y * (t / propensity - (1 - t) / (1 - propensity)))[order]
    parts = np.array_split(np.arange(len(s)), bins)
    starts = [float(s[order[part[0]]]) for part in parts]
    blocks: list[tuple[float, float, int]] = []  # sum, start, customers
    for part, start in zip(parts, starts, strict=True):
        blocks.append((float(weighted[part].sum()), start, len(part)))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][2] >= blocks[-1][0] / blocks[-1][2]:
            late, early = blocks.pop(), blocks.pop()
            blocks.append((early[0] + late[0], early[1], early[2] + late[2]))
    return Calibration(tuple(start for _, start, _ in blocks), tuple(total / n for total, _, n in blocks))
