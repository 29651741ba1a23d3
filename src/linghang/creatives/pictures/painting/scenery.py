"""Draw set pieces that give a ground depth: drapes, beams, skylines, ridges, auspicious clouds."""

import math
import random
from collections.abc import Sequence

import skia

from linghang.creatives.pictures.painting.values import (
    Layer,
    colour,
    gradient,
    number,
    numbers,
    stops_of,
    stroke,
    text,
)


def paint_drapes(canvas: skia.Canvas, layer: Layer) -> None:
    """Velvet curtains at both sides of ``box``, tied back, under a valance of ``swags`` bows (0: none)."""
    left, top, right, bottom = numbers(layer, "box")
    wide = number(layer, "width")
    shade, body, light = (text(layer, name) for name in ("shade", "body", "light"))
    for side in (-1, 1):
        edge = left if side < 0 else right
        shape = skia.Path()
        shape.moveTo(edge, top)
        shape.lineTo(edge - side * wide * 1.25, top)
        shape.cubicTo(edge - side * wide * 1.1, top + (bottom - top) * 0.30, edge - side * wide * 0.35,
                      top + (bottom - top) * 0.46, edge - side * wide * 0.30, top + (bottom - top) * 0.58)  # fmt: skip
        shape.cubicTo(edge - side * wide * 0.34, top + (bottom - top) * 0.74, edge - side * wide * 0.62,
                      top + (bottom - top) * 0.86, edge - side * wide * 0.58, bottom)  # fmt: skip
        shape.lineTo(edge, bottom)
        shape.close()
        _cloth(canvas, shape, (edge, edge - side * wide * 0.30), (shade, body, light))
    swags = int(number(layer, "swags", 0.0))
    if swags:
        _valance(canvas, (left, top, right, number(layer, "drop")), swags, (shade, body, light), text(layer, "trim"))


def _cloth(canvas: skia.Canvas, shape: skia.Path, run: tuple[float, float], tones: Sequence[str]) -> None:
    shade, body, light = tones
    shadow = skia.Paint(AntiAlias=True, Color=colour(shade, 0.55))
    shadow.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, abs(run[1] - run[0]) * 0.16))
    canvas.drawPath(shape, shadow)
    folds = skia.GradientShader.MakeLinear(
        [skia.Point(run[0], 0), skia.Point(run[1], abs(run[1] - run[0]) * 0.12)],
        [colour(shade), colour(body), colour(light), colour(body), colour(shade)],
        [0.0, 0.28, 0.5, 0.74, 1.0],
        skia.TileMode.kRepeat,
    )
    canvas.drawPath(shape, skia.Paint(AntiAlias=True, Shader=folds))
    bounds = shape.getBounds()
    dark = skia.Paint(AntiAlias=True)
    dark.setShader(
        gradient([[0, shade, 0.0], [0.55, shade, 0.12], [1, shade, 0.75]], (0, bounds.top()), (0, bounds.bottom()))
    )
    canvas.drawPath(shape, dark)


def _valance(
    canvas: skia.Canvas, box: tuple[float, float, float, float], swags: int, tones: Sequence[str], trim: str
) -> None:
    left, top, right, drop = box
    shade, body, light = tones
    step = (right - left) / swags
    for place in range(swags):
        x0, x1 = left + place * step, left + (place + 1) * step
        shape = skia.Path()
        shape.moveTo(x0 - 1, top)
        shape.lineTo(x0 - 1, top + drop * 0.42)
        shape.quadTo((x0 + x1) / 2, top + drop * 1.55, x1 + 1, top + drop * 0.42)
        shape.lineTo(x1 + 1, top)
        shape.close()
        shadow = skia.Paint(AntiAlias=True, Color=colour(shade, 0.5))
        shadow.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, drop * 0.10))
        canvas.save()
        canvas.translate(0, drop * 0.08)
        canvas.drawPath(shape, shadow)
        canvas.restore()
        folds = skia.GradientShader.MakeRadial(
            skia.Point((x0 + x1) / 2, top - drop * 0.9),
            drop * 0.42,
            [colour(shade), colour(body), colour(light), colour(body), colour(shade)],
            [0.0, 0.3, 0.5, 0.72, 1.0],
            skia.TileMode.kRepeat,
        )
        canvas.drawPath(shape, skia.Paint(AntiAlias=True, Shader=folds))
        hem = skia.Path()
        hem.moveTo(x0, top + drop * 0.42)
        hem.quadTo((x0 + x1) / 2, top + drop * 1.55, x1, top + drop * 0.42)
        canvas.drawPath(hem, stroke(trim, drop * 0.05, 0.9))


