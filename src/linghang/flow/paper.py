"""Paper: parts of a document laid out as a PDF with embedded Chinese fonts. It knows nothing of campaigns."""

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, WrapMode, XPos, YPos
from fpdf.fonts import FontFace
from PIL import Image

from linghang.base.errors import UnavailableError
from linghang.creatives.pictures import fonts

INK, QUIET, LINE, GROUND = (31, 35, 41), (100, 106, 115), (229, 230, 235), (246, 247, 249)
TONES = {"bad": (185, 28, 28), "warn": (138, 82, 0), "ok": (23, 114, 69), "quiet": QUIET}
_FAMILY, _MARGIN, _WIDTH = "han", 18.0, 174.0
_PICTURE_PIXELS, _QUALITY = 720, 82

Tone = Literal["bad", "warn", "ok", "quiet"]


@dataclass(frozen=True)
class Lines:
    """Paragraphs, one after another; ``quiet`` ones are notes."""

    texts: Sequence[str]
    quiet: bool = False
    bold: bool = False


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Grid:
    """A table. ``widths`` are relative; columns of ``figures`` stand on the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    figures: Sequence[int] = ()


@dataclass(frozen=True)
class Marked:
    """A text with its role; the ranges of ``spans`` are what offends."""

    label: str
    text: str
    spans: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Pictures:
    """Pictures side by side, each with what it is; ``height`` in mm at most."""

    items: Sequence[tuple[str, bytes]]
    columns: int = 3
    height: float = 70.0
    framed: bool = False


@dataclass(frozen=True)
class Remark:
    """Something found: how grave, what, by which law, and what became of it."""

    grade: str
    tone: Tone
    text: str
    source: str = ""
    fate: str = ""


Item = Lines | Facts | Grid | Marked | Pictures | Remark


@dataclass(frozen=True)
class Part:
    """A part of the document: a heading and what stands under it."""

    title: str
    items: Sequence[Item]


def pdf(title: str, subtitle: str, parts: Sequence[Part], *, foot: str, at: dt.datetime) -> bytes:
    """The document as a PDF. Raises UnavailableError("packet.no_font") without a Chinese face."""
    sheet = _Sheet(foot)
    sheet.set_title(title)
    sheet.set_creation_date(at)
    sheet.add_page()
    sheet.words(title, 20, bold=True, gap=1)
    sheet.words(subtitle, 10, colour=QUIET, gap=5)
    for part in parts:
        sheet.heading(part.title)
        for item in part.items:
            _DRAW[type(item)](sheet, item)
    return bytes(sheet.output())


class _Sheet(FPDF):
    """A4 pages with the document's mark and the page's number at their foot."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self.foot_text = foot
        paths = {face.id: face.path for face in fonts.faces() if face.path is not None}
        for style, name in (("", "sans-regular"), ("B", "sans-bold")):
            if name not in paths:
                raise UnavailableError("packet.no_font", face=name)
            self.add_font(_FAMILY, style, paths[name])
        self.set_margins(_MARGIN, 18, _MARGIN)
        self.set_auto_page_break(auto=True, margin=20)

    def footer(self) -> None:
        """What stands under every page."""
        self.set_y(-14)
        self.set_font(_FAMILY, "", 8)
        self.set_text_color(*QUIET)
        self.cell(_WIDTH - 20, 5, self.foot_text)
        self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")

    def words(
        self, text: str, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK, gap: float = 2
    ) -> None:
        """A paragraph across the page."""
        self.set_font(_FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(
            _WIDTH,
            size * 0.56,
            _wrapped(self, text, _WIDTH),
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            wrapmode=WrapMode.CHAR,
            align="L",
        )
        self.ln(gap)

    def heading(self, text: str) -> None:
        """A part's heading, never alone at the foot of a page."""
        if self.get_y() > self.h - 50:
            self.add_page()
        self.ln(4)
        self.words(text, 13, bold=True, gap=1)
        self.set_draw_color(*LINE)
        self.line(_MARGIN, self.get_y(), _MARGIN + _WIDTH, self.get_y())
        self.ln(3)

    def room(self, height: float) -> None:
        """A new page unless that much height is left."""
        if self.get_y() + height > self.h - 20:
            self.add_page()


def plain(text: str) -> str:
    """A text without what a page cannot show: control characters, and letters beyond the fonts' plane (emoji)."""
    return "".join(
        letter if letter == "\n" or (letter.isprintable() and ord(letter) <= 0xFFFF) else "□" for letter in text
    )


_NEVER_FIRST = frozenset("，。、；：！？）」』》”’％%…,.;:!?)")
"""Marks that do not begin a line in Chinese (GB/T 15834)."""


def _wrapped(sheet: _Sheet, text: str, width: float) -> str:
    """The text broken into lines of a width; words of other scripts and marks stay where they belong."""
    lines: list[str] = []
    # Room for the cell's padding, and for two marks that hang at the end of a line.
    most = width - 2.2 - 2 * sheet.get_string_width("。")
    for paragraph in plain(text).split("\n"):
        line = ""
        for piece in _PIECES.findall(paragraph):
            if line and sheet.get_string_width(line + piece) > most and piece not in _NEVER_FIRST:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line)
    return "\n".join(lines)


