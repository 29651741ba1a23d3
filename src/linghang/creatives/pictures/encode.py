"""Write pixels as a file within a byte limit: fast and good first, then slower and smaller, found by halving."""

import io
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.WebPImagePlugin import WebPImageFile

_WEBP = str(WebPImageFile.format)  # named by its plug-in: else the first save reads every format that there is (0.1 s)
_FIRST, _LEAST = 88, 40
_FAST, _THOROUGH = 0, 4
"""libwebp's methods: at 1080×1920 0 takes 0.07 CPU-s and a quarter more bytes, 4 takes 0.21 (measured)."""
MIMES = {"webp": "image/webp", "png": "image/png", "jpeg": "image/jpeg"}


@dataclass(frozen=True)
class Encoding:
    """How pixels were written: ``form`` (webp, png, jpeg), ``quality`` (0–100), ``method`` (libwebp's 0–6)."""

    form: str
    quality: int
    method: int = _FAST


def encode(pixels: NDArray[np.uint8], how: Encoding, note: str = "") -> bytes:
    """The bytes of premultiplied RGBA pixels. ``note`` is XMP kept inside the file (the implicit AI mark)."""
    image = _image(pixels, opaque=how.form == "jpeg")
    stream = io.BytesIO()
    packet = note.encode()
    if how.form == "png":
        image.save(stream, "PNG", compress_level=6, pnginfo=_chunk(note))
    elif how.form == "jpeg":
        image.save(stream, "JPEG", quality=how.quality, subsampling=0 if how.quality > 88 else 2, xmp=packet)
    else:
        image.save(stream, _WEBP, quality=how.quality, method=how.method, xmp=packet)
    return stream.getvalue()


def within(
    pixels: NDArray[np.uint8], limit: int, *, transparent: bool, note: str = "", form: str = ""
) -> tuple[bytes, Encoding]:
    """The bytes of an image within ``limit``: PNG first where alpha matters, else WebP at the best quality that fits.

    ``form`` asks for one form, which a picture with alpha follows only where the form has alpha. Quality starts at 88,
    is searched down to 40 and no further, and PNG has none: what is still too large is told by the size gate.
    """
    if form == "png":
        how = Encoding("png", 100)
        return encode(pixels, how, note), how
    lossy = "webp" if transparent else form or "webp"
    ways = [Encoding("png", 100)] if transparent and not form else []
    ways.append(Encoding(lossy, _FIRST))
    ways += [Encoding("webp", _FIRST, _THOROUGH)] if lossy == "webp" else []
    for how in ways:
        data = encode(pixels, how, note)
        if len(data) <= limit:
            return data, how
    return _halved(pixels, limit, note, lossy)


def _halved(pixels: NDArray[np.uint8], limit: int, note: str, form: str) -> tuple[bytes, Encoding]:
    low, high = _LEAST, _FIRST - 1
    best: tuple[bytes, Encoding] | None = None
    while low <= high and not (best and high - low < 4):
        middle = (low + high + 1) // 2
        how = Encoding(form, middle, _THOROUGH)
        data = encode(pixels, how, note)
        if len(data) <= limit:
            best, low = (data, how), middle + 1
        else:
            high = middle - 1
    if best is None:
        how = Encoding(form, _LEAST, _THOROUGH)
        best = encode(pixels, how, note), how
    return best


def _image(pixels: NDArray[np.uint8], *, opaque: bool) -> Image.Image:
    alpha = pixels[..., 3]
    if opaque or bool((alpha == 255).all()):
        size = (pixels.shape[1], pixels.shape[0])
        return Image.frombuffer("RGBA", size, np.ascontiguousarray(pixels), "raw", "RGBA", 0, 1).convert("RGB")
    return Image.fromarray(straight(pixels), "RGBA")


def straight(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Premultiplied pixels as straight ones, as files keep them."""
    alpha = pixels[..., 3:4].astype(np.uint16)
    colour = (pixels[..., :3].astype(np.uint16) * 255 + alpha // 2) // np.maximum(alpha, 1)
    return np.dstack([np.minimum(colour, 255).astype(np.uint8), pixels[..., 3]])


def decode(data: bytes) -> NDArray[np.uint8]:
    """Premultiplied RGBA pixels of a file that Skia reads. Raises ValueError for anything else."""
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(data))
    if image is None:
        raise ValueError("no picture that Skia reads")
    info = skia.ImageInfo.Make(image.width(), image.height(), skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    pixels = np.zeros((image.height(), image.width(), 4), np.uint8)
    image.readPixels(info, pixels, image.width() * 4, 0, 0)
    return pixels


def thumbnail(data: bytes, side: int, form: str = "webp") -> bytes:
    """The picture with its longer side ``side`` px, for lists."""
    image = _image(decode(data), opaque=False)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, form.upper(), quality=82)
    return stream.getvalue()


def small(pixels: NDArray[np.uint8], side: int) -> bytes:
    """Premultiplied pixels as a small WebP, its longer side at most ``side`` px: for looking, not for keeping."""
    image = _image(pixels, opaque=False)
    image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    stream = io.BytesIO()
    image.save(stream, _WEBP, quality=82, method=0)
    return stream.getvalue()


def _chunk(note: str) -> PngInfo:
    info = PngInfo()
    if note:
        info.add_itxt("XML:com.adobe.xmp", note)
    return info
