"""English words of time."""

import re

from linghang.reading.quantities import NUMBER, number
from linghang.reading.times.model import Moment
from linghang.reading.times.units import Rule, make, past, unit, valid

WEEKDAYS_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EN_MONTH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_EN = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?"
    r"|may(?!\s(?:be|not|only|go|also|now|have|get|want|need|run|come|see|use|help|well|take|still|just|send|start|stop|end|make|change"
    r"|add|contain|include|receive|never|as|prefer|look|feel|apply|exceed|reach|stay|keep|remain|i|we|you|they|it)(?![a-z]))|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
DAY_EN = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)s?(?![a-z])"
)
_TO_EN = r"(?:-{1,2}|to|through|thru|until|till|up\sto(?:\sand\sincluding)?)"
_NOT_BESIDE = r"(?!\s(?:before|after|following|preceding|prior\sto|leading\sup)\s)"
_NTH_EN = r"(?:first|second|third|fourth|fifth|last|final|1st|2nd|3rd|4th|5th)"
_OFFSETS = {
    "today": 0, "tonight": 0, "now": 0, "immediately": 0, "asap": 0, "right away": 0, "tomorrow": 1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2, "yesterday": -1, "day before yesterday": -2, "the day before yesterday": -2,
}  # fmt: skip


def _clock_en(hit: re.Match[str]) -> Moment | None:
    if hit["noon"]:
        return make("clock", "12:00" if hit["noon"] == "noon" else "00:00")
    hour, minute = int(hit["h"]), int(hit["min"] or 0)
    if hit["ap"]:
        late = hit["ap"].startswith("p") or hit["ap"].endswith(("afternoon", "evening", "night"))
        hour = hour % 12 + (12 if late else 0)
    return make("clock", f"{hour:02d}:{minute:02d}") if hour < 24 and minute < 60 else None


def _en_month(text: str) -> int:
    return _EN_MONTH.index(text[:3]) + 1


def _en_date(hit: re.Match[str]) -> Moment | None:
    month, day = _en_month(hit["m"]), int(hit["d"])
    year = int(hit["y"]) if hit["y"] else None
    if not valid(month, day):
        return None
    if hit["d2"]:
        listed = re.search(r"and|&", hit[0]) and not re.search(r"between\s(?:the\s)?$", hit.string[: hit.start()][-16:])
        after_month = re.search(rf"{_MONTH_EN}\s?$", hit.string[max(0, hit.start() - 12) : hit.start()])
        if after_month or (listed and int(hit["d2"]) != day + 1) or not valid(month, int(hit["d2"])):
            return None
        return make("range", make("date", year, month, day), make("date", year, month, int(hit["d2"])), "explicit")
    return make("date", year, month, day)


def _en_month_only(hit: re.Match[str]) -> Moment:
    base = make("month", int(hit["y"]) if hit["y"] else None, _en_month(hit["m"]), None)
    return _en_part(base, hit["part"])


def _en_first(hit: re.Match[str]) -> Moment:
    """first two weeks of December: a run from the first of the month."""
    spoken = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
    amount = spoken.get(hit["n"]) or int(hit["n"])
    month = make("month", int(hit["y"]) if hit["y"] else None, _en_month(hit["m"]), None)
    return make("run", month, amount, hit["u"].removesuffix("s"))


_EN_HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def _en_half_past(hit: re.Match[str]) -> Moment:
    """half past seven in the evening, a quarter to nine."""
    hour = int(hit["h"]) if hit["h"].isdigit() else _EN_HOURS.index(hit["h"]) + 1
    ap = hit["ap"] or ""
    late = ap.startswith("p") or ap.endswith(("afternoon", "evening", "night"))
    minutes = 30 if hit["part"] == "half" else 15
    total = (hour % 12 + (12 if late else 0)) * 60 + (minutes if hit["way"] == "past" else -minutes)
    return make("clock", f"{total // 60 % 24:02d}:{total % 60:02d}")


def _en_part(base: Moment, part: str | None) -> Moment:
    if not part:
        return base
    key = re.sub(r"[\s-]+", " ", part).strip()
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
    if "ten days" in key:
        return make(
            "part", base, {"first": "上旬", "second": "中旬", "last": "last:10"}[key.removeprefix("the ").split()[0]]
        )
    if "week" in key:
        return make("part", base, ordinals[key.removeprefix("the ").split()[0]])
    if "half" in key:
        return make("part", base, "上半月" if "first" in key else "下半月")
    for words, name in (
        ("early", "上旬"),
        ("beginning|start", "初"),
        ("mid", "中旬"),
        ("late", "下旬"),
        ("end", "底"),
        ("whole|all|entire|full|throughout", "整月"),
    ):
        if re.search(words, key):
            return make("part", base, name)
    return base


