"""What is given: the kind of offer, its face value, threshold, periods, tiers."""

import re
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.offer_details import details, spend_and_save
from linghang.reading.quantities import Quantity, whole
from linghang.reading.sentence import Sentence

_RANK = {
    "lottery": 0,
    "interest_free_coupon": 1,
    "rate_coupon": 1,
    "red_packet": 2,
    "coupon": 3,
    "cashback": 3,
    "points": 4,
    "gift": 5,
    "fee_discount": 5,
    "discount": 6,
}
# These words name an offer only with a figure beside them (利率, 首单 and 费率 also name other things).
_NEEDS_FIGURE = frozenset(("费率", "手续费", "申购费", "申购费率", "服务费", "赎回费", "管理费", "分期手续费", "fee",
    "fees", "佣金", "利率", "第一个月", "头一个月", "首个月",
    "第一年", "头一年", "首季", "首季度", "首两月",
    "首三月", "前两个月", "前三个月", "首月", "首单", "首年", "discount", "off", "折扣", "打折",
                           "rebate", "points", "抽", "返还", "周边", "话费", "礼物", "transaction fee",
                           "subscription fee", "purchase fee", "降息", "加息", "积分", "金币"))  # fmt: skip
_HAD = re.compile(
    r"(?:领过|领了|核销过|核销了|抵扣过|使用了|用过|用了|抢过|拿过|中过|使用过|领取过|没领过?|未领|没用"
    r"|redeemed|used|claimed|没抢到|敏感"
    r"|偏好)\s*(?:的|我们的?|a|the|\d+元)?\s*$"
)
_REFUSED = re.compile(
    r"(?:不发|不送|不给|不要|别发|别送|没有|无|不用|不提供|不搞|no|without|不做|(?:不用|不必|无需|不需要|别"
    r"|先不|暂不|没打算)(?:再)?(?:发|送|给|派|搭|配|带))(?:任何|\s?any)?\s*$"
)
_AFTER = re.compile(
    r"\s*(?:给|for|低至|最低|每月|每个月|面额|面值|金额|额度|额|价值|最高|最多|每张|每人|每个|每户|一张|统一"
    r"|全部|全场|全程"
    r"|全年|是|为|打|降到"
    r"|降至|到|of|worth|:|,|，|优惠|一律|只要|只收|才收|只需|仅收|仅需|仅|at|减免|减|免|奖励|共|大礼包|礼包|\("
    r"|（)*\s*"
)
_BEFORE = re.compile(
    r"\s*(?:的|元|off|现金|面额的?|无门槛|通用|新客|新人|专属|申购|理财|基金|支付|白条|首投|回归|大额|小额|满减"
    r"|专享|生日|定投|立减|还款|话费|优惠|cash|free|gold|worth of|for the|for|体验|利率|费率|分期|全品类|黄金"
    r"|保险|借款|存款"
    r"|worth|价值的?)*\s*"
)


_NO_FEE = re.compile(
    r"(?:手续费|申购费率?|费率|管理费|服务费)(?:全部?|全程|一律|统统)?(?:全免|免掉?|为?零|归零)(?!息)"
    r"|waiv(?:e|ing) (?:the |all )?(?:[a-z]+ )?fees?(?![a-z])|免(?:收|除)?(?:申购|手续|管理|服务|交易)费"
    r"|(?:zero|waived) (?:[a-z]+ )?fees?(?![a-z])"
    r"|fee waiver|fees? (?:are )?waived"
)


_HALF_FEE = re.compile(
    r"(?:手续费|申购费率?|费率|管理费|服务费)(?:全部?|一律|统统)?(?:半价|减半|砍半|打对折|对折|收一半|只收一半)"
    r"|(?:half[- ]price|half) (?:[a-z]+ )?fees?(?![a-z])|fees? (?:are |is )?(?:halved|cut in half)"
)


