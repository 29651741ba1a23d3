"""Skills of audiences: size while typing, words, overlap, a masked sample."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from linghang import customers, packs, reading
from linghang.audiences import store
from linghang.audiences.counting import members, waterfall
from linghang.audiences.estimating import estimate
from linghang.audiences.expansion import expand, surroundings
from linghang.audiences.freshness import current_index, sources_of
from linghang.audiences.hearing import explain, understand
from linghang.audiences.index.opened import Index
from linghang.audiences.overlaps import masked, overlap, sample
from linghang.audiences.profiles import default_dimensions, profile_of
from linghang.audiences.rules import as_json, from_reading, parse, validate
from linghang.audiences.screening import Said, screen
from linghang.base.digest import plain
from linghang.base.errors import RefusedError, UsageError
from linghang.base.findings import Finding, blocks
from linghang.base.messages import render
from linghang.base.predicates import Combination, Rule
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack, Product


@skill(
    "audience.preview",
    effect="read",
    permission="audience.read",
    example={"rule": {"field": "age", "op": "between", "value": [30, 50]}},
    needs={"text": "words"},
    makes={"audience.size": "", "audience.rule": "rule"},
)
def preview(
    ctx: Context,
    rule: Any = None,
    text: str = "",
    product: str = "",
    channels: Sequence[str] = (),
    dimensions: Sequence[str] = (),
) -> dict[str, Any]:
    """Size of an audience, what each condition and reason removes, profile, and reach per channel.

    ``rule`` is a rule as JSON; or ``text`` says it in words. ``product`` (an id) adds suitability; without ``channels``
    the reach of all of them is told.
    """
    pack = packs.load(ctx.pack)
    chosen, findings = _rule(ctx, pack, rule, text)
    index = current_index(ctx, pack)
    asked = tuple(channels) or tuple(channel.id for channel in pack.channels)
    policy = customers.policy_of(pack)
    about = _product(pack, product)
    kind = about.kind if about is not None else ""
    capped = {name: customers.capped(ctx.db, ctx.institution_id, name, policy, ctx.now, kind=kind) for name in asked}
    said = Said(customers.register_of(ctx.db, ctx.institution_id), ctx.now)
    done = screen(chosen, index, pack, product=about, channels=asked, today=ctx.today, capped=capped, said=said)
    shown = tuple(dimensions) or default_dimensions(pack, index)
    steps = waterfall(chosen, index, ctx.today)
    return {
        "rule": as_json(chosen),
        "words": explain(chosen, pack, ctx.locale),
        "base": index.population,
        "matched": done.matched,
        "count": done.count,
        "steps": [
            {**plain(step), "rule": as_json(step.rule), "words": explain(step.rule, pack, ctx.locale)}
            if step.rule is not None
            else plain(step)
            for step in steps
        ],
        "removed": [_removed(item, ctx.locale) for item in done.removed],
        "reach": dict(done.reach),
        "channel_removed": {
            name: [_removed(item, ctx.locale) for item in items] for name, items in done.channel_removed.items()
        },
        "profile": plain(profile_of(done.allowed, index, shown, ctx.today)),
        "generation": index.label,
        "as_of": index.as_of.isoformat(),
        "labels": _labels(pack, ctx.locale),
        "findings": _findings(findings, ctx.locale),
    }


@skill("audience.count", effect="read", permission="audience.read", example={"rule": {"all": []}})
def count_customers(ctx: Context, rule: Any = None, text: str = "", estimated: bool = False) -> dict[str, Any]:
    """How many customers satisfy a rule (or words), exactly, and how fresh the data are.

    For every key that is typed. ``estimated`` asks the analytics engine for a sketch instead of the index for a count.
    """
    pack = packs.load(ctx.pack)
    chosen, findings = _rule(ctx, pack, rule, text)
    if estimated:
        catalogue = customers.catalogue_of(pack)
        plain_rule = expand(chosen, surroundings(ctx, pack, catalogue))
        told = estimate(ctx.analytics, catalogue, sources_of(ctx), plain_rule, ctx.today)
        return {"estimated": True, **plain(told), "findings": _findings(findings, ctx.locale)}
    index = current_index(ctx, pack)
    steps = waterfall(chosen, index, ctx.today)
    return {
        "estimated": False,
        "count": steps[-1].remaining,
        "base": index.population,
        "removed": [step.removed for step in steps[1:]],
        "generation": index.label,
        "as_of": index.as_of.isoformat(),
        "findings": _findings(findings, ctx.locale),
    }


@skill(
    "audience.explain",
    effect="read",
    permission="audience.read",
    example={"text": "30到50岁的女性"},
    needs={"text": "words"},
    makes="audience.words",
)
def tell(ctx: Context, rule: Any = None, text: str = "") -> dict[str, Any]:
    """A rule in words (Chinese and English) and as JSON, with what is wrong or odd about it.

    ``text`` may be words that this gave (the rule comes back as it was) or any sentence.
    """
    pack = packs.load(ctx.pack)
    chosen = _said(ctx, pack, text) if rule is None else parse(rule)
    names = _names(ctx)
    return {
        "rule": as_json(chosen),
        "words": explain(chosen, pack, ctx.locale, names),
        "zh": explain(chosen, pack, "zh-CN", names),
        "en": explain(chosen, pack, "en", names),
        "findings": _findings(validate(chosen, pack), ctx.locale),
    }


@skill("audience.fields", effect="read", permission="audience.read", makes="audience.fields")
def fields(ctx: Context) -> list[dict[str, Any]]:
    """Every field that a rule may name: kind, label, choices, and whether the data have it."""
    pack = packs.load(ctx.pack)
    index = current_index(ctx, pack)
    catalogue = customers.catalogue_of(pack)
    every = {**catalogue.behaviours, **catalogue.fields}
    return [
        {
            "name": field.name,
            "label": field.label.of(ctx.locale),
            "kind": field.storage,
            "source": field.source,
            "values": list(field.values),
            "window": name in catalogue.behaviours,
            "here": _here(field.source, name, index),
        }
        for name, field in every.items()
        if field.usable
    ]


def _here(source: str, name: str, index: Index) -> bool:
    if source == "event":
        return True
    return name in index.columns if source == "column" else source == "holding" and "holding/now" in index.store


@skill("audience.overlap", effect="read", permission="audience.read")
def compare(ctx: Context, rules: Mapping[str, Any]) -> dict[str, Any]:
    """How many customers each two of some audiences share; ``rules`` maps a name to a rule."""
    pack = packs.load(ctx.pack)
    index = current_index(ctx, pack)
    return plain(overlap({name: parse(shape) for name, shape in rules.items()}, index, ctx.today))


@skill(
    "audience.shared",
    effect="read",
    permission="audience.read",
    example={"text": "沉睡客户和持有基金的客户重合多少"},
    needs={"text": "words"},
    makes="audience.overlap",
)
def shared(ctx: Context, text: str) -> dict[str, Any]:
    """How many customers two audiences of a sentence share: both are read in words, left and right of 和 or and.

    Refused when the sentence does not name two.
    """
    pack = packs.load(ctx.pack)
    parts = [part.strip() for part in _BOTH.split(_SHARED.sub("", text)) if part.strip()]
    rules = {part[:30]: _said(ctx, pack, part) for part in parts}
    if len(rules) != 2 or any(rule == Combination("all", ()) for rule in rules.values()):
        raise RefusedError("audiences.not_two", text=text[:60])
    index = current_index(ctx, pack)
    found = overlap(rules, index, ctx.today)
    return {
        "names": [explain(rule, pack, ctx.locale) for rule in rules.values()],
        "sizes": [found.shared[0][0], found.shared[1][1]],
        "both": found.shared[0][1],
        "rules": [as_json(rule) for rule in rules.values()],
    }


_SHARED = re.compile(
    r"(?:之间)?(?:的)?(?:重合|重叠|交集|重复)(?:度|率|部分|人数|客户)?(?:的)?(?:有)?(?:是)?"
    r"(?:多少|多大|几)?(?:人|客户)?[?？]?|^(?:看看|算一下|算算|查一下)"
    r"|how (?:much|many)[^.]*?(?:overlap|shared?) (?:between|of)|overlap (?:between|of)|[?？]"
)
_BOTH = re.compile(r"和|与|跟|同时|\band\b|\bvs\b")


@skill(
    "audience.sample",
    effect="read",
    permission="customers.read",
    data="rows",
    needs={"text": "words"},
    makes="customers.rows",
)
def look(ctx: Context, rule: Any = None, text: str = "", most: int = 20) -> dict[str, Any]:
    """Some members of an audience under masked ids, the same for a seed."""
    pack = packs.load(ctx.pack)
    chosen, _ = _rule(ctx, pack, rule, text)
    index = current_index(ctx, pack)
    found = members(chosen, index, ctx.today)
    some = sample(found, ctx.seed, min(most, 200))
    ids = customers.Numbers(ctx.analytics, ctx.institution_id).ids(some)
    return {"count": len(found), "customers": list(masked(ids, f"{ctx.institution_id}:{ctx.seed}"))}


def _rule(ctx: Context, pack: Pack, rule: Any, text: str) -> tuple[Rule, tuple[Finding, ...]]:
    """The rule that was asked for, with what is odd about it. Raises RefusedError("audiences.bad_rule")."""
    chosen = _said(ctx, pack, text) if rule is None else parse(rule)
    findings = validate(chosen, pack)
    if blocks(findings):
        raise RefusedError("audiences.bad_rule", findings, count=sum(blocks((finding,)) for finding in findings))
    return chosen, findings


def _said(ctx: Context, pack: Pack, text: str) -> Rule:
    if not text.strip():
        raise UsageError("audiences.nothing_asked")
    exact = _heard(ctx, pack, text)
    if exact is not None:
        return exact
    told = reading.people(text, today=ctx.today, pack=pack)
    if not told and not _EVERYBODY.search(text.lower()):
        # Without a condition everybody would be counted: an answer to a question that nobody asked.
        raise RefusedError("audiences.nobody_named", text=text[:60])
    return from_reading(told)


def _heard(ctx: Context, pack: Pack, text: str) -> Rule | None:
    """The rule whose words these are, in either language; None for a sentence that is not made of them."""
    names = _names(ctx)
    for locale in dict.fromkeys((ctx.locale, "zh-CN", "en")):
        try:
            return understand(text, pack, locale, names)
        except UsageError:
            continue
    return None


def _names(ctx: Context) -> dict[str, str]:
    """The names of saved audiences, by their ids."""
    return {one.id: one.name for one in store.every(ctx.db, ctx.institution_id)}


_EVERYBODY = re.compile(
    r"全体|所有|全部|全量|总共|一共|多少(?:个)?客户|客户(?:总数|有多少)|all (?:the |our )?customers|everybody|everyone"
)


def _product(pack: Pack, product: str) -> Product | None:
    if not product:
        return None
    found = next((item for item in pack.products if item.id == product), None)
    if found is None:
        have = ", ".join(item.id for item in pack.products[:20])
        raise UsageError("audiences.unknown_product", product=product, have=have)
    return found


def _labels(pack: Pack, locale: str) -> dict[str, str]:
    """Names of fields and channels by their ids, and of choices by ``field=value``."""
    labels = {item.id: item.label.of(locale) for item in pack.channels}
    labels |= {attribute.name: attribute.label.of(locale) for attribute in pack.attributes}
    return labels | {
        f"{attribute.name}={choice.value}": choice.label.of(locale)
        for attribute in pack.attributes
        for choice in attribute.choices
    }


def _removed(item: Any, locale: str) -> dict[str, Any]:
    return {**plain(item), "message": render(item.code, item.params, locale)}


def _findings(findings: Sequence[Finding], locale: str) -> list[dict[str, Any]]:
    return [{**plain(finding), "message": render(finding.code, finding.params, locale)} for finding in findings]
