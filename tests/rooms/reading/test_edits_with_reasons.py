"""Changes with the reason beside the wish: the reason changes nothing, and what it says of old values helps."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from linghang.packs import Pack
from linghang.reading import read
from linghang.reading.edits.reasons import beside, likely

TODAY = dt.date(2026, 11, 23)
SEEN = {"field": "page_view", "op": "exists", "value": "gold_price", "window_days": 30}
SILENT = {"field": "last_login_days", "op": "gt", "value": 60}
RICH = {"field": "aum_cny", "op": "ge", "value": 10000}
COUPON = {"type": "coupon", "face_value_cny": 20}
BASE: Mapping[str, Any] = {
    "objective": "winback",
    "product": "savings",
    "product_detail": "小金库",
    "audience": [SILENT, RICH],
    "budget_cny": 400000,
    "start": "2026-12-01",
    "end": "2026-12-10",
    "channels": ["push", "sms"],
    "tone": "warm",
    "offer": COUPON,
    "missing": [],
}


def changed(text: str, demo: Pack, base: Mapping[str, Any] = BASE) -> dict[str, Any]:
    """The keys that a text changes, with their new values."""
    after = read(text, today=TODAY, pack=demo, after=base).reading
    return {key: value for key, value in after.items() if value != base.get(key)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上个月短信被骂惨了，短信停掉", {"channels": ["push"]}),
        ("财务说四季度只剩90万，咱们砍到35万", {"budget_cny": 350000}),
        ("去年圣诞那三天几乎没人点，15号收", {"end": "2026-12-15"}),
        ("刚才看错表了，预算是45万", {"budget_cny": 450000}),
        ("员工剔掉，免得说我们自己薅羊毛",
         {"exclusions": [{"field": "segment", "op": "eq", "value": "employee"}]}),
        ("Nobody redeemed the last voucher, so make the coupon 30 yuan", {"offer": {**COUPON, "face_value_cny": 30}}),
        ("Legal were unhappy with SMS at night last year. Cut the budget to 300k", {"budget_cny": 300000}),
        # the old value of the reason tells the key of the new one
        ("60天里好多人只是出差，拉长成90天", {"audience": [{**SILENT, "value": 90}, RICH]}),
        ("一万的门槛圈不到人，降到五千", {"audience": [SILENT, {**RICH, "value": 5000}]}),
        # what gives way is named in the reason
        ("短信这几天通道老堵，换成企微", {"channels": ["push", "wecom"]}),
        # the figure of the reason is that of the wish
        ("Finance took 10% off us, bring the budget down to match", {"budget_cny": 360000}),
        ("Finance approved only 320k, so bring the budget down to match", {"budget_cny": 320000}),
    ],
)  # fmt: skip
def test_a_reason_changes_nothing(text: str, expected: Mapping[str, Any], demo: Pack) -> None:
    assert changed(text, demo) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AUM那条卡到3万", {"audience": [SILENT, {**RICH, "value": 30000}]}),
        ("AUM乘以三", {"audience": [SILENT, {**RICH, "value": 30000}]}),
        ("券一律不发给员工", {"exclusions": [{"field": "segment", "op": "eq", "value": "employee"}]}),
        ("投诉过的这次就不要再打扰人家了", {"exclusions": [{"field": "complaint", "op": "exists"}]}),
        ("Complainers should not be contacted", {"exclusions": [{"field": "complaint", "op": "exists"}]}),
        ("短信早上10点前、晚上8点后都不许发",
         {"send_window": {"channel": "sms", "start": "10:00", "end": "20:00"}}),
        ("No texts before 10am or after 8pm", {"send_window": {"channel": "sms", "start": "10:00", "end": "20:00"}}),
        ("Send at 7:45pm", {"start_time": "19:45"}),
        ("Titles may be 18 characters", {"copy_rules": {"title_max_chars": 18}}),
        ("这波不按召回算，算促活", {"objective": "activate"}),
    ],
)  # fmt: skip
def test_plain_wishes_in_other_words(text: str, expected: Mapping[str, Any], demo: Pack) -> None:
    assert changed(text, demo) == expected


def test_a_bare_wish_is_never_left_out_for_sounding_like_a_reason(demo: Pack) -> None:
    assert likely("预算现在是40万了") > 0
    assert changed("预算现在是50万了", demo) == {"budget_cny": 500000}


def test_reasons_are_known_by_their_words() -> None:
    assert beside("领导嫌三十万太多")
    assert beside("because the last texts drew complaints")
    assert not beside("红包25块")
    assert not beside("drop the SMS")


def test_a_budget_of_some_yuan_is_of_the_scale_said_or_asked_about(demo: Pack) -> None:
    assert changed("老板嫌四十万太多，先批三十五", demo) == {"budget_cny": 350000}
    assert read("预算改成500", today=TODAY, pack=demo, after=BASE).kind == "unclear"


def test_a_figure_that_two_values_could_take_is_asked_about(demo: Pack) -> None:
    base = {**BASE, "audience": [SILENT, {"field": "register_days", "op": "le", "value": 60}]}
    assert read("卡到90天", today=TODAY, pack=demo, after=base).kind == "unclear"


def test_a_reason_with_the_old_count_gives_no_count_below_it(demo: Pack) -> None:
    seen = {"field": "page_view", "op": "ge", "value": 2, "window_days": 30}
    base = {**BASE, "audience": [seen]}
    assert changed("看两次太松了，详情页至少看过3次", demo, base) == {"audience": [{**seen, "value": 3}]}
    assert changed("Leave out sms", demo) == {"channels": ["push"]}


@pytest.mark.parametrize("text", ["留10%", "给20%", "留10%给B版", "keep 10%"])
def test_a_share_of_nothing_named_cuts_no_budget(text: str, demo: Pack) -> None:
    assert "budget_cny" not in changed(text, demo)
    assert changed("预算留70%", demo) == {"budget_cny": 280000}
