"""What is to be done again and again: due times in the database, claimed once, started as durable jobs.

A home that slept through several due times does the work once when it wakes, not once for each.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from linghang.kit.database import Instant, metadata, reading

due = sa.Table(
    "schedule_due",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("next", Instant, nullable=False),
    sa.Column("last", Instant, nullable=True),
    sa.Column("job", sa.String(80), nullable=False, default=""),
)


FORGOTTEN = dt.timedelta(minutes=1)
"""A claim that was not begun for so long belongs to a process that died."""


@dataclass(frozen=True)
class Task:
    """Something that comes due every so many seconds: a skill that reads or drafts, with its arguments."""

    name: str
    skill: str
    every: int


def claim(
    db: sa.Engine, institution_id: str, tasks: Sequence[Task], now: dt.datetime
) -> list[tuple[Task, dt.datetime]]:
    """The tasks that are due, each with the time of its claim; claimed, they are due again only later.

    Two processes that ask at once never get the same one. What was claimed and never ``begun`` (its process died in
    between) is claimed again, with the same time, so that whoever starts it twice starts one job.
    """
    claimed: list[tuple[Task, dt.datetime]] = []
    with db.begin() as connection:
        for task in tasks:
            where = (due.c.institution_id == institution_id) & (due.c.name == task.name)
            row = connection.execute(sa.select(due).where(where).with_for_update()).one_or_none()
            following = now + dt.timedelta(seconds=task.every)
            if row is None:
                connection.execute(due.insert().values(institution_id=institution_id, name=task.name, next=following,
                                                       last=now, job=""))  # fmt: skip
                claimed.append((task, now))
            elif row.next <= now:
                connection.execute(due.update().where(where).values(next=following, last=now, job=""))
                claimed.append((task, now))
            elif not row.job and row.last is not None and now - row.last > FORGOTTEN:
                claimed.append((task, row.last))
    return claimed


def begun(db: sa.Engine, institution_id: str, task: Task, job: str) -> None:
    """Note that a claimed task was started, as which job."""
    where = (due.c.institution_id == institution_id) & (due.c.name == task.name)
    with db.begin() as connection:
        connection.execute(due.update().where(where).values(job=job[:80]))


def standing(db: sa.Engine, institution_id: str) -> list[dict[str, Any]]:
    """When each task was last started and is due next."""
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(due).where(due.c.institution_id == institution_id).order_by(due.c.name))
        return [dict(row._mapping) for row in rows]


def ticking(
    db: sa.Engine,
    institution_id: str,
    tasks: Sequence[Task],
    start: Callable[[Task, dt.datetime], str],
    *,
    clock: Callable[[], dt.datetime],
    pause: float = 30.0,
) -> threading.Event:
    """Look every ``pause`` seconds for what is due and start it, until the returned event is set.

    ``start`` gets the task and the time of its claim, and gives the job's id; the same two are the same job.
    """
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(pause):
            try:
                for task, at in claim(db, institution_id, tasks, clock()):
                    begun(db, institution_id, task, start(task, at))
            except Exception:
                # The last stop of this thread: a busy database must not end all schedules; the next look claims again.
                logging.getLogger(__name__).exception("the schedule could not be looked at")

    threading.Thread(target=work, name="schedule", daemon=True).start()
    return ended
