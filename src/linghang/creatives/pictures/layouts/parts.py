"""Parts that several families use: ground, elements, coins, confetti, button, coupons, ribbon, brand, labels."""

import math
from collections.abc import Sequence

from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.fonts.registry import chain
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, DIGITS, HEAVY, Sheet
from linghang.creatives.pictures.model import Coupon
from linghang.creatives.pictures.type.setting import Box, Line, set_line

_STEPS = (64, 96, 128, 176, 240, 320, 432, 576, 768, 1024)
"""Sides at which sprites are rendered; a place in between takes the next larger one, so that few are needed."""


def ground(sheet: Sheet, focus: tuple[float, float], span: float, unit: float) -> None:
    """The ground with its light at ``focus``; ``span`` is the distance at which the deep tone is reached."""
    design = sheet.design
    tones = {name: sheet(name) for name in ("deep", "base", "bright", "glint", "floor")}
    sheet.add("ground", style=design.ground, tones=tones, focus=list(focus), span=span, unit=unit,
              strength=design.strength, count=design.rays, seed=design.phase)  # fmt: skip


def element(
    sheet: Sheet, name: str, at: tuple[float, float], side: float, *, pose: int = 0, spin: float = 0.0, blur: float = 0.0,
    shadow: float = 0.0, glyph: str = "", shape: dict[str, float] | None = None, alpha: float = 1.0,
) -> Box:  # fmt: skip
    """An element with its middle ``at``, ``side`` px wide. ``shadow`` (px) sets it off from what lies behind."""
    known = kind(name)
    px = next((step for step in _STEPS if step >= side * 0.96), _STEPS[-1])
    blur = 0.0 if blur <= 0 else max(1.0, round(blur * px / side * 2) / 2)
    needed = sorted(set(known.paints))
    paints = {paint: list(sheet.design.palette.ramps[paint]) for paint in needed}
    spec = {
        "kind": name,
        "px": px,
        "pose": list(known.poses[pose % len(known.poses)]),
        "paints": paints,
        "glyph": glyph,
        "shape": shape or {},
    }
    values: dict[str, object] = {
        "element": spec,
        "at": list(at),
        "side": side,
        "spin": round(spin),
        "blur": blur,
        "alpha": alpha,
    }
    if shadow > 0:
        values["shadow"] = {"blur": shadow, "drop": shadow * 0.8, "colour": sheet("shade"), "alpha": 0.55}
    sheet.add("sprite", **values)
    half = side / 2
    return Box(at[0] - half, at[1] - half, at[0] + half, at[1] + half)


def contact(sheet: Sheet, at: tuple[float, float], radius: float, alpha: float = 0.5) -> None:
    """The soft dark patch where something stands."""
    sheet.add("glow", at=list(at), radius=radius, squash=0.24, colour=sheet("shade"), alpha=alpha)


def coin(sheet: Sheet, at: tuple[float, float], side: float, stream_name: str, *, blur: float = 0.0) -> None:
    """A coin in one of its good poses, turned a little."""
    stream = sheet.design.stream(stream_name)
    element(sheet, "coin", at, side, pose=stream.randrange(len(kind("coin").poses)), spin=stream.uniform(-18, 18), blur=blur,
            shadow=0.0 if blur else side * 0.06)  # fmt: skip


def confetti(sheet: Sheet, box: Box, count: int, size: float, keep_out: Sequence[Box] = ()) -> None:
    """Snips of paper over ``box``, none on a box to be kept free."""
    stream = sheet.design.stream("confetti")
    colours = ["#FFD968", "#FFF3CF", "#FF8A5C", sheet("bright"), "#FFC23C"]
    pieces: list[dict[str, object]] = []
    for _ in range(count * 3):
        if len(pieces) >= count:
            break
        x, y = stream.uniform(box.left, box.right), stream.uniform(box.top, box.bottom)
        near = stream.random()
        wide, high = size * (0.35 + 0.5 * near), size * (0.9 + 1.5 * near) * stream.uniform(0.5, 1.0)
        piece = Box(x - high, y - high, x + high, y + high)
        if any(piece.overlap(other) > 0 for other in keep_out):
            continue
        pieces.append({"at": [x, y], "size": [wide, high], "turn": stream.uniform(0, 180), "curl": wide * stream.uniform(-0.3, 0.5),
                       "colour": stream.choice(colours), "alpha": 0.45 + 0.5 * near})  # fmt: skip
    if pieces:
        sheet.add("confetti", pieces=pieces)


