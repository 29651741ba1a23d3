"""How a picture looks, as numbers: colour, light and edges. No net and no download; a few milliseconds of one core.

A joint histogram of hue, saturation and value (Swain & Ballard 1991), the light of an 8×8 grid, and histograms of
gradient directions on a 4×4 grid (Dalal & Triggs 2005, coarse). Each part is of length 1; likeness is their cosine.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 64
_WEIGHTS = (0.5, 0.2, 0.3)


def look(data: bytes) -> tuple[float, ...]:
    """The look of a picture's bytes; what is transparent counts as white."""
    with Image.open(io.BytesIO(data)) as image:
        flat = Image.new("RGB", image.size, "white")
        rgba = image.convert("RGBA")
        flat.paste(rgba, mask=rgba.getchannel("A"))
    small = flat.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    hsv = np.asarray(small.convert("HSV"), dtype=np.float64) / 256
    grey = np.asarray(small.convert("L"), dtype=np.float64) / 255
    parts = (_colours(hsv), _light(grey), _edges(grey))
    joined = np.concatenate([np.sqrt(weight) * part for weight, part in zip(_WEIGHTS, parts, strict=True)])
    return tuple(round(float(value), 5) for value in joined)


def likeness(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Cosine of two looks: 1 for the same, about 0 for what shares nothing."""
    return float(np.dot(one, other)) if len(one) == len(other) else 0.0


def _colours(hsv: NDArray[np.float64]) -> NDArray[np.float64]:
    """12 hues × 3 saturations × 3 values; grey pixels have no hue, so they fall into the first one."""
    hue = np.where(hsv[..., 1] < 0.12, 0, np.floor(hsv[..., 0] * 12)).astype(int)
    place = hue * 9 + np.floor(hsv[..., 1] * 3).astype(int) * 3 + np.floor(hsv[..., 2] * 3).astype(int)
    return _unit(np.sqrt(np.bincount(place.ravel(), minlength=108).astype(np.float64)))


def _light(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    grid = grey.reshape(8, 8, 8, 8).mean(axis=(1, 3)).ravel()
    return _unit(grid - grid.mean())


def _edges(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    down, right = np.gradient(grey)
    strength = np.hypot(down, right)
    direction = np.floor((np.arctan2(down, right) % np.pi) / np.pi * 8).astype(int) % 8
    cells = np.zeros((4, 4, 8))
    for row in range(4):
        for column in range(4):
            here = (slice(row * 16, row * 16 + 16), slice(column * 16, column * 16 + 16))
            cells[row, column] = np.bincount(direction[here].ravel(), strength[here].ravel(), minlength=8)
    return _unit(np.sqrt(cells.ravel()))


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(values))
    return values / length if length else values
