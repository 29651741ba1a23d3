"""Conditions on what customers did: bought, looked, logged in, borrowed, were reached; how often, in which days."""

import re
from collections.abc import Callable
from typing import Any

from linghang.reading.model import Token
from linghang.reading.scan import CAMPAIGN_PRODUCT, Scan, Shape, compare, quantity_days
from linghang.reading.quantities import whole

_OBJECT_FILL = re.compile(
    r"(?:过|了|完|我们的?|我行的?|咱们的?|平台的?|的|任何|一次|某|这款|该|相关|类|本行|\s|any|a|an|the|our|of|into|in|to|for|at|us|with)*"
)
_OBJECT_LEFT = re.compile(r"(?:的|页|但|却|一直|从来|还|都|也|过|了|\s|产品|类|相关|客户|用户|,)*")
_EVER = re.compile(r"\s?(?:过|any|ever)")
_STATUS = frozenset(("开通", "办理", "投保", "办卡", "办", "开户", "注册"))
_HOLDERS = re.compile(r"\s?(?:product\s)?(?:holders?|owners?|持有人|持有者|持有客户|持有用户|持仓客户|持仓用户|持仓者|存量客户|存量用户|存量户|投资者)(?![a-z])")
_DURATION_BEFORE = re.compile(r"(?:以上|天|日|月|年|周)?\s*(?:都|均|内|一直|从|还|,)*\s*$")


def behaviour(scan: Scan, place: int) -> bool:
    """Read the act at a place; False when it is no condition."""
    token = scan.found.tokens[place]
    act = token.senses["act"]
    if _no_condition(scan, place, token):
        return False
    return _KINDS[act["kind"]](scan, place, act)


def _no_condition(scan: Scan, place: int, token: Token) -> bool:
    """Whether nothing marks an act as a condition: no window, negation, aspect (过, 了), count or relative clause."""
    found = scan.found
    if token.has("window"):
        return True
    if token.senses["act"]["kind"] == "hold" or scan.negation(place) is not None or re.match(r"\s?[过了]", found.after(place, 2)):
        return False
    if token.text.isascii() and token.text not in _PRESENT:
        return False
    if _counted_next(scan, place):
        return False
    if _near_window(scan, place):
        return token.has("objective") and not re.match(r"[^,，。]{0,8}的", found.after(place, 9)) and token.text not in ("首购", "首投")
    related = re.match(r"[^,，。;推送发给]{0,8}的?(?:客户|用户|人群|客群|老客|新客|人|户)(?![数量])|的(?=[,，。、\s]|$)", found.after(place, 14))
    return related is None or token.has("objective", "offer")


_PRESENT = frozenset(("order", "convert", "subscribe", "transfer", "view", "click", "visit", "search", "buy", "redeem", "log in", "register", "apply", "purchase", "sign up", "subscribing", "buying", "open the app"))


def _counted_next(scan: Scan, place: int) -> bool:
    found = scan.found
    return scan.free(place + 1) and found.tokens[place + 1].has("cmp") and found.quantity(place + 2) is not None and found.gap(place, place + 1).strip() == ""


def _near_window(scan: Scan, place: int) -> bool:
    found = scan.found
    near = range(max(0, place - 3), min(len(found.tokens), place + 4))
    return any(found.tokens[other].has("window") and found.clause(other) == found.clause(place) and other not in found.used for other in near)


def _window(scan: Scan, shape: Shape, place: int, places: list[int], *, inherit: bool = True) -> None:
    window = scan.window(place, inherit=inherit)
    if window is not None:
        places.append(window[0])
        shape["window_days"] = window[1]


def _negate(scan: Scan, shape: Shape, place: int, places: list[int]) -> bool:
    negation = scan.negation(place)
    if (
        negation is None
        or negation in scan.taken
        and scan.found.text[scan.found.tokens[negation].end : scan.found.tokens[place].start].strip()
    ):
        return False
    places.append(negation)
    shape["negated"] = True
    return True


