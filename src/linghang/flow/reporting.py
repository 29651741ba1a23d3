"""The report of a launched campaign for the doors: every figure as analysis read it, with its words.

Nothing is computed here but order and labels; ``analysis.recompute`` proves each figure from rows.
"""

from collections.abc import Mapping
from typing import Any

from linghang import analysis, audiences, delivery, knowledge, packs
from linghang.analysis import Report, Told
from linghang.base.digest import plain
from linghang.base.errors import RefusedError
from linghang.base.messages import render
from linghang.campaigns import store
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Json
from linghang.flow import formulas, live, views
from linghang.kit.context import Context

CENTRE = ("lift", "incremental", "cost", "icpa", "roi")
"""The figures that a report begins with."""


def report(ctx: Context, campaign: Campaign) -> dict[str, Json]:
    """The read-out now. Raises UnknownItemError("delivery.not_launched") before the launch."""
    found = read(ctx, campaign)
    pack = packs.load(ctx.pack)
    labels = views.labels(campaign, pack, ctx.locale)
    rows = [_row(item, ctx.locale) for item in (*found.figures, *found.funnel)]
    rows.sort(key=lambda row: CENTRE.index(row["name"]) if row["name"] in CENTRE else len(CENTRE))
    by_name = {row["name"]: row for row in rows}
    goal = campaign.value("goal")
    return {
        "campaign_id": campaign.id,
        "name": goal.name if goal is not None else campaign.id,
        "package": found.package,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "simulated": found.simulated,
        "shadow": found.shadow,
        "labels": [render(code, {}, ctx.locale) for code in found.labels],
        "sentence": _sentence(by_name, ctx.locale),
        "rows": rows,
        "funnel": [{**_row(item, ctx.locale)} for item in found.funnel],
        "lift": by_name.get("lift"),
        "cost_fen": (by_name.get("cost") or {}).get("value"),
        "arms": plain(found.arms),
        "layers": [{**plain(item), "label": labels.get(item.layer, item.layer)} for item in found.layers],
        "channels": [{**plain(item), "label": labels.get(item.channel, item.channel)} for item in found.channels],
        "variants": plain(found.variants),
        "daily": plain(found.daily),
        "findings": views.findings_told(found.findings, labels, ctx.locale),
    }


def read(ctx: Context, campaign: Campaign) -> Report:
    """The report of the campaign's latest launch, with the groups of its signed snapshots."""
    launched = delivery.of_campaign(ctx.db, ctx.institution_id, campaign.id)
    package = store.package(ctx.db, ctx.institution_id, launched.package)
    members = {layer.id: audiences.load(ctx.home, layer.snapshot) for layer in live.layers_of(package)}
    pack = packs.load(ctx.pack)
    return analysis.report(ctx.db, ctx.analytics, package, pack, launched, members, now=ctx.now)


def finish(ctx: Context, campaign: Campaign) -> None:
    """Keep the outcome of a campaign that has been played or has ended, for later estimates."""
    found = read(ctx, campaign)
    package = store.package(ctx.db, ctx.institution_id, found.package)
    try:
        outcome = analysis.outcome_of(found, package, finished=ctx.today)
    except RefusedError:
        # Too few customers to tell anything: there is no outcome to learn from, and the report says so.
        return
    store.keep_outcome(ctx.db, outcome, ctx.now)
    _remember(ctx, report(ctx, campaign), campaign)


def _remember(ctx: Context, told: Mapping[str, Any], campaign: Campaign) -> None:
    """The read-out as a document of the library, so that a later brief of its kind finds it."""
    goal = campaign.value("goal")
    kinds = [goal.product, goal.product_kind] if goal is not None else []
    lines = [f"- {row['label']}: {row['value']}" for row in told["rows"] if row["value"] is not None]
    note = render("recap.simulated", {}, ctx.locale) if told["simulated"] else ""
    head = f'---\ntitle: "{told["name"]}"\nkind: review\nproducts: {kinds}\ndate: {ctx.today.isoformat()}\n---\n'
    body = f"# {told['name']}\n\n{told['sentence']} {note}\n\n" + "\n".join(lines) + "\n"
    knowledge.add(ctx.home, f"review {campaign.id}", head + body, ctx.today)


def _row(item: Told, locale: str) -> dict[str, Json]:
    return {
        "name": item.name,
        "label": render(f"figure.{item.name}", {}, locale),
        "value": item.value,
        "unit": item.unit,
        "low": item.low,
        "high": item.high,
        "interval": "",
        "note": render(item.note, {}, locale) if item.note else "",
        "formula": item.formula,
        "formula_words": formulas.in_words(item.formula, locale) if item.formula else "",
        "query": [part.query for base in item.bases for part in base.parts],
    }


def _sentence(rows: Mapping[str, Mapping[str, Any]], locale: str) -> str:
    """What the campaign caused, in one sentence; its numbers are the rows' own."""
    incremental, lift, cost = (rows.get(name) or {} for name in ("incremental", "lift", "icpa"))
    if incremental.get("value") is None or incremental.get("low") is None:
        return render("report.nothing_to_tell", {}, locale)
    params = {
        "incremental": f"{incremental['value']:,.0f}",
        "low": f"{incremental['low']:,.0f}".replace("-", "−"),
        "high": f"{incremental['high']:,.0f}".replace("-", "−"),
        "points": f"{(lift.get('value') or 0) * 100:+.2f}".replace("-", "−"),
        "each": f"{cost['value'] / 100:,.2f}" if cost.get("value") else "—",
    }
    code = "report.caused" if incremental["low"] > 0 else "report.not_proven"
    return render(code, params, locale)
