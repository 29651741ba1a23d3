"""Conditions on what customers are and have: figures of fields, grades, ages, states."""

import re
from typing import Any

from linghang.reading.quantities import Quantity, whole
from linghang.reading.scan import Scan, Shape, compare, is_negated_text, quantity_days, window_days

_FIELD_GAP = re.compile(
    r"(?:在|为|是|大概|大约|约|:|：|\s|的|处于|介于|间|余额|金额|剩余|还有|剩|天数|还剩|不足|between|of|is|are|in|within|at|from|are)*"
)
_LEFT_GAP = re.compile(r"(?:的|元|块|可用|in\s|of\s|\s)*")
_WINDOWED = frozenset(
    (
        "credit_drawn",
        "loan_rejected",
        "complaint",
        "overdue",
        "active",
        "coupon_unused",
        "instalment",
        "loan_settled",
        "opted_out_sms",
        "bill_exists",
    )
)
_TOP = re.compile(r"^(?:的|分|排名|在|为|\s)*(?:top|前|最高的?|排名前)\s?(\d{1,2})\s?%")
_LEVEL = re.compile(r"^(?:的|为|等级|级别|程度|概率|is\s|\s)*(?:较|偏|很|比较)?(?:高|大|high)(?!于|过|达)|^命中")
_AGE_CUE = re.compile(r"岁|年龄|女|男|age|women|men|人群|客群|客户|用户|users|people|妈|白领")
_DAYS_TO = frozenset(("maturity_days", "policy_expire_days", "benefit_expire_days", "bill_due_days"))
_PROMISED = re.compile(
    r"(?:引导|促|促进|推动|提升|激励|鼓励|促使|完成|去|来|赶紧|尽快|升级到|升级|升|成为|变成|转|encourage|drive|get them to|让[^,，]{0,6})\s*$"
)
_OWNER = re.compile(r"\s?(?:的)?(?:客户|用户|人群|客群|人|老客|新客|户)|的?(?=[,，。、;；\s+]|$)|且|并|但|未|没|,|、")


def figure(scan: Scan, place: int) -> bool:
    """Read the numeric field at a place with the figure beside it."""
    found = scan.found
    spec = found.tokens[place].senses["field"]
    if _share(scan, place, spec["field"]):
        return True
    for other in (place + 1, place + 2, place + 3):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            break
        if _window_figure(scan, place, other, spec) or _right(scan, place, other, spec):
            return True
        if not found.tokens[other].has("cmp", "neg", "state", "budget"):
            break
    return _left(scan, place, spec)


def _share(scan: Scan, place: int, name: str) -> bool:
    found = scan.found
    if name not in ("churn_score", "credit_score"):
        return False
    after = found.after(place, 24)
    if hit := _TOP.match(after):
        end = found.tokens[place].end + hit.end()
        inside = [other for other in range(place, len(found.tokens)) if found.tokens[other].end <= end]
        scan.add({"field": name, "op": "ge", "value": whole(1 - int(hit[1]) / 100)}, place, *inside)
        return True
    if name == "churn_score" and _LEVEL.match(after):
        scan.add({"field": name, "op": "ge", "value": "high"}, place)
        return True
    return False


def _suits(quantity: Quantity, unit: str) -> bool:
    wanted = {"yuan": ("yuan", ""), "day": ("day",), "age": ("age", ""), "times": ("times", "piece", ""), "piece": ("piece", "times", ""), "pct": ("pct",),
              "score": ("point", "", "pct"), "degree": ("degree", ""), "count": ("", "times", "piece", "people", "day", "point")}  # fmt: skip
    return quantity.unit in wanted.get(unit, ("",)) and quantity.form != "list"


def _right(scan: Scan, place: int, other: int, spec: dict[str, str]) -> bool:
    found = scan.found
    quantity = found.quantity(other)
    if quantity is None or not _suits(quantity, spec["unit"]) or found.tokens[other].has("window"):
        return False
    between = found.text[found.tokens[place].end : found.tokens[other].start]
    for middle in range(place + 1, other):
        between = between.replace(found.tokens[middle].text, "", 1)
    if not _FIELD_GAP.fullmatch(between):
        return False
    op, places = compare(scan, other)
    between_places = [middle for middle in range(place + 1, other) if found.tokens[middle].has("state")]
    if not op and (
        words := [
            m
            for m in range(place + 1, other)
            if found.tokens[m].senses.get("budget") == "max" or found.tokens[m].has("cmp")
        ]
    ):
        op = found.tokens[words[0]].senses.get("cmp", "le")
        places += words
    scan.add(_shape(spec["field"], quantity, op or _default(spec["field"])), place, other, *places, *between_places)
    return True


