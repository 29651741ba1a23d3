"""Skills of placements: what kind of days a stretch of the calendar has."""

import datetime as dt

from linghang.base.errors import UsageError
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.placements.calendar import day_of, days_between
from linghang.placements.model import Day

_MOST_DAYS = 800


@skill(
    "calendar.days",
    effect="read",
    permission="campaign.read",
    cacheable=True,
    example={"start": "2026-12-01", "end": "2026-12-07"},
)
def days(ctx: Context, start: dt.date, end: dt.date) -> tuple[Day, ...]:
    """Each day from start to end: whether people work and markets trade, and the festival's name."""
    if end < start or (end - start).days > _MOST_DAYS:
        raise UsageError("placements.no_such_days", start=start.isoformat(), end=end.isoformat(), most=_MOST_DAYS)
    return tuple(day_of(day) for day in days_between(start, end))
