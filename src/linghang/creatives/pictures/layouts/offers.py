"""Parts that ask for a click: the button, tickets with figures, the ribbon with the subtitle."""

from collections.abc import Sequence

from linghang.creatives.pictures.fonts.registry import chain
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, DIGITS, HEAVY, Sheet
from linghang.creatives.pictures.model import Coupon
from linghang.creatives.pictures.type.setting import Box, Line, set_line


def button(sheet: Sheet, text: str, box: Box, size: float) -> Box:
    """The call to action: a thick golden pill whose label is centred by its ink."""
    height = box.height
    fill = [[0, sheet("button_top")], [0.5, sheet("button_mid")], [1, sheet("button_bottom")]]
    depth = {
        "lip": height * 0.085,
        "lip_colour": sheet("button_lip"),
        "drop": height * 0.14,
        "shade": sheet("shade"),
        "shade_alpha": 0.45,
    }
    edge = {
        "line": max(1.0, height * 0.022),
        "line_colour": "#FFF7DE",
        "line_alpha": 0.9,
        "sheen": 0.55 if not sheet.design.palette.light else 0.16,
    }
    dark = not sheet.design.palette.light and not sheet.spec.frame.transparent
    if dark and height > 40:
        sheet.add("glow", at=list(box.centre), radius=box.width * 0.62, squash=0.42, colour=sheet("glint"), alpha=0.26)
    sheet.add("panel", role="button", box=box.listed(), radius=height / 2, fill=fill, **depth, **edge)
    tracking = 0.06 if sheet.spec.words.lang == "zh" else 0.0
    line = sheet.one(text, box.width - height * 0.7, size, size * 0.5, HEAVY, tracking)
    x, y = box.centre
    return sheet.centred("button", line, x, y - (line.ink.top + line.ink.bottom) / 2, sheet("button_ink"))


def button_width(sheet: Sheet, text: str, size: float, least: float) -> float:
    """How wide a button must be for its label, in px."""
    return max(least, sheet.one(text, 40 * size, size, size, HEAVY, 0.06).ink.width + size * 3.0)


def coupons(sheet: Sheet, items: Sequence[Coupon], box: Box) -> None:
    """Tickets side by side: a figure with its unit over a label; a single one lies down and is wide."""
    if len(items) == 1 and box.width > box.height * 2.6:
        wide = min(box.width, box.height * 3.5)
        _lying(sheet, items[0], Box(box.centre[0] - wide / 2, box.top, box.centre[0] + wide / 2, box.bottom))
        return
    gap = box.width * 0.028
    wide = min((box.width - gap * (len(items) - 1)) / len(items), box.height * 2.4)
    left = box.left + (box.width - wide * len(items) - gap * (len(items) - 1)) / 2
    for place, item in enumerate(items):
        at = left + place * (wide + gap)
        ticket(sheet, item, Box(at, box.top, at + wide, box.bottom))


def _paper(sheet: Sheet, box: Box, **shape: object) -> None:
    """The ticket's paper; in half of the designs its label stands on a golden band."""
    height = box.height
    depth = {"drop": height * 0.07, "shade": sheet("shade"), "shade_alpha": 0.4}
    edge = {"line": max(1.0, height * 0.012), "line_colour": sheet("paper_rim")}
    fill = [[0, sheet("paper_top")], [1, sheet("paper_bottom")]]
    band = {"band": [[0, "#FFF0C4"], [1, "#FFD07A"]]} if banded(sheet) else {}
    values = {"box": box.listed(), "radius": height * 0.11, "bite": height * 0.075, "dash": sheet("metal")}
    sheet.add("ticket", role="coupon", fill=fill, **values, **shape, **depth, **edge, **band)


def banded(sheet: Sheet) -> bool:
    """Whether tickets of this design have a golden band."""
    return sheet.design.stream("tickets").random() < 0.5


def ticket(sheet: Sheet, item: Coupon, box: Box) -> None:
    """One upright ticket."""
    height, at = box.height, box.top + box.height * 0.665
    _paper(sheet, box, at=at, tear="row")
    figure, unit, whole = _figure(item, box.width - height * 0.22, height)
    x, _ = box.centre
    base = (box.top + at) / 2 + height * 0.015 - (figure.ink.top + figure.ink.bottom) / 2
    sheet.line("figure", figure, x - whole / 2, base, sheet("paper_ink"))
    if item.unit:
        sheet.line("unit", unit, x + whole / 2 - unit.ink.width, base, sheet("paper_ink"))
    if item.label:
        label = sheet.one(
            item.label, box.width - height * 0.16, height * 0.165, height * 0.07, BOLD if banded(sheet) else BODY
        )
        middle = (at + box.bottom) / 2 - height * 0.01
        ink = sheet("paper_label")
        sheet.centred("label", label, x, middle - (label.ink.top + label.ink.bottom) / 2, ink)


