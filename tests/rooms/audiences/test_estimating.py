"""A sketch says that it is one, and is near the truth."""

from linghang import audiences
from linghang.audiences.estimating import estimate
from linghang.base.predicates import Predicate
from linghang.customers import catalogue_of
from linghang.testing.institution import PACK, TODAY, World


def test_an_estimate_has_an_interval_that_holds_the_count(world: World) -> None:
    rule = Predicate("age", "ge", 20)
    told = estimate(world.context.analytics, catalogue_of(PACK), world.sources, rule, TODAY)
    assert told.low <= audiences.count(rule, world.index, TODAY) <= told.high
    assert told.sketch.startswith("uniqCombined")


def test_of_a_million_the_estimate_is_within_a_percent(world: World) -> None:
    rows = world.context.analytics.query("SELECT uniqCombined64(17)(number) AS n FROM numbers(1000000)")
    assert abs(rows["n"][0].as_py() - 1_000_000) < 10_000
