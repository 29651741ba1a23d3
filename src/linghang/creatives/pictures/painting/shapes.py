"""Draw what carries text and light: panels, tickets, ribbons, stages, glows, sparkles, confetti, scrims."""

import base64
import math

import skia

from linghang.base.errors import UsageError
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

_BLEND = {"over": skia.BlendMode.kSrcOver, "screen": skia.BlendMode.kScreen, "plus": skia.BlendMode.kPlus}


def paint_panel(canvas: skia.Canvas, layer: Layer) -> None:
    """A rounded box: drop shadow, optional lip below (a thick edge), gradient fill, stroke, sheen."""
    box = rect(numbers(layer, "box"))
    shape = skia.Path()
    shape.addRRect(skia.RRect.MakeRectXY(box, number(layer, "radius", 0.0), number(layer, "radius", 0.0)))
    _dressed(canvas, shape, box, layer)


def paint_ticket(canvas: skia.Canvas, layer: Layer) -> None:
    """A coupon: a rounded box with two notches, a dashed tear line between them."""
    box, radius, bite = rect(numbers(layer, "box")), number(layer, "radius"), number(layer, "bite")
    upright = text(layer, "tear", "row") == "row"
    at = number(layer, "at")
    shape = skia.Path()
    shape.addRRect(skia.RRect.MakeRectXY(box, radius, radius))
    ends = [(box.left(), at), (box.right(), at)] if upright else [(at, box.top()), (at, box.bottom())]
    for x, y in ends:
        hole = skia.Path()
        hole.addCircle(x, y, bite)
        cut = skia.Op(shape, hole, skia.PathOp.kDifference_PathOp)
        shape = cut if cut is not None else shape
    _dressed(canvas, shape, box, layer)
    if "band" in layer:
        canvas.save()
        canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
        band = skia.Paint(AntiAlias=True)
        band.setShader(gradient(stops_of(layer, "band"), (0, at if upright else box.top()), (0, box.bottom())))
        canvas.drawRect(
            skia.Rect.MakeLTRB(box.left() if upright else at, at if upright else box.top(), box.right(), box.bottom()),
            band,
        )
        canvas.restore()
    paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=max(1.0, bite * 0.16))
    paint.setColor(colour(text(layer, "dash"), 0.55))
    paint.setPathEffect(skia.DashPathEffect.Make([bite * 0.6, bite * 0.5], 0))
    (x0, y0), (x1, y1) = ends
    inset = bite * 1.5
    if upright:
        canvas.drawLine(x0 + inset, y0, x1 - inset, y1, paint)
    else:
        canvas.drawLine(x0, y0 + inset, x1, y1 - inset, paint)


def paint_ribbon(canvas: skia.Canvas, layer: Layer) -> None:
    """A banderole with swallow tails folded behind its ends."""
    box = rect(numbers(layer, "box"))
    fold, drop = box.height() * 0.62, box.height() * 0.16
    for side in (-1, 1):
        edge = box.left() if side < 0 else box.right()
        tail = skia.Path()
        inner = edge - side * fold * 0.42
        outer = edge + side * fold
        tail.moveTo(inner, box.top() + drop)
        tail.lineTo(outer, box.top() + drop)
        tail.lineTo(outer - side * fold * 0.42, box.centerY() + drop)
        tail.lineTo(outer, box.bottom() + drop)
        tail.lineTo(inner, box.bottom() + drop)
        tail.close()
        canvas.drawPath(tail, skia.Paint(AntiAlias=True, Color=colour(text(layer, "tail"))))
        _edge(canvas, tail, layer)
        crease = skia.Path()
        crease.moveTo(edge, box.bottom())
        crease.lineTo(inner, box.bottom())
        crease.lineTo(inner, box.bottom() + drop)
        crease.close()
        canvas.drawPath(crease, skia.Paint(AntiAlias=True, Color=colour(text(layer, "crease"))))
    shape = skia.Path()
    shape.addRect(box)
    _dressed(canvas, shape, box, layer)


def paint_stage(canvas: skia.Canvas, layer: Layer) -> None:
    """A round-topped niche, or a full ring (``round``): light inside, a metal frame around it."""
    box = rect(numbers(layer, "box"))
    radius = box.width() / 2
    shape = skia.Path()
    if layer.get("round"):
        shape.addCircle(box.centerX(), box.top() + radius, radius)
    else:
        shape.moveTo(box.left(), box.bottom())
        shape.lineTo(box.left(), box.top() + radius)
        shape.arcTo(skia.Rect.MakeXYWH(box.left(), box.top(), box.width(), box.width()), 180, 180, False)
        shape.lineTo(box.right(), box.bottom())
    canvas.save()
    canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(radial(stops_of(layer, "fill"), (box.centerX(), box.top() + radius * 1.15), radius * 1.9))
    canvas.drawRect(box, paint)
    _rays(canvas, box.centerX(), box.top() + radius * 1.25, radius * 2.2, layer)
    canvas.restore()
    width = number(layer, "width")
    stroke = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width)
    stroke.setShader(gradient(stops_of(layer, "frame"), (box.left(), box.top()), (box.right(), box.bottom())))
    canvas.drawPath(shape, stroke)


