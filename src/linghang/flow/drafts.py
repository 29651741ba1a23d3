"""Single pieces of one sentence, without a campaign: a few texts, a picture, a page. Nothing is kept but files.

They are made by the same hands as those of a campaign: the copy bank and the checker, the picture engine, the page
builder. Whoever wants them to run makes a campaign of them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from linghang import packs, pages, reading
from linghang.base.digest import plain
from linghang.base.errors import RefusedError
from linghang.base.messages import render
from linghang.base.patches import apply
from linghang.base.predicates import Combination
from linghang.campaigns.sections import Allocation, Allotment, Copy, Goal, Layer, Layers, Texts
from linghang.creatives import copy as writing
from linghang.creatives import modelled
from linghang.creatives.limits import Place
from linghang.creatives.variety import Message, messages
from linghang.flow import incentives, pictures, review
from linghang.flow.goal import set_goal
from linghang.kit import files
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Benefit, Pack
from linghang.reading.times.chinese import festival_words
from linghang.reading.times.festivals import holiday, nearest

MOST_TEXTS = 12
_RUN_UP = 6
"""Days before a festival of one day on which a piece for it begins to run."""
_EVERYBODY = Layers("", (Layer("all", "layer.all", Combination("all", ()), 0),))


@skill(
    "copy.write",
    effect="read",
    permission="creative.read",
    cost="medium",
    example={"text": "写三条小金库的推送", "count": 3},
    needs={"text": "words", "count": "count", "product": "product.kind", "patch": "constraints"},
    makes="copy.texts",
)
def write_copy(
    ctx: Context, text: str, count: int = 3, product: str = "", patch: list[dict[str, Any]] | None = None
) -> Mapping[str, Any]:
    """Texts for the channels that a sentence names (push by default), each passed by the checker.

    Refused without a product: nothing can be said of nothing. ``product`` is the kind that page or campaign are about.
    """
    pack = packs.load(ctx.pack)
    goal = _goal(ctx, text, pack, product, patch or ())
    given = _benefit(goal, pack)
    wanted = max(1, min(count, MOST_TEXTS))
    made, heard = _texts(ctx, goal, given, pack, wanted)
    if not made:
        raise RefusedError("drafts.no_text", product=goal.product, channels=", ".join(goal.channels))
    return {
        "product": goal.product,
        "product_name": _name(goal, pack, ctx.locale),
        "channels": list(goal.channels),
        "benefit": given.label.of(ctx.locale) if given else "",
        "texts": made[:wanted],
        "mind": "model" if any(one["mind"] == "model" for one in made[:wanted]) else "embedded",
        "model": heard,
        "assumptions": _assumed(goal, ctx.locale),
    }


@skill(
    "page.build",
    effect="draft",
    permission="creative.edit",
    cost="medium",
    example={"text": "搭一个双11会场页"},
    needs={"text": "words", "product": "product.kind", "patch": "constraints"},
    makes={"page.draft": "", "page.file": "file"},
)
def build_page(
    ctx: Context, text: str, product: str = "", patch: list[dict[str, Any]] | None = None
) -> Mapping[str, Any]:
    """A page of one sentence: its blocks and terms from the pack's facts, stored by content. It is not published."""
    pack = packs.load(ctx.pack)
    goal = _goal(ctx, text, pack, product, patch or (), needs_product=False)
    sold = next((item for item in pack.products if item.id == goal.product), None)
    given = _benefit(goal, pack)
    offered = (given,) if given else _usual_benefits(goal, pack)
    title = _page_title(goal, pack)
    texts = Texts({}, (Copy("cpy_title", "all", "page", "title", title, "plain", goal.lang),)) if title else None
    binding = "zh" if pack.jurisdiction == "CN" else ""
    made, html = pages.compose(
        goal, None, None, texts, sold, offered, pack.brand, None, goal.lang, binding, goal.script
    )
    files.put(ctx.home, html)
    findings = review.page_findings(goal, made, html, pack)
    return {
        "title": made.title,
        "start": goal.start.isoformat(),
        "end": goal.end.isoformat(),
        "file": made.file,
        "bytes": made.bytes,
        "blocks": [block.kind for block in made.blocks],
        "benefits": [benefit.label.of(ctx.locale) for benefit in offered],
        "verdict": "violating" if findings else "compliant",
        "findings": [{**plain(item), "message": render(item.code, item.params, ctx.locale)} for item in findings],
        "assumptions": _assumed(goal, ctx.locale),
    }


