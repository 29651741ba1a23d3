"""Documents as people change them: new, edit, choose, pin, undo, clone. Each is a new version; nothing is lost."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from linghang import packs, reading
from linghang.approvals import status
from linghang.base.digest import digest, plain
from linghang.base.errors import RefusedError, UnknownItemError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.base.ids import new_id
from linghang.base.messages import render
from linghang.base.patches import apply
from linghang.campaigns import store
from linghang.campaigns.given import Inherited
from linghang.campaigns.model import Campaign, Status
from linghang.campaigns.sections import Brief, Choice, Edit, Pin, Pins, PlanId, Retouch
from linghang.flow import incentives, language, naming, renewal
from linghang.flow.compiler import lookup
from linghang.kit.context import Context
from linghang.kit.invalid import findings_of

CAMPAIGN_KINDS = frozenset({"brief"})
HOLDING = frozenset({Status.APPROVED, Status.RUNNING, Status.PAUSED})
"""States in which a campaign holds the places that it has booked."""


def load(ctx: Context, campaign_id: str, version: int | None = None) -> Campaign:
    """A campaign with its status from the ledgers; ``last`` names the one that changed last.

    Raises UnknownItemError for an id or version that does not exist.
    """
    if campaign_id == "last":
        known = store.listing(ctx.db, ctx.institution_id)
        if not known:
            raise UnknownItemError("campaign.none")
        campaign_id = known[0][0]
    campaign = store.load(ctx.db, ctx.institution_id, campaign_id, version)
    return replace(campaign, status=status(ctx.db, ctx.institution_id, campaign_id))


def create(ctx: Context, text: str, plan: PlanId, patch: Sequence[Mapping[str, Any]] = ()) -> Campaign:
    """A new document of one sentence, with ``patch`` as a first edit of its reading.

    Called again with the same idempotency key, it is the same document.

    Raises RefusedError when the sentence is not about a campaign: then nothing was created.
    """
    pack = packs.load(ctx.pack)
    told = reading.read(text, today=ctx.today, pack=pack)
    if told.kind not in CAMPAIGN_KINDS:
        raise RefusedError("goal.not_a_campaign", _likely(ctx, told), kind=_kind(ctx, told.kind))
    now = ctx.now
    campaign_id, there = _named(ctx)
    if there:
        return load(ctx, campaign_id)
    sections = {
        "brief": store.given(
            "brief", Brief(text, ctx.today, _first(ctx, told.reading, [*naming.named(ctx, text), *patch]))
        ),
        "choice": store.given("choice", Choice(plan)),
        "pins": store.given("pins", Pins()),
    }
    campaign = Campaign(campaign_id, ctx.institution_id, 1, ctx.actor.name, now, now, sections)
    store.create(ctx.db, campaign, actor=ctx.actor.name, cause="new")
    return campaign


def _named(ctx: Context) -> tuple[str, bool]:
    """The id of a new document, and whether this job has made it already.

    A job that starts again after a crash must find its document, whose id it made at another instant.
    """
    if not ctx.idempotency_key:
        return new_id("cmp", ctx.now), False
    entropy = int(digest([ctx.institution_id, ctx.idempotency_key])[:20], 16)
    name = new_id("cmp", ctx.now, entropy)
    same = [known for known, _ in store.listing(ctx.db, ctx.institution_id) if known[-16:] == name[-16:]]
    return (same[0], True) if same else (name, False)


def _first(ctx: Context, reading: Mapping[str, Any], patch: Sequence[Mapping[str, Any]]) -> tuple[Edit, ...]:
    if not patch:
        return ()
    whole = [*patch, *_answered(apply(reading, patch)[0])]
    return (Edit("", tuple(plain(whole)), ctx.actor.name, ctx.now),)


def _kind(ctx: Context, kind: str) -> str:
    return render(f"reading.kind.{kind}", {}, ctx.locale)


_GUESS = 0.1
"""A meaning less likely than this is none that anybody would be asked about."""


def _likely(ctx: Context, told: reading.Reading) -> tuple[Finding, ...]:
    meant = [item for item in told.alternatives if item.confidence >= _GUESS and item.kind != "out_of_scope"]
    if not meant:
        return ()
    likely = " / ".join(_kind(ctx, item.kind) for item in meant)
    return (Finding("goal.unclear", Severity.S3, "brief", params={"likely": likely}),)


def edit(ctx: Context, campaign: Campaign, text: str, patch: Sequence[Mapping[str, Any]]) -> Campaign:
    """The next version, with one more edit of the reading: words (read against the present reading) or a patch.

    With both, the patch is what somebody chose to have meant by the words, which are kept beside it.

    Raises RefusedError("goal.not_an_edit") when the words say no change; then nothing was changed.
    """
    before = campaign.value("reading")
    present = dict(before.reading) if before is not None else {}
    if text and not patch:
        own = naming.named(ctx, text)
        told = reading.read(text, today=ctx.today, pack=packs.load(ctx.pack), after=present)
        nothing = incentives.declined(text)
        if not own and (told.kind != "edit" or not told.patch) and language.asked(text) is None and nothing is None:
            raise RefusedError("goal.not_an_edit", _likely(ctx, told), text=text)
        # What the name of an audience would be read as is not meant.
        others = [op for op in told.patch or () if not own or not str(op["path"]).startswith("audience")]
        patch = [*others, *own] if told.kind == "edit" else own
        if nothing and "offer" in present and not any(str(op["path"]).startswith("offer") for op in patch):
            patch = [*patch, {"op": "remove", "path": "offer"}]
    patch = [*patch, *_answered(apply(present, patch)[0])]
    brief: Brief = campaign.value("brief")
    change = Edit(text, tuple(plain(list(patch))), ctx.actor.name, ctx.now)
    return _with(ctx, campaign, "brief", replace(brief, edits=(*brief.edits, change)), "edit")


def mend(ctx: Context, campaign: Campaign, code: str) -> Campaign:
    """The next version, mended as the finding of a code proposes: what the studio's button does.

    Raises UsageError("campaign.no_fix") when no finding of that code has a patch.
    """
    known = {item.code: item.fix for item in reversed(campaign.findings) if item.fix is not None and item.fix.patch}
    fix = known.get(code)
    if fix is None:
        raise UsageError("campaign.no_fix", asked=code, have=", ".join(known) or "—")
    return edit(ctx, campaign, "", fix.patch)


def _answered(reading: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The patch that takes out of ``missing`` what the reading says by now."""
    missing = list(reading.get("missing", ()))
    said = {
        "schedule": bool({"start", "end", "recurrence"} & set(reading)),
        "budget": bool({"budget_cny", "budget_max_cny"} & set(reading)),
    }
    left = [key for key in missing if not said.get(key, bool(reading.get(key)))]
    return [] if left == missing else [{"op": "set", "path": "missing", "value": left}]


