"""Who is meant: conditions on customers, and who is left out."""

import itertools
import re
from collections.abc import Callable
from typing import Any

from linghang.reading.audience.behaviours import behaviour
from linghang.reading.audience.holdings import holders, sum_of_term
from linghang.reading.audience.left_out import OUT_AFTER, OUT_BEFORE, not_of_itself
from linghang.reading.audience.scan import OPENED, Hit, Scan, Shape
from linghang.reading.audience.states import ACHIEVED, state
from linghang.reading.audience.traits import figure, grade, next_layer, years
from linghang.reading.draft import Draft
from linghang.reading.model import Assumption
from linghang.reading.sentence import Sentence

# 收到过我们消息的客户不发
_OUR_WORD = re.compile(
    r"^(?:过|了)?(?:我们|咱们?|本行|我行)?(?:的|发的)?"
    r"(?:消息|短信|推送|信息|内容|电话|触达)?(?=的)"
)
_NOT_THESE = re.compile(r"(?<!是)(?<!要)(?:不是|不属于|并非|不算)(?:我们的?|本行的?|咱们的?)?$")
_NEW_PRODUCT = re.compile(
    r"(?:不推|别推|不要推销|不推销|别推销|不要推|不推荐|不主推|don't push|no)\s?(?:任何)?(?:新品|新的?产品|新发"
    r"|新发产品|新发基金|new products?)"
    r"|(?:新品|新产品|新发产品|新发基金|新基金)(?:就|都|先|也|一律)?(?:不要?|别|不用|不许|不准|暂不|先不|勿)(?:再|主|推荐|来)?推"
    r"|(?:leave|keep) (?:any )?new products? out"
)
_UNLESS = re.compile(r"外|以外|之外|都|全")


def audience(
    draft: Draft, known: frozenset[str], parted: Callable[[Draft, list[Hit]], list[Hit]] | None = None
) -> None:
    """Put ``audience`` and ``exclusions``; the tokens behind them are used up.

    ``parted`` may take out the conditions that belong to single segments, and gives back those that hold for all.
    """
    scan = Scan(draft.sentence, known)
    _scan(scan)
    _scope(scan)
    if parted is not None:
        scan.hits = parted(draft, scan.hits)
    _place(draft, scan)
    draft.hints["goals"] = [
        draft.sentence.tokens[place]
        for place in scan.goals
        if draft.sentence.tokens[place].senses["state"]["field"] in ACHIEVED
    ]
    for hit in _NEW_PRODUCT.finditer(draft.sentence.text):
        draft.add("exclusions", {"field": "product_tag", "op": "eq", "value": "new"})
        draft.note("exclusions", *hit.span())


def conditions(found: Sentence, known: frozenset[str]) -> list[Hit]:
    """The conditions of a sentence with their places and scope, for edits and questions."""
    scan = Scan(found, known)
    _scan(scan)
    _scope(scan)
    return scan.hits


# acquire new fund customers: they are what is wanted, not whom one writes to.
_RECRUITED = re.compile(r"(?:acquir(?:e|ing)|recruit|get|attract|win|onboard|want|bring in|sign up|\d[\d,]*k?)\s$")


def _scan(scan: Scan) -> None:
    for place, token in enumerate(scan.found.tokens):
        if not scan.free(place) or (token.text == "new" and _RECRUITED.search(scan.found.before(place, 16))):
            continue
        if "act" in token.senses and "state" not in token.senses and behaviour(scan, place):
            continue
        if token.text == "持仓" and figure(scan, place):
            continue
        if "product" in token.senses and holders(scan, place):
            continue
        if "grade" in token.senses and grade(scan, place):
            continue
        if "state" in token.senses and (state(scan, place) or place in scan.taken):
            continue
        if "field" in token.senses and figure(scan, place):
            continue
        if "quantity" in token.senses and not years(scan, place) and not next_layer(scan, place):
            sum_of_term(scan, place)
    _merge(scan)