_PIECES = re.compile(r"[\w@#&/+.-]*[A-Za-z0-9][\w@#&/+.,-]{0,40}(?<![\u4e00-\u9fff])|.", re.ASCII)


def _lines(sheet: _Sheet, item: Lines) -> None:
    if item.bold:
        # A heading of its own: what it stands over must follow it on the page.
        sheet.room(24)
    for text in item.texts:
        size = 8.5 if item.quiet else 9.5
        sheet.words(text, size, bold=item.bold, colour=QUIET if item.quiet else INK, gap=1)
    sheet.ln(1)


def _facts(sheet: _Sheet, item: Facts) -> None:
    for name, value in item.pairs:
        sheet.room(12)
        top = sheet.get_y()
        ends: list[float] = []
        for text, left, width, colour in ((name, 0.0, 36.0, QUIET), (value or "—", 38.0, _WIDTH - 38, INK)):
            sheet.set_xy(_MARGIN + left, top)
            sheet.set_font(_FAMILY, "", 9.5)
            sheet.set_text_color(*colour)
            sheet.multi_cell(width, 5.4, _wrapped(sheet, text, width), new_x=XPos.LMARGIN, new_y=YPos.NEXT,
                             wrapmode=WrapMode.CHAR, align="L")  # fmt: skip
            ends.append(sheet.get_y())
        # A value that went over to the next page ends higher than it began.
        sheet.set_y(max(ends) if ends[1] > top else ends[1])
    sheet.ln(2)


def _grid(sheet: _Sheet, item: Grid) -> None:
    sheet.room(20)
    sheet.set_font(_FAMILY, "", 8.5)
    sheet.set_text_color(*INK)
    sheet.set_draw_color(*LINE)
    with sheet.table(
        width=_WIDTH,
        col_widths=tuple(item.widths),
        line_height=5,
        padding=1.2,
        align="LEFT",
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", color=QUIET, fill_color=GROUND),
        cell_fill_mode=TableCellFillMode.NONE,
        text_align=tuple("RIGHT" if place in item.figures else "LEFT" for place in range(len(item.heads))),
        wrapmode=WrapMode.CHAR,
    ) as table:
        for row in (item.heads, *item.rows):
            table.row([plain(cell) for cell in row])
    sheet.ln(3)


def _marked(sheet: _Sheet, item: Marked) -> None:
    sheet.room(7)
    sheet.set_font(_FAMILY, "", 8.5)
    sheet.set_text_color(*QUIET)
    sheet.set_x(_MARGIN)
    sheet.cell(24, 5.2, plain(item.label))
    margin, sheet.c_margin = sheet.c_margin, 0
    for line in _runs(sheet, item, _WIDTH - 30):
        sheet.room(7)
        sheet.set_x(_MARGIN + 26)
        for text, marked in line:
            _style(sheet, marked)
            sheet.cell(sheet.get_string_width(text), 5.2, text, new_x=XPos.RIGHT, new_y=YPos.TOP)
        sheet.ln(5.2)
    sheet.c_margin = margin
    sheet.ln(0.8)


def _style(sheet: _Sheet, marked: bool) -> None:
    sheet.set_font(_FAMILY, "BU" if marked else "", 9.5)
    sheet.set_text_color(*(TONES["bad"] if marked else INK))


