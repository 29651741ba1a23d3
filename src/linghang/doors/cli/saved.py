"""Commands of saved audiences: save, import a list, list, show, change, refresh, history, put away, delete."""

from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.base.errors import UsageError
from linghang.doors.cli import cards
from linghang.doors.cli.terminal import Options, ask_home, put, say, table, words
from linghang.doors.cli.whom import which


def save(
    ctx: typer.Context,
    name: str,
    who: Annotated[str, typer.Argument(help="A sentence, a JSON rule, or @FILE with either.")],
    refresh: Annotated[str, typer.Option(help="once, hourly, daily, weekly or live.")] = "daily",
    note: str = "",
) -> None:
    """Save an audience under a name; it is counted at once, and again as often as asked."""
    options: Options = ctx.obj
    _tell(options, ask_home(options, "audience.save", name=name, refresh=refresh, note=note, **which(options, who)))


def upload(
    ctx: typer.Context,
    name: str,
    path: Path,
    column: Annotated[str, typer.Option(help="The column that holds the ids.")] = "",
    note: str = "",
) -> None:
    """Save a list of customer ids (CSV, Parquet, one a line) as an audience; every line is accounted for."""
    options: Options = ctx.obj
    if not path.is_file():
        raise UsageError("cli.no_file", path=str(path), reason="no such file")
    made = ask_home(options, "audience.upload", name=name, table=str(path.resolve()), column=column, note=note)
    if options.json:
        put(made)
        return
    told = made["made"]
    say(options, "cli.list_imported", name=made["name"],
        **{key: cards.number(value) for key, value in told.items() if isinstance(value, int)})  # fmt: skip
    if told["examples"]:
        say(options, "cli.strangers", examples=", ".join(told["examples"]))


def listing(ctx: typer.Context, archived: Annotated[bool, typer.Option(help="Archived ones too.")] = False) -> None:
    """Saved audiences: size, owner, freshness, where used."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.list", archived=archived)
    if options.json:
        put(found)
        return
    zone = found["zone"]
    lines = [
        (row["name"], cards.number(row["count"]), row["owner"], words(options, f"cli.refresh_{row['refresh']}"),
         cards.instant(row["as_of"], zone) + (" *" if row["behind"] else ""), cards.number(len(row["used"])),
         row["words"])
        for row in found["audiences"]
    ]  # fmt: skip
    table(options, ("cli.name", "cli.people", "cli.owner", "cli.refreshed", "cli.as_of", "cli.uses", "cli.what"), lines)
    if any(row["behind"] for row in found["audiences"]):
        say(options, "cli.behind", at=cards.instant(found["data"]["newest_event"], zone))
    cards.findings(options, found["findings"])


def _tell(options: Options, one: dict[str, Any]) -> None:
    if options.json:
        put(one)
        return
    refreshed = words(options, f"cli.refresh_{one['refresh']}")
    say(options, "cli.saved_audience", **{
        "name": one["name"], "count": cards.number(one["count"]), "owner": one["owner"], "version": one["version"],
        "refresh": refreshed, "at": cards.instant(one["as_of"], one["zone"]), "words": one["words"],
    })  # fmt: skip
    for use in one["used"]:
        say(options, f"cli.used_by_{use['kind']}", name=use["name"], id=use["id"])
    cards.findings(options, one["findings"])


def show(ctx: typer.Context, audience: str) -> None:
    """A saved audience: rule in words, size, freshness, where it is used."""
    _tell(ctx.obj, ask_home(ctx.obj, "audience.show", audience=audience))


def history(ctx: typer.Context, audience: str) -> None:
    """Its size at every refresh, and who changed what."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.history", audience=audience)
    if options.json:
        put(found)
        return
    zone = found["zone"]
    sizes = [(cards.instant(size["at"], zone), cards.number(size["count"])) for size in found["sizes"]]
    table(options, ("cli.as_of", "cli.people"), sizes)
    lines = [
        (
            str(v["version"]),
            cards.instant(v["at"], zone),
            v["actor"],
            words(options, f"cli.cause_{v['cause']}"),
            v["words"],
        )
        for v in found["versions"]
    ]
    table(options, ("cli.version", "cli.as_of", "cli.owner", "cli.act", "cli.what"), lines)


def change(
    ctx: typer.Context, audience: str, who: Annotated[str, typer.Argument(help="The new rule, if it changes.")] = "",
    name: str = "", refresh: Annotated[str, typer.Option(help="once, hourly, daily, weekly or live.")] = "",
    owner: Annotated[str, typer.Option(help="Hand it over to this user.")] = "", note: str | None = None,
) -> None:  # fmt: skip
    """Change name, rule, refresh, note or owner; every change is a version."""
    options: Options = ctx.obj
    meant = which(options, who) if who else {}
    done = ask_home(options, "audience.change", audience=audience, name=name or None, refresh=refresh or None,
                    owner=owner or None, note=note, **meant)  # fmt: skip
    _tell(options, done)


def refresh(
    ctx: typer.Context,
    audience: Annotated[str, typer.Argument(help="Its name; none: all whose time has come.")] = "",
) -> None:
    """Count a saved audience anew, or all that are due."""
    options: Options = ctx.obj
    if audience:
        _tell(options, ask_home(options, "audience.refresh", audience=audience))
        return
    done = ask_home(options, "audience.refresh_due")
    if options.json:
        put(done)
        return
    for one in done["refreshed"]:
        say(options, "cli.audience_refreshed", name=one["name"], count=cards.number(one["count"]))
    for one in done["failed"]:
        say(options, "cli.audience_not_refreshed", name=one["name"], reason=one["message"])
    say(options, "cli.refreshed_all", done=len(done["refreshed"]), failed=len(done["failed"]))


def archive(ctx: typer.Context, audience: str, back: bool = False) -> None:
    """Put a saved audience away, or bring it back."""
    _tell(ctx.obj, ask_home(ctx.obj, "audience.archive", audience=audience, back=back))


def delete(ctx: typer.Context, audience: str) -> None:
    """Delete a saved audience that nothing uses."""
    options: Options = ctx.obj
    done = ask_home(options, "audience.delete", audience=audience)
    if options.json:
        put(done)
    else:
        say(options, "cli.audience_deleted", name=done["name"])


COMMANDS = {
    "save": save, "upload": upload, "list": listing, "show": show, "change": change, "refresh": refresh,
    "history": history, "archive": archive, "delete": delete,
}  # fmt: skip
