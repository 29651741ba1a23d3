"""What an element is: its kind and the parameters that a designer would name, and how those ranges are kept."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

import yaml

from linghang.base.errors import UnknownItemError

Pose = tuple[float, float, float]
Paint = tuple[str, str, str]
"""A material's ramp: shade, body and light as ``#RRGGBB``."""


@dataclass(frozen=True)
class Kind:
    """A class of elements, as ``knowledge/elements.yaml`` tells it (see there for the units)."""

    name: str
    view: float
    reach: float
    step: float
    glyph: str
    face: str
    constants: Mapping[str, tuple[float, float, float]]
    poses: tuple[Pose, ...]
    paints: tuple[str, ...]
    gloss: float = 1.0
    head: float = 0.06
    foot: float = 0.9
    size: float = 1.0
    leans: bool = False


@dataclass(frozen=True)
class Element:
    """One element to render: 造型 ``shape``, 透视 ``pose`` (degrees), 字符 ``glyph``, 配色 ``paints`` (name → ramp).

    ``px`` is the side of its square in pixels. Constants that ``shape`` leaves out take their usual value. ``rough``
    takes one ray a pixel: a quarter of the work, for drafts.
    """

    kind: str
    px: int
    pose: Pose
    paints: Mapping[str, Paint]
    glyph: str = ""
    shape: Mapping[str, float] = field(default_factory=dict)
    rough: bool = False


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    text = resources.files("linghang.creatives.pictures").joinpath("knowledge", "elements.yaml").read_text("utf-8")
    return {name: _kind(name, entry) for name, entry in yaml.load(text, Loader=yaml.CSafeLoader).items()}


def kind(name: str) -> Kind:
    """The kind called ``name``. Raises UnknownItemError with those that exist."""
    try:
        return kinds()[name]
    except KeyError:
        raise UnknownItemError("pictures.no_such_element", kind=name, exist=", ".join(kinds())) from None


def _kind(name: str, entry: Mapping[str, object]) -> Kind:
    poses = entry["poses"]
    constants = entry.get("constants") or {}
    paints = entry["paints"]
    if not (isinstance(poses, list) and isinstance(constants, dict) and isinstance(paints, list)):
        raise TypeError(f"elements.yaml: {name} is malformed")
    return Kind(
        name=name,
        view=float(str(entry["view"])),
        reach=float(str(entry["reach"])),
        step=float(str(entry["step"])),
        glyph=str(entry.get("glyph", "")),
        face=str(entry.get("face", "sans-bold")),
        constants={key: (float(v[0]), float(v[1]), float(v[2])) for key, v in constants.items()},
        poses=tuple((float(p[0]), float(p[1]), float(p[2])) for p in poses),
        paints=tuple(str(paint) for paint in paints),
        gloss=float(str(entry.get("gloss", 1.0))),
        head=float(str(entry.get("head", 0.06))),
        foot=float(str(entry.get("foot", 0.9))),
        size=float(str(entry.get("size", 1.0))),
        leans=bool(entry.get("leans", False)),
    )
