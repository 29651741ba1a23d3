"""When: start, end, hour, duration and rhythm from the phrases of time that belong to the campaign."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.quantities import Quantity
from linghang.reading.sentence import Sentence
from linghang.reading.times.moments import Moment, Period, resolve, shift
from linghang.reading.times.recurrences import occurrence

_RUN_BEFORE = re.compile(
    r"(?:跑|做|搞|持续|为期|历时|周期|活动期|活动时间|活动周期|时长|一共|共|投放期?|投放|执行|上线|推广期|连续"
    r"|活动|试"
    r"|连着|连续?[推发做开搞跑办送投]"
    r"|推|for|lasting|last|run(?:s|ning)?(?: for)?|duration(?: of)?|period)\s*(?:大概|大约|约"
    r"|整整|满|一共|共|是|为|:|about|around|a total of|时间)*\s*$"
)
_RUN_AFTER = re.compile(
    r"^\s(?:from|starting|beginning|counting from)\s|^\s?(?:in total|in all|altogether|overall|total)(?![a-z])"
    r"|^\s?(?:的)?(?:活动|推广|投放|周期|档期|时间|campaign|long|run|promo|sale|flash|push|offer|event)"
)
# 推30天封闭理财: the term of a product is no length of a campaign.
_TERM = re.compile(
    r"\s?(?:的)?(?:(?:以上|多|都|一直|内)*(?:[没未无]|不(?!超|停|间断))|封闭|理财|定期|定存|存款|存单|期|滚动"
    r"|持有|固收|短债|免息|加息|体验|会员|大额|国债|保证)"
)
# not seen for 4 months: how long one stayed away is no length either.
_ABSENT = re.compile(
    r"(?:\bnot|n't|\bno|inactive|without|dormant|idle|absent|silent|away)\s[^,.;]{0,24}\bfor\s$"
    r"|(?:inactive|dormant|idle|away|silent)\sfor\s$"
)
_PAYDAY = re.compile(r"^\s?(?:发薪(?!日[,，])|发工资(?!日?[,，])|出账|还款|扣款|定投|到账|日?发放)")
_LEFT_OUT = re.compile(r"(?:去年|上次|上个月|历史|以前|之前)")
_IN_AUDIENCE = re.compile(
    r"^(?:的|期间|当天|以来|以后|之后|后|之前|前|里|内|时|,)*\s?(?:参加|参与|买|购|注册|开户|下单|登录|赎回|申购"
    r"|没|未|到期|领|借|逾期|出账|新增|新开|过)"
)


_DUE = re.compile(
    r"(?:会|将|要|就|内|里|份|底|前|之前|以前|的)*(?:到期|过期|期满|到账期)|\s?(?:maturing|matures?|expir)"
)


def due(draft: Draft, today: dt.date) -> None:
    """本月底前到期, 12月到期: days of a term are a condition on customers, not the campaign's."""
    if "due" not in draft.hints or any(
        shape["field"].endswith(("maturity_days", "expire_days", "due_days"))
        for shape in draft.values.get("audience", [])
    ):
        return
    place, period = draft.hints["due"]
    last = (period.end - today).days
    first = (period.start - today).days if period.start is not None else 0
    value = [first, last] if first > 1 and first != last else last
    op = "between" if isinstance(value, list) else "le"
    draft.add("audience", {"field": "maturity_days", "op": op, "value": value}, place)


def schedule(draft: Draft, today: dt.date) -> None:
    """Put ``start``, ``end``, ``start_time``, ``duration_days`` and ``recurrence``."""
    periods = _periods(draft, today)
    spans = [item for item in periods if item[1].shape in ("span",) and item[1].start and item[1].end]
    starts = [item for item in periods if item[1].shape == "start" or item[1].shape == "day"]
    ends = [item for item in periods if item[1].shape == "end"]
    recurrences = [item for item in periods if item[1].shape == "recurrence" and item[1].recurrence]
    months = [item for item in periods if item[1].shape == "month"]
    named = [item for item in periods if item[1].shape == "festival"]
    if spans:
        span = _widest(draft.sentence, spans)
        one_day = span[1].start == span[1].end
        said = draft.sentence.tokens
        later = [
            item for item in ends if _CLOSES.search(said[item[0]].text) or (one_day and said[item[0]].text[0] in "到至")
        ]
        if later and span[1].end and later[0][1].end and later[0][1].end > span[1].end and span[0] < later[0][0]:
            # 圣诞前一周做…,元旦截止: the day on which it closes is said apart.
            _put_end(draft, later, [])
        _put_span(draft, span, recurrences)
    elif starts or recurrences:
        if ends:
            _put_end(draft, ends, starts)
        if months and not starts and not ends and recurrences[0][1].loose is False:
            recurrences = [_within(months[0], item) for item in recurrences]
        _put_start(draft, starts, recurrences)
    elif ends:
        _put_end(draft, ends, [])
        _put_named(draft, named, ends[0])
    elif named:
        _put_start(draft, named, [])
    elif months and _WHOLE.search(draft.sentence.text):
        _put_span(draft, months[0], recurrences)
    elif months:
        draft.hints["month"] = months[0][1]
    _recurrence(draft, recurrences)
    _clock(draft, periods)
    _duration(draft)


