"""Words beside a phrase of time that bend it: 前三天, 次日, 当周, 起, 截止, from, until, the week before."""

import re
from dataclasses import replace

from linghang.reading.quantities import NUMBER, number
from linghang.reading.times.model import Moment, Phrase
from linghang.reading.times.units import unit

_BESIDE = re.compile(
    rf"的?(?P<way>前后|前|后|之前|之后|头(?!条|图))(?P<n>{NUMBER})?(?P<u>个?交易日|个?工作日|天|日"
    rf"|周(?![一二三四五六日末])"
    r"|个?星期|个?礼拜|个月)(?P<tail>内)?|前夕|前夜|前一晚"
)
_SINGLE = re.compile(
    r"的?(?P<way>前|后)(?:一|1)(?:天|日)(?!起|内)|(?P<next>的?(?:次日|翌日|第二天|隔天))"
    r"|(?:长?假|假期)?的?(?:之?后)?(?:的)?(?:首个|第一个)(?:交易日|工作日)"
)
_ON = re.compile(
    r"\s?(?:当天|当日|那天|这天|这一天|正日子?|当晚(?!\s?(?:[0-9]|[一二三四五六七八九十两])+(?:点|:|时))|只?一天)"
)
_ITS_WEEK = re.compile(
    r"\s?(?:当周|那一?个?(?:周(?!末)|星期|礼拜)|这一?周|所在(?:的那)?(?:一)?周|周(?![一二三四五六日天末年边岁期])"
    r"|week(?![a-z]))"
)
_HOLIDAY = re.compile(r"\s?(?:期间|假期|假日|长假|黄金周|小长假|放假|(?:public )?(?:holidays?|break)(?![a-z]))")
_UNTIL = re.compile(
    r"(?:底)?[ ]?(?:(?:下班|收工|收盘|收市|打烊|闭市|中午|天黑)(?:之前|以前|前)|完(?=[,，。;；]|$)|完事|打完|之前|以前"
    r"|前(?!后)|截止|为止|结束(?!后)|止(?!盈|损)|收(?:官|尾|口|场|工|摊)|落幕|完结|下架|[收截停](?=[,，。;；]|$)|到期(?!的)"
    r"|下线|(?:ends?"
    r"|end date|inclusive)(?![a-z]))"
)
_FROM = re.compile(
    r"[ ]?(?:就)?(?:正式)?(?:(?:计|算)?起(?!投|购|步|来|存)(?:至)?|开始|开启(?!率)|启动|上线(?!率)|开跑|开干|开工|开推"
    r"|生效|以后|之后|后(?![天台])"
    r"|onwards?|onward|(?:starts?|kick-?off|go live)(?![a-z]))"
)
RANGE = re.compile(
    r"\s?(?:起|开始|上线|启动)?[,，]?\s?(?:到|至|致|-{1,2}|~|→|直到|一直到|截至|截止到?|持续到|做到|跑到|延续到"
    r"|(?:一直|再|起|就)*(?:做|跑|持续|推|搞|延续|进行)?(?:到|至)|\bto\b"
    r"|\bthrough\b|\bthru\b|(?:\band )?\buntil\b|\btill?\b|\band\b|(?:\band )?\bending\b|,\s?ends?\b|,\s?ending\b"
    r"|\bup to(?: and including)?\b)(?: the end of)?(?: the)?\s?"
)
_DATE_IS = r"(?:\s?(?:date|day|time))?\s?(?:is|:|on|by|at)?"
_PREFIX_UNTIL = re.compile(
    r"(?:(?:结束|截止|下线|截止日)(?:时间|日期|日)?\s?(?:是|为|于|在|到|:)|(?:结束|截止)(?:时间|日期)?|截至|截止到?|直到"
    r"|一直到|做到|跑到|持续到|延续到|延长到|延到|顺延到|到|至|在(?=.{1,12}前)"
    r"|(?:不晚于|不迟于|最晚|最迟|赶在|(?:死线|ddl|deadline)(?:是|为|在|定在|:)?)(?:到|是|于|在)?"
    r"|(?<![a-z])(?:by(?: (?:close of business|cob|eod|end of (?:business|day|play)))?(?: on)?|before|until"
    r"|till?|up (?:to|until|till)(?: and including)?|through|no later than|not later than"
    rf"|(?:end(?:s|ing)?|clos(?:e|es|ing)|finish(?:es|ing)?|wrap(?:s|ping)? up|conclud(?:es|ing)|deadline"
    rf"|expir(?:es|ing)|due (?:by|on|date)|(?:last|final) day){_DATE_IS}|on or before)(?:\sthe end of)?(?:\sthe)?)\s?$"
)
_PREFIX_FROM = re.compile(
    r"(?:(?:开始|上线|启动|起始|投放)(?:时间|日期|日)?\s?(?:是|为|于|在|:)|(?:开始|上线|启动|起始)(?:时间|日期)|从|自|不早于|最早|(?<![一拨])打"
    r"|自从|(?<![a-z])(?:from|since|(?:starting|launching|beginning|opening|commencing|kicking off)"
    r"(?:\s?(?:on|from|:|date))*"
    rf"|(?:starts?|begins?|launch(?:es)?|opens?|commences?|kick(?:s)? off|(?:go|goes|going) live){_DATE_IS}"
    r"|live (?:from|on)|as\sof|effective(?:\s(?:from|on))?|after"
    r"|not before|(?:no|not) (?:earlier|sooner) than|(?:at the )?earliest))(?:\sthe)?\s?$"
)
_WEEK_OF = re.compile(
    r"(?<![a-z])(?:in )?(?:(?:the )?week (?:of|commencing|ending)|the week (?:beginning|starting)|w/c|w/e|wc)"
    r"\s(?:on\s)?(?:the\s)?$"
)
_WEEKEND_OF = re.compile(r"(?<![a-z])(?:on |over )?(?:the )?weekend of\s$")
_BESIDE_EN = re.compile(
    r"(?<![a-z])(?:(?:for|in|over|during|on)\s)?(?:the\s)?(?:(?P<n>\d{1,2}|one|two|three|four|five|six|seven|ten)\s)?"
    r"(?P<u>day|night|evening|week|month)s?\s(?P<way>before|after|following|preceding|prior to|leading up to)"
    r"\s(?:the\s)?$"
)
_SMALL = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
# Rank by October retention, by last week's clicks: the stretch is whose figures they are, no end.
_STRETCHES = ("month", "week", "quarter", "year", "weekend", "offset", "weekday")
_OF_WHAT = re.compile(
    r"(?:'s)? (?!(?:via|by|with|for|to|and|or|at|on|in|push|sms|email|but|then|so|the|we|please)\b)[a-z]"
)
_NEAR = 48
# 春节前, 春节放假前: what lies before a festival or its days off ends the day before.
_NAMED = ("festival", "holiday")
_LONG = ("month", "year", "quarter")


