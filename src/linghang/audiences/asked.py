"""Which audience is meant: a rule as JSON, words, a saved audience by id or name, or words that name one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from linghang import reading
from linghang.audiences import store
from linghang.audiences.counting import conditions
from linghang.audiences.hearing import understand
from linghang.audiences.rules import from_reading, parse, validate
from linghang.base.digest import plain
from linghang.base.errors import RefusedError, UnknownItemError, UsageError
from linghang.base.findings import Finding, Severity, blocks
from linghang.base.messages import render
from linghang.base.predicates import Combination, Ranked, Rule, Saved, leaves
from linghang.kit.context import Context
from linghang.packs.model import Pack

_EVERYBODY = re.compile(
    r"全体|所有|全部|全量|总共|一共|多少(?:个)?客户|客户(?:总数|有多少)|all (?:the |our )?customers|everybody|everyone"
)
_QUOTED = r"[「『“\"‘《]{name}[」』”\"’》]"
_MARKED = (
    r"(?:已存|保存的)?(?:人群包|人群|客群)[:：\s]*{name}|{name}\s*(?:人群包|人群|客群)"
    r"|(?:saved )?audience:?\s+{name}|{name} audience"
)
_EXCEPT = re.compile(
    r"(?:排除掉?|不含|不要|不包括|除了|除去|剔除|去掉|except(?: for)?|without|excluding|but not|not in)"
    r"\s*(?:the )?(?:已存人群|人群|(?:saved )?audience)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """The rule that was asked for, and what is odd about it."""

    rule: Rule
    findings: tuple[Finding, ...] = ()


def asked(ctx: Context, pack: Pack, rule: Any = None, text: str = "", audience: str = "") -> Asked:
    """The rule of one of the three ways to say it; ids stand for the names of saved audiences.

    Raises UsageError("audiences.nothing_asked" | "audiences.malformed_rule"), RefusedError("audiences.bad_rule" |
    "audiences.nobody_named") and UnknownItemError("audiences.unknown_audience").
    """
    if audience:
        return Asked(Saved(store.find(ctx.db, ctx.institution_id, audience).id))
    chosen = said(ctx, pack, text) if rule is None else by_id(ctx, parse(rule))
    aside = not_heard(ctx, pack, text) if rule is None else ()
    findings = (*validate(chosen, pack), *unknown(ctx, chosen), *aside)
    if blocks(findings):
        raise RefusedError("audiences.bad_rule", findings, count=sum(blocks((finding,)) for finding in findings))
    return Asked(chosen, findings)


def said(ctx: Context, pack: Pack, text: str) -> Rule:
    """The rule that a sentence says: the words of ``explain``, or any other; saved audiences may be named in it."""
    if not text.strip():
        raise UsageError("audiences.nothing_asked")
    known = store.names(ctx.db, ctx.institution_id)
    exact = _heard(ctx, pack, text, known)
    if exact is not None:
        return exact
    found = named(text, known)
    told = reading.people(found.rest, today=ctx.today, pack=pack)
    if found.ids or found.without:
        parts: tuple[Rule, ...] = (
            *(Saved(id) for id in found.ids),
            *(Combination("not", (Saved(id),)) for id in found.without),
            *(conditions(from_reading(told)) if told else ()),
        )
        return parts[0] if len(parts) == 1 else Combination("all", parts)
    strange = bool(reading.left_aside(found.rest, today=ctx.today, pack=pack))
    if not told and (strange or not _EVERYBODY.search(text.lower())):
        # Without a condition everybody would be counted: an answer to a question that nobody asked.
        raise RefusedError("audiences.nobody_named", text=text[:60])
    return from_reading(told)


def not_heard(ctx: Context, pack: Pack, text: str) -> tuple[Finding, ...]:
    """What a sentence says and its rule does not: it must not look as if it had been understood."""
    known = store.names(ctx.db, ctx.institution_id)
    if _heard(ctx, pack, text, known) is not None:
        return ()
    aside = reading.left_aside(named(text, known).rest, today=ctx.today, pack=pack)
    return (Finding("audiences.left_aside", Severity.S3, "text", params={"words": "; ".join(aside)}),) if aside else ()


@dataclass(frozen=True)
class Named:
    """The saved audiences that a sentence names, those that it leaves out, and the sentence without them."""

    ids: tuple[str, ...]
    without: tuple[str, ...]
    rest: str


def named(text: str, known: Mapping[str, str]) -> Named:
    """The saved audiences (id → name) that a sentence names.

    A name counts where it stands in quotation marks or beside a word like 人群 or audience, longest names first:
    people call audiences 高净值, and say the same word when they mean the attribute.
    """
    found: list[tuple[int, str, bool]] = []
    for id, name in sorted(known.items(), key=lambda one: -len(one[1])):
        for shape in (_QUOTED, _MARKED):
            match = re.search(shape.format(name=re.escape(name)), text, re.IGNORECASE)
            if match:
                before = _EXCEPT.search(text[: match.start()])
                start = before.start() if before else match.start()
                found.append((start, id, before is not None))
                text = f"{text[:start]}{' ' * (match.end() - start)}{text[match.end() :]}"
                break
    found.sort()
    ids, without = ([id for _, id, barred in found if barred is wanted] for wanted in (False, True))
    return Named(tuple(ids), tuple(without), text)


def _heard(ctx: Context, pack: Pack, text: str, names: Mapping[str, str]) -> Rule | None:
    """The rule whose words these are, in either language; None for a sentence that is not made of them."""
    for locale in dict.fromkeys((ctx.locale, "zh-CN", "en")):
        try:
            return understand(text, pack, locale, names)
        except UsageError:
            continue
    return None


def by_id(ctx: Context, rule: Rule) -> Rule:
    """The rule with the ids of saved audiences in the place of their names; what is unknown stays."""
    if isinstance(rule, Combination):
        return Combination(rule.how, tuple(by_id(ctx, part) for part in rule.parts))
    if isinstance(rule, Ranked) and rule.among is not None:
        return replace(rule, among=by_id(ctx, rule.among))
    if isinstance(rule, Saved):
        try:
            return Saved(store.find(ctx.db, ctx.institution_id, rule.audience).id)
        except UnknownItemError:
            return rule
    return rule


def unknown(ctx: Context, rule: Rule) -> tuple[Finding, ...]:
    """A finding for every saved audience that a rule names and nobody knows, with the nearest."""
    wrong: list[Finding] = []
    for leaf in leaves(rule):
        if isinstance(leaf, Saved):
            try:
                store.find(ctx.db, ctx.institution_id, leaf.audience)
            except UnknownItemError as error:
                params = {"audience": leaf.audience, "near": str(error.params["near"])}
                wrong.append(Finding("audiences.unknown_audience", Severity.S2, leaf.audience, params=params))
    return tuple(wrong)


def worded(findings: Sequence[Finding], locale: str) -> list[dict[str, Any]]:
    """Findings with their sentences."""
    return [{**plain(finding), "message": render(finding.code, finding.params, locale)} for finding in findings]