@skill(
    "picture.draw",
    effect="draft",
    permission="creative.edit",
    cost="high",
    example={"text": "画一张黄金的首页弹窗"},
    needs={"text": "words", "product": "product.kind", "patch": "constraints"},
    makes="picture.drafts",
)
def draw_picture(
    ctx: Context, text: str, product: str = "", patch: list[dict[str, Any]] | None = None
) -> Mapping[str, Any]:
    """Pictures of one sentence for the slots that it names (a home banner by default), with texts that were checked."""
    pack = packs.load(ctx.pack)
    goal = _goal(ctx, text, pack, product, patch or ())
    slots = goal.slots or tuple(slot.id for slot in pack.slots if "home_banner" in (slot.id, *slot.aliases))[:1]
    goal = replace(goal, slots=slots[:3], channels=())
    given = _benefit(goal, pack)
    allocation = _allocation(given)
    written = writing.write(
        goal, _EVERYBODY, allocation, pack, checker=review.checker(goal, pack), seed=ctx.seed, variants=1
    )
    own = tuple(item for item in written.texts.texts if item.variant != writing.NEUTRAL or given is None)
    drawn, findings = pictures.draw(ctx, goal, _EVERYBODY, replace(written.texts, texts=own), allocation, pack)
    if not drawn.pictures:
        raise RefusedError("drafts.no_picture", slots=", ".join(slots))
    named = {slot.id: slot.label.of(ctx.locale) for slot in pack.slots}
    return {
        "product": goal.product,
        "product_name": _name(goal, pack, ctx.locale),
        "pictures": [{**plain(item), "slot_name": named.get(item.slot, item.slot)} for item in drawn.pictures],
        "findings": [{**plain(item), "message": render(item.code, item.params, ctx.locale)} for item in findings],
        "assumptions": _assumed(goal, ctx.locale),
    }


def _goal(
    ctx: Context, text: str, pack: Pack, product: str, patch: Sequence[Mapping[str, Any]], *, needs_product: bool = True
) -> Goal:
    """The goal of a sentence that asks for a piece: audience, dates and budget may be left open."""
    told = reading.read(text, today=ctx.today, pack=pack)
    shape, _ = apply({key: value for key, value in told.reading.items() if key != "missing"}, patch)
    if product and "product" not in shape:
        shape["product"] = product
    if not shape.get("channels"):
        shape["channels"] = ["push"]
    made, findings = set_goal(_in_season(shape, text, ctx.today), text=text, today=ctx.today, pack=pack)
    if needs_product and not made.product:
        asked = tuple(item for item in findings if item.code.startswith(("goal.missing_product", "goal.product_not")))
        names = [item.label.of(ctx.locale) for item in pack.products[:8]]
        have = (", " if ctx.locale.startswith("en") else "、").join(names)
        raise RefusedError("drafts.which_product", asked, have=have)
    return made


def _in_season(shape: Mapping[str, Any], text: str, today: dt.date) -> Mapping[str, Any]:
    """The days of the festival that a piece is for: its holiday, else the week up to it; days that are said stay."""
    said = [word for word in festival_words() if word in text.casefold()]
    if not said or shape.get("end") or shape.get("duration_days"):
        return shape
    name = festival_words()[max(said, key=len)]
    day = nearest(name, today, 1)
    if shape.get("start") not in (None, day.isoformat()):
        return shape
    first, last = holiday(name, day.year)
    first = first if last > first else day - dt.timedelta(days=_RUN_UP)
    return {**shape, "start": max(first, today).isoformat(), "end": last.isoformat()}


