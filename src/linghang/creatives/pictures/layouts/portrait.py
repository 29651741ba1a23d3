"""Portrait posters (splash screens): title on top, hero on a stage, tickets, button and legal text below."""

from linghang.creatives.pictures.layouts import parts
from linghang.creatives.pictures.layouts.scene import hero_scene
from linghang.creatives.pictures.layouts.sheet import BODY, Sheet, Title
from linghang.creatives.pictures.type.setting import Box


def lay_portrait(sheet: Sheet) -> None:
    """Lay out a picture that is clearly taller than wide."""
    words, height, width = sheet.spec.words, sheet.height, sheet.width
    margin, middle = width * 0.055, width / 2
    lower = _measure_lower(sheet)
    tall = height / width
    top = height * (0.058 if tall > 1.6 else 0.04)
    scene_bottom = height - lower.height
    titles = _titles(sheet, width - 2 * margin)
    gap = sheet.px(20)
    y = top + sheet.px(72)
    title_top = y
    for title in titles:
        y += title.outer.height + gap
    ribbon_top = y - gap + sheet.px(26)
    scene_top = ribbon_top + (sheet.px(46) * 1.9 if words.subtitle else -sheet.px(20))
    focus = (middle, scene_top + (scene_bottom - scene_top) * 0.52)
    parts.ground(sheet, focus, width * 1.02, width)
    stage = Box(margin, scene_top, width - margin, scene_bottom)
    scene = hero_scene(sheet, stage, focus)
    _lower(sheet, lower, scene_bottom)
    scene.front()
    light = sheet.design.palette.light
    parts.brand(sheet, margin, top + sheet.px(18), sheet.px(38), sheet("ink"))
    if words.badge:
        parts.pill(sheet, words.badge, width - margin, top + sheet.px(18), sheet.px(28))
    y = title_top
    sheet.add("glow", at=[middle, title_top + (ribbon_top - title_top) * 0.5], radius=width * 0.52, squash=0.5,
              colour="#FFFFFF" if light else sheet("bright"), alpha=0.30)  # fmt: skip
    for title in titles:
        sheet.title(title, middle - title.outer.width / 2, y)
        y += title.outer.height + gap
    if words.subtitle:
        parts.ribbon(sheet, words.subtitle, middle, ribbon_top, width - 2 * margin, sheet.px(44))


def _titles(sheet: Sheet, width: float) -> list[Title]:
    words = sheet.spec.words
    sizes = (212.0, 176.0) if len(words.title) > 1 else (220.0, 0.0)
    scale = sheet.design.title_scale * (1 - 0.12 * sheet.mend("smaller"))
    return [
        sheet.title_line(text, width, sheet.px(sizes[place] * scale), sheet.px(60), second=place == 1)
        for place, text in enumerate(words.title[:2])
        if text
    ]


class _Lower:
    """Measured heights of what stands below the scene, in px."""

    def __init__(self, sheet: Sheet) -> None:
        words = sheet.spec.words
        size = parts.legal_size(sheet)
        width = sheet.width * (0.89 - 0.06 * sheet.mend("narrow"))
        self.legal = sheet.block(words.legal, width, size) if words.legal else []
        self.legal_size = size
        self.legal_height = size * (1 + 1.42 * (len(self.legal) - 1)) if self.legal else 0.0
        self.margin = sheet.height * 0.042
        self.button = sheet.px(112) if words.button else 0.0
        self.coupons = sheet.px(196) if words.coupons else 0.0
        gap = sheet.px(34)
        self.gap = gap
        parts_ = [part for part in (self.coupons, self.button, self.legal_height) if part]
        self.height = self.margin + sum(parts_) + gap * max(0, len(parts_) - 1)


def _measure_lower(sheet: Sheet) -> _Lower:
    return _Lower(sheet)


def _lower(sheet: Sheet, lower: _Lower, top: float) -> None:
    """Floor, tickets, button and legal text, from the scene's bottom down."""
    words, width, height = sheet.spec.words, sheet.width, sheet.height
    margin, middle = width * 0.075, width / 2
    bow = sheet.px(46)
    floor_top = top + (lower.coupons * 0.34 if lower.coupons else -sheet.px(24))
    deep = sheet("floor")
    sheet.add("floor", box=[0, floor_top, width, height], bow=bow, width=sheet.px(3), edge=sheet("glint"),
              fill=[[0, deep], [0.4, sheet("veil")], [1, sheet("veil")]])  # fmt: skip
    y = top
    if words.coupons:
        parts.coupons(sheet, words.coupons[:3], Box(margin, y, width - margin, y + lower.coupons))
        y += lower.coupons + lower.gap
    if words.button:
        half = min(width * 0.28 + sheet.px(10) * len(words.button), width * 0.42)
        parts.button(sheet, words.button, Box(middle - half, y, middle + half, y + lower.button), sheet.px(52))
        y += lower.button + lower.gap + sheet.px(6)
    if lower.legal:
        parts.lines_down(sheet, "legal", lower.legal, middle, y, 1.42, sheet("ink_soft"), centre=True)


_ = BODY
