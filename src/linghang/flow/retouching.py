"""Pictures turned by hand, in words or by parameter: looked at first, then kept in the document, undone like edits."""

import base64
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from linghang.base.digest import plain
from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.findings import Finding, Severity
from linghang.base.messages import render
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import Creative, Creatives, Json, Pins, Retouch
from linghang.creatives import pictures
from linghang.creatives.pictures import DesignSpec, Draft, conventions, saying
from linghang.creatives.pictures.cache import cache_folder
from linghang.creatives.pictures.saying import Said
from linghang.flow import documents, views
from linghang.flow.pictures import record_of
from linghang.flow.walk import bring_up_to_date
from linghang.kit.context import Context
from linghang.kit.skills import skill

Scope = Literal["picture", "layer", "slot", "all"]
PREVIEW_SIDE = 900
"""Longest side of a preview, px: as large as a page shows it, small enough to travel in a tenth of a second."""


@skill(
    "creative.parameters", effect="read", permission="creative.read", needs={"id": "campaign.id"},
    makes="creative.parameters",
)  # fmt: skip
def parameters(ctx: Context, id: str, slot: str = "", layer: str = "", variant: str = "") -> Mapping[str, Any]:
    """Everything that can be turned on a picture, with what it is now; the presets; the words that an edit may use."""
    spec, shown = _spec(ctx, documents.load(ctx, id), slot, layer, variant)
    lang = "en" if ctx.locale == "en" else "zh"
    return {
        "picture": plain(shown),
        "parameters": [_parameter(name, entry, spec, lang) for name, entry in pictures.parameters().items()],
        "presets": [
            {"id": name, "label": entry["label"][lang], "changes": preset_changes(name)}
            for name, entry in conventions.read("presets").items()
        ],
        "words": [{"thing": thing, "options": list(options)} for thing, options in saying.known_words(lang)],
    }


def preset_changes(name: str) -> Mapping[str, Any]:
    """What a preset turns: its own parameters set, what other looks pin taken back."""
    entry = conventions.entry("presets", name)
    freed = dict.fromkeys(("hue", "palette", "ground", "face", "metal", "slant", "title_style", "scene", "strength"))
    return {**freed, **entry["set"]}


@skill("creative.ready", effect="read", permission="creative.read", needs={"id": "campaign.id"})
def ready(ctx: Context, id: str, slot: str = "", layer: str = "", variant: str = "") -> Mapping[str, Any]:
    """Let the process that draws previews come up and read a picture's elements, so that the first edit is seen at
    once. It answers without waiting for it; where looks are drawn in this process there is nothing to do."""
    spec, shown = _spec(ctx, documents.load(ctx, id), slot, layer, variant)
    if ctx.previews is not None:
        ctx.previews.submit(pictures.preview, spec, cache=cache_folder(), side=PREVIEW_SIDE)
    return {"slot": shown.slot, "layer": shown.layer, "started": ctx.previews is not None}


@skill(
    "creative.preview", effect="read", permission="creative.read", cost="medium", needs={"id": "campaign.id"},
    makes="creative.preview",
)  # fmt: skip
def preview(
    ctx: Context, id: str, slot: str = "", layer: str = "", variant: str = "", text: str = "",
    changes: dict[str, Json] | None = None, sharp: bool = False,
) -> Mapping[str, Any]:  # fmt: skip
    """How a picture would look with changes in words (金币少一点,换成蓝色) or by parameter; nothing is kept.

    It is drawn at once, new elements a little soft; with ``sharp`` it takes the time to be exactly what would be kept.
    """
    started = time.perf_counter()
    spec, shown = _spec(ctx, documents.load(ctx, id), slot, layer, variant)
    wanted = dict(changes or {})
    edited = pictures.edit(spec, wanted)
    said = saying.understand(text, edited) if text else Said({}, (), ())
    edited = pictures.edit(edited, said.changes)
    turned = [turn for turn in said.turns if turn.before != turn.after and turn.parameter != "seed"]
    without = {turn.parameter: pictures.edit(edited, {turn.parameter: turn.before}) for turn in turned}
    picture = _draw(ctx, edited, sharp=sharp, without=without)
    told = _said(ctx, said)
    return {
        **told,
        "unclear": [*told["unclear"], *[_finding(ctx, _no_effect(ctx, name)) for name in picture.idle]],
        "changes": {**wanted, **said.changes},
        "values": {name: saying.present(name, edited) for name in pictures.parameters()},
        "image": base64.b64encode(picture.data).decode(),
        "mime": "image/webp",
        "sharp": picture.sharp,
        "width": shown.width,
        "height": shown.height,
        "findings": [_finding(ctx, item) for item in picture.findings if item.severity is not Severity.S4],
        "millis": round((time.perf_counter() - started) * 1000),
    }


