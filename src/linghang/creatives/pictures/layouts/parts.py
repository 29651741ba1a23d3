"""Parts that several families use: ground, elements, coins, confetti, sparkles, brand, labels, legal lines."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang.creatives.pictures.conventions import limit
from linghang.creatives.pictures.elements.model import kind
from linghang.creatives.pictures.layouts.sheet import BOLD, HEAVY, Sheet
from linghang.creatives.pictures.type.setting import Box, Line

_STEPS = (64, 96, 128, 176, 240, 320, 432, 576, 768)
"""Sides at which sprites are rendered; a place in between takes the next larger one, so that few are needed."""


@dataclass(frozen=True)
class Look:
    """How an element is shown: pose number, turn in degrees, blur and shadow in px, its character and shape, how much
    of it the surface below mirrors (0–1)."""

    pose: int = 0
    spin: float = 0.0
    blur: float = 0.0
    shadow: float = 0.0
    glyph: str = ""
    shape: Mapping[str, float] | None = None
    alpha: float = 1.0
    mirrored: float = 0.0


def ground(sheet: Sheet, focus: tuple[float, float], span: float, unit: float) -> None:
    """The ground with its light at ``focus``; ``span`` is the distance at which the deep tone is reached."""
    design = sheet.design
    tones = {name: sheet(name) for name in ("deep", "base", "bright", "glint", "floor")}
    drawn = {"strength": design.strength, "count": design.rays, "seed": design.phase}
    sheet.add("ground", style=design.ground, tones=tones, focus=list(focus), span=span, unit=unit, **drawn)


def element(sheet: Sheet, name: str, at: tuple[float, float], side: float, look: Look | None = None) -> None:
    """An element with its middle ``at``, ``side`` px wide."""
    look = look or Look()
    known = kind(name)
    px = next((step for step in _STEPS if step >= side * 0.94), _STEPS[-1])
    blur = 0.0 if look.blur <= 0 else max(1.0, round(look.blur * px / side * 2) / 2)
    spec = {
        "kind": name,
        "px": px,
        "pose": list(known.poses[look.pose % len(known.poses)]),
        "paints": {paint: list(sheet.design.palette.ramps[paint]) for paint in sorted(set(known.paints))},
        "glyph": look.glyph,
        "shape": dict(look.shape or {}),
    }
    values: dict[str, object] = {
        "at": list(at),
        "side": side,
        "spin": round(look.spin),
        "blur": blur,
        "alpha": look.alpha,
    }
    if look.mirrored > 0:
        values["mirrored"] = look.mirrored
    if look.shadow > 0:
        values["shadow"] = {"blur": look.shadow, "drop": look.shadow * 0.8, "colour": sheet("shade"), "alpha": 0.5}
    sheet.add("sprite", element=spec, **values)


def contact(sheet: Sheet, at: tuple[float, float], radius: float, alpha: float = 0.5) -> None:
    """The soft dark patch where something stands."""
    sheet.add("glow", at=list(at), radius=radius, squash=0.24, colour=sheet("shade"), alpha=alpha)


def glow(sheet: Sheet, at: tuple[float, float], radius: float, alpha: float, squash: float = 1.0) -> None:
    """A patch of the palette's light (white on light grounds)."""
    colour = "#FFFFFF" if sheet.design.palette.light else sheet("bright")
    sheet.add("glow", at=list(at), radius=radius, squash=squash, colour=colour, alpha=alpha)


def coin(sheet: Sheet, at: tuple[float, float], side: float, stream_name: str, *, blur: float = 0.0) -> None:
    """A coin in one of its good poses, turned a little."""
    stream = sheet.design.stream(stream_name)
    pose, spin = stream.randrange(len(kind("coin").poses)), stream.uniform(-18, 18)
    element(sheet, "coin", at, side, Look(pose, spin, blur, 0.0 if blur else side * 0.06, sheet.design.coin_glyph))


