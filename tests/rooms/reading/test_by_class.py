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
        ("推基金，push，下周四（12月3号）启动，下周二（12月1号）结束", "2026-12-03", "2026-12-01"),
        ("推基金，push，下周一起三天", "2026-11-30", "2026-12-02"),
        ("12月8号开始，12号完，推基金，push", "2026-12-08", "2026-12-12"),
        ("推基金的话术，push，后天下班前给", "", "2026-11-25"),
        ("除夕晚7点红包雨到初五，全量", "2027-02-05", "2027-02-10"),
        ("Promote funds by push, the week of Dec 7", "2026-12-07", "2026-12-13"),
        ("推基金，push，双12当周", "2026-12-07", "2026-12-13"),
        ("推基金，push，12月头五天", "2026-12-01", "2026-12-05"),
        ("推基金，push，黑五当天", "2026-11-27", "2026-11-27"),
        ("平安夜那天给全量客户推一条祝福，push", "2026-12-24", ""),
        ("推90天封闭理财，push，下周一开始", "2026-11-30", ""),
        ("做一波年终回馈，推理财，push，12月5号起", "2026-12-05", ""),
        ("Promote funds by push from Christmas Day to New Year's Day", "2026-12-25", "2027-01-01"),
        ("推基金，push，12月第三周（12月14号到20号）", "2026-12-14", "2026-12-20"),
        ("推基金，push，平安夜上线，当天收官", "2026-12-24", "2026-12-24"),
        ("推基金，push，下周一起连推6天", "2026-11-30", "2026-12-05"),
        ("Promote funds by push, running December 3 through 9", "2026-12-03", "2026-12-09"),
        ("推基金，push，元宵节晚上8点开始，连做两天", "2027-02-20", "2027-02-21"),
        (
            "Promote funds to all customers by push every Thursday from this week until Dec 24",
            "2026-11-26",
            "2026-12-24",
        ),
        ("Promote funds by push, a weekly message every Friday until 29 January", "2026-11-27", "2027-01-29"),
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
        ("推理财，push，钱大概十五万", "budget_cny", 150000),
        ("推理财，push，总共别超过6万", "budget_max_cny", 60000),
        ("推理财，push，先批7万、最多不超过9万", "budget_max_cny", 90000),
        ("Push funds to C3. Budget: say 90k, can't exceed 120k. Push.", "budget_max_cny", 120000),
        ("推基金，push，定投人数要破5000", "kpi", "sip_users"),
        ("推基金，公众号，语气要稳", "tone", "calm"),
        (
            '推基金，push，标题别用"必涨""保本"',
            "exclusions",
            [
                {"field": "copy", "op": "contains", "value": "必涨"},
                {"field": "copy", "op": "contains", "value": "保本"},
            ],
        ),
        ("推基金，push，免费字样不要出现", "exclusions", [{"field": "copy", "op": "contains", "value": "免费"}]),
        (
            "Gold awareness push, keep return figures out of the copy.",
            "exclusions",
            [{"field": "copy", "op": "contains", "value": "return figures"}],
        ),
        (
            "Promote funds by email, please do not use SMS.",
            "exclusions",
            [{"field": "channel", "op": "eq", "value": "sms"}],
        ),
        ("老客户维护，站内信，新产品先别推", "exclusions", [{"field": "product_tag", "op": "eq", "value": "new"}]),
        (
            "新客红包：点击给3元、下单给15元，预算20万，push",
            "offer",
            {
                "type": "red_packet",
                "tiers": [{"stage": "click", "face_value_cny": 3}, {"stage": "order", "face_value_cny": 15}],
            },
        ),
        ("抽奖，一等奖送一辆新能源车，全渠道，预算200万", "flags", ["CN-PR-01"]),
        ("把上个月的白条召回总结一下再跑一遍", "base_campaign", "白条召回（2026-10）"),
        ("定期客户转理财，网点", "objective", "cross_sell"),
        ("抖音投教育金给宝爸宝妈", "product_detail", "教育金"),
        ("就帮我弄个基金转化吧对象C3客户用push预算呢先给九万就这样", "budget_cny", 90000),
        ("推里材，push，12月3号致12月8号", "product", "wealth"),
        ("Raffle with one iPhone, all channels", "audience", [{"field": "segment", "op": "eq", "value": "all"}]),
        ("get me 5k new card holders", "missing", ["product", "audience", "schedule", "channels"]),
        ("会员升级，近30天支付8笔以上的，push", "product", "membership"),
        ("Two subject lines for the year-end report email, no superlatives.", "channels", ["email"]),
        (
            "跨年零点到初二，全量红包雨，单包最多88元，总共90万",
            "audience",
            [{"field": "segment", "op": "eq", "value": "all"}],
        ),
        (
            "金条额度3万以上、45天没动支，短信",
            "audience",
            [
                {"field": "credit_limit_cny", "op": "ge", "value": 30000},
                {"field": "credit_drawn", "op": "exists", "window_days": 45, "negated": True},
            ],
        ),
        ("别做白条逾期催收了，换成白条活跃客户提额，push", "audience", [{"field": "active", "op": "exists"}]),
        (
            "不许写排名、不准提收益，推基金，push",
            "exclusions",
            [
                {"field": "copy", "op": "contains", "value": "排名"},
                {"field": "copy", "op": "contains", "value": "收益"},
            ],
        ),
        ("重跑去年双11的黄金活动，预算改成30万", "budget_cny", 30 * 10_000),
        ("年报故事，公众号拿10万曝光，不提产品", "target", {"metric": "impressions", "op": "ge", "value": 100000}),
        ("两版定投文案，A/B各半，push", "experiment", {"variants": ["A", "B"], "split": [50, 50]}),
        ("Gold plan for mums on Xiaohongshu, start with 20k, cap at 35k.", "budget_cny", 20000),
        ("搞一期理财抽奖，全渠道", "offer", {"type": "lottery"}),
        ("定投用户破2万为目标，AUM超8000的，push", "target", {"metric": "sip_users", "op": "ge", "value": 20000}),
        ("会员拉新，首季19.9，开屏", "offer", {"type": "discount", "face_value_cny": 19.9}),
        ("黄金定投手续费全免，push", "offer", {"type": "fee_discount", "fee_discount": 0}),
        (
            "召回老客，红包66元封顶，push",
            "offer",
            {"type": "red_packet", "face_value_cny": 66, "face_value_is_max": True},
        ),
        (
            "首单红包三档1、4、9元，分别对应点击、注册、下单",
            "offer",
            {
                "type": "red_packet",
                "tiers": [
                    {"stage": "click", "face_value_cny": 1},
                    {"stage": "register", "face_value_cny": 4},
                    {"stage": "order", "face_value_cny": 9},
                ],
            },
        ),
        ("流失模型前30%的基金客户，push", "audience", [{"field": "churn_score", "op": "ge", "value": 0.7}]),
        ("原定的理财召回作废，现在改做定投打卡，站内信", "objective", "convert"),
        ("黄金转化先按3万走，顶多5万，push", "budget_max_cny", 50000),
        ("拿7万推一波固收+，企微", "budget_cny", 70000),
        ("近20天赎回过基金的，用存单接住，push", "product", "savings"),
        ("push、短信都别用，只走邮件，推指数基金", "channels", ["email"]),
        (
            "Cross-sell gold to fund holders, leave email out, push.",
            "exclusions",
            [{"field": "channel", "op": "eq", "value": "email"}],
        ),
        ("紫金配色，推积存金，首页banner", "color", ["purple", "gold"]),
        ("“安睡宝”（说白了就是债基），给宝妈推，push", "flags", ["CN-FD-20"]),
        (
            "出现“返现”两个字的一律打回。会员续费提醒，push",
            "exclusions",
            [{"field": "copy", "op": "contains", "value": "返现"}],
        ),
        ("券不分档了，统一9元，基金新客，push", "offer", {"type": "coupon", "face_value_cny": 9}),
        ("黄金新客给我拉3000个，push", "target", {"metric": "new_customers", "op": "ge", "value": 3000}),
        (
            "Brand story: two million impressions in the feed",
            "target",
            {"metric": "impressions", "op": "ge", "value": 2000000},
        ),
        ("9月那场白条促活再来一遍，人群换成男性", "base_campaign", "白条促活（2026-09）"),
        ("抖音推少儿险，先按7万批，撑死9万", "budget_max_cny", 90000),
        ("流失预警排前25%的黄金客户，push", "audience", [{"field": "churn_score", "op": "ge", "value": 0.75}]),
        ("给全量推一条年度账单，公众号", "channels", ["wechat_oa"]),
        ("Budget? 40k to start, 60k if it goes well. Funds, push.", "budget_max_cny", 60000),
        ("Win back clients not seen for 3 months, push, Dec 7.", "end", None),
        ("短信只发移动用户，信用卡还款提醒，每月18号", "audience", None),
        ("圣诞前一周做信用卡满减，满300减30，收银台，元旦截止", "end", "2027-01-01"),
        ("流失风险高的存款客户加息0.2%，push", "audience", [{"field": "churn_score", "op": "ge", "value": "high"}]),
        ("上面要得急，拉来5万人", "target", {"metric": "new_customers", "op": "ge", "value": 50000}),
    ],
)
def test_words_of_a_brief(brief, text: str, key: str, value: Any) -> None:
    assert brief(text).get(key) == value


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
        ("从注册到首投中位数要几天，按渠道", {"analysis": "duration", "metrics": ["time_to_convert_days"]}),
        ("八月拉的新客，60天后还剩多少", {"analysis": "cohort", "metrics": ["retention_rate"], "day_n": [60]}),
        ("拉一个新客平均多少钱，上周", {"metrics": ["cac_cny"]}),
        ("漏斗：曝光到点击到开户到首投，上周", {"metrics": ["impressions", "clicks", "new_customers", "orders"]}),
        ("被流失预警圈到的那群客户，9月流失了几个", {"analysis": "validation", "metrics": ["churn_rate"]}),
        ("9月的7日、30日留存", {"day_n": [7, 30], "time": {"start": "2026-09-01", "end": "2026-09-30"}}),
        ("看一下周四的打开率", {"time": {"start": "2026-11-19", "end": "2026-11-19"}}),
        ("12月的打开率到多少了", {"flags": ["future_period"], "time": {"start": "2026-12-01", "end": "2026-12-31"}}),
        ("预测一下下周的订单", {"analysis": "forecast", "time": {"start": "2026-11-30", "end": "2026-12-06"}}),
        ("上周各渠道的ROI排个名，高的放前面", {"analysis": "ranking", "order": "desc"}),
        ("前日花费同大前日比", {"time": {"start": "2026-11-21", "end": "2026-11-21", "compare_to": "previous_day"}}),
        ("资产分层看激活率：2万以下、2-10万、10万以上", {"dimensions": ["aum_tier"], "dimension_bins": [0, 20000, 100000]}),
        ("年龄分段看核销率：30以下、30-40、40以上", {"dimensions": ["age"], "dimension_bins": [0, 30, 40]}),
        ("AUM tiers vs CTR: under 20k, 20k-200k, above 200k", {"analysis": "breakdown", "dimension_bins": [0, 20000, 200000]}),
        ("被预警的那批客户8月真走了多少", {"analysis": "validation", "metrics": ["churn_rate"]}),
        ("Of users flagged by the churn model, how many actually left in October?", {"analysis": "validation"}),
        ("为啥昨天短信退订涨了", {"metrics": ["unsubscribe_rate"], "direction": "up"}),
        ("How many users got coupons but haven't used them, by face value?", {"metrics": ["coupon_unused_users"]}),
        ("固收+和货基的7/30日留存对比", {"day_n": [7, 30], "missing": ["time"]}),
        ("本月新客怎么比上个月少", {"analysis": "root_cause", "direction": "down"}),
        ("Time from exposure to conversion, median, last month", {"analysis": "duration", "quantiles": [0.5]}),
        ("流失预警准不准？看9月命中的客户实际流失率", {"filters": [{"field": "churn_score", "op": "ge", "value": "high"}]}),
        ("Insurance campaign: what was the CTR by channel last week?", {
            "filters": [{"field": "campaign", "op": "contains", "value": "insurance"}]}),
        ("沉睡客户上周激活了几个", {"metrics": ["activations"], "analysis": "summary"}),
        ("Rank channels by complaint rate, worst first, last week", {"order": "desc"}),
        ("新客第一单平均隔几天", {"analysis": "duration", "metrics": ["time_to_convert_days"]}),
        ("首购转化时长的中位数，上个月", {"analysis": "duration", "metrics": ["time_to_convert_days"]}),
        ("从首次曝光到下单，P50和P90要几天", {"metrics": ["time_to_convert_days"], "quantiles": [0.5, 0.9]}),
        ("ROI since launch until yesterday", {"time": {"start": "campaign_start", "end": "2026-11-22"}}),
        ("跟老板汇报用，本月ROI怎么样", {"filters": None}),
        ("昨儿退订率怎么飙高了", {"analysis": "root_cause", "direction": "up"}),
    ],
)  # fmt: skip
def test_words_of_a_question(asked, text: str, expected: dict[str, Any]) -> None:
    found = asked(text)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("October's membership push did great, let's run it again, Dec 3 to 9", "membership push（2026-10）"),
        ("上一期的理财新客活动数据挺亮眼，照搬再来一轮，预算30万", "理财新客"),
        (
            "Repeat the September savings winback as is, only change the audience to women over 40",
            "savings winback（2026-09）",
        ),
        ('上个月的"金秋理财节"照原样重跑，人群不变，预算加到40万', "金秋理财节（2026-10）"),
        ("上季度的基金召回原样重做，预算20万", "基金召回（2026-Q3）"),
        ("上月那次白条促活数据挺好，我们再跑一轮，push", "白条促活（2026-10）"),
        ("去年双11的黄金活动效果不错，照样再来一次，12月1号到5号", "双11黄金（2025）"),
        ("Last month's gold push worked really well, run it again from Dec 1 to Dec 5", "gold push（2026-10）"),
    ],
)
def test_a_campaign_that_did_well_runs_again(brief, text: str, name: str) -> None:
    found = brief(text)
    assert found["base_campaign"] == name
    assert "channels" not in found["missing"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("给持有基金的客户推积存金，短信，明天发，“保收益”和“零风险”这类词标题里不准写", ["保收益", "零风险"]),
        ("推年金险给35岁以上客户，push，「最高」「第一」文案中一律禁止出现", ["最高", "第一"]),
        ('Promote gold to members by email; guarantees and "best ever" are forbidden.', ["guarantees", "best ever"]),
        ("白条客户提醒还款，下周二短信，别写福利俩字", ["福利"]),
        ("给理财客户发短信，12月5号发，不要带促销", ["促销"]),
        ("不能说“安全”二字，推货基，push，12月2号", ["安全"]),
        ("文案避开高收益这种词，推理财，push，周五", ["高收益"]),
        ('Savings push on Dec 3; don\'t use the words "best" or "highest".', ["best", "highest"]),
        ('Wealth email Dec 4, the copy shouldn\'t say "risk-free"', ["risk-free"]),
        ('文案里面不能有"最高收益"这样的说法，推理财，短信，下周三', ["最高收益"]),
        ('Email gold holders on Dec 8. Words like "guaranteed" must not appear in the copy.', ["guaranteed"]),
    ],
)
def test_a_ban_behind_the_words_forbids_them_and_raises_no_flag(brief, text: str, words: list[str]) -> None:
    found = brief(text)
    assert [item["value"] for item in found["exclusions"]] == words
    assert not {"flags", "copy_rules"} & found.keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wealth clients, email only, nothing via push, on the 5th of each month, starting Jan 5", {
            "channels": ["email"], "recurrence": "monthly:5", "start": "2027-01-05",
            "exclusions": [{"field": "channel", "op": "eq", "value": "push"}]}),
        ("拨20万做黄金转化，push，下周一到周五", {"budget_cny": 200000}),
        ("基金新客红包：曝光2块、下单10块，共30万，12月1号到10号，push", {"budget_cny": 300000}),
        ("给30万做基金拉新，抖音投放，12月1号到10号", {"budget_cny": 300000}),
        ("Two waves, 50k each, 100k in all, gold conversion by push, Dec 1-10", {"budget_cny": 100000}),
        ("Stop the fund acquisition; do gold cross-sell to fund holders instead, push, Dec 1-5", {
            "objective": "cross_sell", "product": "gold"}),
        ("推医疗险，push，下周一开始", {"objective": "convert"}),
        ("给到15万，基金转化，push，12月1日起一周", {"budget_cny": 150000}),
        ("春节红包雨，除夕当晚8点开始，到初三，全量", {"start": "2027-02-05", "end": "2027-02-08"}),
        ("Activate savings: dormant customers in tier-3 cities, push, Dec 1 to Dec 10", {"objective": "activate"}),
        ("老板点头了40万，做会员拉新，抖音", {"budget_cny": 400000, "audience": None}),
        ("Every 5th of the month, remind insured customers by push, from Jan 5", {"recurrence": "monthly:5"}),
        ("On the last day of every month, send wealth holders a statement by email", {"recurrence": "monthly:last"}),
        ("别给客户打电话，只走企微，推理财，12月3号", {
            "channels": ["wecom"], "exclusions": [{"field": "channel", "op": "eq", "value": "call"}]}),
        ("贷款被拒的客户，安抚为主，推存单，短信", {"tone": "calm"}),
        ("开了户没绑卡的客户要激活，push，明天发", {"objective": "activate"}),
        ("Aim: activate dormant wealth clients by SMS tomorrow", {"objective": "activate"}),
        ("端午节红包雨，当天中午12点开始，到6月12号，全量用户", {
            "start": "2027-06-09", "end": "2027-06-12", "start_time": "12:00"}),
        ("Promote gold by push in the last ten days of December", {"start": "2026-12-22", "end": "2026-12-31"}),
        ("Get us 20k new members.", {
            "objective": "acquire", "target": {"metric": "new_customers", "op": "ge", "value": 20000}}),
        ("保险拉新砍掉，转做存量：持有基金的客户交叉销售重疾险，电话，12月1号到10号", {
            "objective": "cross_sell", "product": "insurance", "product_detail": "重疾险",
            "audience": [{"field": "holding", "op": "exists", "value": "fund"}]}),
        ("一直没做定投的客户，站内信，12月1号发", {
            "audience": [{"field": "sip_active", "op": "exists", "negated": True}]}),
    ],
)  # fmt: skip
def test_neighbours_of_the_usual_phrasings(brief, text: str, expected: dict[str, Any]) -> None:
    found = brief(text)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First click to first purchase, how many days? Median", {
            "metrics": ["time_to_convert_days"], "analysis": "duration", "quantiles": [0.5]}),
        ("From first impression to purchase, P50 and P90 days?", {
            "metrics": ["time_to_convert_days"], "analysis": "duration", "quantiles": [0.5, 0.9]}),
        ("货基和债基摆一起比留存，7日和30日", {"analysis": "cohort", "day_n": [7, 30], "metrics": ["retention_rate"]}),
        ("從曝光到下單一般要幾日", {"metrics": ["time_to_convert_days"], "analysis": "duration"}),
        ("曝光到转化的时间，P50/P90，10月", {"metrics": ["time_to_convert_days"], "quantiles": [0.5, 0.9]}),
        ("領券到首單要幾多日", {"metrics": ["time_to_convert_days"], "analysis": "duration"}),
        ("昨天短信開啟率為什麼掉了", {"metrics": ["open_rate"], "analysis": "root_cause", "direction": "down"}),
        ("基金和黄金放一起比一下点击率", {"metrics": ["ctr"], "analysis": "compare"}),
    ],
)  # fmt: skip
def test_durations_and_comparisons_in_other_words(asked, text: str, expected: dict[str, Any]) -> None:
    found = asked(text)
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("给全体客户推基金，push，墨绿配金", "color", ["green", "gold"]),
        ("给全体客户推基金，push，调性走高级", "tone", "premium"),
        ("Acquire fund customers by push, Dec 1 to Dec 5, budget 120k CNY", "budget_cny", 120000),
        ("Acquire fund customers by push, Dec 1 to Dec 5, budget 120k CNY", "offer", None),
        ("会员拉新抽奖，头奖一部6万的车，全量用户，push", "flags", ["CN-PR-01"]),
        (
            "开户送雨伞（限2000把，预算4万），给全体客户做理财拉新",
            "offer",
            {"type": "gift", "quantity": 2000, "desc": "雨伞"},
        ),
        ("给全体客户推基金，push，发10元红包，总共批9万", "budget_cny", 90000),
        ("Promote gold by email, 50k to begin with, 80k at the absolute most", "budget_max_cny", 80000),
    ],
)
def test_what_stands_beside_its_word(brief, text: str, key: str, value: Any) -> None:
    assert brief(text).get(key) == value