# January 2027, all month: said apart from the month.
_WHOLE = re.compile(
    r"(?:all|the (?:whole|entire|full)|throughout the|whole|entire|full) month(?![a-z])|整个?月|一整月"
    r"|从头到尾|从头做到尾|全程|整个?季度?|全季|全月|从月初到月底|月头到月尾"
)
_THEME = re.compile(r"(?:圣诞元旦)?双旦")
_CLOSES = re.compile(r"截止|结束|为止|收官|收尾|ends?$")


# 元宵节红包雨，当天晚7点开始，到2月22号
_ON_THAT_DAY = re.compile(r"[^,，。;；]{0,10}[,，]\s?(?:就|从)?(?:当天|当日|当晚|那天|那晚|这天)")


def _put_named(draft: Draft, named: "list[_Item]", last: "_Item") -> None:
    """除夕晚7点红包雨到初五: a day by its name opens what ends behind it in the same breath."""
    found, (place, until) = draft.sentence, last
    for first, period in named:
        together = found.clause(first) == found.clause(place) or _ON_THAT_DAY.match(found.after(first, 30))
        together = together or bool(period.clock) or found.before(place, 8).endswith(("一直", "一直下", "持续", "一路"))
        if first < place and together and period.start and until.end:
            if period.start <= until.end:
                draft.put("start", _iso(period.start), first)
            return


_Item = tuple[int, Period]


def _periods(draft: Draft, today: dt.date) -> list[_Item]:
    found = draft.sentence
    items: list[_Item] = []
    for place in list(found.where("time")):
        moment: Moment = found.tokens[place].senses["time"]
        if found.tokens[place].has("window", "clock", "since") or _PAYDAY.match(found.after(place, 4)):
            continue
        period = resolve(moment, today, 1)
        if re.search(
            r"(?:不要|别|避开|除了|不在|不用|生日|not on|avoid|except"
            r"|birthday)\s*$",
            found.before(place, 8),
        ):
            continue
        if period is not None and _DUE.match(found.after(place, 8)) and period.end is not None and period.end >= today:
            draft.hints["due"] = (place, period)
            continue
        if period is None or _elsewhere(draft, place, period, today):
            continue
        if moment.kind == "part" and moment.args[1] == "底":
            period = Period(None, period.end, "end", period.clock)
        items.append((place, period))
    if any(period.shape in ("start", "day") for _, period in items):
        # 下周二推双旦预热: beside a day of its own the pair of festivals is the theme.
        items = [item for item in items if not _THEME.fullmatch(found.tokens[item[0]].text)]
    return items


def _elsewhere(draft: Draft, place: int, period: Period, today: dt.date) -> bool:
    """Days that belong to what customers did, to an earlier campaign or to the past."""
    found = draft.sentence
    if (
        period.end is not None
        and period.end < today
        and found.tokens[place].senses["time"].kind not in ("range", "date")
    ):
        return True
    if period.end is None and period.start is not None and period.start < today and period.shape == "start":
        # 上周起有客户赎回: what has begun is no beginning to come.
        return True
    follows = found.after(place, 8)
    return (
        bool(_IN_AUDIENCE.match(follows))
        and period.shape in ("festival", "month", "day")
        and bool(re.search(r"过|的(?:客户|用户|人)|没|未", found.clause_text(place)))
    )


def _widest(found: Sentence, spans: list[_Item]) -> _Item:
    dated = [item for item in spans if not item[1].name]
    spans = dated or spans
    explicit = [item for item in spans if item[1].start != item[1].end]
    first = (explicit or spans)[0]
    # 12月第二周(12月7日至13日): the days in brackets say what the week means.
    return next((item for item in explicit if _glossed(found, first[0], item[0])), first)


def _glossed(found: Sentence, first: int, other: int) -> bool:
    return other == first + 1 and bool(re.fullmatch(r"\s?[(（]\s?(?:即|也就是)?", found.gap(first, other)))


# 冬至那天给全量客户发祝福, 平安夜当天推一条: a single message on a day has no end.
_ONE_SEND = re.compile(
    r"[^,，。;；]{0,16}?(?:发送|推送|[发推](?:一?[条个次篇封]|出|祝福|问候|贺|短信|push|消息|信)|群发)"
)


_RUNS = re.compile(r"活动|上线|开始|抢|秒杀|开售|下雨|红包雨|费率|折扣|节(?!日|气)")