_TELLS_MORE = {"bill_amount_cny": "bill_exists", "loan_rejected": "apply"}


def _merge(scan: Scan) -> None:
    """北京、上海 are one condition with two values; an application that was declined is the declining."""
    kept: list[Hit] = []
    for hit in sorted(scan.hits, key=lambda item: item.first):
        last = kept[-1] if kept else None
        if last is not None and _listed(scan, last, hit):
            first = last.shape["value"] if isinstance(last.shape["value"], list) else [last.shape["value"]]
            if hit.shape["value"] not in first:
                last.shape = {**last.shape, "op": "in", "value": [*first, hit.shape["value"]]}
            last.places += hit.places
            continue
        kept.append(hit)
    bounded = {
        (hit.shape["field"], str(hit.shape.get("value"))) for hit in kept if hit.shape["op"] in ("ge", "le", "gt", "lt")
    }
    kept = [
        hit
        for hit in kept
        if hit.shape["op"] != "eq" or (hit.shape["field"], str(hit.shape.get("value"))) not in bounded
    ]
    fields = {hit.shape["field"] for hit in kept}
    if "profit_pct" in fields:
        kept = [hit for hit in kept if hit.shape["field"] != "profit" or hit.shape.get("value") != 0]
    summed = {
        hit.shape["field"].removesuffix("_amount_cny") for hit in kept if hit.shape["field"].endswith("_amount_cny")
    }
    kept = [
        hit
        for hit in kept
        if hit.shape["field"] not in summed or hit.shape["op"] != "exists" or hit.shape.get("negated")
    ]
    counted = {hit.shape["field"] for hit in kept if hit.shape["op"] in ("ge", "gt", "le", "lt", "between")}
    kept = [
        hit
        for hit in kept
        if hit.shape["op"] != "exists"
        or hit.shape["field"] not in counted
        or hit.shape.get("negated")
        or "value" in hit.shape
    ]
    told = {other for one, other in _TELLS_MORE.items() if one in fields}
    kept = [hit for hit in kept if hit.shape["field"] not in told or hit.shape.get("negated")]
    kept = _consistent(kept)
    windowed = {hit.shape["field"] for hit in kept if "window_days" in hit.shape}
    kept = [hit for hit in kept if set(hit.shape) != {"field", "op"} or hit.shape["field"] not in windowed]
    scan.hits = kept


def _consistent(hits: list[Hit]) -> list[Hit]:
    """支付绑卡，注册了没绑卡的: of a state and its opposite the one that is denied is meant, the other is the goal."""
    denied = {(h.shape["field"], str(h.shape.get("value"))) for h in hits if h.shape.get("negated") and not h.excluded}
    return [
        hit
        for hit in hits
        if hit.shape.get("negated")
        or set(hit.shape) - {"field", "op", "value"}
        or hit.shape["op"] != "exists"
        or (hit.shape["field"], str(hit.shape.get("value"))) not in denied
    ]


_SINGLE_VALUED = frozenset(
    ("in_campaign", "holding", "holding_ever", "purchase", "page_view", "click", "search", "redeem", "apply")
)


def _listed(scan: Scan, first: Hit, second: Hit) -> bool:
    if first.shape["field"] != second.shape["field"] or first.shape["field"] in _SINGLE_VALUED:
        return False
    if (
        first.shape["op"] not in ("eq", "in")
        or second.shape["op"] != "eq"
        or first.shape.get("negated") != second.shape.get("negated")
    ):
        return False
    gap = scan.found.text[scan.found.tokens[max(first.places)].end : scan.found.tokens[second.first].start]
    return bool(
        re.fullmatch(
            r"\s*(?:客户|用户|的|市|省)?\s*(?:、|/|和|同|跟|或者?|与|以及|及|,|and|or|&)?\s*(?:or|and)?\s*", gap
        )
    )


