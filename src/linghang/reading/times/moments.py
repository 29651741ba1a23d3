"""The time algebra: what a phrase of time means, as a small tree, and the days that it comes to on a given today.

Trees are built by ``timewords`` and ``timelex``; ``resolve`` makes days of them. ``lean`` is +1 where the future is
meant (a brief), −1 where the past is (a question about results): it decides the year of 11月3号 and of 双11.
"""

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from linghang.reading.times import festivals
from linghang.reading.times.model import DAY, Moment, Period
from linghang.reading.times.parts import month_days, one_day, part_of, shift
from linghang.reading.times.recurrences import occurrence


def resolve(moment: Moment, today: dt.date, lean: int = 1) -> Period | None:
    """The days that a moment means; None when there is no such day (2月30号)."""
    try:
        period = _RULES[moment.kind](moment, today, lean)
    except (ValueError, OverflowError):
        return None
    if period is not None and moment.clock:
        period = replace(period, clock=moment.clock)
    return period


def _date(moment: Moment, today: dt.date, lean: int) -> Period:
    year, month, day = moment.args
    if year is not None:
        return one_day(dt.date(_full_year(year, today), month, day))
    if month is None:
        return one_day(_bare_day(day, today, lean))
    found = dt.date(today.year, month, day) if not (month == 2 and day == 29) else _leap(today, lean)
    # A brief plans ahead, a question looks back; the same day counts for both.
    if lean > 0 and found < today:
        found = dt.date(today.year + 1, month, day)
    elif lean < 0 and found > today and month > today.month + 1:
        found = dt.date(today.year - 1, month, day)
    return one_day(found)


def _slashed(moment: Moment, today: dt.date, lean: int) -> Period:
    """03/12/2026: day or month first, whichever is a day to come (of a question: a day that was)."""
    one, other, year = moment.args
    days = [dt.date(year, month, day) for month, day in ((one, other), (other, one)) if month <= 12]
    fitting = [day for day in days if (day - today).days * lean >= 0]
    return one_day(min(fitting or days, key=lambda day: abs((day - today).days)))


def _full_year(year: int, today: dt.date) -> int:
    """A year as it is written, or told by its distance from this one."""
    return year if abs(year) > 100 else today.year + year


def _leap(today: dt.date, lean: int) -> dt.date:
    year = today.year
    while not calendar.isleap(year):
        year += lean or 1
    return dt.date(year, 2, 29)


def _bare_day(day: int, today: dt.date, lean: int) -> dt.date:
    for offset in range(12):
        first, last = month_days(today.year, today.month + offset * (1 if lean > 0 else -1))
        if day <= last.day:
            found = first + (day - 1) * DAY
            if (lean > 0 and found >= today) or (lean < 0 and found <= today):
                return found
    raise ValueError(day)


def _month_day(moment: Moment, today: dt.date, lean: int) -> Period:
    """A day of a month said relatively: 下月5号, 本月20号."""
    month, day = moment.args
    base = _span_of(month, today, lean)
    return one_day(dt.date(base[0].year, base[0].month, day))


def _offset(moment: Moment, today: dt.date, lean: int) -> Period:
    return one_day(today + moment.args[0] * DAY)


def _after(moment: Moment, today: dt.date, lean: int) -> Period:
    amount, unit = moment.args
    return one_day(shift(today, amount, unit))


def _weekday(moment: Moment, today: dt.date, lean: int) -> Period:
    week, weekday = moment.args
    monday = today - today.weekday() * DAY
    if week is not None:
        return one_day(monday + (7 * week + weekday) * DAY)
    if lean < 0:
        return one_day(today - ((today.weekday() - weekday) % 7) * DAY)
    ahead = (weekday - today.weekday()) % 7
    # Today and tomorrow have names of their own, so a weekday said without 本周 means the next other one.
    return one_day(today + (ahead if ahead > 1 else ahead + 7) * DAY)


def _week(moment: Moment, today: dt.date, lean: int) -> Period:
    monday = today - today.weekday() * DAY + 7 * moment.args[0] * DAY
    return Period(monday, monday + 6 * DAY)


def _week_of(moment: Moment, today: dt.date, lean: int) -> Period:
    """双12当周: the week in which a day lies."""
    base = resolve(moment.args[0], today, lean)
    if base is None or base.start is None:
        raise ValueError(moment)
    monday = base.start - base.start.weekday() * DAY
    return Period(monday, monday + 6 * DAY)


def _weekend_of(moment: Moment, today: dt.date, lean: int) -> Period:
    """the weekend of December 12: Saturday and Sunday of the week in which a day lies."""
    monday = _week_of(moment, today, lean).start
    assert monday is not None
    return Period(monday + 5 * DAY, monday + 6 * DAY)


def _weekend(moment: Moment, today: dt.date, lean: int) -> Period:
    week = moment.args[0]
    monday = today - today.weekday() * DAY + 7 * (week if week is not None else (-1 if lean < 0 else 0)) * DAY
    return Period(monday + 5 * DAY, monday + 6 * DAY)


