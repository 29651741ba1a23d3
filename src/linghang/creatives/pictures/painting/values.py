"""Read typed values out of a layer's plain JSON, and small Skia conversions that all painters use."""

from collections.abc import Mapping, Sequence

import skia

from linghang.base.errors import UsageError
from linghang.creatives.pictures.colour import rgb8

Layer = Mapping[str, object]


def number(layer: Layer, name: str, default: float | None = None) -> float:
    """A number of the layer. Raises UsageError("pictures.bad_layer") when it is absent or no number."""
    value = layer.get(name, default)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise UsageError("pictures.bad_layer", field=name, kind=str(layer.get("kind")))


def numbers(layer: Layer, name: str) -> list[float]:
    """A list of numbers of the layer."""
    value = layer.get(name)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [float(str(item)) for item in value]
    raise UsageError("pictures.bad_layer", field=name, kind=str(layer.get("kind")))


def text(layer: Layer, name: str, default: str = "") -> str:
    """A text of the layer."""
    return str(layer.get(name, default))


def part(layer: Layer, name: str) -> Layer:
    """An object inside the layer; empty when absent."""
    value = layer.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(layer: Layer, name: str) -> list[Layer]:
    """A list of objects inside the layer."""
    value = layer.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, Sequence) else []


def colour(hex_: str, alpha: float = 1.0) -> int:
    """Skia's colour of ``#RRGGBB`` with an alpha (0–1)."""
    red, green, blue = rgb8(hex_)
    return int(skia.ColorSetARGB(round(255 * min(1.0, max(0.0, alpha))), red, green, blue))


def rect(values: Sequence[float]) -> skia.Rect:
    """Skia's rectangle of left, top, right, bottom."""
    return skia.Rect.MakeLTRB(*values)


def gradient(stops: Sequence[Sequence[object]], start: tuple[float, float], end: tuple[float, float]) -> skia.Shader:
    """A linear gradient of ``[position, "#RRGGBB", alpha?]`` stops."""
    colours = [colour(str(stop[1]), float(str(stop[2])) if len(stop) > 2 else 1.0) for stop in stops]
    positions = [float(str(stop[0])) for stop in stops]
    return skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], colours, positions)


def radial(stops: Sequence[Sequence[object]], centre: tuple[float, float], radius: float) -> skia.Shader:
    """A radial gradient of the same stops."""
    colours = [colour(str(stop[1]), float(str(stop[2])) if len(stop) > 2 else 1.0) for stop in stops]
    positions = [float(str(stop[0])) for stop in stops]
    return skia.GradientShader.MakeRadial(skia.Point(*centre), max(radius, 0.5), colours, positions)


def stops_of(layer: Layer, name: str) -> list[list[object]]:
    """The gradient stops of the layer, in order."""
    value = layer.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise UsageError("pictures.bad_layer", field=name, kind=str(layer.get("kind")))
    return [list(item) for item in value if isinstance(item, Sequence)]


def stroke(tone: str, width: float, alpha: float) -> skia.Paint:
    """A round-capped stroke of one colour, ``width`` px."""
    paint = skia.Paint(
        AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width, StrokeCap=skia.Paint.kRound_Cap
    )
    paint.setColor(colour(tone, alpha))
    return paint
