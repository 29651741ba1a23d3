"""The hero's scene: a stage, a podium, one hero, two supports, coins in three planes of depth."""

import math

from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.layouts import parts
from linghang.creatives.pictures.layouts.parts import Look
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.type.setting import Box


def hero_scene(sheet: Sheet, box: Box, focus: tuple[float, float]) -> None:
    """Draw the scene into ``box`` (the podium may reach below it, under the tickets)."""
    room, middle = box.height, box.centre[0]
    podium = min(box.width * 0.84, room * 1.12)
    low = 0.035 if sheet.spec.words.coupons else 0.17  # without tickets in front the podium stands free
    podium_y = box.bottom - podium * low
    surface = podium_y - podium * 0.125
    side = min(surface - box.top, podium * (0.80 if room < sheet.width * 0.9 else 0.92))
    wide = min(box.width * 0.76, max(side * 1.12, room * 0.9))
    stage(sheet, Box(box.left, surface - max(side * 1.22, wide * 0.9), box.right, box.bottom), wide)
    parts.confetti(sheet, Box(0, 0, sheet.width, box.bottom), sheet.design.confetti, sheet.px(13))
    _far_coins(sheet, box)
    parts.glow(sheet, focus, wide * 0.62, 0.75)
    parts.contact(sheet, (middle, podium_y + podium * 0.11), podium * 0.56, 0.55)
    parts.element(sheet, "podium", (middle, podium_y), podium)
    hero_top = _hero(sheet, middle, surface, side, surface - side - box.top)
    _supports(sheet, middle, surface, podium)
    _middle_coins(sheet, box, wide)
    stream = sheet.design.stream("sparkles")
    for side in (-1, 1):
        at = (middle + side * wide * stream.uniform(0.30, 0.44), hero_top + room * stream.uniform(0.02, 0.3))
        parts.sparkle(sheet, at, sheet.px(stream.uniform(34, 58)))


def heart(sheet: Sheet, box: Box) -> float:
    """How high the middle of the hero will be, where the light comes from."""
    podium = min(box.width * 0.84, box.height * 1.12)
    surface = box.bottom - podium * ((0.035 if sheet.spec.words.coupons else 0.17) + 0.125)
    return surface - min(surface - box.top, podium * 0.86) * 0.5


def stage(sheet: Sheet, box: Box, wide: float) -> None:
    """The niche behind the hero: an arch, or a ring of light, or nothing where the ground has its own sun."""
    if sheet.design.ground in ("clouds", "moon", "grid") or sheet.design.composition > 0.75:
        return
    middle, half = box.centre[0], wide * 0.56
    light = "#FFFFFF" if sheet.design.palette.light else sheet("bright")
    frame = [[0, sheet("metal_light")], [0.35, sheet("metal")], [0.6, sheet("metal_light")], [1, sheet("metal_deep")]]
    rays = {"rays": 20, "light": light, "ray_alpha": 0.30}
    if sheet.design.composition > 0.45:
        top = box.top + (box.height - 2 * half) * 0.35
        ring = [middle - half * 0.92, top, middle + half * 0.92, top + 1.84 * half]
        fill = [[0, light, 0.75], [0.6, sheet("base"), 0.45], [1, sheet("deep"), 0.35]]
        sheet.add("stage", box=ring, width=sheet.px(8), fill=fill, frame=frame, round=1, **rays)
        return
    arch = [middle - half, box.top - sheet.px(30), middle + half, box.bottom + sheet.px(60)]
    fill = [[0, light, 0.85], [0.5, sheet("base"), 0.55], [1, sheet("deep"), 0.5]]
    sheet.add("stage", box=arch, width=sheet.px(7), fill=fill, frame=frame, **rays)


def place_hero(sheet: Sheet, at: tuple[float, float], side: float, *, air: float | None = None) -> None:
    """The hero standing at ``at`` (the middle of its foot), its square ``side`` px before its own scale.

    Flat elements float up by a share of ``air``, the free height above them: lying low they would leave a void.
    """
    name = sheet.design.hero
    known = kind(name)
    side *= known.size
    lift = side * 0.025 if known.leans else 0.0
    if known.head > 0.2 and air is not None:
        lift += max(0.0, min(air + known.head * side * 0.8, side * 0.55)) * 0.45
    y = at[1] - (known.foot - 0.5) * side - lift
    pose = sheet.design.stream("hero_pose").randrange(4)
    parts.element(sheet, name, (at[0], y), side, Look(pose, shadow=side * 0.05, glyph=sheet.design.hero_glyph))


def _hero(sheet: Sheet, middle: float, surface: float, side: float, air: float) -> float:
    parts.contact(sheet, (middle, surface), side * 0.42, 0.6)
    place_hero(sheet, (middle, surface), side * 1.04, air=air)
    return surface - side


def _supports(sheet: Sheet, middle: float, surface: float, podium: float) -> None:
    for place, name in enumerate(sheet.design.supports):
        side = podium * (0.30 if place else 0.28) * kind(name).size
        x, base = middle + (1 if place else -1) * podium * 0.405, surface + podium * 0.055
        parts.contact(sheet, (x, base), side * 0.46, 0.5)
        at = (x, base - (kind(name).foot - 0.5) * side)
        parts.element(sheet, name, at, side, Look(1 if place else 0, shadow=side * 0.05))
    if sheet.design.coins < 3:
        return
    for place, dx in enumerate((-0.10, 0.08)):
        side = podium * 0.155
        at = (middle + podium * dx, surface + podium * (0.052 + 0.016 * place))
        parts.element(sheet, "coin", at, side, Look(5 - place, shadow=side * 0.05, glyph=sheet.design.coin_glyph))


