"""What people do with a finished document: check, submit, approve, reject, launch, pause, send, play.

Each act works on the package that the document's present content makes; an edit makes another package, so an approval
of the old one does not carry over.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from linghang import approvals, audiences, benefits, customers, delivery, packs
from linghang.base.digest import plain
from linghang.base.errors import ConflictError, RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.messages import render
from linghang.benefits.limits import open_limits
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Package, Status
from linghang.campaigns.package import seal
from linghang.campaigns.sections import Json, Review
from linghang.flow import live, pictures, playing, readback, reporting, settling, views
from linghang.kit.context import Context


def package_of(ctx: Context, campaign: Campaign) -> Package:
    """The package that the document is now. Raises RefusedError("package.incomplete")."""
    return seal(campaign, packs.load(ctx.pack).digest)


def check(ctx: Context, campaign: Campaign) -> dict[str, Json]:
    """The review's verdict and every finding, of the document and of the pre-flight check."""
    review: Review | None = campaign.value("compliance")
    preflight = approvals.preflight(campaign, packs.load(ctx.pack), today=ctx.today)
    findings = [*campaign.findings, *(item for item in preflight if item not in campaign.findings)]
    findings += readback.findings(ctx, campaign)
    return {
        "id": campaign.id,
        "version": campaign.version,
        "verdict": review.verdict if review is not None else "not_reviewed",
        "assets": len(review.assets) if review is not None else 0,
        "rules": review.rules if review is not None else 0,
        "launch": review.launch.isoformat() if review is not None else "",
        "review": plain(review) if review is not None else None,
        "findings": _findings(ctx, campaign, findings),
    }


def submit(ctx: Context, campaign: Campaign, *, short: bool = False) -> dict[str, Json]:
    """Seal the document and send it for review. Raises RefusedError with the findings that stand against it.

    ``short`` takes the short path from the last approved package: for a swapped picture, or a pool topped up.
    """
    package = package_of(ctx, campaign)
    standing = _submit(ctx, campaign, package, basis=_basis(ctx, campaign, package) if short else None)
    return _told(
        ctx, package, needed=standing.needed, chain=list(standing.chain), basis=standing.basis[:12],
        status=str(standing.status),
    )  # fmt: skip


def _submit(ctx: Context, campaign: Campaign, package: Package, *, basis: Package | None = None) -> approvals.Standing:
    unreadable = tuple(item for item in readback.findings(ctx, campaign) if item.severity is Severity.S2)
    if unreadable:
        raise RefusedError("pictures.not_read_back", unreadable, campaign=campaign.id)
    try:
        return approvals.submit(
            ctx.db, campaign, package, packs.load(ctx.pack), actor=ctx.actor, now=ctx.now, today=ctx.today, basis=basis
        )
    except RefusedError as error:
        if not error.findings:
            raise
        told = views.in_words(ctx, campaign, error.findings)
        raise RefusedError(error.code, told, **error.params) from error


def _basis(ctx: Context, campaign: Campaign, package: Package) -> Package:
    """The campaign's latest package that was approved in full. Raises RefusedError("approvals.no_basis")."""
    history = approvals.history(ctx.db, ctx.institution_id, campaign.id)
    asked = [entry for entry in history if entry.kind == "submitted" and not entry.basis]
    for name in dict.fromkeys(entry.package for entry in reversed(asked)):
        if name != package.hash:
            found = store.package(ctx.db, ctx.institution_id, name)
            if approvals.was_signed(ctx.db, _keys(ctx), found):
                _must_say_the_same(ctx, found, package)
                return found
    raise RefusedError("approvals.no_basis", campaign=campaign.id)


def _must_say_the_same(ctx: Context, old: Package, new: Package) -> None:
    """A swapped picture may look different; its words may not."""
    said = [
        [tuple(str(text["text"]) for text in pictures.record_of(ctx.home, item["record"]).texts)
         for item in package.sections["creatives"]["pictures"]]
        for package in (old, new)
    ]  # fmt: skip
    if said[0] != said[1]:
        raise RefusedError("approvals.not_small", campaign=new.campaign_id, basis=old.hash[:12])


