"""The language of a campaign is what is asked for last, else that of the sentence; Traditional keeps what is registered."""

import datetime as dt
from dataclasses import replace

import pytest

from linghang import packs, pages
from linghang.base.predicates import Combination
from linghang.campaigns.sections import Allocation, Allotment, Layer, Layers
from linghang.creatives import copy as writing
from linghang.creatives.script import traditional
from linghang.flow import review
from linghang.flow.goal import set_goal
from linghang.flow.language import asked, spoken

DEMO = packs.load("demo")
DAY = dt.date(2026, 11, 24)
EVERYBODY = Layers("", (Layer("all", "layer.all", Combination("all", ()), 0),))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("文案改成繁体", ("zh", "hant")), ("推送用繁體", ("zh", "hant")), ("用英文写", ("en", "")),
        ("给白领推基金,英文文案", ("en", "")), ("换成简体中文", ("zh", "")), ("in English please", ("en", "")),
        ("出一版中文的", ("zh", "")), ("给英语专业的学生推基金", None), ("不要英文", None), ("预算提到80万", None),
    ],
)  # fmt: skip
def test_a_language_is_heard_where_it_is_asked_for(text: str, language: tuple[str, str] | None) -> None:
    assert asked(text) == language


def test_the_last_wish_counts_and_else_the_sentence_itself() -> None:
    assert spoken("给老客户推基金", ["文案改成繁体", "", "预算提到80万"]) == ("zh", "hant")
    assert spoken("给老客户推基金", ["改成繁体", "换成英文"]) == ("en", "")
    assert spoken("給老客戶推基金，預算5萬") == ("zh", "hant")
    assert spoken("Funds for old customers") == ("en", "")


def test_traditional_copy_is_the_same_in_other_characters_and_keeps_the_registered_signature() -> None:
    made, _ = set_goal(
        {"product": "fund", "channels": ["sms", "push"]}, text="给老客户推基金，文案用繁体", today=DAY, pack=DEMO
    )
    assert (made.lang, made.script) == ("zh", "hant")
    gift = next(item for item in DEMO.benefits if item.id == "fund_fee_1")
    given = Allocation(0, 0, (Allotment("all", (), gift.id, 0, 0, 0, 0, 0.0, 0.0),), 0.0, granted=(gift,))
    checker = review.checker(made, DEMO)
    plain = writing.write(replace(made, script=""), EVERYBODY, given, DEMO, checker=checker, seed=2)
    done = writing.write(made, EVERYBODY, given, DEMO, checker=checker, seed=2)
    assert [text.text for text in done.texts.texts] != [text.text for text in plain.texts.texts]
    for one, other in zip(done.texts.texts, plain.texts.texts, strict=True):
        assert len(one.text) == len(other.text)
        if one.place == "sms":
            assert one.text.startswith("【领航银行】")
            assert one.text.endswith("拒收请回复R")
        elif one.place == "push":
            assert one.text == traditional(other.text)
    again = writing.write(made, EVERYBODY, given, DEMO, checker=checker, seed=2, avoid=[done.texts.texts[0].text])
    assert done.texts.texts[0].text not in {text.text for text in again.texts.texts}


def test_a_page_in_traditional_says_so_to_browsers() -> None:
    made, _ = set_goal({"product": "fund", "channels": ["push"]}, text="推基金", today=DAY, pack=DEMO)
    sold = next(item for item in DEMO.products if item.id == made.product)
    _, html = pages.compose(made, None, None, None, sold, (), DEMO.brand, None, "zh", script="hant")
    assert 'lang="zh-Hant"' in html.decode()
    assert "風險" in html.decode()
    assert "风险" not in html.decode()


def test_a_product_is_known_by_its_name_or_by_the_benefit_that_is_only_for_it() -> None:
    loan, _ = set_goal({"product": "credit"}, text="A personal loan for customers with a limit", today=DAY, pack=DEMO)
    assert loan.product == "jintiao"
    pack, found = set_goal({"missing": ["product"]}, text="给老客户发月度券包", today=DAY, pack=DEMO)
    assert (pack.product, pack.missing) == ("plus", ())
    assert not [item for item in found if item.code == "goal.missing_product"]


def test_a_product_and_a_playbook_are_chosen_by_their_ids_as_chips_do() -> None:
    assumed, _ = set_goal({"product": "wealth"}, text="推理财", today=DAY, pack=DEMO)
    assert {"product", "playbook"} <= {item.key for item in assumed.assumptions}
    other = next(one for one in DEMO.products if one.kind == "wealth" and one.id != assumed.product)
    played = next(one for one in DEMO.playbooks if one.id != assumed.playbook)
    chosen, found = set_goal({"product": other.id, "playbook": played.id}, text="推理财", today=DAY, pack=DEMO)
    assert (chosen.product, chosen.playbook) == (other.id, played.id)
    assert not {"product", "playbook"} & {item.key for item in chosen.assumptions}
    assert not [item for item in found if item.about == "product"]
