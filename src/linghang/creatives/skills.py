"""Skills of creatives: what designers rate, what is learned from it, and what may be taken away."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang import packs
from linghang.base.errors import UsageError
from linghang.creatives import ratings
from linghang.creatives.pictures.cache import cache_folder
from linghang.creatives.pictures.elements.model import kinds
from linghang.creatives.ratings import rounds, store
from linghang.creatives.ratings.export import rated_set
from linghang.creatives.samples import sample_specs
from linghang.kit import files
from linghang.kit.context import Context
from linghang.kit.skills import skill

_SIZES = (8, 400)
_LOOK = 12
"""Items handed out at once: enough to load ahead, few enough that two raters do not wait for each other."""


@skill(
    "creative.round", effect="draft", permission="creative.edit", cost="high", durable=True,
    example={"element": "coin", "size": 40}, makes={"rating.round": ""},
)  # fmt: skip
def open_round(
    ctx: Context, mood: str = "lively", product: str = "wealth", slot: str = "splash", element: str = "", size: int = 40
) -> Mapping[str, Any]:
    """Begin a round of rating: ``size`` pictures of a mood, product and slot, or elements of a kind (金币 first)."""
    if not _SIZES[0] <= size <= _SIZES[1]:
        raise UsageError("ratings.bad_size", size=size, least=_SIZES[0], most=_SIZES[1])
    if element and element not in kinds():
        raise UsageError("ratings.no_element", element=element, have=", ".join(kinds()))
    specs = () if element else sample_specs(packs.load(ctx.pack), mood, product, slot)
    return _told(rounds.standing(ctx, rounds.open_round(ctx, specs, element, size, cache_folder())))


@skill("creative.rounds", effect="read", permission="creative.read", makes="rating.rounds")
def listing(ctx: Context, most: int = 20) -> list[Mapping[str, Any]]:
    """The rounds, newest first: how far they are, and the usable share of each one's audit with its interval."""
    return [_told(rounds.standing(ctx, one)) for one in store.all_rounds(ctx.db, ctx.institution_id)[:most]]


@skill("creative.queue", effect="read", permission="creative.read", needs={"round": "rating.round"})
def queue(ctx: Context, round: str = "last") -> Mapping[str, Any]:
    """What the actor has still to rate in a round: the next few with their files, and how many are left."""
    opened = store.round_of(ctx.db, ctx.institution_id, round)
    left = rounds.queue(ctx, opened.id)
    total = len(store.items_of(ctx.db, ctx.institution_id, opened.id))
    return {
        "round": opened.id,
        "name": opened.name,
        "subject": opened.subject,
        "items": [{"candidate": item.candidate.id, "file": item.file, "mime": item.mime} for item in left[:_LOOK]],
        "left": len(left),
        "of": total,
    }


@skill("creative.rate", effect="draft", permission="creative.edit", needs={"round": "rating.round"})
def rate(
    ctx: Context, candidate: str, flags: list[str], round: str = "last", note: str = "", millis: int = 0
) -> Mapping[str, Any]:
    """Rate one item of a round: its defects by name, none if it is usable. Rating again replaces one's own word."""
    opened = store.round_of(ctx.db, ctx.institution_id, round)
    strange = sorted(set(flags) - set(ratings.FLAGS))
    if strange:
        raise UsageError("ratings.no_flag", flag=", ".join(strange), have=", ".join(ratings.FLAGS))
    _known(ctx, opened.id, (candidate,))
    said = ratings.Rating(candidate, ctx.actor.name, frozenset(flags), note[:500], ctx.now, max(0, millis))
    store.rate(ctx.db, ctx.institution_id, opened.id, said)
    return {"candidate": candidate, "usable": said.usable, "left": len(rounds.queue(ctx, opened.id))}


@skill("creative.prefer", effect="draft", permission="creative.edit")
def prefer(ctx: Context, better: str, worse: str, round: str = "last") -> Mapping[str, Any]:
    """Say which of two items of a round one likes better: taste, kept apart from defects and apart by person."""
    if better == worse:
        raise UsageError("ratings.same_pair", candidate=better)
    opened = store.round_of(ctx.db, ctx.institution_id, round)
    _known(ctx, opened.id, (better, worse))
    store.prefer(ctx.db, ctx.institution_id, ratings.Pair(better, worse, ctx.actor.name, ctx.now))
    return {"better": better, "worse": worse}


@skill("creative.taste", effect="read", permission="creative.read")
def taste(ctx: Context, rater: str = "") -> Mapping[str, Any]:
    """What one designer prefers, by the comparisons made: the traits that count most, for and against."""
    who = rater or ctx.actor.name
    shown = {item.candidate.id: item.candidate for item in store.items_of(ctx.db, ctx.institution_id)}
    pairs = store.pairs_of(ctx.db, ctx.institution_id, who)
    found = ratings.fit_taste(shown, pairs)
    traits = sorted(found.traits(), key=lambda one: -abs(one[1]))[:8] if found else []
    return {
        "rater": who,
        "pairs": len(pairs),
        "enough": found is not None,
        "traits": [{"trait": name, "weight": round(weight, 3)} for name, weight in traits],
    }


@skill("creative.rated_set", effect="read", permission="creative.read", cost="medium")
def export(ctx: Context, round: str = "") -> Mapping[str, Any]:
    """Everything rated (or one round) as a ZIP that trainers of image models read; its digest in the home's files."""
    name = store.round_of(ctx.db, ctx.institution_id, round).id if round else ""
    said = store.ratings_of(ctx.db, ctx.institution_id, name)
    if not said:
        raise UsageError("ratings.nothing_rated")
    data, usable, rejected = rated_set(ctx, store.items_of(ctx.db, ctx.institution_id, name), said)
    return {"file": files.put(ctx.home, data), "bytes": len(data), "usable": usable, "rejected": rejected}


def _known(ctx: Context, name: str, candidates: Sequence[str]) -> None:
    there = {item.candidate.id for item in store.items_of(ctx.db, ctx.institution_id, name)}
    for one in candidates:
        if one not in there:
            raise UsageError("ratings.no_item", candidate=one, round=name)


def _told(found: rounds.Standing) -> Mapping[str, Any]:
    """A standing for the wire; shares of nothing are null, never zero."""
    opened = found.round
    return {
        "id": opened.id,
        "subject": opened.subject,
        "name": opened.name,
        "by": opened.actor,
        "at": opened.at,
        "learned_from": opened.learned_from,
        "items": found.items,
        "rated": found.rated,
        "raters": list(found.raters),
        "audit": {
            "looks": found.of,
            "usable": found.usable,
            "share": found.usable / found.of if found.of else None,
            "low": found.low,
            "high": found.high,
        },
        "flags": dict(found.flags),
        "agreement": dict(found.agreement),
    }
