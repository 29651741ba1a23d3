"""Paint a record's layers, bottom first, on a fresh surface: whole, or as the plate (everything but the text)."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

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
    "confetti": shapes.paint_confetti,
    "line": letters.paint_line,
    "title": letters.paint_title,
}


def paint_layers(
    layers: Iterable[Layer], width: int, height: int, *, cache: Path, under: skia.Image | None = None
) -> skia.Surface:
    """A surface with the layers painted over ``under`` (a plate painted before) or over nothing.

    Raises UsageError("pictures.bad_layer") for a kind that does not exist.
    """
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    if under is not None:
        canvas.drawImage(under, 0, 0)
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
    return surface


def pixels(surface: skia.Surface) -> NDArray[np.uint8]:
    """The surface as RGBA, premultiplied, (height, width, 4)."""
    width, height = surface.width(), surface.height()
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    result = np.zeros((height, width, 4), np.uint8)
    surface.readPixels(info, result, width * 4, 0, 0)
    return result
