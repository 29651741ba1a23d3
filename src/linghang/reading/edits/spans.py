"""Ranges and lists of a condition that gain or lose one value: C4那档拿掉, 扩到C5, 上海去掉."""

import re

from linghang.reading.audience.scan import Hit, Shape
from linghang.reading.edits.words import Change, verb_after, verb_before

_BUT = re.compile(
    r"(?:市|省)?(?:以外|之外|外)(?:的)?(?:城市|地区|客户|用户|人)?(?:都|全|先|就|一律)*(?:不|别|去掉|剔|停"
    r"|砍)"
)
# 除了北京其他城市都不要, everything except Beijing goes: what is named stays alone.
_EXCEPT = re.compile(r"(?:除了?|除开|除去)\s?$")
_REST_GOES = re.compile(
    r"(?:市|省)?(?:以外|之外|外)?[,，]?(?:其他|其它|其余|别的|剩下|剩余)(?:的)?(?:城市|地区|省份|客户|用户|人"
    r"|等级|档)?(?:的)?"
    r"(?:都|全|先|就|一律|统统|通通|全部)*(?:不|别|去掉|剔|停|砍|拿掉|删)"
)


def _narrowed(span: Shape, value: object) -> Shape | None:
    """C4那档拿掉: a grade at the end of a range leaves it."""
    low, high = span["value"]
    if not isinstance(value, str) or not isinstance(high, str) or value not in (low, high) or not value[1:].isdigit():
        return None
    ends = [low, f"{high[0]}{int(high[1:]) - 1}"] if value == high else [f"{low[0]}{int(low[1:]) + 1}", high]
    return {**span, "value": ends} if ends[0] < ends[1] else {**span, "op": "eq", "value": ends[0]}


def widened(change: Change, hit: Hit) -> bool:
    """只做到C3: the upper end of a range of grades."""
    field, value = hit.shape["field"], hit.shape.get("value")
    if (
        field != "risk_level"
        or hit.shape["op"] != "eq"
        or not re.search(r"(?:做|放|推|发|最高|扩|扩大|放宽|开放|提|延伸)到\s?$", change.found.before(hit.first, 6))
    ):
        return False
    span = next(
        (i for i in change.base.get("audience", []) if i["field"] == field and i["op"] in ("between", "ge")), None
    )
    if span is None or not isinstance(value, str):
        return False
    if span["op"] == "ge" and re.search(r"(?:提高?|升|抬高?)到\s?$", change.found.before(hit.first, 6)):
        # 等级提到C4: the floor rises.
        return False
    low, high = span["value"] if span["op"] == "between" else (span["value"], value)
    if value < low and span["op"] == "between":
        change.step("set", f"audience[{field}]", {**span, "value": [value, high]}, *hit.places)
        return True
    if low < value:
        change.step("set", f"audience[{field}]", {**span, "op": "between", "value": [low, value]}, *hit.places)
    return low < value


def shrunk(change: Change, hit: Hit) -> bool:
    """上海去掉: one value leaves the list that the audience names."""
    found = change.found
    value, field = hit.shape.get("value"), hit.shape["field"]
    after = found.text[found.tokens[max(hit.places)].end :]
    rest = _EXCEPT.search(found.before(hit.first, 4)) and _REST_GOES.match(after)
    if (_BUT.match(after) or rest) and hit.shape["op"] in ("eq", "in"):
        # 上海以外的先不做: nothing else stays.
        change.step("set", f"audience[{field}]", {k: v for k, v in hit.shape.items() if k != "negated"}, *hit.places)
        return True
    item = next((i for i in change.base.get("audience", []) if i["field"] == field and i["op"] == "in"), None)
    start = (0, *found.breaks)[found.clause(hit.first)]
    behind = found.text[found.tokens[max(hit.places)].end :][:14]
    verb = verb_after(re.sub(r"^(?:那|这)(?:一)?(?:档|类|级|部分|个|些)", "", behind)) or verb_before(
        found.text[start : found.tokens[hit.first].start]
    )
    if hit.excluded or verb == "drop":
        span = next((i for i in change.base.get("audience", []) if i["field"] == field and i["op"] == "between"), None)
        if span is not None and (shape := _narrowed(span, value)) is not None:
            change.step("set", f"audience[{field}]", shape, *hit.places)
            return True
    going = value if isinstance(value, list) else [value]
    if item is None or not set(going) <= set(item["value"]) or not (hit.excluded or verb == "drop"):
        return False
    rest = [each for each in item["value"] if each not in going]
    if not rest:
        return False
    shape = {**item, "value": rest} if len(rest) > 1 else {**item, "op": "eq", "value": rest[0]}
    change.step("set", f"audience[{field}]", shape, *hit.places)
    return True
