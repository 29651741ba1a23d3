"""Phrases of time put together: hours join days, 前三天 and 起 bend them, 到 makes ranges, 两周 makes runs."""

import re
from dataclasses import dataclass, replace

from linghang.reading.quantities import NUMBER, number
from linghang.reading.times.model import Moment
from linghang.reading.times.units import DURATION, NOT_SCHEDULE, Sense, unit
from linghang.reading.times.words import words

_BESIDE = re.compile(
    rf"的?(?P<way>前后|前|后|之前|之后|头(?!条|图))(?P<n>{NUMBER})?(?P<u>个?交易日|个?工作日|天|日"
    rf"|周(?![一二三四五六日末])"
    r"|个?星期|个月)(?P<tail>内)?|前夕|前夜|前一晚"
)
_SINGLE = re.compile(
    r"的?(?P<way>前|后)(?:一)(?:天|日)(?!起|内)|(?:长?假|假期)?的?(?:之?后)?(?:的)?(?:首个|第一个)(?:交易日|工作日)"
)
_ON = re.compile(r"\s?(?:当天|当日|那天|这天|这一天|当晚(?!\s?(?:[0-9]|[一二三四五六七八九十两])+(?:点|:|时))|只?一天)")
_ITS_WEEK = re.compile(r"\s?(?:当周|那一?周|这一?周|所在周|week(?![a-z]))")
_HOLIDAY = re.compile(r"\s?(?:期间|假期|假日|长假|黄金周|小长假|放假)")
_UNTIL = re.compile(
    r"(?:底)?\s?(?:(?:下班|收工|中午|天黑)(?:之前|以前|前)|完(?=[,，。;；]|$)|完事|打完|之前|以前|前(?!后)|截止"
    r"|为止|结束(?!后)|止(?!盈|损)|收(?:官|尾|口|场|工|摊)|落幕|完结|下架|[收截停](?=[,，。;；]|$)|到期(?!的)"
    r"|下线|(?:ends?"
    r"|end date)(?![a-z]))"
)
_FROM = re.compile(
    r"\s?(?:就)?(?:正式)?(?:起(?!投|购|步|来|存)(?:至)?|开始|开启(?!率)|启动|上线(?!率)|开跑|开干|以后|之后|后(?![天台])"
    r"|onwards?|onward|(?:starts?|kick-?off|go live)(?![a-z]))"
)
_RANGE = re.compile(
    r"\s?(?:起|开始|上线|启动)?\s?(?:到|至|致|-|~|→|直到|一直到|截至|截止到?|持续到|做到|跑到|延续到|\bto\b"
    r"|\bthrough\b|\bthru\b|\buntil\b|\btill?\b|\band\b|\bending\b|,\s?ends?\b|,\s?ending\b)\s?"
)
_RANGE_AND = re.compile(r"\s?(?:和|与|and)\s?$")
_RUN_GAP = re.compile(
    r",?\s(?:and\s)?(?:runs?|running|lasting|go)?\s?(?:for\s)(?:a\stotal\sof\s)?|,?\s(?:lasting|running)\s"
    r"|[,，;、\s]*(?:共|一共|总共|为期|历时|持续|连续|连着|连|只?跑|只?做|只?搞|只?推|只?投|投放|上线|执行|活动"
    r"|发放?|进行|试)*\s?"
)
_DURATION = re.compile(rf"(?:整整?|大概|大约|约)?{DURATION}(?:时间|左右)?{NOT_SCHEDULE}")
_PREFIX_UNTIL = re.compile(
    r"(?:(?:结束|截止|下线)(?:时间|日期|日)?\s?(?:是|为|于|在|到|:)|结束(?:时间|日期)?|截至|截止到?|直到|一直到"
    r"|做到|跑到|持续到|延续到|延长到|延到|顺延到|到|至|在(?=.{1,12}前)"
    r"|(?<![a-z])(?:by|before|until|till?|up (?:to|until|till)|through|ending|ends|no later than)(?:\sthe)?)\s?$"
)
_PREFIX_FROM = re.compile(
    r"(?:(?:开始|上线|启动|起始)(?:时间|日期|日)?\s?(?:是|为|于|在|:)|(?:开始|上线|启动|起始)(?:时间|日期)|从|自"
    r"|自从|(?<![a-z])(?:from|since|starting(?:\son|\sfrom)?|starts?(?:\son)?|beginning(?:\son)?"
    r"|begins?(?:\son)?|as\sof|effective|launch(?:es|ing)?(?:\son)?|after))\s?$"
)
_WEEK_OF = re.compile(r"(?<![a-z])(?:the )?week of\s$")
_NEAR = 40
_CLOCK_GAP = re.compile(r"[的\s]*(?:at\s|,\s?(?=\d))?")
_CLOCK_RANGE = re.compile(r"\s?(?:到|至|-|~|\bto\b|\band\b|\buntil\b)\s?")


