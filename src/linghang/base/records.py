"""The shared frozen records: facts that several rooms write and read, the same in all of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Event:
    """Something that a customer did or that happened to one. ``customer`` is the dense number.

    ``key`` makes ingestion idempotent: two events with one key are one event. ``object`` is what it was done to:
    a product, a page, a benefit.
    """

    institution_id: str
    customer: int
    name: str
    at: dt.datetime
    key: str
    campaign_id: str = ""
    package: str = ""
    channel: str = ""
    slot: str = ""
    layer: str = ""
    object: str = ""
    amount_fen: int = 0
    source: str = "import"
    """Who observed it: ``import``, ``app`` or ``simulated``; reports label simulated ones."""


@dataclass(frozen=True)
class DecisionRecord:
    """What was decided for one customer at one moment, with the reason for every option, chosen or not.

    ``chosen`` is empty for a decision to show nothing; ``propensity`` is the probability of ``chosen`` under
    the policy given everything eligible; ``reasons`` maps each option that was not chosen to its reason code.
    """

    institution_id: str
    decision_id: str
    customer: int
    slot: str
    at: dt.datetime
    chosen: str
    package: str
    propensity: float
    reasons: Mapping[str, str]
    arm: str = ""
    layer: str = ""
    feature_version: str = ""
    policy_version: str = ""


SendState = Literal["planned", "handed_over", "delivered", "failed", "unknown", "withheld"]


@dataclass(frozen=True)
class SendRecord:
    """One message to one customer, from plan to receipt. ``key`` is the idempotency key of the channel."""

    institution_id: str
    key: str
    package: str
    customer: int
    channel: str
    layer: str
    state: SendState
    at: dt.datetime
    reason: str = ""
    cost_fen: int = 0


@dataclass(frozen=True)
class LayerRecord:
    """A picture's recipe: from it the same picture is made again bit for bit.

    ``layers`` are plain JSON objects, bottom first (kind, box in pixels, parameters); ``fonts`` maps a face to
    its file's digest; ``texts`` are the words with role, box, size in px, colour and plate contrast.
    """

    engine: str
    width: int
    height: int
    seed: int
    spec: Mapping[str, object]
    layers: tuple[Mapping[str, object], ...]
    texts: tuple[Mapping[str, object], ...]
    fonts: Mapping[str, str]
    encoding: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A finished campaign's read-out: what it caused, stored by campaigns, written by analysis, read by estimates.

    Rates are shares (0–1); ``lift`` is treated minus holdout; interval is the 95 % one; money in fen.
    """

    institution_id: str
    campaign_id: str
    package: str
    objective: str
    product: str
    channels: tuple[str, ...]
    treated: int
    holdout: int
    treated_rate: float
    holdout_rate: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    incremental: float | None
    cost_fen: int
    gain_fen: int
    simulated: bool
    finished: dt.date
