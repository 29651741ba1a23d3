"""Users of an institution: seeding, adding, changing, and the actor that a name stands for."""

import datetime as dt
import re
from collections.abc import Iterable

import sqlalchemy as sa

from linghang.access.model import User
from linghang.access.rights import effects_of, rights_of
from linghang.access.store import institutions, tokens, users
from linghang.base.errors import ConflictError, ForbiddenError, UnknownActorError, UnknownItemError, UsageError
from linghang.kit.context import Actor
from linghang.kit.database import reading

DEMO_USERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("operator", "运营 · Operator", ("operator",)),
    ("designer", "设计 · Designer", ("designer",)),
    ("compliance", "合规 · Compliance", ("compliance",)),
    ("approver", "审批人 · Approver", ("approver",)),
    ("analyst", "分析师 · Analyst", ("analyst",)),
    ("engineer", "工程师 · Engineer", ("engineer",)),
    ("admin", "管理员 · Admin", ("admin",)),
)
_NAME = re.compile(r"[\w][\w.@-]{0,79}")


def seed(db: sa.Engine, institution_id: str, now: dt.datetime) -> None:
    """Register an institution with its demo users. What is there already is left as it is."""
    with db.begin() as connection:
        known = sa.select(institutions.c.institution_id).where(institutions.c.institution_id == institution_id)
        if connection.execute(known).one_or_none() is not None:
            return
        connection.execute(institutions.insert().values(institution_id=institution_id, created=now))
        connection.execute(
            users.insert(),
            [
                {
                    "institution_id": institution_id,
                    "name": name,
                    "label": label,
                    "roles": " ".join(roles),
                    "password": "",
                    "active": True,
                    "created": now,
                }
                for name, label, roles in DEMO_USERS
            ],
        )


def add(
    db: sa.Engine, institution_id: str, name: str, roles: Iterable[str], *, label: str = "", now: dt.datetime
) -> User:
    """Add a user. Raises UsageError for a bad name or role, ConflictError("access.user_exists")."""
    wanted = tuple(dict.fromkeys(roles))
    rights_of(wanted)
    if not _NAME.fullmatch(name) or not wanted:
        raise UsageError("access.bad_user", name=name)
    with db.begin() as connection:
        if _row(connection, institution_id, name) is not None:
            raise ConflictError("access.user_exists", name=name)
        connection.execute(
            users.insert().values(
                institution_id=institution_id, name=name, label=label or name, roles=" ".join(wanted), password="",
                active=True, created=now,
            )
        )  # fmt: skip
    return find(db, institution_id, name)


def change(
    db: sa.Engine,
    institution_id: str,
    name: str,
    *,
    roles: Iterable[str] | None = None,
    active: bool | None = None,
) -> User:
    """Give a user other roles, or let one go or come back. Raises UnknownItemError, UsageError."""
    values: dict[str, object] = {}
    if roles is not None:
        wanted = tuple(dict.fromkeys(roles))
        rights_of(wanted)
        values["roles"] = " ".join(wanted)
    if active is not None:
        values["active"] = active
    find(db, institution_id, name)
    if values:
        where = (users.c.institution_id == institution_id) & (users.c.name == name)
        with db.begin() as connection:
            connection.execute(users.update().where(where).values(**values))
    return find(db, institution_id, name)


def listing(db: sa.Engine, institution_id: str) -> tuple[User, ...]:
    """Every user of an institution, by name."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(users).where(users.c.institution_id == institution_id).order_by(users.c.name)
        ).all()
    return tuple(_user(row) for row in rows)


def find(db: sa.Engine, institution_id: str, name: str) -> User:
    """The user of a name. Raises UnknownItemError("access.unknown_user")."""
    with reading(db).connect() as connection:
        row = _row(connection, institution_id, name)
        if row is None:
            have = connection.execute(
                sa.select(users.c.name).where(users.c.institution_id == institution_id).order_by(users.c.name).limit(12)
            ).scalars()
            raise UnknownItemError("access.unknown_user", name=name, have=", ".join(have))
    return _user(row)


def actor(db: sa.Engine, institution_id: str, principal: str) -> Actor:
    """Who acts: a user's name, or ``name#token`` for one who came with a token, and then only within its scopes.

    Raises UnknownItemError("access.unknown_user"), ForbiddenError("access.user_inactive" | "access.bad_token").
    """
    name, _, token_id = principal.partition("#")
    user = find(db, institution_id, name)
    if not user.active:
        raise ForbiddenError("access.user_inactive", name=name)
    rights, effects = frozenset(user.rights), effects_of(user.roles)
    if token_id:
        scopes = _scopes(db, institution_id, name, token_id)
        rights &= (scopes - EVERY_EFFECT) or rights
        effects &= (scopes & EVERY_EFFECT) or effects
    return Actor(user.name, user.roles, rights, effects=effects)


EVERY_EFFECT = frozenset(("read", "draft", "commit"))
"""Effects may stand among the scopes of a token: then it may cause only those."""


def _scopes(db: sa.Engine, institution_id: str, name: str, token_id: str) -> frozenset[str]:
    with reading(db).connect() as connection:
        row = connection.execute(
            sa.select(tokens.c.scopes, tokens.c.revoked).where(
                tokens.c.institution_id == institution_id, tokens.c.id == token_id, tokens.c.user == name
            )
        ).one_or_none()
    if row is None or row.revoked is not None:
        raise UnknownActorError("access.bad_token")
    return frozenset(row.scopes.split())


def _row(connection: sa.Connection, institution_id: str, name: str) -> sa.Row[tuple[object, ...]] | None:
    where = (users.c.institution_id == institution_id) & (users.c.name == name)
    return connection.execute(sa.select(users).where(where)).one_or_none()


def _user(row: sa.Row[tuple[object, ...]]) -> User:
    roles = tuple(row.roles.split())
    return User(
        row.name, row.label, roles, tuple(sorted(rights_of(roles))), bool(row.active), bool(row.password), row.created
    )
