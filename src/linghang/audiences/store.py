"""Saved audiences and the history of their sizes, in the application database."""

import datetime as dt
import json

import sqlalchemy as sa
from rapidfuzz import process
from sqlalchemy.exc import IntegrityError

from linghang.audiences.model import SavedAudience, Size
from linghang.audiences.rules import as_json, parse
from linghang.base.digest import canonical_json
from linghang.base.errors import ConflictError, UnknownItemError
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
    sa.UniqueConstraint("institution_id", "name"),
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
    except IntegrityError as error:
        raise ConflictError("audiences.name_taken", name=audience.name) from error


def change(db: sa.Engine, institution_id: str, audience: SavedAudience) -> SavedAudience:
    """Replace name, rule, owner and refresh if nobody changed it since it was read.

    Raises ConflictError("audiences.changed_meanwhile" | "audiences.name_taken").
    """
    row = _row(audience) | {"version": audience.version + 1}
    where = (
        (audiences.c.institution_id == institution_id)
        & (audiences.c.id == audience.id)
        & (audiences.c.version == audience.version)
    )
    try:
        with db.begin() as connection:
            done = connection.execute(audiences.update().where(where).values(**row)).rowcount
    except IntegrityError as error:
        raise ConflictError("audiences.name_taken", name=audience.name) from error
    if not done:
        raise ConflictError("audiences.changed_meanwhile", audience=audience.id)
    return find(db, institution_id, audience.id)


def note_size(db: sa.Engine, institution_id: str, id: str, size: Size) -> None:
    """Remember a refresh: the audience shows it, and the history keeps it."""
    where = (audiences.c.institution_id == institution_id) & (audiences.c.id == id)
    told = {"size": size.count, "label": size.label, "snapshot": size.snapshot}
    mine = (sizes.c.institution_id == institution_id) & (sizes.c.id == id) & (sizes.c.at == size.at)
    with db.begin() as connection:
        connection.execute(audiences.update().where(where).values(**told, as_of=size.at))
        connection.execute(sizes.delete().where(mine))
        connection.execute(sizes.insert().values(institution_id=institution_id, id=id, at=size.at, **told))


def history(db: sa.Engine, institution_id: str, id: str, most: int = 400) -> tuple[Size, ...]:
    """The sizes of an audience, oldest first; at most the latest so many."""
    where = (sizes.c.institution_id == institution_id) & (sizes.c.id == id)
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(sizes).where(where).order_by(sizes.c.at.desc()).limit(most)).all()
    return tuple(Size(row.at, row.size, row.label, row.snapshot) for row in reversed(rows))


def forget(db: sa.Engine, institution_id: str, id: str) -> None:
    """Drop an audience with its history. Raises UnknownItemError("audiences.unknown_audience")."""
    find(db, institution_id, id)
    with db.begin() as connection:
        for table in (audiences, sizes):
            connection.execute(table.delete().where((table.c.institution_id == institution_id) & (table.c.id == id)))


def every(db: sa.Engine, institution_id: str) -> tuple[SavedAudience, ...]:
    """All saved audiences, by name."""
    query = sa.select(audiences).where(audiences.c.institution_id == institution_id).order_by(audiences.c.name)
    with reading(db).connect() as connection:
        return tuple(_audience(row) for row in connection.execute(query).all())


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
    raise UnknownItemError("audiences.unknown_audience", audience=id, near=near)


def _row(audience: SavedAudience) -> dict[str, object]:
    return {
        "id": audience.id, "name": audience.name, "owner": audience.owner, "source": audience.source,
        "rule": "" if audience.rule is None else canonical_json(as_json(audience.rule)),
        "refresh": audience.refresh, "version": audience.version, "size": audience.count,
        "snapshot": audience.snapshot, "label": audience.label, "as_of": audience.as_of, "created": audience.created,
    }  # fmt: skip


def _audience(row: sa.Row[tuple[object, ...]]) -> SavedAudience:
    as_of: dt.datetime | None = row.as_of
    return SavedAudience(
        row.id, row.name, row.owner, row.source, parse(json.loads(row.rule)) if row.rule else None, row.refresh,
        row.created, row.size, row.snapshot, row.label, as_of, row.version,
    )  # fmt: skip
