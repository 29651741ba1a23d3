"""API tokens: 256 random bits shown once, kept as a digest, with scopes and an end."""

import datetime as dt
import secrets
from collections.abc import Iterable

import sqlalchemy as sa

from linghang.access.model import NewToken, Token
from linghang.access.store import tokens
from linghang.access.users import EVERY_EFFECT, find
from linghang.base.digest import digest_bytes
from linghang.base.errors import UnknownActorError, UnknownItemError, UsageError
from linghang.base.ids import new_id
from linghang.kit.database import reading

LONGEST_DAYS = 366


def make_token(
    db: sa.Engine, institution_id: str, name: str, *, scopes: Iterable[str] = (), days: int = 90, now: dt.datetime
) -> NewToken:
    """A token for a user. Scopes (rights, or effects of skills) may only narrow what the user may do.

    Raises UnknownItemError, UsageError("access.bad_scope" | "access.bad_token_days").
    """
    user = find(db, institution_id, name)
    wanted = tuple(dict.fromkeys(scopes))
    beyond = [scope for scope in wanted if scope not in user.rights and scope not in EVERY_EFFECT]
    if beyond:
        raise UsageError("access.bad_scope", scope=", ".join(beyond), user=name)
    if not 0 < days <= LONGEST_DAYS:
        raise UsageError("access.bad_token_days", days=days, longest=LONGEST_DAYS)
    secret = "lh_" + secrets.token_urlsafe(32)
    made = NewToken(new_id("tok", now), name, secret, now + dt.timedelta(days=days))
    with db.begin() as connection:
        connection.execute(
            tokens.insert().values(
                institution_id=institution_id, id=made.id, user=name, digest=digest_bytes(secret.encode()),
                scopes=" ".join(wanted), created=now, expires=made.expires, revoked=None,
            )
        )  # fmt: skip
    return made


def bearer(db: sa.Engine, institution_id: str, secret: str, now: dt.datetime) -> str:
    """The principal of a token, ``name#token``, for ``users.actor``. Raises UnknownActorError("access.bad_token")."""
    # A digest of 256 random bits needs no salt and no slow hash: there is nothing to guess.
    where = (tokens.c.institution_id == institution_id) & (tokens.c.digest == digest_bytes(secret.encode()))
    with reading(db).connect() as connection:
        row = connection.execute(sa.select(tokens).where(where)).one_or_none()
    if row is None or row.revoked is not None or now >= row.expires:
        raise UnknownActorError("access.bad_token")
    return f"{row.user}#{row.id}"


def revoke(db: sa.Engine, institution_id: str, token_id: str, now: dt.datetime) -> Token:
    """End a token now; doing it again changes nothing. Raises UnknownItemError("access.unknown_token")."""
    where = (tokens.c.institution_id == institution_id) & (tokens.c.id == token_id)
    with db.begin() as connection:
        connection.execute(tokens.update().where(where & tokens.c.revoked.is_(None)).values(revoked=now))
        row = connection.execute(sa.select(tokens).where(where)).one_or_none()
    if row is None:
        raise UnknownItemError("access.unknown_token", token=token_id)
    return _token(row)


def tokens_of(db: sa.Engine, institution_id: str, name: str = "") -> tuple[Token, ...]:
    """The tokens of a user, or of all, newest first."""
    where = tokens.c.institution_id == institution_id
    if name:
        where &= tokens.c.user == name
    with reading(db).connect() as connection:
        rows = connection.execute(sa.select(tokens).where(where).order_by(tokens.c.created.desc())).all()
    return tuple(_token(row) for row in rows)


def _token(row: sa.Row[tuple[object, ...]]) -> Token:
    return Token(row.id, row.user, tuple(row.scopes.split()), row.created, row.expires, row.revoked)
