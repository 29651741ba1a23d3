"""Phrases of time put together: hours join days, 前三天 and 起 bend them, 到 makes ranges, 两周 makes runs."""

import re
from dataclasses import replace

from linghang.reading.quantities import number
from linghang.reading.times.bends import RANGE, bent, prefixed
from linghang.reading.times.model import Moment, Phrase
from linghang.reading.times.units import DURATION, NOT_SCHEDULE, unit
from linghang.reading.times.words import words

_RUN_GAP = re.compile(
    r",?\s(?:and\s)?(?:runs?|running|lasting|go)?\s?(?:for\s)(?:a\stotal\sof\s)?"
    r"|,?\s(?:and\s)?(?:lasting|lasts?|running|duration(?:\sof)?)\s"
    r"|[,，;、\s]*(?:共|一共|总共|为期|历时|持续|连续|连着|连|只?跑|只?做|只?搞|只?推|只?投|投放|上线|执行|活动"
    r"|发放?|进行|试)*\s?"
)
_DURATION = re.compile(rf"(?:整整?|大概|大约|约)?{DURATION}(?:时间|左右)?{NOT_SCHEDULE}")
_WITHIN = re.compile(rf"(?:整整?|大概|大约|约)?{DURATION}(?:之?内|以内)")
_NEAR = 40
_CLOCK_GAP = re.compile(r"[的\s]*(?:at\s|,\s?(?=\d))?")
_CLOCK_RANGE = re.compile(r"\s?(?:到|至|-|~|\bto\b|\band\b|\buntil\b)\s?")


def phrases(text: str) -> list[Phrase]:
    """All phrases of time of a normalised text, composed as far as they go, in order."""
    items = [Phrase(word.start, word.end, word.sense, word.moment) for word in words(text)]
    items = _glossed(text, _clock_ranges(text, items))
    items = _with_clocks(text, items)
    items = _no_overlap([bent(text, item) for item in items])
    items = _with_clocks(text, _listed(text, items))
    items = _scoped(text, _ranges(text, items))
    items = _ranges(text, items)
    items = [_run(text, item) for item in items]
    items = _no_overlap(items)
    return [_run_before(text, prefixed(text, item)) for item in items]


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
            hour = str(item.moment.args[0])
            if hour < "12" and re.search(r"tonight|evening|(?:今|明|当)晚$", text[last.start : last.end]):
                hour = f"{int(hour[:2]) + 12}{hour[2:]}"
            done[-1] = replace(last, end=item.end, moment=replace(last.moment, clock=hour))
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


_GLOSS = re.compile(r"\s?[(（]?\s?|,?\s(?:the\s)?")
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
        if kinds == ("offset", "offset") and item.moment.args == (0,) and last.end == item.start:
            # 今日即刻开始: at once says the day again.
            done[-1] = replace(last, end=item.end)
            continue
        if kinds[0] == "weekday" and kinds[1] in _BARE_DAYS and (last.moment.args[0] is None or told):
            # 下周二(12月1号)结束: the date in brackets says which day is meant.
            clock = item.moment.clock or last.moment.clock
            dated = replace(item, start=last.start, moment=replace(item.moment, clock=clock))
            done[-1] = replace(dated, end=item.end + told)
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


_LIST = re.compile(r"\s?(?:和|与|、|及|以及|,|，|&|and|, and)?\s?")
_COUNTED = re.compile(r"\s?(?:这)?(?:[两三四五六2-6]|接?连着?)(?:连)?[天日]")


def _listed(text: str, items: list[Phrase]) -> list[Phrase]:
    """12月5号、6号、7号三天: neighbouring days of a list are a stretch of days, counted behind it or not."""
    done: list[Phrase] = []
    for item in items:
        last = done[-1] if done else None
        if last is not None and last.sense == item.sense == "moment" and _LIST.fullmatch(text[last.end : item.start]):
            first = last.moment.args[0] if last.moment.kind == "range" else last.moment
            before = last.moment.args[1] if last.moment.kind == "range" else last.moment
            if isinstance(first, Moment) and isinstance(before, Moment) and before.kind == item.moment.kind:
                high = _same_month(before, item.moment)
                months = before.kind == "month" and re.match(r"(?:in|for)\s", text[last.start : last.end])
                if months and _neighbours(before, high):
                    done[-1] = Phrase(last.start, item.end, "moment", Moment("range", (first, high)))
                    continue
                if _follows(before, high) or (before is first and _COUNTED.match(text, item.end)):
                    if first.kind == "weekday" and first.args[0] is None:
                        first = replace(first, args=(high.args[0], first.args[1]))
                    done[-1] = Phrase(last.start, item.end, "moment", Moment("range", (first, high)))
                    continue
        done.append(item)
    return done


