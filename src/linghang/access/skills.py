"""Skills of access: users, tokens, and the audit log."""

from linghang.access import audit
from linghang.access import tokens as keys
from linghang.access import users as people
from linghang.access.model import AuditLine, NewToken, Token, User, Verification
from linghang.access.passwords import set_password
from linghang.base.errors import ForbiddenError
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill("users.list", effect="read", permission="users.read")
def list_users(ctx: Context) -> list[User]:
    """Users with their roles and rights."""
    return list(people.listing(ctx.db, ctx.institution_id))


@skill("users.add", effect="draft", permission="users.admin", example={"name": "wang.li", "roles": ["operator"]})
def add_user(ctx: Context, name: str, roles: list[str], label: str = "") -> User:
    """Add a user with roles."""
    return people.add(ctx.db, ctx.institution_id, name, roles, label=label, now=ctx.now)


@skill("users.change", effect="draft", permission="users.admin")
def change_user(ctx: Context, name: str, roles: list[str] | None = None, active: bool | None = None) -> User:
    """Give a user other roles, or let one go or come back."""
    return people.change(ctx.db, ctx.institution_id, name, roles=roles, active=active)


@skill("users.password", effect="draft", permission="users.admin")
def password(ctx: Context, name: str, password: str) -> User:
    """Set the password of a local account."""
    set_password(ctx.db, ctx.institution_id, name, password)
    return people.find(ctx.db, ctx.institution_id, name)


# A draft and not a commit: results of commits are kept for idempotency, and a secret must not be.
@skill("users.token", effect="draft", permission="users.token", deterministic=False)
def make_token(ctx: Context, name: str = "", scopes: list[str] | None = None, days: int = 90) -> NewToken:
    """Make an API token for oneself (for others: users.admin). Its secret is shown this once."""
    return keys.make_token(ctx.db, ctx.institution_id, _oneself(ctx, name), scopes=scopes or (), days=days, now=ctx.now)


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


def _oneself(ctx: Context, name: str) -> str:
    if name and name != ctx.actor.name and "users.admin" not in ctx.actor.rights:
        raise ForbiddenError("access.not_oneself", actor=ctx.actor.name, name=name)
    return name or ctx.actor.name


@skill("audit.list", effect="read", permission="audit.read")
def list_audit(ctx: Context, limit: int = 50, about: str = "", actor: str = "") -> list[AuditLine]:
    """The newest lines of the audit log, of everything, about one thing, or by one actor."""
    return list(audit.listing(ctx.db, ctx.institution_id, limit=limit, about=about, actor=actor))


@skill("audit.verify", effect="read", permission="audit.read", cost="medium")
def verify_audit(ctx: Context, anchor: str = "") -> Verification:
    """Check the hash chain of the audit log; with an anchor of an earlier check also that its end was not cut."""
    return audit.verify(ctx.db, ctx.institution_id, anchor)


@skill("audit.export", effect="read", permission="audit.read", cost="medium")
def export_audit(ctx: Context) -> list[str]:
    """Every line of the audit log as canonical JSON, oldest first."""
    return list(audit.export(ctx.db, ctx.institution_id))
