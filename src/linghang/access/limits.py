"""How often one may try: wrong sign-ins by name and by address, counted in the database over a sliding window.

A name that is tried too often is closed for the rest of the window whatever the password, so guessing gets nowhere;
a one-time link of the home's owner still lets its user in.
"""

import datetime as dt

import sqlalchemy as sa

from linghang.access.store import sign_in_failures as failures
from linghang.base.errors import TooManyError
from linghang.kit.database import reading

WINDOW = dt.timedelta(minutes=15)
PER_NAME = 10
PER_ADDRESS = 20


def must_wait(db: sa.Engine, institution_id: str, *, name: str, address: str, now: dt.datetime) -> None:
    """Raise TooManyError("access.too_many_sign_ins") where a name or an address failed too often lately."""
    recent = (failures.c.institution_id == institution_id) & (failures.c.at > now - WINDOW)
    with reading(db).connect() as connection:
        for column, value, most in ((failures.c.name, name, PER_NAME), (failures.c.address, address, PER_ADDRESS)):
            asked = sa.select(failures.c.at).where(recent & (column == value[:80]))
            times = connection.execute(asked.order_by(failures.c.at.desc()).limit(most)).scalars().all()
            if len(times) == most:
                wait = max(1, int((times[-1] + WINDOW - now).total_seconds()) + 1)
                raise TooManyError("access.too_many_sign_ins", retry_s=wait, minutes=-(-wait // 60))


def note_failure(db: sa.Engine, institution_id: str, *, name: str, address: str, now: dt.datetime) -> None:
    """Count a sign-in that failed, and forget those that no longer count."""
    with db.begin() as connection:
        connection.execute(failures.delete().where(failures.c.at <= now - WINDOW))
        row = {"institution_id": institution_id, "name": name[:80], "address": address[:64], "at": now}
        connection.execute(failures.insert().values(**row))


def forget(db: sa.Engine, institution_id: str, name: str) -> None:
    """Forget a name's failures: it signed in, or got a new password."""
    where = (failures.c.institution_id == institution_id) & (failures.c.name == name[:80])
    with db.begin() as connection:
        connection.execute(failures.delete().where(where))
