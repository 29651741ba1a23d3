"""Every slot is flowed, in every mood and for short and long copy, so that no text meets another or leaves the frame."""

import dataclasses
import random

import pytest

from linghang.creatives.pictures import DesignSpec, Frame, Kit, frames
from linghang.creatives.pictures.conventions import moods
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.gates import place
from linghang.creatives.pictures.gates.facts import texts_of
from linghang.creatives.pictures.layouts.families import family, lay_out
from linghang.creatives.pictures.words import prepare

from .conftest import of_evals

_COPIES = of_evals("creative_words")
ENGLISH, words = _COPIES.ENGLISH, _COPIES.words


def _laid(spec: DesignSpec) -> tuple[list[str], set[str]]:
    """Codes of what is wrong with the places of texts, and the roles that are there."""
    spec = dataclasses.replace(spec, words=prepare(spec.words)[0])
    sheet = lay_out(spec, design(spec), {})
    facts = texts_of(sheet.layers)
    found = [
        *place.overlaps(facts),
        *place.unsafe(facts, sheet.width, sheet.height),
        *place.spills(facts, sheet.layers),
        *place.covered(facts, sheet.layers),
    ]
    return [f"{f.code} {f.about} {dict(f.params)}" for f in found], {fact.role for fact in facts}


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame.id)
def test_texts_stay_apart_and_inside_in_every_mood(frame: Frame) -> None:
    stream = random.Random(frame.id)
    for mood in moods():
        for _ in range(3):
            spec = DesignSpec(mood, "wealth", frame, words(stream), Kit("领航金融", "领"), seed=stream.randrange(999))  # type: ignore[arg-type]
            wrong, roles = _laid(spec)
            assert wrong == [], (mood, spec.seed, spec.words)
            assert "ai_label" in roles
            if family(frame) not in ("icon", "float"):
                assert {"title", "legal", "button"} <= roles


@pytest.mark.parametrize(
    "size", [(1080, 1080), (720, 1280), (300, 250), (320, 100), (728, 90), (1920, 600), (640, 200)]
)
def test_sizes_that_nobody_foresaw_are_flowed_too(size: tuple[int, int]) -> None:
    for place_, said in enumerate(ENGLISH):
        wrong, _ = _laid(DesignSpec("lively", "fund", Frame("odd", *size), said, Kit("Linghang", "L"), seed=place_))
        assert wrong == []


def test_a_layout_is_no_scaled_copy_of_another() -> None:
    spec = DesignSpec("steady", "fund", Frame("a", 1080, 1920), words(random.Random(4)), Kit("领航金融", "领"))
    tall = lay_out(spec, design(spec), {})
    wide = lay_out(dataclasses.replace(spec, frame=Frame("b", 1080, 420)), design(spec), {})
    first, second = (next(f for f in texts_of(sheet.layers) if f.role == "title") for sheet in (tall, wide))
    assert first.ink.left / 1080 > 0.06
    assert second.ink.left / 1080 < 0.08
    assert abs(first.size / 1920 - second.size / 420) > 0.05


def test_what_found_no_room_is_told() -> None:
    said = dataclasses.replace(
        words(random.Random(1)), subtitle="一个放不进通栏的很长的副标题文案", legal="理财非存款,产品有风险。" * 8
    )
    spec = DesignSpec("steady", "fund", Frame("waist", 750, 180), said, Kit("领航金融", "领"))
    sheet = lay_out(spec, design(spec), {})
    drawn = {fact.role for fact in texts_of(sheet.layers)}
    assert "subtitle" in drawn or [note.code for note in sheet.notes] == ["pictures.left_out"]
