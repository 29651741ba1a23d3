"""Edits of time: new dates, shifts (往后延三天), longer and shorter runs (再多两天), hours."""

import datetime as dt
import re

from linghang.reading.edits.hours import DAYS, gives_way, hours, other_hour, other_window
from linghang.reading.edits.words import MORE, TO, Change
from linghang.reading.quantities import Quantity, whole
from linghang.reading.times.moments import Moment, Period, resolve, shift

_LATER = re.compile(
    r"shift (?:everything|it|all|the [a-z]+)[^,.;]{0,10} by|往后|推后|推迟|延后|延迟|顺延|后延|后移"
    r"|晚(?!上|点|间)|push(?:ed)?[^,.;]{0,24}\s(?:back|out)|postpone"
    r"|delay|later|后推|往后推|推(?=[一两三四五六七八九十\d])|move[^,.;]{0,20}back|shift[^,.;]{0,20}(?:later"
    r"|back)"
)
_EARLIER = re.compile(
    r"提前|提早|往前|前移|早(?!上|晨)|earlier|bring (?:it )?forward|move[^,.;]{0,20}(?:up|forward)|前推|往前挪"
)
_LONGER = re.compile(
    r"延长|再多|多跑|多做|多搞|多推|多放|多来|再搞|再跑|再做|加(?=[一两三四五六七八九十\d])|续|再加|多(?=[一两三四五六七八九十\d])|再延"
    r"|延(?=[一两三四五六七八九十\d])|拉长|extend|longer|another|more|extra|add"
)
_SHORTER = re.compile(
    r"缩短|少跑|少做|减少|缩(?=[一两三四五六七八九十\d])|砍掉?(?=[一两三四五六七八九十\d])"
    r"|少(?=[一两三四五六七八九十\d])|shorten|shorter|cut|fewer|less|trim|减(?=[一两三四五六七八九十\d])"
)
_START = re.compile(r"上(?=$|[,，。吧])|开始|上线|启动|起|开跑|开始时间|start|launch|begin|kick off|首发")
_END = re.compile(
    r"下(?=$|[,，。吧])|结束|截止|收尾|下线|结束时间|到期|收(?!益|紧|到|官)|收官|(?<![a-z])end|finish"
    r"|close|deadline|止"
)
_RUN = re.compile(
    r"(?:跑|做|满|持续|为期|改成|改为|缩短到|缩短为|缩短成|延长到|延长至|延长为|延长成|缩到|缩成|压成|压到|压缩到|砍到|减到|变成|调成|调到|拉长到|拉长成|一共|总共|周期|只跑|时长"
    r"|run(?:s)? for|last|for|to)\s*(?:共|是|为|改成|改为|到)?\s*$"
)
_BOTH_ENDS = re.compile(r"头尾|首尾|两头|两端|前后(?=各|都)|(?:both|either|each) ends?|on (?:both|either) sides?")
_NEXT_WEEK = re.compile(r"(?:to )?the (?:week after|following week)|(?:推|延|挪|放)(?:到|后到|后)?(?:再)?下一周")
_UNIT = {"个月": "month", "月": "month", "month": "month", "months": "month", "年": "year"}


def dates(change: Change, today: dt.date) -> None:
    """Steps for ``start``, ``end``, ``start_time``, ``recurrence`` and ``duration_days``."""
    _new_days(change, today)
    _follows(change)
    if hit := _NEXT_WEEK.search(change.found.text):
        _shift(change, None, 1, "week", change.found.text[: hit.end()])
    for place in list(change.found.where("quantity")):
        quantity = change.found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "day"
            and quantity.form == "one"
            and not change.found.tokens[place].has("window")
            and not _of_people(change, place)
            and not _says_how_often(change, place)
        ):
            _moved(change, place, quantity)
        elif quantity is not None and quantity.unit in ("hour", "minute") and not other_window(change, place, quantity):
            other_hour(change, place, quantity)
    hours(change)


