"""Random rules over the pack of ``institution``: every kind of condition, and their combinations, from a seed."""

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from linghang.base.predicates import (
    Act,
    Behaviour,
    Combination,
    Op,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Saved,
    Succession,
    Value,
    Where,
)
from linghang.testing.institution import TODAY

DAYS = (TODAY, TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=30), dt.date(2024, 2, 29))
"""Days from which windows are counted; one is a leap day."""
_COMPARISONS: tuple[Op, ...] = ("ge", "gt", "le", "lt", "eq")
_WINDOWS = (None, 1, 2, 7, 30, 31, 365)
_YUAN: Sequence[Any] = (-800, -7, 0, 0.01, 0.995, 1, 99, 100, 123.45, 500, 5e7)
_REAL: Sequence[Any] = (-2.5, 0, 0.0, 0.1, 0.3, 0.30000000000000004, 0.9, 1, 1e14)
_NUMBERS: Sequence[tuple[str, Sequence[Any]]] = (
    ("age", range(-5, 95)), ("mature_days", range(-1, 62)), ("never_filled", (-1, 0, 1)), ("balance", _YUAN),
    ("credit", _YUAN), ("score", _REAL), ("drift", _REAL), ("weather", _REAL), ("holding_amount_cny", _YUAN),
    ("holding_count", range(4)), ("holding_days", range(-1, 45)),
)  # fmt: skip
_COUNTED: Sequence[tuple[str, Sequence[Any]]] = (
    ("visit", range(-1, 7)), ("buy_count", range(-1, 5)), ("buy_amount", (-50, 0, 0.01, 1, 250, 251, 500)),
    ("last_buy_days", range(-1, 210)), ("never_seen_days", range(11)),
)  # fmt: skip
_NAMED: Sequence[tuple[str, Sequence[Any]]] = (
    ("colour", ("red", "word green", "label blue")), ("town", ("York", "上海", "Or", "nowhere")),
    ("note", ("vip", "x'y", "%", "_", "再")), ("group", ("staff", "owners", "all")),
)  # fmt: skip
_KNOWN = (
    "age", "flag", "opted", "colour", "note", "tier", "balance", "credit", "drift", "born", "mature_days",
    "never_filled", "group", "holding", "holding_ever", "holding_amount_cny", "holding_count", "holding_days",
    "weather",
)  # fmt: skip
_EVENTS = ("visit", "buy", "never_seen")
_SCORES = ("age", "balance", "credit", "score", "drift", "born", "mature_days", "never_filled")


def random_rule(random: Random, depth: int = 3) -> Rule:
    """A rule of up to ``depth`` levels; combinations may be empty, and conditions contradict each other."""
    if depth and random.random() < 0.55:
        how = random.choice(("all", "any", "not"))
        parts = 1 if how == "not" else random.choice((0, 1, 2, 2, 3, 3, 4))
        return Combination(how, tuple(random_rule(random, depth - 1) for _ in range(parts)))
    if depth and random.random() < 0.08:
        return _ranked(random, random_rule(random, depth - 1) if random.random() < 0.5 else None)
    return random.choice(_KINDS)(random)


def _compared(random: Random, values: Sequence[Any]) -> tuple[Op, Value]:
    shape = random.random()
    if shape < 0.7:
        return random.choice(_COMPARISONS), random.choice(values)
    if shape < 0.85:
        return "between", (random.choice(values), random.choice(values))
    return "in", tuple(random.choice(values) for _ in range(random.randint(1, 3)))


def _number(random: Random) -> Rule:
    field, values = random.choice(_NUMBERS)
    return Predicate(field, *_compared(random, values), negated=random.random() < 0.4)


def _counted(random: Random) -> Rule:
    field, values = random.choice(_COUNTED)
    window = None if field == "never_seen_days" else random.choice(_WINDOWS)
    return Predicate(field, *_compared(random, values), window, random.random() < 0.4)


def _named(random: Random) -> Rule:
    field, values = random.choice(_NAMED)
    op = random.choice(("eq", "contains", "in"))
    value = random.choice(values) if op != "in" else tuple(random.choice(values) for _ in range(random.randint(1, 3)))
    return Predicate(field, op, value, negated=random.random() < 0.4)  # type: ignore[arg-type]


