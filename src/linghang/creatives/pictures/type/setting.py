"""Set text: faces glyph by glyph, true ink boxes, sizes that fit, and line breaks that obey kinsoku (禁则)."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import skia

from linghang.creatives.pictures.fonts.registry import coverage, pick, typeface

_UNITS = 1000.0
_NOT_FIRST = "，。、；：？！）》」』】〕…—·・%‰℃,.;:?!)]}”’/"
_NOT_LAST = "（《「『【〔([{“‘¥$#"
_NARROW = "，。、；：？！）》」』】（《「『【〔〕"
_WORD = re.compile(r"[A-Za-z0-9+\-.,:%/@&'$¥~#_]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Box:
    """A rectangle in px: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in px."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in px."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """The box with ``by`` px added on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def moved(self, dx: float, dy: float) -> "Box":
        """The box elsewhere."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def overlap(self, other: "Box") -> float:
        """The shared area in px²."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def inside(self, other: "Box", slack: float = 0.5) -> bool:
        """Whether this box lies within ``other``."""
        return (
            self.left >= other.left - slack
            and self.top >= other.top - slack
            and self.right <= other.right + slack
            and self.bottom <= other.bottom + slack
        )

    def listed(self) -> list[float]:
        """Left, top, right, bottom, rounded to hundredths, for a record."""
        return [round(value, 2) for value in (self.left, self.top, self.right, self.bottom)]


@dataclass(frozen=True)
class Line:
    """One set line. ``width`` is the advance and ``ink`` the box of the outlines, with the baseline's start at 0,0.

    ``faces`` names the face of each character; ``missing`` are characters that no face has. ``scales`` is the size of
    each character as a share of ``size`` (empty: all 1): figures stand out by size.
    """

    text: str
    size: float
    tracking: float
    faces: tuple[str, ...]
    width: float
    ink: Box
    missing: str = ""
    scales: tuple[float, ...] = ()


@functools.lru_cache(maxsize=8192)
def outline(face: str, char: str) -> tuple[skia.Path, float]:
    """A character's outline at 1000 units to the em (baseline at 0) and its advance in units."""
    font = skia.Font(typeface(face), _UNITS)
    font.setHinting(skia.FontHinting.kNone)
    glyph = coverage(face).glyph(char)
    path = font.getPath(glyph)
    if path is None:
        path = skia.Path()
    elif not path.isEmpty():
        # Simplify gives an even-odd path; its counters fill when it is added to another path unless rewound.
        path = _rewound(path)
    return path, float(font.getWidths([glyph])[0])


def _rewound(path: skia.Path) -> skia.Path:
    """The outline without overlaps, wound so that counters stay open; as it was drawn where Skia cannot do that."""
    try:
        simple = skia.Simplify(path)
        return skia.AsWinding(simple) if simple is not None else path
    except RuntimeError:
        # "Failed to get as winding": seen for a few glyphs with touching contours, whose own winding is right.
        return path


def set_line(
    text: str, faces: Sequence[str], size: float, tracking: float = 0.0, scales: tuple[float, ...] = ()
) -> Line:
    """Set one line with the first face that has each character. ``tracking`` is in em."""
    chosen, width, ink, missing = _measured(text, tuple(faces), tracking, scales)
    scale = size / _UNITS
    scaled = Box(ink.left * scale, ink.top * scale, ink.right * scale, ink.bottom * scale)
    return Line(text, size, tracking, chosen, width * scale, scaled, missing, scales)


@functools.lru_cache(maxsize=8192)
def _measured(
    text: str, faces: tuple[str, ...], tracking: float, scales: tuple[float, ...]
) -> tuple[tuple[str, ...], float, Box, str]:
    """A line at 1000 units to the em: the face of each character, advance, ink box, characters without a face."""
    chosen = tuple(pick(faces, char) or "" for char in text)
    advance, ink, missing = measure(text, chosen, tracking, scales)
    return chosen, advance, ink, missing


def measure(text: str, faces: Sequence[str], tracking: float, scales: Sequence[float] = ()) -> tuple[float, Box, str]:
    """Advance and ink box at 1000 units to the em of characters in given faces, and those without a glyph."""
    x, missing = 0.0, ""
    boxes: list[Box] = []
    for char, face, scale in zip(text, faces, scales or (1.0,) * len(text), strict=True):
        if not face or (not char.isspace() and not coverage(face).glyph(char)):
            missing += char
            x += _UNITS
            continue
        box = _ink(face, char)
        if box is not None:
            boxes.append(Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale).moved(x, 0))
        x += outline(face, char)[1] * scale + tracking * _UNITS
    x -= tracking * _UNITS if text else 0
    return x, _around(boxes), missing


@functools.lru_cache(maxsize=8192)
def _ink(face: str, char: str) -> Box | None:
    path = outline(face, char)[0]
    if path.isEmpty():
        return None
    bounds = path.computeTightBounds()
    return Box(bounds.left(), bounds.top(), bounds.right(), bounds.bottom())