def choose(ctx: Context, campaign: Campaign, plan: PlanId) -> Campaign:
    """The next version, with another of the alternative plans."""
    return _with(ctx, campaign, "choice", Choice(plan), "choose")


def pin(ctx: Context, campaign: Campaign, path: str, value: Any) -> Campaign:
    """The next version, with a value of a derived section set by hand.

    Raises UsageError("pin.no_such_path" | "pin.bad_value"); then nothing was changed.
    """
    name, _, rest = path.partition(".")
    section = campaign.sections.get(name)
    found, derived = lookup(plain(section.value), rest) if section and section.kind == "derived" else (False, None)
    if section is None or not found:
        raise UsageError("pin.no_such_path", path=path)
    body, _ = apply(plain(section.value), [{"op": "set", "path": rest, "value": value}])
    try:
        store.section_type(name).validate_python(body)
    except ValidationError as error:
        found = findings_of(error.errors(), path)
        raise UsageError("pin.bad_value", found, path=path, value=str(value)) from error
    pins: Pins = campaign.value("pins")
    earlier = next((item for item in pins.items if item.path == path), None)
    base = earlier.derived if earlier else digest(derived)
    items = (*(item for item in pins.items if item.path != path), Pin(path, value, base, ctx.actor.name, ctx.now))
    return _with(ctx, campaign, "pins", replace(pins, items=items), "pin")


def unpin(ctx: Context, campaign: Campaign, path: str) -> Campaign:
    """The next version, in which the value is derived again."""
    pins: Pins = campaign.value("pins")
    if all(item.path != path for item in pins.items):
        raise UsageError("pin.no_such_path", path=path)
    return _with(
        ctx, campaign, "pins", replace(pins, items=tuple(item for item in pins.items if item.path != path)), "unpin"
    )


