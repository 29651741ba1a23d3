"""Words of rhythms of both languages: 每周三、周五, 每月1号和15号, every weekday, on Tuesdays and Thursdays."""

import re

from linghang.reading.times.english import DAY_EN, WEEKDAYS_EN
from linghang.reading.times.model import Moment
from linghang.reading.times.units import Rule, make, small

_WORKDAYS = "weekly:mon,tue,wed,thu,fri"
_SHORT = dict(zip("一二三四五六日天", (*WEEKDAYS_EN, "sun"), strict=True))


def _weekly_zh(hit: re.Match[str]) -> Moment:
    days = [_SHORT[char] for char in re.findall(r"[一二三四五六日天]", hit["ds"])]
    return make("recur", "weekly:" + ",".join(dict.fromkeys(days)))


def _weekly_en(hit: re.Match[str]) -> Moment:
    days = [name[:3] for name in re.findall(DAY_EN, hit[0])]
    return make("recur", "weekly:" + ",".join(sorted(dict.fromkeys(days), key=WEEKDAYS_EN.index)))


def _monthly(hit: re.Match[str]) -> Moment | None:
    """每月15号, 每月1号和15号, 每月底, on the 1st and the 15th of every month."""
    if hit.groupdict().get("edge"):
        return make("recur", "monthly:last" if hit["edge"] in ("底", "末", "最后一天") else "monthly:1")
    days = [small(day) for day in re.findall(r"\d{1,2}|[一二三四五六七八九十]{1,3}", hit["d"])]
    return make("recur", "monthly:" + ",".join(map(str, days))) if all(1 <= day <= 31 for day in days) else None


_DAYS_EN = rf"{DAY_EN}(?:(?:,\s|\sand\s|,\sand\s|\s?/\s?|\s?&\s?)(?:on\s)?{DAY_EN})*"
# Mondays, on Tuesdays and Thursdays: the plural of a day is a rhythm.
_PLURAL_EN = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"
_NTH_EN = r"(?:the\s)?\d{1,2}(?:st|nd|rd|th)(?:(?:,\s|\sand\s)(?:the\s)?\d{1,2}(?:st|nd|rd|th))*"

RULES: tuple[Rule, ...] = (
    (r"每个?(?:周|星期|礼拜)(?P<ds>[一二三四五六日天](?:[、和及跟与/]?(?:周|星期|礼拜)?[一二三四五六日天])*)"
     r"(?![次篇条封个份张]|$ )",
     "recurrence", _weekly_zh),
    (r"每个?周末(?:两天)?", "recurrence", lambda hit: make("recur", "weekly:sat,sun")),
    (r"每个?月的?(?:(?P<d>(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[号日]?[、和及跟与,，](?:\d{1,2}|[一二三四五六七八九十]{1,3})(?=[号日]))*)"
     r"[号日]?(?![次篇条封个份张\d元块毛折万%.])|(?P<edge>初|底|末|最后一天))",
     "recurrence", _monthly),
    (r"每个?(?:工作日|交易日)|(?:工作日|交易日)(?:的)?每天", "recurrence", lambda hit: make("recur", _WORKDAYS)),
    (r"(?<![a-z])(?:on\s)?(?:every|each)\s(?:week|working\s|business\s|trading\s)day(?![a-z])"
     r"|(?<![a-z])(?:on\s)?(?:weekdays|working\sdays|business\sdays)(?!\s(?:of|in|next|this|after|before|later|from))(?![a-z])",
     "recurrence", lambda hit: make("recur", _WORKDAYS)),
    (r"(?<![a-z])(?:on\s)?(?:every|each)\sweekend(?![a-z])", "recurrence", lambda hit: make("recur", "weekly:sat,sun")),
    (r"每天|每日|daily|every\sday", "recurrence", lambda hit: make("recur", "daily")),
    (
        r"每个?周(?![一二三四五六日天年边])|每个?(?:星期|礼拜)(?![一二三四五六日天])|每周(?=一[次篇条封个份张])"
        r"|weekly(?!\son)|every\sweek|per\sweek"
        r"|(?<!by )(?<!for )(?<!half )(?<!back )(?<!out )(?<!forward )a\sweek(?![a-z])(?!\s(?:earlier|later"
        r"|longer|more|less|before|after|from|starting|beginning|in\stotal|in\sall))", "recurrence",
        lambda hit: make("recur", "weekly")),
    (
        r"每个?月(?![\d一二三四五六七八九十初底末])|monthly(?!\s(?:on|sip|inv|plan|bill|act|flow|fee))"
        r"|every\smonth|per\smonth"
        r"|(?<!by )(?<!for )(?<!half )(?<!back )(?<!out )(?<!forward )a\smonth(?![a-z])(?!\s(?:earlier|later"
        r"|longer|more|less|before|after|from|starting|beginning|in\stotal|in\sall))", "recurrence",
        lambda hit: make("recur", "monthly")),
    (rf"(?<![a-z])(?:on\s)?{_DAYS_EN}\s(?:every|each)\sweek(?![a-z])|(?<![a-z])(?:every|each)\sweek\son\s{_DAYS_EN}",
     "recurrence", _weekly_en),
    (rf"(?<![a-z])(?:on\s)?(?:every|each|weekly\son)\s{_DAYS_EN}", "recurrence", _weekly_en),
    (rf"(?<![a-z])(?:on\s)?{_PLURAL_EN}(?:(?:,\s|\sand\s|,\sand\s|\s?&\s?)(?:on\s)?{_PLURAL_EN})*(?![a-z])",
     "recurrence", _weekly_en),
    (rf"(?:every\smonth|monthly|each\smonth)\son\s(?P<d>{_NTH_EN}|(?:the\s)?\d{{1,2}})", "recurrence", _monthly),
    (rf"(?:on\s)?(?P<d>{_NTH_EN})\s(?:day\s)?(?:of\s)?(?:every|each)\smonth(?![a-z])", "recurrence", _monthly),
    (r"(?:on\s)?(?:every|each)\s(?P<d>\d{1,2})(?:st|nd|rd|th)\sof\s(?:the|each|every|a)\smonth(?![a-z])", "recurrence",
     _monthly),
    (r"(?:on\s)?(?:the\s)?last\sday\sof\s(?:every|each)\smonth(?![a-z])|(?:on\s)?every\smonth[\s-]end(?![a-z])",
     "recurrence", lambda hit: make("recur", "monthly:last")),
)  # fmt: skip
