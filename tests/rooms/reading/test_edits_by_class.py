"""Ways of changing, by class: money kept back, shares granted, what was not got, conditions only named, Cantonese."""

import datetime as dt
import json
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from linghang import packs
from linghang.reading import read

TODAY = dt.date(2026, 11, 23)
DATA = Path(__file__).parents[3] / "evals" / "data"
BASE: Mapping[str, Any] = {
    "objective": "convert",
    "product": "fund",
    "audience": [
        {"field": "age", "op": "between", "value": [25, 40]},
        {"field": "last_login_days", "op": "gt", "value": 60},
        {"field": "holding_ever", "op": "exists", "value": "wealth"},
    ],
    "budget_cny": 200000,
    "start": "2026-12-03",
    "end": "2026-12-09",
    "channels": ["push", "sms", "wechat_mini", "inapp_popup"],
    "slots": ["homepage_grid", "home_popup"],
    "offer": {"type": "cashback", "face_value_cny": 10, "threshold_cny": 100},
    "target": {"metric": "reach", "op": "ge", "value": 200000},
    "exclusions": [{"field": "segment", "op": "eq", "value": "employee"}, {"field": "complaint", "op": "exists"}],
    "missing": [],
}
AGE, LOGIN, HELD = BASE["audience"]
EMPLOYEES, COMPLAINTS = BASE["exclusions"]
GONE = None


def offer(**values: int) -> dict[str, Any]:
    return {**BASE["offer"], **values}


FREE = {"type": "cashback", "face_value_cny": 10}
TWO = {"channels": ["push", "sms"], "slots": GONE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # money kept back out of a budget that stays
        ("总预算不变，从里面划2万出来当准备金", {"budget_reserve_cny": 20000}),
        ("拿预算的一成出来做机动", {"budget_reserve_cny": 20000}),
        ("从预算里抽3万作为预备费", {"budget_reserve_cny": 30000}),
        ("keep the budget, set aside 20k as contingency", {"budget_reserve_cny": 20000}),
        ("總預算唔郁，攞1萬出嚟做預備金", {"budget_reserve_cny": 10000}),
        # a share that was granted
        ("财务只给了七成预算", {"budget_cny": 140000}),
        ("经费只保住七成", {"budget_cny": 140000}),
        ("finance only approved 60% of the budget", {"budget_cny": 120000}),
        ("老闆只批咗六成預算", {"budget_cny": 120000}),
        # a day of the week beside its date; two days in a row
        ("别只做到9号，做到周日13号", {"end": "2026-12-13"}),
        ("不要只跑一周，跑到12月20号周日", {"end": "2026-12-20"}),
        ("extend it to Sunday Dec 13", {"end": "2026-12-13"}),
        ("应该是12月5号开始，然后到12月18号", {"start": "2026-12-05", "end": "2026-12-18"}),
        # what the campaign did not get goes
        ("首页弹窗没申请到，撤了吧", {"channels": ["push", "sms", "wechat_mini"], "slots": ["homepage_grid"]}),
        ("金剛位搶唔到，拎走", {"slots": ["home_popup"]}),
        ("we didn't get the homepage grid, drop it", {"slots": ["home_popup"]}),
        # the offer and its threshold
        ("使用门槛取消，无门槛", {"offer": FREE}),
        ("門檻唔要", {"offer": FREE}),
        ("不返现了", {"offer": GONE}),
        ("返現唔送喇", {"offer": GONE}),
        ("面额和门槛都翻倍", {"offer": offer(face_value_cny=20, threshold_cny=200)}),
        ("halve both the face value and the threshold", {"offer": offer(face_value_cny=5, threshold_cny=50)}),
        # goals
        ("let's aim for 350k reach", {"target": {**BASE["target"], "value": 350000}}),
        ("KPI should be ROI", {"kpi": "roi"}),
        ("KPI就定转化率", {"kpi": "conversion_rate"}),
        ("别冲转化了，目标换成促活", {"objective": "activate"}),
        ("不追成交了，目的改成召回", {"objective": "winback"}),
        # conditions that are only named
        ("只留没登录那个条件", {"audience": [LOGIN]}),
        ("人群只保留年龄这条", {"audience": [AGE]}),
        ("持有過理財嘅要求唔要", {"audience": [AGE, LOGIN]}),
        ("Let complainers back in", {"exclusions": [EMPLOYEES]}),
        ("員工都算返入嚟", {"exclusions": [COMPLAINTS]}),
        ("老板没点头加钱，时间倒是能延到12月20号", {"end": "2026-12-20"}),
        # so many and no more
        ("渠道收窄就两路：push和短信", TWO),
        # what holds said again beside the new value; parts left alone
        ("the 200k budget becomes 150k", {"budget_cny": 150000}),
        ("面额不是10，是15", {"offer": offer(face_value_cny=15)}),
        ("20万里头留一成机动", {"budget_reserve_cny": 20000}),
        ("门槛不动，面额提到15", {"offer": offer(face_value_cny=15)}),
        ("面额和门槛各涨一成", {"offer": offer(face_value_cny=11, threshold_cny=110)}),
        ("预算给七成就够了", {"budget_cny": 140000}),
        ("短信通道挂了，停掉", {"channels": ["push", "wechat_mini", "inapp_popup"]}),
        ("sms quota is gone, skip it", {"channels": ["push", "wechat_mini", "inapp_popup"]}),
        ("短信效果挺好的，不要小程序", {"channels": ["push", "sms", "inapp_popup"]}),
        ("use CTR as the KPI", {"kpi": "ctr"}),
        ("年齡嗰條唔使睇", {"audience": [LOGIN, HELD]}),
        ("短訊唔好發", {"channels": ["push", "wechat_mini", "inapp_popup"]}),
    ],
)
def test_an_edit_of_the_class(text: str, expected: dict[str, Any]) -> None:
    found = read(text, today=TODAY, pack=packs.load("demo"), after=BASE)
    keys = {*BASE, *found.reading}
    changed = {key: found.reading.get(key) for key in keys if found.reading.get(key) != BASE.get(key)}
    assert found.kind == "edit"
    assert changed == expected


