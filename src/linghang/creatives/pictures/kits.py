"""Brand kits made fit to be drawn with: a colour or a logo that cannot be read is told and left out."""

import base64
import binascii
import dataclasses
import io
import re

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from linghang.base.findings import Finding, Severity
from linghang.creatives.pictures.model import Kit

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_MOST_PIXELS = 16_000_000


def is_colour(text: str) -> bool:
    """Whether a text is a colour as ``#RRGGBB``."""
    return _COLOUR.fullmatch(text) is not None


def logo_pixels(logo: str) -> NDArray[np.uint8] | None:
    """A logo's pixels (RGBA, straight); None for what is no picture, or too large a one."""
    try:
        data = base64.b64decode(logo, validate=True)
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            return np.asarray(image.convert("RGBA"), np.uint8)
    except (binascii.Error, ValueError, OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def prepare_kit(kit: Kit) -> tuple[Kit, tuple[Finding, ...]]:
    """The kit as it will be drawn, and what had to be left out (S3: a person should look)."""
    usual = Kit()
    found: list[Finding] = []
    changes: dict[str, str] = {}
    for name in ("primary", "accent"):
        value = str(getattr(kit, name))
        if not is_colour(value):
            found.append(Finding("pictures.kit_colour", Severity.S3, about=name, params={"colour": value}))
            changes[name] = str(getattr(usual, name))
    if kit.logo and logo_pixels(kit.logo) is None:
        found.append(Finding("pictures.kit_logo", Severity.S3, about="logo"))
        changes["logo"] = ""
    return (dataclasses.replace(kit, **changes) if changes else kit), tuple(found)
