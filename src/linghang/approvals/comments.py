"""Comments on the sections of what is reviewed. A ``must`` holds up approvals of its package until it is resolved."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from linghang.access import chain
from linghang.access.model import Verification
from linghang.approvals.store import comments
from linghang.base.errors import ForbiddenError, RefusedError, UnknownItemError, UsageError
from linghang.campaigns.package import SIGNED
from linghang.kit.context import Actor
from linghang.kit.database import reading

Weight = Literal["remark", "must"]


@dataclass(frozen=True)
class Comment:
    """What somebody said about a section of a package. ``open`` musts hold up its approval."""

    number: int
    campaign_id: str
    package: str
    section: str
    kind: str
    text: str
    actor: str
    at: dt.datetime
    refers: int | None = None
    open: bool = False
    about: str = ""
    """The finding that it speaks of, ``code|about``; empty for the section as a whole."""


def comment(
    db: sa.Engine,
    institution_id: str,
    campaign_id: str,
    package: str,
    *,
    section: str,
    text: str,
    kind: Weight,
    actor: Actor,
    now: dt.datetime,
    about: str = "",
) -> Comment:
    """Say something about a section, or a finding of it (``about``). Only who may approve says what must be changed.

    Raises UsageError("approvals.bad_comment" | "approvals.unknown_section"), ForbiddenError("access.no_right").
    """
    if section not in SIGNED:
        raise UsageError("approvals.unknown_section", section=section, have=", ".join(SIGNED))
    if not text.strip() or len(text) > 4000:
        raise UsageError("approvals.bad_comment", length=len(text))
    if kind == "must" and "campaign.approve" not in actor.rights:
        raise ForbiddenError(
            "access.no_right", actor=actor.name, permission="campaign.approve", skill="approvals.comment"
        )
    values = {
        "campaign_id": campaign_id, "package": package, "section": section, "kind": kind, "text": text.strip(),
        "refers": None, "actor": actor.name, "at": now, "about": about[:200] or None,
    }  # fmt: skip
    with db.begin() as connection:
        row = chain.link(connection, comments, institution_id, values)
    return Comment(int(row["number"]), campaign_id, package, section, kind, text.strip(), actor.name, now,
                   open=kind == "must", about=about[:200])  # fmt: skip


def resolve(db: sa.Engine, institution_id: str, number: int, *, actor: Actor, text: str, now: dt.datetime) -> Comment:
    """Say that a must has been seen to; anybody who may approve can, and nobody else.

    Raises UnknownItemError, RefusedError("approvals.not_open"), ForbiddenError("access.no_right").
    """
    if "campaign.approve" not in actor.rights:
        raise ForbiddenError(
            "access.no_right", actor=actor.name, permission="campaign.approve", skill="approvals.resolve"
        )
    found = next((item for item in listing(db, institution_id) if item.number == number), None)
    if found is None:
        raise UnknownItemError("approvals.unknown_comment", number=number)
    if not found.open:
        raise RefusedError("approvals.not_open", number=number)
    values = {
        "campaign_id": found.campaign_id, "package": found.package, "section": found.section, "kind": "resolved",
        "text": text.strip(), "refers": number, "actor": actor.name, "at": now, "about": found.about or None,
    }  # fmt: skip
    with db.begin() as connection:
        chain.link(connection, comments, institution_id, values)
    return next(item for item in listing(db, institution_id) if item.number == number)


def listing(db: sa.Engine, institution_id: str, campaign_id: str = "") -> tuple[Comment, ...]:
    """The comments on a campaign, or all, oldest first."""
    where = comments.c.institution_id == institution_id
    if campaign_id:
        where &= comments.c.campaign_id == campaign_id
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(comments).where(where).order_by(comments.c.number)).all()
    done = {row.refers for row in rows if row.kind == "resolved"}
    return tuple(
        Comment(
            row.number, row.campaign_id, row.package, row.section, row.kind, row.text, row.actor, row.at, row.refers,
            row.kind == "must" and row.number not in done, row.about or "",
        )
        for row in rows
    )  # fmt: skip


def open_musts(db: sa.Engine, institution_id: str, campaign_id: str, package: str) -> tuple[Comment, ...]:
    """What must still be changed in a package. In another package of the campaign it may have been."""
    return tuple(item for item in listing(db, institution_id, campaign_id) if item.open and item.package == package)


def verify(db: sa.Engine, institution_id: str, anchor: str = "") -> Verification:
    """Check the comments' hash chain."""
    return chain.verify(db, comments, institution_id, anchor)
