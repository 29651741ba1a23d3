"""Numbers as operators type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.reading.quantities import Quantity, number, quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15w", 150_000), ("50个w", 500_000), ("两万五", 25_000), ("2万5", 25_000), ("三百万", 3_000_000), ("5k", 5_000), ("1.5亿", 150_000_000),
        ("十五万", 150_000), ("1w5", 15_000), ("一百二十万", 1_200_000), ("两百五", 250), ("两百零五", 205), ("一千二", 1_200), ("1,000,000", 1_000_000), ("3 million", 3_000_000),
        ("200k", 200_000), ("二十", 20), ("十", 10), ("两千三百五十", 2_350), ("1.2m", 1_200_000), ("三点五", 3.5), ("三点五万", 35_000), ("一亿两千万", 120_000_000),
    ],
)  # fmt: skip
def test_a_number_in_any_spelling(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18-35岁", ("age", (18, 35), "range")), ("1-10万", ("", (10_000, 100_000), "range")), ("2/5/10元", ("yuan", (2, 5, 10), "list")),
        ("30/60/90日", ("day", (30, 60, 90), "list")), ("三十到五十万", ("", (300_000, 500_000), "range")), ("提两成", ("pct", (20,), "one")), ("半个月", ("day", (15,), "one")),
        ("5折", ("fold", (5,), "one")), ("¥20", ("yuan", (20,), "one")), ("22-28 year olds", ("age", (22, 28), "range")), ("3 million users", ("people", (3_000_000,), "one")),
        ("-10%", ("pct", (-10,), "one")), ("12期", ("period", (12,), "one")), ("under 15 chars", ("char", (15,), "one")), ("3+ times", ("times", (3,), "one")),
    ],
)  # fmt: skip
def test_a_quantity_has_unit_values_and_form(text: str, expected: tuple) -> None:
    ((_, _, found),) = quantities(text)
    assert (found.unit, found.values, found.form) == expected


@pytest.mark.parametrize("text", ["c3", "t+0", "r2", "v2", "第一", "一线城市", "一点", "统一"])
def test_codes_and_words_are_no_quantities(text: str) -> None:
    assert [found for _, _, found in quantities(text) if found.unit or found.big] == []


@given(st.integers(1, 99_999_999))
def test_digits_mean_themselves(value: int) -> None:
    assert number(str(value)) == value
    assert number(f"{value:,}") == value


_DIGITS = "零一二三四五六七八九"


def _spelled(value: int) -> str:
    """A number below ten thousand in Chinese numerals, as people write it."""
    parts, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            parts += ("零" if zero and parts else "") + _DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return parts


@given(st.integers(1, 9_999), st.sampled_from([("", 1), ("万", 10_000), ("亿", 100_000_000)]))
def test_chinese_numerals_count_what_they_spell(value: int, scale: tuple[str, int]) -> None:
    word, factor = scale
    assert number(_spelled(value) + word) == (value * factor if _spelled(value) + word not in ("万", "亿") else None)


@given(st.text(max_size=60))
def test_any_text_yields_quantities_inside_it(text: str) -> None:
    last = 0
    for start, end, found in quantities(text.lower()):
        assert last <= start < end <= len(text.lower())
        assert isinstance(found, Quantity)
        assert found.values
        last = end
