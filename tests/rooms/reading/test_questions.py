"""Questions about results."""

import pytest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("为什么昨天点击掉了", {"metrics": ["clicks"], "dimensions": [], "time": {"start": "2026-11-22", "end": "2026-11-22", "compare_to": "previous_day"}, "analysis": "root_cause", "direction": "down"}),
        ("AUM分层看提升：1万以下、1-10万、10-50万、50万以上", {"metrics": ["aum_change_cny"], "dimensions": ["aum_tier"], "dimension_bins": [0, 10000, 100000, 500000], "analysis": "breakdown", "missing": ["time"]}),
        ("对照组和实验组的差异显著吗", {"metrics": ["conversion_rate"], "dimensions": ["experiment_group"], "analysis": "uplift", "stat_test": "significance", "missing": ["campaign"]}),
        ("流失预警命中的那批人，上个月实际流失了多少", {"metrics": ["churn_rate"], "dimensions": [], "filters": [{"field": "churn_score", "op": "ge", "value": "high"}], "time": {"start": "2026-10-01", "end": "2026-10-31"}, "analysis": "validation"}),
        ("QDII和固收+的留存对比，按30/60/90日", {"metrics": ["retention_rate"], "dimensions": ["product", "day_n"], "day_n": [30, 60, 90], "filters": [{"field": "product", "op": "in", "value": ["QDII", "固收+"]}], "analysis": "cohort", "missing": ["time"]}),
        ("上周ROI最高的渠道是哪个", {"metrics": ["roi"], "dimensions": ["channel"], "time": {"start": "2026-11-16", "end": "2026-11-22"}, "analysis": "ranking", "order": "desc", "top": 1}),
        ("ROI最差的三个渠道，上月", {"metrics": ["roi"], "dimensions": ["channel"], "time": {"start": "2026-10-01", "end": "2026-10-31"}, "analysis": "ranking", "order": "asc", "top": 3}),
        ("转化率跌破2%就通知我", {"metrics": ["conversion_rate"], "dimensions": [], "analysis": "summary", "alert": {"metric": "conversion_rate", "op": "lt", "value": 0.02}, "missing": ["time"]}),
        ("预算还剩多少", {"metrics": ["budget_left_cny"], "dimensions": [], "analysis": "summary", "missing": ["campaign"]}),
        ("下个月的点击率是多少", {"metrics": ["ctr"], "dimensions": [], "time": {"start": "2026-12-01", "end": "2026-12-31"}, "analysis": "summary", "flags": ["future_period"]}),
        ("AUM 5万以上的沉睡客户有多少", {"metrics": ["segment_size"], "dimensions": [], "filters": [{"field": "aum_cny", "op": "ge", "value": 50000}, {"field": "lifecycle", "op": "eq", "value": "dormant"}], "analysis": "summary"}),
        ("Show ROI by channel for the gold campaign, month to date.", {"metrics": ["roi"], "dimensions": ["channel"], "time": {"start": "2026-11-01", "end": "2026-11-23"}, "filters": [{"field": "campaign", "op": "contains", "value": "gold"}], "analysis": "breakdown"}),
        ("How long from first exposure to first purchase, median and P90?", {"metrics": ["time_to_convert_days"], "dimensions": [], "quantiles": [0.5, 0.9], "analysis": "duration", "missing": ["time"]}),
        ("昨天比前天点击量掉了多少", {"metrics": ["clicks"], "dimensions": [], "time": {"start": "2026-11-22", "end": "2026-11-22", "compare_to": "previous_day"}, "analysis": "compare"}),
        ("同比去年双11，GMV涨了多少", {"metrics": ["gmv_cny"], "dimensions": [], "time": {"start": "2026-11-11", "end": "2026-11-11", "compare_to": "yoy"}, "analysis": "compare"}),
        ("活动上线以来每天的新客数", {"metrics": ["new_customers"], "dimensions": ["date"], "time": {"start": "campaign_start", "end": "2026-11-23", "grain": "day"}, "analysis": "trend", "missing": ["campaign"]}),
    ],
)  # fmt: skip
def test_a_question(asked, text: str, expected: dict) -> None:
    assert asked(text) == expected