def _month(moment: Moment, today: dt.date, lean: int) -> Period:
    start, end = _span_of(moment, today, lean)
    return Period(start, end, "month")


def _span_of(moment: Moment, today: dt.date, lean: int) -> tuple[dt.date, dt.date]:
    if moment.kind != "month":
        period = resolve(moment, today, lean)
        if period is None or period.start is None or period.end is None:
            raise ValueError(moment)
        return period.start, period.end
    year, month, offset = moment.args
    if offset is not None:
        return month_days(today.year, today.month + offset)
    if year is None:
        year = today.year
        if lean > 0 and month < today.month:
            year += 1
        elif lean < 0 and month > today.month + 1:
            # Of results the month that comes next is asked about too early; a later one was last year's.
            year -= 1
    return month_days(_full_year(year, today), month)


def _year(moment: Moment, today: dt.date, lean: int) -> Period:
    year, offset = moment.args
    year = year if year is not None else today.year + offset
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31), "month")


def _quarter(moment: Moment, today: dt.date, lean: int) -> Period:
    year, quarter, offset = moment.args
    if offset is not None:
        month = (today.month - 1) // 3 * 3 + 1 + 3 * offset
        return Period(month_days(today.year, month)[0], month_days(today.year, month + 2)[1], "month")
    if year is None:
        year = today.year
        now = (today.month - 1) // 3 + 1
        year += (1 if lean > 0 and quarter < now else 0) - (1 if lean < 0 and quarter > now else 0)
    year = _full_year(year, today)
    return Period(dt.date(year, quarter * 3 - 2, 1), month_days(year, quarter * 3)[1], "month")


def _half(moment: Moment, today: dt.date, lean: int) -> Period:
    year, half = moment.args
    year = _full_year(year or 0, today)
    return Period(
        dt.date(year, 1 if half == 1 else 7, 1), dt.date(year, 6, 30) if half == 1 else dt.date(year, 12, 31), "month"
    )


def _part(moment: Moment, today: dt.date, lean: int) -> Period:
    """A part of a month or year: 下旬, 初, 底, 第一周, 最后一周."""
    of, part = moment.args
    start, end = _span_of(of, today, lean)
    if part == "rest":
        return Period(max(start, today), end)
    return part_of(part, start, end)


def _festival(moment: Moment, today: dt.date, lean: int) -> Period:
    """A festival: of the year that was said (2027, or 去年 as −1), else the next or the last one."""
    name, year = moment.args
    found = festivals.nearest(name, today, lean) if year is None else festivals.festival(name, _full_year(year, today))
    return Period(found, found, "festival", name=name)


def _lunar_day(moment: Moment, today: dt.date, lean: int) -> Period:
    found = festivals.lunar_new_year_day(moment.args[0], today.year)
    if lean > 0 and found < today:
        found = festivals.lunar_new_year_day(moment.args[0], today.year + 1)
    return one_day(found)


def _lunar_eve(moment: Moment, today: dt.date, lean: int) -> Period:
    """A late day of the twelfth lunar month (腊月二十八): counted from its eighth, 腊八节."""
    return one_day(festivals.nearest("腊八节", today - 30 * DAY, lean) + (moment.args[0] - 8) * DAY)


def _holiday(moment: Moment, today: dt.date, lean: int) -> Period:
    """The days off of a festival: 国庆期间, 春节假期."""
    base = resolve(moment.args[0], today, lean)
    if base is None or base.start is None:
        return Period(None, None)
    if base.shape != "festival":
        return replace(base, shape="span")
    first, last = festivals.holiday(base.name, base.start.year)
    return Period(first, last, name=base.name)


def _beside(moment: Moment, today: dt.date, lean: int) -> Period:
    """Days beside a moment: 双11前三天, 节后一周, 国庆前一天, 下周三前两天."""
    of, amount, unit, single = moment.args
    base = resolve(of, today, lean)
    if base is None or base.start is None or base.end is None:
        raise ValueError(of)
    if amount < 0:
        edge = base.start
        return one_day(shift(edge, amount, unit)) if single else Period(shift(edge, amount, unit), edge - DAY)
    edge = (
        festivals.holiday(base.name, base.end.year)[1] if base.shape == "festival" and unit == "trading" else base.end
    )
    return one_day(shift(edge, amount, unit)) if single else Period(edge + DAY, shift(edge, amount, unit))


def _around(moment: Moment, today: dt.date, lean: int) -> Period:
    """Days on both sides: 双12前后三天 (three before, three after)."""
    of, amount, unit = moment.args
    base = resolve(of, today, lean)
    if base is None or base.start is None or base.end is None:
        raise ValueError(of)
    return Period(shift(base.start, -amount, unit), shift(base.end, amount, unit))


def _range(moment: Moment, today: dt.date, lean: int) -> Period:
    low, high = (resolve(part, today, lean) for part in moment.args[:2])
    if low is None or high is None or low.start is None or high.end is None:
        raise ValueError(moment)
    explicit = len(moment.args) > 2 and moment.args[2] == "explicit"
    start, end = _in_order(moment.args, low.start, high, today, lean, explicit)
    shape: Literal["month", "span"] = "month" if low.shape == high.shape == "month" else "span"
    return Period(start, end, shape, clock=low.clock or "", name=low.name, loose=low.shape == "month")