def _says_how_often(change: Change, place: int) -> bool:
    """两周最多3次 says how often."""
    clause, behind = change.found.clause_text(place), change.found.after(place, 8)
    if re.match(r"(?:内|只|最多|许|能|发|推|收|到)*[一二两三四五六\d]+[次条封遍]", behind):
        return True
    return bool(_CAPPED.search(clause) and re.search(r"[次条封遍]|times", clause))


_FOLLOWS = re.compile(r"结束[^,，。;]{0,4}(?:跟着|同步|随着|相应|一齐|一起|一并|一块)|end (?:moves|shifts|follows)")


def _follows(change: Change) -> None:
    """开始往后推一周，结束跟着推: the end moves as the start did."""
    first, base = change.notes.get("first", {}), change.base
    if not _FOLLOWS.search(change.found.text) or not all(key in first and key in base for key in ("start", "end")):
        return
    moved = dt.date.fromisoformat(base["start"]) - dt.date.fromisoformat(first["start"])
    if moved:
        change.step("set", "end", (dt.date.fromisoformat(base["end"]) + moved).isoformat())


def _of_people(change: Change, place: int) -> bool:
    """三个月没登录的, 持有满一年: days that belong to a condition beside them."""
    found = change.found
    before = place - 1 - (place > 0 and found.tokens[place - 1].has("cmp"))
    if (
        before >= 0
        and found.tokens[before].has("act", "field")
        and not found.tokens[before].has("offer", "objective_verb")
        and found.text[found.tokens[before].end : found.tokens[place].start].strip()
        in ("", "满", "了", "满了", "过", "不满", "时间", "够", "超过", "达到")
    ):
        return True
    after = place + 1
    return (
        after < len(found.tokens)
        and found.tokens[after].has("neg", "act", "state")
        and not found.tokens[after].has("offer", "channel", "objective")
        and found.gap(place, after).strip() in ("", "内", "以上", "都", "以内")
        and bool(re.search(r"没|未|过|的|haven't|not", found.text[found.tokens[place].end :][:12]))
    )


def _new_days(change: Change, today: dt.date) -> None:
    found = change.found
    for place in list(found.where("time")):
        token = found.tokens[place]
        if _no_day(change, place) or _said_twice(change, place, today):
            continue
        period = resolve(token.senses["time"], today, 1)
        if period is None:
            continue
        clause = found.clause_text(place)
        if not _START.search(clause) and not _END.search(clause):
            # 加个结束时间，12月20号: the piece names what the day is.
            clause = found.text
        moment = _without_the_verb(token.senses["time"])
        if _new_weekday(change, place, moment):
            continue
        if moment.kind == "after" and (_LATER.search(clause) or _EARLIER.search(clause)):
            if _LATER.search(token.text) and isinstance(moment.args[0], int | float):
                # two days later is how far, not when.
                _shift(change, place, moment.args[0], str(moment.args[1]), clause)
            continue
        if period.shape == "recurrence":
            _rhythm(change, place, period)
        else:
            _days(change, place, _anchored(change, token.senses["time"], period), clause, today)
        if period.clock:
            change.step("set", "start_time", period.clock, place)


def _without_the_verb(moment: Moment) -> Moment:
    """Start two days later: the verb is part of the phrase, the days are how far."""
    inner = moment.args[0] if moment.kind == "from" else None
    return inner if isinstance(inner, Moment) and inner.kind == "after" else moment


def _new_weekday(change: Change, place: int, moment: Moment) -> bool:
    """Send it on Tuesdays instead: of what goes out every week a bare weekday is the new rhythm."""
    if not str(change.base.get("recurrence", "")).startswith("weekly:") or moment.kind != "weekday":
        return False
    clause = change.found.clause_text(place)
    if moment.args[0] is not None or _START.search(clause) or _END.search(clause):
        return False
    change.step("set", "recurrence", f"weekly:{DAYS[moment.args[1]]}", place)
    return True


