"""Pop-ups over a page: a card with a hero rising from its top edge; all around it is transparent."""

from dataclasses import dataclass

from linghang.creatives.pictures.colour import mix
from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.layouts import offers, parts, scene, scenery
from linghang.creatives.pictures.layouts.parts import Look
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, Sheet, Title
from linghang.creatives.pictures.layouts.titles import title_lines
from linghang.creatives.pictures.palette import until
from linghang.creatives.pictures.type.setting import Box, Line

_LEADING = 1.36


@dataclass(frozen=True)
class Inside:
    """What stands in the card, measured. ``title`` is the title block's height in px."""

    titles: list[Title]
    title: float
    sub: Line | None
    coupons: float
    button: float
    legal: list[Line]
    label: float

    @property
    def rows(self) -> list[float]:
        """Heights of the rows that are there, in px."""
        sub = self.sub.size if self.sub else 0.0
        rows = (self.title, sub, self.coupons, self.button, parts.block_height(self.legal, _LEADING), self.label)
        return [row for row in rows if row]


def lay_popup(sheet: Sheet) -> None:
    """Lay out a picture with alpha: hero, card with title and tickets, button and legal text inside the card."""
    width, height, unit = sheet.width, sheet.height, sheet.unit
    margin, frame = width * 0.05, 54 * unit
    inner = width - 2 * margin - 48 * unit
    if packed(sheet):
        sheet.style = "paper"
    inside = _measure(sheet, inner, 1.0)
    most = height * 0.735 - frame
    for shrink in (0.9, 0.8, 0.7, 0.6):
        if sum(inside.rows) + 15 * unit * (len(inside.rows) - 1) <= most:
            break
        inside = _measure(sheet, inner, shrink)
    count = len(inside.rows)
    gap = min(24 * unit, max(12 * unit, (most - sum(inside.rows)) / max(1, count - 1)))
    body = max(sum(inside.rows) + gap * (count - 1) + frame, height * 0.56)
    card = Box(margin, height - 16 * unit - body, width - margin, height - 16 * unit)
    spare = max(0.0, body - frame - sum(inside.rows) - gap * (count - 1)) / (count + 1)
    _hero(sheet, card)
    if packed(sheet):
        legal = parts.block_height(inside.legal, _LEADING)
        lower = [row for row in (inside.button, legal, inside.label) if row]
        _packet(sheet, card, card.bottom - 27 * unit - spare - sum(lower) - (gap + spare) * (len(lower) - 1) - 8 * unit)
    else:
        _card(sheet, card)
    _draw(sheet, inside, card, gap + spare, 27 * unit + spare)


def _measure(sheet: Sheet, inner: float, shrink: float) -> Inside:
    words, unit = sheet.spec.words, sheet.unit
    factor = sheet.design.title_scale * (1 - 0.1 * sheet.mend("smaller")) * shrink
    lines = title_lines(words, 2)
    sizes = (88.0, 72.0) if len(lines) > 1 else (100.0,)
    titles = sheet.title_block(lines, inner, [size * unit * factor for size in sizes], 20 * unit)
    sub = sheet.one(words.subtitle, inner, 30 * unit, 15 * unit, BOLD, 0.02) if words.subtitle else None
    return Inside(
        titles=titles,
        title=sum(title.outer.height for title in titles) + 6 * unit * max(0, len(titles) - 1),
        sub=sub,
        coupons=(112 if shrink > 0.75 else 94) * unit if words.coupons else 0.0,
        button=(76 if shrink > 0.75 else 66) * unit if words.button else 0.0,
        legal=sheet.block(words.legal, inner, parts.legal_size(sheet), BODY) if words.legal else [],
        label=parts.label_size(sheet) * 0.95 if words.ai_label else 0.0,
    )


def _draw(sheet: Sheet, inside: Inside, card: Box, gap: float, start: float) -> None:
    words, unit, x = sheet.spec.words, sheet.unit, sheet.width / 2
    y = card.top + start
    for title in inside.titles:
        sheet.title(title, x - title.outer.width / 2, y)
        y += title.outer.height + 6 * unit
    y += gap - 6 * unit
    if inside.sub:
        ink = sheet("paper_label" if packed(sheet) else "ink")
        sheet.centred("subtitle", inside.sub, x, y - inside.sub.ink.top, ink)
        y += inside.sub.size + gap
    if words.coupons:
        offers.coupons(
            sheet, words.coupons[:3], Box(card.left + 26 * unit, y, card.right - 26 * unit, y + inside.coupons)
        )
        y += inside.coupons + gap
    if words.button:
        wide = min(offers.button_width(sheet, words.button, 36 * unit, 300 * unit), card.width * 0.86)
        offers.button(sheet, words.button, Box(x - wide / 2, y, x + wide / 2, y + inside.button * 0.93), 36 * unit)
        y += inside.button + gap
    if inside.legal:
        parts.lines_down(sheet, "legal", inside.legal, (x, y), _LEADING, sheet("ink_soft"), centre=True)
    parts.ai_label(sheet, card.right - 26 * unit, card.bottom - 18 * unit, chip=False)


