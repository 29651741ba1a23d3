"""Values of analysis: numbers with what they were read from, the report, questions' answers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linghang.base.findings import Finding

Store = Literal["events", "ledger", "members", "document"]
Unit = Literal["count", "share", "fen", "ratio", "days"]
Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Part:
    """A statement over one store. ``events``: the log in the analytics engine; ``ledger``: the application database."""

    store: Store
    query: str


@dataclass(frozen=True)
class Base:
    """One number with what it was read from, so that anybody can read it again.

    The rows of ``parts`` either have a column ``n``, summed, or a column ``customer`` (and perhaps ``n``), counted or
    summed over the distinct customers of ``within``: ``audience``, ``treated``, ``holdout``, or one of them and a layer
    (``treated/l0``). Several parts are united by customer.
    """

    name: str
    parts: tuple[Part, ...]
    params: Mapping[str, Scalar] = field(default_factory=dict)
    within: str = ""
    value: float = 0.0


@dataclass(frozen=True)
class Told:
    """A figure of a report: ``formula`` over the names of its ``bases`` gives ``value`` (None: it has none).

    ``low`` and ``high`` bound it with 95 % where an interval means something; ``note`` is a code that explains it.
    """

    name: str
    value: float | None
    unit: Unit
    formula: str
    bases: tuple[Base, ...] = ()
    low: float | None = None
    high: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Arm:
    """An arm: its customers and how many of them responded."""

    arm: str
    n: int
    conversions: int
    rate: float | None


@dataclass(frozen=True)
class Layer:
    """The effect in one layer; None where it has too few customers."""

    layer: str
    treated: int
    holdout: int
    conversions: int
    lift: float | None
    low: float | None
    high: float | None
    cost_fen: int


@dataclass(frozen=True)
class Channel:
    """What one channel did. ``conversions`` followed a last touch of it: told apart from what it caused.

    ``cost_fen`` is its contacts and ``benefit_fen``, the used benefits that were claimed after a last touch of it.
    """

    channel: str
    reached: int
    clicked: int
    conversions: int
    cost_fen: int
    benefit_fen: int = 0


@dataclass(frozen=True)
class VariantRead:
    """How often a combination was shown or sent, and how many responded after it was the last thing they met."""

    variant: str
    layer: str
    channel: str
    shown: int
    conversions: int


@dataclass(frozen=True)
class Day:
    """One local day: customers of the treated arm who responded, claims, impressions, clicks, messages that left;
    customers of the audience who complained or left.
    """

    date: dt.date
    conversions: int
    claims: int
    impressions: int
    clicks: int
    sent: int = 0
    complaints: int = 0
    unsubscribes: int = 0


@dataclass(frozen=True)
class Report:
    """The read-out of a launched package.

    ``funnel`` and ``figures`` carry what they were read from. ``labels`` are codes that every door shows beside the
    figures (simulated, shadow run). ``outcome_event`` is the event that counts as a response.
    """

    campaign_id: str
    package: str
    start: dt.datetime
    end: dt.datetime
    shadow: bool
    simulated: bool
    outcome_event: str
    labels: tuple[str, ...]
    funnel: tuple[Told, ...]
    figures: tuple[Told, ...]
    arms: tuple[Arm, ...]
    layers: tuple[Layer, ...]
    channels: tuple[Channel, ...]
    variants: tuple[VariantRead, ...]
    daily: tuple[Day, ...]
    findings: tuple[Finding, ...] = ()

    def told(self, name: str) -> Told | None:
        """The figure of a name, from the funnel or the figures."""
        return next((item for item in (*self.figures, *self.funnel) if item.name == name), None)

    def number(self, name: str) -> float | None:
        """The value of a figure, None if it has none."""
        found = self.told(name)
        return None if found is None else found.value


@dataclass(frozen=True)
class Column:
    """A column of an answer's table: ``kind`` says whether it is a dimension or a figure, with its unit."""

    name: str
    kind: Literal["dimension", "figure"]
    unit: Unit | Literal["text", "date"] = "text"
    params: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Rows of values in the order of ``columns``; None where a value does not exist."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True)
class Chart:
    """What to draw: ``kind``, which column is the axis, which are series."""

    kind: Literal["number", "bar", "line", "funnel", "interval"]
    x: str = ""
    series: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The answer to a question: a table, a chart of it, a sentence whose numbers are cells of it, and the statements.

    ``sentence`` is a message code; its ``params`` hold only cells of the table (as numbers, with their units in
    ``units``), names of columns and values of dimensions.
    """

    sentence: str
    params: Mapping[str, Scalar]
    units: Mapping[str, str]
    table: Table
    chart: Chart
    query: str
    findings: tuple[Finding, ...] = ()