def _runs(sheet: _Sheet, item: Marked, width: float) -> list[list[tuple[str, bool]]]:
    """The text in lines, each of runs that look alike. Marks may hang over the edge; no line begins with one."""
    lines: list[list[tuple[str, bool]]] = [[]]
    place, used = 0, 0.0
    for piece in _PIECES.findall(plain(item.text.replace("\n", " "))):
        marked = any(start <= place < end for start, end in item.spans)
        _style(sheet, marked)
        for part in _fitting(sheet, piece, width):
            wide = sheet.get_string_width(part)
            if used and used + wide > width and part not in _NEVER_FIRST:
                lines.append([])
                used = 0.0
            line = lines[-1]
            if line and line[-1][1] == marked:
                line[-1] = (line[-1][0] + part, marked)
            else:
                line.append((part, marked))
            used += wide
        place += len(piece)
    return lines


def _fitting(sheet: _Sheet, piece: str, width: float) -> list[str]:
    """A piece in parts of a width: as it is, or a word that is longer than a line cut by letters."""
    if sheet.get_string_width(piece) <= width:
        return [piece]
    parts = [""]
    for letter in piece:
        if sheet.get_string_width(parts[-1] + letter) > width:
            parts.append("")
        parts[-1] += letter
    return parts


def _pictures(sheet: _Sheet, item: Pictures) -> None:
    columns, gap = item.columns, 6.0
    sheet.set_draw_color(*LINE)
    width = (_WIDTH - gap * (columns - 1)) / columns
    for first in range(0, len(item.items), columns):
        row = [(caption, *_small(data)) for caption, data in item.items[first : first + columns]]
        scaled = [min(width, item.height * ratio) for _, _, ratio in row]
        height = max(wide / ratio for wide, (_, _, ratio) in zip(scaled, row, strict=True))
        sheet.room(height + 14)
        top = sheet.get_y()
        for place, (wide, (caption, data, ratio)) in enumerate(zip(scaled, row, strict=True)):
            left = _MARGIN + place * (width + gap)
            sheet.image(io.BytesIO(data), x=left, y=top, w=wide, h=wide / ratio)
            if item.framed:
                sheet.rect(left, top, wide, wide / ratio)
            sheet.set_xy(left, top + height + 1)
            sheet.set_font(_FAMILY, "", 8)
            sheet.set_text_color(*QUIET)
            sheet.multi_cell(width, 4.2, plain(caption), wrapmode=WrapMode.CHAR, align="L", max_line_height=4.2)
        sheet.set_xy(_MARGIN, top + height + 14)


def _small(data: bytes) -> tuple[bytes, float]:
    """A picture small enough for paper, and its width over its height."""
    with Image.open(io.BytesIO(data)) as opened:
        clear = opened.convert("RGBA")
    picture = Image.new("RGB", clear.size, "white")
    picture.paste(clear, mask=clear.getchannel("A"))
    picture.thumbnail((_PICTURE_PIXELS, _PICTURE_PIXELS))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), picture.width / picture.height


def _remark(sheet: _Sheet, item: Remark) -> None:
    sheet.room(12)
    sheet.set_font(_FAMILY, "B", 8.5)
    sheet.set_text_color(*TONES[item.tone])
    sheet.cell(24, 5.2, plain(item.grade))
    sheet.set_left_margin(_MARGIN + 26)
    sheet.set_x(_MARGIN + 26)
    wide = _WIDTH - 26
    for text, size, colour in ((item.text, 9.5, INK), (item.source, 8, QUIET), (item.fate, 8.5, TONES["ok"])):
        if text:
            sheet.set_font(_FAMILY, "", size)
            sheet.set_text_color(*colour)
            sheet.multi_cell(
                wide,
                size * 0.55,
                _wrapped(sheet, text, wide),
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
                wrapmode=WrapMode.CHAR,
                align="L",
            )
    sheet.set_left_margin(_MARGIN)
    sheet.ln(2.5)


_DRAW: Mapping[type, Callable[[_Sheet, Any], None]] = {
    Lines: _lines,
    Facts: _facts,
    Grid: _grid,
    Marked: _marked,
    Pictures: _pictures,
    Remark: _remark,
}
