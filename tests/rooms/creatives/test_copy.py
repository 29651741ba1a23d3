"""Copy states only facts, keeps every limit, is clean when it is written, and differs from layer to layer."""

import re
import string
from dataclasses import replace

import pytest
from benefits.samples import AUDIENCE, CALL, COUPONS, FUND, GOAL, LAYERS, PACK, SMS, label, with_phrases
from hypothesis import given
from hypothesis import strategies as st

from linghang.base.findings import Finding, Severity
from linghang.benefits import allocate
from linghang.campaigns.sections import Creative, Creatives
from linghang.creatives.combinations import combine
from linghang.creatives.copy import NEUTRAL, Checked, Material, write
from linghang.creatives.diversity import distinct, likeness, self_bleu
from linghang.creatives.facts import facts_of
from linghang.creatives.limits import typeset
from linghang.creatives.phrases import NEAR_DUPLICATE
from linghang.packs.model import Phrase

PLACES = replace(
    GOAL, channels=("push", "sms", "inapp_banner", "inapp_popup", "call"), slots=("home_banner", "home_popup")
)
ALLOCATION = allocate(PLACES, LAYERS, AUDIENCE, PACK, plan="balanced").allocation
RISK = "基金有风险，投资须谨慎"


def clean(_material: Material) -> Checked:
    return Checked()


def disclosing(material: Material) -> Checked:
    return Checked((), () if RISK in material.text else ("D-FUND-RISK",))


def written(goal=PLACES, pack=PACK, checker=clean, **more):
    return write(goal, LAYERS, ALLOCATION, pack, checker=checker, **more)


def test_the_same_seed_writes_the_same_and_another_one_differs() -> None:
    assert written(seed=1) == written(seed=1)
    assert written(seed=1).texts.texts != written(seed=2).texts.texts


def test_every_required_role_of_every_place_of_every_layer_has_a_text() -> None:
    done = written()
    assert done.findings == ()
    there = {(text.layer, text.place, text.role, text.variant) for text in done.texts.texts}
    for layer in ("l0", "l1", "l2"):
        for variant in ("a", NEUTRAL):
            assert {("push", "title"), ("push", "body"), ("sms", "body"), ("home_banner", "title")} <= {
                (place, role) for name, place, role, letter in there if (name, letter) == (layer, variant)
            }
        assert (layer, "home_popup", "legal", "a") in there
    assert len({text.id for text in done.texts.texts}) == len(done.texts.texts)


def test_lengths_are_kept_with_signature_way_out_and_disclosure() -> None:
    longest = {("push", "title"): 20, ("push", "body"): 50, ("sms", "body"): 70}
    longest |= {("home_banner", "title"): 12, ("home_banner", "subtitle"): 16, ("home_banner", "button"): 4}
    made = written(checker=disclosing).texts.texts
    assert {text.place for text in made} >= {"push", "sms", "home_banner"}
    for text in made:
        assert len(text.text) <= longest.get((text.place, text.role), 70), text
        if text.place == "sms":
            assert text.text.startswith("【领航银行】")
            assert text.text.endswith("拒收请回复R")
            assert RISK in text.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_only_facts_are_filled_in(lang: str) -> None:
    done = written(goal=replace(PLACES, lang=lang))
    numbers = set(re.findall(r"\d+(?:\.\d+)?", " ".join(done.texts.facts.values())))
    assert numbers
    assert done.texts.texts
    for text in done.texts.texts:
        assert "{" not in text.text
        if text.source != "disclosure":
            constant = set(re.findall(r"\d+(?:\.\d+)?", "".join(p for p, *_ in string.Formatter().parse(text.source))))
            assert set(re.findall(r"\d+(?:\.\d+)?", text.text)) <= numbers | constant


def test_layers_do_not_say_the_same() -> None:
    texts = [text for text in written().texts.texts if text.role in ("title", "body") and text.place != "call"]
    for place, role in {(text.place, text.role) for text in texts}:
        same = [text.text for text in texts if (text.place, text.role, text.variant) == (place, role, "a")]
        assert len(set(same)) == len(same) == 3
    own = [t.text for t in texts if t.place == "home_banner" and t.role == "title"]
    pairs = [likeness(a, b) for i, a in enumerate(own) for b in own[:i]]
    assert max(pairs) <= NEAR_DUPLICATE


def test_what_the_checker_finds_is_replaced() -> None:
    first = next(text for text in written().texts.texts if (text.place, text.role) == ("push", "title"))
    bad = Finding("CN-FD-02", Severity.S1)
    done = written(checker=lambda m: Checked((bad,) if first.text in m.text.split("\n") else ()))
    assert first.text not in {text.text for text in done.texts.texts if text.place == "push" and text.role == "title"}
    assert done.findings == ()


def test_what_a_reviewer_sent_back_is_not_written_again() -> None:
    before = {text.text for text in written().texts.texts if (text.layer, text.place) == ("l1", "sms")}
    after = {text.text for text in written(avoid=tuple(before)).texts.texts if text.place == "sms"}
    assert not before & after


