"""The hero's scene: set pieces, a podium, one hero, two supports, coins in three planes of depth."""

import math

from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.layouts import air, parts, scenery
from linghang.creatives.pictures.layouts.parts import Look
from linghang.creatives.pictures.layouts.scenery import Place
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.type.setting import Box


def hero_scene(sheet: Sheet, box: Box, focus: tuple[float, float]) -> None:
    """Draw the scene into ``box`` (the podium may reach below it, under the tickets)."""
    middle, podium, podium_y, surface, side = _measures(sheet, box)
    wide = min(box.width * 0.80, max(side * 1.12, box.height * 0.9))
    place = Place(box, middle, surface, wide, side, sheet.unit)
    scenery.behind(sheet, place)
    air.lights(sheet, Box(0, box.top, sheet.width, box.bottom), sheet.px(46))
    parts.confetti(sheet, Box(0, 0, sheet.width, box.bottom), sheet.design.confetti, sheet.px(13))
    _far_coins(sheet, box)
    parts.glow(sheet, focus, wide * 0.62, 0.75)
    if sheet.design.scene not in scenery.BARE:
        parts.contact(sheet, (middle, podium_y + podium * 0.11), podium * 0.56, 0.55)
        parts.element(sheet, "podium", (middle, podium_y), podium)
    parts.contact(sheet, (middle, surface), side * 0.42, 0.6)
    _fountain(sheet, place, back=True)
    place_hero(sheet, (middle, surface), side * 1.04, air=surface - side - box.top)
    _supports(sheet, middle, surface, podium)
    scenery.before(sheet, place)
    _fountain(sheet, place, back=False)
    stream = sheet.design.stream("sparkles")
    for sign in (-1, 1):
        at = (
            middle + sign * wide * stream.uniform(0.30, 0.44),
            surface - side + box.height * stream.uniform(0.02, 0.3),
        )
        parts.sparkle(sheet, at, sheet.px(stream.uniform(34, 58)))


def _measures(sheet: Sheet, box: Box) -> tuple[float, float, float, float, float]:
    """Middle, podium's side and centre height, the surface on which the hero stands, and the hero's side."""
    room, middle = box.height, box.centre[0]
    podium = min(box.width * 0.84, room * 1.12)
    if sheet.design.scene in scenery.BARE:  # it rises out of the lower part, whose edge hides its foot
        surface = box.bottom - sheet.px(6)
        return middle, podium, surface, surface, min(surface - box.top, box.width * 0.84)
    low = 0.035 if sheet.spec.words.coupons else 0.17  # without tickets in front the podium stands free
    podium_y = box.bottom - podium * low
    surface = podium_y - podium * 0.125
    return (
        middle,
        podium,
        podium_y,
        surface,
        min(surface - box.top, podium * (0.80 if room < sheet.width * 0.9 else 0.92)),
    )


def heart(sheet: Sheet, box: Box) -> float:
    """How high the middle of the hero will be, where the light comes from."""
    _, _, _, surface, side = _measures(sheet, box)
    return surface - side * 0.5


def place_hero(sheet: Sheet, at: tuple[float, float], side: float, *, air: float | None = None) -> None:
    """The hero standing at ``at`` (the middle of its foot), its square ``side`` px before its own scale.

    Flat elements float up by a share of ``air``, the free height above them: lying low they would leave a void.
    """
    name = sheet.design.hero
    known = kind(name)
    side *= known.size * sheet.design.hero_scale
    lift = side * 0.025 if known.leans else 0.0
    if known.head > 0.2 and air is not None:
        lift += max(0.0, min(air + known.head * side * 0.8, side * 0.55)) * 0.45
    y = at[1] - (known.foot - 0.5) * side - lift
    pose = sheet.design.stream("hero_pose").randrange(4)
    mirrored = 0.0 if sheet.spec.frame.transparent or known.head > 0.2 else 0.34
    look = Look(pose, shadow=side * 0.05, glyph=sheet.design.hero_glyph, mirrored=mirrored)
    parts.element(sheet, name, (at[0], y), side, look)


def _supports(sheet: Sheet, middle: float, surface: float, podium: float) -> None:
    bare = sheet.design.scene in scenery.BARE
    for place, name in enumerate(sheet.design.supports):
        side = podium * (0.33 if place else 0.31) * kind(name).size
        x = middle + (1 if place else -1) * podium * (0.43 if bare else 0.415)
        base = surface - podium * 0.03 if bare else surface + podium * 0.055
        parts.contact(sheet, (x, base), side * 0.46, 0.5)
        at = (x, base - (kind(name).foot - 0.5) * side)
        glyph = sheet.design.day if name == "calendar" else ""
        parts.element(sheet, name, at, side, Look(1 if place else 0, shadow=side * 0.05, glyph=glyph))
    if sheet.design.coins < 3 or bare:
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
        parts.coin(sheet, (x, y), sheet.px(stream.uniform(46, 62)), f"far{place}", blur=sheet.px(2.6))


