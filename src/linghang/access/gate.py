"""The gate: how a browser becomes a user. Everything that goes through it, and everything refused, is audited.

Doors that face people ask it; it is no skill, because whoever asks is nobody yet. Links are made only for whoever owns
the home's files (the same person could read the keys), never over REST.
"""

import datetime as dt
import inspect
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from linghang.access import limits
from linghang.access.model import Session, SignedIn
from linghang.access.passwords import check_password
from linghang.access.sessions import Sessions
from linghang.access.store import sign_in_links as links
from linghang.access.users import DEMO_USERS, actor, find
from linghang.base.digest import digest_bytes
from linghang.base.errors import ForbiddenError, LinghangError, UnknownActorError, UsageError
from linghang.kit.context import AuditEntry
from linghang.kit.database import reading

LINK_LASTS = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Visitor:
    """A session as a door sees it: who, with which roles, and whether users of the demo may be switched here."""

    session: Session
    label: str
    roles: tuple[str, ...]
    demo: bool


@dataclass(frozen=True)
class Gate:
    """The gate of an institution. ``demo``: its people are made up, so one may switch between the demo users."""

    sessions: Sessions
    audit: Callable[[AuditEntry], None]
    clock: Callable[[], dt.datetime]
    demo: bool = False

    def sign_in(self, name: str, password: str, address: str = "") -> SignedIn:
        """Sign in with a password. Raises ForbiddenError("access.bad_password"), TooManyError."""
        db, institution, now = self.sessions.db, self.sessions.institution_id, self.clock()
        try:
            limits.must_wait(db, institution, name=name, address=address, now=now)
            try:
                check_password(db, institution, name, password)
            except ForbiddenError:
                limits.note_failure(db, institution, name=name, address=address, now=now)
                raise
        except LinghangError as error:
            self._note("access.sign_in", name, address, error.code)
            raise
        limits.forget(db, institution, name)
        return self._let_in("access.sign_in", name, address)

    def link(self, name: str) -> str:
        """A code that signs a browser in once, for half an hour. Raises UnknownItemError, ForbiddenError."""
        known = actor(self.sessions.db, self.sessions.institution_id, name)
        code = secrets.token_urlsafe(24)
        row = {
            "digest": digest_bytes(code.encode()), "institution_id": self.sessions.institution_id, "user": known.name,
            "expires": self.clock() + LINK_LASTS, "used": None,
        }  # fmt: skip
        with self.sessions.db.begin() as connection:
            connection.execute(links.insert().values(**row))
        self._note("access.link", known.name, "", "done")
        return code

    def enter(self, code: str, address: str = "") -> SignedIn:
        """Use a code of ``link``, once. Raises UnknownActorError("access.bad_link"), TooManyError."""
        db, institution, now = self.sessions.db, self.sessions.institution_id, self.clock()
        where = (links.c.institution_id == institution) & (links.c.digest == digest_bytes(code.encode()))
        try:
            limits.must_wait(db, institution, name="", address=address, now=now)
            with db.begin() as connection:
                live = where & links.c.used.is_(None) & (links.c.expires > now)
                used = connection.execute(links.update().where(live).values(used=now)).rowcount
            if not used:
                limits.note_failure(db, institution, name="?", address=address, now=now)
                raise UnknownActorError("access.bad_link")
            with reading(db).connect() as connection:
                name = str(connection.execute(sa.select(links.c.user).where(where)).scalar_one())
            actor(db, institution, name)
        except LinghangError as error:
            self._note("access.enter", "?", address, error.code)
            raise
        return self._let_in("access.enter", name, address)

    def find(self, cookie: str) -> Visitor:
        """Who a cookie stands for. Raises UnknownActorError; ForbiddenError for a user who left."""
        return self._visitor(self.sessions.find(cookie, self.clock()))

    def admit(self, principal: str) -> str:
        """The user of ``name#ses_…`` while that session lives; any other principal stays what it is."""
        name, _, mark = principal.partition("#")
        if not mark.startswith("ses_"):
            return principal
        session = self.sessions.named(mark, self.clock())
        if session.user != name:
            raise UnknownActorError("access.no_session")
        return name

    def switch(self, cookie: str, name: str) -> SignedIn:
        """Go on as another demo user, in a new session. Raises ForbiddenError("access.no_switch")."""
        session = self.sessions.find(cookie, self.clock())
        if not self.demo or name not in {user for user, _, _ in DEMO_USERS}:
            self._note("access.switch", session.user, session.address, "access.no_switch")
            raise ForbiddenError("access.no_switch", name=name)
        self.sessions.end(session.id, self.clock())
        return self._let_in("access.switch", name, session.address, by=session.user)

    def end(self, cookie: str) -> Session:
        """Sign out."""
        session = self.sessions.end(self.sessions.find(cookie, self.clock()).id, self.clock())
        self._note("access.sign_out", session.user, session.address, "done")
        return session

    def refuse(self, code: str, about: str = "", name: str = "?") -> None:
        """Note what a door refused before anybody was known: a forged form, a wrong token, a strange origin."""
        self._note("access.door", name, about, code)

    def _let_in(self, act: str, name: str, address: str, by: str = "") -> SignedIn:
        db, institution = self.sessions.db, self.sessions.institution_id
        actor(db, institution, name)
        made = self.sessions.open(name, address=address, now=self.clock())
        self._note(act, by or name, f"{made.session.id} {address} {name if by else ''}".strip(), "done")
        return made

    def _visitor(self, session: Session) -> Visitor:
        db, institution = self.sessions.db, self.sessions.institution_id
        acting = actor(db, institution, session.user)
        return Visitor(session, find(db, institution, session.user).label, acting.roles, self.demo)

    def _note(self, act: str, name: str, about: str, outcome: str) -> None:
        self.audit(AuditEntry(name[:80] or "?", act, "draft", about, outcome, "", self.clock()))


def answer(gate: Gate, told: Mapping[str, str]) -> object:
    """Run an act of the gate by its name, for the home's own wire. Raises UsageError for another act or argument."""
    arguments = {key: str(value) for key, value in told.items() if key != "act"}
    act = ACTS.get(str(told.get("act")))
    if act is None or not set(arguments) <= set(inspect.signature(act).parameters):
        raise UsageError("access.bad_act", act=str(told.get("act")), have=", ".join(ACTS))
    return act(gate, **arguments)


def at(gate: Gate, moment: dt.datetime) -> Gate:
    """The same gate with its clock stopped, for tests and replays."""
    return replace(gate, clock=lambda: moment)


ACTS: Mapping[str, Callable[..., object]] = {
    "sign_in": Gate.sign_in,
    "link": Gate.link,
    "enter": Gate.enter,
    "find": Gate.find,
    "switch": Gate.switch,
    "end": Gate.end,
    "refuse": Gate.refuse,
}
"""What doors may ask of the gate."""
