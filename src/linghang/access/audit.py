"""The audit log: one append-only chain of lines an institution. Each line's hash covers it and the line before.

Changing, removing or slipping in a line breaks the chain at that line; cutting the end is seen by an anchor that was
kept elsewhere (``verify`` and ``export`` return one).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from linghang.access.model import AuditLine, Verification
from linghang.access.store import audit
from linghang.base.digest import canonical_json, digest
from linghang.base.errors import UnavailableError, UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.database import reading

START = "0" * 64
"""What the first line names as its previous hash."""
_TRIES = 8


def append(db: sa.Engine, institution_id: str, entry: AuditEntry) -> AuditLine:
    """Add a line at the end of the chain. SQLite lets one writer in; PostgreSQL's primary key refuses the second."""
    for _ in range(_TRIES):
        try:
            with db.begin() as connection:
                return _append(connection, institution_id, entry)
        except IntegrityError:
            continue
    raise UnavailableError("access.audit_busy", tries=_TRIES)


def _append(connection: sa.Connection, institution_id: str, entry: AuditEntry) -> AuditLine:
    last = connection.execute(
        sa.select(audit.c.number, audit.c.hash)
        .where(audit.c.institution_id == institution_id)
        .order_by(audit.c.number.desc())
        .limit(1)
    ).one_or_none()
    values = {
        "number": last.number + 1 if last else 1,
        "at": entry.at.astimezone(dt.UTC),
        "actor": entry.actor,
        "skill": entry.skill,
        "effect": entry.effect,
        "about": entry.about[:200],
        "outcome": entry.outcome[:80],
        "arguments": entry.arguments,
        "previous": last.hash if last else START,
    }
    line = AuditLine(**values, hash=line_hash(institution_id, values))
    connection.execute(audit.insert().values(institution_id=institution_id, **vars(line)))
    return line


def line_hash(institution_id: str, values: Mapping[str, Any]) -> str:
    """The hash of a line: everything in it, its number, the institution and the previous hash."""
    body = {key: values[key] for key in values if key != "hash"}
    return digest({"institution_id": institution_id, **body})


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
        rows = connection.execute(sa.select(audit).where(where).order_by(audit.c.number.desc()).limit(limit)).all()
    return tuple(_line(row) for row in rows)


def verify(db: sa.Engine, institution_id: str, anchor: str = "") -> Verification:
    """Walk the chain from its start. ``anchor`` (``number:hash`` of an earlier verification) must still be in it."""
    wanted = _anchor(anchor)
    previous, count = START, 0
    for line in _walk(db, institution_id):
        reason = _fault(institution_id, line, count + 1, previous)
        if not reason and line.number == wanted[0] and line.hash != wanted[1]:
            reason = "access.audit_not_the_anchor"
        if reason:
            return Verification(False, count, f"{count}:{previous}", line.number, reason)
        previous, count = line.hash, line.number
    if count < wanted[0]:
        return Verification(False, count, f"{count}:{previous}", count + 1, "access.audit_cut")
    return Verification(True, count, f"{count}:{previous}")


def export(db: sa.Engine, institution_id: str) -> Iterator[str]:
    """Every line as canonical JSON, oldest first: what an auditor takes away and can verify without this program."""
    for line in _walk(db, institution_id):
        yield canonical_json({"institution_id": institution_id, **vars(line)})


def _fault(institution_id: str, line: AuditLine, number: int, previous: str) -> str:
    if line.number != number:
        return "access.audit_missing"
    if line.previous != previous:
        return "access.audit_unchained"
    if line_hash(institution_id, vars(line)) != line.hash:
        return "access.audit_altered"
    return ""


def _anchor(text: str) -> tuple[int, str]:
    if not text:
        return 0, ""
    number, _, hashed = text.partition(":")
    if not number.isdigit() or len(hashed) != 64:
        raise UsageError("access.bad_anchor", anchor=text)
    return int(number), hashed


def _walk(db: sa.Engine, institution_id: str) -> Iterator[AuditLine]:
    with reading(db).connect() as connection:
        rows = connection.execution_options(yield_per=1000).execute(
            sa.select(audit).where(audit.c.institution_id == institution_id).order_by(audit.c.number)
        )
        for row in rows:
            yield _line(row)


def _line(row: sa.Row[tuple[object, ...]]) -> AuditLine:
    told = {key: value for key, value in row._mapping.items() if key != "institution_id"}
    return AuditLine(**told)
