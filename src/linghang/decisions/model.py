"""Values of decisions: what is asked, what is known of the customer, what the ledgers say, what a package allows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from linghang.base.windows import Window
from linghang.customers import ContactPolicy
from linghang.experiments import Arm


@dataclass(frozen=True)
class Request:
    """One moment at which something may be shown or sent: a slot of the app, or a channel that sends.

    ``place`` is the slot's id, or the channel's where it has no slots.
    """

    institution_id: str
    decision_id: str
    customer: int
    place: str
    channel: str
    at: dt.datetime


@dataclass(frozen=True)
class Customer:
    """What is known of the customer at this moment.

    ``layers`` maps a package's hash to the layer that the customer is in; absent: not in the audience. ``consents``
    maps a channel to True, False or None (unknown). ``risk`` is the assessed grade 1–5, None if unknown or expired.
    ``muted`` is the reason code of the contact policy that forbids every contact, ``blocked`` the same per channel.
    ``barred`` maps a package's hash to the reason (suitability, credit …) for which its product may not be offered.
    ``claimed`` are benefits that the customer already has in full. ``zone`` is the customer's own, if known.
    """

    number: int
    layers: Mapping[str, str]
    consents: Mapping[str, bool | None] = field(default_factory=dict)
    risk: int | None = None
    muted: str = ""
    blocked: Mapping[str, str] = field(default_factory=dict)
    barred: Mapping[str, str] = field(default_factory=dict)
    claimed: frozenset[str] = frozenset()
    zone: str = ""
    feature_version: str = ""


@dataclass(frozen=True)
class PolicyState:
    """Learned values of variants (expected extra responses per contact), with the version that audit names."""

    version: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What ledgers say now: pieces left per package and benefit, packages that are stopped, learned policies.

    ``global_holdout`` is the share that no campaign touches, by ``global_salt``.
    """

    left: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()
    policies: Mapping[str, PolicyState] = field(default_factory=dict)
    global_holdout: float = 0.0
    global_salt: str = ""


@dataclass(frozen=True)
class Choice:
    """A variant as a decision needs it. ``worth_fen`` is the expected margin of the extra responses less the cost."""

    id: str
    layer: str
    channel: str
    place: str
    benefit: str
    gain: float
    worth_fen: float
    excluded: str = ""


@dataclass(frozen=True)
class Share:
    """A part of a layer by the allocation: its channels and benefit, and which share of the layer it takes.

    ``chance`` is the share of the layer. ``chances`` maps the channels that reach a customer to the probability of this
    part for such customers, so that the allocation's numbers come out although channels do not reach everybody.
    """

    chance: float
    channels: tuple[str, ...]
    benefit: str
    chances: Mapping[frozenset[str], float] = field(default_factory=dict)

    def chance_for(self, reached: frozenset[str]) -> float:
        """The probability for a customer whom the channels ``reached`` reach, of those that not everybody has."""
        return self.chances.get(reached, 0.0) if self.chances else self.chance


@dataclass(frozen=True)
class Running:
    """When a place runs: window of days, and local hours from inclusive to exclusive, both in minutes of the day."""

    window: Window
    first_minute: int
    last_minute: int


@dataclass(frozen=True)
class PackageView:
    """A signed package, unpacked once so that a decision is a few look-ups.

    ``choices`` maps (layer, place) to variants; ``shares`` a layer to its parts; ``running`` a place to its times;
    ``contact`` is the institution's policy, ``own_caps`` what the brief allows this campaign in channels that have caps
    ({days: most}); ``kind`` is the product's; ``consent`` are the channels that need one.
    """

    hash: str
    institution_id: str
    campaign_id: str
    salt: str
    seed: int
    zone: str
    arms: tuple[Arm, ...]
    exploration: float
    policy: str
    priority: float
    margin_fen: int
    risk: int
    choices: Mapping[tuple[str, str], tuple[Choice, ...]]
    shares: Mapping[str, tuple[Share, ...]]
    running: Mapping[str, tuple[Running, ...]]
    contact: ContactPolicy
    kind: str
    own_caps: Mapping[int, int]
    consent: frozenset[str]
    slots: frozenset[str]