def _fountain(sheet: Sheet, place: Place, *, back: bool) -> None:
    """Coins thrown up around the hero: two uneven arcs, the outer ones nearer to the eye and larger."""
    count = max(0, round(sheet.design.coins * 0.75))
    stream = sheet.design.stream("back" if back else "front")
    size = place.size * (1.0 if sheet.width < sheet.height * 1.5 else 0.62)
    for step in range(count):
        if (step % 3 == 0) != back:
            continue
        sign = -1 if step % 2 == 0 else 1
        rise = (step // 2 + 0.5) / max(1, count // 2)  # 0 at the side, 1 above the head
        angle = math.radians(8 + 62 * min(1.0, rise) + stream.uniform(-7, 7))
        reach = place.wide * (stream.uniform(0.48, 0.54) if back else stream.uniform(0.55, 0.66))
        x = place.middle + sign * reach * math.cos(angle)
        y = place.surface - place.side * 0.22 - reach * math.sin(angle) * 0.92
        big = stream.uniform(60, 84) if back else stream.uniform(84, 136) * (1.12 - 0.3 * min(1.0, rise))
        side = min(big * size, place.side * (0.20 if back else 0.27))
        upright = sheet.width < sheet.height * 1.2
        if y > place.box.top - 10 * size and (
            upright or (place.box.left - 1 < x - side / 2 and x < place.box.right + side)
        ):
            parts.coin(sheet, (x, y), side, f"{'back' if back else 'mid'}{step}")


def near_coins(sheet: Sheet, box: Box) -> None:
    """Large blurred coins that the frame crops, in front of everything but the text."""
    stream = sheet.design.stream("near")
    low, high = stream.uniform(0.10, 0.20), stream.uniform(0.24, 0.36)
    if sheet.design.coins < 5 or sheet.mend("fewer"):
        return
    parts.coin(sheet, (0.0, box.bottom - box.height * low), sheet.px(176), "near0", blur=sheet.px(7))
    parts.coin(sheet, (sheet.width * 1.005, box.bottom - box.height * high), sheet.px(196), "near1", blur=sheet.px(8))


def side_place(sheet: Sheet, box: Box, middle: float) -> Place:
    """Where a banner's scene stands in ``box``, with the hero's foot at ``middle``."""
    room = box.height
    podium = _side_podium(box)
    surface = box.bottom - room * 0.09 if _low(sheet, box) else box.bottom - room * 0.015 - podium * 0.235
    side = min(surface - box.top, box.width * 0.92 if _low(sheet, box) else podium * 0.80)
    return Place(box, middle, surface, podium * 1.02, side, sheet.unit * 0.62)


def _low(sheet: Sheet, box: Box) -> bool:
    """Too low for a podium: the hero stands on the ground and gets all the room."""
    return box.height < sheet.height * 0.62


def _side_podium(box: Box) -> float:
    return min(box.width * 0.86, box.height * 0.98)


def side_backdrop(sheet: Sheet, place: Place) -> None:
    """What stands behind a banner's scene, drawn before the veil that calms the text's side."""
    if not _low(sheet, place.box):
        scenery.behind(sheet, place)


def side_scene(sheet: Sheet, place: Place) -> None:
    """The scene of a banner: hero on a podium that the lower edge crops, coins around."""
    box, unit, middle, room = place.box, sheet.unit, place.middle, place.box.height
    low, podium, surface = _low(sheet, box), _side_podium(box), place.surface
    parts.glow(sheet, (middle, surface - place.side * 0.5), room * 0.62, 0.8)
    snips = Box(box.left, box.top, box.right, box.top + room * 0.9)
    air.lights(sheet, snips, 26 * unit, most=0.7)
    parts.confetti(sheet, snips, round(sheet.design.confetti * 0.5), 8 * unit)
    stream = sheet.design.stream("side")
    for step in range(max(0, sheet.design.coins // 3)):
        at = (box.left + box.width * stream.uniform(0.15, 0.90), box.top + room * stream.uniform(0.04, 0.18))
        parts.coin(sheet, at, stream.uniform(28, 38) * unit, f"far{step}", blur=1.8 * unit)
    if low:
        parts.contact(sheet, (middle, surface + room * 0.01), podium * 0.5, 0.5)
    else:
        parts.contact(sheet, (middle, surface + podium * 0.245), podium * 0.56, 0.5)
        parts.element(sheet, "podium", (middle, surface + podium * 0.135), podium)
    parts.contact(sheet, (middle, surface), place.side * 0.42, 0.6)
    _fountain(sheet, place, back=True)
    place_hero(sheet, (middle, surface), place.side * 1.06, air=surface - place.side - box.top)
    _side_supports(sheet, middle, surface + podium * (0.015 if low else 0.06), podium)
    if not low:
        scenery.before(sheet, place)
    _fountain(sheet, place, back=False)
    for sign in (-1, 1):
        at = (middle + sign * podium * 0.30, box.top + room * stream.uniform(0.14, 0.40))
        parts.sparkle(sheet, at, stream.uniform(20, 34) * unit)


def _side_supports(sheet: Sheet, middle: float, base: float, podium: float) -> None:
    for place, name in enumerate(sheet.design.supports):
        side = podium * 0.31 * kind(name).size
        x = middle + (1 if place else -1) * podium * 0.41
        x = max(side * 0.54, min(sheet.width - side * 0.54, x))  # what stands on the ground is not cut by the frame
        parts.contact(sheet, (x, base), side * 0.46, 0.45)
        at = (x, base - (kind(name).foot - 0.5) * side)
        glyph = sheet.design.day if name == "calendar" else ""
        parts.element(sheet, name, at, side, Look(1 if place else 0, shadow=side * 0.05, glyph=glyph))
