"""The plain view of a text keeps a map back: whatever was undone, a finding cites the original words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linghang.compliance.decoding import decoded
from linghang.compliance.decoding_en import decoded_english
from linghang.compliance.normalise import View, normalise

WRITTEN = st.text(
    alphabet="亻禾急贝兼保本稳赚零风险理财基金收益 年化4.5%，。！Ａｂ０\u200b❤️🔥&#20445;<b></b>穩賺亻呆·*|-",
    max_size=40,
)


def well_mapped(view: View, text: str) -> bool:
    """Every position of the view comes from a place in the original, in bounds."""
    sizes = {len(view.text), len(view.starts), len(view.ends), len(view.hidden)}
    return len(sizes) == 1 and all(
        0 <= low < high <= len(text) for low, high in zip(view.starts, view.ends, strict=True)
    )


@given(WRITTEN)
def test_every_position_of_the_plain_view_comes_from_somewhere(text: str) -> None:
    view = normalise(text)
    assert well_mapped(view, text)
    assert list(view.starts) == sorted(view.starts)


@given(WRITTEN)
def test_so_does_every_position_of_what_is_decoded(text: str) -> None:
    view = normalise(text)
    for other in (decoded(view), decoded_english(view)):
        if other is not None:
            assert well_mapped(other, text)


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert well_mapped(normalise(text), text)


@given(st.text(alphabet="一二三甲乙丙基金理财", min_size=1, max_size=30))
def test_plain_chinese_stays_as_it_is(text: str) -> None:
    view = normalise(text)
    assert view.text == text
    assert view.span(0, len(text)) == (0, len(text))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("保\u200b本\u200b保息", "保本保息"), ("亻呆本亻呆息", "保本保息"), ("穩賺不賠", "稳赚不赔"), ("wen赚bu赔", "稳赚不赔"),
        ("保🔥本🔥保🔥息", "保本保息"), ("０风险", "零风险"), ("&#20445;本", "保本"), ("保-本-保-息", "保本保息"), ("年囮5.6%", "年化5.6%"),
        ("饱本理柴", "保本理财"), ("宝本宝息", "保本保息"), ("全 国 第 一", "全国第一"), ("不*查*征*信", "不查征信"),
    ],
)  # fmt: skip
def test_an_evasion_reads_as_what_is_meant(written: str, meant: str) -> None:
    view = normalise(written)
    assert meant in (decoded(view) or view).text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("r i s k - f r e e y1elds", "risk-free yields"), ("G.u.a.r.a.n.t.e.e.d growth", "guaranteed growth"),
        ("zero r1sk", "zero risk"), ("deetnaraug returns", "guaranteed returns"),
    ],
)  # fmt: skip
def test_an_english_evasion_reads_as_what_is_meant(written: str, meant: str) -> None:
    view = normalise(written)
    assert meant.replace("-", "").replace(" ", "") in (decoded_english(view) or view).text.replace("-", "").replace(
        " ", ""
    )


def test_a_split_character_may_end_a_text() -> None:
    view = decoded(normalise("放心亻呆"))
    assert view is not None
    assert view.text == "放心保"
    assert view.span(2, 3) == (2, 4)


@pytest.mark.parametrize("honest", ["期限", "饱读诗书，理财有方", "确保本人操作", "今年花开", "宝宝的零花钱", "爆米花"])
def test_honest_words_are_not_decoded(honest: str) -> None:
    view = normalise(honest)
    assert (decoded(view) or view).text == honest.replace("，", ",")
