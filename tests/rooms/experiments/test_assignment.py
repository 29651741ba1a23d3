"""Assignment is stable, uniform, independent between salts, and the same for one customer and for many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.experiments import HOLDOUT, Arm, arm_of, arms_for, assign, held_out, is_held_out, uniform, uniforms

CUSTOMERS = np.arange(200_000, dtype=np.uint32)


@given(st.integers(0, 2**32 - 1), st.text(max_size=20))
def test_one_customer_agrees_with_many(customer: int, salt: str) -> None:
    assert uniforms([customer], salt)[0] == uniform(customer, salt)
    assert 0 <= uniform(customer, salt) < 1


def test_known_values_never_change() -> None:
    # A change of these numbers would re-assign every running campaign's holdout.
    assert uniforms([0, 1, 4_294_967_295], "cmp_1").tolist() == [
        0.6082157411152457,
        0.18147348753896397,
        0.17631056223963737,
    ]


@pytest.mark.parametrize("salt", ["a", "b", "cmp_01", "活动"])
def test_uniform_over_customers(salt: str) -> None:
    counts, _ = np.histogram(uniforms(CUSTOMERS, salt), bins=100, range=(0, 1))
    statistic = float(((counts - 2000) ** 2 / 2000).sum())
    assert statistic < 160  # chi-square with 99 degrees of freedom: 1 in 10,000


def test_salts_are_independent() -> None:
    one, two = uniforms(CUSTOMERS, "one"), uniforms(CUSTOMERS, "two")
    assert abs(float(np.corrcoef(one, two)[0, 1])) < 0.01
    both = (held_out(CUSTOMERS, "one", 0.1) & held_out(CUSTOMERS, "two", 0.1)).mean()
    assert both == pytest.approx(0.01, abs=0.001)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_holdout_keeps_the_smaller_one(one: float, two: float) -> None:
    small, large = sorted((one, two))
    sample = CUSTOMERS[:2000]
    assert not (held_out(sample, "s", small) & ~held_out(sample, "s", large)).any()


@given(st.integers(0, 2**32 - 1), st.floats(0, 99), st.lists(st.floats(0.01, 5), min_size=1, max_size=5))
def test_arm_of_agrees_with_assign(customer: int, holdout: float, weights: list[float]) -> None:
    arms = arms_for(holdout, [(f"v{i}", weight) for i, weight in enumerate(weights)])
    assert arms[assign([customer], "s", arms)[0]].id == arm_of(customer, "s", arms)


def test_the_holdout_is_the_first_arm() -> None:
    arms = arms_for(10)
    assert arms == (Arm(HOLDOUT, 0.1), Arm("treated", 0.9))
    chosen = assign(CUSTOMERS, "s", arms) == 0
    assert (chosen == held_out(CUSTOMERS, "s", 0.1)).all()
    assert is_held_out(7, "s", 0.1) == chosen[7]


@pytest.mark.parametrize("arms", [(), (Arm("a", 0.5),), (Arm("a", -0.5), Arm("b", 1.5))])
def test_shares_that_cannot_be_are_refused(arms: tuple[Arm, ...]) -> None:
    with pytest.raises(ValueError, match="sum to one"):
        assign([1], "s", arms)


@pytest.mark.parametrize("holdout", [-1, 100, 120])
def test_holdouts_that_leave_nobody_are_refused(holdout: float) -> None:
    with pytest.raises(ValueError, match="holdout"):
        arms_for(holdout)
