"""How each section is made: a few lines a section that call the rooms and join what they say."""

from collections.abc import Sequence
from dataclasses import replace

from linghang import audiences, benefits, estimates, experiments, pages, placements
from linghang import reading as readings
from linghang.base.findings import Finding, Severity
from linghang.base.patches import apply
from linghang.campaigns import sections as values
from linghang.campaigns import store
from linghang.creatives import brand, modelled
from linghang.creatives import combinations as mixing
from linghang.creatives import copy as writing
from linghang.creatives.checking import Checker
from linghang.flow import documents, incentives, library, people, pictures, renewal, review, wholes
from linghang.flow.goal import set_goal
from linghang.flow.graph import Look, Made
from linghang.kit import files
from linghang.kit.context import Context
from linghang.packs.model import Pack, Phrase

MODEL_TEXTS = 8
"""Texts that a connected model is asked for, for each sending place and benefit."""


def reading(ctx: Context, look: Look) -> Made:
    """The sentence read on the day it was said, then every later edit in turn."""
    brief: values.Brief = look["brief"]
    told = readings.read(brief.text, today=brief.today, pack=look.pack)
    said = dict(told.reading)
    answered = [edit.text for edit in brief.edits if edit.text]
    found = _left_aside("goal.left_aside", Severity.S3, brief.text, told, answered)
    for edit in brief.edits:
        before = said
        said, _ = apply(said, edit.patch)
        if edit.text and edit is brief.edits[-1]:
            heard = readings.read(edit.text, today=brief.today, pack=look.pack, after=before)
            found = (*found, *_left_aside("goal.edit_left_aside", Severity.S4, edit.text, heard))
    return Made(values.ReadingValue(told.kind, said, dict(told.spans), told.confidence), found)


