"""Time windows: half-open, in UTC, made from dates of an institution's zone."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Window:
    """Instants from ``start`` (inclusive) to ``end`` (exclusive), both in UTC."""

    start: dt.datetime
    end: dt.datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs instants with a zone")
        if self.end < self.start:
            raise ValueError("a window cannot end before it starts")

    def __contains__(self, instant: dt.datetime) -> bool:
        return self.start <= instant < self.end

    def overlaps(self, other: "Window") -> bool:
        """Whether the two share any instant."""
        return self.start < other.end and other.start < self.end


def days(first: dt.date, last: dt.date, zone: str) -> Window:
    """The window from the start of ``first`` to the end of ``last`` (both included) in a zone."""
    place = ZoneInfo(zone)
    start = dt.datetime.combine(first, dt.time(), place)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), place)
    return Window(start.astimezone(dt.UTC), end.astimezone(dt.UTC))
