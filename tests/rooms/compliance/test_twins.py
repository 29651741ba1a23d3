"""Both sides of the S1 rules, English words under Chinese law, and texts that are asked together."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from linghang import compliance
from linghang.compliance import neighbours, stance
from linghang.compliance.patterns import read_shipped

TODAY = dt.date(2026, 11, 23)


def answers(*lines: dict[str, object]) -> list[dict[str, object]]:
    return [dict(one) for one in compliance.check_batch(lines, today=TODAY)]


def rules_of(answer: dict[str, object]) -> set[str]:
    return {finding["rule"] for finding in answer["findings"]}  # type: ignore[union-attr, index]


def twins(side: str, every: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Every n-th text of one side of the twins, with its rule."""
    told = [
        (rule, {"text": re.sub(r"[\[\]]", "", said), "product": key.partition("@")[0], "jurisdiction": rule[:2],
                "channel": key.partition("@")[2] or "landing"})
        for rule, keys in read_shipped("twins.yaml").items()
        for key, sides in keys.items()
        for said in sides.get(side, [])  # type: ignore[union-attr, attr-defined]
    ]  # fmt: skip
    yield from told[::every]


def test_every_s1_rule_of_words_has_both_sides() -> None:
    told = read_shipped("twins.yaml")
    known = {rule.id: rule for name in ("CN", "US", "UK", "EU") for rule in compliance.load_rules(name)}
    assert len(told) >= 48
    assert all(known[rule].severity == "S1" for rule in told)
    for keys in told.values():
        assert sum(len(sides["breaks"]) for sides in keys.values()) >= 15  # type: ignore[index, misc]


def test_breaches_of_s1_rules_are_found_and_their_twins_left_alone() -> None:
    bad, good = list(twins("breaks", 19)), list(twins("lawful", 19))
    found = [any(f["severity"] == "S1" for f in one["findings"]) for one in answers(*(line for _, line in bad))]  # type: ignore[union-attr, index]
    blamed = [rule in rules_of(one) for (rule, _), one in zip(good, answers(*(line for _, line in good)), strict=True)]
    assert sum(found) >= 0.9 * len(found)
    assert sum(blamed) <= 0.05 * len(blamed)


@pytest.mark.parametrize(
    ("text", "product", "rules"),
    [
        ("This fund never loses, guaranteed profit.", "fund", {"CN-FD-01"}),
        ("Your principal is 100% safe with our wealth plan.", "wealth", {"CN-WM-01"}),
        ("No credit check, guaranteed approval for everyone.", "credit", {"CN-LN-04"}),
        ("Same as a bank deposit, only the payout is fatter.", "wealth", {"CN-WM-06"}),
    ],
)
def test_english_words_under_chinese_law_cite_chinese_rules(text: str, product: str, rules: set[str]) -> None:
    (answer,) = answers({"text": text, "product": product, "channel": "landing"})
    assert rules <= rules_of(answer)
    assert all(rule.startswith("CN-") for rule in rules_of(answer))


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("White Slip (pay later): the limit depends on approval. Annual rate (simple) 7.2%-18%.", "credit"),
        ("Read the rules, then see whether it suits you. Annual rate (simple) 7.2%-18%.", "credit"),
        ("If something goes wrong, tap the icon and call us.", "brand"),
        ("A non-principal-guaranteed wealth product can lose value.", "wealth"),
    ],
)
def test_names_invitations_and_denials_in_english_break_nothing_that_is_said(text: str, product: str) -> None:
    (answer,) = answers({"text": text, "product": product, "channel": "email"})
    assert not [finding for finding in answer["findings"] if finding["severity"] == "S1"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "product", "rule"),
    [
        ("Treat yourself, pay later", "credit", "CN-LN-04"),
        ("Non-principal-guaranteed, but you never lose a yuan", "wealth", "CN-WM-01"),
        ("ETH质押，日化1%", "crypto", "CN-FM-03"),
        ("周末福利：以卡养卡，点开看看", "credit", "CN-LN-05"),
    ],
)
def test_their_twins_do(text: str, product: str, rule: str) -> None:
    (answer,) = answers({"text": text, "product": product, "channel": "push"})
    assert rule in rules_of(answer)


@pytest.mark.parametrize(
    ("text", "product", "context"),
    [
        ("寒潮来袭，气象台预计迎来入冬以来最强降温，本周三网点延后半小时开门。", "brand", {}),
        ("周六网点邀您体验国家级非物质文化遗产剪纸，20个名额，报完为止。", "brand", {}),
        ("您的授信已通过：可用额度3万元，年化利率（单利）14.4%，由××银行提供资金，请按需使用。", "credit", {"credit_approved": True}),
        ("【××支付】验证码 660218，用于绑定新卡，切勿告知他人。", "payments", {}),
    ],
)  # fmt: skip
def test_what_is_not_about_the_offer_or_is_so_breaks_nothing(
    text: str, product: str, context: dict[str, object]
) -> None:
    (answer,) = answers({"text": text, "product": product, "channel": "push", "context": context})
    assert answer["verdict"] == "compliant"


def test_superlatives_of_the_institution_stay_a_breach() -> None:
    (answer,) = answers({"text": "我们是全国最大的理财平台", "product": "brand", "channel": "push"})
    assert "CN-AD-01" in rules_of(answer)


def test_texts_asked_together_are_answered_as_if_alone() -> None:
    lines = [line for _, line in twins("breaks", 97)]
    neighbours._known("zh").clear()
    together = answers(*lines)
    neighbours._known("zh").clear()
    assert together == [answers(line)[0] for line in reversed(lines)][::-1]


@pytest.mark.parametrize(
    ("before", "words", "after", "excused"),
    [
        ("本产品不做任何", "保本", "承诺", True),
        ("别用", "新债还旧债", "", True),
        ("“", "包赚不赔", "”等字样都属于违规", True),
        ("错过不再有,", "稳赚不赔", "", False),
        ("养成好习惯,别", "以卡养卡", "", True),
        ("停止", "以卡养卡", ",先记账", True),
        ("特别", "保本", "", False),
    ],
)
def test_a_denial_a_condemnation_and_a_quotation_excuse_words(
    before: str, words: str, after: str, excused: bool
) -> None:
    text = before + words + after
    assert stance.excused(text, len(before), len(before) + len(words), chinese=True) is excused