def paint_beams(canvas: skia.Canvas, layer: Layer) -> None:
    """Spotlights: cones of light from ``from`` points towards ``to``, brightest at the lamp, soft at the edges."""
    tone, alpha, spread = text(layer, "colour"), number(layer, "alpha"), number(layer, "spread")
    x1, y1 = numbers(layer, "to")
    points = numbers(layer, "from")
    for x0, y0 in zip(points[::2], points[1::2], strict=True):
        reach = math.hypot(x1 - x0, y1 - y0)
        along = ((x1 - x0) / reach, (y1 - y0) / reach)
        across = (-along[1], along[0])
        for width, part in ((1.0, 0.30), (0.72, 0.35), (0.46, 0.35)):
            near, far = spread * 0.06 * width, spread * 0.5 * width
            cone = skia.Path()
            cone.moveTo(x0 + across[0] * near, y0 + across[1] * near)
            cone.lineTo(x1 + across[0] * far, y1 + across[1] * far)
            cone.lineTo(x1 - across[0] * far, y1 - across[1] * far)
            cone.lineTo(x0 - across[0] * near, y0 - across[1] * near)
            cone.close()
            paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kScreen)
            paint.setShader(
                gradient([[0, tone, alpha * part], [0.5, tone, alpha * part * 0.55], [1, tone, 0]], (x0, y0), (x1, y1))
            )
            canvas.drawPath(cone, paint)


def paint_skyline(canvas: skia.Canvas, layer: Layer) -> None:
    """Rows of towers standing on ``base``, far ones paler, with lit windows; ``fill`` has one tone a row, far first."""
    base, tall, wide = number(layer, "base"), number(layer, "tall"), number(layer, "width")
    rows = stops_of(layer, "fill")
    lamp = text(layer, "lamp")
    for row, stop in enumerate(rows):
        stream = random.Random(f"{number(layer, 'seed'):.3f}|{row}")
        near = (row + 1) / len(rows)
        towers, windows = skia.Path(), skia.Path()
        x = -wide * 0.02
        while x < wide * 1.02:
            w = tall * stream.uniform(0.10, 0.22) * (0.7 + 0.5 * near)
            h = tall * stream.uniform(0.30, 1.0) * (1.0 - 0.36 * row / max(1, len(rows) - 1))
            # Towers are low in the middle, where the hero stands before them.
            h *= 0.55 + 0.45 * min(1.0, abs((x + w / 2) / wide - number(layer, "gap", 0.5)) * 3.2)
            _tower(towers, windows, (x, base - h, w, h), stream)
            x += w * stream.uniform(0.82, 1.15)
        tone, strong = str(stop[1]), float(str(stop[2]))
        paint = skia.Paint(AntiAlias=True)
        paint.setShader(
            gradient([[0, tone, strong], [0.6, tone, strong * 0.8], [1, tone, 0]], (0, base - tall), (0, base))
        )
        canvas.drawPath(towers, paint)
        glow = skia.Paint(AntiAlias=False)
        glow.setShader(
            gradient(
                [[0, lamp, 0.55 * near * strong], [0.75, lamp, 0.20 * strong], [1, lamp, 0]],
                (0, base - tall),
                (0, base),
            )
        )
        canvas.drawPath(windows, glow)


