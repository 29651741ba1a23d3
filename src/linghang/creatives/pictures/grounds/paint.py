"""Paint a ground: the style's shader, coloured and placed, at half size where the picture is large."""

import functools
from collections.abc import Mapping
from importlib import resources

import skia

from linghang.base.errors import UnavailableError
from linghang.creatives.pictures.colour import rgb8

STYLES = ("rays", "swirl", "drape", "panes", "spots", "arcs", "grid", "hills", "clouds", "moon")
_HALF_FROM = 200_000
"""Pictures with more pixels are shaded at half size: grounds are soft, and half the rays cost a quarter."""


def paint_ground(canvas: skia.Canvas, layer: Mapping[str, object], width: int, height: int) -> None:
    """Fill ``canvas`` with the ground of ``layer``: style, focus and span in px, tones, strength, count, seed."""
    scale = 2 if width * height > _HALF_FROM else 1
    effect = _compile(_source(layer, width, height, scale))
    shader = effect.makeShader(skia.Data.MakeEmpty())
    if scale == 1:
        canvas.drawPaint(skia.Paint(Shader=shader))
        return
    surface = skia.Surface((width + 1) // 2, (height + 1) // 2)
    surface.getCanvas().drawPaint(skia.Paint(Shader=shader))
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear)
    canvas.drawImageRect(
        surface.makeImageSnapshot(), skia.Rect.MakeWH(width + width % 2, height + height % 2), sampling
    )


def _source(layer: Mapping[str, object], width: int, height: int, scale: int) -> str:
    tones = layer["tones"]
    focus = layer["focus"]
    if not isinstance(tones, Mapping) or not isinstance(focus, list | tuple):
        raise TypeError("a ground has tones and a focus")
    values = {
        "SIZE": f"{width:.1f}, {height:.1f}",
        "FOCUS": f"{float(focus[0]):.2f}, {float(focus[1]):.2f}",
        "SPAN": f"{float(str(layer['span'])):.3f}",
        "UNIT": f"{float(str(layer['unit'])):.3f}",
        "STRENGTH": f"{float(str(layer['strength'])):.4f}",
        "COUNT": f"{float(str(layer['count'])):.1f}",
        "SEED": f"{float(str(layer['seed'])):.4f}",
        "SCALE": f"{scale:.1f}",
        "GROUND": _shader(str(layer["style"])),
    }
    for name in ("deep", "base", "bright", "glint", "floor"):
        values[name.upper()] = ", ".join(f"{part / 255:.5f}" for part in rgb8(str(tones[name])))
    text = _shader("light")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


@functools.cache
def _shader(name: str) -> str:
    folder = resources.files("linghang.creatives.pictures.grounds")
    return folder.joinpath(f"{name}.sksl").read_text("utf-8")


def _compile(source: str) -> skia.RuntimeEffect:
    try:
        return skia.RuntimeEffect.MakeForShader(source)
    except RuntimeError as error:
        raise UnavailableError("pictures.shader", error=str(error)) from error
