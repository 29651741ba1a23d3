"""Edits in words: a designer's vocabulary, Chinese and English; what it does not hold is asked back."""

import dataclasses
import re

import pytest

from linghang.creatives.pictures import conventions, edit, parameters
from linghang.creatives.pictures.saying import Said, understand

from .conftest import POSTER

LIVELY = dataclasses.replace(POSTER, mood="lively", product="wealth", choices={"coins": 8, "hue": 28})


def said(text: str) -> Said:
    return understand(text, LIVELY)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("金币少一点", {"coins": 6}),
        ("fewer coins", {"coins": 4}),
        ("金币10个", {"coins": 10}),
        ("不要彩带", {"confetti": 0}),
        ("标题大一点", {"title_scale": 1.08}),
        ("标题换成宋体", {"face": "serif-black"}),
        ("标题换成金色", {"title_style": "gilt"}),
        ("把红包换成存钱罐", {"hero": "piggy"}),
        ("background to city", {"scene": "city"}),
        ("再高级一点", {"mood": "premium"}),
        ("用品牌色", {"palette": "brand"}),
        ("换个构图", {"seed": POSTER.seed + 1}),
    ],
)
def test_a_clause_turns_what_it_names(text: str, changes: dict[str, object]) -> None:
    found = said(text)
    assert dict(found.changes) == changes
    assert not found.unclear


def test_a_sentence_of_three_clauses_turns_three_things() -> None:
    found = said("金币少一点,标题大一点,换成蓝色")
    assert found.changes["coins"] == 6
    assert found.changes["hue"] == 258
    assert {turn.parameter for turn in found.turns} >= {"coins", "title_scale", "hue"}
    assert next(turn for turn in found.turns if turn.parameter == "coins").before == 8


def test_a_cold_colour_takes_a_lively_picture_to_another_mood() -> None:
    assert said("换成蓝色").changes["mood"] == "steady"
    assert "mood" not in understand("换成蓝色", POSTER).changes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("猫猫可爱些", "pictures.say_unknown"),
        ("金币大一点", "pictures.say_what"),
        ("按钮改成立即购买", "pictures.say_text"),
        ("make it sing", "pictures.say_unknown"),
    ],
)
def test_what_is_not_understood_is_asked_and_changes_nothing(text: str, code: str) -> None:
    found = said(text)
    assert not found.changes
    assert [item.code for item in found.unclear] == [code]


def test_steps_stop_at_the_ends_of_a_range() -> None:
    high = float(parameters()["coins"]["high"])
    assert said("金币最多").changes["coins"] == high
    assert (
        said("标题小很多,标题小很多,标题小很多,标题小很多").changes["title_scale"] == parameters()["title_scale"]["low"]
    )


def test_every_value_of_the_vocabulary_can_be_set() -> None:
    vocabulary = conventions.read("sayings")
    for table in ("hero", "scene", "ground", "face", "title_style", "metal", "palette"):
        for key in vocabulary[table]:
            assert edit(LIVELY, {table: key}).choices[table] == key
    for entry in vocabulary["colours"].values():
        edit(LIVELY, entry["set"])
    for preset in conventions.read("presets").values():
        edit(LIVELY, preset["set"])


def test_every_word_is_said_in_both_languages() -> None:
    vocabulary = conventions.read("sayings")
    for table in ("things", "moods", "hero", "scene", "ground", "face", "title_style", "metal", "colours"):
        for key, entry in vocabulary[table].items():
            words = [str(word) for word in entry["words"]]
            assert any(re.search("[\u4e00-\u9fff]", word) for word in words), key
            assert any(word.isascii() for word in words), key


def test_there_are_five_presets_each_with_a_reason() -> None:
    presets = conventions.read("presets")
    assert len(presets) == 5
    assert all(entry["reason"] for entry in presets.values())
