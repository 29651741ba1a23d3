"""Skills that play with an audience: nearer to a size, compared, its like, in layers, one customer's why, as a file."""

from collections.abc import Sequence
from typing import Any, Literal

from linghang import customers, packs
from linghang.access.sealing import seal_file
from linghang.audiences import saving, store
from linghang.audiences.asked import asked, worded
from linghang.audiences.automatic import automatic
from linghang.audiences.comparisons import compare as compared
from linghang.audiences.comparisons import differing
from linghang.audiences.counting import conditions
from linghang.audiences.counting import members as members_of
from linghang.audiences.exports import Form, content_of, export
from linghang.audiences.freshness import current_index
from linghang.audiences.hearing import explain
from linghang.audiences.index.running import bitset, numbers_of
from linghang.audiences.lookalikes import Lookalike, lookalike
from linghang.audiences.overlaps import masked
from linghang.audiences.profiles import default_dimensions
from linghang.audiences.reasons import standing
from linghang.audiences.rules import as_json
from linghang.audiences.skills import labels
from linghang.audiences.suggestions import suggest
from linghang.audiences.traits import fields_of
from linghang.audiences.uses import behind, referred
from linghang.base.digest import plain
from linghang.base.messages import render
from linghang.base.predicates import Combination, Rule, Saved
from linghang.campaigns.sections import Layers
from linghang.kit import files
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack


@skill("audience.suggest", effect="read", permission="audience.read", cost="medium", needs={"text": "words"})
def suggestions(
    ctx: Context, size: int, rule: Any = None, text: str = "", audience: str = "", most: int = 6
) -> dict[str, Any]:
    """Changes of one condition that bring an audience nearer to ``size`` customers, each counted exactly."""
    pack = packs.load(ctx.pack)
    # Of a saved audience the conditions of its own rule are what can be moved.
    chosen = _own_rule(ctx, asked(ctx, pack, rule, text, audience).rule)
    index = current_index(ctx, pack)
    names = store.names(ctx.db, ctx.institution_id)

    def words(one: Rule | None) -> str:
        return explain(one, pack, ctx.locale, names) if one is not None else ""

    found = suggest(chosen, index, pack, size, ctx.today, most=max(1, min(most, 20)))
    return {
        "size": size,
        "suggestions": [
            {
                "code": one.code,
                "message": render(one.code, {"before": words(one.before), "after": words(one.after)}, ctx.locale),
                "count": one.count,
                "rule": as_json(one.rule),
            }
            for one in found
        ],
    }


@skill("audience.compare", effect="read", permission="audience.read", cost="medium")
def compare(ctx: Context, one: Any, other: Any, dimensions: Sequence[str] = ()) -> dict[str, Any]:
    """Two audiences beside each other; each a rule as JSON, words, or the name of a saved audience.

    Who is in both and who in one only, which conditions differ, and the shares that differ most.
    """
    pack = packs.load(ctx.pack)
    index = current_index(ctx, pack)
    names = store.names(ctx.db, ctx.institution_id)
    rules = [_either(ctx, pack, side) for side in (one, other)]
    # Conditions of saved audiences are compared as those they are made of.
    inner = [_own_rule(ctx, rule) for rule in rules]
    both, mine, theirs = differing(inner[0], inner[1])
    sets = [bitset(index.plan(rule, ctx.today), index.words) for rule in rules]
    told = compared(sets[0], sets[1], index, tuple(dimensions) or default_dimensions(pack, index), ctx.today)
    return {
        **plain(told),
        "names": [explain(rule, pack, ctx.locale, names) for rule in rules],
        "conditions": {
            key: [explain(part, pack, ctx.locale, names) for part in parts]
            for key, parts in (("both", both), ("one", mine), ("other", theirs))
        },
        "labels": labels(pack, ctx.locale),
    }