def _no_day(change: Change, place: int) -> bool:
    """Words of time that say no new day: windows, hours, old days, 12号之后再加三天, a mere 现在."""
    found, token = change.found, change.found.tokens[place]
    if token.has("window", "clock", "since") or place in found.used or gives_way(change, place):
        return True
    if re.match(r"(?:之?后|以后)?(?:再|又)(?:加|多|延|续)", found.after(place, 6)):
        return True
    kind = token.senses["time"]
    kind = kind.args[0] if kind.kind == "until" and isinstance(kind.args[0], Moment) else kind
    if kind.kind == "part" and place + 1 < len(found.tokens) and found.tokens[place + 1].has("moment"):
        # 月中15号
        return found.gap(place, place + 1) == ""
    if _NOT_THEN.search(found.before(place, 8) + token.text[:2]):
        return True
    at_once = token.text in ("now", "现在", "马上", "立即", "即刻")
    return at_once and not _START.search(found.clause_text(place))


# 别停在一月底，一直写到除夕: the day that is turned down.
_NOT_THEN = re.compile(r"(?:别|不要|不用|甭|不必|不)(?:停|止|卡|放|定|选|拖|结束|只)?(?:在|到|于)(?:了)?.{0,2}$")


def _said_twice(change: Change, place: int, today: dt.date) -> bool:
    """周日29号: the day of the week and the date right beside it are one day."""
    found = change.found
    before = place - 1
    if before < 0 or "time" not in found.tokens[before].senses:
        return False
    first, second = (resolve(found.tokens[p].senses["time"], today, 1) for p in (before, place))
    if first is None or second is None or found.gap(before, place).strip(" (,的") != "":
        return False
    return (first.end or first.start) == (second.start or second.end)


_CAPPED = re.compile(
    r"每(?:人|客|个(?:人|客户|用户))|per (?:person|user|customer)|最多|不超过|上限|频控|频次|at most|no more than|max"
)


def _anchored(change: Change, moment: Moment, period: Period) -> Period:
    """延到月底 of a run that starts next month means the end of that month."""
    start = change.base.get("start")
    if moment.kind == "until" and moment.args and isinstance(moment.args[0], Moment):
        bare = moment.args[0].kind == "date" and moment.args[0].args[1] is None
    else:
        bare = moment.kind == "date" and moment.args[1] is None
    if bare and start and dt.date.fromisoformat(start).replace(day=1) > change.notes["today"].replace(day=1):
        return resolve(moment, dt.date.fromisoformat(start).replace(day=1), 1) or period
    if period.shape != "end" or not start or period.end is None or period.end.isoformat() >= start:
        return period
    inner = moment.args[0] if moment.kind == "until" and moment.args else moment
    if "end" not in change.base or not isinstance(inner, Moment) or inner.kind not in ("part", "weekday", "weekend"):
        return period
    return resolve(moment, dt.date.fromisoformat(start), 1) or period


def _rhythm(change: Change, place: int, period: Period) -> None:
    hours = [t.senses["clock"].args for t in change.found.tokens if t.has("clock")]
    capped = _CAPPED.search(change.found.clause_text(place))
    if period.recurrence == "daily" and (capped or any(len(pair) == 2 for pair in hours)):
        # 每天10点到20点发 says the hours of every day, 每天最多1条 a cap: no rhythm.
        return
    if ":" not in period.recurrence and period.recurrence != "daily":
        return
    change.step("set", "recurrence", period.recurrence, place)
    if "start" not in change.base and period.start is not None:
        change.step("set", "start", period.start.isoformat(), place)


_MOVED_TO = re.compile(
    r"(?:改|挪|移|换|推迟|推后|推|放|提前|顺延|调|延后|move[^,.;]{0,16}|shift[^,.;]{0,16})(?:到|至|为|在|to)?\s?$"
)


