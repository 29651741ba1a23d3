"""Estimate a plan: figures with 90 % intervals, the funnel, and whether the target can be met."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from linghang.base.findings import Finding, Severity
from linghang.base.records import Outcome
from linghang.campaigns.sections import Allocation, Alternative, Estimate, Figure, Goal, Layers, Plans
from linghang.estimates.drawing import Campaigns, Draws, draw
from linghang.estimates.effects import campaign_effect
from linghang.estimates.model import CampaignEffect, Estimated, Stage
from linghang.estimates.targets import about_target, target_of
from linghang.packs.model import Pack, Product

LOW, HIGH = 0.05, 0.95


def estimate(
    goal: Goal,
    layers: Layers,
    allocation: Allocation,
    pack: Pack,
    *,
    outcomes: Sequence[Outcome] = (),
    seed: int = 0,
    draws: int = 4000,
) -> Estimated:
    """The section ``estimate`` of an allocation. Nothing allocated gives no figures and a finding, not zeros."""
    if not allocation.allotments:
        finding = Finding("estimates.nothing_allocated", Severity.S2, "estimate")
        return Estimated(Estimate((), 0), (), None, (finding,))
    effect = _effect(goal, allocation, pack, outcomes)
    happened = _draw(goal, layers, allocation, pack, effect, seed, draws)
    product = next((item for item in pack.products if item.id == goal.product), None)
    samples = _samples(happened, product)
    basis = _basis(effect, outcomes)
    figures = tuple(_figure(name, unit, samples[name], basis) for name, unit in UNITS.items() if name in samples)
    # The expected cost is said once: what the allotments say, each by its mean, so that parts add up to the whole.
    figures = tuple(_meant(item, float(sum(happened.costs))) if item.name == "cost" else item for item in figures)
    target = target_of(goal, allocation, samples)
    findings = (*about_target(target), *_about_ground(effect, product), *_about_margin(figures, product))
    reachable = None if target is None or target.chance is None else target.chance >= 0.5
    made = Estimate(figures, effect.campaigns, effect.simulated, reachable)
    return Estimated(made, funnel(happened), target, findings, _priced(allocation, happened))


def with_figures(
    plans: Plans,
    goal: Goal,
    layers: Layers,
    pack: Pack,
    *,
    outcomes: Sequence[Outcome] = (),
    seed: int = 0,
    draws: int = 4000,
) -> Plans:
    """The alternatives with figures and expected costs, from the same seed so that they differ by plan, not by luck."""
    made: list[Alternative] = []
    for item in plans.alternatives:
        done = estimate(goal, layers, item.allocation, pack, outcomes=outcomes, seed=seed, draws=draws)
        made.append(replace(item, figures=done.estimate.figures, allocation=done.allocation or item.allocation))
    return Plans(tuple(made))


def _priced(allocation: Allocation, happened: Campaigns) -> Allocation:
    """The allocation with each allotment's expected cost as it was drawn: who claims has clicked, grants run out."""
    return replace(
        allocation,
        allotments=tuple(
            replace(item, cost_fen=cost) for item, cost in zip(allocation.allotments, happened.costs, strict=True)
        ),
    )


UNITS: Mapping[str, str] = {
    "customers": "count",
    "reach": "count",
    "clicks": "count",
    "claims": "count",
    "redemptions": "count",
    "responses": "count",
    "response_rate": "share",
    "incremental": "count",
    "uplift": "share",
    "cost": "fen",
    "gain": "fen",
    "roi": "ratio",
    "cost_per_incremental": "fen",
    "volume": "fen",
}
"""Every figure's name and unit, in the order in which they are shown."""


def funnel(happened: Campaigns) -> tuple[Stage, ...]:
    """Addressed → reached → clicked → claimed → redeemed, and responses, by their means: count = before × rate."""
    counts = (
        ("customers", float(happened.customers)),
        ("reach", float(happened.reached.mean())),
        ("clicks", float(happened.clicks.mean())),
        ("claims", float(happened.claims.mean())),
        ("redemptions", float(happened.redemptions.mean())),
    )
    stages: list[Stage] = []
    before = 0.0
    for name, count in counts:
        stages.append(Stage(name, count, count / before if before else 1.0))
        before = count
    responses = float(happened.responses.mean())
    return (*stages, Stage("responses", responses, responses / happened.customers))


