"""Sessions of browsers: a secret in a cookie, its digest in the database, and a mark that only this home can make.

The cookie is ``secret.mark``; the mark is an HMAC-SHA-256 of the secret with a key in the home's files. So a cookie
that was made up is refused without asking the database, and a row slipped into the database opens nothing.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from linghang.access.homekeys import home_key
from linghang.access.model import Session, SignedIn
from linghang.access.store import sessions
from linghang.base.digest import digest_bytes
from linghang.base.errors import UnknownActorError, UnknownItemError
from linghang.base.ids import new_id
from linghang.kit.database import reading

LASTS = dt.timedelta(hours=12)
"""How long a session lasts at most."""
IDLE = dt.timedelta(hours=2)
"""How long it lasts without anything being done."""
_NOTED = dt.timedelta(minutes=1)
"""How often it is noted that a session was used: not a write for every look."""
_KEY = "session_hmac.key"


@dataclass(frozen=True)
class Sessions:
    """The sessions of an institution."""

    home: Path
    db: sa.Engine
    institution_id: str

    def open(self, user: str, *, address: str, now: dt.datetime) -> SignedIn:
        """A new session of a user."""
        secret = secrets.token_urlsafe(32)
        made = Session(new_id("ses", now), user, secrets.token_urlsafe(24), address[:64], now, now, now + LASTS)
        row = {**vars(made), "institution_id": self.institution_id, "digest": digest_bytes(secret.encode())}
        with self.db.begin() as connection:
            connection.execute(sessions.insert().values(**row))
        return SignedIn(f"{secret}.{self._mark(secret)}", made)

    def find(self, cookie: str, now: dt.datetime) -> Session:
        """The live session of a cookie. Raises UnknownActorError("access.no_session" | "access.session_ended")."""
        secret, _, mark = cookie.partition(".")
        if not secret or not hmac.compare_digest(mark.encode(), self._mark(secret).encode()):
            raise UnknownActorError("access.no_session")
        return self._live(sessions.c.digest == digest_bytes(secret.encode()), now)

    def named(self, id: str, now: dt.datetime) -> Session:
        """The live session of an id. Raises UnknownActorError("access.session_ended")."""
        return self._live(sessions.c.id == id, now)

    def end(self, id: str, now: dt.datetime) -> Session:
        """End a session; again it changes nothing. Raises UnknownItemError("access.unknown_session")."""
        where = self._mine(sessions.c.id == id)
        with self.db.begin() as connection:
            connection.execute(sessions.update().where(where & sessions.c.ended.is_(None)).values(ended=now))
            row = connection.execute(sa.select(sessions).where(where)).one_or_none()
        if row is None:
            raise UnknownItemError("access.unknown_session", session=id)
        return _session(row)

    def end_all(self, user: str, now: dt.datetime) -> int:
        """End every session of a user (a new password, a user who left); returns how many."""
        where = self._mine(sessions.c.user == user) & sessions.c.ended.is_(None)
        with self.db.begin() as connection:
            return connection.execute(sessions.update().where(where).values(ended=now)).rowcount

    def listing(self, user: str, now: dt.datetime) -> tuple[Session, ...]:
        """The live sessions of a user, or of all, the newest first."""
        where = self._mine(sessions.c.ended.is_(None)) & (sessions.c.expires > now) & (sessions.c.seen > now - IDLE)
        if user:
            where &= sessions.c.user == user
        with reading(self.db).connect() as connection:
            rows = connection.execute(sa.select(sessions).where(where).order_by(sessions.c.created.desc())).all()
        return tuple(_session(row) for row in rows)

    def _live(self, which: sa.ColumnElement[bool], now: dt.datetime) -> Session:
        with reading(self.db).connect() as connection:
            row = connection.execute(sa.select(sessions).where(self._mine(which))).one_or_none()
        if row is None or row.ended is not None or now >= row.expires or now >= row.seen + IDLE:
            raise UnknownActorError("access.session_ended")
        if now >= row.seen + _NOTED:
            with self.db.begin() as connection:
                connection.execute(sessions.update().where(sessions.c.digest == row.digest).values(seen=now))
        return _session(row)

    def _mine(self, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        return (sessions.c.institution_id == self.institution_id) & which

    def _mark(self, secret: str) -> str:
        bound = f"{self.institution_id}|{secret}".encode()
        return hmac.new(home_key(self.home, _KEY), bound, hashlib.sha256).hexdigest()


def _session(row: sa.Row[tuple[object, ...]]) -> Session:
    return Session(row.id, row.user, row.csrf, row.address, row.created, row.seen, row.expires, row.ended)