def test_nothing_that_passes_is_a_finding_and_no_empty_text() -> None:
    done = written(checker=lambda m: Checked((Finding("CN-X", Severity.S1),) if m.place == "sms" else ()))
    assert {finding.code for finding in done.findings} == {"creatives.no_text"}
    assert {finding.params["layer"] for finding in done.findings} == {"l0", "l1", "l2"}
    assert not [text for text in done.texts.texts if text.place == "sms"]


def test_the_briefs_rules_are_kept() -> None:
    goal = replace(
        PLACES, copy_rules={"title_max_chars": 8, "no_emoji": True}, forbidden_words=("领取", "superlatives", "product")
    )
    bank = (
        Phrase("title", "最好的礼遇", angle="benefit"),
        Phrase("title", "🎁有礼待领", angle="benefit"),
        Phrase("push_title", "{product}有礼", angle="benefit"),
        Phrase("push_title", "活动进行中", angle="plain"),
        Phrase("push_title", "今晚看一看", angle="scene"),
    )
    made = written(goal=goal, pack=with_phrases(*bank)).texts.texts
    assert [text for text in made if text.role == "title"]
    for text in made:
        if text.role == "title":
            assert len(text.text) <= 8
        if text.role != "legal":
            assert not any(word in text.text for word in ("领取", "最", "🎁", "固收"))


def test_the_packs_own_phrases_come_first_and_suit_kind_and_tone() -> None:
    bank = (
        Phrase("title", "暖心之选", tones=("warm",), kinds=("fund",), angle="scene"),
        Phrase("title", "热闹开抢", tones=("lively",), angle="scene"),
        Phrase("title", "存钱有道", kinds=("deposit",), angle="scene"),
    )
    titles = [t.text for t in written(pack=with_phrases(*bank)).texts.texts if t.role == "title" and t.place != "push"]
    assert "暖心之选" in titles
    assert "存钱有道" not in titles


def test_phrases_true_to_other_customers_or_benefits_are_not_taken() -> None:
    bank = (
        Phrase("title", "新人有礼", angle="benefit"),
        Phrase("title", "{face}支付券可领", angle="benefit"),
        Phrase("title", "{face}券可领", angle="benefit"),
    )
    said = {t.text for t in written(pack=with_phrases(*bank)).texts.texts if t.role == "title"}
    assert not any("新人" in text or "支付券" in text for text in said)
    assert any(text in ("5元券可领", "20元券可领") for text in said)
    fresh = replace(PLACES, objective="acquire")
    assert "新人有礼" in {t.text for t in written(goal=fresh, pack=with_phrases(*bank)).texts.texts}


def test_a_disclosure_is_whole_or_said_not_to_fit() -> None:
    line = "此处为一段很长的风险揭示文字" * 4
    pack = replace(PACK, products=(replace(FUND, disclosures={"D-LONG": label(line)}),))
    done = written(pack=pack, checker=lambda m: Checked((), () if line in m.text else ("D-LONG",)))
    unfit = {(f.params["place"], f.params["codes"]) for f in done.findings if f.code.endswith("does_not_fit")}
    assert ("push", "D-LONG") in unfit
    assert ("home_banner", "D-LONG") in unfit
    assert not [t for t in done.texts.texts if "风险揭示" in t.text and line not in t.text]


def test_what_only_some_words_call_for_is_carried_or_other_words_are_taken() -> None:
    def promo(material: Material) -> Checked:
        needs = "券" in material.text and "活动规则页" not in material.text
        return Checked((), ("D-PROMO",) if needs else ())

    pack = replace(PACK, disclosures={"D-PROMO": label("详见活动规则页,由{brand}解释")})
    done = written(pack=pack, checker=promo)
    assert done.findings == ()
    for place in ("push", "sms", "home_popup"):
        by_set: dict[tuple[str, str], str] = {}
        for text in done.texts.texts:
            if text.place == place:
                by_set[text.layer, text.variant] = by_set.get((text.layer, text.variant), "") + text.text
        assert all("活动规则页，由领航银行解释" in said for said in by_set.values() if "券" in said)
    banner = [t.text for t in done.texts.texts if t.place == "home_banner"]  # has no legal line
    assert not any("券" in text for text in banner)


def test_clean_texts_are_asked_once_a_place() -> None:
    asked: list[Material] = []

    def counting(material: Material) -> Checked:
        asked.append(material)
        return Checked()

    texts = written(checker=counting).texts.texts
    assert len(asked) == len(set(asked)) <= len({(t.layer, t.place, t.variant) for t in texts})


def test_a_benefit_is_said_where_it_is_given_and_not_where_it_is_not() -> None:
    done = written()
    for layer in ("l0", "l1", "l2"):
        benefit = next(c for c in COUPONS if c.id == dict(ALLOCATION.gifts)[layer])
        neutral = [t.text for t in done.texts.texts if t.layer == layer and t.variant == NEUTRAL]
        assert not any(benefit.label.zh in text for text in neutral)
        banner = [t for t in done.texts.texts if (t.layer, t.place, t.variant) == (layer, "home_banner", "a")]
        assert any(benefit.label.zh in t.text or "{face}" in t.source for t in banner)