def bent(text: str, item: Phrase) -> Phrase:
    """The phrase with the words right behind it that bend it: days beside, the day itself, a start or an end."""
    if item.sense != "moment":
        return item
    item = _beside_in_english(text, item)
    for bend in (_bend_single, _bend_beside, _bend_plain):
        if (found := bend(text, item)) is not None:
            again = _bend_plain(text, found) if bend is not _bend_plain else None
            return again or found
    return item


def _beside_in_english(text: str, item: Phrase) -> Phrase:
    """the day before Christmas, the two weeks after New Year's Day."""
    if not text[item.start : item.start + 1].isascii():
        return item
    offset = max(0, item.start - _NEAR)
    hit = _BESIDE_EN.search(text[offset : item.start])
    if hit is None or item.moment.kind in _LONG:
        return item
    sign = 1 if hit["way"] in ("after", "following") else -1
    amount = float(_SMALL.get(hit["n"] or "one") or int(hit["n"]))
    name = {"night": "day", "evening": "day"}.get(hit["u"], hit["u"])
    moment = Moment("beside", (item.moment, sign * amount, name, name == "day" and not hit["n"]))
    return replace(item, start=offset + hit.start(), moment=moment)


def _bend_single(text: str, item: Phrase) -> Phrase | None:
    hit = _SINGLE.match(text, item.end)
    if hit is None or item.moment.kind in _LONG:
        return None
    if hit["next"]:
        return replace(item, end=hit.end(), moment=Moment("beside", (item.moment, 1, "day", True)))
    if hit["way"] is None:
        return replace(item, end=hit.end(), moment=Moment("beside", (item.moment, 1, "trading", True)))
    return replace(
        item, end=hit.end(), moment=Moment("beside", (item.moment, -1 if hit["way"] == "前" else 1, "day", True))
    )


