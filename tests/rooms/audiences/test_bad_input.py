"""Rules and lists that are far too large, impossible or misspelt get a clear answer."""

import time

import numpy as np
import pyarrow as pa
import pytest

from linghang import audiences, customers
from linghang.audiences import reference, sql
from linghang.base.errors import LinghangError, RefusedError, UsageError
from linghang.base.findings import Finding
from linghang.base.predicates import Act, Behaviour, Combination, Predicate, Rule, Succession
from linghang.customers import catalogue_of
from linghang.testing.institution import PACK, TODAY, World

CATALOGUE = catalogue_of(PACK)


def _many(count: int) -> Rule:
    return Combination(
        "any",
        tuple(
            Combination("all", (Predicate("age", "eq", n % 90), Predicate("balance", "ge", n - 5000)))
            for n in range(count // 2)
        ),
    )


def test_ten_thousand_conditions_are_counted_and_twice_as_many_said_to_be_too_many(world: World) -> None:
    rule = _many(10_000)
    started = time.process_time()
    assert audiences.validate(rule, PACK) == ()
    found = audiences.members(rule, world.index, TODAY).tolist()
    assert time.process_time() - started < 5
    # By hand: the plain reading of rows takes a minute for so many.
    rich = {number: row.values["balance"] or 0 for number, row in world.rows.items() if row.values["age"] is not None}
    least = {age: min(n - 5000 for n in range(5000) if n % 90 == age) * 100 for age in range(90)}
    ages = {number: world.rows[number].values["age"] for number in rich}
    assert found == sorted(n for n, balance in rich.items() if 0 <= ages[n] < 90 and balance >= least[ages[n]])
    assert audiences.parse(audiences.as_json(rule)) == rule
    with pytest.raises(UsageError) as many:
        audiences.parse(audiences.as_json(_many(20_002)))
    assert many.value.code == "audiences.too_many_conditions"
    deep: Rule = Predicate("age", "ge", 1)
    for _ in range(70):
        deep = Combination("not", (deep,))
    with pytest.raises(UsageError):
        audiences.parse(audiences.as_json(deep))


def test_so_many_behaviours_are_refused_at_once_and_repeated_ones_are_one() -> None:
    asked = [Predicate("visit", "exists", window_days=1 + n % 300) for n in range(5000)]
    started = time.process_time()
    (finding,) = audiences.validate(Combination("any", tuple(asked)), PACK)
    assert time.process_time() - started < 2
    assert (finding.code, finding.severity, finding.params["found"]) == ("audiences.too_many_behaviours", "S2", 300)
    few = tuple(Predicate("visit", "exists", window_days=1 + n % 100) for n in range(5000))
    assert audiences.validate(Combination("any", few), PACK) == ()


def test_the_engine_answers_a_thousand_conditions_too(world: World) -> None:
    rule = _many(1000)
    expected = audiences.members(rule, world.index, TODAY).tolist()
    assert sql.members(world.context.analytics, CATALOGUE, world.sources, rule, TODAY).tolist() == expected


@pytest.mark.parametrize(
    ("rule", "code", "near"),
    [
        (Predicate("agee", "ge", 3), "audiences.unknown_field", "age"),
        (Predicate("blance", "ge", 3), "audiences.unknown_field", "balance"),
        (Predicate("colour", "eq", "gren"), "audiences.unknown_value", "green"),
        (Behaviour("vist", "count", "ge", 1, 7), "audiences.unknown_event", "visit"),
        (Succession(Act("visit"), Act("bye"), 3), "audiences.unknown_event", "buy"),
    ],
)
def test_what_is_misspelt_is_told_with_the_nearest(world: World, rule: Rule, code: str, near: str) -> None:
    (finding,) = audiences.validate(rule, PACK)
    assert finding.code == code
    assert near in str(finding.params["near"])
    with pytest.raises(RefusedError) as refused:
        audiences.count(rule, world.index, TODAY)
    assert refused.value.findings == (finding,)


@pytest.mark.parametrize(
    "rule",
    [
        Predicate("visit", "exists", window_days=0),
        Predicate("visit", "exists", window_days=-3),
        Predicate("visit", "exists", window_days=10**9),
        Predicate("age", "ge", 3, window_days=7),
        Behaviour("visit", "count", "ge", 1, 0),
        Behaviour("visit", "count", "ge", 1, 10**9),
        Behaviour("visit", "count", "ge", 1, None, "2024-02-30", None),
        Behaviour("visit", "count", "ge", 1, None, "2024-03-01", "2024-02-01"),
        Behaviour("visit", "count", "ge", 1, 7, "2024-03-01", None),
        Succession(Act("visit"), Act("buy"), -1),
        Succession(Act("visit"), Act("buy"), 3, False, 0),
    ],
)
def test_impossible_windows_are_refused_alike(world: World, rule: Rule) -> None:
    found: list[Finding] = list(audiences.validate(rule, PACK))
    assert found
    ways = (
        lambda: audiences.count(rule, world.index, TODAY),
        lambda: sql.count(world.context.analytics, CATALOGUE, world.sources, rule, TODAY),
        lambda: reference.members(rule, world.rows, CATALOGUE, TODAY),
    )
    for way in ways:
        with pytest.raises(LinghangError) as refused:
            way()
        assert refused.value.code == "audiences.bad_rule"


def test_every_line_of_a_list_is_accounted_for(world: World) -> None:
    known = customers.Numbers(world.context.analytics, "world")
    present = audiences.numbers_of(world.index.base)
    ids = pa.array(["n1", " n1 ", "n2", None, "", "  ", "nobody", "nobody", "'; DROP", "k0", "k1"])
    told = audiences.of_ids(ids, known, present)
    assert told.given == 11
    assert (told.duplicates, told.strangers, told.blank, told.gone) == (1, 3, 3, 1)
    assert known.ids(told.members) == sorted(["n1", "n2", "k1"], key=known.one)
    assert told.examples == ("nobody", "'; DROP")
    assert len(told.members) + told.duplicates + told.strangers + told.blank + told.gone == told.given


def test_a_list_of_five_million_ids(world: World) -> None:
    known = customers.Numbers(world.context.analytics, "world")
    present = audiences.numbers_of(world.index.base)
    names = [*known.ids(present), *(f"stranger{n}" for n in range(1000)), ""]
    chosen = np.random.default_rng(1).integers(0, len(names), 5_000_000)
    told = audiences.of_ids(pa.array(names).take(pa.array(chosen)), known, present)
    often = np.bincount(chosen, minlength=len(names))
    strangers = int(often[len(present) : -1].sum())
    assert (told.given, told.strangers, told.blank, told.gone) == (5_000_000, strangers, int(often[-1]), 0)
    assert told.members.tolist() == present.tolist()
    assert told.duplicates == int(often[: len(present)].sum()) - len(present)
