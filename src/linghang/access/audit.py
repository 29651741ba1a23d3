"""The audit log: who did what to what, with what result; one append-only hash chain an institution."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from linghang.access import chain
from linghang.access.heads import Heads, chained
from linghang.access.model import AuditLine, Verification
from linghang.access.store import audit
from linghang.base.errors import UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.database import reading


def note(home: Path, db: sa.Engine, institution_id: str, entry: AuditEntry) -> AuditLine:
    """Add a line and seal the heads of the home's chains. Where there was no head one is begun, and that is noted."""
    line = append(db, institution_id, entry)
    if audit.name in Heads(home).seal(db, institution_id):
        begun = AuditEntry("?", "access.head_begun", "draft", f"{audit.name} {line.number}", "done", "", entry.at)
        note(home, db, institution_id, begun)
    return line


def append(db: sa.Engine, institution_id: str, entry: AuditEntry) -> AuditLine:
    """Add a line at the end of the chain."""
    values = {**vars(entry), "about": entry.about[:200], "outcome": entry.outcome[:80]}
    with db.begin() as connection:
        row = chain.link(connection, audit, institution_id, values)
    del row["institution_id"]
    return AuditLine(**row)


@dataclass(frozen=True)
class Search:
    """Which lines: all that is said here must hold. ``skill`` and ``about`` may name several, with commas between them;
    a skill's may be the beginning of a name that ends in a dot, an ``about`` a part.

    ``outcome`` is ``done``, ``refused`` (everything else), or a code. ``before`` continues an earlier listing.
    """

    actor: str = ""
    skill: str = ""
    about: str = ""
    outcome: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int = 0


def listing(
    db: sa.Engine, institution_id: str, search: Search | None = None, *, limit: int = 50
) -> tuple[AuditLine, ...]:
    """The newest lines first, of everything or of what is searched for. Raises UsageError("access.bad_limit")."""
    if limit < 1:
        raise UsageError("access.bad_limit", limit=limit)
    where = sa.and_(audit.c.institution_id == institution_id, *_conditions(search or Search()))
    with reading(db).connect() as connection:
        found = connection.execute(sa.select(audit).where(where).order_by(audit.c.number.desc()).limit(limit)).all()
    return tuple(_line(row) for row in found)


def _conditions(search: Search) -> Iterator[sa.ColumnElement[bool]]:
    if search.actor:
        yield audit.c.actor == search.actor
    if search.skill:
        yield sa.or_(*(_acting(name) for name in search.skill.split(",")))
    if search.about:
        yield sa.or_(*(audit.c.about.contains(part, autoescape=True) for part in search.about.split(",")))
    if search.outcome:
        yield audit.c.outcome != "done" if search.outcome == "refused" else audit.c.outcome == search.outcome
    if search.since:
        yield audit.c.at >= search.since
    if search.until:
        yield audit.c.at < search.until
    if search.before:
        yield audit.c.number < search.before


def _acting(name: str) -> sa.ColumnElement[bool]:
    return audit.c.skill.startswith(name, autoescape=True) if name.endswith(".") else audit.c.skill == name


def verify(db: sa.Engine, institution_id: str, anchor: str = "", home: Path | None = None) -> Verification:
    """Walk the chain from its start; with the home also to its sealed head, and the house's other ledgers.

    ``anchor`` (``number:hash`` of an earlier verification) must still be in it.
    """
    if home is None:
        return chain.verify(db, audit, institution_id, anchor)
    found = Heads(home).verify(db, audit, institution_id, anchor)
    around = () if found.intact else _around(db, institution_id, found.lines)
    others = {
        table.name: Heads(home).verify(db, table, institution_id) for table in chained() if table.name != audit.name
    }
    return replace(found, around=around, others=others)


def _around(db: sa.Engine, institution_id: str, last_good: int) -> tuple[AuditLine, ...]:
    """The last good line and the two after it, as they stand."""
    where = (audit.c.institution_id == institution_id) & (audit.c.number >= last_good)
    with reading(db).connect() as connection:
        return tuple(
            _line(row) for row in connection.execute(sa.select(audit).where(where).order_by(audit.c.number).limit(3))
        )


def export(db: sa.Engine, institution_id: str) -> Iterator[str]:
    """Every line as canonical JSON, oldest first: what an auditor takes away and can verify without this program."""
    return chain.export(db, audit, institution_id)


def _line(row: sa.Row[tuple[object, ...]]) -> AuditLine:
    return AuditLine(**{key: value for key, value in row._mapping.items() if key != "institution_id"})
