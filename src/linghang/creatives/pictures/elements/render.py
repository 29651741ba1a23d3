"""Render an element: fill in the studio shader, compile it, march rays on Skia's CPU pipeline, halve for smoothness."""

import functools
import hashlib
import math
from importlib import resources

import numpy as np
import skia
from numpy.typing import NDArray

from linghang.base.errors import UnavailableError
from linghang.creatives.pictures.colour import rgb8
from linghang.creatives.pictures.elements.model import Element, Kind, Pose, kind
from linghang.creatives.pictures.fonts.registry import chain, pick, typeface

ENGINE = "elements-3"
_GLYPH_PX = 256
_REACH = _GLYPH_PX // 8
"""How far from its edge a character's distance is told, px; beyond it is only inside or outside."""
_LARGE = 240
_METALS = ("metal",)


def render(element: Element) -> NDArray[np.uint8]:
    """Premultiplied RGBA pixels (px, px, 4), supersampled twice each way, large ones one and a half times.

    Raises UnknownItemError for an unknown kind, UnavailableError when the shader does not compile.
    """
    known = kind(element.kind)
    side = _side(element)
    effect = _compile(_source(element, known, side))
    child = _distance_field(element.glyph or known.glyph, known.face).makeShader(
        skia.TileMode.kClamp, skia.TileMode.kClamp, skia.SamplingOptions(skia.FilterMode.kLinear)
    )
    held = skia.VectorRuntimeEffectChildPtr([skia.RuntimeEffectChildPtr(child)])  # a span does not own what it spans
    shader = effect.makeShader(skia.Data.MakeEmpty(), skia.SpanRuntimeEffectChildPtr(held))
    surface = skia.Surface(side, side)
    surface.getCanvas().drawPaint(skia.Paint(Shader=shader))
    return _reduce(_pixels(surface), element.px)


