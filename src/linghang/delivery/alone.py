"""Only one sender of a package and channel at a time, and a sender that died is known to be dead.

A lock that the operating system (or PostgreSQL) takes away when its holder dies, even by kill -9, needs no clock and no
heartbeat: whoever holds it may be sure that every batch marked before is of a dead run.
"""

import fcntl
import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from linghang.base.errors import ConflictError


@contextmanager
def alone(db: sa.Engine, name: str) -> Generator[None]:
    """Hold the lock of a name. Raises ConflictError("delivery.send_under_way") if somebody else does."""
    if db.dialect.name == "postgresql":
        with _advisory(db, name):
            yield
    else:
        with _file(Path(str(db.url.database)).with_suffix(".locks"), name):
            yield


@contextmanager
def _file(folder: Path, name: str) -> Generator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / hashlib.sha256(name.encode()).hexdigest()[:32]).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConflictError("delivery.send_under_way", name=name) from error
        yield


@contextmanager
def _advisory(db: sa.Engine, name: str) -> Generator[None]:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with db.connect() as connection:
        if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar_one():
            raise ConflictError("delivery.send_under_way", name=name)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
