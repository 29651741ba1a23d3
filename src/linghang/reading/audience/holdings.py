"""What customers hold: products, amounts, counts, for how long; and what they do not have."""

import re
from typing import Any

from linghang.reading.audience.scan import Scan, Shape, compare, quantity_days
from linghang.reading.audience.targets import alternatives, object_value, target
from linghang.reading.quantities import Quantity, whole

_HOLDERS = re.compile(
    r"\s?(?:product\s)?(?:holders?|owners?|持有人|持有者|持有客户|持有用户|持仓客户|持仓用户|持仓者|存量客户"
    r"|存量用户|存量户|投资者)(?![a-z])"
)
_ONLY_HOLDS = re.compile(r"(?:只|仅|就|only)\s?(?:持有|有|hold)\s?$")
_SHORT = ("有", "with", "have", "has", "having", "持")
_BORROWING = ("借款", "借贷", "borrowing", "borrowings")
_UNITS = {"day": "holding_days", "yuan": "holding_amount_cny", "piece": "holding_count"}
_OTHER_FIELD = {"insurance": "holds_policy", "白条": "credit_activated", "credit_card": "credit_activated"}


def holding(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    """持有固收+超过1年 is about days, 持有基金5万以上 about money, 持有理财 about having it."""
    found = scan.found
    negation = scan.negation(place)
    places = [place] if negation is None else [place, negation]
    negated = negation is not None
    held = (
        target(scan, place, pages=False)
        if found.tokens[place].text not in _SHORT or _has_product(scan, place)
        else None
    )
    if held is None and (behind := _behind_negation(scan, place)) is not None:
        negated, held = True, behind[0]
        places.append(behind[1])
    shape: Shape = {"field": act["event"], "op": "exists"}
    last = place
    if held is not None:
        places.append(held[1])
        last = max(place, held[1])
        shape["value"] = held[0]
        if act["event"] == "holding" and re.match(r"过(?!期|去)", found.after(last, 2)):
            # 持有理财过的: behind its object the aspect still says that it was.
            shape["field"] = "holding_ever"
    if (measured := _measured(scan, place, last)) is not None:
        scan.add(measured[0], *places, *measured[1])
        return True
    if held is None:
        return False
    if not negated and _matures(scan, last):
        # 持有理财30天内到期的: the term says who is meant, and of what.
        scan.taken.update(places)
        return True
    values, more = alternatives(scan, last)
    if values:
        shape |= {"op": "in", "value": list(dict.fromkeys([shape["value"], *values]))}
        places += more
    scan.add(_negative(shape) if negated else shape, *places)
    return True


def _matures(scan: Scan, last: int) -> bool:
    found = scan.found
    return bool(
        re.match(
            r"(?:产品)?(?:还有|剩|将在|在|即将)?\d{1,3}\s?(?:天|日|周|个月)(?:之?内|以内)?(?:就要?|将|会)?到期",
            found.after(last, 16),
        )
    )


def _negative(shape: Shape) -> Shape:
    return {**shape, "negated": True}


def _behind_negation(scan: Scan, place: int) -> tuple[tuple[Any, int], int] | None:
    """with no deposit: the negation stands between the act and its object."""
    found = scan.found
    if not (scan.free(place + 1) and found.tokens[place + 1].has("neg") and scan.free(place + 2)):
        return None
    gap = found.gap(place + 1, place + 2)
    if not re.fullmatch(r"(?:\s|any|active)*", gap) or "product" not in found.tokens[place + 2].senses:
        return None
    return (object_value(found.tokens[place + 2], False), place + 2), place + 1


def _has_product(scan: Scan, place: int) -> bool:
    found = scan.found
    ahead = place + 1
    if not scan.free(ahead) or not found.tokens[ahead].has("product") or found.tokens[ahead].has("field"):
        return False
    return bool(re.fullmatch(r"(?:过|了|\s|any|a|an|active|our|the)*", found.gap(place, ahead)))


def _measured(scan: Scan, place: int, last: int) -> tuple[Shape, list[int]] | None:
    found = scan.found
    for other in range(last + 1, min(last + 4, len(found.tokens))):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            return None
        quantity = found.quantity(other)
        if found.gap(other - 1, other).strip() == "、":
            # 持有过基金、超过90天没登录的: the next of a list speaks for itself.
            return None
        if re.search(r"的(?:客户|用户|人|客群|老客)", found.gap(other - 1, other)):
            # 持有存款的客户发一条: what stands behind the customers is not of what they hold.
            return None
        if quantity is None:
            if found.tokens[other].has("cmp", "neg") or found.tokens[other].text in ("产品", "products", "product"):
                continue
            return None
        if _of_a_field(scan, other):
            return None
        sent = re.search(r"[发推送]", found.text[found.tokens[last].end : found.tokens[other].start])
        if sent or found.tokens[other].has("window") or _GIVEN.match(found.after(other, 16)):
            return None
        return _measure(scan, other, quantity)
    return None


_IN_WHAT = re.compile(r"\s?(?:元|块)?\s?(?:(?:in|of|worth of)\s)?(?:(?:their|our|the|total)\s)?")


def _of_a_field(scan: Scan, other: int) -> bool:
    """with more than 50k in demand accounts, with 50k or more in AUM: the sum is of what stands behind it."""
    found = scan.found
    for ahead in (other + 1, other + 2):
        if not scan.free(ahead) or not _IN_WHAT.fullmatch(found.gap(ahead - 1, ahead)):
            return False
        if found.tokens[ahead].has("field"):
            return True
        if not found.tokens[ahead].has("bound"):
            return False
    return False


# with a 500 yuan threshold: what is given, not what is held.
_GIVEN = re.compile(
    r"\s?(?:yuan|rmb)?\s?(?:threshold|minimum|min(?![a-z])|coupon|voucher|red packet|cap|limit|spend|off|门槛|券|红包)"
)


def _measure(scan: Scan, other: int, quantity: Quantity) -> tuple[Shape, list[int]] | None:
    name = _UNITS.get(quantity.unit, "holding_amount_cny" if quantity.big and quantity.unit == "" else "")
    if not name:
        return None
    op, places = compare(scan, other)
    values = [whole(v) for v in (quantity_days(quantity) if quantity.unit == "day" else quantity.values)]
    if quantity.form == "range":
        return {"field": name, "op": "between", "value": values}, [other, *places]
    if not op and name == "holding_count" and _ONLY_HOLDS.search(scan.found.before(other, 8)):
        op = "eq"
    return {"field": name, "op": op or "ge", "value": values[0]}, [other, *places]


def holders(scan: Scan, place: int) -> bool:
    """Read money-fund holders, 货基持有人, 没有存款, 存款10万以上: a product as what customers have."""
    found = scan.found
    value = object_value(found.tokens[place], False)
    if hit := _HOLDERS.match(found.after(place, 16)):
        scan.add({"field": "holding", "op": "exists", "value": value}, place)
        end = found.tokens[place].end + hit.end()
        if (more := _WORTH.match(found.text, end)) and (other := _at(scan, more.end())) is not None:
            quantity = found.quantity(other)
            made = _measure(scan, other, quantity) if quantity is not None else None
            if made is not None:
                scan.add(made[0], other, *made[1])
        return True
    before = place - 1
    if (
        scan.free(before)
        and found.tokens[before].has("neg")
        and _none_of(found.tokens[before].text)
        and re.fullmatch(r"(?:\s|任何|any|an?(?=\s)|咱们?|我们?|我行|本行|的)*", found.gap(before, place))
    ):
        sip = "定投" in found.tokens[place].text or found.tokens[place].text in ("sip", "monthly sip")
        field = "sip_active" if sip else _OTHER_FIELD.get(str(value), "holding")
        shape: Shape = (
            {"field": field, "op": "exists"} | ({"value": value} if field == "holding" else {}) | {"negated": True}
        )
        if found.tokens[place].text in _BORROWING and (window := scan.window(place, inherit=False)) is not None:
            # 半年里没有借款的: within a window it is what they did, not what they have.
            shape = {"field": "credit_drawn", "op": "exists", "window_days": window[1], "negated": True}
            scan.add(shape, before, place, window[0])
            return True
        scan.add(shape, before, place)
        return True
    return bool(re.match(r"(?:余额|持仓|金额)?(?:在|为|有)?", found.after(place, 4)) and _bounded(scan, place))


_WORTH = re.compile(r"\swith\s(?:(?:more than|over|at least|above|less than|under|below)\s)?")


def _at(scan: Scan, offset: int) -> int | None:
    """The place of the quantity right at an offset."""
    return next((p for p, t in enumerate(scan.found.tokens) if 0 <= t.start - offset <= 2 and t.has("quantity")), None)


def _none_of(word: str) -> bool:
    return word in ("没有", "无", "no", "without", "从没有", "没")


def _bounded(scan: Scan, place: int) -> bool:
    """存款10万以上: a sum with a bound right behind a product."""
    found = scan.found
    other = place + 1
    quantity = found.quantity(other)
    if (
        quantity is None
        or not scan.free(other)
        or quantity.unit not in ("yuan", "")
        or not (quantity.big or quantity.unit == "yuan")
    ):
        return False
    if not re.fullmatch(r"(?:余额|持仓|金额|在|为|有|资产)*", found.gap(place, other)):
        return False
    op, places = compare(scan, other)
    if not op and quantity.form != "range":
        return False
    made = _measure(scan, other, quantity)
    if made is None:
        return False
    scan.add(made[0], place, other, *places)
    return True


_OVER = re.compile(
    r"[\s,，]*(?:and\s)?(?:worth\s)?(?:over|above|more than|at least|no less than|超过|大于|不低于|至少)\s?$"
)


def sum_of_term(scan: Scan, place: int) -> bool:
    """Deposits maturing within 30 days, over 100k: a clause that is a lower bound alone is of what falls due."""
    found, quantity = scan.found, scan.found.quantity(place)
    if quantity is None or not scan.hits or scan.hits[-1].shape["field"] != "maturity_days":
        return False
    begin, end = found.edge(found.clause(place)), found.edge(found.clause(place) + 1)
    token = found.tokens[place]
    alone = _OVER.fullmatch(found.text[begin : token.start]) and not found.text[token.end : end].strip(" ,，。.;；元的")
    made = _measure(scan, place, quantity) if alone else None
    if made is None or made[0]["field"] != "holding_amount_cny":
        return False
    scan.add(made[0], place, *made[1])
    return True
