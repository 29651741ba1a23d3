"""What each passes alone may disagree together: figures, benefits and duties of message, picture and page."""

import datetime as dt
from dataclasses import replace

from linghang import packs
from linghang.base.predicates import Combination
from linghang.base.records import LayerRecord
from linghang.campaigns.sections import Copy, Creative, Creatives, Layer, Layers, Texts, Variant, Variants
from linghang.flow import wholes
from linghang.flow.goal import set_goal

DEMO = packs.load("demo")
GOAL = replace(
    set_goal({"product": "payments", "channels": ["push"]}, text="推", today=dt.date(2026, 11, 24), pack=DEMO)[0],
    product="pay_bind", product_kind="payments",
)  # fmt: skip
PAGE = "<main><h1>5元支付券</h1><p>满30元可用，领取后7天内有效，名额与规则见下。12月1日至12月14日。</p></main>"
FACTS = {"benefit": "5元支付券", "threshold": "30元", "valid": "7天"}


def variant(benefit: str = "pay_coupon_5", creative: str = "") -> Variant:
    return Variant("v", "", "l", "push", "push", {}, creative, benefit)


def texts_of(body: str) -> dict[str, Copy]:
    return {"body": Copy("c", "l", "push", "body", body, "plain", "zh")}


def against(body: str, *, page: str = PAGE, picture: str = "", benefit: str = "pay_coupon_5") -> list[str]:
    record = LayerRecord("engine", 600, 800, 1, {}, (), ({"role": "coupon", "text": picture},), {})
    drawn = Creative("p", "l", "home_popup", "lively", 600, 800, "image/webp", 1, "f", "r")
    exclude = wholes.excluder(
        GOAL, Texts(FACTS, ()), Creatives((drawn,)), {"r": record} if picture else {}, page.encode(), DEMO
    )
    return list(exclude(variant(benefit, "p" if picture else ""), texts_of(body)))


def test_one_truth_is_let_through() -> None:
    assert against("5元支付券可领取，满30元可用，7天内有效。规则见活动页。") == []


def test_a_figure_that_the_page_does_not_know_is_out() -> None:
    assert against("5元支付券可领取，领后14天内有效。规则见活动页。") == ["combinations.page_says_other"]
    assert against("5元支付券可领取。规则见活动页。", picture="满50元可用") == ["combinations.page_says_other"]


def test_a_benefit_that_the_page_does_not_offer_is_out() -> None:
    page = "<main><p>满30元可用，7天内有效，规则见下。5元</p></main>"
    assert "combinations.page_without_benefit" in against("5元支付券可领取，规则见活动页。", page=page)


def test_words_that_break_a_rule_beside_the_page_are_out() -> None:
    assert "combinations.whole_violates" in against("全网最低价，保本保息，稳赚不赔，5元支付券可领取")


def test_what_the_page_alone_says_excludes_nothing() -> None:
    deposit = replace(GOAL, product="term_deposit", product_kind="deposit")
    exclude = wholes.excluder(
        deposit, Texts({"benefit": "定期加息券10BP"}, ()), Creatives(()), {},
        "<p>定期加息券10BP。规则见下。</p><p>本外币存款合计50万元以内受存款保险保障。先到先得。</p>".encode(), DEMO,
    )  # fmt: skip
    assert list(exclude(variant("deposit_rate_up"), texts_of("为你留了定期加息券10BP。规则见活动页。"))) == []


def test_a_place_without_any_combination_is_told() -> None:
    layers = Layers("", (Layer("l", "layer.all", Combination("all", ()), 1),))
    out = replace(variant(), excluded=("combinations.page_says_other",))
    (found,) = wholes.left_over(Variants((out,)), layers)
    assert found.code == "combinations.nothing_left"
    assert wholes.left_over(Variants((out, variant())), layers) == ()
