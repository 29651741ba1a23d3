"""Commands of people: users, passwords, sign-in links, sessions, API tokens, and the audit log."""

import getpass
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.doors.cli.terminal import Options, ask_home, client, put, say, table, words


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    for group, commands in GROUPS.items():
        family = typer.Typer(no_args_is_help=True, help=HELP[group])
        for name, function in commands.items():
            family.command(name)(function)
        root.add_typer(family, name=group)


Roles = Annotated[str, typer.Option(help="Roles, separated by commas.")]


def users_list(ctx: typer.Context) -> None:
    """Users with their roles; with --json also their rights."""
    options: Options = ctx.obj
    rows = ask_home(options, "users.list")
    if options.json:
        put({"users": rows})
        return
    lines = [(r["name"], r["label"], ", ".join(r["roles"]), _mark(r["active"]), _mark(r["has_password"])) for r in rows]
    table(options, ("cli.user", "cli.name", "cli.roles", "cli.active", "cli.has_password"), lines)


def users_add(ctx: typer.Context, name: str, roles: Roles, label: str = "") -> None:
    """Add a user; then set a password, or make a sign-in link."""
    put(ask_home(ctx.obj, "users.add", name=name, roles=_list(roles), label=label))


def users_change(
    ctx: typer.Context, name: str, roles: Roles = "", active: Annotated[bool | None, typer.Option()] = None
) -> None:
    """Give a user other roles, or let one go (--no-active) or come back."""
    put(ask_home(ctx.obj, "users.change", name=name, roles=_list(roles) or None, active=active))


def users_password(ctx: typer.Context, name: Annotated[str, typer.Argument()] = "") -> None:
    """Set a password, asked for here or read from standard input (its first line). Every session of the user ends.

    For oneself, the present password is asked for first if there is one.
    """
    options: Options = ctx.obj
    whose = name or options.actor
    known = next((row for row in ask_home(options, "users.list") if row["name"] == whose), {})
    old = _ask(options, "cli.old_password") if whose == options.actor and known.get("has_password") else ""
    put(ask_home(options, "users.password", name=whose, password=_ask(options, "cli.new_password"), old=old))


def users_link(ctx: typer.Context, name: str, url: str = "http://127.0.0.1:8080") -> None:
    """A link that signs a browser in once, within half an hour. Only for whoever can read the home's files."""
    options: Options = ctx.obj
    link = sign_in_link(options, name, url)
    if options.json:
        put({"user": name, "url": link})
    else:
        say(options, "cli.link", user=name, url=link)


def sign_in_link(options: Options, name: str, url: str) -> str:
    """A one-time link into the studio at ``url``."""
    return f"{url.rstrip('/')}/enter?code={client(options).gate('link', name=name)}"


def users_sessions(ctx: typer.Context, name: str = "") -> None:
    """One's own browsers that are signed in (of others: users.admin)."""
    options: Options = ctx.obj
    rows = ask_home(options, "users.sessions", name=name)
    if options.json:
        put({"sessions": rows})
        return
    table(options, ("cli.id", "cli.user", "cli.address", "cli.created", "cli.seen", "cli.expires"),
          [(r["id"], r["user"], r["address"], r["created"], r["seen"], r["expires"]) for r in rows])  # fmt: skip


def users_sign_out(ctx: typer.Context, session: str) -> None:
    """End a session now, wherever its browser is."""
    put(ask_home(ctx.obj, "users.sign_out", session=session))


def tokens_list(ctx: typer.Context, name: str = "") -> None:
    """One's own API tokens (of others: users.admin)."""
    options: Options = ctx.obj
    rows = ask_home(options, "users.tokens", name=name)
    if options.json:
        put({"tokens": rows})
        return
    table(options, ("cli.id", "cli.user", "cli.scopes", "cli.created", "cli.expires", "cli.revoked"),
          [(r["id"], r["user"], ", ".join(r["scopes"]), r["created"], r["expires"], r["revoked"])
           for r in rows])  # fmt: skip


def tokens_make(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help="For whom; oneself without it.")] = "",
    scopes: Annotated[str, typer.Option(help="Rights or effects (read, draft, commit), separated by commas.")] = "",
    days: int = 90,
) -> None:
    """Make an API token. Its secret is shown this once."""
    options: Options = ctx.obj
    made = ask_home(options, "users.token", name=name, scopes=_list(scopes), days=days)
    if options.json:
        put(made)
    else:
        say(options, "cli.token", **made)


