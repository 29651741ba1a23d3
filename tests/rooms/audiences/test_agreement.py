"""The index, the engine's SQL and the plain reading of rows give one answer for every rule."""

import datetime as dt
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from linghang import audiences
from linghang.audiences import sql
from linghang.base.predicates import Combination, Predicate, Rule
from linghang.customers import catalogue_of
from linghang.customers.rows import satisfies

from .world import PACK, TODAY, World

CATALOGUE = catalogue_of(PACK)
COMPARISONS = ("ge", "gt", "le", "lt", "eq")


def _numbers(field: str, values: st.SearchStrategy[Any], **more: Any) -> st.SearchStrategy[Predicate]:
    single = st.builds(Predicate, st.just(field), st.sampled_from(COMPARISONS), values, **more)
    pair = st.tuples(values, values)
    between = st.builds(Predicate, st.just(field), st.just("between"), pair, **more)
    several = st.builds(
        Predicate, st.just(field), st.just("in"), st.lists(values, min_size=1, max_size=3).map(tuple), **more
    )
    return st.one_of(single, between, several)


NEGATED = st.booleans()
WINDOWS = st.sampled_from((None, 1, 2, 7, 30, 31, 365))
INTEGERS = st.integers(-5, 95)
YUAN = st.one_of(st.integers(-800, 800), st.sampled_from((0.01, 0.995, 123.45, 5e7, -7)))
REAL = st.sampled_from((0, 0.0, 0.1, 0.3, 0.30000000000000004, 0.9, 1, -2.5, 1e14))


def _named(field: str, values: tuple[Any, ...], **more: Any) -> st.SearchStrategy[Predicate]:
    one = st.builds(Predicate, st.just(field), st.sampled_from(("eq", "contains")), st.sampled_from(values), **more)
    many = st.builds(
        Predicate,
        st.just(field),
        st.just("in"),
        st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple),
        **more,
    )
    return st.one_of(one, many)


def _exists(fields: tuple[str, ...]) -> st.SearchStrategy[Predicate]:
    return st.builds(Predicate, st.sampled_from(fields), st.just("exists"), negated=NEGATED)


PREDICATES = st.one_of(
    _numbers("age", INTEGERS, negated=NEGATED),
    _numbers("mature_days", INTEGERS, negated=NEGATED),
    _numbers("never_filled", st.integers(-1, 1), negated=NEGATED),
    _numbers("balance", YUAN, negated=NEGATED),
    _numbers("credit", YUAN, negated=NEGATED),
    _numbers("score", REAL, negated=NEGATED),
    _numbers("drift", REAL, negated=NEGATED),
    _numbers("weather", REAL, negated=NEGATED),
    _numbers("born", st.dates(dt.date(1959, 1, 1), dt.date(2016, 1, 1)).map(str), negated=NEGATED),
    st.builds(Predicate, st.just("risk_level"), st.sampled_from(COMPARISONS), st.sampled_from(("C1", "C3", "C5")),
              negated=NEGATED),
    st.builds(Predicate, st.just("risk_level"), st.just("between"), st.just(("C2", "C4")), negated=NEGATED),
    st.builds(Predicate, st.just("tier"), st.sampled_from(COMPARISONS), st.sampled_from((1, 2, 3)), negated=NEGATED),
    st.builds(Predicate, st.sampled_from(("flag", "opted")), st.just("eq"), st.sampled_from((True, False, "yes", "否")),
              negated=NEGATED),
    _named("colour", ("red", "word green", "label blue"), negated=NEGATED),
    _named("town", ("York", "上海", "Or", "nowhere"), negated=NEGATED),
    _named("note", ("vip", "x'y", "%", "_", "再"), negated=NEGATED),
    _named("group", ("staff", "owners", "all"), negated=NEGATED),
    _exists(("age", "flag", "opted", "colour", "note", "tier", "balance", "credit", "drift", "born", "mature_days",
             "never_filled", "group", "holding", "holding_ever", "holding_amount_cny", "holding_count", "holding_days",
             "weather")),
    st.builds(Predicate, st.sampled_from(("holding", "holding_ever")), st.just("exists"),
              st.sampled_from(("fund", "f1", "growth", "deposit", "nothing", ("f2", "d1"))), negated=NEGATED),
    _numbers("holding_amount_cny", YUAN, negated=NEGATED),
    _numbers("holding_count", st.integers(0, 3), negated=NEGATED),
    _numbers("holding_days", st.integers(-1, 45), negated=NEGATED),
    st.builds(Predicate, st.sampled_from(("visit", "buy", "never_seen")), st.just("exists"),
              st.sampled_from((None, "home", "fund", "push", "cmp_1", ("f1", "d1"), "nothing")), WINDOWS, NEGATED),
    _numbers("visit", st.integers(-1, 6), window_days=WINDOWS, negated=NEGATED),
    _numbers("buy_count", st.integers(-1, 4), window_days=WINDOWS, negated=NEGATED),
    _numbers("buy_amount", st.sampled_from((-50, 0, 0.01, 1, 250, 251, 500)), window_days=WINDOWS, negated=NEGATED),
    _numbers("last_buy_days", st.integers(-1, 210), window_days=WINDOWS, negated=NEGATED),
    _numbers("never_seen_days", st.integers(0, 10), negated=NEGATED),
)  # fmt: skip


def _combine(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(parts, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Combination, st.sampled_from(("all", "any")), several),
        st.builds(Combination, st.just("not"), st.tuples(parts)),
    )


RULES: st.SearchStrategy[Rule] = st.recursive(PREDICATES, _combine, max_leaves=8)
DAYS = st.sampled_from((TODAY, TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=30)))


@settings(max_examples=250)
@given(rule=RULES, today=DAYS)
@example(rule=Predicate("holding_ever", "eq", True), today=TODAY)
@example(rule=Predicate("buy", "eq", 0), today=TODAY)
def test_three_ways_one_answer(world: World, rule: Rule, today: dt.date) -> None:
    by_rows = sorted(number for number, row in world.rows.items() if satisfies(rule, row, CATALOGUE, today))
    by_index = audiences.members(rule, world.index, today).tolist()
    by_engine = sql.members(world.context.analytics, CATALOGUE, world.sources, rule, today).tolist()
    assert by_index == by_rows
    assert by_engine == by_rows
    assert audiences.count(rule, world.index, today) == len(by_rows)
