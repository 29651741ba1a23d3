"""Review by other people: submit, withdraw, approve, reject. Nobody approves what that person made."""

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa

from linghang.approvals.keys import Keys
from linghang.approvals.ledger import add, read
from linghang.approvals.model import Approval, Entry, Kind, Standing
from linghang.approvals.preflight import preflight
from linghang.approvals.signing import needed, statement
from linghang.approvals.states import fold
from linghang.base.errors import ForbiddenError, RefusedError
from linghang.base.findings import blocks
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Package, Status
from linghang.campaigns.package import hash_of
from linghang.kit.context import Actor
from linghang.packs.model import Pack

RIGHT = "campaign.approve"


def submit(
    db: sa.Engine,
    campaign: Campaign,
    package: Package,
    pack: Pack,
    *,
    actor: Actor,
    now: dt.datetime,
    today: dt.date | None = None,
) -> Standing:
    """Send a sealed package for review, after the pre-flight check. Submitting what waits already changes nothing.

    Raises RefusedError: ``approvals.altered``, ``approvals.not_ready`` with the findings that stand against it,
    ``approvals.wrong_state``.
    """
    must_match(package)
    findings = preflight(campaign, pack, today=today)
    if blocks(findings):
        raise RefusedError("approvals.not_ready", findings, campaign=campaign.id, count=len(findings))
    goal = campaign.value("goal")
    store.keep_package(db, package, now)
    with db.begin() as connection:
        before = fold(read(connection, package.institution_id, package=package.hash))
        if before.status is Status.IN_REVIEW:
            return before
        entry = Entry(
            number=0,
            kind="submitted",
            campaign_id=package.campaign_id,
            package=package.hash,
            round=before.round + 1,
            actor=actor.name,
            at=now,
            level=goal.level,
            amount_fen=goal.budget_fen,
            needed=needed(goal.level, goal.budget_fen),
            makers=_makers(db, campaign, actor),
        )
        return add(connection, package.institution_id, entry)


def approve(
    db: sa.Engine, keys: Keys, package: Package, *, actor: Actor, now: dt.datetime, comment: str = ""
) -> Approval:
    """Sign a package that waits for review. The same person approving again changes nothing.

    Raises ForbiddenError ("access.no_right", "approvals.own_campaign"), RefusedError ("approvals.altered",
    "approvals.wrong_state").
    """
    must_match(package)
    _must_have_right(actor)
    with db.begin() as connection:
        stands = fold(read(connection, package.institution_id, package=package.hash))
        if actor.name in stands.approvers:
            return Approval(package.campaign_id, package.hash, actor.name, now, stands.missing)
        if actor.name in stands.makers:
            raise ForbiddenError("approvals.own_campaign", actor=actor.name, campaign=package.campaign_id)
        entry = _following(package, stands, "approved", actor, now, comment)
        key_id, signature = keys.sign(statement(package.institution_id, entry))
        after = add(connection, package.institution_id, replace(entry, key_id=key_id, signature=signature))
    return Approval(package.campaign_id, package.hash, actor.name, now, after.missing)


def reject(db: sa.Engine, package: Package, *, actor: Actor, now: dt.datetime, comment: str) -> Standing:
    """Send a package back with a reason; also takes an approval back before the launch.

    Raises ForbiddenError("access.no_right"), RefusedError ("approvals.no_reason", "approvals.wrong_state").
    """
    _must_have_right(actor)
    if not comment.strip():
        raise RefusedError("approvals.no_reason", campaign=package.campaign_id)
    return record(db, package, "rejected", actor=actor, now=now, comment=comment.strip())


def withdraw(db: sa.Engine, package: Package, *, actor: Actor, now: dt.datetime) -> Standing:
    """Take a package back from review before it is launched. Raises RefusedError("approvals.wrong_state")."""
    return record(db, package, "withdrawn", actor=actor, now=now)


def record(
    db: sa.Engine,
    package: Package,
    kind: Kind,
    *,
    actor: Actor,
    now: dt.datetime,
    comment: str = "",
) -> Standing:
    """Append a step of the life of a package (not an approval). Raises RefusedError("approvals.wrong_state")."""
    with db.begin() as connection:
        return record_in(connection, package, kind, actor=actor, now=now, comment=comment)


def record_in(
    connection: sa.Connection, package: Package, kind: Kind, *, actor: Actor, now: dt.datetime, comment: str = ""
) -> Standing:
    """``record`` inside the caller's transaction, for steps that go together with other rows."""
    if kind in ("approved", "submitted"):
        raise RefusedError("approvals.wrong_state", verb=kind, status="", may="approve, submit", package=package.hash)
    stands = fold(read(connection, package.institution_id, package=package.hash))
    return add(connection, package.institution_id, _following(package, stands, kind, actor, now, comment))


def _following(package: Package, stands: Standing, kind: Kind, actor: Actor, now: dt.datetime, comment: str) -> Entry:
    asked = stands.last
    return Entry(
        number=0,
        kind=kind,
        campaign_id=package.campaign_id,
        package=package.hash,
        round=stands.round,
        actor=actor.name,
        at=now.astimezone(dt.UTC),
        comment=comment,
        level=asked.level if asked else "",
        amount_fen=asked.amount_fen if asked else 0,
        needed=stands.needed,
        makers=stands.makers,
    )


def _makers(db: sa.Engine, campaign: Campaign, actor: Actor) -> tuple[str, ...]:
    """Everybody who had a hand in the document: owner, editors of any version, and who submits."""
    hands = [str(row["actor"]) for row in store.history(db, campaign.institution_id, campaign.id)]
    brief, pins = campaign.value("brief"), campaign.value("pins")
    hands += [edit.actor for edit in brief.edits] if brief is not None else []
    hands += [pin.actor for pin in pins.items] if pins is not None else []
    return tuple(dict.fromkeys(name for name in (campaign.owner, *hands, actor.name) if name))


def must_match(package: Package) -> None:
    """Raises RefusedError("approvals.altered") for a package whose content is not what its hash says."""
    if hash_of(package) != package.hash:
        raise RefusedError("approvals.altered", package=package.hash[:12], campaign=package.campaign_id)


def _must_have_right(actor: Actor) -> None:
    if RIGHT not in actor.rights:
        raise ForbiddenError("access.no_right", actor=actor.name, permission=RIGHT, skill="campaign.approve")
