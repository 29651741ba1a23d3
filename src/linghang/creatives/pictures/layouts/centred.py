"""Banners with their words in the middle: hero at the right, its companions at the left, light from above."""

from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.layouts import air, offers, parts, scene
from linghang.creatives.pictures.layouts.parts import Look
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, Sheet, Title
from linghang.creatives.pictures.layouts.titles import title_lines
from linghang.creatives.pictures.type.setting import Box, Line

_LEADING = 1.3


def suits(sheet: Sheet) -> bool:
    """Whether this design is centred: one in five, for wide pictures with short legal text and no tickets."""
    words, aspect = sheet.spec.words, sheet.width / sheet.height
    short = len(words.legal) * (0.5 if words.lang == "en" else 1.0) * parts.legal_size(sheet) < sheet.width * 0.9
    return 2.2 < aspect < 2.9 and not words.coupons and short and sheet.design.composition > 0.72


def lay_centred(sheet: Sheet) -> None:
    """Lay out a banner whose words stand in the middle."""
    words, width, height, unit = sheet.spec.words, sheet.width, sheet.height, sheet.unit
    middle = width / 2
    legal = (
        sheet.block(words.legal.replace("\n", " "), width * 0.94, parts.legal_size(sheet), BODY) if words.legal else []
    )
    legal_top = height * 0.962 - parts.block_height(legal, _LEADING)
    parts.ground(sheet, (middle, height * 0.42), width * 0.72, max(height * 1.5, width * 0.6))
    parts.glow(sheet, (middle, height * 0.42), width * 0.34, 0.35, 0.55)
    air.bands(sheet, Box(0, 0, width, height), height * 0.3)
    air.lights(sheet, Box(0, 0, width, legal_top), 30 * unit)
    air.frame(sheet, (middle, height * 0.46))
    parts.head_shade(sheet, height * 0.26)
    _sides(sheet, legal_top)
    veil, start = sheet("veil"), legal_top - 16 * unit  # feet stand on it, not in it
    fill = [[0, veil, 0.0], [0.2, veil, 0.92], [1, veil, 1.0]]
    sheet.add("scrim", box=[0, start, width, height], start=[0, start], end=[0, height], fill=fill)
    box = Box(width * 0.235, height * 0.05, width * 0.765, legal_top - 14 * unit)
    _words(sheet, box)
    if legal:
        parts.lines_down(sheet, "legal", legal, (middle, legal_top), _LEADING, sheet("ink_soft"), centre=True)
    parts.brand(sheet, width * 0.035, height * 0.095, 22 * unit, sheet("head_ink"))
    if words.badge:
        parts.pill(sheet, words.badge, width * 0.965, height * 0.095, max(22 * unit, 12))
    parts.ai_label(sheet, width * 0.965, legal_top - 8 * unit, chip=True)


def _words(sheet: Sheet, box: Box) -> None:
    words, unit, x = sheet.spec.words, sheet.unit, box.centre[0]
    sub = sheet.one(words.subtitle, box.width, 30 * unit, 14, BOLD, 0.02) if words.subtitle else None
    button = 60 * unit if words.button else 0.0
    titles = _titles(sheet, box, (sub.size * 1.9 if sub else 0.0) + (button + 16 * unit if button else 0.0))
    whole = sum(title.outer.height + 6 * unit for title in titles) + (sub.size * 1.9 if sub else 0.0) + button
    y = box.top + max(0.0, (box.height - whole) / 2)
    for title in titles:
        sheet.title(title, x - title.outer.width / 2, y)
        y += title.outer.height + 6 * unit
    if sub:
        _band(sheet, sub, (x, y))
        y += sub.size * 1.9
    if words.button:
        wide = offers.button_width(sheet, words.button, 30 * unit, 190 * unit)
        offers.button(
            sheet, words.button, Box(x - wide / 2, y + 4 * unit, x + wide / 2, y + 4 * unit + button * 0.92), 30 * unit
        )


def _band(sheet: Sheet, sub: Line, at: tuple[float, float]) -> None:
    """The subtitle on a soft band that fades to both sides."""
    x, y = at
    veil, half = sheet("veil"), sub.ink.width / 2 + sub.size * 1.4
    middle = y + sub.size * 0.8
    box = [x - half, middle - sub.size * 0.78, x + half, middle + sub.size * 0.78]
    fill = [[0, veil, 0], [0.12, veil, 0.92], [0.88, veil, 0.92], [1, veil, 0]]
    sheet.add("scrim", box=box, start=[box[0], 0], end=[box[2], 0], fill=fill)
    sheet.centred("subtitle", sub, x, middle - (sub.ink.top + sub.ink.bottom) / 2, sheet("ink"))


def _titles(sheet: Sheet, box: Box, taken: float) -> list[Title]:
    lines = title_lines(sheet.spec.words, 2)
    sizes = (98.0, 82.0) if len(lines) > 1 else (132.0,)
    factor = sheet.design.title_scale * (1 - 0.1 * sheet.mend("smaller"))
    titles: list[Title] = []
    for _ in range(16):
        titles = sheet.title_block(lines, box.width, [sheet.px(size * factor) for size in sizes], 10)
        if sum(title.outer.height + 6 * sheet.unit for title in titles) <= box.height - taken:
            break
        factor *= 0.94
    return titles


def _sides(sheet: Sheet, bottom: float) -> None:
    """Hero right, support left, on the same floor; coins drift between them and the words."""
    width, height, unit = sheet.width, sheet.height, sheet.unit
    room = bottom - height * 0.16
    floor = bottom - height * 0.035
    parts.contact(sheet, (width * 0.872, floor), room * 0.42, 0.5)
    scene.place_hero(sheet, (width * 0.872, floor), min(room, width * 0.235))
    names = sheet.design.supports or ("gift",)
    side = min(room * 0.82, width * 0.19) * kind(names[0]).size
    parts.contact(sheet, (width * 0.118, floor), side * 0.45, 0.5)
    at = (width * 0.118, floor - (kind(names[0]).foot - 0.5) * side)
    parts.element(sheet, names[0], at, side, Look(0, shadow=side * 0.05))
    stream = sheet.design.stream("centred")
    spots = (0.045, 0.955, 0.185, 0.815, 0.105, 0.895, 0.225, 0.775)
    for place, x in enumerate(spots[: round(sheet.design.coins * 0.7)]):
        outer = x < 0.07 or x > 0.93
        y = height * (stream.uniform(0.24, 0.46) if outer else stream.uniform(0.17, 0.28))
        size = stream.uniform(46, 66) * (1.0 if place < 4 else 0.72) * unit
        parts.coin(sheet, (width * x, y), size, f"mid{place}")
    parts.confetti(sheet, Box(0, 0, width, height * 0.7), sheet.design.confetti // 2, 8 * unit)
    parts.sparkle(sheet, (width * 0.80, height * 0.26), 26 * unit)
    parts.sparkle(sheet, (width * 0.20, height * 0.32), 22 * unit)
