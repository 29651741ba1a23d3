"""Sprites: rendered elements, cropped, optionally blurred, kept on disk under the hash of all that shaped them."""

import functools
import hashlib
import itertools
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from linghang.creatives.pictures.elements.model import Element
from linghang.creatives.pictures.elements.render import fingerprint, render
from linghang.kit import keeping

_HEADER = struct.Struct("<8s6i")
_MAGIC = b"LHSPRT02"
_MOST_BYTES, _MOST_DAYS = 1_500_000_000, 120.0
_EVERY = 50
"""Stored sprites after which the folder is looked over: some 10 ms."""
_stored = itertools.count(1)


@dataclass(frozen=True)
class Sprite:
    """An element's cropped pixels. ``left``/``top`` place the crop inside the element's square of ``side`` px."""

    image: skia.Image
    left: int
    top: int
    side: int


def sprite(element: Element, *, cache: Path, blur: float = 0.0) -> Sprite:
    """The sprite of an element, rendered once and then read. ``blur`` is a Gaussian sigma in px (depth of field)."""
    return _read(str(cache), element.kind, fingerprint(element, blur), _Held(element, blur))


def known(element: Element, *, cache: Path, blur: float = 0.0) -> bool:
    """Whether a sprite was rendered before, so that drawing it costs nothing."""
    return _path(str(cache), element.kind, fingerprint(element, blur)).is_file()


def _path(cache: str, kind: str, key: str) -> Path:
    return Path(cache) / "sprites" / f"{kind}-{key}.rgba"


class _Held:
    """Carries what a miss needs past the cache's key, which is the fingerprint alone."""

    def __init__(self, element: Element, blur: float) -> None:
        self.element, self.blur = element, blur

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@functools.lru_cache(maxsize=96)
def _read(cache: str, kind: str, key: str, held: _Held) -> Sprite:
    path = _path(cache, kind, key)
    stored = _load(path)
    if stored is None:
        pixels, left, top = _crop(*_soften(render(held.element), held.blur))
        stored = (pixels, left, top, held.element.px)
        _store(path, pixels, left, top, held.element.px)
    pixels, left, top, side = stored
    return Sprite(_image(pixels), left, top, side)


def _image(pixels: NDArray[np.uint8]) -> skia.Image:
    return skia.Image.fromarray(
        np.ascontiguousarray(pixels), skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType, copy=True
    )


def _soften(pixels: NDArray[np.uint8], blur: float) -> tuple[NDArray[np.uint8], int]:
    """The pixels blurred with a margin that holds the blur, and the margin in px."""
    if blur <= 0:
        return pixels, 0
    margin = int(blur * 3) + 1
    side = pixels.shape[0] + 2 * margin
    surface = skia.Surface(side, side)
    paint = skia.Paint(ImageFilter=skia.ImageFilters.Blur(blur, blur, skia.TileMode.kDecal))
    surface.getCanvas().drawImage(_image(pixels), margin, margin, skia.SamplingOptions(), paint)
    info = skia.ImageInfo.Make(side, side, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    result = np.zeros((side, side, 4), np.uint8)
    surface.readPixels(info, result, side * 4, 0, 0)
    return result, margin


def _crop(pixels: NDArray[np.uint8], margin: int) -> tuple[NDArray[np.uint8], int, int]:
    rows = np.flatnonzero(pixels[..., 3].any(axis=1))
    columns = np.flatnonzero(pixels[..., 3].any(axis=0))
    if rows.size == 0:
        return pixels[:1, :1], 0, 0
    top, left = int(rows[0]), int(columns[0])
    cut = pixels[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    return np.ascontiguousarray(cut), left - margin, top - margin


def _load(path: Path) -> tuple[NDArray[np.uint8], int, int, int] | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) < _HEADER.size:
        return None
    magic, width, height, left, top, side, check = _HEADER.unpack_from(data)
    if magic != _MAGIC or len(data) != _HEADER.size + width * height * 4 or check != _sum(data[_HEADER.size :]):
        return None  # a torn or foreign file is rendered anew
    keeping.touch(path)
    pixels = np.frombuffer(data, np.uint8, offset=_HEADER.size).reshape(height, width, 4)
    return pixels, left, top, side


def _sum(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=3).digest(), "little")


def _store(path: Path, pixels: NDArray[np.uint8], left: int, top: int, side: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = pixels.shape[:2]
    body = pixels.tobytes()
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(_HEADER.pack(_MAGIC, width, height, left, top, side, _sum(body)))
        part.write(body)
    if next(_stored) % _EVERY == 0:
        keeping.trim(path.parent, most_bytes=_MOST_BYTES, days=_MOST_DAYS)
    os.replace(part.name, path)  # two processes may render the same sprite; the last one wins with equal bytes
