"""What was imported: one row an import, with its accounts, kept."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from linghang.base.digest import canonical_json
from linghang.base.errors import UnknownItemError
from linghang.base.ids import new_id
from linghang.customers.masking import kept
from linghang.customers.store import blocks, generations
from linghang.kit.database import Instant, metadata, reading

State = Literal["running", "done", "refused"]

imports = sa.Table(
    "data_import",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("subject", sa.String(20), nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("mark", sa.String(64), nullable=False),
    sa.Column("mode", sa.String(12), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("report", sa.Text, nullable=False, default="{}"),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended", Instant, nullable=True),
)
"""``mark`` is equal for equal rows with an equal meaning. ``state``: running → done | refused."""


@dataclass(frozen=True)
class Import:
    """An import that was begun; ``report`` is what it did, once it ended."""

    id: str
    subject: str
    source: str
    mode: str
    state: State
    report: Mapping[str, Any]
    actor: str
    at: dt.datetime
    ended: dt.datetime | None


@dataclass(frozen=True)
class Begun:
    """An import that is under way, and when it began."""

    id: str
    at: dt.datetime


def begin(
    db: sa.Engine, institution_id: str, mark: str, *, subject: str, source: str, mode: str, actor: str, now: dt.datetime
) -> tuple[Begun, bool]:
    """(the import, whether it continues): one of the same rows and meaning that never ended is gone on with."""
    where = (imports.c.institution_id == institution_id) & (imports.c.mark == mark) & (imports.c.state == "running")
    with db.begin() as connection:
        found = connection.execute(
            sa.select(imports.c.id, imports.c.at).where(where).order_by(imports.c.id.desc())
        ).first()
        if found is not None:
            return Begun(str(found.id), found.at), True
        made = new_id("imp", now)
        connection.execute(
            imports.insert().values(
                institution_id=institution_id, id=made, subject=subject, source=source[:200], mark=mark, mode=mode,
                state="running", report="{}", actor=actor, at=now, ended=None,
            )
        )  # fmt: skip
    return Begun(made, now), False


def end(db: sa.Engine, institution_id: str, id: str, state: State, report: Mapping[str, Any], now: dt.datetime) -> None:
    """Note how an import ended."""
    with db.begin() as connection:
        connection.execute(
            imports.update()
            .where((imports.c.institution_id == institution_id) & (imports.c.id == id))
            .values(state=state, report=canonical_json(kept(report)), ended=now)
        )


def mask_kept(db: sa.Engine) -> int:
    """Mask the cells that reports of before show as examples; returns how many reports held any."""
    done = 0
    with db.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is overwritten is not left in the file
        for column in (imports.c.report, generations.c.report, blocks.c.rejections):
            for (text,) in connection.execute(sa.select(column).distinct()).all():
                masked = canonical_json(kept(json.loads(text)))
                if masked != canonical_json(json.loads(text)):
                    connection.execute(sa.update(column.table).where(column == text).values({column.name: masked}))
                    done += 1
    return done


def latest(db: sa.Engine, institution_id: str, limit: int) -> list[Import]:
    """The last imports, newest first."""
    query = (
        sa.select(imports)
        .where(imports.c.institution_id == institution_id)
        .order_by(imports.c.at.desc(), imports.c.id.desc())
        .limit(limit)
    )
    with reading(db).connect() as connection:
        return [_import(row) for row in connection.execute(query)]


def last_done(db: sa.Engine, institution_id: str, mark: str) -> Import | None:
    """The last import of the same rows with the same meaning that ended well."""
    where = (imports.c.institution_id == institution_id) & (imports.c.mark == mark) & (imports.c.state == "done")
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(imports).where(where).order_by(imports.c.ended.desc())).first()
    return None if row is None else _import(row)


def one(db: sa.Engine, institution_id: str, id: str) -> Import:
    """An import. Raises UnknownItemError("customers.unknown_import")."""
    query = sa.select(imports).where((imports.c.institution_id == institution_id) & (imports.c.id == id))
    with reading(db).connect() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownItemError("customers.unknown_import", id=id)
    return _import(row)


def _import(row: sa.Row[tuple[object, ...]]) -> Import:
    return Import(
        row.id, row.subject, row.source, row.mode, row.state, json.loads(row.report), row.actor, row.at, row.ended
    )
