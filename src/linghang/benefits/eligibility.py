"""Which benefits a campaign may give, and the benefit that the operator's own words ask for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from linghang.base.findings import Finding, Severity
from linghang.base.money import Money
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.benefits.model import Candidates, Excluded, Stock
from linghang.campaigns.sections import Goal, Layer
from linghang.packs.model import Benefit, Label, Pack, Playbook, Pool, Product

NEW_DAYS, DORMANT_DAYS = 90, 30
"""Whoever registered within so many days is new; who was not seen for so many is dormant or gone (domain model 6.2)."""
_LAST_SEEN = ("last_login_days", "last_active_days")
_GIFTS = frozenset({"coupon", "red_packet", "gift", "points", "lottery", "cashback"})
_BARRED: Mapping[str, tuple[frozenset[str], str, Severity]] = {
    "insurance": (_GIFTS | {"discount", "rate_coupon"}, "CN-IN-01", Severity.S1),
    "fund": (frozenset({"gift", "lottery", "cashback", "red_packet", "coupon"}), "CN-FD-21", Severity.S3),
    "wealth": (frozenset({"gift", "lottery", "cashback"}), "CN-WM-08", Severity.S3),
    "deposit": (frozenset({"gift", "lottery", "cashback"}), "CN-WM-08", Severity.S3),
}
"""Kinds of products with which the law of China's mainland bars gifts, the rule, and how much it weighs when a brief
asks for one all the same. Such products take only benefits that name them."""
_FOR_A_PERSON = ("benefits.barred_with_product", "benefits.not_named_for_product")
_UNITS = {"periods": ("期", " instalments"), "interest_free_days": ("天", " days")}


def candidates(goal: Goal, pack: Pack, stock: Stock | None = None) -> Candidates:
    """The benefits that this campaign may give, the playbook's favourites first.

    An offer that the brief names is the only candidate: the pack's own if type and value agree, otherwise one made
    to the operator's words after the nearest of the pack (finding ``benefits.made_to_order``). One that says that
    nothing is given (type ``none``) leaves no candidate.
    """
    left = stock or Stock()
    if goal.offer.get("type") == "none":
        return Candidates(())
    if goal.offer:
        return _said(goal, pack, left)
    kept: list[Benefit] = []
    excluded: list[Excluded] = []
    for benefit in _in_order(pack, goal):
        reason = why_not(benefit, goal, pack, left)
        if reason is None:
            kept.append(benefit)
        else:
            excluded.append(reason)
    return Candidates(tuple(kept), tuple(excluded))


def why_not(benefit: Benefit, goal: Goal, pack: Pack, stock: Stock) -> Excluded | None:
    """The first reason that keeps a benefit out of a campaign, or None."""
    product = next((item for item in pack.products if item.id == goal.product), None)
    if benefit.products and not _for_product(benefit, goal, product):
        return Excluded(benefit.id, "benefits.other_product", {"product": goal.product})
    pools = {pool.id: pool for pool in pack.pools}
    barred = _BARRED.get(goal.product_kind)
    if barred and benefit.type in barred[0]:
        return Excluded(benefit.id, "benefits.barred_with_product", {"rule": barred[1], "kind": goal.product_kind})
    if barred and not benefit.products:
        return Excluded(benefit.id, "benefits.not_named_for_product", {"kind": goal.product_kind})
    if not _within(benefit, goal.start, goal.end):
        return Excluded(
            benefit.id, "benefits.not_valid_then", {"from": _day(benefit.valid_from), "to": _day(benefit.valid_to)}
        )
    if (pool := pools.get(benefit.pool)) is not None and not _within(pool, goal.start, goal.end):
        return Excluded(
            benefit.id, "benefits.pool_not_valid_then",
            {"pool": benefit.pool, "from": _day(pool.valid_from), "to": _day(pool.valid_to)},
        )  # fmt: skip
    if stock.benefits.get(benefit.id, 1) <= 0:
        return Excluded(benefit.id, "benefits.stock_out", {"benefit": benefit.id})
    if stock.pools.get(benefit.pool, 1) <= 0:
        return Excluded(benefit.id, "benefits.pool_empty", {"pool": benefit.pool})
    return None


def fits_layer(benefit: Benefit, layer: Layer, audience: Rule) -> bool:
    """Whether a benefit is for all customers of a layer, by what the rules of audience and layer say of them.

    A benefit for certain life cycles needs rules that say so: what is not known satisfies no claim.
    """
    if not benefit.lifecycles:
        return True
    stages = implied_stages(Combination("all", (audience, layer.rule)))
    return stages is not None and stages <= set(benefit.lifecycles)


def implied_stages(rule: Rule) -> frozenset[str] | None:
    """The life cycles that customers who satisfy a rule can be in, or None where the rule does not tell."""
    if isinstance(rule, Combination):
        found = [implied_stages(part) for part in rule.parts]
        told = [stages for stages in found if stages is not None]
        if rule.how == "all" and told:
            return frozenset.intersection(*told)
        if rule.how == "any" and found and len(told) == len(found):
            return frozenset.union(*told)
        return None
    if not isinstance(rule, Predicate) or rule.negated:
        return None
    if rule.field == "lifecycle" and rule.op in ("eq", "in"):
        values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        return frozenset(str(value) for value in values)
    if isinstance(rule.value, int | float):
        if rule.field == "register_days" and rule.op in ("le", "lt") and rule.value <= NEW_DAYS:
            return frozenset({"new"})
        if rule.field in _LAST_SEEN and rule.op in ("ge", "gt") and rule.value >= DORMANT_DAYS:
            return frozenset({"dormant", "churned"})
    return None


def _for_product(benefit: Benefit, goal: Goal, product: Product | None) -> bool:
    names = {goal.product, goal.product_kind}
    if product is not None:
        names |= {product.kind, product.group}
    return bool(names & set(benefit.products))


def _within(item: Benefit | Pool, start: dt.date, end: dt.date) -> bool:
    early = item.valid_from is not None and item.valid_from > start
    return not early and not (item.valid_to is not None and item.valid_to < end)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _in_order(pack: Pack, goal: Goal) -> list[Benefit]:
    playbook = next((item for item in pack.playbooks if item.id == goal.playbook), Playbook("", Label("", ""), ()))
    rank = {name: place for place, name in enumerate(playbook.offers)}
    return sorted(pack.benefits, key=lambda benefit: (rank.get(benefit.id, len(rank)), benefit.face_fen, benefit.id))


def _said(goal: Goal, pack: Pack, stock: Stock) -> Candidates:
    several = goal.offer.get("several")
    if isinstance(several, list | tuple):
        each = [_said(replace(goal, offer=dict(offer)), pack, stock) for offer in several if isinstance(offer, Mapping)]
        return Candidates(
            tuple({item.id: item for one in each for item in one.benefits}.values()),
            tuple(item for one in each for item in one.excluded),
            tuple(item for one in each for item in one.findings),
        )
    offer = goal.offer
    barred = _BARRED.get(goal.product_kind)
    against: tuple[Finding, ...] = ()
    if barred and offer.get("type") in barred[0]:
        params = {"rule": barred[1], "kind": goal.product_kind, "type": str(offer.get("type"))}
        against = (Finding("benefits.gift_with_product", barred[2], "goal.offer", params=params),)
        if barred[2] is Severity.S1:
            return Candidates((), (), against)
    found = _matched(goal, pack, stock)
    return replace(found, findings=(*against, *found.findings))


def _matched(goal: Goal, pack: Pack, stock: Stock) -> Candidates:
    offer = goal.offer
    face = _fen(offer.get("face_value_cny"))
    same_type = [benefit for benefit in _in_order(pack, goal) if benefit.type == offer.get("type")]
    exact = [benefit for benefit in same_type if _agrees(benefit, offer, face)]
    usable = [benefit for benefit in exact if why_not(benefit, goal, pack, stock) is None]
    if usable:
        # The operator said to whom it goes: the life cycles for which the pack keeps it do not narrow that.
        return Candidates((replace(usable[0], lifecycles=()),))
    excluded = tuple(reason for benefit in exact if (reason := why_not(benefit, goal, pack, stock)) is not None)
    made = _made(goal, pack, same_type, face)
    if made is None:
        finding = Finding("benefits.no_such_offer", Severity.S3, "benefits", params={"type": str(offer.get("type"))})
        return Candidates((), excluded, (finding,))
    params = {"benefit": made.id, "type": made.type, "face_yuan": float(Money(made.face_fen).yuan), "pool": made.pool}
    finding = Finding("benefits.made_to_order", Severity.S3, "benefits", params=params)
    return Candidates((made,), excluded, (finding,))


def _agrees(benefit: Benefit, offer: Mapping[str, Any], face: int | None) -> bool:
    if face is not None and benefit.face_fen != face:
        return False
    threshold = _fen(offer.get("threshold_cny"))
    if threshold is not None and benefit.threshold_fen != threshold:
        return False
    said = [str(int(offer[key])) + unit[0] for key, unit in _UNITS.items() if offer.get(key) is not None]
    words = " ".join((benefit.label.zh, *benefit.words))
    return all(word in words for word in said)


def _made(goal: Goal, pack: Pack, same_type: list[Benefit], face: int | None) -> Benefit | None:
    offer = goal.offer
    near = min(
        same_type or [item for item in pack.benefits if face is not None],
        key=lambda item: (abs(item.face_fen - (face or item.face_fen)), item.id),
        default=None,
    )
    if near is None:
        return None
    value = near.face_fen if face is None else face
    quantity = offer.get("quantity")
    return replace(
        near,
        id=f"brief_{offer.get('type', near.type)}_{value}",
        type=offer.get("type", near.type),
        label=_label(offer, near, face),
        face_fen=value,
        threshold_fen=_fen(offer.get("threshold_cny")) or 0,
        stock=int(quantity) if isinstance(quantity, int | float) else 0,
        words=(),
        products=(),
        lifecycles=(),
        valid_from=None,
        valid_to=None,
        # An effect of another face value is borrowed, so it is less certain.
        lift_log_se=near.lift_log_se * 1.5,
    )


_NAMES = {
    "coupon": Label("优惠券", "coupon"),
    "red_packet": Label("红包", "red packet"),
    "discount": Label("优惠", "discount"),
    "fee_discount": Label("费率优惠", "fee discount"),
    "interest_free_coupon": Label("免息券", "interest-free coupon"),
    "rate_coupon": Label("加息券", "rate coupon"),
    "gift": Label("礼品", "gift"),
    "points": Label("积分", "points"),
    "lottery": Label("抽奖机会", "lucky draw"),
    "cashback": Label("返现", "cashback"),
}


def _label(offer: Mapping[str, Any], near: Benefit, face: int | None) -> Label:
    name = _NAMES.get(str(offer.get("type")), near.label)
    for key, (zh, en) in _UNITS.items():
        if offer.get(key) is not None:
            count = int(offer[key])
            return Label(f"{count}{zh}{name.zh}", f"{count}{en} {name.en}".replace("  ", " "))
    share = offer.get("fee_discount")
    if isinstance(share, int | float):
        return Label(f"{share * 10:g}折{name.zh}", f"{round((1 - share) * 100)}% off fees")
    if face is None:
        return Label(str(offer.get("desc") or name.zh), str(offer.get("desc") or name.en))
    yuan = f"{Money(face).yuan:f}".rstrip("0").rstrip(".") if face % 100 else str(face // 100)
    return Label(f"{yuan}元{name.zh}", f"¥{yuan} {name.en}")


def _fen(yuan: object) -> int | None:
    return Money.of_yuan(Decimal(str(yuan))).fen if isinstance(yuan, int | float) else None
