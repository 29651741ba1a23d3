"""Draw set pieces of light and cloth: fireworks, orbits, strings of lamps, the packet's front, frets, silk."""

import base64
import math
import random

import skia

from linghang.base.errors import UsageError
from linghang.creatives.pictures.painting.values import (
    Layer,
    colour,
    gradient,
    number,
    numbers,
    radial,
    rect,
    stops_of,
    stroke,
    text,
)


def paint_fireworks(canvas: skia.Canvas, layer: Layer) -> None:
    """Bursts of sparks: ``bursts`` lists x, y and radius; tones take turns."""
    tones = [str(stop[1]) for stop in stops_of(layer, "fill")]
    points = numbers(layer, "bursts")
    for burst, (x, y, r) in enumerate(zip(points[::3], points[1::3], points[2::3], strict=True)):
        stream = random.Random(f"{number(layer, 'seed'):.3f}|burst{burst}")
        tone = tones[burst % len(tones)]
        halo = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kPlus)
        halo.setShader(radial([[0, tone, 0.30], [0.5, tone, 0.10], [1, tone, 0]], (x, y), r * 1.1))
        canvas.drawCircle(x, y, r * 1.1, halo)
        for ring, share in enumerate((1.0, 0.66, 0.36)):
            _sparks(canvas, (x, y), r * share, int(26 - 7 * ring), tone, stream)


def _sparks(
    canvas: skia.Canvas, at: tuple[float, float], r: float, count: int, tone: str, stream: random.Random
) -> None:
    x, y = at
    trails, heads = skia.Path(), skia.Path()
    for place in range(count):
        angle = 2 * math.pi * (place + stream.uniform(-0.2, 0.2)) / count
        far = r * stream.uniform(0.86, 1.04)
        c, s = math.cos(angle), math.sin(angle)
        fall = 0.08 * r
        trails.moveTo(x + c * far * 0.38, y + s * far * 0.38)
        trails.quadTo(x + c * far * 0.8, y + s * far * 0.8 - fall * 0.4, x + c * far, y + s * far + fall * 0.4)
        heads.addCircle(x + c * far, y + s * far + fall * 0.4, r * 0.020 + 0.6)
    paint = stroke(tone, max(1.0, r * 0.012), 1.0)
    paint.setBlendMode(skia.BlendMode.kPlus)
    paint.setShader(radial([[0, tone, 0.0], [0.45, tone, 0.35], [1, tone, 0.85]], at, r * 1.05))
    canvas.drawPath(trails, paint)
    canvas.drawPath(heads, skia.Paint(AntiAlias=True, Color=colour("#FFF8DC", 0.9)))


def paint_orbits(canvas: skia.Canvas, layer: Layer) -> None:
    """Tilted rings of light around a point, with bright nodes travelling on them: data in motion."""
    x, y = numbers(layer, "at")
    radius, tone = number(layer, "radius"), text(layer, "colour")
    stream = random.Random(f"{number(layer, 'seed'):.3f}|orbits")
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(number(layer, "turn", -14.0))
    for ring in range(int(number(layer, "count", 3))):
        r = radius * (0.62 + 0.24 * ring)
        squash = 0.30 + 0.05 * ring
        box = skia.Rect.MakeLTRB(-r, -r * squash, r, r * squash)
        for width, alpha in ((radius * 0.022, 0.16), (radius * 0.006, 0.75)):
            paint = stroke(tone, width, alpha)
            paint.setShader(
                gradient([[0, tone, alpha], [0.5, tone, alpha * 0.15], [1, "#FFFFFF", alpha]], (-r, 0), (r, 0))
            )
            canvas.drawOval(box, paint)
        for _ in range(2):
            angle = stream.uniform(0, 2 * math.pi)
            px, py = r * math.cos(angle), r * squash * math.sin(angle)
            dot = skia.Paint(AntiAlias=True)
            dot.setShader(radial([[0, "#FFFFFF", 1.0], [0.35, tone, 0.8], [1, tone, 0]], (px, py), radius * 0.05))
            canvas.drawCircle(px, py, radius * 0.05, dot)
    canvas.restore()


def paint_lamps(canvas: skia.Canvas, layer: Layer) -> None:
    """A string of small lamps along an arch, a ring or a line of points (``points`` x, y …), each with its halo."""
    points = numbers(layer, "points")
    size, tone = number(layer, "size"), text(layer, "colour", "#FFE9A8")
    halo = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kPlus)
    core = skia.Paint(AntiAlias=True)
    for x, y in zip(points[::2], points[1::2], strict=True):
        halo.setShader(radial([[0, tone, 0.55], [0.4, tone, 0.18], [1, tone, 0]], (x, y), size * 2.4))
        canvas.drawCircle(x, y, size * 2.4, halo)
        core.setShader(radial([[0, "#FFFFFF"], [0.55, "#FFF6D6"], [1, tone]], (x - size * 0.15, y - size * 0.2), size))
        canvas.drawCircle(x, y, size, core)


