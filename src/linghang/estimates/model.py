"""Values of estimates: the campaign-level effect, the funnel, scores against what came true."""

from dataclasses import dataclass

from linghang.base.findings import Finding
from linghang.campaigns.sections import Allocation, Estimate


@dataclass(frozen=True)
class CampaignEffect:
    """How a new campaign's rate may differ from the model's, on the logit scale: shift, scale and Student's freedom.

    ``campaigns`` is how many finished ones stand behind it; ``between_sd`` how much campaigns differ (τ).
    """

    shift: float
    sd: float
    between_sd: float
    campaigns: int
    simulated: bool = False

    @property
    def freedom(self) -> int:
        """Few campaigns know τ badly, so the next one follows Student's t (Higgins et al., JRSS A 2009: k − 2)."""
        return max(3, self.campaigns - 2)


@dataclass(frozen=True)
class Stage:
    """A stage of the funnel: ``count`` = the stage before × ``rate``."""

    name: str
    count: float
    rate: float


@dataclass(frozen=True)
class Target:
    """A KPI target against the estimate: the chance to meet it, and what it would take (solved backwards)."""

    metric: str
    wanted: float
    expected: float | None
    chance: float | None
    needed_customers: int | None
    needed_budget_fen: int | None


@dataclass(frozen=True)
class Estimated:
    """The section ``estimate`` with its funnel, the target's check, findings, and the allocation with its costs."""

    estimate: Estimate
    funnel: tuple[Stage, ...]
    target: Target | None = None
    findings: tuple[Finding, ...] = ()
    allocation: Allocation | None = None


@dataclass(frozen=True)
class Score:
    """One figure of an estimate against the outcome: was the truth inside the interval, and how far off the value."""

    name: str
    value: float
    low: float
    high: float
    actual: float
    inside: bool
    relative_error: float | None
