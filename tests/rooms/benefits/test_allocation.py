"""The allocation keeps every limit to the fen, uses the budget, and is near the best that could be done."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang.base.findings import Finding
from linghang.base.predicates import Predicate
from linghang.benefits import Stock, allocate, alternatives
from linghang.benefits.costs import cost_of
from linghang.benefits.eligibility import candidates
from linghang.benefits.options import options_for, touching
from linghang.benefits.plans import SETTINGS, settings_for
from linghang.campaigns.sections import Allocation, Assumption, PlanId

from .samples import AUDIENCE, COUPONS, GOAL, LAYERS, PACK, audience, layers


def recomputed(allocation: Allocation) -> int:
    faces = {benefit.id: benefit.face_fen for benefit in allocation.granted}
    return sum(item.contact_fen + item.grants * faces.get(item.benefit, 0) for item in allocation.allotments)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    budget=st.integers(0, 200_000_000),
    sizes=st.lists(st.tuples(st.integers(0, 60_000), st.floats(0.0005, 0.3)), min_size=1, max_size=5),
    pool=st.integers(0, 50_000_000),
    stock=st.integers(0, 20_000),
    plan=st.sampled_from(["cautious", "balanced", "bold"]),
    reachable=st.floats(0, 1),
)
def test_never_over_any_limit(budget, sizes, pool, stock, plan, reachable) -> None:
    cut = layers(*sizes)
    reach = {layer.id: {"sms": int(layer.count * reachable)} for layer in cut.layers}
    goal = replace(GOAL, budget_fen=budget)
    left = Stock(pools={"growth": pool}, benefits={"coupon_20": stock})
    done = allocate(goal, cut, audience(cut), PACK, plan=plan, reach=reach, stock=left).allocation
    limit = budget * settings_for(plan, goal).budget_share
    assert done.committed_fen == recomputed(done) <= limit <= budget
    assert sum(item.liability_fen for item in done.allotments) <= pool
    assert sum(item.grants for item in done.allotments if item.benefit == "coupon_20") <= stock
    for layer in cut.layers:
        own = [item for item in done.allotments if item.layer == layer.id]
        assert sum(item.customers for item in own) <= layer.count * 0.9
        assert sum(item.customers for item in own if "sms" in item.channels) <= reach[layer.id]["sms"] * 0.9
    for item in done.allotments:
        assert item.customers > 0
        assert item.liability_fen <= item.customers * 5000
        assert item.grants <= item.customers


def test_uses_the_budget_when_there_is_demand() -> None:
    done = allocate(replace(GOAL, budget_fen=500_000), LAYERS, AUDIENCE, PACK, plan="bold").allocation
    assert 500_000 - done.committed_fen < 2000  # less than one more coupon
    assert done.price > 0


def test_price_falls_and_effect_grows_with_the_budget() -> None:
    done = [
        allocate(replace(GOAL, budget_fen=budget), LAYERS, AUDIENCE, PACK, plan="bold").allocation
        for budget in (200_000, 1_000_000, 5_000_000, 50_000_000)
    ]
    effects = [sum(item.incremental for item in one.allotments) for one in done]
    assert effects == sorted(effects)
    assert [one.price for one in done] == sorted((one.price for one in done), reverse=True)


def test_as_good_as_the_best_of_a_small_case_by_brute_force() -> None:
    cut = layers((3, 0.2), (2, 0.3))
    goal = replace(GOAL, budget_fen=2500, channels=("sms", "call"), holdout_pct=0.0)
    free = Stock()
    done = allocate(goal, cut, audience(cut), PACK, plan="bold", reach={"l0": {}, "l1": {}}, stock=free)
    offered = candidates(goal, PACK, free)
    people = audience(cut)
    options = {
        layer.id: options_for(layer, touching(goal, PACK), offered.benefits, people.rule) for layer in cut.layers
    }
    best = 0.0
    spreads = {
        layer.id: [
            dict(zip(range(len(options[layer.id])), counts, strict=False))
            for counts in itertools.product(range(layer.count + 1), repeat=len(options[layer.id]))
            if sum(counts) <= layer.count and sum(1 for n in counts if n) <= 2
        ]
        for layer in cut.layers
    }
    sums = {
        name: [
            (
                sum(cost_of(options[name][i], n).committed_fen for i, n in one.items() if n),
                sum(options[name][i].gain * n for i, n in one.items()),
            )
            for one in many
        ]
        for name, many in spreads.items()
    }
    for (cost0, gain0), (cost1, gain1) in itertools.product(sums["l0"], sums["l1"]):
        if cost0 + cost1 <= 2500:
            best = max(best, gain0 + gain1)
    got = sum(item.incremental for item in done.allocation.allotments)
    assert got <= best + 1e-9
    assert got >= 0.6 * best  # five customers: rounding weighs most here


def test_nothing_affordable_is_a_finding_not_an_empty_answer() -> None:
    goal = replace(GOAL, budget_fen=1, channels=("sms",))
    done = allocate(goal, LAYERS, AUDIENCE, PACK)
    assert done.allocation.allotments == ()
    assert [finding.code for finding in done.findings] == ["benefits.budget_below_cheapest"]


def test_an_empty_audience_is_a_finding() -> None:
    nobody = layers((0, 0.1))
    codes = [finding.code for finding in allocate(GOAL, nobody, audience(nobody), PACK).findings]
    assert codes == ["benefits.nobody"]


def test_the_operators_offer_is_taken_from_the_pack_or_made_to_order() -> None:
    said = replace(GOAL, offer={"type": "fee_discount", "face_value_cny": 20})
    assert allocate(said, LAYERS, AUDIENCE, PACK).allocation.benefits == ("coupon_20",)
    odd = replace(GOAL, offer={"type": "red_packet", "face_value_cny": 18, "quantity": 300})
    done = allocate(odd, LAYERS, AUDIENCE, PACK)
    made = done.allocation.granted[0]
    assert (made.type, made.face_fen, made.stock, made.label.zh) == ("red_packet", 1800, 300, "18元红包")
    assert sum(item.grants for item in done.allocation.allotments) <= 300
    assert "benefits.made_to_order" in [finding.code for finding in done.findings]


def test_benefits_of_other_products_are_excluded_with_a_reason() -> None:
    done = allocate(GOAL, LAYERS, AUDIENCE, PACK)
    assert ("credit_only", "benefits.other_product") in [(item.benefit, item.code) for item in done.excluded]


def test_three_plans_dare_more_and_more() -> None:
    assumed = replace(GOAL, assumptions=(Assumption("holdout_pct", 10, "assumed"),))
    pack = replace(PACK, benefits=tuple(replace(coupon, stock=0) for coupon in COUPONS))
    plans, _ = alternatives(assumed, LAYERS, AUDIENCE, pack)
    assert [plan.id for plan in plans.alternatives] == list(SETTINGS)
    assert [plan.holdout_pct for plan in plans.alternatives] == [15, 10, 5]
    committed = [plan.allocation.committed_fen for plan in plans.alternatives]
    assert committed == sorted(committed)
    deepest = [max(benefit.face_fen for benefit in plan.allocation.granted) for plan in plans.alternatives]
    assert deepest == sorted(deepest)
    assert deepest[0] < deepest[2]


def test_a_holdout_that_was_said_holds_in_every_plan() -> None:
    plans, _ = alternatives(GOAL, LAYERS, AUDIENCE, PACK)
    assert {plan.holdout_pct for plan in plans.alternatives} == {10.0}


@pytest.mark.parametrize("plan", ["cautious", "balanced", "bold"])
def test_same_inputs_same_allocation(plan) -> None:
    assert allocate(GOAL, LAYERS, AUDIENCE, PACK, plan=plan) == allocate(GOAL, LAYERS, AUDIENCE, PACK, plan=plan)


def test_a_benefit_for_some_life_cycles_needs_rules_that_say_so() -> None:
    newcomer = replace(COUPONS[1], id="newcomer", lifecycles=("new",), lift=9.0)
    pack = replace(PACK, benefits=(*COUPONS, newcomer))
    assert "newcomer" not in allocate(GOAL, LAYERS, AUDIENCE, pack, plan="bold").allocation.benefits
    fresh = replace(AUDIENCE, rule=Predicate("register_days", "le", 90))
    assert "newcomer" in allocate(GOAL, LAYERS, fresh, pack, plan="bold").allocation.benefits
    split = (Predicate("lifecycle", "eq", "new"), Predicate("lifecycle", "in", ("mature", "dormant")))
    cut = replace(LAYERS, layers=tuple(replace(la, rule=r) for la, r in zip(LAYERS.layers, split, strict=False)))
    got = allocate(GOAL, cut, AUDIENCE, pack, plan="bold").allocation.gifts
    assert dict(got) == {"l0": "newcomer", "l1": dict(got)["l1"]}
    assert dict(got)["l1"] != "newcomer"


def test_a_careful_plan_buys_only_what_pays_back() -> None:
    pack = replace(PACK, products=(replace(PACK.products[0], margin_fen=3000),))
    careful = allocate(GOAL, LAYERS, AUDIENCE, pack, plan="cautious").allocation
    assert careful.allotments
    for item in careful.allotments:
        assert item.incremental * 3000 >= item.customers * item.unit_fen100 / 100 * 0.999


def test_the_law_bars_gifts_with_some_products() -> None:
    free = tuple(replace(coupon, products=()) for coupon in COUPONS)
    done = allocate(GOAL, LAYERS, AUDIENCE, replace(PACK, benefits=free))
    assert done.allocation.benefits == ()
    assert {item.code for item in done.excluded} == {"benefits.not_named_for_product"}
    asked = replace(GOAL, offer={"type": "red_packet", "face_value_cny": 18})
    codes = {finding.code: finding for finding in allocate(asked, LAYERS, AUDIENCE, PACK).findings}
    assert codes["benefits.gift_with_product"].params["rule"] == "CN-FD-21"
    insured = replace(asked, product_kind="insurance")
    done = allocate(insured, LAYERS, AUDIENCE, PACK)
    assert done.findings[0].severity == "S1"
    assert done.allocation.benefits == ()


def test_an_offer_that_was_said_is_in_every_plan() -> None:
    pack = replace(PACK, products=(replace(PACK.products[0], margin_fen=10),))
    said = replace(GOAL, offer={"type": "fee_discount", "face_value_cny": 20})
    for plan in SETTINGS:
        assert allocate(said, LAYERS, AUDIENCE, pack, plan=plan).allocation.benefits == ("coupon_20",)


def test_a_budget_that_few_customers_cannot_use_is_said() -> None:
    few = layers((50, 0.02))
    done = allocate(GOAL, few, audience(few), PACK)
    (said,) = done.findings
    assert (said.code, said.severity) == ("benefits.budget_not_needed", "S3")
    lowered = allocate(replace(GOAL, budget_fen=fixed_budget(said)), few, audience(few), PACK)
    assert lowered.findings == ()
    assert lowered.allocation.allotments == done.allocation.allotments


def fixed_budget(finding: Finding) -> int:
    assert finding.fix is not None
    (step,) = finding.fix.patch
    assert (step["op"], step["path"]) == ("set", "budget_cny")
    return round(float(str(step["value"])) * 100)


@pytest.mark.parametrize("plan", SETTINGS)
@pytest.mark.parametrize("budget", [0, 1, 3])
def test_a_budget_below_the_cheapest_is_mended_by_its_fix(budget: int, plan: PlanId) -> None:
    goal = replace(GOAL, budget_fen=budget, channels=("sms",))
    (said,) = allocate(goal, LAYERS, AUDIENCE, PACK, plan=plan).findings
    assert (said.code, said.severity) == ("benefits.budget_below_cheapest", "S1")
    mended = allocate(replace(goal, budget_fen=fixed_budget(said)), LAYERS, AUDIENCE, PACK, plan=plan)
    assert mended.findings == ()
    assert sum(item.customers for item in mended.allocation.allotments) == said.params["customers"] > 0


@given(budget=st.integers(0, 10**12), sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_whatever_the_budget_the_fix_of_its_finding_ends_it(budget: int, sizes: list[int]) -> None:
    some = layers(*((size, 0.01) for size in sizes))
    goal = replace(GOAL, budget_fen=budget, channels=("sms", "push"))
    _, found = alternatives(goal, some, audience(some), PACK)
    wrong = [item for item in found if item.code.startswith("benefits.budget_")]
    assert len(wrong) <= 1
    for item in wrong:
        mended = replace(goal, budget_fen=fixed_budget(item))
        _, after = alternatives(mended, some, audience(some), PACK)
        assert not [again for again in after if again.code.startswith("benefits.budget_")]
