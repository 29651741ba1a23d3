"""Edits of days: which of start and end a new day is, and runs that move whole."""

import datetime as dt
import re

from linghang.reading.edits.lengths import END, START
from linghang.reading.edits.words import Change
from linghang.reading.times.moments import Moment, Period, resolve


def _of_weekdays(moment: Moment) -> bool:
    return all(isinstance(day, Moment) and day.kind == "weekday" and day.args[0] is None for day in moment.args[:2])


def anchored(change: Change, moment: Moment, period: Period) -> Period:
    """延到月底 of a run that starts next month means the end of that month."""
    start = change.base.get("start")
    if moment.kind == "until" and moment.args and isinstance(moment.args[0], Moment):
        bare = moment.args[0].kind == "date" and moment.args[0].args[1] is None
    else:
        bare = moment.kind == "date" and moment.args[1] is None
    if (
        moment.kind == "range"
        and start
        and _of_weekdays(moment)
        and period.end is not None
        and period.end.isoformat() < start
    ):
        # Monday through Wednesday, of a run that begins next week.
        return resolve(moment, dt.date.fromisoformat(start), 1) or period
    if bare and start and dt.date.fromisoformat(start).replace(day=1) > change.notes["today"].replace(day=1):
        return resolve(moment, dt.date.fromisoformat(start).replace(day=1), 1) or period
    if period.shape != "end" or not start or period.end is None or period.end.isoformat() >= start:
        return period
    inner = moment.args[0] if moment.kind == "until" and moment.args else moment
    if "end" not in change.base or not isinstance(inner, Moment) or inner.kind not in ("part", "weekday", "weekend"):
        return period
    return resolve(moment, dt.date.fromisoformat(start), 1) or period


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


def _moved_to(change: Change, place: int) -> bool:
    """改到12月5号, bring it forward to Nov 28."""
    found = change.found
    near = found.before(place, 4) + found.tokens[place].text[:4]
    return bool(
        re.search(r"提前到|推迟到|推到|放到|拖到|改到|换到|挪到|调到|顺延到|延后到|move[^,.;]{0,12} to", near)
        or _BROUGHT.search(found.before(place, 24))
    )


_BROUGHT = re.compile(r"(?:move|bring|pull)\s(?:it|this|everything|the [a-z]+)[^,.;]{0,14}\s$")


def put_days(change: Change, place: int, period: Period, clause: str, today: dt.date) -> None:
    start = period.start.isoformat() if period.start else None
    end = period.end.isoformat() if period.end else None
    inner = _moved_into(change, place, period, today)
    if inner is not None and bool(START.search(clause)) == bool(END.search(clause)):
        change.step("set", "start", inner[0], place)
        change.step("set", "end", inner[1], place)
    elif period.shape == "end" and end and _moved_to(change, place):
        _one_day(change, place, end, clause)
    elif (
        period.shape == "end"
        and end
        and any(step["path"] == "start" for step in change.steps)
        and re.match(r"到|至|until |till |to |end", change.found.tokens[place].text)
    ):
        # 12月5号开始,然后到18号: the second of two days is the last.
        change.step("set", "end", end, place)
    elif period.shape == "end" and START.search(clause) and not END.search(clause):
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


_PUT_OFF = re.compile(r"[推改挪换移调延顺放留拖]到")


def _of_the_end(change: Change, place: int, day: str) -> bool:
    """Close it earlier, on Dec 4: a day alone is of what changed before it; 28号也做一天: one behind the last."""
    found, token = change.found, change.found.tokens[place]
    alone = found.text.strip(" .。") in (token.text.strip(" ."), f"on {token.text}".strip(" ."))
    said = {step["path"] for step in change.notes.get("earlier", ())} & {"start", "end"}
    also = bool(re.search(r"[也还]", found.before(place, 3) + found.after(place, 2)))
    return "end" in change.base and ((alone and said == {"end"}) or (also and day > str(change.base["end"])))


_POSTPONED = re.compile(r"顺?延(?:长)?到")


def _one_day(change: Change, place: int, day: str, clause: str) -> None:
    found = change.found
    after = re.split(r"[,，。;]", found.after(place, 6))[0]
    own = re.match(r"到|至|to |until |by ", found.tokens[place].text)
    before = found.before(place, 20) + (own[0] if own else "")
    begun = any(step["path"] == "start" for step in change.steps)
    if (
        (own and begun and "end" in change.base)
        or END.search(after)
        or (END.search(clause) and not START.search(clause))
        or (
            re.search(r"(?:到|至|延到|延长到|延至|until|till|to|through|by)\s*$", before)
            and "end" in change.base
            and not START.search(clause)
            and not re.search(r"提前到|推迟到|改到|挪到|调到|换到|提到|顺延到|延后到|move|bring|pull", before)
        )
    ):
        change.step("set", "end", day, place)
        return
    if "end" in change.base and "start" not in change.base and not START.search(clause):
        # 话术包下周五交就行: of a campaign that has but an end.
        change.step("set", "end", day, place)
        return
    if (
        "end" not in change.base
        and "start" in change.base
        and _PUT_OFF.search(found.before(place, 4) + found.tokens[place].text[:3])
    ):
        # 发送日推到本周五: of what has but a first day.
        change.step("set", "start", day, place)
        return
    if _of_the_end(change, place, day):
        change.step("set", "end", day, place)
        return
    if (
        day > change.base.get("end", "9")
        and not START.search(clause)
        and _POSTPONED.search(found.before(place, 4) + found.tokens[place].text[:4])
    ):
        # 时间顺延到12月2号: a day behind the last one.
        change.step("set", "end", day, place)
        return
    if (
        "end" in change.base
        and not START.search(clause)
        and re.search(r"提前到|推迟到|改到|挪到|调到|换到|顺延到|延后到|move|bring|pull", before)
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
