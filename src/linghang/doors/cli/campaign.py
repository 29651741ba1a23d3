"""Campaign commands: from the sentence to the report, step by step, all that the studio does."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.base.errors import UsageError
from linghang.doors.cli import cards
from linghang.doors.cli.terminal import Options, ask_home, client, put, say, table, words

Id = Annotated[str, typer.Argument(help="The campaign's id (cmp_…), or 'last'.")]


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    group = typer.Typer(help="Campaigns: plan, check, approve, launch, play, report.", no_args_is_help=True)
    for name, function in COMMANDS.items():
        group.command(name)(function)
    root.add_typer(group, name="campaign")


def new(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="The sentence, in quotes.")],
    wait: Annotated[bool, typer.Option(help="Wait until the document is complete.")] = True,
    plan: Annotated[str, typer.Option(help="cautious, balanced or bold.")] = "balanced",
) -> None:
    """Make a campaign of one sentence."""
    options: Options = ctx.obj
    if not text.strip():
        raise UsageError("cli.no_text")
    result = ask_home(options, "campaign.new", wait, text=text, plan=plan)
    _show(options, result)


def listing(ctx: typer.Context) -> None:
    """List campaigns."""
    options: Options = ctx.obj
    rows = ask_home(options, "campaign.list")
    if options.json:
        put({"campaigns": rows})
        return
    if not rows:
        say(options, "cli.no_campaigns")
        return
    headings = ("cli.id", "cli.name", "cli.status", "cli.version", "cli.budget")
    table(
        options,
        headings,
        [(r["id"], r["name"], r["status_label"], r["version"], cards.yuan(r["budget_fen"])) for r in rows],
    )


def show(ctx: typer.Context, id: Id = "last", section: str = "", version: int | None = None) -> None:
    """Show the document, or one section of it."""
    options: Options = ctx.obj
    result = ask_home(options, "campaign.show", id=id, version=version)
    if section:
        if section not in result["sections"]:
            raise UsageError("cli.no_section", section=section, have=", ".join(result["sections"]))
        put(result["sections"][section])
        return
    _show(options, result)


def edit(
    ctx: typer.Context,
    id: Id,
    text: Annotated[str, typer.Argument(help="What to change, in words.")] = "",
    patch: Annotated[str, typer.Option(help="A JSON list of patches of the reading.")] = "",
) -> None:
    """Change the brief in words (预算提到80万) or by a patch; dependent sections are recompiled."""
    patches: list[dict[str, Any]] = []
    if patch:
        try:
            patches = json.loads(patch)
        except ValueError as error:
            raise UsageError("cli.bad_json", where="--patch", reason=str(error)) from error
    if not text and not patches:
        raise UsageError("cli.no_text")
    _show(ctx.obj, ask_home(ctx.obj, "campaign.edit", id=id, text=text, patch=patches))


def fix(ctx: typer.Context, id: Id, code: Annotated[str, typer.Argument(help="The finding's code.")]) -> None:
    """Mend the document as a finding proposes."""
    _show(ctx.obj, ask_home(ctx.obj, "campaign.fix", id=id, code=code))


def choose(ctx: typer.Context, id: Id, plan: str) -> None:
    """Take one of the plans: cautious, balanced or bold."""
    _show(ctx.obj, ask_home(ctx.obj, "campaign.choose", id=id, plan=plan))


def pin(ctx: typer.Context, id: Id, path: str, value: str) -> None:
    """Set a value of a derived section by hand (copy.texts[ID].text); it is never overwritten."""
    try:
        told = json.loads(value)
    except ValueError:
        told = value
    _show(ctx.obj, ask_home(ctx.obj, "campaign.pin", id=id, path=path, value=told))


def unpin(ctx: typer.Context, id: Id, path: str) -> None:
    """Let a pinned value be derived again."""
    _show(ctx.obj, ask_home(ctx.obj, "campaign.unpin", id=id, path=path))


def undo(ctx: typer.Context, id: Id) -> None:
    """Take back the last change, as a new version."""
    _show(ctx.obj, ask_home(ctx.obj, "campaign.undo", id=id))


def versions(ctx: typer.Context, id: Id = "last") -> None:
    """List the versions."""
    options: Options = ctx.obj
    rows = ask_home(options, "campaign.versions", id=id)
    if options.json:
        put({"versions": rows})
        return
    headings = ("cli.version", "cli.actor", "cli.cause", "cli.at")
    table(options, headings, [(r["version"], r["actor"], r["cause"], r["at"][:19]) for r in rows])


def diff(ctx: typer.Context, id: Id = "last", before: int | None = None, after: int | None = None) -> None:
    """What changed between two versions (the last two by default), in words."""
    options: Options = ctx.obj
    changes = ask_home(options, "campaign.diff", id=id, before=before, after=after)
    if options.json:
        put({"changes": changes})
        return
    if not changes:
        say(options, "cli.no_changes")
    for change in changes:
        sys.stdout.write(f"  {change['words']}\n")


def compile_(
    ctx: typer.Context,
    id: Id = "last",
    explain: Annotated[bool, typer.Option(help="Say for each section: fresh, recomputed (why, ms), pinned.")] = False,
) -> None:
    """Bring every section up to date; nothing changed, nothing done."""
    options: Options = ctx.obj
    result = ask_home(options, "campaign.compile", id=id)
    if options.json:
        put(result)
        return
    if not explain:
        computed = [step for step in result["steps"] if step["state"] == "computed"]
        say(options, "cli.compiled", computed=len(computed), total=len(result["steps"]))
        return
    rows = [
        (
            step["section"],
            step["state"],
            ", ".join(step["causes"]),
            round(step["millis"], 1),
            round(step["cpu_millis"], 1),
            ", ".join(step["pinned"]),
        )
        for step in result["steps"]
    ]
    table(options, ("cli.section", "cli.state", "cli.because", "cli.ms", "cli.cpu_ms", "cli.pinned"), rows)


def clone(ctx: typer.Context, id: Id, start: Annotated[str, typer.Option(help="First day of the copy.")] = "") -> None:
    """Copy a campaign with its dates shifted; what has expired since is flagged."""
    options: Options = ctx.obj
    result = ask_home(options, "campaign.clone", id=id, start=start)
    _show(options, result)
    goal = (result["sections"].get("goal") or {}).get("value") or {}
    params = {"cloned": result["cloned"], "start": goal.get("start", ""), "end": goal.get("end", "")}
    say(options, "cli.cloned", **params, count=len(result["expired"]), pins=result["pins_left"])


def check(ctx: typer.Context, id: Id = "last") -> None:
    """The compliance review and the pre-flight check."""
    options: Options = ctx.obj
    result = ask_home(options, "campaign.check", id=id)
    if options.json:
        put(result)
        return
    verdict = words(options, f"cli.verdict_{result['verdict']}", assets=result["assets"], rules=result["rules"])
    say(options, "cli.checked", verdict=verdict, count=len(result["findings"]))
    cards.findings(options, result["findings"], result["id"])


def submit(
    ctx: typer.Context,
    id: Id = "last",
    short: Annotated[
        bool, typer.Option(help="The short path: only a picture was swapped or a pool topped up.")
    ] = False,
) -> None:
    """Send the campaign for review."""
    _act(ctx.obj, "campaign.submit", id=id, short=short)


def approve(
    ctx: typer.Context,
    id: Id = "last",
    comment: str = "",
    package: Annotated[str, typer.Option(help="The hash that was looked at; another one is not signed.")] = "",
    condition: Annotated[list[str] | None, typer.Option(help="Must be fulfilled before the launch.")] = None,
    behalf: Annotated[str, typer.Option(help="The approver who delegated the step.")] = "",
    until: Annotated[str, typer.Option(help="The approval ends then.")] = "",
) -> None:
    """Sign the package, as another person than its makers (--as approver)."""
    _act(ctx.obj, "campaign.approve", id=id, comment=comment, package=package, conditions=condition or [],
         behalf=behalf, until=until or None)  # fmt: skip


def reject(
    ctx: typer.Context,
    id: Id,
    comment: Annotated[str, typer.Option(help="Why.")],
    reason: Annotated[list[str] | None, typer.Option(help="audience, benefit, budget, copy, picture, page …")] = None,
) -> None:
    """Send the package back."""
    _act(ctx.obj, "campaign.reject", id=id, comment=comment, reasons=reason or [])


def fulfil(ctx: typer.Context, id: Id, condition: str, comment: Annotated[str, typer.Option(help="How.")]) -> None:
    """Confirm that a condition of the approval is fulfilled."""
    _act(ctx.obj, "campaign.fulfil", id=id, condition=condition, comment=comment)


def remind(ctx: typer.Context, id: Id = "last", note: str = "") -> None:
    """Remind those whose step a submitted campaign waits for (催审)."""
    _act(ctx.obj, "campaign.remind", id=id, note=note)


def packet(
    ctx: typer.Context,
    id: Id = "last",
    pdf: Annotated[Path | None, typer.Option(help="Where the PDF goes; its own name here without it.")] = None,
    briefing: Annotated[bool, typer.Option(help="The sheet for customer service instead.")] = False,
) -> None:
    """The approval packet as a PDF: texts, pictures, page, audience, budget, findings and what became of them."""
    options: Options = ctx.obj
    made = ask_home(options, "campaign.packet", id=id, briefing=briefing)
    target = pdf or Path(made["name"])
    target.write_bytes(client(options).file(made["file"]))
    told = {**made, "path": str(target.resolve())}
    if options.json:
        put(told)
    else:
        cards.acted(options, "campaign.packet", {**told, "package": str(made["package"])[:12]})


def launch(
    ctx: typer.Context,
    id: Id = "last",
    shadow: Annotated[bool, typer.Option(help="Run the real engine with hand-over off.")] = False,
) -> None:
    """Launch the approved package."""
    _act(ctx.obj, "campaign.launch", id=id, shadow=shadow)


def pause(ctx: typer.Context, id: Id = "last") -> None:
    """Stop deciding and sending until resumed."""
    _act(ctx.obj, "campaign.pause", id=id)


def resume(ctx: typer.Context, id: Id = "last") -> None:
    """Go on after a pause."""
    _act(ctx.obj, "campaign.resume", id=id)


def stop(ctx: typer.Context, id: Id = "last") -> None:
    """End the campaign now; unused benefits return to their pools."""
    _act(ctx.obj, "campaign.stop", id=id)


def settle(ctx: typer.Context) -> None:
    """End campaigns whose time is over; money set aside and unused rights go back (the home does it hourly)."""
    _act(ctx.obj, "campaign.settle")


def send(ctx: typer.Context, id: Id = "last", limit: int | None = None) -> None:
    """Hand over what is due now, through the durable queue."""
    _act(ctx.obj, "campaign.send", id=id, limit=limit)


def play(ctx: typer.Context, id: Id = "last", days: int | None = None) -> None:
    """Play simulated customers against the launched campaign, in fast-forward time."""
    _act(ctx.obj, "campaign.play", id=id, days=days)


def report(ctx: typer.Context, id: Id = "last") -> None:
    """What the campaign did: funnel, incremental effect with interval, cost and ROI."""
    options: Options = ctx.obj
    result = ask_home(options, "campaign.report", id=id)
    if options.json:
        put(result)
    else:
        cards.report(options, result)


def question(ctx: typer.Context, text: str) -> None:
    """Ask a question over the metrics and dimensions: table, chart, sentence."""
    options: Options = ctx.obj
    result = ask_home(options, "analysis.ask", question=text)
    if options.json:
        put(result)
    else:
        cards.answer(options, result)


def export(ctx: typer.Context, id: Id = "last", folder: Path = Path("export")) -> None:
    """Write the campaign's pictures and landing page into a folder."""
    options: Options = ctx.obj
    document = ask_home(options, "campaign.show", id=id)
    home = client(options)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    for picture in _value(document, "creatives").get("pictures", []):
        suffix = picture["mime"].split("/")[-1]
        path = folder / f"{picture['layer']}_{picture['slot']}_{picture['id'][-6:]}.{suffix}"
        path.write_bytes(home.file(picture["file"]))
        written.append(str(path))
    if page := _value(document, "page").get("file"):
        path = folder / "index.html"
        path.write_bytes(home.file(page))
        written.append(str(path))
    if options.json:
        put({"files": written})
    else:
        say(options, "cli.exported", count=len(written), folder=str(folder))


def _value(document: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    return (document["sections"].get(section) or {}).get("value") or {}


def _show(options: Options, result: Mapping[str, Any]) -> None:
    if options.json:
        put(result)
    elif "sections" in result:
        cards.document(options, result)
    else:
        say(options, "cli.started", job=str(result.get("job")))
    if result.get("refused"):
        options.exit_code = 1


def _act(options: Options, skill: str, **arguments: Any) -> None:
    result = ask_home(options, skill, **arguments)
    if options.json:
        put(result)
    else:
        cards.acted(options, skill, result)


COMMANDS = {
    "new": new,
    "list": listing,
    "show": show,
    "edit": edit,
    "fix": fix,
    "choose": choose,
    "pin": pin,
    "unpin": unpin,
    "undo": undo,
    "versions": versions,
    "diff": diff,
    "compile": compile_,
    "clone": clone,
    "check": check,
    "submit": submit,
    "approve": approve,
    "reject": reject,
    "fulfil": fulfil,
    "remind": remind,
    "packet": packet,
    "launch": launch,
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "settle": settle,
    "send": send,
    "play": play,
    "report": report,
    "ask": question,
    "export": export,
}
