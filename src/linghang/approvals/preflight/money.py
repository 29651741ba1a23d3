"""Pre-flight of money: the budget, its allocation, benefits, pools and stocks."""

import re
from collections import Counter
from collections.abc import Iterable

from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity
from linghang.packs.model import Benefit

HIGHEST_PRIZE_FEN = 5_000_000
"""A prize of a lottery may not exceed ¥50,000 (《规范促销行为暂行规定》 2020, art. 17)."""
_THRESHOLD = re.compile(r"满\s*(\d+(?:\.\d+)?)\s*(万)?元?\s*(?:减|可用|立减)")


def budget(look: Look) -> Iterable[Finding]:
    """What is bound stays within the budget, and adds up."""
    allocation = look.allocation
    if look.goal.budget_fen < 0:
        yield found("budget_negative", Severity.S1, "goal.budget_fen", budget_fen=look.goal.budget_fen)
    if allocation.committed_fen > look.goal.budget_fen:
        yield found(
            "budget_exceeded",
            Severity.S1,
            "benefits.committed_fen",
            committed_yuan=allocation.committed_fen / 100,
            budget_yuan=look.goal.budget_fen / 100,
        )
    if allocation.budget_fen > look.goal.budget_fen:
        yield found(
            "allocation_of_other_budget",
            Severity.S1,
            "benefits.budget_fen",
            allocated_yuan=allocation.budget_fen / 100,
            budget_yuan=look.goal.budget_fen / 100,
        )
    bound = sum(item.contact_fen + item.liability_fen for item in allocation.allotments)
    if bound != allocation.committed_fen:
        yield found(
            "allocation_does_not_add_up",
            Severity.S1,
            "benefits.committed_fen",
            sum_yuan=bound / 100,
            committed_yuan=allocation.committed_fen / 100,
        )
    if not allocation.allotments:
        yield found("nothing_allocated", Severity.S1, "benefits.allotments")


def allotments(look: Look) -> Iterable[Finding]:
    """Each allotment names a layer that exists, no more customers than it has, and a benefit that exists."""
    sizes = {layer.id: layer.count for layer in look.layers.layers}
    used: Counter[str] = Counter()
    for item in look.allocation.allotments:
        about = f"benefits.allotments[{item.layer}]"
        if item.layer not in sizes:
            yield found("allotment_of_unknown_layer", Severity.S1, about, layer=item.layer)
        if item.benefit and item.benefit not in look.benefits:
            yield found("unknown_benefit", Severity.S1, about, benefit=item.benefit)
        if min(item.customers, item.cost_fen, item.liability_fen, item.grants) < 0:
            yield found("negative_allotment", Severity.S1, about, layer=item.layer)
        if item.grants > item.customers * _per_customer(look, item.benefit):
            yield found("more_grants_than_customers", Severity.S2, about, layer=item.layer, grants=item.grants)
        used[item.layer] += item.customers
    for layer, customers in used.items():
        if customers > sizes.get(layer, customers):
            yield found(
                "layer_overallotted",
                Severity.S1,
                f"benefits.allotments[{layer}]",
                layer=layer,
                customers=customers,
                size=sizes[layer],
            )


def _per_customer(look: Look, benefit: str) -> int:
    return max(1, look.benefits[benefit].per_customer) if benefit in look.benefits else 1


def stocks(look: Look) -> Iterable[Finding]:
    """Grants stay within stock and pool; liabilities are grants at face value."""
    pools = {pool.id: pool.total_fen for pool in look.pack.pools}
    bound: Counter[str] = Counter()
    for benefit in _given(look):
        mine = [item for item in look.allocation.allotments if item.benefit == benefit.id]
        grants, liability = sum(item.grants for item in mine), sum(item.liability_fen for item in mine)
        bound[benefit.pool] += liability
        about = f"benefits.granted[{benefit.id}]"
        if benefit.stock and grants > benefit.stock:
            yield found("stock_exceeded", Severity.S1, about, benefit=benefit.id, grants=grants, stock=benefit.stock)
        if liability != grants * benefit.face_fen:
            yield found("liability_is_not_face", Severity.S1, about, benefit=benefit.id)
        if benefit.pool not in pools:
            yield found("unknown_pool", Severity.S1, about, benefit=benefit.id, pool=benefit.pool)
    for pool, fen in bound.items():
        if fen > pools.get(pool, fen):
            yield found(
                "pool_exceeded",
                Severity.S1,
                f"benefits.pool[{pool}]",
                pool=pool,
                bound_yuan=fen / 100,
                total_yuan=pools[pool] / 100,
            )


