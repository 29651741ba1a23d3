"""Values of access: users, tokens, lines of the audit log, and what its verification found."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class User:
    """Somebody of an institution. ``has_password`` says whether a local account was set up."""

    name: str
    label: str
    roles: tuple[str, ...]
    rights: tuple[str, ...]
    active: bool
    has_password: bool
    created: dt.datetime


@dataclass(frozen=True)
class Token:
    """An API token as it is kept: never its secret. Empty ``scopes`` mean all rights of its user."""

    id: str
    user: str
    scopes: tuple[str, ...]
    created: dt.datetime
    expires: dt.datetime
    revoked: dt.datetime | None = None


@dataclass(frozen=True)
class NewToken:
    """A token just made. ``secret`` is shown this once; only its digest is kept."""

    id: str
    user: str
    secret: str
    expires: dt.datetime


@dataclass(frozen=True)
class Session:
    """A browser that signed in. ``csrf`` is what its forms must carry; ``id`` names it and opens nothing."""

    id: str
    user: str
    csrf: str
    address: str
    created: dt.datetime
    seen: dt.datetime
    expires: dt.datetime
    ended: dt.datetime | None = None


@dataclass(frozen=True)
class OpenSession:
    """A session as people see it: never its secret, nor what its forms carry."""

    id: str
    user: str
    address: str
    created: dt.datetime
    seen: dt.datetime
    expires: dt.datetime


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that went well. ``cookie`` is the secret that the browser keeps; it is told this once."""

    cookie: str
    session: Session


@dataclass(frozen=True)
class AuditLine:
    """A line of the audit log. ``hash`` covers the line and ``previous``, so the lines form a chain."""

    number: int
    at: dt.datetime
    actor: str
    skill: str
    effect: str
    about: str
    outcome: str
    arguments: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Verification:
    """What a check of a hash chain found. ``broken_at`` is the first line that does not fit, ``reason`` a code.

    ``anchor`` is ``number:hash`` of the last line: kept elsewhere, it proves later that no line at the end was cut.
    ``around`` are the lines beside the break as they stand now; ``others`` what was found in the other ledgers of the
    house, by table.
    """

    intact: bool
    lines: int
    anchor: str
    broken_at: int | None = None
    reason: str = ""
    around: tuple[AuditLine, ...] = ()
    others: Mapping[str, "Verification"] = field(default_factory=dict)
