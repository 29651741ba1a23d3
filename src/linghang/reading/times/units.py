"""Parts that the words of time of both languages share: units, small numbers, tense of years, look-back windows."""

import re
from collections.abc import Callable

from linghang.reading.quantities import NUMBER, number
from linghang.reading.times.model import Moment, Sense

Build = Callable[[re.Match[str]], Moment | None]
Rule = tuple[str, Sense, Build]

UNIT_ZH = r"(?:个季度|个?交易日|个?工作日|天|日|周|个?星期|个?礼拜|个月|月|年)"
_UNITS = {"季度": "month",
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year",
    "交易日": "trading", "工作日": "trading",
          "day": "day", "week": "week", "month": "month", "year": "year", "quarter": "month", "wk": "week",
          "yr": "year", "fortnight": "fortnight"}  # fmt: skip  # fmt: skip
DURATION = (
    rf"(?P<dn>{NUMBER}|(?:a|one|two|three|four|five|six|seven|ten"
    rf"|twelve)\b)\s?-?(?P<du>{UNIT_ZH}(?![一二三四五六日末线])|(?:day|week|month|year|wk|fortnight)s?(?![a-z]))"
)
NOT_SCHEDULE = (
    r"(?!免息|加息|体验|内|年化|无理由|有效|会员|试用|理财|期|封闭|券|红包|未|没|以上|以内|前|不|利率|息"
    r"|留存|复购|的?(?:vip|卡))"
)


def small(text: str) -> int:
    """A day or month number in digits or Chinese numerals."""
    value = number(text)
    if value is None:
        raise ValueError(text)
    return int(value)


def unit(text: str) -> str:
    """The name of a unit of time: day, week, month, year or trading."""
    return _UNITS[
        text.strip(" -").removeprefix("个").rstrip("s")
        if text.strip(" -")[:1].isascii()
        else text.strip().removeprefix("个")
    ]


def make(kind: str, *args: object) -> Moment:
    """A moment of a kind with its parts."""
    return Moment(kind, args)


def valid(month: int, day: int) -> bool:
    """Whether a month and a day could be a date."""
    return 1 <= month <= 12 and 1 <= day <= 31


def past(hit: re.Match[str]) -> Moment | None:
    """A look-back window: 近30天, last 30 days, 48小时内."""
    raw = hit["n"] or "1"
    value = {"a": 1.0, "an": 1.0, "couple of": 2.0, "few": 3.0}.get(raw) or number(raw)
    if value is None:
        return None
    if hit["u"] in ("小时", "个小时", "hours", "hour"):
        # Windows count days: 48小时内 is two of them.
        return make("past", max(1.0, value // 24), "day")
    name = unit(hit["u"])
    return make("past", value * (3 if "quarter" in hit["u"] or "季" in hit["u"] else 1), name)