def _scope(scan: Scan) -> None:
    """Which conditions are exclusions: those in the reach of a word of exclusion before or behind them."""
    found = scan.found
    for hit in scan.hits:
        last = max(hit.places)
        if hit.shape["field"] == "segment" and hit.shape.pop("negated", False):
            # not employees: a group that is not meant is left out.
            hit.excluded = True
        if _NOT_THESE.search(found.before(hit.first, 8)) and "negated" not in hit.shape:
            # 不是员工也不是投诉客户: groups are left out, of states the opposite is meant.
            if hit.shape["field"] == "segment":
                hit.excluded = True
            elif hit.shape["op"] in ("exists", "eq"):
                hit.shape["negated"] = True
        behind = found.after(last, 26)
        if hit.shape["field"] == "touched":
            behind = _OUR_WORD.sub("", behind)
        if OUT_BEFORE.search(found.before(hit.first, 10)) or OUT_AFTER.match(behind):
            hit.excluded = True
    not_of_itself(scan)
    for place, token in enumerate(found.tokens):
        if "exclude" in token.senses and place not in found.used | scan.taken and not _inside_word(found, place):
            _reach(scan, place)
    _listed_out(scan)
    # PLUS会员拉新 sells the membership; nobody has it yet.
    scan.hits = [
        hit for hit in scan.hits if hit.shape["field"] != "member_tier" or not _SOLD.match(_behind(found, hit))
    ]


_BOTH = re.compile(
    r"(?:过|了)?的?(?:客户|用户|人)?\s?(?:和|、|与|以及|跟|还有"
    r"|及)\s?的?(?:[近最过][^,，。]{0,6}[天周月年]内?)?"
)
_SOLD = re.compile(r"(?:卡)?(?:的)?(?:拉新|获客|招募|开通|推广|引流|订阅|售卖|办理|首开)")
_ALL_OUT = re.compile(r"(?:过|了)?的?(?:客户|用户|人)?(?:都|全|一律|全部|统统|也|一起)")


def _behind(found: Sentence, hit: Hit) -> str:
    return found.text[found.tokens[max(hit.places)].end :][:8]


def _listed_out(scan: Scan) -> None:
    """投诉过的和退订的都排掉: what is said of the last of a list is said of all of it."""
    ordered_hits = sorted(scan.hits, key=lambda item: item.first)
    listed: list[Hit] = []
    for hit, after in reversed(list(itertools.pairwise(ordered_hits))):
        gap = scan.found.text[scan.found.tokens[max(hit.places)].end : scan.found.tokens[after.first].start]
        behind = scan.found.text[scan.found.tokens[max(after.places)].end :][:10]
        out = _ALL_OUT.match(behind) or OUT_AFTER.match(behind) or hit.excluded or after in listed
        if after.excluded and _BOTH.fullmatch(gap) and out:
            hit.excluded = True
            listed.append(hit)


_LAPSED = ("last_login_days", "last_active_days")
_EXISTING = (
    *_LAPSED,
    "lifecycle",
    "purchase",
    "holding",
    "holding_ever",
    "holding_amount_cny",
    "holding_days",
    "redeem",
    "loan_settled",
    "credit_drawn",
    "credit_activated",
    "policy_expire_days",
    "maturity_days",
    "register_days",
    "in_campaign",
    "member_tier",
)


def _says_more(exact: Shape, weak: Shape) -> bool:
    """Whether an exact condition makes a stage of life redundant: who lapsed or bought is an existing customer."""
    if weak["field"] == "segment":
        return exact["field"] == "age"
    stage = weak.get("value")
    if stage == "existing":
        return exact["field"] in _EXISTING and not exact.get("negated")
    if stage in ("dormant", "churned"):
        return exact["field"] in _LAPSED or (exact["field"] == "credit_drawn" and bool(exact.get("negated")))
    return exact["field"] == "register_days"


def _inside_word(found: Sentence, place: int) -> bool:
    return found.tokens[place].text in ("别给", "不给") and found.before(place, 1) == "分"


