"""Commands of the dated rules: list, show, test, diff; with a bank's own file on top. They need no home."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rapidfuzz import process

from linghang import compliance
from linghang.base.errors import UnknownItemError, UsageError
from linghang.compliance.model import CHANNELS, JURISDICTIONS, PRODUCTS, TOPICS, Rule
from linghang.doors.cli.terminal import Options, put, say, table, words

Overrides = Annotated[Path | None, typer.Option(help="A bank's own rules, on top of the shipped ones.")]
_HIDDEN = ("patterns", "examples")


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    rules = typer.Typer(help="The dated compliance rules.", no_args_is_help=True)
    for name, function in {"list": listed, "show": show, "test": tried, "diff": diff}.items():
        rules.command(name)(function)
    root.add_typer(rules, name="rules")


def listed(
    ctx: typer.Context,
    jurisdiction: str = "CN",
    launch_date: str = "",
    product: Annotated[str, typer.Option(help="Only what applies to it: fund, wealth, credit …")] = "",
    channel: Annotated[str, typer.Option(help="Only what applies to it: push, sms, landing …")] = "",
    topic: Annotated[str, typer.Option(help="GUAR, EXPRET, APR …")] = "",
    severity: Annotated[str, typer.Option(help="S1, S2 or S3.")] = "",
    search: Annotated[str, typer.Option(help="Words that the rule, its law or its summary holds.")] = "",
    overrides: Overrides = None,
) -> None:
    """List the rules in force on a launch date, of a product, channel, topic or severity, or that hold some words."""
    options: Options = ctx.obj
    for option, told, allowed in (
        ("--product", product, PRODUCTS), ("--channel", channel, CHANNELS), ("--topic", topic, TOPICS),
        ("--severity", severity, ("S1", "S2", "S3", "S4")),
    ):  # fmt: skip
        if told and told not in allowed:
            raise UsageError("cli.not_allowed", option=option, found=told, allowed=", ".join(allowed))
    wanted = compliance.sought(search)
    rules = [
        rule
        for rule in compliance.load_rules(jurisdiction, _day(launch_date, options), overrides)
        if (not product or not rule.products or product in rule.products)
        and (not channel or not rule.channels or channel in rule.channels)
        and topic in ("", rule.topic)
        and severity in ("", str(rule.severity))
        and all(word in compliance.searched(rule) for word in wanted)
    ]
    if options.json:
        shapes = [compliance.rule_json(rule) for rule in rules]
        put({"rules": [
            {**{key: told for key, told in shape.items() if key not in _HIDDEN}, "law": rule.law}
            for rule, shape in zip(rules, shapes, strict=True)
        ]})  # fmt: skip
        return
    english = options.locale.startswith("en")
    rows = [
        (rule.id, rule.severity, rule.topic, _cut(str(shape["says_en" if english else "says"])), _law(shape, english))
        for rule, shape in ((rule, compliance.rule_json(rule)) for rule in rules)
    ]
    table(options, ("cli.rule", "cli.severity", "cli.topic", "cli.rule_says", "cli.law"), rows)
    say(options, "cli.rules_count", count=len(rows), day=_day(launch_date, options).isoformat())


def show(ctx: typer.Context, rule: str, launch_date: str = "", overrides: Overrides = None) -> None:
    """Show one rule: what it wants, by which law since when, scope, exceptions, disclosures, its own examples."""
    options: Options = ctx.obj
    day, name = _day(launch_date, options), rule.strip().upper()
    own = name.partition("-")[0]
    known: list[Rule] = []
    for jurisdiction in (own,) if own in JURISDICTIONS else JURISDICTIONS:
        known += compliance.load_rules(jurisdiction, day, overrides)
    found = next((item for item in known if item.id == name), None)
    if found is None:
        near = ", ".join(one for one, _, _ in process.extract(name, [item.id for item in known], limit=3))
        raise UnknownItemError("compliance.no_rule", rule=rule, day=day.isoformat(), near=near)
    shape = compliance.rule_json(found)
    if options.json:
        put(shape)
    else:
        _tell(options, shape)


def _tell(options: Options, shape: Any) -> None:
    english = options.locale.startswith("en")
    sys.stdout.write(f"{shape['id']}  {shape['severity']} · {shape['topic']}\n")
    sys.stdout.write(f"{shape['says_en'] if english else shape['says']}\n")
    if english and shape["says_en"] != shape["says"]:
        sys.stdout.write(f"{shape['says']}\n")
    every = words(options, "cli.rule_everywhere")
    rows: list[tuple[str, Any]] = [
        ("law", "\n".join(_cited(options, one, english) for one in shape["citations"])),
        ("in_force", f"{shape['effective_from'] or '…'} – {shape['effective_to'] or '…'}"),
        ("scope", shape["scope"]),
        ("products", ", ".join(shape["products"]) or every),
        ("channels", ", ".join(shape["channels"]) or every),
        ("materials", ", ".join(shape["materials"]) or every),
        ("like", shape["triggered_by"]),
        ("exceptions", shape["exceptions"]),
        ("disclosures", ", ".join(shape["disclosures"])),
        ("verified", shape["verified"]),
        ("reason", shape["reason"]),
        ("hit", "\n".join(shape["examples"]["hit"][:5])),
        ("pass", "\n".join(shape["examples"]["pass"][:5])),
    ]
    for name, told in rows:
        if told:
            label = words(options, f"cli.rule_{name}")
            sys.stdout.write(f"  {label}: " + str(told).replace("\n", "\n      ") + "\n")


def _cited(options: Options, one: Any, english: bool) -> str:
    told = f"{one['law_en']} {one['article_en']}" if english else f"{one['law']} {one['article']}"
    since = f" ({words(options, 'cli.rule_since', day=one['effective'])})" if one["effective"] else ""
    return told.strip() + since


def _law(shape: Any, english: bool) -> str:
    first = shape["citations"][0] if shape["citations"] else {}
    keys = ("law_en", "article_en") if english else ("law", "article")
    return " ".join(str(first[key]) for key in keys if first.get(key))


def _cut(text: str) -> str:
    return text if len(text) <= 44 else f"{text[:43]}…"


def diff(
    ctx: typer.Context,
    jurisdiction: str = "CN",
    overrides: Overrides = None,
    launch_date: str = "",
    against: Annotated[str, typer.Option(help="An earlier launch date to compare with.")] = "",
) -> None:
    """Show what a bank's own file, or a later launch date, adds, drops and changes."""
    options: Options = ctx.obj
    day = _day(launch_date, options)
    before = compliance.load_rules(jurisdiction, _day(against, options, "--against") if against else day)
    found = compliance.differences(before, compliance.load_rules(jurisdiction, day, overrides))
    if options.json:
        put({"differences": [
            {"rule": item.rule, "kind": item.kind, "keys": list(item.keys), "reason": item.reason} for item in found
        ]})  # fmt: skip
        return
    if not found:
        say(options, "cli.rules_same")
        return
    kinds = {name: words(options, f"cli.rule_{name}") for name in ("added", "dropped", "changed")}
    rows = [(item.rule, kinds[item.kind], ", ".join(item.keys), item.reason) for item in found]
    table(options, ("cli.rule", "cli.rule_difference", "cli.rule_keys", "cli.rule_reason"), rows)


def tried(ctx: typer.Context, jurisdiction: str = "", overrides: Overrides = None) -> None:
    """Run every rule's own examples (``--jurisdiction``: those of its rules; ``--overrides``: also a bank's)."""
    options: Options = ctx.obj
    told = bool(jurisdiction) or overrides is not None
    own = compliance.load_rules(jurisdiction or "CN", None, overrides) if told else None
    passed, failures = compliance.run_examples(own)
    if options.json:
        put({"passed": passed, "failures": failures})
    else:
        say(options, "cli.rules_tested", passed=passed, failed=len(failures))
        for failure in failures:
            sys.stdout.write(f"  {failure}\n")
    options.exit_code = 1 if failures else 0


def _day(text: str, options: Options, option: str = "--launch-date") -> Any:
    if not text:
        return options.day
    try:
        return type(options.day).fromisoformat(text)
    except ValueError as error:
        raise UsageError("cli.bad_date", option=option, text=text) from error
