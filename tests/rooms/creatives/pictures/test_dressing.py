"""An image model fills plate and element layers only, is masked away from text, and its junk never reaches a picture."""

import base64
import dataclasses
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.findings import Severity
from linghang.creatives.pictures import DesignSpec, Frame, Kit, Picture, compose, dress, paint, plates
from linghang.creatives.pictures.painting.canvas import paint_plate, pixels
from linghang.creatives.pictures.painting.values import numbers
from linghang.creatives.pictures.type.setting import Box
from linghang.ports.images import Ability, Wish
from linghang.testing.images import FakeImages, gradient

from .conftest import WORDS

SPEC = DesignSpec("lively", "wealth", Frame("x", 540, 720), WORDS, Kit("领航金融", "领"), seed=3)


def _wrong(picture: Picture) -> list[str]:
    return [f.code for f in picture.findings if f.severity in (Severity.S1, Severity.S2)]


def _title(picture: Picture) -> dict[str, object]:
    return dict(next(text for text in picture.record.texts if text["role"] == "title"))


def decode_plate(picture: Picture, cache: Path) -> np.ndarray:
    """The picture without its words."""
    return pixels(paint_plate(picture.record.layers, picture.width, picture.height, cache=cache))


def _kinds(picture: Picture) -> list[str]:
    return [str(layer.get("role")) for layer in picture.record.layers if layer["kind"] == "picture"]


def test_a_plate_is_filled_masked_and_made_again_bit_for_bit(cache: Path) -> None:
    maker = FakeImages()
    picture = dress(SPEC, maker, cache=cache, parts=("plate",))
    assert _kinds(picture) == ["plate"]
    assert _wrong(picture) == []
    assert paint(picture.record, cache=cache) == picture.data
    mask = np.asarray(Image.open(io.BytesIO(maker.asked[0].mask)))
    for zone in plates.zones_of(compose(SPEC, cache=cache).record):
        x, y = (int(value) for value in zone.centre)
        assert mask[min(max(y, 0), 719), min(max(x, 0), 539)] == 0
    assert mask.max() == 255


def _answer(image: Image.Image) -> Callable[[Wish], bytes]:
    def answer(_wish: Wish) -> bytes:
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    return answer


def _photograph() -> Image.Image:
    """A calm sky above, all kinds of things below: as busy as a photograph of a town."""
    stream = np.random.default_rng(5)
    grey = np.full((400, 600, 3), 214, np.uint8)
    blocks = np.kron(stream.integers(20, 235, (20, 60, 3)), np.ones((10, 10, 1))).astype(np.uint8)
    grey[200:] = blocks
    return Image.fromarray(grey)


def _steps(values: np.ndarray) -> np.ndarray:
    """How much each row differs from the one above, on average over the columns."""
    return np.abs(np.diff(values.astype(float), axis=0)).mean(axis=(1, 2))


@pytest.mark.parametrize("image", [Image.linear_gradient("L").resize((540, 720)), _photograph()], ids=["soft", "busy"])
def test_over_a_new_plate_no_block_of_the_old_one_is_seen_and_words_can_be_read(
    cache: Path, image: Image.Image
) -> None:
    picture = dress(SPEC, FakeImages(ability=Ability(), answer=_answer(image.convert("RGB"))), cache=cache)
    assert _kinds(picture) == ["plate"]
    assert _wrong(picture) == []
    plate = decode_plate(picture, cache)
    left, top, _, bottom = (int(value) for value in _title(picture)["box"])  # type: ignore[attr-defined]
    beside = plate[max(0, top - 60) : bottom + 60, max(0, left - 12) : left - 2, :3]
    assert _steps(beside).max() < 12  # a hard edge would be a jump of one row


def test_a_photograph_keeps_its_subject_and_the_hero_gives_way(cache: Path) -> None:
    busy = dress(SPEC, FakeImages(ability=Ability(), answer=_answer(_photograph())), cache=cache)
    soft = dress(SPEC, FakeImages(ability=Ability()), cache=cache)
    assert not [layer for layer in busy.record.layers if layer["kind"] == "sprite"]
    assert [layer for layer in soft.record.layers if layer["kind"] == "sprite"]


def test_the_crop_shows_the_subject_beside_the_words() -> None:
    wide = np.full((100, 400, 3), 128, np.uint8)
    wide[:, 320:] = np.kron(np.random.default_rng(1).integers(0, 255, (20, 16, 3)), np.ones((5, 5, 1)))
    words = [Box(5, 10, 60, 90)]
    cut = np.asarray(plates.cover(Image.fromarray(wide), 200, 100, words)).astype(float)
    assert cut[:, :60].std() < 3
    assert cut[:, 120:].std() > 30


def test_an_element_takes_the_heros_place(cache: Path) -> None:
    picture = dress(SPEC, FakeImages(), cache=cache, parts=("element",))
    assert _kinds(picture) == ["element"]
    assert _wrong(picture) == []


