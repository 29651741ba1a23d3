"""The index, the engine's SQL and the plain reading of rows give one answer for every rule."""

import datetime as dt
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from linghang import audiences, customers
from linghang.audiences import reference, sql
from linghang.base.predicates import (
    Act,
    Behaviour,
    Combination,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Saved,
    Succession,
    Where,
)
from linghang.customers import catalogue_of
from linghang.customers.contact import contact_reasons
from linghang.testing.institution import NOW, PACK, TODAY, World

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


EVENTS = st.sampled_from(("visit", "buy", "never_seen"))
WHERES = st.lists(
    st.one_of(
        st.builds(Where, st.just("object"), st.sampled_from(("eq", "in")), st.sampled_from(("home", "fund", "f1"))),
        st.builds(Where, st.just("channel"), st.just("eq"), st.just("push")),
        st.builds(Where, st.just("campaign_id"), st.just("in"), st.just(("cmp_1", "cmp_2"))),
        st.builds(Where, st.just("amount"), st.sampled_from(COMPARISONS), st.sampled_from((-50, 0, 0.005, 1, 250))),
        st.just(Where("amount", "between", (0.01, 250))),
    ),
    max_size=2,
).map(tuple)
DATES = st.one_of(st.none(), st.dates(dt.date(2023, 8, 1), dt.date(2024, 4, 30)).map(str))


def _behaviours() -> st.SearchStrategy[Rule]:
    measures = st.sampled_from(("count", "sum", "avg", "first", "last"))
    values = st.sampled_from((-1, 0, 0.01, 1, 2, 3, 6, 30, 83.33, 100, 250.5, 500))
    compared = st.one_of(
        st.tuples(st.sampled_from(COMPARISONS), values),
        st.tuples(st.just("between"), st.tuples(values, values)),
        st.tuples(st.just("in"), st.lists(values, min_size=1, max_size=3).map(tuple)),
    )
    backwards = st.builds(
        lambda event, measure, compared, days, where: Behaviour(event, measure, *compared, days, where=where),
        EVENTS, measures, compared, WINDOWS, WHERES,
    )  # fmt: skip
    between = st.builds(
        lambda event, measure, compared, ends, where: Behaviour(event, measure, *compared, None, *_period(ends), where),
        EVENTS, measures, compared, st.tuples(DATES, DATES), WHERES,
    )  # fmt: skip
    return st.one_of(backwards, between)


def _period(ends: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    start, end = ends
    return (end, start) if start and end and end < start else (start, end)


ACTS = st.builds(Act, EVENTS, WHERES)
SUCCESSIONS = st.builds(
    Succession, ACTS, ACTS, st.sampled_from((0, 1, 2, 7, 30, 365)), st.booleans(), st.sampled_from((None, 1, 2, 7, 40))
)
PERCENT = st.sampled_from((0.1, 1, 33.3, 50, 99.9, 100))
SCORES = st.sampled_from(("age", "balance", "credit", "score", "drift", "born", "mature_days", "never_filled"))


def _rankings(among: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    inner = st.one_of(st.none(), among)
    return st.one_of(
        st.builds(Ranked, SCORES, st.sampled_from((1, 2, 10, 1000)), st.none(), st.booleans(), inner),
        st.builds(Ranked, SCORES, st.none(), PERCENT, st.booleans(), inner),
    )


OTHERS: st.SearchStrategy[Rule] = st.one_of(
    _behaviours(),
    SUCCESSIONS,
    st.builds(Sampled, st.sampled_from((0.5, 10, 33.3)), st.sampled_from(("", "a", "再")), st.sampled_from((0, 10, 20.5))),
    st.builds(Saved, st.sampled_from(("aud_young", "aud_rest", "aud_list", "list"))),
    st.builds(Predicate, st.just("suitable_for"), st.sampled_from(("eq", "in")), st.sampled_from(("f1", "f2", "d1")),
              negated=NEGATED),
    st.builds(Predicate, st.just("contactable_by"), st.just("in"), st.sampled_from(("push", "push:fund", ("push", "app"))),
              negated=NEGATED),
    st.builds(Predicate, st.just("under_caps_of"), st.just("eq"), st.sampled_from(("push", "app", "push:fund")), negated=NEGATED),
)  # fmt: skip


def _combine(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(parts, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Combination, st.sampled_from(("all", "any")), several),
        st.builds(Combination, st.just("not"), st.tuples(parts)),
        _rankings(parts),
    )


LEAVES = st.one_of(PREDICATES, OTHERS, _rankings(PREDICATES))
RULES: st.SearchStrategy[Rule] = st.recursive(LEAVES, _combine, max_leaves=8)
DAYS = st.sampled_from((TODAY, TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=30)))


def _agree(world: World, rule: Rule, today: dt.date) -> None:
    plain = world.expand(rule)
    by_rows = sorted(reference.members(plain, world.rows, CATALOGUE, today))
    by_index = audiences.members(rule, world.index, today).tolist()
    by_engine = sql.members(world.context.analytics, CATALOGUE, world.sources, plain, today).tolist()
    assert by_index == by_rows
    assert by_engine == by_rows
    assert audiences.count(rule, world.index, today) == len(by_rows)


@settings(max_examples=120)
@given(rule=RULES, today=DAYS)
@example(rule=Predicate("holding_ever", "eq", True), today=TODAY)
@example(rule=Predicate("buy", "eq", 0), today=TODAY)
@example(rule=Behaviour("buy", "avg", "eq", 0), today=TODAY)
@example(rule=Behaviour("visit", "count", "ge", 1, None, "2024-02-29", "2024-02-29"), today=TODAY)
@example(rule=Behaviour("visit", "count", "eq", 0, None, "2024-02-01", "2024-02-29"), today=TODAY)
@example(rule=Succession(Act("buy"), Act("buy"), 30, True), today=TODAY)
@example(rule=Succession(Act("visit"), Act("buy"), 0), today=TODAY)
@example(rule=Predicate("under_caps_of", "eq", "push"), today=TODAY)
def test_three_ways_one_answer(world: World, rule: Rule, today: dt.date) -> None:
    _agree(world, rule, today)


@settings(max_examples=60)
@given(rule=st.one_of(OTHERS, _rankings(OTHERS)), today=DAYS)
def test_every_other_condition_alone(world: World, rule: Rule, today: dt.date) -> None:
    _agree(world, rule, today)


def test_under_caps_of_means_what_the_contact_policy_means(world: World) -> None:
    policy = customers.policy_of(PACK)
    db, institution = world.context.db, world.context.institution_id
    touches = customers.touches_of(db, institution, list(world.rows), NOW - dt.timedelta(days=60), NOW)
    found: dict[str, set[int]] = {}
    for value, channel, kind in (
        ("push", "push", ""),
        ("push:fund", "push", "fund"),
        ("push:deposit", "push", "deposit"),
    ):
        found[value] = set(audiences.members(Predicate("under_caps_of", "eq", value), world.index, TODAY).tolist())
        free = {
            number
            for number, own in touches.items()
            if not any(reason.endswith("_cap") for reason in contact_reasons(own, channel, "", NOW, policy, kind=kind))
        }
        assert found[value] == free, value
    assert found["push:fund"] < found["push"], "a cap on funds binds besides the others"
    assert found["push:deposit"] == found["push"]
