"""Facts of the texts in a record, measured again from its layers: where the ink is, how large, in which colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linghang.creatives.pictures.colour import parse
from linghang.creatives.pictures.painting.letters import reach
from linghang.creatives.pictures.painting.values import number, parts, text
from linghang.creatives.pictures.type.setting import Box, measure, slanted

Layer = Mapping[str, object]


@dataclass(frozen=True)
class TextFact:
    """One line of text. ``ink`` is the box of its outlines, ``reach`` that with strokes and extrusion, in px.

    ``outline`` is the colour of a stroke that surrounds the letters (empty: none), ``missing`` the characters for
    which the recorded face has no glyph, ``place`` the layer's number.
    """

    place: int
    role: str
    text: str
    ink: Box
    reach: Box
    size: float
    colour: str
    outline: str
    missing: str


def texts_of(layers: Sequence[Layer]) -> list[TextFact]:
    """The facts of all text layers, in order."""
    return [_fact(place, layer) for place, layer in enumerate(layers) if text(layer, "kind") in ("line", "title")]


def _fact(place: int, layer: Layer) -> TextFact:
    words, size = text(layer, "text"), number(layer, "size")
    names = _faces(layer, words)
    listed = layer.get("scales")
    scales = [float(str(item)) for item in listed] if isinstance(listed, list | tuple) else []
    _, box, missing = measure(words, names, number(layer, "tracking", 0.0), scales if len(scales) == len(words) else ())
    unit = size / 1000
    ink = slanted(Box(box.left * unit, box.top * unit, box.right * unit, box.bottom * unit), number(layer, "skew", 0.0))
    ink = ink.moved(number(layer, "x"), number(layer, "y"))
    passes = parts(layer, "passes")
    if not passes:
        return TextFact(place, text(layer, "role"), words, ink, ink, size, text(layer, "colour"), "", missing)
    side, above, below = reach(passes, size)
    colour, edge = fill_and_edge(passes)
    outer = Box(ink.left - side, ink.top - above, ink.right + side, ink.bottom + below)
    return TextFact(place, text(layer, "role"), words, ink, outer, size, colour, edge, missing)


def _faces(layer: Layer, words: str) -> list[str]:
    faces = layer.get("faces")
    names = [str(name) for name in faces] if isinstance(faces, list | tuple) else []
    return names if len(names) == len(words) else (names[:1] or [""]) * len(words)


def fill_and_edge(passes: Sequence[Layer]) -> tuple[str, str]:
    """What the eye compares in a styled title: the middle of its fill, and the stroke that is furthest from it.

    A stroke counts when it is at least 4 % of the em wide; the edge is empty when there is none.
    """
    fill = next((_middle(step) for step in passes if step["pass"] == "fill"), "#FFFFFF")
    edges = [
        _middle(step) for step in passes if step["pass"] in ("stroke", "extrude") and number(step, "width", 0) >= 0.04
    ]
    light = parse(fill).lightness
    return fill, max(edges, key=lambda edge: abs(parse(edge).lightness - light), default="")


def _middle(step: Layer) -> str:
    stops = step.get("fill")
    if isinstance(stops, list | tuple) and stops:
        return str(stops[len(stops) // 2][1])
    return text(step, "colour", "#FFFFFF")
