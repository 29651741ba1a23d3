"""Intervals cover in simulated worlds where campaigns truly differ; targets are solved backwards; scores are honest."""

import datetime as dt
import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from benefits.samples import AUDIENCE, GOAL, LAYERS, PACK, SMS, audience, layers

from linghang.base.records import Outcome
from linghang.benefits import allocate, alternatives
from linghang.campaigns.sections import Allocation, Allotment, Estimate, Figure
from linghang.estimates import backtest, campaign_effect, coverage, estimate, score, with_figures
from linghang.packs.model import History

ALLOCATION = allocate(GOAL, LAYERS, AUDIENCE, PACK, plan="balanced").allocation


def figures(done) -> dict[str, Figure]:
    return {figure.name: figure for figure in done.estimate.figures}


def outcome(rate: float, n: int = 20_000, day: int = 0, **more) -> Outcome:
    known = {
        "institution_id": "bank", "campaign_id": f"c{day}", "package": f"p{day:03d}", "objective": "convert",
        "product": "fund_mix", "channels": ("sms",), "treated": n, "holdout": 2000, "treated_rate": rate,
        "holdout_rate": None, "lift": None, "lift_low": None, "lift_high": None, "incremental": None, "cost_fen": 100,
        "gain_fen": 300, "simulated": False, "finished": dt.date(2026, 1, 1) + dt.timedelta(days=day),
    }  # fmt: skip
    return Outcome(**{**known, **more})


def test_the_same_seed_gives_the_same_estimate() -> None:
    one, two = (estimate(GOAL, LAYERS, ALLOCATION, PACK, seed=3) for _ in range(2))
    assert one == two
    assert one != estimate(GOAL, LAYERS, ALLOCATION, PACK, seed=4)


def test_figures_agree_with_each_other_and_with_the_allocation() -> None:
    done = estimate(GOAL, LAYERS, ALLOCATION, PACK, seed=3)
    found = figures(done)
    assert found["customers"].value == sum(item.customers for item in ALLOCATION.allotments)
    assert all(figure.low <= figure.value <= figure.high for figure in found.values())
    assert found["cost"].high <= ALLOCATION.committed_fen <= GOAL.budget_fen
    assert found["claims"].high <= sum(item.grants for item in ALLOCATION.allotments)
    assert found["redemptions"].value <= found["claims"].value
    assert found["reach"].high <= found["customers"].value
    assert found["incremental"].value == pytest.approx(sum(i.incremental for i in ALLOCATION.allotments), rel=0.25)
    product = PACK.products[0]
    assert found["gain"].value == pytest.approx(found["incremental"].value * product.margin_fen)


def test_the_funnel_is_an_identity() -> None:
    stages = estimate(GOAL, LAYERS, ALLOCATION, PACK, seed=3).funnel
    chain = [stage for stage in stages if stage.name != "responses"]
    assert len(chain) > 2
    for before, after in itertools.pairwise(chain):
        assert after.count == pytest.approx(before.count * after.rate)


def test_nothing_allocated_is_a_finding_and_no_zero() -> None:
    done = estimate(GOAL, LAYERS, Allocation(100, 0, (), 0.0), PACK)
    assert done.estimate.figures == ()
    assert [finding.code for finding in done.findings] == ["estimates.nothing_allocated"]


def test_without_a_margin_there_is_no_return_and_it_is_said() -> None:
    pack = replace(PACK, products=(replace(PACK.products[0], margin_fen=0),))
    done = estimate(GOAL, LAYERS, ALLOCATION, pack, seed=1)
    assert {"gain", "roi"}.isdisjoint(figures(done))
    assert "estimates.no_margin" in [finding.code for finding in done.findings]


def test_every_plan_gets_figures() -> None:
    plans, _ = alternatives(GOAL, LAYERS, AUDIENCE, PACK)
    figured = with_figures(plans, GOAL, LAYERS, PACK, seed=1)
    costs = [next(f.value for f in plan.figures if f.name == "cost") for plan in figured.alternatives]
    assert costs == sorted(costs)


@pytest.mark.parametrize(("value", "reachable"), [(100, True), (50_000, False)])
def test_targets_are_checked_and_solved_backwards(value: float, reachable: bool) -> None:
    goal = replace(GOAL, target={"metric": "orders", "op": "ge", "value": value})
    done = estimate(goal, LAYERS, ALLOCATION, PACK, seed=1)
    assert done.estimate.target_reachable is reachable
    target = done.target
    assert target is not None
    assert target.expected is not None
    if not reachable:
        assert done.findings[0].code == "estimates.target_solved"
        assert target.needed_customers is not None
        customers = sum(item.customers for item in ALLOCATION.allotments)
        assert target.needed_customers * target.expected / customers == pytest.approx(value, rel=1e-3)


def test_a_target_that_nothing_estimates_is_said_to_be_unknown() -> None:
    goal = replace(GOAL, target={"metric": "ltv_cny", "op": "ge", "value": 5})
    done = estimate(goal, LAYERS, ALLOCATION, PACK, seed=1)
    assert done.estimate.target_reachable is None
    assert "estimates.target_not_estimated" in [finding.code for finding in done.findings]