def _in_order(
    args: tuple[Any, ...], start: dt.date, high: Period, today: dt.date, lean: int, explicit: bool
) -> tuple[dt.date, dt.date]:
    """Both ends, with years and weeks that make the range run forward where its words leave them open."""
    first, last = args[0], args[1]
    end = high.end
    assert end is not None
    if first.kind == "weekday" and last.kind == "weekday" and first.args[0] is None and last.args[0] is None:
        monday = today - today.weekday() * DAY
        start = monday + first.args[1] * DAY
        if lean > 0 and start < today:
            start += 7 * DAY
        return start, start + ((last.args[1] - first.args[1]) % 7) * DAY
    if last.kind == "weekday" and last.args[0] is None:
        return start, start + ((last.args[1] - start.weekday()) % 7) * DAY
    if last.kind in ("date", "part", "month", "festival", "lunar_day", "month_day") and end < start and not explicit:
        later = resolve(last, start, 1)
        # More than half a year ahead is no range across New Year's Day but a slip, which is shown as it was said.
        if later is not None and later.end is not None and start <= later.end <= start + 183 * DAY:
            return start, later.end
    if lean < 0 and first.kind in ("date", "month") and first.args[0] is None and start > end:
        earlier = resolve(first, end, -1)
        if earlier is not None and earlier.start is not None:
            return earlier.start, end
    return start, end


def _run(moment: Moment, today: dt.date, lean: int) -> Period:
    """From a start for a duration: 下周一开始两周, 本周五起三天. The first day counts."""
    of, amount, unit = moment.args
    base = resolve(of, today, lean)
    if base is None or base.start is None:
        raise ValueError(of)
    last = shift(base.start, amount, unit) - DAY
    return Period(base.start, max(last, base.start), clock=base.clock)


def _from(moment: Moment, today: dt.date, lean: int) -> Period:
    base = resolve(moment.args[0], today, lean)
    if base is None:
        raise ValueError(moment)
    return Period(base.start, None, "start", clock=base.clock, loose=base.shape == "month")


def _until(moment: Moment, today: dt.date, lean: int) -> Period:
    base = resolve(moment.args[0], today, lean)
    if base is None:
        raise ValueError(moment)
    inclusive = moment.args[1] if len(moment.args) > 1 else True
    return Period(None, base.end if inclusive or base.start is None else base.start, "end", clock=base.clock)


def _recur(moment: Moment, today: dt.date, lean: int) -> Period:
    """A recurrence starts at its first occurrence from today on."""
    rule = moment.args[0]
    if len(moment.args) == 1:
        return Period(occurrence(rule, today), None, "recurrence", recurrence=rule)
    scope = resolve(moment.args[1], today, lean)
    if scope is None or scope.start is None:
        raise ValueError(moment)
    return Period(occurrence(rule, max(scope.start, today)), scope.end, "recurrence", recurrence=rule)


def _trading(moment: Moment, today: dt.date, lean: int) -> Period:
    return one_day(festivals.trading_day(today, moment.args[0]))


def _past(moment: Moment, today: dt.date, lean: int) -> Period:
    """近N天 for results: N full days that end yesterday; months and years by the calendar."""
    amount, unit = moment.args
    yesterday = today - DAY
    if unit == "trading":
        return Period(festivals.trading_day(today, -int(amount)), festivals.trading_day(today, -1))
    # 近半年 counts six months of 30 days, as a window of customers does.
    days = (
        180
        if (amount, unit) == (0.5, "year")
        else round(amount * {"day": 1, "week": 7, "month": 30, "year": 365}[unit])
    )
    return Period(yesterday - (days - 1) * DAY, yesterday)


def _to_date(moment: Moment, today: dt.date, lean: int) -> Period:
    start = {
        "week": today - today.weekday() * DAY, "month": today.replace(day=1), "quarter": dt.date(today.year,
        (today.month - 1) // 3 * 3 + 1, 1),
        "year": dt.date(today.year, 1, 1),
    }[moment.args[0]]  # fmt: skip
    return Period(start, today)


_RULES: dict[str, Callable[[Moment, dt.date, int], Period | None]] = {
    "date": _date, "month_day": _month_day, "offset": _offset, "after": _after, "weekday": _weekday, "week": _week,
    "slashed": _slashed, "week_of": _week_of, "weekend_of": _weekend_of,
    "weekend": _weekend,
    "month": _month, "year": _year, "quarter": _quarter, "half": _half, "part": _part, "festival": _festival,
    "lunar_day": _lunar_day, "lunar_eve": _lunar_eve,
    "holiday": _holiday, "beside": _beside, "around": _around, "range": _range, "run": _run, "from": _from,
    "until": _until, "recur": _recur,
    "trading": _trading, "past": _past, "to_date": _to_date,
}  # fmt: skip
