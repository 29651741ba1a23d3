"""Skills of experiments: how many customers it takes, and whether a difference is one."""

from linghang.base.errors import UsageError
from linghang.experiments.design import design
from linghang.experiments.model import Comparison, Counts, Design
from linghang.experiments.proportions import compare
from linghang.experiments.sequential import read_always
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill(
    "experiment.design",
    effect="read",
    permission="analysis.read",
    cacheable=True,
    example={"customers": 50_000, "holdout_pct": 10, "base_rate": 0.02, "expected_lift": 0.004},
)
def plan(
    ctx: Context,
    customers: int,
    holdout_pct: float,
    base_rate: float,
    expected_lift: float,
    alpha: float = 0.05,
    power: float = 0.8,
) -> Design:
    """What an experiment of so many customers can show: arms, the smallest visible effect, power, and what it lacks."""
    try:
        return design(
            salt="",
            customers=customers,
            holdout_pct=holdout_pct,
            base_rate=base_rate,
            expected_lift=expected_lift,
            primary="conversion_rate",
            alpha=alpha,
            power=power,
        )
    except ValueError as error:
        raise UsageError("experiments.impossible", reason=str(error)) from error


@skill(
    "experiment.compare",
    effect="read",
    permission="analysis.read",
    cacheable=True,
    example={"treated": 9000, "treated_responses": 270, "holdout": 1000, "holdout_responses": 20},
)
def against(
    ctx: Context,
    treated: int,
    treated_responses: int,
    holdout: int,
    holdout_responses: int,
    planned_total: int = 0,
) -> Comparison:
    """Treated against holdout: difference, lift, p-value. With ``planned_total`` it may be asked at any time."""
    try:
        one, zero = Counts(treated, treated_responses), Counts(holdout, holdout_responses)
    except ValueError as error:
        raise UsageError("experiments.impossible", reason=str(error)) from error
    return read_always(one, zero, planned_total=planned_total) if planned_total else compare(one, zero)