def _moved_into(change: Change, place: int, period: Period, today: dt.date) -> tuple[str, str] | None:
    """改到下周, 挪到双12当天: the days that are named become the run."""
    token = change.found.tokens[place]
    moment = token.senses["time"]
    if period.shape != "end" or moment.kind != "until" or not isinstance(moment.args[0], Moment):
        return None
    head = re.sub(r"^(到|至|to ).*", r"\1", token.text)
    if not _MOVED_TO.search(change.found.before(place, 16) + (head if len(head) < 4 else "")):
        return None
    if moment.args[0].kind not in ("week", "weekend", "month", "range", "holiday", "part", "run"):
        return None
    inside = resolve(moment.args[0], today, 1)
    if inside is None or inside.start is None or inside.end is None:
        return None
    return inside.start.isoformat(), inside.end.isoformat()


def _days(change: Change, place: int, period: Period, clause: str, today: dt.date) -> None:
    start = period.start.isoformat() if period.start else None
    end = period.end.isoformat() if period.end else None
    inner = _moved_into(change, place, period, today)
    if inner is not None and bool(_START.search(clause)) == bool(_END.search(clause)):
        change.step("set", "start", inner[0], place)
        change.step("set", "end", inner[1], place)
    elif (
        period.shape == "end"
        and end
        and re.search(
            r"提前到|推迟到|改到|换到|挪到|调到|顺延到|延后到|move[^,.;]{0,12} to",
            change.found.before(place, 4) + change.found.tokens[place].text[:4],
        )
    ):
        _one_day(change, place, end, clause)
    elif (
        period.shape == "end"
        and end
        and any(step["path"] == "start" for step in change.steps)
        and re.match(r"到|至|until |till |to |end", change.found.tokens[place].text)
    ):
        # 12月5号开始,然后到18号: the second of two days is the last.
        change.step("set", "end", end, place)
    elif period.shape == "end" and _START.search(clause) and not _END.search(clause):
        # 开始时间推到周四: what is moved is named.
        change.step("set", "start", end, place)
    elif period.shape == "end":
        change.step("set", "end", end, place)
    elif period.shape == "start":
        change.step("set", "start", start, place)
    elif period.shape in ("day", "festival") and start:
        _one_day(change, place, start, clause)
    elif start and start == end and "end" not in change.base:
        # 双12当天发一次: a single day has no end.
        change.step("set", "start", start, place)
    elif start and end:
        change.step("set", "start", start, place)
        change.step("set", "end", end, place)


def _one_day(change: Change, place: int, day: str, clause: str) -> None:
    found = change.found
    after = re.split(r"[,，。;]", found.after(place, 6))[0]
    own = re.match(r"到|至|to |until |by ", found.tokens[place].text)
    before = found.before(place, 14) + (own[0] if own else "")
    begun = any(step["path"] == "start" for step in change.steps)
    if (
        (own and begun and "end" in change.base)
        or _END.search(after)
        or (_END.search(clause) and not _START.search(clause))
        or (
            re.search(r"(?:到|至|延到|延长到|延至|until|till|to|through|by)\s*$", before)
            and "end" in change.base
            and not _START.search(clause)
            and not re.search(r"提前到|推迟到|改到|挪到|调到|换到|提到|顺延到|延后到|move", before)
        )
    ):
        change.step("set", "end", day, place)
        return
    if (
        "end" in change.base
        and not _START.search(clause)
        and re.search(r"提前到|推迟到|改到|挪到|调到|换到|顺延到|延后到|move", before)
    ):
        _moved_whole(change, place, day)
        return
    change.step("set", "start", day, place)


def _moved_whole(change: Change, place: int, day: str) -> None:
    """改到12月5号: the whole run moves, its length stays."""
    if "start" not in change.base:
        change.step("set", "start", day, place)
        return
    length = dt.date.fromisoformat(change.base["end"]) - dt.date.fromisoformat(change.base["start"])
    change.step("set", "start", day, place)
    change.step("set", "end", (dt.date.fromisoformat(day) + length).isoformat(), place)