def paint_pocket(canvas: skia.Canvas, layer: Layer) -> None:
    """The front of a giant packet whose edge sags in the middle, a metal piping on it: what is good rises out of it."""
    left, top, right, bottom = numbers(layer, "box")
    sag = number(layer, "sag")
    shape = skia.Path()
    shape.moveTo(left, top)
    shape.cubicTo(
        left + (right - left) * 0.24, top + sag * 1.25, right - (right - left) * 0.24, top + sag * 1.25, right, top
    )
    edge = skia.Path(shape)
    radius = number(layer, "radius", 0.0)
    shape.lineTo(right, bottom - radius)
    shape.quadTo(right, bottom, right - radius, bottom)
    shape.lineTo(left + radius, bottom)
    shape.quadTo(left, bottom, left, bottom - radius)
    shape.close()
    shadow = skia.Paint(AntiAlias=True, Color=colour(text(layer, "shade"), 0.55))
    shadow.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sag * 0.22))
    canvas.drawPath(shape, shadow)
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient(stops_of(layer, "fill"), (0, top), (0, bottom)))
    canvas.drawPath(shape, paint)
    canvas.save()
    canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
    gloss = skia.Paint(AntiAlias=True)
    gloss.setShader(
        radial([[0, "#FFFFFF", 0.13], [1, "#FFFFFF", 0]], ((left + right) / 2, top + sag), (right - left) * 0.5)
    )
    canvas.drawRect(rect([left, top, right, bottom]), gloss)
    canvas.restore()
    width = number(layer, "line")
    for grow, part in ((2.2, "rim_deep"), (1.4, "rim"), (0.5, "rim_light")):
        canvas.drawPath(edge, stroke(text(layer, part), width * grow, 1.0))


def paint_filigree(canvas: skia.Canvas, layer: Layer) -> None:
    """A fine double frame with fretted corners (回纹), as on premium cards and New Year prints."""
    left, top, right, bottom = numbers(layer, "box")
    size, width = number(layer, "size"), number(layer, "line")
    tone, alpha = text(layer, "colour"), number(layer, "alpha", 0.8)
    paint = stroke(tone, width, alpha)
    paint.setStrokeJoin(skia.Paint.kMiter_Join)
    paint.setShader(
        gradient([[0, tone, alpha], [0.5, "#FFFFFF", alpha * 0.85], [1, tone, alpha]], (left, top), (right, bottom))
    )
    frame = skia.Path()
    for x0, y0, sx, sy in ((left, top, 1, 1), (right, top, -1, 1), (right, bottom, -1, -1), (left, bottom, 1, -1)):
        fret = ((0.0, 1.6), (0.0, 0.0), (1.6, 0.0))
        spiral = ((1.6, 0.34), (0.34, 0.34), (0.34, 1.6), (0.78, 1.6), (0.78, 0.78), (1.6, 0.78), (1.6, 0.34))
        for points in (fret, spiral):
            frame.moveTo(x0 + sx * size * points[0][0], y0 + sy * size * points[0][1])
            for dx, dy in points[1:]:
                frame.lineTo(x0 + sx * size * dx, y0 + sy * size * dy)
    for offset in (0.0, 0.34):
        d, s = size * offset, size * 1.6
        for x0, y0, x1, y1 in (
            (left + s, top + d, right - s, top + d), (left + s, bottom - d, right - s, bottom - d),
            (left + d, top + s, left + d, bottom - s), (right - d, top + s, right - d, bottom - s),
        ):  # fmt: skip
            frame.moveTo(x0, y0)
            frame.lineTo(x1, y1)
    canvas.drawPath(frame, paint)


def paint_sash(canvas: skia.Canvas, layer: Layer) -> None:
    """A band of silk in a long wave across ``box``, lit where it turns to the light, dark where it turns away."""
    left, top, right, bottom = numbers(layer, "box")
    thick, phase = number(layer, "thick"), number(layer, "phase")
    shade, body, light = (text(layer, name) for name in ("shade", "body", "light"))
    count = 34
    middle, swing = (top + bottom) / 2, (bottom - top) / 2 - thick / 2

    def at(t: float) -> tuple[float, float, float]:
        x = left + (right - left) * t
        y = middle + swing * math.sin(2 * math.pi * (1.15 * t) + phase)
        half = thick * (0.30 + 0.22 * math.sin(2 * math.pi * (1.9 * t) + phase * 1.7))
        return x, y - half, y + half

    upper = [at(place / count) for place in range(count + 1)]
    shape = skia.Path()
    shape.moveTo(upper[0][0], upper[0][1])
    for x, y, _ in upper[1:]:
        shape.lineTo(x, y)
    for x, _, y in reversed(upper):
        shape.lineTo(x, y)
    shape.close()
    stops: list[list[object]] = []
    for place in range(17):
        t = place / 16
        lit = math.sin(2 * math.pi * (1.9 * t) + phase * 1.7)
        stops.append([t, light if lit > 0.35 else body if lit > -0.4 else shade, number(layer, "alpha", 1.0)])
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient(stops, (left, 0), (right, 0)))
    blur = number(layer, "blur", 0.0)
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    canvas.drawPath(shape, paint)
    line = skia.Path()
    line.moveTo(upper[0][0], upper[0][1])
    for x, y, _ in upper[1:]:
        line.lineTo(x, y)
    canvas.drawPath(line, stroke(light, max(1.0, thick * 0.03), 0.7))


def paint_picture(canvas: skia.Canvas, layer: Layer) -> None:
    """Pixels that an image model or a person made, in ``box``."""
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(base64.b64decode(text(layer, "data"))))
    if image is None:
        raise UsageError("pictures.bad_layer", field="data", kind="picture")
    box = rect(numbers(layer, "box"))
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    canvas.drawImageRect(image, box, sampling)
