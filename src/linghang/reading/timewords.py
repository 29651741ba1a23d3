"""Words of time: the phrases, Chinese and English, that name a day, a stretch of days, an hour or a rhythm."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from linghang.reading.moments import Moment
from linghang.reading.quantities import NUMBER, number

Sense = Literal["moment", "clock", "window", "recurrence", "since"]


@dataclass(frozen=True)
class Word:
    """A phrase of time at ``[start, end)`` of the normalised text."""

    start: int
    end: int
    sense: Sense
    moment: Moment


_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WD = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_EN_WD = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EN_MONTH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKS = {
    "上上": -2,
    "上": -1,
    "这": 0,
    "本": 0,
    "这个": 0,
    "当": 0,
    "下": 1,
    "下个": 1,
    "上个": -1,
    "下下": 2,
    "下下个": 2,
    "上上个": -2,
}
_REL = r"(?:上上个?|下下个?|上个?|下个?|这个?|本|当)"
_UNIT_ZH = r"(?:个?交易日|个?工作日|天|日|周|个?星期|个?礼拜|个月|月|年)"
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year", "交易日": "trading", "工作日": "trading",
          "day": "day", "week": "week", "month": "month", "year": "year", "quarter": "month", "wk": "week", "yr": "year"}  # fmt: skip
_MONTH_EN = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
_DAY_EN = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?(?![a-z])"
_PART = r"(?:中下旬|上中旬|上旬|中旬|下旬|上半月|下半月|初|底|末|中(?![秋国高间文])|第[一二三四五1-5]个?周|第[一二三四五1-5]个?星期|最后一周|头一周|首周|整月|全月)"
DURATION = rf"(?P<dn>{NUMBER}|(?:a|one|two|three|four|five|six|seven|ten|twelve)\b)\s?-?(?P<du>{_UNIT_ZH}(?![一二三四五六日末线])|(?:day|week|month|year|wk)s?(?![a-z]))"
NOT_SCHEDULE = r"(?!免息|加息|体验|内|年化|无理由|有效|会员|试用|理财|期|封闭|券|红包|未|没|以上|以内|前|不|利率|息|留存|复购|的?(?:vip|卡))"

FESTIVAL_WORDS: dict[str, str] = {
    "春节": "春节", "新春": "春节", "过年": "春节", "农历新年": "春节", "大年初一": "春节", "除夕": "除夕", "年三十": "除夕", "大年三十": "除夕", "大年夜": "除夕",
    "元宵节": "元宵节", "元宵": "元宵节", "元旦": "元旦", "新年": "元旦", "跨年夜": "跨年夜", "跨年": "跨年夜", "情人节": "情人节", "妇女节": "妇女节", "三八节": "妇女节",
    "女神节": "妇女节", "38节": "妇女节", "315": "消费者权益日", "清明节": "清明节", "清明": "清明节", "五一节": "劳动节", "五一": "劳动节", "劳动节": "劳动节", "青年节": "青年节",
    "端午节": "端午节", "端午": "端午节", "儿童节": "儿童节", "六一": "儿童节", "618": "618", "6.18": "618", "6·18": "618", "七夕": "七夕", "七夕节": "七夕",
    "中秋节": "中秋节", "中秋": "中秋节", "国庆节": "国庆节", "国庆": "国庆节", "十一黄金周": "国庆节", "双11": "双11", "双十一": "双11", "11.11": "双11", "双12": "双12",
    "双十二": "双12", "12.12": "双12", "黑五": "黑五", "黑色星期五": "黑五", "圣诞节": "圣诞节", "圣诞": "圣诞节", "平安夜": "平安夜", "感恩节": "感恩节", "重阳节": "重阳节",
    "重阳": "重阳节", "腊八节": "腊八节", "腊八": "腊八节", "小年": "小年", "冬至": "冬至", "教师节": "教师节", "母亲节": "母亲节", "父亲节": "父亲节", "年货节": "年货节",
    "520": "520", "818": "818", "万圣节": "万圣节", "立春": "立春", "立冬": "立冬", "夏至": "夏至", "建党节": "建党节", "建军节": "建军节", "程序员节": "程序员节",
    "black friday": "黑五", "cyber monday": "网络星期一", "christmas eve": "平安夜", "christmas": "圣诞节", "xmas": "圣诞节", "new year's eve": "跨年夜",
    "new years eve": "跨年夜", "new year's day": "元旦", "new year's": "元旦", "new year": "元旦", "thanksgiving": "感恩节", "valentine's day": "情人节", "valentines day": "情人节",
    "chinese new year's eve": "除夕", "chinese new year": "春节", "lunar new year": "春节", "spring festival": "春节", "lantern festival": "元宵节",
    "mid-autumn festival": "中秋节", "mid-autumn": "中秋节", "national day": "国庆节", "double 11": "双11", "double eleven": "双11", "double-11": "双11", "singles day": "双11",
    "singles' day": "双11", "double 12": "双12", "double twelve": "双12", "double-12": "双12", "dragon boat festival": "端午节", "labor day": "劳动节", "labour day": "劳动节",
    "may day": "劳动节", "women's day": "妇女节", "mother's day": "母亲节", "father's day": "父亲节", "children's day": "儿童节", "laba festival": "腊八节",
    "halloween": "万圣节",
}  # fmt: skip
_FEST = "|".join(sorted(map(re.escape, FESTIVAL_WORDS), key=len, reverse=True))


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


def _m(kind: str, *args: object) -> Moment:
    return Moment(kind, args)


def _iso(hit: re.Match[str]) -> Moment:
    return _m("date", int(hit[1]), int(hit[2]), int(hit[3]))


def _month_day(hit: re.Match[str]) -> Moment | None:
    year = _year_word(hit["y"]) if hit["y"] else None
    month, day = small(hit["m"]), small(hit["d"])
    if not _valid(month, day):
        return None
    if hit.groupdict().get("d2"):
        last = small(hit["d2"])
        return (
            _m("range", _m("date", year, month, day), _m("date", year, month, last), "explicit")
            if last >= day
            else None
        )
    return (
        _m("date", year, month, day)
        if not isinstance(year, tuple)
        else _m("month_day", _m("month", None, month, None), day)
    )


def _valid(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _year_word(text: str) -> int | None:
    text = text.strip().rstrip("年的 ")
    return int(text) if text.isdigit() else None


def _numeric(hit: re.Match[str]) -> Moment | None:
    month, day = int(hit[1]), int(hit[2])
    return _m("date", None, month, day) if _valid(month, day) else None


def _numeric_range(hit: re.Match[str]) -> Moment | None:
    low, high = (int(hit[1]), int(hit[2])), (int(hit[3]), int(hit[4]))
    return _m("range", _m("date", None, *low), _m("date", None, *high)) if _valid(*low) and _valid(*high) else None


def _year_shift(text: str | None) -> int | None:
    return None if not text else {"今": 0, "本": 0, "去": -1, "上": -1, "明": 1, "前": -2, "后": 2}.get(text[0])


def _month(hit: re.Match[str]) -> Moment | None:
    if hit["rel"]:
        offset = _WEEKS.get(hit["rel"], _WEEKS.get(hit["rel"].rstrip("个"), 0))
        base = _m("month", None, None, offset)
    else:
        month = small(hit["m"])
        if not 1 <= month <= 12:
            return None
        base = _m("month", _year_word(hit["y"]) if hit["y"] else None, month, None)
    if hit["d"]:
        return _m("month_day", base, small(hit["d"]))
    return _with_part(base, hit["part"], bool(hit["whole"] or hit["whole2"]))


def _with_part(base: Moment, part: str | None, whole: bool = False) -> Moment:
    if whole:
        return _m("part", base, "整月")
    if not part:
        return base
    if part.startswith("第"):
        return _m("part", base, small(part[1]))
    fixed = {"末": "底", "最后一周": -1, "头一周": 1, "首周": 1, "全月": "整月"}
    return _m("part", base, fixed.get(part, part))


def _bare_part(hit: re.Match[str]) -> Moment:
    part = hit["part"] or hit["part2"]
    scope = _m("month", None, None, 0)
    if part in ("初", "上旬"):
        scope = _m("month", None, None, 1)
    return _with_part(scope, part)


def _year_part(hit: re.Match[str]) -> Moment:
    shift = _year_shift(hit["rel"])
    base = (
        _m("year", int(hit["y"]), None)
        if hit["y"]
        else _m("year", None, shift if shift is not None else (1 if hit["part"] == "初" else 0))
    )
    return _m("part", base, {"末": "底", "终": "底"}.get(hit["part"], hit["part"]))


def _week(hit: re.Match[str]) -> Moment:
    offset = _WEEKS.get(hit["rel"], _WEEKS.get(hit["rel"].rstrip("个"), 0))
    if hit["d"] in ("末",):
        return _m("weekend", offset)
    return _m("weekday", offset, _WD[hit["d"]]) if hit["d"] else _m("week", offset)


def _festival(hit: re.Match[str]) -> Moment:
    year: int | None = None
    if hit["y"]:
        year = _year_word(hit["y"])
        if year is None:
            year = _year_shift(hit["y"])
    return _m("festival", FESTIVAL_WORDS[hit["f"]], year)


def _recur_zh(hit: re.Match[str]) -> Moment:
    days = [
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[_WD[char]]
        for char in re.findall(r"[一二三四五六日天]", hit["ds"])
    ]
    return _m("recur", "weekly:" + ",".join(days))


def _recur_month(hit: re.Match[str]) -> Moment:
    return _m(
        "recur", "monthly:" + ("last" if hit["edge"] in ("底", "末") else "1" if hit["edge"] else str(small(hit["d"])))
    )


_SHIFTS = {
    "上午": 0,
    "早上": 0,
    "早": 0,
    "早晨": 0,
    "清晨": 0,
    "凌晨": 0,
    "中午": 12,
    "午间": 12,
    "下午": 12,
    "傍晚": 12,
    "晚上": 12,
    "晚": 12,
    "夜里": 12,
    "夜间": 12,
    "当晚": 12,
    "今晚": 12,
    "明晚": 12,
}


def _clock_zh(hit: re.Match[str]) -> Moment | None:
    hour = small(hit["h"])
    if not hit["h"].isdigit() and _is_a_bit(hit):
        return None
    tail = hit["min"]
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(tail or "", 0) if not (tail or "").isdigit() else int(tail)
    shift = _SHIFTS.get(hit["p"] or "", 0)
    if shift and hour < 12 and not (shift == 12 and hit["p"] in ("中午", "午间") and hour >= 10):
        hour += 12
    return _m("clock", f"{hour:02d}:{minute:02d}") if hour <= 24 and minute < 60 else None


def _is_a_bit(hit: re.Match[str]) -> bool:
    """一点 and 早一点 are no hours; a spelled hour needs 上午 before it or 整, 到, 发 behind it."""
    if hit["h"] == "一" and hit["p"] in (None, "早", "晚"):
        return True
    return not hit["p"] and not re.match(
        r"[到至\-~发推前后开整钟半]", hit.string[hit.end() - 1 :] if hit[0][-1] in "整钟半" else hit.string[hit.end() :]
    )


def _clock_en(hit: re.Match[str]) -> Moment | None:
    if hit["noon"]:
        return _m("clock", "12:00" if hit["noon"] == "noon" else "00:00")
    hour, minute = int(hit["h"]), int(hit["min"] or 0)
    if hit["ap"]:
        hour = hour % 12 + (12 if hit["ap"].startswith("p") else 0)
    return _m("clock", f"{hour:02d}:{minute:02d}") if hour < 24 and minute < 60 else None


def _past(hit: re.Match[str]) -> Moment | None:
    raw = hit["n"] or "1"
    value = {"a": 1.0, "an": 1.0, "couple of": 2.0, "few": 3.0}.get(raw) or number(raw)
    if value is None:
        return None
    if hit["u"] in ("小时", "个小时", "hours", "hour"):
        # Windows count days: 48小时内 is two of them.
        return _m("past", max(1.0, value // 24), "day")
    name = unit(hit["u"])
    return _m("past", value * (3 if "quarter" in hit["u"] else 1), name)


def _en_month(text: str) -> int:
    return _EN_MONTH.index(text[:3]) + 1


def _en_date(hit: re.Match[str]) -> Moment | None:
    month, day = _en_month(hit["m"]), int(hit["d"])
    year = int(hit["y"]) if hit["y"] else None
    if not _valid(month, day):
        return None
    if hit["d2"]:
        return _m("range", _m("date", year, month, day), _m("date", year, month, int(hit["d2"])), "explicit")
    return _m("date", year, month, day)


def _en_month_only(hit: re.Match[str]) -> Moment:
    base = _m("month", int(hit["y"]) if hit["y"] else None, _en_month(hit["m"]), None)
    return _en_part(base, hit["part"])


def _en_part(base: Moment, part: str | None) -> Moment:
    if not part:
        return base
    key = re.sub(r"[\s-]+", " ", part).strip()
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
    if "week" in key:
        return _m("part", base, ordinals[key.removeprefix("the ").split()[0]])
    if "half" in key:
        return _m("part", base, "上半月" if "first" in key else "下半月")
    for words, name in (
        ("early|beginning|start", "初"),
        ("mid", "中旬"),
        ("late", "下旬"),
        ("end", "底"),
        ("whole|all|entire|full|throughout", "整月"),
    ):
        if re.search(words, key):
            return _m("part", base, name)
    return base


def _en_relative(hit: re.Match[str]) -> Moment | None:
    offset = {"next": 1, "this": 0, "last": -1, "coming": 0, "current": 0, "previous": -1, "following": 1}[
        hit["rel"].split()[-1]
    ]
    what = hit["what"]
    if what.startswith("weekend"):
        return _m("weekend", offset)
    if what.startswith("week"):
        return _m("week", offset)
    if what.startswith("month"):
        return _en_part(_m("month", None, None, offset), hit["part"])
    if what.startswith("quarter"):
        return _m("quarter", None, None, offset)
    if what.startswith("year"):
        return _en_part(_m("year", None, offset), hit["part"])
    return _m("weekday", offset, _EN_WD.index(what[:3]))


def _en_edge(hit: re.Match[str]) -> Moment:
    base = (
        _m("year", None, 0)
        if "year" in hit[0] or "eoy" in hit[0]
        else _m("quarter", None, None, 0)
        if "quarter" in hit[0]
        else _m("month", None, None, 0)
    )
    return _m("part", base, "底")


_OFFSETS = {"今天": 0, "今日": 0, "今晚": 0, "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "后天": 2, "大后天": 3, "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "大前天": -3,
            "即日": 0, "今": 0, "明": 1, "即刻": 0, "现在": 0, "立即": 0, "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "day after tomorrow": 2,
            "the day after tomorrow": 2, "day before yesterday": -2, "now": 0, "immediately": 0, "asap": 0, "right away": 0}  # fmt: skip
_SINCE = {"month": r"本月至今|本月以来|本月累计|月初至今|这个月以来|这个月至今|month[\s-]to[\s-]date|(?<![a-z])mtd(?![a-z])|so far this month",
          "year": r"今年以来|今年至今|年初至今|年初以来|year[\s-]to[\s-]date|(?<![a-z])ytd(?![a-z])|so far this year",
          "week": r"本周以来|本周至今|这周以来|week[\s-]to[\s-]date|(?<![a-z])wtd(?![a-z])|so far this week",
          "quarter": r"本季度以来|本季度至今|本季至今|quarter[\s-]to[\s-]date|(?<![a-z])qtd(?![a-z])"}  # fmt: skip
_Y = r"(?P<y>20\d\d年?|今年|明年|去年|前年|后年|当年)?\s?的?"
_CLOCK_P = r"(?P<p>凌晨|早上|早晨|清晨|上午|中午|午间|下午|傍晚|晚上|夜里|夜间|早|晚)?"

_RULES: tuple[tuple[str, Sense, Callable[[re.Match[str]], Moment | None]], ...] = (
    (r"(?<!\d)(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?!\d)", "moment", _iso),
    (rf"(?<![\d一二三四五六七八九十]){_Y}(?P<m>{_N})月(?:份)?(?P<d>{_N})[日号]?\s?(?:-|~|到|至)\s?(?P<d2>{_N})[日号](?!\d)", "moment", _month_day),
    (rf"(?<![\d一二三四五六七八九十]){_Y}(?P<m>{_N})月(?:份)?(?P<d>{_N})(?:[日号]|(?![\d个天次折元万条]))", "moment", _month_day),
    (r"(?<![\d.a-z¥$/])(\d{1,2})[./](\d{1,2})[日号]?\s?(?:-|~|到|至)\s?(\d{1,2})[./](\d{1,2})[日号]?(?![\d.%/折元万w倍])", "moment", _numeric_range),
    (r"(?<![\d.a-z¥$/-])(\d{1,2})[./](\d{1,2})(?:[日号]|(?![\d.%/折元万w倍年月小个天次]))", "moment", _numeric),
    (rf"(?<![\d.]){_N}号(?![码线楼店])", "moment", lambda hit: _m("date", None, None, small(hit[0][:-1]))),
    (rf"(?P<whole>整个|全)?(?:(?P<rel>{_REL})月(?!度)|{_Y}(?<!\d)(?P<m>{_N})月(?!度))(?:份)?(?P<whole2>整月|全月)?的?(?:(?P<part>{_PART})|(?P<d>{_N})[号日])?", "moment", _month),
    (r"(?<![个上下本这每半整\d一二三四五六七八九十季年])月(?P<part>初|中(?!旬)|底|末)|(?<![月个])(?P<part2>中下旬|上旬|中旬|下旬)", "moment", _bare_part),
    (r"(?:(?P<rel>今|本|去|明|上)年?|(?P<y>20\d\d)年?)?年(?P<part>底|末|终(?!奖)|初|中(?!旬))", "moment", _year_part),
    (rf"(?P<rel>{_REL})(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])?", "moment", _week),
    (r"(?<![每上下本这第个\d一二三四五六七八九十半两])(?:周|星期|礼拜)(?P<d>[一二三四五六日天])(?![次篇条封])", "moment", lambda hit: _m("weekday", None, _WD[hit["d"]])),
    (r"(?<![每上下本这])周末", "moment", lambda hit: _m("weekend", None)),
    (r"大后天|后天|明天|明日|明(?=[晚早]\s?[\d一二三四五六七八九十])|明晚|明早|今天|今日|今(?=晚\s?[\d一二三四五六七八九十])|今晚|大前天|(?<!提)前天|昨天|昨日|昨晚|即日|即刻|现在|立即", "moment", lambda hit: _m("offset", _OFFSETS[hit[0]])),
    (r"明后两?天", "moment", lambda hit: _m("range", _m("offset", 1), _m("offset", 2))),
    (r"(?<![\d一二三四五六七八九十半几去今明当多本])年前", "moment", lambda hit: _m("until", _m("festival", "除夕", None))),
    (rf"(?:再)?(?:过)?(?P<n>{NUMBER})(?P<u>{_UNIT_ZH})(?:之后|以后|后)(?![的]?(?:未|没|仍|还))", "moment", lambda hit: _m("after", number(hit["n"]), unit(hit["u"]))),
    (rf"(?:(?P<y>20\d\d年|今年|明年|去年|前年)的?)?(?<![a-z\d])(?P<f>{_FEST})(?![元人%个w万字\d])", "moment", _festival),
    (r"(?:大年|正月)?(?<![月年最当起])初(?P<d>[一二三四五六七八九十])(?!次|级|期|步)", "moment", lambda hit: _m("lunar_day", small(hit["d"]))),
    (r"(?:(?P<y>20\d\d)年)?第?(?P<q>[一二三四1-4])季度|(?<![a-z])q(?P<q2>[1-4])(?![a-z0-9])", "moment",
     lambda hit: _m("quarter", int(hit["y"]) if hit["y"] else None, small(hit["q"] or hit["q2"]), None)),
    (rf"(?P<rel>{_REL})季度?(?!节)", "moment", lambda hit: _m("quarter", None, None, _WEEKS.get(hit["rel"], _WEEKS.get(hit["rel"].rstrip("个"), 0)))),
    (r"(?:(?P<y>20\d\d)年|今年)?(?P<h>上|下)半年", "moment", lambda hit: _m("half", int(hit["y"]) if hit["y"] else None, 1 if hit["h"] == "上" else 2)),
    (r"(20\d\d)年|今年|去年|明年|前年", "moment", lambda hit: _m("year", int(hit[1]) if hit[1] else None, _year_shift(hit[0]))),
    (r"(?:下一?个|次一?个?|首个|第一个)交易日", "moment", lambda hit: _m("trading", 1)),
    (rf"(?:最近|近|过去|(?<!提)(?<!以)(?<!之)(?<!目)前|这)的?(?P<n>{NUMBER})?(?P<u>{_UNIT_ZH})(?:之?内|以内|里|以来)?(?!免息|加息|体验)", "window", _past),
    (rf"(?P<n>{NUMBER})(?P<u>{_UNIT_ZH}|个?小时)(?:之?内|以内)(?!容)", "window", _past),
    (rf"(?:in|within|over|during|for|of)?\s?(?:the\s)?(?:last|past|previous|recent|prior)\s(?P<n>a|couple of|few|{NUMBER}|two|three|four|five|six|seven|ten|thirty|sixty|ninety)?\s?-?(?P<u>(?:day|week|month|year|quarter)s?)(?![a-z])",
     "window", lambda hit: _past(hit) if hit["n"] else None),
    (rf"(?:with)?in\s(?:the\s)?(?P<n>a|{NUMBER}|two|three|six|ten|thirty|sixty|ninety)\s?-?(?P<u>(?:day|week|month|year)s?)(?![a-z])", "window", _past),
    (r"每个?(?:周|星期|礼拜)(?P<ds>[一二三四五六日天](?:[、和及,/]?周?[一二三四五六日天])*)(?![次篇条封个份张]|$ )", "recurrence", _recur_zh),
    (r"每个?月的?(?:(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})[号日]?(?![次篇条封个份张\d])|(?P<edge>初|底|末))", "recurrence", _recur_month),
    (r"每天|每日|daily|every\sday", "recurrence", lambda hit: _m("recur", "daily")),
    (r"每个?周(?![一二三四五六日天年边])|每个?(?:星期|礼拜)(?![一二三四五六日天])|每周(?=一[次篇条封个份张])|weekly(?!\son)|every\sweek|per\sweek|a\sweek", "recurrence", lambda hit: _m("recur", "weekly")),
    (r"每个?月(?![\d一二三四五六七八九十初底末])|monthly(?!\s(?:on|sip|inv|plan|bill|act|flow|fee))|every\smonth|per\smonth|a\smonth", "recurrence", lambda hit: _m("recur", "monthly")),
    (rf"(?:every|each|weekly\son)\s(?P<d>{_DAY_EN})", "recurrence", lambda hit: _m("recur", "weekly:" + hit["d"][:3])),
    (r"(?:every\smonth|monthly|each\smonth)\son\s(?:the\s)?(?P<d>\d{1,2})(?:st|nd|rd|th)?", "recurrence", lambda hit: _m("recur", f"monthly:{hit['d']}")),
    (rf"{_CLOCK_P}\s?(?<!\d)(?P<h>\d{{1,2}}|二?十[一二三四五六七八九]?|[一二三四五六七八九两])(?:点钟?|时(?=[到至前后发推,，]|$))(?P<min>半|一刻|三刻|\d{{1,2}}(?=分|(?!\d)))?分?(?:整|钟)?(?![击赞评])", "clock", _clock_zh),
    (rf"{_CLOCK_P}\s?(?<![\d:])(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?!\d)\s?(?:[ap]m)?", "clock", _clock_zh),
    (r"(?<![\d:])(?P<h>\d{1,2})(?::(?P<min>\d\d))?\s?(?P<ap>[ap]\.?m\.?)(?![a-z])|(?<![a-z])(?P<noon>noon|midnight)(?![a-z])", "clock", _clock_en),
    (rf"(?<![a-z])(?P<m>{_MONTH_EN})\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?(?:-|to)\s?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%]))?(?!\d)(?:,?\s(?P<y>20\d\d))?", "moment", _en_date),
    (rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?(?:-|to)\s?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)?\s(?:of\s)?(?P<m>{_MONTH_EN})(?:,?\s(?P<y>20\d\d))?", "moment", _en_date),
    (rf"(?<![a-z])(?:in\s|for\s)?(?P<part>(?:the\s)?(?:first|second|third|fourth|last)\s(?:week|half)\sof\s|early[\s-]|mid[\s-]|late[\s-]|(?:the\s)?(?:end|beginning|start)\sof\s|(?:the\s)?(?:whole|all|entire|full|throughout)(?:\s(?:month\s)?of)?\s)?(?P<m>{_MONTH_EN})(?:\s(?P<y>20\d\d))?(?!\s?\d)", "moment", _en_month_only),
    (r"(?<![a-z])(?:the\s)?day\safter\stomorrow|(?<![a-z])day\sbefore\syesterday|(?<![a-z])(?:today|tonight|tomorrow|yesterday|immediately|asap|right\saway|now)(?![a-z])", "moment",
     lambda hit: _m("offset", _OFFSETS[hit[0]])),
    (rf"(?<![a-z])(?P<part>(?:the\s)?(?:first|second|third|fourth|last)\sweek\sof\s|early\s|mid[\s-]|late\s|(?:the\s)?(?:end|beginning|start)\sof\s|(?:the\s)?(?:whole|all)(?:\sof)?\s)?(?:the\s)?(?P<rel>next|this|last|this\scoming|coming|current|previous|following)\s(?P<what>weekend|week|month|quarter|year|{_DAY_EN})(?![a-z])", "moment", _en_relative),
    (rf"(?<![a-z])(?:on\s)?(?P<d>{_DAY_EN})", "moment", lambda hit: _m("weekday", None, _EN_WD.index(hit["d"][:3]))),
    (r"(?<![a-z])(?:the\s)?weekend(?![a-z])", "moment", lambda hit: _m("weekend", None)),
    (r"(?<![a-z])(?:(?:the\s)?end\sof\s(?:the\s|this\s)?(?:month|year|quarter)|(?:month|year|quarter)[\s-]?end|eom|eoy|eoq)(?![a-z])", "moment", _en_edge),
    (r"(?<![a-z])(?P<n>a|\d+|two|three|four|five|six|seven|ten)\s(?P<u>(?:day|week|month|year)s?)\s(?:later|from\s(?:now|today))", "moment",
     lambda hit: _m("after", {"a": 1.0}.get(hit["n"]) or number(hit["n"]), unit(hit["u"]))),
    (r"(?:活动|campaign)?(?:上线|开始|启动|开展)(?:以来|至今|到现在)|活动以来|since\s(?:the\s)?(?:campaign\s)?(?:launch|start)(?:ed)?", "since", lambda hit: _m("since", "campaign")),
    *((words, "moment", lambda hit, name=name: _m("to_date", name)) for name, words in _SINCE.items()),
)  # fmt: skip
_COMPILED = [(re.compile(pattern), sense, build) for pattern, sense, build in _RULES]


def words(text: str) -> list[Word]:
    """The words of time in a normalised text, leftmost and longest, not overlapping."""
    found = sorted(_candidates(text), key=lambda word: (word.start, -word.end))
    kept: list[Word] = []
    last = 0
    for word in found:
        if word.start >= last:
            kept.append(word)
            last = word.end
    return kept


def _candidates(text: str) -> Iterator[Word]:
    for pattern, sense, build in _COMPILED:
        for hit in pattern.finditer(text):
            if not hit[0].strip():
                continue
            try:
                moment = build(hit)
            except (ValueError, KeyError, IndexError):
                moment = None
            if moment is not None:
                lead = len(hit[0]) - len(hit[0].lstrip())
                yield Word(hit.start() + lead, hit.start() + len(hit[0].rstrip()), sense, moment)