@skill(
    "audience.lookalike", effect="draft", permission="audience.edit", cost="high", durable=True, needs={"text": "words"}
)
def alike(
    ctx: Context, size: int, rule: Any = None, text: str = "", audience: str = "", within: Any = None, save_as: str = ""
) -> dict[str, Any]:
    """The ``size`` customers outside a seed who resemble it most, with the lift measured on members put aside.

    ``within`` (a rule, words or a saved audience) bounds who may be found. The fields that define the seed are not
    looked at. With ``save_as`` they are saved as an audience under that name.
    """
    pack = packs.load(ctx.pack)
    if save_as:
        saving.checked_name(save_as)
    seed = asked(ctx, pack, rule, text, audience).rule
    ctx.emit("audiences.seed", 0, 3)
    index = current_index(ctx, pack)
    bounds = None if within is None else bitset(index.plan(_either(ctx, pack, within), ctx.today), index.words)
    members = bitset(index.plan(seed, ctx.today), index.words)
    ctx.emit("audiences.learning", 1, 3)
    found = lookalike(
        members, index, pack, wanted=size, seed_number=ctx.seed, today=ctx.today, within=bounds,
        without=_fields_behind(ctx, seed),
    )  # fmt: skip
    ctx.emit("audiences.saving", 2, 3)
    told = {name: getattr(found, name) for name in ("count", "seeds", "held", "found", "lift", "low", "high", "auc")}
    saved = ""
    if save_as:
        names = store.names(ctx.db, ctx.institution_id)
        name = names[seed.audience] if isinstance(seed, Saved) else explain(seed, pack, ctx.locale, names)
        made = {**told, "seed": name}
        kept = saving.save(ctx, pack, save_as, None, source="lookalike", members=numbers_of(found.members), made=made)
        saved = kept.id
    return {
        **told,
        "reasons": _reasons(found, pack, ctx.locale),
        "content": content_of(numbers_of(found.members)),
        "audience": saved,
        "labels": labels(pack, ctx.locale),
        "findings": worded(found.findings, ctx.locale),
    }


@skill("audience.layers", effect="read", permission="audience.read", cost="medium", needs={"text": "words"})
def layers(
    ctx: Context, by: Literal["value", "lifecycle"] = "value", rule: Any = None, text: str = "", audience: str = ""
) -> dict[str, Any]:
    """An audience in disjoint layers that make themselves, each a rule that can be read: by value or life cycle."""
    pack = packs.load(ctx.pack)
    chosen = asked(ctx, pack, rule, text, audience).rule
    index = current_index(ctx, pack)
    made = automatic(by, bitset(index.plan(chosen, ctx.today), index.words), index, pack, today=ctx.today)
    return layered(ctx, chosen, made)


def layered(ctx: Context, whole: Rule, made: Layers) -> dict[str, Any]:
    """Layers as they are told: each with its words, its count, and its rule within the audience."""
    total = sum(layer.count for layer in made.layers)
    english = {key.removesuffix("_en"): value for layer in made.layers for key, value in layer.params.items()}
    return {
        "attribute": made.attribute,
        "label": str(english.get("label", "")),
        "count": total,
        "layers": [
            {
                "id": layer.id,
                "words": render(layer.code, layer.params, ctx.locale),
                "count": layer.count,
                "share": layer.count / total if total else 0.0,
                "rule": as_json(Combination("all", (*conditions(whole), *conditions(layer.rule)))),
            }
            for layer in made.layers
        ],
    }


