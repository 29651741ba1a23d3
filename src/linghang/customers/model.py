"""The values of this room: columns, what an import did, a generation of the customer table, verdicts on contacts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linghang.base.findings import Finding
from linghang.packs.model import Choice, Kind

Storage = Kind | Literal["group"]
"""How a column is stored: an attribute's kind, or ``group`` for a list of names (segments)."""


@dataclass(frozen=True)
class Column:
    """A typed column of the customer table. ``source`` is its name in the table that is imported."""

    name: str
    storage: Storage
    source: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Choice, ...] = ()
    empty: tuple[str, ...] = ()
    """Texts that mean nothing in this column, beside the table's."""
    unit: Literal["", "yuan", "fen"] = ""
    """What its money is counted in, where it is not what the table's is."""
    values: tuple[tuple[str, str], ...] = ()
    """How the source writes a value, and what the pack calls it."""
    format: str = ""
    """How the source writes a day (``%d/%m/%Y``), where it is not one of the usual ways."""
    counted_to: dt.date | None = None
    """Where the source has a day and the column how long ago that is: the day up to which it is counted."""


Mode = Literal["replace", "append", "upsert"]


@dataclass(frozen=True)
class Manner:
    """How a table joins the customers that are there.

    ``replace``: it is all of them. ``append``: it adds those who are not there. ``upsert``: it adds and changes;
    columns that it lacks stay, and an empty cell ``clears`` what was known or ``keeps`` it. Of rows that repeat an id
    the ``first`` or the ``last`` counts. With more than the share ``most_rejected`` left out nothing is changed.
    """

    mode: Mode = "replace"
    keep: Literal["first", "last"] = "first"
    nothing: Literal["clears", "keeps"] = "clears"
    most_rejected: float = 0.5


@dataclass(frozen=True)
class Rejection:
    """Rows that were not taken for one reason. ``examples`` are (data row, value), rows counted from 1."""

    code: str
    column: str
    count: int
    examples: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Imported:
    """What an import did: ``rows`` of the source are ``accepted`` or rejected, each with one reason."""

    generation: int
    rows: int
    accepted: int
    rejected: int
    new: int
    """Customers that were not known before."""
    rejections: tuple[Rejection, ...] = ()
    findings: tuple[Finding, ...] = ()
    resumed: bool = False
    unchanged: bool = False
    """The same source had been imported before, or nobody in it was new; nothing was done."""
    changed: int = 0
    """Customers that were there and whose rows were put in their place."""


@dataclass(frozen=True)
class Generation:
    """A published state of a table (``customers`` or ``holdings``). ``table`` is its name in the analytics engine.

    ``as_of`` is the day that the data describe; ``columns`` are those that the source had; ``rows`` its customers.
    ``size`` is one more than the largest dense number ever given.
    """

    institution_id: str
    subject: str
    number: int
    table: str
    rows: int
    size: int
    as_of: dt.date
    columns: tuple[str, ...]
    history_table: str = ""


@dataclass(frozen=True)
class ContactPolicy:
    """How often and when customers may be contacted; one meaning for estimate, decision and send.

    ``channel_caps`` and ``total_caps`` map days of a rolling window to the most touches in it; ``quiet`` and the
    channel's ``hours`` are local; ``cooldown_days`` must pass after the same offer; a complaint mutes for
    ``complaint_mute_days``. ``zone`` holds for customers without their own. ``product_caps`` count the touches about a
    kind of product; kinds in ``trading_days_only`` are not pushed on days without trading in the ``jurisdiction``.
    """

    zone: str
    total_caps: Mapping[int, int] = field(default_factory=dict)
    channel_caps: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    hours: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    quiet: tuple[str, str] | None = None
    cooldown_days: int = 0
    complaint_mute_days: int = 0
    product_caps: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    trading_days_only: frozenset[str] = frozenset()
    jurisdiction: str = "CN"
    pushed: frozenset[str] = frozenset()
    """Channels that go out to the customer: quiet hours, caps over all channels and the cool-down are theirs."""
