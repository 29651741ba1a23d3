"""Scenes (场景): which set pieces stand behind and before the hero — arches, drapes, skylines, clouds, fireworks."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from linghang.creatives.pictures.colour import mix, parse
from linghang.creatives.pictures.layouts import parts
from linghang.creatives.pictures.layouts.parts import Look
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.type.setting import Box

KINDS = frozenset(
    {"drapes", "beams", "skyline", "ridges", "auspices", "fireworks", "orbits", "sash", "stage", "lamps", "filigree"}
)
"""Kinds of layers that set pieces are made of: an image model's plate takes their place."""
BARE = frozenset({"pocket"})
"""Scenes without a podium: the hero rises out of something."""


@dataclass(frozen=True)
class Place:
    """Where a scene is built: its box, the middle of the hero's foot, how wide the stage is, all in px.

    ``size`` is the px of one design pixel of this picture's family, ``far`` how wide the whole picture is seen.
    """

    box: Box
    middle: float
    surface: float
    wide: float
    side: float
    size: float


def behind(sheet: Sheet, place: Place) -> None:
    """Set pieces behind the hero."""
    for piece in _BEHIND.get(sheet.design.scene, ()):
        piece(sheet, place)


def before(sheet: Sheet, place: Place) -> None:
    """Set pieces in front of the hero's foot."""
    for piece in _BEFORE.get(sheet.design.scene, ()):
        piece(sheet, place)


def arch(sheet: Sheet, place: Place) -> None:
    """A round-topped niche with a metal frame and a string of lamps."""
    half = place.wide * 0.56
    top = place.surface - max(place.side * 1.24, place.wide * 0.92)
    top = max(top, place.box.top - 6 * place.size)
    low = place.box.bottom + 60 * place.size
    box = [place.middle - half, top, place.middle + half, low]
    light = _light(sheet)
    fill = [[0, light, 0.85], [0.5, sheet("base"), 0.55], [1, sheet("deep"), 0.5]]
    rays = {"rays": 20, "light": light, "ray_alpha": 0.30}
    sheet.add("stage", box=box, width=9 * place.size, fill=fill, frame=_frame(sheet), **rays)
    outer = half + 26 * place.size
    points: list[float] = []
    count = 15
    for step in range(count):
        angle = math.pi * (step + 0.5) / count
        points += [place.middle - outer * math.cos(angle), top + half - outer * math.sin(angle)]
    for step in range(1, 4):
        y = top + half + step * 62 * place.size
        if y < place.surface:
            points += [place.middle - outer, y, place.middle + outer, y]
    sheet.add("lamps", points=points, size=6.5 * place.size, colour=sheet("glint"))


def ring(sheet: Sheet, place: Place) -> None:
    """A full ring of light behind the hero, doubled by a thin outer one."""
    half = place.wide * 0.50
    centre = place.surface - max(place.side * 0.56, half * 0.86)
    light = _light(sheet)
    fill = [[0, light, 0.75], [0.6, sheet("base"), 0.45], [1, sheet("deep"), 0.35]]
    rays = {"rays": 20, "light": light, "ray_alpha": 0.26}
    box = [place.middle - half, centre - half, place.middle + half, centre + half]
    sheet.add("stage", box=box, width=9 * place.size, fill=fill, frame=_frame(sheet), round=1, **rays)
    outer = half * 1.10
    points: list[float] = []
    for step in range(26):
        angle = 2 * math.pi * step / 26
        x, y = place.middle + outer * math.cos(angle), centre + outer * math.sin(angle)
        if y < place.surface - 10 * place.size:
            points += [x, y]
    sheet.add("lamps", points=points, size=4.2 * place.size, colour=sheet("glint"))


