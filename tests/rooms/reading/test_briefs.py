"""Briefs: each part of the reading, from sentences as operators type them."""

import pytest


def test_a_whole_brief(brief) -> None:
    found = brief("拉新：近90天注册没买过理财的，推小金库新人券20元，预算30万，明天到月底，push+首页弹窗，要热闹")
    assert found.pop("product_detail") == "小金库"
    assert found == {
        "objective": "acquire",
        "product": "savings",
        "audience": [
            {"field": "register_days", "op": "le", "value": 90},
            {"field": "purchase", "op": "exists", "value": "wealth", "negated": True},
        ],
        "budget_cny": 300000,
        "start": "2026-11-24",
        "end": "2026-11-30",
        "channels": ["push", "inapp_popup"],
        "slots": ["home_popup"],
        "tone": "lively",
        "offer": {"type": "coupon", "face_value_cny": 20},
        "missing": [],
    }


def _only(field: str, op: str, value: object = None, **more: object) -> dict:
    return {"field": field, "op": op, **({} if value is None else {"value": value}), **more}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("近60天没登录的", _only("last_login_days", "gt", 60)),
        ("users who haven't opened the app in 90 days", _only("last_login_days", "ge", 90)),
        ("注册不到30天的客户", _only("register_days", "lt", 30)),
        ("AUM5万以上的客户", _only("aum_cny", "ge", 50000)),
        ("AUM 5万到50万的客户", _only("aum_cny", "between", [50000, 500000])),
        ("可用额度大于2万的", _only("credit_limit_cny", "gt", 20000)),
        ("60岁以下的客户", _only("age", "lt", 60)),
        ("18-35岁的客户", _only("age", "between", [18, 35])),
        ("C3及以上的客户", _only("risk_level", "ge", "C3")),
        ("C3以下的客户", _only("risk_level", "le", "C3")),
        ("三线以下城市的客户", _only("city_tier", "ge", 3)),
        ("二三线城市的客户", _only("city_tier", "between", [2, 3])),
        ("北京、上海的客户", _only("city", "in", ["北京", "上海"])),
        ("没买过任何理财的客户", _only("purchase", "exists", "wealth", negated=True)),
        ("近30天看过金价的客户", _only("page_view", "exists", "gold_price", window_days=30)),
        ("近30天看过详情页≥2次的客户", _only("page_view", "ge", 2, window_days=30)),
        ("近30天登录≥5天的客户", _only("active_days", "ge", 5, window_days=30)),
        ("买过2次以上基金的客户", _only("purchase", "ge", 2)),
        ("近半年赎回超过10万的客户", _only("redeem_amount_cny", "gt", 100000, window_days=180)),
        ("亏损超过10%的客户", _only("profit_pct", "lt", -10)),
        ("浮盈20%以上的客户", _only("profit_pct", "ge", 20)),
        ("持有货基超过半年的客户", _only("holding_days", "gt", 180)),
        ("持有3只以上基金的客户", _only("holding_count", "ge", 3)),
        ("没有存款的客户", _only("holding", "exists", "deposit", negated=True)),
        ("money-fund holders", _only("holding", "exists", "mmf")),
        ("保单30天内到期的客户", _only("policy_expire_days", "le", 30)),
        ("流失模型分top10%的客户", _only("churn_score", "ge", 0.9)),
        ("领了券还没用的客户", _only("coupon_unused", "exists")),
        ("已实名的客户", _only("kyc_done", "exists")),
        ("未绑卡的客户", _only("card_bound", "exists", negated=True)),
        ("近60天没借过的客户", _only("credit_drawn", "exists", window_days=60, negated=True)),
        ("参加过618活动的客户", _only("in_campaign", "exists", "618")),
        ("近30天支付10次以上的客户", _only("pay_count", "ge", 10, window_days=30)),
        ("气温低于5度的城市", _only("weather_temp_c", "lt", 5)),
        ("年收入30万以上的客户", _only("salary_cny", "ge", 25000)),
        ("流失90天以上的老户", _only("last_login_days", "ge", 90)),
        ("women aged 30 to 50", _only("age", "between", [30, 50])),
        ("昨天点了push的用户", _only("click", "exists", window_days=1)),
    ],
)
def test_a_condition(brief, said: str, expected: dict) -> None:
    assert (
        expected
        in brief(
            f"给{said}推小金库，站内信，下周" if said[0] > "z" else f"promote deposits to {said}, email, next week"
        )["audience"]
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("排除员工", _only("segment", "eq", "employee")),
        ("剔除近7天触达过的", _only("touched", "exists", window_days=7)),
        ("不打扰投诉过的", _only("complaint", "exists")),
        ("逾期的别发", _only("overdue", "exists")),
        ("除了一线城市都推", _only("city_tier", "eq", 1)),
        ("不要短信", _only("channel", "eq", "sms")),
        ("文案一律不写收益率", _only("copy", "contains", "收益率")),
        ("别带营销", _only("copy", "contains", "营销")),
        ("不推新品", _only("product_tag", "eq", "new")),
        ("文案不出现“稳赚”", _only("copy", "contains", "稳赚")),
    ],
)
def test_an_exclusion(brief, said: str, expected: dict) -> None:
    found = brief(f"给AUM5万以上的客户推小金库，站内信，下周，{said}")
    assert expected in found["exclusions"]
    assert expected not in found["audience"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("新人券20元", {"type": "coupon", "face_value_cny": 20}), ("满1000减20的券", {"type": "coupon", "threshold_cny": 1000, "face_value_cny": 20}), ("免息券7天", {"type": "interest_free_coupon", "interest_free_days": 7}),
        ("12期免息", {"type": "interest_free_coupon", "periods": 12}), ("费率1折", {"type": "fee_discount", "fee_discount": 0.1}), ("首月1元", {"type": "discount", "face_value_cny": 1}), ("送双倍积分", {"type": "points"}),
        ("15元红包", {"type": "red_packet", "face_value_cny": 15}), ("8.8元无门槛券", {"type": "coupon", "face_value_cny": 8.8, "threshold_cny": 0}), ("最高888元红包", {"type": "red_packet", "face_value_cny": 888, "face_value_is_max": True}),
    ],
)  # fmt: skip
def test_an_offer(brief, said: str, expected: dict) -> None:
    assert brief(f"给老客推小金库，{said}，push，下周，预算10万")["offer"] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("预算15w", {"budget_cny": 150000}), ("80w", {"budget_cny": 800000}), ("5万预算", {"budget_cny": 50000}), ("预算先按两万五批，最多不超过三万", {"budget_cny": 25000, "budget_max_cny": 30000}),
        ("预算30万封顶", {"budget_max_cny": 300000}), ("总预算500万，其中50万机动", {"budget_cny": 5000000, "budget_reserve_cny": 500000}), ("预算20万，哦不对，是25万", {"budget_cny": 250000}),
        ("预算三十到五十万", {"budget_cny": 300000, "budget_max_cny": 500000}),
    ],
)  # fmt: skip
def test_a_budget(brief, said: str, expected: dict) -> None:
    found = brief(f"给老客推小金库，push，下周，{said}")
    assert {key: value for key, value in found.items() if key.startswith("budget")} == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("跑一周", ({"duration_days": 7}, ["start"])), ("12月", ({}, ["start"])), ("", ({}, ["schedule"])), ("年底前", ({"end": "2026-12-31"}, [])), ("每周三一篇，做到年底", ({"recurrence": "weekly:wed", "start": "2026-11-25", "end": "2026-12-31"}, [])),
        ("下周二上午十点发", ({"start": "2026-12-01", "start_time": "10:00"}, [])), ("12月5号，跑十天", ({"start": "2026-12-05", "end": "2026-12-14"}, [])),
    ],
)  # fmt: skip
def test_a_schedule_and_what_it_leaves_to_ask(brief, said: str, expected: tuple) -> None:
    found = brief(f"给老客推小金库，push，{said}")
    keys = ("start", "end", "start_time", "duration_days", "recurrence")
    assert ({key: found[key] for key in keys if key in found}, found["missing"]) == expected


