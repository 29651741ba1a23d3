"""Titles that can be read: faces that do not clog, strokes that leave gaps open, a second line on a bar of its own."""

import dataclasses
from pathlib import Path

import pytest

from linghang.creatives.pictures import DesignSpec, Frame, Kit, Words, compose, fonts, preview
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.layouts.families import lay_out
from linghang.creatives.pictures.painting.values import number, numbers, parts
from linghang.creatives.pictures.type.openness import openness

SPLASH = Frame("splash", 1080, 1920)
WORDS = Words(
    ("开门红", "万元好礼等你拿"), "每月18日", "立即领取", "", (), "理财非存款,产品有风险,投资须谨慎。", "领航金融"
)
SPEC = DesignSpec("lively", "wealth", SPLASH, WORDS, Kit("领航金融", "领"))


def _titles(spec: DesignSpec) -> list[dict[str, object]]:
    return [layer for layer in lay_out(spec, design(spec), {}).layers if layer["kind"] == "title"]


def _with(spec: DesignSpec, *lines: str, **choices: str | float) -> DesignSpec:
    words = dataclasses.replace(spec.words, title=lines)
    return dataclasses.replace(spec, words=words, choices={**spec.choices, **choices})


def test_dense_characters_are_less_open_than_plain_ones() -> None:
    assert openness("赢", "sans-bold") < openness("额", "sans-bold") < openness("日", "sans-bold")
    assert openness("一", "sans-bold") == 1.0
    assert openness("日赢", "sans-bold") == openness("赢", "sans-bold")


def test_light_strokes_are_no_wider_than_the_gaps_of_the_letters() -> None:
    for line in ("赢额增翻", "日日一口"):
        for layer in _titles(_with(SPEC, line, title_style="candy", face="sans-bold")):
            thin = [number(step, "width") for step in parts(layer, "passes") if step["pass"] == "stroke"]
            assert min(thin) <= max(0.016, 0.75 * openness(line, "sans-bold")) + 0.031  # plus what thin faces gain


@pytest.mark.skipif(
    not any(face.id == "huangyou" and face.present for face in fonts.faces()),
    reason="needs the display faces: linghang fonts install",
)
def test_a_close_set_face_leaves_long_lines_and_clogged_characters_to_a_plain_one() -> None:
    def face(*lines: str) -> str:
        return str(_titles(_with(SPEC, *lines, face="huangyou"))[0]["faces"][0])  # type: ignore[index]

    assert face("开门红") == "huangyou"
    assert face("万元好礼等你来拿") != "huangyou"
    assert face("翻倍赢") != "huangyou"


def test_a_second_line_on_a_bar_stands_inside_it(cache: Path) -> None:
    barred = 0
    for seed in range(12):
        spec = dataclasses.replace(SPEC, seed=seed)
        picture = compose(spec, cache=cache) if seed < 1 else None
        layers = picture.record.layers if picture else lay_out(spec, design(spec), {}).layers
        bars = [layer for layer in layers if layer["kind"] == "plaque"]
        barred += bool(bars)
        for bar in bars:
            left, _, right, _ = numbers(bar, "box")
            second = [layer for layer in layers if layer["kind"] == "title"][1]
            assert left < number(second, "x") < right
    assert 1 <= barred <= 11  # some designs have it, and some do not


def test_a_change_that_a_slot_cannot_show_is_told(cache: Path) -> None:
    full = _with(SPEC, "五十万以内受存款保险保障", title_scale=1.3)
    small = dataclasses.replace(full, choices={**full.choices, "title_scale": 1.25})
    fewer = dataclasses.replace(full, choices={**full.choices, "coins": 2.0})
    told = preview(full, cache=cache, side=300, without={"title_scale": small, "coins": fewer})
    assert told.idle == ("title_scale",)
