"""Edits of how long and how far: shifts (往后延三天), longer and shorter runs (再多两天), both ends at once."""

import datetime as dt
import re

from linghang.reading.edits.words import MORE, TO, Change, verb_after, verb_before
from linghang.reading.quantities import Quantity, whole
from linghang.reading.times.moments import shift

LATER = re.compile(
    r"shift (?:everything|it|all|the [a-z]+)[^,.;]{0,10} by|往后|推后|推迟|延后|延迟|顺延|后延|后移"
    r"|晚(?!上|点|间)|push(?:ed)?[^,.;]{0,24}\s(?:back|out)|postpone"
    r"|delay|later|后推|往后推|推(?=[一两三四五六七八九十\d])|move[^,.;]{0,20}back|shift[^,.;]{0,20}(?:later"
    r"|back)"
)


EARLIER = re.compile(
    r"提前|提早|往前|(?<=days )early|(?<=day )early|(?<=weeks )early|(?<=week )early|前移|早(?!上|晨)|earlier"
    r"|(?:bring|pull|move)[^,.;]{0,24}forward|move[^,.;]{0,20}(?:up"
    r"|forward)|前推|往前挪"
)


START = re.compile(
    r"等(?=下|到|[周元双春\d])|上(?=$|[,，。吧])|开始|上线|启动|起|开跑|开始时间|start|launch"
    r"|begin|kick off|首发|首[篇期次条封批]|第一[篇期次条封批]|头[一]?[篇期次条封批]"
)


END = re.compile(
    r"下(?=$|[,，。吧])|结束|截止|收尾|下线|结束时间|到期|收(?!益|紧|到|官)|收官|(?<![a-z])end"
    r"|(?<![a-z])stop(?:s|ping)?(?= (?:on|by|at|it)(?![a-z]))|finish"
    r"|close|deadline|止"
)

_LONGER = re.compile(
    r"延长|再多|再接|多接|接着(?:跑|做)|再留|多留|再挂|多挂|再放|多跑|多做|多搞|多推|多放|多来|再搞|再跑|再做"
    r"|加(?=[一两三四五六七八九十\d])|续|再加|多(?=[一两三四五六七八九十\d])|再延"
    r"|延(?=[一两三四五六七八九十\d])|拉长|extend|longer|another|more|extra|add"
)


_SHORTER = re.compile(
    r"缩短|少跑|少做|减少|缩(?=[一两三四五六七八九十\d])|砍掉?(?=[一两三四五六七八九十\d])"
    r"|少(?=[一两三四五六七八九十\d])|shorten|shorter|cut|fewer|less|trim|减(?=[一两三四五六七八九十\d])"
)


_RUN = re.compile(
    r"(?:跑|做|满|还是|仍是?|照旧|持续|为期|改成|改为|缩短到|缩短为|缩短成|延长到|延长至|延长为|延长成|缩到|缩成|压成|压到|压缩到"
    r"|砍到|减到|变成|调成|调到|拉长到|拉长成|一共|总共|周期|只跑|时长"
    r"|run(?:s)? for|last|for|to|make (?:it|this|the (?:run|campaign|flight|window))|(?:run"
    r"|campaign|length|duration) (?:is|of|should be|goes))\s*(?:共|是|为|改成|改为|到)?\s*$"
)


_IN_ALL = re.compile(r"\s?(?:in (?:total|all)|altogether|overall|all told)")
_BOTH_ENDS = re.compile(r"头尾|首尾|两头|两端|前后(?=各|都)|(?:both|either|each) ends?|on (?:both|either) sides?")


NEXT_WEEK = re.compile(r"(?:to )?the (?:week after|following week)|(?:推|延|挪|放)(?:到|后到|后)?(?:再)?下一周")


_UNIT = {"个月": "month", "月": "month", "month": "month", "months": "month", "年": "year"}


_FOLLOWS = re.compile(r"结束[^,，。;]{0,4}(?:跟着|同步|随着|相应|一齐|一起|一并|一块)|end (?:moves|shifts|follows)")


def follows(change: Change) -> None:
    """开始往后推一周，结束跟着推: the end moves as the start did."""
    first, base = change.notes.get("first", {}), change.base
    if not _FOLLOWS.search(change.found.text) or not all(key in first and key in base for key in ("start", "end")):
        return
    moved = dt.date.fromisoformat(base["start"]) - dt.date.fromisoformat(first["start"])
    if moved:
        change.step("set", "end", (dt.date.fromisoformat(base["end"]) + moved).isoformat())


_LAST_DAYS = re.compile(r"(?:最后|末尾?|尾上|后面?)$|(?<![a-z])(?:last|final)\s$")
_FIRST_DAYS = re.compile(r"(?:最前面?|开头|头|前)$|(?<![a-z])first\s$")


def _cut_off(change: Change, place: int, amount: float, unit: str) -> bool:
    """最后两天砍掉, drop the first three days: days that go at either end of the run."""
    found = change.found
    before, text = found.before(place, 10), found.text
    key = "end" if _LAST_DAYS.search(before) else "start" if _FIRST_DAYS.search(before) else ""
    gone = verb_after(found.after(place, 12)) == "drop" or verb_before(text[: found.tokens[place].start]) == "drop"
    if not key or not gone or key not in change.base:
        return False
    day = shift(dt.date.fromisoformat(change.base[key]), -amount if key == "end" else amount, unit)
    change.step("set", key, day.isoformat(), place)
    return True


def moved(change: Change, place: int, quantity: Quantity) -> None:
    found = change.found
    clause = found.clause_text(place)
    if _BOTH_ENDS.search(found.text) and "start" in change.base and "end" in change.base:
        _both_ends(change, place, quantity, clause)
        return
    before, after = found.before(place, 16), found.after(place, 10)
    unit = _UNIT.get(quantity.word.strip(" -"), "day")
    amount = quantity.values[0] / {"month": 30, "year": 365, "day": 1}[unit]
    # 28号也做一天: a day more, and not how long the run is.
    if _cut_off(change, place, amount, unit) or re.search(r"也(?:做|跑|发|上|来)\s?$", before):
        return
    if (
        re.search(r"免息|加息|体验|券|interest|coupon", clause)
        and "offer" in change.base
        and (
            not (LATER.search(clause) or _LONGER.search(before))
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
    elif (_RUN.search(before) or _IN_ALL.match(after)) and not re.search(
        r"提前|推迟|[再多少](?:跑|做)|加|more|another|extra|further", before + found.tokens[place].text
    ):
        _length(change, place, amount, unit)
    elif EARLIER.search(clause):
        shifted(change, place, -amount, unit, clause)
    elif LATER.search(clause) or re.match(r"\s?(?:later|后(?:再)?(?:发|上|开始))", after):
        shifted(change, place, amount, unit, clause)
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


def shifted(change: Change, place: int | None, amount: float, unit: str, clause: str) -> None:
    keys = ["start", "end"]
    if END.search(clause) and not START.search(clause):
        keys = ["end"]
    elif START.search(clause) and not END.search(clause):
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
