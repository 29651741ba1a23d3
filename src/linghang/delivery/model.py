"""Values of delivery: what was launched, what is planned, one send, what a hand-over did, where the ledger stands."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from linghang.base.findings import Finding
from linghang.base.records import SendState
from linghang.campaigns.model import Status

Consent = Callable[[Sequence[int], str], Mapping[int, str]]
"""Customers and a channel → those who may not be contacted by it now, with the reason's code."""
Addresses = Callable[[Sequence[int], str], Mapping[int, str]]
"""Customers and a channel → their addresses; who has none is absent."""


@dataclass(frozen=True)
class Launched:
    """A launched package. ``shadow``: the engine runs, but nothing is handed over; every figure of it is labelled.

    ``planned`` counts sends per channel; ``start`` and ``end`` bound the campaign, end exclusive, in UTC.
    """

    campaign_id: str
    package: str
    shadow: bool
    at: dt.datetime
    start: dt.datetime
    end: dt.datetime
    planned: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A step of a launched campaign's life, and how many planned sends it withheld for good."""

    campaign_id: str
    package: str
    status: Status
    withheld: int = 0


@dataclass(frozen=True)
class SendPlan:
    """Who is to get a message, by which channel, from which day on, as columns of equal length.

    ``channel``, ``layer``, ``benefit`` and ``placement`` are places in ``channels``, ``layers`` … ; ``due`` and
    ``until`` are proleptic ordinals of days in the institution's zone, both included. ``held_out`` and
    ``unreachable`` count customers that are not in the plan, the latter per channel.
    """

    channels: tuple[str, ...]
    layers: tuple[str, ...]
    benefits: tuple[str, ...]
    placements: tuple[str, ...]
    customer: npt.NDArray[np.uint32]
    channel: npt.NDArray[np.uint8]
    layer: npt.NDArray[np.uint8]
    benefit: npt.NDArray[np.uint8]
    placement: npt.NDArray[np.uint16]
    due: npt.NDArray[np.int32]
    until: npt.NDArray[np.int32]
    held_out: int = 0
    unreachable: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.customer)


@dataclass(frozen=True)
class Send:
    """One send as the ledger has it. ``key`` is its idempotency key everywhere."""

    key: str
    package: str
    campaign_id: str
    customer: int
    channel: str
    layer: str
    benefit: str
    placement: str
    touch: int
    due: dt.date
    until: dt.date
    state: SendState
    reason: str = ""
    variant: str = ""


@dataclass(frozen=True)
class Handed:
    """What one round of hand-over did. Every planned send is in exactly one of the counts or still ``left``.

    ``deferred`` wait for another day because of the contact policy; ``reconciled`` were in flight when an earlier
    process died; ``waiting`` says why nothing more was handed over now (reason → sends).
    """

    package: str
    shadow: bool
    handed_over: int = 0
    delivered: int = 0
    failed: int = 0
    unknown: int = 0
    withheld: int = 0
    deferred: int = 0
    reconciled: int = 0
    left: int = 0
    cost_fen100: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Count:
    """How many sends of a package stand alike, and what they cost, in hundredths of a fen."""

    channel: str
    layer: str
    state: SendState
    reason: str
    sends: int
    cost_fen100: int
