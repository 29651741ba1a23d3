"""Rules as JSON and words; what is wrong with them is told with the nearest right thing."""

from typing import Any

import pytest
from hypothesis import given

from linghang import audiences, packs
from linghang.base.errors import RefusedError, UsageError
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.packs.model import Pack

from .test_agreement import RULES
from .world import PACK, World

DEMO = packs.load("demo")


@given(rule=RULES)
def test_json_gives_the_rule_back(rule: Rule) -> None:
    assert audiences.parse(audiences.as_json(rule)) == _listed(rule)


def _listed(rule: Rule) -> Rule:
    return rule if isinstance(rule, Predicate) else Combination(rule.how, tuple(_listed(part) for part in rule.parts))


@given(rule=RULES)
def test_words_exist_for_every_rule(rule: Rule) -> None:
    for locale in ("zh-CN", "en"):
        words = audiences.explain(rule, PACK, locale)
        assert words
        assert "audiences.words" not in words


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ({"field": "age", "op": "between", "value": [30, 50]}, "年龄30–50岁", "Age 30–50 years"),
        ({"field": "aum_cny", "op": "ge", "value": 10000}, "AUM 总资产≥10000元", "Assets (AUM) ≥10000 yuan"),
        ({"field": "gender", "op": "eq", "value": "F"}, "性别为女", "Gender is Female"),
        (
            {"field": "page_view", "op": "exists", "value": "wealth", "window_days": 30, "negated": True},
            "近30天没有「浏览页面：理财」",
            "did not “View a page: wealth products” in the last 30 days",
        ),
        ({"any": [{"field": "active", "op": "exists"}, {"not": {"field": "overdue", "op": "exists"}}]},
         "（活跃 或 不含「逾期」的客户）", "(Active or not those with “Overdue”)"),
        ([], "全体客户", "all customers"),
    ],
)  # fmt: skip
def test_words_read_as_a_person_would_say(rule: Any, zh: str, en: str) -> None:
    parsed = audiences.parse(rule)
    assert audiences.explain(parsed, DEMO, "zh-CN") == zh
    assert audiences.explain(parsed, DEMO, "en") == en


@pytest.mark.parametrize(
    "shape",
    [
        None, 3, "age", {}, {"field": "age"}, {"field": "age", "op": "is"}, {"field": 3, "op": "eq"},
        {"field": "age", "op": "eq", "value": {}}, {"field": "age", "op": "in", "value": []},
        {"field": "age", "op": "eq", "value": 1, "extra": 2}, {"all": {}}, {"any": "x"},
        {"field": "buy", "op": "exists", "window_days": "7"}, {"field": "buy", "op": "exists", "window_days": True},
        {"all": [], "any": []},
    ],
)  # fmt: skip
def test_a_malformed_rule_is_refused(shape: Any) -> None:
    with pytest.raises(UsageError) as caught:
        audiences.parse(shape)
    assert caught.value.code == "audiences.malformed_rule"


def test_too_deep_and_too_many_are_refused() -> None:
    deep: Any = {"field": "age", "op": "exists"}
    for _ in range(100):
        deep = {"not": deep}
    for shape in (deep, [{"field": "age", "op": "exists"}] * 30_000):
        with pytest.raises(UsageError) as caught:
            audiences.parse(shape)
        assert caught.value.code == "audiences.too_many_conditions"


def test_ten_thousand_conditions_are_counted(world: World) -> None:
    shape = {"any": [{"field": "age", "op": "eq", "value": n % 90} for n in range(10_000)]}
    assert audiences.count(audiences.parse(shape), world.index) == sum(
        row.values["age"] is not None and row.values["age"] >= 0 and row.values["age"] < 90
        for row in world.rows.values()
    )


@pytest.mark.parametrize(
    ("pack", "shape", "code", "near"),
    [
        (DEMO, {"field": "aum", "op": "ge", "value": 1}, "audiences.unknown_field", "aum_cny"),
        (DEMO, {"field": "gender", "op": "eq", "value": "femal"}, "audiences.unknown_value", "female"),
        (DEMO, {"field": "age", "op": "ge", "value": "old"}, "audiences.not_a_number", ""),
        (DEMO, {"field": "gender", "op": "ge", "value": "F"}, "audiences.no_order", ""),
        (DEMO, {"field": "age", "op": "ge", "value": 1, "window_days": 3}, "audiences.no_window", ""),
        (DEMO, {"field": "purchase", "op": "exists", "window_days": 0}, "audiences.bad_window", ""),
        (DEMO, {"field": "age", "op": "between", "value": [1, 2, 3]}, "audiences.bad_between", ""),
        (DEMO, {"field": "age", "op": "ge"}, "audiences.needs_value", ""),
        (DEMO, {"field": "risk_level", "op": "ge", "value": "C9"}, "audiences.unknown_value", "C5"),
        (DEMO, {"field": "holding", "op": "ge", "value": 2}, "audiences.bad_operator", ""),
        (DEMO, {"field": "age", "op": "contains", "value": 2}, "audiences.bad_operator", ""),
        (DEMO, {"field": "weather_temp_c", "op": "lt", "value": 2}, "audiences.outside_data", ""),
        (DEMO, {"all": [{"field": "age", "op": "eq", "value": 30.5}]}, "audiences.never_true", ""),
        (packs.load("uci-bank"), {"field": "month", "op": "eq", "value": "mar"}, "audiences.not_for_audiences", ""),
        (packs.load("uci-bank"), {"field": "duration", "op": "ge", "value": 1}, "audiences.unknown_field", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(pack: Pack, shape: Any, code: str, near: str) -> None:
    (finding,) = audiences.validate(audiences.parse(shape), pack)
    assert finding.code == code
    assert near in str(finding.params.get("near", ""))


def test_a_bad_rule_is_not_counted(world: World) -> None:
    rule = audiences.parse([{"field": "aeg", "op": "ge", "value": 1}, {"field": "buy", "op": "ge"}])
    with pytest.raises(RefusedError) as caught:
        audiences.count(rule, world.index)
    assert [finding.code for finding in caught.value.findings] == ["audiences.unknown_field", "audiences.needs_value"]


def test_a_reading_becomes_a_rule() -> None:
    reading = {
        "audience": [{"field": "age", "op": "le", "value": 30}, {"field": "purchase", "op": "exists", "negated": True}],
        "exclusions": [
            {"field": "complaint", "op": "exists"},
            {"field": "channel", "op": "eq", "value": "sms"},
            {"field": "copy", "op": "contains", "value": "收益"},
        ],
    }
    assert audiences.as_json(audiences.from_reading(reading)) == {
        "all": [
            {"field": "age", "op": "le", "value": 30},
            {"field": "purchase", "op": "exists", "negated": True},
            {"not": {"field": "complaint", "op": "exists"}},
        ]
    }
    assert audiences.from_reading({}) == audiences.everyone()
