"""What the audience step removes is what ``eligible`` says of every single customer."""

import datetime as dt
import itertools
from collections import Counter

import numpy as np
from hypothesis import given, settings

from linghang import audiences, customers
from linghang.base.predicates import Combination, Rule
from linghang.customers.rows import satisfies
from linghang.testing.institution import PACK, TODAY, World

from .test_agreement import CATALOGUE, RULES

NOON = dt.datetime(2024, 3, 11, 16, tzinfo=dt.UTC)
FUND = PACK.products[0]
PUSH, APP = PACK.channels
EVERYONE: Rule = Combination("all", ())


def test_screening_agrees_with_single_customers(world: World) -> None:
    policy = customers.policy_of(PACK)
    done = audiences.screen(EVERYONE, world.index, PACK, product=FUND, channels=["push"], today=TODAY)
    reasons = {
        number: customers.eligible(row, PACK, CATALOGUE, FUND, PUSH, policy, NOON) for number, row in world.rows.items()
    }
    allowed = sorted(number for number, why in reasons.items() if not why)
    assert audiences.numbers_of(done.allowed).tolist() == allowed
    first = Counter(why[0] for why in reasons.values() if why and why[0] != "customers.no_consent")
    told = {item.code: item.count for item in done.removed if item.code != "customers.no_channel"}
    assert told == first
    assert done.matched == len(world.rows)
    assert done.matched - sum(item.count for item in done.removed) == done.count == done.reach["push"]


def test_a_channel_for_all_keeps_those_without_consent(world: World) -> None:
    done = audiences.screen(EVERYONE, world.index, PACK, product=None, channels=["push", "app"], today=TODAY)
    assert done.reach["app"] == done.count
    assert done.reach["push"] == done.count - sum(item.count for item in done.channel_removed["push"])


def test_caps_lower_the_reach_and_remove_nobody(world: World) -> None:
    open_ = audiences.screen(EVERYONE, world.index, PACK, product=None, channels=["app"], today=TODAY)
    some = audiences.numbers_of(open_.allowed)[:5]
    capped = {"app": {"customers.channel_cap": np.append(some, np.uint32(4_000_000_000))}}
    done = audiences.screen(EVERYONE, world.index, PACK, product=None, channels=["app"], today=TODAY, capped=capped)
    assert (done.count, done.reach["app"]) == (open_.count, open_.count - 5)
    assert done.channel_removed["app"][-1].count == 5


@settings(max_examples=40)
@given(rule=RULES)
def test_a_waterfall_accounts_for_everybody(world: World, rule: Rule) -> None:
    index = world.index
    steps = audiences.waterfall(rule, index, TODAY)
    assert steps[0].remaining == index.population == len(world.rows)
    assert all(step.remaining + step.removed == before.remaining for before, step in itertools.pairwise(steps))
    assert steps[-1].remaining == audiences.count(rule, index, TODAY)
    assert all(0 <= step.unknown <= step.removed for step in steps)


def test_a_waterfall_tells_of_whom_nothing_is_known(world: World) -> None:
    rule = audiences.parse([{"field": "age", "op": "ge", "value": -100}])
    step = audiences.waterfall(rule, world.index, TODAY)[1]
    missing = sum(row.values["age"] is None for row in world.rows.values())
    assert (step.removed, step.unknown) == (missing, missing)


@settings(max_examples=40)
@given(rule=RULES)
def test_layers_are_disjoint_and_hold_everybody(world: World, rule: Rule) -> None:
    index = world.index
    members = audiences.bitset(index.plan(rule, TODAY), index.words)
    for attribute in ("age", "balance", "score", "risk_level", "flag", "town", "group", "nothing"):
        made = audiences.layers(members, index, PACK, attribute=attribute, today=TODAY)
        parts = [audiences.layer_members(layer, members, index, TODAY) for layer in made.layers]
        union = np.zeros_like(members)
        for part in parts:
            assert not (union & part).any()
            union |= part
        assert (union == members).all()
        assert [layer.count for layer in made.layers] == [audiences.count_bits(part) for part in parts]


def test_layers_follow_the_cuts_that_are_asked(world: World) -> None:
    members = audiences.bitset(world.index.plan(None), world.index.words)
    made = audiences.layers(members, world.index, PACK, attribute="balance", cuts=(1, 100), today=TODAY)
    shapes = [audiences.as_json(layer.rule) for layer in made.layers]
    assert shapes == [
        {"field": "balance", "op": "lt", "value": 1},
        {"all": [{"field": "balance", "op": "ge", "value": 1}, {"field": "balance", "op": "lt", "value": 100}]},
        {"field": "balance", "op": "ge", "value": 100},
    ]
    assert [layer.params["range"] for layer in made.layers] == ["<1元", "1–100元", "≥100元"]


def test_a_profile_counts_everybody_once(world: World) -> None:
    index = world.index
    fields = ["age", "flag", "risk_level", "colour", "town", "balance", "score", "born"]
    told = audiences.profile(None, index, fields, TODAY)
    assert [dimension.field for dimension in told] == fields
    for dimension in told:
        assert sum(bar.count for bar in dimension.bars) == index.population, dimension.field
        assert {bar.index for bar in dimension.bars} == {100.0}


def test_a_profile_compares_with_all_customers(world: World) -> None:
    red = audiences.parse([{"field": "colour", "op": "eq", "value": "red"}])
    (dimension,) = audiences.profile(red, world.index, ["colour"], TODAY)
    share = sum(row.values["colour"] == "red" for row in world.rows.values()) / len(world.rows)
    bar = next(bar for bar in dimension.bars if bar.value == "red")
    assert (bar.share, bar.index) == (1.0, round(100 / share, 1))
    assert {other.count for other in dimension.bars if other.value != "red"} == {0}


def test_features_are_the_rows(world: World) -> None:
    names = ["age", "flag", "risk_level", "town", "note", "balance", "credit", "score", "born", "group", "mature_days"]
    numbers = np.array(sorted(world.rows, reverse=True), np.uint32)
    table = audiences.features(world.index, numbers, names)
    assert table.num_rows == len(world.rows)
    for row in table.to_pylist():
        known = world.rows[row.pop("customer")].values
        expected = {name: known[name] for name in names}
        # An absent amount is none, an absent list is empty: so the fields say.
        expected["balance"] = expected["balance"] or 0
        expected["group"] = sorted(expected["group"] or [])
        row["group"] = sorted(row["group"])
        assert row == expected


def test_select_gives_a_whole_section(world: World) -> None:
    rule = audiences.parse([{"field": "age", "op": "ge", "value": 18}])
    home = world.context.home
    section, findings = audiences.select(
        home, world.index, PACK, rule, product=FUND, channels=["push", "app"], today=TODAY
    )
    members = audiences.load(home, section.snapshot)
    assert len(members) == section.count == section.matched - sum(item.count for item in section.removed)
    assert all(satisfies(rule, world.rows[int(number)], CATALOGUE, TODAY) for number in members)
    assert findings == ()
    layers = audiences.cut(home, world.index, PACK, section, today=TODAY, attribute="age", base_rate=0.02)
    together = np.concatenate([audiences.load(home, layer.snapshot) for layer in layers.layers])
    assert sorted(together.tolist()) == members.tolist()
    assert {layer.base_rate for layer in layers.layers} == {0.02}
