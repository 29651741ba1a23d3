"""Take a file in: its bytes say what it is, not its name; bombs and scripts are refused, what cameras tell is dropped.

Every picture is decoded and encoded anew, so that nothing but pixels stays; an SVG is drawn once, without anything that
runs or reaches out, and kept as pixels.
"""

import io
import re
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from linghang.base.errors import UsageError

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE = 64
MOST_SIDE = 12_000
_SVG_SIDE = 1600
_FORMS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_ALIVE = re.compile(
    rb"<script|<foreignobject|<!doctype|<!entity|<image\b|\bon[a-z]+\s*=|javascript:|(?:href|src)\s*=\s*[\"'](?!#)|"
    rb"url\(\s*[\"']?(?!#)|@import",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Taken:
    """A cleaned picture."""

    data: bytes
    mime: str
    width: int
    height: int


def pixels_of(data: bytes) -> NDArray[np.uint8]:
    """The RGB pixels of a picture, taken in as any other (see ``take``)."""
    with Image.open(io.BytesIO(take(data).data)) as image:
        return np.asarray(image.convert("RGB"))


def take(data: bytes) -> Taken:
    """The picture of a file, cleaned. Raises UsageError: ``library.too_large``, ``too_long``, ``too_small``,
    ``not_a_picture``, ``animated``, ``alive``."""
    if len(data) > MOST_BYTES:
        raise UsageError("library.too_large", bytes=len(data), most=MOST_BYTES)
    if re.search(rb"<svg[\s>]", data[:2000], re.IGNORECASE):
        return _finished(_drawn(data), "PNG")
    try:
        with Image.open(io.BytesIO(data)) as image:
            form = image.format or ""
            if form not in _FORMS:
                raise UsageError("library.not_a_picture", found=form or "?", allowed="JPG, PNG, WebP, SVG")
            if max(image.size) > MOST_SIDE:
                raise UsageError("library.too_long", side=max(image.size), most=MOST_SIDE)
            if image.width * image.height > MOST_PIXELS:
                raise UsageError("library.too_large", bytes=len(data), most=MOST_BYTES)
            if getattr(image, "n_frames", 1) > 1:
                raise UsageError("library.animated")
            upright = ImageOps.exif_transpose(image)
            upright.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UsageError("library.not_a_picture", found=type(error).__name__, allowed="JPG, PNG, WebP, SVG") from error
    return _finished(upright, form)


def _finished(image: Image.Image, form: str) -> Taken:
    if min(image.size) < LEAST_SIDE:
        raise UsageError("library.too_small", width=image.width, height=image.height, least=LEAST_SIDE)
    clear = form != "JPEG" and ("A" in image.getbands() or "transparency" in image.info)
    plain = image.convert("RGBA" if clear else "RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, form, **({"quality": 92} if form != "PNG" else {"optimize": True}))
    return Taken(out.getvalue(), _FORMS[form], clean.width, clean.height)


def _drawn(data: bytes) -> Image.Image:
    """An SVG as pixels. Raises UsageError("library.alive") for one that runs, reaches out or embeds."""
    plain = re.sub(rb"\sxmlns(:\w+)?\s*=\s*(\"[^\"]*\"|'[^']*')", b" ", data)
    if found := _ALIVE.search(plain):
        raise UsageError("library.alive", what=found[0].decode("utf-8", "replace")[:40])
    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream(data, True))
    if dom is None:
        raise UsageError("library.not_a_picture", found="SVG", allowed="JPG, PNG, WebP, SVG")
    size = dom.containerSize()
    wide, high = (size.width() or _SVG_SIDE, size.height() or _SVG_SIDE)
    scale = _SVG_SIDE / max(wide, high)
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    dom.setContainerSize(skia.Size(width, height))
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorTRANSPARENT)
    dom.render(canvas)
    pixels = surface.toarray(colorType=skia.kRGBA_8888_ColorType)
    return Image.fromarray(pixels, "RGBA")
