"""Review by other people: submit, withdraw, approve, reject. Nobody approves what that person made."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from linghang import access
from linghang.approvals.chains import HOLDERS, SHORT, chain_of, left, step_for
from linghang.approvals.comments import open_musts
from linghang.approvals.delegations import may_act_for
from linghang.approvals.keys import Keys
from linghang.approvals.ledger import add, read
from linghang.approvals.model import REASONS, Approval, Entry, Kind, Standing
from linghang.approvals.preflight import preflight
from linghang.approvals.shortening import change
from linghang.approvals.signing import statement
from linghang.approvals.states import fold
from linghang.base.errors import ForbiddenError, RefusedError, UsageError
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
    basis: Package | None = None,
) -> Standing:
    """Send a sealed package for review, after the pre-flight check. Submitting what waits already changes nothing; what
    was approved may be submitted again once the approval has lapsed.

    ``basis`` is an approved package from which this one differs by a small change (``shortening``): one person is then
    enough, whoever made the change. Raises RefusedError: ``approvals.altered``, ``approvals.not_ready`` with the
    findings that stand against it, ``approvals.wrong_state``, ``approvals.not_small``.
    """
    must_match(package)
    findings = preflight(campaign, pack, today=today)
    if blocks(findings):
        raise RefusedError("approvals.not_ready", findings, campaign=campaign.id, count=len(findings))
    goal = campaign.value("goal")
    if basis is not None and not change(basis, package):
        raise RefusedError("approvals.not_small", campaign=campaign.id, basis=basis.hash[:12])
    chain = SHORT if basis is not None else chain_of(package, pack)
    store.keep_package(db, package, now)
    with db.begin() as connection:
        before = fold(read(connection, package.institution_id, package=package.hash))
        if before.status is Status.IN_REVIEW:
            return before
        if before.status is Status.APPROVED and before.until is not None and before.until <= now:
            # An approval that lapsed stands for nothing any more: the same package is asked for anew.
            lapsed = _following(package, before, "withdrawn", actor, now, "")
            before = add(connection, package.institution_id, lapsed)
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
            needed=len(chain),
            makers=_makers(db, campaign, actor),
            chain=chain,
            basis=basis.hash if basis is not None else "",
        )
        return add(connection, package.institution_id, entry)


VALID = dt.timedelta(days=30)
"""How long an approval waits for its launch; never beyond the campaign's end."""


def approve(
    db: sa.Engine,
    keys: Keys,
    package: Package,
    *,
    actor: Actor,
    now: dt.datetime,
    comment: str = "",
    behalf: str = "",
    conditions: Sequence[str] = (),
    until: dt.datetime | None = None,
) -> Approval:
    """Sign a package that waits for review. The same person approving again changes nothing.

    ``behalf`` names the approver who delegated the step; ``conditions`` must be fulfilled before the launch; ``until``
    lets the approval expire earlier than after 30 days. Raises ForbiddenError ("access.no_right",
    "approvals.own_campaign", "approvals.not_your_step", "approvals.not_delegated"), RefusedError
    ("approvals.altered", "approvals.wrong_state", "approvals.must_open").
    """
    must_match(package)
    _must_have_right(actor)
    _must_have_delegation(db, package, actor, behalf, now)
    if waiting := open_musts(db, package.institution_id, package.campaign_id, package.hash):
        raise RefusedError("approvals.must_open", campaign=package.campaign_id, count=len(waiting),
                           text=waiting[0].text, section=waiting[0].section)  # fmt: skip
    with db.begin() as connection:
        stands = fold(read(connection, package.institution_id, package=package.hash))
        if actor.name in stands.approvers:
            return _told(package, actor, now, stands)
        for name in (actor.name, behalf):
            if name and name in stands.makers:
                raise ForbiddenError("approvals.own_campaign", actor=name, campaign=package.campaign_id)
        step = _step(db, package, stands, actor, behalf)
        entry = replace(
            _following(package, stands, "approved", actor, now, comment),
            step=step,
            behalf=behalf,
            points=tuple(dict.fromkeys(text.strip() for text in conditions if text.strip())),
            until=min([now + VALID, _end(package), *([until] if until else [])]),
        )
        key_id, signature = keys.sign(statement(package.institution_id, entry))
        after = add(connection, package.institution_id, replace(entry, key_id=key_id, signature=signature))
    return _told(package, actor, now, after)