def sparkle(sheet: Sheet, at: tuple[float, float], radius: float, alpha: float = 0.9) -> None:
    """A glint of light."""
    sheet.add("sparkle", at=list(at), radius=radius, alpha=alpha)


def button(sheet: Sheet, text: str, box: Box, size: float) -> Box:
    """The call to action: a thick golden pill whose label is centred by its ink."""
    height = box.height
    sheet.add("panel", role="button", box=box.listed(), radius=height / 2,
              fill=[[0, sheet("button_top")], [0.5, sheet("button_mid")], [1, sheet("button_bottom")]],
              lip=height * 0.085, lip_colour=sheet("button_lip"), drop=height * 0.14, shade=sheet("shade"), shade_alpha=0.45,
              line=max(1.0, height * 0.022), line_colour="#FFF7DE", line_alpha=0.9, sheen=0.55)  # fmt: skip
    line = sheet.one(
        text, box.width - height * 0.8, size, size * 0.55, HEAVY, 0.06 if sheet.spec.words.lang == "zh" else 0.0
    )
    x, y = box.centre
    return sheet.centred("button", line, x, y - (line.ink.top + line.ink.bottom) / 2, sheet("button_ink"))


def coupons(sheet: Sheet, items: Sequence[Coupon], box: Box) -> None:
    """Tickets side by side: a figure with its unit over a label."""
    gap = box.width * 0.028
    wide = (box.width - gap * (len(items) - 1)) / len(items)
    for place, item in enumerate(items):
        left = box.left + place * (wide + gap)
        ticket(sheet, item, Box(left, box.top, left + wide, box.bottom))


def ticket(sheet: Sheet, item: Coupon, box: Box) -> None:
    """One upright ticket."""
    height, at = box.height, box.top + box.height * 0.665
    sheet.add("ticket", role="coupon", box=box.listed(), radius=height * 0.11, bite=height * 0.075, at=at, tear="row",
              fill=[[0, sheet("paper_top")], [1, sheet("paper_bottom")]], dash=sheet("metal"), drop=height * 0.07,
              shade=sheet("shade"), shade_alpha=0.4, line=max(1.0, height * 0.012), line_colour=sheet("paper_rim"))  # fmt: skip
    inner = box.width - height * 0.22
    figure = set_line(item.value, chain(DIGITS), height * 0.50, -0.01)
    unit = set_line(item.unit, chain(BOLD), height * 0.165)
    gap = height * 0.035 if item.unit else 0.0
    whole = figure.ink.width + gap + (unit.ink.width if item.unit else 0)
    if whole > inner:
        figure = set_line(item.value, chain(DIGITS), figure.size * inner / whole, -0.01)
        unit = set_line(item.unit, chain(BOLD), unit.size * inner / whole)
        whole = figure.ink.width + gap + (unit.ink.width if item.unit else 0)
    x, _ = box.centre
    room = (box.top + at) / 2 + height * 0.015
    base = room - (figure.ink.top + figure.ink.bottom) / 2
    sheet.line("figure", figure, x - whole / 2, base, sheet("paper_ink"))
    if item.unit:
        sheet.line("unit", unit, x + whole / 2 - unit.ink.width, base, sheet("paper_ink"))
    label = sheet.one(item.label, inner + height * 0.06, height * 0.155, height * 0.09, BODY)
    middle = (at + box.bottom) / 2 - height * 0.01
    sheet.centred("label", label, x, middle - (label.ink.top + label.ink.bottom) / 2, sheet("paper_label"))


