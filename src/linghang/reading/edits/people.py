"""Edits of the audience and of who is left out."""

import re
from typing import Any

from linghang.reading.audience import conditions, ordered
from linghang.reading.edits.words import DROP, ONLY, SWAP, Change, verb_after, verb_before
from linghang.reading.quantities import Quantity, whole
from linghang.reading.scan import CAMPAIGN_PRODUCT, Hit, Shape

_UNEXCLUDE = re.compile(
    r"(?:不用|不再|别|取消|无需|不必|no need to|stop|don't)\s?(?:再)?(?:排除|剔除|过滤|屏蔽|exclud(?:e|ing))|(?:排除|剔除)[^,，。;]{0,8}(?:去掉|取消|撤掉)"
)
_ANYBODY = re.compile(
    r"(?:不限|不限制|放开|去掉|取消|不要|不再限|删掉|移除|remove|drop|no)\s?(?:掉)?(?P<what>年龄|城市(?:等级)?|性别|风险等级|风测|资产|aum|地域|注册(?:时间|天数)?|登录|持有|购买|人群|age|city|gender|risk(?: level)?)(?:的)?(?:限制|条件|要求|limit|restriction|filter|condition)?|(?P<what2>年龄|城市(?:等级)?|性别|风险等级|资产|aum|地域|age|city|gender|risk(?: level)?)\s?(?:不限|放开|限制去掉|无所谓|条件去掉|要求去掉|(?:limit|restriction|filter) (?:off|removed))"
)
_FIELDS = {"年龄": ("age",), "age": ("age",), "城市": ("city", "city_tier"), "城市等级": ("city_tier",), "city": ("city", "city_tier"), "地域": ("city", "city_tier", "province", "region"), "性别": ("gender",),
           "gender": ("gender",), "风险等级": ("risk_level",), "风测": ("risk_level", "risk_assessed"), "risk": ("risk_level",), "risk level": ("risk_level",), "资产": ("aum_cny",), "aum": ("aum_cny",),
           "注册": ("register_days",), "注册时间": ("register_days",), "注册天数": ("register_days",), "登录": ("last_login_days",), "持有": ("holding", "holding_ever"), "购买": ("purchase",)}  # fmt: skip
_WHOLE = re.compile(
    r"(?:人群|客群|受众|目标人群|目标客群|audience|target)[^,，。;]{0,4}(?:换成|改成|改为|换|变成|调整为|to|becomes?|should be|is now|:|：)"
)
_SWAP_NUMBERS = re.compile(
    r"\s*(?:的)?(?:门槛|限制)?(?:改成|改为|改到|换成|调整?(?:到|为|成)|放宽到|放到|收紧到|缩短到|延长到|改|→|->|变成|to|instead of)\s*"
)


def people(change: Change, known: frozenset[str]) -> None:
    """Steps for ``audience`` and ``exclusions``."""
    _freed(change)
    if _numbers(change):
        return
    hits = [
        hit for hit in conditions(change.found, known) if not any(place in change.found.used for place in hit.places)
    ]
    if not hits:
        return
    unexclude = _UNEXCLUDE.search(change.found.text)
    if _WHOLE.search(change.found.text) and not unexclude:
        _replace_all(change, hits)
        return
    for hit in _final(change, hits):
        if unexclude is not None:
            _readmit(change, hit)
        elif hit.excluded and not _widens(change, hit):
            change.step("add", "exclusions", _named(change, hit.shape), *hit.places)
        else:
            _one(change, hit)


def _named(change: Change, shape: Shape) -> Shape:
    made = dict(shape)
    if made.get("value") == CAMPAIGN_PRODUCT:
        if "product" in change.base:
            made["value"] = change.base["product"]
        else:
            del made["value"]
    return ordered(made)


def _final(change: Change, hits: list[Hit]) -> list[Hit]:
    """C3改成C3到C5: of two conditions on one field around a verb of change, the last one counts."""
    final: list[Hit] = []
    for hit in hits:
        last = final[-1] if final else None
        if last is not None and last.shape["field"] == hit.shape["field"]:
            between = change.found.text[
                change.found.tokens[max(last.places)].end : change.found.tokens[hit.first].start
            ]
            if SWAP.search(between) or re.search(r"放宽|收紧|扩|to|→|调整?到", between):
                final[-1] = hit
                continue
        final.append(hit)
    return final


def _widens(change: Change, hit: Hit) -> bool:
    return False


def _one(change: Change, hit: Hit) -> None:
    found = change.found
    token = found.tokens[hit.first]
    start = (0, *found.breaks)[found.clause(hit.first)]
    verb = verb_after(found.text[found.tokens[max(hit.places)].end :][:14]) or verb_before(
        found.text[start : token.start]
    )
    field = hit.shape["field"]
    current = _holding(change, field, hit.shape)
    if verb == "drop":
        _remove(change, hit, current)
        return
    shape = _named(change, hit.shape)
    if current is not None and not (
        verb == "add" and field in ("purchase", "holding", "page_view", "segment", "holding_ever", "click")
    ):
        if verb == "add" and field in (
            "city",
            "province",
            "region",
            "occupation",
            "risk_level",
            "member_tier",
            "city_tier",
            "lifecycle",
        ):
            shape = _joined(current, shape)
        if shape == current:
            return
        change.step("set", f"audience[{field}]", shape, *hit.places)
    else:
        change.step("add", "audience", shape, *hit.places)