def _default(name: str) -> str:
    return "le" if name in _DAYS_TO else "ge"


def _shape(name: str, quantity: Quantity, op: str) -> Shape:
    values = [whole(v) for v in (quantity_days(quantity) if quantity.unit == "day" else quantity.values)]
    if name == "churn_score" and quantity.unit == "pct":
        values = [whole(value / 100) for value in quantity.values]
    if quantity.form == "range":
        return {"field": name, "op": "between", "value": values}
    return {"field": name, "op": op, "value": values[0]}


def _window_figure(scan: Scan, place: int, other: int, spec: dict[str, str]) -> bool:
    found = scan.found
    token = found.tokens[other]
    if (
        spec["unit"] != "day"
        or not token.has("window")
        or not _FIELD_GAP.fullmatch(found.text[found.tokens[place].end : token.start])
    ):
        return False
    scan.add({"field": spec["field"], "op": "le", "value": window_days(token.senses["window"])}, place, other)
    return True


def _left(scan: Scan, place: int, spec: dict[str, str]) -> bool:
    """50万以上的AUM, 30天内到期."""
    found = scan.found
    other = place - 1
    if not scan.free(other) or found.clause(other) != found.clause(place):
        return False
    if found.tokens[other].has("window") and spec["unit"] == "day" and len(found.gap(other, place)) <= 3:
        scan.add(
            {"field": spec["field"], "op": "le", "value": window_days(found.tokens[other].senses["window"])},
            place,
            other,
        )
        return True
    marks: list[int] = []
    if found.tokens[other].has("bound"):
        marks, other = [other], other - 1
    quantity = found.quantity(other) if scan.free(other) else None
    if (
        quantity is None
        or not _suits(quantity, spec["unit"])
        or found.clause(other) != found.clause(place)
        or quantity.unit == ""
        and not quantity.big
    ):
        return False
    if not _LEFT_GAP.fullmatch(found.text[found.tokens[max([other, *marks])].end : found.tokens[place].start]):
        return False
    op, places = compare(scan, other)
    scan.add(_shape(spec["field"], quantity, op or _default(spec["field"])), place, other, *places, *marks)
    return True


def grade(scan: Scan, place: int) -> bool:
    """Read a risk grade of customers (C1–C5); a product's grade (R1–R5) says nothing of customers."""
    found = scan.found
    values = found.tokens[place].senses["grade"]
    if not values[0].startswith("C"):
        return False
    op, places = compare(scan, place)
    if len(values) == 2:
        shape: Shape = {"field": "risk_level", "op": "between", "value": list(values)}
    else:
        shape = {
            "field": "risk_level",
            "op": {"lt": "le"}.get(op, op)
            if op in ("lt",)
            and found.tokens[place + 1 : place + 2]
            and found.tokens[place + 1].text.startswith(("以下", "往下"))
            else op or "eq",
            "value": values[0],
        }
    negation = scan.negation(place)
    if negation is not None and not op:
        shape["negated"] = True
        places.append(negation)
    scan.add(shape, place, *places)
    return True


def years(scan: Scan, place: int) -> bool:
    """Read an age: 18-35岁, 60岁以上, or a bare 25-40 beside other words for people."""
    found = scan.found
    quantity = found.quantity(place)
    if quantity is None or quantity.form == "list":
        return False
    if quantity.unit != "age" and not _bare_ages(scan, place, quantity):
        return False
    op, places = compare(scan, place)
    if quantity.form == "range":
        shape: Shape = {"field": "age", "op": "between", "value": [whole(value) for value in quantity.values]}
    else:
        shape = {"field": "age", "op": op or "eq", "value": quantity.value}
    scan.add(shape, place, *places)
    return True


def _bare_ages(scan: Scan, place: int, quantity: Quantity) -> bool:
    found = scan.found
    if quantity.unit or quantity.form != "range" or quantity.big or found.tokens[place].has("time"):
        return False
    low, high = quantity.values
    if not 14 <= low < high <= 90:
        return False
    clause = found.clause_text(place)
    alone = clause.strip(" ,，。、.;；") == found.tokens[place].text
    return alone or bool(_AGE_CUE.search(clause))


