"""Conditions on what customers are: 女性, 沉默客户, 已实名, 逾期, with negation, window and bound."""

import re
from typing import Any

from linghang.reading.audience.scan import Scan, Shape, compare, is_negated_text
from linghang.reading.audience.traits import shaped
from linghang.reading.quantities import whole
from linghang.reading.sentence import Sentence

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
_PROMISED = re.compile(
    r"(?:引导|促|促进|推动|提升(?:会员|用户|客户|客群)?的?|激励|鼓励|促使|完成|(?<!过)去|(?<!以)(?<!近)来|赶紧|尽快|升级到|升级|升|成为|变成|转|encourage|drive"
    r"|get them to|让[^,，]{0,6})\s*$"
)
_BETWEEN_BOUND = ("", "客户", "用户", "会员", "城市", "的", "的客户", " ")
_OWNER = re.compile(r"\s?(?:的)?(?:客户|用户|人群|客群|人|老客|新客|户)|的?(?=[,，。、;；\s+]|$)|且|并|但|未|没|,|、")
_BENEFIT = re.compile(r"训练营|课|班|专场|福利|专享|专属|券|红包|礼|价|推荐官|讲|大会|节|日|的?权益|关怀计划|招募")
_PRIZE = re.compile(r"(?:奖|抽|送|奖品|赠|价值|win|prize)(?:一台|一部|个|是|为|一|:|\s)*$")
_DONE = re.compile(r"(?:已经?|完成|做完|做过|有|were|was|have|has|been|who)\s*$")
_HAS_DONE = re.compile(r"已|过|了|有|完成|在|中|用户|客户|做|ed\b|have|has|users|with|holders")
_OWNER_FIRM = re.compile(
    r"\s?(?:过|了|的?(?:客户|用户|人群|客群|人(?!数)|老客|新客|户)|的?(?=[、\s])|且|并|但|未|没|超过?|满|后|成功"
    r"|的(?=[,，。]|$))"
)
_NOT_BEHIND = re.compile(
    r"(?:还|都|一直|从)?(?:没|未)(?:有)?(?:做|完成|办|办理|弄|搞|开|开通|通过|过)(?:过)?|not (?:done|completed)"
)
ACHIEVED = frozenset(
    ("kyc_done", "card_bound", "app_installed", "credit_activated", "pension_account", "risk_assessed", "sip_active",
    "follow_manager", "instalment", "credit_drawn")
)  # fmt: skip


def state(scan: Scan, place: int) -> bool:
    """Read a state: 女性, 沉默客户, 已实名, 逾期, with its negation, window and bound."""
    found = scan.found
    token = found.tokens[place]
    claim = dict(token.senses["state"])
    if _means_other(found, place, claim):
        return False
    opposite, ordinal = claim.pop("opposite", None), claim.pop("ordinal", None)
    if not token.has("idiom") and _is_goal(scan, place):
        scan.goals.append(place)
        return False
    if _profit(scan, place, claim):
        return True
    _bill_amount(scan, place, claim)
    shape: Shape = claim
    places = [place]
    negation = scan.negation(place) if not token.has("idiom") else None
    if negation is not None:
        places.append(negation)
    elif not token.has("idiom") and claim["field"] != "profit" and is_negated_text(found, place):
        negation = place
    elif not token.has("idiom") and claim["field"] in ACHIEVED and _NOT_BEHIND.match(found.after(place, 8)):
        negation = place
        places += [p for p in (place + 1,) if scan.free(p) and found.tokens[p].has("neg")]
    _windowed(scan, place, shape, places)
    _bound(scan, place, shape, places, bool(ordinal))
    _times(scan, place, shape, places)
    if negation is not None and claim["field"] == "active" and "window_days" in shape:
        shape = {"field": "last_active_days", "op": "gt", "value": shape["window_days"]}
    elif negation is not None and opposite:
        shape = dict(opposite)
    elif negation is not None:
        shape["negated"] = True
    scan.add(shape, *places, weak=_is_weak(scan, place, claim))
    return True


def _means_other(found: Sentence, place: int, claim: Shape) -> bool:
    """代发企业员工 are not the bank's own; 做定投打卡 is what is made, not who saves by plan."""
    if found.tokens[place].text == "老板":
        return _is_the_boss(found, place)
    if claim.get("value") == "employee":
        return bool(re.search(r"(?:企业|公司|代发|单位|事业|国企|央企)$", found.before(place, 4)))
    return claim["field"] == "sip_active" and bool(re.match(r"打卡|转化|推广|活动|拉新", found.after(place, 3)))


