"""The audit log: who did what to what, with what result; one append-only hash chain an institution."""

from collections.abc import Iterator

import sqlalchemy as sa

from linghang.access import chain
from linghang.access.model import AuditLine, Verification
from linghang.access.store import audit
from linghang.base.errors import UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.database import reading


def append(db: sa.Engine, institution_id: str, entry: AuditEntry) -> AuditLine:
    """Add a line at the end of the chain."""
    values = {**vars(entry), "about": entry.about[:200], "outcome": entry.outcome[:80]}
    with db.begin() as connection:
        row = chain.link(connection, audit, institution_id, values)
    del row["institution_id"]
    return AuditLine(**row)


def listing(
    db: sa.Engine, institution_id: str, *, limit: int = 50, about: str = "", actor: str = ""
) -> tuple[AuditLine, ...]:
    """The newest lines first, of everything, or about one thing, or by one actor."""
    if limit < 1:
        raise UsageError("access.bad_limit", limit=limit)
    where = audit.c.institution_id == institution_id
    if about:
        where &= audit.c.about == about
    if actor:
        where &= audit.c.actor == actor
    with reading(db).connect() as connection:
        found = connection.execute(sa.select(audit).where(where).order_by(audit.c.number.desc()).limit(limit)).all()
    return tuple(_line(row) for row in found)


def verify(db: sa.Engine, institution_id: str, anchor: str = "") -> Verification:
    """Walk the chain from its start. ``anchor`` (``number:hash`` of an earlier verification) must still be in it."""
    return chain.verify(db, audit, institution_id, anchor)


def export(db: sa.Engine, institution_id: str) -> Iterator[str]:
    """Every line as canonical JSON, oldest first: what an auditor takes away and can verify without this program."""
    return chain.export(db, audit, institution_id)


def _line(row: sa.Row[tuple[object, ...]]) -> AuditLine:
    return AuditLine(**{key: value for key, value in row._mapping.items() if key != "institution_id"})
