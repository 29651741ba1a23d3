"""Short loops for pop-ups and floats: coins bob, light turns, glints breathe, all back where they began."""

import io
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from linghang.base.errors import RefusedError
from linghang.base.records import LayerRecord
from linghang.creatives.pictures.encode import straight
from linghang.creatives.pictures.painting.canvas import forget, paint_plate, paint_texts, pixels
from linghang.creatives.pictures.painting.values import number, numbers, part, text

_WAYS = ((12, 80), (12, 65), (10, 55), (8, 45), (8, 30))
"""Frames and quality tried in turn until the loop fits its slot's bytes."""


def loop(record: LayerRecord, *, cache: Path, max_bytes: int = 300_000, seconds: float = 1.8) -> bytes:
    """An animated WebP of a record that runs ``seconds`` and repeats for ever.

    Only what floats moves: words never do, so a reader is not chased. Raises RefusedError("pictures.loop_too_heavy")
    when even the smallest loop exceeds ``max_bytes``.
    """
    size = 0
    for count, quality in _WAYS:
        data = _encoded(record, cache, count, quality, seconds)
        size = len(data)
        if size <= max_bytes:
            return data
    raise RefusedError("pictures.loop_too_heavy", bytes=size, limit=max_bytes)


def _encoded(record: LayerRecord, cache: Path, count: int, quality: int, seconds: float) -> bytes:
    stills = [_still(record, cache, place / count) for place in range(count)]
    stream = io.BytesIO()
    pause = round(1000 * seconds / count)
    stills[0].save(stream, "WEBP", save_all=True, append_images=stills[1:], duration=pause, loop=0,
                   quality=quality, method=3, minimize_size=False, allow_mixed=True)  # fmt: skip
    return stream.getvalue()


def _still(record: LayerRecord, cache: Path, turn: float) -> Image.Image:
    layers = [_moved(layer, place, turn) for place, layer in enumerate(record.layers)]
    plate = paint_plate(layers, record.width, record.height, cache=cache)
    result = pixels(paint_texts(layers, plate))
    forget()
    return Image.fromarray(np.ascontiguousarray(straight(result)), "RGBA")


def _moved(layer: Mapping[str, object], place: int, turn: float) -> Mapping[str, object]:
    """The layer at a moment of the loop (``turn`` 0–1)."""
    wave = math.sin(2 * math.pi * (turn + place * 0.37))
    kind = text(layer, "kind")
    if kind == "sprite" and text(part(layer, "element"), "kind") == "coin":
        x, y = numbers(layer, "at")
        return {
            **layer,
            "at": [x, y + 0.07 * number(layer, "side") * wave],
            "spin": number(layer, "spin", 0.0) + 5 * wave,
        }
    if kind == "sparkle":
        breath = 0.62 + 0.38 * wave
        return {
            **layer,
            "alpha": number(layer, "alpha", 1.0) * breath,
            "radius": number(layer, "radius") * (0.8 + 0.2 * wave),
        }
    if kind == "fan":
        return {**layer, "turn": 2 * math.pi / number(layer, "count") * turn}
    return layer
