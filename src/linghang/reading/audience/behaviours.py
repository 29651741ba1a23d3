"""Conditions on what customers did: bought, looked, borrowed, paid, took part; how often, in which days."""

import re
from collections.abc import Callable
from typing import Any

from linghang.reading.audience.elapsed import elapsed
from linghang.reading.audience.holdings import holding
from linghang.reading.audience.scan import CAMPAIGN_PRODUCT, OPENED, Scan, Shape, days_ago, window_days
from linghang.reading.audience.targets import Count, alternatives, count, target
from linghang.reading.model import Token
from linghang.reading.times.chinese import festival_words

_EVER = re.compile(r"\s?(?:过|any|ever)")
# Having opened, joined or been insured is a standing; a window said for something else is not its own.
_STATUS = frozenset(("开通", "办卡", "首购", "首投", "复购"))
_PRESENT = frozenset(("drawdown", "drawdowns", "draw-down", "borrowing", "borrowings",
    "order", "convert", "subscribe", "transfer", "view", "click", "visit", "search", "buy",
    "redeem", "log in", "register", "apply", "purchase", "sign up", "subscribing", "buying",
    "open the app"))  # fmt: skip
_RELATIVE = re.compile(
    r"[^,，。;推送发给]{0,8}的?(?:客户|用户|人群|客群|老客|新客|人|户)(?![数量])|的(?=[,，。、\s]|$)"
)


def behaviour(scan: Scan, place: int) -> bool:
    """Read the act at a place; False when it is no condition."""
    token = scan.found.tokens[place]
    if _no_condition(scan, place, token):
        return False
    act = token.senses["act"]
    return _KINDS[act["kind"]](scan, place, act)


def _no_condition(scan: Scan, place: int, token: Token) -> bool:
    """Whether nothing marks an act as a condition: no window, negation, aspect (过, 了), count or relative clause."""
    found = scan.found
    if token.has("window", "idiom"):
        return True
    if token.senses["act"]["kind"] == "count" and re.search(r"(?:每|单|平均每)?个?月(?:均)?$", found.before(place, 4)):
        return count(scan, place, place) is None
    if token.senses["act"]["kind"] == "hold" or scan.negation(place) is not None:
        return False
    if token.text.isascii() and re.match(r"(?:the\s)?[\w ]{2,20} campaign", found.after(place, 26).strip()):
        return False
    if token.senses["act"]["kind"] == "days" and (after := found.quantity(place + 1)) is not None:
        return after.unit != "day" or bool(found.gap(place, place + 1).strip(" 了满超过已经达到"))
    if re.match(r"\s?[过了]", found.after(place, 2)) or token.text[-1] in "过了":
        return False
    if (token.text.isascii() and token.text not in _PRESENT and not _a_product(token)) or _compared(scan, place):
        return False
    if _near_window(scan, place):
        return (
            token.has("objective")
            and not re.match(r"[^,，。]{0,8}的", found.after(place, 9))
            and token.text not in _STATUS
        )
    return _RELATIVE.match(found.after(place, 14)) is None or token.has("objective", "offer")


def _a_product(token: Token) -> bool:
    """payments and the like name the product unless something counts or dates them."""
    return "product" in token.senses


def _compared(scan: Scan, place: int) -> bool:
    found = scan.found
    if not (scan.free(place + 1) and found.tokens[place + 1].has("cmp")) or found.gap(place, place + 1).strip():
        return False
    return count(scan, place, place) is not None and not scan.found.tokens[place].has("offer")


def _near_window(scan: Scan, place: int) -> bool:
    found = scan.found
    near = range(max(0, place - 3), min(len(found.tokens), place + 4))
    return any(
        (
            found.tokens[other].has("window")
            or ("moment" in found.tokens[other].senses and days_ago(found.tokens[other].senses["moment"]))
        )
        and found.clause(other) == found.clause(place)
        and other not in found.used
        for other in near
    )


def _begin(scan: Scan, place: int, field: str, *, inherit: bool = True) -> tuple[Shape, list[int], bool]:
    """The condition of an act with its window, its places, and whether it is negated."""
    shape: Shape = {"field": field, "op": "exists"}
    places = [place]
    negation = scan.negation(place)
    if negation is not None:
        places.append(negation)
    window = scan.window(place, inherit=inherit)
    if window is not None:
        places.append(window[0])
        shape["window_days"] = window[1]
    return shape, places, negation is not None


def _finish(scan: Scan, shape: Shape, places: list[int], negated: bool) -> bool:
    if negated:
        shape["negated"] = True
    scan.add(shape, *places)
    return True


