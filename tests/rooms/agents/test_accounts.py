"""What models cost: booked on the day, the skill, the campaign and the model that it was for."""

import datetime as dt
from dataclasses import replace

import pytest

from linghang import packs, reading
from linghang.adapters.openai_model import price_of
from linghang.agents import mind
from linghang.agents.telling import tell
from linghang.base.errors import UsageError
from linghang.kit.context import Context
from linghang.kit.skills import call
from linghang.testing.contexts import NOW
from linghang.testing.models import FakeModel

BRIEF = "给近30天没登录的客户推小金库，不要短信"
PRICE = (2_000_000, 8_000_000)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", (0, 0)),
        ("2,8", PRICE),
        ("2", (2_000_000, 2_000_000)),
        ("big=10,30; fake = 2,8", PRICE),
        ("big=10,30; 1,4", (1_000_000, 4_000_000)),
        ("big=10,30", (0, 0)),
    ],
)
def test_each_model_has_its_price(text: str, wanted: tuple[int, int]) -> None:
    assert price_of("fake", text) == wanted


@pytest.mark.parametrize("text", ["two", "1,2,3", "-1,2", "nan", "inf", "fake=", "1e9", "fake=2;8,;"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="llm.price"):
        price_of("fake", text)


def test_costs_are_booked_on_day_skill_and_campaign(ctx: Context) -> None:
    own = replace(ctx, llm=FakeModel(["{}"], price=PRICE))
    call(own, "agents.say", {"text": "什么是QFII"})
    later = replace(own, clock=lambda: NOW + dt.timedelta(days=1))
    pack = packs.load("demo")
    mind.slots(replace(later, campaign="cmp_x", skill="campaign.new"), BRIEF,
               reading.read(BRIEF, today=later.today, pack=pack), pack)  # fmt: skip
    told = call(later, "agents.spent", {})
    assert {row["key"] for row in told["by_day"]} == {"2026-11-23", "2026-11-24"}
    assert {row["key"] for row in told["by_campaign"]} == {"", "cmp_x"}
    assert {row["key"] for row in told["by_skill"]} == {"agents.say", "campaign.new"}
    for account in ("day", "skill", "campaign", "model", "prompt", "person"):
        rows = told[f"by_{account}"]
        assert sum(row["calls"] for row in rows) == told["total"]["calls"]
        assert sum(row["cost_cny"] for row in rows) == pytest.approx(told["total"]["cost_cny"], abs=1e-5)
        assert all(row["label"] for row in rows)
    of_one = call(later, "agents.spent", {"campaign": "cmp_x"})
    assert 0 < of_one["total"]["calls"] < told["total"]["calls"]
    assert call(later, "agents.spent", {"days": 1})["total"]["calls"] == told["total"]["calls"] - 1
    assert "元" in tell("models.spent", told, "zh-CN")


def test_a_model_without_a_price_costs_what_nobody_knows(ctx: Context) -> None:
    call(replace(ctx, llm=FakeModel(["{}"])), "agents.say", {"text": "什么是QFII"})
    told = call(ctx, "agents.spent", {})
    assert told["total"]["tokens_in"] > 0
    assert not told["total"]["priced"]
    assert "没有配置价格" in tell("models.spent", told, "zh-CN")
    nothing = call(replace(ctx, clock=lambda: NOW + dt.timedelta(days=90)), "agents.spent", {})
    assert nothing["total"]["calls"] == 0
    assert nothing["total"]["priced"]


def test_failures_are_counted_with_their_code(ctx: Context) -> None:
    call(replace(ctx, llm=FakeModel(["{}"], seconds=60)), "agents.say", {"text": "什么是QFII"})
    told = call(ctx, "agents.spent", {})
    assert told["failures"] == [{"code": "llm.timeout", "calls": 1}]
    assert told["total"]["failed"] == 1