def drapes(sheet: Sheet, place: Place) -> None:
    """Velvet at both sides and light from two lamps above."""
    beams(sheet, place)
    body = parse(sheet("base"))
    dark = body.lightness < 0.33
    tones = {
        "shade": sheet("rim_deep") if not dark else sheet("deep"),
        "body": sheet("floor") if not dark else mix(sheet("base"), sheet("deep"), 0.4),
        "light": mix(sheet("base"), sheet("bright"), 0.35 if not dark else 0.28),
    }
    banner = sheet.width > sheet.height * 1.5
    # In a banner the stage is as wide as the picture: a curtain that began beside the words would show a cut edge.
    box = Box(0, 0, sheet.width, sheet.height)
    wide = 0.24 * place.box.width if banner else 0.23 * sheet.width
    low = sheet.height if banner else place.box.bottom + 40 * place.size
    swags = {} if banner else {"swags": 5, "drop": 92 * place.size}
    sheet.add("drapes", box=[box.left, 0, box.right, low], width=wide, trim=sheet("metal"), **tones, **swags)


def beams(sheet: Sheet, place: Place) -> None:
    """Two or three cones of light that meet on the hero."""
    x, reach = place.middle, place.wide * 0.95
    top = 0.0 if sheet.width > sheet.height * 1.5 else max(0.0, place.box.top - place.wide * 0.5)
    lamps = [x - reach, top, x + reach, top, x, top - 30 * place.size]
    light = _light(sheet) if not sheet.design.palette.light else "#FFFFFF"
    to = [x, place.surface + place.side * 0.1]
    sheet.add("beams", **{"from": lamps}, to=to, spread=place.wide * 0.95, colour=light, alpha=0.42)
    floor = [x, place.surface + place.side * 0.06]
    sheet.add("glow", at=floor, radius=place.wide * 0.78, squash=0.30, colour=light, alpha=0.5)


def skyline(sheet: Sheet, place: Place) -> None:
    """A town in three depths on a horizon of light."""
    base = place.surface + place.side * 0.10
    light = _light(sheet)
    sheet.add("glow", at=[place.middle, base], radius=place.wide * 1.1, squash=0.42, colour=light, alpha=0.6)
    rows = [
        [0, mix(sheet("base"), sheet("bright"), 0.55), 0.55],
        [0, mix(sheet("base"), sheet("bright"), 0.22), 0.75],
        [0, mix(sheet("base"), sheet("deep"), 0.45), 0.85],
    ]
    gap = place.middle / sheet.width
    where = {"base": base, "tall": place.side * 1.02, "width": sheet.width, "gap": gap, "seed": sheet.design.phase}
    sheet.add("skyline", fill=rows, lamp=sheet("glint"), **where)


def orbits(sheet: Sheet, place: Place) -> None:
    """Rings of data around the hero."""
    at = [place.middle, place.surface - place.side * 0.46]
    light = _light(sheet)
    parts.glow(sheet, (at[0], at[1]), place.wide * 0.7, 0.45)
    sheet.add("orbits", at=at, radius=place.wide * 0.62, colour=light, count=3, seed=sheet.design.phase)


def clouds(sheet: Sheet, place: Place) -> None:
    """Clay clouds that drift behind the hero at both sides, small ones farther up."""
    stream = sheet.design.stream("clouds")
    for step, (dx, dy, size) in enumerate(
        ((-0.60, -0.72, 0.42), (0.62, -0.60, 0.46), (-0.52, -0.10, 0.58), (0.56, -0.06, 0.62), (0.20, -1.06, 0.26))
    ):
        side = place.wide * size
        x = place.middle + dx * place.wide * stream.uniform(0.94, 1.1)
        y = place.surface + dy * place.side + stream.uniform(-14, 14) * place.size
        if y > place.box.top:
            parts.element(sheet, "cloud", (x, y), side, Look(step, blur=2.0 * place.size if step > 3 else 0.0))


def cloud_feet(sheet: Sheet, place: Place) -> None:
    """Clouds in front of the podium's flanks."""
    for step, dx in enumerate((-0.50, 0.52)):
        side = place.wide * 0.46
        at = (_held(sheet, place, dx, side * 0.22), place.surface + place.side * 0.17)
        parts.element(sheet, "cloud", at, side, Look(step + 1))


