"""Every place of a campaign has complete copy in both languages, with what the product must say, or is a mere name."""

import datetime as dt
from dataclasses import replace

import pytest

from linghang import packs
from linghang.base.predicates import Combination
from linghang.campaigns.sections import Allocation, Allotment, Goal, Layer, Layers
from linghang.compliance.disclosures import accepts
from linghang.compliance.normalise import normalise
from linghang.creatives import copy as writing
from linghang.creatives.facts import names_of
from linghang.creatives.limits import carrier_of, measure, place_of_slot
from linghang.flow import review
from linghang.flow.goal import set_goal
from linghang.packs.model import Benefit

DEMO = packs.load("demo")
DEMO_DAY = dt.date(2026, 11, 24)
EVERYBODY = Layers("", (Layer("all", "layer.all", Combination("all", ()), 0),))
PLACES = ("home_popup", "waist_banner", "homepage_grid", "float_icon", "task_center", "search_box", "marquee", "cashier",
          "share_card", "push", "sms", "email", "call")  # fmt: skip
OFFERS = {
    "xiaojinku": "newcomer_coupon_20", "term_deposit": "", "gold_etf_link": "", "qdii_fund": "fund_fee_1",
    "steady_90": "wealth_points", "pension_account_plan": "", "medical_insurance": "", "accident_insurance": "",
    "participating_life": "", "baitiao": "baitiao_interest_free_3", "credit_card": "repay_minus_5",
    "pay_bind": "pay_coupon_5", "plus": "plus_monthly_pack",
}  # fmt: skip


def goal_of(product: str, lang: str) -> Goal:
    kind = next(item.kind for item in DEMO.products if item.id == product)
    told = {"product": kind, "channels": ["push"]}
    made, _ = set_goal(told, text="推送", today=DEMO_DAY, pack=DEMO)
    return replace(made, product=product, product_kind=kind, lang=lang, channels=PLACES, slots=PLACES, tone="warm")


def allocation_of(benefit: Benefit | None) -> Allocation:
    gift = Allotment("all", (), benefit.id if benefit else "", 0, 0, 0, 0, 0.0, 0.0)
    return Allocation(0, 0, (gift,), 0.0, granted=(benefit,) if benefit else ())


# English texts that carry the binding Chinese cost 0.5 CPU-s a check: one product of each kind stands for its kind.
IN_ENGLISH = ("xiaojinku", "qdii_fund", "medical_insurance", "baitiao")


@pytest.mark.parametrize(
    ("product", "lang"), [*((product, "zh") for product in OFFERS), *((product, "en") for product in IN_ENGLISH)]
)
def test_every_place_has_complete_copy(product: str, lang: str) -> None:
    goal = goal_of(product, lang)
    benefit = next((item for item in DEMO.benefits if item.id == OFFERS[product]), None)
    made = writing.write(goal, EVERYBODY, allocation_of(benefit), DEMO, checker=review.checker(goal, DEMO), seed=1)
    assert not [(found.code, dict(found.params)) for found in made.findings]
    assert {text.place for text in made.texts.texts} == set(PLACES)
    for place in (place_of_slot(slot) for slot in DEMO.slots if slot.id in PLACES):
        said = [text for text in made.texts.texts if text.place == place.id]
        sold = next(item for item in DEMO.products if item.id == product)
        if not carrier_of(place) and sold.disclosures:
            assert {text.role for text in said} == {"title"}
            assert {text.text for text in said} <= set(names_of(sold, lang))
        for text in said:
            longest = next(role.longest for role in place.roles if role.role == text.role)
            assert measure(text.text, lang) <= longest * (2 if lang == "en" else 1), text


def test_english_words_of_a_duty_satisfy_it_and_others_do_not() -> None:
    assert accepts("D-LOAN-APR", normalise("Annual rate (simple) 7.2%-18%"), "en")
    assert not accepts("D-LOAN-APR", normalise("A low rate for you"), "en")
    assert accepts("D-INS-INFO", normalise("Underwritten by Linghang Life"), "en")
    assert not accepts("D-INS-INFO", normalise("Cover for your family"), "en")
    assert accepts("D-AUTO-RENEW", normalise("Then ¥15/month; cancel any time"), "en")
    assert not accepts("D-AUTO-RENEW", normalise("¥15 a month"), "en")


def test_the_binding_chinese_stands_behind_english_where_both_fit() -> None:
    goal = goal_of("baitiao", "en")
    made = writing.write(goal, EVERYBODY, allocation_of(None), DEMO, checker=review.checker(goal, DEMO), seed=1)
    by_place = {text.place: text.text for text in made.texts.texts if text.role in ("legal", "body")}
    assert "年化利率（单利）7.2%–18%" in by_place["home_popup"]
    assert "年化利率（单利）7.2%–18%" in by_place["email"]
    assert by_place["sms"].isascii()


def test_a_name_with_a_promise_is_no_label() -> None:
    goal = goal_of("steady_90", "zh")
    checker = review.checker(goal, DEMO)
    labelled = writing.Material("稳健理财", "homepage_grid", "inapp_banner", "", "zh")
    assert not checker(labelled).missing
    promised = checker(replace(labelled, text="稳健理财\n赚更多"))
    assert promised.missing or promised.findings
