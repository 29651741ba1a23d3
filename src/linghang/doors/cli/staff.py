"""Commands of the staff: say something to the navigator, see and change plans, what is remembered, the inbox."""

import json
import shlex
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from linghang.base.errors import UsageError
from linghang.doors.cli.terminal import Options, ask_home, ask_stoppable, put, say, table, words


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    root.command("say")(say_it)
    root.command("plan")(plan)
    for name, commands in GROUPS.items():
        family = typer.Typer(no_args_is_help=True, help=HELP[name])
        for verb, function in commands.items():
            family.command(verb)(function)
        root.add_typer(family, name=name)


def say_it(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What you want, in a sentence; - reads standard input.")],
    conversation: Annotated[str, typer.Option(help="Go on with this conversation (last: the latest).")] = "",
    campaign: Annotated[str, typer.Option(help="The campaign that is meant.")] = "",
    aim: Annotated[str, typer.Option(help="The reading that you choose, when it asked.")] = "",
    despite: Annotated[
        str, typer.Option(help="once, forget or keep: what holds, when what is remembered stands against it.")
    ] = "",
) -> None:
    """Say something to the navigator: it plans, does it and tells; what commits is left to you. Ctrl-C stops it."""
    options: Options = ctx.obj
    said = sys.stdin.read().strip() if text == "-" else text
    reply = ask_stoppable(options, "agents.say", text=said, conversation=_conversation(options, conversation),
                          campaign=campaign, aim=aim, despite=despite)  # fmt: skip
    if options.json:
        put(reply)
    else:
        _reply(options, reply)
    options.exit_code = 1 if reply["state"] in _NOT_DONE else 0


_NOT_DONE = frozenset({"refused", "failed", "waiting", "cancelled"})


def _conversation(options: Options, name: str) -> str:
    if name != "last":
        return name
    known = ask_home(options, "memory.conversations")
    return str(known[0]["id"]) if known else ""


def _reply(options: Options, reply: Mapping[str, Any]) -> None:
    sys.stdout.write(f"{reply['text']}\n")
    choices = reply.get("choices", [])
    for number, choice in enumerate(choices, 1):
        aim = f"  (--aim {choice['aim']})" if choice.get("aim") else ""
        aim = f"  (--despite {choice['despite']})" if choice.get("despite") else aim
        sys.stdout.write(f"  {number}. {choice['text']}{aim}\n")
    if choices:
        say(options, "cli.choose", conversation=reply["conversation"])
    if prepared := reply.get("confirm"):
        arguments = json.dumps(prepared["arguments"], ensure_ascii=False)
        say(options, "cli.confirm", skill=prepared["skill"], arguments=shlex.quote(arguments))
    if reply.get("plan"):
        _steps(options, reply["plan"])
    say(options, "cli.turn", conversation=reply["conversation"], turn=reply["turn"])


def _steps(options: Options, shape: Mapping[str, Any]) -> None:
    rounds = {step: n for n, wave in enumerate(shape["waves"], 1) for step in wave}
    lines = [
        (step["id"], rounds.get(step["id"], ""), step["domain"], step["skill"], step["makes"],
         ", ".join(_argument(name, value) for name, value in step["arguments"].items())[:60],
         words(options, f"cli.step_{step['state']}") if step.get("state") else "",
         f"{step['millis']:.0f}" if step.get("millis") else "")
        for step in shape["steps"]
    ]  # fmt: skip
    table(options, ("cli.step", "cli.round", "cli.domain", "cli.skill", "cli.makes", "cli.arguments", "cli.state",
                    "cli.millis"), lines)  # fmt: skip


def _argument(name: str, value: Any) -> str:
    if isinstance(value, Mapping) and "from" in value:
        return f"{name}←{value['from']}{'.' + str(value['path']) if value['path'] else ''}"
    return f"{name}={value}"