def approve(
    ctx: Context,
    campaign: Campaign,
    comment: str,
    *,
    seen: str = "",
    behalf: str = "",
    conditions: Sequence[str] = (),
    until: dt.datetime | None = None,
) -> dict[str, Json]:
    """Sign the present package.

    One that was not submitted is put up first in its owner's name, so that the checks and the rule of two people hold
    all the same. ``seen`` is the hash of what the approver looked at: if the document is another by now, nothing is
    signed (ConflictError "approvals.changed_meanwhile").
    """
    package = package_of(ctx, campaign)
    if seen and not package.hash.startswith(seen):
        raise ConflictError("approvals.changed_meanwhile", campaign=campaign.id, seen=seen[:12], now=package.hash[:12])
    standing = approvals.standing(ctx.db, ctx.institution_id, package.hash)
    if standing.status in (Status.DRAFT, Status.REJECTED):
        owner = replace(ctx, actor=replace(ctx.actor, name=campaign.owner))
        _submit(owner, campaign, package)
    done = approvals.approve(
        ctx.db, _keys(ctx), package, actor=ctx.actor, now=ctx.now, comment=comment, behalf=behalf,
        conditions=conditions, until=_until(ctx, campaign, until),
    )  # fmt: skip
    return _told(
        ctx, package, missing=done.missing, left=list(done.left), conditions=list(done.conditions),
        until=done.until.isoformat() if done.until else "", comment=comment,
    )  # fmt: skip


def _until(ctx: Context, campaign: Campaign, asked: dt.datetime | None) -> dt.datetime:
    """How long the signature holds: as asked, never beyond the campaign's last day by the institution's clocks."""
    zone = ZoneInfo(ctx.zone)
    last: dt.date = campaign.value("goal").end
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    return end if asked is None else min(end, asked if asked.tzinfo else asked.replace(tzinfo=zone))


def fulfil(ctx: Context, campaign: Campaign, condition: str, comment: str) -> dict[str, Json]:
    """Confirm that a condition of the present package's approval is fulfilled."""
    package = package_of(ctx, campaign)
    done = approvals.fulfil(ctx.db, _keys(ctx), package, condition, actor=ctx.actor, now=ctx.now, comment=comment)
    return _told(ctx, package, status=str(done.status), conditions=list(done.conditions))


def reject(ctx: Context, campaign: Campaign, comment: str, reasons: Sequence[str] = ()) -> dict[str, Json]:
    """Send the present package back with a reason."""
    package = package_of(ctx, campaign)
    standing = approvals.reject(ctx.db, package, actor=ctx.actor, now=ctx.now, comment=comment, reasons=reasons)
    return _told(ctx, package, status=str(standing.status), comment=comment, reasons=list(reasons))


def remind(ctx: Context, campaign: Campaign, note: str) -> dict[str, Json]:
    """Remind those whose step the present package waits for (催审).

    Raises RefusedError("approvals.not_waiting" | "approvals.not_the_submitted").
    """
    package = package_of(ctx, campaign)
    found = next((item for item in approvals.waiting(ctx.db, ctx.institution_id) if item.package == package.hash), None)
    if found is None:
        if approvals.pending(ctx.db, ctx.institution_id, campaign.id) not in ("", package.hash):
            raise RefusedError("approvals.not_the_submitted", campaign=campaign.id)
        status = approvals.standing(ctx.db, ctx.institution_id, package.hash).status
        raise RefusedError("approvals.not_waiting", campaign=campaign.id, status=str(status))
    count = approvals.remind(
        ctx.db, ctx.institution_id, package.hash, found.left, actor=ctx.actor.name, note=note, now=ctx.now
    )
    return _told(ctx, package, left=list(found.left), reminded=count, overdue=bool(found.due and ctx.now > found.due))


