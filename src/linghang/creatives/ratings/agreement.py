"""How far raters agree, and how sure a share is."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import NormalDist


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Krippendorff's α for nominal values; each unit is what its raters said, in any order.

    α = 1 − Dₒ/Dₑ with the coincidences of pairable values (K. Krippendorff, Computing Krippendorff's
    Alpha-Reliability, 2011). Units with fewer than two values tell nothing. None where nothing is pairable, or where
    all said the same of everything, so that chance agreement is certain too.
    """
    coincidences: Counter[tuple[Hashable, Hashable]] = Counter()
    for values in units:
        if len(values) < 2:
            continue
        counted = Counter(values)
        for one, times in counted.items():
            for other, again in counted.items():
                pairs = times * (again - (one == other))
                coincidences[one, other] += pairs / (len(values) - 1)  # type: ignore[assignment] - a Counter of floats
    totals: Counter[Hashable] = Counter()
    for (one, _), weight in coincidences.items():
        totals[one] += weight  # type: ignore[assignment]
    n = sum(totals.values())
    if n < 2:
        return None
    observed = sum(weight for (one, other), weight in coincidences.items() if one != other) / n
    expected = (n * n - sum(weight * weight for weight in totals.values())) / (n * (n - 1))
    return None if expected == 0 else 1 - observed / expected


def flag_agreement(said: Mapping[str, Sequence[frozenset[str]]], flags: Sequence[str]) -> Mapping[str, float | None]:
    """α for each flag and for ``usable``. ``said`` maps a candidate to the flag sets that its raters gave."""
    table = {flag: krippendorff_alpha([[flag in one for one in sets] for sets in said.values()]) for flag in flags}
    return table | {"usable": krippendorff_alpha([[not one for one in sets] for sets in said.values()])}


def wilson(successes: int, of: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927); None where nothing was counted."""
    if of <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    # At the ends the interval ends at the share itself; rounding must not move it past.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return low, 1.0 if successes == of else min(1.0, middle + half)
