"""Pop-ups over a page: a card with a hero rising from its top edge; all around it is transparent."""

from linghang.creatives.pictures.layouts import parts
from linghang.creatives.pictures.layouts.scene import _FOOT, _SIZE
from linghang.creatives.pictures.layouts.sheet import BOLD, Sheet
from linghang.creatives.pictures.type.setting import Box


def lay_popup(sheet: Sheet) -> None:
    """Lay out a picture with alpha: hero, card with title and tickets, button and legal text inside the card."""
    words, width, height, unit = sheet.spec.words, sheet.width, sheet.height, sheet.unit
    margin = width * 0.05
    legal_size = parts.legal_size(sheet)
    inner = width - 2 * margin - 44 * unit
    legal = sheet.block(words.legal, inner, legal_size) if words.legal else []
    legal_height = legal_size * (1 + 1.36 * (len(legal) - 1)) if legal else 0.0
    factor = sheet.design.title_scale * (1 - 0.1 * sheet.mend("smaller"))
    sizes = (88.0, 70.0) if len(words.title) > 1 else (98.0, 0.0)
    titles = [
        sheet.title_line(text, inner, sizes[place] * unit * factor, 24 * unit, second=place == 1)
        for place, text in enumerate(words.title[:2])
        if text
    ]
    title_height = sum(title.outer.height for title in titles) + 6 * unit * (len(titles) - 1)
    sub = sheet.one(words.subtitle, inner, 29 * unit, 18 * unit, BOLD, 0.02) if words.subtitle else None
    rows = [
        title_height,
        sub.size if sub else 0.0,
        116 * unit if words.coupons else 0.0,
        76 * unit if words.button else 0.0,
        legal_height,
    ]
    gap = 19 * unit
    used = [row for row in rows if row]
    body = sum(used) + gap * (len(used) - 1) + 58 * unit
    body = max(body, height * 0.56)
    card = Box(margin, height - 18 * unit - body, width - margin, height - 18 * unit)
    _hero(sheet, card)
    _card(sheet, card)
    spare = max(0.0, body - 58 * unit - sum(used) - gap * (len(used) - 1)) / max(1, len(used))
    gap += spare * 0.8
    x, y = width / 2, card.top + 30 * unit + spare * 0.4
    for title in titles:
        sheet.title(title, x - title.outer.width / 2, y)
        y += title.outer.height + 6 * unit
    y += gap - 6 * unit
    if sub:
        sheet.centred("subtitle", sub, x, y - sub.ink.top, sheet("ink"))
        y += sub.size + gap
    if words.coupons:
        parts.coupons(sheet, words.coupons[:3], Box(card.left + 26 * unit, y, card.right - 26 * unit, y + 116 * unit))
        y += 116 * unit + gap
    if words.button:
        half = min(card.width * 0.40, 130 * unit + 14 * unit * len(words.button))
        parts.button(sheet, words.button, Box(x - half, y, x + half, y + 72 * unit), 35 * unit)
        y += 76 * unit + gap
    if legal:
        parts.lines_down(sheet, "legal", legal, x, y, 1.36, sheet("ink_soft"), centre=True)


def _card(sheet: Sheet, card: Box) -> None:
    unit = sheet.unit
    sheet.add("panel", role="card", box=card.listed(), radius=36 * unit, drop=8 * unit, shade="#000000", shade_alpha=0.35,
              fill=[[0, sheet("base")], [0.55, sheet("floor")], [1, sheet("veil")]], line=3 * unit, line_colour=sheet("metal_light"),
              line_alpha=0.9)  # fmt: skip
    inset = 9 * unit
    inner = Box(card.left + inset, card.top + inset, card.right - inset, card.bottom - inset)
    sheet.add("panel", role="card_line", box=inner.listed(), radius=28 * unit, fill=[[0, sheet("bright"), 0.16], [0.5, sheet("bright"), 0.0]],
              line=1.2 * unit, line_colour=sheet("metal_light"), line_alpha=0.45)  # fmt: skip


def _hero(sheet: Sheet, card: Box) -> None:
    """Rays and a glow behind the hero, which stands a little behind the card's upper edge."""
    unit, middle = sheet.unit, sheet.width / 2
    room = card.top
    name = sheet.design.hero
    side = min(room * 1.18, sheet.width * 0.5) * _SIZE.get(name, 1.0)
    y = card.top + 18 * unit - (_FOOT.get(name, 0.9) - 0.5) * side
    y = max(y, side * 0.47)
    light = "#FFFFFF" if sheet.design.palette.light else sheet("bright")
    sheet.add("glow", at=[middle, card.top - room * 0.35], radius=room * 1.05, squash=0.95, colour=light, alpha=0.75)
    sheet.add("glow", at=[middle, card.top - room * 0.35], radius=room * 0.6, squash=1.0, colour="#FFF3C8", alpha=0.65)
    stream = sheet.design.stream("popup")
    for place, support in enumerate(sheet.design.supports):
        small = side * 0.52 * _SIZE.get(support, 1.0)
        x = middle + (1 if place else -1) * sheet.width * 0.29
        parts.element(
            sheet,
            support,
            (x, card.top + 12 * unit - (_FOOT.get(support, 0.9) - 0.5) * small),
            small,
            pose=1 if place else 0,
            shadow=small * 0.04,
        )
    parts.element(
        sheet, name, (middle, y), side, pose=sheet.design.stream("hero_pose").randrange(4), shadow=side * 0.04
    )
    for place, (dx, dy) in enumerate(((-0.40, 0.16), (0.40, 0.10), (-0.22, 0.02), (0.25, 0.02))):
        if place < max(2, sheet.design.coins // 2):
            size = stream.uniform(44, 62) * unit
            parts.coin(sheet, (middle + dx * sheet.width, max(size * 0.6, room * dy + 40 * unit)), size, f"pop{place}")
    parts.sparkle(sheet, (middle - sheet.width * 0.2, room * 0.38), 26 * unit)
    parts.sparkle(sheet, (middle + sheet.width * 0.21, room * 0.52), 22 * unit)
