"""Posters (splash screens, page heads, upright pictures): title on top, hero on a stage, tickets and button below."""

import dataclasses
from dataclasses import dataclass

from linghang.creatives.pictures.colour import parse
from linghang.creatives.pictures.layouts import air, offers, parts, scene, scenery
from linghang.creatives.pictures.layouts.sheet import BODY, Sheet, Title
from linghang.creatives.pictures.layouts.titles import title_lines
from linghang.creatives.pictures.type.setting import Box, Line

_LEADING = 1.42


@dataclass(frozen=True)
class Lower:
    """Measured heights of what stands below the scene, in px."""

    legal: list[Line]
    label: float
    coupons: float
    button: float
    gap: float
    margin: float

    @property
    def height(self) -> float:
        """The whole height."""
        rows = [row for row in (self.coupons, self.button, parts.block_height(self.legal, _LEADING)) if row]
        return self.margin + self.label + sum(rows) + self.gap * max(0, len(rows) - 1)


def lay_portrait(sheet: Sheet) -> None:
    """Lay out a picture that is taller than wide, or nearly square."""
    words, width, height = sheet.spec.words, sheet.width, sheet.height
    margin, middle = width * 0.055, width / 2
    lower = _roomy(sheet)
    top = height * (0.055 if height / width > 1.6 else 0.035)
    head = sheet.px(74) if (words.brand or sheet.spec.kit.name or words.badge) else 0.0
    titles, gap = _titles(sheet, width - 2 * margin), sheet.px(20)
    block = sum(title.outer.height for title in titles) + gap * max(0, len(titles) - 1)
    ribbon = sheet.px(118) if words.subtitle else sheet.px(10)
    snap = sheet.px(24)  # variants of one copy length share a scene, and so a painted plate
    scene_top = -(-(top + head + block + ribbon) // snap) * snap
    scene_bottom = (height - lower.height) // snap * snap
    box = Box(margin, scene_top, width - margin, max(scene_bottom, scene_top + sheet.px(200)))
    focus = (middle, scene.heart(sheet, box))
    parts.ground(sheet, focus, max(width * 1.02, height * 0.55), width)
    scene.hero_scene(sheet, box, focus)
    air.frame(sheet, focus)
    _floor(sheet, lower, box.bottom)
    _draw_lower(sheet, lower, box.bottom)
    scene.near_coins(sheet, box)
    _head(sheet, top + sheet.px(18), margin)
    y = top + head + max(0.0, (scene_top - ribbon - block - top - head) / 2) + _lowered(sheet, box)
    if sheet.design.title_style != "foil":
        parts.glow(sheet, (middle, y + block * 0.5), width * 0.52, 0.30, 0.5)
    for title in titles:
        sheet.title(title, middle - title.outer.width / 2, y)
        y += title.outer.height + gap
    if words.subtitle:
        offers.subtitle(sheet, words.subtitle, (middle, y - gap + sheet.px(24)), width - 2 * margin, sheet.px(44))


def _lowered(sheet: Sheet, box: Box) -> float:
    """How far the title block moves down when a very tall picture leaves air between it and the hero."""
    air = scene.heart(sheet, box) - box.width * 0.36 - box.top
    return max(0.0, min(air * 0.42, sheet.px(230)))


def _roomy(sheet: Sheet) -> Lower:
    """The lower part, after parts were made smaller, and in the end the tickets left out, until the hero has room."""
    lower = _lower(sheet)
    for _ in range(6):
        if _scene_room(sheet, lower) >= (0.30 if sheet.height / sheet.width > 1.4 else 0.36) * sheet.height:
            return lower
        sheet.unit *= 0.94
        lower = _lower(sheet)
    if sheet.spec.words.coupons and _scene_room(sheet, lower) < 0.24 * sheet.height:
        sheet.left_out("coupons", " ".join(item.value + item.unit for item in sheet.spec.words.coupons))
        return dataclasses.replace(lower, coupons=0.0)
    return lower


def _scene_room(sheet: Sheet, lower: Lower) -> float:
    words, height = sheet.spec.words, sheet.height
    titles = _titles(sheet, sheet.width * 0.89)
    head = sheet.px(74) if (words.brand or sheet.spec.kit.name or words.badge) else 0.0
    block = sum(title.outer.height for title in titles) + sheet.px(20) * max(0, len(titles) - 1)
    ribbon = sheet.px(118) if words.subtitle else sheet.px(10)
    return height * (0.945 if height / sheet.width > 1.6 else 0.965) - head - block - ribbon - lower.height


def _titles(sheet: Sheet, width: float) -> list[Title]:
    # A tall picture has height to spare and a single long line would look lost in it.
    han = 6 if sheet.height / sheet.width > 1.4 else 8
    lines = title_lines(sheet.spec.words, 3 if sheet.spec.words.lang == "en" else 2, han)
    sizes = {0: (), 1: (224.0,), 2: (212.0, 178.0), 3: (168.0, 158.0, 158.0)}[len(lines)]
    scale = sheet.design.title_scale * (1 - 0.12 * sheet.mend("smaller"))
    if sheet.height / sheet.width < 1.25:  # a low picture needs its height for the hero
        scale *= 0.86
    return sheet.title_block(lines, width, [sheet.px(size * scale) for size in sizes], sheet.px(48))


def _lower(sheet: Sheet) -> Lower:
    words = sheet.spec.words
    width = sheet.width * (0.89 - 0.05 * sheet.mend("narrow"))
    return Lower(
        legal=sheet.block(words.legal, width, parts.legal_size(sheet), BODY) if words.legal else [],
        label=parts.label_size(sheet) * 0.98 if words.ai_label else 0.0,
        coupons=sheet.px(196) if words.coupons else 0.0,
        button=sheet.px(112) if words.button else 0.0,
        gap=sheet.px(32),
        margin=sheet.height * 0.026 + sheet.px(14),
    )


def _head(sheet: Sheet, middle: float, margin: float) -> None:
    draped = sheet.design.scene == "theatre" and not sheet.design.palette.light  # a curtain hangs behind the head
    parts.head_shade(sheet, middle * 2.6, draped=draped)
    parts.brand(sheet, margin, middle, sheet.px(38), sheet("ink" if draped else "head_ink"))
    if sheet.spec.words.badge:
        parts.pill(sheet, sheet.spec.words.badge, sheet.width - margin, middle, sheet.px(28))


def _floor(sheet: Sheet, lower: Lower, top: float) -> None:
    """The calm ground of the lower part; without tickets it starts lower, so that the podium stands free."""
    start = top + (lower.coupons * 0.34 if lower.coupons else -sheet.px(20))
    if sheet.design.scene == "pocket":
        sag = sheet.px(150)
        scenery.pocket(sheet, Box(-10, top - sheet.px(6) - sag * 0.92, sheet.width + 10, sheet.height + 10), sag)
        return
    if _on_paper(sheet):
        box = [0, start, sheet.width, sheet.height + sheet.px(60)]
        fill = [[0, sheet("paper_top")], [1, sheet("paper_bottom")]]
        edge = {"line": sheet.px(3), "line_colour": sheet("metal_light"), "drop": sheet.px(18), "shade": sheet("shade")}
        sheet.add("panel", role="floor", box=box, radius=sheet.px(52), fill=fill, shade_alpha=0.45, **edge)
        return
    veil = sheet("veil")
    fill = [[0, sheet("floor")], [0.4, veil], [1, veil]]
    box = [0, start, sheet.width, sheet.height]
    sheet.add("floor", box=box, bow=sheet.px(46), width=sheet.px(3), edge=sheet("glint"), fill=fill)


def _on_paper(sheet: Sheet) -> bool:
    """Whether the lower part is a sheet of light paper: one design in four, never under black and gold."""
    dark = parse(sheet("base")).lightness < 0.33
    return (
        sheet.design.scene != "pocket"
        and not dark
        and not sheet.design.palette.light
        and 0.2 < sheet.design.composition % 0.45 < 0.31
    )


def _draw_lower(sheet: Sheet, lower: Lower, top: float) -> None:
    words, width = sheet.spec.words, sheet.width
    margin, middle, y = width * 0.075, width / 2, top
    paper = _on_paper(sheet)
    if lower.coupons:
        offers.coupons(sheet, words.coupons[:3], Box(margin, y, width - margin, y + lower.coupons))
        y += lower.coupons + lower.gap
    if words.button:
        wide = min(offers.button_width(sheet, words.button, sheet.px(52), sheet.px(520)), width * 0.84)
        box = Box(middle - wide / 2, y, middle + wide / 2, y + lower.button)
        offers.button(sheet, words.button, box, sheet.px(52))
        y += lower.button + lower.gap + sheet.px(4)
    if lower.legal:
        ink = sheet("paper_label" if paper else "ink_soft")
        parts.lines_down(sheet, "legal", lower.legal, (middle, y), _LEADING, ink, centre=True)
    right, bottom = width - width * 0.055, sheet.height - sheet.height * 0.020
    parts.ai_label(sheet, right, bottom, chip=False, colour=sheet("paper_label") if paper else "")
