"""How open letters are: the room between their strokes. Heavy display faces clog in dense characters (秒, 赢, 额)."""

import functools
from collections.abc import Sequence

import numpy as np
import skia
from numpy.typing import NDArray

from linghang.creatives.pictures.type.setting import outline

_SIDE = 96
_FIFTH = 25
"""The percentile of gaps that counts: the eye stumbles over the narrow quarter, not over the widest."""


def openness(text: str, face: str) -> float:
    """The narrowest room between strokes among the characters of a text, in em; 1 for what has no gaps."""
    return min((_gap(face, char) for char in set(text) if not char.isspace()), default=1.0)


def line_openness(text: str, faces: Sequence[str]) -> float:
    """The same of a line whose characters have faces of their own."""
    return min((openness(char, face) for char, face in zip(text, faces, strict=True) if face), default=1.0)


@functools.lru_cache(maxsize=4096)
def _gap(face: str, char: str) -> float:
    """The 25th percentile of the lengths of ground between two strokes, along rows and columns."""
    path = outline(face, char)[0]
    if path.isEmpty():
        return 1.0
    info = skia.ImageInfo.MakeA8(_SIDE, _SIDE)
    surface = skia.Surface.MakeRaster(info)
    canvas = surface.getCanvas()
    canvas.scale(_SIDE / 1000, _SIDE / 1000)
    canvas.translate(0, 880)
    canvas.drawPath(path, skia.Paint(AntiAlias=True))
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    surface.readPixels(info, mask, _SIDE, 0, 0)
    ink = mask > 127
    runs = np.concatenate([_runs(ink), _runs(ink.T)])
    return float(np.percentile(runs, _FIFTH)) / _SIDE if runs.size else 1.0


def _runs(ink: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Lengths of ground between ink, row by row."""
    places = np.flatnonzero(ink)
    apart = np.diff(places)
    same = places[1:] // _SIDE == places[:-1] // _SIDE
    return apart[same & (apart > 1)] - 1
