"""Design knowledge that a pack says itself: used where it holds, told where it does not, never against the law."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from linghang.base.digest import plain
from linghang.creatives.pictures import conventions, edit, spec_of
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.gates.check import check
from linghang.creatives.pictures.model import Picture
from linghang.creatives.pictures.overrides import of_folder

from .conftest import POSTER

SHRINE = """
steady:
  reason: 本行稳健一律用青绿,来自行标。
  hues: [{at: [170, 180], weight: 1}]
"""


def pack(folder: Path, **files: str) -> Path:
    (folder / "design").mkdir()
    for name, text in files.items():
        (folder / "design" / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_a_pack_without_design_says_nothing(tmp_path: Path) -> None:
    assert of_folder(tmp_path) == ({}, ())


def test_an_own_hue_is_drawn_and_the_record_carries_it(tmp_path: Path) -> None:
    tables, found = of_folder(pack(tmp_path, moods=SHRINE))
    assert not found
    own = dataclasses.replace(POSTER, knowledge=tables, choices={})
    assert 170 <= design(own).palette.hue <= 180
    assert not 170 <= design(dataclasses.replace(own, knowledge={})).palette.hue <= 180
    assert conventions.read("moods")["steady"]["hues"] == conventions.shipped("moods")["steady"]["hues"]


def test_an_own_festival_and_preset_can_be_chosen(tmp_path: Path) -> None:
    festivals = "founding: {words: [行庆], reason: 建行纪念日, 红金为主., hue: [27, 31], heroes: {gift: 3}}"
    presets = "house: {label: {zh: 行庆, en: Founding}, set: {mood: lively, coins: 6}, reason: 行庆日统一用。}"
    tables, found = of_folder(pack(tmp_path, festivals=festivals.replace(", 红金为主.", ""), presets=presets))
    assert not found
    assert edit(dataclasses.replace(POSTER, knowledge=tables), {"festival": "founding"}).festival == "founding"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("moods", "steady: {hues: [{at: [1, 2], weight: 1}]}", "reason"),
        ("moods", "steady: {reason: x, hues: [{at: [9, 2], weight: 1}]}", "hues"),
        ("moods", "steady: {reason: x, scenes: {casino: 1}}", "scenes: casino"),
        ("moods", "sad: {reason: x}", "accent"),
        ("festivals", "spring: {reason: x, heroes: {flag: 3}}", "heroes: flag"),
        ("products", "gold: {reason: x, supports: [banknote]}", "supports: banknote"),
        ("presets", "house: {reason: x, label: {zh: 一, en: One}, set: {volume: 3}}", "set: volume"),
        ("taboos", "everywhere: [{kinds: [coin]}]", "reason"),
        ("fonts", "a: {reason: x}", "fonts"),
        ("moods", "steady: [", ""),
    ],
)
def test_what_does_not_hold_is_told_and_left_out(tmp_path: Path, name: str, text: str, problem: str) -> None:
    tables, found = of_folder(pack(tmp_path, **{name: text}))
    assert tables == {}
    assert [item.code for item in found] == ["pictures.pack_design"]
    assert problem in str(found[0].params["problem"])


def test_taboos_grow_and_the_law_stays(tmp_path: Path, poster: Picture) -> None:
    tables, found = of_folder(pack(tmp_path, taboos="everywhere: [{kinds: [podium], reason: 本行不用圆台。}]"))
    assert not found
    plate = np.zeros((640, 360, 4), np.uint8)
    with conventions.using(tables):
        assert conventions.read("taboos")["everywhere"][0] == conventions.shipped("taboos")["everywhere"][0]
        codes = {(item.code, item.about) for item in check(poster.record, plate)}
    assert ("pictures.taboo", "podium") in codes


def test_the_spec_of_a_record_keeps_what_the_pack_said(tmp_path: Path) -> None:
    tables, _ = of_folder(pack(tmp_path, moods=SHRINE))
    own = dataclasses.replace(POSTER, knowledge=tables)
    assert spec_of(plain(own)) == own