def _texts(
    ctx: Context, goal: Goal, given: Benefit | None, pack: Pack, count: int
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """As many different texts as there are, up to ``count`` for each channel, the channels in turn.

    A connected model is asked first; what passes of it stands before our own, which fill what is left.
    """
    checker = review.checker(goal, pack)
    told: dict[str, Any] = {"name": ctx.llm.name, "refused": [], "error": ""} if ctx.llm is not None else {}
    made: list[list[dict[str, Any]]] = []
    for place in writing.places_of(replace(goal, slots=()), pack):
        taken: tuple[Message, ...] = ()
        if ctx.llm is not None:
            heard = modelled.propose(
                ctx, ctx.llm, writing.writer_of(goal, pack, checker, ctx.seed), place, given, count
            )
            taken = heard.messages
            told["error"] = told["error"] or heard.error
            told["refused"] += [{"text": text, "reason": reason} for text, reason in heard.refused]
        own = messages(goal, pack, place, given, count - len(taken), checker=checker, seed=ctx.seed, before=taken)
        minds = [("model", one) for one in taken] + [("embedded", one) for one in own]
        made.append(
            [
                {
                    "place": place.id,
                    "roles": _as_sent(one, place, goal),
                    "angle": one.angle,
                    "mind": mind,
                    "verdict": "compliant",
                }
                for mind, one in minds
            ]
        )
    return [one for row in zip_longest(*made) for one in row if one is not None], told


def _as_sent(one: Message, place: Place, goal: Goal) -> dict[str, str]:
    return {role: writing.as_sent(text, role, place, goal.script) for role, text in one.roles.items()}


def _allocation(given: Benefit | None) -> Allocation:
    gift = Allotment("all", (), given.id if given else "", 0, 0, 0, 0, 0.0, 0.0)
    return Allocation(0, 0, (gift,), 0.0, granted=(given,) if given else ())


def _benefit(goal: Goal, pack: Pack) -> Benefit | None:
    """The benefit of the pack that the sentence offers: of its type, nearest in face; None where it offers nothing."""
    kind = goal.offer.get("type")
    if not kind:
        return None
    left = goal.offer.get("fee_discount")
    folded = f"{float(left) * 10:g}折" if isinstance(left, int | float) else ""
    face = round(float(goal.offer.get("face_value_cny") or 0) * 100)
    fitting = [
        item
        for item in pack.benefits
        if item.type == kind
        and (not item.products or not goal.product or {goal.product, goal.product_kind} & {*item.products})
    ]
    return min(fitting, key=lambda item: (folded not in item.label.zh, abs(item.face_fen - face)), default=None)


def _usual_benefits(goal: Goal, pack: Pack) -> tuple[Benefit, ...]:
    """What the playbook of this goal (a festival's, where one is named) offers, as far as it is for this product."""
    if goal.offer == incentives.NONE:
        return ()
    chosen = next((item for item in pack.playbooks if item.festival), None) if goal.festival else None
    playbook = chosen or next((item for item in pack.playbooks if item.id == goal.playbook), None)
    by_id = {item.id: item for item in pack.benefits}
    offered = [by_id[name] for name in (playbook.offers if playbook else ()) if name in by_id]
    of_product = [
        item for item in offered
        if not goal.product or not item.products or {goal.product, goal.product_kind} & {*item.products}
    ]  # fmt: skip
    return tuple(of_product[:3])


def _page_title(goal: Goal, pack: Pack) -> str:
    if goal.festival:
        return render("drafts.festival_page", {"festival": goal.festival}, goal.lang)
    return "" if goal.product else pack.brand.name.of(goal.lang)


def _name(goal: Goal, pack: Pack, locale: str) -> str:
    return next((item.label.of(locale) for item in pack.products if item.id == goal.product), "")


_ABOUT_TEXTS = frozenset({"product", "tone", "channels"})


def _assumed(goal: Goal, locale: str) -> list[dict[str, Any]]:
    return [
        {**plain(item), "message": render(item.code, item.params, locale)}
        for item in goal.assumptions
        if item.key in _ABOUT_TEXTS
    ]