def _tower(
    towers: skia.Path, windows: skia.Path, box: tuple[float, float, float, float], stream: random.Random
) -> None:
    x, y, w, h = box
    kind = stream.randrange(4)
    towers.addRect(skia.Rect.MakeXYWH(x, y, w, h))
    if kind == 1:
        towers.addRect(skia.Rect.MakeXYWH(x + w * 0.22, y - w * 0.30, w * 0.56, w * 0.32))
    elif kind == 2:
        towers.moveTo(x, y)
        towers.lineTo(x + w, y - w * 0.55)
        towers.lineTo(x + w, y)
        towers.close()
    if kind in (1, 3):
        towers.addRect(skia.Rect.MakeXYWH(x + w * 0.47, y - w * 0.9, max(1.0, w * 0.05), w * 0.95))
    cell = w / 5
    for column in range(1, 4):
        for line in range(1, int(h / cell / 1.6)):
            if stream.random() < 0.42:
                windows.addRect(
                    skia.Rect.MakeXYWH(x + column * cell + cell * 0.25, y + line * cell * 1.6, cell * 0.5, cell * 0.75)
                )


def paint_ridges(canvas: skia.Canvas, layer: Layer) -> None:
    """Layered mountains: each ridge a gradient from its tone into mist, with a thin bright crest."""
    wide, base, tall = number(layer, "width"), number(layer, "base"), number(layer, "tall")
    crest = text(layer, "crest")
    rows = stops_of(layer, "fill")
    for row, stop in enumerate(rows):
        stream = random.Random(f"{number(layer, 'seed'):.3f}|ridge{row}")
        low = base - tall * (0.62 - 0.46 * row / max(1, len(rows) - 1))
        count = 4 + row
        line = skia.Path()
        line.moveTo(-wide * 0.1, base)
        line.lineTo(-wide * 0.1, low)
        for place in range(count):
            x0 = -wide * 0.1 + wide * 1.2 * place / count
            x1 = -wide * 0.1 + wide * 1.2 * (place + 1) / count
            peak = low - tall * stream.uniform(0.16, 0.40) * (1.0 - 0.4 * row / len(rows))
            middle = x0 + (x1 - x0) * stream.uniform(0.35, 0.65)
            line.cubicTo(x0 + (middle - x0) * 0.55, low, middle - (x1 - x0) * 0.16, peak, middle, peak)
            line.cubicTo(middle + (x1 - x0) * 0.14, peak, x1 - (x1 - middle) * 0.55, low, x1, low)
        edge = skia.Path(line)
        line.lineTo(wide * 1.1, base)
        line.close()
        tone, mist = str(stop[1]), str(stop[2])
        paint = skia.Paint(AntiAlias=True)
        paint.setShader(
            gradient([[0, tone], [0.55, mist, 0.92], [1, mist, 0.75]], (0, low - tall * 0.4), (0, low + tall * 0.34))
        )
        canvas.drawPath(line, paint)
        canvas.drawPath(edge, stroke(crest, number(layer, "line"), 0.65))


def paint_auspices(canvas: skia.Canvas, layer: Layer) -> None:
    """祥云: heaps of ringed discs, back to front, each filled with a gradient and rimmed with fine metal lines."""
    top_tone, low_tone, rim = (text(layer, name) for name in ("top", "low", "rim"))
    unit = number(layer, "unit")
    points = numbers(layer, "heaps")
    for x, y, size in zip(points[::3], points[1::3], points[2::3], strict=True):
        for dx, dy, r in _PUFFS:
            _puff(canvas, (x + dx * size, y + dy * size, r * size), (top_tone, low_tone, rim), unit)


_PUFFS = (
    (-1.55, 0.10, 0.62), (1.50, 0.12, 0.60), (-0.72, -0.42, 0.74), (0.78, -0.36, 0.70),
    (0.02, -0.78, 0.62), (-1.05, 0.28, 0.70), (1.02, 0.30, 0.68), (0.0, 0.05, 0.92),
)  # fmt: skip
"""Discs of a heap, back to front: offset and radius as shares of its size."""


def _puff(canvas: skia.Canvas, at: tuple[float, float, float], tones: tuple[str, str, str], unit: float) -> None:
    x, y, r = at
    top_tone, low_tone, rim = tones
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient([[0, top_tone], [1, low_tone]], (0, y - r), (0, y + r)))
    canvas.drawCircle(x, y, r, paint)
    for share, alpha in ((1.0, 0.95), (0.74, 0.55), (0.48, 0.40)):
        canvas.drawCircle(x, y, r * share, stroke(rim, unit * (1.0 if share > 0.9 else 0.7), alpha))