def _ordered(random: Random) -> Rule:
    field, values = random.choice((("risk_level", ("C1", "C2", "C3", "C4", "C5")), ("tier", (1, 2, 3))))
    if random.random() < 0.2:
        return Predicate(field, "between", (values[0], values[-2]), negated=random.random() < 0.4)
    return Predicate(field, random.choice(_COMPARISONS), random.choice(values), negated=random.random() < 0.4)


def _other(random: Random) -> Rule:
    negated = random.random() < 0.4
    return random.choice(
        (
            Predicate(
                "born",
                *_compared(random, [f"{y}-{m:02d}-28" for y in range(1959, 2017) for m in (2, 12)]),
                None,
                negated,
            ),
            Predicate(
                random.choice(("flag", "opted")), "eq", random.choice((True, False, "yes", "否")), negated=negated
            ),
            Predicate(random.choice(_KNOWN), "exists", negated=negated),
            Predicate("suitable_for", random.choice(("eq", "in")), random.choice(("f1", "f2", "d1")), negated=negated),
            Predicate("contactable_by", "in", random.choice(("push", "push:fund", ("push", "app"))), negated=negated),
            Predicate("under_caps_of", "eq", random.choice(("push", "app", "push:fund")), negated=negated),
            Saved(random.choice(("aud_young", "aud_rest", "aud_list", "list"))),
            Sampled(random.choice((0.5, 10, 33.3)), random.choice(("", "a", "再")), random.choice((0, 10, 20.5))),
        )
    )


def _done(random: Random) -> Rule:
    what = random.choice((None, "home", "fund", "push", "cmp_1", ("f1", "d1"), "nothing"))
    if random.random() < 0.4:
        held = random.choice((None, "fund", "f1", "growth", "deposit", "nothing", ("f2", "d1")))
        return Predicate(random.choice(("holding", "holding_ever")), "exists", held, negated=random.random() < 0.4)
    return Predicate(random.choice(_EVENTS), "exists", what, random.choice(_WINDOWS), random.random() < 0.4)


def _wheres(random: Random) -> tuple[Where, ...]:
    every = (
        Where("object", "eq", random.choice(("home", "fund", "f1"))), Where("object", "in", ("home", "d1")),
        Where("channel", "eq", "push"), Where("campaign_id", "in", ("cmp_1", "cmp_2")),
        Where("amount", random.choice(_COMPARISONS), random.choice((-50, 0, 0.005, 1, 250))),
        Where("amount", "between", (0.01, 250)),
    )  # fmt: skip
    return tuple(random.sample(every, random.choice((0, 0, 1, 2))))


def _measured(random: Random) -> Rule:
    values = (-1, 0, 0.01, 1, 2, 3, 6, 30, 83.33, 100, 250.5, 500)
    measure = random.choice(("count", "sum", "avg", "first", "last"))
    start = end = None
    window = random.choice(_WINDOWS)
    if random.random() < 0.4:
        window = None
        days = sorted(dt.date(2023, 8, 1) + dt.timedelta(days=random.randint(0, 270)) for _ in range(2))
        start, end = (
            (str(days[0]) if random.random() < 0.8 else None),
            (str(days[1]) if random.random() < 0.8 else None),
        )
    event = random.choice(_EVENTS)
    return Behaviour(event, measure, *_compared(random, values), window, start, end, _wheres(random))


def _followed(random: Random) -> Rule:
    first, then = (Act(random.choice(_EVENTS[:2]), _wheres(random)) for _ in range(2))
    days, window = random.choice((0, 1, 2, 7, 30, 365)), random.choice((None, 1, 2, 7, 40))
    return Succession(first, then, days, random.random() < 0.5, window)


def _ranked(random: Random, among: Rule | None) -> Rule:
    top, percent = random.choice((1, 2, 10, 1000)), random.choice((0.1, 1, 33.3, 50, 99.9, 100))
    lowest = random.random() < 0.5
    if random.random() < 0.5:
        return Ranked(random.choice(_SCORES), top, None, lowest, among)
    return Ranked(random.choice(_SCORES), None, percent, lowest, among)


_KINDS: Sequence[Callable[[Random], Rule]] = (
    _number, _number, _number, _counted, _counted, _named, _ordered, _other, _other, _done, _done, _measured, _measured,
    _followed,
)  # fmt: skip
