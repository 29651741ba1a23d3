"""A condition of the base that the sentence names, and the new figure that it gives it: 没借过的窗口拉长到90天."""

import re
from dataclasses import replace
from typing import Any

from linghang.reading.audience.scan import Shape
from linghang.reading.edits.fields import FAMILY, PLAIN_NAMES
from linghang.reading.edits.words import LESS, MORE, TO, Change, computed
from linghang.reading.model import Token
from linghang.reading.quantities import Quantity, whole
from linghang.reading.sentence import Sentence

EXPIRIES = ("maturity_days", "policy_expire_days", "benefit_expire_days", "bill_due_days")
_ACTIVE = ("last_login_days", "last_active_days")
_CHANGES = re.compile(
    r"改|调|换|放|收|提|加|降|减|扩|缩|拉|延|变|设|定|升|砍|→|->|to|raise|lower|change|extend|increase|reduce"
    r"|shorten|widen"
    r"|(?<![a-z])by(?![a-z])"
)
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365, "trading": 1}


def figure(found: Sentence, place: int) -> Quantity | None:
    """The figure at a place, a look-back window in days included."""
    if not 0 <= place < len(found.tokens):
        return None
    token = found.tokens[place]
    if "window" in token.senses:
        amount, unit = token.senses["window"].args
        return Quantity((180 if (amount, unit) == (0.5, "year") else amount * _UNITS[unit],), "day")
    return found.quantity(place)


def named(change: Change) -> None:
    """Steps for figures behind the name of a condition that the base holds."""
    found = change.found
    for place in range(len(found.tokens)):
        other = _figure_behind(change, place)
        if other is None or place in found.used:
            continue
        quantity = figure(change.found, other)
        if quantity is None or quantity.form == "list":
            continue
        for key in ("audience", "exclusions"):
            item = next((i for i in change.base.get(key, []) if names(found.tokens[place], i)), None)
            new = None if item is None else with_figure(change, item, place, other, quantity)
            if item is not None and new is not None and new != item:
                spoken = [p for p in range(place, other + 2) if p < len(found.tokens)]
                kept = [p for p in spoken if found.clause(p) == found.clause(place)]
                earlier = [
                    p for p in range(place) if found.clause(p) == found.clause(place) and _leads(found.tokens[p])
                ]
                change.step("set", f"{key}[{item['field']}]", new, *earlier, *kept)
                break


def plainly(change: Change) -> None:
    """Narrow registration to 30 days: a figure behind the plain name of a field with a condition."""
    found = change.found
    for place in range(len(found.tokens)):
        quantity = None if place in found.used else figure(change.found, place)
        if quantity is None or quantity.form == "list":
            continue
        before = found.text[found.edge(found.clause(place)) : found.tokens[place].start]
        hits = [(hit.end(), field) for words, field in PLAIN_NAMES for hit in words.finditer(before)]
        if not hits or not _CHANGES.search(before):
            continue
        fields = FAMILY.get(max(hits)[1], (max(hits)[1],))
        item = next((i for i in change.base.get("audience", []) if i["field"] in fields), None)
        windowed = item is not None and "window_days" in item and quantity.unit == "day"
        if item is None or not (windowed or suits(str(item["field"]), quantity)):
            continue
        new = with_figure(change, item, max(0, place - 1), place, quantity)
        if new is not None and new != item:
            spoken = [p for p in range(place) if found.clause(p) == found.clause(place)]
            change.step("set", f"audience[{item['field']}]", new, *spoken, place)


_AN_END = re.compile(
    r"(?P<low>下限|最低|起步|往下|向下|lower (?:end|limit|bound)|minimum)|上限|最高|封顶|往上|向上|upper (?:end"
    r"|limit|bound)|maximum"
)


def unnamed_range(change: Change) -> None:
    """make it 25 to 45, 上限放到45: a range, or one end of it, where the audience has but one range of that size."""
    found = change.found
    ranges = [i for i in change.base.get("audience", []) if i["op"] == "between" and isinstance(i["value"][0], int)]
    if len(ranges) != 1 or any(
        t.has("field", "budget", "offer", "time", "clock") and not _AN_END.fullmatch(t.text) for t in found.tokens
    ):
        return
    (item,), (low, high) = ranges, ranges[0]["value"]
    for place in found.where("quantity"):
        quantity = found.quantity(place)
        if quantity is None or not suits(str(item["field"]), quantity) or max(quantity.values) > 3 * high:
            continue
        values = [whole(value) for value in quantity.values]
        end = _AN_END.search(found.before(place, 14))
        if quantity.form == "range" and values[0] < high and values[1] > low:
            change.step("set", f"audience[{item['field']}]", {**item, "value": values}, place)
        elif quantity.form == "one" and end:
            new = [values[0], high] if end["low"] else [low, values[0]]
            change.step("set", f"audience[{item['field']}]", {**item, "value": new}, place)
        return