def fingerprint(element: Element, blur: float) -> str:
    """A hash of all that decides the pixels: the filled-in shader text, the characters with their faces, the blur."""
    known = kind(element.kind)
    glyph = element.glyph or known.glyph
    names = chain((known.face,))
    drawn_by = [pick(names, char) for char in glyph]
    text = f"{ENGINE}|{_source(element, known, _side(element))}|{glyph}|{drawn_by}|{blur:.2f}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _pixels(surface: skia.Surface) -> NDArray[np.uint8]:
    info = skia.ImageInfo.Make(surface.width(), surface.height(), skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    pixels = np.zeros((surface.height(), surface.width(), 4), np.uint8)
    surface.readPixels(info, pixels, surface.width() * 4, 0, 0)
    return pixels


def _side(element: Element) -> int:
    """The side at which rays are marched. Edges are under a thousandth of a large sprite, so it needs fewer rays."""
    px = element.px
    if element.rough:
        return px
    return px * 2 if px <= _LARGE or px % 2 else px * 3 // 2


def _reduce(pixels: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    """The pixels averaged by area down to ``px``: two to one, or three to two with the middle one shared."""
    if pixels.shape[0] == px:
        return pixels
    wide = pixels.astype(np.uint16)
    if pixels.shape[0] == 2 * px:
        blocks = wide.reshape(px, 2, px, 2, 4)
        return ((blocks.sum(axis=(1, 3)) + 2) // 4).astype(np.uint8)
    rows = _three_to_two(wide.reshape(px // 2, 3, -1)).reshape(px, -1, 4)
    columns = rows.transpose(1, 0, 2).reshape(px // 2, 3, -1)
    both = _three_to_two(columns).reshape(px, px, 4).transpose(1, 0, 2)
    return np.ascontiguousarray((both + 4) // 9).astype(np.uint8)


def _three_to_two(groups: NDArray[np.uint16]) -> NDArray[np.uint16]:
    first, middle, last = groups[:, 0], groups[:, 1], groups[:, 2]
    return np.stack([2 * first + middle, middle + 2 * last], axis=1)


def _source(element: Element, known: Kind, side: int) -> str:
    constants = {name: usual for name, (_, usual, _) in known.constants.items()} | dict(element.shape)
    ramps = [element.paints.get(name) or element.paints["body"] for name in known.paints]
    lines = [f"const float {name} = {value:.5f};" for name, value in sorted(constants.items())]
    for place, ramp in enumerate(ramps):
        for label, colour in zip(("LO", "MI", "HI"), ramp, strict=True):
            red, green, blue = (part / 255 for part in rgb8(colour))
            lines.append(f"const float3 {label}{place} = float3({red:.5f}, {green:.5f}, {blue:.5f});")
    shine = [1.0 if name in _METALS else 0.0 for name in known.paints]
    lines.append(f"const float4 METAL = float4({', '.join(map(str, shine[:4]))});")
    lines.append(f"const float2 METAL2 = float2({shine[4]}, {shine[5]});")
    values = {
        "SIZE": f"{side:.1f}",
        "ZOOM": f"{known.view:.5f}",
        "REACH": f"{known.reach:.3f}",
        "STEP": f"{known.step:.3f}",
        "GLOSS": f"{known.gloss:.3f}",
        "GLYPHPX": f"{_GLYPH_PX}.0",
        "TURN": _matrix(element.pose),
        "CONSTANTS": "\n".join(lines),
        "SHAPE": _shader(element.kind),
    }
    text = _shader("studio")
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _matrix(pose: Pose) -> str:
    """Turn from object to camera (roll after pitch after yaw) in column order, as SkSL wants it."""
    yaw, pitch, roll = (math.radians(angle) for angle in pose)
    about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    about_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    turn = about_z @ about_x @ about_y
    return ", ".join(f"{turn[row, column]:.6f}" for column in range(3) for row in range(3))


@functools.cache
def _shader(name: str) -> str:
    folder = resources.files("linghang.creatives.pictures.elements").joinpath("shaders")
    return folder.joinpath(f"{name}.sksl").read_text("utf-8")


def _compile(source: str) -> skia.RuntimeEffect:
    try:
        return skia.RuntimeEffect.MakeForShader(source)
    except RuntimeError as error:
        raise UnavailableError("pictures.shader", error=str(error)) from error


@functools.lru_cache(maxsize=64)
def _distance_field(text: str, face: str) -> skia.Image:
    """The characters as a signed distance field, 0.5 on the edge, one unit of red being 48 px of 256 either way.

    Exact Euclidean distance, one axis after the other (Felzenszwalb & Huttenlocher 2012, without the envelope).
    """
    mask = _mask(text, face) > 127
    reach = _REACH
    signed = np.sqrt(_squared(~mask)) - np.sqrt(_squared(mask))
    field = np.clip(0.5 + signed / (2 * reach), 0, 1)
    grey = (field * 255).astype(np.uint8)
    rgba = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    return skia.Image.fromarray(np.ascontiguousarray(rgba), skia.kRGBA_8888_ColorType)


def _mask(text: str, face: str) -> NDArray[np.uint8]:
    surface = skia.Surface(_GLYPH_PX, _GLYPH_PX)
    if text:
        path, x = skia.Path(), 0.0
        names = chain((face,))
        for char in text:
            font = skia.Font(typeface(pick(names, char) or names[0]), 200)
            glyph = font.textToGlyphs(char)[0]
            outline = font.getPath(glyph)
            if outline is not None:
                outline.offset(x, 0)
                path.addPath(outline)
            x += font.getWidths([glyph])[0]
        box = path.computeTightBounds()
        scale = 0.9 * _GLYPH_PX / max(box.width(), box.height(), 1)
        canvas = surface.getCanvas()
        canvas.translate(_GLYPH_PX / 2, _GLYPH_PX / 2)
        canvas.scale(scale, scale)
        canvas.translate(-box.centerX(), -box.centerY())
        canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=skia.ColorWHITE))
    return np.ascontiguousarray(_pixels(surface)[..., 3])


def _squared(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Squared distance of every pixel to the nearest pixel where ``inside`` holds, exact up to the reach.

    One axis after the other, by the offsets that matter: whatever is farther is clipped by the caller.
    """
    cost = np.where(inside, 0.0, float(2 * _GLYPH_PX * _GLYPH_PX))
    for axis in (0, 1):
        nearest = cost.copy()
        for offset in range(1, _REACH + 1):
            ahead = _moved(cost, offset, axis) + offset * offset
            behind = _moved(cost, -offset, axis) + offset * offset
            nearest = np.minimum(nearest, np.minimum(ahead, behind))
        cost = nearest
    return cost


def _moved(values: NDArray[np.float64], by: int, axis: int) -> NDArray[np.float64]:
    """The values moved along an axis; what comes in from outside is far away."""
    moved = np.full_like(values, float(2 * _GLYPH_PX * _GLYPH_PX))
    source = [slice(None), slice(None)]
    target = [slice(None), slice(None)]
    source[axis] = slice(max(0, -by), _GLYPH_PX - max(0, by))
    target[axis] = slice(max(0, by), _GLYPH_PX - max(0, -by))
    moved[tuple(target)] = values[tuple(source)]
    return moved
