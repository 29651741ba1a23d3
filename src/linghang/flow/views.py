"""How documents look to a door: JSON with labels and sentences in the caller's language. No number is made here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from linghang import audiences, packs
from linghang.audiences import explain, saved_names
from linghang.base.digest import plain
from linghang.base.findings import Finding, Severity
from linghang.base.messages import catalogue, render, spoken
from linghang.base.predicates import Combination
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Status
from linghang.campaigns.sections import Json, Layer
from linghang.flow import documents
from linghang.kit.context import Context
from linghang.packs.model import Pack


def document(ctx: Context, campaign: Campaign) -> dict[str, Json]:
    """The whole document for the wire."""
    pack = packs.load(ctx.pack)
    goal = campaign.value("goal")
    audience = campaign.value("audience")
    saved = saved_names(ctx.db, ctx.institution_id)
    names = labels(campaign, pack, ctx.locale) | saved_labels(ctx)
    findings = [
        {**told, "section": section.name}
        for section in campaign.sections.values()
        for told in findings_told(section.findings, names, ctx.locale)
    ]
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
        "assumptions": _assumptions(campaign, pack, ctx.locale),
        "missing": missing,
        "missing_labels": [render(f"reading.key.{key}", {}, ctx.locale) for key in missing],
        "audience_words": explain(audience.rule, pack, ctx.locale, saved) if audience is not None else "",
        "step_words": [explain(step.rule or Combination("all", ()), pack, ctx.locale, saved) for step in audience.steps]
        if audience is not None
        else [],
        "labels": names,
        "next": next_step(campaign),
    }


def findings_told(findings: Iterable[Finding], names: Mapping[str, str], locale: str) -> list[dict[str, Json]]:
    """Findings for people: the sentence, what it is about and what its fix would do, with names for ids."""
    told: list[dict[str, Json]] = []
    for finding in findings:
        worded = _worded(finding.params, names, locale)
        one = {**plain(finding), "message": render(finding.code, worded, locale)}
        one["about_label"] = _about(finding.about, names, locale)
        if finding.fix is not None:
            one["fix"] = {**plain(finding.fix), "label": render(finding.fix.code, worded, locale)}
        told.append(one)
    return told


def _about(path: str, names: Mapping[str, str], locale: str) -> str:
    """A path (``audience.rule[default]``) as people call its parts; parts without a name are left out."""
    parts: list[str] = []
    for part in path.replace("]", "").replace("[", ".").split("."):
        codes = (f"section.{part}", f"reading.key.{part}", f"about.{part}")
        said = next((render(code, {}, locale) for code in codes if code in catalogue()), names.get(part, ""))
        if said and said not in parts:
            parts.append(said)
    return " · ".join(parts)


def row(campaign: Campaign, locale: str = "zh-CN") -> dict[str, Json]:
    """A campaign as a row of the list."""
    goal = campaign.value("goal")
    audience = campaign.value("audience")
    estimate = campaign.value("estimate")
    return {
        "id": campaign.id,
        "name": goal.name if goal is not None else campaign.value("brief").text[:30],
        "status": str(campaign.status),
        "status_label": render(f"status.{campaign.status}", {}, locale),
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
    """What is done next: answer, mend, submit, approve, launch, play, report or nothing."""
    goal = campaign.value("goal")
    if campaign.status is Status.IN_REVIEW:
        return "approve"
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


def _assumptions(campaign: Campaign, pack: Pack, locale: str) -> list[dict[str, Json]]:
    """What was assumed, why, and what else the pack has for it."""
    named = {"product": pack.products, "playbook": pack.playbooks}
    options: dict[str, Json] = {
        key: [{"value": one.id, "label": one.label.of(locale)} for one in have] for key, have in named.items()
    }
    goal = campaign.value("goal")
    if goal is None:
        return []
    return [
        {**plain(item), "message": render(item.code, item.params, locale), "label": _key_label(item.key, locale),
         "options": options.get(item.key, [])}
        for item in goal.assumptions
    ]  # fmt: skip


def _key_label(key: str, locale: str) -> str:
    label = render(f"reading.key.{key}", {}, locale)
    return key if label.startswith("reading.key.") else label


class _Figure(float):
    """A number in a sentence: with thousands separators where the sentence asks for no form of its own."""

    def __format__(self, form: str) -> str:
        if form:
            return super().__format__(form)
        return f"{self:,.0f}" if self.is_integer() else f"{self:,.2f}"


_PLAIN = frozenset({"line", "version", "year", "port"})


def _worded(params: Mapping[str, Any], names: Mapping[str, str], locale: str) -> dict[str, Any]:
    """Parameters as people read them: ids of the pack by their names, sections by theirs, numbers with separators."""
    told = spoken(params, locale)
    return {key: value if key in _PLAIN else _said(value, names) for key, value in told.items()}


def _said(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value) or _listed(value, names)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _Figure(value)
    return [_said(item, names) for item in value] if isinstance(value, list | tuple) else value


def _listed(value: str, names: Mapping[str, str]) -> str:
    """A list of ids in one text (``sms, call``) by their names; any other text as it is."""
    parts = value.split(", ")
    if len(parts) < 2 or not any(part in names for part in parts):
        return value
    return (
        "、".join(names.get(part, part) for part in parts)
        if _chinese(names)
        else ", ".join(names.get(part, part) for part in parts)
    )


def _chinese(names: Mapping[str, str]) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for name in names.values() for letter in name)


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
    told |= {code.removeprefix("value."): render(code, {}, locale) for code in catalogue() if code.startswith("value.")}
    chosen, layers = campaign.value("benefits"), campaign.value("layers")
    told |= {item.id: item.label.of(locale) for item in (chosen.granted if chosen is not None else ())}
    told |= layer_names(layers.layers if layers is not None else (), pack, locale)
    copy = campaign.value("copy")
    for text in copy.texts if copy is not None else ():
        code = f"flow.role.{text.role}"
        role = render(code, {}, locale) if code in catalogue() else str(told.get(text.role) or text.role)
        parts = (*(str(told.get(id, id)) for id in (text.place, text.layer)), role)
        told[f"copy.texts[{text.id}].text"] = " · ".join(parts)
    return told


def in_words(ctx: Context, campaign: Campaign, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of a refusal with names for ids, as the document's own are told."""
    names = labels(campaign, packs.load(ctx.pack), ctx.locale)
    return tuple(
        replace(
            item,
            params={key: _said(told, names) if isinstance(told, str) else told for key, told in item.params.items()},
        )
        for item in findings
    )


def saved_labels(ctx: Context) -> dict[str, str]:
    """What saved audiences are called, and the field that names them in a reading."""
    field = {audiences.SAVED: render("audiences.saved_field", {}, ctx.locale)}
    return field | saved_names(ctx.db, ctx.institution_id)


def layer_names(layers: Sequence[Layer], pack: Pack, locale: str) -> dict[str, str]:
    """Layer id → how people call it: by its cut, or by its rule in words."""
    told: dict[str, str] = {}
    for layer in layers:
        words = render(layer.code, {"range_en": layer.params.get("range", ""), **layer.params}, locale)
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