@dataclass(frozen=True)
class Phrase:
    """A composed phrase of time. ``ranged`` clocks hold both hours; ``before`` marks days before a deadline."""

    start: int
    end: int
    sense: Sense
    moment: Moment


def phrases(text: str) -> list[Phrase]:
    """All phrases of time of a normalised text, composed as far as they go, in order."""
    items = [Phrase(word.start, word.end, word.sense, word.moment) for word in words(text)]
    items = _clock_ranges(text, items)
    items = _with_clocks(text, items)
    items = [_bent(text, item) for item in items]
    items = _glossed(text, _no_overlap(items))
    items = _with_clocks(text, items)
    items = _scoped(text, _ranges(text, items))
    items = _ranges(text, items)
    items = [_run(text, item) for item in items]
    items = _no_overlap(items)
    return [_prefixed(text, item) for item in items]


def _no_overlap(items: list[Phrase]) -> list[Phrase]:
    kept: list[Phrase] = []
    for item in items:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return kept


def _clock_ranges(text: str, items: list[Phrase]) -> list[Phrase]:
    done: list[Phrase] = []
    for item in items:
        last = done[-1] if done else None
        if (
            last is not None
            and last.sense == item.sense == "clock"
            and len(last.moment.args) == 1
            and _CLOCK_RANGE.fullmatch(text[last.end : item.start])
        ):
            low, high = last.moment.args[0], item.moment.args[0]
            if high < low and int(high[:2]) < 12:
                high = f"{int(high[:2]) + 12:02d}{high[2:]}"
            done[-1] = Phrase(last.start, item.end, "clock", Moment("clock", (low, high)))
        else:
            done.append(item)
    return done


def _with_clocks(text: str, items: list[Phrase]) -> list[Phrase]:
    done: list[Phrase] = []
    for item in items:
        last = done[-1] if done else None
        gap = text[last.end : item.start] if last is not None else ""
        if (
            last is not None
            and _is_hour(item)
            and last.sense in ("moment", "recurrence")
            and not last.moment.clock
            and _CLOCK_GAP.fullmatch(gap)
        ):
            done[-1] = replace(last, end=item.end, moment=replace(last.moment, clock=str(item.moment.args[0])))
        elif (
            last is not None
            and _is_hour(last)
            and item.sense in ("moment", "recurrence")
            and re.fullmatch(r",?\s(?:on\s)?", gap)
        ):
            done[-1] = replace(item, start=last.start, moment=replace(item.moment, clock=str(last.moment.args[0])))
        else:
            done.append(item)
    return done


def _scoped(text: str, items: list[Phrase]) -> list[Phrase]:
    """下个月每周五: the month bounds the rhythm."""
    done: list[Phrase] = []
    for item in items:
        last = done[-1] if done else None
        if (
            last is not None
            and item.sense == "recurrence"
            and last.sense == "moment"
            and last.moment.kind in ("month", "part", "range", "quarter", "week")
            and len(item.moment.args) == 1
            and text[last.end : item.start].strip() in ("", "的", "里", "里的", "期间", "内")
        ):
            moment = Moment("recur", (item.moment.args[0], last.moment), item.moment.clock)
            done[-1] = Phrase(last.start, item.end, "recurrence", moment)
        else:
            done.append(item)
    return done