def _left_aside(
    code: str, severity: Severity, text: str, told: readings.Reading, answered: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Clauses in which nothing was read: told, so that nobody believes that they were done.

    A clause that a later edit says by itself is answered: somebody chose what it means.
    """
    read = [*(span for places in told.spans.values() for span in places), *incentives.spans(text)]
    aside = readings.unread(text, read) if told.spans else ()
    open_ = [words for start, end in aside if (words := text[start:end]) not in answered]
    return (Finding(code, severity, "brief", params={"words": "; ".join(open_)}),) if open_ else ()


def goal(ctx: Context, look: Look) -> Made:
    """The reading with every blank filled from the pack."""
    brief: values.Brief = look["brief"]
    told = look["reading"].reading
    said = [edit.text for edit in brief.edits]
    value, findings = set_goal(told, text=brief.text, today=brief.today, pack=look.pack, edits=said)
    value = pictures.in_house_tone(value, brand.usable(brand.current(ctx.db, ctx.institution_id, look.pack), look.pack))
    gone = renewal.over(value, brief.inherited, look.pack, said=[str(slot) for slot in told.get("slots", ())])
    return Made(value, (*findings, *gone))


def audience(ctx: Context, look: Look) -> Made:
    """Who is addressed: exact count, what each condition and reason removes, profile, reach, snapshot."""
    told = look["reading"].reading
    rule = audiences.from_reading({key: told.get(key) or () for key in ("audience", "exclusions")})
    product = next((item for item in look.pack.products if item.id == look["goal"].product), None)
    return people.address(ctx, look.pack, rule, product, look["goal"].channels)


def layers(ctx: Context, look: Look) -> Made:
    """The audience in layers by a rule that a person can read, each with its usual response."""
    goal: values.Goal = look["goal"]
    playbook = next((item for item in look.pack.playbooks if item.id == goal.playbook), None)
    return people.cut(ctx, look.pack, look["audience"], goal, playbook)


def generation(ctx: Context) -> str:
    """The state of customers, holdings and events, in one word."""
    return audiences.sources_of(ctx).label


def plans(ctx: Context, look: Look) -> Made:
    """Three plans side by side, each allocated within its budget and estimated."""
    stock = benefits.stock_left(ctx.db, ctx.institution_id)
    made, findings = benefits.alternatives(
        look["goal"], look["layers"], look["audience"], look.pack, stock=stock if stock.pools else None
    )
    known = store.all_outcomes(ctx.db, ctx.institution_id)
    figured = estimates.with_figures(made, look["goal"], look["layers"], look.pack, outcomes=known, seed=ctx.seed)
    return Made(figured, findings)


def allocation(ctx: Context, look: Look) -> Made:
    """The allocation of the plan that the operator takes."""
    plans_: values.Plans = look["plans"]
    taken = {item.id: item.allocation for item in plans_.alternatives}
    chosen = taken[look["choice"].plan]
    spared = _without_offer(chosen) - min(map(_without_offer, taken.values()))
    offer = look["goal"].offer
    if not offer or offer == incentives.NONE or spared <= 0:
        return Made(chosen)
    return Made(chosen, (Finding("benefits.offer_not_for_all", Severity.S4, "benefits", params={"count": spared}),))


def _without_offer(allocation_: values.Allocation) -> int:
    return sum(item.customers for item in allocation_.allotments if not item.benefit)


def copy(ctx: Context, look: Look) -> Made:
    """Texts for every role of every place of every layer, asked of the checker before they are kept."""
    goal: values.Goal = look["goal"]
    checker = review.checker(goal, look.pack)
    pack, told = _with_model(replace(ctx, campaign=look.campaign_id), goal, look["benefits"], look.pack, checker)
    written = writing.write(
        goal, look["layers"], look["benefits"], pack, checker=checker, seed=ctx.seed, avoid=look.avoid
    )  # fmt: skip
    return Made(written.texts, (*written.findings, *told))


def _with_model(
    ctx: Context, goal: values.Goal, allocation: values.Allocation, pack: Pack, checker: Checker
) -> tuple[Pack, tuple[Finding, ...]]:
    """The pack with those of a model's texts that pass before its own phrases; a word where it failed."""
    if ctx.llm is None:
        return pack, ()
    writer = writing.writer_of(goal, pack, checker, ctx.seed)
    phrases: list[Phrase] = []
    errors: list[str] = []
    for place in writing.places_of(replace(goal, slots=()), pack):
        for benefit in allocation.granted or (None,):
            heard = modelled.propose(ctx, ctx.llm, writer, place, benefit, MODEL_TEXTS)
            phrases += modelled.as_phrases(heard.messages, place, goal.lang, heard.facts)
            errors += [heard.error] if heard.error else []
        if errors:
            break
    params = {"model": ctx.llm.name, "code": errors[0]} if errors else {}
    found = (Finding("creatives.model_failed", Severity.S4, "copy", params=params),) if errors else ()
    return replace(pack, phrases=(*phrases, *pack.phrases)), found


def creatives(ctx: Context, look: Look) -> Made:
    """A picture for every layer, slot and variant of the texts."""
    goal: values.Goal = look["goal"]
    held, told = library.assets(ctx, look.campaign_id, goal.end)
    made, findings = pictures.draw(
        ctx, goal, look["layers"], look["copy"], look["benefits"], look.pack, look["pins"], held
    )
    return Made(made, (*findings, *told))


def combinations(ctx: Context, look: Look) -> Made:
    """Copy × picture × benefit, each judged together with the page, ready for decisions."""
    drawn: values.Creatives = look["creatives"]
    records = {item.record: pictures.record_of(ctx.home, item.record) for item in drawn.pictures}
    html = files.get(ctx.home, look["page"].file)
    against = wholes.excluder(look["goal"], look["copy"], drawn, records, html, look.pack)
    made = mixing.combine(
        look["goal"], look["layers"], look["benefits"], look["copy"], drawn, look.pack, exclude=against
    )
    return Made(made, wholes.left_over(made, look["layers"]))


def page(ctx: Context, look: Look) -> Made:
    """The landing page with its terms, stored by content."""
    goal: values.Goal = look["goal"]
    product = next((item for item in look.pack.products if item.id == goal.product), None)
    # The widest picture that speaks of the benefit heads the page.
    shown = max(
        look["creatives"].pictures, key=lambda item: (item.variant == "a", item.width / item.height), default=None
    )
    hero = files.get(ctx.home, shown.file) if shown is not None else None
    kit = brand.usable(brand.current(ctx.db, ctx.institution_id, look.pack), look.pack)
    worn = brand.branded(look.pack.brand, kit)
    made, html = pages.compose(
        goal, look["audience"], look["benefits"], look["copy"], product, look["benefits"].granted, worn,
        hero, goal.lang, script=goal.script, binding="zh" if look.pack.jurisdiction == "CN" else "",
    )  # fmt: skip
    files.put(ctx.home, html)
    return Made(made)


def calendar(ctx: Context, look: Look) -> Made:
    """Channels and slots in every phase, paced, with conflicts against what others have booked."""
    planned = placements.plan(
        look["goal"], look["benefits"], look.pack, bookings=bookings(ctx, look.campaign_id), today=ctx.today
    )
    return Made(planned.placements, planned.findings)


def bookings(ctx: Context, campaign_id: str) -> tuple[placements.Booking, ...]:
    """What other campaigns occupy that are approved, running or paused."""
    booked: list[placements.Booking] = []
    for other, _ in store.listing(ctx.db, ctx.institution_id):
        if other == campaign_id:
            continue
        campaign = documents.load(ctx, other)
        if campaign.status not in documents.HOLDING or campaign.value("placements") is None:
            continue
        goal = campaign.value("goal")
        booked.extend(
            placements.Booking(other, goal.name, item.slot, item.start, item.end, goal.level)
            for item in campaign.value("placements").placements
            if item.slot
        )
    return tuple(sorted(booked, key=lambda item: (item.campaign_id, item.slot, item.start)))


def experiment(ctx: Context, look: Look) -> Made:
    """Arms by hash, and what so many customers can show."""
    goal: values.Goal = look["goal"]
    allocation_: values.Allocation = look["benefits"]
    layers: values.Layers = look["layers"]
    playbook = next((item for item in look.pack.playbooks if item.id == goal.playbook), None)
    people = sum(layer.count for layer in layers.layers)
    treated = sum(item.customers for item in allocation_.allotments)
    base = sum(layer.count * layer.base_rate for layer in layers.layers) / people if people else 0.0
    lift = sum(item.incremental for item in allocation_.allotments) / treated if treated else 0.0
    settings = benefits.settings_for(look["choice"].plan, goal)
    design = experiments.design(
        salt=f"{look.campaign_id}:{ctx.seed}",
        customers=people,
        holdout_pct=settings.holdout_pct,
        base_rate=base,
        expected_lift=lift,
        primary=goal.kpi,
        guardrails=playbook.guardrails if playbook else (),
    )
    fields = {name: getattr(design, name) for name in values.Experiment.__dataclass_fields__ if name != "arms"}
    arms = tuple(values.Arm(arm.id, arm.share) for arm in design.arms)
    return Made(values.Experiment(arms=arms, **fields), design.findings)


def estimate(ctx: Context, look: Look) -> Made:
    """What is expected of the chosen plan, with intervals."""
    known = store.all_outcomes(ctx.db, ctx.institution_id)
    done = estimates.estimate(look["goal"], look["layers"], look["benefits"], look.pack, outcomes=known, seed=ctx.seed)
    return Made(done.estimate, done.findings)


def reviewed(ctx: Context, look: Look) -> Made:
    """Every asset by the rules in force on the launch date."""
    pictures_: values.Creatives = look["creatives"]
    records = {item.record: pictures.record_of(ctx.home, item.record) for item in pictures_.pictures}
    made, findings = review.review(
        look["goal"], look["copy"], pictures_, records, look["page"], files.get(ctx.home, look["page"].file), look.pack
    )
    return Made(made, findings)
