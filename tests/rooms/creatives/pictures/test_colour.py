"""Colours survive the way to OKLCH and back, and contrast is WCAG's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.base.errors import UsageError
from linghang.creatives.pictures.colour import contrast, lch_hex, mix, parse

hexes = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")


@given(hexes)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str) -> None:
    value = parse(colour)
    back = lch_hex(value.lightness, value.chroma, value.hue)
    apart = [abs(int(colour[at : at + 2], 16) - int(back[at : at + 2], 16)) for at in (1, 3, 5)]
    assert max(apart) <= 1


@given(st.floats(0.15, 0.98), st.floats(0, 0.4), st.floats(0, 360))
def test_colours_outside_the_gamut_keep_their_lightness(lightness: float, chroma: float, hue: float) -> None:
    assert abs(parse(lch_hex(lightness, chroma, hue)).lightness - lightness) < 0.02


@given(hexes, hexes)
def test_contrast_is_symmetric_and_between_1_and_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_mixing_ends_at_both_colours() -> None:
    assert mix("#C21F30", "#F2C14E", 0) == "#C21F30"
    assert mix("#C21F30", "#F2C14E", 1) == "#F2C14E"


@pytest.mark.parametrize("text", ["red", "#12", "#GGGGGG", ""])
def test_a_text_that_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="bad_colour"):
        parse(text)
