"""Reminders (催审): who waits for a decision asks those whose step it is, not more often than every few hours."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from linghang.approvals.store import reminders
from linghang.base.errors import RefusedError
from linghang.kit.database import reading

PAUSE = dt.timedelta(hours=4)
"""Between two reminders of one package."""


def remind(
    db: sa.Engine, institution_id: str, package: str, steps: Sequence[str], *, actor: str, note: str, now: dt.datetime
) -> int:
    """Note a reminder for the steps that are missing; returns how many there were for the package.

    Raises RefusedError("approvals.reminded_lately").
    """
    where = (reminders.c.institution_id == institution_id) & (reminders.c.package == package)
    with db.begin() as connection:
        earlier = connection.execute(sa.select(reminders.c.at).where(where)).scalars().all()
        last = max(earlier, default=None)
        if last is not None and now - last < PAUSE:
            raise RefusedError(
                "approvals.reminded_lately", at=last.isoformat(), hours=int(PAUSE.total_seconds() // 3600)
            )
        connection.execute(
            reminders.insert().values(
                institution_id=institution_id, package=package, at=now, actor=actor, steps=" ".join(steps), note=note
            )
        )
    return len(earlier) + 1


def reminded(db: sa.Engine, institution_id: str) -> dict[str, tuple[dt.datetime, ...]]:
    """Package → when it was reminded of, oldest first."""
    found: dict[str, list[dt.datetime]] = {}
    query = sa.select(reminders.c.package, reminders.c.at).where(reminders.c.institution_id == institution_id)
    with reading(db).connect() as connection:
        for row in connection.execute(query.order_by(reminders.c.at)):
            found.setdefault(row.package, []).append(row.at)
    return {package: tuple(instants) for package, instants in found.items()}