def test_a_condition_that_is_not_there_leaves_nobody_out() -> None:
    found = read("没买过基金的要求去掉，预算加到30万", today=TODAY, pack=packs.load("demo"), after=BASE)
    assert found.reading == {**BASE, "budget_cny": 300000}


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("10月定投人数，compared with a year ago", "time", {"start": "2026-10-01", "end": "2026-10-31", "compare_to": "yoy"}),
        ("尋日嘅退訂率同前日比點樣", "time", {"start": "2026-11-22", "end": "2026-11-22", "compare_to": "previous_day"}),
        ("上月各渠到打开律排明前3", "top", 3),
        ("十一月各渠道打开率前5", "top", 5),
        ("二季度新客数跌了，各渠道分别贡献了多少", "direction", "down"),
        ("“存单节”10月份每天的点击走势", "filters", [{"field": "campaign", "op": "contains", "value": "存单节"}]),
        ("retention at day 7 by channel, second half of last year", "time", {"start": "2025-07-01", "end": "2025-12-31"}),
        ("Split CTR down by new vs existing customers for October", "analysis", "breakdown"),
    ],
)  # fmt: skip
def test_a_question_of_the_class(text: str, key: str, expected: Any) -> None:
    found = read(text, today=TODAY, pack=packs.load("demo"))
    assert found.kind == "analysis"
    assert found.reading[key] == expected


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("基金转化，老客，送加息券，push，拿5万试试水，12月1号起20天", "budget_cny", 50000),
        ("理财转化，push，60天内有存单到期的客户", "audience", [{"field": "maturity_days", "op": "le", "value": 60}]),
        ("註冊唔夠60日嘅用戶，推基金，push", "audience", [{"field": "register_days", "op": "lt", "value": 60}]),
        ("推基金，push，上海同杭州嘅客", "audience", [{"field": "city", "op": "in", "value": ["上海", "杭州"]}]),
        ("推基金，push，12/7 start, 12/20 end", "end", "2026-12-20"),
        ("推基金，push，文案勿用emoji", "copy_rules", {"no_emoji": True}),
        ("推養老理財，push，開了養老金帳戶但尚未繳存嘅客戶", "audience",
         [{"field": "pension_account", "op": "exists"}, {"field": "pension_deposit", "op": "exists", "negated": True}]),
    ],
)  # fmt: skip
def test_a_brief_of_the_class(text: str, key: str, expected: Any) -> None:
    found = read(text, today=TODAY, pack=packs.load("demo"))
    assert found.kind == "brief"
    assert found.reading[key] == expected


