"""Two or three audiences as circles, four as ellipses; the areas of two are true, more only show every part."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.doors.studio.markup import Markup, span, tag
from linghang.doors.studio.words import Words

WIDTH, HEIGHT = 360, 240


def circles(names: Sequence[str], parts: Sequence[Mapping[str, Any]], t: Words) -> Markup:
    """The drawing, with the size of every part in it."""
    sizes = {frozenset(part["names"]): int(part["count"]) for part in parts}
    if len(names) == 4:
        rings, spots = _ellipses(), _spots_of_four(names)
    else:
        placed = _two(names, sizes) if len(names) == 2 else _three()
        spots = _spots(names, placed)
        rings = [
            tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{r:.1f}", cls=f"ring r{place}")
            for place, (x, y, r) in enumerate(placed)
        ]
    small = " small" if len(names) == 4 else ""
    labels = [
        tag("text", t.short(sizes.get(frozenset(inside), 0)), x=f"{x:.1f}", y=f"{y:.1f}", cls=f"ring-text{small}")
        for inside, (x, y) in spots.items()
        if sizes.get(frozenset(inside), 0) or len(inside) == 1
    ]
    said = t.listed([f"{' ∩ '.join(part['names'])} {t.count(part['count'])}" for part in parts])
    drawing = tag("svg", rings, labels, viewBox=f"0 0 {WIDTH} {HEIGHT}", cls="venn", role="img", aria_label=said)
    keys = [span("legend-item", span(f"sw b{place}"), name) for place, name in enumerate(names)]
    return tag("figure", drawing, tag("figcaption", keys, cls="legend"), cls="venn-box")


# Four circles cannot show all fifteen parts; four ellipses can (Venn, 1880). Places are in a unit square, y upwards.
_SCALE = 330.0
_FOUR = ((0.35, 0.4, 140), (0.45, 0.5, 140), (0.544, 0.5, 40), (0.644, 0.4, 40))
_FOUR_SPOTS = {
    "0001": (0.85, 0.42), "0010": (0.68, 0.72), "0011": (0.77, 0.59), "0100": (0.32, 0.72), "0101": (0.71, 0.3),
    "0110": (0.5, 0.66), "0111": (0.65, 0.5), "1000": (0.14, 0.42), "1001": (0.5, 0.17), "1010": (0.29, 0.3),
    "1011": (0.39, 0.24), "1100": (0.23, 0.59), "1101": (0.61, 0.24), "1110": (0.35, 0.5), "1111": (0.5, 0.38),
}  # fmt: skip
"""Which of the four a part is in → where its size stands."""


def _at(x: float, y: float) -> tuple[float, float]:
    return WIDTH / 2 + (x - 0.497) * _SCALE, HEIGHT / 2 - (y - 0.45) * _SCALE


def _ellipses() -> list[Markup]:
    rings: list[Markup] = []
    for place, (x, y, angle) in enumerate(_FOUR):
        cx, cy = _at(x, y)
        turned = f"rotate({-angle} {cx:.1f} {cy:.1f})"
        sized = {"rx": f"{0.36 * _SCALE:.1f}", "ry": f"{0.225 * _SCALE:.1f}"}
        rings.append(tag("ellipse", cx=f"{cx:.1f}", cy=f"{cy:.1f}", **sized, transform=turned, cls=f"ring r{place}"))
    return rings


def _spots_of_four(names: Sequence[str]) -> dict[tuple[str, ...], tuple[float, float]]:
    return {
        tuple(name for name, inside in zip(names, mask, strict=True) if inside == "1"): _at(*spot)
        for mask, spot in _FOUR_SPOTS.items()
    }


Placed = list[tuple[float, float, float]]


def _two(names: Sequence[str], sizes: Mapping[frozenset[str], int]) -> Placed:
    both = sizes.get(frozenset(names), 0)
    whole = [sizes.get(frozenset((name,)), 0) + both for name in names]
    scale = 96 / math.sqrt(max(*whole, 1))
    first, second = (max(10.0, math.sqrt(size) * scale) for size in whole)
    apart = _apart(first, second, both * scale * scale * math.pi)
    left = WIDTH / 2 - (first + apart + second) / 2 + first
    return [(left, HEIGHT / 2, first), (left + apart, HEIGHT / 2, second)]


def _apart(first: float, second: float, shared: float) -> float:
    """How far two circles are apart whose common area is ``shared``; by halving, since area falls with distance."""
    low, high = abs(first - second), first + second
    if shared <= 0:
        return high + 8
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _lens(first, second, middle) > shared else (low, middle)
    return max(high, abs(first - second) + 0.1)


def _lens(first: float, second: float, apart: float) -> float:
    """The common area of two circles (Weisstein, Circle-Circle Intersection, eq. 14)."""
    if apart >= first + second:
        return 0.0
    if apart <= abs(first - second):
        return math.pi * min(first, second) ** 2
    one = first * first * math.acos((apart**2 + first**2 - second**2) / (2 * apart * first))
    other = second * second * math.acos((apart**2 + second**2 - first**2) / (2 * apart * second))
    root = (-apart + first + second) * (apart + first - second) * (apart - first + second) * (apart + first + second)
    return one + other - math.sqrt(max(root, 0.0)) / 2


def _three() -> Placed:
    radius, out = 76.0, 46.0
    angles = (-math.pi / 2 - math.pi / 3, -math.pi / 2 + math.pi / 3, math.pi / 2)
    return [(WIDTH / 2 + out * math.cos(angle), HEIGHT / 2 + out * math.sin(angle), radius) for angle in angles]


def _spots(names: Sequence[str], placed: Placed) -> dict[tuple[str, ...], tuple[float, float]]:
    """Where the size of each part stands."""
    if len(placed) == 2:
        (x, y, r), (u, _, q) = placed
        left, right = u - q, x + r
        if left >= right:
            return {(names[0],): (x, y), (names[1],): (u, y)}
        # In a narrow lens a number would lie over its neighbours: it stands above the smaller circle then.
        height = y if right - left > 44 else y - min(r, q) - 12
        return {
            (names[0],): ((x - r + max(left, x - r)) / 2, y),
            (names[1],): ((min(right, u + q) + u + q) / 2, y),
            tuple(names): ((max(left, x - r) + min(right, u + q)) / 2, height),
        }
    middle = (WIDTH / 2, HEIGHT / 2)
    found: dict[tuple[str, ...], tuple[float, float]] = {tuple(names): middle}
    for place, name in enumerate(names):
        x, y, _ = placed[place]
        found[(name,)] = (middle[0] + (x - middle[0]) * 1.85, middle[1] + (y - middle[1]) * 1.85)
        pair = tuple(other for other in names if other != name)
        found[pair] = (middle[0] - (x - middle[0]) * 1.05, middle[1] - (y - middle[1]) * 1.05)
    return found
