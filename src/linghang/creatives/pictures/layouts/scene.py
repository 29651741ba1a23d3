"""The hero's scene: a stage, a podium, one hero, two supports, coins in three planes of depth."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from linghang.creatives.pictures.layouts import parts
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.type.setting import Box

# How much of its square an element fills: the share of the height from its top to where it stands (0.5 = centre).
_FOOT = {"packet": 0.91, "shield": 0.93, "gift": 0.93, "bar": 0.80, "ingot": 0.68, "ticket": 0.80, "piggy": 0.86, "bars": 0.86,
         "calendar": 0.90, "phone": 0.94, "umbrella": 0.93, "rocket": 0.93, "lantern": 0.94, "card": 0.78, "crown": 0.80, "coin": 0.93}  # fmt: skip
_SIZE = {"bar": 1.22, "ingot": 1.15, "gift": 0.98, "ticket": 1.10, "card": 1.12, "bars": 1.05, "rocket": 1.08}
_LEANS = {"packet", "shield", "ticket", "card", "phone", "rocket", "umbrella", "lantern", "coin"}


@dataclass(frozen=True)
class Scene:
    """What remains to be drawn over the lower part: near coins that the frame crops."""

    front: Callable[[], None]


def hero_scene(sheet: Sheet, box: Box, focus: tuple[float, float]) -> Scene:
    """Draw the scene into ``box`` (the podium may reach below it, under the tickets)."""
    room, middle = box.height, box.centre[0]
    wide = min(box.width * 0.70, room * 1.02)
    podium = min(box.width * 0.74, room * 1.05)
    podium_y = box.bottom - podium * 0.02
    surface = podium_y - podium * 0.125
    _stage(sheet, box, wide)
    _far_coins(sheet, box)
    sheet.add("glow", at=list(focus), radius=wide * 0.62, squash=1.0, colour=sheet("bright") if not sheet.design.palette.light else "#FFFFFF",
              alpha=0.75)  # fmt: skip
    parts.contact(sheet, (middle, podium_y + podium * 0.11), podium * 0.56, 0.55)
    parts.element(sheet, "podium", (middle, podium_y), podium)
    hero_top = _hero(sheet, middle, surface, box, podium)
    _supports(sheet, middle, surface, podium)
    _middle_coins(sheet, box, wide)
    stream = sheet.design.stream("sparkles")
    for side in (-1, 1):
        parts.sparkle(
            sheet,
            (middle + side * wide * stream.uniform(0.30, 0.44), hero_top + room * stream.uniform(0.02, 0.3)),
            sheet.px(stream.uniform(34, 58)),
        )
    parts.confetti(sheet, Box(0, 0, sheet.width, box.bottom), sheet.design.confetti, sheet.px(13))
    return Scene(lambda: _near_coins(sheet, box))


def _stage(sheet: Sheet, box: Box, wide: float) -> None:
    if sheet.design.composition > 0.62 or sheet.design.ground in ("clouds", "moon", "grid"):
        return
    middle = box.centre[0]
    half = wide * 0.56
    top = box.top - sheet.px(40)
    light = "#FFFFFF" if sheet.design.palette.light else sheet("bright")
    sheet.add("stage", box=[middle - half, top, middle + half, box.bottom + sheet.px(60)], width=sheet.px(7),
              fill=[[0, light, 0.85], [0.5, sheet("base"), 0.55], [1, sheet("deep"), 0.5]], rays=20, light=light, ray_alpha=0.30,
              frame=[[0, sheet("metal_light")], [0.35, sheet("metal")], [0.6, sheet("metal_light")], [1, sheet("metal_deep")]])  # fmt: skip


def _hero(sheet: Sheet, middle: float, surface: float, box: Box, podium: float) -> float:
    name = sheet.design.hero
    room = surface - box.top
    side = min(room * 1.04, podium * 0.66) * _SIZE.get(name, 1.0)
    foot = _FOOT.get(name, 0.9)
    stream = sheet.design.stream("hero_pose")
    lift = sheet.px(16) if name in _LEANS else 0.0
    y = surface - (foot - 0.5) * side - lift
    parts.contact(sheet, (middle, surface), side * 0.42, 0.6)
    parts.element(sheet, name, (middle, y), side, pose=stream.randrange(4), shadow=side * 0.05)
    return y - side / 2


def _supports(sheet: Sheet, middle: float, surface: float, podium: float) -> None:
    for place, name in enumerate(sheet.design.supports):
        side = podium * (0.29 if place else 0.27) * _SIZE.get(name, 1.0)
        sign = 1 if place else -1
        x = middle + sign * podium * 0.40
        base = surface + podium * 0.055
        parts.contact(sheet, (x, base), side * 0.46, 0.5)
        parts.element(
            sheet,
            name,
            (x, base - (_FOOT.get(name, 0.9) - 0.5) * side),
            side,
            pose=1 if place else 0,
            shadow=side * 0.05,
        )
    for place, dx in enumerate((-0.10, 0.08)):
        side = podium * 0.155
        parts.element(
            sheet,
            "coin",
            (middle + podium * dx, surface + podium * (0.052 + 0.016 * place)),
            side,
            pose=5 - place,
            shadow=side * 0.05,
        )


def _far_coins(sheet: Sheet, box: Box) -> None:
    stream = sheet.design.stream("far")
    for place in range(max(0, sheet.design.coins // 3)):
        x = sheet.width * (0.10 + 0.80 * stream.random())
        y = box.top + box.height * stream.uniform(-0.02, 0.25)
        parts.coin(sheet, (x, y), sheet.px(stream.uniform(52, 70)), f"far{place}", blur=sheet.px(2.2))


def _middle_coins(sheet: Sheet, box: Box, wide: float) -> None:
    """Coins left and right of the stage at even heights: scattered ones would look like dirt."""
    count = max(2, round(sheet.design.coins * 0.55))
    stream = sheet.design.stream("middle")
    for place in range(count):
        side = -1 if place % 2 == 0 else 1
        row = place // 2
        rows = math.ceil(count / 2)
        y = (
            box.top
            + box.height * (0.10 + 0.62 * (row + (0.15 if side > 0 else 0.4)) / rows)
            + sheet.px(stream.uniform(-16, 16))
        )
        x = box.centre[0] + side * (wide * 0.56 + sheet.px(stream.uniform(-12, 34)))
        parts.coin(sheet, (x, y), sheet.px(stream.uniform(84, 128)), f"mid{place}")


def _near_coins(sheet: Sheet, box: Box) -> None:
    stream = sheet.design.stream("near")
    if sheet.design.coins < 5:
        return
    parts.coin(
        sheet,
        (sheet.width * 0.01, box.bottom - box.height * stream.uniform(0.02, 0.14)),
        sheet.px(190),
        "near0",
        blur=sheet.px(7),
    )
    parts.coin(
        sheet,
        (sheet.width * 1.0, box.bottom - box.height * stream.uniform(0.16, 0.30)),
        sheet.px(210),
        "near1",
        blur=sheet.px(8),
    )
    parts.coin(sheet, (sheet.width * 0.985, box.top - box.height * 0.55), sheet.px(120), "near2", blur=sheet.px(5))


def side_scene(sheet: Sheet, box: Box, focus: tuple[float, float]) -> Scene:
    """The scene of a banner: hero on a podium that the lower edge crops, coins around."""
    unit = sheet.unit
    middle, room = focus[0], box.height
    podium = min(box.width * 0.92, room * 0.98)
    podium_y = room * 0.985 - podium * 0.10
    surface = podium_y - podium * 0.135
    sheet.add("glow", at=list(focus), radius=room * 0.62, squash=1.0, alpha=0.8,
              colour="#FFFFFF" if sheet.design.palette.light else sheet("bright"))  # fmt: skip
    stream = sheet.design.stream("side")
    for place in range(max(0, sheet.design.coins // 3)):
        x = box.left + box.width * stream.uniform(0.15, 0.95)
        parts.coin(
            sheet, (x, room * stream.uniform(0.06, 0.2)), stream.uniform(30, 42) * unit, f"far{place}", blur=1.6 * unit
        )
    parts.contact(sheet, (middle, podium_y + podium * 0.11), podium * 0.56, 0.5)
    parts.element(sheet, "podium", (middle, podium_y), podium)
    name = sheet.design.hero
    side = min(surface * 1.02, podium * 0.78) * _SIZE.get(name, 1.0)
    lift = 8 * unit if name in _LEANS else 0.0
    parts.contact(sheet, (middle, surface), side * 0.42, 0.6)
    parts.element(sheet, name, (middle, surface - (_FOOT.get(name, 0.9) - 0.5) * side - lift), side,
                  pose=sheet.design.stream("hero_pose").randrange(4), shadow=side * 0.05)  # fmt: skip
    for place, support in enumerate(sheet.design.supports):
        small = podium * 0.30 * _SIZE.get(support, 1.0)
        x = middle + (1 if place else -1) * podium * 0.41
        base = surface + podium * 0.06
        parts.contact(sheet, (x, base), small * 0.46, 0.45)
        parts.element(
            sheet,
            support,
            (x, base - (_FOOT.get(support, 0.9) - 0.5) * small),
            small,
            pose=1 if place else 0,
            shadow=small * 0.05,
        )
    count = max(2, round(sheet.design.coins * 0.4))
    for place in range(count):
        sign = -1 if place % 2 == 0 else 1
        y = room * (0.24 + 0.34 * (place // 2) / max(1, (count + 1) // 2 - 1 or 1)) + stream.uniform(-10, 10) * unit
        x = middle + sign * podium * stream.uniform(0.42, 0.52)
        parts.coin(sheet, (x, y), stream.uniform(54, 78) * unit, f"mid{place}")
    for sign in (-1, 1):
        parts.sparkle(
            sheet, (middle + sign * podium * 0.30, room * stream.uniform(0.16, 0.42)), stream.uniform(20, 34) * unit
        )
    parts.confetti(sheet, Box(box.left, 0, sheet.width, room * 0.9), round(sheet.design.confetti * 0.5), 8 * unit)

    def front() -> None:
        if sheet.design.coins >= 5:
            parts.coin(sheet, (sheet.width - 4 * unit, room * 0.94), 104 * unit, "near0", blur=4 * unit)

    return Scene(front)