def tokens_revoke(ctx: typer.Context, token: str) -> None:
    """End a token now."""
    put(ask_home(ctx.obj, "users.revoke", token=token))


def audit_list(
    ctx: typer.Context,
    limit: int = 50,
    actor: str = "",
    skill: Annotated[str, typer.Option(help="A skill, or the beginning of its name: campaign.")] = "",
    about: str = "",
    outcome: Annotated[str, typer.Option(help="done, refused, or the code of a refusal.")] = "",
    since: str = "",
    until: str = "",
) -> None:
    """Lines of the audit log, the newest first: by whom, what, about what, with what outcome, when."""
    options: Options = ctx.obj
    rows = ask_home(options, "audit.list", limit=limit, actor=actor, skill=skill, about=about, outcome=outcome,
                    since=since or None, until=until or None)  # fmt: skip
    if options.json:
        put({"lines": rows})
        return
    table(options, ("cli.at", "cli.user", "cli.skill", "cli.about", "cli.outcome"),
          [(r["at"], r["actor"], r["skill"], r["about"], r["outcome"]) for r in rows])  # fmt: skip


def audit_verify(ctx: typer.Context, anchor: str = "") -> None:
    """Check the audit log and the house's other ledgers: which row was changed, removed, moved, or cut from the end.

    An anchor kept from an earlier check, elsewhere than in the home, must still be in the audit log.
    """
    options: Options = ctx.obj
    result = ask_home(options, "audit.verify", anchor=anchor)
    chains = {"audit_line": result, **result.get("others", {})}
    if options.json:
        put(result)
    else:
        for name, found in chains.items():
            _tell_chain(options, words(options, f"access.chain_of.{name}"), found)
        if result["intact"]:
            say(options, "cli.chain_anchor", anchor=result["anchor"])
        for row in result["around"]:
            say(options, "cli.chain_around", **{key: row[key] for key in ("number", "at", "actor", "skill", "about")})
    options.exit_code = 0 if all(found["intact"] for found in chains.values()) else 1


def _tell_chain(options: Options, name: str, found: Mapping[str, Any]) -> None:
    if found["intact"]:
        say(options, "cli.chain_intact", name=name, lines=found["lines"])
    else:
        reason = words(options, str(found["reason"]))
        say(options, "cli.chain_broken", name=name, line=found["broken_at"], reason=reason, lines=found["lines"])


def audit_export(
    ctx: typer.Context, out: Annotated[Path | None, typer.Option(help="A file; without it, here.")] = None
) -> None:
    """Every line as canonical JSON, oldest first: an auditor can verify the chain without this program."""
    lines = ask_home(ctx.obj, "audit.export")
    text = "".join(line + "\n" for line in lines)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, "utf-8")
        told = {"file": str(out.resolve()), "lines": len(lines)}
        if ctx.obj.json:
            put(told)
        else:
            say(ctx.obj, "cli.audit_exported", **told)


def demo_passwords(options: Options) -> dict[str, str]:
    """Give the users of a demo institution passwords, each told this once; nothing for who has one already."""
    admin = Options(home=options.home, actor="admin", locale=options.locale)
    made: dict[str, str] = {}
    for row in ask_home(admin, "users.list"):
        if not row["has_password"]:
            word = made[row["name"]] = secrets.token_urlsafe(9)
            ask_home(admin, "users.password", name=row["name"], password=word)
    return made


def _ask(options: Options, code: str) -> str:
    if sys.stdin.isatty():
        say(options, code)
        return getpass.getpass("")
    return sys.stdin.readline().rstrip("\r\n")


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _mark(on: Any) -> str:
    return "✓" if on else "—"


def keys_rotate(ctx: typer.Context) -> None:
    """Put a new key in the place of the one that personal data are sealed with, and seal all of them anew."""
    options: Options = ctx.obj
    done = ask_home(options, "keys.rotate")
    put(done) if options.json else say(options, "cli.keys_rotated", **done)


HELP = {
    "users": "Users, roles, passwords, sign-in.",
    "tokens": "API tokens.",
    "audit": "The audit log.",
    "keys": "The key that personal data are sealed with.",
}
GROUPS = {
    "users": {
        "list": users_list,
        "add": users_add,
        "change": users_change,
        "password": users_password,
        "link": users_link,
        "sessions": users_sessions,
        "sign-out": users_sign_out,
    },
    "tokens": {"list": tokens_list, "make": tokens_make, "revoke": tokens_revoke},
    "audit": {"list": audit_list, "verify": audit_verify, "export": audit_export},
    "keys": {"rotate": keys_rotate},
}
