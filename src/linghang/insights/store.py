"""What people did not want to see again."""

import datetime as dt

import sqlalchemy as sa

from linghang.kit.database import Instant, metadata, reading

dismissals = sa.Table(
    "insight_dismissal",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

QUIET_DAYS = 30
"""After a dismissal an opportunity is not shown for this long."""


def dismiss(db: sa.Engine, institution_id: str, name: str, *, actor: str, now: dt.datetime) -> None:
    """Remember that an opportunity was dismissed."""
    where = (dismissals.c.institution_id == institution_id) & (dismissals.c.id == name)
    with db.begin() as connection:
        connection.execute(dismissals.delete().where(where))
        connection.execute(dismissals.insert().values(institution_id=institution_id, id=name, actor=actor, at=now))


def dismissed(db: sa.Engine, institution_id: str, now: dt.datetime) -> frozenset[str]:
    """What was dismissed lately."""
    since = now - dt.timedelta(days=QUIET_DAYS)
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(dismissals.c.id).where(dismissals.c.institution_id == institution_id, dismissals.c.at > since)
        ).scalars()
        return frozenset(rows)