def _effect(goal: Goal, allocation: Allocation, pack: Pack, outcomes: Sequence[Outcome]) -> CampaignEffect:
    customers = sum(item.customers for item in allocation.allotments)
    rate = sum(item.customers * item.response for item in allocation.allotments) / customers
    return campaign_effect(rate, goal.objective, goal.product, pack.history, outcomes, kind=goal.product_kind)


def _draw(
    goal: Goal,
    layers: Layers,
    allocation: Allocation,
    pack: Pack,
    effect: CampaignEffect,
    seed: int,
    draws: int,
) -> Campaigns:
    slots = [slot for slot in pack.slots if not goal.slots or slot.id in goal.slots]
    return draw(
        allocation,
        layers.layers,
        {channel.id: channel for channel in pack.channels},
        slots,
        effect,
        days=(goal.end - goal.start).days + 1,
        seed=seed,
        draws=draws,
    )


def _samples(happened: Campaigns, product: Product | None) -> dict[str, Draws]:
    n = happened.customers
    samples: dict[str, Draws] = {
        "customers": np.full(happened.cost.shape, float(n)),
        "reach": happened.reached,
        "clicks": happened.clicks,
        "claims": happened.claims,
        "redemptions": happened.redemptions,
        "responses": happened.responses,
        "response_rate": happened.responses / n,
        "incremental": happened.incremental,
        "uplift": happened.incremental / n,
        "cost": happened.cost,
    }
    positive = happened.incremental > 0
    if positive.mean() > HIGH:
        # A price per extra response means nothing where there may be none.
        samples["cost_per_incremental"] = happened.cost[positive] / happened.incremental[positive]
    if product is not None and product.margin_fen:
        samples["gain"] = happened.incremental * product.margin_fen
        if happened.cost.min() > 0:
            samples["roi"] = (samples["gain"] - happened.cost) / happened.cost
    if product is not None and product.unit_amount_fen:
        samples["volume"] = happened.responses * product.unit_amount_fen
    return samples


def _figure(name: str, unit: str, sample: Draws, basis: str) -> Figure:
    low, middle, high = (float(x) for x in np.quantile(sample, (LOW, 0.5, HIGH)))
    return Figure(name, middle, low, high, unit, basis)  # type: ignore[arg-type]


def _meant(figure: Figure, mean: float) -> Figure:
    """A figure by its mean; where a few draws cost much, the mean lies beyond the quantiles and widens them."""
    return replace(figure, value=mean, low=min(figure.low, mean), high=max(figure.high, mean))


def _basis(effect: CampaignEffect, outcomes: Sequence[Outcome]) -> str:
    if effect.simulated:
        return "estimates.basis_simulated"
    if effect.campaigns and outcomes:
        return "estimates.basis_outcomes"
    return "estimates.basis_history" if effect.campaigns else "estimates.basis_prior"


def _about_ground(effect: CampaignEffect, product: Product | None) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    if not effect.campaigns:
        findings.append(Finding("estimates.no_history", Severity.S4, "estimate"))
    if effect.simulated:
        findings.append(Finding("estimates.simulated", Severity.S4, "estimate", params={"campaigns": effect.campaigns}))
    if product is None or not product.margin_fen:
        findings.append(Finding("estimates.no_margin", Severity.S4, "estimate"))
    return tuple(findings)


def _about_margin(figures: Sequence[Figure], product: Product | None) -> tuple[Finding, ...]:
    """A finding when an extra response is expected to cost more than its margin."""
    each = next((item for item in figures if item.name == "cost_per_incremental"), None)
    if each is None or product is None or not product.margin_fen or each.value <= product.margin_fen:
        return ()
    params = {"cost_yuan": round(each.value / 100, 2), "margin_yuan": product.margin_fen / 100}
    return (Finding("estimates.costs_more_than_margin", Severity.S4, "estimate", params=params),)
