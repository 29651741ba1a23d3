"""Saved audiences: a name for a rule or a list, with an owner, a refresh and a history of size."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from linghang.base.predicates import Rule

Refresh = Literal["once", "hourly", "daily", "weekly", "live"]
"""``live`` has no members of its own: its rule is asked whenever it is used. The others keep a snapshot."""
SourceKind = Literal["rule", "upload", "lookalike"]
EVERY: dict[Refresh, dt.timedelta] = {
    "hourly": dt.timedelta(hours=1), "daily": dt.timedelta(days=1), "weekly": dt.timedelta(days=7),
}  # fmt: skip


@dataclass(frozen=True)
class SavedAudience:
    """A saved audience. ``count`` and ``snapshot`` are those of the last refresh at ``as_of`` of the data ``label``.

    An upload has no rule: its members are the snapshot.
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

    def due(self, now: dt.datetime) -> bool:
        """Whether its scheduled refresh is due."""
        every = EVERY.get(self.refresh)
        return every is not None and (self.as_of is None or now - self.as_of >= every)


@dataclass(frozen=True)
class Size:
    """The size of a saved audience at a moment, and the state of the data that it was counted on."""

    at: dt.datetime
    count: int
    label: str
    snapshot: str
