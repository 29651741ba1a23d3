"""Commands of single rooms: each is one skill call, so that a person can do, step by step, all that the agent does."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.agents.commands import allow
from linghang.base.errors import UsageError
from linghang.doors.cli import cards
from linghang.doors.cli.terminal import Options, ask_home, put, say, table


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    for group, commands in GROUPS.items():
        family = typer.Typer(no_args_is_help=True, help=HELP[group])
        for name, function in commands.items():
            family.command(name)(function)
        root.add_typer(family, name=group)


def _tell(options: Options, skill: str, **arguments: Any) -> None:
    put(ask_home(options, skill, **arguments))


def _imported(options: Options, skill: str, path: Path) -> None:
    """Import a file; say how many rows were taken, and why the others were not."""
    result = ask_home(options, skill, table=_file(path))
    if options.json:
        put(result)
        return
    figures = {name: f"{result.get(name, 0):,}" for name in ("rows", "accepted", "rejected")}
    say(options, "cli.unchanged" if result.get("unchanged") else "cli.imported", **figures)
    cards.findings(options, result.get("findings", []))


def _file(path: Path) -> str:
    if not path.is_file():
        raise UsageError("cli.no_file", path=str(path), reason="no such file")
    return str(path.resolve())


def _rule(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError("cli.bad_json", where="RULE", reason=str(error)) from error


def benefit_list(ctx: typer.Context) -> None:
    """Benefits with stock, and pools with what is used."""
    _tell(ctx.obj, "benefit.list")


def benefit_ledger(ctx: typer.Context, pool: str = "") -> None:
    """The ledger's rows and the balances recomputed from them."""
    _tell(ctx.obj, "benefit.ledger", pool=pool)


def customers_import(ctx: typer.Context, path: Path) -> None:
    """Import a table of customers; continues after a crash."""
    _imported(ctx.obj, "customers.import", path)


def customers_addresses(
    ctx: typer.Context, path: Path, channel: Annotated[str, typer.Option(help="email, sms …")] = "email"
) -> None:
    """Keep addresses of customers for a channel: a CSV with customer_id and address; stored sealed."""
    options: Options = ctx.obj
    result = ask_home(options, "customers.addresses", table=_file(path), channel=channel)
    if options.json:
        put(result)
    else:
        say(options, "cli.addresses", **result)


def events_import(ctx: typer.Context, path: Path) -> None:
    """Import what happened: customer, event, time, amount (CSV)."""
    _imported(ctx.obj, "events.import", path)


def events_receipts(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="JSON lines: key, state (delivered, failed), reason.")],
    id: Annotated[str, typer.Option(help="The campaign's id, or 'last'.")] = "last",
) -> None:
    """Enter what the vendor of a channel says of the messages that it took."""
    told: Counter[str] = Counter()
    if id == "last":
        id = str(ask_home(ctx.obj, "campaign.show", id="last")["id"])
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise UsageError("cli.not_json_lines", path=str(path)) from error
    for start in range(0, len(rows), RECEIPTS):
        told.update(ask_home(ctx.obj, "delivery.receipts", id=id, receipts=rows[start : start + RECEIPTS]))
    put(dict(told))


RECEIPTS = 2_000
"""Receipts of one call."""


def insights_scan(ctx: typer.Context) -> None:
    """Opportunities, each one click from a draft."""
    options: Options = ctx.obj
    found = ask_home(options, "insights.scan")
    if options.json:
        put({"opportunities": found})
        return
    for item in found:
        say(options, "cli.opportunity", **{**item, "size": f"{item.get('size', 0):,}"})


def knowledge_search(
    ctx: typer.Context,
    query: str,
    limit: int = 5,
    product: Annotated[str, typer.Option(help="Only what is about this product (id or kind).")] = "",
    kind: Annotated[str, typer.Option(help="product, term, sop, rule or review.")] = "",
    since: Annotated[str, typer.Option(help="Not older than this day.")] = "",
    until: Annotated[str, typer.Option(help="Not newer than this day.")] = "",
) -> None:
    """Passages of the pack's documents, with their sources."""
    _tell(ctx.obj, "knowledge.search", query=query, limit=limit, product=product, kind=kind, since=since, until=until)


def knowledge_add(ctx: typer.Context, path: Path) -> None:
    """Add a document: Markdown, text, HTML, Word, PDF or Excel."""
    _tell(ctx.obj, "knowledge.add_file", file=_file(path))


