"""Conditions on what customers are and have: figures of fields, grades, ages, states."""

import re
from typing import Any

from linghang.reading.quantities import Quantity, whole
from linghang.reading.scan import Scan, Shape, compare, is_negated_text, quantity_days, window_days

_FIELD_GAP = re.compile(
    r"(?:在|为|是|大概|大约|约|:|：|\s|的|处于|介于|间|余额|金额|剩余|还有|剩|天数|还剩|趴着|里有|里|账上|有|存着|放着|达到?|月均|日均|平均|between|of|is|are|in|within|at|from|are)*"
)
_LEFT_GAP = re.compile(r"(?:的|元|块|可用|in\s|of\s|before\s|to\s|the\s|their\s|后|\s)*")
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
        "purchase",
        "touched",
    )
)
_TOP = re.compile(r"^(?:的|分|排名|在|为|\s)*(?:top|前|最高的?|排名前)\s?(\d{1,2})\s?%")
_LEVEL = re.compile(r"^(?:的|为|等级|级别|程度|概率|is\s|\s)*(?:较|偏|很|比较)?(?:高|大|high)(?!于|过|达)|^命中")
_AGE_CUE = re.compile(r"岁|年龄|女|男|age|women|men|人群|客群|客户|用户|users|people|妈|白领")
_SUMMED = frozenset(("pay_count", "purchase_amount_cny", "redeem_amount_cny", "active_days", "transfer_in"))
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
    shape = _shape(spec["field"], quantity, op or _default(spec["field"]))
    if spec["field"] in _SUMMED and (window := scan.window(place, inherit=False)) is not None:
        shape["window_days"] = window[1]
        places.append(window[0])
    scan.add(shape, place, other, *places, *between_places)
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
    # Grades are steps, so C3以下 takes C3 along, as in R3及以下.
    if op == "lt" and not any(found.tokens[other].has("cmp") for other in places):
        op = "le"
        places += [place + 1] if place + 1 not in places else []
    shape: Shape = {"field": "risk_level", "op": op or "eq", "value": values[0]}
    if len(values) == 2:
        shape = {"field": "risk_level", "op": "between", "value": list(values)}
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
    if quantity.unit != "age" and not _bare_ages(scan, place, quantity) and not _people_over(scan, place, quantity):
        return False
    if max(quantity.values) < 14:
        # The age of a child (0-3岁宝妈), not of the customer.
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


def _people_over(scan: Scan, place: int, quantity: Quantity) -> bool:
    """customers over 60: a bare number that compares people is their age."""
    if quantity.unit or quantity.big or quantity.form != "one" or not 14 <= quantity.values[0] <= 99:
        return False
    before = scan.found.before(place, 40)
    return bool(
        re.search(
            r"(?:women|men|people|users|customers|clients|retirees|parents|aged?|anyone|those|investors|members)\s(?:who are\s|aged\s)?(?:over|under|above|below|older than|younger than|at least)\s$",
            before,
        )
    )


def state(scan: Scan, place: int) -> bool:
    """Read a state: 女性, 沉默客户, 已实名, 逾期, with its negation, window and bound."""
    found = scan.found
    token = found.tokens[place]
    claim = dict(token.senses["state"])
    opposite, ordinal = claim.pop("opposite", None), claim.pop("ordinal", None)
    if not token.has("idiom") and _is_goal(scan, place):
        scan.goals.append(place)
        return False
    if _profit(scan, place, claim):
        return True
    shape: Shape = claim
    places = [place]
    negation = scan.negation(place) if not token.has("idiom") else None
    if negation is not None:
        places.append(negation)
    elif not token.has("idiom") and claim["field"] != "profit" and is_negated_text(found, place):
        negation = place
    _windowed(scan, place, shape, places)
    _bound(scan, place, shape, places, bool(ordinal))
    if negation is not None and opposite:
        shape = dict(opposite)
    elif negation is not None:
        shape["negated"] = True
    scan.add(shape, *places, weak=_is_weak(scan, place, claim))
    return True


def _windowed(scan: Scan, place: int, shape: Shape, places: list[int]) -> None:
    if shape["field"] not in _WINDOWED or "window_days" in shape:
        return
    # A window said for the act of applying is that of being declined; other states have their own.
    window = scan.window(place, inherit=shape["field"] == "loan_rejected")
    if window is not None:
        shape["window_days"] = window[1]
        places.append(window[0])


def _is_weak(scan: Scan, place: int, claim: dict[str, Any]) -> bool:
    """Whether a stage of life only counts when nothing exact says the same: 老客, 沉默户唤醒, 新客首投礼."""
    if claim["field"] == "segment":
        return claim.get("value") in ("银发", "年轻人")
    if claim["field"] != "lifecycle":
        return False
    found = scan.found
    if claim.get("value") == "existing":
        return found.tokens[place].text in ("老客", "老客户", "老用户", "老户", "customers", "旧客", "旧客户")
    if claim.get("value") in ("dormant", "churned"):
        return any(
            found.tokens[p].has("objective") and found.clause(p) == found.clause(place)
            for p in (place + 1, place + 2)
            if p < len(found.tokens)
        )
    return claim.get("value") == "new"


def _is_goal(scan: Scan, place: int) -> bool:
    """绑卡 or 白条开通 as what the campaign is for, not as a state of its customers."""
    found = scan.found
    token = found.tokens[place]
    field = token.senses["state"]["field"]
    before, after = found.before(place, 8), found.after(place, 6)
    if token.has("offer") and not token.has("product"):
        return True
    if field in ("segment", "lifecycle", "occupation", "member_tier", "device_os") and (
        _BENEFIT.match(after) or _PRIZE.search(before)
    ):
        return True
    if scan.negation(place) is not None or is_negated_text(found, place) or _DONE.search(before):
        return False
    if _PROMISED.search(before):
        return True
    if token.has("objective"):
        return not _OWNER.match(after)
    return field in ACHIEVED and not _HAS_DONE.search(token.text) and not _OWNER_FIRM.match(after)


_BENEFIT = re.compile(r"训练营|课|班|专场|福利|专享|专属|券|红包|礼|价|推荐官|讲|大会|节|日|的?权益|关怀计划|招募")
_PRIZE = re.compile(r"(?:奖|抽|送|奖品|赠|价值|win|prize)(?:一台|一部|个|是|为|一|:|\s)*$")
_DONE = re.compile(r"(?:已经?|完成|做完|做过|有|were|was|have|has|been|who)\s*$")
_HAS_DONE = re.compile(r"已|过|了|有|完成|在|中|用户|客户|人|做|ed\b|have|has|users|with|holders")
_OWNER_FIRM = re.compile(
    r"\s?(?:过|了|的?(?:客户|用户|人群|客群|人(?!数)|老客|新客|户)|的?(?=[、\s])|且|并|但|未|没|超过?|满|后|成功|的(?=[,，。]|$))"
)
ACHIEVED = frozenset(
    ("kyc_done", "card_bound", "app_installed", "credit_activated", "pension_account", "risk_assessed", "sip_active", "follow_manager", "instalment", "credit_drawn")
)  # fmt: skip


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
