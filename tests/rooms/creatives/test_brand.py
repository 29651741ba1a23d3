"""The brand kit: what is wrong is a finding with a fix, never an exception and never a broken picture."""

import base64
import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from linghang.access.rights import ROLES
from linghang.base.errors import RefusedError
from linghang.creatives import brand
from linghang.creatives.brand import BrandKit
from linghang.creatives.branding import keep, show
from linghang.creatives.pictures import DesignSpec, Frame, Kit, Words, compose
from linghang.creatives.pictures.kits import logo_pixels, prepare_kit
from linghang.packs.model import Brand, Label
from linghang.testing.contexts import context

GOOD = BrandKit("领航", "领", "#D7000F", "#F3A823")


def logo(ground: str | tuple[int, ...], mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> str:
    image = Image.new(mode, size, ground)
    ImageDraw.Draw(image).ellipse((20, 10, 90, 70), fill="#C0102A")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def codes(kit: BrandKit) -> list[str]:
    return [item.code for item in brand.check(kit)]


def test_a_good_kit_has_nothing_wrong() -> None:
    assert not codes(GOOD)
    assert not codes(dataclasses.replace(GOOD, logo=logo((0, 0, 0, 0), "RGBA")))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"primary": "red"}, "brand.bad_colour"),
        ({"primary": "#FFE14A"}, "brand.low_contrast"),
        ({"name": " "}, "brand.no_name"),
        ({"name": "领\U0001f600航"}, "brand.name_glyphs"),
        ({"face": "comic"}, "brand.face_missing"),
        ({"mood": "sad"}, "brand.no_mood"),
        ({"logo": "not base64 !"}, "brand.logo_unreadable"),
        ({"logo": base64.b64encode(b"GIF89a junk").decode()}, "brand.logo_unreadable"),
        ({"logo": logo("#FFFFFF")}, "brand.logo_white_box"),
        ({"logo": logo((0, 0, 0, 0), "RGBA", (900, 100))}, "brand.logo_long"),
    ],
)
def test_each_fault_is_told(change: dict[str, str], code: str) -> None:
    assert code in codes(dataclasses.replace(GOOD, **change))


def test_a_colour_that_carries_no_white_comes_with_one_that_does() -> None:
    found = brand.check(dataclasses.replace(GOOD, primary="#FFE14A"))
    fix = found[0].fix
    assert fix is not None
    assert fix.text is not None
    assert "brand.low_contrast" not in codes(dataclasses.replace(GOOD, primary=fix.text))


def test_a_white_box_is_cut_out_and_the_sign_stays() -> None:
    found = next(item for item in brand.check(dataclasses.replace(GOOD, logo=logo("#FFFFFF"))))
    assert found.fix is not None
    assert found.fix.text is not None
    pixels = logo_pixels(found.fix.text)
    assert pixels is not None
    assert pixels[0, 0, 3] == 0
    assert tuple(pixels[40, 55]) == (0xC0, 0x10, 0x2A, 255)
    assert not brand.has_white_box(pixels)


def test_a_broken_kit_ends_in_a_picture_and_findings(tmp_path: Path) -> None:
    kit = Kit("领航", "领", "#GG0000", "#F3A823", "junk")
    usable, found = prepare_kit(kit)
    assert [item.about for item in found] == ["primary", "logo"]
    assert usable.logo == ""
    spec = DesignSpec(
        "steady", "insurance", Frame("icon", 144, 144, 100_000), Words(("盾",), brand="领航"), kit, seed=3
    )
    picture = compose(spec, cache=tmp_path)
    assert {item.code for item in picture.findings} >= {"pictures.kit_colour", "pictures.kit_logo"}
    assert np.asarray(Image.open(io.BytesIO(picture.data))).size


def test_a_kept_kit_is_the_current_one_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    ctx = context(tmp_path, rights=ROLES["designer"])
    before = show(ctx)["kit"]
    keep(ctx, {"primary": "#0B4FB3"})
    assert show(ctx)["kit"] == {**before, "primary": "#0B4FB3"}
    assert show(ctx)["history"][0]["primary"] == "#0B4FB3"
    with pytest.raises(RefusedError, match="brand.not_kept"):
        keep(ctx, {"primary": "blue"})
    assert show(ctx)["kit"]["primary"] == "#0B4FB3"


def test_pages_wear_the_kits_colours_and_logo_and_keep_the_banks_name_and_duties() -> None:
    own = Brand(Label("示例银行", "Sample Bank"), "示例", "#D7000F", "#F3A823", "【示例银行】", "95500")
    worn = brand.branded(own, BrandKit("领航", "航", "#123456", "#ABCDEF", logo="UE5H"))
    assert (worn.primary, worn.accent, worn.logo, worn.sign) == ("#123456", "#ABCDEF", "UE5H", "航")
    assert (worn.name, worn.signature, worn.telephone) == (own.name, own.signature, own.telephone)
