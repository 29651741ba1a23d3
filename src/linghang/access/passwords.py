"""Passwords of local accounts: Argon2id (RFC 9106), never kept in clear, the same cost for unknown users."""

import functools

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from linghang.access.store import users
from linghang.access.users import find
from linghang.base.errors import ForbiddenError, UsageError
from linghang.kit.database import reading

SHORTEST = 10
# The first choice of OWASP's cheat sheet for Argon2id: 19 MiB, two passes, one lane. Sign-ins are limited besides.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def set_password(db: sa.Engine, institution_id: str, name: str, password: str) -> None:
    """Set a user's password. Raises UnknownItemError, UsageError("access.weak_password")."""
    find(db, institution_id, name)
    must_be_strong(password)
    hashed = _hasher.hash(password)
    with db.begin() as connection:
        connection.execute(
            users.update().where(users.c.institution_id == institution_id, users.c.name == name).values(password=hashed)
        )


def must_be_strong(password: str) -> None:
    """Raises UsageError("access.weak_password") for what is guessed in a few tries."""
    if len(password) < SHORTEST or len(set(password)) < 4:
        raise UsageError("access.weak_password", shortest=SHORTEST)


def check_password(db: sa.Engine, institution_id: str, name: str, password: str) -> str:
    """The user's name if the password is right. Raises ForbiddenError("access.bad_password"), the same for all reasons.

    A hash of an older cost is renewed on the way.
    """
    with reading(db).connect() as connection:
        row = connection.execute(
            sa.select(users.c.password, users.c.active).where(
                users.c.institution_id == institution_id, users.c.name == name
            )
        ).one_or_none()
    kept = row.password if row is not None and row.password else _nobody()
    try:
        _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError) as error:
        raise ForbiddenError("access.bad_password") from error
    if row is None or not row.password or not row.active:
        raise ForbiddenError("access.bad_password")
    if _hasher.check_needs_rehash(kept):
        set_password(db, institution_id, name, password)
    return name


@functools.cache
def _nobody() -> str:
    # Who asks for an unknown user waits as long as for a known one, so names cannot be found out by time.
    return _hasher.hash("nobody has this password")