def plan(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="The sentence, or the id of a kept plan.")],
    drop: Annotated[list[str] | None, typer.Option(help="A step to leave out.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="STEP.ARGUMENT=JSON.")] = None,
    use: Annotated[list[str] | None, typer.Option(help="STEP=SKILL: another skill that makes the same.")] = None,
    move: Annotated[list[str] | None, typer.Option(help="STEP=PLACE in the order, from 1.")] = None,
    insert: Annotated[list[str] | None, typer.Option(help="SKILL or SKILL=PLACE: one step more.")] = None,
    run: Annotated[bool, typer.Option(help="Run it.")] = False,
    campaign: str = "",
    aim: str = "",
) -> None:
    """The plan of a sentence: which skills in which order, what each needs; change it, run it."""
    options: Options = ctx.obj
    known = text.startswith("pln_")
    shape = ask_home(options, "agents.show", plan_id=text) if known else ask_home(
        options, "agents.plan", text=text, campaign=campaign, aim=aim
    )  # fmt: skip
    changes = [*({"op": "remove", "step": step} for step in drop or ()), *map(_set, set_ or ()), *map(_use, use or ()),
               *map(_move, move or ()), *map(_insert, insert or ())]  # fmt: skip
    if changes:
        shape = ask_home(options, "agents.change", plan_id=shape["plan_id"], changes=changes)
    if run and shape["plan_id"]:
        reply = ask_stoppable(options, "agents.run", plan_id=shape["plan_id"])
        options.exit_code = 1 if reply["state"] in _NOT_DONE else 0
        if options.json:
            put(reply)
            return
        sys.stdout.write(f"{reply['text']}\n")
        shape = {**reply["plan"], "plan_id": shape["plan_id"]}
    if options.json:
        put(shape)
        return
    if shape.get("message"):
        sys.stdout.write(f"{shape['message']}\n")
    _steps(options, shape)
    say(options, "cli.plan", plan=shape["plan_id"], aim=shape["aim"])


def _set(text: str) -> dict[str, Any]:
    where, _, value = text.partition("=")
    step, _, argument = where.partition(".")
    try:
        told = json.loads(value)
    except ValueError:
        told = value
    if not argument:
        raise UsageError("cli.bad_json", where="--set", reason="STEP.ARGUMENT=VALUE")
    return {"op": "set", "step": step, "argument": argument, "value": told}


def _use(text: str) -> dict[str, Any]:
    step, _, name = text.partition("=")
    return {"op": "use", "step": step, "skill": name}


def _move(text: str) -> dict[str, Any]:
    step, _, place = text.partition("=")
    if not place.isdigit():
        raise UsageError("cli.bad_json", where="--move", reason="STEP=PLACE")
    return {"op": "move", "step": step, "to": int(place) - 1}


def _insert(text: str) -> dict[str, Any]:
    name, _, place = text.partition("=")
    return {"op": "insert", "skill": name, **({"to": int(place) - 1} if place.isdigit() else {})}


def memory_list(ctx: typer.Context, conversation: str = "*") -> None:
    """What is remembered for you."""
    options: Options = ctx.obj
    told = ask_home(options, "memory.list", conversation=conversation)
    if options.json:
        put(told)
        return
    table(options, ("cli.id", "cli.said", "cli.turn_number", "cli.conversation"),
          [(row["id"], row["text"], row["turn"], row["conversation"] or "*") for row in told["items"]])  # fmt: skip


def memory_keep(ctx: typer.Context, text: str, conversation: str = "") -> None:
    """Remember a sentence that must hold from now on."""
    put(ask_home(ctx.obj, "memory.keep", text=text, conversation=conversation))


def memory_forget(ctx: typer.Context, id: str) -> None:
    """Forget something by its id."""
    put(ask_home(ctx.obj, "memory.forget", id=id))


def memory_conversations(ctx: typer.Context) -> None:
    """Your conversations, the latest first."""
    options: Options = ctx.obj
    rows = ask_home(options, "memory.conversations")
    if options.json:
        put({"conversations": rows})
        return
    table(options, ("cli.id", "cli.said", "cli.turns", "cli.updated"),
          [(row["id"], row["title"], row["turns"], row["updated"]) for row in rows])  # fmt: skip


def memory_show(ctx: typer.Context, conversation: str) -> None:
    """A conversation: its turns, what is remembered, and what an agent is told of it."""
    put(ask_home(ctx.obj, "memory.conversation", id=conversation))


def memory_delete(ctx: typer.Context, conversation: str) -> None:
    """Delete a conversation with what was remembered in it."""
    put(ask_home(ctx.obj, "memory.delete", id=conversation))


def agents_list(ctx: typer.Context) -> None:
    """The domain agents with their skills."""
    options: Options = ctx.obj
    rows = ask_home(options, "agents.list")
    if options.json:
        put({"agents": rows})
        return
    table(options, ("cli.domain", "cli.name", "cli.skill", "cli.knowledge"),
          [(row["id"], row["label"], len(row["skills"]), ", ".join(row["knowledge"])) for row in rows])  # fmt: skip


def agents_stop(
    ctx: typer.Context,
    conversation: Annotated[str, typer.Option(help="What runs in this conversation (last: the latest).")] = "",
    plan: Annotated[str, typer.Option(help="What runs of this plan.")] = "",
    job: Annotated[str, typer.Option(help="This job.")] = "",
) -> None:
    """Stop your own work that is under way; what is done is kept, and saying 继续 (continue) goes on with it."""
    options: Options = ctx.obj
    if job:
        put(ask_home(options, "jobs.cancel", job=job))
        return
    name = _conversation(options, conversation)
    put(ask_home(options, "agents.cancel", conversation=name, plan_id=plan))


def agents_spent(
    ctx: typer.Context,
    by: Annotated[str, typer.Option(help="day, skill, campaign, model, prompt or person.")] = "day",
    days: Annotated[int, typer.Option(help="The last so many days.")] = 30,
    campaign: Annotated[str, typer.Option(help="Of this campaign only.")] = "",
) -> None:
    """What a connected model was asked and what it cost, by day, skill, campaign, model, prompt or person."""
    options: Options = ctx.obj
    told = ask_home(options, "agents.spent", days=days, campaign=campaign)
    accounts = [name.removeprefix("by_") for name in told if name.startswith("by_")]
    if by not in accounts:
        raise UsageError("cli.no_account", given=by, have=", ".join(accounts))
    if options.json:
        put(told)
        return
    rows = [*told[f"by_{by}"], {**told["total"], "label": words(options, "cli.all_together")}]
    table(options, (f"cli.spent_{by}", "cli.calls", "cli.failed_calls", "cli.tokens", "cli.seconds", "cli.cost"),
          [_spent_row(options, row) for row in rows])  # fmt: skip


def _spent_row(options: Options, row: Mapping[str, Any]) -> tuple[object, ...]:
    cost = f"¥{row['cost_cny']:,.4f}" if row["priced"] else words(options, "cli.no_price")
    return (row["label"], row["calls"], row["failed"], f"{row['tokens_in']:,}+{row['tokens_out']:,}",
            row["seconds"], cost)  # fmt: skip


def applications_list(ctx: typer.Context) -> None:
    """The institution's applications."""
    put({"applications": ask_home(ctx.obj, "applications.list")})


def inbox_list(
    ctx: typer.Context,
    state: Annotated[str, typer.Option(help="open, dismissed, drafted or past; empty: all.")] = "open",
) -> None:
    """What agents propose, the most pressing first."""
    options: Options = ctx.obj
    told = ask_home(options, "inbox.list", state=state)
    if options.json:
        put(told)
        return
    table(options, ("cli.id", "cli.proposed", "cli.why", "cli.may_do"),
          [(row["id"], row["title"], row["reason"], _may_do(options, row)) for row in told["items"]])  # fmt: skip
    for item in told["muted"]:
        say(options, "cli.inbox_muted", topic=item["topic"], until=item["until"][:10])


def inbox_show(ctx: typer.Context, id: str) -> None:
    """One item with its reason, its evidence and what may be done about it."""
    options: Options = ctx.obj
    row = ask_home(options, "inbox.show", id=id)
    if options.json:
        put(row)
        return
    sys.stdout.write(f"{row['title']}\n{row['reason']}\n{_may_do(options, row)}\n")
    table(options, ("cli.evidence", "cli.value"),
          [(name, json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value)
           for name, value in row["evidence"].items()])  # fmt: skip


def _may_do(options: Options, row: Mapping[str, Any]) -> str:
    """The commands that a person may give about an item."""
    lines = [f"{row['brief']}\nlinghang inbox draft {row['id']}".strip()] if row["drafts"] else []
    if row["commit"]:
        lines.append(f"{row['act_label']}\nlinghang campaign {row['commit'].partition('.')[2]} {row['campaign']}")
    elif row["act_label"] and row["act"] != "look":
        lines.insert(0, row["act_label"])
    return "\n".join(lines) or words(options, "cli.see_campaign", campaign=row["campaign"])


def inbox_scan(ctx: typer.Context) -> None:
    """Look now."""
    put(ask_home(ctx.obj, "inbox.scan"))


def inbox_dismiss(ctx: typer.Context, id: str) -> None:
    """Put an item away."""
    put(ask_home(ctx.obj, "inbox.dismiss", id=id))


def inbox_draft(ctx: typer.Context, id: str) -> None:
    """Make a draft of an item."""
    made = ask_home(ctx.obj, "inbox.draft", id=id)
    put(made if ctx.obj.json else {"id": made["id"], "name": made["name"]})


HELP = {
    "inbox": "What agents saw and propose; they never act.",
    "memory": "What the navigator remembers: see it, delete it.",
    "agents": "The domain agents.",
    "applications": "Applications: domains composed for a job.",
}
GROUPS = {
    "inbox": {"list": inbox_list, "show": inbox_show, "scan": inbox_scan, "dismiss": inbox_dismiss,
              "draft": inbox_draft},
    "memory": {"list": memory_list, "keep": memory_keep, "forget": memory_forget, "show": memory_show,
               "conversations": memory_conversations, "delete": memory_delete},
    "agents": {"list": agents_list, "stop": agents_stop, "spent": agents_spent},
    "applications": {"list": applications_list},
}  # fmt: skip
