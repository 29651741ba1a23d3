"""Composing is repeatable, the record is the truth, and bad input ends in findings, never in a broken picture."""

import base64
import dataclasses
import io
import multiprocessing
import pickle
from concurrent import futures
from pathlib import Path

import pytest
from PIL import Image

from linghang.base.digest import canonical_json
from linghang.base.errors import RefusedError, UnavailableError, UnknownItemError
from linghang.base.findings import Severity
from linghang.creatives.pictures import Frame, Kit, Picture, compose, compose_set, loop, paint, thumbnail
from linghang.creatives.pictures.fonts import registry
from linghang.creatives.pictures.painting.canvas import forget

from .conftest import POSTER, WORDS


def _same_words(title: str) -> object:
    return dataclasses.replace(POSTER, words=dataclasses.replace(WORDS, title=(title,)))


def test_a_record_paints_the_same_bytes_again(poster: Picture, cache: Path) -> None:
    forget()
    assert paint(poster.record, cache=cache) == poster.data


def test_a_record_is_json_and_survives_it(poster: Picture) -> None:
    import json  # noqa: PLC0415

    plain = json.loads(canonical_json(poster.record))
    assert plain["layers"] == json.loads(json.dumps(poster.record.layers))
    assert {text["role"] for text in plain["texts"]} >= {"title", "legal", "button", "ai_label"}


def test_equal_specs_give_equal_pictures_in_a_spawned_process(poster: Picture, cache: Path) -> None:
    pickle.loads(pickle.dumps(poster))
    context = multiprocessing.get_context("spawn")
    with futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        other = pool.submit(compose, POSTER, cache=cache).result()
    assert other.data == poster.data


def test_another_seed_gives_another_picture(poster: Picture, cache: Path) -> None:
    other = compose(dataclasses.replace(POSTER, seed=4), cache=cache)
    assert other.record.layers != poster.record.layers


def test_a_changed_face_is_refused(poster: Picture, cache: Path) -> None:
    fonts = {name: "0" * 64 for name in poster.record.fonts}
    with pytest.raises(UnavailableError, match="face_changed"):
        paint(dataclasses.replace(poster.record, fonts=fonts), cache=cache)


@pytest.mark.parametrize("size", [(1, 1), (20_000, 100), (20_000, 20_000), (4000, 4000), (97, 1200)])
def test_sizes_that_hold_no_picture_are_refused_with_a_finding(size: tuple[int, int], cache: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        compose(dataclasses.replace(POSTER, frame=Frame("bad", *size)), cache=cache)
    assert caught.value.findings[0].code == "pictures.bad_frame"


def test_unknown_names_are_refused_with_those_that_exist(cache: Path) -> None:
    with pytest.raises(UnknownItemError, match="lively"):
        compose(dataclasses.replace(POSTER, mood="angry"), cache=cache)  # type: ignore[arg-type]


def test_copy_that_is_too_long_is_told_and_still_a_whole_picture(cache: Path) -> None:
    words = dataclasses.replace(
        WORDS, title=("这是一个长得没有任何资源位能放得下的主标题" * 3,), button="立即前往活动页面领取全部权益礼包"
    )
    picture = compose(dataclasses.replace(POSTER, words=words), cache=cache, attempts=1)
    told = {(f.code, f.about) for f in picture.findings if f.severity is Severity.S2}
    assert ("pictures.too_long", "title") in told
    assert ("pictures.too_long", "button") in told
    assert ("pictures.overlap", "title") not in told


def test_emoji_and_mixed_scripts_end_in_a_picture_and_a_finding(cache: Path) -> None:
    words = dataclasses.replace(WORDS, title=("抢🧧红包ABC", "龘臺灣 नमस्ते"), subtitle="★ 满100减18 ☆")
    picture = compose(dataclasses.replace(POSTER, words=words), cache=cache, attempts=1)
    assert "pictures.glyph_dropped" in {f.code for f in picture.findings}
    assert "pictures.missing_glyph" not in {f.code for f in picture.findings}


def test_with_packages_alone_chinese_is_still_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setenv("LINGHANG_CACHE", str(tmp_path))
    monkeypatch.setattr(registry, "_SYSTEM", ())
    registry.forget()
    picture = compose(POSTER, cache=cache)
    assert set(picture.record.fonts) <= {"sans-regular", "sans-medium", "sans-bold", "sans-light"}
    assert not [f for f in picture.findings if f.severity in (Severity.S1, Severity.S2)]
    monkeypatch.undo()
    registry.forget()


def test_the_file_keeps_the_slots_limit_and_the_implicit_mark(cache: Path) -> None:
    frame = Frame("tight", 360, 640, max_bytes=19_000)
    picture = compose(dataclasses.replace(POSTER, frame=frame), cache=cache)
    assert len(picture.data) <= 19_000
    assert b"AIGC" in picture.data
    assert picture.record.encoding["method"] == 4


def test_a_limit_that_nothing_keeps_is_a_finding(cache: Path) -> None:
    frame = Frame("tiny", 360, 640, max_bytes=2_000)
    picture = compose(dataclasses.replace(POSTER, frame=frame), cache=cache, attempts=1)
    assert "pictures.too_heavy" in {f.code for f in picture.findings}


def test_a_logo_is_set_on_a_chip(cache: Path) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "#2255CC").save(stream, "PNG")
    kit = Kit("领航金融", "领", logo=base64.b64encode(stream.getvalue()).decode())
    picture = compose(dataclasses.replace(POSTER, kit=kit), cache=cache)
    assert [layer["kind"] for layer in picture.record.layers].count("logo") == 1


def test_a_set_is_one_design_in_all_slots(cache: Path) -> None:
    slots = (Frame("a", 360, 640), Frame("b", 540, 210), Frame("c", 360, 480, transparent=True))
    pictures = compose_set(POSTER, slots, cache=cache)
    assert [(p.width, p.height) for p in pictures] == [(360, 640), (540, 210), (360, 480)]
    heroes = [
        {layer["element"]["kind"] for layer in p.record.layers if layer["kind"] == "sprite"} - {"coin", "podium"}  # type: ignore[index]
        for p in pictures
    ]
    assert heroes[0] & heroes[1] & heroes[2]


def test_a_popup_lets_the_page_through(cache: Path) -> None:
    picture = compose(dataclasses.replace(POSTER, frame=Frame("p", 360, 480, transparent=True)), cache=cache)
    image = Image.open(io.BytesIO(picture.data)).convert("RGBA")
    assert image.getpixel((1, 1))[3] == 0  # type: ignore[index]
    assert image.getpixel((180, 360))[3] == 255  # type: ignore[index]


def test_a_loop_moves_and_keeps_its_limit(cache: Path) -> None:
    picture = compose(dataclasses.replace(POSTER, frame=Frame("f", 200, 200, transparent=True)), cache=cache)
    data = loop(picture.record, cache=cache, max_bytes=200_000)
    image = Image.open(io.BytesIO(data))
    assert image.is_animated  # type: ignore[attr-defined]
    assert image.n_frames >= 8  # type: ignore[attr-defined]
    assert len(data) <= 200_000
    with pytest.raises(RefusedError, match="loop_too_heavy"):
        loop(picture.record, cache=cache, max_bytes=100)


def test_a_thumbnail_is_small(poster: Picture) -> None:
    image = Image.open(io.BytesIO(thumbnail(poster.data, 120)))
    assert max(image.size) == 120
