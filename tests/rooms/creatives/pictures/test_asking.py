"""Names as people say them become ids; words that were not said take what is usual for the product."""

import pytest

from linghang import packs
from linghang.base.errors import UnknownItemError
from linghang.creatives.pictures import Coupon, conventions
from linghang.creatives.pictures.asking import coupon, festival_of, language, named, words


def test_moods_festivals_and_products_are_named_by_label_word_or_id() -> None:
    assert named("moods", "热闹") == named("moods", "lively") == "lively"
    assert named("festivals", "春节") == "spring"
    assert named("festivals", "") == ""
    assert named("products", "gold") == "gold"
    with pytest.raises(UnknownItemError):
        named("moods", "忧郁")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("18元:支付立减券", Coupon("18", "元", "支付立减券")),
        ("8.8折：商超", Coupon("8.8", "折", "商超")),
        ("R2级", Coupon("R2", "级", "")),
        ("5%:Cash back", Coupon("5", "%", "Cash back")),
    ],
)
def test_a_ticket_is_figure_unit_and_label(said: str, found: Coupon) -> None:
    assert coupon(said) == found


def test_a_ticket_without_a_figure_is_refused() -> None:
    with pytest.raises(UnknownItemError):
        coupon("立减券")


def test_what_was_not_said_is_usual_and_what_is_empty_stays_empty() -> None:
    said = words("稳健理财|守护收获", "fund", {})
    assert said.title == ("稳健理财", "守护收获")
    assert "基金有风险" in said.legal
    assert said.button == "立即查看"
    assert words("稳健理财", "fund", {"legal": "", "button": ""}).legal == ""
    english = words("Save More", "fund", {})
    assert (english.lang, english.ai_label, english.button) == ("en", "AI-made", "Learn more")


def test_language_is_seen_from_the_letters() -> None:
    assert language("Save 更多") == "zh"
    assert language("Save more!") == "en"


def test_every_festival_of_a_pack_has_a_look_or_none_and_is_never_refused() -> None:
    said = {term.canonical for term in packs.load("demo").lexicon if term.kind == "festival"}
    looks = {festival_of(word) for word in said}
    assert {"double11", "double12", "payday", "gold_days", "spring"} <= looks
    assert looks <= set(conventions.read("festivals"))
    assert festival_of("公司年会") == ""
    assert festival_of("双十一大促返场") == "double11"
