"""Is the experiment sound: did the arms get the customers that their shares promise?"""

from collections.abc import Sequence

from scipy.special import chdtrc

from linghang.base.findings import Finding, Severity
from linghang.experiments.model import Arm, SampleRatio

SUSPICIOUS = 0.0005
"""Below this p-value a mismatch is reported: the check runs often, so the usual 0.05 would cry wolf."""


def sample_ratio(counts: Sequence[int], arms: Sequence[Arm]) -> SampleRatio:
    """Pearson's chi-square of the counts against the arms' shares (Fabijan et al., KDD 2019).

    Raises ValueError if counts and arms do not pair up.
    """
    if len(counts) != len(arms):
        raise ValueError(f"{len(counts)} counts for {len(arms)} arms")
    total = sum(counts)
    expected = tuple(total * arm.share for arm in arms)
    statistic = sum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True) if e > 0)
    stray = any(n and not e for n, e in zip(counts, expected, strict=True))
    p_value = 0.0 if stray else float(chdtrc(max(1, len(arms) - 1), statistic))
    mismatch = total > 0 and p_value < SUSPICIOUS
    findings: tuple[Finding, ...] = ()
    if mismatch:
        params = {"p": round(p_value, 6), "counts": str(list(counts)), "expected": str([round(e) for e in expected])}
        findings = (Finding("experiments.ratio_mismatch", Severity.S2, "experiment", params=params),)
    return SampleRatio(p_value, mismatch, expected, findings)