def test_places_share_the_homepage_that_is_said_once(brief) -> None:
    assert brief("黄金节，首页开屏+弹窗，80w")["slots"] == ["splash", "home_popup"]


def test_a_bare_popup_is_no_slot(brief) -> None:
    found = brief("推小金库，push+弹窗，下周，老客")
    assert (found["channels"], found.get("slots")) == (["push", "inapp_popup"], None)


def test_phases_have_their_own_days(brief) -> None:
    found = brief("预热11.25-11.30，爆发12.1-12.3，返场12.4-12.6，小金库加息，全渠道，预算400万，新户")
    assert [phase["name"] for phase in found["phases"]] == ["预热", "爆发", "返场"]
    assert (found["start"], found["end"]) == ("2026-11-25", "2026-12-06")


@pytest.mark.parametrize(
    "said",
    ["预热3天、爆发5天、返场2天", "3天预热、5天爆发、2天返场", "预热三天,爆发五天,返场两天",
     "3 days warm-up, 5 days main event, 2 days encore"],
)  # fmt: skip
def test_phases_may_have_lengths(brief, said) -> None:
    found = brief(f"双11大促,{said},给C3以上客户推基金,预算50万,push,12月1日开始")
    assert [phase["days"] for phase in found["phases"]] == [3, 5, 2]
    assert all("channels" not in phase for phase in found["phases"])
    assert (found["start"], found.get("end")) == ("2026-12-01", None)