def state(scan: Scan, place: int) -> bool:
    """Read a state: 女性, 沉默客户, 已实名, 逾期, with its negation, window and bound."""
    found = scan.found
    token = found.tokens[place]
    claim = dict(token.senses["state"])
    opposite, ordinal = claim.pop("opposite", None), claim.pop("ordinal", None)
    if _is_goal(scan, place) or _profit(scan, place, claim):
        return claim["field"] in ("profit", "profit_pct") and place in scan.taken
    shape: Shape = claim
    places = [place]
    negation = scan.negation(place)
    negated = negation is not None or is_negated_text(found, place) and claim["field"] not in ("profit",)
    if (
        negation is not None
        and negation not in scan.taken
        or negation is not None
        and found.gap(negation, negation + 1).strip() == ""
    ):
        places.append(negation)
    if claim["field"] in _WINDOWED:
        window = scan.window(place, inherit=True)
        if window is not None:
            shape["window_days"] = window[1]
            places.append(window[0])
    _bound(scan, place, shape, places, bool(ordinal))
    if negated and opposite:
        shape = dict(opposite)
    elif negated:
        shape["negated"] = True
    scan.add(shape, *places, weak=_is_weak(token.text, claim))
    return True


def _is_weak(word: str, claim: dict[str, Any]) -> bool:
    return (
        claim["field"] == "lifecycle"
        and claim.get("value") == "existing"
        and word in ("老客", "老客户", "老用户", "老户", "customers")
    )


def _is_goal(scan: Scan, place: int) -> bool:
    """绑卡 or 激活 as what the campaign is for, not as a state of its customers."""
    found = scan.found
    token = found.tokens[place]
    if token.has("offer") and not token.has("product"):
        return True
    if _PROMISED.search(found.before(place, 8)) and not re.search(
        r"(?:未|没|没有|还没|已)(?:完成|做)\s*$", found.before(place, 6)
    ):
        return True
    if token.has("objective"):
        return (
            scan.negation(place) is None
            and not is_negated_text(found, place)
            and not _OWNER.match(found.after(place, 4))
        )
    return bool(
        re.match(r"训练营|课|班|专场|福利|专享|专属|券|礼|价|推荐官|讲|大会|节|日|的?权益|关怀计划", found.after(place, 4))
    ) and token.senses["state"]["field"] in ("segment", "lifecycle", "occupation", "member_tier")


def _profit(scan: Scan, place: int, claim: dict[str, Any]) -> bool:
    """亏损超过10% is a return below −10."""
    if claim["field"] != "profit":
        return False
    found = scan.found
    sign = 1 if claim["op"] == "gt" else -1
    for other in range(place + 1, min(place + 4, len(found.tokens))):
        if not scan.free(other) or found.clause(other) != found.clause(place):
            return False
        quantity = found.quantity(other)
        if quantity is None:
            if found.tokens[other].has("cmp", "neg"):
                continue
            return False
        if quantity.unit not in ("pct", "yuan") and not quantity.big:
            return False
        op, places = compare(scan, other)
        values = sorted(whole(sign * value) for value in quantity.values)
        name = "profit_pct" if quantity.unit == "pct" else "profit"
        if quantity.form == "range":
            scan.add({"field": name, "op": "between", "value": values}, place, other, *places)
            return True
        op = op or "ge"
        turned = op if sign > 0 else {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}.get(op, op)
        scan.add({"field": name, "op": turned, "value": values[0]}, place, other, *places)
        return True
    return False


def _bound(scan: Scan, place: int, shape: Shape, places: list[int], ordinal: bool) -> None:
    found = scan.found
    after = place + 1
    if shape["field"] not in ("city_tier", "member_tier") and not ordinal:
        return
    if (
        scan.free(after)
        and found.tokens[after].has("bound")
        and found.gap(place, after).strip(" 的客户用户会员城市") == ""
        and found.tokens[after].text not in ("+", "plus")
    ):
        op = found.tokens[after].senses["bound"]
        # Tier 1 is the highest: 二线以上 are tiers up to 2.
        if shape["field"] == "city_tier":
            op = {"ge": "le", "le": "ge", "lt": "ge"}.get(op, op)
        shape["op"] = op
        places.append(after)