def _is_one_send(draft: Draft, place: int, period: Period) -> bool:
    found = draft.sentence
    token = found.tokens[place]
    named = re.search(r"(?:当天|当日|那天|这天|当晚|这一天)$", token.text)
    if period.clock and re.search(r"当天|当日|那天|这天|当晚|这一天", token.text) and period.start == period.end:
        # 冬至当天早上9点: an hour is that of one message.
        return not _RUNS.search(found.text)
    return bool(named) and period.start == period.end and bool(_ONE_SEND.match(found.text[token.end :]))


def _put_span(draft: Draft, item: _Item, recurrences: list[_Item]) -> None:
    place, period = item
    start = period.start
    if _is_one_send(draft, place, period):
        draft.put("start", _iso(start), place)
        return
    if recurrences and start is not None and (period.loose or _begins_with_a_stretch(draft.sentence, place)):
        start = occurrence(recurrences[0][1].recurrence, start) or start
    draft.put("start", _iso(start), place)
    draft.put("end", _iso(period.end), place)


def _begins_with_a_stretch(found: Sentence, place: int) -> bool:
    """every Friday from this week until Dec 31: the first Friday in that week."""
    moment: Moment | None = found.tokens[place].senses.get("time")
    if moment is not None and moment.kind == "range" and isinstance(moment.args[0], Moment):
        moment = moment.args[0]
    return moment is not None and moment.kind in ("week", "month")


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""


_SAME_DAY = re.compile(
    r"当[天日晚](?:就)?(?:收尾|收官|结束|截止|完结|收)(?!入|益|到)"
    r"|(?:ends?|closes?|over) (?:on )?the same day|same[- ]day (?:end|close)"
)


def _put_start(draft: Draft, starts: list[_Item], recurrences: list[_Item]) -> None:
    # Weekly email every Wednesday: the rhythm that names its day tells the first one.
    rhythms = [item for item in recurrences if item[1].start is not None] or recurrences
    place, period = min(starts or rhythms, key=lambda item: (item[1].shape == "festival", item[0]))
    start = period.start
    if recurrences and start is not None and (period.loose or _begins_with_a_stretch(draft.sentence, place)):
        start = occurrence(recurrences[0][1].recurrence, start) or start
    if start is not None:
        draft.put("start", _iso(start), place)
        if starts and _SAME_DAY.search(draft.sentence.text):
            draft.put("end", _iso(start), place)
    if not starts and period.end is not None:
        # 下个月每周五: the month ends the rhythm.
        draft.put("end", _iso(period.end), place)


def _put_end(draft: Draft, ends: list[_Item], starts: list[_Item]) -> None:
    if ends:
        draft.put("end", _iso(ends[0][1].end), ends[0][0])


def _within(month: _Item, item: _Item) -> _Item:
    """每周三, 12月: the month bounds the rhythm."""
    place, period = item
    first = occurrence(period.recurrence, month[1].start) if month[1].start is not None else None
    return (place, period) if first is None else (place, replace(period, start=first, end=month[1].end))


def _recurrence(draft: Draft, recurrences: list[_Item]) -> None:
    for place, period in recurrences:
        if ":" in period.recurrence or period.recurrence == "daily":
            draft.put("recurrence", period.recurrence, place)


def _clock(draft: Draft, periods: list[_Item]) -> None:
    for place, period in periods:
        # 周四晚上10点前: an hour of the end is none at which it starts.
        if period.clock and period.shape != "end":
            draft.put("start_time", period.clock, place)
    if "start_time" in draft.values or not ("start" in draft.values or "recurrence" in draft.values):
        return
    for place in list(draft.sentence.where("clock")):
        hours = draft.sentence.tokens[place].senses["clock"].args
        if len(hours) == 1:
            draft.put("start_time", hours[0], place)


def _duration(draft: Draft) -> None:
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if quantity is None or quantity.unit != "day" or quantity.form != "one" or found.tokens[place].has("window"):
            continue
        if (
            _TERM.match(found.after(place, 6))
            or _ABSENT.search(found.before(place, 40))
            or not (
                _RUN_BEFORE.search(found.before(place, 16))
                or _RUN_AFTER.match(found.after(place, 16))
                or _alone(draft, place)
            )
        ):
            continue
        _apply_duration(draft, place, quantity)
        return


def _alone(draft: Draft, place: int) -> bool:
    found = draft.sentence
    return found.clause_text(place).strip(" ,，。.;；、:") == found.tokens[place].text


def _apply_duration(draft: Draft, place: int, quantity: Quantity) -> None:
    start: Any = draft.values.get("start")
    if start and "end" not in draft.values:
        unit = {"月": "month", "month": "month", "年": "year"}.get(quantity.word.lstrip("个- ").rstrip("s"), "day")
        amount = quantity.values[0] / {"month": 30, "year": 365, "day": 1}[unit]
        draft.put("end", _iso(shift(dt.date.fromisoformat(start), amount, unit) - dt.timedelta(days=1)), place)
    elif "end" not in draft.values:
        draft.put("duration_days", quantity.value if isinstance(quantity.value, int) else round(quantity.value), place)