def _bend_beside(text: str, item: Phrase) -> Phrase | None:
    hit = _BESIDE.match(text, item.end)
    if hit is None:
        return None
    if hit["way"] is None:
        return replace(item, end=hit.end(), moment=Moment("beside", (item.moment, -1, "day", True)))
    amount = number(hit["n"]) if hit["n"] else 1.0
    if amount is None:
        return None
    name = unit(hit["u"])
    if hit["way"] == "前后":
        moment = Moment("around", (item.moment, amount, name))
    elif item.moment.kind in ("month", "week") and hit["way"] in ("前", "头") and name in ("day", "week"):
        moment = Moment("run", (item.moment, amount, name))
    else:
        if hit["way"] == "头":
            return None
        sign = -1 if hit["way"] in ("前", "之前") else 1
        moment = Moment("beside", (item.moment, sign * amount, name, False))
    return replace(item, end=hit.end(), moment=moment)


def _bend_plain(text: str, item: Phrase) -> Phrase | None:
    if item.moment.kind in ("festival", "date") and (hit := _ITS_WEEK.match(text, item.end)):
        return replace(item, end=hit.end(), moment=Moment("week_of", (item.moment,)))
    if hit := _ON.match(text, item.end):
        day = replace(
            item,
            end=hit.end(),
            moment=Moment("holiday", (Moment("range", (item.moment, item.moment)),), item.moment.clock),
        )
        # 元旦当天截止, 腊八那天上线: the day is an end or a start all the same.
        return _bend_plain(text, day) or day
    if hit := _HOLIDAY.match(text, item.end):
        days = replace(item, end=hit.end(), moment=Moment("holiday", (item.moment,), item.moment.clock))
        return _bend_plain(text, days) or days
    if (hit := _FROM.match(text, item.end)) and not RANGE.match(text, item.end):
        return replace(item, end=hit.end(), moment=Moment("from", (item.moment,), item.moment.clock))
    if hit := _UNTIL.match(text, item.end):
        if item.moment.kind == "range":
            return replace(item, end=hit.end()) if hit[0].strip() == "inclusive" else None
        before = text[item.end : hit.end()].strip() in ("前", "之前", "以前") and item.moment.kind in _NAMED
        return replace(item, end=hit.end(), moment=Moment("until", (_eve(item.moment) if before else item.moment,)))
    return None


def _eve(moment: Moment) -> Moment:
    return Moment("beside", (moment, -1, "day", True))


def prefixed(text: str, item: Phrase) -> Phrase:
    """The phrase with the words right before it that make it a start, an end or a week."""
    if item.sense != "moment":
        return item
    # Only the words right before count; searching from the start of a long text would be quadratic.
    offset = max(0, item.start - _NEAR)
    before = text[offset : item.start]
    if item.moment.kind in ("date", "festival") and (hit := _WEEK_OF.search(before)):
        return prefixed(text, replace(item, start=offset + hit.start(), moment=Moment("week_of", (item.moment,))))
    if item.moment.kind in ("date", "festival") and (hit := _WEEKEND_OF.search(before)):
        return prefixed(text, replace(item, start=offset + hit.start(), moment=Moment("weekend_of", (item.moment,))))
    if hit := _PREFIX_FROM.search(before):
        moment = (
            item.moment
            if item.moment.kind in ("range", "run", "until", "from", "past", "to_date")
            else Moment("from", (item.moment,), item.moment.clock)
        )
        return replace(item, start=offset + hit.start(), moment=moment)
    if text[item.start : item.end].endswith("later"):
        # The campaign should end a week later: moved, and no day told.
        return item
    if (hit := _PREFIX_UNTIL.search(before)) and item.moment.kind not in ("range", "run", "from"):
        if hit[0].strip() == "by" and item.moment.kind in _STRETCHES and _OF_WHAT.match(text, item.end):
            return item
        if item.moment.kind == "until":
            return replace(item, start=offset + hit.start())
        base = _eve(item.moment) if hit[0].strip() == "before" and item.moment.kind == "festival" else item.moment
        return replace(item, start=offset + hit.start(), moment=Moment("until", (base,)))
    return item