def _is_hour(item: Phrase) -> bool:
    return item.sense == "clock" and len(item.moment.args) == 1


def _bent(text: str, item: Phrase) -> Phrase:
    if item.sense != "moment":
        return item
    for bend in (_bend_single, _bend_beside, _bend_plain):
        if (found := bend(text, item)) is not None:
            again = _bend_plain(text, found) if bend is not _bend_plain else None
            return again or found
    return item


def _bend_single(text: str, item: Phrase) -> Phrase | None:
    hit = _SINGLE.match(text, item.end)
    if hit is None or item.moment.kind in ("month", "year", "quarter"):
        return None
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
    elif item.moment.kind == "month" and hit["way"] in ("前", "头") and name in ("day", "week"):
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
        return replace(item, end=hit.end(), moment=Moment("holiday", (item.moment,), item.moment.clock))
    if (hit := _FROM.match(text, item.end)) and not _RANGE.match(text, item.end):
        return replace(item, end=hit.end(), moment=Moment("from", (item.moment,), item.moment.clock))
    if hit := _UNTIL.match(text, item.end):
        before = text[item.end : hit.end()].strip() in ("前", "之前", "以前") and item.moment.kind == "festival"
        return replace(item, end=hit.end(), moment=Moment("until", (_eve(item.moment) if before else item.moment,)))
    return None


def _eve(moment: Moment) -> Moment:
    return Moment("beside", (moment, -1, "day", True))


def _ranges(text: str, items: list[Phrase]) -> list[Phrase]:
    done: list[Phrase] = []
    for item in items:
        last = done[-1] if done else None
        joined = _joined(text, last, item) if last is not None else None
        if joined is not None:
            done[-1] = joined
        else:
            done.append(item)
    return done


_GLOSS = re.compile(r"\s?[(（]?\s?|,\s")
_BARE_DAYS = ("date", "month_day")


def _glossed(text: str, items: list[Phrase]) -> list[Phrase]:
    """周日13号, 12月20号周日, Sunday Dec 13: a day of the week right beside a date only says it again."""
    done: list[Phrase] = []
    for item in items:
        last = done[-1] if done else None
        if (
            last is None
            or last.sense != "moment"
            or item.sense != "moment"
            or not _GLOSS.fullmatch(text[last.end : item.start])
        ):
            done.append(item)
            continue
        kinds = (last.moment.kind, item.moment.kind)
        told = _in_brackets(text, last, item)
        if kinds[0] == "weekday" and kinds[1] in _BARE_DAYS and (last.moment.args[0] is None or told):
            # 下周二(12月1号)结束: the date in brackets says which day is meant.
            clock = item.moment.clock or last.moment.clock
            dated = replace(item, start=last.start, moment=replace(item.moment, clock=clock))
            done[-1] = _bent(text, replace(dated, end=item.end + 1)) if told else dated
        elif (
            kinds[1] == "weekday"
            and item.moment.args[0] is None
            and kinds[0] in _BARE_DAYS
            and "," not in text[last.end : item.start]
        ):
            done[-1] = replace(last, end=item.end + _in_brackets(text, last, item))
        else:
            done.append(item)
    return done


def _in_brackets(text: str, last: Phrase, item: Phrase) -> bool:
    opened = re.search(r"[(（]", text[last.end : item.start])
    return bool(opened) and text[item.end : item.end + 1] in (")", "）")


