import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.creatives.breaking import two_lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("年终奖怎么安排", ("年终奖", "怎么安排")),
        ("积分阅读礼可领取", ("积分阅读礼", "可领取")),
        ("三个月后用的钱", ("三个月后", "用的钱")),
        ("理财产品新上架", ("理财产品", "新上架")),
        ("看期限，选理财", ("看期限", "选理财")),
        ("日日盈现金管理了解一下", ("日日盈现金管理", "了解一下")),
    ],
)
def test_a_title_breaks_between_words(title: str, lines: tuple[str, ...]) -> None:
    assert two_lines(title, ["日日盈现金管理"]) == lines


@given(st.text("理财红包20元领取，的了每天ab 礼遇", min_size=1, max_size=14))
def test_nothing_is_lost_but_the_mark_at_the_break(title: str) -> None:
    lines = two_lines(title)
    assert 1 <= len(lines) <= 2
    kept = "".join(char for char in title if char not in ",， ")
    assert "".join(char for line in lines for char in line if char not in ",， ") == kept