def test_segments_have_their_own_offers(brief) -> None:
    found = brief("高净值发100元券，其余发10元券，push，推理财，预算50万，下周")
    assert [part["offer"]["face_value_cny"] for part in found["segments"]] == [100, 10]
    assert found["segments"][1]["rest"] is True
    assert "audience" not in found["missing"]


def test_a_campaign_to_repeat(brief) -> None:
    found = brief("帮我复盘并重跑上个月的黄金拉新，人群换成近90天看过黄金的女性，其他不变")
    assert found["base_campaign"] == "黄金拉新（2026-10）"
    assert found["missing"] == ["schedule"]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("抽奖送特斯拉，全渠道，12月18号，预算200万", "CN-PR-01"),
        ("给没授权短信的客户群发一条贷款短信，今天下午三点", "CN-SM-01"),
        ("12月31号开始，到12月1号结束，推基金，预算20w", "schedule_conflict"),
        ("R4混合基金推给C2客户，push，12月2号", "CN-SU-01"),
        ("大学生白条开通，送小礼品", "CN-LN-06"),
    ],
)
def test_what_must_be_refused_is_flagged(brief, text: str, flag: str) -> None:
    assert flag in brief(text)["flags"]


def test_a_goal_with_a_figure(brief) -> None:
    assert brief("给我拉200万人")["target"] == {"metric": "new_customers", "op": "ge", "value": 2000000}
    assert brief("点击率目标3%，小金库push，老客，周四晚8点")["target"] == {"metric": "ctr", "op": "ge", "value": 0.03}


def test_slips_and_traditional_characters_read_alike(brief) -> None:
    plain = brief("给老客推白条，短信，下周，预算十万")
    assert brief("給老客推白跳，簡訊，下週，預算十萬") == plain


def test_nothing_is_invented(brief) -> None:
    assert brief("推基金") == {
        "objective": "convert",
        "product": "fund",
        "missing": ["audience", "schedule", "channels"],
    }


def test_layers_need_not_repeat_their_field(brief) -> None:
    found = brief("AUM 10万以下10元，10-50万30元，50万以上50元，三档券，推理财，push，预算30万，下周")
    assert [part["audience"] for part in found["segments"]] == [
        [{"field": "aum_cny", "op": "lt", "value": 100000}],
        [{"field": "aum_cny", "op": "between", "value": [100000, 500000]}],
        [{"field": "aum_cny", "op": "ge", "value": 500000}],
    ]
    assert [part["offer"]["face_value_cny"] for part in found["segments"]] == [10, 30, 50]


def test_segments_may_differ_by_channel_or_product(brief) -> None:
    found = brief("一线城市短信，其他城市push，推货基，12月1号开始一周")
    assert found["segments"] == [
        {"audience": [{"field": "city_tier", "op": "eq", "value": 1}], "channels": ["sms"]},
        {"rest": True, "channels": ["push"]},
    ]
    parted = brief("女性推教育金，男性推重疾险，公众号，12月中旬")["segments"]
    assert [part["product_detail"] for part in parted] == ["教育金", "重疾险"]


def test_a_phase_that_is_spoken_of_twice_is_one(brief) -> None:
    found = brief(
        "预热期push，爆发期push+短信，返场期短信，基金大促，12.5-12.8预热，12.9-12.12爆发，12.13-12.15返场，全量"
    )
    assert [(p["start"], p["end"], p["channels"]) for p in found["phases"]] == [
        ("2026-12-05", "2026-12-08", ["push"]),
        ("2026-12-09", "2026-12-12", ["push", "sms"]),
        ("2026-12-13", "2026-12-15", ["sms"]),
    ]


def test_a_negation_ends_at_a_turn(brief) -> None:
    found = brief("推信用卡，没有信用卡但有房贷的客户，短信")
    assert {"field": "holding", "op": "exists", "value": "mortgage"} in found["audience"]


def test_what_customers_hold_is_no_budget_and_refused_channels_are_not_used(brief) -> None:
    assert "budget_cny" not in brief("推理财，三个月内到期理财总额超20万的，企微")
    found = brief("不想要电话和短信，其他渠道都可以，给新客推货基，下周")
    assert found["channels"] == ["all"]
