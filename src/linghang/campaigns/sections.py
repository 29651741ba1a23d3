"""The values that a campaign document holds, one frozen type a section, in the order that a campaign walks.

Given sections are what people said (``Brief``); all others are derived from named inputs. Money is in fen, shares
are 0–1, dates are days of the institution's zone. Texts for people that are not marketing copy are codes.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linghang.base.findings import Finding
from linghang.base.predicates import Rule
from linghang.campaigns.given import Brief as Brief
from linghang.campaigns.given import Choice as Choice
from linghang.campaigns.given import Edit as Edit
from linghang.campaigns.given import Json as Json
from linghang.campaigns.given import Pin as Pin
from linghang.campaigns.given import Pins as Pins
from linghang.campaigns.given import PlanId as PlanId
from linghang.campaigns.given import Retouch as Retouch
from linghang.campaigns.shown import Block as Block
from linghang.campaigns.shown import Copy as Copy
from linghang.campaigns.shown import Creative as Creative
from linghang.campaigns.shown import Creatives as Creatives
from linghang.campaigns.shown import Page as Page
from linghang.campaigns.shown import Texts as Texts
from linghang.campaigns.shown import Variant as Variant
from linghang.campaigns.shown import Variants as Variants
from linghang.packs.model import Benefit


@dataclass(frozen=True)
class Assumption:
    """Something inferred and not said: shown as a chip that one click edits. ``code`` says why, ``key`` what."""

    key: str
    value: Json
    code: str
    params: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadingValue:
    """What the brief means after all edits: the contract's ``reading``, with what supports or was assumed for it.

    ``spans`` maps a key to the half-open ranges of the text that say it.
    """

    kind: str
    reading: Mapping[str, Json]
    spans: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    confidence: float = 1.0


@dataclass(frozen=True)
class Phase:
    """A part of the campaign's window: 预热 warm_up, 爆发 burst, 返场 encore, or main. Both days included.

    ``channels`` are those that speak in this phase; none named, all of the campaign's do.
    """

    id: str
    start: dt.date
    end: dt.date
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """What the campaign is for, with every blank filled: product of the pack, window, phases, budget, channels."""

    name: str
    objective: str
    product: str
    product_kind: str
    playbook: str
    level: Literal["S", "A", "B", "C"]
    start: dt.date
    end: dt.date
    phases: tuple[Phase, ...]
    budget_fen: int
    channels: tuple[str, ...]
    slots: tuple[str, ...]
    kpi: str
    holdout_pct: float
    tone: str
    style: str = ""
    colours: tuple[str, ...] = ()
    offer: Mapping[str, Json] = field(default_factory=dict)
    target: Mapping[str, Json] = field(default_factory=dict)
    start_time: str = ""
    recurrence: str = ""
    copy_rules: Mapping[str, Json] = field(default_factory=dict)
    forbidden_words: tuple[str, ...] = ()
    send_window: Mapping[str, Json] = field(default_factory=dict)
    freq_cap: Mapping[str, Json] = field(default_factory=dict)
    festival: str = ""
    lang: Literal["zh", "en"] = "zh"
    script: Literal["", "hant"] = ""
    """``hant``: what customers see is in Traditional characters."""
    assumptions: tuple[Assumption, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One bar of the waterfall: what a condition leaves and removes; ``unknown`` of the removed had no value."""

    rule: Rule | None
    remaining: int
    removed: int
    unknown: int = 0


@dataclass(frozen=True)
class Bar:
    """A value of a profile's dimension: customers, share of the audience, index against all customers (100 = same)."""

    value: str
    count: int
    share: float
    index: float


@dataclass(frozen=True)
class Dimension:
    """The audience along one attribute."""

    field: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Removed:
    """How many customers a reason (suitability, consent, contact policy) takes out, after the reasons before it."""

    code: str
    count: int
    params: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """Who is addressed: the rule, the exact count, what each condition and reason removes, profile and snapshot.

    ``matched`` satisfy the rule; ``count`` of them may be addressed at all. ``snapshot`` is the content hash of the
    sorted dense numbers; ``reach`` counts customers per channel after consent.
    """

    rule: Rule
    base: int
    matched: int
    count: int
    steps: tuple[Step, ...]
    removed: tuple[Removed, ...]
    profile: tuple[Dimension, ...]
    reach: Mapping[str, int]
    snapshot: str
    generation: str
    as_of: dt.datetime


@dataclass(frozen=True)
class Layer:
    """A part of the audience by a rule that a person can read. Layers are disjoint and cover the audience."""

    id: str
    code: str
    rule: Rule
    count: int
    params: Mapping[str, Json] = field(default_factory=dict)
    snapshot: str = ""
    base_rate: float = 0.0
    """Expected response without any contact or benefit, a share."""


