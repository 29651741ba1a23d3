"""Draw text lines: plain ones, and titles in passes (shadow, extrusion, strokes, gradient, bevel, gloss)."""

from collections.abc import Callable

import numpy as np
import skia
from numpy.typing import NDArray

from linghang.creatives.pictures.painting import shapes
from linghang.creatives.pictures.painting.values import (
    Layer,
    colour,
    gradient,
    number,
    numbers,
    part,
    parts,
    stops_of,
    text,
)
from linghang.creatives.pictures.type.setting import Box, Line, path_of


def paint_line(canvas: skia.Canvas, layer: Layer) -> None:
    """A line of plain text in one colour or gradient, with an optional soft shadow."""
    path = _path(layer)
    shadow = number(layer, "shadow", 0.0)
    if shadow > 0:
        paint = skia.Paint(
            AntiAlias=True, Color=colour(text(layer, "shade", "#000000"), number(layer, "shade_alpha", 0.35))
        )
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shadow))
        canvas.save()
        canvas.translate(0, shadow)
        canvas.drawPath(path, paint)
        canvas.restore()
    paint = skia.Paint(AntiAlias=True, Color=colour(text(layer, "colour"), number(layer, "alpha", 1.0)))
    if "fill" in layer:
        bounds = path.getBounds()
        paint.setShader(gradient(stops_of(layer, "fill"), (0, bounds.top()), (0, bounds.bottom())))
    canvas.drawPath(path, paint)


def paint_title(canvas: skia.Canvas, layer: Layer) -> None:
    """A title line in the passes of its style, each sized in em."""
    path, size = _path(layer), number(layer, "size")
    accent = part(layer, "accent")
    for step in parts(layer, "passes"):
        _PASSES[text(step, "pass")](canvas, path, size, step)
        if accent and text(step, "pass") == "fill":
            _fill(canvas, _path(layer, frozenset(numbers(accent, "scales"))), size, accent)


def reach(passes: list[Layer], size: float) -> tuple[float, float, float]:
    """How far the passes of a style go beyond the ink, in px: to the sides, above, below. Soft shadows do not count."""
    side = max([number(step, "width", 0.0) / 2 for step in passes if text(step, "pass") != "shadow"], default=0.0)
    drop = max([number(step, "depth", 0.0) for step in passes], default=0.0)
    return side * size, side * size, (side + drop) * size


def _path(layer: Layer, only: frozenset[float] | None = None) -> skia.Path:
    faces = layer.get("faces")
    names = tuple(str(name) for name in faces) if isinstance(faces, list | tuple) else ()
    words = text(layer, "text")
    chosen = names if len(names) == len(words) else names[:1] * len(words)
    scales = tuple(numbers(layer, "scales")) if "scales" in layer else ()
    line = Line(words, number(layer, "size"), number(layer, "tracking", 0.0), chosen, 0.0, Box(0, 0, 0, 0), "", scales)
    matrix = skia.Matrix()
    matrix.setTranslate(number(layer, "x"), number(layer, "y"))
    skew = number(layer, "skew", 0.0)
    if skew:
        matrix.preSkew(-skew, 0)
    path = path_of(line, only)
    path.transform(matrix)
    return path


def _stroke(width: float) -> skia.Paint:
    return skia.Paint(
        AntiAlias=True,
        Style=skia.Paint.kStrokeAndFill_Style,
        StrokeWidth=width,
        StrokeJoin=skia.Paint.kRound_Join,
        StrokeCap=skia.Paint.kRound_Cap,
    )


def _pour(paint: skia.Paint, step: Layer, path: skia.Path, grow: float = 0.0) -> skia.Paint:
    if "fill" in step:
        bounds = path.getBounds()
        paint.setShader(gradient(stops_of(step, "fill"), (0, bounds.top() - grow), (0, bounds.bottom() + grow)))
    else:
        paint.setColor(colour(text(step, "colour"), number(step, "alpha", 1.0)))
    return paint


def _shadow(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    """A blurred silhouette, drawn at a quarter of the size: nobody sees the difference, the blur costs a tenth."""
    sigma = number(step, "blur") * size
    width, drop = number(step, "width", 0.0) * size, number(step, "drop", 0.0) * size
    bounds = path.getBounds().makeOutset(width + 3 * sigma + 4, width + 3 * sigma + 4)
    small = skia.Surface(max(1, int(bounds.width() / 4) + 1), max(1, int(bounds.height() / 4) + 1))
    inner = small.getCanvas()
    inner.scale(0.25, 0.25)
    inner.translate(-bounds.left(), -bounds.top())
    paint = _stroke(width) if width else skia.Paint(AntiAlias=True)
    paint.setColor(colour(text(step, "colour"), number(step, "alpha", 1.0)))
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sigma))
    inner.drawPath(path, paint)
    target = skia.Rect.MakeXYWH(bounds.left(), bounds.top() + drop, small.width() * 4, small.height() * 4)
    canvas.drawImageRect(small.makeImageSnapshot(), target, skia.SamplingOptions(skia.FilterMode.kLinear))