def offers(draft: Draft) -> None:
    """Put ``offer``: the leading one when several words name it (新客首单红包 is a red packet)."""
    found = draft.sentence
    places = [place for place in found.where("offer") if _is_offer(found, place)]
    if not places:
        _unnamed(draft)
        return
    lead = min(places, key=lambda place: (_RANK[found.tokens[place].senses["offer"]], place))
    value: dict[str, Any] = {"type": found.tokens[lead].senses["offer"]}
    if value["type"] == "coupon" and any(
        found.tokens[p].text in ("利率", "降息", "加息") for p in found.where("offer")
    ):
        value["type"] = "rate_coupon"
    if re.search(r"off\b.{0,24}fees?|fees?.{0,12}off\b", found.text):
        value["off"] = True
    draft.support("offer", lead)
    for place in sorted(places, key=lambda place: (place != lead, abs(place - lead))):
        if _figure(draft, value, place):
            break
    if value == {"type": "discount"} and _NO_FEE.search(found.text):
        value = {"type": "fee_discount", "fee_discount": 0}
    for place in places:
        if found.clause(place) == found.clause(lead) or _related(found.tokens[place].senses["offer"], value["type"]):
            draft.support("offer", place)
    details(draft, value)
    value.pop("off", None)
    draft.values["offer"] = value


def _unnamed(draft: Draft) -> None:
    """手续费全免, 手续费半价, 满20减5, 送20块: something that is given, under no name of an offer."""
    if hit := _HALF_FEE.search(draft.sentence.text):
        draft.values["offer"] = {"type": "fee_discount", "fee_discount": 0.5}
        draft.note("offer", *hit.span())
    elif hit := _NO_FEE.search(draft.sentence.text):
        draft.values["offer"] = {"type": "fee_discount", "fee_discount": 0}
        draft.note("offer", *hit.span())
    elif not _plain_saving(draft):
        _plain_reward(draft)


def _related(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"coupon", "red_packet", "discount", "gift"}


def _is_offer(found: Sentence, place: int) -> bool:
    token = found.tokens[place]
    if token.has("state", "metric_word") and not token.has("objective"):
        return False
    if _HAD.search(found.before(place, 10)) or _REFUSED.search(found.before(place, 14)):
        return False
    if (
        re.match(
            r"(?:领取|核销|使用)?率|没用|未用|没领|快?过期|即将过期|到期|敏感|页|中心|面额|改"
            r"|换",
            found.after(place, 4),
        )
        and token.text != "手续费"
    ):
        return False
    given = re.search(
        r"(?:送|赠|赠送|奖励|发放?|派|领取?|返|得|兑|give|(?<![a-z])get|earn|double|triple|双倍"
        r"|多倍)\s*$",
        found.before(place, 8),
    )
    return token.text not in _NEEDS_FIGURE or given is not None or _beside(found, place) is not None


_A_BUDGET = 10000
"""So much money behind a comma is no longer what one of an offer is worth."""


def _beside(found: Sentence, place: int) -> int | None:
    """The place of the quantity that stands with an offer word, on either side."""
    for other, pattern in ((place + 1, _AFTER), (place - 1, _BEFORE)):
        if not 0 <= other < len(found.tokens) or other in found.used:
            continue
        gap = found.gap(min(place, other), max(place, other))
        quantity = found.quantity(other)
        if (
            quantity is not None
            and pattern.fullmatch(gap)
            and _fits(quantity, found, other)
            and not (re.search(r"[,，]", gap) and (quantity.big or quantity.values[-1] >= _A_BUDGET))
        ):
            return other
    return _beyond(found, place)


def _beyond(found: Sentence, place: int) -> int | None:
    """A quantity one word further off, past another word of the same offer (首月 会员 1元, 基金 费率 1折)."""
    for step, pattern in ((1, _AFTER), (-1, _BEFORE)):
        middle, other = place + step, place + 2 * step
        if (
            not 0 <= other < len(found.tokens)
            or other in found.used
            or not found.tokens[middle].has("offer", "product", "state", "cmp", "budget", "objective", "filler")
        ):
            continue
        if found.clause(middle) != found.clause(place) or found.clause(other) != found.clause(place):
            continue
        quantity = found.quantity(other)
        low, high = min(middle, other), max(middle, other)
        if (
            quantity is not None
            and quantity.unit in ("yuan", "fold", "day", "period")
            and pattern.fullmatch(found.gap(low, high))
            and _fits(quantity, found, other)
        ):
            return other
    return None


