"""The general bank on the demo's products: hundreds of compliant texts of one offer, in limits, with no foreign number."""

import datetime as dt
import re
import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang import packs
from linghang.campaigns.sections import Goal
from linghang.creatives import script
from linghang.creatives.bank import Setting, default_bank, fields_of, fitting, readings
from linghang.creatives.checking import Material
from linghang.creatives.diversity import likeness
from linghang.creatives.facts import facts_of
from linghang.creatives.limits import longest_whole, place_of_channel
from linghang.creatives.numbers import numbers, strange_numbers
from linghang.creatives.phrases import NEAR_DUPLICATE
from linghang.creatives.variety import Message, messages
from linghang.creatives.writer import hard
from linghang.flow import review
from linghang.flow.goal import set_goal
from linghang.packs.model import Benefit, Pack, Phrase

DAY = dt.date(2026, 11, 24)
DEMO = packs.load("demo")
OFFERS = {
    "fixed_income_plus": "fund_fee_1", "term_deposit": "deposit_rate_up", "jicunjin": "gold_fee_5",
    "baitiao": "baitiao_interest_free_3", "pay_bind": "pay_coupon_5", "steady_90": "wealth_points",
    "medical_insurance": "",
}  # fmt: skip


def goal_of(product: str, tone: str = "lively", lang: str = "zh", objective: str = "convert") -> Goal:
    kind = next(item.kind for item in DEMO.products if item.id == product)
    made, _ = set_goal({"product": kind, "channels": ["push"], "tone": tone}, text="推送", today=DAY, pack=DEMO)
    return replace(made, product=product, product_kind=kind, tone=tone, lang=lang, objective=objective)


def written(product: str, count: int, **more) -> tuple[Goal, Benefit | None, tuple[Message, ...]]:
    channel = more.pop("channel", "push")
    goal = goal_of(product, **more)
    benefit = next((item for item in DEMO.benefits if item.id == OFFERS[product]), None)
    place = place_of_channel(next(item for item in DEMO.channels if item.id == channel), goal.lang)
    return goal, benefit, messages(goal, DEMO, place, benefit, count, checker=review.checker(goal, DEMO), seed=3)


@pytest.mark.parametrize("product", ["fixed_income_plus", "pay_bind", "baitiao"])
def test_two_hundred_distinct_compliant_pushes_of_one_offer(product: str) -> None:
    goal, benefit, made = written(product, 200)
    assert len({one.text for one in made}) == len(made) == 200
    checker = review.checker(goal, DEMO)
    lines = [label.zh for label in next(p for p in DEMO.products if p.id == product).disclosures.values()]
    facts = facts_of(goal, DEMO, benefit)
    for one in made:
        assert len(one.roles["title"]) <= 20
        assert len(one.roles["body"]) <= 50
        assert not hard(checker(Material(one.text, "push", "push", "", "zh")).findings)
        assert not strange_numbers(one.text, facts, extra=lines)
        assert "{" not in one.text
        assert "<" not in one.text
    shares = {
        angle: sum(one.angle == angle for one in made) / 200 for angle in ("benefit", "scene", "trust", "urgency")
    }
    assert min(shares.values()) >= 0.1
    assert len({one.roles["title"] for one in made}) >= 20
    pairs = [
        likeness(a.plain + a.roles["title"], b.plain + b.roles["title"])
        for a in made[:60]
        for b in made[:60]
        if a is not b
    ]
    assert max(pairs) <= NEAR_DUPLICATE + 0.05


@pytest.mark.parametrize("product", OFFERS)
@pytest.mark.parametrize(("channel", "lang"), [("push", "zh"), ("sms", "zh"), ("push", "en"), ("site_msg", "zh")])
def test_every_number_is_a_fact_and_every_text_fits(product: str, channel: str, lang: str) -> None:
    goal, benefit, made = written(product, 12, channel=channel, lang=lang, tone="warm")
    place = place_of_channel(next(item for item in DEMO.channels if item.id == channel), lang)
    longest = {role.role: longest_whole(place, role, lang) for role in place.roles}
    sold = next(p for p in DEMO.products if p.id == product)
    lines = [label.of(lang) for label in (*sold.disclosures.values(), *DEMO.disclosures.values())]
    for one in made:
        assert all(len(text) <= longest[role] for role, text in one.roles.items()), one
        assert not strange_numbers(one.text, facts_of(goal, DEMO, benefit), extra=lines), one
    if lang == "zh":
        assert len(made) == 12


