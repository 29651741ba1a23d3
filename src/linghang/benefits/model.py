"""Values of benefits: options for a layer, settings of a plan, results, and the ledger's grants and balances."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linghang.base.findings import Finding
from linghang.campaigns.sections import Allocation, PlanId
from linghang.packs.model import Benefit

NO_BENEFIT = ""


@dataclass(frozen=True)
class Option:
    """What one customer of a layer may get: channels that touch, a benefit or none, its price and its effect.

    ``contact_fen100`` is the sure cost of the touches in hundredths of a fen; ``claim_ppm`` how many of a million
    customers come and take the benefit, ``redeem_ppm`` how many use it; ``response`` the expected share that responds;
    ``gain`` what of it is more than without any contact; ``value`` the gain, shrunk, as a careful plan counts it.
    """

    channels: tuple[str, ...]
    benefit: str
    face_fen: int
    contact_fen100: int
    claim_ppm: int
    redeem_ppm: int
    response: float
    gain: float
    value: float

    @property
    def id(self) -> str:
        """Channels and benefit in one word."""
        return "+".join(self.channels) + ("/" + self.benefit if self.benefit else "")


@dataclass(frozen=True)
class Excluded:
    """A benefit that may not be given here, and why."""

    benefit: str
    code: str
    params: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """How a plan spends: its share of the budget, how sure it wants to be, how deep it gives, whom it keeps back.

    ``caution`` is how many standard errors (log scale) an effect is lowered before it is compared; ``benefit_share``
    the most of the budget that benefits may bind; ``depth`` the share of the benefits, cheapest first, it may use;
    ``pays_back`` leaves out options whose expected cost is above the margin of what they bring.
    """

    id: PlanId
    budget_share: float
    caution: float
    benefit_share: float
    depth: float
    holdout_pct: float
    pays_back: bool = False


@dataclass(frozen=True)
class Stock:
    """What is left to give: fen per pool, pieces per benefit. An absent name is not limited by it."""

    pools: Mapping[str, int] = field(default_factory=dict)
    benefits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Allocated:
    """An allocation with what was excluded and what a person should know."""

    allocation: Allocation
    excluded: tuple[Excluded, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Candidates:
    """Benefits that a campaign may give, and those that it may not with the reason."""

    benefits: tuple[Benefit, ...]
    excluded: tuple[Excluded, ...] = ()
    findings: tuple[Finding, ...] = ()


GrantState = Literal["reserved", "issued", "redeemed", "expired", "reclaimed"]


@dataclass(frozen=True)
class Grant:
    """One right of one customer, as the ledger's rows say it stands."""

    id: str
    package: str
    benefit: str
    pool: str
    customer: int
    face_fen: int
    state: GrantState
    at: dt.datetime
    expires: dt.datetime | None = None
    redeemed_fen: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why nothing was granted: ``benefits.stock_out``, ``benefits.pool_empty``, ``benefits.customer_cap`` …"""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Balance:
    """Where a pool, a package or a benefit stands. ``held`` is bound or spent, in fen or pieces; held ≤ total."""

    scope: str
    total: int
    held: int
    reserved: int = 0
    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    reclaimed: int = 0
    redeemed_fen: int = 0

    @property
    def left(self) -> int:
        """What can still be granted."""
        return self.total - self.held