def ridges(sheet: Sheet, place: Place) -> None:
    """Layered mountains with a gold crest under a great sun."""
    base = place.surface + place.side * 0.22
    rows = [
        [0, mix(sheet("bright"), sheet("base"), 0.35), mix(sheet("bright"), sheet("base"), 0.15)],
        [0, mix(sheet("base"), sheet("bright"), 0.18), mix(sheet("bright"), sheet("base"), 0.40)],
        [0, mix(sheet("base"), sheet("deep"), 0.55), mix(sheet("base"), sheet("bright"), 0.20)],
    ]
    where = {"width": sheet.width, "base": base, "tall": place.side * 0.95, "seed": sheet.design.phase}
    sheet.add("ridges", fill=rows, crest=sheet("metal_light"), line=2.2 * place.size, **where)


def auspices(sheet: Sheet, place: Place) -> None:
    """Heaps of auspicious clouds at both sides."""
    size = place.side * 0.115
    y = place.surface - place.side * 0.20
    heaps = [_held(sheet, place, -0.66, size), y, size, place.middle + place.wide * 0.68, y - size * 0.9, size * 1.1]
    _heaps(sheet, place, heaps, 0.45)


def auspices_low(sheet: Sheet, place: Place) -> None:
    """Auspicious clouds before the podium's flanks."""
    size = place.side * 0.125
    y = place.surface + place.side * 0.19
    heaps = [_held(sheet, place, -0.60, size), y, size, _held(sheet, place, 0.62, size), y, size * 1.05]
    _heaps(sheet, place, heaps, 0.15)


def _held(sheet: Sheet, place: Place, dx: float, size: float) -> float:
    """Where a heap stands; in banners it is kept out of the text's side."""
    x = place.middle + dx * place.wide
    if sheet.width < sheet.height * 1.5:
        return x
    if place.box.left > 1:
        x = max(x, place.box.left + 2.3 * size)
    return min(x, place.box.right - 2.3 * size) if place.box.right < sheet.width - 1 else x


def _heaps(sheet: Sheet, place: Place, heaps: list[float], far: float) -> None:
    top = mix(mix(sheet("base"), sheet("bright"), 0.62), sheet("deep"), far * 0.4)
    low = mix(sheet("base"), sheet("deep"), 0.25 + far * 0.4)
    sheet.add("auspices", heaps=heaps, top=top, low=low, rim=sheet("metal_light"), unit=2.4 * place.size)


def lanterns(sheet: Sheet, place: Place) -> None:
    """Lanterns on cords at both upper corners, one large and one small at each side."""
    upright = sheet.width < sheet.height * 1.5
    top = place.box.top - 20 * place.size if upright else 0.0
    for step, (dx, drop, size) in enumerate(
        ((-0.60, 0.20, 0.21), (0.60, 0.26, 0.23), (-0.47, 0.06, 0.13), (0.46, 0.05, 0.13))
    ):
        side = place.wide * size * (1.0 if upright else 1.1)
        x, y = place.middle + dx * place.wide, top + drop * place.side + side * 0.5
        cord = [x - 1.2 * place.size, 0, x + 1.2 * place.size, y - side * 0.42]
        sheet.add(
            "scrim",
            box=cord,
            start=[0, 0],
            end=[0, cord[3]],
            fill=[[0, sheet("metal"), 0.2], [1, sheet("metal_light"), 0.9]],
        )
        parts.element(sheet, "lantern", (x, y), side, Look(step % 2, blur=1.5 * place.size if size < 0.2 else 0.0))


def fireworks(sheet: Sheet, place: Place) -> None:
    """Bursts over the scene."""
    stream = sheet.design.stream("fireworks")
    bursts: list[float] = []
    for dx, dy, r in (
        (-0.56, -0.98, 0.26),
        (0.58, -0.86, 0.30),
        (-0.66, -0.46, 0.16),
        (0.16, -1.22, 0.20),
        (0.70, -0.40, 0.14),
    ):
        x = place.middle + dx * place.wide * stream.uniform(0.9, 1.1)
        y = place.surface + dy * place.side * stream.uniform(0.94, 1.06)
        bursts += [x, max(y, r * place.wide * 0.5), r * place.wide]
    tones = [[0, "#FFD98A"], [0, "#FF9E7A"], [0, "#FFF0C2"], [0, mix("#FFFFFF", sheet("bright"), 0.5)]]
    sheet.add("fireworks", bursts=bursts, fill=tones, seed=sheet.design.phase)