def _joined(current: Shape, added: Shape) -> Shape:
    """再加上广州: a list grows."""
    old = (
        current["value"] if isinstance(current.get("value"), list) and current["op"] == "in" else [current.get("value")]
    )
    if current["op"] not in ("eq", "in") or added["op"] not in ("eq", "in"):
        return added
    more = added["value"] if isinstance(added["value"], list) else [added["value"]]
    return {**current, "op": "in", "value": [*old, *(value for value in more if value not in old)]}


def _holding(change: Change, field: str, shape: Shape) -> Shape | None:
    same = [item for item in change.base.get("audience", []) if item["field"] == field]
    exact = [item for item in same if item.get("value") == shape.get("value")]
    return (exact or same or [None])[0]


def _remove(change: Change, hit: Hit, current: Shape | None) -> None:
    if current is not None:
        change.step("remove", "audience", current, *hit.places)
        return
    excluded = [item for item in change.base.get("exclusions", []) if item["field"] == hit.shape["field"]]
    if excluded:
        change.step("remove", "exclusions", excluded[0], *hit.places)
    else:
        change.step("add", "exclusions", _named(change, hit.shape), *hit.places)


def _readmit(change: Change, hit: Hit) -> None:
    for item in change.base.get("exclusions", []):
        if item["field"] == hit.shape["field"]:
            change.step("remove", "exclusions", item, *hit.places)


def _replace_all(change: Change, hits: list[Hit]) -> None:
    change.step(
        "set",
        "audience",
        [_named(change, hit.shape) for hit in hits if not hit.excluded],
        *(place for hit in hits for place in hit.places),
    )
    for hit in hits:
        if hit.excluded:
            change.step("add", "exclusions", _named(change, hit.shape), *hit.places)


def _freed(change: Change) -> None:
    for hit in _ANYBODY.finditer(change.found.text):
        for field in _FIELDS.get(hit["what"] or hit["what2"], ()):
            for item in change.base.get("audience", []):
                if item["field"] == field:
                    change.step("remove", "audience", item)


def _numbers(change: Change) -> bool:
    """60天改90天: the condition that holds the old figure gets the new one."""
    found = change.found
    for place in range(len(found.tokens) - 1):
        old, new = _figure(change, place), _figure(change, place + 1)
        if (
            old is None
            or new is None
            or place in found.used
            or not _SWAP_NUMBERS.fullmatch(found.gap(place, place + 1))
        ):
            continue
        for item in change.base.get("audience", []):
            changed = _with_number(item, old, new)
            if changed is not None:
                change.step("set", f"audience[{item['field']}]", changed, place, place + 1)
                return True
    return _window_only(change)


def _figure(change: Change, place: int) -> Quantity | None:
    token = change.found.tokens[place]
    if "window" in token.senses:
        amount, unit = token.senses["window"].args
        return Quantity((amount * {"day": 1, "week": 7, "month": 30, "year": 365, "trading": 1}[unit],), "day")
    return change.found.quantity(place)


def _with_number(item: dict[str, Any], old: Quantity, new: Quantity) -> dict[str, Any] | None:
    before = [whole(value) for value in old.values]
    after = [whole(value) for value in new.values]
    if old.unit == "day" and item.get("window_days") == before[0]:
        return {**item, "window_days": after[0]}
    if item.get("value") == before[0]:
        return {**item, "value": after[0]} if len(after) == 1 else {**item, "op": "between", "value": after}
    if isinstance(item.get("value"), list) and item["value"] == before:
        return {**item, "value": after} if len(after) > 1 else None
    return None


def _window_only(change: Change) -> bool:
    """窗口改成90天, 近60天就行: the only look-back window of the audience changes."""
    found = change.found
    for place in range(len(found.tokens)):
        token = found.tokens[place]
        figure = _figure(change, place)
        if (
            figure is None
            or figure.unit != "day"
            or place in found.used
            or not (token.has("window") or re.search(r"窗口|时间窗|回溯|window|放宽|缩短", found.before(place, 10)))
        ):
            continue
        if any(other.has("act", "state") for other in found.tokens[place + 1 : place + 3]) or (
            place and found.tokens[place - 1].has("act", "exclude")
        ):
            continue
        windowed = [item for item in change.base.get("audience", []) if "window_days" in item]
        dayed = [
            item
            for item in change.base.get("audience", [])
            if item["field"] in ("last_login_days", "register_days", "last_active_days")
        ]
        pool = windowed or dayed
        if (
            pool
            and (
                SWAP.search(found.text)
                or ONLY.search(found.text)
                or re.search(r"放宽|缩短|延长|扩|收紧|窗口", found.text)
            )
            and not DROP.search(found.text)
        ):
            for item in pool:
                key = "window_days" if windowed else "value"
                change.step("set", f"audience[{item['field']}]", {**item, key: whole(figure.values[0])}, place)
            return True
    return False
