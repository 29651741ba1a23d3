"""Colours that can be read: contrast by WCAG 2.2, and a theme from any brand."""

import re

from linghang.packs.model import Brand
from linghang.pages.model import Theme

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_LEAST = 4.5
"""WCAG 2.2 AA for normal text (success criterion 1.4.3)."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #RRGGBB colours, 1–21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str = "#FFFFFF") -> str:
    """The colour, darkened just so far that it has AA contrast with ``ground``."""
    parts = _parts(colour)
    for step in range(101):
        shade = _hex(tuple(part * (100 - step) / 100 for part in parts))
        if contrast(shade, ground) >= _LEAST:
            return shade
    return "#000000"


def theme_of(brand: Brand) -> Theme:
    """The page's theme. A brand colour that is no #RRGGBB is replaced by a neutral dark blue."""
    primary = readable(brand.primary if _HEX.fullmatch(brand.primary) else "#1F3A68")
    accent = brand.accent if _HEX.fullmatch(brand.accent) else "#F5C76B"
    return Theme(
        primary=primary, deep=mixed(primary, "#000000", 0.34), accent=accent, tint=mixed(primary, "#FFFFFF", 0.94)
    )


def mixed(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` of ``other`` in it."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return _hex(tuple(first * (1 - share) + second * share for first, second in pairs))


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(float(int(colour[place : place + 2], 16)) for place in (1, 3, 5))


def _hex(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part):02X}" for part in parts)


def _luminance(colour: str) -> float:
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
