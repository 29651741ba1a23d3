"""How documents look to a door: JSON with labels and sentences in the caller's language. No number is made here."""

from collections.abc import Mapping
from typing import Any

from linghang import packs
from linghang.audiences import explain
from linghang.base.digest import plain
from linghang.base.findings import Severity
from linghang.base.messages import render
from linghang.base.predicates import Combination
from linghang.campaigns import store
from linghang.campaigns.diff import Change
from linghang.campaigns.model import Campaign, Status
from linghang.campaigns.sections import Json
from linghang.flow import documents
from linghang.kit.context import Context
from linghang.packs.model import Pack


def document(ctx: Context, campaign: Campaign) -> dict[str, Json]:
    """The whole document for the wire."""
    pack = packs.load(ctx.pack)
    goal = campaign.value("goal")
    audience = campaign.value("audience")
    findings = [
        {**plain(finding), "message": render(finding.code, _worded(finding.params, pack, ctx.locale), ctx.locale),
         "section": section.name}
        for section in campaign.sections.values()
        for finding in section.findings
    ]  # fmt: skip
    missing = list(goal.missing) if goal is not None else []
    return {
        "id": campaign.id,
        "name": goal.name if goal is not None else campaign.id,
        "version": campaign.version,
        "status": str(campaign.status),
        "status_label": render(f"status.{campaign.status}", {}, ctx.locale),
        "owner": campaign.owner,
        "parent": campaign.parent,
        "created": plain(campaign.created),
        "updated": plain(campaign.updated),
        "sections": {name: plain(section) | {"kind": section.kind} for name, section in campaign.sections.items()},
        "findings": findings,
        "assumptions": _assumptions(campaign, ctx.locale),
        "missing": missing,
        "missing_labels": [render(f"reading.key.{key}", {}, ctx.locale) for key in missing],
        "audience_words": explain(audience.rule, pack, ctx.locale) if audience is not None else "",
        "step_words": [explain(step.rule or Combination("all", ()), pack, ctx.locale) for step in audience.steps]
        if audience is not None
        else [],
        "labels": labels(campaign, pack, ctx.locale),
        "next": next_step(campaign),
    }


def row(campaign: Campaign) -> dict[str, Json]:
    """A campaign as a row of the list."""
    goal = campaign.value("goal")
    audience = campaign.value("audience")
    estimate = campaign.value("estimate")
    return {
        "id": campaign.id,
        "name": goal.name if goal is not None else campaign.value("brief").text[:30],
        "status": str(campaign.status),
        "version": campaign.version,
        "owner": campaign.owner,
        "updated": plain(campaign.updated),
        "objective": goal.objective if goal is not None else "",
        "product": goal.product if goal is not None else "",
        "start": goal.start.isoformat() if goal is not None else "",
        "end": goal.end.isoformat() if goal is not None else "",
        "budget_fen": goal.budget_fen if goal is not None else None,
        "audience": audience.count if audience is not None else None,
        "incremental": next((f.value for f in estimate.figures if f.name == "incremental"), None) if estimate else None,
        "findings": len(campaign.findings),
        "cover": next((p.file for p in campaign.value("creatives").pictures), "")
        if campaign.value("creatives")
        else "",
    }


def last_id(ctx: Context) -> str:
    """The campaign that changed last. Raises UnknownItemError("campaign.none")."""
    return documents.load(ctx, "last").id


def next_step(campaign: Campaign) -> str:
    """What an operator does next: answer, mend, submit, launch, play, report or nothing."""
    goal = campaign.value("goal")
    if campaign.status is Status.APPROVED:
        return "launch"
    if campaign.status in (Status.RUNNING, Status.PAUSED):
        return "play"
    if campaign.status in (Status.ENDED, Status.CANCELLED):
        return "report"
    if goal is None or campaign.value("compliance") is None:
        return "answer"
    if any(finding.severity in (Severity.S1, Severity.S2) for finding in campaign.findings):
        return "mend"
    return "submit"


def change(ctx: Context, item: Change) -> dict[str, Json]:
    """A change with its words: what, before → after."""
    what = render(f"section.{item.section}", {}, ctx.locale)
    path = item.path.removesuffix(".changed")
    name = render(f"path.{path.rsplit('.', 1)[-1]}", {}, ctx.locale) if path else ""
    if name.startswith("path."):
        name = path
    words = f"{what} {name} {_said(item.path, item.before)} → {_said(item.path, item.after)}"
    if item.path.endswith(".changed"):
        words = render(
            "change.counted", {"what": f"{what} {name}", "before": item.before, "after": item.after}, ctx.locale
        )
    return {"section": item.section, "path": item.path, "before": item.before, "after": item.after, "words": words}


def _said(path: str, value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if path.endswith(("_fen", "_cny")):
            yuan = value / 100 if path.endswith("_fen") else value
            return f"{yuan / 10000:g}万" if abs(yuan) >= 10000 else f"¥{yuan:g}"
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
    if isinstance(value, list):
        return "、".join(_said("", item) for item in value[:8]) + ("…" if len(value) > 8 else "")
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_said(str(key), item)}" for key, item in list(value.items())[:6] if item is not None)
    return str(value)


def _assumptions(campaign: Campaign, locale: str) -> list[dict[str, Json]]:
    goal = campaign.value("goal")
    if goal is None:
        return []
    return [
        {**plain(item), "message": render(item.code, item.params, locale), "label": _key_label(item.key, locale)}
        for item in goal.assumptions
    ]


def _key_label(key: str, locale: str) -> str:
    label = render(f"reading.key.{key}", {}, locale)
    return key if label.startswith("reading.key.") else label


def _worded(params: Mapping[str, Any], pack: Pack, locale: str) -> dict[str, Any]:
    """Parameters with ids of the pack replaced by names: a person never meets ``last_login_days``."""
    names = {attribute.name: attribute.label.of(locale) for attribute in pack.attributes}
    return {key: names.get(value, value) if key in ("field", "widest") else value for key, value in params.items()}


def labels(campaign: Campaign, pack: Pack, locale: str) -> dict[str, str]:
    """Id → name, for everything that this document may mention."""
    told = {
        item.id: item.label.of(locale)
        for group in (pack.products, pack.benefits, pack.slots, pack.channels, pack.pools, pack.playbooks)
        for item in group
    }
    told |= {metric.name: metric.label.of(locale) for metric in pack.metrics}
    told |= {attribute.name: attribute.label.of(locale) for attribute in pack.attributes}
    told |= {
        f"{attribute.name}={choice.value}": choice.label.of(locale)
        for attribute in pack.attributes
        for choice in attribute.choices
    }
    layers = campaign.value("layers")
    for layer in layers.layers if layers is not None else ():
        words = render(layer.code, {**layer.params, "locale": locale}, locale)
        told[layer.id] = words if words != layer.code else explain(layer.rule, pack, locale)
    return told


def calendar(ctx: Context, start: str, end: str) -> list[dict[str, Json]]:
    """Placements of all campaigns that touch the days asked for."""
    rows: list[dict[str, Json]] = []
    for campaign_id, _ in store.listing(ctx.db, ctx.institution_id):
        campaign = documents.load(ctx, campaign_id)
        placements, goal = campaign.value("placements"), campaign.value("goal")
        if placements is None or goal is None:
            continue
        for placement in placements.placements:
            told = plain(placement)
            if (not end or told["start"] <= end) and (not start or told["end"] >= start):
                rows.append({"campaign_id": campaign_id, "name": goal.name, "status": str(campaign.status), **told})
    return sorted(rows, key=lambda told: (told["start"], told["slot"], told["channel"]))