_WILL_DO = re.compile(r"(?:元|块)?(?:就行|就够|就好|即可|也行|起步|吧|得了|差不多)")


def continued(change: Change) -> None:
    """月收入不设上限，1万以上就行: a bounded figure alone is of the condition that was spoken of before."""
    found, topic = change.found, change.notes.get("topic")
    named_else = ("field", "budget", "offer", "state", "act", "channel", "moment")
    if not topic or change.steps or any(t.has(*named_else) for t in found.tokens):
        return
    item = next((i for i in change.base.get("audience", []) if i["field"] == topic), None)
    for place in range(len(found.tokens)):
        quantity = figure(change.found, place)
        if quantity is None or place in found.used or quantity.form == "list" or not suits(topic, quantity):
            continue
        shape = _of_topic(change, place, topic, quantity, item)
        if shape is None:
            continue
        if shape == item:
            found.used.add(place)
            return
        change.step(*(("add", "audience") if item is None else ("set", f"audience[{topic}]")), shape, place)
        return


def _of_topic(change: Change, place: int, topic: str, quantity: Quantity, item: Shape | None) -> Shape | None:
    found = change.found
    values: list[Any] = [whole(value) for value in quantity.values]
    if quantity.form == "range":
        return {**(item or {"field": topic}), "op": "between", "value": values}
    bound = _bound(change, place) or ("le" if re.search(r"以?内$", found.tokens[place].text) else None)
    bounded = item is not None and item["op"] in ("ge", "gt", "le", "lt")
    if (
        bound is None
        and item is not None
        and bounded
        and (_WILL_DO.match(found.after(place, 6)) or found.text.strip(" 。.吧") == found.tokens[place].text)
    ):
        bound = str(item["op"])
    if bound is None:
        return None
    return {**(item or {"field": topic}), "op": bound, "value": values[0]}


def _leads(token: Token) -> bool:
    return token.has("neg", "act", "exclude")


def names(token: Token, item: Shape) -> bool:
    """Whether a word names the field of a condition."""
    field = str(item["field"])
    said = [
        str(token.senses[sense][name])
        for sense, name in (("field", "field"), ("state", "field"), ("act", "event"))
        if sense in token.senses
    ]
    lapsed = token.senses.get("state", {}).get("value") in ("dormant", "churned")
    if lapsed and field in _ACTIVE:
        # 沉默的定义放宽到60天: here the silent are those who did not log in for so long.
        return True
    for name in said:
        if name == field or (name in EXPIRIES and field in EXPIRIES) or (name in _ACTIVE and field in _ACTIVE):
            return True
        if name == "profit" and field == "profit_pct":
            return True
        if name in ("purchase", "redeem") and field == f"{name}_amount_cny":
            return True
    return False


def _figure_behind(change: Change, place: int) -> int | None:
    """The next figure in the clause, with a verb of change between."""
    found = change.found
    if not found.tokens[place].has("field", "state", "act"):
        return None
    for other in range(place + 1, min(place + 6, len(found.tokens))):
        if found.clause(other) != found.clause(place) or other in found.used:
            return None
        if figure(change.found, other) is not None:
            between = found.text[found.tokens[place].end : found.tokens[other].start]
            return other if _CHANGES.search(between) and len(between) <= 16 else None
    return None


def with_figure(change: Change, item: Shape, place: int, other: int, quantity: Quantity) -> Shape | None:
    """A condition with the figure at ``other``, by the words between ``place`` and it; None where it takes none."""
    found = change.found
    before = found.text[found.tokens[place].end : found.tokens[other].start]
    values: list[Any] = [180 if v == 182.5 else int(v) if v == int(v) else v for v in quantity.values]
    field = str(item["field"])
    if (moved := _moved_ends(change, item, place, quantity, before)) is not None:
        return moved[0]
    if quantity.unit == "day" and "window_days" in item and not field.endswith("_days"):
        return {**item, "window_days": values[0]}
    if not suits(field, quantity) or "value" not in item or isinstance(item["value"], str):
        return None
    if quantity.form == "range":
        return {**item, "op": "between", "value": values}
    bound = _bound(change, other)
    op = bound or item["op"]
    if isinstance(item["value"], list):
        low, high = item["value"]
        if bound is None and (by := _STEPWISE.search(before)) and quantity.unit != "pct":
            # 年龄上限放宽五岁: an end of the range moves by that much.
            lower = "下限" in before or "下限" in found.before(place, 4)
            sign = -1 if (by["down"] or (by["in"] and not lower) or (by["out"] and lower)) else 1
            end = (low if lower else high) + sign * values[0]
            return {**item, "value": [end, high] if lower else [low, end]}
        if bound is None:
            upper = bool(re.search(r"上限|最大|最高", before)) or abs(values[0] - high) < abs(values[0] - low)
            return {**item, "value": [low, values[0]] if upper else [values[0], high]}
        return {**item, "op": op, "value": values[0]}
    new: Any = values[0]
    if quantity.unit == "pct" and item["value"] < 0:
        # 亏损线放到超过20%: more of a loss is less of a profit.
        return {**item, "value": -abs(new)}
    elif (MORE.search(before) or LESS.search(before)) and not TO.search(before) and bound is None:
        plain = replace(quantity, unit="") if quantity.unit in ("times", "piece") else quantity
        moved = computed(item["value"], plain, before, before)
        # A figure that moves to nothing or below is said for itself.
        new = new if moved is None or moved <= 0 < item["value"] else moved
    return {**item, "op": op if op not in ("in", "exists") else "ge", "value": new}


