"""Three plans side by side: 稳健 cautious, 均衡 balanced, 进取 bold. They differ in how much they dare."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from linghang.base.findings import Finding, Severity
from linghang.benefits.allocation import NOT_NEEDED, Reach, spread
from linghang.benefits.eligibility import candidates, fits_layer
from linghang.benefits.model import Allocated, Candidates, Excluded, Settings, Stock
from linghang.benefits.options import always_on, options_for, reach_within, touching, unknown_channels
from linghang.campaigns.sections import Alternative, Audience, Goal, Layers, PlanId, Plans
from linghang.packs.model import Pack

CAUTIOUS = Settings(
    "cautious", budget_share=0.6, caution=0.84, benefit_share=0.6, depth=0.5, holdout_pct=15.0, pays_back=True
)
BALANCED = Settings("balanced", budget_share=0.85, caution=0.25, benefit_share=0.85, depth=0.75, holdout_pct=10.0)
BOLD = Settings("bold", budget_share=1.0, caution=0.0, benefit_share=1.0, depth=1.0, holdout_pct=5.0)
"""Caution 0.84 compares effects at their lower fifth, 0.25 a little below the middle, 0 at the middle."""
LEAST_HOLDOUT_PCT = 2.0
SETTINGS: Mapping[PlanId, Settings] = {item.id: item for item in (CAUTIOUS, BALANCED, BOLD)}


def settings_for(plan: PlanId, goal: Goal) -> Settings:
    """A plan's settings for a goal: a holdout that the operator named holds in every plan."""
    chosen = SETTINGS[plan]
    if any(item.key == "holdout_pct" for item in goal.assumptions):
        shifted = goal.holdout_pct + chosen.holdout_pct - BALANCED.holdout_pct
        return replace(chosen, holdout_pct=min(90.0, max(LEAST_HOLDOUT_PCT, shifted)))
    return replace(chosen, holdout_pct=goal.holdout_pct)


def allocate(
    goal: Goal,
    layers: Layers,
    audience: Audience,
    pack: Pack,
    *,
    plan: PlanId = "balanced",
    reach: Reach | None = None,
    stock: Stock | None = None,
) -> Allocated:
    """The section ``benefits`` under a plan: per layer how many customers get which channels and which benefit.

    ``reach`` is per layer and channel; without it the audience's is shared out. ``stock`` is what the ledger has left;
    without it the pack's pools and stocks hold. Committed money never exceeds the plan's share of the budget, nor its
    share of what the boldest plan finds a use for: three plans of a far too large budget are still three.
    """
    boldest = None if plan == "bold" else allocate(goal, layers, audience, pack, plan="bold", reach=reach, stock=stock)
    settings = settings_for(plan, goal)
    if goal.offer:
        # What the operator asks for is given in every plan, whether it pays back or not: then it is only said.
        settings = replace(settings, pays_back=False)
    left = stock or Stock(pools={pool.id: pool.total_fen for pool in pack.pools})
    offered = candidates(goal, pack, left)
    chosen = _by_depth(offered, settings.depth)
    channels = touching(goal, pack)
    margin = next((product.margin_fen for product in pack.products if product.id == goal.product), 0)
    shares = {name: count / audience.count for name, count in audience.reach.items()} if audience.count else {}
    options = {
        layer.id: options_for(layer, channels, chosen.benefits, audience.rule, seen=shares, caution=settings.caution)
        for layer in layers.layers
    }
    choosy = {channel.id for channel in channels if not always_on(channel)}
    bound = {name: count for name, count in audience.reach.items() if name in choosy}
    within = reach or reach_within(layers.layers, bound, audience.count)
    allocation, findings = spread(
        layers.layers,
        options,
        chosen,
        budget_fen=goal.budget_fen,
        settings=settings,
        reach=within,
        stock=left,
        margin_fen=margin,
        useful_fen=boldest.allocation.committed_fen or None if boldest is not None else None,
    )
    if boldest is not None:
        # Whether a budget is needed is asked of the plan that uses most of it.
        spare = [finding for finding in boldest.findings if finding.code == NOT_NEEDED]
        findings = (*(finding for finding in findings if finding.code != NOT_NEEDED), *spare)
    return Allocated(
        allocation,
        (*offered.excluded, *_unfit(chosen, layers, audience)),
        (*unknown_channels(goal, pack), *offered.findings, *_no_channel(channels), *findings),
    )


def alternatives(
    goal: Goal,
    layers: Layers,
    audience: Audience,
    pack: Pack,
    *,
    reach: Reach | None = None,
    stock: Stock | None = None,
) -> tuple[Plans, tuple[Finding, ...]]:
    """The section ``plans`` with the three allocations; estimates add the figures (``estimates.with_figures``)."""
    made: list[Alternative] = []
    found: dict[PlanId, tuple[Finding, ...]] = {}
    for name, _ in SETTINGS.items():
        settings = settings_for(name, goal)
        done = allocate(goal, layers, audience, pack, plan=name, reach=reach, stock=stock)
        made.append(Alternative(name, settings.budget_share, settings.holdout_pct, done.allocation, ()))
        found[name] = done.findings
    return Plans(tuple(made)), _told_once(found)


def _told_once(found: Mapping[PlanId, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Each matter once: as the balanced plan meets it, else as the first that does.

    A budget is too small or too large only if it is so in every plan; then the figure is what is enough for each.
    """
    told: dict[tuple[str, str], Finding] = {}
    for name in ("balanced", *found):
        for finding in found[name]:
            told.setdefault(
                (finding.code, str(finding.params.get("benefit", finding.params.get("channel", "")))), finding
            )
    for key in [key for key in told if key[0] in _BUDGET]:
        same = [item for findings in found.values() for item in findings if item.code == key[0]]
        if len(same) < len(found):
            del told[key]
        else:
            told[key] = max(same, key=lambda item: float(str(item.params["enough_yuan"])))
    return tuple(told.values())


_BUDGET = ("benefits.budget_below_cheapest", "benefits.budget_not_needed")


def _unfit(offered: Candidates, layers: Layers, audience: Audience) -> tuple[Excluded, ...]:
    """Benefits that no layer may have because its rules do not say enough of its customers."""
    return tuple(
        Excluded(benefit.id, "benefits.other_lifecycle", {"lifecycles": ", ".join(benefit.lifecycles)})
        for benefit in offered.benefits
        if not any(fits_layer(benefit, layer, audience.rule) for layer in layers.layers)
    )


def _by_depth(offered: Candidates, depth: float) -> Candidates:
    """The cheaper part of the benefits; at least one, because a plan without any offer is not a shallow offer."""
    by_face = sorted(offered.benefits, key=lambda benefit: (benefit.face_fen, benefit.id))
    kept = {benefit.id for benefit in by_face[: max(1, round(len(by_face) * depth))]}
    return replace(offered, benefits=tuple(benefit for benefit in offered.benefits if benefit.id in kept))


def _no_channel(channels: Sequence[object]) -> tuple[Finding, ...]:
    return () if channels else (Finding("benefits.no_channel", Severity.S1, "goal.channels"),)
