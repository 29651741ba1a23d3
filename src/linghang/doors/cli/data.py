"""Data in at the command line: look at a table, draft and use its mapping file, see what was left out."""

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.base.errors import UsageError
from linghang.base.messages import render
from linghang.customers.arrivals.connections import keep_connection
from linghang.customers.rejected import reason_in_words
from linghang.doors.cli import cards
from linghang.doors.cli.terminal import Options, ask_home, put, say, table

Source = Annotated[str, typer.Argument(help="A file, sqlite:///FILE, postgresql://USER@HOST/DB, or a named database.")]
Table = Annotated[str, typer.Option("--table", help="The table of a database.")]
Secret = Annotated[str, typer.Option(help="Where the password is: env:NAME or file:PATH.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", "-m", help="A mapping file; without it one is drafted.")]


_AT_ONCE = 10_000
"""Rows that are asked for at a time."""


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    group = typer.Typer(help="Data in: propose a mapping, check, import, see what was left out.", no_args_is_help=True)
    for name, function in {
        "propose": propose, "check": check, "import": bring, "imports": imports, "rejected": rejected,
        "connect": connect,
    }.items():  # fmt: skip
        group.command(name)(function)
    root.add_typer(group, name="data")


def propose(
    ctx: typer.Context,
    source: Source,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the mapping file here.")] = None,
    subject: Annotated[str, typer.Option(help="customers, holdings or events; by default it is guessed.")] = "",
    of: Table = "",
    secret: Secret = "",
) -> None:
    """Draft the mapping file of a table: which column fills which field, of what kind, how sure that is."""
    options: Options = ctx.obj
    told = ask_home(options, "data.propose", source=_source(source), subject=subject, table=of, secret=secret)
    if out is not None:
        out.write_text(told["mapping"], "utf-8")
    if options.json:
        put(told)
        return
    if out is None:
        typer.echo(told["mapping"])
    else:
        say(options, "cli.data_proposed", path=str(out), subject=told["subject"], columns=len(told["columns"]))
    cards.findings(options, told["findings"])


def check(ctx: typer.Context, source: Source, mapping: MappingFile = None, of: Table = "", secret: Secret = "") -> None:
    """Read a whole table and say how good it is; nothing is imported."""
    options: Options = ctx.obj
    told = ask_home(options, "data.check", source=_source(source), mapping=_text(mapping), table=of, secret=secret)
    if options.json:
        put(told)
        return
    figures = {name: f"{told[name]:,}" for name in ("rows", "takeable", "unreadable", "repeated_ids", "repeated_rows")}
    say(options, "cli.data_checked", **figures)
    rows = [
        (one["column"], one["field"], one["kind"], _share(one["missing"], one["rows"]),
         cards.number(sum(fault["count"] for fault in one["impossible"])), *_spread(one))
        for one in told["columns"]
    ]  # fmt: skip
    heads = ("column", "field", "kind", "missing", "impossible", "lowest", "middle", "highest")
    table(options, tuple(f"cli.data_{name}" for name in heads), rows)
    cards.findings(options, told["findings"])


def bring(
    ctx: typer.Context,
    source: Source,
    mapping: MappingFile = None,
    mode: Annotated[str, typer.Option(help="replace, append, upsert; for events append, correct.")] = "",
    of: Table = "",
    secret: Secret = "",
) -> None:
    """Import a table; killed, the same command continues. Rows that cannot be taken are kept with their reason."""
    options: Options = ctx.obj
    told = ask_home(
        options, "data.import", source=_source(source), mapping=_text(mapping), mode=mode, table=of, secret=secret
    )
    if options.json:
        put(told)
        return
    names = ("rows", "accepted", "rejected", "new", "changed", "repeated", "corrected")
    figures = {name: f"{told[name]:,}" for name in names}
    say(options, "cli.unchanged" if told["unchanged"] else f"cli.data_imported_{told['subject']}", **figures)
    cards.findings(options, told["findings"])
    if told["rejected_file"]:
        say(options, "cli.data_rejected", id=told["id"])


def imports(ctx: typer.Context, limit: int = 20) -> None:
    """What was imported, newest first."""
    options: Options = ctx.obj
    found = ask_home(options, "data.imports", limit=limit)
    if options.json:
        put({"imports": found})
        return
    rows = [
        (one["id"], one["subject"], one["source"], one["mode"], render(f"cli.data_{one['state']}", {}, options.locale),
         *(cards.number(one[name]) for name in ("rows", "accepted", "rejected")), cards.instant(one["at"], one["zone"]))
        for one in found
    ]  # fmt: skip
    heads = ("import", "subject", "source", "mode", "state", "rows", "accepted", "left_out", "when")
    table(options, tuple(f"cli.data_{name}" for name in heads), rows)


def rejected(
    ctx: typer.Context,
    id: str,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Copy all of them here (CSV).")] = None,
    limit: int = 20,
) -> None:
    """The rows that an import left out, each with its reason."""
    options: Options = ctx.obj
    told = ask_home(options, "data.rejected", id=id, limit=limit)
    if out is not None:
        _copied(options, id, out)
    if options.json:
        put(told)
        return
    for row in told["rows"]:
        typer.echo("  ".join([row[0], reason_in_words(row[1], options.locale), *row[2:]]))
    if told["masked"]:
        say(options, "cli.data_rejected_masked")
    count = f"{told['count']:,}"
    say(options, "cli.data_where_rejected", count=count, path=str(out)) if out else say(
        options, "cli.data_how_rejected", count=count
    )


def _copied(options: Options, id: str, out: Path) -> None:
    """All rows that an import left out as a file, for a spreadsheet (the mark lets it see that this is UTF-8)."""
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer, start = csv.writer(file), 0
        while True:
            part = ask_home(options, "data.rejected", id=id, limit=_AT_ONCE, start=start)
            writer.writerows([*([] if start else [part["columns"]]), *part["rows"]])
            start += len(part["rows"])
            if len(part["rows"]) < _AT_ONCE:
                return


def connect(ctx: typer.Context, name: str, address: str, secret: Secret = "") -> None:
    """Name a database, so that it can be read from the studio and over REST; its password stays where it is."""
    options: Options = ctx.obj
    keep_connection(options.home, name, address, secret)
    put({"name": name, "secret": secret}) if options.json else say(options, "cli.data_connected", name=name)


def _source(source: str) -> str:
    path = Path(source)
    return str(path.resolve()) if "://" not in source and path.is_file() else source


def _text(mapping: Path | None) -> str:
    if mapping is None:
        return ""
    try:
        return mapping.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("cli.no_file", path=str(mapping), reason=str(error)) from error


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _spread(one: dict[str, Any]) -> tuple[str, str, str]:
    unit = 100 if one["kind"] == "money" else 1
    if one["kind"] not in ("integer", "number", "money"):
        return "", "", ""
    low, middle, high = ("" if one[name] is None else f"{one[name] / unit:,.6g}" for name in ("low", "median", "high"))
    return low, middle, high
