"""A campaign's name says its festival, its product and its aim; two campaigns of a season are told apart by it."""

import datetime as dt

import pytest

from linghang import packs, reading
from linghang.flow.goal import set_goal

DEMO = packs.load("demo")
TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("为双12做一场日日盈的拉新，12月8日到12月14日", "双12日日盈现金管理拉新（12月8日起）"),
        ("日日盈拉新，12月8日到12月14日", "日日盈现金管理拉新（12月8日起）"),
        ("召回60天没登录的客户，12月20日到12月26日", "客户召回（12月20日起）"),
        ("黄金节积存金拉新，12月20日到12月26日", "黄金节积存金拉新（12月20日起）"),
    ],
)
def test_a_name_says_festival_product_aim_and_first_day(text: str, name: str) -> None:
    assert _name(text) == name


def test_an_english_name_says_the_festival_as_it_is_said_in_english() -> None:
    assert _name("Mid-autumn push for funds, acquire new customers, Dec 20 to Dec 26").startswith(
        "Mid-autumn Festival · "
    )
    assert _name("Double 12 push for funds, acquire new customers, Dec 8 to Dec 14").startswith("Double 12 · ")


def test_a_long_name_keeps_its_first_day() -> None:
    told = {
        "product": "fund",
        "objective": "cross_sell",
        "festival": "一个名字特别长的本行自己的客户节日活动周",
        "start": "2026-12-08",
    }
    goal, _ = set_goal(told, text="卖基金", today=TODAY, pack=DEMO)
    assert goal.name.endswith("（12月8日起）")
    assert len(goal.name) <= 30


def _name(text: str) -> str:
    told = reading.read(text, today=TODAY, pack=DEMO)
    return set_goal(told.reading, text=text, today=TODAY, pack=DEMO)[0].name