def _purchase(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    found, event = scan.found, act["event"]
    word = found.tokens[place].text
    ever = (
        bool(_EVER.match(found.after(place, 5))) or word.endswith("过") or bool(_NEVER.search(found.before(place, 8)))
    )
    shape, places, negated = _begin(scan, place, event, inherit=not ever and word not in _STATUS)
    what = target(scan, place, pages=False)
    # 详情页没买: a page of no product is nothing to buy.
    what = what if what is not None and what[0] != "" else None
    opened = word in ("开通", "激活") and what is None
    if word in _STATUS and what is None and not negated and not (opened and re.match(r"[过了]", found.after(place, 1))):
        return False
    if what is not None:
        shape["value"] = what[0]
        places.append(what[1])
        _or_others(scan, shape, places, what[1])
    elif event == "purchase" and not (negated and _ANYTHING.match(found.after(place, 10))):
        shape["value"] = OPENED if opened else CAMPAIGN_PRODUCT
    _window_behind(scan, shape, places)
    counted = count(scan, place, max(place, *places[-1:]) if what is not None else place)
    if counted is not None and counted.unit != "day":
        _counted(shape, counted)
        places += counted.places
    _credit(shape, word)
    return _finish(scan, shape, places, negated)


_NEVER = re.compile(r"(?:(?<![a-z])never|从未|从没有?|从来没有?|从不)\s?$")
_ANYTHING = re.compile(
    r"(?:过|了)?(?:任何|一切|全部)(?:金融|理财|的)?(?:产品|东西)|(?:过|了)?任何(?:的)?(?=[,，。;]|$)"
    r"|\s?anything|\s?any products?"
)


def _or_others(scan: Scan, shape: Shape, places: list[int], last: int) -> None:
    values, more = alternatives(scan, last)
    if values and last == max(places):
        shape |= {"op": "in", "value": list(dict.fromkeys([shape["value"], *values]))}
        places += more


def _window_behind(scan: Scan, shape: Shape, places: list[int]) -> None:
    found = scan.found
    ahead = max(places) + 1
    if "window_days" in shape or not scan.free(ahead) or not found.tokens[ahead].has("window"):
        return
    if found.gap(ahead - 1, ahead).strip() == "":
        shape["window_days"] = window_days(found.tokens[ahead].senses["window"])
        places.append(ahead)


def _counted(shape: Shape, counted: Count) -> None:
    if counted.unit == "yuan" or (counted.unit == "times" and counted.bare and counted.value >= 100):
        amounts = {"purchase": "purchase_amount_cny", "redeem": "redeem_amount_cny"}
        if shape["field"] in amounts:
            shape["field"] = amounts[shape["field"]]
    shape["op"] = counted.op
    shape["value"] = counted.value


def _credit(shape: Shape, word: str) -> None:
    if word in ("开通", "办理", "激活", "开") and shape.get("value") in ("白条", "金条", "credit", "credit_card"):
        shape["field"] = "credit_activated"
        del shape["value"]
    elif word in ("投保", "买", "购买", "bought") and shape.get("value") == "insurance" and shape.get("negated"):
        pass


def _view(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    shape, places, negated = _begin(scan, place, act["event"])
    what = target(scan, place, pages=True)
    if what is not None:
        places.append(what[1])
        if what[0] != "":
            shape["value"] = what[0]
    elif act["event"] == "search" and (
        said := re.match(r"(?:过|了)?[\"“](.{1,12}?)[\"”]", scan.found.after(place, 18))
    ):
        shape["value"] = said[1]
    elif act["event"] == "search" and what is None and (words := _SEARCHED.match(scan.found.after(place, 24))):
        _sought(scan, place, shape, places, words)
    elif "window_days" not in shape and not negated and act["event"] != "click":
        return False
    _window_behind(scan, shape, places)
    counted = count(scan, place, max(place, *places[-1:]) if what is not None else place)
    if counted is not None and counted.unit == "times":
        _counted(shape, counted)
        places += counted.places
        _window_behind(scan, shape, places)
    return _finish(scan, shape, places, negated)


_SEARCHED = re.compile(
    r"(?:过|了)\s?(?P<what>[^,，。;、()（）的没未\s]{1,12}(?:[、/][^,，。;、()（）的没未\s]{1,8})*)(?=的|但|没|未|[)）]"
    r"|[,，。;]|$)"
)


def _sought(scan: Scan, place: int, shape: Shape, places: list[int], words: re.Match[str]) -> None:
    """搜过AI或半导体的: what was sought, as it was said."""
    found = scan.found
    start = found.tokens[place].end + words.start("what")
    end = found.tokens[place].end + words.end("what")
    said = re.split(r"或者?|、|/|和", found.normal.plain(start, end))
    shape |= {"op": "in", "value": said} if len(said) > 1 else {"value": said[0]}
    places += [p for p, token in enumerate(found.tokens) if start <= token.start and token.end <= end]


def _plain(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    found = scan.found
    shape, places, negated = _begin(scan, place, act["event"])
    counted = count(scan, place, place)
    if counted is not None and counted.unit == "times":
        _counted(shape, counted)
        places += counted.places
    ahead = place + 1
    if (
        act["event"] == "credit_drawn"
        and scan.free(ahead)
        and found.tokens[ahead].has("product")
        and found.gap(place, ahead) in ("", "过", "了")
    ):
        places.append(ahead)
    return _finish(scan, shape, places, negated)


def _amount(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    shape, places, negated = _begin(scan, place, act["event"])
    counted = count(scan, place, place)
    if counted is not None and counted.unit == "day":
        return False
    if counted is not None:
        _counted(shape, counted)
        places += counted.places
        if "window_days" not in shape and re.search(r"(?:每|单|平均每)?个?月(?:均)?$", scan.found.before(place, 4)):
            shape["window_days"] = 30
    return _finish(scan, shape, places, negated)


def _use(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    """用过 and 没用: of a coupon if one was named, else of the credit line."""
    found = scan.found
    said = found.before(place, 12)
    if re.search(r"券|红包|权益", said[-12:]):
        if scan.negation(place) is None or "不" in found.before(place, 2):
            return False
        shape, places, _ = _begin(scan, place, "coupon_unused")
        return _finish(scan, shape, places, False)
    if re.search(r"(?:支付|快捷|云闪付|扫码)[^,，。]{0,8}$", said) and (often := count(scan, place, place)) is not None:
        # 支付近一个月用了不到3次: payments are counted.
        shape, places, negated = _begin(scan, place, "pay_count")
        _counted(shape, often)
        return _finish(scan, shape, [*places, *often.places], negated)
    if "不" in found.before(place, 2) or not re.search(
        r"白条|金条|额度|贷|信用卡|授信|credit|baitiao|jintiao|line of", found.text
    ):
        return False
    return _plain(scan, place, act)


def _campaign(scan: Scan, place: int, act: dict[str, Any]) -> bool:
    found = scan.found
    shape, places, negated = _begin(scan, place, "in_campaign")
    after = found.after(place, 24)
    hit = re.match(r"(?:过|了)?(?:我们的?|\s?(?:our|the)\s)?([^,，。;的]{1,16}?)(?:活动|大促|campaign)", after)
    start = found.tokens[place].end
    if hit and not re.fullmatch(r"该|本次|这次|此次|上次|任何|同类|过", hit[1].strip()):
        shape["value"] = found.normal.said(start + hit.start(1), start + hit.end(1)).strip()
        places += [p for p in range(place + 1, len(found.tokens)) if found.tokens[p].end <= start + hit.end()]
    elif (event := _event_before(scan, min(places)) or _event_behind(scan, place)) is not None:
        shape["value"] = _event_name(found.tokens[event].text)
        places.append(event)
    if "value" in shape:
        shape["value"] = _event_name(str(shape["value"]))
    return _finish(scan, shape, places, negated)


def _event_name(said: str) -> str:
    """去年双11 is 双11: the year of a past event is no part of its name."""
    name = re.sub(r"^(?:去年|今年|上次|上一次|本次|前年|20\d\d年?)的?", "", said.strip()) or said.strip()
    # the Double 11 campaign goes by the name of the day.
    return festival_words().get(name.lower(), name) if name.isascii() else name


def _event_behind(scan: Scan, place: int) -> int | None:
    """参加过618的: the event stands right behind."""
    found = scan.found
    ahead = place + 1
    if not scan.free(ahead) or "moment" not in found.tokens[ahead].senses or found.clause(ahead) != found.clause(place):
        return None
    if found.tokens[ahead].senses["moment"].kind != "festival" or found.gap(place, ahead).strip() not in (
        "",
        "过",
        "了",
    ):
        return None
    return ahead


def _event_before(scan: Scan, place: int) -> int | None:
    """双11没参加: the event stands before."""
    found = scan.found
    back = place - 1
    if scan.free(back) and found.tokens[back].has("moment") and found.clause(back) == found.clause(place):
        return back if found.tokens[back].senses["moment"].kind == "festival" else None
    return None


_KINDS: dict[str, Callable[[Scan, int, dict[str, Any]], bool]] = {
    "purchase": _purchase, "view": _view, "days": elapsed, "plain": _plain, "amount": _amount, "count": _amount,
    "campaign": _campaign,
    "hold": holding, "use": _use,
}  # fmt: skip
