"""Commands of audiences: count, explain, profile, overlap, compare, suggest, lookalike, layers, export."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.base.errors import UnavailableError
from linghang.doors.cli import cards, saved
from linghang.doors.cli.terminal import Options, ask_home, client, put, say, table, words
from linghang.doors.cli.whom import Who, which


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    family = typer.Typer(no_args_is_help=True, help="Audiences: who to talk to.")
    for name, function in COMMANDS.items():
        family.command(name)(function)
    root.add_typer(family, name="audience")


Product = Annotated[str, typer.Option(help="A product's id: adds suitability.")]


def count(ctx: typer.Context, who: Who, product: Product = "", channels: list[str] | None = None) -> None:
    """Size, what each condition and reason removes, and how many each channel reaches."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.preview", **which(options, who), product=product, channels=channels or None)
    if options.json:
        put(found)
        return
    say(options, "cli.audience_size", count=cards.number(found["count"]), matched=cards.number(found["matched"]),
        base=cards.number(found["base"]), words=found["words"])  # fmt: skip
    _fall(options, found)
    _reach(options, found)
    cards.findings(options, found["findings"])


def waterfall(ctx: typer.Context, who: Who, product: Product = "") -> None:
    """What each condition and each reason removes, one after another."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.preview", **which(options, who), product=product)
    if options.json:
        put({key: found[key] for key in ("base", "steps", "matched", "removed", "count")})
        return
    _fall(options, found)


def _fall(options: Options, found: dict[str, Any]) -> None:
    left = found["base"]
    rows = [(words(options, "cli.everybody"), "", cards.number(left))]
    for step in found["steps"][1:]:
        rows.append((step["words"], f"−{cards.number(step['removed'])}", cards.number(step["remaining"])))
        left = step["remaining"]
    for item in found["removed"]:
        left -= item["count"]
        rows.append((item["message"], f"−{cards.number(item['count'])}", cards.number(left)))
    table(options, ("cli.condition", "cli.removes", "cli.leaves"), rows)


def _reach(options: Options, found: dict[str, Any]) -> None:
    rows = [
        (found["labels"].get(name, name), cards.number(size),
         "；".join(f"{why['message']} {cards.number(why['count'])}" for why in found["channel_removed"].get(name, ())))
        for name, size in found["reach"].items()
    ]  # fmt: skip
    if rows:
        table(options, ("cli.channel", "cli.reach", "cli.not_reached"), rows)


def reach(ctx: typer.Context, who: Who, product: Product = "", channels: list[str] | None = None) -> None:
    """How many each channel reaches after consent, address and caps, and why not the others."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.preview", **which(options, who), product=product, channels=channels or None)
    if options.json:
        put({key: found[key] for key in ("count", "reach", "channel_removed")})
        return
    _reach(options, found)


def excluded(ctx: typer.Context, who: Who, product: Product = "", customer: str = "") -> None:
    """Who of the matching customers may not be addressed and why; with --customer, why one is in or out."""
    options: Options = ctx.obj
    if customer:
        told = ask_home(options, "audience.why", customer=customer, **which(options, who), product=product)
        if options.json:
            put(told)
            return
        inside = words(options, "cli.inside" if told["inside"] else "cli.outside")
        say(options, "cli.customer_stands", customer=told["customer"], inside=inside)
        yes, no = words(options, "cli.yes"), words(options, "cli.no")
        rows = [(one["words"], yes if one["holds"] else no) for one in told["conditions"]]
        rows += [(reason, no) for reason in told["reasons"]]
        rows += [(told["labels"].get(n, n), "；".join(why) or yes) for n, why in told["channels"].items()]
        table(options, ("cli.condition", "cli.holds"), rows)
        return
    found = ask_home(options, "audience.preview", **which(options, who), product=product)
    if options.json:
        put({key: found[key] for key in ("matched", "count", "removed", "channel_removed")})
        return
    rows = [(item["message"], cards.number(item["count"])) for item in found["removed"]]
    table(options, ("cli.reason", "cli.people"), rows)
    _reach(options, found)