def packed(sheet: Sheet) -> bool:
    """Whether the card is a letter in an open packet: half of the designs of warm and lively moods."""
    return sheet.spec.mood in ("lively", "warm", "guochao") and sheet.design.composition < 0.55


def _packet(sheet: Sheet, card: Box, edge: float) -> None:
    """A sheet of cream paper with the words, stuck in a packet whose front carries the button."""
    unit = sheet.unit
    back = [[0, mix(sheet("floor"), sheet("deep"), 0.5)], [1, sheet("veil")]]
    shade = {"drop": 8 * unit, "shade": "#000000", "shade_alpha": 0.35}
    body = [card.left, card.top + card.height * 0.16, card.right, card.bottom]
    sheet.add("panel", role="card", box=body, radius=36 * unit, fill=back, **shade)
    paper = [card.left + 14 * unit, card.top, card.right - 14 * unit, card.bottom - 60 * unit]
    fill = [[0, "#FFF6E2"], [0.3, "#FFEBC8"], [1, "#FFDCA8"]]
    edge_ = {"line": 2 * unit, "line_colour": sheet("metal"), "line_alpha": 0.9}
    drop = {"drop": 5 * unit, "shade": sheet("rim_deep"), "shade_alpha": 0.35}
    sheet.add("panel", role="paper", box=paper, radius=28 * unit, fill=fill, **edge_, **drop)
    sag = 46 * unit
    scenery.pocket(sheet, Box(card.left, edge - sag * 0.85, card.right, card.bottom), sag, radius=36 * unit)


def _card(sheet: Sheet, card: Box) -> None:
    unit = sheet.unit
    tones = [sheet("base"), sheet("floor"), sheet("veil")]
    if not sheet.design.palette.light:  # white words lie on it from top to bottom, also on a soft mood's light tones
        tones = [until(tone, sheet("ink"), 4.9) for tone in tones]
    fill = [[0, tones[0]], [0.5, tones[1]], [1, tones[2]]]
    shade = {"drop": 8 * unit, "shade": "#000000", "shade_alpha": 0.35}
    edge = {"line": 3 * unit, "line_colour": sheet("metal_light"), "line_alpha": 0.9}
    sheet.add("panel", role="card", box=card.listed(), radius=36 * unit, fill=fill, **shade, **edge)
    parts.glow(sheet, (card.centre[0], card.top + card.height * 0.16), card.width * 0.46, 0.42, 0.42)
    inner = card.grown(-9 * unit)
    clear = [[0, sheet("bright"), 0.10], [0.4, sheet("bright"), 0.0], [1, sheet("bright"), 0.0]]
    line = {"line": 1.2 * unit, "line_colour": sheet("metal_light"), "line_alpha": 0.45}
    sheet.add("panel", role="card_line", box=inner.listed(), radius=28 * unit, fill=clear, **line)


def _hero(sheet: Sheet, card: Box) -> None:
    """A glow and the hero, which stands behind the card's upper edge, with supports and coins."""
    unit, middle, room = sheet.unit, sheet.width / 2, card.top
    light = (middle, card.top - room * 0.35)
    sheet.add("fan", at=list(light), radius=min(room * 0.66, sheet.width * 0.5), count=22, colour="#FFF0B8", alpha=0.46)
    parts.glow(sheet, light, room * 0.82, 0.72, 0.95)
    sheet.add("glow", at=list(light), radius=room * 0.6, squash=1.0, colour="#FFF3C8", alpha=0.65)
    stream = sheet.design.stream("popup")
    side = min(room * 1.20, sheet.width * 0.52)
    for place, support in enumerate(sheet.design.supports):
        small = side * 0.50 * kind(support).size
        x = middle + (1 if place else -1) * sheet.width * 0.285
        at = (x, card.top + 14 * unit - (kind(support).foot - 0.5) * small)
        parts.element(sheet, support, at, small, Look(1 if place else 0, shadow=small * 0.04))
    scale = kind(sheet.design.hero).size
    foot = card.top + 24 * unit
    scene.place_hero(sheet, (middle, foot), min(side, foot / (kind(sheet.design.hero).foot * scale) * 0.99))
    spots = ((-0.40, 0.16), (0.40, 0.10), (-0.22, 0.02), (0.25, 0.02), (-0.43, 0.44), (0.43, 0.40))
    for place, (dx, dy) in enumerate(spots):
        if place < round(sheet.design.coins * 0.55):
            size = stream.uniform(44, 62) * unit
            parts.coin(sheet, (middle + dx * sheet.width, max(size * 0.6, room * dy + 40 * unit)), size, f"pop{place}")
    parts.sparkle(sheet, (middle - sheet.width * 0.2, room * 0.38), 26 * unit)
    parts.sparkle(sheet, (middle + sheet.width * 0.21, room * 0.52), 22 * unit)
