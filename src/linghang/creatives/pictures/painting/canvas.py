"""Paint a record's layers, bottom first, on a fresh surface: whole, or as the plate (everything but the text)."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from linghang.base.digest import digest
from linghang.base.errors import UsageError
from linghang.creatives.pictures.grounds.paint import paint_ground
from linghang.creatives.pictures.painting import letters, shapes
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
    "line": letters.paint_line,
    "title": letters.paint_title,
}


_SCENE_ENDS = frozenset({"panel", "ticket", "ribbon", "floor"})
_KEPT = 3
_scenes: "OrderedDict[str, skia.Image]" = OrderedDict()
"""Scenes painted last in this process: variants of one copy length differ in their text and its furniture only."""


def paint_plate(layers: Sequence[Layer], width: int, height: int, *, cache: Path) -> skia.Surface:
    """A surface with all layers but the text, bottom first.

    Raises UsageError("pictures.bad_layer") for a kind that does not exist.
    """
    drawn = [layer for layer in layers if str(layer.get("kind")) not in TEXT_KINDS]
    cut = next((n for n, layer in enumerate(drawn) if str(layer.get("kind")) in _SCENE_ENDS), len(drawn))
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    key = digest({"size": [width, height], "layers": drawn[:cut]})
    if key in _scenes:
        _scenes.move_to_end(key)
        canvas.drawImage(_scenes[key], 0, 0)
    else:
        _paint(canvas, drawn[:cut], width, height, cache)
        _scenes[key] = surface.makeImageSnapshot()
        while len(_scenes) > _KEPT:
            _scenes.popitem(last=False)
    _paint(canvas, drawn[cut:], width, height, cache)
    return surface


def paint_texts(layers: Sequence[Layer], plate: skia.Surface) -> skia.Surface:
    """The texts painted onto the plate's surface: they lie on top of everything."""
    canvas = plate.getCanvas()
    for layer in layers:
        if str(layer.get("kind")) in TEXT_KINDS:
            _PAINTERS[str(layer["kind"])](canvas, layer)
    return plate


def forget() -> None:
    """Let go of the scenes kept in this process."""
    _scenes.clear()


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