def profile(
    ctx: typer.Context,
    who: Who,
    by: Annotated[list[str] | None, typer.Option(help="A field; may stand several times.")] = None,
) -> None:
    """Who they are: share of each value, and its index against all customers (100 = the same)."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.preview", **which(options, who), dimensions=by or None)
    if options.json:
        put({"count": found["count"], "profile": found["profile"]})
        return
    labels = found["labels"]
    unknown = words(options, "cli.unknown")
    rows = [
        (labels.get(item["field"], item["field"]),
         labels.get(f"{item['field']}={bar['value']}", bar["value"]) or unknown, cards.number(bar["count"]),
         f"{bar['share']:.1%}", f"{bar['index']:.0f}")
        for item in found["profile"] for bar in item["bars"]
    ]  # fmt: skip
    table(options, ("cli.field", "cli.value", "cli.people", "cli.share", "cli.index"), rows)


def explain(ctx: typer.Context, who: Who) -> None:
    """The rule in Chinese and English words, and as JSON; each gives the others back."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.explain", **which(options, who))
    if options.json:
        put(found)
        return
    print(found["zh"])
    print(found["en"])
    print(json.dumps(found["rule"], ensure_ascii=False))
    cards.findings(options, found["findings"])


def fields(ctx: typer.Context) -> None:
    """Every field that a rule may name."""
    options: Options = ctx.obj
    rows = ask_home(options, "audience.fields")
    if options.json:
        put({"fields": rows})
        return
    lines = [(row["name"], row["label"], row["kind"], ", ".join(map(str, row["values"][:8]))) for row in rows]
    table(options, ("cli.field", "cli.name", "cli.kind", "cli.values"), lines)


def overlap(
    ctx: typer.Context,
    audiences: Annotated[list[str], typer.Argument(help="Two or more: names of saved ones, sentences or JSON rules.")],
) -> None:
    """Who they share: a matrix; of up to four also who is in exactly which."""
    options: Options = ctx.obj
    meant = {text[:30]: which(options, text) for text in audiences}
    kept = [told["audience"] for told in meant.values() if "audience" in told]
    rules = {
        name: told["rule"] if "rule" in told else ask_home(options, "audience.explain", **told)["rule"]
        for name, told in meant.items()
        if "audience" not in told
    }
    found = ask_home(options, "audience.overlap", audiences=kept, rules=rules)
    if options.json:
        put(found)
        return
    rows = [
        (name, *(cards.number(size) for size in found["shared"][place])) for place, name in enumerate(found["names"])
    ]
    table(options, ("cli.an_audience", *found["names"]), rows)
    if found["only"]:
        parts = [(" ∩ ".join(part["names"]), cards.number(part["count"])) for part in found["only"]]
        table(options, ("cli.exactly_in", "cli.people"), parts)


def sample(ctx: typer.Context, who: Who, most: int = 20, by: list[str] | None = None) -> None:
    """Some members with some fields; ids and sensitive fields are masked as the role asks."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.sample", **which(options, who), most=most, dimensions=by or None)
    if options.json:
        put(found)
        return
    labels = found["labels"]
    rows = [
        (id, *(labels.get(f"{name}={value}", _value(value)) for name, value in zip(found["fields"], row, strict=True)))
        for id, row in zip(found["customers"], found["rows"], strict=True)
    ]
    table(options, ("cli.customer", *(labels.get(name, name) for name in found["fields"])), rows)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return "—" if value is None else str(value)


def compare(ctx: typer.Context, one: str, other: str) -> None:
    """Two audiences beside each other: shared, only here, only there, and in what they differ most."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.compare", **{"one": _side(options, one), "other": _side(options, other)})
    if options.json:
        put(found)
        return
    say(options, "cli.compared", one=cards.number(found["one"]), other=cards.number(found["other"]),
        both=cards.number(found["both"]), left=cards.number(found["left"]), came=cards.number(found["came"]),
        alike=f"{found['alike']:.1%}")  # fmt: skip
    for key in ("both", "one", "other"):
        for said in found["conditions"][key]:
            say(options, f"cli.condition_{key}", words=said)
    labels = found["labels"]
    rows = [
        (labels.get(d["field"], d["field"]), labels.get(f"{d['field']}={d['value']}", d["value"]),
         f"{d['one']:.1%}", f"{d['other']:.1%}")
        for d in found["differences"]
    ]  # fmt: skip
    table(options, ("cli.field", "cli.value", "cli.share_one", "cli.share_other"), rows)


