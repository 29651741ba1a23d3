"""Pre-flight of proof: the experiment, the estimate, and the compliance review."""

from collections.abc import Iterable

from linghang.approvals.preflight.look import Look, found
from linghang.base.findings import Finding, Severity
from linghang.experiments import HOLDOUT

SMALLEST_HOLDOUT = 0.05
LARGEST_HOLDOUT = 0.5


def arms(look: Look) -> Iterable[Finding]:
    """Arms share out everybody, one of them is held out, and by a salt."""
    experiment = look.experiment
    total = sum(arm.share for arm in experiment.arms)
    if not experiment.arms or abs(total - 1) > 1e-6 or any(arm.share < 0 for arm in experiment.arms):
        yield found("arms_do_not_add_up", Severity.S1, "experiment.arms", total=round(total, 4))
    held = sum(arm.share for arm in experiment.arms if arm.id == HOLDOUT)
    if not held:
        yield found("no_holdout", Severity.S3, "experiment.arms")
    elif held < SMALLEST_HOLDOUT:
        yield found("holdout_small", Severity.S4, "experiment.arms", percent=round(held * 100, 2))
    elif held > LARGEST_HOLDOUT:
        yield found("holdout_large", Severity.S3, "experiment.arms", percent=round(held * 100, 2))
    if held and abs(held * 100 - look.goal.holdout_pct) > 0.01:
        yield found(
            "holdout_differs_from_brief",
            Severity.S2,
            "experiment.arms",
            percent=round(held * 100, 2),
            said=look.goal.holdout_pct,
        )
    if not experiment.salt:
        yield found("no_salt", Severity.S1, "experiment.salt")


def power(look: Look) -> Iterable[Finding]:
    """The experiment can answer its question, about metrics that exist."""
    experiment = look.experiment
    if experiment.holdout and not experiment.enough:
        yield found("underpowered", Severity.S4, "experiment.enough", points=f"{experiment.mde * 100:.2f}")
    if experiment.treated + experiment.holdout > look.audience.count:
        yield found("experiment_larger_than_audience", Severity.S1, "experiment.treated")
    known = {metric.name for metric in look.pack.metrics}
    for name in (experiment.primary, *experiment.guardrails):
        if known and name not in known:
            yield found("unknown_metric", Severity.S2, "experiment.primary", metric=name)
    if not experiment.guardrails:
        yield found("no_guardrails", Severity.S3, "experiment.guardrails")


def estimate(look: Look) -> Iterable[Finding]:
    """What is expected is worth doing and reaches what was promised."""
    figures = {figure.name: figure for figure in look.estimate.figures}
    for figure in figures.values():
        if not figure.low <= figure.value <= figure.high:
            yield found("figure_outside_interval", Severity.S1, f"estimate.figures[{figure.name}]", figure=figure.name)
    roi = figures.get("roi")
    if roi is not None and roi.high < 0:
        yield found("loss_expected", Severity.S3, "estimate.figures[roi]", roi=round(roi.value, 2))
    if look.estimate.target_reachable is False:
        yield found("target_out_of_reach", Severity.S3, "goal.target")
    cost = figures.get("cost")
    if cost is not None and cost.value > look.goal.budget_fen:
        yield found("cost_above_budget", Severity.S2, "estimate.figures[cost]", cost_yuan=round(cost.value / 100, 2))


def review(look: Look) -> Iterable[Finding]:
    """The compliance review is of this content, for this day and country, and passed."""
    review = look.review
    if review.verdict != "compliant":
        violating = sum(1 for asset in review.assets if asset.verdict != "compliant")
        yield found("not_compliant", Severity.S1, "compliance.verdict", assets=violating)
    if review.launch != look.goal.start:
        yield found("reviewed_for_other_day", Severity.S1, "compliance.launch", day=str(review.launch))
    if review.jurisdiction != look.pack.jurisdiction:
        yield found("reviewed_for_other_country", Severity.S1, "compliance.jurisdiction", country=review.jurisdiction)
    if not review.rules:
        yield found("reviewed_by_no_rule", Severity.S1, "compliance.rules")
    missing = sorted({code for asset in review.assets for code in asset.missing})
    if missing:
        yield found("disclosures_missing", Severity.S2, "compliance.assets", codes=", ".join(missing))


def reviewed(look: Look) -> Iterable[Finding]:
    """Nothing runs that was not reviewed."""
    seen = {part for asset in look.review.assets for part in asset.asset.split("+")}
    texts = [text.id for text in look.texts.texts if text.id not in seen]
    pictures = [item.id for item in look.creatives.pictures if item.id not in seen]
    page = [look.page.file] if look.page.file and look.page.file not in seen and "page" not in seen else []
    unseen = [*texts, *pictures, *page]
    if unseen:
        yield found("not_reviewed", Severity.S1, "compliance.assets", count=len(unseen), first=unseen[0])


def hand_edits(look: Look) -> Iterable[Finding]:
    """What a person pinned is looked at by a person."""
    if look.pins.items:
        paths = ", ".join(pin.path for pin in look.pins.items[:5])
        yield found("pinned_by_hand", Severity.S3, "pins", count=len(look.pins.items), paths=paths)


def level(look: Look) -> Iterable[Finding]:
    """The level says how many approve, so it must be that of the budget at least."""
    least = {"S": 500_000_000, "A": 50_000_000, "B": 5_000_000, "C": 0}
    order = ("C", "B", "A", "S")
    by_budget = next(name for name in ("S", "A", "B", "C") if max(look.goal.budget_fen, 0) >= least[name])
    if order.index(look.goal.level) < order.index(by_budget):
        yield found("level_below_budget", Severity.S1, "goal.level", level=look.goal.level, wanted=by_budget)
    if not look.product and look.goal.product:
        yield found("unknown_product", Severity.S1, "goal.product", product=look.goal.product)


def unresolved(look: Look) -> Iterable[Finding]:
    """What other rooms found and nobody has mended."""
    for finding in look.campaign.findings:
        if finding.severity in (Severity.S1, Severity.S2):
            yield finding
