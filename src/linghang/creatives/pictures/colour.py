"""Colour in OKLCH: conversion to and from sRGB, mapping into its gamut, contrast, and mixing.

OKLab after B. Ottosson (2020), https://bottosson.github.io/posts/oklab/; contrast after WCAG 2.2, 1.4.3.
Colours are ``#RRGGBB`` texts outside and (L 0–1, C 0–0.4, H degrees) inside.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linghang.base.errors import UsageError

Linear = tuple[float, float, float]


@dataclass(frozen=True)
class Lch:
    """A colour by lightness (0–1), chroma (0–0.4) and hue (degrees)."""

    lightness: float
    chroma: float
    hue: float

    def hex(self) -> str:
        """The nearest ``#RRGGBB``: chroma is lowered until the colour can be shown, hue and lightness are kept."""
        return lch_hex(self.lightness, self.chroma, self.hue)

    def shift(self, *, light: float = 0.0, chroma: float = 1.0, hue: float = 0.0) -> "Lch":
        """The colour with ``light`` added, chroma multiplied and hue turned."""
        return Lch(min(1.0, max(0.0, self.lightness + light)), self.chroma * chroma, (self.hue + hue) % 360)


@functools.lru_cache(maxsize=4096)
def lch_hex(lightness: float, chroma: float, hue: float) -> str:
    """``#RRGGBB`` of an OKLCH colour, gamut-mapped by lowering chroma (bisection, 12 steps)."""
    rgb = _to_linear(lightness, chroma, hue)
    if not _inside(rgb):
        low, high = 0.0, chroma
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (middle, high) if _inside(_to_linear(lightness, middle, hue)) else (low, middle)
        rgb = _to_linear(lightness, low, hue)
    return "#" + "".join(f"{round(255 * _encode(min(1.0, max(0.0, part)))):02X}" for part in rgb)


@functools.lru_cache(maxsize=4096)
def parse(colour: str) -> Lch:
    """The OKLCH value of ``#RRGGBB``. Raises UsageError("pictures.bad_colour") for any other text."""
    red, green, blue = (_decode(part / 255) for part in rgb8(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def rgb8(colour: str) -> tuple[int, int, int]:
    """Red, green, blue (0–255) of ``#RRGGBB``."""
    text = colour.removeprefix("#")
    try:
        if len(text) != 6:
            raise ValueError(text)
        return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)
    except ValueError:
        raise UsageError("pictures.bad_colour", colour=colour) from None


def mix(one: str, other: str, share: float) -> str:
    """A colour between two, ``share`` of the way to ``other``, by way of OKLab."""
    a, b = parse(one), parse(other)
    ax, ay = a.chroma * math.cos(math.radians(a.hue)), a.chroma * math.sin(math.radians(a.hue))
    bx, by = b.chroma * math.cos(math.radians(b.hue)), b.chroma * math.sin(math.radians(b.hue))
    x, y = ax + (bx - ax) * share, ay + (by - ay) * share
    light = a.lightness + (b.lightness - a.lightness) * share
    return lch_hex(light, math.hypot(x, y), math.degrees(math.atan2(y, x)) % 360)


def luminance(colour: str) -> float:
    """Relative luminance (0–1) of a colour, WCAG 2.2."""
    red, green, blue = (_decode(part / 255) for part in rgb8(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (1–21) of two colours."""
    return ratio(luminance(one), luminance(other))


def ratio(one: float, other: float) -> float:
    """Contrast ratio of two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def difference(one: str, other: str) -> float:
    """Euclidean distance in OKLab times 100 (2 is just seen, 40 is another colour)."""
    a, b = parse(one), parse(other)
    ax, ay = a.chroma * math.cos(math.radians(a.hue)), a.chroma * math.sin(math.radians(a.hue))
    bx, by = b.chroma * math.cos(math.radians(b.hue)), b.chroma * math.sin(math.radians(b.hue))
    return 100 * math.sqrt((a.lightness - b.lightness) ** 2 + (ax - bx) ** 2 + (ay - by) ** 2)


LINEAR: NDArray[np.float32] = np.array(
    [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in range(256)],
    dtype=np.float32,
)
"""Linear light of each 8-bit sRGB value: a table is far faster than a power on a million pixels."""


def luminances(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Relative luminance of RGBA pixels (…×4, opaque), shape of all but the last axis."""
    red, green, blue = LINEAR[pixels[..., 0]], LINEAR[pixels[..., 1]], LINEAR[pixels[..., 2]]
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue).astype(np.float32)


def _to_linear(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _inside(rgb: Linear) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in rgb)


def _encode(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _decode(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