def test_a_benefit_is_named_once_and_no_text_repeats_itself() -> None:
    _, benefit, made = written("pay_bind", 60)
    assert benefit is not None
    for one in made:
        assert "5元" in one.text
        assert one.text.count(benefit.label.zh) <= 1


def test_without_a_benefit_there_is_no_urgency_and_no_offer() -> None:
    _, _, made = written("medical_insurance", 60)
    assert len(made) == 60
    assert not [one for one in made if one.angle in ("urgency", "benefit") or "截止" in one.text]


def test_the_same_seed_writes_the_same_again() -> None:
    assert written("jicunjin", 20) == written("jicunjin", 20)


def test_no_phrase_states_a_number_of_its_own() -> None:
    for phrase in (*default_bank(), *DEMO.phrases):
        plain = "".join(text for text, *_ in string.Formatter().parse(phrase.text))
        if phrase.role != "script":
            assert not numbers(plain), phrase.text


def test_our_own_bank_says_nothing_that_needs_proof() -> None:
    risky = re.compile("最|第一(?!件事|次)|保本|收益|稳赚|零风险|guarantee|best|risk.free", re.I)
    assert len(default_bank()) > 400
    assert not [phrase.text for phrase in default_bank() if risky.search(phrase.text)]
    for phrase in default_bank():
        gifts = {"benefit", "face"} & set(fields_of(phrase.text))
        if "insurance" in phrase.kinds:
            assert not gifts, phrase.text
        if set(phrase.kinds) & {"fund"} and phrase.offers:
            assert set(phrase.offers) == {"fee_discount"}


def test_parts_suit_the_product_of_which_they_are_said() -> None:
    card = Setting("zh", "payments", "activate", "coupon", "lively", ("payments", "生活缴费"), frozenset({"product"}))
    _, parts = fitting(default_bank(), card)
    assert "地铁公交，扫码进站" not in {part.text for part in parts["scene"]}
    assert "水电燃气，一页缴完" in {part.text for part in parts["scene"]}


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_readings_never_say_a_fact_twice(seed: int) -> None:
    phrase = Phrase("push_body", "<a>，<b>。{fact}。")
    parts = {
        "a": [Phrase("part", "满{threshold}可用"), Phrase("part", "{end}截止")],
        "b": [Phrase("part", "{end}前可领"), Phrase("part", "满{threshold}就能用"), Phrase("part", "规则见页面")],
    }
    known = frozenset({"threshold", "end", "fact1", "fact2"})
    said = list(readings(phrase, parts, known, 20, str(seed)))
    assert said
    for one in said:
        assert len(fields_of(one.text)) == len(set(fields_of(one.text)))
        assert not ("可用" in one.text and "能用" in one.text)


def test_numbers_have_one_form() -> None:
    assert numbers("满1,000.50元，30天，三期免息，首月一元") == {"1000.5", "30", "3", "1"}
    assert numbers("一起看一页，三分钟读懂") == frozenset()
    assert strange_numbers("送十元", {"face": "10元"}) == frozenset()
    assert strange_numbers("年化5%", {"face": "10元"}) == {"5%"}
    assert strange_numbers("再送30元", {"valid": "30天"}) == {"30元"}
    assert strange_numbers("再送三十元", {"valid": "30天"}) == {"30元"}
    assert strange_numbers("¥20 to claim, 14 days", {"face": "¥20", "valid": "14 days"}) == frozenset()
    assert strange_numbers("¥14 to claim", {"face": "¥20", "valid": "14 days"}) == {"14元"}


def test_traditional_characters_keep_numbers_and_length() -> None:
    for one in written("jicunjin", 20)[2]:
        done = script.traditional(one.text)
        assert len(done) == len(one.text)
        assert numbers(done) >= {n for n in numbers(one.text) if n.isdigit()}
    assert script.traditional("为你留了一份礼，账单见这里") == "為你留了一份禮，帳單見這裏"


def test_a_product_without_facts_and_benefit_still_has_something_to_say() -> None:
    bare = replace(next(p for p in DEMO.products if p.id == "pay_bind"), facts=(), proofs=())
    pack: Pack = replace(DEMO, products=(bare,))
    goal = goal_of("pay_bind")
    place = place_of_channel(next(item for item in DEMO.channels if item.id == "push"), "zh")
    assert len(messages(goal, pack, place, None, 5, checker=review.checker(goal, pack))) == 5
