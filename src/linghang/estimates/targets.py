"""The planner's arithmetic check: can the KPI target be met, and what would it take? Solved backwards."""

import math
from collections.abc import Mapping

import numpy as np

from linghang.base.findings import Finding, Severity
from linghang.campaigns.sections import Allocation, Goal
from linghang.estimates.drawing import Draws
from linghang.estimates.model import Target

FIGURE: Mapping[str, str] = {
    "orders": "responses",
    "new_customers": "responses",
    "activations": "responses",
    "sip_users": "responses",
    "conversions": "responses",
    "conversion_rate": "response_rate",
    "activation_rate": "response_rate",
    "first_purchase_rate": "response_rate",
    "draw_rate": "response_rate",
    "reach": "reach",
    "clicks": "clicks",
    "redemptions": "redemptions",
    "uplift": "uplift",
    "roi": "roi",
    "cost_cny": "cost",
    "cac_cny": "cost_per_incremental",
    "gmv_cny": "volume",
    "net_inflow_cny": "volume",
    "aum_change_cny": "volume",
}
"""Metric of a target → figure of the estimate; metrics in yuan are compared in fen."""
SUMS = frozenset({"responses", "reach", "clicks", "redemptions", "volume"})
"""Figures that grow with the audience, so that a larger one can be solved for."""


def target_of(goal: Goal, allocation: Allocation, samples: Mapping[str, Draws]) -> Target | None:
    """The goal's target against the draws; None without a target. A metric that nothing estimates has no chance."""
    metric, wanted = str(goal.target.get("metric", goal.kpi)), goal.target.get("value")
    if not isinstance(wanted, int | float):
        return None
    name = FIGURE.get(metric, "")
    sample = samples.get(name)
    if sample is None:
        return Target(metric, float(wanted), None, None, None, None)
    goal_value = float(wanted) * (100 if metric.endswith("_cny") else 1)
    at_most = str(goal.target.get("op", "ge")) in ("le", "lt")
    chance = float(np.mean(sample <= goal_value if at_most else sample >= goal_value))
    expected = float(np.median(sample))
    customers, budget = (None, None) if at_most else _needed(name, goal_value, expected, allocation)
    return Target(metric, goal_value, expected, chance, customers, budget)


def _needed(name: str, wanted: float, expected: float, allocation: Allocation) -> tuple[int | None, int | None]:
    """Customers and budget at the same rates and the same price each: wanted/expected times today's."""
    if name not in SUMS or expected <= 0:
        return None, None
    times = wanted / expected
    customers = sum(item.customers for item in allocation.allotments)
    return math.ceil(customers * times), math.ceil(allocation.committed_fen * times)


def about_target(target: Target | None) -> tuple[Finding, ...]:
    """What a person should know of the target: unknown, out of reach (with what it takes), or doubtful."""
    if target is None:
        return ()
    if target.chance is None:
        return (
            Finding("estimates.target_not_estimated", Severity.S4, "goal.target", params={"metric": target.metric}),
        )
    if target.chance >= 0.5:
        return ()
    code = "estimates.target_solved" if target.needed_customers else "estimates.target_unlikely"
    params = {
        "metric": target.metric,
        "wanted": target.wanted,
        "expected": target.expected,
        "chance": target.chance,
        "customers": target.needed_customers,
        "budget_yuan": None if target.needed_budget_fen is None else target.needed_budget_fen / 100,
    }
    return (Finding(code, Severity.S3, "goal.target", params=params),)
