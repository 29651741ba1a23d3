"""Colours of one picture by role, derived in OKLCH from a hue and the mood's tones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang.creatives.pictures.colour import Lch, contrast, lch_hex, mix, parse
from linghang.creatives.pictures.elements.model import Paint

GOLDS: Mapping[str, Paint] = {
    "gold": ("#B2580C", "#FFC034", "#FFF6C6"),
    "champagne": ("#8F5214", "#F2BC62", "#FFF4D6"),
    "rose_gold": ("#9A4A34", "#EFA184", "#FFE3D3"),
    "pale_gold": ("#8A6528", "#E2BC72", "#FFF3D2"),
    "silver": ("#6E7C92", "#C6D2E2", "#FFFFFF"),
}


@dataclass(frozen=True)
class Palette:
    """Colours as ``#RRGGBB``. ``colours`` by role of the flat parts, ``ramps`` by material of the elements.

    ``light`` says that text on the ground is dark. ``hue`` is the ground's OKLCH hue in degrees.
    """

    hue: float
    light: bool
    colours: Mapping[str, str]
    ramps: Mapping[str, Paint]

    def __getitem__(self, role: str) -> str:
        return self.colours[role]


def build(hue: float, tones: Mapping[str, Sequence[float]], *, light: bool, metal: str, up_red: bool) -> Palette:
    """The palette of a hue with a mood's tones ([lightness, chroma, turn of hue] of deep, base, bright, floor)."""
    grounds = {name: lch_hex(tone[0], tone[1], (hue + tone[2]) % 360) for name, tone in tones.items()}
    colours = grounds | _inks(hue, grounds, light) | _papers(hue, grounds, light) | _titles(hue, grounds, light)
    return Palette(hue, light, colours, _ramps(hue, grounds, light, metal, up_red))


def _inks(hue: float, grounds: Mapping[str, str], light: bool) -> dict[str, str]:
    if light:
        return {
            "ink": lch_hex(0.30, 0.075, hue),
            "ink_soft": lch_hex(0.34, 0.06, hue),
            "label_ink": lch_hex(0.38, 0.05, hue),
            "head_ink": lch_hex(0.30, 0.075, hue),
            "glint": "#FFFFFF",
            "veil": lch_hex(0.975, 0.018, hue),
            "shade": lch_hex(0.42, 0.10, hue),
        }
    white = "#FFFFFF" if hue > 90 else "#FFF8E8"
    return {
        "ink": white,
        "ink_soft": mix("#FFFFFF", grounds["bright"], 0.07),
        "head_ink": _head_ink(hue, white, grounds),
        "label_ink": mix("#FFFFFF", grounds["floor"], 0.22),
        "glint": "#FFE3A0",
        "veil": until(mix(grounds["deep"], grounds["floor"], 0.5), "#FFFFFF", 6.0),
        "shade": lch_hex(max(0.10, parse(grounds["deep"]).lightness * 0.62), parse(grounds["deep"]).chroma * 0.75, hue),
    }


def _head_ink(hue: float, white: str, grounds: Mapping[str, str]) -> str:
    """White, or a dark tone of the hue where the ground's upper part is too light for white."""
    top = mix(grounds["deep"], grounds["base"], 0.35)
    return (
        white
        if contrast(white, top) >= 4.8
        else until(lch_hex(0.34, 0.10, hue), mix(grounds["deep"], grounds["base"], 0.2), 5.2)
    )


def _papers(hue: float, grounds: Mapping[str, str], light: bool) -> dict[str, str]:
    base = parse(grounds["base"])
    warm = hue < 90 or hue > 340
    dark = base.lightness < 0.33
    strong = lch_hex(0.36, 0.07, hue) if dark else lch_hex(0.50 if light else 0.52, 0.20, hue)
    strong = until(strong, "#FFF6E4", 5.0)
    return {
        "paper_top": "#FFFFFF" if not dark else "#FFF9EA",
        "paper_bottom": "#FFF0D6" if warm or dark else mix("#FFFFFF", grounds["bright"], 0.20),
        "paper_ink": strong,
        "paper_label": until(lch_hex(0.36, 0.09, hue), "#FFF0D6", 7.0),
        "paper_rim": "#FFE7B8" if warm or dark else "#FFFFFF",
        **_button(light=light, dark=dark),
        "button_ink": _button_ink(hue, dark) if not light else "#FFFFFF",
        **_ribbon(hue, grounds, light=light),
        "ribbon_ink": "#FFFFFF",
        "metal_light": "#FFEFB8",
        "metal": "#F2B64A",
        "metal_deep": "#B9741B",
    }


def _ribbon(hue: float, grounds: Mapping[str, str], *, light: bool) -> dict[str, str]:
    """The banderole, dark enough for white letters on any ground."""
    base, deep = parse(grounds["base"]), parse(grounds["deep"])
    top = lch_hex(0.52, 0.13, hue) if light else lch_hex(min(0.60, base.lightness + 0.02), base.chroma, hue)
    low = lch_hex(0.42, 0.12, hue) if light else lch_hex(min(0.44, deep.lightness), deep.chroma, hue)
    low_lch = parse(low)
    return {
        "ribbon_top": until(top, "#FFFFFF", 4.9),
        "ribbon_bottom": low,
        "ribbon_tail": lch_hex(max(0.12, low_lch.lightness - 0.06), low_lch.chroma, hue),
        "ribbon_crease": lch_hex(max(0.08, low_lch.lightness - 0.14), low_lch.chroma * 0.8, hue),
    }


