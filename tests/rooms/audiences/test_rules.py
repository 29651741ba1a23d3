"""Rules as JSON and words; what is wrong with them is told with the nearest right thing."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang import audiences, packs
from linghang.audiences.canonical import canonical
from linghang.base.errors import RefusedError, UsageError
from linghang.base.predicates import Predicate, Rule
from linghang.packs.model import Pack
from linghang.testing.institution import PACK, World

from .test_agreement import CATALOGUE, RULES

DEMO = packs.load("demo")
SAID: tuple[Any, ...] = (
    {"event": "purchase", "measure": "sum", "op": "ge", "value": 1000, "window_days": 30,
     "where": [{"field": "object", "op": "in", "value": ["fund", "gold"]}, {"field": "amount", "op": "gt", "value": 9.5}]},
    {"event": "purchase", "measure": "avg", "op": "between", "value": [100, 500], "start": "2026-01-01",
     "end": "2026-03-31"},
    {"event": "login", "measure": "first", "op": "lt", "value": 30},
    {"event": "login", "measure": "last", "op": "ge", "value": 90, "start": "2026-01-01"},
    {"event": "login", "measure": "count", "op": "in", "value": [1, 2], "end": "2026-01-01"},
    {"first": {"event": "page_view", "where": [{"field": "object", "op": "eq", "value": "wealth_page"}]},
     "then": {"event": "purchase"}, "within_days": 7, "absent": True, "window_days": 30},
    {"first": {"event": "login"}, "then": {"event": "pay"}, "within_days": 0},
    {"by": "aum_cny", "top": 1000},
    {"by": "age", "percent": 12.5, "lowest": True, "among": {"field": "gender", "op": "eq", "value": "F"}},
    {"sample_pct": 10, "salt": "三月 \"a\"", "skip_pct": 20.5},
    {"audience": "aud_01"},
    {"field": "suitable_for", "op": "in", "value": [DEMO.products[0].id, DEMO.products[1].id]},
    {"field": "contactable_by", "op": "eq", "value": DEMO.channels[0].id},
    {"field": "under_caps_of", "op": "eq", "value": DEMO.channels[0].id, "negated": True},
    {"field": "risk_level", "op": "ge", "value": "C3"},
    {"field": "holding", "op": "exists", "value": ["fund", "gold"], "negated": True},
    {"field": "holding_amount_cny", "op": "ge", "value": 10000},
    {"field": "purchase_amount_cny", "op": "ge", "value": 10000, "window_days": 90},
    {"field": "last_contact_days", "op": "le", "value": 7, "negated": True},
    {"field": "active", "op": "eq", "value": False},
)  # fmt: skip


@given(rule=RULES)
def test_json_gives_the_rule_back(rule: Rule) -> None:
    assert audiences.parse(audiences.as_json(rule)) == rule


@settings(max_examples=200)
@given(rule=RULES, locale=st.sampled_from(("zh-CN", "en")))
def test_words_give_the_rule_back(rule: Rule, locale: str) -> None:
    words = audiences.explain(rule, PACK, locale)
    assert "audiences.words" not in words
    again = audiences.understand(words, PACK, locale)
    assert again == canonical(rule, PACK, CATALOGUE)
    assert audiences.explain(again, PACK, locale) == words


@given(rule=RULES)
def test_the_canonical_rule_is_one_and_means_the_same(world: World, rule: Rule) -> None:
    once = canonical(rule, PACK, CATALOGUE)
    assert canonical(once, PACK, CATALOGUE) == once
    assert audiences.count(once, world.index) == audiences.count(rule, world.index)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_rules_with_a_meaning_are_said_in_words(locale: str) -> None:
    literal = audiences.explain(Predicate("no_such_field", "eq", 1), PACK, locale)
    assert "no_such_field" in literal
    for leaf in SAID:
        assert "{" not in audiences.explain(audiences.parse(leaf), DEMO, locale), leaf


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


def test_a_group_that_is_the_value_of_another_field_means_that_field() -> None:
    group, tier = ({"field": field, "op": "eq", "value": "私行"} for field in ("segment", "member_tier"))
    assert audiences.validate(audiences.parse(group), DEMO) == audiences.validate(audiences.parse(tier), DEMO) == ()
    (unknown,) = audiences.validate(audiences.parse({**group, "value": "火星人"}), DEMO)
    assert unknown.code == "audiences.unknown_value"


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