def _rays(canvas: skia.Canvas, x: float, y: float, reach: float, layer: Layer) -> None:
    count = int(number(layer, "rays", 0.0))
    if not count:
        return
    fan = skia.Path()
    for place in range(count):
        start = 2 * math.pi * place / count + 0.05 + number(layer, "turn", 0.0)
        end = start + math.pi / count
        fan.moveTo(x, y)
        fan.lineTo(x + reach * math.cos(start), y + reach * math.sin(start))
        fan.lineTo(x + reach * math.cos(end), y + reach * math.sin(end))
        fan.close()
    light = text(layer, "light", "#FFFFFF")
    alpha = number(layer, "ray_alpha", 0.2)
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(
        radial([[0, light, 0], [0.12, light, alpha], [0.7, light, alpha * 0.45], [1, light, 0]], (x, y), reach)
    )
    canvas.drawPath(fan, paint)


def paint_glow(canvas: skia.Canvas, layer: Layer) -> None:
    """A round or oval light that fades outward."""
    x, y = numbers(layer, "at")
    radius, squash = number(layer, "radius"), number(layer, "squash", 1.0)
    shade, alpha = text(layer, "colour"), number(layer, "alpha")
    fade = [[0, shade, alpha], [0.35, shade, alpha * 0.62], [0.7, shade, alpha * 0.16], [1, shade, 0]]
    paint = skia.Paint(AntiAlias=True, BlendMode=_BLEND[text(layer, "blend", "over")])
    paint.setShader(radial(fade, (0, 0), radius))
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(1.0, squash)
    canvas.drawCircle(0, 0, radius, paint)
    canvas.restore()


def paint_scrim(canvas: skia.Canvas, layer: Layer) -> None:
    """A gradient veil over a box, so that text on it can be read."""
    box = numbers(layer, "box")
    start, end = numbers(layer, "start"), numbers(layer, "end")
    paint = skia.Paint()
    paint.setShader(gradient(stops_of(layer, "fill"), (start[0], start[1]), (end[0], end[1])))
    canvas.drawRect(rect(box), paint)


def paint_floor(canvas: skia.Canvas, layer: Layer) -> None:
    """The lower part of a poster: a bowed upper edge with a thin line of light."""
    box = numbers(layer, "box")
    bow = number(layer, "bow")
    left, top, right, bottom = box
    shape = skia.Path()
    shape.moveTo(left, top + max(bow, 0))
    shape.quadTo((left + right) / 2, top - bow, right, top + max(bow, 0))
    shape.lineTo(right, bottom)
    shape.lineTo(left, bottom)
    shape.close()
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient(stops_of(layer, "fill"), (0, top), (0, bottom)))
    canvas.drawPath(shape, paint)
    edge = skia.Path()
    edge.moveTo(left, top + max(bow, 0))
    edge.quadTo((left + right) / 2, top - bow, right, top + max(bow, 0))
    shade = text(layer, "edge", "#FFFFFF")
    line = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=number(layer, "width", 2.0))
    line.setShader(gradient([[0, shade, 0], [0.5, shade, 0.75], [1, shade, 0]], (left, 0), (right, 0)))
    canvas.drawPath(edge, line)


def paint_sparkle(canvas: skia.Canvas, layer: Layer) -> None:
    """A four-pointed glint with a halo."""
    x, y = numbers(layer, "at")
    radius, alpha = number(layer, "radius"), number(layer, "alpha", 1.0)
    paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kPlus)
    paint.setShader(
        radial([[0, "#FFF3C8", 0.55 * alpha], [0.4, "#FFE29A", 0.16 * alpha], [1, "#FFD070", 0]], (x, y), radius)
    )
    canvas.drawCircle(x, y, radius, paint)
    star = skia.Path()
    thin = radius * 0.055
    for dx, dy in ((0, 1), (1, 0)):
        star.moveTo(x - dx * radius, y - dy * radius)
        star.quadTo(x - dy * thin, y - dx * thin, x + dy * thin, y + dx * thin)
        star.lineTo(x + dx * radius, y + dy * radius)
        star.quadTo(x + dy * thin, y + dx * thin, x - dy * thin, y - dx * thin)
        star.close()
    core = skia.Paint(AntiAlias=True)
    core.setShader(radial([[0, "#FFFFFF", alpha], [0.5, "#FFF6D8", 0.9 * alpha], [1, "#FFE9A8", 0]], (x, y), radius))
    canvas.drawPath(star, core)


