"""Skills of access: users, tokens, and the audit log."""

import datetime as dt
from zoneinfo import ZoneInfo

from linghang.access import audit, limits, rotation
from linghang.access import tokens as keys
from linghang.access import users as people
from linghang.access.model import AuditLine, NewToken, OpenSession, Token, User, Verification
from linghang.access.passwords import check_password, must_be_strong, set_password
from linghang.access.rights import effects_of
from linghang.access.sessions import Sessions
from linghang.base.errors import ForbiddenError, UnknownItemError, UsageError
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill("users.list", effect="read", permission="users.read")
def list_users(ctx: Context) -> list[User]:
    """Users with their roles and rights."""
    return list(people.listing(ctx.db, ctx.institution_id))


@skill("users.add", effect="draft", permission="users.admin", example={"name": "wang.li", "roles": ["operator"]})
def add_user(ctx: Context, name: str, roles: list[str], label: str = "", password: str = "") -> User:
    """Add a user with roles, and with a first password if one is given; a weak one adds nobody."""
    if password:
        must_be_strong(password)
    added = people.add(ctx.db, ctx.institution_id, name, roles, label=label, now=ctx.now)
    if not password:
        return added
    set_password(ctx.db, ctx.institution_id, name, password)
    return people.find(ctx.db, ctx.institution_id, name)


@skill("users.change", effect="draft", permission="users.admin")
def change_user(ctx: Context, name: str, roles: list[str] | None = None, active: bool | None = None) -> User:
    """Give a user other roles, or let one go or come back. Nobody does this to oneself. Who leaves is signed out."""
    if name == ctx.actor.name:
        raise ForbiddenError("access.own_roles", actor=name)
    changed = people.change(ctx.db, ctx.institution_id, name, roles=roles, active=active)
    if not changed.active:
        _sessions(ctx).end_all(name, ctx.now)
    return changed


@skill("users.password", effect="draft", permission="users.token")
def password(ctx: Context, password: str, name: str = "", old: str = "") -> User:
    """Set one's own password (with the present one, ``old``, if there is one); of others: users.admin.

    Every session of that user ends.
    """
    whose = _oneself(ctx, name)
    user = people.find(ctx.db, ctx.institution_id, whose)
    if whose == ctx.actor.name and user.has_password:
        _must_know(ctx, whose, old)
    set_password(ctx.db, ctx.institution_id, whose, password)
    limits.forget(ctx.db, ctx.institution_id, whose)
    _sessions(ctx).end_all(whose, ctx.now)
    return people.find(ctx.db, ctx.institution_id, whose)


@skill("users.sessions", effect="read", permission="users.token")
def list_sessions(ctx: Context, name: str = "") -> list[OpenSession]:
    """One's own browsers that are signed in (of others: users.admin)."""
    found = _sessions(ctx).listing(_oneself(ctx, name), ctx.now)
    return [OpenSession(one.id, one.user, one.address, one.created, one.seen, one.expires) for one in found]


@skill("users.sign_out", effect="draft", permission="users.token")
def sign_out(ctx: Context, session: str) -> OpenSession:
    """End a session of one's own (of others: users.admin) now, wherever its browser is."""
    known = [one for one in _sessions(ctx).listing("", ctx.now) if one.id == session]
    if not known:
        raise UnknownItemError("access.unknown_session", session=session)
    _oneself(ctx, known[0].user)
    one = _sessions(ctx).end(session, ctx.now)
    return OpenSession(one.id, one.user, one.address, one.created, one.seen, one.expires)


# A draft and not a commit: results of commits are kept for idempotency, and a secret must not be.
@skill("users.token", effect="draft", permission="users.token", deterministic=False)
def make_token(ctx: Context, name: str = "", scopes: list[str] | None = None, days: int = 90) -> NewToken:
    """Make an API token for oneself (for others: users.admin). Its secret is shown this once.

    ``scopes`` are rights, or effects (read, draft, commit), to which the token is narrowed.
    """
    whose = _oneself(ctx, name)
    wanted = _no_wider(ctx, whose, scopes or [])
    return keys.make_token(ctx.db, ctx.institution_id, whose, scopes=wanted, days=days, now=ctx.now)


