"""Saved audiences: a name for a rule or a list, with an owner, a refresh and a history of size."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from linghang.base.predicates import Rule

Refresh = Literal["once", "hourly", "daily", "weekly", "live"]
"""``live`` has no members of its own: its rule is asked whenever it is used. The others keep a snapshot."""
SourceKind = Literal["rule", "upload", "lookalike"]
EVERY: dict[Refresh, dt.timedelta] = {
    "hourly": dt.timedelta(hours=1), "daily": dt.timedelta(days=1), "weekly": dt.timedelta(days=7),
    "live": dt.timedelta(days=1),
}  # fmt: skip
"""How often they are counted by themselves; of a live one only its size is noted, for the history."""


@dataclass(frozen=True)
class SavedAudience:
    """A saved audience. ``count`` and ``snapshot`` are those of the last refresh at ``as_of`` of the data ``label``.

    An upload and a lookalike have no rule: their members are the snapshot, and ``made`` tells how they came about
    (what became of every line of the list; the lift that was measured). An archived one is not offered and not
    refreshed, and whatever refers to it goes on working.
    """

    id: str
    name: str
    owner: str
    source: SourceKind
    rule: Rule | None
    refresh: Refresh
    created: dt.datetime
    count: int = 0
    snapshot: str = ""
    label: str = ""
    as_of: dt.datetime | None = None
    version: int = 1
    note: str = ""
    archived: bool = False
    made: Mapping[str, Any] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Whether its members are those of the snapshot; else its rule is asked whenever it is used."""
        return self.rule is None or (self.refresh != "live" and bool(self.snapshot))

    def due(self, now: dt.datetime) -> bool:
        """Whether its scheduled refresh is due."""
        every = EVERY.get(self.refresh)
        return not self.archived and every is not None and (self.as_of is None or now - self.as_of >= every)


@dataclass(frozen=True)
class Size:
    """The size of a saved audience at a moment, and the state of the data that it was counted on."""

    at: dt.datetime
    count: int
    label: str
    snapshot: str


@dataclass(frozen=True)
class Version:
    """What a saved audience was from a change on: who changed what (``cause``), and the rule since."""

    version: int
    name: str
    rule: Rule | None
    refresh: Refresh
    owner: str
    actor: str
    cause: str
    at: dt.datetime
