"""What becomes of a condition that the audience has when another figure or value is said of its field."""

import re

from linghang.reading.audience.scan import Hit, Shape
from linghang.reading.edits.words import Change, Verb


def both_meant(current: Shape, shape: Shape) -> bool:
    """办过分期的也可以, 男的也要, 资产百万以下的也可以: beside the opposite nothing is asked of them."""
    if bool(current.get("negated")) != bool(shape.get("negated")):
        return True
    if shape["field"] == "gender" or (current.get("value"), shape.get("value")) in (("yes", "no"), ("no", "yes")):
        return current.get("value") != shape.get("value")
    return {current["op"][0], shape["op"][0]} == {"g", "l"}


_END = re.compile(r"(?P<low>最低|最小|下限|起步|minimum|at least)|最高|最大|上限|maximum")


def fitted(change: Change, hit: Hit, current: Shape, shape: Shape, verb: Verb, swapped: bool) -> Shape:
    """What becomes of a condition on a field that the audience has one on."""
    found, field = change.found, hit.shape["field"]
    if (ended := _one_end(found.text, current, shape)) is not None:
        return ended
    if verb == "add" and field in _GROWING:
        return _joined(current, shape)
    if hit.shape["op"] == "eq" and verb == "only":
        return shape
    if hit.shape["op"] == "eq":
        start = found.edge(found.clause(hit.first))
        ahead = found.text[start : found.tokens[hit.first].start]
        relative = bool(_RELATIVE.search(ahead) or _FLOOR.search(ahead))
        return _kept_form(current, shape, swapped or relative)
    if field == "profit_pct" and current["op"][0] == shape["op"][0]:
        return {**shape, "op": current["op"]}
    return _completed(change, hit, current, shape)


def _one_end(text: str, current: Shape, shape: Shape) -> Shape | None:
    """年龄上限50, 最低年龄30: the range gets its other end, or one of its ends moves."""
    value, end = shape.get("value"), _END.search(text)
    if end is None or not isinstance(value, int | float) or "value" not in current:
        return None
    if current["op"] in (("le", "lt") if end["low"] else ("ge", "gt")):
        return {**current, "op": "between", "value": sorted((current["value"], value))}
    if current["op"] == "between":
        low, high = current["value"]
        return {**current, "value": [value, high] if end["low"] else [low, value]}
    return None


def _completed(change: Change, hit: Hit, current: Shape, shape: Shape) -> Shape:
    """What is said of a condition, with what it leaves unsaid as it was: its window, its object, its comparison."""
    if (
        shape["op"] == "exists"
        and "window_days" in shape
        and "value" in current
        and current.get("op", "exists") != "exists"
    ):
        return {**current, "window_days": shape["window_days"]}
    if set(shape) == {"field", "op"} and shape["op"] == current["op"] and not current.get("negated"):
        # 被拒的往前看30天: what is named without its window or object is only named.
        return current
    beside = change.found.tokens[hit.first : max(hit.places) + 2]
    bounded = any(token.has("bound", "cmp") for token in beside)
    if hit.shape["field"].endswith("_days") and (current["op"], shape["op"]) == ("gt", "ge") and not bounded:
        # silent for 90 days: the comparison that holds.
        return {**current, **shape, "op": current["op"]}
    if "value" in current and "value" not in shape and current["op"] == shape["op"]:
        # 赎回看近15天: of what was redeemed before.
        return {**current, **shape}
    if "window_days" in current and "value" in current and "value" in shape:
        # 支付次数≤5: over the days that hold.
        return {**current, **shape}
    return shape


_RELATIVE = re.compile(
    r"(?:放宽|收紧|提高?|升|降低?|调高|调低|扩|放|widen|raise|lower|relax|tighten)(?:到|至|成|为|[a-z ]{0,16} to)?\s?$"
)


_FLOOR = re.compile(r"floor|minimum|threshold|(?<![a-z])bar(?![a-z])|门槛|底线|下限|起步")
_GROWING = ("city", "province", "region", "occupation", "risk_level", "member_tier", "city_tier", "lifecycle")


def _kept_form(current: Shape, shape: Shape, swapped: bool) -> Shape:
    """C2改C3 keeps "and above"; 年龄放宽到45岁 moves the nearer end of a range."""
    if current["op"] in ("ge", "gt", "le", "lt") and (swapped or isinstance(shape["value"], int | float)):
        return {**current, "value": shape["value"]}
    if current["op"] == "between" and isinstance(shape["value"], int | float):
        low, high = current["value"]
        value = shape["value"]
        return {**current, "value": [value, high] if abs(value - low) < abs(value - high) else [low, value]}
    return shape


def _joined(current: Shape, added: Shape) -> Shape:
    """再加上广州: a list grows."""
    old = (
        current["value"] if isinstance(current.get("value"), list) and current["op"] == "in" else [current.get("value")]
    )
    if (
        current["op"] in ("ge", "gt", "le", "lt")
        and added["op"] == "eq"
        and str(added["value"])[:1] == str(current["value"])[:1]
    ):
        # C3不够，C2也可以: an open range grows to what is added.
        below = str(added["value"]) < str(current["value"])
        return {**current, "value": added["value"]} if below == (current["op"][0] == "g") else current
    if current["op"] in ("eq", "in") and added["op"] == "between" and isinstance(added["value"][0], int):
        # 三四线也带上
        more = range(added["value"][0], added["value"][1] + 1)
        return {**current, "op": "in", "value": [*old, *(value for value in more if value not in old)]}
    if current["op"] not in ("eq", "in") or added["op"] not in ("eq", "in"):
        return added
    more = added["value"] if isinstance(added["value"], list) else [added["value"]]
    return {**current, "op": "in", "value": [*old, *(value for value in more if value not in old)]}
