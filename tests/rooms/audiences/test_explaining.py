"""Words of a rule are a rule again, by the skill that the command line calls."""

from pathlib import Path
from typing import Any

import pytest

from linghang.audiences import skills
from linghang.base.errors import UsageError
from linghang.kit.context import Context
from linghang.testing.contexts import context

SHAPES: list[Any] = [
    {"all": [{"field": "age", "op": "between", "value": [30, 50]}, {"field": "gender", "op": "eq", "value": "F"}]},
    {"event": "purchase", "measure": "sum", "op": "ge", "value": 1000, "window_days": 30},
    {"first": {"event": "page_view"}, "then": {"event": "purchase"}, "within_days": 7, "absent": True},
    {"by": "aum_cny", "percent": 10, "among": {"field": "active", "op": "exists"}},
    {"sample_pct": 5, "salt": "a"},
    {"field": "contactable_by", "op": "eq", "value": "sms:fund"},
    {"field": "under_caps_of", "op": "in", "value": ["push", "push:wealth"]},
    {"any": [{"field": "payroll", "op": "exists"}, {"not": {"field": "complaint", "op": "exists"}}]},
]


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """A context of the demo pack."""
    return context(tmp_path)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_words_give_the_rule_back(ctx: Context, shape: Any, locale: str) -> None:
    told = skills.tell(ctx, rule=shape)
    assert told["findings"] == []
    again = skills.tell(ctx, text=told[locale])
    assert again["rule"] == told["rule"]
    assert (again["zh"], again["en"]) == (told["zh"], told["en"])
    assert not set("{}") & set(told[locale]), "said in words, not as JSON"


def test_a_sentence_that_is_no_such_words_is_read(ctx: Context) -> None:
    told = skills.tell(ctx, text="30到50岁的女性")
    assert {part["field"] for part in told["rule"]["all"]} == {"age", "gender"}
    with pytest.raises(UsageError):
        skills.tell(ctx, text=" ")


def test_what_a_sentence_says_beside_its_rule_is_told(ctx: Context) -> None:
    told = skills.tell(ctx, text="30到50岁的女性，喜欢钓鱼")
    (finding,) = told["findings"]
    assert finding["code"] == "audiences.left_aside"
    assert "钓鱼" in finding["message"]
    assert skills.tell(ctx, rule=told["rule"])["findings"] == []


def test_what_behaviour_is_done_to_has_a_name_in_both_languages(ctx: Context) -> None:
    rule = {"field": "page_view", "op": "exists", "value": "deposit_detail", "window_days": 30}
    told = skills.tell(ctx, rule=rule)
    assert "存款详情页" in told["zh"]
    assert "Deposit detail" in told["en"]
    assert skills.tell(ctx, text=told["zh"])["rule"] == told["rule"]