def _button(*, light: bool, dark: bool) -> dict[str, str]:
    """Golden on deep grounds, champagne on black, orange on light ones: always the strongest spot of the picture."""
    if light:
        tones = (
            until(lch_hex(0.645, 0.21, 42), "#FFFFFF", 3.6),
            lch_hex(0.60, 0.215, 38),
            lch_hex(0.555, 0.21, 34),
            lch_hex(0.45, 0.17, 35),
        )
    elif dark:
        tones = ("#FFF3D2", "#F5CF8C", "#E2A956", "#8A5A20")
    else:
        tones = ("#FFF6D6", "#FFD463", "#FFB02E", lch_hex(0.60, 0.17, 55))
    return dict(zip(("button_top", "button_mid", "button_bottom", "button_lip"), tones, strict=True))


def _button_ink(hue: float, dark: bool) -> str:
    """Red-brown on a red picture, brown elsewhere: red letters on a blue picture look like a fault."""
    red = (hue < 60 or hue > 340) and not dark
    return until(lch_hex(0.42, 0.17, 29) if red else lch_hex(0.36, 0.085, 55), "#E2A956" if dark else "#FFC24A", 5.2)


def _titles(hue: float, grounds: Mapping[str, str], light: bool) -> dict[str, str]:
    deep = parse(grounds["deep"])
    rim = lch_hex(min(deep.lightness, 0.40), min(0.2, max(deep.chroma, 0.03) * 1.05), (hue - 2) % 360)
    return {
        "rim": rim if not light else lch_hex(0.42, 0.12, hue),
        "rim_deep": lch_hex(max(0.10, parse(rim).lightness - 0.13), parse(rim).chroma * 0.8, hue),
        "rim_light": lch_hex(0.60, 0.21, hue) if not light else lch_hex(0.58, 0.14, hue),
        "pale": mix("#FFFFFF", grounds["bright"], 0.22),
        "tint": mix("#FFFFFF", grounds["bright"], 0.55),
        "vivid": lch_hex(0.62, 0.22, hue),
        "strong": lch_hex(0.44, 0.15, hue),
    }


def _ramps(hue: float, grounds: Mapping[str, str], light: bool, metal: str, up_red: bool) -> dict[str, Paint]:
    step = round(hue / 10) * 10 % 360  # sprites are shared between pictures whose hues are near
    base = parse(grounds["base"])
    if base.lightness < 0.33:
        body, body2 = Lch(0.36, 0.05, step), Lch(0.43, 0.06, step)
    elif light:
        body, body2 = Lch(0.70, 0.16, step), Lch(0.77, 0.14, step)
    else:
        body, body2 = Lch(0.58, 0.225, step), Lch(0.65, 0.205, step)
    own = 18 < hue < 34  # a red packet takes the red of a red picture, and stays red in all others
    packet = Lch(0.575, 0.225, step if own and base.lightness > 0.33 else 27)
    rising = Lch(0.60, 0.225, 27) if up_red else Lch(0.66, 0.17, 155)
    return {
        "body": ramp(body),
        "body2": ramp(body2),
        "metal": GOLDS[metal],
        "accent": ("#D9DEE8", "#FFFFFF", "#FFFFFF"),
        "dark": ("#171B28", "#343B50", "#6A738C"),
        "pale": ("#AFC0DE", "#F0F5FF", "#FFFFFF"),
        "vapour": (mix("#FFFFFF", grounds["bright"], 0.62), mix("#FFFFFF", grounds["bright"], 0.22), "#FFFFFF"),
        "cream": ("#E3B981", "#FFF0D8", "#FFFFFF"),
        "rising": ramp(rising),
        "packet": ramp(packet),
        "packet2": ramp(packet.shift(light=0.06, chroma=0.92)),
        "rising2": ramp(rising.shift(light=0.08, chroma=0.85, hue=10 if up_red else -8)),
        "metal_cloth": GOLDS[metal],
        "pearl": ("#D8C9B0", "#FFF8EA", "#FFFFFF"),
        "screen": ("#1B2F8F", "#3B6BFF", "#A9D0FF"),
        "skin": _skin(hue, base.lightness, light, metal),
        "stub": ramp(Lch(0.40, 0.135, 22)) if base.lightness < 0.33 else ramp(body),
        "leaf": ("#1E7D4A", "#45B86B", "#B5EBB4"),
        "orange": ("#C24A06", "#FF8A22", "#FFD08A"),
        "violet": ("#4A2AA8", "#8157F0", "#C9B2FF"),
        "red": ramp(Lch(0.58, 0.225, 28)),
        "sky": ramp(Lch(0.62, 0.18, 255)),
    }


def _skin(hue: float, lightness: float, light: bool, metal: str) -> Paint:
    """The piggy bank's: metal on black, golden on red, porcelain on cool grounds, pink only where all is soft."""
    if lightness < 0.33:
        return GOLDS[metal]
    if light or lightness > 0.64:
        return ("#DB6F86", "#FF9FB2", "#FFDCE2")
    return GOLDS["gold"] if hue < 90 or hue > 335 else ("#A9B9DA", "#F1F5FF", "#FFFFFF")


def ramp(colour: Lch) -> Paint:
    """A material's shade, body and light: the shade leans to its neighbour hue as painters do, never to grey."""
    turn = 0 if colour.hue < 40 or colour.hue > 330 else -4  # red must not turn to crimson in the shade
    shade = colour.shift(light=-0.25 * colour.lightness / 0.6, chroma=0.95, hue=turn)
    light = colour.shift(light=min(0.15, 0.97 - colour.lightness), chroma=0.78, hue=5)
    return shade.hex(), colour.hex(), light.hex()


def until(colour: str, ground: str, ratio: float) -> str:
    """The colour, darkened step by step until it stands out from a light ground by ``ratio``."""
    value = parse(colour)
    while contrast(value.hex(), ground) < ratio and value.lightness > 0.05:
        value = value.shift(light=-0.02)
    return value.hex()
