"""Write pixels as a file within a byte limit: the best quality that fits, found by bisection."""

from dataclasses import dataclass

import skia

_FIRST, _LEAST, _MOST = 88, 40, 95
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


def within(image: skia.Image, limit: int, form: str = "webp") -> tuple[bytes, Encoding]:
    """The bytes at the highest quality (≤ 88 first) that fits ``limit``; beyond it at the least quality if none does.

    PNG has no quality, so it either fits or is told by the byte-size gate.
    """
    how = Encoding(form, 100 if form == "png" else _FIRST)
    data = encode(image, how)
    if len(data) <= limit or form == "png":
        return data, how
    low, high, best = _LEAST, _FIRST - 1, None
    while low <= high:
        middle = (low + high + 1) // 2
        trial = encode(image, Encoding(form, middle))
        if len(trial) <= limit:
            best, low = (trial, Encoding(form, middle)), middle + 1
        else:
            high = middle - 1
        if best is not None and high - low < 3:
            break
    return best if best is not None else (encode(image, Encoding(form, _LEAST)), Encoding(form, _LEAST))