def _moved(change: Change, place: int, quantity: Quantity) -> None:
    found = change.found
    clause = found.clause_text(place)
    if _BOTH_ENDS.search(found.text) and "start" in change.base and "end" in change.base:
        _both_ends(change, place, quantity, clause)
        return
    before, after = found.before(place, 16), found.after(place, 10)
    unit = _UNIT.get(quantity.word.strip(" -"), "day")
    amount = quantity.values[0] / {"month": 30, "year": 365, "day": 1}[unit]
    if (
        re.search(r"免息|加息|体验|券|interest|coupon", clause)
        and "offer" in change.base
        and (
            not (_LATER.search(clause) or _LONGER.search(before))
            or ("interest_free_days" in change.base["offer"] and re.search(r"免息|interest", before))
        )
    ):
        key = "interest_free_days" if change.base["offer"].get("type") == "interest_free_coupon" else "days"
        old = change.base["offer"].get(key)
        new = quantity.value
        if old is not None and not TO.search(before):
            more, less = _LONGER.search(clause) or MORE.search(before), _SHORTER.search(clause)
            new = whole(old + quantity.values[0] if more else old - quantity.values[0] if less else quantity.values[0])
        change.step("set", f"offer.{key}", new, place)
    elif _RUN.search(before) and not re.search(r"提前|推迟|[再多少](?:跑|做)|加", before):
        _length(change, place, amount, unit)
    elif _EARLIER.search(clause):
        _shift(change, place, -amount, unit, clause)
    elif _LATER.search(clause) or re.match(r"\s?(?:later|后(?:再)?(?:发|上|开始))", after):
        _shift(change, place, amount, unit, clause)
    elif _SHORTER.search(before) or (_SHORTER.search(clause) and not _LONGER.search(before)):
        _stretch(change, place, -amount, unit, clause)
    elif _LONGER.search(before) or _LONGER.search(clause):
        _stretch(change, place, amount, unit, clause)


def _both_ends(change: Change, place: int, quantity: Quantity, clause: str) -> None:
    """头尾各缩两天: the run gets shorter, or longer, at either end."""
    sign = -1 if _SHORTER.search(clause) or "缩" in clause or "收" in clause else 1
    for key, way in (("start", -sign), ("end", sign)):
        day = shift(dt.date.fromisoformat(change.base[key]), way * quantity.values[0], "day")
        change.step("set", key, day.isoformat(), place)


def _shift(change: Change, place: int | None, amount: float, unit: str, clause: str) -> None:
    keys = ["start", "end"]
    if _END.search(clause) and not _START.search(clause):
        keys = ["end"]
    elif _START.search(clause) and not _END.search(clause):
        keys = ["start"]
    for key in keys:
        if key in change.base:
            moved = shift(dt.date.fromisoformat(change.base[key]), amount, unit).isoformat()
            change.step("set", key, moved, *(() if place is None else (place,)))


def _stretch(change: Change, place: int, amount: float, unit: str, clause: str) -> None:
    if "end" in change.base:
        change.step("set", "end", shift(dt.date.fromisoformat(change.base["end"]), amount, unit).isoformat(), place)
    elif "duration_days" in change.base:
        change.step(
            "set",
            "duration_days",
            round(change.base["duration_days"] + amount * {"month": 30, "year": 365, "day": 1}[unit]),
            place,
        )


def _length(change: Change, place: int, amount: float, unit: str) -> None:
    start = change.base.get("start")
    if start is None:
        change.step("set", "duration_days", round(amount * {"month": 30, "year": 365, "day": 1}[unit]), place)
    else:
        change.step(
            "set", "end", (shift(dt.date.fromisoformat(start), amount, unit) - dt.timedelta(days=1)).isoformat(), place
        )
