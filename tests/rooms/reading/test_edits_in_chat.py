"""Changes as people chat them: complaints first, ordinals, what is turned down, several wishes in a breath, bad input."""

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

import pytest
from edit_grid import BASE

from linghang.packs import Pack
from linghang.reading import read

TODAY = dt.date(2026, 11, 23)
FEES = {"type": "fee_discount", "fee_discount": 0.1}
SEEN = {"field": "page_view", "op": "ge", "value": 2, "window_days": 30}
GREETING: Mapping[str, Any] = {
    "objective": "convert",
    "product": "fund",
    "audience": [SEEN, {"field": "profit_pct", "op": "lt", "value": -5}],
    "exclusions": [{"field": "channel", "op": "eq", "value": "sms"}],
    "budget_cny": 200000,
    "start": "2026-12-03",
    "end": "2026-12-12",
    "channels": ["push", "email"],
    "style": "guochao",
    "offer": FEES,
    "freq_cap": {"max": 3, "window_days": 7},
    "missing": [],
}
LOSSES = GREETING["audience"][1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is complained of gives way to what is said next
        ("1折亏太多……3折行不行？就3折吧", {"offer": {**FEES, "fee_discount": 0.3}}),
        ("看两次就算意向？太松了，至少四次", {"audience": [{**SEEN, "value": 4}, LOSSES]}),
        ("亏5%的太多人了，改亏10%以上", {"audience": [SEEN, {**LOSSES, "value": -10}]}),
        ("7天碰3次还是太勤，降到2次", {"freq_cap": {"max": 2, "window_days": 7}}),
        # ordinals and what comes for what left
        ("两个渠道里前面那个不要了，后面的留着", {"channels": ["email"]}),
        ("push那路停了吧，太吵，换企微顶上", {"channels": ["email", "wecom"]}),
        ("the second one is too slow, drop it", {"channels": ["push"]}),
        # what is meant and what is turned down
        ("看错了，应该是黄金不是基金", {"product": "gold"}),
        ("主推的别放基金了，换黄金", {"product": "gold"}),
        ("画面不想要国潮，风格改成节庆的", {"style": "festive"}),
        ("You can lift the no-SMS exclusion; channels stay exactly as they are.", {"exclusions": None}),
        # money that comes on top
        ("老板刚又批下来20万，给我加上去", {"budget_cny": 400000}),
        ("Stretch it to December 15 and put another 50k in.", {"budget_cny": 250000, "end": "2026-12-15"}),
        # less of it is not none of it; who may come is no bar of a coupon
        ("费率优惠别打那么狠，改5折", {"offer": {**FEES, "fee_discount": 0.5}}),
        # what would be taken for a question
        ("Cut the money in half, and can we have wecom on top of the email?",
         {"budget_cny": 100000, "channels": ["push", "email", "wecom"]}),
        # what goes and what comes in few words; figures that do not fit
        ("Email off, wecom on.", {"channels": ["push", "wecom"]}),
        ("20万浪费，15万够了", {"budget_cny": 150000}),
        ("Bring it forward to Nov 28 but keep the end date.", {"start": "2026-11-28"}),
        ("20万打八折", {"budget_cny": 160000}),
        # a day named along with how far it moves
        ("提前一天，12月2号就开始，收尾日期别动", {"start": "2026-12-02"}),
    ],
)  # fmt: skip
def test_a_change_as_it_is_chatted(text: str, expected: dict[str, Any], demo: Pack) -> None:
    found = read(text, today=TODAY, pack=demo, after=GREETING)
    keys = {*GREETING, *found.reading}
    assert found.kind == "edit"
    assert {key: found.reading.get(key) for key in keys if found.reading.get(key) != GREETING.get(key)} == expected


@pytest.mark.parametrize(
    "text", ["为什么昨天点击率掉了？", "How many customers did we reach yesterday?", "谢谢，辛苦了"]
)
def test_a_question_or_thanks_changes_nothing(text: str, demo: Pack) -> None:
    assert read(text, today=TODAY, pack=demo, after=GREETING).kind != "edit"


def test_a_whole_brief_with_a_base_is_a_brief_of_its_own(demo: Pack) -> None:
    text = "黄金拉新：30岁以上女性，push加短信，12月20日到31日，预算50万"
    assert read(text, today=TODAY, pack=demo, after=GREETING).kind == "brief"


@pytest.mark.parametrize("unit", ["预算加10万，", "预算", "30", "1万", "drop sms, "])
def test_a_text_longer_than_any_change_is_asked_about_at_once(unit: str, demo: Pack) -> None:
    begin = time.process_time()
    found = read((unit * 25000)[:50000], today=TODAY, pack=demo, after=BASE)
    assert found.kind == "unclear"
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("text", ["预算" + "9" * 400, "change 20 to 30", "券" + "1" * 20 + "元", "30-45"])
def test_strange_figures_do_no_harm(text: str, demo: Pack) -> None:
    assert read(text, today=TODAY, pack=demo, after=BASE).kind in ("edit", "unclear")


MEMBERS: Mapping[str, Any] = {
    "objective": "upsell",
    "product": "membership",
    "audience": [
        {"field": "gender", "op": "eq", "value": "F"},
        {"field": "policy_expire_days", "op": "le", "value": 30},
    ],
    "budget_cny": 200000,
    "budget_reserve_cny": 30000,
    "budget_max_cny": 250000,
    "start": "2026-12-01",
    "end": "2026-12-10",
    "channels": ["sms", "push"],
    "offer": {"type": "discount", "face_value_cny": 1},
    "base_campaign": "基金拉新（2026-08）",
    "missing": [],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # shares of versions are no shares of the budget
        ("AB两版各50%", {"experiment": {"variants": ["A", "B"], "split": [50, 50]}}),
        # behind a price a figure with a point is no day
        ("月价从1元提到8.8", {"offer": {"type": "discount", "face_value_cny": 8.8}}),
        ("结束改到12.8", {"end": "2026-12-08"}),
        # the figure said is the one that goes
        ("机动那3万不留了", {"budget_reserve_cny": None}),
        ("封顶预算调到28万", {"budget_max_cny": 280000}),
        ("预算别到40万", {"budget_max_cny": 400000}),
        ("对标的那场换成10月的黄金促活", {"base_campaign": "黄金促活（2026-10）"}),
        ("目标改成用户召回", {"objective": "winback"}),
        ("短信那个位置撤了吧", {"channels": ["push"]}),
        ("渠道走企微加邮件", {"channels": ["wecom", "email"]}),
        ("每人五天内最多碰两次", {"freq_cap": {"max": 2, "window_days": 5}}),
        ("到期提醒的窗口放到60天", {"audience": [MEMBERS["audience"][0], {**MEMBERS["audience"][1], "value": 60}]}),
    ],
)
def test_what_a_figure_or_a_name_belongs_to(text: str, expected: dict[str, Any], demo: Pack) -> None:
    found = read(text, today=TODAY, pack=demo, after=MEMBERS)
    keys = {*MEMBERS, *found.reading}
    assert found.kind == "edit"
    assert {key: found.reading.get(key) for key in keys if found.reading.get(key) != MEMBERS.get(key)} == expected