def knowledge_ask(ctx: typer.Context, question: str, product: str = "") -> None:
    """An answer quoted from the sources, or that nothing is known."""
    _tell(ctx.obj, "knowledge.ask", question=question, product=product)


def skills_list(ctx: typer.Context) -> None:
    """Every skill with its effect and right."""
    options: Options = ctx.obj
    rows = ask_home(options, "skills.list")
    if options.json:
        put({"skills": rows})
        return
    lines = [(row["name"], row["effect"], row["permission"], row["description"].splitlines()[0]) for row in rows]
    table(options, ("cli.skill", "cli.effect", "cli.right", "cli.what"), lines)


def skills_show(ctx: typer.Context, name: str) -> None:
    """A skill's manifest and the schema of its arguments."""
    _tell(ctx.obj, "skills.show", name=name)


def skills_add(
    ctx: typer.Context,
    name: str,
    openapi: Annotated[str, typer.Option(help="An OpenAPI description: a JSON file, or its address.")] = "",
    mcp: Annotated[str, typer.Option(help="An MCP server: its address, or the command that starts it.")] = "",
    url: str = "",
    secret: Annotated[str, typer.Option(help="A reference such as env:CRM_TOKEN.")] = "",
) -> None:
    """Let the operations of a system, or the tools of an MCP server, become skills."""
    if mcp:
        if not mcp.startswith(("http://", "https://")):
            # Whoever may write into the home may start programs on its machine; from afar nobody may.
            allow(ctx.obj.home, mcp)
        put(ask_home(ctx.obj, "skills.add", name=name, mcp=mcp, secret=secret))
        return
    remote = openapi.startswith(("http://", "https://"))
    text = "" if remote else Path(_file(Path(openapi))).read_text("utf-8")
    put(ask_home(ctx.obj, "skills.add", name=name, openapi=text, address=openapi if remote else "", url=url,
                 secret=secret))  # fmt: skip


def skills_remove(ctx: typer.Context, name: str) -> None:
    """Take a system away."""
    put(ask_home(ctx.obj, "skills.remove", name=name))


def skills_call(ctx: typer.Context, name: str, arguments: str = "{}") -> None:
    """Call any skill with a JSON object of arguments."""
    told = _rule(arguments)
    if not isinstance(told, dict):
        raise UsageError("cli.bad_json", where="ARGUMENTS", reason="not an object")
    put({"result": ask_home(ctx.obj, name, **told)})


def calendar_show(ctx: typer.Context, start: str = "", end: str = "") -> None:
    """What runs where and when."""
    options: Options = ctx.obj
    rows = ask_home(options, "calendar.show", start=start, end=end)
    if options.json:
        put({"placements": rows})
        return
    lines = [
        (r["name"], r["slot"] or r["channel"], r["phase"], r["start"], r["end"], cards.number(sum(r["daily"])))
        for r in rows
    ]
    table(options, ("cli.name", "cli.slot", "cli.phase", "cli.start", "cli.end", "cli.people"), lines)


def outbox_take(
    ctx: typer.Context,
    channel: str,
    after: Annotated[str, typer.Option(help="The key of the last message that was taken.")] = "",
    limit: int = 1000,
) -> None:
    """The messages of a channel for the institution's own sender: a JSON object a line, with address and key."""
    for message in ask_home(ctx.obj, "delivery.outbox", channel=channel, after=after, limit=limit):
        typer.echo(json.dumps(message, ensure_ascii=False))


HELP = {
    "benefit": "Benefits, pools and the ledger.",
    "customers": "Customers: import, addresses.",
    "events": "Events: import what happened.",
    "insights": "Opportunities.",
    "knowledge": "What the pack knows, with sources.",
    "skills": "Skills: the same functions that agents, MCP and REST call.",
    "outbox": "Messages that wait for the institution's own sender.",
    "calendar": "The calendar of all campaigns.",
}
GROUPS = {
    "benefit": {"list": benefit_list, "ledger": benefit_ledger},
    "customers": {"import": customers_import, "addresses": customers_addresses},
    "events": {"import": events_import, "receipts": events_receipts},
    "insights": {"scan": insights_scan},
    "knowledge": {"add": knowledge_add, "search": knowledge_search, "ask": knowledge_ask},
    "skills": {
        "list": skills_list,
        "show": skills_show,
        "call": skills_call,
        "add": skills_add,
        "remove": skills_remove,
    },
    "outbox": {"take": outbox_take},
    "calendar": {"show": calendar_show},
}
