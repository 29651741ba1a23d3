"""Rhythms: weekly:fri, weekly:mon,thu, monthly:15, monthly:last, daily."""

import datetime as dt

from linghang.reading.times.model import DAY
from linghang.reading.times.parts import month_days

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def occurrence(rule: str, day: dt.date) -> dt.date | None:
    """The first day from ``day`` on that a rhythm names; None for a rhythm without a day (weekly)."""
    step, _, at = rule.partition(":")
    if step == "daily":
        return day
    if step == "weekly" and at:
        return min(day + ((_WEEKDAYS.index(name) - day.weekday()) % 7) * DAY for name in at.split(","))
    if step == "monthly" and at == "last":
        return month_days(day.year, day.month)[1]
    if step == "monthly" and at:
        days = [_monthly(int(each), day) for each in at.split(",")]
        return min(days)
    return None


def _monthly(number: int, day: dt.date) -> dt.date:
    """The next day of that number, from ``day`` on; months that have none are left out."""
    for offset in range(13):
        first, last = month_days(day.year, day.month + offset)
        found = first + (number - 1) * DAY
        if day <= found <= last:
            return found
    raise ValueError(number)
