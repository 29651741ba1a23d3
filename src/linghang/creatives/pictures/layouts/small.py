"""Small slots: strips with one line of title, icons on a tile, floats that hover over a page."""

from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.layouts import offers, parts, scene
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, Sheet, Title
from linghang.creatives.pictures.layouts.titles import title_lines
from linghang.creatives.pictures.type.setting import Box, Line


def lay_strip(sheet: Sheet) -> None:
    """Lay out a very flat picture: title and subtitle at the left, button before the hero at the right."""
    width, height, words, unit = sheet.width, sheet.height, sheet.spec.words, sheet.unit
    left, hero_wide = height * 0.16, height * 1.08
    hero_x = width - hero_wide * 0.54
    wide = offers.button_width(sheet, words.button, 32 * unit, 150 * unit) if words.button else 0.0
    button_right = hero_x - hero_wide * 0.46
    right = button_right - wide - 22 * unit if words.button else button_right
    focus = (hero_x, height * 0.48)
    parts.ground(sheet, focus, width * 0.55, height * 2.2)
    veil = sheet("veil")
    strong = min(1.0, sheet.calm() + 0.12 * sheet.mend("scrim"))
    fill = [[0, veil, strong], [0.7, veil, strong * 0.95], [1, veil, 0]]
    sheet.add("scrim", box=[0, 0, width, height], start=[0, 0], end=[button_right + hero_wide * 0.25, 0], fill=fill)
    _strip_scene(sheet, hero_x)
    legal = _strip_legal(sheet, right - left)
    foot = 0.0
    if len(legal) > 2:  # too much for the column: it runs below everything, and all else moves up
        legal = _strip_legal(sheet, button_right + hero_wide * 0.16 - left)
        foot = parts.block_height(legal, 1.25) + height * 0.07
        parts.lines_down(sheet, "legal", legal, (left, height - foot), 1.25, sheet("ink_soft"), centre=False)
        legal = []
    _strip_text(sheet, Box(left, height * 0.07, right, height * 0.93 - foot), legal)
    if words.button:
        tall, middle = min(64 * unit, (height - foot) * 0.5), (height - foot) / 2
        box = Box(button_right - wide, middle - tall / 2, button_right, middle + tall / 2)
        offers.button(sheet, words.button, box, 32 * unit)
    parts.ai_label(sheet, width - left * 0.35, height * 0.965, chip=True)


def _strip_scene(sheet: Sheet, hero_x: float) -> None:
    height, unit = sheet.height, sheet.unit
    parts.glow(sheet, (hero_x, height * 0.48), height * 0.66, 0.8)
    surface = height * 0.90
    parts.contact(sheet, (hero_x, surface), height * 0.46, 0.5)
    scene.place_hero(sheet, (hero_x, surface), height * 0.80)
    for place, (dx, y) in enumerate(((-0.36, 0.16), (0.45, 0.34), (0.40, 0.68))):
        if place < round(sheet.design.coins * 0.45):
            parts.coin(sheet, (hero_x + dx * height, y * height), (38 + 8 * place) * unit, f"strip{place}")
    parts.sparkle(sheet, (hero_x + height * 0.3, height * 0.2), 22 * unit)


def _strip_legal(sheet: Sheet, width: float) -> list[Line]:
    words = sheet.spec.words
    return sheet.block(words.legal.replace("\n", " "), width, parts.legal_size(sheet), BODY) if words.legal else []


def _strip_text(sheet: Sheet, column: Box, legal: list[Line]) -> None:
    unit = sheet.unit
    legal_height = parts.block_height(legal, 1.25)
    free = column.height - legal_height - (10 * unit if legal else 0)
    titles, sub = _strip_titles(sheet, column.width, free)
    heights = [*(title.outer.height for title in titles), sub.size if sub else 0.0, legal_height]
    rows = [row for row in heights if row]
    gap = max(2 * unit, min(20 * unit, (column.height - sum(rows)) / max(1, len(rows) - 1)))
    y = column.top + max(0.0, (column.height - sum(rows) - gap * (len(rows) - 1)) / 2)
    for title in titles:
        sheet.title(title, column.left, y)
        y += title.outer.height + gap
    if sub:
        sheet.line("subtitle", sub, column.left, y - sub.ink.top, sheet("ink"))
        y += sub.size + gap
    if legal:
        parts.lines_down(sheet, "legal", legal, (column.left, y), 1.25, sheet("ink_soft"), centre=False)


