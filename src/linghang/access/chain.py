"""Hash-chained ledgers: each row's hash covers the row and the hash of the row before it.

Changing, removing or slipping in a row breaks the chain there; cutting the end is seen by the chain's head (``heads``),
or by an anchor kept elsewhere.
A table that is chained has the columns ``institution_id``, ``number``, ``previous`` and ``hash``.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from linghang.access.model import Verification
from linghang.access.store import institutions
from linghang.base.digest import canonical_json, digest
from linghang.base.errors import UsageError
from linghang.kit.database import reading

START = "0" * 64
"""What the first row names as its previous hash."""


def link(connection: sa.Connection, table: sa.Table, institution_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Append a row at the end of the chain, inside the caller's transaction, and return it as it was stored."""
    return link_all(connection, table, institution_id, [values])[0]


def link_all(
    connection: sa.Connection, table: sa.Table, institution_id: str, many: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Append rows at the end of the chain, in their order, inside the caller's transaction.

    Writers queue: SQLite has one at a time, PostgreSQL waits for the institution's row.
    """
    lock = sa.select(institutions.c.institution_id).where(institutions.c.institution_id == institution_id)
    connection.execute(lock.with_for_update())
    last = connection.execute(
        sa.select(table.c.number, table.c.hash)
        .where(table.c.institution_id == institution_id)
        .order_by(table.c.number.desc())
        .limit(1)
    ).one_or_none()
    number, previous = (last.number, last.hash) if last else (0, START)
    made: list[dict[str, Any]] = []
    for values in many:
        number += 1
        told = {
            key: value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value for key, value in values.items()
        }
        row: dict[str, Any] = {"institution_id": institution_id, "number": number, **told, "previous": previous}
        previous = row["hash"] = _hash(row)
        made.append(row)
    if made:
        connection.execute(table.insert(), made)
    return made


def rows(db: sa.Engine, table: sa.Table, institution_id: str) -> Iterator[dict[str, Any]]:
    """Every row of the chain, oldest first."""
    with reading(db).connect() as connection:
        found = connection.execution_options(yield_per=1000).execute(
            sa.select(table).where(table.c.institution_id == institution_id).order_by(table.c.number)
        )
        for row in found:
            yield dict(row._mapping)


def verify(db: sa.Engine, table: sa.Table, institution_id: str, *anchors: str) -> Verification:
    """Walk the chain from its start. Each anchor (``number:hash`` of an earlier verification) must still be in it."""
    kept = dict(_anchor(anchor) for anchor in anchors if anchor)
    previous, count = START, 0
    for row in rows(db, table, institution_id):
        reason = _fault(row, count + 1, previous)
        if not reason and kept.get(row["number"], row["hash"]) != row["hash"]:
            reason = "access.chain_not_the_anchor"
        if reason:
            return Verification(False, count, f"{count}:{previous}", row["number"], reason)
        previous, count = row["hash"], row["number"]
    if count < max(kept, default=0):
        return Verification(False, count, f"{count}:{previous}", count + 1, "access.chain_cut")
    return Verification(True, count, f"{count}:{previous}")


def export(db: sa.Engine, table: sa.Table, institution_id: str) -> Iterator[str]:
    """Every row as canonical JSON, oldest first: an auditor can verify it without this program."""
    return (canonical_json(row) for row in rows(db, table, institution_id))


def _fault(row: Mapping[str, Any], number: int, previous: str) -> str:
    if row["number"] != number:
        return "access.chain_missing"
    if row["previous"] != previous:
        return "access.chain_unchained"
    return "" if _hash(row) == row["hash"] else "access.chain_altered"


def _hash(row: Mapping[str, Any]) -> str:
    # What is absent is left out, so that rows written before a column was added keep their hash.
    return digest({key: value for key, value in row.items() if key != "hash" and value is not None})


def _anchor(text: str) -> tuple[int, str]:
    number, _, hashed = text.partition(":")
    if not number.isdigit() or len(hashed) != 64:
        raise UsageError("access.bad_anchor", anchor=text)
    return int(number), hashed
