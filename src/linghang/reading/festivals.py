"""Days with names: festivals of both calendars, shopping days, public holidays, trading days."""

import datetime as dt
import functools

import chinese_calendar
from lunar_python import Lunar

_DAY = dt.timedelta(days=1)
_SOLAR: dict[str, tuple[int, int]] = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "消费者权益日": (3, 15), "愚人节": (4, 1), "劳动节": (5, 1), "青年节": (5, 4), "520": (5, 20),
    "儿童节": (6, 1), "618": (6, 18), "建党节": (7, 1), "建军节": (8, 1), "教师节": (9, 10), "国庆节": (10, 1), "程序员节": (10, 24), "万圣节": (10, 31),
    "双11": (11, 11), "双12": (12, 12), "平安夜": (12, 24), "圣诞节": (12, 25), "跨年夜": (12, 31), "理财日": (1, 15),
    "818": (8, 18), "99大促": (9, 9), "年货节": (1, 10), "春晚": (0, 0),
}  # fmt: skip
_LUNAR: dict[str, tuple[int, int]] = {
    "春节": (1, 1), "元宵节": (1, 15), "龙抬头": (2, 2), "端午节": (5, 5), "七夕": (7, 7), "中元节": (7, 15), "中秋节": (8, 15), "重阳节": (9, 9),
    "腊八节": (12, 8), "小年": (12, 23),
}  # fmt: skip
_TERMS = {
    "清明节": "清明",
    "立春": "立春",
    "立夏": "立夏",
    "立秋": "立秋",
    "立冬": "立冬",
    "夏至": "夏至",
    "冬至": "冬至",
    "大雪": "大雪",
    "小寒": "小寒",
    "大寒": "大寒",
}
# Usual length of a public holiday when the State Council's notice for that year is not known yet.
_HOLIDAY_DAYS = {"元旦": 3, "清明节": 3, "劳动节": 5, "端午节": 3, "中秋节": 3, "国庆节": 7}
FESTIVALS = (
    *(name for name in _SOLAR if name != "春晚"),
    *_LUNAR,
    *_TERMS,
    "除夕",
    "黑五",
    "网络星期一",
    "母亲节",
    "父亲节",
    "感恩节",
)


@functools.lru_cache(maxsize=512)
def festival(name: str, year: int) -> dt.date:
    """The date of a festival in a year (lunar ones: the occurrence that falls within that solar year).

    Raises KeyError for a name that is not in ``FESTIVALS``.
    """
    if name in _SOLAR and name != "春晚":
        return dt.date(year, *_SOLAR[name])
    if name == "除夕":
        return festival("春节", year) - _DAY
    if name in _LUNAR:
        return _lunar(year, *_LUNAR[name])
    if name in _TERMS:
        solar = (
            Lunar.fromYmd(year, 6, 1).getJieQiTable()[_TERMS[name]]
            if name != "冬至"
            else Lunar.fromYmd(year, 11, 1).getJieQiTable()["冬至"]
        )
        return _in_year(name, year, dt.date(solar.getYear(), solar.getMonth(), solar.getDay()))
    return _weekday_festival(name, year)


def _in_year(name: str, year: int, found: dt.date) -> dt.date:
    if found.year == year:
        return found
    solar = Lunar.fromYmd(year + year - found.year, 6, 1).getJieQiTable()[_TERMS[name]]
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def _lunar(year: int, month: int, day: int) -> dt.date:
    for lunar_year in (year, year - 1):
        solar = Lunar.fromYmd(lunar_year, month, day).getSolar()
        if solar.getYear() == year:
            return dt.date(year, solar.getMonth(), solar.getDay())
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def lunar_new_year_day(day: int, year: int) -> dt.date:
    """The ``day``-th day of the first lunar month (初六 is 6) in a solar year."""
    return festival("春节", year) + (day - 1) * _DAY


def _weekday_festival(name: str, year: int) -> dt.date:
    thanksgiving = _nth(year, 11, 3, 4)
    table = {
        "感恩节": thanksgiving, "黑五": thanksgiving + _DAY, "网络星期一": thanksgiving + 4 * _DAY, "母亲节": _nth(year, 5, 6, 2), "父亲节": _nth(year, 6, 6, 3),
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


def is_working_day(day: dt.date) -> bool:
    """Whether offices work, make-up weekends included where the calendar is published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return is_trading_day(day)


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
