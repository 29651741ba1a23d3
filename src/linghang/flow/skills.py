"""The skills of the whole campaign: what an operator does with a document, from the sentence to the report."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from linghang import packs
from linghang.base.errors import UsageError
from linghang.campaigns import store
from linghang.campaigns.sections import Json, PlanId
from linghang.flow import acts, changes, documents, packets, reporting, settling, views
from linghang.flow.walk import bring_up_to_date
from linghang.kit.context import Context
from linghang.kit.skills import skill

Patch = dict[str, Any]


@skill(
    "campaign.new",
    effect="draft",
    permission="campaign.edit",
    cost="high",
    durable=True,
    example={"text": "给近30天浏览过理财但没买过的客户发20元红包,预算50万,push,下周一开始两周"},
    needs={"text": "words", "patch": "constraints"},
    makes={"campaign.document": "", "campaign.id": "id"},
)
def new(ctx: Context, text: str, plan: PlanId = "balanced", patch: list[Patch] | None = None) -> Mapping[str, Json]:
    """Make a campaign of one sentence: the document, complete up to what must be asked back.

    ``patch`` changes its reading at once, as a first edit: what a conversation remembers.
    """
    campaign = documents.create(ctx, text, plan, patch or ())
    ctx.emit("document", 0, 0, "flow.making", section="reading", campaign=campaign.id)
    return views.document(ctx, bring_up_to_date(ctx, campaign).campaign)


@skill("campaign.list", effect="read", permission="campaign.read", makes="campaigns")
def listing(ctx: Context) -> list[Mapping[str, Json]]:
    """All campaigns, latest change first."""
    known = store.listing(ctx.db, ctx.institution_id)
    return [views.row(documents.load(ctx, campaign_id), ctx.locale) for campaign_id, _ in known]


@skill("campaign.show", effect="read", permission="campaign.read", needs={"id": "campaign.id"}, makes="campaign.shown")
def show(ctx: Context, id: str, version: int | None = None) -> Mapping[str, Json]:
    """The document as it is now, or one of its versions."""
    return views.document(ctx, documents.load(ctx, id, version))


@skill(
    "campaign.edit",
    effect="draft",
    permission="campaign.edit",
    cost="medium",
    durable=True,
    needs={"id": "campaign.id", "text": "words"},
    makes="campaign.changed",
)
def edit(ctx: Context, id: str, text: str = "", patch: list[Patch] | None = None) -> Mapping[str, Json]:
    """Change the brief in words (预算提到80万) or by patches of the reading; what depends on it is made anew."""
    if not text and not patch:
        raise UsageError("campaign.empty_edit")
    changed = documents.edit(ctx, documents.load(ctx, id), text, patch or [])
    return views.document(ctx, bring_up_to_date(ctx, changed).campaign)


@skill("campaign.fix", effect="draft", permission="campaign.edit", cost="medium", durable=True)
def fix(ctx: Context, id: str, code: str) -> Mapping[str, Json]:
    """Mend the document as the finding of a code proposes (benefits.lower_budget …), as one more edit."""
    changed = documents.mend(ctx, documents.load(ctx, id), code)
    return views.document(ctx, bring_up_to_date(ctx, changed).campaign)


@skill("campaign.choose", effect="draft", permission="campaign.edit", cost="medium", durable=True)
def choose(ctx: Context, id: str, plan: PlanId) -> Mapping[str, Json]:
    """Take one of the alternative plans: cautious 稳健, balanced 均衡, bold 进取."""
    changed = documents.choose(ctx, documents.load(ctx, id), plan)
    return views.document(ctx, bring_up_to_date(ctx, changed).campaign)


@skill("campaign.pin", effect="draft", permission="campaign.edit", cost="medium", durable=True)
def pin(ctx: Context, id: str, path: str, value: Json) -> Mapping[str, Json]:
    """Set a value of a derived section by hand (copy.texts[ID].text); a recompile never overwrites it."""
    changed = documents.pin(ctx, documents.load(ctx, id), path, value)
    return views.document(ctx, bring_up_to_date(ctx, changed).campaign)


@skill("campaign.unpin", effect="draft", permission="campaign.edit", cost="medium", durable=True)
def unpin(ctx: Context, id: str, path: str) -> Mapping[str, Json]:
    """Let a pinned value be derived again."""
    changed = documents.unpin(ctx, documents.load(ctx, id), path)
    return views.document(ctx, bring_up_to_date(ctx, changed).campaign)


@skill(
    "campaign.undo",
    effect="draft",
    permission="campaign.edit",
    cost="medium",
    durable=True,
    needs={"id": "campaign.id"},
    makes="campaign.undone",
)
def undo(ctx: Context, id: str) -> Mapping[str, Json]:
    """Take back the last change, as a new version."""
    changed = documents.undo(ctx, documents.load(ctx, id))
    return views.document(ctx, bring_up_to_date(ctx, changed).campaign)


@skill(
    "campaign.versions",
    effect="read",
    permission="campaign.read",
    needs={"id": "campaign.id"},
    makes="campaign.versions",
)
def versions(ctx: Context, id: str) -> list[Mapping[str, Json]]:
    """Every version: number, who, why, when."""
    campaign = documents.load(ctx, id)
    return list(store.history(ctx.db, ctx.institution_id, campaign.id))


@skill(
    "campaign.diff", effect="read", permission="campaign.read", needs={"id": "campaign.id"}, makes="campaign.changes"
)
def diff(ctx: Context, id: str, before: int | None = None, after: int | None = None) -> list[Mapping[str, Json]]:
    """What changed between two versions (the last two by default), each change in words."""
    newer = documents.load(ctx, id, after)
    number = before if before is not None else newer.version - 1
    if number < 1:
        return []
    older = documents.load(ctx, newer.id, number)
    return changes.told(ctx, packs.load(ctx.pack), older, newer)


@skill("campaign.compile", effect="draft", permission="campaign.edit", cost="medium", durable=True)
def compile_(ctx: Context, id: str) -> Mapping[str, Json]:
    """Bring every section up to date and say for each: fresh, computed (why, ms), recalled, waiting, pinned."""
    done = bring_up_to_date(ctx, documents.load(ctx, id))
    return {"id": done.campaign.id, "version": done.campaign.version, "steps": [vars(step) for step in done.steps]}


@skill(
    "campaign.clone",
    effect="draft",
    permission="campaign.edit",
    cost="high",
    durable=True,
    needs={"id": "campaign.id"},
    makes="campaign.copy",
)
def clone(ctx: Context, id: str, start: str = "") -> Mapping[str, Json]:
    """Copy a campaign with its dates shifted: to ``start``, else to the next day like the old one (weekday, festival).

    What is over by then (``expired``: festival, slots, benefits, pools, product) is flagged at once.
    """
    try:
        first = dt.date.fromisoformat(start) if start else None
    except ValueError as error:
        raise UsageError("cli.bad_date", option="start", text=start) from error
    before = documents.load(ctx, id)
    told = views.document(ctx, bring_up_to_date(ctx, documents.clone(ctx, before, first)).campaign)
    brief = before.value("pins")
    expired = [item for item in told["findings"] if str(item["code"]).startswith("clone.")]
    return {**told, "cloned": before.id, "expired": expired, "pins_left": len(brief.items) if brief is not None else 0}


@skill(
    "campaign.check",
    effect="read",
    permission="campaign.read",
    cost="medium",
    needs={"id": "campaign.id"},
    makes="campaign.review",
)
def check(ctx: Context, id: str) -> Mapping[str, Json]:
    """The compliance review and the pre-flight check of the present version."""
    return acts.check(ctx, documents.load(ctx, id))


@skill(
    "campaign.submit",
    effect="draft",
    permission="campaign.submit",
    needs={"id": "campaign.id"},
    makes="campaign.submitted",
)
def submit(ctx: Context, id: str, short: bool = False) -> Mapping[str, Json]:
    """Seal the package and send it for review (送审). ``short``: the short path for a swapped picture or a top-up."""
    return acts.submit(ctx, documents.load(ctx, id), short=short)


@skill(
    "campaign.approve",
    effect="commit",
    permission="campaign.approve",
    needs={"id": "campaign.id"},
    makes="campaign.approved",
)
def approve(
    ctx: Context,
    id: str,
    comment: str = "",
    package: str = "",
    behalf: str = "",
    conditions: list[str] | None = None,
    until: dt.datetime | None = None,
) -> Mapping[str, Json]:
    """Sign the package's hash, as another person than its makers.

    ``package`` is the hash that was looked at: another one is not signed. ``behalf``: the approver who delegated the
    step. ``conditions`` must be fulfilled before the launch (``campaign.fulfil``); ``until`` ends the approval earlier.
    """
    return acts.approve(
        ctx, documents.load(ctx, id), comment, seen=package, behalf=behalf, conditions=conditions or (), until=until
    )


@skill(
    "campaign.packet",
    effect="read",
    permission="campaign.read",
    cost="medium",
    needs={"id": "campaign.id"},
    makes="campaign.packet",
)
def packet(ctx: Context, id: str, briefing: bool = False) -> Mapping[str, Json]:
    """The approval packet as a PDF: texts, pictures, page, audience, budget, findings and what became of them.

    ``briefing``: the sheet for customer service instead. The answer names the file's digest in the home.
    """
    return packets.make(ctx, documents.load(ctx, id), brief=briefing)


@skill("campaign.fulfil", effect="commit", permission="campaign.approve")
def fulfil(ctx: Context, id: str, condition: str, comment: str) -> Mapping[str, Json]:
    """Confirm, with a word on how, that a condition of the approval is fulfilled."""
    return acts.fulfil(ctx, documents.load(ctx, id), condition, comment)


@skill("campaign.remind", effect="draft", permission="campaign.submit")
def remind(ctx: Context, id: str, note: str = "") -> Mapping[str, Json]:
    """Remind those whose step a submitted campaign waits for (催审), at most every four hours."""
    return acts.remind(ctx, documents.load(ctx, id), note)


@skill("campaign.reject", effect="draft", permission="campaign.approve")
def reject(ctx: Context, id: str, comment: str, reasons: list[str] | None = None) -> Mapping[str, Json]:
    """Send the package back with a word why; ``reasons``: audience, benefit, budget, copy, picture, page, timing …"""
    return acts.reject(ctx, documents.load(ctx, id), comment, reasons or ())


@skill(
    "campaign.launch",
    effect="commit",
    permission="campaign.launch",
    cost="high",
    durable=True,
    needs={"id": "campaign.id"},
    makes="campaign.launched",
)
def launch(ctx: Context, id: str, shadow: bool = False) -> Mapping[str, Json]:
    """Launch the approved package: decisions go live, sends are planned. ``shadow`` keeps hand-over off."""
    return acts.launch(ctx, documents.load(ctx, id), shadow=shadow)


@skill(
    "campaign.pause",
    effect="commit",
    permission="campaign.launch",
    needs={"id": "campaign.id"},
    makes="campaign.paused",
)
def pause(ctx: Context, id: str) -> Mapping[str, Json]:
    """Stop deciding and sending until resumed."""
    return acts.move(ctx, documents.load(ctx, id), "paused")


@skill(
    "campaign.resume",
    effect="commit",
    permission="campaign.launch",
    needs={"id": "campaign.id"},
    makes="campaign.resumed",
)
def resume(ctx: Context, id: str) -> Mapping[str, Json]:
    """Go on after a pause."""
    return acts.move(ctx, documents.load(ctx, id), "resumed")


@skill(
    "campaign.stop",
    effect="commit",
    permission="campaign.launch",
    needs={"id": "campaign.id"},
    makes="campaign.stopped",
)
def stop(ctx: Context, id: str) -> Mapping[str, Json]:
    """End the campaign now; what is reserved and not issued returns to its pool."""
    return acts.move(ctx, documents.load(ctx, id), "stopped")


@skill("campaign.settle", effect="draft", permission="campaign.settle", cost="medium", durable=True)
def settle(ctx: Context) -> Mapping[str, Json]:
    """End campaigns whose time is over and give back what they still hold (收尾): nothing is spent, nothing is sent.

    The home does it every hour by itself.
    """
    return settling.settle(ctx)


@skill("campaign.send", effect="commit", permission="campaign.launch", cost="high", durable=True)
def send(ctx: Context, id: str, limit: int | None = None) -> Mapping[str, Json]:
    """Hand over what is due now, with consent and contact policy checked again."""
    return acts.send(ctx, documents.load(ctx, id), limit)


@skill("campaign.play", effect="commit", permission="campaign.launch", cost="high", durable=True)
def play(ctx: Context, id: str, days: int | None = None) -> Mapping[str, Json]:
    """Play simulated customers against the launched campaign, in fast-forward time. Labelled as simulated."""
    return acts.play(ctx, documents.load(ctx, id), days)


@skill(
    "campaign.report",
    effect="read",
    permission="analysis.read",
    cost="medium",
    needs={"id": "campaign.id"},
    makes="campaign.report",
)
def report(ctx: Context, id: str) -> Mapping[str, Json]:
    """What the campaign did: funnel, incremental effect with its interval, cost, return."""
    return reporting.report(ctx, documents.load(ctx, id))


@skill("calendar.show", effect="read", permission="campaign.read", makes="calendar")
def calendar(ctx: Context, start: str = "", end: str = "") -> list[Mapping[str, Json]]:
    """Placements of all campaigns that touch the days from ``start`` to ``end`` (ISO dates; empty: unbounded)."""
    return list(views.calendar(ctx, start, end))
