"""A brief that gives nothing is a reminder: said in many ways, carried to the plans, and nothing is given twice."""

import datetime as dt

import pytest

from linghang.benefits.eligibility import candidates
from linghang.flow import incentives
from linghang.flow.goal import set_goal
from linghang.packs import load

DAY = dt.date(2026, 11, 23)
NOTHING = (
    "提醒还款，不发券，push", "纯提醒，不给优惠", "不发权益", "不用送红包了", "别发券", "不需要额外的优惠", "不再发优惠券和红包",
    "只提醒一下活期多的人", "不另发权益", "不带任何优惠", "没有优惠", "无权益", "不配券", "Remind them, no incentive, SMS only",
    "without any coupon", "just a reminder", "don't give vouchers", "reminder-only",
)  # fmt: skip
OTHER = (
    "给没有优惠券的客户推小金库", "发8元红包", "没领过红包的客户", "无房贷的客户推理财", "提醒他们领券", "不要短信",
    "给不用优惠券的用户发短信", "customers without a card", "提醒客户还款，发5元券", "没有用过红包的人", "只提醒一次，发8元券",
    "每人限领一张券", "no SMS please",
)  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_words_that_give_nothing(text: str) -> None:
    assert incentives.declined(text) is True
    assert incentives.spans(text), "what was read is not told as passed over"


@pytest.mark.parametrize("text", OTHER)
def test_words_that_say_something_else(text: str) -> None:
    assert not incentives.declined(text)


def test_the_last_that_speaks_of_it_counts() -> None:
    assert incentives.given_nothing("推小金库，不发券", ["预算5万"])
    assert not incentives.given_nothing("推小金库，不发券", ["还是发点红包吧"])
    assert incentives.given_nothing("推小金库，8元红包", ["算了，不发红包了"])


def test_a_reminder_has_no_candidate_and_an_offer_that_is_named_wins() -> None:
    pack = load("demo")
    told = {"product": "credit", "channels": ["push"]}
    quiet, _ = set_goal(told, text="提醒白条客户还款，不发券", today=DAY, pack=pack)
    assert quiet.offer == incentives.NONE
    assert candidates(quiet, pack).benefits == ()
    loud, _ = set_goal(told, text="提醒白条客户还款", today=DAY, pack=pack)
    assert candidates(loud, pack).benefits
    offered, _ = set_goal({**told, "offer": {"type": "coupon", "face_value_cny": 5}}, text="不发红包，发5元券", today=DAY,
                          pack=pack)  # fmt: skip
    assert offered.offer["face_value_cny"] == 5