def _far_coins(sheet: Sheet, box: Box) -> None:
    stream = sheet.design.stream("far")
    for place in range(max(0, sheet.design.coins // 3)):
        x = sheet.width * (0.10 + 0.80 * stream.random())
        y = box.top + box.height * stream.uniform(0.02, 0.28)
        parts.coin(sheet, (x, y), sheet.px(stream.uniform(52, 70)), f"far{place}", blur=sheet.px(2.2))


def _middle_coins(sheet: Sheet, box: Box, wide: float) -> None:
    """Coins left and right of the stage at even heights: scattered ones would look like dirt."""
    count = max(0, round(sheet.design.coins * 0.55))
    stream = sheet.design.stream("middle")
    rows = max(1, math.ceil(count / 2))
    for place in range(count):
        side = -1 if place % 2 == 0 else 1
        row = place // 2
        y = (
            box.top
            + box.height * (0.10 + 0.58 * (row + (0.15 if side > 0 else 0.4)) / rows)
            + sheet.px(stream.uniform(-16, 16))
        )
        x = box.centre[0] + side * (wide * 0.57 + sheet.px(stream.uniform(-8, 30)))
        parts.coin(sheet, (x, y), sheet.px(stream.uniform(84, 128)), f"mid{place}")


def near_coins(sheet: Sheet, box: Box) -> None:
    """Large blurred coins that the frame crops, in front of everything but the text."""
    stream = sheet.design.stream("near")
    low, high = stream.uniform(0.10, 0.20), stream.uniform(0.24, 0.36)
    if sheet.design.coins < 5 or sheet.mend("fewer"):
        return
    parts.coin(sheet, (0.0, box.bottom - box.height * low), sheet.px(176), "near0", blur=sheet.px(7))
    parts.coin(sheet, (sheet.width * 1.005, box.bottom - box.height * high), sheet.px(196), "near1", blur=sheet.px(8))


def side_scene(sheet: Sheet, box: Box, focus: tuple[float, float]) -> None:
    """The scene of a banner: hero on a podium that the lower edge crops, coins around."""
    unit, middle, room = sheet.unit, focus[0], box.height
    podium = min(box.width * 0.86, room * 0.98)
    podium_y = box.bottom - room * 0.015 - podium * 0.10
    surface = podium_y - podium * 0.135
    parts.glow(sheet, focus, room * 0.62, 0.8)
    parts.confetti(
        sheet, Box(box.left, box.top, sheet.width, box.top + room * 0.9), round(sheet.design.confetti * 0.5), 8 * unit
    )
    stream = sheet.design.stream("side")
    for place in range(max(0, sheet.design.coins // 3)):
        at = (box.left + box.width * stream.uniform(0.15, 0.95), box.top + room * stream.uniform(0.04, 0.18))
        parts.coin(sheet, at, stream.uniform(30, 42) * unit, f"far{place}", blur=1.6 * unit)
    bare = room < sheet.height * 0.62  # too low for a podium: the hero stands on the ground and gets all the room
    if bare:
        surface = box.bottom - room * 0.09
        parts.contact(sheet, (middle, surface + room * 0.01), podium * 0.5, 0.5)
    else:
        parts.contact(sheet, (middle, podium_y + podium * 0.11), podium * 0.56, 0.5)
        parts.element(sheet, "podium", (middle, podium_y), podium)
    side = min(surface - box.top, box.width * 0.92 if bare else podium * 0.80)
    parts.contact(sheet, (middle, surface), side * 0.42, 0.6)
    place_hero(sheet, (middle, surface), side, air=surface - side - box.top)
    _side_supports(sheet, middle, surface + podium * (0.015 if bare else 0.06), podium)
    count = max(2, round(sheet.design.coins * 0.4))
    rows = max(1, (count + 1) // 2 - 1)
    for place in range(count):
        y = box.top + room * (0.22 + 0.34 * (place // 2) / rows) + stream.uniform(-10, 10) * unit
        x = middle + (-1 if place % 2 == 0 else 1) * podium * stream.uniform(0.43, 0.50)
        parts.coin(sheet, (x, y), stream.uniform(50, 74) * unit, f"mid{place}")
    for sign in (-1, 1):
        at = (middle + sign * podium * 0.30, box.top + room * stream.uniform(0.14, 0.40))
        parts.sparkle(sheet, at, stream.uniform(20, 34) * unit)


def _side_supports(sheet: Sheet, middle: float, base: float, podium: float) -> None:
    for place, name in enumerate(sheet.design.supports):
        side = podium * 0.29 * kind(name).size
        x = middle + (1 if place else -1) * podium * 0.395
        parts.contact(sheet, (x, base), side * 0.46, 0.45)
        at = (x, base - (kind(name).foot - 0.5) * side)
        parts.element(sheet, name, at, side, Look(1 if place else 0, shadow=side * 0.05))
