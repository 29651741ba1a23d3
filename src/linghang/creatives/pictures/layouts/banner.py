"""Banners: text on the left over a calm side, the hero on the right in the light."""

from dataclasses import dataclass

from linghang.creatives.pictures.layouts import air, offers, parts, scene
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, Sheet, Title
from linghang.creatives.pictures.layouts.titles import title_lines
from linghang.creatives.pictures.type.setting import Box, Line

_LEADING = 1.3


@dataclass(frozen=True)
class Plan:
    """One way to fill the column: which texts take part and where the legal text stands."""

    titles: list[Title]
    factor: float
    brand: float
    sub: Line | None
    coupons: float
    legal: list[Line]
    legal_at: str
    """``beside`` the button, in the ``column``, at the ``foot`` of the picture, or nowhere (empty)."""
    button: float
    foot: float


def lay_banner(sheet: Sheet) -> None:
    """Lay out a picture that is wider than tall, with room for title, subtitle, button and legal text.

    One design in four stands the other way round: hero at the left, words at the right.
    """
    width, height = sheet.width, sheet.height
    aspect = width / height
    left = _margin(sheet)
    split = width * (0.60 if aspect < 1.6 else 0.585 if aspect < 3.4 else 0.62)
    turned = turned_round(sheet)
    column = Box(left, height * 0.06, split - width * 0.01, height * 0.94)
    room = (split - width * 0.01, width)
    hero_x = (split + width) / 2 + width * 0.004
    if turned:
        column = Box(width - split + width * 0.035, column.top, width - left * 0.8, column.bottom)
        room, hero_x = (0.0, width - room[0]), width - hero_x
    plan = _plan(sheet, column)
    bottom = height - plan.foot
    place = scene.side_place(sheet, Box(room[0], height * 0.03, room[1], bottom + plan.foot * 0.6), hero_x)
    parts.ground(sheet, (hero_x, bottom * 0.50), max(width * 0.62, height * 1.1), max(height * 1.5, width * 0.6))
    scene.side_backdrop(sheet, place)
    _veil(sheet, column, turned=turned)
    air.bands(sheet, Box(0, 0, width, height), height * 0.22)
    scene.side_scene(sheet, place)
    if plan.foot:
        _foot(sheet, plan, left)
    if sheet.design.coins >= 6 and not sheet.mend("fewer") and not plan.foot:
        x = 2 * sheet.unit if turned else width - 2 * sheet.unit
        parts.coin(sheet, (x, height * 0.60), 92 * sheet.unit, "near0", blur=4 * sheet.unit)
    _draw(sheet, plan, Box(column.left, column.top, column.right, min(column.bottom, bottom - height * 0.02)))
    edge = max(left * 0.55, width * 0.034)
    right = edge + parts.ai_label_width(sheet) if turned and sheet.spec.words.ai_label else width - edge
    parts.ai_label(sheet, right, height * 0.975 - plan.foot, chip=True)


def _margin(sheet: Sheet) -> float:
    return max(sheet.width * 0.045, sheet.height * 0.075)


def turned_round(sheet: Sheet) -> bool:
    """Whether hero and words change sides in this design."""
    return 0.26 < sheet.design.composition < 0.50


def _veil(sheet: Sheet, column: Box, *, turned: bool) -> None:
    """A calm side for the text: the palette's veil, strong as far as the column reaches, then fading into the light."""
    veil, width, more = sheet("veil"), sheet.width, sheet.mend("scrim")
    strong = min(1.0, sheet.calm() + 0.12 * more)
    reach = width - column.left if turned else column.right
    end = min(width, reach + width * (0.17 + 0.04 * more))
    fill = [
        [0, veil, strong],
        [0.6 * reach / end, veil, strong * 0.96],
        [reach / end, veil, min(1.0, strong * (sheet.calm() - 0.12) + 0.12 * more)],
        [1, veil, 0],
    ]
    start, stop = ([width, 0], [width - end, 0]) if turned else ([0, 0], [end, 0])
    sheet.add("scrim", box=[0, 0, width, sheet.height], start=start, end=stop, fill=fill)


