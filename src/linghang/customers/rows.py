"""Whether one customer's row satisfies a rule: the plain meaning of the rule language, one customer at a time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Behaviour, Combination, Predicate, Rule, Succession
from linghang.customers.behaviours import NAMES, Deed, Followed, Measured, resolve_behaviour, resolve_succession
from linghang.customers.bounds import within
from linghang.customers.catalogue import (
    EVERYONE,
    Among,
    Catalogue,
    Condition,
    Containing,
    Known,
    Spans,
    Test,
    resolve,
)


@dataclass(frozen=True)
class Happening:
    """An event of a customer: its day in the institution's zone, the names it may be asked by, its amount in fen.

    ``second`` is its instant in whole seconds since 1970 (UTC), ``about`` its names by attribute (``NAMES``).
    """

    name: str
    day: dt.date
    names: frozenset[str]
    amount_fen: int = 0
    second: int = 0
    about: tuple[str, ...] = ("",) * len(NAMES)


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

    Raises RefusedError("audiences.bad_rule") for a predicate without a meaning, and for what needs to know more than
    this customer: rankings, samples, saved audiences and policies.
    """
    if not isinstance(rule, Combination):
        test = _resolved(rule, catalogue)
        if isinstance(test, Test):
            return passes(test, row, today)
        return followed(test, row, today) if isinstance(test, Followed) else measures(test, row, today)
    parts = (satisfies(part, row, catalogue, today) for part in rule.parts)
    if rule.how == "any":
        return any(parts)
    return all(parts) if rule.how == "all" else not all(parts)


def _resolved(rule: Rule, catalogue: Catalogue) -> Test | Measured | Followed:
    if isinstance(rule, Predicate):
        test = resolve(rule, catalogue)
    elif isinstance(rule, Behaviour):
        test = resolve_behaviour(rule, catalogue)
    elif isinstance(rule, Succession):
        test = resolve_succession(rule, catalogue)
    else:
        test = Finding("audiences.needs_everyone", Severity.S2, type(rule).__name__)
    if isinstance(test, Test) and test.field.source == "policy":
        test = Finding("audiences.needs_everyone", Severity.S2, test.field.name)
    if isinstance(test, Finding):
        raise RefusedError("audiences.bad_rule", (test,), count=1)
    return test


def measures(test: Measured, row: Row, today: dt.date) -> bool:
    """Whether a measure of the row's events is within the condition."""
    first, last = test.days.of(today)
    deeds = [event for event in _deeds(test.deed, row) if event.day <= last and (first is None or event.day >= first)]
    value: float | None
    if test.measure == "count":
        value = len(deeds)
    elif test.measure == "sum":
        value = sum(event.amount_fen for event in deeds)
    elif test.measure == "avg":
        if not deeds:
            return False
        value = sum(event.amount_fen for event in deeds) / len(deeds)
    else:
        pick = min if test.measure == "first" else max
        value = (today - pick(event.day for event in deeds)).days if deeds else None
    return any(within(value, part) for part in test.condition.parts)


def followed(test: Followed, row: Row, today: dt.date) -> bool:
    """Whether some first deed of the row was followed as asked."""
    start, last = test.days.of(today)
    firsts = [event for event in _deeds(test.first, row) if event.day <= last and (start is None or event.day >= start)]
    thens = [event for event in _deeds(test.then, row) if event.day <= today]
    span = dt.timedelta(days=test.within)
    for first in firsts:
        came = any(then.second > first.second and then.day <= first.day + span for then in thens)
        if came != test.absent and not (test.absent and first.day + span > today):
            return True
    return False


def _deeds(deed: Deed, row: Row) -> list[Happening]:
    places = [(NAMES.index(name), values) for name, values in deed.wanted]
    return [
        event
        for event in row.events
        if event.name == deed.event
        and all(event.about[place] in values for place, values in places)
        and all(any(within(event.amount_fen, part) for part in spans.parts) for spans in deed.amounts)
    ]


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
    return any(within(value, part) for part in condition.parts)


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