def ribbon(sheet: Sheet, text: str, x: float, top: float, width: float, size: float) -> Box:
    """The subtitle on a banderole centred at ``x``; returns the box of the banderole."""
    line = sheet.one(text, width - size * 3.4, size, size * 0.6, BOLD, 0.02)
    height = line.size * 1.78
    half = line.ink.width / 2 + line.size * 0.9
    box = Box(x - half, top, x + half, top + height)
    sheet.add("ribbon", role="ribbon", box=box.listed(), fill=[[0, sheet("ribbon_top")], [1, sheet("ribbon_bottom")]],
              tail=sheet("ribbon_tail"), crease=sheet("ribbon_crease"), line=max(1.0, size * 0.05), line_colour=sheet("metal_light"),
              line_alpha=0.85, drop=size * 0.16, shade=sheet("shade"), shade_alpha=0.4)  # fmt: skip
    y = box.centre[1] - (line.ink.top + line.ink.bottom) / 2
    sheet.centred("subtitle", line, x, y, sheet("ribbon_ink"))
    return box


def brand(sheet: Sheet, x: float, middle: float, size: float, colour: str) -> Box:
    """The mark and name of the institution, left edge at ``x``, centred on ``middle``."""
    kit, words = sheet.spec.kit, sheet.spec.words
    name = words.brand or kit.name
    if not name:
        return Box(x, middle, x, middle)
    disc = size * 1.5
    sign = (kit.sign or name[0])[:1]
    sheet.add("panel", role="mark", box=[x, middle - disc / 2, x + disc, middle + disc / 2], radius=disc / 2,
              fill=[[0, "#FFF3CF"], [1, "#F6BE57"]], line=max(1.0, size * 0.05), line_colour="#FFFFFF", line_alpha=0.7)  # fmt: skip
    glyph = sheet.one(sign, disc, size * 0.92, size * 0.5, HEAVY)
    sheet.add("line", role="mark", text=glyph.text, faces=list(glyph.faces), size=glyph.size, tracking=0.0,
              x=x + disc / 2 - (glyph.ink.left + glyph.ink.right) / 2, y=middle - (glyph.ink.top + glyph.ink.bottom) / 2,
              colour=kit.primary)  # fmt: skip
    line = sheet.one(name, sheet.width * 0.4, size, size * 0.6, BOLD, 0.03)
    return sheet.line("brand", line, x + disc + size * 0.35, middle - (line.ink.top + line.ink.bottom) / 2, colour)


def pill(sheet: Sheet, text: str, right: float, middle: float, size: float) -> Box:
    """A small badge, its right edge at ``right``."""
    line = sheet.one(text, sheet.width * 0.36, size, size * 0.6, BOLD, 0.04)
    half, pad = line.size * 0.92, line.size * 0.8
    box = Box(right - line.ink.width - 2 * pad, middle - half, right, middle + half)
    dark = not sheet.design.palette.light
    sheet.add("panel", role="badge", box=box.listed(), radius=half,
              fill=[[0, sheet("rim"), 0.62], [1, sheet("rim_deep"), 0.62]] if dark else [[0, "#FFFFFF", 0.9], [1, "#FFFFFF", 0.75]],
              line=max(1.0, size * 0.055), line_colour=sheet("metal_light") if dark else sheet("rim_light"), line_alpha=0.9)  # fmt: skip
    y = middle - (line.ink.top + line.ink.bottom) / 2
    sheet.centred("badge", line, box.centre[0], y, "#FFF1CE" if dark else sheet("ink"))
    return box


def legal_size(sheet: Sheet) -> float:
    """The least size of legal text in px: 22 at 1080 px wide, in proportion, never below 12."""
    return max(12.0, 22.0 * sheet.width / 1080) + sheet.mend("legal_px")


def lines_down(
    sheet: Sheet, role: str, lines: Sequence[Line], x: float, top: float, leading: float, colour: str, *, centre: bool
) -> Box:
    """Set lines under one another from ``top``; returns the box of their ink."""
    size = lines[0].size if lines else 0.0
    left, right = math.inf, -math.inf
    base = top + size * 0.88
    for line in lines:
        box = sheet.centred(role, line, x, base, colour) if centre else sheet.line(role, line, x, base, colour)
        left, right = min(left, box.left), max(right, box.right)
        base += leading * size
    height = size * (1.0 + leading * (len(lines) - 1)) if lines else 0.0
    return Box(left if lines else x, top, right if lines else x, top + height)
