"""Conditions on what customers have in figures: fields with a sum or a count, risk grades, ages."""

import re

from linghang.reading.audience.scan import Scan, Shape, compare, quantity_days, window_days
from linghang.reading.quantities import Quantity, whole

_FIELD_GAP = re.compile(
    r"(?:在|为|是|大概|大约|约|:|：|\s|的|处于|介于|between|from|间|余额|金额|可用|剩余|还有|剩|天数|还剩|趴着|里有|里|账上|有|\(|（|\)|）|就要?|还有"
    r"|存着|放着|躺着?|到|达到?"
    r"|(?:should|must|has to|needs? to) be|要|得|需要?|必须|起码|月均|日均|平均|大于等于|between|of|is|are|in"
    r"|within|at|from|are|due|their|in the range(?: of)?|ranging|expire[sd]?)*"
)
_LEFT_GAP = re.compile(r"(?:的|元|块|可用|in\s|of\s|before\s|to\s|the\s|their\s|后|\s)*")
_TOP = re.compile(r"^(?:的|分|排名|排序|排行|排到?|打|在|为|\s)*(?:top|前|最高的?|排名前)\s?(\d{1,2})\s?%")
_LEVEL = re.compile(r"^(?:的|为|等级|级别|程度|概率|is\s|\s)*(?:较|偏|很|比较)?(?:高|大|high)(?!于|过|达)|^命中")
_AGE_CUE = re.compile(
    r"岁|年龄|女|男|age|women|men|人群|客群|客户|用户|users|people|妈|白领"
    r"|parents|mums|moms|mothers|fathers|professionals|workers|teachers|families"
)
_SUMMED = frozenset(("pay_count", "purchase_amount_cny", "redeem_amount_cny", "active_days", "transfer_in"))
_DAYS_TO = frozenset(("maturity_days", "policy_expire_days", "benefit_expire_days", "bill_due_days"))


_GIVEN = re.compile(r"(?:领|给|送|享|拿|最高|发)\s?$")


_HAS = ("有", "达", "has", "have")


def figure(scan: Scan, place: int) -> bool:
    """Read the numeric field at a place with the figure beside it."""
    found = scan.found
    spec = _of_what(scan, place)
    if spec["field"] == "credit_limit_cny" and place and _GIVEN.search(found.before(place - 1, 4)):
        # 领2万额度 is what is offered.
        return False
    if _share(scan, place, spec["field"]):
        return True
    for other in (place + 1, place + 2, place + 3):
        if not scan.free(other) or not _together(scan, place, other):
            break
        if _window_figure(scan, place, other, spec) or _right(scan, place, other, spec):
            return True
        if not found.tokens[other].has("cmp", "neg", "state", "budget") and found.tokens[other].text not in _HAS:
            break
    return _left(scan, place, spec)


def _together(scan: Scan, place: int, other: int) -> bool:
    """Whether a field and a token stand in one clause, or the field is the label of what follows (资产：20万以上)."""
    found = scan.found
    if found.clause(other) == found.clause(place):
        return True
    label = found.text[found.tokens[place].end :].lstrip(" ")[:1] in (":", "：")
    return label and found.clause(other) == found.clause(place) + 1


_HELD = {"field": "holding_amount_cny", "unit": "yuan"}