def test_an_element_on_an_even_ground_is_cut_out(cache: Path) -> None:
    def disc(wish: Wish) -> bytes:
        image = Image.open(io.BytesIO(gradient(dataclasses.replace(wish, transparent=True))))
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        white.alpha_composite(image)
        out = io.BytesIO()
        white.convert("RGB").save(out, "PNG")
        return out.getvalue()

    maker = FakeImages(ability=Ability(), answer=disc)
    picture = dress(SPEC, maker, cache=cache, parts=("element",))
    assert _kinds(picture) == ["element"]


def _raises(error: Exception) -> Callable[[Wish], bytes]:
    def answer(_wish: Wish) -> bytes:
        raise error

    return answer


def _flat(_wish: Wish) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (512, 512)).save(out, "PNG")
    return out.getvalue()


def _stamp(_wish: Wish) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((32, 32), 50).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("part", ["plate", "element"])
@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (_raises(UnavailableError("images.timeout", server="x")), 1),
        (_raises(RefusedError("images.refused", server="x")), 3),
        (lambda _wish: b"<html>sorry</html>", 3),
        (lambda wish: gradient(wish)[:300], 3),
        (_flat, 3),
        (_stamp, 3),
    ],
    ids=["hangs", "refuses", "html", "torn", "blank", "stamp"],
)
def test_junk_leaves_the_engines_picture_and_a_reason(
    cache: Path, answer: Callable[[Wish], bytes], asked: int, part: str
) -> None:
    maker = FakeImages(answer=answer)
    picture = dress(SPEC, maker, cache=cache, parts=(part,))  # type: ignore[arg-type]
    assert len(maker.asked) == asked
    assert picture.data == compose(SPEC, cache=cache).data
    assert _wrong(picture) == []
    assert "pictures.model_unused" in [finding.code for finding in picture.findings]
    assert "pictures.retried" in [finding.code for finding in picture.findings]


def test_each_try_has_another_seed_and_text_in_the_plate_is_refused(cache: Path) -> None:
    maker = FakeImages()
    read = iter([["SALE"], ["50%"], []])
    picture = dress(SPEC, maker, cache=cache, finder=lambda _pixels: next(read))
    assert _kinds(picture) == ["plate"]
    assert len({wish.seed for wish in maker.asked}) == 3


def test_what_is_not_fit_to_be_shown_is_refused_and_the_reason_kept(cache: Path) -> None:
    shares = iter([0.9, 0.1])
    picture = dress(SPEC, FakeImages(), cache=cache, judge=lambda _pixels: next(shares))
    assert _kinds(picture) == ["plate"]
    assert [f.params["code"] for f in picture.findings if f.params.get("code") == "pictures.unsafe_image"]
    never = dress(SPEC, FakeImages(), cache=cache, judge=lambda _pixels: 1.0)
    assert any(f.code == "pictures.model_unused" for f in never.findings)


def test_a_made_picture_carries_the_larger_label(cache: Path) -> None:
    picture = dress(SPEC, FakeImages(), cache=cache)
    label = next(text for text in picture.record.texts if text["role"] == "ai_label")
    assert float(str(label["size"])) >= 0.05 * 540 - 0.3


def _logo(_wish: Wish) -> bytes:
    """A wide mark in a white box, with white inside it too."""
    image = Image.new("RGB", (900, 420), "white")
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((240, 120, 660, 300), 40, fill=(10, 60, 160))
    pen.ellipse((400, 170, 480, 250), fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_brought_element_loses_its_white_box_keeps_its_shape_and_stands_where_the_hero_stood(cache: Path) -> None:
    maker = FakeImages(ability=Ability(), answer=_logo)
    picture = dress(SPEC, {"element": maker}, cache=cache, modelled=False)
    assert _kinds(picture) == ["element"]
    assert _wrong(picture) == []
    layer = next(layer for layer in picture.record.layers if layer["kind"] == "picture")
    left, top, right, bottom = numbers(layer, "box")
    assert (right - left) / (bottom - top) == pytest.approx(420 / 180, rel=0.05)
    cut = np.asarray(Image.open(io.BytesIO(base64.b64decode(str(layer["data"])))))
    assert cut[cut.shape[0] // 2, cut.shape[1] // 2, 3] == 255  # white inside is not the box
    assert (cut[..., 3] > 127).mean() > 0.9
    label = next(text for text in picture.record.texts if text["role"] == "ai_label")
    assert float(str(label["size"])) < 0.05 * 540  # nobody's model made it


def test_a_plate_and_an_element_of_the_library_go_together(cache: Path) -> None:
    plate = FakeImages(ability=Ability(), answer=_answer(_photograph()))
    both = {"plate": plate, "element": FakeImages(ability=Ability(), answer=_logo)}
    picture = dress(SPEC, both, cache=cache, modelled=False)
    assert sorted(_kinds(picture)) == ["element", "plate"]
    assert _wrong(picture) == []
    assert paint(picture.record, cache=cache) == picture.data
