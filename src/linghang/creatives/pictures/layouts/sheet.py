"""A sheet: the picture being laid out. It adds layers, keeps what text stands where, and measures as it goes."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linghang.base.findings import Finding, Severity
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.colour import parse
from linghang.creatives.pictures.design import Design
from linghang.creatives.pictures.fonts.registry import chain, coverage
from linghang.creatives.pictures.model import DesignSpec
from linghang.creatives.pictures.painting.letters import reach
from linghang.creatives.pictures.type.openness import line_openness, openness
from linghang.creatives.pictures.type.setting import Box, Line, fit_line, set_line, slanted, wrap

_GROUNDS = frozenset({"veil", "floor", "ribbon_top", "ribbon_bottom"})
_FINE = 62.0
_BAR = 50.0
"""Px of a usual second title line from which a bar under it has room."""
"""Titles smaller than this (px) lose hairlines, bevel and gloss, which would only blur them."""
_COARSE = {"huangyou": 84.0, "lubrifont": 88.0, "kuaile": 56.0, "mashan": 84.0, "xiaowei": 64.0}
"""Faces that turn to mush below a size (px), where a plain heavy face takes their place."""
_CLOSE, _CLOSE_SHARE, _CLOSE_MOST = frozenset({"huangyou", "lubrifont"}), 0.095, 5
"""Close-set faces need this share of the width a letter too: on a phone every picture is as wide as the screen. In
lines of more letters they read like a bar code."""
_CLOG = 0.027
"""Display faces whose strokes leave less room than this (em) in a character of the title give way to a plain one."""
_PLAIN = frozenset({"sans-black", "sans-bold", "serif-black", "numeral", "sans-black-tc", "serif-black-tc"})
_THIN = {"sans-bold": 0.020, "kuaile": 0.030, "mashan": 0.022, "xiaowei": 0.030, "wenkai": 0.035}
"""How much bolder thin faces are made, in em."""
BODY = ("sans-medium", "sans-bold")
BOLD = ("sans-bold",)
HEAVY = ("sans-black", "sans-bold")
DIGITS = ("numeral", "sans-bold")


@dataclass
class Sheet:
    """``unit`` is the px of one design pixel, ``lead`` the usual size of the second title line in px.

    ``mends`` are repairs asked for by the gates (name → amount), ``notes`` what the layout itself has to say (a text
    that found no room). ``style`` is a title style that a layout needs whatever the design drew (empty: the design's).
    """

    spec: DesignSpec
    design: Design
    unit: float
    lead: float
    mends: Mapping[str, float] = field(default_factory=dict)
    layers: list[dict[str, object]] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    style: str = ""

    @property
    def width(self) -> int:
        """Width in px."""
        return self.spec.frame.width

    @property
    def height(self) -> int:
        """Height in px."""
        return self.spec.frame.height

    def px(self, length: float) -> float:
        """Design pixels as px."""
        return length * self.unit

    def mend(self, name: str) -> float:
        """How much of a repair is asked for; 0 by default."""
        return float(self.mends.get(name, 0.0))

    def __call__(self, role: str) -> str:
        """A colour of the palette; grounds of text go further from the ink when the gates ask for a stronger scrim."""
        colour = self.design.palette[role]
        more = self.mend("scrim") * 0.045
        if more and role in _GROUNDS:
            value = parse(colour)
            return value.shift(light=more if self.design.palette.light else -more).hex()
        return colour

    def calm(self) -> float:
        """How strong (0–1) a veil behind text must be: stronger where the ground is bright and the text white."""
        bright = not self.design.palette.light and parse(self.design.palette["base"]).lightness > 0.62
        return 0.99 if bright else 0.80

    def add(self, kind: str, **values: object) -> None:
        """Put a layer on top."""
        self.layers.append({"kind": kind, **_rounded(values)})

    def left_out(self, role: str, words: str) -> None:
        """Tell that a text found no room in this slot."""
        self.notes.append(Finding("pictures.left_out", Severity.S4, about=role, params={"text": words}))

    # --- text ---------------------------------------------------------------------------------------------------

    def line(self, role: str, line: Line, x: float, y: float, colour: str, **values: object) -> Box:
        """Draw a set line with its ink's left edge at ``x`` and its baseline at ``y``; returns the ink box."""
        left = x - line.ink.left
        where = {"size": line.size, "tracking": line.tracking, "x": left, "y": y}
        self.add("line", role=role, text=line.text, faces=_short(line.faces), colour=colour, **where, **values)
        return line.ink.moved(left, y)

    def centred(self, role: str, line: Line, x: float, y: float, colour: str, **values: object) -> Box:
        """Draw a set line with the middle of its ink at ``x``."""
        return self.line(role, line, x - line.ink.width / 2, y, colour, **values)

    # --- titles -------------------------------------------------------------------------------------------------

    def passes(self, face: str, lead: float, *, second: bool) -> list[dict[str, object]]:
        """The title style's passes with the palette's colours: fewer for small letters, bolder thin faces."""
        style = conventions.entry("titles", self.style_of(second=second))
        passes = [self._pass(step, second) for step in style["passes"]]
        if lead < _FINE:
            passes = [step for step in passes if step["pass"] not in ("bevel", "gloss") and not _hairline(step)]
            passes = [step for step in passes if not step.get("large_only")]
        if second:
            passes = [step for step in passes if not step.get("first_only")]
        bolder = _THIN.get(face, 0.0) + (0.010 if lead < _FINE and face != "huangyou" else 0.0)
        if not bolder:
            return passes
        wider = [{**step, "width": float(str(step["width"])) + bolder} if "width" in step else step for step in passes]
        place = next((n for n, step in enumerate(wider) if step["pass"] == "fill"), len(wider) - 1)
        return [*wider[:place], {**wider[place], "pass": "stroke", "width": bolder}, *wider[place:]]

    def style_of(self, *, second: bool) -> str:
        """The style of a title line: what the layout needs, a second line on its plaque, or the design's."""
        if self.style or not (second and self.plaqued):
            return self.style or self.design.title_style
        return "plaque" if self.golden_bar else "placard"

    @property
    def plaqued(self) -> bool:
        """Whether the second title line stands on a bar of its own: a share of the designs of moods that shout."""
        words, mood = self.spec.words, conventions.entry("moods", self.spec.mood)
        fits = not self.style and words.lang == "zh" and not self.mend("outline") and self.lead >= _BAR
        return fits and self.design.stream("plaque").random() < float(mood.get("plaque", 0.0))

    @property
    def golden_bar(self) -> bool:
        """Whether that bar is of the button's gold: where the button is far. Beside one it is of paper."""
        return self.height > self.width * 1.2

    def _pass(self, step: Mapping[str, object], second: bool) -> dict[str, object]:
        result: dict[str, object] = {k: v for k, v in step.items() if k not in ("second", "fill", "colour")}
        fill = step.get("second") if second and "second" in step else step.get("fill")
        if isinstance(fill, list):
            result["fill"] = [[stop[0], self._named(str(stop[1])), *stop[2:]] for stop in fill]
        if "colour" in step:
            result["colour"] = self._named(str(step["colour"]))
        return result

    def _named(self, colour: str) -> str:
        return colour if colour.startswith("#") else self(colour)

    def title_block(self, lines: Sequence[str], width: float, sizes: Sequence[float], least: float) -> list["Title"]:
        """Title lines at ``sizes`` px, made smaller to fit ``width``; all in the face that suits the smallest."""
        titles = self._titles(lines, width, sizes, least, self.lead)
        smallest = min((title.line.size for title in titles), default=self.lead)
        return titles if smallest >= self.lead else self._titles(lines, width, sizes, least, smallest)

    def _titles(
        self, lines: Sequence[str], width: float, sizes: Sequence[float], least: float, lead: float
    ) -> list["Title"]:
        return [
            self._fitted(text, width, size, least, lead, second=place > 0)
            for place, (text, size) in enumerate(zip(lines, sizes, strict=False))
        ]

    def _fitted(self, text: str, width: float, size: float, least: float, lead: float, *, second: bool) -> "Title":
        """A line measured with its strokes and extrusion, at ``size`` or smaller so that all fits ``width``."""
        title = self._title(text, size, lead, second=second)
        if title.outer.width > width:
            title = self._title(text, max(least, size * width / title.outer.width * 0.998), lead, second=second)
        return title

    def _title(self, text: str, size: float, lead: float, *, second: bool) -> "Title":
        faces = self._faces()
        barred = second and self.plaqued
        close = _CLOSE_SHARE * self.width if faces[0] in _CLOSE else 0.0
        if barred or lead < max(_COARSE.get(faces[0], 0.0), close):
            faces = chain(("serif-black" if faces[0] in ("mashan", "xiaowei") else "sans-black",))
        passes = self.passes(faces[0], lead, second=second)
        scales = emphasis(text) if faces[0] not in ("mashan", "xiaowei") else ()
        line = set_line(text, faces, size, 0.02 if self.spec.words.lang == "zh" else 0.01, scales)
        passes = _opened(passes, line_openness(text, line.faces))
        skew = self.design.slant if faces[0] in ("sans-black", "sans-bold", "numeral") else 0.0
        side, above, below = reach(list(passes), size)
        ink = slanted(line.ink, skew)
        outer = Box(ink.left - side, ink.top - above, ink.right + side, ink.bottom + below)
        accent = [] if second or not scales else self._accent()
        if barred:
            outer = Box(
                ink.left - 0.36 * size, ink.top - 0.17 * size, ink.right + 0.36 * size, ink.bottom + 0.25 * size
            )
        return Title(line, passes, outer, skew, accent, barred)

    def _faces(self) -> tuple[str, ...]:
        """The design's title faces, led by one that has every Han character of the title and clogs in none: a line in
        two hands looks like a fault (display faces know Simplified Chinese only), and so does 秒 as a blot."""
        faces = self.design.title_faces
        han = {char for line in self.spec.words.title for char in line if ord(char) > 0x2E80 and not _mark(char)}
        options = dict.fromkeys((*faces, *chain(("sans-black", "sans-black-tc", "sans-bold"))))
        able = [name for name in options if all(coverage(name).glyph(char) for char in han)]
        long_ = max((len(line) for line in self.spec.words.title), default=0) > _CLOSE_MOST
        open_ = [
            name for name in able
            if name in _PLAIN or (openness("".join(han), name) >= _CLOG and not (long_ and name in _CLOSE))
        ]  # fmt: skip
        whole = next(iter((*open_, *able)), "")
        return (whole, *(name for name in faces if name != whole)) if whole and whole != faces[0] and han else faces

    def _accent(self) -> list[object]:
        """The second line's fill, which sets the figures of a first line off; empty where both are alike."""
        style = conventions.entry("titles", self.style or self.design.title_style)
        step = next((step for step in style["passes"] if step["pass"] == "fill" and "second" in step), None)
        fill = self._pass(step, True).get("fill") if step else None
        return list(fill) if isinstance(fill, list) else []

    def title(self, title: "Title", x: float, y: float) -> Box:
        """Draw a title line with the outer box's left edge at ``x`` and top at ``y``; returns the outer box."""
        line = title.line
        left, base = x - title.outer.left, y - title.outer.top
        where: dict[str, object] = {"size": line.size, "tracking": line.tracking, "x": left, "y": base}
        if title.skew:
            where["skew"] = title.skew
        if line.scales:
            where["scales"] = list(line.scales)
        if title.accent:
            where["accent"] = {"fill": title.accent, "scales": sorted({scale for scale in line.scales if scale > 1})}
        if title.barred:
            self._bar(title, title.outer.moved(left, base))
        self.add("title", role="title", text=line.text, faces=_short(line.faces), passes=title.passes, **where)
        return title.outer.moved(left, base)

    def _bar(self, title: "Title", outer: Box) -> None:
        """The bar under a second title line, leaning as its letters do."""
        size = title.line.size
        box = [outer.left + 0.10 * size, outer.top + 0.04 * size, outer.right - 0.10 * size, outer.bottom - 0.10 * size]
        gold = self.golden_bar
        fill = (
            [[0, self("button_top")], [0.5, self("button_mid")], [1, self("button_bottom")]]
            if gold else [[0, self("paper_top")], [1, self("paper_bottom")]]
        )  # fmt: skip
        lip = self("button_lip") if gold else self("paper_ink")
        shade = {"lip": size * 0.07, "lip_colour": lip, "shade": self("shade"), "light": "#FFFFFF"}
        lean = title.skew or 0.16
        self.add("plaque", role="plaque", box=box, fill=fill, lean=lean, radius=size * 0.10, **shade)

    def block(
        self, text: str, width: float, size: float, faces: Sequence[str] = BODY, tracking: float = 0.0
    ) -> list[Line]:
        """A text broken into lines no wider than ``width``."""
        return wrap(text, chain(faces), size, width, tracking)

    def one(
        self, text: str, width: float, size: float, least: float, faces: Sequence[str] = BOLD, tracking: float = 0.0
    ) -> Line:
        """One line at ``size``, or smaller (not below ``least``) to fit ``width``."""
        return fit_line(text, chain(faces), size, least, width, tracking)


@dataclass(frozen=True)
class Title:
    """A measured title line: ``outer`` is its box with strokes and extrusion, the baseline's start at 0,0."""

    line: Line
    passes: list[dict[str, object]]
    outer: Box
    skew: float = 0.0
    accent: list[object] = field(default_factory=list)
    barred: bool = False


_OFFER = re.compile(r"([0-9]+(?:\.[0-9]+)?)([万亿千百]?(?:元|折|%|％|倍|克|期|天|年|个月|bp|BP)?)")
_LARGE, _SMALL = 1.26, 0.84


def emphasis(text: str) -> tuple[float, ...]:
    """Sizes of a title's characters: figures of an offer larger, their units smaller; empty where there is none.

    Only figures with a unit count: 双11 and 618 are names, not offers.
    """
    scales = [1.0] * len(text)
    for found in _OFFER.finditer(text):
        if not found.group(2):
            continue
        for place in range(*found.span(1)):
            scales[place] = _LARGE
        for place in range(*found.span(2)):
            scales[place] = _SMALL if text[place] not in "万亿千百" else 1.0
    return tuple(scales) if max(scales, default=1.0) > 1.0 and min(len(text), 9) > 2 else ()


def _mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PSZ"


def _opened(passes: list[dict[str, object]], gap: float) -> list[dict[str, object]]:
    """The passes with light strokes no wider than the letters have room for: they grow into the letter's gaps too."""
    most = round(max(0.016, gap * 0.75), 4)
    return [
        {**step, "width": most} if _hairline(step) and _bright(step) and float(str(step["width"])) > most else step
        for step in passes
    ]


def _bright(step: Mapping[str, object]) -> bool:
    """Whether a stroke is light: a dark one is the outline that keeps letters off the ground."""
    stops = step.get("fill")
    colour = str(stops[len(stops) // 2][1]) if isinstance(stops, list) and stops else str(step.get("colour", "#FFFFFF"))
    return parse(colour).lightness > 0.7


def _hairline(step: Mapping[str, object]) -> bool:
    return step["pass"] == "stroke" and float(str(step.get("width", 1.0))) < 0.06


def _short(faces: tuple[str, ...]) -> list[str]:
    return [faces[0]] if faces and len(set(faces)) == 1 and faces[0] else list(faces)


def _rounded(value: object) -> dict[str, object]:
    result = _round(value)
    return result if isinstance(result, dict) else {}


def _round(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, Mapping):
        return {str(key): _round(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_round(item) for item in value]
    return value
