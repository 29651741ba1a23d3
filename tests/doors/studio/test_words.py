"""Figures as people write them, in both languages."""

import pytest

from linghang.doors.studio.markup import Markup, div, marked, tag
from linghang.doors.studio.words import Words

ZH, EN = Words("zh-CN"), Words("en")


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [(50_000_000, "¥50 万", "¥500,000"), (1_234_560, "¥1.2 万", "¥12,346"), (12_345, "¥123.45", "¥123.45"),
     (0, "¥0", "¥0"), (-2_000, "−¥20", "−¥20"), (30_000_000_000, "¥3 亿", "¥300,000,000"), (None, "—", "—")],
)  # fmt: skip
def test_money(fen: int | None, zh: str, en: str) -> None:
    assert (ZH.money(fen), EN.money(fen)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [(128_430, "12.8 万", "128.4K"), (9_876, "9,876", "9,876"), (2.5, "2.5", "2.5"), (120_000_000, "1.2 亿", "120M")],
)  # fmt: skip
def test_short_counts(value: float, zh: str, en: str) -> None:
    assert (ZH.short(value), EN.short(value)) == (zh, en)


def test_days_instants_shares_and_intervals() -> None:
    assert ZH.day("2026-11-30", weekday=True) == "11月30日 周一"
    assert EN.day("2026-11-30", weekday=True) == "Mon 30 Nov"
    assert ZH.instant("2026-11-30T01:05:00Z") == "11月30日 09:05"
    assert (ZH.share(0.0068), ZH.share(0.425)) == ("0.68%", "42.5%")
    assert ZH.interval(118, 352, "count") == "118 – 352"
    assert ZH.interval(None, 3, "count") == ""


def test_a_sentence_without_a_room_is_said_by_the_studio_or_as_it_is() -> None:
    assert ZH.figure_name("incremental") not in ("incremental", "figure.incremental")
    assert ZH.told("no.such.code", otherwise="规则") == "规则"


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "<b>", tag("i", "x")) == "<p>&lt;b&gt;<i>x</i></p>"
    assert div("a", None, ["x", Markup("<br>")], title='"') == '<div class="a" title="&quot;">x<br></div>'
    assert tag("input", value=None, checked=True, name="n") == '<input checked name="n">'


def test_overlapping_marks_are_marked_once_and_out_of_range_ones_are_cut() -> None:
    assert marked("abcdef", [(1, 3), (2, 4), (5, 99)]) == "a<mark>bc</mark><mark>d</mark>e<mark>f</mark>"
    assert marked("<>", [(0, 1)]) == "<mark>&lt;</mark>&gt;"


def test_acts_are_meant_by_their_titles_or_named() -> None:
    t = Words("zh-CN")
    assert "campaign.submit" in t.acts("送审").split(",")
    assert "access.enter" in t.acts("登录").split(",")
    assert "campaign.submit" in Words("en").acts("submit").split(",")
    assert t.acts("campaign.") == "campaign."
    assert t.acts(" 没有这种事 ") == "没有这种事"