def _en_relative(hit: re.Match[str]) -> Moment | None:
    offset = {"next": 1, "this": 0, "last": -1, "coming": 0, "current": 0, "previous": -1, "following": 1}[
        hit["rel"].split()[-1]
    ]
    what = hit["what"]
    if what.startswith("weekend"):
        return make("weekend", offset)
    if what.startswith("week"):
        return make("week", offset)
    if what.startswith("month"):
        return _en_part(make("month", None, None, offset), hit["part"])
    if what.startswith("quarter"):
        return make("quarter", None, None, offset)
    if what.startswith("year"):
        return _en_part(make("year", None, offset), hit["part"])
    return make("weekday", offset, WEEKDAYS_EN.index(what[:3]))


def _en_half(hit: re.Match[str]) -> Moment:
    """first half of this year, H2 2025: a half of a year, of this one where none is named."""
    year = hit["y"] or hit["y2"] or ""
    number = int(year) if year.isdigit() else -1 if year.startswith("last") else None
    return make("half", number, 2 if "2" in (hit["h2"] or hit["h"] or "") or hit["h"] == "second" else 1)


def _en_edge(hit: re.Match[str]) -> Moment:
    base = (
        make("year", None, 0)
        if "year" in hit[0] or "eoy" in hit[0]
        else make("quarter", None, None, 0)
        if "quarter" in hit[0]
        else make("month", None, None, 0)
    )
    return make("part", base, "底")


_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def _en_quarter(hit: re.Match[str]) -> Moment:
    """the third quarter of 2025: a quarter of a year, of this one where none is named."""
    year = hit["y"] or ""
    named = int(year) if year.isdigit() else -1 if year.startswith("last") else None
    return make("quarter", named, _ORDINALS[hit["q"]], None)


def _past_one(hit: re.Match[str]) -> Moment | None:
    """the past week is the last seven days; last week is the calendar's."""
    return (
        make("past", 1.0, unit(hit["u"])) if re.search(r"past|recent", hit[0]) and "quarter" not in hit["u"] else None
    )


def _en_nth(hit: re.Match[str]) -> Moment | None:
    """the first Monday of December, the last working day of the month."""
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "final": -1}
    count = ordinals.get(hit["n"]) or int(hit["n"][0])
    base = (
        make("month", int(hit["y"]) if hit["y"] else None, _en_month(hit["m"]), None)
        if hit["m"]
        else make("year", None, 0)
        if hit["of"].endswith("year")
        else make("month", None, None, int(hit["of"].startswith("next")))
    )
    what = hit["d"]
    if what.startswith("weekend"):
        return make("part", base, f"weekend:{count}")
    if what == "day":
        return make("part", base, "初" if count == 1 else "底") if count in (1, -1) else None
    if what[:3] in WEEKDAYS_EN and not what.startswith("week"):
        return make("part", base, f"day:{count}:{WEEKDAYS_EN.index(what[:3])}")
    return make("part", base, f"trading:{count}")


def _en_last_days(hit: re.Match[str]) -> Moment:
    """the last three days of December; the last weeks count their days."""
    count = _ONES.get(hit["n"]) or int(hit["n"])
    month = make("month", int(hit["y"]) if hit["y"] else None, _en_month(hit["m"]), None)
    return make("part", month, f"last:{count * (7 if hit['u'].startswith('week') else 1)}")


_ONES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}


_BEGINS = re.compile(
    r"(?:^|[,:(;.]\s?|(?:launch|start|begin|open|commenc|send|kick)(?:ing|e?s)?|out|live|off|goes|schedule|timing|campaign"
    r"|promo|starting from|send it|message)\s?$"
)


def _en_in(hit: re.Match[str]) -> Moment | None:
    """in ten days: a day to come where something begins, or stands by itself; else how far back customers did it."""
    begins = _BEGINS.search(hit.string[max(0, hit.start() - 24) : hit.start()])
    if begins is None and not re.match(r"\s(?:via|by)\s", hit.string[hit.end() :]):
        return None
    return make("after", {"a": 1.0}.get(hit["n"]) or number(hit["n"]), unit(hit["u"]))


