"""Draw elements: sprites at their place, with a contact shadow and, where the ground is of their colour, a halo."""

from pathlib import Path

import skia

from linghang.creatives.pictures.elements.model import Element, Paint
from linghang.creatives.pictures.elements.sprites import Sprite, sprite
from linghang.creatives.pictures.painting.values import Layer, colour, gradient, number, numbers, part, text


def paint_sprite(canvas: skia.Canvas, layer: Layer, cache: Path) -> None:
    """An element at ``at`` (its centre, px), ``side`` px wide, turned by ``spin`` degrees."""
    found = sprite(element_of(layer), cache=cache, blur=number(layer, "blur", 0.0))
    x, y = numbers(layer, "at")
    scale = number(layer, "side") / found.side
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(number(layer, "spin", 0.0))
    canvas.scale(scale * (-1 if layer.get("mirror") else 1), scale)
    canvas.translate(found.left - found.side / 2, found.top - found.side / 2)
    _halo(canvas, found, layer, scale)
    _mirrored(canvas, found, layer)
    paint = skia.Paint(AntiAlias=True, Alphaf=number(layer, "alpha", 1.0))
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kNone)
    canvas.drawImage(found.image, 0, 0, sampling, paint)
    canvas.restore()


def element_of(layer: Layer) -> Element:
    """The element that a sprite layer tells."""
    spec = part(layer, "element")
    pose = numbers(spec, "pose")
    paints: dict[str, Paint] = {}
    for name, ramp in part(spec, "paints").items():
        if isinstance(ramp, list | tuple):
            paints[str(name)] = (str(ramp[0]), str(ramp[1]), str(ramp[2]))
    shape = {str(name): float(str(value)) for name, value in part(spec, "shape").items()}
    return Element(
        kind=text(spec, "kind"),
        px=int(number(spec, "px")),
        pose=(pose[0], pose[1], pose[2]),
        paints=paints,
        glyph=text(spec, "glyph"),
        shape=shape,
        rough=bool(spec.get("rough")),
    )


def _mirrored(canvas: skia.Canvas, found: Sprite, layer: Layer) -> None:
    """The element's foot in the polished surface that it stands on: upside down, faint, soon gone."""
    share = number(layer, "mirrored", 0.0)
    if share <= 0:
        return
    wide, high = found.image.width(), found.image.height()
    depth = high * 0.20
    canvas.save()
    canvas.clipRect(skia.Rect.MakeXYWH(0, high - 1, wide, depth))
    canvas.saveLayer(skia.Rect.MakeXYWH(0, high - 1, wide, depth))
    canvas.save()
    canvas.translate(0, 2 * high - 2)
    canvas.scale(1, -1)
    canvas.drawImage(found.image, 0, 0, skia.SamplingOptions(skia.FilterMode.kLinear))
    canvas.restore()
    fade = skia.Paint(BlendMode=skia.BlendMode.kDstIn)
    fade.setShader(gradient([[0, "#FFFFFF", share], [1, "#FFFFFF", 0]], (0, high - 1), (0, high - 1 + depth)))
    canvas.drawRect(skia.Rect.MakeXYWH(0, high - 1, wide, depth), fade)
    canvas.restore()
    canvas.restore()


def _halo(canvas: skia.Canvas, found: Sprite, layer: Layer, scale: float) -> None:
    shadow = part(layer, "shadow")
    if not shadow:
        return
    sigma = number(shadow, "blur") / scale
    small = 4
    wide, high = found.image.width() // small + 1, found.image.height() // small + 1
    margin = int(3 * sigma / small) + 2
    surface = skia.Surface(wide + 2 * margin, high + 2 * margin)
    inner = surface.getCanvas()
    paint = skia.Paint(ColorFilter=skia.ColorFilters.Blend(colour(text(shadow, "colour"), 1.0), skia.BlendMode.kSrcIn))
    paint.setImageFilter(skia.ImageFilters.Blur(sigma / small, sigma / small, skia.TileMode.kDecal))
    inner.drawImageRect(
        found.image,
        skia.Rect.MakeXYWH(margin, margin, wide, high),
        skia.SamplingOptions(skia.FilterMode.kLinear),
        paint,
    )
    alpha = skia.Paint(Alphaf=number(shadow, "alpha"))
    target = skia.Rect.MakeXYWH(
        -margin * small,
        -margin * small + number(shadow, "drop") / scale,
        (wide + 2 * margin) * small,
        (high + 2 * margin) * small,
    )
    canvas.drawImageRect(surface.makeImageSnapshot(), target, skia.SamplingOptions(skia.FilterMode.kLinear), alpha)
