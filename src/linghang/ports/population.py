"""What we ask of a bank in a box: customers with a past, who live on and answer campaigns through two doors only.

The doors are callables: ``Decide`` asks what a customer sees in a slot, ``Post`` takes what happened, ``Messages``
tells what was delivered. So the simulated customers know of a campaign only what real ones would.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Chunk:
    """A block of customers with their holdings and events. ``first`` is the number of its first customer."""

    first: int
    customers: pa.RecordBatch
    holdings: pa.RecordBatch
    events: pa.RecordBatch


@dataclass(frozen=True)
class Launched:
    """What the public knows of a running campaign: what it is for, and when. ``end`` is exclusive; both with a zone."""

    campaign_id: str
    package: str
    objective: str
    product: str
    start: dt.datetime
    end: dt.datetime
    slots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What a customer sees: a combination of a campaign, as a picture and words with a benefit. Shared by many."""

    campaign_id: str
    package: str
    layer: str
    variant: str
    channel: str
    slot: str = ""
    mood: str = ""
    angle: str = ""
    benefit: str = ""
    benefit_type: str = ""
    face_fen: int = 0
    threshold_fen: int = 0


@dataclass(frozen=True)
class Visit:
    """A customer (external id) who comes by a slot."""

    customer: str
    slot: str
    at: dt.datetime


@dataclass(frozen=True)
class Touch:
    """A message that a channel has delivered. ``key`` is its idempotency key."""

    key: str
    customer: str
    at: dt.datetime
    shown: Shown


Decide = Callable[[Sequence[Visit]], Sequence[Shown | None]]
"""The decision door: for each visit what is shown, or None for nothing."""
Post = Callable[[pa.RecordBatch], None]
"""The event door: a batch of events, each with a key that makes posting it twice harmless."""
Messages = Callable[[dt.datetime, dt.datetime], Sequence[Touch]]
"""The send door: what was delivered from the first instant (inclusive) to the second (exclusive)."""


@dataclass(frozen=True)
class Truth:
    """What a group did, and what it would have done without any contact: the effect that analysis should find."""

    customers: int
    responses: int
    without: int

    @property
    def effect(self) -> float:
        """Responses that the campaign caused, as a share of the group."""
        return (self.responses - self.without) / self.customers if self.customers else 0.0


@dataclass(frozen=True)
class Played:
    """How a campaign went for each customer of ``customers`` (external ids, in the given order).

    ``responded`` is what happened; ``without`` what would have happened had nobody contacted the customer;
    ``contacts`` counts sights and messages.
    """

    campaign_id: str
    customers: tuple[str, ...]
    responded: Flags
    without: Flags
    contacts: npt.NDArray[np.int64]
    events: int
    truth: Truth = field(default_factory=lambda: Truth(0, 0, 0))


class Respondents(Protocol):
    """A response model learned from a real table's own outcomes. Its responses are simulated and labelled so."""

    report: Mapping[str, float | int | str]

    def probability(self, columns: Mapping[str, Sequence[Any]]) -> Floats:
        """The probability of a response of each row when contacted as the table's customers were."""
        ...


class Population(Protocol):
    """Customers of a seed, and how they answer."""

    def chunks(self, pack: str, *, customers: int, seed: int, today: dt.date, volume: float = 1.0) -> Iterator[Chunk]:
        """Customers as of ``today`` with holdings and the year of events before it; equal for equal arguments."""
        ...

    def columns(self, pack: str) -> tuple[str, ...]:
        """The columns of the customer table."""
        ...

    def learn(
        self, pack: str, columns: Mapping[str, Sequence[Any]], outcome: Sequence[bool], *, seed: int = 0
    ) -> Respondents:
        """A response model of a real table: attribute columns (unknown is None) and the outcome of each row."""
        ...

    def play(
        self,
        pack: str,
        launched: Sequence[Launched],
        customers: Sequence[str],
        *,
        seed: int,
        post: Post,
        decide: Decide | None = None,
        messages: Messages | None = None,
        contacted: Floats | None = None,
        until: dt.datetime | None = None,
        passed: Callable[[dt.datetime], None] | None = None,
    ) -> tuple[Played, ...]:
        """Let customers live through the campaigns, a day at a time, as fast as the doors answer.

        ``contacted`` gives, for a real table, each customer's probability of responding when contacted as the table's
        were (``Respondents.probability``). ``passed`` hears the end of each day. Played again it does the same.
        """
        ...
