"""What is known of generations and imports (application database), and the names and shapes of the engine's tables."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from linghang.base.digest import canonical_json, plain
from linghang.base.errors import UnknownItemError
from linghang.customers import masking
from linghang.customers.model import Column, Generation, Rejection
from linghang.customers.schema import SQL
from linghang.kit.database import Instant, metadata, reading

generations = sa.Table(
    "customer_generation",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(20), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("table_name", sa.String(120), nullable=False),
    sa.Column("history_table", sa.String(120), nullable=False, default=""),
    sa.Column("rows", sa.BigInteger, nullable=False, default=0),
    sa.Column("size", sa.BigInteger, nullable=False, default=0),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("columns", sa.Text, nullable=False, default="[]"),
    sa.Column("report", sa.Text, nullable=False, default="{}"),
    sa.Column("at", Instant, nullable=False),
)
"""``state``: staging → current → past. At most one is current for an institution and subject."""

blocks = sa.Table(
    "customer_import_block",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(20), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("block", sa.Integer, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("kept", sa.Integer, nullable=False),
    sa.Column("rejections", sa.Text, nullable=False),
)
"""What was found in each block of a source that is being staged."""


def table_name(kind: str, institution_id: str, number: int | None = None) -> str:
    """A quoted name of an engine table of an institution (ids are ``[a-z0-9-]``, so the quotes hold)."""
    suffix = "" if number is None else f":{number}"
    return f"`{kind}:{institution_id}{suffix}`"


def create_customers(name: str, columns: Sequence[Column], *, key: str) -> str:
    """The DDL of a table of customers with typed columns, ordered by ``key``."""
    typed = "".join(f", `{column.name}` {SQL[column.storage]}" for column in columns)
    first = "id String, row_number UInt64, block UInt32, outcome Nullable(Bool)" if key == "block" else (
        "customer UInt32, id String"
    )  # fmt: skip
    return f"CREATE TABLE IF NOT EXISTS {name} ({first}{typed}) ENGINE = MergeTree ORDER BY {key}"


def create_numbers(name: str) -> str:
    """The DDL of the map from external ids to dense numbers."""
    return f"CREATE TABLE IF NOT EXISTS {name} (id String, customer UInt32) ENGINE = MergeTree ORDER BY id"


def begin(
    db: sa.Engine, institution_id: str, subject: str, source: str, as_of: dt.date, now: dt.datetime
) -> tuple[int, str, Mapping[str, Any]]:
    """The generation that a source is staged into: (number, state, report). A killed import of it is continued."""
    mine = (generations.c.institution_id == institution_id) & (generations.c.subject == subject)
    with db.begin() as connection:
        rows = connection.execute(sa.select(generations).where(mine).order_by(generations.c.number)).all()
        for row in rows:
            if row.source == source and row.state in ("staging", "current"):
                return row.number, row.state, json.loads(row.report)
        number = max((row.number for row in rows), default=0) + 1
        name = table_name(subject, institution_id, number)
        connection.execute(
            generations.insert().values(
                institution_id=institution_id, subject=subject, number=number, state="staging", source=source,
                table_name=name, as_of=as_of, at=now,
            )
        )  # fmt: skip
    return number, "staging", {}


def note_block(
    db: sa.Engine, key: tuple[str, str, int, int], rows: int, kept: int, rejections: Sequence[Rejection]
) -> None:
    """Remember what a block held. Asked again for the same block, the last word counts."""
    institution_id, subject, number, block = key
    where = (
        (blocks.c.institution_id == institution_id)
        & (blocks.c.subject == subject)
        & (blocks.c.number == number)
        & (blocks.c.block == block)
    )
    with db.begin() as connection:
        connection.execute(blocks.delete().where(where))
        connection.execute(
            blocks.insert().values(
                institution_id=institution_id, subject=subject, number=number, block=block, rows=rows, kept=kept,
                rejections=canonical_json(masking.kept(plain(list(rejections)))),
            )
        )  # fmt: skip


def noted_blocks(
    db: sa.Engine, institution_id: str, subject: str, number: int
) -> dict[int, tuple[int, int, tuple[Rejection, ...]]]:
    """Block → (rows, kept, rejections), of those noted so far."""
    where = (blocks.c.institution_id == institution_id) & (blocks.c.subject == subject) & (blocks.c.number == number)
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(blocks).where(where)).all()
    return {row.block: (row.rows, row.kept, rejections_of(json.loads(row.rejections))) for row in rows}


def rejections_of(told: Sequence[Mapping[str, Any]]) -> tuple[Rejection, ...]:
    """Rejections as they were noted."""
    return tuple(
        Rejection(item["code"], item["column"], item["count"], tuple((n, text) for n, text in item["examples"]))
        for item in told
    )


def publish(db: sa.Engine, generation: Generation, report: Mapping[str, object]) -> None:
    """Switch to a generation, in one transaction."""
    mine = (generations.c.institution_id == generation.institution_id) & (generations.c.subject == generation.subject)
    with db.begin() as connection:
        connection.execute(generations.update().where(mine & (generations.c.state == "current")).values(state="past"))
        connection.execute(
            generations.update()
            .where(mine & (generations.c.number == generation.number))
            .values(
                state="current", rows=generation.rows, size=generation.size, columns=canonical_json(generation.columns),
                history_table=generation.history_table, report=canonical_json(masking.kept(plain(report))),
            )
        )  # fmt: skip
        connection.execute(
            blocks.delete().where(
                (blocks.c.institution_id == generation.institution_id)
                & (blocks.c.subject == generation.subject)
                & (blocks.c.number == generation.number)
            )
        )


def find_current(db: sa.Engine, institution_id: str, subject: str = "customers") -> Generation | None:
    """The generation in use, or None before the first import."""
    where = (
        (generations.c.institution_id == institution_id)
        & (generations.c.subject == subject)
        & (generations.c.state == "current")
    )
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(generations).where(where)).one_or_none()
    return None if row is None else _generation(row)


def current(db: sa.Engine, institution_id: str, subject: str = "customers") -> Generation:
    """The generation in use. Raises UnknownItemError("customers.none_yet") before the first import."""
    found = find_current(db, institution_id, subject)
    if found is None:
        raise UnknownItemError("customers.none_yet", institution=institution_id, subject=subject)
    return found


def past(db: sa.Engine, institution_id: str, subject: str) -> list[Generation]:
    """Generations that were replaced, oldest first."""
    where = (
        (generations.c.institution_id == institution_id)
        & (generations.c.subject == subject)
        & (generations.c.state == "past")
    )
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(generations).where(where).order_by(generations.c.number)).all()
    return [_generation(row) for row in rows]


def forget(db: sa.Engine, generation: Generation) -> None:
    """Drop a replaced or abandoned generation's row."""
    with db.begin() as connection:
        connection.execute(
            generations.delete().where(
                (generations.c.institution_id == generation.institution_id)
                & (generations.c.subject == generation.subject)
                & (generations.c.number == generation.number)
                & (generations.c.state != "current")
            )
        )


def _generation(row: sa.Row[tuple[object, ...]]) -> Generation:
    return Generation(
        institution_id=row.institution_id,
        subject=row.subject,
        number=row.number,
        table=row.table_name,
        rows=row.rows,
        size=row.size,
        as_of=row.as_of,
        columns=tuple(json.loads(row.columns)),
        history_table=row.history_table,
    )


def forget_staging(db: sa.Engine, institution_id: str, subject: str, before: int) -> None:
    """Drop the rows of imports that were never finished and that a later one has overtaken."""
    with db.begin() as connection:
        for table in (generations, blocks):
            where = (
                (table.c.institution_id == institution_id) & (table.c.subject == subject) & (table.c.number < before)
            )
            if table is generations:
                where &= generations.c.state == "staging"
            connection.execute(table.delete().where(where))
