"""What raters teach: agreement against worked values, learning against chance, audits that hold what they claim."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.creatives.ratings import (
    FLAGS,
    Candidate,
    Pair,
    Rating,
    choose_batch,
    element_pool,
    fit,
    fit_taste,
    krippendorff_alpha,
    ship,
    wilson,
)
from linghang.creatives.ratings.batch import by_purpose, spread
from linghang.creatives.ratings.sampling import element_of

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def said(item: Candidate, *flags: str, rater: str = "ann") -> Rating:
    return Rating(item.id, rater, frozenset(flags), "", NOW)


def judged(item: Candidate) -> tuple[str, ...]:
    return ("perspective",) if abs(float(item.parameters["yaw"])) > 40 else ()


def test_alpha_is_that_of_the_worked_example() -> None:
    """Krippendorff 2011, nominal data of four observers and twelve units with missing values: α = 0.743."""
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    units = [[value for value in unit if value is not None] for unit in zip(a, b, c, d, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=0.001)


def test_alpha_of_too_little_is_not_a_figure() -> None:
    assert krippendorff_alpha([[True], [False]]) is None
    assert krippendorff_alpha([[True, True], [True, True]]) is None


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_holds_the_share_and_stays_within_bounds(successes: int, more: int) -> None:
    of = successes + more
    low, high = wilson(successes, of) or (1.0, 0.0)
    assert 0 <= low <= successes / of <= high <= 1


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None


def test_what_ships_after_learning_is_better_than_the_pool() -> None:
    taught = element_pool("coin", 160, seed=1)
    model = fit({item.id: item for item in taught}, [said(item, *judged(item)) for item in taught])
    pool = element_pool("coin", 300, seed=2)
    usable = [not judged(item) for item in ship(pool, model, 40)]
    base = sum(not judged(item) for item in pool) / len(pool)
    assert sum(usable) / len(usable) > 0.95 > base + 0.2


def test_equal_ratings_give_equal_choices() -> None:
    taught = element_pool("coin", 60, seed=3)
    told = [said(item, *judged(item)) for item in taught]
    pool = element_pool("coin", 200, seed=4)
    one, two = (fit({item.id: item for item in taught}, order) for order in (told, told[::-1]))
    assert [item.id for item in ship(pool, one, 20)] == [item.id for item in ship(pool, two, 20)]


def test_shipping_keeps_variety() -> None:
    pool = element_pool("coin", 400, seed=5)
    model = fit({}, [])
    assert spread(ship(pool, model, 40)) > spread(pool[:40])


def test_a_batch_audits_by_chance_repeats_some_and_never_shows_one_twice() -> None:
    rated = element_pool("coin", 50, seed=6)
    pool = element_pool("coin", 400, seed=7)
    model = fit({item.id: item for item in rated}, [said(item, *judged(item)) for item in rated])
    batch = choose_batch(pool, rated, model, 40, seed=8)
    parts = by_purpose(batch)
    assert len(batch.items) == 40 == len({item.id for item, _ in batch.items})
    assert len(parts["audit"]) == 10
    assert len(parts["repeat"]) == 4
    assert {item.id for item in parts["repeat"]} <= {item.id for item in rated}


def test_a_pool_smaller_than_the_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no batch"):
        choose_batch(element_pool("coin", 3, seed=1), [], fit({}, []), 8, seed=1)


def test_a_severe_rater_does_not_spoil_the_picture_for_all() -> None:
    taught = element_pool("coin", 200, seed=9)
    stream = random.Random(1)
    told = [said(item, *judged(item)) for item in taught]
    told += [
        said(item, *(judged(item) or (("palette",) if stream.random() < 0.8 else ())), rater="bob") for item in taught
    ]
    model = fit({item.id: item for item in taught}, told)
    alone = fit({item.id: item for item in taught}, told[200:])
    clean = [item for item in element_pool("coin", 200, seed=10) if not judged(item)]
    assert model.usable(clean).mean() > alone.usable(clean).mean() + 0.1


def test_taste_is_found_from_comparisons_and_not_from_few() -> None:
    items = element_pool("coin", 80, seed=11)
    known = {item.id: item for item in items}
    pairs = [
        Pair(*(one.id, two.id) if one.parameters["chroma"] > two.parameters["chroma"] else (two.id, one.id), "ann", NOW)
        for one, two in zip(items[::2], items[1::2], strict=True)
    ]
    found = fit_taste(known, pairs)
    assert found is not None
    assert max(found.traits(), key=lambda one: one[1])[0] == "chroma"
    assert fit_taste(known, pairs[:5]) is None


def test_a_recipe_makes_the_same_element_again() -> None:
    item = element_pool("gift", 1, seed=12)[0]
    again = element_of(item.recipe)
    assert (again.kind, again.px, list(again.pose)) == (item.recipe["kind"], item.recipe["px"], item.recipe["pose"])


def test_flags_are_the_six_of_designers_and_two_of_pictures() -> None:
    assert FLAGS[:6] == ("palette", "shape", "perspective", "glyph", "saturation", "hue")
