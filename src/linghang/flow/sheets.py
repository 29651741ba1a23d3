"""The contact sheet of a layer: everything that its customers may see, on one picture, and what was left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from linghang import packs
from linghang.base.errors import RefusedError, UnknownItemError
from linghang.base.messages import render
from linghang.campaigns.assets import READING_ORDER
from linghang.campaigns.sections import Creative, Variant
from linghang.creatives.sheets import Cell, Group, contact_sheet
from linghang.flow import documents, views
from linghang.kit import files
from linghang.kit.context import Context
from linghang.kit.skills import skill

_BY_MAKING = frozenset(
    {
        "combinations.picture_says_other",
        "combinations.promises_benefit",
        "combinations.promises_other_benefit",
        "combinations.hides_benefit",
    }
)
"""Reasons that come of crossing every text with every picture and benefit: told by count, not shown one by one."""


@skill(
    "creative.sheet", effect="read", permission="creative.read", cost="medium", needs={"id": "campaign.id"},
    makes="creative.sheet",
)  # fmt: skip
def sheet(ctx: Context, id: str, layer: str = "") -> Mapping[str, Any]:
    """The contact sheets of a campaign's layers (of one, if named): a PNG for each, and its combinations by name."""
    campaign = documents.load(ctx, id)
    variants, layers = campaign.value("combinations"), campaign.value("layers")
    if variants is None or layers is None or not variants.variants:
        raise RefusedError("combinations.none", id=campaign.id)
    have = [item.id for item in layers.layers]
    if layer and layer not in have:
        raise UnknownItemError("combinations.no_layer", layer=layer, have=", ".join(have))
    names = views.labels(campaign, packs.load(ctx.pack), ctx.locale)
    pictures = {item.id: item for item in campaign.value("creatives").pictures}
    told: list[Mapping[str, Any]] = []
    for name in [layer] if layer else have:
        own = [item for item in variants.variants if item.layer == name]
        ready = sum(not item.excluded for item in own)
        note = render("combinations.sheet_note", {"ready": ready, "out": len(own) - ready}, ctx.locale)
        titled = {"name": campaign.value("goal").name, "layer": names[name]}
        title = render("combinations.sheet_title", titled, ctx.locale)
        data = contact_sheet(title, note, [_group(ctx, place, own, pictures, names) for place in _places(own)])
        told.append(
            {
                "layer": name,
                "label": names[name],
                "file": files.put(ctx.home, data),
                "bytes": len(data),
                "ready": ready,
                "excluded": len(own) - ready,
                "combinations": [
                    {
                        "id": item.id,
                        "name": item.name,
                        "place": names.get(item.place, item.place),
                        "excluded": [render(code, {}, ctx.locale) for code in item.excluded],
                    }
                    for item in own
                ],
            }
        )
    return {"id": campaign.id, "sheets": told}


def _places(variants: Sequence[Variant]) -> list[str]:
    return list(dict.fromkeys(item.place for item in variants))


def _group(
    ctx: Context, place: str, own: Sequence[Variant], pictures: Mapping[str, Creative], names: Mapping[str, str]
) -> Group:
    here = [item for item in own if item.place == place]
    ready = [item for item in here if not item.excluded]
    out = [item for item in here if item.excluded]
    shown = [item for item in out if not set(item.excluded) <= _BY_MAKING]
    cells = [_cell(ctx, item, pictures) for item in (*ready, *shown)]
    return Group(names.get(place, place), tuple(cells), _left_out(ctx, [item for item in out if item not in shown]))


def _left_out(ctx: Context, out: Sequence[Variant]) -> str:
    """One line for what never was meant to run: texts of one offer with another's picture."""
    if not out:
        return ""
    left = Counter(code for item in out for code in item.excluded)
    reasons = [render(code, {}, ctx.locale).rstrip("。.") for code, _ in left.most_common()]
    joint = "; " if ctx.locale.startswith("en") else "；"
    return render("combinations.sheet_more", {"count": len(out), "reasons": joint.join(reasons)}, ctx.locale)


def _cell(ctx: Context, item: Variant, pictures: Mapping[str, Creative]) -> Cell:
    picture = pictures.get(item.creative)
    data = files.get(ctx.home, picture.file) if picture is not None else None
    reasons = tuple(render(code, {}, ctx.locale) for code in item.excluded)
    said = [item.copy[role] for role in READING_ORDER if role in item.copy]
    return Cell(item.name, tuple(said), data, reasons)