def _foot(sheet: Sheet, plan: Plan, left: float) -> None:
    """A dark (or light) band along the lower edge that carries the legal text."""
    top = sheet.height - plan.foot
    veil = sheet("veil")
    fill = [[0, veil, 0.0], [0.28, veil, 0.86], [1, veil, 0.97]]
    box = [0, top - plan.foot * 0.35, sheet.width, sheet.height]
    sheet.add("scrim", box=box, start=[0, box[1]], end=[0, sheet.height], fill=fill)
    y = top + plan.foot * 0.08
    parts.lines_down(sheet, "legal", plan.legal, (left, y), _LEADING, sheet("ink_soft"), centre=False)


def _plan(sheet: Sheet, column: Box) -> Plan:
    """The first way in which the title keeps its size; else the one in which it is largest."""
    words = sheet.spec.words
    legal = bool(words.legal)
    ways = ["beside", "column", "foot"] if legal else [""]
    brand = bool(words.brand or sheet.spec.kit.name)
    options = [(way, sub, brand and keep) for sub in (True, False) for keep in (True, False) for way in ways]
    options.sort(key=lambda option: (not option[1]) * 2 + (not option[2]))
    best: Plan | None = None
    for way, sub, keep in options:
        plan = _try(sheet, column, way, with_sub=sub, with_brand=keep)
        if plan is None:
            continue
        if plan.factor >= (0.74 if sheet.width / sheet.height > 2.1 else 0.60):
            best = plan
            break
        if best is None or plan.factor > best.factor * 1.12:
            best = plan
    if best is None:
        best = _try(sheet, column, "foot" if legal else "", with_sub=False, with_brand=False)
    if best is None:
        raise ValueError("a banner without any plan")
    if words.subtitle and best.sub is None:
        sheet.left_out("subtitle", words.subtitle)
    if brand and not best.brand:
        sheet.left_out("brand", words.brand or sheet.spec.kit.name)
    return best


def _try(sheet: Sheet, column: Box, way: str, *, with_sub: bool, with_brand: bool) -> Plan | None:
    """The column filled in one way; None when that way is impossible (legal text too long beside the button)."""
    words, unit = sheet.spec.words, sheet.unit
    size = parts.legal_size(sheet)
    button = 62 * unit if words.button else 0.0
    legal_text = words.legal.replace("\n", " ")
    legal: list[Line] = []
    foot = 0.0
    if way == "beside":
        room = column.width - _button_wide(sheet) - 26 * unit
        legal = sheet.block(legal_text, room, size, BODY) if words.button and room > 8 * size else []
        if not legal or parts.block_height(legal, _LEADING) > button * 1.1:
            return None
    elif way == "column":
        legal = sheet.block(legal_text, column.width, size, BODY)
        if len(legal) > 2:
            return None
    elif way == "foot":
        legal = sheet.block(legal_text, sheet.width - 2 * _margin(sheet), size, BODY)
        foot = parts.block_height(legal, _LEADING) + 0.9 * size
    sub = _subtitle(sheet, column.width) if with_sub and words.subtitle else None
    rows = [
        25 * unit if with_brand else 0.0,
        sub.size * 0.95 if sub else 0.0,
        100 * unit if words.coupons and sheet.width / sheet.height < 2.1 else 0.0,
        button,
        parts.block_height(legal, _LEADING) if way == "column" else 0.0,
    ]
    used = [row for row in rows if row]
    lines = len(title_lines(words, 2))
    free = column.height - foot * 0.92 - sum(used) - 13 * unit * (len(used) + lines - 1)
    titles, factor = _titles(sheet, column.width, free)
    if not titles and not factor:
        return None
    return Plan(titles, factor, rows[0], sub, rows[2], legal, way, button, foot)