def confetti(sheet: Sheet, box: Box, count: int, size: float) -> None:
    """Snips of paper over ``box``."""
    stream = sheet.design.stream("confetti")
    colours = ["#FFD968", "#FFF3CF", "#FF8A5C", sheet("bright"), "#FFC23C"]
    pieces: list[dict[str, object]] = []
    for _ in range(count):
        near = stream.random()
        wide, high = size * (0.35 + 0.5 * near), size * (0.9 + 1.5 * near) * stream.uniform(0.5, 1.0)
        at = [stream.uniform(box.left, box.right), stream.uniform(box.top, box.bottom)]
        curl = wide * stream.uniform(-0.3, 0.5)
        look = {"turn": stream.uniform(0, 180), "colour": stream.choice(colours), "alpha": 0.45 + 0.5 * near}
        pieces.append({"at": at, "size": [wide, high], "curl": curl, **look})
    if pieces:
        sheet.add("confetti", pieces=pieces)


def sparkle(sheet: Sheet, at: tuple[float, float], radius: float, alpha: float = 0.9) -> None:
    """A glint of light."""
    sheet.add("sparkle", at=list(at), radius=radius, alpha=alpha)


def brand(sheet: Sheet, x: float, middle: float, size: float, colour: str) -> Box:
    """The mark and name of the institution, left edge at ``x``, centred on ``middle``."""
    kit, words = sheet.spec.kit, sheet.spec.words
    name = words.brand or kit.name
    if not name:
        return Box(x, middle, x, middle)
    right = _mark(sheet, name, x, middle, size)
    line = sheet.one(name, sheet.width * 0.4, size, size * 0.6, BOLD, 0.03)
    base = middle - (line.ink.top + line.ink.bottom) / 2
    return sheet.line("brand", line, right + size * 0.35, base, colour)


def head_shade(sheet: Sheet, depth: float, *, draped: bool = False) -> None:
    """A thin shade of the ground's deep tone under brand and badge: rays and folds would run through the letters.

    A curtain of a bright mood (``draped``) gets a stronger one, on which white letters stand."""
    bright = sheet("head_ink") != sheet("ink")
    if (bright and not draped) or sheet.design.palette.light:
        return
    tone = sheet("veil" if bright else "deep")
    strong = min(0.95, (0.86 if bright else 0.45) + 0.25 * sheet.mend("scrim"))
    fill = [[0, tone, strong], [0.6, tone, strong * 0.8], [1, tone, 0]]
    sheet.add("scrim", box=[0, 0, sheet.width, depth], start=[0, 0], end=[0, depth], fill=fill)


def _mark(sheet: Sheet, name: str, x: float, middle: float, size: float) -> float:
    """The logo on a light chip, or a golden disc with the first sign of the name; returns its right edge."""
    kit = sheet.spec.kit
    disc = size * 1.5
    if kit.logo:
        sheet.add(
            "logo", box=[x, middle - disc / 2, x + disc * 2.2, middle + disc / 2], png=kit.logo, radius=disc * 0.2
        )
        return x + disc * 2.2
    box = [x, middle - disc / 2, x + disc, middle + disc / 2]
    edge = {"line": max(1.0, size * 0.05), "line_colour": "#FFFFFF", "line_alpha": 0.7}
    sheet.add("panel", role="mark", box=box, radius=disc / 2, fill=[[0, "#FFF3CF"], [1, "#F6BE57"]], **edge)
    sign = sheet.one((kit.sign or name)[:1], disc, size * 0.92, size * 0.5, HEAVY)
    sheet.centred("mark", sign, x + disc / 2, middle - (sign.ink.top + sign.ink.bottom) / 2, sheet.design.mark)
    return x + disc