@skill("audience.why", effect="read", permission="customers.read", data="rows")
def why(
    ctx: Context, customer: str, rule: Any = None, text: str = "", audience: str = "", product: str = ""
) -> dict[str, Any]:
    """Whether one customer is in an audience and may be addressed, and what each condition and channel says of them."""
    pack = packs.load(ctx.pack)
    chosen = asked(ctx, pack, rule, text, audience).rule
    index = current_index(ctx, pack)
    number = customers.Numbers(ctx.analytics, ctx.institution_id).one(customer)
    names = store.names(ctx.db, ctx.institution_id)
    told = standing(ctx, pack, index, chosen, number, product=product)
    plainly = "customers.unmask" in ctx.actor.rights
    shown = customer if plainly else masked([customer], f"{ctx.institution_id}:{ctx.seed}")[0]
    return {
        "customer": shown,
        "inside": told.inside,
        "conditions": [
            {"words": explain(part, pack, ctx.locale, names), "holds": holds} for part, holds in told.conditions
        ],
        "reasons": [render(item.code, item.params, ctx.locale) for item in told.removed],
        "channels": {
            name: [render(item.code, item.params, ctx.locale) for item in items]
            for name, items in told.channels.items()
        },
        "labels": labels(pack, ctx.locale),
    }


@skill(
    "audience.export", effect="draft", permission="audience.export", cost="high", durable=True, data="rows",
    example={"form": "csv", "text": "30到50岁的女性"},
)  # fmt: skip
def exported(
    ctx: Context, form: Form = "parquet", rule: Any = None, text: str = "", audience: str = ""
) -> dict[str, Any]:
    """The members as a file: Parquet or CSV of external ids, or a portable roaring bitmap of dense numbers.

    ``content`` is the hash of who is in it, the same in every form; ``file`` is the digest under which it is fetched.
    """
    pack = packs.load(ctx.pack)
    index = current_index(ctx, pack)
    ctx.emit("audiences.counting", 0, 2)
    found = members_of(asked(ctx, pack, rule, text, audience).rule, index, ctx.today)
    ctx.emit("audiences.writing", 1, 2, count=len(found))
    numbers = customers.Numbers(ctx.analytics, ctx.institution_id)
    draft = ctx.home / "exports" / f"{content_of(found)[:16]}.{form}"
    made = export(found, draft, form, numbers.texts)
    seal_file(ctx.home, made.path)
    kept = files.take(ctx.home, made.path)
    ending = {"parquet": "parquet", "csv": "csv", "bitmap": "roaring"}[form]
    stem = store.find(ctx.db, ctx.institution_id, audience).name if audience else "audience"
    return {
        "file": kept, "name": f"{stem}-{ctx.today:%Y%m%d}.{ending}", "form": form, "customers": made.customers,
        "bytes": made.bytes, "content": made.content, "generation": index.label,
    }  # fmt: skip


def _own_rule(ctx: Context, rule: Rule) -> Rule:
    """The rule behind a saved audience that stands alone."""
    ids = referred(rule)
    if len(ids) != 1 or conditions(rule) != (rule,) or isinstance(rule, Combination):
        return rule
    return store.find(ctx.db, ctx.institution_id, ids[0]).rule or rule


def _either(ctx: Context, pack: Pack, side: Any) -> Rule:
    """A side of a comparison: JSON, the name or id of a saved audience, or words."""
    if not isinstance(side, str):
        return asked(ctx, pack, rule=side).rule
    known = store.names(ctx.db, ctx.institution_id)
    if side in known or side in known.values():
        return asked(ctx, pack, audience=side).rule
    return asked(ctx, pack, text=side).rule


def _fields_behind(ctx: Context, rule: Rule) -> frozenset[str]:
    """The fields that a rule speaks of, also through saved audiences."""
    inner = behind(ctx.db, ctx.institution_id, referred(rule))
    rules = [rule, *(store.find(ctx.db, ctx.institution_id, id).rule for id in inner)]
    return frozenset(name for one in rules if one is not None for name in fields_of(one))


def _reasons(found: Lookalike, pack: Pack, locale: str) -> list[dict[str, Any]]:
    known = labels(pack, locale) | {event.name: event.label.of(locale) for event in pack.events}
    return [
        {
            **plain(reason),
            "label": known.get(reason.field, reason.field),
            "value_label": known.get(f"{reason.field}={reason.value}", reason.value),
        }
        for reason in found.reasons
    ]