def paint_confetti(canvas: skia.Canvas, layer: Layer) -> None:
    """Paper snips: turned small strips and petals, far ones fainter."""
    for piece in parts(layer, "pieces"):
        x, y = numbers(piece, "at")
        wide, high = numbers(piece, "size")
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(number(piece, "turn"))
        shape = skia.Path()
        shape.moveTo(-wide / 2, -high / 2)
        shape.quadTo(0, -high / 2 - number(piece, "curl"), wide / 2, -high / 2)
        shape.lineTo(wide / 2, high / 2)
        shape.quadTo(0, high / 2 - number(piece, "curl"), -wide / 2, high / 2)
        shape.close()
        canvas.drawPath(shape, skia.Paint(AntiAlias=True, Color=colour(text(piece, "colour"), number(piece, "alpha"))))
        canvas.restore()


def _dressed(canvas: skia.Canvas, shape: skia.Path, box: skia.Rect, layer: Layer) -> None:
    drop = number(layer, "drop", 0.0)
    if drop > 0:
        paint = skia.Paint(
            AntiAlias=True, Color=colour(text(layer, "shade", "#000000"), number(layer, "shade_alpha", 0.3))
        )
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, drop))
        canvas.save()
        canvas.translate(0, drop + number(layer, "lip", 0.0))
        canvas.drawPath(shape, paint)
        canvas.restore()
    lip = number(layer, "lip", 0.0)
    if lip > 0:
        canvas.save()
        canvas.translate(0, lip)
        canvas.drawPath(shape, skia.Paint(AntiAlias=True, Color=colour(text(layer, "lip_colour"))))
        canvas.restore()
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(gradient(stops_of(layer, "fill"), (0, box.top()), (0, box.bottom())))
    canvas.drawPath(shape, paint)
    sheen = number(layer, "sheen", 0.0)
    if sheen > 0:
        _sheen(canvas, shape, box, sheen)
    _edge(canvas, shape, layer)


def _sheen(canvas: skia.Canvas, shape: skia.Path, box: skia.Rect, alpha: float) -> None:
    inset = box.height() * 0.07
    radius = box.height() * 0.5
    upper = skia.Rect.MakeLTRB(
        box.left() + inset * 2, box.top() + inset, box.right() - inset * 2, box.top() + box.height() * 0.46
    )
    canvas.save()
    canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
    paint = skia.Paint(AntiAlias=True)
    paint.setShader(
        gradient([[0, "#FFFFFF", alpha], [1, "#FFFFFF", alpha * 0.12]], (0, upper.top()), (0, upper.bottom()))
    )
    canvas.drawRRect(skia.RRect.MakeRectXY(upper, radius, radius * 0.6), paint)
    canvas.restore()


def _edge(canvas: skia.Canvas, shape: skia.Path, layer: Layer) -> None:
    width = number(layer, "line", 0.0)
    if width <= 0:
        return
    stroke = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width)
    stroke.setColor(colour(text(layer, "line_colour"), number(layer, "line_alpha", 1.0)))
    canvas.drawPath(shape, stroke)


def paint_fan(canvas: skia.Canvas, layer: Layer) -> None:
    """Rays around a point that fade outward, for pictures without a ground."""
    x, y = numbers(layer, "at")
    rays = {
        "rays": number(layer, "count"),
        "light": text(layer, "colour"),
        "ray_alpha": number(layer, "alpha"),
        "turn": number(layer, "turn", 0.0),
    }
    _rays(canvas, x, y, number(layer, "radius"), rays)


def paint_logo(canvas: skia.Canvas, layer: Layer) -> None:
    """The institution's logo, fitted into its box; on a white chip when it brings a white ground of its own."""
    data = skia.Data.MakeWithCopy(base64.b64decode(text(layer, "png")))
    image = skia.Image.MakeFromEncoded(data)
    if image is None:
        raise UsageError("pictures.bad_logo")
    box = rect(numbers(layer, "box"))
    chip = skia.Paint(AntiAlias=True, Color=colour("#FFFFFF", 0.96))
    canvas.drawRRect(skia.RRect.MakeRectXY(box, number(layer, "radius"), number(layer, "radius")), chip)
    inset = box.height() * 0.14
    room = skia.Rect.MakeLTRB(box.left() + inset, box.top() + inset, box.right() - inset, box.bottom() - inset)
    scale = min(room.width() / image.width(), room.height() / image.height())
    wide, high = image.width() * scale, image.height() * scale
    target = skia.Rect.MakeXYWH(room.centerX() - wide / 2, room.centerY() - high / 2, wide, high)
    canvas.drawImageRect(image, target, skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear))
