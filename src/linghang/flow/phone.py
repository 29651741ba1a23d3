"""The live phone (演示手机) and the decision door: what one customer sees, taps and claims, and why.

Everything here is the real thing: decisions over signed packages, the benefit ledger, the event log.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from linghang import audiences, benefits, customers, decisions, events, packs
from linghang.audiences.vocabulary import unit_words
from linghang.base.errors import RefusedError
from linghang.base.messages import render
from linghang.base.records import DecisionRecord, Event
from linghang.benefits import Refusal
from linghang.campaigns.sections import Json
from linghang.campaigns.store import section_type
from linghang.customers.persons import masked
from linghang.decisions import store as log
from linghang.experiments import arm_of
from linghang.flow import live, views
from linghang.flow.live import Live
from linghang.kit.context import Context
from linghang.kit.skills import skill

SAMPLES = 4
"""Customers shown of each layer."""


@skill("phone.customers", effect="read", permission="customers.read", data="rows")
def sample(ctx: Context, campaign_id: str) -> list[Mapping[str, Json]]:
    """Some customers of every layer of a launched campaign, of its holdout, and one outside; labels mask ids."""
    item = live.of_campaign(ctx, campaign_id if campaign_id != "last" else views.last_id(ctx))
    pack = packs.load(ctx.pack)
    index = audiences.current_index(ctx, pack)
    chosen: list[tuple[int, str, str]] = []
    for layer, members in item.layers:
        step = max(1, len(members) // 400)
        arms = [(int(number), arm_of(int(number), item.view.salt, item.view.arms)) for number in members[::step]]
        treated = [number for number, arm in arms if arm != "holdout"][:SAMPLES]
        held = [number for number, arm in arms if arm == "holdout"][:1]
        chosen += [(number, layer, "treated") for number in treated] + [(number, layer, "holdout") for number in held]
    inside = {number for _, members in item.layers for number in members[:5000].tolist()}
    outside = next((number for number in range(index.population) if not item.layer_of(number)), None)
    if outside is not None and outside not in inside:
        chosen.append((outside, "", ""))
    ids = customers.Numbers(ctx.analytics, ctx.institution_id).ids([number for number, _, _ in chosen])
    shown = audiences.default_dimensions(pack, index, 4)
    rows = audiences.features(index, np.array([number for number, _, _ in chosen], np.uint32), shown).to_pylist()
    known = {attribute.name: attribute for attribute in pack.attributes}
    return [
        {
            "customer": customer,
            "label": masked(customer),
            "layer": layer,
            "arm": arm,
            "traits": {
                known[name].label.of(ctx.locale): _trait(known[name], row[name], ctx.locale)
                for name in shown
                if row.get(name) is not None
            },
        }
        for customer, (_, layer, arm), row in zip(ids, chosen, rows, strict=True)
    ]


def _trait(attribute: packs.Attribute, value: Any, locale: str) -> Json:
    """A value as people read it: a choice by its name, a number with its unit."""
    named = next((choice.label.of(locale) for choice in attribute.choices if str(choice.value) == str(value)), None)
    if named is not None or isinstance(value, bool) or not isinstance(value, int | float) or attribute.kind == "money":
        return value if named is None else named
    return f"{value:,g}{unit_words(attribute.unit, locale)}"


@skill("phone.home", effect="draft", permission="decide.call", data="rows")
def home(ctx: Context, customer: str, at: str = "") -> Mapping[str, Json]:
    """The home screen of a customer at an instant (ISO; empty: now, or the first hour at which something runs).

    Every slot is decided by the live packages; a slot that shows something is an impression in the event log.
    """
    lives = live.running(ctx)
    instant = _instant(ctx, at, lives)
    number = customers.Numbers(ctx.analytics, ctx.institution_id).one(customer)
    records = live.decide_for(ctx, number, live.places(lives), instant, lives=lives)
    seen = [_event(ctx, record, "impression", record.slot) for record in records if record.chosen]
    events.record(ctx.analytics, ctx.db, seen, now=ctx.now)
    return {
        "customer": customer,
        "label": masked(customer),
        "at": instant.isoformat(),
        "slots": [_slot(ctx, record, lives) for record in records],
        "left": _left(ctx, lives),
    }


def _left(ctx: Context, lives: Sequence[Live]) -> dict[str, Mapping[str, int]]:
    """Campaign → benefit → how many its package may still give, by the ledger."""
    left = live.state_of(ctx, lives).left
    return {item.package.campaign_id: left[item.package.hash] for item in lives}


@skill("decide.customer", effect="draft", permission="decide.call", data="rows")
def decide(ctx: Context, customer: str, slots: list[str] | None = None, at: str = "") -> Mapping[str, Json]:
    """One decision a slot for a customer, with propensity and the reason for every option not chosen."""
    lives = live.running(ctx)
    instant = _instant(ctx, at, lives) if at else ctx.now
    number = customers.Numbers(ctx.analytics, ctx.institution_id).one(customer)
    wanted = tuple(slots) if slots else live.places(lives)
    records = live.decide_for(ctx, number, wanted, instant, lives=lives)
    return {"customer": customer, "decisions": [_slot(ctx, record, lives) for record in records]}


@skill("phone.explain", effect="read", permission="campaign.read", data="rows")
def explain(ctx: Context, decision_id: str) -> list[Mapping[str, Json]]:
    """Why this customer sees this, or nothing: the choice first, then a sentence for everything else."""
    record = log.find(ctx.db, ctx.institution_id, decision_id)
    named = _names(ctx, record)
    return [
        {"what": what, "name": named.get(what.split("/")[-1], what), "why": why}
        for what, why in decisions.explain(record, ctx.locale, named)
    ]


@skill("phone.tap", effect="draft", permission="decide.call", data="rows")
def tap(ctx: Context, decision_id: str) -> Mapping[str, Json]:
    """A tap on what a decision shows: a click in the log, and the landing page to open."""
    record = _shown(ctx, decision_id)
    events.record(ctx.analytics, ctx.db, [_event(ctx, record, "click", record.slot)], now=ctx.now)
    package = live.open_package(ctx, record.package).package
    return {"decision_id": decision_id, "page": package.sections["page"]["file"], "campaign_id": package.campaign_id}


@skill("phone.claim", effect="commit", permission="decide.call", data="rows")
def claim(ctx: Context, decision_id: str) -> Mapping[str, Json]:
    """Claim the benefit that a decision offers: from the ledger, while there is any; claimed again, it is the same."""
    record = _shown(ctx, decision_id)
    item = live.open_package(ctx, record.package)
    variant = _variant(item, record.chosen)
    granted = section_type("benefits").validate_python(item.package.sections["benefits"]).granted
    benefit = next((one for one in granted if one.id == variant["benefit"]), None)
    if benefit is None:
        raise RefusedError("phone.nothing_to_claim", decision=decision_id)
    key = f"{record.package[:16]}:{benefit.id}:{record.customer}"
    grant = benefits.claim(ctx.db, ctx.institution_id, record.package, benefit, record.customer, key=key, now=ctx.now)
    left = benefits.left_in_package(ctx.db, ctx.institution_id, record.package, [benefit.id])
    if isinstance(grant, Refusal):
        reason = render(grant.code, grant.params, ctx.locale)
        return {"claimed": False, "reason": reason, "code": grant.code, "left": left.get(benefit.id, 0)}
    events.record(ctx.analytics, ctx.db, [_event(ctx, record, "claim", benefit.id)], now=ctx.now)
    return {
        "claimed": True,
        "grant": grant.id,
        "benefit": benefit.label.of(ctx.locale),
        "face_fen": benefit.face_fen,
        "expires": grant.expires.isoformat() if grant.expires else "",
        "left": left.get(benefit.id, 0),
    }


@skill("decide.tap", effect="draft", permission="decide.call", data="rows")
def decide_tap(ctx: Context, decision_id: str) -> Mapping[str, Json]:
    """The same as ``phone.tap``, for the decision door."""
    return tap(ctx, decision_id)


@skill("decide.claim", effect="commit", permission="decide.call", data="rows")
def decide_claim(ctx: Context, decision_id: str) -> Mapping[str, Json]:
    """The same as ``phone.claim``, for the decision door."""
    return claim(ctx, decision_id)


def _instant(ctx: Context, at: str, lives: Sequence[Live]) -> dt.datetime:
    if at:
        return customers.instant(at, ctx.zone, ctx.now)
    windows = [one.window for item in lives for times in item.view.running.values() for one in times]
    if not windows or any(ctx.now in window for window in windows):
        return ctx.now
    first = min(window.start for window in windows)
    return first + dt.timedelta(hours=10, minutes=30)


def _shown(ctx: Context, decision_id: str) -> DecisionRecord:
    record = log.find(ctx.db, ctx.institution_id, decision_id)
    if not record.chosen:
        raise RefusedError("phone.nothing_shown", decision=decision_id)
    return record


def _event(ctx: Context, record: DecisionRecord, name: str, what: str) -> Event:
    item = live.open_package(ctx, record.package)
    slots = {slot.id: slot.channel for slot in packs.load(ctx.pack).slots}
    return Event(
        institution_id=ctx.institution_id,
        customer=record.customer,
        name=name,
        at=record.at,
        key=f"{record.decision_id}:{name}",
        campaign_id=item.package.campaign_id,
        package=record.package,
        channel=slots.get(record.slot, record.slot),
        slot=record.slot,
        layer=record.layer,
        object=what,
        source="app",
    )


def _variant(item: Live, variant_id: str) -> Mapping[str, Any]:
    return next(one for one in item.package.sections["combinations"]["variants"] if one["id"] == variant_id)


def _slot(ctx: Context, record: DecisionRecord, lives: Sequence[Live]) -> dict[str, Json]:
    told: dict[str, Json] = {
        "slot": record.slot,
        "decision_id": record.decision_id,
        "shown": bool(record.chosen),
        "propensity": record.propensity,
        "layer": record.layer,
        "arm": record.arm,
        "reasons": dict(record.reasons),
    }
    item = next((one for one in lives if one.package.hash == record.package), None)
    if not record.chosen or item is None:
        why = dict(decisions.explain(record, ctx.locale, _names(ctx, record)))
        return {**told, "why": next((text for what, text in why.items() if what), why.get("", ""))}
    variant = _variant(item, record.chosen)
    picture = next(
        (one for one in item.package.sections["creatives"]["pictures"] if one["id"] == variant["creative"]), None
    )
    granted = {one["id"]: one for one in item.package.sections["benefits"]["granted"]}
    benefit = granted.get(variant["benefit"])
    lang = "en" if ctx.locale.startswith("en") else "zh"
    return {
        **told,
        "campaign_id": item.package.campaign_id,
        "variant": variant["id"],
        "name": variant["name"],
        "copy": variant["copy"],
        "picture": picture["file"] if picture else "",
        "width": picture["width"] if picture else 0,
        "height": picture["height"] if picture else 0,
        "alt": picture["alt"] if picture else "",
        "page": item.package.sections["page"]["file"],
        "benefit": {"id": benefit["id"], "label": benefit["label"][lang], "face_fen": benefit["face_fen"]}
        if benefit
        else None,
    }


def _names(ctx: Context, record: DecisionRecord) -> dict[str, str]:
    """What people call the ids of a decision: combinations by their words and benefit, its layer, its place."""
    pack = packs.load(ctx.pack)
    lang = "en" if ctx.locale.startswith("en") else "zh"
    named = {item.id: item.label.of(ctx.locale) for group in (pack.slots, pack.channels) for item in group}
    for item in live.running(ctx):
        granted = {one["id"]: one["label"][lang] for one in item.package.sections["benefits"]["granted"]}
        for one in item.package.sections["combinations"]["variants"]:
            words = one["copy"].get("title") or next(iter(one["copy"].values()), one["name"])
            gift = granted.get(one["benefit"])
            named[one["id"]] = f"{words} × {gift}" if gift else str(words)
        if item.package.hash == record.package:
            named |= views.layer_names(live.layers_of(item.package), pack, ctx.locale)
    return named | {record.chosen: named.get(record.chosen.split("/")[-1], record.chosen)}