def _moved_by(change: Change, item: Shape, place: int, quantity: Quantity) -> Shape | None:
    """One end of a condition moves by so much: out for widen, up for raise; the lower end where it is named."""
    found = change.found
    before = found.text[found.edge(found.clause(place)) : found.tokens[place].start]
    hit = _STEPWISE_EN.search(before)
    if item["field"] == "age" and quantity.unit == "day" and quantity.word.strip(" -").startswith(("year", "yr")):
        quantity = Quantity(tuple(value / 365 for value in quantity.values), "age", quantity.form)
    if hit is None or not suits(str(item["field"]), quantity):
        return None
    ends = item["value"] if isinstance(item["value"], list) else [item["value"]]
    named = found.text[found.tokens[place].start : found.tokens[place].end + 12] + before[hit.end() :]
    lower = bool(re.search(r"lower|minimum|min(?![a-z])|floor|start", named)) or item["op"] in ("ge", "gt")
    up = bool(hit["up"]) or (bool(hit["out"]) and not lower) or (bool(hit["in"]) and lower)
    end = 0 if lower else len(ends) - 1
    step = quantity.values[0] * (1 if up else -1)
    made = [whole(value + step) if at == end else value for at, value in enumerate(ends)]
    return {**item, "value": made if len(made) > 1 else made[0]}


_STEPWISE_EN = re.compile(
    r"(?P<out>widen|stretch|extend|loosen|relax)|(?P<in>tighten|narrow|shrink)|(?P<up>raise|lift|bump|increase"
    r"|push up)"
    r"|(?P<down>trim|cut|lower|reduce|drop|decrease)"
)


def _moved_ends(change: Change, item: Shape, place: int, quantity: Quantity, before: str) -> tuple[Shape | None] | None:
    """What the words that move both ends, or one end by so much, make of a condition; None where there are none."""
    if isinstance(item.get("value"), list) and _EITHER.search(before) and quantity.unit != "pct":
        return (_both_ends(item, before, whole(quantity.values[0])),)
    if before.isascii() and before.rstrip().endswith(" by"):
        # raise the age limit by four years: the verb stands before the name.
        return (_moved_by(change, item, place, quantity),)
    return None


def _both_ends(item: Shape, before: str, step: float) -> Shape:
    """年龄往两头各放宽5岁."""
    low, high = item["value"]
    step = -step if re.search(r"收|缩|窄", before) else step
    return {**item, "value": [low - step, high + step]}


_EITHER = re.compile(r"两头|两端|上下(?:限)?各|头尾|前后各")
_STEPWISE = re.compile(
    r"(?:(?P<out>放宽|扩大?|放|松)|(?P<in>收紧|缩小?|收)|(?P<down>降低?|下调|减|往下[压放])|提高?|上调|升|加|涨|抬|多|延)(?:个|了|掉)?\s?$"
)


def _bound(change: Change, place: int) -> str | None:
    """The comparison said with a figure: 少于5次, 5次以上."""
    found = change.found
    before, after = place - 1, place + 1
    said = str(found.tokens[before].senses.get("cmp", ""))
    if said in ("ge", "gt", "le", "lt") and found.gap(before, place).strip() == "":
        return said
    if (
        after < len(found.tokens)
        and found.clause(after) == found.clause(place)
        and found.gap(place, after).strip() == ""
    ):
        return found.tokens[after].senses.get("bound")
    return None


def suits(field: str, quantity: Quantity) -> bool:
    """Whether a condition on a field takes a figure of this unit."""
    if field.endswith("_cny") or field in ("profit", "transfer_in", "pension_deposit"):
        return quantity.unit in ("", "yuan", "pct")
    if field.endswith("_days"):
        return quantity.unit in ("day", "")
    if field == "age":
        return quantity.unit in ("age", "")
    if field.endswith("_pct"):
        return quantity.unit == "pct"
    if field.endswith("_score"):
        return quantity.unit in ("", "point")
    return quantity.unit in ("times", "piece", "")
