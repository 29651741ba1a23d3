"""What is on the screen is meant: a sentence on the audience page changes its conditions, and nothing else does."""

import pytest

from linghang import packs
from linghang.agents import store, turns
from linghang.agents.placing import meaning_them, narrowing
from linghang.kit.context import Context

AUM = {"field": "aum_cny", "op": "ge", "value": 50000}
EVENT = {"event": "login", "measure": "count", "op": "ge", "value": 3, "window_days": 30}
SHANGHAI = {"field": "city", "op": "eq", "value": "上海"}


def rule_of(ctx: Context, text: str, *parts: dict) -> dict | None:
    made = narrowing(ctx, text, {"all": list(parts)}, packs.load(ctx.pack))
    return None if made is None else made.steps[0].arguments["rule"]  # type: ignore[return-value]


def test_the_audience_in_view_is_narrowed_and_the_rest_stays(ctx: Context) -> None:
    assert rule_of(ctx, "只留上海的", AUM, EVENT) == {"all": [AUM, EVENT, SHANGHAI]}


def test_an_empty_audience_gets_its_first_condition(ctx: Context) -> None:
    assert rule_of(ctx, "只留上海的") == {"all": [SHANGHAI]}


@pytest.mark.parametrize("text", ["写三条推送", "有多少人", "什么是QFII", "预算提到80万", "啦啦啦嘟嘟"])
def test_what_is_about_something_else_is_left_to_the_navigator(ctx: Context, text: str) -> None:
    assert rule_of(ctx, text, AUM) is None


def test_without_an_audience_in_view_nothing_is_narrowed(ctx: Context) -> None:
    assert narrowing(ctx, "只留上海的", None, packs.load(ctx.pack)) is None


@pytest.mark.parametrize(
    ("counted", "said", "meant"),
    [
        ("AUM 5万以上的沉睡客户有多少", "给他们做一场活动", "给AUM 5万以上的沉睡客户做一场活动"),
        ("看看近30天没登录的有几个人？", "这批客户发5元红包", "近30天没登录的发5元红包"),
        ("How many dormant customers do we have?", "Run a campaign for them", "Run a campaign for dormant customers"),
    ],
)
def test_them_are_those_that_were_counted_just_before(ctx: Context, counted: str, said: str, meant: str) -> None:
    _kept(ctx, counted, "audience.size")
    assert meaning_them(ctx, "con_1", said) == meant


def test_after_a_campaign_them_are_its_own_people(ctx: Context) -> None:
    _kept(ctx, "AUM 5万以上的沉睡客户有多少", "audience.size")
    _kept(ctx, "做一场小金库活动", "campaign.document")
    assert meaning_them(ctx, "con_1", "给他们再发一条短信") == "给他们再发一条短信"


def test_nobody_was_counted_and_them_stays(ctx: Context) -> None:
    assert meaning_them(ctx, "con_1", "给他们做一场活动") == "给他们做一场活动"


def _kept(ctx: Context, text: str, makes: str) -> None:
    store.open_conversation(ctx.db, ctx.institution_id, "con_1", actor=ctx.actor.name, title=text, at=ctx.now)
    n = turns.begun(ctx, "con_1", text)
    turns.ended(ctx, "con_1", n, text, {"makes": makes, "state": "done"})
