"""Files are of the form that was asked for, within the limit where the form allows, and keep their alpha."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from linghang.creatives.pictures.encode import within


@pytest.fixture
def noise() -> NDArray[np.uint8]:
    pixels = np.random.default_rng(1).integers(0, 255, (200, 300, 4)).astype(np.uint8)
    pixels[..., 3] = 255
    return pixels


@pytest.mark.parametrize("form", ["webp", "jpeg", ""])
def test_quality_is_lowered_until_it_fits(noise: NDArray[np.uint8], form: str) -> None:
    data, how = within(noise, 45_000, transparent=False, form=form)
    assert len(data) <= 45_000
    assert how.quality < 88
    assert Image.open(io.BytesIO(data)).format == {"webp": "WEBP", "jpeg": "JPEG", "": "WEBP"}[form]


@pytest.mark.parametrize("form", ["webp", "png", "jpeg", ""])
def test_alpha_is_kept_whatever_the_form_asked_for(form: str) -> None:
    clear = np.zeros((64, 64, 4), np.uint8)
    clear[16:48, 16:48] = (200, 20, 20, 255)
    image = Image.open(io.BytesIO(within(clear, 20_000, transparent=True, form=form)[0])).convert("RGBA")
    assert image.getpixel((2, 2))[3] == 0  # type: ignore[index]
    assert image.getpixel((32, 32))[3] == 255  # type: ignore[index]
