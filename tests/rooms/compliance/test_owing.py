"""What an asset owes follows from what it lays out, whatever its tone; what only informs owes nothing."""

import datetime as dt

import pytest

from linghang import compliance

TODAY = dt.date(2026, 11, 23)


def lacking(text: str, product: str, channel: str = "feed", jurisdiction: str = "CN") -> set[str]:
    line = {"text": text, "product": product, "channel": channel, "jurisdiction": jurisdiction}
    return set(next(iter(compliance.check_batch([line], today=TODAY)))["missing_disclosures"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "product", "owed"),
    [
        ("海棠成长混合A今日开放申购，管理人海棠基金，10元起购。", "fund", {"D-FUND-RISK"}),
        ("海棠科技ETF发起联接，募集期12月1日至12月12日。", "fund", {"D-FUND-RISK"}),
        ("新发“安和一年定开”，12月2日起认购，各网点均可办理。", "wealth", {"D-WEALTH-RISK", "D-WEALTH-RLEVEL"}),
        ("R2级“周周安”本周五开放，1万元起购，由海棠理财发行。", "wealth", {"D-WEALTH-RISK"}),
        ("把零钱放进海棠货币A，今日买入次日开始计收益。", "mmf", {"D-MMF-RISK"}),
        ("积存金支持按金额或按克买入，0.1克起，工作日可交易。", "gold", {"D-GOLD-RISK"}),
        ("您可在借款页申请借款，最长可分12期，随借随还。", "credit", {"D-LOAN-APR"}),
        ("海棠稳健混合大幅跑赢沪深300（合同基准为中证800）。基金有风险，投资需谨慎；过往业绩不预示未来表现。", "fund", {"D-BENCHMARK"}),
        ("QDII新品开售，汇率差也能赚一笔。基金有风险，投资需谨慎。", "fund", {"D-SPECIAL-RISK"}),
    ],
)  # fmt: skip
def test_a_product_laid_out_to_be_had_owes(text: str, product: str, owed: set[str]) -> None:
    assert owed <= lacking(text, product)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("您持有的海棠成长混合将于12月2日进入开放期，如需赎回请在12月4日前操作。", "fund"),
        ("您申购的海棠债券1000元已确认，份额以确认单为准。", "fund"),
        ("明日起海棠货币暂停大额申购，限额5万元，以公告为准。", "mmf"),
        ("什么是最大回撤？它是净值从最高点到最低点的跌幅。", "fund"),
        ("您的积存金计划本月已买入1.2克，可在持仓页查看。", "gold"),
        ("提前还款指南：登录App，我的借款，提前还款。", "credit"),
        ("警惕“凭身份证可借5万”的短信：这是骗局，请拨打96110。", "credit"),
        ("海棠周周安（R2）本周五开放，1万元起购。理财非存款，产品有风险，投资须谨慎。", "wealth"),
        ("积存金支持按金额买入，0.1克起。金价可升可跌，买入可能亏钱。", "gold"),
    ],
)  # fmt: skip
def test_what_informs_or_carries_it_owes_nothing(text: str, product: str) -> None:
    assert not lacking(text, product)


def test_who_denies_a_fall_does_not_warn_of_it() -> None:
    assert "D-GOLD-RISK" in lacking("积存金1克起购，金价只涨不跌，买入后不会亏损。", "gold")


def test_an_english_offer_of_shares_owes_its_risk() -> None:
    said = "Trade fractional shares from $1 in our app and open an account in minutes."
    assert "D-RISK-EN" in lacking(said, "securities", "landing", "US")
    assert not lacking(f"{said} Investing involves risk, including loss of principal.", "securities", "landing", "US")


def test_a_sum_that_ends_in_a_zero_is_no_introductory_rate() -> None:
    told = "6.1% APR on home loans: borrow $20,000 for 60 months and repay $388 a month. Subject to approval."
    assert "D-INTRO" not in lacking(told, "credit", "landing", "US")
    assert "D-INTRO" in lacking("0% APR for 12 months on purchases", "credit", "landing", "US")