def _titles(sheet: Sheet, width: float, free: float) -> tuple[list[Title], float]:
    """Title lines as large as the free height lets them be, and how large that is (1 = as designed)."""
    lines = title_lines(sheet.spec.words, 2)
    if not lines:  # nothing of it could be set: the gates tell, the rest is laid out all the same
        return [], 1.0
    sizes = (102.0, 82.0) if len(lines) > 1 else (142.0,)
    factor = (
        sheet.design.title_scale
        * (1 - 0.10 * sheet.mend("smaller"))
        * max(1.0, min(1.2, 2.2 / (sheet.width / sheet.height)))
    )
    for _ in range(30):
        titles = sheet.title_block(lines, width, [sheet.px(size * factor) for size in sizes], 8)
        if sum(title.outer.height for title in titles) <= free:
            return titles, min(factor, max(title.line.size for title in titles) / sheet.px(96.0))
        factor *= 0.93
    return [], 0.0


def _subtitle(sheet: Sheet, width: float) -> Line:
    size = 33 * sheet.unit
    return sheet.one(sheet.spec.words.subtitle, width, size, max(size * 0.6, 12), BOLD, 0.02)


def _button_wide(sheet: Sheet) -> float:
    words, unit = sheet.spec.words, sheet.unit
    return offers.button_width(sheet, words.button, 30 * unit, 176 * unit) if words.button else 0.0


def _draw(sheet: Sheet, plan: Plan, column: Box) -> None:
    """Draw the column from the top, spreading what is left over between its rows."""
    words, unit = sheet.spec.words, sheet.unit
    legal = parts.block_height(plan.legal, _LEADING) if plan.legal_at == "column" else 0.0
    heights = [
        plan.brand,
        *(t.outer.height for t in plan.titles),
        plan.sub.size * 0.95 if plan.sub else 0.0,
        plan.coupons,
        plan.button,
        legal,
    ]
    rows = [row for row in heights if row]
    gap = min(26 * unit, (column.height - sum(rows)) / max(1, len(rows) - 1))
    x, y = column.left, column.top + max(0.0, (column.height - sum(rows) - gap * (len(rows) - 1)) / 2)
    _signs(sheet, plan, x, y)
    if plan.brand:
        y += plan.brand + gap
    for title in plan.titles:
        sheet.title(title, x, y)
        y += title.outer.height + gap
    if plan.sub:
        sheet.line("subtitle", plan.sub, x, y - plan.sub.ink.top * 0.98, sheet("ink"))
        y += plan.sub.size * 0.95 + gap
    if plan.coupons:
        wide = min(column.width, 3.3 * plan.coupons * min(3, len(words.coupons)) / 2)
        offers.coupons(sheet, words.coupons[:3], Box(x, y, x + wide, y + plan.coupons))
        y += plan.coupons + gap
    if plan.button:
        box = Box(x, y, x + _button_wide(sheet), y + plan.button * 0.92)
        offers.button(sheet, words.button, box, 30 * unit)
        if plan.legal_at == "beside":
            top = box.centre[1] - parts.block_height(plan.legal, _LEADING) / 2
            parts.lines_down(
                sheet, "legal", plan.legal, (box.right + 26 * unit, top), _LEADING, sheet("ink_soft"), centre=False
            )
        y += plan.button + gap
    if plan.legal_at == "column":
        parts.lines_down(sheet, "legal", plan.legal, (x, y), _LEADING, sheet("ink_soft"), centre=False)


def _signs(sheet: Sheet, plan: Plan, x: float, y: float) -> None:
    """Brand and badge side by side at the column's head; without a brand the badge takes the hero's upper corner."""
    badge, unit = sheet.spec.words.badge, sheet.unit
    if plan.brand:
        box = parts.brand(sheet, x, y + plan.brand / 2, plan.brand * 0.92, sheet("ink"))
        if badge:
            size = max(20 * unit, 11)
            parts.pill_after(sheet, badge, box.right + size * 0.9, y + plan.brand / 2, size)
    elif badge:
        away = _margin(sheet)
        if turned_round(sheet):
            parts.pill_after(sheet, badge, away * 0.6, sheet.height * 0.105, max(24 * unit, 12))
        else:
            parts.pill(sheet, badge, sheet.width - away * 0.6, sheet.height * 0.105, max(24 * unit, 12))