def _fits(quantity: Quantity, found: Sentence, place: int) -> bool:
    if quantity.unit in ("yuan", "fold", "pct", "period", "bp"):
        return True
    if quantity.unit == "day":
        return not found.tokens[place].has("window")
    return quantity.unit == "" and not quantity.big and quantity.values[0] <= 100000


# 3 interest-free periods
_PERIODS = re.compile(r"\s(?:periods?|instal?lments?|instal?ments?|months?)(?![a-z])")


def _figure(draft: Draft, value: dict[str, Any], place: int) -> bool:
    other = _beside(draft.sentence, place)
    if other is None:
        return False
    quantity = draft.sentence.quantity(other)
    assert quantity is not None
    draft.support("offer", other)
    word = draft.sentence.tokens[place].senses["offer"]
    if value["type"] == "interest_free_coupon" and quantity.unit == "" and _PERIODS.match(draft.sentence.after(place)):
        value["periods"] = quantity.value
        return True
    highest = bool(
        re.search(r"(?:最高|最多|至高|封顶|上限|不超过|up to)\s*$", draft.sentence.before(other, 6))
        or re.match(r"\s?(?:元|块)?(?:封顶|为上限|max(?:imum)?(?![a-z]))", draft.sentence.after(other, 6))
    )
    _write(value, quantity, word, highest=highest)
    return True


_WITHOUT_PERIODS = frozenset(("lottery", "red_packet", "gift", "points", "cashback"))


def _write(value: dict[str, Any], quantity: Quantity, word: str, *, highest: bool) -> None:
    kind = value["type"]
    if quantity.form == "list" and quantity.unit in ("yuan", ""):
        value["tiers"] = [{"face_value_cny": whole(face)} for face in quantity.values]
    elif quantity.unit == "fold":
        share = round(quantity.values[0] / (10 if quantity.values[0] < 10 else 100), 4)
        if kind == "fee_discount" or word == "fee_discount":
            value["type"], value["fee_discount"] = "fee_discount", share
        else:
            value["desc"] = f"{whole(quantity.values[0])}折"
    elif quantity.unit == "day":
        value["interest_free_days" if kind == "interest_free_coupon" else "days"] = quantity.value
    elif quantity.unit == "period":
        # 搞一期抽奖: an issue of it, no instalments.
        value |= {"periods": quantity.value} if kind not in _WITHOUT_PERIODS else {}
    elif quantity.unit == "pct" and word in ("discount", "fee_discount") and value.get("off"):
        value["type"], value["fee_discount"] = "fee_discount", round(1 - quantity.values[0] / 100, 4)
    elif quantity.unit in ("pct", "bp"):
        value["desc"] = f"{quantity.value}{'%' if quantity.unit == 'pct' else 'bp'}"
    elif kind == "points":
        value["quantity"] = quantity.value
    else:
        value["face_value_cny"] = whole(quantity.values[-1])
        if highest:
            value["face_value_is_max"] = True


def _plain_saving(draft: Draft) -> bool:
    """首笔满20减5 is a coupon that nobody named."""
    value: dict[str, Any] = {"type": "discount" if re.search(r"立减|直减", draft.sentence.text) else "coupon"}
    spend_and_save(draft, value)
    if "face_value_cny" in value:
        draft.put("offer", {"type": value.pop("type"), **value})
    return "face_value_cny" in value


def _plain_reward(draft: Draft) -> None:
    """送20块, give 20 yuan: money that is given, of no named kind."""
    found = draft.sentence
    for place in list(found.where("quantity")):
        quantity = found.quantity(place)
        if (
            quantity is not None
            and quantity.unit == "yuan"
            and re.search(
                r"(?:邀请[^,，。;]{0,6}[得赚拿奖]|送|奖励|补贴|各得|各送|立减|直减|减|(?<![a-z])(?:give|giving|get))(?:他们"
                r"|客户|用户|每人|them|users)?\s*$",
                found.before(place, 10),
            )
        ):
            kind = (
                "discount"
                if re.search(r"减\s*$", found.before(place, 3))
                else "cashback"
                if "返" in found.before(place, 3)
                else "red_packet"
            )
            value = {"type": kind, "face_value_cny": quantity.value}
            details(draft, value)
            draft.put("offer", value, place)
            return
