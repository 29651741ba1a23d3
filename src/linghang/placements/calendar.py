"""The calendar of China's mainland: working days, trading days, festivals; and phases dated from a window."""

import datetime as dt
from collections.abc import Sequence

import chinese_calendar

from linghang.campaigns.sections import Phase
from linghang.placements.model import Day

FIRST_YEAR, LAST_YEAR = 2004, max(chinese_calendar.constants.holidays).year
"""Years whose official holidays the library knows; outside them only weekends count (``known`` tells)."""

_FESTIVALS = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "qingming",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national_day",
}


def known(day: dt.date) -> bool:
    """Whether the official calendar of the day's year has been published to the library."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def day_of(day: dt.date) -> Day:
    """What kind of day it is. Markets trade on working days that are not on a weekend (make-up days do not trade)."""
    weekend = day.weekday() >= 5
    if not known(day):
        return Day(day, not weekend, not weekend)
    workday = bool(chinese_calendar.is_workday(day))
    _, name = chinese_calendar.get_holiday_detail(day)
    festival = _FESTIVALS.get(str(name), "") if name else ""
    return Day(day, workday, workday and not weekend, festival)


def days_between(start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    """Every day from ``start`` to ``end``, both included; none if the end comes first."""
    return tuple(start + dt.timedelta(days=i) for i in range((end - start).days + 1))


def phases(start: dt.date, end: dt.date, shares: Sequence[tuple[str, float]]) -> tuple[Phase, ...]:
    """The window cut into consecutive phases by share, each at least a day; too short a window is its main phase.

    Days are shared out by largest remainder, so they add up exactly. Raises ValueError if the end comes first.
    """
    length = (end - start).days + 1
    if length <= 0:
        raise ValueError(f"a window cannot end on {end} before it starts on {start}")
    named = [(name, share) for name, share in shares if share > 0]
    if len(named) <= 1 or length < len(named):
        return (Phase(_longest(named), start, end),)
    spare = length - len(named)
    total = sum(share for _, share in named)
    exact = [spare * share / total for _, share in named]
    extra = [int(days) for days in exact]
    by_remainder = sorted(range(len(named)), key=lambda i: (extra[i] - exact[i], i))
    for place in by_remainder[: spare - sum(extra)]:
        extra[place] += 1
    made: list[Phase] = []
    first = start
    for (name, _), days in zip(named, extra, strict=True):
        last = first + dt.timedelta(days=days)
        made.append(Phase(name, first, last))
        first = last + dt.timedelta(days=1)
    return tuple(made)


def _longest(named: Sequence[tuple[str, float]]) -> str:
    return max(named, key=lambda item: item[1])[0] if named else "main"
