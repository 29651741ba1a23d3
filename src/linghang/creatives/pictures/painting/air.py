"""Draw air and light: discs out of focus, a darker frame, bands of light on a wall, the plate under a title line."""

import skia

from linghang.creatives.pictures.painting.values import (
    Layer,
    colour,
    gradient,
    number,
    numbers,
    parts,
    radial,
    rect,
    stops_of,
    text,
)


def paint_bokeh(canvas: skia.Canvas, layer: Layer) -> None:
    """Lights far out of focus: even discs with a slightly brighter rim, added to what lies below."""
    for disc in parts(layer, "discs"):
        x, y = numbers(disc, "at")
        radius, alpha, shade = number(disc, "radius"), number(disc, "alpha"), text(disc, "colour")
        paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kScreen)
        stops = [[0, shade, alpha * 0.72], [0.72, shade, alpha * 0.82], [0.90, shade, alpha], [1, shade, 0]]
        paint.setShader(radial(stops, (x, y), radius))
        canvas.drawCircle(x, y, radius, paint)


def paint_vignette(canvas: skia.Canvas, layer: Layer) -> None:
    """A frame of shade that leaves the middle (``at``) free."""
    x, y = numbers(layer, "at")
    box, radius = rect(numbers(layer, "box")), number(layer, "radius")
    shade, alpha = text(layer, "colour"), number(layer, "alpha")
    paint = skia.Paint(AntiAlias=False)
    paint.setShader(
        radial([[0, shade, 0], [0.62, shade, 0], [0.84, shade, alpha * 0.5], [1, shade, alpha]], (x, y), radius)
    )
    canvas.drawRect(box, paint)


def paint_bands(canvas: skia.Canvas, layer: Layer) -> None:
    """Slanted bands of light, as of a window: each brightest at its upper edge."""
    left, top, right, bottom = numbers(layer, "box")
    lean = number(layer, "lean") * (bottom - top)
    shade = text(layer, "colour")
    canvas.save()
    canvas.clipRect(skia.Rect.MakeLTRB(left, top, right, bottom))
    for band in parts(layer, "bands"):
        x, wide, alpha = number(band, "x"), number(band, "width"), number(band, "alpha")
        shape = skia.Path()
        shape.moveTo(x + lean, top)
        shape.lineTo(x + wide + lean, top)
        shape.lineTo(x + wide, bottom)
        shape.lineTo(x, bottom)
        shape.close()
        paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kScreen)
        paint.setShader(gradient([[0, shade, alpha], [1, shade, 0]], (x + lean, top), (x, bottom)))
        canvas.drawPath(shape, paint)
    canvas.restore()


def paint_plaque(canvas: skia.Canvas, layer: Layer) -> None:
    """A leaning bar under a title line: thick lower edge, metal sheen, a bright upper edge."""
    left, top, right, bottom = numbers(layer, "box")
    lean, lip = number(layer, "lean") * (bottom - top), number(layer, "lip")
    shape = _bar(left, top, right, bottom, lean, number(layer, "radius"))
    shadow = skia.Paint(AntiAlias=True, Color=colour(text(layer, "shade"), number(layer, "shade_alpha", 0.45)))
    shadow.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, max(0.5, lip * 1.1)))
    canvas.save()
    canvas.translate(0, lip * 2)
    canvas.drawPath(shape, shadow)
    canvas.restore()
    canvas.save()
    canvas.translate(0, lip)
    canvas.drawPath(shape, skia.Paint(AntiAlias=True, Color=colour(text(layer, "lip_colour"))))
    canvas.restore()
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient(stops_of(layer, "fill"), (left, top), (left, bottom)))
    canvas.drawPath(shape, paint)
    edge = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=max(1.0, lip * 0.35))
    light = text(layer, "light")
    edge.setShader(gradient([[0, light, 0.95], [0.5, light, 0.25], [1, light, 0.6]], (left, top), (left, bottom)))
    canvas.drawPath(shape, edge)


def _bar(left: float, top: float, right: float, bottom: float, lean: float, radius: float) -> skia.Path:
    shape = skia.Path()
    shape.addRRect(skia.RRect.MakeRectXY(skia.Rect.MakeLTRB(left, top, right, bottom), radius, radius))
    if lean:
        matrix = skia.Matrix()
        matrix.setSkew(-lean / max(1.0, bottom - top), 0, (left + right) / 2, (top + bottom) / 2)
        shape.transform(matrix)
    return shape
