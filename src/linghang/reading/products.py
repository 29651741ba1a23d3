"""What of: the product that is pushed, else talked of, else what the audience is about."""

import re
from collections.abc import Mapping
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.sentence import Sentence

DROPPED = re.compile(
    r"^[^,，。;]{0,8}?(?:别做了|不做了|先不做|不搞了|取消了?|停了|先停|别搞了|不要做了|算了|先放放"
    r"|(?:先|就|都)?(?:撂下|撂一边|放下|放一边|搁下|搁一边|搁置|缓一?缓|暂缓|停掉|停下|按下|押后|往后放|叫停"
    r"|打住|收了))"
)
_PUSH = re.compile(
    r"(?:推|推广|主推|推荐|营销|卖|推销|转投|转买|转成|转向|转为|(?<![流净])转"
    r"|升级|升级为|升级到|promote|sell|offer|pitch|cross-sell|cross sell"
    r"|upsell"
    r"|product:|产品:|产品是|产品)\s*(?:一下|一波|一批|一款|点|[个份款只支些]|咱们的?|我们的?|我行的?|新的?"
    r"|our|the|monthly"
    r"|产品|:|：|“|\"|\s)*$"
)
# 消费贷被拒的客户: what they were refused is not what they are offered.
_OF_WHOM = re.compile(r"^(?:申请)?(?:被拒|被驳回|没批|未通过|逾期)")
_OFFER_FOR = re.compile(r"^(?:专属|新人|首投|通用|的)?(?:券|红包|优惠券|满减|礼)")
_UNIT_OF_HOUSE = re.compile(r"(?:条线|部门?|团队|事业部|中心|业务线|板块|组)(?![页])")


def product(draft: Draft, reserve: list[int]) -> None:
    """Put ``product`` and ``product_detail``: what is pushed, else what is talked of, else what the audience is about.

    ``reserve`` are the places of products that conditions on customers named.
    """
    found = draft.sentence
    places = [
        place
        for place, token in enumerate(found.tokens)
        if (
            "product" in token.senses
            or ("inner" in token.senses and "objective" in token.senses)
            or ("inner" in token.senses and _PUSH.search(found.before(place, 12)))
        )
        and not _dropped(found, place)
        and not (token.has("state") and place in found.used)
        and not _UNIT_OF_HOUSE.match(found.after(place, 4))
        and not _of_a_tier(found, place)
    ]
    free = [place for place in places if place not in found.used and not _refused(found, place)]
    pushed = [place for place in free if _PUSH.search(found.before(place, 12)) or _catches(found, place)]
    chosen = (
        pushed
        or [p for p in free if not _OFFER_FOR.match(found.after(p, 4)) and not _OF_WHOM.match(found.after(p, 6))]
        or free
        or sorted(
            (place for place in places if place in reserve), key=lambda p: not _LACKED.search(found.before(p, 12))
        )
        or _dropped_products(found)
    )
    if not chosen:
        return
    best = chosen[0]
    token = found.tokens[best]
    spec = token.senses.get("product") or token.senses["inner"]
    kind = spec["kind"]
    detail = spec["detail"] or _more_exact(found, chosen, kind)
    draft.put("product", kind, best)
    if detail and best not in reserve:
        draft.put("product_detail", detail, best)
    _risk_limit(draft)


# 持有货基但没买过固收+: of two products that customers are about, the one they lack is the one to sell.
_LACKED = re.compile(
    r"(?:没|未|从未|不曾)(?:有)?(?:买|持有?|投|配置?|开|申购|购买|碰|接触)?过?$|(?:never (?:bought|held)|without|no) $"
)


def _catches(found: Sentence, place: int) -> bool:
    """用货基接回来: what catches the money that leaves."""
    return bool(re.search(r"(?:用|拿|靠|以)\s?$", found.before(place, 3))) and bool(
        re.match(r"(?:来|去)?(?:接|承接|托|兜|留住|稳住)", found.after(place, 4))
    )


_BY_FIELD = (
    ("credit", ("credit_activated", "credit_approved", "credit_drawn", "credit_limit_cny", "loan_settled",
    "loan_rejected", "bill_exists", "bill_unpaid", "bill_amount_cny", "bill_due_days", "overdue", "instalment")),
    ("insurance", ("holds_policy", "policy_expire_days")),
    ("fund", ("sip_active", "profit_pct")),
    ("wealth", ("pension_account", "pension_deposit")),
    ("membership", ("benefit_expire_days",)),
)  # fmt: skip
_BY_PAGE = {
    "gold_price": "gold",
    "gold": "gold",
    "wealth_page": "wealth",
    "fund_page": "fund",
    "insurance_page": "insurance",
    "credit_page": "credit",
    "baitiao_page": "credit",
    "deposit_page": "savings",
    "membership_page": "membership",
}


