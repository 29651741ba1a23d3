"""Classes of language that fresh writers used and the reader had missed: each case a phrasing of its own."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("推基金，push，除夕到年初五", "2027-02-05", "2027-02-10"),
        ("推基金，push，年廿八开始，正月十五收官", "2027-02-04", "2027-02-20"),
        ("推基金，push，腊八当天上线，元宵收口", "2027-01-15", "2027-02-20"),
        ("推基金，push，圣诞节当天截止", "", "2026-12-25"),
        ("推基金，push，明年3月5号到明年3月8号", "2027-03-05", "2027-03-08"),
        ("推基金，push，后儿起三天", "2026-11-25", "2026-11-27"),
        ("推基金，push，黑五当天", "2026-11-27", "2026-11-27"),
        ("平安夜那天给全量客户推一条祝福，push", "2026-12-24", ""),
        ("推90天封闭理财，push，下周一开始", "2026-11-30", ""),
        ("做一波年终回馈，推理财，push，12月5号起", "2026-12-05", ""),
        ("Promote funds by push from Christmas Day to New Year's Day", "2026-12-25", "2027-01-01"),
    ],
)
def test_days_as_people_say_them(brief, text: str, start: str, end: str) -> None:
    found = brief(text)
    assert (found.get("start", ""), found.get("end", "")) == (start, end)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("理财促活，push，发红包，一封8.88元，预算5万", "offer", {"type": "red_packet", "face_value_cny": 8.88}),
        ("派利是，每人18元，全渠道，预算80万", "offer", {"type": "red_packet", "face_value_cny": 18}),
        ("推基金，预算没有上限先按八万做，push", "budget_cny", 80000),
        ("推基金，预算卅万，push", "budget_cny", 300000),
        ("推基金，push，不早于10点、不晚于20点", "send_window", {"channel": "push", "start": "10:00", "end": "20:00"}),
        ("推基金，短信和邮件，最早9点最晚18点发", "send_window", {"start": "09:00", "end": "18:00"}),
        ("基金客户向上营销，push", "objective", "upsell"),
        ("元旦送祝福，品牌露出为主，公众号", "objective", "awareness"),
        ("上面要得急，拉来5万人", "target", {"metric": "new_customers", "op": "ge", "value": 50000}),
    ],
)
def test_words_of_a_brief(brief, text: str, key: str, value: Any) -> None:
    assert brief(text)[key] == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明年二月短信的点击率是多少", {"flags": ["future_period"], "time": {"start": "2027-02-01", "end": "2027-02-28"}}),
        ("今年8月的转化率和去年比", {"time": {"start": "2026-08-01", "end": "2026-08-31", "compare_to": "yoy"}}),
        ("“双旦焕新”上线到前天花了多少钱", {"time": {"start": "campaign_start", "end": "2026-11-21"}}),
        ("“年終盛典”昨日曝光", {"filters": [{"field": "campaign", "op": "contains", "value": "年終盛典"}]}),
        ("第2天、第5天、第10天的留存，上个月那批", {"day_n": [2, 5, 10], "analysis": "cohort"}),
        ("昨天花费正不正常", {"anomaly": None}),
        ("短信和邮件哪边打开率高？上周的", {"analysis": "compare", "order": None}),
        ("哪些渠道CAC最高，列5个，上月", {"analysis": "ranking", "top": 5}),
        ("上月被预警模型标红的客户，真的走了多少", {"analysis": "validation", "metrics": ["churn_rate"]}),
        ("昨儿退订率怎么飙高了", {"analysis": "root_cause", "direction": "up"}),
    ],
)  # fmt: skip
def test_words_of_a_question(asked, text: str, expected: dict[str, Any]) -> None:
    found = asked(text)
    assert {key: found.get(key) for key in expected} == expected
