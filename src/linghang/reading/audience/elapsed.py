"""Days since: 近60天没登录 is more than 60 days, 近90天注册 at most 90, 注册满一年 at least 365."""

import re
from typing import Any

from linghang.reading.audience.scan import Scan, Shape, compare, quantity_days
from linghang.reading.audience.targets import count

_LONG_AGO = re.compile(
    r"[好很许太]久|长期|长时间|久未|多时|半天|老(?:是)?(?:没|不)"
    r"|(?<![a-z])(?:for (?:a long time|ages)|in (?:a while|ages))"
)
"""Words of a time that nobody counts (好久没来)."""


def elapsed(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    """Read an act that dates a customer (登录, 注册); False when no days and no negation stand with it."""
    found = scan.found
    negation = scan.negation(place)
    places = [place] if negation is None else [place, negation]
    negated = negation is not None
    english = found.tokens[place].text.isascii() and not re.search(r"[\u4e00-\u9fff]", found.clause_text(place))
    window = scan.window(place, inherit=False)
    if window is not None and not negated and act["event"] == "last_login_days" and _active(scan, place, window):
        return True
    shape: Shape = {"field": act["event"], "op": "exists"}
    if (event := _event(scan, min(places))) is not None:
        shape = {"field": "in_campaign", "op": "exists", "value": found.tokens[event].text} | (
            {"negated": True} if negated else {}
        )
        scan.add(shape, *places, event)
        return True
    if (said := _duration(scan, place, min(places), negated, english)) is not None:
        shape |= said[0]
        places += said[1]
    elif window is not None:
        places.append(window[0])
        shape |= {"op": ("ge" if english else "gt") if negated else "le", "value": window[1]}
    elif negated and act["event"] == "last_login_days" and _LONG_AGO.search(found.clause_text(place)):
        # How long is not said: those whom the institution itself calls dormant.
        shape = {"field": "lifecycle", "op": "eq", "value": "dormant"}
    elif negated:
        shape["negated"] = True
    else:
        return False
    scan.add(shape, *places)
    return True


def _event(scan: Scan, place: int) -> int | None:
    """双11没来: the event stands right before."""
    back = place - 1
    found = scan.found
    if not scan.free(back) or not found.tokens[back].has("moment") or found.gap(back, back + 1).strip(" 也都还"):
        return None
    return (
        back
        if found.tokens[back].senses["moment"].kind == "festival" and found.clause(back) == found.clause(place)
        else None
    )


def _active(scan: Scan, place: int, window: tuple[int, int]) -> bool:
    """近30天登录≥5天 counts active days."""
    counted = count(scan, place, place)
    if counted is None or counted.unit == "yuan":
        return False
    shape = {"field": "active_days", "op": counted.op, "value": counted.value, "window_days": window[1]}
    scan.add(shape, place, window[0], *counted.places)
    return True


def _duration(scan: Scan, place: int, first: int, negated: bool, english: bool) -> tuple[Shape, list[int]] | None:
    found = scan.found
    for other in (place + 1, place + 2, place + 3, first - 1, first - 2):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            continue
        quantity = found.quantity(other)
        if quantity is None or quantity.unit != "day" or found.tokens[other].has("window"):
            continue
        low, high = min(other, place), max(other, place)
        between = found.text[found.tokens[low].end : found.tokens[high].start]
        if len(between) > 10 or re.search(r"[、推发送给]", between):
            continue
        op, marks = compare(scan, other)
        values = quantity_days(quantity)
        if quantity.form == "range":
            return {"op": "between", "value": list(values)}, [other, *marks]
        if negated:
            op = op if op not in ("", "eq", "le", "lt") else ("ge" if english else "gt")
        else:
            op = op or ("ge" if "满" in between else "le")
        return {"op": op, "value": values[0]}, [other, *marks]
    return None
