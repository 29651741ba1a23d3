"""The checker's promises: the same answer twice, exceptions, demands, the reader's place, a fix that passes."""

import datetime as dt

import pytest

from linghang import compliance
from linghang.base.findings import Severity
from linghang.compliance.mending import mended, offer_facts

TODAY = dt.date(2026, 11, 23)
RISK = "基金有风险，投资需谨慎。"


def check(text: str, product: str = "fund", channel: str = "feed", **more: object) -> dict[str, object]:
    line = {"text": text, "product": product, "channel": channel, **more}
    return dict(next(iter(compliance.check_batch([line], today=TODAY))))


def rules_of(answer: dict[str, object]) -> set[str]:
    return {finding["rule"] for finding in answer["findings"]}  # type: ignore[union-attr, index]


def test_it_says_the_same_twice() -> None:
    lines = [
        {"text": "定投永远不亏", "product": "fund"},
        {"text": "Guaranteed 12% a year", "product": "securities", "jurisdiction": "US"},
    ]
    first = list(compliance.check_batch(lines, today=TODAY))
    assert first == list(compliance.check_batch(lines, today=TODAY))


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("客户来电录音摘录：“他们跟我讲不查征信就能贷。”——这正是典型的诈骗开场白。", "credit"),
        ("书讯：《稳赚不赔的谎言》作者分享会，现场不销售任何产品。", "brand"),
        ("下列话术请勿使用：“保本保息”“跟存款一样”“到期一分不少”。", "wealth"),
        ("“USDT理财日息1%”？多部门提示：远离虚拟货币交易炒作。", "crypto"),
        ("开盘价、最高价、最低价、收盘价。股市有风险，入市需谨慎。", "securities"),
        ("原价128元（11月16日至22日最低成交价），今日98元，有效期365天。", "membership"),
        ("请确保本人操作，妥善保管密码。", "brand"),
        ("市场跌了怎么办？我们没法告诉您明天会涨。基金有风险，投资需谨慎。", "fund"),
        ("备案不代表监管对产品的保证。××人寿承保的保险产品，以条款为准。", "insurance"),
    ],
)
def test_quotations_titles_prices_and_denials_break_nothing(text: str, product: str) -> None:
    assert check(text, product)["verdict"] == "compliant"


@pytest.mark.parametrize(
    ("text", "product", "channel"),
    [
        ("还款成功：您已归还第5期借款，剩余7期。", "credit", "push"),
        ("首次购买理财须先完成风险测评并双录，请携带本人身份证。", "wealth", "sms"),
        ("最大回撤怎么看？它说的是区间里从最高点跌到最低点的幅度。", "fund", "wechat_oa"),
        ("请勿轻信“内部理财、月息3分”的电话，我行从不通过个人账户收款。", "wealth", "push"),
    ],
)
def test_notices_and_lessons_owe_no_disclosure(text: str, product: str, channel: str) -> None:
    answer = check(text, product, channel)
    assert answer["missing_disclosures"] == []
    assert answer["type"] != "promotion"


def test_what_sells_owes_them() -> None:
    assert check("××沪深300指数增强A正在热卖，点我申购")["missing_disclosures"] == ["D-FUND-RISK"]


@pytest.mark.parametrize(
    ("text", "product", "rule"),
    [
        ("金价只有上坡没有下坡。金价有波动，可能亏损。", "gold", "CN-GD-01"),
        ("跌了算我的，涨了算你的，这样的基金哪里找？", "fund", "CN-FD-01"),
        ("第3题选D，第7题选C，这样测出来就够买R5了。" + RISK, "fund", "CN-SU-02"),
    ],
)
def test_meaning_is_found_without_the_words(text: str, product: str, rule: str) -> None:
    assert rule in rules_of(check(text, product))


def test_a_rule_of_facts_does_not_ask_what_the_text_is_for() -> None:
    text = "您好，××人寿，为您介绍一款终身寿险。××人寿承保的保险产品，以条款为准。"
    late = check(text, "insurance", "call", context={"send_time": "21:40", "customer_requested": False})
    asked = check(text, "insurance", "call", context={"send_time": "21:40", "customer_requested": True})
    assert "CN-CL-01" in rules_of(late)
    assert "CN-CL-01" not in rules_of(asked)


def test_the_reader_alone_never_blocks_a_campaign() -> None:
    material = compliance.Material("金价只有上坡没有下坡。金价有波动，可能亏损。", "gold", "feed")
    done = compliance.check(material, today=TODAY)
    advice = [hit for hit in done.hits if hit.advice]
    assert advice
    assert all(finding.severity in (Severity.S3, Severity.S4) for finding in compliance.as_findings(done, "x")
               if finding.code == "compliance.heard")  # fmt: skip


def test_a_pattern_of_severity_one_stays_whatever_the_reader_thinks() -> None:
    assert "CN-FD-01" in rules_of(check("保本保息。" + RISK))


def test_a_fix_passes_and_keeps_the_figures() -> None:
    answer = check("定投永远不亏，每月100元起，12月31日前申购费率1折")
    fixed = str(answer["fixed_text"])
    assert check(fixed)["verdict"] == "compliant"
    assert {"100元", "12月31日", "1折"} <= set(offer_facts(fixed))


def test_no_fix_invents_a_rate_a_source_or_a_term() -> None:
    assert check("最高可借30万，点击查看您的额度", "credit")["fixed_text"] == ""
    told = check("最高可借30万，点击查看您的额度", "credit", context={"apr": "7.2%–24%"})
    assert "年化利率（单利）7.2%–24%" in str(told["fixed_text"])
    assert check("九成客户用了都说好", "brand")["fixed_text"] == ""


def test_where_all_was_wrong_a_pointer_to_the_product_stands_instead() -> None:
    answer = check("全网首选，稳赚不赔", "fund")
    fixed = str(answer["fixed_text"])
    assert fixed.startswith("基金的投资范围、费用与风险等级，请见产品页")
    assert check(fixed)["verdict"] == "compliant"


def test_a_rating_that_is_wrong_is_not_mended_by_cutting_it() -> None:
    answer = check("聚力混合，风险等级R3。" + RISK, context={"product_risk": "R4"})
    assert "CN-SU-03" in rules_of(answer)
    assert answer["fixed_text"] == ""


def test_an_hour_cannot_be_mended_by_words() -> None:
    answer = check("会员日双倍积分明天开抢，12月8日当天有效", "membership", "push", context={"send_time": "23:20"})
    assert answer["verdict"] == "violating"
    assert answer["fixed_text"] == ""


def test_a_text_in_order_is_its_own_fix() -> None:
    done = compliance.check(compliance.Material(RISK, "fund"), today=TODAY)
    assert mended(done, today=TODAY).fixed_text == RISK


def test_every_citation_is_in_force_on_the_launch_date() -> None:
    for day in (dt.date(2026, 1, 1), dt.date(2026, 9, 29), dt.date(2026, 11, 23)):
        for rule in compliance.load_rules("CN", day):
            assert all(citation.in_force(day) for citation in rule.citations)
    early = {rule.id for rule in compliance.load_rules("CN", dt.date(2026, 9, 29))}
    late = {rule.id for rule in compliance.load_rules("CN", dt.date(2026, 9, 30))}
    assert "CN-FM-06" in late - early


def test_the_144_rules_carry_examples_and_keep_nearly_all() -> None:
    rules = [rule for name in ("CN", "US", "UK", "EU") for rule in compliance.load_rules(name)]
    assert len(rules) == 144
    passed, failures = compliance.run_examples(rules)
    assert passed >= 2500
    assert len(failures) <= 0.01 * passed, failures