def test_intervals_cover_worlds_drawn_from_the_prior() -> None:
    """Truths: a campaign effect with τ, and a channel effect around what the pack says, with the error it states."""
    rng = np.random.default_rng(42)
    cut = layers((30_000, 0.01), (8_000, 0.04))
    inside = {"responses": 0, "incremental": 0, "response_rate": 0}
    runs, tau, error = 300, 0.35, 0.3
    for run in range(runs):
        told = rng.uniform(1.1, 3.0)
        true_effect = math.log(told) + rng.normal(0, error)
        channel = replace(SMS, response=told, response_log_se=error)
        pack = replace(PACK, channels=(channel,), history=(History("convert", "fund_mix", 0.02, 50, 10**6, tau),))
        allotments = tuple(
            Allotment(layer.id, ("sms",), "", layer.count, 400, 0, 0, layer.base_rate * told, 0.0)
            for layer in cut.layers
        )
        done = figures(estimate(GOAL, cut, Allocation(10**7, 0, allotments, 0.0), pack, seed=run, draws=1500))
        shift = rng.normal(0, tau)
        treated = without = 0
        for layer in cut.layers:
            odds = layer.base_rate / (1 - layer.base_rate) * math.exp(shift)
            rate = odds / (1 + odds)
            treated += rng.binomial(layer.count, min(0.999, rate * math.exp(true_effect)))
            without += rng.binomial(layer.count, rate)
        truth = {"responses": treated, "incremental": treated - without, "response_rate": treated / 38_000}
        for name, value in truth.items():
            inside[name] += done[name].low <= value <= done[name].high
    assert all(0.85 <= count / runs <= 0.95 for count in inside.values()), inside


def test_walking_forward_over_campaigns_that_differ_intervals_cover() -> None:
    rng = np.random.default_rng(9)
    held: list[bool] = []
    plugged: list[bool] = []
    history = (History("convert", "fund_mix", 0.02, 6, 120_000, 0.35),)
    for _ in range(60):
        centre = rng.normal(math.log(0.02 / 0.98), 0.35)
        rates = 1 / (1 + np.exp(-rng.normal(centre, 0.45, 10)))
        seen = [outcome(rng.binomial(20_000, rate) / 20_000, day=day) for day, rate in enumerate(rates)]
        held.extend(backtest(seen, history, 0.02))
        for past, now in itertools.pairwise(seen):
            half = 1.645 * math.sqrt(past.treated_rate * (1 - past.treated_rate) / 20_000)
            plugged.append(abs(now.treated_rate - past.treated_rate) <= half)
    assert 0.84 <= sum(held) / len(held) <= 0.95
    assert sum(plugged) / len(plugged) < 0.4  # the plug-in interval knows no campaign effect


def test_own_outcomes_move_the_estimate_and_narrow_it() -> None:
    none = campaign_effect(0.02, "convert", "fund_mix", PACK.history, ())
    assert none.shift == 0
    assert none.campaigns == 8
    seen = [outcome(0.03, day=day) for day in range(6)]
    some = campaign_effect(0.02, "convert", "fund_mix", PACK.history, seen)
    assert 0.2 < some.shift < math.log(0.03 / 0.97) - math.log(0.02 / 0.98)
    assert some.sd < none.sd
    assert some.campaigns == 14
    other = campaign_effect(0.02, "convert", "fund_mix", PACK.history, [outcome(0.03, product="gold")])
    assert other == none
    assert campaign_effect(0.02, "convert", "fund_mix", (), [outcome(0.03, simulated=True)]).simulated


def test_without_any_history_the_estimate_says_so() -> None:
    done = estimate(GOAL, LAYERS, ALLOCATION, replace(PACK, history=()), seed=1)
    assert "estimates.no_history" in [finding.code for finding in done.findings]
    assert done.estimate.figures[0].basis == "estimates.basis_prior"


def test_scores_say_inside_or_outside_and_by_how_much() -> None:
    made = Estimate((Figure("response_rate", 0.03, 0.02, 0.04, "share"), Figure("roi", 1.0, 0.5, 1.5, "ratio")), 3)
    scores = {item.name: item for item in score(made, outcome(0.05))}
    assert not scores["response_rate"].inside
    assert scores["response_rate"].relative_error == pytest.approx(-0.4)
    assert scores["roi"].actual == 2.0
    found = coverage(tuple(scores.values()))
    assert found is not None
    assert found.value == 0.0
    assert coverage(()) is None


def test_the_expected_cost_is_one_truth() -> None:
    """What the allotments of a plan say adds up to what its figures and the estimate say, to the fen."""
    plans, _ = alternatives(GOAL, LAYERS, AUDIENCE, PACK)
    made = with_figures(plans, GOAL, LAYERS, PACK, seed=1).alternatives
    assert len(made) > 1
    for plan in made:
        told = sum(item.cost_fen for item in plan.allocation.allotments)
        assert next(figure.value for figure in plan.figures if figure.name == "cost") == told
        again = estimate(GOAL, LAYERS, plan.allocation, PACK, seed=1)
        assert figures(again)["cost"].value == told
        assert figures(again)["cost"].low <= told <= figures(again)["cost"].high


def test_what_costs_more_than_it_earns_is_said() -> None:
    poor = replace(PACK, products=(replace(PACK.products[0], margin_fen=10),))
    done = estimate(GOAL, LAYERS, ALLOCATION, poor, seed=1)
    (said,) = [item for item in done.findings if item.code == "estimates.costs_more_than_margin"]
    assert said.params["cost_yuan"] == round(figures(done)["cost_per_incremental"].value / 100, 2)
    rich = replace(PACK, products=(replace(PACK.products[0], margin_fen=10**9),))
    assert all(f.code != said.code for f in estimate(GOAL, LAYERS, ALLOCATION, rich, seed=1).findings)


def test_a_mean_beyond_the_quantiles_widens_the_interval() -> None:
    """Few customers rarely use a dear coupon: nearly every draw costs nothing more, the mean still does."""
    few = layers((12, 0.001))
    done = allocate(replace(GOAL, channels=("sms",)), few, audience(few), PACK, plan="bold").allocation
    for seed in range(20):
        cost = figures(estimate(GOAL, few, done, PACK, seed=seed))["cost"]
        assert cost.low <= cost.value <= cost.high