def _object(scan: Scan, place: int, *, pages: bool) -> tuple[Any, int] | None:
    """What an act is done to: the product or page right after it, else right before it."""
    found = scan.found
    ahead = place + 1
    if (
        scan.free(ahead)
        and found.clause(ahead) == found.clause(place)
        and _OBJECT_FILL.fullmatch(found.gap(place, ahead))
    ):
        value = _object_value(found.tokens[ahead], pages)
        if value is not None:
            return value, ahead
    back = place - 1
    while back >= 0 and found.tokens[back].has("neg", "window") and found.clause(back) == found.clause(place):
        back -= 1
    if scan.free(back) and found.clause(back) == found.clause(place) and not _promoted(scan, back):
        between = found.text[found.tokens[back].end : found.tokens[place].start]
        for middle in range(back + 1, place):
            between = between.replace(found.tokens[middle].text, "", 1)
        value = _object_value(found.tokens[back], pages)
        if value is not None and _OBJECT_LEFT.fullmatch(between):
            return value, back
    return None


def _promoted(scan: Scan, place: int) -> bool:
    before = scan.found.before(place, 6)
    return bool(re.search(r"(?:推|主推|推广|卖|推荐|做|promote|sell)\s*$", before))


def _object_value(token: Token, pages: bool) -> Any:
    if "page" in token.senses and (pages or "product" not in token.senses):
        return token.senses["page"]
    if "product" in token.senses:
        return token.senses["product"]["object"]
    return None


def _count(scan: Scan, place: int, last: int) -> tuple[str, Any, str, list[int]] | None:
    """How often or how much, said after an act or its object: ``(op, value, unit, places)``."""
    found = scan.found
    for other in range(last + 1, min(last + 3, len(found.tokens))):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            return None
        quantity = found.quantity(other)
        if quantity is None:
            if found.tokens[other].has("cmp", "neg"):
                continue
            return None
        if (
            quantity.unit not in ("times", "piece", "yuan", "", "day")
            or found.tokens[other].has("window")
            or quantity.form == "list"
        ):
            return None
        if (
            quantity.unit in ("", "yuan")
            and not (quantity.unit == "yuan" or quantity.big or quantity.values[0] >= 100)
            and not found.tokens[other - 1].has("cmp")
        ):
            return None
        op, places = compare(scan, other)
        unit = (
            "yuan"
            if quantity.unit in ("yuan", "") and (quantity.unit == "yuan" or quantity.big)
            else "times"
            if quantity.unit in ("times", "piece", "")
            else quantity.unit
        )
        if quantity.form == "range":
            return "between", [whole(value) for value in quantity.values], unit, [other, *places]
        return op or "ge", quantity.value, unit, [other, *places]
    return None