@skill("users.tokens", effect="read", permission="users.token")
def list_tokens(ctx: Context, name: str = "") -> list[Token]:
    """One's own API tokens (of others: users.admin), without their secrets."""
    return list(keys.tokens_of(ctx.db, ctx.institution_id, _oneself(ctx, name)))


@skill("users.revoke", effect="draft", permission="users.token")
def revoke_token(ctx: Context, token: str) -> Token:
    """End an API token of one's own (of others: users.admin) now."""
    owner = next((item.user for item in keys.tokens_of(ctx.db, ctx.institution_id) if item.id == token), "")
    _oneself(ctx, owner)
    return keys.revoke(ctx.db, ctx.institution_id, token, ctx.now)


def _no_wider(ctx: Context, whose: str, scopes: list[str]) -> list[str]:
    """The scopes of a token made by somebody who may be narrowed too: a token never makes a wider one."""
    user = people.find(ctx.db, ctx.institution_id, whose)
    rights, effects = set(user.rights), effects_of(user.roles)
    if whose != ctx.actor.name or (ctx.actor.rights >= rights and ctx.actor.effects >= effects):
        return scopes
    asked_rights = [one for one in scopes if one not in people.EVERY_EFFECT]
    asked_effects = [one for one in scopes if one in people.EVERY_EFFECT]
    wanted = [*(asked_rights or sorted(ctx.actor.rights)), *(asked_effects or sorted(ctx.actor.effects))]
    if beyond := [one for one in wanted if one not in ctx.actor.rights and one not in ctx.actor.effects]:
        raise UsageError("access.bad_scope", scope=", ".join(beyond), user=whose)
    return wanted


def _must_know(ctx: Context, name: str, old: str) -> None:
    limits.must_wait(ctx.db, ctx.institution_id, name=name, address="", now=ctx.now)
    try:
        check_password(ctx.db, ctx.institution_id, name, old)
    except ForbiddenError as error:
        limits.note_failure(ctx.db, ctx.institution_id, name=name, address="", now=ctx.now)
        raise ForbiddenError("access.wrong_old_password") from error


def _sessions(ctx: Context) -> Sessions:
    return Sessions(ctx.home, ctx.db, ctx.institution_id)


def _oneself(ctx: Context, name: str) -> str:
    if name and name != ctx.actor.name and "users.admin" not in ctx.actor.rights:
        raise ForbiddenError("access.not_oneself", actor=ctx.actor.name, name=name)
    return name or ctx.actor.name


@skill("keys.rotate", effect="commit", permission="keys.admin", cost="high", durable=True)
def rotate_keys(ctx: Context) -> rotation.Resealed:
    """Put a new key in the place of the one that personal data are sealed with, and seal all of them anew.

    Where ``keys/data.json`` names the key, name the new one there first and the one before under ``before``.
    """
    return rotation.rotate(ctx.home, ctx.db)


@skill("audit.list", effect="read", permission="audit.read")
def list_audit(
    ctx: Context,
    limit: int = 50,
    about: str = "",
    actor: str = "",
    skill: str = "",
    outcome: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    before: int = 0,
) -> list[AuditLine]:
    """The newest lines of the audit log: by whom, of which skills (several with commas; ``room.`` is all that begin
    with it), about what, with what outcome (``done``, ``refused`` or a code), when; ``before`` a number continues an
    earlier list."""
    search = audit.Search(actor, skill, about, outcome, _zoned(ctx, since), _zoned(ctx, until), before)
    return list(audit.listing(ctx.db, ctx.institution_id, search, limit=limit))


def _zoned(ctx: Context, at: dt.datetime | None) -> dt.datetime | None:
    return at.replace(tzinfo=ZoneInfo(ctx.zone)) if at is not None and at.tzinfo is None else at


@skill("audit.verify", effect="read", permission="audit.read", cost="medium")
def verify_audit(ctx: Context, anchor: str = "") -> Verification:
    """Check the hash chain of the audit log up to its sealed head; with an anchor kept elsewhere also against that."""
    return audit.verify(ctx.db, ctx.institution_id, anchor, ctx.home)


@skill("audit.export", effect="read", permission="audit.read", cost="medium")
def export_audit(ctx: Context) -> list[str]:
    """Every line of the audit log as canonical JSON, oldest first."""
    return list(audit.export(ctx.db, ctx.institution_id))