def filigree(sheet: Sheet, place: Place) -> None:
    """A fine fretted frame around the whole picture."""
    inset = 22 * place.size
    box = [inset, inset, sheet.width - inset, sheet.height - inset]
    sheet.add("filigree", box=box, size=30 * place.size, line=2.0 * place.size, colour=sheet("metal"), alpha=0.55)


def sash(sheet: Sheet, place: Place) -> None:
    """A band of silk that waves behind the hero from edge to edge."""
    y, high = place.surface - place.side * 0.42, place.side * 0.62
    tones = {
        "shade": mix(sheet("base"), sheet("deep"), 0.6),
        "body": mix(sheet("base"), sheet("bright"), 0.22),
        "light": mix(sheet("base"), sheet("bright"), 0.62),
    }
    for step, (shift, thick, alpha) in enumerate(((0.0, 0.26, 0.55), (0.16, 0.16, 0.8))):
        box = [-20, y - high * 0.4 + shift * high, sheet.width + 20, y + high * 0.6 + shift * high]
        phase = sheet.design.phase + step * 1.1
        sheet.add("sash", box=box, thick=thick * place.side, phase=phase, alpha=alpha, blur=0.0, **tones)


def burst(sheet: Sheet, place: Place) -> None:
    """Rays that break out of the packet with what is in it."""
    at = [place.middle, place.surface - place.side * 0.30]
    reach = place.wide * 1.05
    light = _light(sheet)
    sheet.add("glow", at=at, radius=reach, squash=1.0, colour=light, alpha=0.45)
    sheet.add("fan", at=at, radius=reach, count=18, colour=light, alpha=0.38)


def pocket(sheet: Sheet, box: Box, sag: float, *, radius: float = 0.0) -> None:
    """The front of a giant packet in ``box``, its upper edge sagging in the middle."""
    dark = parse(sheet("base")).lightness < 0.33
    fill = [[0, mix(sheet("floor"), sheet("base"), 0.7)], [0.35, sheet("veil")], [1, sheet("veil")]]
    rims = {"rim_light": "#FFF3C4", "rim": sheet("metal"), "rim_deep": sheet("metal_deep")}
    shade = "#000000" if dark else sheet("shade")
    values = {"sag": sag, "line": 7 * sheet.unit if not radius else 4 * sheet.unit, "shade": shade, "radius": radius}
    sheet.add("pocket", role="pocket", box=box.listed(), fill=fill, **values, **rims)


def _light(sheet: Sheet) -> str:
    return "#FFFFFF" if sheet.design.palette.light else sheet("bright")


def _frame(sheet: Sheet) -> list[list[object]]:
    return [[0, sheet("metal_light")], [0.35, sheet("metal")], [0.6, sheet("metal_light")], [1, sheet("metal_deep")]]


Piece = Callable[[Sheet, Place], None]
_BEHIND: dict[str, tuple[Piece, ...]] = {
    "arch": (arch,),
    "ring": (ring,),
    "theatre": (drapes,),
    "beams": (beams, filigree),
    "city": (skyline,),
    "orbit": (orbits,),
    "sky": (clouds,),
    "ridges": (ridges, auspices),
    "auspice": (lanterns, auspices),
    "festive": (fireworks, lanterns),
    "frame": (filigree, ring),
    "silk": (sash,),
    "pocket": (burst,),
    "open": (),
}
_BEFORE: dict[str, tuple[Piece, ...]] = {
    "sky": (cloud_feet,),
    "ridges": (auspices_low,),
    "auspice": (auspices_low,),
}