def _around(boxes: Sequence[Box]) -> Box:
    if not boxes:
        return Box(0, 0, 0, 0)
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(left, top, max(box.right for box in boxes), max(box.bottom for box in boxes))


def slanted(box: Box, skew: float) -> Box:
    """The box of letters leaning by ``skew`` (px to the right for each px above the baseline)."""
    return Box(box.left - skew * box.bottom, box.top, box.right - skew * box.top, box.bottom) if skew else box


def fit_line(text: str, faces: Sequence[str], size: float, least: float, width: float, tracking: float = 0.0) -> Line:
    """The line at ``size``, or smaller (not below ``least``) so that its ink is no wider than ``width``."""
    line = set_line(text, faces, size, tracking)
    if line.ink.width > width > 0:
        line = set_line(text, faces, max(least, size * width / line.ink.width * 0.998), tracking)
    return line


def path_of(line: Line, only: frozenset[float] | None = None) -> skia.Path:
    """The outlines of a whole line, baseline's start at 0,0, in px; with ``only``, of characters of those scales."""
    whole, x = skia.Path(), 0.0
    scale = line.size / _UNITS
    for char, face, own in zip(line.text, line.faces, line.scales or (1.0,) * len(line.text), strict=True):
        if not face:
            x += _UNITS
            continue
        path, advance = outline(face, char)
        if not path.isEmpty() and (only is None or own in only):
            matrix = skia.Matrix()
            matrix.setScaleTranslate(scale * own, scale * own, x * scale, 0)
            whole.addPath(path, matrix)
        x += advance * own + line.tracking * _UNITS
    return whole


def wrap(text: str, faces: Sequence[str], size: float, width: float, tracking: float = 0.0) -> list[Line]:
    """Break a text into lines no wider than ``width``: words whole, no line starts or ends with a mark that may not.

    A newline always breaks. Lines break after punctuation where that costs no line; else the last ones are evened out.
    """
    names = tuple(faces)
    return [set_line(piece, names, size, tracking) for piece in _wrapped(text, names, size, width, tracking)]


@functools.lru_cache(maxsize=512)
def _wrapped(text: str, faces: tuple[str, ...], size: float, width: float, tracking: float) -> tuple[str, ...]:
    pieces: list[str] = []
    for part in text.split("\n"):
        pieces += _by_clause(part, faces, size, width, tracking) or _balanced(part, faces, size, width, tracking)
    return tuple(pieces)


_CLAUSE = re.compile(
    rf".+?[，。；！？,;!?](?=[^\s{re.escape(_NOT_FIRST)}])|.+?(?: (?=[^\s{re.escape(_NOT_FIRST)}])|$)", re.DOTALL
)


def _by_clause(text: str, faces: Sequence[str], size: float, width: float, tracking: float) -> list[str]:
    """Lines that break after punctuation only, if that takes no more lines and leaves none very short; else empty."""
    plainly = _greedy(_units(text), faces, size, width, tracking)
    if len(plainly) < 2:
        return plainly
    clauses = _greedy(_CLAUSE.findall(text), faces, size, width, tracking)
    widths = [set_line(line, faces, size, tracking).width for line in clauses]
    even = 0.42 if len(clauses) == 2 else 0.6  # one short line among long ones looks like a slip
    good = len(clauses) <= len(plainly) and max(widths) <= width and min(widths) > even * max(widths)
    return clauses if good else []


def _units(text: str) -> list[str]:
    """Pieces that may not be broken: words, and characters with the marks that cling to them."""
    units: list[str] = []
    hold = ""
    for piece in _WORD.findall(text):
        if piece[0] in _NOT_FIRST and units and not hold:
            tail = units.pop() if units[-1].isspace() and len(units) > 1 else ""
            units[-1] += tail + piece
        elif piece in _NOT_LAST:
            hold += piece
        else:
            units.append(hold + piece)
            hold = ""
    return [*units, hold] if hold else units


def _greedy(units: list[str], faces: Sequence[str], size: float, width: float, tracking: float) -> list[str]:
    lines, current, used = [], "", 0.0
    for unit in units:
        wide = set_line(unit, faces, size, tracking).width
        bare = set_line(unit.rstrip(), faces, size, tracking).width if unit != unit.rstrip() else wide
        if current and used + bare > width:
            lines.append(current.rstrip())
            current, used = unit.lstrip(), wide if unit == unit.lstrip() else 0.0
        else:
            current, used = current + unit, used + wide + tracking * size
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def _balanced(text: str, faces: Sequence[str], size: float, width: float, tracking: float) -> list[str]:
    units = _units(text)
    lines = _greedy(units, faces, size, width, tracking)
    if len(lines) < 2 or len(lines[-1]) >= max(4, len(lines[-2]) * 0.4):
        return lines
    low, high = width * 0.5, width
    for _ in range(7):
        middle = (low + high) / 2
        if len(_greedy(units, faces, size, middle, tracking)) > len(lines):
            low = middle
        else:
            high = middle
    return _greedy(units, faces, size, high, tracking)