def _purchase(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    found, event = scan.found, act["event"]
    shape: Shape = {"field": event, "op": "exists"}
    places = [place]
    negated = _negate(scan, shape, place, places)
    target = _object(scan, place, pages=False)
    if found.tokens[place].text in _STATUS and target is None and not negated:
        return False
    ever = bool(_EVER.match(found.after(place, 5)))
    window_inherits = not ever and found.tokens[place].text not in _STATUS
    _window(scan, shape, place, places, inherit=window_inherits)
    if target is not None:
        shape["value"] = target[0]
        places.append(target[1])
    elif event == "purchase":
        shape["value"] = CAMPAIGN_PRODUCT
    _tail_window(scan, shape, places)
    counted = _count(scan, place, max([place, *([target[1]] if target else [])]))
    if counted is not None and counted[2] != "day":
        _counted(shape, counted)
        places += counted[3]
    _credit(shape, found.tokens[place].text)
    scan.add(shape, *places)
    return True


def _tail_window(scan: Scan, shape: Shape, places: list[int]) -> None:
    ahead = max(places) + 1
    if (
        "window_days" not in shape
        and scan.free(ahead)
        and scan.found.tokens[ahead].has("window")
        and scan.found.gap(ahead - 1, ahead).strip() == ""
    ):
        shape["window_days"] = round(
            scan.found.tokens[ahead].senses["window"].args[0]
            * {"day": 1, "week": 7, "month": 30, "year": 365, "trading": 1}[
                scan.found.tokens[ahead].senses["window"].args[1]
            ]
        )
        places.append(ahead)


def _counted(shape: Shape, counted: tuple[str, Any, str, list[int]]) -> None:
    op, value, unit, _ = counted
    if unit == "yuan":
        shape["field"] = {"purchase": "purchase_amount_cny", "redeem": "redeem_amount_cny"}.get(
            shape["field"], shape["field"]
        )
    shape["op"] = op
    shape["value"] = value


def _credit(shape: Shape, word: str) -> None:
    if word in ("开通", "办理", "激活") and shape.get("value") in ("白条", "金条", "credit", "credit_card"):
        shape["field"] = "credit_activated"
        del shape["value"]


def _view(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    shape: Shape = {"field": act["event"], "op": "exists"}
    places = [place]
    _negate(scan, shape, place, places)
    _window(scan, shape, place, places)
    target = _object(scan, place, pages=True)
    negated = shape.pop("negated", False)
    if target is not None:
        places.append(target[1])
        if target[0] != "":
            shape["value"] = target[0]
    elif "window_days" not in shape and not negated and act["event"] != "click":
        return False
    _tail_window(scan, shape, places)
    counted = _count(scan, place, max(place, *(p for p in places)))
    if counted is not None and counted[2] == "times":
        _counted(shape, counted)
        places += counted[3]
    if negated:
        shape["negated"] = True
    scan.add(shape, *places)
    return True


def _days(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    """Days since: 近60天没登录 is more than 60 days, 近90天注册 at most 90."""
    found = scan.found
    places = [place]
    shape: Shape = {"field": act["event"], "op": "exists"}
    negated = _negate(scan, shape, place, places)
    shape.pop("negated", None)
    if _duration_days(scan, place, places, shape, negated):
        scan.add(shape, *places)
        return True
    window = scan.window(place, inherit=False)
    if window is not None:
        places.append(window[0])
        english = found.tokens[place].text.isascii() and found.tokens[place].text not in ("app",)
        counted = None if negated else _count(scan, place, place)
        if counted is not None and act["event"] == "last_login_days":
            scan.add(
                {"field": "active_days", "op": counted[0], "value": counted[1], "window_days": window[1]},
                *places,
                *counted[3],
            )
            return True
        shape |= {"op": ("ge" if english else "gt") if negated else "le", "value": window[1]}
    elif negated:
        shape["negated"] = True
    else:
        return False
    scan.add(shape, *places)
    return True


def _duration_days(scan: Scan, place: int, places: list[int], shape: Shape, negated: bool) -> bool:
    """60天没登录, 超过60天未登录, 注册满一年, 注册不足30天."""
    found = scan.found
    for other in (place + 1, place + 2, place + 3, min(places) - 1, min(places) - 2):
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
        english = found.tokens[place].text.isascii()
        values = quantity_days(quantity)
        if quantity.form == "range":
            shape |= {"op": "between", "value": list(values)}
        elif negated:
            shape |= {"op": op if op not in ("", "eq", "le", "lt") else ("ge" if english else "gt"), "value": values[0]}
        else:
            shape |= {"op": op or ("ge" if re.search(r"满", between) else "le"), "value": values[0]}
        places += [other, *marks]
        return True
    return False


def _plain(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    shape: Shape = {"field": act["event"], "op": "exists"}
    places = [place]
    _negate(scan, shape, place, places)
    _window(scan, shape, place, places)
    counted = _count(scan, place, place)
    if counted is not None and counted[2] == "times":
        _counted(shape, counted)
        places += counted[3]
    if (
        act["event"] == "credit_drawn"
        and scan.free(place + 1)
        and scan.found.tokens[place + 1].has("product")
        and scan.found.gap(place, place + 1) in ("", "过", "了")
    ):
        places.append(place + 1)
    negated = shape.pop("negated", False)
    if negated:
        shape["negated"] = True
    scan.add(shape, *places)
    return True


def _amount(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    return _plain_counted(scan, place, act, "yuan")


def _times(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    return _plain_counted(scan, place, act, "times")


def _plain_counted(scan: Scan, place: int, act: dict[str, Any], unit: str) -> bool:
    shape: Shape = {"field": act["event"], "op": "exists"}
    places = [place]
    negated = _negate(scan, shape, place, places)
    shape.pop("negated", None)
    _window(scan, shape, place, places)
    counted = _count(scan, place, place)
    if counted is not None and (counted[2] == unit or unit == "yuan"):
        _counted(shape, counted)
        places += counted[3]
    if negated:
        shape["negated"] = True
    scan.add(shape, *places)
    return True


def _campaign(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    found = scan.found
    shape: Shape = {"field": "in_campaign", "op": "exists"}
    places = [place]
    negated = _negate(scan, shape, place, places)
    shape.pop("negated", None)
    _window(scan, shape, place, places)
    if hit := re.match(
        r"(?:过|了)?(?:我们的?|the\s)?([^,，。;的]{1,16}?)(?:活动|大促|campaign)", found.after(place, 24)
    ):
        name = hit[1].strip()
        if name and not re.fullmatch(r"该|本次|这次|此次|上次|任何|同类|过", name):
            shape["value"] = found.normal.said(
                found.tokens[place].end + hit.start(1), found.tokens[place].end + hit.end(1)
            ).strip()
            end = found.tokens[place].end + hit.end()
            places += [other for other in range(place + 1, len(found.tokens)) if found.tokens[other].end <= end]
    if negated:
        shape["negated"] = True
    scan.add(shape, *places)
    return True


_SHORT_HOLD = ("有", "with", "have", "has", "having", "持")


def _hold(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    """持有固收+超过1年 is about days, 持有基金5万以上 about money, 持有理财 about having it."""
    found = scan.found
    places = [place]
    shape: Shape = {"field": act["event"], "op": "exists"}
    negated = _negate(scan, shape, place, places)
    shape.pop("negated", None)
    target = None
    if found.tokens[place].text not in _SHORT_HOLD or _next_is_product(scan, place):
        target = _object(scan, place, pages=False)
    if target is None and (behind := _behind_negation(scan, place)) is not None:
        negated, target = True, behind[0]
        places += behind[1]
    last = target[1] if target is not None and target[1] > place else place
    if target is not None:
        places.append(target[1])
        shape["value"] = target[0]
    if (measured := _measured(scan, place, last)) is not None:
        scan.add(measured[0], *places, *measured[1])
        return True
    if target is None:
        return False
    if negated:
        shape["negated"] = True
    scan.add(shape, *places)
    return True


def _behind_negation(scan: Scan, place: int) -> tuple[tuple[Any, int], list[int]] | None:
    """with no deposit: the negation stands between the act and its object."""
    found = scan.found
    if not (scan.free(place + 1) and found.tokens[place + 1].has("neg") and scan.free(place + 2)):
        return None
    if not re.fullmatch(r"(?:\s|any|active)*", found.gap(place + 1, place + 2)) or "product" not in found.tokens[place + 2].senses:
        return None
    return (_object_value(found.tokens[place + 2], False), place + 2), [place + 1]


def holders(scan: Scan, place: int) -> bool:
    """Read money-fund holders, 货基持有人: a product followed by those who have it."""
    found = scan.found
    token = found.tokens[place]
    hit = _HOLDERS.match(found.after(place, 16))
    if hit is None or place in found.used:
        return False
    scan.add({"field": "holding", "op": "exists", "value": _object_value(token, False)}, place)
    return True


def _next_is_product(scan: Scan, place: int) -> bool:
    found = scan.found
    ahead = place + 1
    while scan.free(ahead) and found.tokens[ahead].has("neg"):
        ahead += 1
    return (
        scan.free(ahead)
        and found.tokens[ahead].has("product")
        and bool(re.fullmatch(r"(?:过|了|\s|any|a|an|no|active|our|the)*", found.gap(ahead - 1, ahead)))
    )


def _measured(scan: Scan, place: int, last: int) -> tuple[Shape, list[int]] | None:
    found = scan.found
    for other in range(last + 1, min(last + 4, len(found.tokens))):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            return None
        quantity = found.quantity(other)
        if quantity is None:
            if found.tokens[other].has("cmp", "neg"):
                continue
            return None
        op, places = compare(scan, other)
        name = {"day": "holding_days", "yuan": "holding_amount_cny", "piece": "holding_count"}.get(
            quantity.unit, "holding_amount_cny" if quantity.big else ""
        )
        if not name or (quantity.unit == "day" and found.tokens[other].has("window")):
            return None
        values = [whole(v) for v in (quantity_days(quantity) if quantity.unit == "day" else quantity.values)]
        if quantity.form == "range":
            return {"field": name, "op": "between", "value": values}, [other, *places]
        return {"field": name, "op": op or "ge", "value": values[0]}, [other, *places]
    return None


_KINDS: dict[str, Callable[[Scan, int, dict[str, Any]], bool]] = {
    "purchase": _purchase, "view": _view, "days": _days, "plain": _plain, "amount": _amount, "count": _times, "campaign": _campaign, "hold": _hold,
}  # fmt: skip