def _of_what(scan: Scan, place: int) -> dict[str, str]:
    """到期 is of the policy or of the benefit where the clause has named one."""
    # 持仓2千以上: holding by itself is of money.
    spec: dict[str, str] = scan.found.tokens[place].senses.get("field") or _HELD
    if spec["field"] != "maturity_days":
        return spec
    before = scan.found.before(place, 16)
    for words, field in (
        (r"账单|还款|待还|欠款|月供|bill|repayment", "bill_due_days"),
        (r"保单|保险|[^风保]险|polic|insurance", "policy_expire_days"),
        (r"会员|权益|积分|红包|plus|(?<![加息债])券|benefit|membership|coupon|points", "benefit_expire_days"),
    ):
        if re.search(words + r"[^,，。;]{0,12}$", before):
            return {**spec, "field": field}
    return spec


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
    if (
        unit == "yuan"
        and quantity.unit == "people"
        and quantity.values[0] >= 1000
        and quantity.word in ("客户", "用户", "人")
    ):
        # AUM满15万客户: the customers stand right behind the sum.
        return quantity.form != "list"
    wanted = {"yuan": ("yuan", ""), "day": ("day",), "age": ("age", ""), "times": ("times", "piece", ""),
        "piece": ("piece", "times", ""), "pct": ("pct",),
              "score": ("point", "", "pct"), "degree": ("degree", ""), "count": ("", "times", "piece", "people",
              "day", "point")}  # fmt: skip
    return quantity.unit in wanted.get(unit, ("",)) and quantity.form != "list"


def _right(scan: Scan, place: int, other: int, spec: dict[str, str]) -> bool:
    found = scan.found
    quantity = found.quantity(other)
    if quantity is None or found.tokens[other].has("window"):
        return False
    # 活跃天数大于10: the name already says what is counted.
    counted = (
        quantity.unit == ""
        and found.tokens[place].text.endswith(("天数", "days"))
        and found.tokens[other - 1].has("cmp")
    )
    if not _suits(quantity, spec["unit"]) and not counted:
        return False
    between = found.text[found.tokens[place].end : found.tokens[other].start]
    for middle in range(place + 1, other):
        between = between.replace(found.tokens[middle].text, "", 1)
    if not _FIELD_GAP.fullmatch(between):
        return False
    if quantity.form == "one" and (more := _between_en(scan, other, quantity)) is not None:
        scan.add({"field": spec["field"], "op": "between", "value": more[0]}, place, other, more[1])
        return True
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
    yearly = bool(re.search(r"年薪|年收入|annual|yearly", found.tokens[place].text))
    shape: Shape = shaped(spec["field"], quantity, op or _default(spec["field"]), yearly=yearly)
    if op in ("ge", "gt") and (upper := _upper(scan, max([other, *places]), quantity)) is not None:
        shape = {"field": spec["field"], "op": "between", "value": [shape["value"], upper[0]]}
        places += upper[1]
    if spec["field"] in _SUMMED and (window := scan.window(place, inherit=False)) is not None:
        shape["window_days"] = window[1]
        places.append(window[0])
    scan.add(shape, place, other, *places, *between_places)
    return True


_AND = re.compile(r"\s*(?:且|并且|但|而且|同时|,|、|和|and|but)?\s*(?:又|又要)?\s*")


def _upper(scan: Scan, last: int, lower: Quantity) -> tuple[float | int, list[int]] | None:
    """大于30万小于100万, 30万以上100万以下: the upper bound right behind the lower one."""
    found = scan.found
    for other in (last + 1, last + 2):
        if not scan.free(other) or not _AND.fullmatch(found.gap(other - 1, other)):
            return None
        quantity = found.quantity(other)
        if quantity is None:
            if found.tokens[other].has("cmp"):
                continue
            return None
        op, places = compare(scan, other)
        same = quantity.unit == lower.unit or "" in (quantity.unit, lower.unit)
        if op not in ("le", "lt") or not same or quantity.form != "one" or quantity.values[0] <= lower.values[0]:
            return None
        return quantity.value, [other, *places]
    return None


def _between_en(scan: Scan, other: int, low: Quantity) -> tuple[list[float | int], int] | None:
    """between 100k and 500k."""
    found = scan.found
    high = found.quantity(other + 1) if scan.free(other + 1) else None
    if high is None or found.gap(other, other + 1).strip() != "and" or not found.before(other, 9).endswith("between "):
        return None
    return [low.value, high.value], other + 1


def _default(name: str) -> str:
    return "le" if name in _DAYS_TO else "ge"


