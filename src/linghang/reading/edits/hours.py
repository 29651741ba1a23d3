"""Edits of hours: when one sends, between which hours one may; and old days or hours that give way to new ones."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from linghang.reading.edits.lengths import EARLIER, LATER
from linghang.reading.edits.words import ADD, DROP, ONLY, SWAP, Change
from linghang.reading.quantities import Quantity
from linghang.reading.times.moments import Moment


def gives_way(change: Change, place: int) -> bool:
    """周五改周六, 晚8点改成晚7点半: what stands right before the verb of change is the old day or hour."""
    found = change.found
    after = next(
        (p for p in (place + 1, place + 2) if p < len(found.tokens) and found.tokens[p].has("time", "clock")), 0
    )
    if not after:
        return False
    between = found.gap(place, after)
    if re.search(r"instead of|rather than|而不是", between):
        # on Dec 3 rather than month end: the old one stands behind.
        return False
    if not SWAP.search(between) and not re.fullmatch(
        r"\s*(?:改|换|挪|调|推|提前|提早|前移|延后|推迟|顺延|延)(?:到|成|为|至)?\s*|→|->", between
    ):
        return False
    _weekly(change, place, after)
    return True


def _weekly(change: Change, place: int, after: int) -> None:
    """A rhythm moves with its weekday: 周五改周六 of what goes out every Friday."""
    old, new = (bare(change.found.tokens[each].senses.get("moment")) for each in (place, after))
    if old is None or new is None or old.kind != "weekday" or new.kind != "weekday":
        return
    if change.base.get("recurrence") == f"weekly:{DAYS[old.args[1]]}":
        change.step("set", "recurrence", f"weekly:{DAYS[new.args[1]]}", place, after)


def bare(moment: Moment | None) -> Moment | None:
    """到周五 without its 到: the day that a phrase is about."""
    inner = moment.args[0] if moment is not None and moment.kind == "until" and moment.args else None
    return inner if isinstance(inner, Moment) else moment


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def other_hour(change: Change, place: int, quantity: Quantity) -> None:
    """提前两小时, 晚半小时: the hour of the send moves."""
    if "start_time" not in change.base:
        return
    clause = change.found.clause_text(place)
    minutes = round(quantity.values[0] * (60 if quantity.unit == "hour" else 1))
    sign = -1 if EARLIER.search(clause) else 1 if LATER.search(clause) else 0
    hour = dt.datetime.combine(dt.date(2000, 1, 2), dt.time.fromisoformat(change.base["start_time"]))
    moved = hour + sign * dt.timedelta(minutes=minutes)
    if sign and moved.date() == hour.date():
        change.step("set", "start_time", f"{moved:%H:%M}", place)


_COMES_OR_GOES = re.compile(rf"{ADD.pattern}|{DROP.pattern}|{ONLY.pattern}")
_HOURS_OF_SENDING = re.compile(r"时段|时间段|窗口|(?:send(?:ing)?|sms|push) (?:window|hours)")


def other_window(change: Change, place: int, quantity: Quantity) -> bool:
    """短信时段前后都推迟一小时: the hours of sending move, one end where it is named."""
    held, clause = change.base.get("send_window"), change.found.clause_text(place)
    if not isinstance(held, dict) or not _HOURS_OF_SENDING.search(clause):
        return False
    minutes = round(quantity.values[0] * (60 if quantity.unit == "hour" else 1))
    sign = -1 if EARLIER.search(clause) else 1 if LATER.search(clause) or "延" in clause else 0
    first, last = re.search(r"开始|开头|起|start|open", clause), re.search(r"结束|截止|收|end|close", clause)
    ends = ["start"] if first and not last else ["end"] if last and not first else ["start", "end"]
    for key in ends:
        hour = dt.datetime.combine(dt.date(2000, 1, 2), dt.time.fromisoformat(held[key])) if held.get(key) else None
        if hour is not None and sign:
            change.step("set", f"send_window.{key}", f"{hour + sign * dt.timedelta(minutes=minutes):%H:%M}", place)
    return True


_BEFORE = re.compile(r"\s?(?:之|以)?前")
_AFTER = re.compile(r"\s?(?:之|以|过)?后")
_FORBIDS = re.compile(
    r"不|别|禁|勿|甭|停|免打扰|(?<![a-z])(?:no|not|nothing|don't|never|nobody|avoid|stop|without|outside)(?![a-z])"
)


def _never_outside(change: Change) -> bool:
    """早九点前、晚七点后都别发, nothing before 9am or after 8pm: the hours between are those of sending."""
    found = change.found
    clocks = [p for p in found.where("clock") if len(found.tokens[p].senses["clock"].args) == 1]
    if len(clocks) != 2 or not _FORBIDS.search(found.text):
        return False
    ends: dict[str, int] = {}
    for place in clocks:
        behind, ahead = found.after(place, 4), found.before(place, 12)
        if _BEFORE.match(behind) or re.search(r"before\s(?:the\s)?$", ahead):
            ends["start"] = place
        elif _AFTER.match(behind) or re.search(r"(?:after|past)\s(?:the\s)?$", ahead):
            ends["end"] = place
    if len(ends) != 2:
        return False
    spoken = list(dict.fromkeys(t.senses["channel"] for t in found.tokens if t.has("channel")))
    held = change.base.get("send_window")
    channel = spoken[0] if len(spoken) == 1 else held.get("channel") if isinstance(held, dict) else None
    hour = {key: found.tokens[place].senses["clock"].args[0] for key, place in ends.items()}
    value = ({"channel": channel} if channel and channel != "all" else {}) | hour
    change.step("set", "send_window", {key: value[key] for key in ("channel", "start", "end") if key in value}, *clocks)
    found.used.update(found.where("channel"))
    return True


# 七点半就开抢，不等8点
_NOT_AT = re.compile(r"(?:不|别|不用|不必|甭)(?:再)?(?:等|是|到|拖到|等到)\s?$|(?<![a-z])not (?:at )?$")


def hours(change: Change) -> None:
    """Steps for ``start_time`` and ``send_window`` from hours of their own."""
    found = change.found
    if _never_outside(change):
        return
    for place in list(found.where("clock")):
        hours = found.tokens[place].senses["clock"].args
        if (
            _NOT_AT.search(found.before(place, 5))
            or gives_way(change, place)
            or (len(hours) == 1 and _bounds(change, place, hours[0]))
        ):
            continue
        if len(hours) == 2:
            channel = next(
                (
                    t.senses["channel"]
                    for t in found.tokens
                    if "channel" in t.senses and found.clause_at(t.start) == found.clause(place)
                ),
                None,
            )
            spoken = list(dict.fromkeys(t.senses["channel"] for t in found.tokens if t.has("channel")))
            if channel is None and len(spoken) == 1 and not _COMES_OR_GOES.search(found.text):
                # push避开夜里，早上9点到晚上9点之间再推
                channel = spoken[0]
                found.used.update(found.where("channel"))
            kept = change.base.get("send_window", {})
            channel = channel or (kept.get("channel") if isinstance(kept, dict) else None)
            value = ({"channel": channel} if channel and channel != "all" else {}) | {
                "start": hours[0],
                "end": hours[1],
            }
            change.step("set", "send_window", value, place)
            for other in list(found.where("channel")):
                if found.clause(other) == found.clause(place):
                    found.used.add(other)
        elif not change.touched("start_time"):
            change.step("set", "start_time", _of_the_evening(change, place, hours[0]), place)


def _of_the_evening(change: Change, place: int, hour: str) -> str:
    """晚八点太晚，改七点: an hour without its part of the day is of that of the hour it replaces."""
    bare = not re.search(r"[早晨晚午夜]|[ap]m", change.found.tokens[place].text)
    late = str(change.base.get("start_time", "00:00"))[:2] >= "13"
    return f"{int(hour[:2]) + 12:02d}{hour[2:]}" if bare and late and "01" <= hour[:2] < "12" else hour


_WINDOW = re.compile(
    r"截到|截止到|不晚于|最晚|最早|别发太晚|别太晚|时段|时间段|窗口|免打扰|静默|send(?:ing)? (?:window"
    r"|hours)|(?<![a-z])(?:window|hours)(?![a-z])"
)
_NOT_AFTER = re.compile(
    r"\s?(?:之?后|以后|过后)(?:[^,，。;\d]{1,6}?)?(?:都|就|一律|全部)?(?:不|别|禁|停|不要|不能|不许)|\s?(?:之?前"
    r"|以前)(?:必须)?(?:发完|发出)|(?:no|not|nothing|don't|never)[^,.;]{0,20}after"
    r"|(?:keep going|continue|run|go on|as late as|stop)[^,.;]{0,12}(?:until|till|to|at|as)\s?$"
)
_NOT_BEFORE = re.compile(
    r"\s?(?:之?前|以前)(?:[^,，。;\d]{1,6}?)?(?:都|就|一律)?(?:不|别|禁|不要|不能|不许)|\s?(?:之?后|以后)?(?:才"
    r"|再)(?:能|让|可以|准|许|允许)"
    r"|(?:no|not|nothing|don't|never)[^,.;]{0,20}before"
)


def _bounds(change: Change, place: int, hour: str) -> bool:
    """时段延到晚上10点, 晚上9点以后别发: one end of the hours of sending."""
    found = change.found
    behind, old = found.after(place, 12), change.base.get("send_window")
    english = found.text[: found.tokens[place].start]
    end = _NOT_AFTER.match(behind) or (english.isascii() and _NOT_AFTER.search(english))
    start = _NOT_BEFORE.match(behind) or (english.isascii() and _NOT_BEFORE.search(english))
    if not end and not start and not (_WINDOW.search(found.clause_text(place)) and isinstance(old, dict)):
        return False
    key = "start" if start or (not end and isinstance(old, dict) and _nearer_start(old, hour)) else "end"
    spoken = [p for p in found.where("channel") if found.clause(p) == found.clause(place)]
    if isinstance(old, dict):
        change.step("set", f"send_window.{key}", hour, place)
    else:
        of = {"channel": found.tokens[spoken[0]].senses["channel"]} if spoken else {}
        change.step("set", "send_window", {**of, key: hour}, place)
    # 晚上九点以后短信别发: the channel stays, its hours end.
    found.used.update(spoken)
    return True


def _nearer_start(window: Mapping[str, Any], hour: str) -> bool:
    clock = int(hour[:2])
    return abs(clock - int(str(window.get("start", "0"))[:2])) < abs(clock - int(str(window.get("end", "24"))[:2]))
