"""Contact sheets: all combinations of a layer as one picture, as they will be seen, by name, and what is out."""

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from linghang.creatives.pictures import fonts

WIDTH = 1600
_MARGIN, _GAP, _CELL, _LINE = 48, 24, 356, 26
_PICTURE = 360
"""Longest height of a picture in a cell, px."""
_NEVER_FIRST = "，。、；：？！）】」』%％"
"""Marks that no line begins with."""
_INK, _SECOND, _LINES, _PAPER, _CARD, _OUT = "#1F2329", "#646A73", "#DEE0E3", "#F6F7F9", "#FFFFFF", "#B3261E"


@dataclass(frozen=True)
class Cell:
    """One combination: its name, its texts in reading order, its picture where it has one, why it is out."""

    name: str
    texts: tuple[str, ...]
    picture: bytes | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The combinations of one place."""

    title: str
    cells: tuple[Cell, ...]
    note: str = ""
    """What is told beneath the cells, in small type."""


def contact_sheet(title: str, note: str, groups: Sequence[Group]) -> bytes:
    """A PNG of all groups, a row of cells after another; four cells a row."""
    rows = [
        (group, [[_drawn(cell) for cell in group.cells[i : i + 4]] for i in range(0, len(group.cells), 4)])
        for group in groups
    ]
    height = _MARGIN + 84 + sum(
        52 + sum(max(cell.height for cell in row) + _GAP for row in lines) + len(_note(group)) * _LINE
        for group, lines in rows
    ) + _MARGIN  # fmt: skip
    sheet = Image.new("RGB", (WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, _MARGIN), title, _INK, _font(32, bold=True))
    pen.text((_MARGIN, _MARGIN + 46), note, _SECOND, _font(18))
    top = _MARGIN + 84
    for group, lines in rows:
        pen.text((_MARGIN, top + 14), group.title, _INK, _font(22, bold=True))
        top += 52
        for row in lines:
            for place, cell in enumerate(row):
                sheet.paste(cell, (_MARGIN + place * (_CELL + _GAP), top))
            top += max(cell.height for cell in row) + _GAP
        for line in _note(group):
            pen.text((_MARGIN, top - 8), line, _SECOND, _font(16))
            top += _LINE
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _note(group: Group) -> list[str]:
    return _wrap(group.note, WIDTH - 2 * _MARGIN, 16) if group.note else []


def _drawn(cell: Cell) -> Image.Image:
    """A card: the picture at its proportion, or the message; below it the name and what stands against it."""
    pictured = _picture(cell.picture) if cell.picture else None
    said = [] if pictured else [line for text in cell.texts for line in _wrap(text, _CELL - 32, 18)]
    why = [f"× {line}" for reason in cell.excluded for line in _wrap(reason, _CELL - 56, 15)]
    below = [*(_wrap(cell.name, _CELL - 32, 15) if cell.name else ()), *why]
    body = pictured.height + 16 if pictured else len(said) * _LINE + 16
    card = Image.new("RGB", (_CELL, 16 + body + len(below) * 23 + 16), _CARD)
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle((0, 0, card.width - 1, card.height - 1), 10, outline=_LINES)
    top = 16
    if pictured:
        card.paste(pictured, ((_CELL - pictured.width) // 2, top))
    for line in said:
        pen.text((16, top), line, _INK, _font(18))
        top += _LINE
    top = 16 + body
    for line in below:
        pen.text((16, top), line, _OUT if line.startswith("×") else _SECOND, _font(15))
        top += 23
    return card


def _picture(data: bytes) -> Image.Image:
    shown = Image.open(io.BytesIO(data)).convert("RGBA")
    shown.thumbnail((_CELL - 32, _PICTURE))
    flat = Image.new("RGB", shown.size, "#E9EBEE")
    flat.paste(shown, mask=shown.getchannel("A"))
    return flat


def _wrap(text: str, width: int, size: int) -> list[str]:
    """Lines of a text; a break may stand between any two characters but within a Latin word."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for piece in _pieces(part):
            if line and _font(size).getlength(line + piece) > width:
                lines.append(line)
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line)
    return lines


def _pieces(text: str) -> list[str]:
    made: list[str] = []
    for letter in text:
        if made and letter in _NEVER_FIRST:
            made[-1] += letter
            continue
        latin = letter.isascii() and not letter.isspace()
        if made and latin and made[-1][-1].isascii() and not made[-1][-1].isspace():
            made[-1] += letter
        else:
            made.append(letter)
    return made


@functools.cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "sans-bold" if bold else "sans-regular"
    face = next(face for face in fonts.faces() if face.id == name)
    return ImageFont.truetype(str(face.path), size, index=face.index)
