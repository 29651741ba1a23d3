"""Paint a record's layers, bottom first, on a fresh surface: whole, or as the plate (everything but the text)."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from linghang.base.errors import UsageError
from linghang.creatives.pictures.grounds.paint import paint_ground
from linghang.creatives.pictures.painting import air, letters, ornaments, scenery, shapes
from linghang.creatives.pictures.painting.sprites import paint_sprite
from linghang.creatives.pictures.painting.values import Layer

TEXT_KINDS = frozenset({"line", "title"})

_PAINTERS: dict[str, Callable[[skia.Canvas, Layer], None]] = {
    "panel": shapes.paint_panel,
    "ticket": shapes.paint_ticket,
    "ribbon": shapes.paint_ribbon,
    "stage": shapes.paint_stage,
    "glow": shapes.paint_glow,
    "scrim": shapes.paint_scrim,
    "floor": shapes.paint_floor,
    "sparkle": shapes.paint_sparkle,
    "fan": shapes.paint_fan,
    "logo": shapes.paint_logo,
    "confetti": shapes.paint_confetti,
    "drapes": scenery.paint_drapes,
    "beams": scenery.paint_beams,
    "skyline": scenery.paint_skyline,
    "ridges": scenery.paint_ridges,
    "auspices": scenery.paint_auspices,
    "fireworks": ornaments.paint_fireworks,
    "orbits": ornaments.paint_orbits,
    "lamps": ornaments.paint_lamps,
    "pocket": ornaments.paint_pocket,
    "filigree": ornaments.paint_filigree,
    "sash": ornaments.paint_sash,
    "picture": ornaments.paint_picture,
    "bokeh": air.paint_bokeh,
    "vignette": air.paint_vignette,
    "bands": air.paint_bands,
    "plaque": air.paint_plaque,
    "line": letters.paint_line,
    "title": letters.paint_title,
}


_SCENE_ENDS = frozenset({"panel", "ticket", "ribbon", "floor", "pocket", "plaque"})
_KEPT = 6
_painted: "OrderedDict[str, skia.Image]" = OrderedDict()
"""Plates and scenes painted last in this process: variants of one copy length differ in text and furniture only."""


_latest: "dict[tuple[int, int], Sequence[Layer]]" = {}


def paint_plate(layers: Sequence[Layer], width: int, height: int, *, cache: Path) -> skia.Surface:
    """A surface with all layers but the text, bottom first.

    Raises UsageError("pictures.bad_layer") for a kind that does not exist.
    """
    drawn = [layer for layer in layers if str(layer.get("kind")) not in TEXT_KINDS]
    cut = next((n for n, layer in enumerate(drawn) if str(layer.get("kind")) in _SCENE_ENDS), len(drawn))
    surface = skia.Surface(width, height)
    marks = sorted({cut, _shared(drawn, width, height), len(drawn)})
    done = next((mark for mark in reversed(marks) if mark and _recalled(surface, drawn[:mark])), 0)
    for mark in marks:
        if mark > done:
            _paint(surface.getCanvas(), drawn[done:mark], width, height, cache)
            _keep(surface, drawn[:mark])
            done = mark
    _latest[(width, height)] = drawn
    return surface


def _shared(drawn: Sequence[Layer], width: int, height: int) -> int:
    """How many layers are those of the picture of this size that was painted last: what variants have in common."""
    before = _latest.get((width, height), ())
    return next((n for n, (one, other) in enumerate(zip(drawn, before, strict=False)) if one != other), len(drawn))


def _key(surface: skia.Surface, layers: Sequence[Layer]) -> str:
    text = json.dumps([surface.width(), surface.height(), *layers], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _recalled(surface: skia.Surface, layers: Sequence[Layer]) -> int:
    """How many layers were painted before and are on the surface now: all of them or none."""
    image = _painted.get(_key(surface, layers))
    if image is None:
        return 0
    surface.getCanvas().drawImage(image, 0, 0)
    return len(layers)


def _keep(surface: skia.Surface, layers: Sequence[Layer]) -> None:
    key = _key(surface, layers)
    _painted[key] = surface.makeImageSnapshot()
    _painted.move_to_end(key)
    while len(_painted) > _KEPT:
        _painted.popitem(last=False)


def paint_texts(layers: Sequence[Layer], plate: skia.Surface) -> skia.Surface:
    """The texts painted onto the plate's surface: they lie on top of everything."""
    canvas = plate.getCanvas()
    for layer in layers:
        if str(layer.get("kind")) in TEXT_KINDS:
            _PAINTERS[str(layer["kind"])](canvas, layer)
    return plate


def forget() -> None:
    """Let go of the scenes kept in this process."""
    _painted.clear()
    _latest.clear()


def _paint(canvas: skia.Canvas, layers: Sequence[Layer], width: int, height: int, cache: Path) -> None:
    for layer in layers:
        kind = str(layer.get("kind"))
        if kind == "ground":
            paint_ground(canvas, layer, width, height)
        elif kind == "sprite":
            paint_sprite(canvas, layer, cache)
        elif kind in _PAINTERS:
            _PAINTERS[kind](canvas, layer)
        else:
            raise UsageError("pictures.bad_layer", field="kind", kind=kind)


def pixels(surface: skia.Surface) -> NDArray[np.uint8]:
    """The surface as RGBA, premultiplied, (height, width, 4)."""
    width, height = surface.width(), surface.height()
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    result = np.zeros((height, width, 4), np.uint8)
    surface.readPixels(info, result, width * 4, 0, 0)
    return result