def _strip_titles(sheet: Sheet, width: float, free: float) -> tuple[list[Title], Line | None]:
    """One title line with the subtitle if both fit at a good size; else the title alone, in two lines if need be."""
    words, unit = sheet.spec.words, sheet.unit
    scale = sheet.design.title_scale * (1 - 0.1 * sheet.mend("smaller"))
    sub = sheet.one(words.subtitle, width, 34 * unit, 12, BOLD, 0.02) if words.subtitle else None
    best: tuple[float, list[Title], Line | None] | None = None
    for count, keep in ((1, True), (2, True), (1, False), (2, False)):
        lines = title_lines(words, count)
        room = free - (sub.size + 12 * unit if sub and keep else 0.0) - 8 * unit * (len(lines) - 1)
        size = 92.0 * scale * unit
        titles: list[Title] = []
        for _ in range(20):
            titles = sheet.title_block(lines, width, [size] * len(lines), 8)
            if sum(title.outer.height for title in titles) <= room:
                break
            size *= 0.92
        least = min((title.line.size for title in titles), default=0.0)
        value = least * (1.25 if keep else 1.0)
        if best is None or value > best[0]:
            best = (value, titles, sub if keep else None)
    if best is None:
        return [], sub
    if sub and best[2] is None:
        sheet.left_out("subtitle", words.subtitle)
    return best[1], best[2]


def lay_icon(sheet: Sheet) -> None:
    """A rounded tile with the hero; its name is written below it by the app."""
    width, height = sheet.width, sheet.height
    side = min(width, height)
    middle = (width / 2, height / 2)
    if sheet.spec.frame.transparent:
        box = [width / 2 - side * 0.46, height / 2 - side * 0.46, width / 2 + side * 0.46, height / 2 + side * 0.46]
        low = sheet("veil") if sheet.spec.words.ai_label else sheet("deep")
        fill = [[0, sheet("bright")], [0.45, sheet("base")], [0.84, low], [1, low]]
        sheet.add("panel", role="tile", box=box, radius=side * 0.24, fill=fill)
    else:
        parts.ground(sheet, (width / 2, height * 0.45), side * 0.62, side)
    parts.glow(sheet, (middle[0], middle[1] - side * 0.04), side * 0.40, 0.75)
    known = kind(sheet.design.hero)
    hero = side * 0.76 / known.size * min(known.size, 1.08)
    foot = height / 2 + (known.foot - known.head) / 2 * hero * known.size - side * 0.03
    parts.contact(sheet, (middle[0], foot - side * 0.02), side * 0.28, 0.45)
    scene.place_hero(sheet, (middle[0], foot), hero)
    parts.sparkle(sheet, (middle[0] + side * 0.26, middle[1] - side * 0.24), side * 0.09)
    _icon_label(sheet, side)


def _icon_label(sheet: Sheet, side: float) -> None:
    """The mark of machine-made pictures in the tile's lower edge, which is deep enough: a chip would cover the icon."""
    if not sheet.spec.words.ai_label:
        return
    size, middle, low = parts.label_size(sheet), sheet.width / 2, sheet.height / 2 + side * 0.46
    line = sheet.one(sheet.spec.words.ai_label, side * 0.7, size, size, ("sans-medium",))
    sheet.centred("ai_label", line, middle, low - size * 0.62 - line.ink.bottom, sheet("ink"))


def lay_float(sheet: Sheet) -> None:
    """A hero that hovers over a page, with a few words on a ribbon below it."""
    width, height, words = sheet.width, sheet.height, sheet.spec.words
    side = min(width, height)
    said = words.badge or words.button or (words.title[0] if words.title else "")
    bar = side * 0.26 if said else 0.0
    label = parts.label_size(sheet) * 1.25 if words.ai_label else 0.0
    foot = height - bar - label - side * 0.005
    parts.glow(sheet, (width / 2, foot * 0.55), side * 0.46, 0.55)
    sheet.add(
        "fan", at=[width / 2, foot * 0.55], radius=min(side * 0.47, foot * 0.56), count=16, colour="#FFF0B8", alpha=0.36
    )
    scene.place_hero(sheet, (width / 2, foot + side * 0.02), min(foot * 1.0, side * 0.74))
    for place, (dx, dy) in enumerate(((-0.36, 0.24), (0.36, 0.34))[: sheet.design.coins]):
        parts.coin(sheet, (width / 2 + dx * side, foot * dy + side * 0.04), side * 0.19, f"float{place}")
    parts.sparkle(sheet, (width * 0.70, height * 0.15), side * 0.09)
    if said:
        box = Box(width / 2 - side * 0.46, foot, width / 2 + side * 0.46, foot + bar * 0.94)
        offers.button(sheet, said, box, side * 0.165)
    parts.ai_label(sheet, width / 2 + side * 0.46, height - side * 0.006, chip=True)
