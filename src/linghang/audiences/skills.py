"""Skills of audiences: size while typing, words, fields, overlap, a masked sample."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from linghang import customers, packs
from linghang.audiences import store
from linghang.audiences.asked import asked, by_id, not_heard, said, unknown, worded
from linghang.audiences.counting import conditions, members, waterfall
from linghang.audiences.describing import described
from linghang.audiences.estimating import estimate
from linghang.audiences.expansion import expand, surroundings
from linghang.audiences.freshness import current_index, fallen_back, sources_of
from linghang.audiences.hearing import explain
from linghang.audiences.index.opened import Index
from linghang.audiences.overlaps import MOST_IN_VENN, masked, overlap, sample, venn
from linghang.audiences.peeking import MOST_SHOWN, rows_of
from linghang.audiences.profiles import default_dimensions, profile_of
from linghang.audiences.rules import as_json, parse, validate
from linghang.audiences.screening import Said, Screened, screen
from linghang.base.digest import plain
from linghang.base.errors import RefusedError, UsageError
from linghang.base.messages import render
from linghang.base.predicates import Combination, Rule, Saved
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
    audience: str = "",
    product: str = "",
    channels: Sequence[str] = (),
    dimensions: Sequence[str] = (),
) -> dict[str, Any]:
    """Size of an audience, what each condition and reason removes, profile, and reach per channel.

    ``rule`` is a rule as JSON; or ``text`` says it in words; or ``audience`` names a saved one. ``product`` (an id)
    adds suitability; without ``channels`` the reach of all of them is told.
    """
    pack = packs.load(ctx.pack)
    meant = asked(ctx, pack, rule, text, audience)
    index = current_index(ctx, pack)
    about = product_of(pack, product)
    places = tuple(channels) or tuple(channel.id for channel in pack.channels)
    done = screened(ctx, pack, meant.rule, index, about, places)
    shown = tuple(dimensions) or default_dimensions(pack, index)
    names = store.names(ctx.db, ctx.institution_id)
    return {
        "rule": as_json(meant.rule),
        "words": explain(meant.rule, pack, ctx.locale, names),
        "base": index.population,
        "matched": done.matched,
        "count": done.count,
        "steps": [
            {**plain(step), "rule": as_json(step.rule), "words": explain(step.rule, pack, ctx.locale, names)}
            if step.rule is not None
            else plain(step)
            for step in waterfall(meant.rule, index, ctx.today)
        ],
        "removed": [_removed(item, ctx.locale) for item in done.removed],
        "reach": dict(done.reach),
        "channel_removed": {
            name: [_removed(item, ctx.locale) for item in items] for name, items in done.channel_removed.items()
        },
        "profile": plain(profile_of(done.allowed, index, shown, ctx.today)),
        "generation": index.label,
        "as_of": index.as_of.isoformat(),
        "labels": labels(pack, ctx.locale),
        "findings": worded((*meant.findings, *fallen_back(ctx.home, ctx.institution_id)), ctx.locale),
    }


def screened(
    ctx: Context, pack: Pack, rule: Rule, index: Index, about: Product | None, channels: Sequence[str]
) -> Screened:
    """Who of a rule's customers may be addressed now, by the register and the ledger of touches."""
    policy = customers.policy_of(pack)
    kind = about.kind if about is not None else ""
    capped = {name: customers.capped(ctx.db, ctx.institution_id, name, policy, ctx.now, kind=kind) for name in channels}
    heard = Said(customers.register_of(ctx.db, ctx.institution_id), ctx.now)
    return screen(rule, index, pack, product=about, channels=channels, today=ctx.today, capped=capped, said=heard)


@skill("audience.count", effect="read", permission="audience.read", example={"rule": {"all": []}})
def count_customers(
    ctx: Context, rule: Any = None, text: str = "", audience: str = "", estimated: bool = False
) -> dict[str, Any]:
    """How many customers satisfy a rule (or words, or are in a saved audience), exactly, and how fresh the data are.

    For every key that is typed. ``estimated`` asks the analytics engine for a sketch instead of the index for a count.
    """
    pack = packs.load(ctx.pack)
    meant = asked(ctx, pack, rule, text, audience)
    if estimated:
        catalogue = customers.catalogue_of(pack)
        plain_rule = expand(meant.rule, surroundings(ctx, pack, catalogue))
        told = estimate(ctx.analytics, catalogue, sources_of(ctx), plain_rule, ctx.today)
        return {"estimated": True, **plain(told), "findings": worded(meant.findings, ctx.locale)}
    index = current_index(ctx, pack)
    steps = waterfall(meant.rule, index, ctx.today)
    return {
        "estimated": False,
        "count": steps[-1].remaining,
        "base": index.population,
        "removed": [step.removed for step in steps[1:]],
        "remaining": [step.remaining for step in steps[1:]],
        "generation": index.label,
        "as_of": index.as_of.isoformat(),
        "findings": worded((*meant.findings, *fallen_back(ctx.home, ctx.institution_id)), ctx.locale),
    }


