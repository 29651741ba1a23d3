"""Banners: text on the left over a calm side, the hero on the right in the light."""

from linghang.creatives.pictures.layouts import parts
from linghang.creatives.pictures.layouts.scene import side_scene
from linghang.creatives.pictures.layouts.sheet import BODY, BOLD, Sheet, Title
from linghang.creatives.pictures.type.setting import Box, Line


def lay_banner(sheet: Sheet) -> None:
    """Lay out a picture that is wider than tall, with room for title, subtitle, button and legal text."""
    width, height, words = sheet.width, sheet.height, sheet.spec.words
    aspect = width / height
    left = max(width * 0.055, height * 0.09)
    split = width * (0.585 if aspect < 3.4 else 0.62)
    hero_x = (split + width) / 2 + width * 0.012
    focus = (hero_x, height * 0.50)
    parts.ground(sheet, focus, max(width * 0.62, height * 1.1), max(height * 1.5, width * 0.6))
    _veil(sheet, split)
    column = Box(left, height * 0.075, split - width * 0.01, height * 0.925)
    scene = side_scene(sheet, Box(split - width * 0.01, 0, width, height), (hero_x, focus[1]))
    stack = _Stack(sheet, column)
    stack.draw()
    scene.front()
    if words.badge and not stack.badge_drawn:
        parts.pill(sheet, words.badge, width - left * 0.6, height * 0.115, sheet.px(24))


def _veil(sheet: Sheet, split: float) -> None:
    """A calm side for the text: the palette's veil from the left edge to beyond the middle."""
    veil, width, height = sheet("veil"), sheet.width, sheet.height
    strong = min(1.0, 0.80 + 0.2 * sheet.mend("scrim"))
    sheet.add("scrim", box=[0, 0, width, height], start=[0, 0], end=[split + width * (0.12 + 0.10 * sheet.mend("scrim")), 0],
              fill=[[0, veil, strong], [0.55, veil, strong * 0.82], [1, veil, 0]])  # fmt: skip


class _Stack:
    """The text column: brand, title lines, subtitle, button beside or above the legal text; evenly spread."""

    def __init__(self, sheet: Sheet, column: Box) -> None:
        self.sheet, self.column = sheet, column
        words, unit = sheet.spec.words, sheet.unit
        self.badge_drawn = False
        smaller = 1 - 0.10 * sheet.mend("smaller")
        lines = [text for text in words.title[:2] if text]
        self.brand = 25 * unit if (words.brand or sheet.spec.kit.name) else 0.0
        legal = parts.legal_size(sheet)
        self.button_height = 62 * unit if words.button else 0.0
        self.button_width = self._button_width()
        beside = column.width - self.button_width - 26 * unit
        self.legal: list[Line] = sheet.block(words.legal.replace("\n", " "), column.width, legal) if words.legal else []
        self.beside = False
        if words.legal and words.button:
            narrow = sheet.block(words.legal.replace("\n", " "), beside, legal)
            if len(narrow) * legal * 1.3 <= self.button_height * 1.12:
                self.legal, self.beside = narrow, True
        self.sub = sheet.one(words.subtitle, column.width, 33 * unit, 20 * unit, BOLD, 0.02) if words.subtitle else None
        self.titles = self._titles(lines, smaller)

    def _button_width(self) -> float:
        words, unit = self.sheet.spec.words, self.sheet.unit
        if not words.button:
            return 0.0
        line = self.sheet.one(words.button, 400 * unit, 30 * unit, 20 * unit, BOLD, 0.06)
        return max(170 * unit, line.ink.width + 96 * unit)

    def _heights(self, titles: list[Title]) -> list[float]:
        legal = self.legal[0].size * 1.3 * len(self.legal) if self.legal else 0.0
        rows = [self.brand] + [title.outer.height for title in titles]
        rows.append(self.sub.size * 0.95 if self.sub else 0.0)
        rows.append(self.button_height)
        rows.append(0.0 if self.beside else legal)
        return rows

    def _titles(self, lines: list[str], scale: float) -> list[Title]:
        """Title lines at the largest size that leaves every row its gap."""
        sizes = (92.0, 74.0) if len(lines) > 1 else (104.0, 0.0)
        factor = scale * self.sheet.design.title_scale
        for _ in range(14):
            titles = [
                self.sheet.title_line(
                    text, self.column.width, self.sheet.px(sizes[place] * factor), 10, second=place == 1
                )
                for place, text in enumerate(lines)
            ]
            rows = [row for row in self._heights(titles) if row]
            if sum(rows) + 11 * self.sheet.unit * (len(rows) - 1) <= self.column.height:
                return titles
            factor *= 0.93
        return titles

    def draw(self) -> None:
        """Draw the column from the top, spreading what is left over between its rows."""
        sheet, words, unit = self.sheet, self.sheet.spec.words, self.sheet.unit
        rows = [row for row in self._heights(self.titles) if row]
        gap = min(24 * unit, (self.column.height - sum(rows)) / max(1, len(rows) - 1))
        x = self.column.left
        y = self.column.top + (self.column.height - sum(rows) - gap * (len(rows) - 1)) / 2
        if self.brand:
            parts.brand(sheet, x, y + self.brand / 2, self.brand * 0.92, sheet("ink"))
            y += self.brand + gap
        for title in self.titles:
            sheet.title(title, x, y)
            y += title.outer.height + gap
        if self.sub:
            sheet.line("subtitle", self.sub, x, y - self.sub.ink.top * 0.98, sheet("ink"))
            y += self.sub.size * 0.95 + gap
        if self.button_height:
            box = Box(x, y, x + self.button_width, y + self.button_height * 0.94)
            parts.button(sheet, words.button, box, 30 * unit)
            if self.beside:
                size = self.legal[0].size
                top = y + (self.button_height * 0.94 - size * (1 + 1.3 * (len(self.legal) - 1))) / 2
                parts.lines_down(
                    sheet, "legal", self.legal, box.right + 26 * unit, top, 1.3, sheet("ink_soft"), centre=False
                )
            y += self.button_height + gap
        if self.legal and not self.beside:
            parts.lines_down(sheet, "legal", self.legal, x, y, 1.3, sheet("ink_soft"), centre=False)


_ = BODY
