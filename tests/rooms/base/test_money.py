"""Money never appears or vanishes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.base.money import Money, split


@given(
    st.integers(0, 10**12),
    st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=12).filter(lambda w: sum(w) > 0),
)
def test_shares_sum_to_the_total(total: int, weights: list[float]) -> None:
    shares = split(total, weights)
    assert sum(shares) == total
    assert all(share >= 0 for share in shares)


@given(st.integers(-(10**9), 10**9))
def test_yuan_and_back_is_exact(fen: int) -> None:
    assert Money.of_yuan(Money(fen).yuan).fen == fen


def test_half_a_fen_rounds_up() -> None:
    assert Money.of_yuan(Decimal("0.005")).fen == 1


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="currencies differ"):
        Money(1, "CNY") + Money(1, "USD")


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [0, 0]), (1, [-1, 2])])
def test_impossible_splits_are_refused(total: int, weights: list[float]) -> None:
    with pytest.raises(ValueError, match="split needs"):
        split(total, weights)
