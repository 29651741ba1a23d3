"""What is offered where nothing was done or something is not clear: readings, campaigns, products, ways to begin."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang import knowledge, packs, reading
from linghang.agents.aims import shipped
from linghang.agents.goals import Understood
from linghang.agents.memory import Kept, core
from linghang.agents.model import Aim, Json
from linghang.agents.running import Done, Ran
from linghang.base.messages import render
from linghang.kit.context import Context
from linghang.kit.skills import call, find
from linghang.packs.model import Pack

LEAST = 0.15
"""A reading less likely than this is not worth offering."""
OFFERED = 3
"""How many readings are offered when none is sure."""
PRODUCTS = 12
"""How many products are offered where none was named."""
ASKS = frozenset({"drafts.which_product"})
"""Codes of steps that ask for a product."""
RAN = frozenset({"running", "paused", "ended", "settled", "cancelled", "reviewed"})
"""States of a campaign that has run."""
TALK = frozenset({"talk", "nothing"})
"""What is answered without a plan."""


def chips(told: Done | None) -> list[dict[str, Json]]:
    """What was assumed, each to be changed by a click."""
    found = told.result.get("assumptions") if told is not None and isinstance(told.result, Mapping) else None
    rows = found if isinstance(found, list) else []
    return [
        {
            "key": str(item.get("key", "")),
            "value": item.get("value"),
            "text": str(item.get("message") or item.get("words") or ""),
        }
        for item in rows
    ]


def choices(ctx: Context, ran: Ran) -> list[dict[str, Json]]:
    """What a person may answer: campaigns that fit alike, or products, when that is what is not clear."""
    for step in ran.plan.steps:
        done = ran.steps[step.id]
        if step.skill == "campaign.find" and isinstance(done.result, Mapping) and not done.result.get("best"):
            # Where none fits, the latest ones are offered: the one that is meant is mostly among them.
            rows = done.result.get("matches") or call(ctx.as_agent(), "campaign.list", {})
            # What is looked back on has run: drafts come last.
            rows = sorted(rows, key=lambda row: row.get("status") not in RAN)
            return [{"kind": "campaign", "campaign": str(row["id"]), "text": str(row["name"])}
                    for row in rows[:OFFERED]]  # fmt: skip
        if done.error in ASKS:
            comma = ", " if ctx.locale.startswith("en") else "，"
            return [
                {"kind": "text", "text": item.label.of(ctx.locale),
                 "says": f"{ran.plan.text}{comma}{item.label.of(ctx.locale)}"}
                for item in packs.load(ctx.pack).products[:PRODUCTS]
            ]  # fmt: skip
    return []


def products_of(ctx: Context, reply: Mapping[str, Json]) -> list[dict[str, Json]]:
    """The products of the pack, where a draft was begun that still lacks one: each is an edit of that draft."""
    result = reply.get("result")
    lacks = isinstance(result, Mapping) and "product" in (result.get("missing") or ())
    if reply.get("state") != "done" or reply.get("makes") != "campaign.document" or not lacks:
        return []
    pack, campaign = packs.load(ctx.pack), str(reply["result"]["id"])
    made: list[dict[str, Json]] = []
    for item in pack.products:
        said = reading.slots(f"推{item.label.zh}", today=ctx.today, pack=pack)
        patch = [{"op": "set", "path": key, "value": said[key]} for key in ("product", "product_detail") if key in said]
        if "product" in said and len(made) < PRODUCTS:
            made.append({"kind": "patch", "campaign": campaign, "patch": patch, "words": "",
                         "text": item.label.of(ctx.locale)})  # fmt: skip
    return made


def terms(text: str, pack: Pack, locale: str) -> list[dict[str, Json]]:
    """Words of the trade in what was said: what they mean here, and what they must not be taken for."""
    return [
        {"term": item.term.term, "meaning": item.term.meaning.of(locale),
         "trap": item.term.trap.of(locale) if item.term.trap else ""}
        for item in knowledge.terms_in(text, pack)[:5]
    ]  # fmt: skip


def ask_back(ctx: Context, understood: Understood) -> dict[str, Json]:
    """The likeliest readings of what is not sure, or what may be done with a thing that was only named."""
    offered = [item for item in understood.likely if item.aim.makes not in TALK and item.score >= LEAST][:OFFERED]
    fitting = [
        {"kind": "aim", "aim": item.aim.id, "text": aim_label(item.aim, ctx.locale), "score": item.score}
        for item in offered
    ] or _about(ctx, understood)
    if fitting:
        return {"state": "asked", "aim": "", "text": render("agents.ask_back", {}, ctx.locale), "choices": fitting}
    starters = _starters(ctx, packs.load(ctx.pack))
    return {"state": "asked", "aim": "", "text": render("agents.not_understood", {}, ctx.locale), "choices": starters}


def opposed_by(ctx: Context, aim: Aim, opposed: Sequence[Kept]) -> dict[str, Json]:
    """Ask what holds where a sentence wants what another one, remembered, has ruled out; nothing was done."""
    said = "; ".join(core(item.text) for item in opposed)
    offered = [
        {"kind": "despite", "aim": aim.id, "despite": way, "text": render(f"agents.despite.{way}", {}, ctx.locale)}
        for way in ("once", "forget", "keep")
    ]
    asked = render("agents.opposed", {"said": said}, ctx.locale)
    return {"state": "asked", "aim": aim.id, "text": asked, "choices": offered}


def _about(ctx: Context, understood: Understood) -> list[dict[str, Json]]:
    """What may be done with a thing that was only named: a product, an audience."""
    # With a campaign in view the sentence was read as an edit of it; what it names by itself is meant here.
    told = reading.read(understood.text, today=ctx.today, pack=packs.load(ctx.pack)).reading
    wanted = ("campaign", "copy", "knowledge") if told.get("product") else ()
    wanted = wanted or (("count", "campaign") if told.get("audience") else ())
    by_id = {aim.id: aim for aim in shipped()}
    return [{"kind": "aim", "aim": name, "text": aim_label(by_id[name], ctx.locale), "score": 0.0} for name in wanted]


def aim_label(aim: Aim, locale: str) -> str:
    """What an aim is called when it is offered."""
    if not aim.skill:
        return render(f"agents.aim.{aim.id}", {}, locale)
    told = find(aim.skill).manifest
    return f"{next(iter(told.says), told.description.partition(chr(10))[0])} ({aim.skill})"


def talk(ctx: Context, aim: Aim, pack: Pack) -> dict[str, Json]:
    """What is said to a greeting, or to what is none of our work."""
    code = "agents.hello" if aim.id == "smalltalk" else "agents.outside"
    return {"state": "told", "aim": aim.id, "text": render(code, {}, ctx.locale), "choices": _starters(ctx, pack)}


def _starters(ctx: Context, pack: Pack) -> list[dict[str, Json]]:
    """Sentences that work, one of each application."""
    starters = [item for app in pack.applications for item in app.starters[:1]][:OFFERED]
    return [{"kind": "text", "text": item.of(ctx.locale)} for item in starters]


def refusal(ctx: Context, code: str, **params: Any) -> dict[str, Json]:
    """A turn that is refused, with the reason."""
    return {"state": "refused", "aim": "", "error": code, "text": render(code, params, ctx.locale), "choices": []}