def test_boxes_of_milk_are_no_budget(brief) -> None:
    assert "budget_cny" not in brief("买基金送牛奶，共2000箱")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Win back clients without a login for over 90 days, push", {"field": "last_login_days", "op": "gt", "value": 90}),
        ("Upsell credit to customers whose limit is 80k or higher, push",
         {"field": "credit_limit_cny", "op": "ge", "value": 80000}),
        ("Promote funds by push to customers who registered more than a month ago",
         {"field": "register_days", "op": "gt", "value": 30}),
        ("Win back people whose last login was more than 60 days ago, push",
         {"field": "last_login_days", "op": "gt", "value": 60}),
        ("Upsell customers with a running SIP, email only", {"field": "sip_active", "op": "exists"}),
        ("近10天看过固收+详情页5次，就是没买，push推一把",
         {"field": "purchase", "op": "exists", "value": "fund", "window_days": 10, "negated": True}),
    ],
)  # fmt: skip
def test_conditions_in_the_words_of_a_chat(brief, text: str, condition: dict[str, Any]) -> None:
    assert condition in brief(text)["audience"]


def test_days_behind_a_turn_are_those_of_what_follows(brief) -> None:
    found = brief("白条促活，开通了却近30天一笔没用的人，push")["audience"]
    assert {"field": "credit_activated", "op": "exists"} in found