EXTRA: Mapping[str, Any] = {**BASE, "budget_max_cny": 250000, "kpi": "impressions",
    "freq_cap": {"max": 2, "window_days": 7}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("老板催，预算加5万", "budget_cny", 250000),
        ("老板盯得紧，短信去掉", "channels", ["push", "wechat_mini", "inapp_popup"]),
        ("老板过来催了两次，提前一天上", "audience", BASE["audience"]),
        ("Start two days later", "start", "2026-12-05"),
        ("预算按原来的四分之一走", "budget_cny", 50000),
        ("Never mind the 250k ceiling", "budget_max_cny", GONE),
        ("取消每周2次的频控", "freq_cap", GONE),
        ("Begin two days earlier", "start", "2026-12-01"),
        ("这回只肯给原预算的四分之三", "budget_cny", 150000),
        ("三版测试，A 50%，B 30%，C 20%", "budget_cny", 200000),
        ("三版测试，A 50%，B 30%，C 20%", "experiment", {"variants": ["A", "B", "C"], "split": [50, 30, 20]}),
        ("Drop the 250k cap", "budget_max_cny", GONE),
        ("KPI别看曝光了，看点击量", "kpi", "clicks"),
        ("Don't forget email", "channels", ["push", "sms", "wechat_mini", "inapp_popup", "email"]),
        ("Don't forget to extend the end by two days", "end", "2026-12-11"),
    ],
)
def test_words_around_a_change(text: str, key: str, expected: Any) -> None:
    found = read(text, today=TODAY, pack=packs.load("demo"), after=EXTRA)
    assert found.kind == "edit"
    assert found.reading.get(key) == expected


BORROWED = {"field": "credit_drawn", "op": "exists", "window_days": 90, "negated": True}


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("推金条，push，90天内没有借款的", "audience", [BORROWED]),
        ("Promote credit, push, no drawdown in the past 90 days", "audience", [BORROWED]),
        ("推基金，push，持有过理财、超过60天没登录的", "audience", [HELD, LOGIN]),
        ("推基金，push，總資產（AUM）80萬或以上", "audience", [{"field": "aum_cny", "op": "ge", "value": 800000}]),
        ("Promote funds, push, app never opened in 60 days", "audience",
         [{"field": "last_login_days", "op": "ge", "value": 60}]),
        ("Promote insurance, push, parents 25 to 40", "audience", [{"field": "has_child", "op": "exists"}, AGE]),
        ("推基金，push，C3-and-above", "audience", [{"field": "risk_level", "op": "ge", "value": "C3"}]),
        ("推理财，push，投诉过的绝对不要，员工一概不发", "exclusions", [COMPLAINTS, EMPLOYEES]),
        ("老板盯着，推黄金，push，28岁以上", "audience", [{"field": "age", "op": "ge", "value": 28}]),
        ("给老板们发一张券，推贷款，push", "audience", [{"field": "segment", "op": "eq", "value": "enterprise_owner"}]),
        ("这波是老板亲自抓的，推黄金，push，28岁以上", "audience", [{"field": "age", "op": "ge", "value": 28}]),
        ("推金条，push，授信额度（可用）5万以上", "audience", [{"field": "credit_limit_cny", "op": "ge", "value": 50000}]),
        ("推基金，push，近30天看过基金页3次、就是没下单", "audience", [
            {"field": "page_view", "op": "ge", "value": 3, "window_days": 30},
            {"field": "purchase", "op": "exists", "value": "fund", "window_days": 30, "negated": True}]),
        ("推基金，push，四版文案测试各占25%", "experiment",
         {"variants": ["A", "B", "C", "D"], "split": [25, 25, 25, 25]}),
        ("推基金，push，三版文案测试均分", "experiment", {"variants": ["A", "B", "C"]}),
        ("推基金，psuh，近30天看过基金页的", "channels", ["push"]),
        ("推基金，push，口气克制一点", "tone", "calm"),
    ],
)  # fmt: skip
def test_a_condition_of_the_class(text: str, key: str, expected: Any) -> None:
    found = read(text, today=TODAY, pack=packs.load("demo"))
    assert found.kind == "brief"
    assert found.reading[key] == expected


def test_noise_is_read_in_bounded_time() -> None:
    """Sentences doubled, cut and mixed: none holds the reader up, so that no pattern runs away."""
    said = [json.loads(line)["text"] for line in (DATA / "reading_blind_b.jsonl").read_text("utf-8").splitlines()]
    dice, pack = random.Random(20), packs.load("demo")
    slowest = 0.0
    for turn in range(600):
        one, other = dice.choice(said), dice.choice(said)
        cut = dice.randrange(1, len(one) + 1)
        text = (one[:cut] + other[dice.randrange(len(other)) :], one + one, one[cut:] * 3 + other)[turn % 3][:240]
        begin = time.process_time()
        read(text, today=TODAY, pack=pack, after=BASE if turn % 2 else None)
        slowest = max(slowest, time.process_time() - begin)
    assert slowest < 2.0