def _reach(scan: Scan, place: int) -> None:
    found = scan.found
    clause = found.clause(place)
    ahead = [hit for hit in scan.hits if hit.first > place and found.clause(hit.first) == clause]
    if found.tokens[place].text in ("除了", "除去", "刨去", "除", "except", "except for", "other than"):
        ahead = _before_rest(scan, place, ahead)
    if not ahead:
        behind = [hit for hit in scan.hits if hit.first < place and found.clause(hit.first) == clause]
        ahead = (
            behind[-1:]
            if behind and not re.match(r"[:：]", found.after(place, 2).strip())
            else [hit for hit in scan.hits if hit.first > place and found.clause(hit.first) == clause + 1]
        )
    for hit in ahead:
        hit.excluded = True
    scan.taken.add(place)


def _before_rest(scan: Scan, place: int, ahead: list[Hit]) -> list[Hit]:
    """除了C1都可以: what stands behind 外 or 都 is meant again."""
    found = scan.found
    start = found.tokens[place].end
    stop = _UNLESS.search(found.text, start)
    if stop is None or found.clause_at(stop.start()) != found.clause(place):
        return ahead
    return [hit for hit in ahead if found.tokens[hit.first].start < stop.start()]


def _place(draft: Draft, scan: Scan) -> None:
    firm = [hit for hit in scan.hits if not hit.excluded and not hit.weak]
    for hit in scan.hits:
        if hit.weak and any(_says_more(other.shape, hit.shape) for other in firm):
            _use(draft, hit)
            continue
        if hit.shape == {"field": "segment", "op": "eq", "value": "all"} and any(o is not hit for o in firm):
            _use(draft, hit)
            continue
        key = "exclusions" if hit.excluded else "audience"
        if scan.known and hit.shape["field"] not in scan.known:
            # What the catalogue does not have can be no condition; the operator is told instead.
            draft.assumptions.append(Assumption(key, ordered(hit.shape), "reading.field_not_in_catalogue"))
            _use(draft, hit)
            continue
        draft.add(key, ordered(hit.shape))
        _use(draft, hit, f"{key}[{hit.shape['field']}]")


def ordered(shape: Shape) -> Shape:
    """The keys of a condition in the order of the contract."""
    return {key: shape[key] for key in ("field", "op", "value", "window_days", "negated") if key in shape}


def _use(draft: Draft, hit: Hit, key: str = "audience") -> None:
    for place in hit.places:
        if 0 <= place < len(draft.sentence.tokens):
            draft.support(key, place)


_EXPIRY = {"insurance": "policy_expire_days", "membership": "benefit_expire_days"}


def fit_expiry(values: dict[str, Any]) -> None:
    """到期 is of the policy for an insurance, of the benefit for a membership or a coupon in hand."""
    fields = {shape["field"] for shape in values.get("audience", [])}
    name = "benefit_expire_days" if "coupon_unused" in fields else _EXPIRY.get(values.get("product", ""))
    if fields & {"bill_unpaid", "bill_exists", "bill_amount_cny"}:
        name = "bill_due_days"
    if "holding_amount_cny" in fields and fields & {"bill_unpaid", "bill_exists", "bill_due_days"}:
        # 账单还没还、金额1000以上: the sum of the bill.
        for shape in values["audience"]:
            if shape["field"] == "holding_amount_cny":
                shape["field"] = "bill_amount_cny"
    for shape in values.get("audience", []):
        if shape["field"] == "maturity_days" and name and name not in fields:
            shape["field"] = name


def fill_product(values: dict[str, Any], placeholder: str) -> None:
    """Conditions that name no product (没下单) hold the product of the campaign."""
    product = values.get("product")
    for key in ("audience", "exclusions"):
        for shape in values.get(key, []):
            if shape.get("value") == OPENED and product == "credit":
                shape["field"] = "credit_activated"
                del shape["value"]
            elif shape.get("value") in (placeholder, OPENED):
                if product:
                    shape["value"] = product
                else:
                    del shape["value"]
