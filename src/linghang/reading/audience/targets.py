"""What an act is done to, and how often or for how much."""

import re
from dataclasses import dataclass
from typing import Any

from linghang.reading.audience.scan import Scan, compare
from linghang.reading.model import Token
from linghang.reading.quantities import Quantity, whole

_RIGHT = re.compile(
    r"(?:过|了|完|我们的?|我行的?|咱们的?|平台的?|的|任何|一次|某|这款|该|相关|类|本行|\"|“|”|\s|any|a|an|the|our|of"
    r"|into|in|to|for|at|us|with)*"
)
_LEFT = re.compile(r"(?:的|页|但|却|一直|从来|还|都|也|过|了|\"|“|”|\s|产品|类|相关|,)*")


@dataclass(frozen=True)
class Count:
    """``op value`` with the unit it is counted in (``times``, ``yuan``, ``day``), and the tokens that say it."""

    op: str
    value: Any
    unit: str
    places: tuple[int, ...]
    bare: bool = False
    """Whether the figure had no unit of its own."""


def target(scan: Scan, place: int, *, pages: bool) -> tuple[Any, int] | None:
    """What an act is done to: the product or page right after it, else right before it, with its place."""
    return _ahead(scan, place, pages) or _behind(scan, place, pages)


_OR = re.compile(r"\s*(?:或者?|/|or)\s*")
_AND = re.compile(r"\s*(?:、|和|与|及)\s*")


def alternatives(scan: Scan, place: int) -> tuple[list[Any], list[int]]:
    """Further objects of an act behind its first: 买过混合基金或者股票基金的, 看过黄金、基金页面的."""
    found = scan.found
    values: list[Any] = []
    places: list[int] = []
    last = place
    while scan.free(last + 1) and found.clause(last + 1) == found.clause(place):
        value, gap = object_value(found.tokens[last + 1], False), found.gap(last, last + 1)
        listed = _AND.fullmatch(gap) and re.match(r"(?:产品)?的", found.after(last + 1, 4))
        if value is None or not (_OR.fullmatch(gap) or listed):
            break
        last += 1
        values.append(value)
        places.append(last)
    return values, places


def _ahead(scan: Scan, place: int, pages: bool) -> tuple[Any, int] | None:
    found = scan.found
    ahead = place + 1
    if not scan.free(ahead) or found.clause(ahead) != found.clause(place):
        return None
    if not _RIGHT.fullmatch(found.gap(place, ahead)):
        return None
    value = object_value(found.tokens[ahead], pages)
    beyond = ahead + 1
    if (
        pages
        and scan.free(beyond)
        and found.tokens[beyond].senses.get("page") == ""
        and found.tokens[ahead].has("product")
        and not found.gap(ahead, beyond).strip(" 的")
    ):
        # 基金详情页 is the page of what the campaign sells, as 详情页 alone is.
        return (value, beyond)
    return None if value is None else (value, ahead)


def _behind(scan: Scan, place: int, pages: bool) -> tuple[Any, int] | None:
    found = scan.found
    back = place - 1
    while back >= 0 and found.tokens[back].has("neg", "window") and found.clause(back) == found.clause(place):
        back -= 1
    if not scan.free(back) or found.clause(back) != found.clause(place) or _promoted(scan, back):
        return None
    between = found.text[found.tokens[back].end : found.tokens[place].start]
    for middle in range(back + 1, place):
        between = between.replace(found.tokens[middle].text, "", 1)
    value = object_value(found.tokens[back], pages)
    return (value, back) if value is not None and _LEFT.fullmatch(between) else None


def _promoted(scan: Scan, place: int) -> bool:
    return bool(re.search(r"(?:推|主推|推广|卖|推荐|做|promote|sell)\s*$", scan.found.before(place, 6)))


def object_value(token: Token, pages: bool) -> Any:
    """The name of a product or page in a condition; None for any other token."""
    if "page" in token.senses and (pages or "product" not in token.senses):
        return token.senses["page"]
    if "product" in token.senses:
        return token.senses["product"]["object"]
    return None


def count(scan: Scan, place: int, last: int) -> Count | None:
    """How often or how much, said after an act or its object (the token ``last``)."""
    found = scan.found
    for other in range(last + 1, min(last + 4, len(found.tokens))):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            break
        quantity = found.quantity(other)
        if quantity is None:
            if found.tokens[other].has("cmp", "neg", "channel"):
                continue
            break
        return _counted(scan, other, quantity)
    return _count_before(scan, place)


_NOUNS = ("payments", "purchases", "orders", "logins", "visits", "views", "clicks", "searches", "redemptions")


def _count_before(scan: Scan, place: int) -> Count | None:
    """fewer than 2 payments, 3次以上支付: the figure stands before the act."""
    found = scan.found
    back = place - 1
    if scan.free(back) and found.tokens[back].has("bound"):
        back -= 1
    quantity = found.quantity(back) if scan.free(back) else None
    if quantity is None or found.clause(back) != found.clause(place):
        return None
    noun = found.tokens[place].text in _NOUNS
    if not noun and (
        quantity.unit != "times" or found.text[found.tokens[place - 1].end : found.tokens[place].start].strip(" 的")
    ):
        return None
    if quantity.unit not in ("", "times") or quantity.form == "list" or (quantity.unit == "" and quantity.big):
        return None
    op, places = compare(scan, back)
    return Count(op or "ge", quantity.value, "times", (back, *places))


def _counted(scan: Scan, other: int, quantity: Quantity) -> Count | None:
    found = scan.found
    if quantity.unit not in ("times", "piece", "yuan", "", "day") or quantity.form == "list":
        return None
    if (
        found.tokens[other].has("window")
        or _saves(scan, other)
        or re.search(r"(?:再|发|推|补|push|send)\s*$", found.before(other, 5))
    ):
        return None
    money = quantity.unit == "yuan" or (quantity.unit == "" and quantity.big)
    if quantity.unit == "" and not (quantity.big or quantity.values[0] >= 100 or found.tokens[other - 1].has("cmp")):
        return None
    op, places = compare(scan, other)
    unit = "yuan" if money else quantity.unit if quantity.unit == "day" else "times"
    bare = quantity.unit == ""
    if quantity.form == "range":
        return Count("between", [whole(value) for value in quantity.values], unit, (other, *places))
    return Count(op or "ge", quantity.value, unit, (other, *places), bare)


def _saves(scan: Scan, place: int) -> bool:
    """首投满1000送20 is an offer, not a condition."""
    return bool(re.match(r"\s?元?(?:立?减|送|返|得|抵|再?领|即送|可用|可享)", scan.found.after(place, 5)))