def retouch(ctx: Context, campaign: Campaign, change: Retouch) -> Campaign:
    """The next version, with pictures edited by hand; a second edit of the same pictures adds to the first.

    An edit without any change takes back all that was edited of exactly these pictures.
    """
    pins: Pins = campaign.value("pins")
    same = [item for item in pins.retouches if item.scope == change.scope]
    others = tuple(item for item in pins.retouches if item.scope != change.scope)
    earlier = same[-1].changes if same else {}
    kept = (replace(change, changes={**earlier, **change.changes}),) if change.changes else ()
    return _with(ctx, campaign, "pins", replace(pins, retouches=(*others, *kept)), "retouch")


def undo(ctx: Context, campaign: Campaign) -> Campaign:
    """The next version, with the given sections as they were before the last change that was not itself undone.

    Raises RefusedError("campaign.nothing_to_undo").
    """
    history = store.history(ctx.db, ctx.institution_id, campaign.id)
    causes = [str(row["cause"]) for row in history]
    place = _before_last_change(causes)
    if place is None:
        raise RefusedError("campaign.nothing_to_undo", campaign=campaign.id)
    target = store.load(ctx.db, ctx.institution_id, campaign.id, int(history[place]["version"]))
    given = {name: section for name, section in target.sections.items() if section.kind == "given"}
    changed = replace(campaign, sections={**campaign.sections, **given})
    cause = f"undo:{target.version}"
    return store.advance(ctx.db, changed, actor=ctx.actor.name, cause=cause, at=ctx.now)


def _before_last_change(causes: Sequence[str]) -> int | None:
    """The place of the version to go back to: an undo leads to its target, from where the search goes on."""
    place = len(causes) - 1
    while place > 0 and causes[place].startswith("undo:"):
        place = int(causes[place].partition(":")[2]) - 1
    return place - 1 if place > 0 else None


def clone(ctx: Context, campaign: Campaign, start: dt.date | None = None) -> Campaign:
    """A new document with the brief of an earlier one, its dates shifted so that it begins on ``start``.

    Without a ``start`` it begins on the next day like the old one (``renewal.first_day``). What is set by hand stays
    behind; what the old one used is looked at again for the new dates. Raises UsageError("campaign.clone_in_past").
    """
    name, there = _named(ctx)
    if there:
        return load(ctx, name)
    brief: Brief = campaign.value("brief")
    before = campaign.value("reading")
    told = dict(before.reading) if before is not None else {}
    goal = campaign.value("goal")
    first = goal.start if goal is not None else brief.today
    begins = start or (renewal.first_day(goal, ctx.today) if goal is not None else ctx.today + dt.timedelta(days=1))
    if begins < ctx.today:
        raise UsageError("campaign.clone_in_past", start=begins.isoformat(), today=ctx.today.isoformat())
    shift = begins - first
    patch: list[dict[str, Any]] = []
    for key, day in (("start", first), ("end", goal.end if goal is not None else None)):
        if day is not None:
            patch.append({"op": "set", "path": key, "value": (day + shift).isoformat()})
    for key in ("audience", "exclusions", "phases"):
        if key in told and (later := renewal.moved(plain(told[key]), shift)) != plain(told[key]):
            patch.append({"op": "set", "path": key, "value": later})
    if "missing" in told:
        left = [key for key in told["missing"] if key not in ("schedule", "start")]
        patch.append({"op": "set", "path": "missing", "value": left})
    now = ctx.now
    edits = (*brief.edits, Edit("", tuple(patch), ctx.actor.name, now))
    sections = {
        "brief": store.given("brief", replace(brief, edits=edits, inherited=_inherited(campaign))),
        "choice": campaign.sections["choice"],
        "pins": store.given("pins", Pins()),
    }
    copied = Campaign(name, ctx.institution_id, 1, ctx.actor.name, now, now, sections, parent=campaign.id)
    store.create(ctx.db, copied, actor=ctx.actor.name, cause=f"clone:{campaign.id}")
    return copied


def _inherited(campaign: Campaign) -> Inherited:
    goal, allocation, pins = campaign.value("goal"), campaign.value("benefits"), campaign.value("pins")
    return Inherited(
        campaign.id,
        benefits=allocation.benefits if allocation is not None else (),
        slots=goal.slots if goal is not None else (),
        product=goal.product if goal is not None else "",
        pins=len(pins.items) if pins is not None else 0,
    )


def _with(ctx: Context, campaign: Campaign, name: str, value: Any, cause: str) -> Campaign:
    changed = replace(campaign, sections={**campaign.sections, name: store.given(name, value)})
    return store.advance(ctx.db, changed, actor=ctx.actor.name, cause=cause, at=ctx.now)