def _lying(sheet: Sheet, item: Coupon, box: Box) -> None:
    """One wide ticket: the figure at the left of the tear, what it is at the right."""
    height, at = box.height, box.left + box.width * 0.50
    _paper(sheet, box, at=at, tear="column")
    figure, unit, whole = _figure(item, at - box.left - height * 0.30, height * 1.30)
    x, y = (box.left + at) / 2, box.centre[1]
    base = y - (figure.ink.top + figure.ink.bottom) / 2
    sheet.line("figure", figure, x - whole / 2, base, sheet("paper_ink"))
    if item.unit:
        sheet.line("unit", unit, x + whole / 2 - unit.ink.width, base, sheet("paper_ink"))
    if item.label:
        room = box.right - at - height * 0.34
        label = sheet.one(item.label, room, height * 0.24, height * 0.10, BOLD, 0.02)
        ink = sheet("paper_label")
        x = (at + box.right) / 2 - height * 0.02
        sheet.centred("label", label, x, y - (label.ink.top + label.ink.bottom) / 2, ink)


def _figure(item: Coupon, inner: float, height: float) -> tuple[Line, Line, float]:
    """The figure and its unit, scaled together so that they fit ``inner``, and their whole width."""

    def at(scale: float) -> tuple[Line, Line, float]:
        figure = set_line(item.value, chain(DIGITS), height * 0.50 * scale, -0.01)
        unit = set_line(item.unit, chain(BOLD), height * 0.165 * max(scale, 0.8))
        gap = height * 0.035 if item.unit else 0.0
        return figure, unit, figure.ink.width + gap + (unit.ink.width if item.unit else 0.0)

    found = at(1.0)
    return found if found[2] <= inner else at(inner / found[2] * 0.97)


def subtitle(sheet: Sheet, text: str, at: tuple[float, float], width: float, size: float) -> Box:
    """The subtitle of a poster, centred at ``at`` with its top there: on a banderole, a capsule or between lines."""
    x, top = at
    line = sheet.one(text, width - size * 3.4, size, size * 0.5, BOLD, 0.02)
    half = line.ink.width / 2 + line.size * 0.9
    box = Box(x - half, top, x + half, top + line.size * 1.78)
    way = sheet.design.stream("subtitle").choices(("ribbon", "capsule", "lines"), (5, 3, 2))[0]
    if way == "lines" and (sheet.design.palette.light or sheet.calm() > 0.9):
        way = "capsule"
    ink = {"ribbon": _banderole, "capsule": _capsule, "lines": _between_lines}[way](sheet, box, size)
    sheet.centred("subtitle", line, x, box.centre[1] - (line.ink.top + line.ink.bottom) / 2, ink)
    return box


def _banderole(sheet: Sheet, box: Box, size: float) -> str:
    fill = [[0, sheet("ribbon_top")], [1, sheet("ribbon_bottom")]]
    edge = {"line": max(1.0, size * 0.05), "line_colour": sheet("metal_light"), "line_alpha": 0.85}
    depth = {"drop": size * 0.16, "shade": sheet("shade"), "shade_alpha": 0.4}
    back = {"tail": sheet("ribbon_tail"), "crease": sheet("ribbon_crease")}
    sheet.add("ribbon", role="ribbon", box=box.listed(), fill=fill, **back, **edge, **depth)
    return sheet("ribbon_ink")


def _capsule(sheet: Sheet, box: Box, size: float) -> str:
    """A golden capsule with dark letters on deep grounds, a deep one with white letters on light grounds."""
    if sheet.design.palette.light:
        fill, ink = [[0, sheet("ribbon_top")], [1, sheet("ribbon_bottom")]], sheet("ribbon_ink")
    else:
        fill, ink = (
            [[0, sheet("button_top")], [0.55, sheet("button_mid")], [1, sheet("button_bottom")]],
            sheet("button_ink"),
        )
    edge = {"line": max(1.0, size * 0.05), "line_colour": "#FFFFFF", "line_alpha": 0.8}
    depth = {"drop": size * 0.16, "shade": sheet("shade"), "shade_alpha": 0.4}
    sheet.add("panel", role="ribbon", box=box.listed(), radius=box.height / 2, fill=fill, **edge, **depth)
    return ink


def _between_lines(sheet: Sheet, box: Box, size: float) -> str:
    """Plain letters on a soft band that fades to both sides, a thin line above and below."""
    veil, light = sheet("veil"), sheet("metal_light")
    wide = [box.left - size * 2.2, box.top, box.right + size * 2.2, box.bottom]
    ends = {"start": [wide[0], 0], "end": [wide[2], 0]}
    sheet.add("scrim", box=wide, fill=[[0, veil, 0], [0.18, veil, 0.9], [0.82, veil, 0.9], [1, veil, 0]], **ends)
    for y in (box.top, box.bottom - max(1.5, size * 0.045)):
        rule = [wide[0], y, wide[2], y + max(1.5, size * 0.045)]
        sheet.add(
            "scrim", box=rule, fill=[[0, light, 0], [0.25, light, 0.95], [0.75, light, 0.95], [1, light, 0]], **ends
        )
    return "#FFF3D6" if not sheet.design.palette.light else sheet("ink")
