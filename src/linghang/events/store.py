"""The log's table in the analytics engine, and the numbered batches in the application database."""

import datetime as dt

import pyarrow as pa
import sqlalchemy as sa

from linghang.events.model import Mark
from linghang.kit.database import Instant, metadata, reading
from linghang.ports.analytics import Analytics

batches = sa.Table(
    "event_batch",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False, default=0),
    sa.Column("accepted", sa.BigInteger, nullable=False, default=0),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("institution_id", "name"),
)
"""``state``: open → done. A batch is one atomic insert, so an open one is in the log wholly or not at all.

A correction goes open → ``settle`` → done, an erasing open → ``erase`` → done: what is between is finished by whoever
comes by. ``accepted`` is by how much the log grew: for a correction less than its rows, for an erasing less than none.
"""

SCHEMA = pa.schema(
    [
        ("customer", pa.uint32()),
        ("name", pa.string()),
        ("at", pa.timestamp("us", "UTC")),
        ("key", pa.string()),
        ("campaign_id", pa.string()),
        ("package", pa.string()),
        ("channel", pa.string()),
        ("slot", pa.string()),
        ("layer", pa.string()),
        ("object", pa.string()),
        ("amount_fen", pa.int64()),
        ("source", pa.string()),
    ]
)
"""An event as rows travel; ``batch`` and the key's hash are added by the log."""


def table_name(institution_id: str) -> str:
    """The quoted name of an institution's log in the engine."""
    return f"`event:{institution_id}`"


def create(engine: Analytics, institution_id: str) -> str:
    """Make sure that the log is there; its quoted name."""
    name = table_name(institution_id)
    texts = "".join(f", {column} LowCardinality(String)" for column in _TEXTS)
    # By name and then customer: behaviour windows read one name, and find each customer's events together.
    engine.execute(
        f"CREATE TABLE IF NOT EXISTS {name} (customer UInt32, name LowCardinality(String), at DateTime64(6, 'UTC'), "
        f"key String, amount_fen Int64{texts}, batch UInt64, key_hash UInt64 MATERIALIZED cityHash64(key), "
        "INDEX by_batch batch TYPE minmax GRANULARITY 1) ENGINE = MergeTree ORDER BY (name, customer, at)"
    )
    return name


_TEXTS = ("campaign_id", "package", "channel", "slot", "layer", "object", "source")


def create_corrections(engine: Analytics, institution_id: str) -> tuple[str, str]:
    """Make sure that the tables of corrections are there: whose events were touched by which batch, and what comes."""
    touched, coming = touched_name(institution_id), f"`event-coming:{institution_id}`"
    engine.execute(
        f"CREATE TABLE IF NOT EXISTS {touched} (batch UInt64, customer UInt32, name LowCardinality(String)) "
        "ENGINE = MergeTree ORDER BY batch"
    )
    columns = "".join(f", {column} LowCardinality(String)" for column in _TEXTS)
    engine.execute(
        f"CREATE TABLE IF NOT EXISTS {coming} (customer UInt32, name LowCardinality(String), "
        f"at DateTime64(6, 'UTC'), key String, amount_fen Int64{columns}, batch UInt64, replaces Bool) "
        "ENGINE = MergeTree ORDER BY batch"
    )
    return touched, coming


def touched_name(institution_id: str) -> str:
    """The quoted name of the table of whose events were corrected."""
    return f"`event-touched:{institution_id}`"


def set_state(db: sa.Engine, institution_id: str, number: int, state: str, rows: int) -> None:
    """Note what is to be finished of a batch, and how many rows it is about."""
    mine = (batches.c.institution_id == institution_id) & (batches.c.number == number)
    with db.begin() as connection:
        connection.execute(batches.update().where(mine).values(state=state, rows=rows))


def unsettled(db: sa.Engine, institution_id: str) -> list[tuple[int, str]]:
    """(number, state) of batches that are noted and not finished, in their order."""
    mine = (batches.c.institution_id == institution_id) & batches.c.state.notin_(("open", "done"))
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(batches.c.number, batches.c.state).where(mine).order_by(batches.c.number)
        ).all()
    return [(int(row.number), str(row.state)) for row in rows]


def open_batch(db: sa.Engine, institution_id: str, name: str, now: dt.datetime) -> tuple[int, str]:
    """(number, state) of the batch of a name; a new number where there is none."""
    mine = batches.c.institution_id == institution_id
    with db.begin() as connection:
        row = connection.execute(sa.select(batches).where(mine & (batches.c.name == name))).one_or_none()
        if row is not None:
            return row.number, row.state
        last = connection.execute(sa.select(sa.func.max(batches.c.number)).where(mine)).scalar()
        number = int(last or 0) + 1
        connection.execute(
            batches.insert().values(institution_id=institution_id, number=number, name=name, state="open", at=now)
        )
    return number, "open"


def close_batch(db: sa.Engine, institution_id: str, number: int, rows: int, accepted: int) -> None:
    """Note that a batch is in the log."""
    with db.begin() as connection:
        connection.execute(
            batches.update()
            .where((batches.c.institution_id == institution_id) & (batches.c.number == number))
            .values(state="done", rows=rows, accepted=accepted)
        )


def mark(db: sa.Engine, institution_id: str) -> Mark:
    """How far the log has grown."""
    where = (batches.c.institution_id == institution_id) & (batches.c.state == "done")
    with reading(db).connect() as connection:
        last, total = connection.execute(
            sa.select(sa.func.max(batches.c.number), sa.func.sum(batches.c.accepted)).where(where)
        ).one()
    return Mark(int(last or 0), int(total or 0))


def counts(db: sa.Engine, institution_id: str, number: int) -> tuple[int, int]:
    """(rows, accepted) of a finished batch."""
    where = (batches.c.institution_id == institution_id) & (batches.c.number == number)
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(batches.c.rows, batches.c.accepted).where(where)).one()
    return int(row.rows), int(row.accepted)


def newest(engine: Analytics, db: sa.Engine, institution_id: str) -> dt.datetime | None:
    """When the newest event of the log happened; None while there is none. Asked of the engine once a batch."""
    seen = mark(db, institution_id)
    if not seen.events:
        return None
    key = (str(db.url), institution_id, seen.batch)
    if key not in _newest:
        found = engine.query(f"SELECT max(at) AS at FROM {table_name(institution_id)}")["at"][0].as_py()
        _newest.clear()
        _newest[key] = found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found
    return _newest[key]


_newest: dict[tuple[str, str, int], dt.datetime] = {}
