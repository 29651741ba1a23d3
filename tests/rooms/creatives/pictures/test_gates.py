"""Good pictures pass every gate; each seeded defect is seen by one."""

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest

from linghang.base.findings import Severity
from linghang.creatives.pictures import DesignSpec, Frame, Kit, Picture, compose
from linghang.creatives.pictures.encode import decode
from linghang.creatives.pictures.gates import check
from linghang.creatives.pictures.gates.facts import texts_of
from linghang.creatives.pictures.gates.light import contrast_of, warm_share
from linghang.creatives.pictures.gates.reading import crop, read_back, same
from linghang.creatives.pictures.painting.canvas import forget, paint_plate, pixels

from .conftest import POSTER, of_evals

DEFECTS = of_evals("creative_defects").DEFECTS


def _codes(record: object, cache: Path, size: int) -> set[str]:
    known = [
        layer for layer in record.layers  # type: ignore[attr-defined]
        if layer["kind"] != "sprite" or layer["element"]["kind"] not in _FORBIDDEN
    ]  # fmt: skip
    plate = pixels(paint_plate(known, record.width, record.height, cache=cache))  # type: ignore[attr-defined]
    forget()
    found = check(record, plate, size=size)  # type: ignore[arg-type]
    return {f.code for f in found if f.severity in (Severity.S1, Severity.S2)}


_FORBIDDEN = {"flag", "emblem", "banknote", "official_seal", "safe", "vault"}


def test_a_good_picture_has_nothing_to_mend(poster: Picture, cache: Path) -> None:
    assert _codes(poster.record, cache, len(poster.data)) == set()
    assert not [f for f in poster.findings if f.severity in (Severity.S1, Severity.S2)]


@pytest.mark.parametrize("kind", sorted(DEFECTS))
def test_a_seeded_defect_is_seen(kind: str, cache: Path) -> None:
    spec = dataclasses.replace(POSTER, mood="lively", product="wealth", choices={"hero": "shield", "coins": 4})
    good = compose(spec, cache=cache)
    stream = random.Random(kind)
    for _ in range(4):
        broken = DEFECTS[kind](good.record, stream)
        assert broken is not None
        assert _codes(broken, cache, len(good.data)) - {"pictures.unlikely"}, kind


def test_the_far_end_of_a_disclaimer_counts(poster: Picture) -> None:
    fact = next(f for f in texts_of(poster.record.layers) if f.role == "legal")
    plate = np.zeros((640, 360, 4), np.uint8)
    plate[..., 3] = 255
    end = int(fact.ink.right - fact.ink.width * 0.1)
    plate[:, end:] = 255
    white = dataclasses.replace(fact, colour="#FFFFFF")
    assert contrast_of(plate, white).end < 1.1


def test_a_red_plate_is_warm_and_a_blue_one_is_not() -> None:
    plate = np.full((64, 64, 4), 255, np.uint8)
    plate[..., :3] = (220, 40, 30)
    assert warm_share(plate) == 1.0
    plate[..., :3] = (30, 80, 220)
    assert warm_share(plate) == 0.0


def test_reading_back_compares_figures_exactly_and_forgives_widths(poster: Picture) -> None:
    image = decode(poster.data)
    facts = [f for f in texts_of(poster.record.layers) if f.role in ("legal", "figure")]
    by_size = {crop(image, fact).tobytes(): fact.text for fact in facts}
    assert read_back(image, facts, lambda line: (by_size[line.tobytes()].replace(",", ","), 0.99)) == []
    wrong = read_back(image, facts, lambda line: (by_size[line.tobytes()].replace("18", "13"), 0.99))
    assert [f.code for f in wrong] == ["pictures.not_readable"]
    assert same("固收+ 严选・新客", "固收+严选·新客") == 1.0


def test_a_picture_that_never_reads_well_is_returned_with_its_reasons(cache: Path) -> None:
    spec = dataclasses.replace(POSTER, frame=Frame("small", 320, 480), seed=5)
    picture = compose(spec, cache=cache, attempts=1, reader=lambda line: ("???", 0.1))
    codes = {f.code for f in picture.findings}
    assert "pictures.not_readable" in codes
    assert "pictures.retried" in codes
    assert picture.attempts > 1
    assert picture.data


def test_no_spring_picture_is_black(cache: Path) -> None:
    for mood in ("premium", "tech", "steady"):
        spec = DesignSpec(mood, "wealth", Frame("x", 360, 480), POSTER.words, Kit("领航金融", "领"), "spring", seed=8)  # type: ignore[arg-type]
        picture = compose(spec, cache=cache)
        assert not [f for f in picture.findings if f.code == "pictures.festival_colour"]