def shaped(name: str, quantity: Quantity, op: str, *, yearly: bool = False) -> Shape:
    """The condition of a field with a quantity; sums said by the year count by the month when ``yearly``."""
    values = [whole(v) for v in (quantity_days(quantity) if quantity.unit == "day" else quantity.values)]
    if yearly:
        values = [whole(round(value / 12, 2)) for value in values]
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
        or (quantity.unit == "" and not quantity.big and not _sum_in(scan, other, place, spec))
    ):
        return False
    if not _LEFT_GAP.fullmatch(found.text[found.tokens[max([other, *marks])].end : found.tokens[place].start]):
        return False
    op, places = compare(scan, other)
    scan.add(shaped(spec["field"], quantity, op or _default(spec["field"])), place, other, *places, *marks)
    return True


def _sum_in(scan: Scan, other: int, place: int, spec: dict[str, str]) -> bool:
    """over 50,000 in demand deposits: a plain figure with what it is in."""
    quantity = scan.found.quantity(other)
    plain = quantity is not None and quantity.values[0] >= 1000 and spec["unit"] == "yuan"
    return plain and (
        scan.found.text[scan.found.tokens[place].start :].startswith("in ")
        or scan.found.text[: scan.found.tokens[place].start].endswith((" in ", " of "))
    )


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
    if _alone_and_up(scan, place, quantity):
        return True
    if quantity.unit or quantity.form != "range" or quantity.big or found.tokens[place].has("time"):
        return False
    low, high = quantity.values
    if not 14 <= low < high <= 90:
        return False
    clause = found.clause_text(place)
    alone = clause.strip(" ,，。、.;；") == found.tokens[place].text
    return alone or bool(_AGE_CUE.search(clause))


def _alone_and_up(scan: Scan, place: int, quantity: Quantity) -> bool:
    """30+ in a clause of its own."""
    clause = scan.found.clause_text(place).strip(" ,，。、.;；")
    return (
        not quantity.unit
        and not quantity.big
        and quantity.form == "one"
        and 16 <= quantity.values[0] <= 80
        and clause == f"{quantity.value}+"
    )


def _people_over(scan: Scan, place: int, quantity: Quantity) -> bool:
    """customers over 60: a bare number that compares people is their age."""
    if quantity.unit or quantity.big or quantity.form != "one" or not 14 <= quantity.values[0] <= 99:
        return False
    before = scan.found.before(place, 40)
    return bool(
        re.search(
            r"(?:(?:women|men|people|users|customers|clients|retirees|parents|aged?|anyone|those|investors"
            r"|members|savers|holders|kids|children|teens|teenagers|students|minors|adults|and|,)\s(?:who are\s"
            r"|aged\s)?|(?:^|[,.;:]\s))"
            r"(?:over|under|above|below|older than|younger than|at least)\s$",
            before,
        )
    ) and not re.match(r"\s?(?:char|word|yuan|%|cny|people|users)", scan.found.after(place, 8))


_BOUNDED = ("ge", "gt", "le", "lt")


def next_layer(scan: Scan, place: int) -> bool:
    """AUM 10万以下…，10-50万…，50万以上…: a sum with bounds that begins where another ended is the next layer of it."""
    quantity = scan.found.quantity(place)
    if quantity is None or quantity.unit not in ("", "yuan") or not quantity.big or quantity.form == "list":
        return False
    op, places = compare(scan, place)
    if quantity.form != "range" and op not in _BOUNDED:
        return False
    before = [
        hit for hit in scan.hits if hit.shape["field"].endswith("_cny") and hit.first < place and not hit.excluded
    ]
    if not before or not set(_edges(before[-1].shape)) & set(quantity.values):
        return False
    if scan.found.clause(max(before[-1].places)) == scan.found.clause(place):
        return False
    values = [whole(value) for value in quantity.values]
    shape = {"field": before[-1].shape["field"], "op": "between", "value": values}
    scan.add(shape if len(values) > 1 else {**shape, "op": op, "value": values[0]}, place, *places)
    return True


def _edges(shape: Shape) -> list[float]:
    value = shape.get("value")
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, int | float)]
