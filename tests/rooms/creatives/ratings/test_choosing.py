"""What ratings taught chooses a campaign's pictures: surer than chance, unlike one another, the same each time."""

import dataclasses
import datetime as dt

from linghang.creatives.pictures import DesignSpec, Frame, Kit, Words
from linghang.creatives.ratings import Rating, fit
from linghang.creatives.ratings.choosing import choose
from linghang.creatives.ratings.sampling import picture_candidate, picture_pool

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
SPEC = DesignSpec("lively", "wealth", Frame("splash", 1080, 1920), Words(("开门红",)), Kit("领航", "领"))


def taught() -> object:
    """Raters who find pictures with many coins unusable."""
    pool = picture_pool([SPEC], 160, seed=5)
    looks = [
        Rating(one.id, "ann", frozenset({"layout"}) if float(one.parameters["coins"]) > 8.5 else frozenset(), "", NOW)
        for one in pool
    ]
    return fit({one.id: one for one in pool}, looks, seed=1)


def coins(spec: DesignSpec) -> float:
    return float(picture_candidate(spec).parameters["coins"])


def test_what_raters_dislike_is_chosen_less() -> None:
    specs = [dataclasses.replace(SPEC, seed=seed) for seed in range(1000, 1024)]
    chosen = choose(specs, taught())  # type: ignore[arg-type]
    before = sum(coins(spec) > 8.5 for spec in specs)
    after = sum(coins(one.spec) > 8.5 for one in chosen)
    assert before >= 6
    assert after <= 1
    assert all(one.chance >= one.usual - 0.05 for one in chosen)


def test_equal_questions_have_equal_answers_and_all_but_the_seed_stays() -> None:
    specs = [dataclasses.replace(SPEC, seed=seed) for seed in (7, 8)]
    model = taught()
    first = choose(specs, model)  # type: ignore[arg-type]
    assert [one.spec for one in first] == [one.spec for one in choose(specs, model)]  # type: ignore[arg-type]
    assert all(dataclasses.replace(one.spec, seed=spec.seed) == spec for one, spec in zip(first, specs, strict=True))


def test_pictures_of_one_slot_do_not_collapse_into_one_look() -> None:
    specs = [dataclasses.replace(SPEC, layer=f"L{n}", seed=11 + n) for n in range(12)]
    chosen = choose(specs, taught())  # type: ignore[arg-type]
    looks = [picture_candidate(one.spec).parameters for one in chosen]
    assert len({look["scene"] for look in looks}) >= 4
    assert len({look["hero"] for look in looks}) >= 3