@skill(
    "audience.explain",
    effect="read",
    permission="audience.read",
    example={"text": "30到50岁的女性"},
    needs={"text": "words"},
    makes="audience.words",
)
def tell(ctx: Context, rule: Any = None, text: str = "", audience: str = "") -> dict[str, Any]:
    """A rule in words (Chinese and English) and as JSON, with what is wrong or odd about it.

    ``text`` may be words that this gave (the rule comes back as it was) or any sentence; what was not understood of it
    is told in ``findings``.
    """
    pack = packs.load(ctx.pack)
    if audience:
        chosen = asked(ctx, pack, audience=audience).rule
    else:
        chosen = said(ctx, pack, text) if rule is None else by_id(ctx, parse(rule))
    aside = not_heard(ctx, pack, text) if rule is None and not audience else ()
    names = store.names(ctx.db, ctx.institution_id)
    told = {locale: explain(chosen, pack, locale, names) for locale in dict.fromkeys((ctx.locale, "zh-CN", "en"))}
    return {
        "rule": as_json(chosen),
        "words": told[ctx.locale],
        "zh": told["zh-CN"],
        "en": told["en"],
        "parts": [explain(part, pack, ctx.locale, names) for part in conditions(chosen)],
        "findings": worded((*validate(chosen, pack), *unknown(ctx, chosen), *aside), ctx.locale),
    }


@skill("audience.fields", effect="read", permission="audience.read", makes="audience.fields")
def fields(ctx: Context, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every field that a rule may name: kind, label, choices, unit, and whether the data have it.

    With ``names`` only those, and between which round values about equally many customers lie (``stops``).
    """
    pack = packs.load(ctx.pack)
    return described(pack, customers.catalogue_of(pack), current_index(ctx, pack), ctx.locale, names)


@skill("audience.overlap", effect="read", permission="audience.read")
def compare(ctx: Context, rules: Mapping[str, Any] | None = None, audiences: Sequence[str] = ()) -> dict[str, Any]:
    """How many customers each two of some audiences share: ``rules`` maps names to rules, ``audiences`` are saved ones.

    ``only`` counts, of up to four audiences, who is in exactly these of them and in no other.
    """
    pack = packs.load(ctx.pack)
    index = current_index(ctx, pack)
    chosen = {name: asked(ctx, pack, shape).rule for name, shape in (rules or {}).items()}
    for name in audiences:
        found = store.find(ctx.db, ctx.institution_id, name)
        chosen[found.name] = Saved(found.id)
    if len(chosen) < 2:
        raise UsageError("audiences.needs_two", found=len(chosen))
    told = plain(overlap(chosen, index, ctx.today))
    if len(chosen) > MOST_IN_VENN:
        return {**told, "only": [], "base": index.population}
    parts = venn(chosen, index, ctx.today)
    only = [{"names": list(names), "count": size} for names, size in parts.items()]
    return {**told, "only": only, "base": index.population}


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
    rules = {part[:30]: said(ctx, pack, part) for part in parts}
    if len(rules) != 2 or any(rule == Combination("all", ()) for rule in rules.values()):
        raise RefusedError("audiences.not_two", text=text[:60])
    index = current_index(ctx, pack)
    found = overlap(rules, index, ctx.today)
    names = store.names(ctx.db, ctx.institution_id)
    return {
        "names": [explain(rule, pack, ctx.locale, names) for rule in rules.values()],
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
def look(
    ctx: Context, rule: Any = None, text: str = "", audience: str = "", most: int = 20, dimensions: Sequence[str] = ()
) -> dict[str, Any]:
    """Some members of an audience with some of their fields, the same for a seed.

    Ids are masked and sensitive fields hidden, but for who has the right customers.unmask.
    """
    pack = packs.load(ctx.pack)
    index = current_index(ctx, pack)
    found = members(asked(ctx, pack, rule, text, audience).rule, index, ctx.today)
    some = sample(found, ctx.seed, max(0, min(most, MOST_SHOWN)))
    ids = customers.Numbers(ctx.analytics, ctx.institution_id).ids(some)
    plainly = "customers.unmask" in ctx.actor.rights
    shown = tuple(dimensions) or default_dimensions(pack, index)
    return {
        "count": len(found),
        "customers": ids if plainly else list(masked(ids, f"{ctx.institution_id}:{ctx.seed}")),
        "masked": not plainly,
        "fields": list(shown),
        "rows": rows_of(some, index, pack, shown, plainly=plainly),
        "labels": labels(pack, ctx.locale),
    }


def product_of(pack: Pack, product: str) -> Product | None:
    if not product:
        return None
    found = next((item for item in pack.products if item.id == product), None)
    if found is None:
        have = ", ".join(item.id for item in pack.products[:20])
        raise UsageError("audiences.unknown_product", product=product, have=have)
    return found


def labels(pack: Pack, locale: str) -> dict[str, str]:
    """Names of fields and channels by their ids, and of choices by ``field=value``."""
    labels = {item.id: item.label.of(locale) for item in pack.channels}
    words = {value: render(f"audiences.words.{code}", {}, locale) for value, code in (("true", "yes"), ("false", "no"))}
    labels |= {
        f"{one.name}={value}": word for one in pack.attributes if one.kind == "bool" for value, word in words.items()
    }
    labels |= {attribute.name: attribute.label.of(locale) for attribute in pack.attributes}
    return labels | {
        f"{attribute.name}={choice.value}": choice.label.of(locale)
        for attribute in pack.attributes
        for choice in attribute.choices
    }


def _removed(item: Any, locale: str) -> dict[str, Any]:
    return {**plain(item), "message": render(item.code, item.params, locale)}