def _joined(text: str, low: Phrase, high: Phrase) -> Phrase | None:
    if low.sense != "moment" or high.sense != "moment" or low.moment.kind in ("range", "until", "run"):
        return None
    gap = text[low.end : high.start]
    if (
        gap.strip() in ("和", "与", "、", "及")
        and low.moment.kind == high.moment.kind
        and re.match(r"\s?这?[两2]天", text[high.end :][:5])
    ):
        return Phrase(
            low.start, high.end, "moment", Moment("range", (low.moment, _same_month(low.moment, high.moment)))
        )
    if not _RANGE.fullmatch(gap) and not (
        low.moment.kind == "from"
        and re.fullmatch(r"[,，\s]*(?:到|至|一直到|持续到|做到|跑到)?", gap)
        and high.moment.kind == "until"
    ):
        return None
    if gap.strip() == "and" and not re.search(r"between\s?$", text[max(0, low.start - _NEAR) : low.start]):
        return None
    first = low.moment.args[0] if low.moment.kind == "from" else low.moment
    last = high.moment.args[0] if high.moment.kind in ("until", "from") else high.moment
    clock = low.moment.clock or first.clock
    last = _same_month(first, last)
    return Phrase(low.start, high.end, "moment", Moment("range", (replace(first, clock=""), last), clock))


def _same_month(first: Moment, last: Moment) -> Moment:
    """12月9号到12号: a day without a month belongs to the month of the first day (or the next, if it is earlier)."""
    if last.kind != "date" or last.args[1] is not None or last.args[0] is not None:
        return last
    day = last.args[2]
    if first.kind == "date" and first.args[1] is not None:
        year, month, begin = first.args
        month += 1 if day < begin else 0
        return Moment(
            "date", (year if month <= 12 else (year + 1 if year else None), (month - 1) % 12 + 1, day), last.clock
        )
    if first.kind == "month_day" and day >= first.args[1]:
        return Moment("month_day", (first.args[0], day), last.clock)
    return last


_RUNNABLE = (
    "date",
    "month_day",
    "offset",
    "after",
    "weekday",
    "festival",
    "lunar_day",
    "trading",
    "part",
    "from",
    "week",
    "beside",
)


def _run(text: str, item: Phrase) -> Phrase:
    if item.sense != "moment" or item.moment.kind not in _RUNNABLE:
        return item
    gap = _RUN_GAP.match(text, item.end)
    assert gap is not None
    hit = _DURATION.match(text, gap.end())
    if hit is None or (item.moment.kind not in ("from", "part", "festival") and not gap[0].strip(" ,，、")):
        return item
    if item.moment.kind == "festival" and gap[0].strip() != gap[0].strip(" ,，、"):
        return item
    amount = {"a": 1.0}.get(hit["dn"]) or number(hit["dn"])
    if amount is None:
        return item
    if re.match(r"\d{1,2}[日号]|[底初末上中下]", text[hit.end() :]) and hit["du"].endswith("月"):
        # 12月25日开始、12月20日结束: a day follows, no length.
        return item
    base = item.moment.args[0] if item.moment.kind == "from" else item.moment
    return replace(item, end=hit.end(), moment=Moment("run", (base, amount, unit(hit["du"])), item.moment.clock))


def _prefixed(text: str, item: Phrase) -> Phrase:
    if item.sense != "moment":
        return item
    # Only the words right before count; searching from the start of a long text would be quadratic.
    offset = max(0, item.start - _NEAR)
    before = text[offset : item.start]
    if item.moment.kind == "date" and (hit := _WEEK_OF.search(before)):
        return replace(item, start=offset + hit.start(), moment=Moment("week_of", (item.moment,)))
    if hit := _PREFIX_FROM.search(before):
        moment = (
            item.moment
            if item.moment.kind in ("range", "run", "until", "from", "past", "to_date")
            else Moment("from", (item.moment,), item.moment.clock)
        )
        return replace(item, start=offset + hit.start(), moment=moment)
    if (hit := _PREFIX_UNTIL.search(before)) and item.moment.kind not in ("range", "run", "from"):
        if item.moment.kind == "until":
            return replace(item, start=offset + hit.start())
        base = _eve(item.moment) if hit[0].strip() == "before" and item.moment.kind == "festival" else item.moment
        return replace(item, start=offset + hit.start(), moment=Moment("until", (base,)))
    return item
