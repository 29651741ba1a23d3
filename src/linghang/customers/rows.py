"""Whether one customer's row satisfies a rule: the plain meaning of the rule language, one customer at a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linghang.base.errors import RefusedError
from linghang.base.findings import Finding
from linghang.base.predicates import Predicate, Rule
from linghang.customers.catalogue import (
    EVERYONE,
    Among,
    Catalogue,
    Condition,
    Containing,
    Interval,
    Known,
    Spans,
    Test,
    resolve,
)


@dataclass(frozen=True)
class Happening:
    """An event of a customer: its day in the institution's zone, the names it may be asked by, its amount in fen."""

    name: str
    day: dt.date
    names: frozenset[str]
    amount_fen: int = 0


@dataclass(frozen=True)
class Holding:
    """A product that a customer holds (``active``) or held."""

    names: frozenset[str]
    product: str
    amount_fen: int
    since: dt.date | None
    active: bool


@dataclass(frozen=True)
class Row:
    """What is known of a customer: attribute values as stored (absent or None: nothing), holdings and events.

    ``day`` is the one that the holdings describe.
    """

    values: Mapping[str, Any]
    holdings: Sequence[Holding] = ()
    events: Sequence[Happening] = ()
    day: dt.date = field(default=dt.date(1970, 1, 1))


def satisfies(rule: Rule, row: Row, catalogue: Catalogue, today: dt.date) -> bool:
    """Whether the row satisfies the rule.

    ``not`` is everybody else, ``negated`` only those of whom the opposite is known.

    Raises RefusedError("audiences.bad_rule") for a predicate without a meaning.
    """
    if isinstance(rule, Predicate):
        test = resolve(rule, catalogue)
        if isinstance(test, Finding):
            raise RefusedError("audiences.bad_rule", (test,), count=1)
        return passes(test, row, today)
    parts = (satisfies(part, row, catalogue, today) for part in rule.parts)
    if rule.how == "any":
        return any(parts)
    return all(parts) if rule.how == "all" else not all(parts)


def passes(test: Test, row: Row, today: dt.date) -> bool:
    """Whether the row passes one test, its negation included."""
    if test.field.source == "event":
        held = _inside(_measured(test, row, today), test.condition)
    elif test.field.source == "holding":
        held = _held(test, row)
    elif test.field.storage == "group":
        held = _in_group(row.values.get(test.field.name) or (), test.condition)
    else:
        value = row.values.get(test.field.name)
        if value is None and test.field.zero:
            value = 0
        if value is None:
            return test.negated and not test.field.unknown
        held = _holds(value, test)
    return held != test.negated


def _holds(value: Any, test: Test) -> bool:
    condition = test.condition
    if isinstance(condition, Spans):
        return _inside((value - dt.date(1970, 1, 1)).days if isinstance(value, dt.date) else value, condition)
    if isinstance(condition, Known):
        return True
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if isinstance(condition, Containing):
        return any(part in text for part in condition.parts)
    return text in condition.values


def _in_group(groups: Sequence[str], condition: Condition) -> bool:
    if isinstance(condition, Among):
        return EVERYONE in condition.values or bool(condition.values & set(groups))
    if isinstance(condition, Containing):
        return any(part in group for group in groups for part in condition.parts)
    return bool(groups)


def _measured(test: Test, row: Row, today: dt.date) -> float | None:
    """Count, sum or days of the events that count; None for «never» of days."""
    first = None if test.window_days is None else today - dt.timedelta(days=test.window_days - 1)
    counted = [
        event
        for event in row.events
        if event.name == test.field.event
        and event.day <= today
        and (first is None or event.day >= first)
        and (test.objects is None or event.names & test.objects)
    ]
    if test.field.measure == "amount":
        return sum(event.amount_fen for event in counted)
    if test.field.measure == "days":
        return min(((today - event.day).days for event in counted), default=None)
    return len(counted)


def _inside(value: float | None, condition: Condition) -> bool:
    if isinstance(condition, Known):
        return value is not None
    if not isinstance(condition, Spans):
        raise TypeError(f"numbers are compared by spans, not by {type(condition).__name__}")
    return any(_within(value, part) for part in condition.parts)


def _within(value: float | None, part: Interval) -> bool:
    if value is None:
        # Never is longer ago than any number of days.
        return part.high is None
    above = part.low is None or value > part.low or (value == part.low and not part.low_open)
    below = part.high is None or value < part.high or (value == part.high and not part.high_open)
    return above and below


def _held(test: Test, row: Row) -> bool:
    active = [holding for holding in row.holdings if holding.active]
    if test.field.measure == "occurrence":
        counted = row.holdings if test.field.name.endswith("_ever") else active
        return any(test.objects is None or holding.names & test.objects for holding in counted)
    if test.field.measure == "days":
        days = max(((row.day - holding.since).days for holding in active if holding.since is not None), default=None)
        return days is not None and _inside(days, test.condition)
    amount = test.field.measure == "amount"
    return _inside(
        sum(holding.amount_fen for holding in active) if amount else len({holding.product for holding in active}),
        test.condition,
    )
