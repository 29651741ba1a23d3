"""Write pixels as a file within a byte limit: the best quality that fits, found by halving."""

from dataclasses import dataclass

import skia

_FIRST, _LEAST = 88, 40
MIMES = {"webp": "image/webp", "png": "image/png", "jpeg": "image/jpeg"}


@dataclass(frozen=True)
class Encoding:
    """How pixels were written: ``form`` (webp, png, jpeg) and ``quality`` (0–100; 100 for PNG)."""

    form: str
    quality: int


def encode(image: skia.Image, how: Encoding) -> bytes:
    """The bytes of an image in a form and quality."""
    if how.form == "png":
        data = image.encodeToData(skia.kPNG, 100)
    elif how.form == "jpeg":
        data = image.encodeToData(skia.kJPEG, how.quality)
    else:
        data = image.encodeToData(skia.kWEBP, how.quality)
    return bytes(data)


def within(image: skia.Image, limit: int, transparent: bool) -> tuple[bytes, Encoding]:
    """The bytes of an image within ``limit``: PNG first where alpha matters, else WebP at the best quality that fits.

    Quality starts at 88, is searched down to 40 and no further: what is still too large is told by the size gate.
    """
    if transparent:
        data = encode(image, Encoding("png", 100))
        if len(data) <= limit:
            return data, Encoding("png", 100)
    data, how = encode(image, Encoding("webp", _FIRST)), Encoding("webp", _FIRST)
    low, high = _LEAST, _FIRST - 1
    while len(data) > limit and low <= high:
        middle = (low + high + 1) // 2
        trial = encode(image, Encoding("webp", middle))
        if len(trial) <= limit:
            return _improve(image, limit, (trial, Encoding("webp", middle)), high)
        data, how, high = trial, Encoding("webp", middle), middle - 1
    return data, how


def _improve(image: skia.Image, limit: int, found: tuple[bytes, Encoding], high: int) -> tuple[bytes, Encoding]:
    """One step up from a quality that fits, halfway to one that did not."""
    better = (found[1].quality + high + 1) // 2
    if better <= found[1].quality:
        return found
    trial = encode(image, Encoding("webp", better))
    return (trial, Encoding("webp", better)) if len(trial) <= limit else found