def test_facts_are_those_of_the_document() -> None:
    benefit = replace(COUPONS[1], label=label("7天免息券"), threshold_fen=100_050, type="interest_free_coupon")
    facts = facts_of(GOAL, PACK, benefit, link="https://x.cn/a")
    assert (facts["days"], facts["threshold"], facts["valid"]) == ("7天", "1000.50元", "14天")
    assert facts["start"] == "11月30日"
    assert "face" not in facts
    assert "festival" not in facts
    assert facts_of(replace(GOAL, lang="en"), PACK, COUPONS[1])["face"] == "¥20"


@given(st.text(alphabet="领取券,?!:1230天ab ", max_size=40))
def test_typesetting_changes_marks_only_and_no_length(text: str) -> None:
    done = typeset(text, "zh")
    assert len(done) == len(text)
    assert all(a == b or a in ",?!:;" for a, b in zip(text, done, strict=True))
    assert typeset(text, "en") == text
    assert typeset("满1,000元,立减", "zh") == "满1,000元，立减"


def test_diversity_figures() -> None:
    assert distinct(["领取红包", "领取红包"]) == 0.5
    assert distinct([]) == 0.0
    assert self_bleu(["领取红包", "领取红包"]) == pytest.approx(1.0)
    assert self_bleu(["领取红包", "了解基金"]) == 0.0
    assert likeness("abc def", "abc def") == 1.0


def pictures(texts) -> Creatives:
    made = dict.fromkeys((t.layer, t.place, t.variant) for t in texts if t.place in PLACES.slots)
    return Creatives(
        tuple(
            Creative(f"cre_{a}_{b}_{mood}_{c}", a, b, mood, 10, 10, "image/png", 1, "", "", variant=c)
            for a, b, c in made
            for mood in ("warm", "steady")
        )
    )


def test_combinations_are_the_whole_matrix_with_reasons() -> None:
    texts = written().texts
    variants = combine(PLACES, LAYERS, ALLOCATION, texts, pictures(texts.texts), PACK).variants
    assert len({variant.id for variant in variants}) == len(variants)
    assert len({variant.name for variant in variants}) == len(variants)
    for layer in ("l0", "l1", "l2"):
        own = [v for v in variants if (v.layer, v.place) == (layer, "home_banner")]
        assert len(own) == 2 * 4 * 2  # text sets × pictures × (benefit, none)
        ready = [v for v in own if not v.excluded]
        assert {v.benefit for v in ready} == {dict(ALLOCATION.gifts)[layer], ""}
        assert all(v.creative.rpartition("_")[2] == v.name.split("·")[2] for v in ready)
    for variant in variants:
        if not variant.excluded and not variant.benefit:
            assert not any(c.label.zh in " ".join(variant.copy.values()) for c in COUPONS)


def test_a_slot_without_a_picture_and_a_foreign_reason_exclude() -> None:
    texts = written().texts
    none = combine(PLACES, LAYERS, ALLOCATION, texts, Creatives(()), PACK).variants
    assert all("combinations.no_picture" in v.excluded for v in none if v.place in PLACES.slots)
    assert any(not v.excluded for v in none if v.place == "sms")
    all_out = combine(
        PLACES, LAYERS, ALLOCATION, texts, Creatives(()), PACK, exclude=lambda variant, copy: ["review.violating"]
    ).variants
    assert all("review.violating" in v.excluded for v in all_out)


def test_channels_that_speak_to_people_get_scripts() -> None:
    pack = replace(PACK, channels=(replace(CALL, roles=()), SMS))
    done = written(goal=replace(PLACES, channels=("call",), slots=()), pack=pack)
    assert {text.place for text in done.texts.texts} == {"call"}
    assert all("不再打扰" in text.text for text in done.texts.texts)


def test_a_layer_without_a_benefit_keeps_its_pictures() -> None:
    kept = tuple(replace(a, benefit="", grants=0) if a.layer == "l0" else a for a in ALLOCATION.allotments)
    allocation = replace(ALLOCATION, allotments=kept)
    texts = write(PLACES, LAYERS, allocation, PACK, checker=clean).texts
    variants = combine(PLACES, LAYERS, allocation, texts, pictures(texts.texts), PACK).variants
    ready = [v for v in variants if (v.layer, v.place) == ("l0", "home_banner") and not v.excluded]
    assert {v.benefit for v in ready} == {""}
    assert len(ready) == 2


def test_people_can_read_the_name_of_a_combination() -> None:
    texts = written().texts
    variants = combine(PLACES, LAYERS, ALLOCATION, texts, pictures(texts.texts), PACK).variants
    for variant in variants:
        assert not any(part in variant.name for part in ("home_banner", "home_popup", "coupon_", "warm·", "l0·"))
    first = next(v for v in variants if v.place == "home_banner" and not v.excluded and v.benefit)
    assert "温暖" in first.name or "稳健" in first.name
    assert "元券" in first.name