_PRESSES = re.compile(
    r"(?:们)?(?:今天|昨天|刚才|刚|又|也|都|很|挺|特别|非常|亲自|过来|一直|那边|天天|老是)*"
    r"(?:催|盯|抓|问|急|看重|重视|关注|关心|在意|发话|点头|点名|交代|吩咐|拍板|嫌|不满|希望|要看|要求|指示|挂帅|牵头)"
)
_TELLS_HIM = re.compile(r"(?:给|跟|向|和|对|帮|替)(?:我们|咱们|咱|我)?$")
_TOLD = re.compile(r"(?:们)?(?:那边)?(?:交差|汇报|看(?!过)|讲|过目|解释|交代|复命|过会)")


def _is_the_boss(found: Sentence, place: int) -> bool:
    """老板催了, 给老板交差: who wants the campaign is not whom it reaches."""
    after = found.after(place, 14)
    told = _TELLS_HIM.search(found.before(place, 4)) and _TOLD.match(after)
    return bool(told) or bool(_PRESSES.match(after))


_HAPPENS = frozenset(("credit_drawn", "complaint", "overdue", "touched", "loan_settled", "loan_rejected"))


def _times(scan: Scan, place: int, shape: Shape, places: list[int]) -> None:
    """借过两次以上: how often it happened, said right behind."""
    quantity = scan.found.quantity(place + 1) if scan.free(place + 1) else None
    if shape["field"] not in _HAPPENS or quantity is None or quantity.unit != "times" or quantity.form != "one":
        return
    if scan.found.gap(place, place + 1).strip(" 了过"):
        return
    op, marks = compare(scan, place + 1)
    shape |= {"op": op or "ge", "value": quantity.value}
    places += [place + 1, *marks]


def _bill_amount(scan: Scan, place: int, claim: dict[str, Any]) -> None:
    """unpaid bills over 2000: the state and the sum."""
    found = scan.found
    other = place + 1
    if claim["field"] not in ("bill_unpaid", "bill_exists") or not scan.free(other):
        return
    other += found.tokens[other].has("cmp")
    quantity = found.quantity(other)
    if (
        quantity is None
        or not scan.free(other)
        or quantity.unit not in ("", "yuan")
        or found.clause(other) != found.clause(place)
    ):
        return
    op, places = compare(scan, other)
    if op:
        scan.add(shaped("bill_amount_cny", quantity, op), other, *places)


def _windowed(scan: Scan, place: int, shape: Shape, places: list[int]) -> None:
    if shape["field"] not in _WINDOWED or "window_days" in shape or "会员" in scan.found.tokens[place].text:
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
        held = (
            place + 1 < len(found.tokens)
            and found.tokens[place + 1].has("product")
            and found.tokens[place].text == "existing"
        )
        return held or found.tokens[place].text in ("老客", "老客户", "老用户", "老户", "customers", "旧客", "旧客户")
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
    everybody = token.senses["state"].get("value") == "all"
    if (
        field in ("segment", "lifecycle", "occupation", "member_tier", "device_os")
        and not everybody
        and (_BENEFIT.match(after) or _PRIZE.search(before))
    ):
        return True
    if scan.negation(place) is not None or is_negated_text(found, place) or _DONE.search(before):
        return False
    if _PROMISED.search(before):
        return True
    if token.has("objective"):
        return not _OWNER.match(after)
    return field in ACHIEVED and not _HAS_DONE.search(token.text) and not _OWNER_FIRM.match(after)


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
        # 亏了10%还多 is more than that.
        op = "gt" if re.match(r"\s?(?:还多|不止|都不止)", found.after(other, 4)) else op or "ge"
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
        and found.gap(place, after) in _BETWEEN_BOUND
        and found.tokens[after].text not in ("+", "plus")
    ):
        op = found.tokens[after].senses["bound"]
        # Tier 1 is the highest: 二线以上 are tiers up to 2.
        if shape["field"] == "city_tier":
            op = {"ge": "le", "le": "ge", "lt": "ge"}.get(op, op)
        shape["op"] = op
        places.append(after)
