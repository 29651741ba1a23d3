"""One parameter is changed and nothing else; what does not exist is refused."""

import pytest

from linghang.base.digest import plain
from linghang.base.errors import UsageError
from linghang.creatives.pictures import Picture, edit, parameters, spec_of
from linghang.creatives.pictures.design import design

from .conftest import POSTER


def test_fewer_coins_change_coins_only() -> None:
    before, after = design(POSTER), design(edit(POSTER, {"coins": 2}))
    assert after.coins == 2
    assert (after.palette, after.ground, after.hero, after.title_style) == (
        before.palette,
        before.ground,
        before.hero,
        before.title_style,
    )


def test_a_larger_title_and_another_colour() -> None:
    spec = edit(POSTER, {"title_scale": 1.2, "hue": 28, "words.subtitle": "新客专享"})
    assert design(spec).title_scale == 1.2
    assert design(spec).palette.hue == 28
    assert spec.words.subtitle == "新客专享"
    assert spec.words.title == POSTER.words.title


def test_none_gives_a_parameter_back_to_chance() -> None:
    assert edit(edit(POSTER, {"hero": "gift"}), {"hero": None}) == POSTER


@pytest.mark.parametrize(
    "changes",
    [
        {"coins": 99},
        {"hero": "safe"},
        {"nose": 1},
        {"mood": "angry"},
        {"seed": "x"},
        {"words.song": "la"},
        {"coins": True},
        {"hue": "red"},
    ],
)
def test_what_does_not_exist_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="bad_parameter"):
        edit(POSTER, changes)


def test_every_parameter_has_a_label_in_both_languages() -> None:
    assert all(entry["label"]["zh"] and entry["label"]["en"] for entry in parameters().values())


def test_the_spec_in_a_record_is_a_spec_again(poster: Picture) -> None:
    assert spec_of(dict(poster.record.spec)) == POSTER
    assert plain(spec_of(dict(poster.record.spec))) == poster.record.spec