_ABOUT_PRODUCTS = frozenset(name for _, names in _BY_FIELD for name in names)


def implied_product(draft: Draft, only: Mapping[str, Any] | None) -> None:
    """A product that nobody named: what the goal, the pages seen or the condition's own fields are about."""
    if "product" in draft.values:
        return
    for senses in (token.senses for token in (*draft.hints.get("goals", []), *draft.sentence.tokens)):
        if (
            "inner" in senses
            and not senses.keys() & {"slot", "offer"}
            and senses.get("state", {}).get("field", "sip_active") in _ABOUT_PRODUCTS
        ):
            draft.assume("product", senses["inner"]["kind"], "reading.product.in_words")
            if senses["inner"]["detail"]:
                draft.values["product_detail"] = senses["inner"]["detail"]
            return
    for token in draft.sentence.tokens:
        if token.senses.get("page") in _BY_PAGE:
            draft.assume("product", _BY_PAGE[token.senses["page"]], "reading.product.looked_at")
            return
    fields = [shape["field"] for shape in draft.values.get("audience", [])]
    for kind, names in (*_BY_FIELD[:3], _BY_FIELD[-1]):
        if any(field in names for field in fields):
            draft.assume("product", kind, "reading.product.of_field")
            return
    if only is not None:
        draft.assume("product", only["kind"], "reading.product.only_one")
        draft.values["product_detail"] = only["detail"]


def _of_a_tier(found: Sentence, place: int) -> bool:
    """白金卡会员 are people of a tier, not the product membership."""
    before = found.tokens[place - 1] if place else None
    return (
        before is not None
        and before.senses.get("state", {}).get("field") == "member_tier"
        and found.tokens[place].text in ("会员", "members", "member")
        and before.end == found.tokens[place].start
    )


def _more_exact(found: Sentence, places: list[int], kind: str) -> str:
    for place in places:
        spec = found.tokens[place].senses.get("product") or found.tokens[place].senses["inner"]
        if spec["kind"] == kind and spec["detail"]:
            return str(spec["detail"])
    return ""


def _refused(found: Sentence, place: int) -> bool:
    return bool(re.search(r"(?:不推|别推|不做|别做|不是|而非|不要推|no|not)\s*(?:任何)?\s*$", found.before(place, 8)))


def _dropped(found: Sentence, place: int) -> bool:
    return bool(DROPPED.match(found.text[found.tokens[place].end :]))


def _dropped_products(found: Sentence) -> list[int]:
    return [place for place, token in enumerate(found.tokens) if "product" in token.senses]


# 持有R3及以下基金的，推QDII: what customers hold limits nothing.
_HAS = re.compile(r"(?:持有|持仓|买过|买了|投过|hold|holding|holds|own)(?:过|的|了|\s)*$")


def _risk_limit(draft: Draft) -> None:
    """R3及以下基金: the risk grades of the product that the campaign may show."""
    found = draft.sentence
    for place in list(found.where("grade")):
        values = found.tokens[place].senses["grade"]
        if not values[0].startswith("R") or _HAS.search(found.before(place, 6)):
            continue
        bound = (
            found.tokens[place + 1].senses.get("bound")
            if place + 1 < len(found.tokens) and found.gap(place, place + 1).strip() == ""
            else None
        )
        limit = values[0] if len(values) == 1 else "-".join(values)
        words = {"ge": "及以上", "le": "及以下", "lt": "及以下"}.get(bound or "", "")
        kind = {"fund": "基金", "wealth": "理财"}.get(draft.values.get("product", ""), "")
        if words or kind:
            draft.values["product_detail"] = f"{limit}{words}{kind}"
            draft.support("product_detail", place)
            draft.hints["product_risk"] = (values[0], bound)


def suit(draft: Draft) -> None:
    """R3以下、C3客户: customers of a product of up to R3 are those whose grade bears it, C3 and above."""
    risk = draft.hints.get("product_risk")
    if not risk or risk[1] not in ("le", "lt"):
        return
    for shape in draft.values.get("audience", []):
        if shape["field"] == "risk_level" and shape["op"] == "eq" and str(shape["value"])[1:] == risk[0][1:]:
            shape["op"] = "ge"
