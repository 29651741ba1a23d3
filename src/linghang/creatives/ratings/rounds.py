"""A round of rating: fresh candidates drawn, chosen, painted and stored; later read out with an honest figure."""

import random
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import skia

from linghang.base.ids import new_id
from linghang.creatives.pictures import DesignSpec, compose, spec_of
from linghang.creatives.pictures.elements.sprites import sprite
from linghang.creatives.ratings import store
from linghang.creatives.ratings.agreement import flag_agreement, wilson
from linghang.creatives.ratings.batch import choose_batch
from linghang.creatives.ratings.learning import Model, fit
from linghang.creatives.ratings.model import FLAGS, Candidate, Rating, Subject
from linghang.creatives.ratings.sampling import element_of, element_pool, picture_pool
from linghang.kit import files
from linghang.kit.context import Context

POOL = 12
"""Candidates drawn for each one that is painted."""
_SHEET = 480


@dataclass(frozen=True)
class Standing:
    """Where a round stands: how much is rated, by whom, and the only claim of usability, that of its audit.

    ``usable``/``of`` count audit looks; ``low``/``high`` are Wilson's 95 % interval, None before any audit look.
    ``flags`` are the shares of looks with each defect, ``agreement`` Krippendorff's α (None: too few repeats).
    """

    round: store.Round
    items: int
    rated: int
    raters: tuple[str, ...]
    usable: int
    of: int
    low: float | None
    high: float | None
    flags: Mapping[str, float]
    agreement: Mapping[str, float | None]


def model_of(ctx: Context, subject: Subject) -> Model:
    """The model of everything that was rated so far of a subject, made anew from the ledger."""
    rated = {item.candidate.id: item.candidate for item in store.items_of(ctx.db, ctx.institution_id)}
    known = {name: item for name, item in rated.items() if item.subject == subject}
    return fit(known, store.ratings_of(ctx.db, ctx.institution_id), seed=ctx.seed)


def open_round(ctx: Context, specs: Sequence[DesignSpec], element: str, size: int, cache: Path) -> store.Round:
    """Draw, choose, paint and store a round of ``size``: pictures of ``specs``, or elements of a kind."""
    subject: Subject = "element" if element else "picture"
    done = store.items_of(ctx.db, ctx.institution_id)
    seed = ctx.seed + len(store.all_rounds(ctx.db, ctx.institution_id)) * 7919
    pool = element_pool(element, size * POOL, seed=seed) if element else picture_pool(specs, size * POOL, seed=seed)
    earlier = {item.candidate.id: item for item in done if item.candidate.subject == subject}
    model = model_of(ctx, subject)
    batch = choose_batch(
        pool, [item.candidate for item in earlier.values() if _same(item.candidate, element)], model, size, seed=seed
    )
    ctx.emit("paint", 0, len(batch.items), "ratings.painting")
    chances = model.usable([item for item, _ in batch.items])
    opened = store.Round(
        new_id("rnd", ctx.now), subject, element or _named(specs), ctx.actor.name, ctx.now, model.ratings
    )
    painted: list[store.Item] = []
    fresh = [item for item, _ in batch.items if item.id not in earlier]
    drawn = dict(zip([item.id for item in fresh], _paint(fresh, cache, ctx.pool, ctx), strict=True))
    for place, (item, purpose) in enumerate(batch.items):
        if item.id in drawn:
            data, mime = drawn[item.id]
            file = files.put(ctx.home, data)
        else:
            file, mime = earlier[item.id].file, earlier[item.id].mime
        painted.append(store.Item(opened.id, item, purpose, place, file, mime, float(chances[place])))
    store.begin(ctx.db, ctx.institution_id, opened, painted)
    return opened


def _same(item: Candidate, element: str) -> bool:
    return not element or item.parameters.get("kind") == element


def _named(specs: Sequence[DesignSpec]) -> str:
    return "·".join(dict.fromkeys(f"{spec.mood}/{spec.product}/{spec.frame.id}" for spec in specs))[:80]


def _paint(fresh: Sequence[Candidate], cache: Path, pool: Executor | None, ctx: Context) -> list[tuple[bytes, str]]:
    done: list[tuple[bytes, str]] = []
    work = [pool.submit(paint, item, cache) for item in fresh] if pool is not None else None
    for number, item in enumerate(fresh):
        done.append(work[number].result() if work is not None else paint(item, cache))
        ctx.emit("paint", number + 1, len(fresh), "ratings.painting")
    return done


def paint(item: Candidate, cache: Path) -> tuple[bytes, str]:
    """The file of a candidate and its media type: a finished picture, or an element on a neutral sheet."""
    if item.subject == "picture":
        picture = compose(spec_of(item.recipe), cache=cache, attempts=1)
        return picture.data, picture.mime
    found = sprite(element_of(item.recipe), cache=cache)
    surface = skia.Surface(_SHEET, _SHEET)
    canvas = surface.getCanvas()
    canvas.clear(0xFFF3F1EE)
    scale = _SHEET * 0.86 / found.side
    canvas.translate(_SHEET * 0.07 + found.left * scale, _SHEET * 0.07 + found.top * scale)
    canvas.scale(scale, scale)
    canvas.drawImage(found.image, 0, 0, skia.SamplingOptions(skia.FilterMode.kLinear))
    data = surface.makeImageSnapshot().encodeToData(skia.EncodedImageFormat.kWEBP, 90)
    return bytes(data), "image/webp"


def queue(ctx: Context, name: str) -> tuple[store.Item, ...]:
    """What the actor has not yet rated in a round, in an order of the actor's own, so that tiredness is shared out."""
    said = {one.candidate for one in store.ratings_of(ctx.db, ctx.institution_id, name) if one.rater == ctx.actor.name}
    left = [item for item in store.items_of(ctx.db, ctx.institution_id, name) if item.candidate.id not in said]
    random.Random(f"{name}|{ctx.actor.name}").shuffle(left)
    return tuple(left)


def standing(ctx: Context, opened: store.Round) -> Standing:
    """How a round stands. Only audit items count towards usability; repeats and all tell of agreement."""
    painted = store.items_of(ctx.db, ctx.institution_id, opened.id)
    said = store.ratings_of(ctx.db, ctx.institution_id, opened.id)
    audit = {item.candidate.id for item in painted if item.purpose == "audit"}
    looks = [one for one in said if one.candidate in audit]
    good = sum(one.usable for one in looks)
    interval = wilson(good, len(looks))
    return Standing(
        round=opened,
        items=len(painted),
        rated=len({one.candidate for one in said}),
        raters=tuple(sorted({one.rater for one in said})),
        usable=good,
        of=len(looks),
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        flags={flag: sum(flag in one.flags for one in said) / len(said) for flag in FLAGS} if said else {},
        agreement=flag_agreement(_by_candidate(ctx, said), FLAGS),
    )


def _by_candidate(ctx: Context, said: Sequence[Rating]) -> Mapping[str, Sequence[frozenset[str]]]:
    """All looks at the candidates of a round, those of earlier rounds too where it shows them again."""
    shown = {one.candidate for one in said}
    table: dict[str, list[frozenset[str]]] = {}
    for one in store.ratings_of(ctx.db, ctx.institution_id):
        if one.candidate in shown:
            table.setdefault(one.candidate, []).append(one.flags)
    return table