@skill(
    "creative.edit", effect="draft", permission="creative.edit", cost="medium", durable=True,
    needs={"id": "campaign.id"}, makes="creative.edited",
)  # fmt: skip
def edit(
    ctx: Context, id: str, slot: str = "", layer: str = "", variant: str = "", text: str = "",
    changes: dict[str, Json] | None = None, scope: Scope = "picture",
) -> Mapping[str, Any]:  # fmt: skip
    """Turn a picture, its layer's, its slot's or all pictures of a campaign; a recompile keeps what was turned.

    Refused when a part of the sentence is not understood: then nothing was changed. Without any change, what was
    turned before on exactly these pictures is taken back.
    """
    campaign = documents.load(ctx, id)
    if not text and not changes and (gone := _left_behind(campaign, slot, layer, variant)) is not None:
        done = bring_up_to_date(ctx, documents.retouch(ctx, campaign, replace(gone, changes={}))).campaign
        return {**_said(ctx, Said({}, (), ())), "changes": {}, "scope": scope, "version": done.version, "pictures": [],
                "document": views.document(ctx, done)}  # fmt: skip
    spec, shown = _spec(ctx, campaign, slot, layer, variant)
    wanted = dict(changes or {})
    said = saying.understand(text, pictures.edit(spec, wanted)) if text else Said({}, (), ())
    if said.unclear:
        raise RefusedError("pictures.not_understood", _asked(said), text=text)
    wanted |= said.changes
    pictures.edit(spec, wanted)  # refuses what does not exist before anything is written
    if scope == "picture" and wanted:
        wanted.setdefault("seed", spec.seed)  # what was looked at is what is kept
    where = _where(scope, shown)
    change = Retouch(wanted, *where, said=text, actor=ctx.actor.name)
    done = bring_up_to_date(ctx, documents.retouch(ctx, campaign, change)).campaign
    return {
        **_said(ctx, said),
        "changes": wanted,
        "scope": scope,
        "version": done.version,
        "pictures": [plain(item) for item in _pictures(done) if change.touches(item.layer, item.slot, item.variant)],
        "document": views.document(ctx, done),
    }


def _left_behind(campaign: Campaign, slot: str, layer: str, variant: str) -> Retouch | None:
    """A hand edit of exactly these pictures, of which the campaign has none any more."""
    pins: Pins = campaign.value("pins")
    there = [(item.layer, item.slot, item.variant) for item in _pictures(campaign)]
    same = (item for item in pins.retouches if item.scope == (layer, slot, variant))
    return next((item for item in same if not any(item.touches(*place) for place in there)), None)


def _where(scope: Scope, shown: Creative) -> tuple[str, str, str]:
    return {
        "picture": (shown.layer, shown.slot, shown.variant),
        "layer": (shown.layer, "", ""),
        "slot": ("", shown.slot, ""),
        "all": ("", "", ""),
    }[scope]


def _spec(ctx: Context, campaign: Campaign, slot: str, layer: str, variant: str) -> tuple[DesignSpec, Creative]:
    """The design of a picture as it is, and its place. Raises UnknownItemError with the places that have pictures."""
    shown = [
        item
        for item in _pictures(campaign)
        if slot in ("", item.slot) and layer in ("", item.layer) and variant in ("", item.variant)
    ]
    if not shown:
        have = ", ".join(dict.fromkeys(f"{item.slot}/{item.layer}" for item in _pictures(campaign))) or "—"
        raise UnknownItemError("pictures.no_picture", slot=slot or "*", layer=layer or "*", have=have[:200])
    return pictures.spec_of(record_of(ctx.home, shown[0].record).spec), shown[0]


def _pictures(campaign: Campaign) -> tuple[Creative, ...]:
    made: Creatives | None = campaign.value("creatives")
    return made.pictures if made is not None else ()


def _no_effect(ctx: Context, parameter: str) -> Finding:
    """A change that this slot cannot show, named as people call it."""
    label = pictures.parameters()[parameter]["label"]["en" if ctx.locale == "en" else "zh"]
    return Finding("pictures.no_effect", Severity.S4, about=parameter, params={"what": label})


def _draw(ctx: Context, spec: DesignSpec, *, sharp: bool, without: Mapping[str, DesignSpec]) -> Draft:
    """A look, in a process of its own where there is one: no queue of pictures stands before it."""
    wish: dict[str, Any] = {"cache": cache_folder(), "side": PREVIEW_SIDE, "sharp": sharp, "without": without}
    made_by = ctx.pool if sharp else ctx.previews
    return (
        made_by.submit(pictures.preview, spec, **wish).result()
        if made_by is not None
        else pictures.preview(spec, **wish)
    )


def _parameter(name: str, entry: Mapping[str, Any], spec: DesignSpec, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": name, "label": entry["label"][lang], "pinned": name in spec.choices}
    value = saying.present(name, spec)
    if "low" in entry:
        return {**told, "kind": "number", "low": entry["low"], "high": entry["high"], "value": value}
    if "options" in entry:
        options = [{"id": str(one), "label": saying.label(name, one, lang)} for one in entry["options"]]
        return {**told, "kind": "choice", "options": options, "value": value}
    return {**told, "kind": "text", "most": entry["text"], "value": value}


def _said(ctx: Context, said: Said) -> dict[str, Any]:
    lang = "en" if ctx.locale == "en" else "zh"
    table = pictures.parameters()
    return {
        "turns": [
            {
                "parameter": turn.parameter,
                "label": table[turn.parameter]["label"][lang] if turn.parameter in table else turn.parameter,
                "before": saying.label(turn.parameter, turn.before, lang),
                "after": saying.label(turn.parameter, turn.after, lang),
                "said": turn.said,
            }
            for turn in said.turns
        ],
        "unclear": [_finding(ctx, item) for item in _asked(said)],
    }


def _asked(said: Said) -> tuple[Finding, ...]:
    return tuple(
        Finding(item.code, Severity.S3, about=item.said, params={"said": item.said, "about": item.about})
        for item in said.unclear
    )


def _finding(ctx: Context, item: Finding) -> dict[str, Any]:
    return {**plain(item), "message": render(item.code, item.params, ctx.locale)}
