"""Edits: what changes, what stays, and that a patch can be undone."""

import datetime as dt

import pytest

from linghang.base.patches import apply
from linghang.reading import read

BASE = {
    "objective": "acquire",
    "product": "savings",
    "product_detail": "小金库",
    "audience": [
        {"field": "register_days", "op": "le", "value": 90},
        {"field": "risk_level", "op": "ge", "value": "C2"},
        {"field": "purchase", "op": "exists", "value": "wealth", "negated": True},
    ],
    "budget_cny": 300000,
    "start": "2026-11-24",
    "end": "2026-11-30",
    "channels": ["push", "inapp_popup"],
    "slots": ["home_popup"],
    "tone": "lively",
    "color": ["red", "gold"],
    "offer": {"type": "coupon", "face_value_cny": 20},
    "missing": [],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("把预算提到80万", {"budget_cny": 800000}), ("预算减半", {"budget_cny": 150000}), ("提两成", {"budget_cny": 360000}), ("预算翻倍", {"budget_cny": 600000}), ("再加10万预算", {"budget_cny": 400000}),
        ("预算打八折", {"budget_cny": 240000}), ("往后延三天", {"start": "2026-11-27", "end": "2026-12-03"}), ("再多两天", {"end": "2026-12-02"}), ("提前一天开始", {"start": "2026-11-23"}),
        ("活动改到12月5号开始，跑一周", {"start": "2026-12-05", "end": "2026-12-11"}), ("结束日期延到年底", {"end": "2026-12-31"}), ("晚上8点发", {"start_time": "20:00"}),
        ("加上短信", {"channels": ["push", "inapp_popup", "sms"]}), ("弹窗不要了", {"channels": ["push"], "slots": None}), ("只发push", {"channels": ["push"], "slots": None}), ("push换成短信", {"channels": ["inapp_popup", "sms"]}),
        ("再加一个首页banner", {"channels": ["push", "inapp_popup", "inapp_banner"], "slots": ["home_popup", "home_banner"]}), ("券改成30的，门槛1000", {"offer": {"type": "coupon", "face_value_cny": 30, "threshold_cny": 1000}}),
        ("刚才那个券改成红包", {"offer": {"type": "red_packet", "face_value_cny": 20}}), ("券不发了", {"offer": None}), ("那张红的换成深蓝", {"color": ["deep_blue", "gold"]}), ("语气改温暖一点", {"tone": "warm"}),
        ("留10%做对照", {"holdout_pct": 10}), ("每人每周最多两次", {"freq_cap": {"max": 2, "window_days": 7}}), ("标题控制在12个字以内", {"copy_rules": {"title_max_chars": 12}}),
        ("短信只在10点到20点发", {"send_window": {"channel": "sms", "start": "10:00", "end": "20:00"}}), ("目标定为新增8000户", {"target": {"metric": "new_customers", "op": "ge", "value": 8000}}),
        ("排除员工", {"exclusions": [{"field": "segment", "op": "eq", "value": "employee"}]}), ("Raise the budget to 500k", {"budget_cny": 500000}), ("Drop the popup, keep push only.", {"channels": ["push"], "slots": None}),
        ("Push everything back by 3 days", {"start": "2026-11-27", "end": "2026-12-03"}), ("Make it premium instead of lively", {"tone": "premium"}),
    ],
)  # fmt: skip
def test_one_change_and_nothing_else(changed, text: str, expected: dict) -> None:
    want = {**BASE, **expected}
    assert changed(BASE, text) == {key: value for key, value in want.items() if value is not None}


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("90天改成180天", "register_days", {"field": "register_days", "op": "le", "value": 180}),
        ("C2改C3", "risk_level", {"field": "risk_level", "op": "ge", "value": "C3"}),
        ("C2改成C3到C5", "risk_level", {"field": "risk_level", "op": "between", "value": ["C3", "C5"]}),
        ("去掉没买过理财这个条件", "purchase", None),
        ("只要女性", "gender", {"field": "gender", "op": "eq", "value": "F"}),
        ("不限风险等级", "risk_level", None),
    ],
)
def test_a_change_of_the_audience(changed, text: str, field: str, expected: dict | None) -> None:
    found = {item["field"]: item for item in changed(BASE, text)["audience"]}
    assert found.get(field) == expected
    assert {k: v for k, v in found.items() if k != field} == {
        i["field"]: i for i in BASE["audience"] if i["field"] != field
    }


def test_an_answer_settles_what_was_asked(changed) -> None:
    open_brief = {key: value for key, value in BASE.items() if key not in ("start", "end")} | {"missing": ["schedule"]}
    assert changed(open_brief, "下周一开始两周")["missing"] == []


def test_what_is_taken_away_is_asked_again(changed) -> None:
    assert changed(BASE | {"channels": ["push"], "slots": []}, "push不要了")["missing"] == ["channels"]


def test_a_patch_knows_its_inverse(demo) -> None:
    found = read("预算减半，弹窗不要了，往后延三天", today=dt.date(2026, 11, 23), pack=demo, after=BASE)
    after, undo = apply(BASE, found.patch)
    assert after == found.reading
    assert apply(after, undo)[0] == BASE


def test_words_that_change_nothing_are_unclear(demo) -> None:
    found = read("嗯这个嘛", today=dt.date(2026, 11, 23), pack=demo, after=BASE)
    assert found.kind != "edit"
    assert found.reading == {}
