"""Personal data of another system's answer are covered; figures, dates and ids stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.agents.shielding import covered


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("电话13800138000，急", "电话138****8000，急"),
        ("138 0013 8000", "138****8000"),
        (13800138000, "138****8000"),
        ("身份证110101199003071234", "身份证110*************34"),
        ("11010119900307123X", "110*************3X"),
        ("卡号6222 0212 3456 7890 123", "卡号6222 **** 0123"),
        ("写信到zhang.san@example.com", "写信到z***@example.com"),
        (
            {"rows": [{"phone": "13911112222", "13911112222": 1}]},
            {"rows": [{"phone": "139****2222", "139****2222": 1}]},
        ),
    ],
)
def test_personal_data_are_covered(told: object, shown: object) -> None:
    assert covered(told) == shown


@pytest.mark.parametrize("told", ["2026-11-23", "库存 1,200 件", 20_000_000, True, None, 3.5, "cmp_01m8kwhsjvtgfn0zxdemacxax4",
                                  1_700_000_000, ["R2", 12]])  # fmt: skip
def test_everything_else_stays(told: object) -> None:
    assert covered(told) == told


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
)
def test_covering_twice_changes_nothing_more(told: object) -> None:  # fmt: skip
    once = covered(told)
    assert covered(once) == once