def _extrude(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    """The side of thick letters: the stroked silhouette swept downwards, by doubling, and poured with a gradient."""
    depth, width = max(1, round(number(step, "depth") * size)), number(step, "width", 0.0) * size
    bounds = path.getBounds().makeOutset(width / 2 + 2, width / 2 + 2)
    left, top = int(bounds.left()) - 1, int(bounds.top()) - 1
    wide, high = int(bounds.right()) + 2 - left, int(bounds.bottom()) + 2 - top + depth
    info = skia.ImageInfo.MakeA8(wide, high)
    surface = skia.Surface.MakeRaster(info)
    inner = surface.getCanvas()
    inner.translate(-left, -top)
    inner.drawPath(path, _stroke(width))
    mask = np.zeros((high, wide), np.uint8)
    surface.readPixels(info, mask, wide, 0, 0)
    swept = sweep(mask, depth)
    image = skia.Image.fromarray(swept, skia.kAlpha_8_ColorType, copy=True)
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient(stops_of(step, "fill"), (0, top), (0, top + high)))
    canvas.drawImage(image, left, top, skia.SamplingOptions(), paint)


def sweep(mask: NDArray[np.uint8], depth: int) -> NDArray[np.uint8]:
    """The union of a mask with itself moved down by 1 … depth rows."""
    result, done = mask.copy(), 0
    while done < depth:
        step = min(done + 1, depth - done)
        result[step:] = np.maximum(result[step:], result[:-step].copy())
        done += step
    return result


def _outline(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    width = number(step, "width") * size
    canvas.drawPath(path, _pour(_stroke(width), step, path, width / 2))


def _fill(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    canvas.drawPath(path, _pour(skia.Paint(AntiAlias=True), step, path))


def _bevel(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    """Light on the edges that face it: what of the letter is not covered by the letter moved away from the light."""
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    moved = skia.Path(path)
    moved.offset(number(step, "dx", 0.0) * size, number(step, "dy", 0.0) * size)
    moved.toggleInverseFillType()
    paint = skia.Paint(AntiAlias=True, Color=colour(text(step, "colour"), number(step, "alpha", 1.0)))
    blur = number(step, "blur", 0.0) * size
    if blur > 0:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    canvas.drawPath(moved, paint)
    canvas.restore()


def _gloss(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    """A sheen over the upper part with a slightly bowed lower edge."""
    bounds = path.getBounds()
    at = bounds.top() + bounds.height() * number(step, "share", 0.46)
    sheen = skia.Path()
    sheen.moveTo(bounds.left() - size, bounds.top() - size)
    sheen.lineTo(bounds.right() + size, bounds.top() - size)
    sheen.lineTo(bounds.right() + size, at)
    sheen.quadTo(bounds.centerX(), at + 0.08 * size, bounds.left() - size, at)
    sheen.close()
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    alpha = number(step, "alpha", 0.3)
    shade = text(step, "colour", "#FFFFFF")
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient([[0, shade, alpha], [1, shade, alpha * 0.35]], (0, bounds.top()), (0, at)))
    canvas.drawPath(sheen, paint)
    canvas.restore()


def _sweep(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    """A slanted band of light over the letters, as when something bright passes by."""
    bounds = path.getBounds()
    middle = bounds.left() + bounds.width() * number(step, "at", 0.6)
    half = size * number(step, "wide", 0.5) / 2
    lean = bounds.height() * 0.45
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    paint = skia.Paint(AntiAlias=True)
    alpha = number(step, "alpha", 0.5)
    stops = [[0, "#FFFFFF", 0], [0.5, "#FFFFFF", alpha], [1, "#FFFFFF", 0]]
    paint.setShader(gradient(stops, (middle - half, bounds.centerY()), (middle + half, bounds.centerY() + half * 0.5)))
    shape = skia.Path()
    shape.moveTo(middle - half + lean, bounds.top())
    shape.lineTo(middle + half + lean, bounds.top())
    shape.lineTo(middle + half - lean, bounds.bottom())
    shape.lineTo(middle - half - lean, bounds.bottom())
    shape.close()
    canvas.drawPath(shape, paint)
    canvas.restore()


def _glint(canvas: skia.Canvas, path: skia.Path, size: float, step: Layer) -> None:
    """Small stars of light on the upper edges of the first and the last letters."""
    bounds = path.getBounds()
    radius = size * number(step, "size", 0.26)
    spots = [(bounds.left() + size * 0.16, bounds.top() + size * 0.08, radius),
             (bounds.right() - size * 0.10, bounds.top() + size * 0.14, radius * 0.72)]  # fmt: skip
    for x, y, reach in spots:
        shapes.paint_sparkle(canvas, {"kind": "sparkle", "at": [x, y], "radius": reach, "alpha": 0.95})


_PASSES: dict[str, Callable[[skia.Canvas, skia.Path, float, Layer], None]] = {
    "shadow": _shadow,
    "extrude": _extrude,
    "stroke": _outline,
    "fill": _fill,
    "bevel": _bevel,
    "gloss": _gloss,
    "sweep": _sweep,
    "glint": _glint,
}
