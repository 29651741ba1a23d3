"""Days with names: festivals of both calendars, shopping days, public holidays, trading days."""

import datetime as dt
import functools
from importlib import resources

import chinese_calendar
import yaml

_DAY = dt.timedelta(days=1)
_SOLAR: dict[str, tuple[int, int]] = {
    "元旦": (1, 1), "理财日": (1, 15), "年货节": (1, 10), "情人节": (2, 14), "妇女节": (3, 8), "消费者权益日": (3,
    15), "愚人节": (4, 1), "劳动节": (5, 1),
    "青年节": (5, 4), "520": (5, 20), "儿童节": (6, 1), "618": (6, 18), "建党节": (7, 1), "建军节": (8, 1), "818": (8,
    18), "99大促": (9, 9), "教师节": (9, 10),
    "国庆节": (10, 1), "程序员节": (10, 24), "万圣节": (10, 31), "双11": (11, 11), "双12": (12, 12), "平安夜": (12,
    24), "圣诞节": (12, 25), "节礼日": (12, 26), "跨年夜": (12, 31),
}  # fmt: skip
_LUNAR = (
    "春节", "元宵节", "龙抬头", "端午节", "七夕", "中元节", "中秋节", "重阳节", "腊八节", "小年",
    "立春", "清明节", "立夏", "夏至", "立秋", "立冬", "冬至", "小寒", "大寒", "大雪",
)  # fmt: skip
_BY_WEEKDAY = ("感恩节", "黑五", "网络星期一", "母亲节", "父亲节")
# Usual length of a public holiday when the State Council's notice for that year is not known yet.
_HOLIDAY_DAYS = {"元旦": 3, "清明节": 3, "劳动节": 5, "端午节": 3, "中秋节": 3, "国庆节": 7}
FESTIVALS = (*_SOLAR, *_LUNAR, "除夕", *_BY_WEEKDAY)


@functools.cache
def _table() -> dict[int, tuple[str, ...]]:
    text = resources.files("linghang.reading").joinpath("lexicon/lunar.yaml").read_text("utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {int(year): tuple(str(row).split()) for year, row in loaded["years"].items()}


@functools.lru_cache(maxsize=1024)
def dates(name: str, year: int) -> tuple[dt.date, ...]:
    """The dates of a festival in a solar year: mostly one, sometimes two or none (腊八节 falls around New Year).

    Raises KeyError for a name that is not in ``FESTIVALS``, ValueError for a year outside the table (2005–2060).
    """
    if name in _SOLAR:
        return (dt.date(year, *_SOLAR[name]),)
    if name == "除夕":
        return tuple(day - _DAY for day in dates("春节", year))
    if name in _BY_WEEKDAY:
        return (_weekday_festival(name, year),)
    place = _LUNAR.index(name) if name in _LUNAR else None
    if place is None:
        raise KeyError(name)
    if year not in _table():
        raise ValueError(f"no lunar calendar for {year}")
    said = _table()[year][place]
    return () if said == "-" else tuple(dt.date(year, int(part[:2]), int(part[2:])) for part in said.split("/"))


def festival(name: str, year: int) -> dt.date:
    """The first date of a festival in a year; the nearest one after it when that year has none."""
    found = dates(name, year) or dates(name, year + 1)
    return found[0]


def nearest(name: str, today: dt.date, lean: int) -> dt.date:
    """The next occurrence from today on (``lean`` 1), or the last one up to today (−1)."""
    known = [day for year in range(today.year - 1, today.year + 3) for day in dates(name, year)]
    if lean > 0:
        return min(day for day in known if day >= today)
    return max(day for day in known if day <= today)


def lunar_new_year_day(day: int, year: int) -> dt.date:
    """The ``day``-th day of the first lunar month (初六 is 6) in a solar year."""
    return festival("春节", year) + (day - 1) * _DAY


def _weekday_festival(name: str, year: int) -> dt.date:
    thanksgiving = _nth(year, 11, 3, 4)
    table = {
        "感恩节": thanksgiving, "黑五": thanksgiving + _DAY, "网络星期一": thanksgiving + 4 * _DAY,
        "母亲节": _nth(year, 5, 6, 2), "父亲节": _nth(year, 6, 6, 3),
    }  # fmt: skip
    return table[name]


def _nth(year: int, month: int, weekday: int, count: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (count - 1)) * _DAY


def holiday(name: str, year: int) -> tuple[dt.date, dt.date]:
    """First and last day off around a festival; by the published calendar where it is known, else the usual length."""
    day = festival(name, year)
    if name in ("春节", "除夕"):
        eve = festival("除夕", year)
        return eve, eve + 7 * _DAY
    if name not in _HOLIDAY_DAYS:
        return day, day
    try:
        first = last = day
        while chinese_calendar.is_holiday(first - _DAY):
            first -= _DAY
        while chinese_calendar.is_holiday(last + _DAY):
            last += _DAY
    except NotImplementedError:
        return day, day + (_HOLIDAY_DAYS[name] - 1) * _DAY
    return first, last


def is_trading_day(day: dt.date) -> bool:
    """Whether exchanges are open: a weekday that is no public holiday (make-up working weekends are closed)."""
    if day.weekday() >= 5:
        return False
    try:
        return not chinese_calendar.is_holiday(day)
    except NotImplementedError:
        return not any(
            first <= day <= last
            for first, last in (
                holiday(name, day.year) for name in ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
            )
        )


def trading_day(start: dt.date, count: int) -> dt.date:
    """The ``count``-th trading day after ``start`` (before it, for a negative count); 0: the first on or after."""
    step = _DAY if count >= 0 else -_DAY
    day = start
    if count == 0:
        while not is_trading_day(day):
            day += _DAY
        return day
    left = abs(count)
    while left:
        day += step
        left -= is_trading_day(day)
    return day