def _side(options: Options, text: str) -> Any:
    meant = which(options, text)
    return meant.get("rule") or meant.get("audience") or meant["text"]


def suggest(ctx: typer.Context, who: Who, size: int) -> None:
    """Changes of one condition that bring it nearer to SIZE customers."""
    options: Options = ctx.obj
    found = ask_home(options, "audience.suggest", **which(options, who), size=size)
    if options.json:
        put(found)
        return
    rows = [(cards.number(one["count"]), one["message"]) for one in found["suggestions"]]
    table(options, ("cli.people", "cli.change"), rows)


def lookalike(
    ctx: typer.Context,
    who: Who,
    size: int,
    save_as: Annotated[str, typer.Option(help="Save who was found under this name.")] = "",
    within: Annotated[str, typer.Option(help="Only among these (as WHO).")] = "",
) -> None:
    """The SIZE customers who resemble a seed most, with the lift measured on members put aside."""
    options: Options = ctx.obj
    bounds = _side(options, within) if within else None
    found = ask_home(options, "audience.lookalike", **which(options, who), size=size, save_as=save_as, within=bounds)
    if options.json:
        put(found)
        return
    say(options, "cli.lookalike", count=cards.number(found["count"]), seeds=cards.number(found["seeds"]),
        held=cards.number(found["held"]), found=cards.number(found["found"]), lift=f"{found['lift']:.2f}",
        low=f"{found['low']:.2f}", high=f"{found['high']:.2f}", auc=f"{found['auc']:.3f}")  # fmt: skip
    rows = [(reason["label"], reason["value_label"], f"×{reason['times']:.2f}") for reason in found["reasons"]]
    table(options, ("cli.field", "cli.value", "cli.weight"), rows)
    cards.findings(options, found["findings"])


def layers(
    ctx: typer.Context,
    who: Who,
    by: Annotated[str, typer.Option(help="value, lifecycle or uplift.")] = "value",
    campaign: Annotated[str, typer.Option(help="For uplift: the measured campaign; the latest by default.")] = "",
) -> None:
    """Disjoint layers that make themselves, each a rule that can be read."""
    options: Options = ctx.obj
    meant = which(options, who)
    if by == "uplift":
        found = ask_home(options, "analysis.layers", **meant, campaign=campaign)
    else:
        found = ask_home(options, "audience.layers", **meant, by=by)
    if options.json:
        put(found)
        return
    rows = [(one["words"], cards.number(one["count"]), f"{one['share']:.1%}") for one in found["layers"]]
    table(options, ("cli.layer", "cli.people", "cli.share"), rows)
    if "measured" in found:
        told = {key: f"{100 * found['measured'][key]:.2f}" for key in ("upper", "lower", "gap", "low", "high")}
        say(options, "cli.uplift_measured", name=found["campaign"]["name"], **told)
        cards.findings(options, found["findings"])


def export(
    ctx: typer.Context,
    who: Who,
    out: Annotated[Path | None, typer.Option(help="Where to; the ending says the form unless --form does.")] = None,
    form: Annotated[str, typer.Option(help="parquet, csv or bitmap.")] = "",
) -> None:
    """The members as a file, with a hash of who is in it."""
    options: Options = ctx.obj
    by_ending = {".csv": "csv", ".parquet": "parquet", ".roaring": "bitmap"}
    wanted = form or (by_ending.get(out.suffix, "parquet") if out is not None else "parquet")
    made = ask_home(options, "audience.export", **which(options, who), form=wanted)
    target = out or Path(made["name"])
    try:
        target.write_bytes(client(options).file(made["file"]))
    except OSError as error:
        raise UnavailableError("files.not_written", path=str(target), reason=str(error)) from error
    if options.json:
        put({**made, "path": str(target.resolve())})
        return
    say(options, "cli.members_exported", path=str(target), customers=cards.number(made["customers"]),
        bytes=cards.number(made["bytes"]), content=made["content"])  # fmt: skip


COMMANDS = {
    "count": count, "explain": explain, "fields": fields, "waterfall": waterfall, "profile": profile, "reach": reach,
    "excluded": excluded, "sample": sample, "overlap": overlap, "compare": compare, "suggest": suggest,
    "lookalike": lookalike, "layers": layers, "export": export, **saved.COMMANDS,
}  # fmt: skip