@dataclass(frozen=True)
class Layers:
    """The audience cut into layers by ``attribute``."""

    attribute: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Allotment:
    """What one layer gets by one option: customers, channels that touch them, benefit, cost and expected effect.

    ``unit_fen100`` is the expected cost of one customer in hundredths of a fen (contacts and redemption);
    ``liability_fen`` the most that the benefit can cost (issued × face); ``incremental`` expected extra responses.
    ``grants`` is how many benefits may be issued at most, ``contact_fen`` the sure cost of the touches.
    """

    layer: str
    channels: tuple[str, ...]
    benefit: str
    customers: int
    unit_fen100: int
    cost_fen: int
    liability_fen: int
    response: float
    incremental: float
    grants: int = 0
    contact_fen: int = 0


@dataclass(frozen=True)
class Allocation:
    """How the budget is used. ``price`` is the dual price: extra responses that one more yuan would buy.

    ``committed_fen`` is bound at once: contacts and every grant at full face value; never above ``budget_fen``.
    ``granted`` are the benefits as this campaign gives them: the pack's, or made to the brief's words.
    """

    budget_fen: int
    committed_fen: int
    allotments: tuple[Allotment, ...]
    price: float
    pool: str = ""
    benefits: tuple[str, ...] = ()
    granted: tuple[Benefit, ...] = ()

    @property
    def gifts(self) -> tuple[tuple[str, str], ...]:
        """Which layer gets which benefit (empty: none): all that copy and pictures need, and no figure."""
        pairs = sorted({(item.layer, item.benefit) for item in self.allotments})
        given = {layer for layer, benefit in pairs if benefit}
        return tuple((layer, benefit) for layer, benefit in pairs if benefit or layer not in given)


@dataclass(frozen=True)
class Figure:
    """An estimate with its interval: 5 % to 95 %. ``basis`` is a code that says what it rests on."""

    name: str
    value: float
    low: float
    high: float
    unit: Literal["count", "share", "fen", "ratio"]
    basis: str = ""


@dataclass(frozen=True)
class Alternative:
    """One of the plans side by side: its settings, allocation and what is expected of it."""

    id: PlanId
    budget_share: float
    holdout_pct: float
    allocation: Allocation
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Plans:
    """The alternatives; which is taken is the given section ``choice``."""

    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Placement:
    """Where and when a layer's variants run: days (both included), local hours, customers to reach each day."""

    id: str
    channel: str
    slot: str
    phase: str
    start: dt.date
    end: dt.date
    hours: tuple[str, str]
    daily: tuple[int, ...]
    priority: int = 0


@dataclass(frozen=True)
class Placements:
    """The calendar of the campaign."""

    placements: tuple[Placement, ...]


@dataclass(frozen=True)
class Arm:
    """An arm of the experiment with its share of customers."""

    id: str
    share: float


@dataclass(frozen=True)
class Experiment:
    """How we will know: arms by hash of salt and customer, the effect that can be seen, and whether it is enough.

    ``mde`` is the smallest absolute effect seen with ``power`` at ``alpha`` (two-sided), given ``base_rate``.
    """

    salt: str
    arms: tuple[Arm, ...]
    primary: str
    guardrails: tuple[str, ...]
    base_rate: float
    expected_lift: float
    mde: float
    alpha: float
    power: float
    treated: int
    holdout: int
    enough: bool


@dataclass(frozen=True)
class Estimate:
    """What is expected of the chosen plan, with intervals and what they rest on."""

    figures: tuple[Figure, ...]
    campaigns: int
    """How many finished campaigns stand behind the rates."""
    simulated: bool = False
    target_reachable: bool | None = None


@dataclass(frozen=True)
class AssetCheck:
    """The verdict on one asset (a text, a picture's text, a page)."""

    asset: str
    kind: Literal["copy", "picture", "page", "message"]
    place: str
    verdict: Literal["compliant", "violating"]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...] = ()
    not_evaluated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """The compliance review of all assets by the rules in force on the launch date."""

    launch: dt.date
    jurisdiction: str
    rules: int
    rules_digest: str
    assets: tuple[AssetCheck, ...]
    verdict: Literal["compliant", "violating"]


SECTIONS: Mapping[str, type] = {
    "brief": Brief,
    "choice": Choice,
    "pins": Pins,
    "reading": ReadingValue,
    "goal": Goal,
    "audience": Audience,
    "layers": Layers,
    "plans": Plans,
    "benefits": Allocation,
    "copy": Texts,
    "creatives": Creatives,
    "combinations": Variants,
    "page": Page,
    "placements": Placements,
    "experiment": Experiment,
    "estimate": Estimate,
    "compliance": Review,
}
"""Section name → type of its value, in the order of the walk."""

GIVEN = frozenset({"brief", "choice", "pins"})
"""The sections that people write; the compiler never does."""
