"""Stopping a job: the wish is kept, so that a job that starts again after a crash stops too, and tells what it did.

Nothing is torn away: work looks at the wish where it reports progress (``Context.emit``) and ends there by itself, so
what was finished stands and nothing is half written.
"""

import datetime as dt
import time
from collections.abc import Callable

import sqlalchemy as sa

from linghang.kit.database import Instant, metadata, reading

EVERY = 0.2
"""Seconds between two looks: work reports often, and the wish may be noticed a moment later."""

stops = sa.Table(
    "job_stop",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("job", sa.String(60), primary_key=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
)


def ask(db: sa.Engine, institution_id: str, job: str, *, actor: str, at: dt.datetime) -> None:
    """Wish that a job stops; wishing it twice is the same."""
    with db.begin() as connection:
        if connection.execute(sa.select(stops.c.job).where(_of(institution_id, job))).first() is None:
            connection.execute(stops.insert().values(institution_id=institution_id, job=job, actor=actor, at=at))


def asked(db: sa.Engine, institution_id: str, job: str) -> bool:
    """Whether somebody wishes that a job stops."""
    with reading(db).connect() as connection:
        return connection.execute(sa.select(stops.c.job).where(_of(institution_id, job))).first() is not None


def watch(db: sa.Engine, institution_id: str, job: str) -> Callable[[], bool]:
    """A look at the wish that may be taken as often as one likes; once it is there it stays."""
    looked = 0.0
    stopping = False

    def look() -> bool:
        nonlocal looked, stopping
        now = time.monotonic()
        if not stopping and now - looked >= EVERY:
            looked, stopping = now, asked(db, institution_id, job)
        return stopping

    return look


def _of(institution_id: str, job: str) -> sa.ColumnElement[bool]:
    return (stops.c.institution_id == institution_id) & (stops.c.job == job)