def pill(sheet: Sheet, text: str, right: float, middle: float, size: float) -> Box:
    """A small badge, its right edge at ``right``."""
    line = sheet.one(text, sheet.width * 0.36, size, size * 0.6, BOLD, 0.04)
    half, pad = line.size * 0.92, line.size * 0.8
    box = Box(right - line.ink.width - 2 * pad, middle - half, right, middle + half)
    dark = not sheet.design.palette.light
    fill = (
        [[0, sheet("rim"), 0.78], [1, sheet("rim_deep"), 0.78]]
        if dark
        else [[0, "#FFFFFF", 0.92], [1, "#FFFFFF", 0.85]]
    )
    edge = {
        "line": max(1.0, size * 0.055),
        "line_colour": sheet("metal_light" if dark else "rim_light"),
        "line_alpha": 0.9,
    }
    sheet.add("panel", role="badge", box=box.listed(), radius=half, fill=fill, **edge)
    y = middle - (line.ink.top + line.ink.bottom) / 2
    sheet.centred("badge", line, box.centre[0], y, "#FFF1CE" if dark else sheet("ink"))
    return box


def pill_after(sheet: Sheet, text: str, left: float, middle: float, size: float) -> Box:
    """A small badge, its left edge at ``left``."""
    line = sheet.one(text, sheet.width * 0.36, size, size * 0.6, BOLD, 0.04)
    return pill(sheet, text, left + line.ink.width + 1.6 * line.size, middle, size)


def legal_size(sheet: Sheet) -> float:
    """The least size of legal text in px: 22 at 1080 px wide, in proportion."""
    return max(limit("legal_px_least"), limit("legal_px_at_1080") * sheet.width / 1080)


def label_size(sheet: Sheet) -> float:
    """The least size of the AI label in px: a share of the shorter side, larger where an image model took part."""
    share = limit("ai_label_share_model" if sheet.spec.choices.get("model_made") else "ai_label_share")
    return max(limit("ai_label_px_least"), share * min(sheet.width, sheet.height))


def ai_label_width(sheet: Sheet) -> float:
    """How wide the mark of machine-made pictures is on its chip, in px."""
    size = label_size(sheet)
    line = sheet.one(sheet.spec.words.ai_label, sheet.width * 0.5, size, size, ("sans-regular",))
    return line.ink.width + 0.84 * size


def ai_label(sheet: Sheet, right: float, bottom: float, *, chip: bool, colour: str = "") -> Box:
    """The mark of machine-made pictures with its right lower corner given; on a chip where the ground is lively."""
    text = sheet.spec.words.ai_label
    if not text:
        return Box(right, bottom, right, bottom)
    size = label_size(sheet)
    line = sheet.one(text, sheet.width * 0.5, size, size, ("sans-regular",))
    pad = size * 0.42 if chip else 0.0
    box = Box(right - line.ink.width - 2 * pad, bottom - line.ink.height - 1.3 * pad, right, bottom)
    light = sheet.design.palette.light
    if chip:
        tone = "#FFFFFF" if light else sheet("rim_deep")
        alpha = 1.0 if sheet.spec.frame.transparent else 0.80 if light else 0.66
        sheet.add("panel", role="chip", box=box.listed(), radius=size * 0.3, fill=[[0, tone, alpha], [1, tone, alpha]])
    colour = colour or sheet("label_ink")
    base = box.bottom - pad * 0.65 - line.ink.bottom
    return sheet.line("ai_label", line, box.left + pad, base, colour).grown(pad)


def lines_down(
    sheet: Sheet,
    role: str,
    lines: Sequence[Line],
    at: tuple[float, float],
    leading: float,
    colour: str,
    *,
    centre: bool,
) -> Box:
    """Set lines under one another, from the top at ``at``; returns the box of their ink."""
    x, top = at
    size = lines[0].size if lines else 0.0
    left, right = math.inf, -math.inf
    base = top + size * 0.88
    for line in lines:
        box = sheet.centred(role, line, x, base, colour) if centre else sheet.line(role, line, x, base, colour)
        left, right = min(left, box.left), max(right, box.right)
        base += leading * size
    return Box(left if lines else x, top, right if lines else x, top + block_height(lines, leading))


def block_height(lines: Sequence[Line], leading: float) -> float:
    """The height of lines set under one another, in px."""
    return lines[0].size * (1.0 + leading * (len(lines) - 1)) if lines else 0.0
