"""Delegation: an approver lets another approver take their steps for a while. It ends by itself."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from linghang import access
from linghang.approvals.store import delegations
from linghang.base.errors import ForbiddenError, RefusedError, UnknownItemError
from linghang.base.ids import new_id
from linghang.kit.context import Actor
from linghang.kit.database import reading

RIGHT = "campaign.approve"
LONGEST = dt.timedelta(days=31)


@dataclass(frozen=True)
class Delegation:
    """``taker`` may act for ``giver`` from ``since`` until before ``until``, unless revoked."""

    id: str
    giver: str
    taker: str
    since: dt.datetime
    until: dt.datetime
    reason: str
    revoked: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        """Whether it is in force at an instant."""
        return self.since <= at < self.until and (self.revoked is None or at < self.revoked)


def delegate(
    db: sa.Engine,
    institution_id: str,
    *,
    actor: Actor,
    taker: str,
    since: dt.datetime,
    until: dt.datetime,
    reason: str,
    now: dt.datetime,
) -> Delegation:
    """Let another person who may approve act for the actor. What was delegated cannot be handed on.

    Raises ForbiddenError("access.no_right"), RefusedError("approvals.bad_delegation"), UnknownItemError.
    """
    if RIGHT not in actor.rights:
        raise ForbiddenError("access.no_right", actor=actor.name, permission=RIGHT, skill="approvals.delegate")
    other = access.find(db, institution_id, taker)
    span = until - max(since, now)
    if taker == actor.name or RIGHT not in other.rights or not other.active:
        raise RefusedError("approvals.bad_delegate", taker=taker, permission=RIGHT)
    if not dt.timedelta() < span <= LONGEST:
        raise RefusedError("approvals.bad_delegation", until=until.isoformat(), days=LONGEST.days)
    made = Delegation(new_id("dlg", now), actor.name, taker, max(since, now), until, reason.strip())
    with db.begin() as connection:
        values = {key: value for key, value in vars(made).items() if key != "revoked"}
        connection.execute(delegations.insert().values(institution_id=institution_id, made=now, revoked=None, **values))
    return made


def revoke(db: sa.Engine, institution_id: str, id: str, *, actor: Actor, now: dt.datetime) -> Delegation:
    """End a delegation now; its giver may, and its taker. Raises UnknownItemError, ForbiddenError."""
    found = next((item for item in listing(db, institution_id) if item.id == id), None)
    if found is None:
        raise UnknownItemError("approvals.unknown_delegation", id=id)
    if actor.name not in (found.giver, found.taker):
        raise ForbiddenError("approvals.not_your_delegation", actor=actor.name, giver=found.giver)
    where = (delegations.c.institution_id == institution_id) & (delegations.c.id == id)
    with db.begin() as connection:
        connection.execute(delegations.update().where(where & delegations.c.revoked.is_(None)).values(revoked=now))
    return next(item for item in listing(db, institution_id) if item.id == id)


def listing(db: sa.Engine, institution_id: str) -> tuple[Delegation, ...]:
    """Every delegation, the latest first."""
    query = sa.select(delegations).where(delegations.c.institution_id == institution_id)
    with reading(db).connect() as connection:
        rows = connection.execute(query.order_by(delegations.c.made.desc())).all()
    return tuple(
        Delegation(row.id, row.giver, row.taker, row.since, row.until, row.reason, row.revoked) for row in rows
    )


def may_act_for(db: sa.Engine, institution_id: str, taker: str, giver: str, at: dt.datetime) -> bool:
    """Whether ``taker`` may act for ``giver`` at an instant."""
    return any(item.taker == taker and item.giver == giver and item.holds(at) for item in listing(db, institution_id))