def fulfil(
    db: sa.Engine, keys: Keys, package: Package, condition: str, *, actor: Actor, now: dt.datetime, comment: str
) -> Standing:
    """Confirm, with a word on how, that a condition of an approval is fulfilled. It is signed like an approval.

    Raises ForbiddenError ("access.no_right", "approvals.own_campaign"), RefusedError ("approvals.no_such_condition",
    "approvals.no_reason").
    """
    must_match(package)
    _must_have_right(actor)
    if not comment.strip():
        raise RefusedError("approvals.no_reason", campaign=package.campaign_id)
    with db.begin() as connection:
        stands = fold(read(connection, package.institution_id, package=package.hash))
        if actor.name in stands.makers:
            raise ForbiddenError("approvals.own_campaign", actor=actor.name, campaign=package.campaign_id)
        if condition not in stands.conditions:
            have = "; ".join(stands.conditions) or "-"
            raise RefusedError("approvals.no_such_condition", condition=condition, have=have)
        entry = replace(
            _following(package, stands, "fulfilled", actor, now, comment.strip()), points=(condition,), until=None
        )
        key_id, signature = keys.sign(statement(package.institution_id, entry))
        return add(connection, package.institution_id, replace(entry, key_id=key_id, signature=signature))


def _told(package: Package, actor: Actor, now: dt.datetime, stands: Standing) -> Approval:
    return Approval(
        package.campaign_id, package.hash, actor.name, now, stands.missing, left(stands.chain, stands.taken),
        stands.conditions, stands.until,
    )  # fmt: skip


def _must_have_delegation(db: sa.Engine, package: Package, actor: Actor, behalf: str, now: dt.datetime) -> None:
    if behalf and not may_act_for(db, package.institution_id, actor.name, behalf, now):
        raise ForbiddenError("approvals.not_delegated", actor=actor.name, giver=behalf)


def _step(db: sa.Engine, package: Package, stands: Standing, actor: Actor, behalf: str) -> str:
    """The step that is taken: by the actor's own roles, or by those of whoever delegated it."""
    roles = access.find(db, package.institution_id, behalf).roles if behalf else actor.roles
    step = step_for(stands.chain, stands.taken, roles)
    if behalf and behalf in (*stands.approvers, *stands.behalves):
        step = ""
    if not step and stands.status is Status.IN_REVIEW:
        rest = left(stands.chain, stands.taken)
        raise ForbiddenError(
            "approvals.not_your_step", actor=actor.name, steps=", ".join(rest),
            roles=", ".join(sorted({role for item in rest for role in HOLDERS[item]})),
        )  # fmt: skip
    return step


def _end(package: Package) -> dt.datetime:
    """The instant after the campaign's last day, in UTC at the earliest."""
    last = dt.date.fromisoformat(str(package.sections["goal"]["end"]))
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC)


def reject(
    db: sa.Engine, package: Package, *, actor: Actor, now: dt.datetime, comment: str, reasons: Sequence[str] = ()
) -> Standing:
    """Send a package back with a word why, and reasons of ``model.REASONS``; also takes an approval back.

    Raises ForbiddenError("access.no_right"), UsageError("approvals.unknown_reason"), RefusedError
    ("approvals.no_reason", "approvals.wrong_state").
    """
    _must_have_right(actor)
    if not comment.strip():
        raise RefusedError("approvals.no_reason", campaign=package.campaign_id)
    if strange := [item for item in reasons if item not in REASONS]:
        raise UsageError("approvals.unknown_reason", reason=strange[0], have=", ".join(REASONS))
    with db.begin() as connection:
        stands = fold(read(connection, package.institution_id, package=package.hash))
        entry = _following(package, stands, "rejected", actor, now, comment.strip())
        return add(connection, package.institution_id, replace(entry, points=tuple(dict.fromkeys(reasons))))


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
    if kind in ("approved", "submitted", "fulfilled", "rejected"):
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
        chain=stands.chain,
        basis=stands.basis,
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