def validity(look: Look) -> Iterable[Finding]:
    """Benefits are valid for the whole window, for this product, and their values make sense."""
    goal, product = look.goal, look.product
    names = {goal.product, goal.product_kind} | ({product.kind, product.group} if product else set[str]())
    for benefit in _given(look):
        about = f"benefits.granted[{benefit.id}]"
        if benefit.valid_from and benefit.valid_from > goal.start:
            yield found("benefit_starts_late", Severity.S1, about, benefit=benefit.id, day=str(benefit.valid_from))
        if benefit.valid_to and benefit.valid_to < goal.end:
            yield found("benefit_ends_early", Severity.S1, about, benefit=benefit.id, day=str(benefit.valid_to))
        if benefit.products and not names & set(benefit.products):
            yield found("benefit_for_other_product", Severity.S1, about, benefit=benefit.id, product=goal.product)
        if benefit.face_fen < 0 or (benefit.type in ("coupon", "red_packet", "cashback") and not benefit.face_fen):
            yield found("benefit_without_value", Severity.S1, about, benefit=benefit.id)
        if benefit.threshold_fen and benefit.threshold_fen < benefit.face_fen:
            yield found("threshold_below_face", Severity.S2, about, benefit=benefit.id)
        if benefit.type == "lottery" and benefit.face_fen > HIGHEST_PRIZE_FEN:
            yield found("prize_too_high", Severity.S1, about, benefit=benefit.id, highest_yuan=HIGHEST_PRIZE_FEN / 100)
        if benefit.valid_days < 1:
            yield found("benefit_never_valid", Severity.S1, about, benefit=benefit.id)
        if benefit.per_customer < 1:
            yield found("benefit_for_nobody", Severity.S1, about, benefit=benefit.id)


def fitting(look: Look) -> Iterable[Finding]:
    """The right coupon for the right people: a benefit for some life cycles is not given to a layer of others."""
    lifecycle = {layer.id: layer.params.get("lifecycle") for layer in look.layers.layers}
    for item in look.allocation.allotments:
        benefit, own = look.benefits.get(item.benefit), lifecycle.get(item.layer)
        if benefit and benefit.lifecycles and isinstance(own, str) and own not in benefit.lifecycles:
            yield found(
                "benefit_for_other_lifecycle",
                Severity.S1,
                f"benefits.allotments[{item.layer}]",
                benefit=benefit.id,
                layer=item.layer,
                lifecycle=own,
            )


def offer(look: Look) -> Iterable[Finding]:
    """What the brief asked to give is what is given."""
    face = look.goal.offer.get("face_value_cny")
    given = _given(look)
    if isinstance(face, int | float) and not isinstance(face, bool) and given:
        faces = sorted({benefit.face_fen for benefit in given})
        if faces != [round(face * 100)]:
            yield found(
                "offer_differs_from_brief",
                Severity.S2,
                "benefits.granted",
                said_yuan=face,
                given=", ".join(f"{fen / 100:g}" for fen in faces),
            )
    if look.goal.offer.get("type") and not given:
        yield found("offer_not_given", Severity.S3, "benefits.granted", type=str(look.goal.offer["type"]))


def thresholds(look: Look) -> Iterable[Finding]:
    """A threshold that copy states is the benefit's."""
    for variant in look.variants:
        benefit = look.benefits.get(variant.benefit)
        for yuan, wan in _THRESHOLD.findall(" ".join(variant.copy.values())):
            fen = round(float(yuan) * (1_000_000 if wan else 100))
            if benefit is None or benefit.threshold_fen != fen:
                yield found(
                    "copy_states_other_threshold",
                    Severity.S1,
                    f"combinations.variants[{variant.id}]",
                    variant=variant.name or variant.id,
                    said_yuan=fen / 100,
                )


def _given(look: Look) -> list[Benefit]:
    used = dict.fromkeys(item.benefit for item in look.allocation.allotments if item.benefit and item.customers)
    return [look.benefits[name] for name in used if name in look.benefits]