def _en_days_of(hit: re.Match[str]) -> Moment | None:
    """from the 5th to the 12th of next month."""
    month = make("month", None, None, int(hit["of"] == "next"))
    days = [make("month_day", month, int(hit[name])) for name in ("d", "d2") if hit[name]]
    return make("range", *days) if len(days) > 1 else days[0]


def _en_of_week(hit: re.Match[str]) -> Moment:
    """Friday of next week, Thursday the week after next, the week after next by itself."""
    week = 2 if "after" in hit["w"] else int(hit["w"].startswith("next")) or (-1 if hit["w"].startswith("last") else 0)
    return make("weekday", week, WEEKDAYS_EN.index(hit["d"][:3])) if hit["d"] else make("week", week)


def _en_before_last(hit: re.Match[str]) -> Moment:
    """the week before last, the month before last."""
    if hit["u"] in ("month", "quarter"):
        return make(hit["u"], None, None, -2)
    return make(hit["u"], -2)


def _en_rest(hit: re.Match[str]) -> Moment:
    """the rest of this month, the remainder of November."""
    base = make("month", None, _en_month(hit["m"]), None) if hit["m"] else make("month", None, None, 0)
    return make("part", make("year", None, 0) if hit["of"] == "year" else base, "rest")


RULES: tuple[Rule, ...] = (
    (rf"(?<![a-z])(?:on\s|in\s)?(?:the\s)?(?P<n>{_NTH_EN})\s(?P<d>{DAY_EN}|weekend|(?:working|business|trading)\sday"
     rf"|weekday|day)\s(?:of|in)\s(?:(?P<m>{_MONTH_EN})(?:\s(?P<y>20\d\d))?"
     r"|(?:the\s|this\s)?(?P<of>(?:next\s)?month|year))"
     r"(?![a-z])", "moment", _en_nth),
    (rf"(?<![a-z])(?:in\s|for\s|over\s)?(?:the\s)?(?:last|final)\s(?P<n>\d{{1,2}}|two|three|four|five|six|seven|ten)"
     rf"\s(?P<u>days|weeks)\s(?:of|in)\s(?P<m>{_MONTH_EN})(?:\s(?P<y>20\d\d))?", "moment", _en_last_days),
    (rf"(?<![a-z])(?:on\s)?(?P<d>{DAY_EN}),?\s(?:of\s|in\s)?(?:the\s)?(?P<w>week\safter\snext|next\sweek|this\sweek"
     r"|last\sweek)(?![a-z])", "moment", _en_of_week),
    (r"(?<![a-z])(?:in\s)?(?P<d>)(?:the\s)?(?P<w>week\safter\snext)(?![a-z])", "moment", _en_of_week),
    (r"(?<![a-z])(?:on\s)?weekdays\s(?:of\s|in\s)?(?P<w>next|this)\sweek(?![a-z])", "moment", lambda hit: make("range",
     *(make("weekday", int(hit["w"] == "next"), day) for day in (0, 4)))),
    (rf"(?<![a-z])(?:in\s|for\s)?(?P<m>{_MONTH_EN})\s(?:of\s)?(?P<y>last|this|next)\syear(?![a-z])", "moment",
     lambda hit: make("month", {"last": -1, "this": 0, "next": 1}[hit["y"]], _en_month(hit["m"]), None)),
    (r"(?<![a-z])(?:in\s|during\s)?(?:the\s)?(?P<u>week|month|weekend|quarter)\sbefore\slast(?![a-z])", "moment",
     _en_before_last),
    (rf"(?<![a-z])(?:for\s|over\s)?(?:the\s)?(?:rest|remainder)\sof\s(?:(?P<m>{_MONTH_EN})|(?:the\s|this\s)"
     r"(?P<of>month|year))(?![a-z])", "moment", _en_rest),
    (rf"(?<![a-z\d])(?:(?:from|on)\s)?the\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)(?:\s?{_TO_EN}\s(?:the\s)?(?P<d2>\d{{1,2}})"
     r"(?:st|nd|rd|th))?\sof\s(?P<of>next|this)\smonth(?![a-z])", "moment", _en_days_of),
    (
        r"(?<![a-z])in\s(?P<n>a|\d{1,3}|two|three|four|five|six|seven|ten)\s(?P<u>(?:day|week|month)s?)(?=[,.;:)]|$"
        r"|\s(?:via|by|on|through|thru|until|till|to|and|for|-|with)\b)", "moment", _en_in),
    (
        r"(?:in|within|over|during|for|of)?\s?(?:the\s)?(?:last|past|previous|recent|prior)\s(?P<n>a|couple of"
        rf"|few|{NUMBER}|two|three|four|five|six|seven|ten|thirty|sixty|ninety)?\s?-?(?P<u>(?:day|week|month"
        rf"|year|quarter)s?)(?![a-z]){_NOT_BESIDE}",
     "window", lambda hit: past(hit) if hit["n"] else _past_one(hit)),
    (
        rf"(?:with)?in\s(?:the\s)?(?P<n>a|{NUMBER}|two|three|six|ten|thirty|sixty|ninety)\s?-?(?P<u>(?:day|week"
        rf"|month|year)s?)(?![a-z]){_NOT_BESIDE}", "window", past),
    (
        r"(?<![\d:])(?P<h>\d{1,2})(?::(?P<min>\d\d))?\s?"
        r"(?:(?:o'?clock\s|sharp\s)?(?P<ap>[ap]\.?m\.?|in\sthe\s(?:morning|afternoon|evening)|at\snight)"
        r"|(?:o'?clock|sharp))(?![a-z])|(?<![a-z])(?P<noon>noon"
        r"|midnight)(?![a-z])", "clock", _clock_en),
    (r"(?<=\sat\s)(?P<h>[6-9]|1\d|2[0-3])(?P<min>)(?P<ap>)(?P<noon>)(?=\s?(?:[,.;!]\s"
    r"|[,.;!]?$))", "clock", _clock_en),
    (
        rf"(?<![a-z])(?P<m>{_MONTH_EN})\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?(?:{_TO_EN}"
        rf"|and|&)\s?(?:the\s)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:\d|%|[/.-]\d|st|nd|rd|th|\s?(?:yuan|k|w|cny"
        rf"|rmb|[ap]\.?m)|\s(?:of\s)?{_MONTH_EN}))?(?!\d)(?:,?\s(?P<y>20\d\d))?", "moment", _en_date),
    (
        rf"(?<!\d)(?:(?<![a-z])(?:on\s)?the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?(?:{_TO_EN}|and|&)\s?(?:the\s)?"
        rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH_EN})(?:,?\s(?P<y>20\d\d))?", "moment", _en_date),
    (
        rf"(?<!\d)(?:(?<![a-z])(?:on\s)?the\s)?(?P<d>\d{{1,2}})(?P<d2>)(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{_MONTH_EN})"
        rf"(?:,?\s(?P<y>20\d\d))?", "moment", _en_date),
    (
        r"(?<![a-z])(?:in\s|for\s)?(?P<part>(?:the\s)?(?:first|second|third|fourth|last)\s(?:week|half)\sof\s"
        r"|(?:the\s)?(?:first|second|last)\sten\sdays\sof\s|early[\s-]|mid[\s-]|late[\s-]|(?:the\s)?(?:end"
        r"|beginning|start)\sof\s|(?:the\s)?(?:whole|all|entire"
        rf"|full|throughout)(?:\s(?:month\s)?of)?\s)?(?P<m>{_MONTH_EN})(?:\s(?P<y>20\d\d))?(?!\s?\d)", "moment",
        _en_month_only),
    (
        rf"(?<![a-z])(?:a\s)?(?P<part>half|quarter)\s(?P<way>past|to)\s(?P<h>\d{{1,2}}|{'|'.join(_EN_HOURS)})"
        r"(?:\s?(?P<ap>[ap]\.?m\.?|in\sthe\s(?:morning|afternoon|evening)|at\snight))?(?![a-z\d])",
        "clock", _en_half_past),
    (
        rf"(?<![a-z])(?:in\s|for\s|over\s)?(?:the\s)?first\s(?P<n>\d{{1,2}}|two|three|four|five|ten)\s(?P<u>days"
        rf"|weeks)\sof"
        rf"\s(?P<m>{_MONTH_EN})(?:\s(?P<y>20\d\d))?(?!\s?\d)", "moment", _en_first),
    (
        r"(?<![a-z])(?:the\s)?(?P<h>first|second|1st|2nd)\shalf\s(?:of\s)?(?:the\s)?(?P<y>this\syear|last\syear"
        r"|year|20\d\d)(?!\d)"
        r"|(?<![a-z0-9])h(?P<h2>[12])(?:\s(?P<y2>20\d\d))?(?![a-z0-9])", "moment", _en_half),
    (
        r"(?<![a-z])(?:the\s)?(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)\squarter(?![a-z])"
        r"(?:\s(?:of\s)?(?:the\s)?(?P<y>this\syear|last\syear|year|20\d\d)(?!\d))?", "moment", _en_quarter),
    (r"(?<![a-z])(?:today\sand\stomorrow|tomorrow\sand\sthe\sday\safter)(?!\stomorrow)(?![a-z])", "moment",
     lambda hit: make("range", *(make("offset", _OFFSETS[hit[0].split()[0]] + more) for more in (0, 1)))),
    (
        r"(?<![a-z])(?:the\s)?day\safter\stomorrow|(?<![a-z])(?:the\s)?day\sbefore\syesterday"
        r"|(?<![a-z])(?:today|tonight"
        r"|tomorrow|yesterday|immediately|asap|right\saway|now)(?![a-z])", "moment",
     lambda hit: make("offset", _OFFSETS[hit[0]])),
    (
        r"(?<![a-z])(?P<part>(?:the\s)?(?:first|second|third|fourth|last)\sweek\sof\s|early\s|mid[\s-]|late\s"
        r"|(?:the\s)?(?:end|beginning|start)\sof\s|(?:the\s)?(?:whole|all)(?:\sof)?\s)?(?:the\s)?(?P<rel>next"
        r"|this|last|this\scoming|coming|current|previous|following)\s(?P<what>weekend|week|month|quarter|year"
        rf"|{DAY_EN})(?![a-z])", "moment", _en_relative),
    (
        rf"(?<![a-z])(?:from\s)?(?P<d>{DAY_EN})\s?(?:to|-|through|thru"
        rf"|until)\s?(?P<d2>{DAY_EN})\s(?:of\s)?(?P<rel>next"
        r"|this)\sweek(?![a-z])", "moment", lambda hit: make("range",
        make("weekday", int(hit["rel"] == "next"), WEEKDAYS_EN.index(hit["d"][:3])),
        make("weekday", int(hit["rel"] == "next"), WEEKDAYS_EN.index(hit["d2"][:3])))),
    (rf"(?<![a-z])(?<!every other )(?<!every second )(?<!alternate )(?:on\s)?(?P<d>{DAY_EN})", "moment",
     lambda hit: make("weekday", None, WEEKDAYS_EN.index(hit["d"][:3]))),
    (r"(?<![\d/])(\d{1,2})/(\d{1,2})/(20\d\d)(?!\d)", "moment",
     lambda hit: make("slashed", int(hit[1]), int(hit[2]), int(hit[3]))),
    (r"(?<![a-z])(?:over\s)?christmas(?:\sday)?\s(?:and|&)\s(?:the\s)?new\syear(?:'?s)?(?:\s(?:day|holidays?|period))?(?![a-z'])",
     "moment", lambda hit: make("range", make("festival", "圣诞节", None), make("festival", "元旦", None))),
    (r"(?<![a-z])(?:on\s)?the\s(?P<d>\d{1,2})(?:st|nd|rd|th)(?![a-z])(?!\s(?:of|percentile|anniversary"
    r"|time))", "moment",
     lambda hit: make("date", None, None, int(hit["d"])) if 1 <= int(hit["d"]) <= 31 else None),
    (r"(?<![a-z])(?:the\s)?weekend(?![a-z])", "moment", lambda hit: make("weekend", None)),
    (
        r"(?<![a-z])(?:(?:the\s)?end\sof\s(?:the\s|this\s)?(?:month|year|quarter)|(?:month|year"
        r"|quarter)[\s-]?end(?!\s(?:review|report|summary|recap|bonus|party|gift|letter|statement|story))|eom"
        r"|eoy|eoq)(?![a-z])", "moment", _en_edge),
    (
        r"(?<![a-z])(?P<n>a|\d+|two|three|four|five|six|seven|ten)\s(?P<u>(?:day|week|month|year)s?)\s(?:later"
        r"|from\s(?:now|today))", "moment",
     lambda hit: make("after", {"a": 1.0}.get(hit["n"]) or number(hit["n"]), unit(hit["u"]))),
)  # fmt: skip
