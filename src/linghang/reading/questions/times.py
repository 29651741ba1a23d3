"""Of which days, and against what."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.questions.asked import says_unused
from linghang.reading.sentence import Sentence
from linghang.reading.times.moments import Moment, Period, resolve, shift

_AGAINST = re.compile(r"比|和|跟|与|vs|对|较|to|than|with|and|against|还是|versus")
_GRAINS = (
    (
        "day",
        re.compile(
            r"(?:按|逐|各|分|每一?)[天日](?!留存|期)|(?<![一前昨今每])日(?:趋势|走势|曲线|变化)|每日(?!限|最多|上限)"
            r"|daily|by days?(?! \d)|日维度|per day|each day|day by day"
        ),
    ),
    (
        "week",
        re.compile(
            r"(?:按|逐|各|分|每个?)(?:自然)?周(?![一二三四五六日末])|每个?星期|weekly|by week(?!end)|per week"
            r"|each week|分周|周维度|周粒度"
        ),
    ),
    (
        "month",
        re.compile(
            r"(?:按|逐|各|分|每个?)(?:自然)?月(?!均)|monthly|(?<![a-z])(?:by|per|each) month(?! (?:end|to))|分月|月维度"
            r"|月度"
        ),
    ),
)


def days(draft: Draft, today: dt.date, kinds: list[str]) -> None:
    """Put ``time``: the first stretch of days said of results, and a second one as what it is compared with."""
    found = draft.sentence
    periods: list[tuple[int, Period]] = []
    for place in list(found.where("time")):
        token = found.tokens[place]
        if token.has("since"):
            draft.put("time", {"start": "campaign_start", "end": _last_day(found, place, today)}, place)
        elif (
            re.match(r"(?:和|与|跟|vs)(?:工作日|平日)", found.after(place, 6))
            or re.search(r"工作日(?:和|与|跟|vs)$", found.before(place, 5))
            or _AT_ONCE.fullmatch(token.text)
            or (_NOW.fullmatch(token.text) and any(t.has("time") for t in found.tokens[place + 1 :]))
        ):
            continue
        elif not token.has("clock") and not _of_customers(found, place) and not _since_launch(draft, place, today):
            moment = token.senses["time"]
            if token.has("recurrence"):
                # 上周每天的打开率: the week is asked about, each of its days is the grain.
                if len(moment.args) < 2:
                    continue
                moment = moment.args[1]
            period = _period(moment, today, kinds)
            if period is not None and (period.start or period.end):
                periods.append((place, period))
    if len(periods) == 1 and "time" not in draft.values and _only_against(found, periods[0][0]):
        draft.put("time", {"compare_to": "previous_period"}, periods[0][0])
        return
    if periods and "time" not in draft.values and not _is_deadline(found.text, kinds, periods[0][1], today):
        _put(draft, today, periods, kinds)


# 从上线到昨天, since launch until Friday: the results from the first day of the campaign on.
_SINCE_LAUNCH = re.compile(
    r"(?:上线|开始|启动|开跑|开展|开启|推出|投放|launch(?:ed)?|start(?:ed)?)(?:以来|之后|后|那天|当天|时|日|起)?"
    r"[,，]?(?:一直|算)?\s?(?:到|至|截至|截止到?|until|till?|to|through|up to)\s?[^到至]{1,8}$"
)


def _since_launch(draft: Draft, place: int, today: dt.date) -> bool:
    found = draft.sentence
    token = found.tokens[place]
    if "time" in draft.values or not _SINCE_LAUNCH.search(found.text[max(0, token.start - 16) : token.end]):
        return False
    last = resolve(token.senses["time"], today, -1)
    if last is None or last.end is None:
        return False
    draft.put("time", {"start": "campaign_start", "end": min(last.end, today).isoformat()}, place)
    return True


def _last_day(found: Sentence, place: int, today: dt.date) -> str:
    """since launch through yesterday: the day said right behind, else today."""
    behind = place + 1
    if behind < len(found.tokens) and found.tokens[behind].has("time") and found.clause(behind) == found.clause(place):
        moment = found.tokens[behind].senses["time"]
        period = resolve(moment, today, -1) if moment.kind == "until" else None
        if period is not None and period.end is not None:
            return min(period.end, today).isoformat()
    return today.isoformat()


_NOW = re.compile(r"现在|目前|当前|now|so far")
_AT_ONCE = re.compile(r"马上|立刻|立即|尽快|即刻|asap|immediately|right away")


def _only_against(found: Sentence, place: int) -> bool:
    """获客成本跟上月比: the days are only what the figures are held against."""
    token = found.tokens[place]
    before, behind = found.before(place, 4), found.text[token.end :][:4]
    held = re.search(r"(?:跟|和|与|同|相较|较|比)(?:于)?$", before) and re.match(
        r"(?:相比|对比|比较?|比起来"
        r"|来说)",
        behind,
    )
    named = token.senses["time"].kind in ("month", "week", "quarter", "year")
    return bool(held) and named and place == min(p for p, t in enumerate(found.tokens) if t.has("time"))


def _period(moment: Moment, today: dt.date, kinds: list[str]) -> Period | None:
    period = resolve(moment, today, -1)
    if "forecast" in kinds and moment.kind not in ("past", "to_date"):
        ahead = resolve(moment, today, 1)
        if ahead is not None and ahead.end is not None and ahead.end >= today:
            return replace(ahead, start=today) if _is_last_day(moment, ahead) else ahead
    return period


def _is_last_day(moment: Moment, period: Period) -> bool:
    """月底能拉到多少: what is asked for grows until that day."""
    return moment.kind == "part" and moment.args[1] == "底" and period.start == period.end


def _is_deadline(text: str, kinds: list[str], period: Period, today: dt.date) -> bool:
    """月底预算够不够: the day until which money must last is no span of results."""
    if not {"pacing", "forecast"} & set(kinds) or not re.search(r"够不够|还够|够用|撑", text):
        return False
    return period.end is not None and period.end > today and (period.start is None or period.start >= today)


def _of_customers(found: Sentence, place: int) -> bool:
    """近30天登录过的客户: the window is about the customers, not the results."""
    if not found.tokens[place].has("window") or place + 1 >= len(found.tokens) or says_unused(found.text):
        return False
    behind = found.text[found.tokens[place].end :][:16]
    return found.tokens[place + 1].has("act", "neg", "state") and bool(
        re.search(r"(?:过|没|未)[^,，。]{0,10}(?:的|客户|用户|人)", behind)
        or (re.search(r"客户|用户|的人", found.text) and re.match(r"[没未][^,，。]{1,8}(?:[,，。?？]|$)", behind))
    )


def _put(draft: Draft, today: dt.date, periods: list[tuple[int, Period]], kinds: list[str]) -> None:
    place, period = periods[0]
    compare = _compare_token(draft.sentence)
    if compare == "yoy" and period.end is not None and period.end.year < today.year and len(periods) == 1:
        # 同比去年双11: last year's days are what this year's are held against.
        period = replace(
            period, start=shift(period.start, 1, "year") if period.start else None, end=shift(period.end, 1, "year")
        )
    start = period.start or (today if period.end and period.end >= today else period.end)
    end = period.end or today
    if period.start and period.start <= today < end and "forecast" not in kinds:
        end = today
    if start is None:
        return
    if start > end and period.start is not None and "forecast" not in kinds:
        # 年初到现在: of results the beginning of a year is that of this one.
        start = shift(start, -1, "year")
    value: dict[str, Any] = {"start": start.isoformat(), "end": end.isoformat()}
    if len(periods) > 1 and (other := _second(draft, periods)) is not None:
        value["compare_to"] = other
        draft.support("time", periods[1][0])
    draft.put("time", value, place)


def _second(draft: Draft, periods: list[tuple[int, Period]]) -> Any:
    """The other days of 本周和上周 or 20号比19号."""
    first, second = periods[0][1], periods[1][1]
    if second.start is None or second.end is None or first.start is None:
        return None
    tokens = draft.sentence.tokens
    if hit := re.fullmatch(r"前一个?(天|日|周|星期|礼拜|月|期|段|季度)", tokens[periods[1][0]].text):
        return "previous_day" if hit[1] in "天日" else "previous_period"
    if _is_year(tokens[periods[1][0]].senses["time"], -1) and (first.start.year - second.start.year) == 1:
        # 今年3月同去年比: the same days of the year before.
        return "yoy"
    gap = draft.sentence.text[tokens[periods[0][0]].end : tokens[periods[1][0]].start]
    behind = draft.sentence.text[tokens[periods[1][0]].end :][:4]
    if _compare_token(draft.sentence) == "yoy":
        return None
    if not (_AGAINST.search(gap) or re.match(r"(?:相?比|对比)", behind)):
        return None
    if second.start == second.end:
        return (
            "previous_day"
            if first.start == first.end and (first.start - second.start).days == 1
            else second.start.isoformat()
        )
    if (first.start - second.end).days == 1:
        return "previous_period"
    return {"start": second.start.isoformat(), "end": second.end.isoformat()}


def _is_year(moment: Moment, offset: int) -> bool:
    return moment.kind == "year" and moment.args[1] == offset


def _compare_token(found: Sentence) -> str:
    return next((str(token.senses["compare_to"]) for token in found.tokens if "compare_to" in token.senses), "")


# 一路往下走: within the days themselves, against no others.
_ALL_ALONG = re.compile(r"一路(?:往|向|走|下|上|跌|涨|掉|滑)|all the way (?:down|up)")


def compared(draft: Draft, kind: str) -> None:
    """Put ``compare_to`` and ``grain`` into the time."""
    values = draft.values
    said = _compare_token(draft.sentence)
    if said:
        values.setdefault("time", {}).setdefault("compare_to", said)
    time: dict[str, Any] | None = values.get("time")
    if time is None:
        return
    held = kind == "root_cause" and "compare_to" not in time and "start" in time
    if held and not _ALL_ALONG.search(draft.sentence.text):
        whole = re.search(r"[这本]个?[周月]|this (?:week|month)|以来|至今", draft.sentence.text)
        time["compare_to"] = "previous_day" if time["start"] == time.get("end") and not whole else "previous_period"
    if kind == "trend" and "grain" not in time and re.search(r"小时|hourly|by hour", draft.sentence.text):
        time["grain"] = "hour"
    for grain, words in _GRAINS:
        if words.search(draft.sentence.text):
            time["grain"] = grain
            break


def future(draft: Draft, kind: str, today: dt.date) -> None:
    """Flag a question about days that have not been yet, unless it asks to look ahead."""
    start = draft.values.get("time", {}).get("start", "")
    if (
        start
        and start != "campaign_start"
        and start > today.isoformat()
        and kind not in ("forecast", "pacing", "recommendation")
    ):
        draft.values["flags"] = ["future_period"]