def test_an_account_for_payments_is_no_payment(brief) -> None:
    assert brief("支付账户没实名的用户，发10元券促活，push")["audience"] == [
        {"field": "kyc_done", "op": "exists", "negated": True}
    ]


def test_days_of_a_look_back_ask_for_no_days_between(asked) -> None:
    found = asked("The last 14 days: reach, clicks and orders by channel, as a table.")
    assert found["metrics"] == ["reach", "clicks", "orders"]


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (
            "除员工和近7天触达过的外，给老客推理财，公众号，元旦当天",
            "exclusions",
            [
                {"field": "segment", "op": "eq", "value": "employee"},
                {"field": "touched", "op": "exists", "window_days": 7},
            ],
        ),
        ("车险续保，短信加外呼，投诉过的不打，下周", "exclusions", [{"field": "complaint", "op": "exists"}]),
        ("给持有货基但没买过固收+的客户做升级，push，下周", "product", "fund"),
        ("支付绑卡激活，注册7天内没绑卡的，push，下周", "objective", "activate"),
        (
            "Renewal reminder to PLUS members expiring in 30 days, push, next week",
            "audience",
            [
                {"field": "member_tier", "op": "eq", "value": "PLUS"},
                {"field": "benefit_expire_days", "op": "le", "value": 30},
            ],
        ),
        (
            "黄金专场，全量，push，下周，KPI看成交额，目标3000万",
            "target",
            {"metric": "gmv_cny", "op": "ge", "value": 30000000},
        ),
    ],
)
def test_what_plain_briefs_said_and_was_missed(brief, text: str, key: str, value: Any) -> None:
    assert brief(text).get(key) == value
