"""The plan of the experiment: arms, what can be seen with so many customers, and whether that is enough."""

from collections.abc import Sequence

from linghang.base.findings import Finding, Severity
from linghang.experiments.assignment import HOLDOUT, arms_for
from linghang.experiments.model import Arm, Design
from linghang.experiments.power import power_of, sample_size, smallest_effect

LEAST_HOLDOUT_PCT = 5.0
"""A holdout below this share is advised against: increments of later campaigns would rest on too few."""


def design(
    *,
    salt: str,
    customers: int,
    holdout_pct: float,
    base_rate: float,
    expected_lift: float,
    primary: str,
    guardrails: Sequence[str] = (),
    variants: Sequence[tuple[str, float]] = (("treated", 1.0),),
    alpha: float = 0.05,
    power: float = 0.8,
) -> Design:
    """The design for an audience of ``customers``; ``expected_lift`` is an absolute difference of shares.

    Arms' sizes are expected ones: the hash decides the exact ones. Too few customers, no holdout or a small one are
    findings. Raises ValueError for a holdout outside 0–100 or a base rate outside [0, 1).
    """
    if not 0 <= base_rate < 1:
        raise ValueError(f"a base rate of {base_rate} cannot be")
    arms = arms_for(holdout_pct, variants)
    holdout = round(customers * sum(arm.share for arm in arms if arm.id == HOLDOUT))
    treated = customers - holdout
    effect = smallest_effect(base_rate, treated, holdout, alpha=alpha, power=power)
    enough = effect is not None and 0 < effect <= expected_lift
    lift = min(max(expected_lift, 0.0), 1 - base_rate)
    reached = power_of(base_rate, lift, treated, holdout, alpha=alpha) if holdout else 0.0
    findings = (*_about_holdout(arms, holdout_pct), *_about_size(enough, effect, base_rate, lift, customers, holdout))
    return Design(
        salt=salt,
        arms=arms,
        primary=primary,
        guardrails=tuple(guardrails),
        base_rate=base_rate,
        expected_lift=expected_lift,
        mde=effect if effect is not None else 1.0,
        alpha=alpha,
        power=reached,
        treated=treated,
        holdout=holdout,
        enough=enough,
        findings=findings,
    )


def _about_holdout(arms: tuple[Arm, ...], holdout_pct: float) -> tuple[Finding, ...]:
    if arms[0].id != HOLDOUT:
        return (Finding("experiments.no_holdout", Severity.S3, "experiment"),)
    if holdout_pct < LEAST_HOLDOUT_PCT:
        params = {"holdout_pct": holdout_pct, "least": LEAST_HOLDOUT_PCT}
        return (Finding("experiments.small_holdout", Severity.S4, "experiment", params=params),)
    return ()


def _about_size(
    enough: bool, effect: float | None, base_rate: float, lift: float, customers: int, holdout: int
) -> tuple[Finding, ...]:
    if enough or not holdout:
        return ()
    needed = needed_customers(base_rate, lift, holdout / customers)
    if needed is None:
        return (Finding("experiments.no_lift", Severity.S4, "experiment"),)
    params: dict[str, str | int | float | bool | None] = {
        "customers": customers,
        "mde": 100.0 if effect is None else round(effect * 100, 2),
        "expected": round(lift * 100, 2),
        "needed": needed,
    }
    return (Finding("experiments.underpowered", Severity.S4, "experiment", params=params),)


def needed_customers(
    base_rate: float, lift: float, holdout_share: float, alpha: float = 0.05, power: float = 0.8
) -> int | None:
    """How many customers in all (treated and holdout) would show ``lift``, or None if no number does."""
    if lift <= 0 or not 0 < holdout_share < 1 or base_rate + lift > 1:
        return None
    ratio = (1 - holdout_share) / holdout_share
    return round(sample_size(base_rate, lift, ratio=ratio, alpha=alpha, power=power) / holdout_share)
