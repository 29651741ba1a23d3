"""The skills of compliance: may we say it, and by which rules."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from rapidfuzz import process

from linghang import packs
from linghang.base.errors import UnknownItemError, UsageError
from linghang.compliance.batch import check_batch
from linghang.compliance.disclosures import disclosure_text
from linghang.compliance.loading import load_rules, own_file, rules_of
from linghang.compliance.model import JURISDICTIONS, Rule
from linghang.compliance.rendering import rule_json, searched, sought
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill(
    "compliance.check",
    effect="read",
    permission="rules.read",
    cacheable=True,
    example={"text": "定投永远不亏，时间会给你答案", "product": "fund", "channel": "push"},
    needs={"text": "material"},
    makes="compliance.verdict",
)
def check_text(
    ctx: Context, text: str, product: str = "brand", channel: str = "landing", launch_date: str = ""
) -> Mapping[str, Any]:
    """The verdict on a text by the rules in force: findings with clause and span, missing disclosures, a mended text."""
    line = {"text": text, "product": product, "channel": channel, "launch_date": launch_date}
    own = own_file(packs.load(ctx.pack))
    return {"text": text, **next(iter(check_batch([line], today=ctx.today, own=own)))}


@skill("rules.list", effect="read", permission="rules.read", cacheable=True, example={"product": "loan"})
def rules(
    ctx: Context, jurisdiction: str = "", launch_date: str = "", product: str = "", channel: str = "", words: str = "",
    topic: str = "", law: str = "", severity: str = "", own: bool = False,
) -> list[Mapping[str, Any]]:  # fmt: skip
    """The rules in force on a launch date, the institution's own on top; ``words`` are searched in all that they say.

    ``law`` is the whole name of one that they cite; ``own``: only what the institution added or changed.
    """
    wanted = sought(words)
    found = [
        rule
        for rule in _rules(ctx, jurisdiction, launch_date)
        if (not product or not rule.products or product in rule.products)
        and (not channel or not rule.channels or channel in rule.channels)
        and topic in ("", rule.topic)
        and severity in ("", str(rule.severity))
        and (not law or any(law == citation.law for citation in rule.citations))
        and all(word in searched(rule) for word in wanted)
    ]
    hidden = ("patterns", "examples")
    shapes = [
        {**{key: told for key, told in rule_json(rule).items() if key not in hidden}, "own": _is_own(ctx, rule, launch_date)}
        for rule in found
    ]  # fmt: skip
    return [shape for shape in shapes if shape["own"] or not own]


@skill("rules.show", effect="read", permission="rules.read", cacheable=True, example={"rule": "CN-AD-07"})
def rule(ctx: Context, rule: str, launch_date: str = "") -> Mapping[str, Any]:
    """One rule whole: citations with dates, exceptions, its own examples, and the words of what cures it.

    Raises UnknownItemError("compliance.no_rule") with the nearest ids.
    """
    jurisdiction = rule.partition("-")[0].upper()
    known = _rules(ctx, jurisdiction if jurisdiction in JURISDICTIONS else "", launch_date)
    for found in known:
        if found.id == rule.upper():
            cures = [{"code": code, "zh": disclosure_text(code, "zh"), "en": disclosure_text(code, "en")}
                     for code in found.disclosures]  # fmt: skip
            return {**rule_json(found), "cures": cures, "own": _is_own(ctx, found, launch_date)}
    near = ", ".join(name for name, _, _ in process.extract(rule.upper(), [item.id for item in known], limit=3))
    raise UnknownItemError("compliance.no_rule", rule=rule, day=_day(ctx, launch_date).isoformat(), near=near)


def _rules(ctx: Context, jurisdiction: str, launch_date: str) -> tuple[Rule, ...]:
    pack, day = packs.load(ctx.pack), _day(ctx, launch_date)
    if jurisdiction in ("", pack.jurisdiction):
        return rules_of(pack, day)
    return load_rules(jurisdiction, day)


def _is_own(ctx: Context, rule: Rule, launch_date: str) -> bool:
    """Whether the institution added the rule or changed it."""
    return all(rule != shipped for shipped in load_rules(rule.jurisdiction, _day(ctx, launch_date))
               if shipped.id == rule.id)  # fmt: skip


def _day(ctx: Context, launch_date: str) -> dt.date:
    try:
        return dt.date.fromisoformat(launch_date) if launch_date else ctx.today
    except ValueError as error:
        raise UsageError("compliance.bad_day", found=launch_date) from error
