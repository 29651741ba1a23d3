"""Drafts: how a design looks, at once. Elements that were never rendered are rendered small; the finished one waits.

A draft goes through the same layout, painting and gates as the picture that it stands for; only the sharpness of new
elements and the repairs are missing.
"""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linghang.base.findings import Finding
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.composing import compose, record_of_sheet
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.elements.sprites import known
from linghang.creatives.pictures.encode import small, thumbnail
from linghang.creatives.pictures.fonts.registry import traditional
from linghang.creatives.pictures.gates import check
from linghang.creatives.pictures.kits import prepare_kit
from linghang.creatives.pictures.layouts.families import lay_out
from linghang.creatives.pictures.model import DesignSpec
from linghang.creatives.pictures.painting.canvas import paint_plate, paint_texts, pixels
from linghang.creatives.pictures.painting.sprites import element_of
from linghang.creatives.pictures.painting.values import Layer, number
from linghang.creatives.pictures.words import is_traditional, prepare

_ROUGH, _ROUGH_SIDE = 0.45, 170
"""Share of its side, and the side in px, at which an unknown element is rendered at most: a fifth of the work."""


@dataclasses.dataclass(frozen=True)
class Draft:
    """A small picture (WebP) and what the gates say of it; ``sharp`` unless an element was rendered small.

    ``idle`` names the changes that make no difference here.
    """

    data: bytes
    findings: tuple[Finding, ...]
    sharp: bool
    idle: tuple[str, ...] = ()


def draft(spec: DesignSpec, *, cache: Path, side: int) -> Draft:
    """The draft of a spec, its longer side at most ``side`` px. Raises what ``compose`` raises."""
    with conventions.using(spec.knowledge), traditional(is_traditional(spec.words)):
        return _draft(spec, cache, side)


def preview(
    spec: DesignSpec, *, cache: Path, side: int, sharp: bool = False, without: Mapping[str, DesignSpec] | None = None
) -> Draft:
    """A spec as a page shows it: its draft at once, or with ``sharp`` the finished picture made small.

    ``without`` are specs that lack one change each, by its name: what looks the same without it is told as idle.
    """
    idle = _idle(spec, without or {})
    if not sharp:
        return dataclasses.replace(draft(spec, cache=cache, side=side), idle=idle)
    made = compose(spec, cache=cache)
    return Draft(thumbnail(made.data, side), made.findings, sharp=True, idle=idle)


def _idle(spec: DesignSpec, without: Mapping[str, DesignSpec]) -> tuple[str, ...]:
    """The changes without which the same layers are laid out: a title that fills its place grows no further."""
    if not without:
        return ()
    own = _laid_out(spec)
    return tuple(name for name, other in without.items() if _laid_out(other) == own)


def _laid_out(spec: DesignSpec) -> list[dict[str, object]]:
    with conventions.using(spec.knowledge), traditional(is_traditional(spec.words)):
        words, _ = prepare(spec.words)
        ready = dataclasses.replace(spec, words=words, kit=prepare_kit(spec.kit)[0])
        return lay_out(ready, design(ready), {}).layers


def _draft(spec: DesignSpec, cache: Path, side: int) -> Draft:
    words, said = prepare(spec.words)
    kit, told = prepare_kit(spec.kit)
    spec = dataclasses.replace(spec, words=words, kit=kit)
    sheet = lay_out(spec, design(spec), {})
    layers = [_rough(layer, cache) for layer in sheet.layers]
    plate = paint_plate(layers, sheet.width, sheet.height, cache=cache)
    under = pixels(plate)
    finished = pixels(paint_texts(layers, plate))
    found = check(record_of_sheet(spec, sheet), under)
    sharp = all(one is other for one, other in zip(layers, sheet.layers, strict=True))
    return Draft(small(finished, side), (*said, *told, *found, *sheet.notes), sharp)


def _rough(layer: Layer, cache: Path) -> Layer:
    """The layer as it is where its element is known; else with the element at a smaller size."""
    if layer["kind"] != "sprite":
        return layer
    if known(element_of(layer), cache=cache, blur=number(layer, "blur", 0.0)):
        return layer
    changed: dict[str, Any] = json.loads(json.dumps(layer))
    side = float(changed["element"]["px"])
    share = min(_ROUGH, _ROUGH_SIDE / side)
    changed["element"]["px"] = max(40, int(side * share))
    changed["element"]["rough"] = True
    if "blur" in changed:
        changed["blur"] = changed["blur"] * share
    return changed
