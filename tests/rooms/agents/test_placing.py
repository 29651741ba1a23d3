"""What is on the screen is meant: a sentence on the audience page changes its conditions, and nothing else does."""

import pytest

from linghang import packs
from linghang.agents.placing import narrowing
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
