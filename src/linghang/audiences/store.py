"""Saved audiences with their versions and the history of their sizes, in the application database."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rapidfuzz import process
from sqlalchemy.exc import IntegrityError

from linghang.audiences.model import SavedAudience, Size, Version
from linghang.audiences.rules import as_json, parse
from linghang.base.digest import canonical_json, digest
from linghang.base.errors import ConflictError, UnknownItemError
from linghang.base.predicates import Rule
from linghang.kit.database import Instant, metadata, reading

audiences = sa.Table(
    "audience",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("owner", sa.String(80), nullable=False),
    sa.Column("source", sa.String(12), nullable=False),
    sa.Column("rule", sa.Text, nullable=False, default=""),
    sa.Column("refresh", sa.String(12), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("size", sa.BigInteger, nullable=False, default=0),
    sa.Column("snapshot", sa.String(64), nullable=False, default=""),
    sa.Column("label", sa.String(80), nullable=False, default=""),
    sa.Column("as_of", Instant),
    sa.Column("created", Instant, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("archived", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("made", sa.Text, nullable=False, server_default="{}"),
    sa.UniqueConstraint("institution_id", "name"),
)
versions = sa.Table(
    "audience_version",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("refresh", sa.String(12), nullable=False),
    sa.Column("owner", sa.String(80), nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("cause", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
)
sizes = sa.Table(
    "audience_size",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("at", Instant, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("label", sa.String(80), nullable=False),
    sa.Column("snapshot", sa.String(64), nullable=False, default=""),
)


def keep(db: sa.Engine, institution_id: str, audience: SavedAudience) -> None:
    """Keep a new audience. Raises ConflictError("audiences.name_taken") for a name that is in use."""
    try:
        with db.begin() as connection:
            connection.execute(audiences.insert().values(institution_id=institution_id, **_row(audience)))
            _note_version(connection, institution_id, audience, audience.owner, "save", audience.created)
    except IntegrityError as error:
        raise ConflictError("audiences.name_taken", name=audience.name) from error


def change(
    db: sa.Engine, institution_id: str, audience: SavedAudience, *, actor: str, cause: str, at: dt.datetime
) -> SavedAudience:
    """Replace an audience if nobody changed it since it was read; the versions remember who did and what.

    Raises ConflictError("audiences.changed_meanwhile" | "audiences.name_taken").
    """
    row = _row(audience) | {"version": audience.version + 1}
    where = _is(audiences, institution_id, audience.id) & (audiences.c.version == audience.version)
    try:
        with db.begin() as connection:
            if not connection.execute(audiences.update().where(where).values(**row)).rowcount:
                raise ConflictError("audiences.changed_meanwhile", audience=audience.name)
            made = _audience(
                connection.execute(sa.select(audiences).where(_is(audiences, institution_id, audience.id))).one()
            )
            _note_version(connection, institution_id, made, actor, cause, at)
    except IntegrityError as error:
        raise ConflictError("audiences.name_taken", name=audience.name) from error
    return made


def note_size(db: sa.Engine, institution_id: str, id: str, size: Size) -> None:
    """Remember a refresh: the audience shows it, and the history keeps it."""
    told = {"size": size.count, "label": size.label, "snapshot": size.snapshot}
    mine = _is(sizes, institution_id, id) & (sizes.c.at == size.at)
    with db.begin() as connection:
        where = _is(audiences, institution_id, id)
        connection.execute(audiences.update().where(where).values(**told, as_of=size.at))
        connection.execute(sizes.delete().where(mine))
        connection.execute(sizes.insert().values(institution_id=institution_id, id=id, at=size.at, **told))


def history(db: sa.Engine, institution_id: str, id: str, most: int = 400) -> tuple[Size, ...]:
    """The sizes of an audience, oldest first; at most the latest so many."""
    query = sa.select(sizes).where(_is(sizes, institution_id, id)).order_by(sizes.c.at.desc()).limit(most)
    with reading(db).connect() as connection:
        rows = connection.execute(query).all()
    return tuple(Size(row.at, row.size, row.label, row.snapshot) for row in reversed(rows))


def recent_sizes(db: sa.Engine, institution_id: str, most: int = 30) -> dict[str, list[int]]:
    """The latest sizes of every audience, oldest first: what a list draws."""
    place = sa.func.row_number().over(partition_by=sizes.c.id, order_by=sizes.c.at.desc()).label("place")
    ranked = sa.select(sizes.c.id, sizes.c.size, sizes.c.at, place).where(sizes.c.institution_id == institution_id)
    inner = ranked.subquery()
    query = sa.select(inner.c.id, inner.c.size).where(inner.c.place <= most).order_by(inner.c.id, inner.c.at)
    found: dict[str, list[int]] = {}
    with reading(db).connect() as connection:
        for row in connection.execute(query):
            found.setdefault(row.id, []).append(row.size)
    return found


def versions_of(db: sa.Engine, institution_id: str, id: str) -> tuple[Version, ...]:
    """Every version of an audience, oldest first."""
    query = sa.select(versions).where(_is(versions, institution_id, id)).order_by(versions.c.version)
    with reading(db).connect() as connection:
        rows = connection.execute(query).all()
    return tuple(
        Version(row.version, row.name, _rule(row.rule), row.refresh, row.owner, row.actor, row.cause, row.at)
        for row in rows
    )


def forget(db: sa.Engine, institution_id: str, id: str) -> None:
    """Drop an audience with its history. Raises UnknownItemError("audiences.unknown_audience")."""
    find(db, institution_id, id)
    with db.begin() as connection:
        for table in (audiences, versions, sizes):
            connection.execute(table.delete().where(_is(table, institution_id, id)))


def every(db: sa.Engine, institution_id: str) -> tuple[SavedAudience, ...]:
    """All saved audiences, by name."""
    query = sa.select(audiences).where(audiences.c.institution_id == institution_id).order_by(audiences.c.name)
    with reading(db).connect() as connection:
        return tuple(_audience(row) for row in connection.execute(query).all())


def names(db: sa.Engine, institution_id: str) -> dict[str, str]:
    """The names of saved audiences by their ids, archived ones too."""
    query = sa.select(audiences.c.id, audiences.c.name).where(audiences.c.institution_id == institution_id)
    with reading(db).connect() as connection:
        return {row.id: row.name for row in connection.execute(query)}


def find(db: sa.Engine, institution_id: str, id: str) -> SavedAudience:
    """The audience of an id or a name. Raises UnknownItemError("audiences.unknown_audience") with the nearest."""
    mine = audiences.c.institution_id == institution_id
    where = mine & ((audiences.c.id == id) | (audiences.c.name == id))
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(audiences).where(where)).first()
        if row is not None:
            return _audience(row)
        names = connection.execute(sa.select(audiences.c.name).where(mine)).scalars().all()
    near = ", ".join(match for match, _, _ in process.extract(id, names, limit=3))
    raise UnknownItemError("audiences.unknown_audience", audience=id, near=near or "—")


def fingerprint(db: sa.Engine, institution_id: str, ids: Sequence[str]) -> str:
    """What the members of some saved audiences depend on, in one word: it changes when any of them does."""
    if not ids:
        return ""
    query = sa.select(audiences.c.id, audiences.c.version, audiences.c.snapshot).order_by(audiences.c.id)
    where = (audiences.c.institution_id == institution_id) & audiences.c.id.in_(sorted(ids))
    with reading(db).connect() as connection:
        return digest([list(row) for row in connection.execute(query.where(where))])


def _is(table: sa.Table, institution_id: str, id: str) -> sa.ColumnElement[bool]:
    return (table.c.institution_id == institution_id) & (table.c.id == id)


def _note_version(
    connection: sa.Connection, institution_id: str, audience: SavedAudience, actor: str, cause: str, at: dt.datetime
) -> None:
    connection.execute(
        versions.insert().values(
            institution_id=institution_id, id=audience.id, version=audience.version, name=audience.name,
            rule=_text(audience.rule), refresh=audience.refresh, owner=audience.owner, actor=actor, cause=cause, at=at,
        )
    )  # fmt: skip


def _text(rule: Rule | None) -> str:
    return "" if rule is None else canonical_json(as_json(rule))


def _rule(text: str) -> Rule | None:
    return parse(json.loads(text)) if text else None


def _row(audience: SavedAudience) -> dict[str, Any]:
    return {
        "id": audience.id, "name": audience.name, "owner": audience.owner, "source": audience.source,
        "rule": _text(audience.rule), "refresh": audience.refresh, "version": audience.version, "size": audience.count,
        "snapshot": audience.snapshot, "label": audience.label, "as_of": audience.as_of, "created": audience.created,
        "note": audience.note, "archived": audience.archived, "made": canonical_json(dict(audience.made)),
    }  # fmt: skip


def _audience(row: sa.Row[tuple[object, ...]]) -> SavedAudience:
    as_of: dt.datetime | None = row.as_of
    return SavedAudience(
        row.id, row.name, row.owner, row.source, _rule(row.rule), row.refresh,
        row.created, row.size, row.snapshot, row.label, as_of, row.version, row.note, bool(row.archived),
        json.loads(row.made),
    )  # fmt: skip
