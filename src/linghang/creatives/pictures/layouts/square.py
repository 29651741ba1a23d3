"""Pictures a little wider than tall (share cards): title across the top, offer at the left foot, hero at the right."""

from linghang.creatives.pictures.layouts import air, offers, parts, scene
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, Sheet, Title
from linghang.creatives.pictures.layouts.titles import title_lines
from linghang.creatives.pictures.type.setting import Box

_LEADING = 1.3


def lay_square(sheet: Sheet) -> None:
    """Lay out a picture of about 5:4."""
    words, width, height, unit = sheet.spec.words, sheet.width, sheet.height, sheet.unit
    left, foot = width * 0.05, height * 0.955
    legal = (
        sheet.block(words.legal.replace("\n", " "), width - 2 * left, parts.legal_size(sheet), BODY)
        if words.legal
        else []
    )
    legal_top = foot - parts.block_height(legal, _LEADING)
    titles = _titles(sheet, width * 0.53)  # the right half belongs to the hero from top to foot
    head = 40 * unit if (words.brand or sheet.spec.kit.name or words.badge) else 0.0
    y = height * 0.05 + head
    sub = sheet.one(words.subtitle, width * 0.48, 26 * unit, 13, BOLD, 0.02) if words.subtitle else None
    top = y + sum(title.outer.height + 5 * unit for title in titles) + (sub.size * 1.5 if sub else 0.0)
    narrow = max((title.outer.width for title in titles), default=0.0) < width * 0.57 and (
        not sub or sub.ink.width < width * 0.55
    )
    hero_x, scene_top = (width * 0.775, height * 0.05 + head) if narrow else (width * 0.74, top + 4 * unit)
    focus = (hero_x, top + (legal_top - top) * 0.5)
    place = scene.side_place(
        sheet, Box(width * (0.545 if narrow else 0.48), scene_top, width, legal_top + height * 0.008), hero_x
    )
    parts.ground(sheet, focus, width * 0.95, width)
    scene.side_backdrop(sheet, place)
    _veils(sheet, top, legal_top)
    air.bands(sheet, Box(0, 0, width, height), height * 0.2)
    scene.side_scene(sheet, place)
    _foot(sheet, legal_top)
    parts.brand(sheet, left, height * 0.05 + 14 * unit, 21 * unit, sheet("ink"))
    if words.badge:
        parts.pill(sheet, words.badge, width - left, height * 0.05 + 14 * unit, 17 * unit)
    for title in titles:
        sheet.title(title, left, y)
        y += title.outer.height + 5 * unit
    if sub:
        sheet.line("subtitle", sub, left, y + sub.size * 0.25 - sub.ink.top, sheet("ink"))
    _offer(sheet, Box(left, top + 10 * unit, width * 0.52, legal_top - 12 * unit))
    if legal:
        parts.lines_down(sheet, "legal", legal, (left, legal_top), _LEADING, sheet("ink_soft"), centre=False)
    parts.ai_label(sheet, width - left * 0.6, legal_top - 5 * unit if legal else foot, chip=True)


def _titles(sheet: Sheet, width: float) -> list[Title]:
    lines = title_lines(sheet.spec.words, 2)
    sizes = (56.0, 47.0) if len(lines) > 1 else (68.0,)
    scale = sheet.design.title_scale * (1 - 0.1 * sheet.mend("smaller"))
    return sheet.title_block(lines, width, [sheet.px(size * scale) for size in sizes], 10)


def _veils(sheet: Sheet, top: float, legal_top: float) -> None:
    """Calm behind the title (as far down as it reaches) and behind the offer at the left."""
    veil, more = sheet("veil"), sheet.mend("scrim")
    strong = min(1.0, sheet.calm() + 0.12 * more)
    end = top + (legal_top - top) * (0.30 + 0.1 * more)
    fill = [[0, veil, strong], [top / end * 0.94, veil, strong * (0.86 + 0.1 * min(more, 1))], [1, veil, 0]]
    sheet.add("scrim", box=[0, 0, sheet.width, sheet.height], start=[0, 0], end=[0, end], fill=fill)
    side = [[0, veil, min(1.0, strong * 0.9)], [0.7, veil, min(1.0, strong * (0.72 + 0.1 * more))], [1, veil, 0]]
    sheet.add(
        "scrim", box=[0, top * 0.7, sheet.width, sheet.height], start=[0, 0], end=[sheet.width * 0.66, 0], fill=side
    )


def _foot(sheet: Sheet, legal_top: float) -> None:
    veil, start = sheet("veil"), legal_top - 0.05 * sheet.height
    knee = min(0.4, 0.046 * sheet.height / (sheet.height - start))  # where the first line of the legal text begins
    fill = [[0, veil, 0.0], [knee, veil, 0.94], [1, veil, 1.0]]
    sheet.add("scrim", box=[0, start, sheet.width, sheet.height], start=[0, start], end=[0, sheet.height], fill=fill)


def _offer(sheet: Sheet, box: Box) -> None:
    """Tickets over the button, as many as there is room for, centred in what is left."""
    words, unit = sheet.spec.words, sheet.unit
    button = 52 * unit if words.button else 0.0
    room = box.height - button - 10 * unit
    tickets = min(94 * unit, room) if words.coupons and room > 58 * unit else 0.0
    whole = tickets + button + (10 * unit if tickets and button else 0.0)
    y = box.top + max(0.0, (box.height - whole) / 2)
    if tickets:
        count = min(len(words.coupons), 3 if box.width / 3 > tickets * 0.95 else 2)
        offers.coupons(sheet, words.coupons[:count], Box(box.left, y, box.right, y + tickets))
        y += tickets + 12 * unit
    elif words.coupons:
        sheet.left_out("coupons", " ".join(item.value + item.unit for item in words.coupons))
    if words.button:
        wide = min(offers.button_width(sheet, words.button, 26 * unit, 150 * unit), box.width)
        offers.button(sheet, words.button, Box(box.left, y, box.left + wide, y + button * 0.92), 26 * unit)
