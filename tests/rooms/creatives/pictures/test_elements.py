"""Every element is whole, of the right colour, and comes back from the cache as it went in."""

import colorsys
from pathlib import Path

import numpy as np
import pytest

from linghang.base.errors import UnknownItemError
from linghang.creatives.pictures.elements.model import Element, kind, kinds
from linghang.creatives.pictures.elements.render import fingerprint, render
from linghang.creatives.pictures.elements.sprites import sprite
from linghang.creatives.pictures.palette import build

TONES = {"deep": [0.43, 0.185, 0], "base": [0.56, 0.22, 0], "bright": [0.8, 0.15, 30], "floor": [0.47, 0.19, 0]}
PAINTS = build(28, TONES, light=False, metal="gold", up_red=True).ramps


def test_there_are_at_least_sixteen_kinds() -> None:
    assert len(kinds()) >= 16


@pytest.mark.parametrize("name", sorted(kinds()))
def test_an_element_is_drawn_whole_in_every_pose(name: str) -> None:
    for pose in kind(name).poses[:4]:
        alpha = render(Element(name, 32, pose, PAINTS))[..., 3]
        share = (alpha > 127).mean()
        assert 0.04 < share < 0.85
        border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        assert (border > 127).sum() <= 3, f"{name} {pose} is cut by its square"


def test_gold_is_warm_and_not_lemon() -> None:
    pixels = render(Element("coin", 96, kind("coin").poses[0], PAINTS))
    body = pixels[pixels[..., 3] == 255][:, :3].mean(axis=0) / 255
    hue, _, saturation = colorsys.rgb_to_hls(*body)
    assert 28 < hue * 360 < 46
    assert saturation > 0.6


def test_a_character_shows_on_the_coin() -> None:
    pose = kind("coin").poses[0]
    plain, other = (render(Element("coin", 96, pose, PAINTS, glyph=glyph)) for glyph in ("¥", "福"))
    assert np.abs(plain.astype(int) - other.astype(int)).max() > 30


def test_growth_is_red_in_chinese_and_green_in_english() -> None:
    chinese, english = (
        build(258, TONES, light=False, metal="gold", up_red=red).ramps["rising"][1] for red in (True, False)
    )
    assert int(chinese[1:3], 16) > int(chinese[3:5], 16)
    assert int(english[3:5], 16) > int(english[1:3], 16)


def test_a_red_packet_is_red_on_every_ground() -> None:
    for hue in (28, 160, 258, 285):
        red, green, blue = (
            int(build(hue, TONES, light=False, metal="gold", up_red=True).ramps["packet"][1][at : at + 2], 16)
            for at in (1, 3, 5)
        )
        assert red > 2 * max(green, blue)


def test_a_sprite_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    element = Element("coin", 48, kind("coin").poses[1], PAINTS)
    first = sprite(element, cache=tmp_path)
    files = list(tmp_path.rglob("*.rgba"))
    assert len(files) == 1
    assert fingerprint(element, 0.0) in files[0].name
    again = sprite(element, cache=tmp_path)
    assert again.image.tobytes() == first.image.tobytes()


def test_a_torn_file_is_rendered_anew(tmp_path: Path) -> None:
    element = Element("ingot", 48, kind("ingot").poses[1], PAINTS)
    first = sprite(element, cache=tmp_path).image.tobytes()
    path = next(tmp_path.rglob("*.rgba"))
    path.write_bytes(path.read_bytes()[:-100] + b"x" * 100)
    from linghang.creatives.pictures.elements import sprites  # noqa: PLC0415

    sprites._read.cache_clear()  # pyright: ignore[reportPrivateUsage]
    assert sprite(element, cache=tmp_path).image.tobytes() == first


def test_an_unknown_kind_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownItemError, match="coin"):
        kind("safe")
