"""Parts of months and years, and moving by days, weeks, months, years and trading days."""

import calendar
import datetime as dt

from linghang.reading.times import festivals
from linghang.reading.times.model import DAY, Period


def one_day(day: dt.date) -> Period:
    """The period of a single day."""
    return Period(day, day, "day")


def month_days(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month; months beyond 1–12 run into the neighbouring years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def shift(day: dt.date, amount: float, unit: str) -> dt.date:
    """``day`` moved by days, weeks, months, years or trading days (``trading``)."""
    if unit == "trading":
        return festivals.trading_day(day, int(amount))
    if unit == "month" and amount == int(amount):
        first, last = month_days(day.year, day.month + int(amount))
        return min(last, first + (day.day - 1) * DAY)
    if unit == "year" and amount == int(amount):
        first, last = month_days(day.year + int(amount), day.month)
        return min(last, first + (day.day - 1) * DAY)
    return day + round(amount * {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}[unit]) * DAY


_THIRDS = {
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "中下旬": (11, 31),
    "上中旬": (1, 20),
    "上半月": (1, 15),
    "下半月": (16, 31),
    "整月": (1, 31),
}


def part_of(part: object, start: dt.date, end: dt.date) -> Period:
    """A part of a stretch: its n-th week (an integer), weekend, third, half, edge, or its last days."""
    if isinstance(part, int):
        first = start + 7 * (part - 1) * DAY if part > 0 else end - 6 * DAY
        return Period(first, min(first + 6 * DAY, end))
    name = str(part)
    if name.startswith("weekend:"):
        return _nth_weekend(int(name.split(":")[1]), start, end)
    if name.startswith("day:"):
        count, weekday = name.split(":")[1:]
        return one_day(_nth_weekday(int(count), int(weekday), start, end))
    if name.startswith("trading:"):
        return one_day(_nth_trading(int(name.split(":")[1]), start, end))
    if name.startswith("last:"):
        first = end - (int(name.split(":")[1]) - 1) * DAY
        return Period(first, end) if first < end else one_day(end)
    if name in _THIRDS:
        low, high = _THIRDS[name]
        return Period(start + (low - 1) * DAY, min(start + (high - 1) * DAY, end))
    return _edge(name, start, end)


def _nth_weekend(count: int, start: dt.date, end: dt.date) -> Period:
    """The ``count``-th Saturday of a stretch with the Sunday after it; −1 is the last."""
    first = start + ((5 - start.weekday()) % 7) * DAY
    saturday = first + 7 * (count - 1) * DAY if count > 0 else first + ((end - first).days // 7) * 7 * DAY
    return Period(saturday, saturday + DAY)


def _nth_weekday(count: int, weekday: int, start: dt.date, end: dt.date) -> dt.date:
    """The ``count``-th Monday (0) … Sunday (6) of a stretch; −1 is the last. Raises ValueError where there is none."""
    first = start + ((weekday - start.weekday()) % 7) * DAY
    found = first + 7 * (count - 1) * DAY if count > 0 else first + (end - first).days // 7 * 7 * DAY
    if not start <= found <= end:
        raise ValueError(count)
    return found


def _nth_trading(count: int, start: dt.date, end: dt.date) -> dt.date:
    """The ``count``-th day of a stretch on which exchanges are open; −1 is the last."""
    return festivals.trading_day(start - DAY, count) if count > 0 else festivals.trading_day(end + DAY, count)


def _edge(part: str, start: dt.date, end: dt.date) -> Period:
    if part == "初":
        return one_day(start)
    if part == "底":
        return one_day(end)
    return one_day(start + 14 * DAY if (end - start).days < 40 else dt.date(start.year, 6, 30))