def _neighbours(one: Moment, other: Moment) -> bool:
    """in September and October: months of one year, one after the other."""
    low, high = one.args[1], other.args[1]
    return low is not None and high is not None and one.args[0] == other.args[0] and high == low + 1


def _follows(one: Moment, other: Moment) -> bool:
    """Whether a day comes right after another, by their words."""
    if one.clock or other.clock or one.kind not in ("date", "month_day", "weekday", "offset"):
        return False
    one_day, other_day = one.args[-1], other.args[-1]
    if one.kind == "weekday" and one.args[0] is None:
        one = replace(one, args=(other.args[0], one_day))
    if None in (one_day, other_day) or int(other_day) != int(one_day) + 1:
        return False
    return one.args[:-1] == other.args[:-1] or other.args[:-1] in ((None,), (None, None))


def _joined(text: str, low: Phrase, high: Phrase) -> Phrase | None:
    if low.sense != "moment" or high.sense != "moment" or low.moment.kind in ("range", "until", "run"):
        return None
    gap = text[low.end : high.start]
    if not RANGE.fullmatch(gap) and not (
        low.moment.kind == "from"
        and re.fullmatch(r"[,，\s]*(?:到|至|一直到|持续到|做到|跑到)?", gap)
        and high.moment.kind == "until"
    ):
        return None
    if re.search(r"[,，]", gap) and not (
        low.moment.kind == "from"
        or re.match(r"\s?(?:起|开始|上线|启动)|, end", gap)
        or text[: low.start].endswith(("从", "自"))
    ):
        # 别只做到9号,做到周日13号: two ends, and no range.
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
    hit = _DURATION.match(text, gap.end()) or (
        _WITHIN.match(text, gap.end()) if item.moment.kind == "from" and "起" in text[item.start : item.end] else None
    )
    if hit is None or (item.moment.kind not in ("from", "part", "festival") and not gap[0].strip(" ,，、")):
        return item
    if item.moment.kind == "festival" and gap[0].strip() != gap[0].strip(" ,，、"):
        return item
    amount = {"a": 1.0, "an": 1.0}.get(hit["dn"]) or number(hit["dn"])
    if amount is None:
        return item
    if re.match(r"\d{1,2}[日号]|[底初末上中下]", text[hit.end() :]) and hit["du"].endswith("月"):
        # 12月25日开始、12月20日结束: a day follows, no length.
        return item
    base = item.moment.args[0] if item.moment.kind == "from" else item.moment
    return replace(item, end=hit.end(), moment=Moment("run", (base, amount, unit(hit["du"])), item.moment.clock))


_LENGTH_BEFORE = re.compile(
    rf"(?<![a-z\d])(?<!within )(?<!in )(?<!past )(?<!last )(?<!every )(?P<for>for\s)?{DURATION}(?P<comma>,?)\s$"
)


def _run_before(text: str, item: Phrase) -> Phrase:
    """two weeks from Dec 1, a fortnight starting tomorrow: the length stands before its start."""
    if item.moment.kind != "from" or not text[item.start].isascii():
        return item
    offset = max(0, item.start - 24)
    hit = _LENGTH_BEFORE.search(text[offset : item.start])
    amount = ({"a": 1.0}.get(hit["dn"]) or number(hit["dn"])) if hit else None
    if hit is None or amount is None or (hit["comma"] and not hit["for"]):
        return item
    moment = Moment("run", (item.moment.args[0], amount, unit(hit["du"])), item.moment.clock)
    return replace(item, start=offset + hit.start(), moment=moment)