def launch(ctx: Context, campaign: Campaign, *, shadow: bool) -> dict[str, Json]:
    """Launch the present package: its benefits' limits are opened, its sends planned, its decisions go live.

    Raises RefusedError ("approvals.not_approved" …, "delivery.no_consent_basis" …); then nothing was launched.
    """
    package = package_of(ctx, campaign)
    pack = packs.load(ctx.pack)
    approvals.signed(ctx.db, _keys(ctx), package)
    _must_not_be_over(ctx, package)
    settling.settle(ctx)  # what campaigns whose time is over still hold is free for this one
    item = live.open_package(ctx, package.hash)
    index = audiences.current_index(ctx, pack)
    members = dict(item.layers)
    everybody = audiences.of_numbers(np.sort(np.concatenate([*members.values(), np.zeros(0, np.uint32)])), index.words)
    said = audiences.Said(customers.register_of(ctx.db, ctx.institution_id), ctx.now)
    product = next((one for one in pack.products if one.id == item.product), None)
    reachable = {
        channel.id: audiences.numbers_of(
            audiences.channel_members(everybody, channel, index, pack, product=product, said=said)
        )
        for channel in pack.channels
        if channel.id in campaign.value("goal").channels
    }
    plan = delivery.plan_sends(package, members, pack, reachable=reachable)
    open_limits(ctx.db, ctx.institution_id, package.hash, campaign.value("benefits"), pack)
    done = delivery.launch(ctx.db, _keys(ctx), package, pack, plan, actor=ctx.actor, now=ctx.now, shadow=shadow)
    planned = sum(done.planned.values())
    return _told(
        ctx,
        package,
        shadow=done.shadow,
        planned=planned,
        channels=dict(done.planned),
        findings=_findings(ctx, campaign, done.findings),
    )


def _must_not_be_over(ctx: Context, package: Package) -> None:
    """What was stopped or has ended is not launched again: its money went back."""
    status = approvals.standing(ctx.db, ctx.institution_id, package.hash).status
    if status in (Status.CANCELLED, Status.ENDED):
        said = render(f"status.{status}", {}, ctx.locale)
        raise RefusedError("campaign.over", campaign=package.campaign_id, status=said)


def move(ctx: Context, campaign: Campaign, kind: Literal["paused", "resumed", "stopped"]) -> dict[str, Json]:
    """Pause, resume or stop what is live of the campaign. A stop lets go of the money that was set aside for it."""
    package = live.of_campaign(ctx, campaign.id).package
    return halt(ctx, package) if kind == "stopped" else _moved(ctx, package, kind)


def halt(ctx: Context, package: Package) -> dict[str, Json]:
    """Stop a live package. Money first: a stop that is killed in between grants nothing more, and is stopped again."""
    released = benefits.close_package(ctx.db, ctx.institution_id, package.hash)
    return {**_moved(ctx, package, "stopped"), "released_fen": released}


def _moved(ctx: Context, package: Package, kind: Literal["paused", "resumed", "stopped"]) -> dict[str, Json]:
    done = delivery.move(ctx.db, package, kind, actor=ctx.actor, now=ctx.now)
    return _told(ctx, package, status=str(done.status), withheld=done.withheld)


def send(ctx: Context, campaign: Campaign, limit: int | None) -> dict[str, Json]:
    """Hand over what is due now; called again it goes on."""
    item = live.of_campaign(ctx, campaign.id)
    done = playing.hand_over(ctx, item, ctx.now, limit)
    delivery.tell(ctx.db, ctx.analytics, ctx.institution_id, item.package.hash, source="app", now=ctx.now)
    told = plain(done)
    told["findings"] = _findings(ctx, campaign, done.findings)
    return {**_told(ctx, item.package), **told}


def play(ctx: Context, campaign: Campaign, days: int | None) -> dict[str, Json]:
    """Play customers against the live package and write its outcome."""
    item = live.of_campaign(ctx, campaign.id)
    done = playing.play(ctx, item, days)
    reporting.finish(ctx, campaign)
    return _told(ctx, item.package, **done)


def _findings(ctx: Context, campaign: Campaign, findings: Iterable[Finding]) -> list[dict[str, Json]]:
    return views.findings_told(findings, views.labels(campaign, packs.load(ctx.pack), ctx.locale), ctx.locale)


def _keys(ctx: Context) -> approvals.Keys:
    return approvals.Keys(ctx.home)


def _told(ctx: Context, package: Package, **more: Any) -> dict[str, Json]:
    return {"campaign_id": package.campaign_id, "package": package.hash[:12], "hash": package.hash,
            "actor": ctx.actor.name, **more}  # fmt: skip
