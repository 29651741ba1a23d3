"""What a measure of behaviour or a succession means: resolved once, so that all evaluators read the same."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process

from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Act, Behaviour, Measure, Succession, Where
from linghang.customers.bounds import LONGEST_DAYS, Interval, Misfit, Spans, spans_of
from linghang.customers.catalogue import Catalogue, Field, objects_of
from linghang.customers.model import Storage

NAMES = ("object", "channel", "slot", "campaign_id")
"""The attributes by which events are named, in the order in which the index keeps them."""
_STORAGE: Mapping[Measure, Storage] = {
    "count": "integer", "sum": "money", "avg": "number", "first": "integer", "last": "integer",
}  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """Events that count: of one name, each named attribute among its values, the amount (fen) in any of the spans."""

    event: str
    wanted: tuple[tuple[str, frozenset[str]], ...] = ()
    amounts: tuple[Spans, ...] = ()


@dataclass(frozen=True)
class Days:
    """Which days count: the last ``back`` that end with today, or from ``first`` to ``last``. Never after today."""

    back: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def of(self, today: dt.date) -> tuple[dt.date | None, dt.date]:
        """(first or None, last) day, both included."""
        last = today if self.last is None else min(self.last, today)
        return (today - dt.timedelta(days=self.back - 1) if self.back is not None else self.first), last


@dataclass(frozen=True)
class Measured:
    """A measure of a customer's deeds within the condition. Sums are in fen, averages in fen as floats."""

    deed: Deed
    measure: Measure
    condition: Spans
    days: Days

    @property
    def never(self) -> bool:
        """Whether who did nothing at all satisfies it."""
        if self.measure == "avg":
            return False
        if self.measure in ("first", "last"):
            return any(part.high is None for part in self.condition.parts)
        return any(
            (part.low is None or part.low <= 0) and (part.high is None or part.high >= 0)
            for part in self.condition.parts
        )


@dataclass(frozen=True)
class Followed:
    """A first deed within the days, and then another within so many days of it, or (``absent``) then not."""

    first: Deed
    then: Deed
    within: int
    absent: bool
    days: Days


def resolve_behaviour(node: Behaviour, catalogue: Catalogue) -> Measured | Finding:
    """What a behaviour means, or the finding that says what is wrong with it."""
    deed = _deed(Act(node.event, node.where), catalogue)
    if isinstance(deed, Finding):
        return deed
    days = _days(node)
    if isinstance(days, Finding):
        return days
    bounds = spans_of(node.op, node.value, _STORAGE[node.measure])
    if isinstance(bounds, Misfit):
        return _wrong(bounds.code, node.event, value=bounds.value, op=node.op, label=node.event)
    if node.measure == "avg":
        bounds = Spans(tuple(_in_fen(part) for part in bounds.parts))
    return Measured(deed, node.measure, bounds, days)


def _in_fen(part: Interval) -> Interval:
    low, high = (None if end is None else float(end) * 100 for end in (part.low, part.high))
    return Interval(low, high, part.low_open, part.high_open)


def resolve_succession(node: Succession, catalogue: Catalogue) -> Followed | Finding:
    """What a succession means, or the finding that says what is wrong with it."""
    first, then = _deed(node.first, catalogue), _deed(node.then, catalogue)
    if isinstance(first, Finding):
        return first
    if isinstance(then, Finding):
        return then
    for days in (node.within_days, node.window_days):
        if days is not None and not (0 if days is node.within_days else 1) <= days <= LONGEST_DAYS:
            return _wrong("audiences.bad_window", node.first.event, days=days)
    return Followed(first, then, node.within_days, node.absent, Days(node.window_days))


def event_field(name: str, catalogue: Catalogue) -> Field | None:
    """The field of an event of the pack, by the event's name."""
    found = catalogue.behaviours.get(name)
    return found if found is not None and found.event == name else None


def _deed(act: Act, catalogue: Catalogue) -> Deed | Finding:
    field = event_field(act.event, catalogue)
    if field is None:
        names = sorted({one.event for one in catalogue.behaviours.values()})
        near = ", ".join(match for match, _, _ in process.extract(act.event, names, limit=3))
        return _wrong("audiences.unknown_event", act.event, near=near)
    wanted: list[tuple[str, frozenset[str]]] = []
    amounts: list[Spans] = []
    for where in act.where:
        if where.field == "amount":
            spans = spans_of(where.op, where.value, "money")
            if isinstance(spans, Misfit):
                return _wrong(spans.code, act.event, value=spans.value, op=where.op, label="amount")
            amounts.append(spans)
            continue
        named = _named(where, field, catalogue)
        if isinstance(named, Finding):
            return named
        wanted.append(named)
    return Deed(act.event, tuple(wanted), tuple(amounts))


def _named(where: Where, field: Field, catalogue: Catalogue) -> tuple[str, frozenset[str]] | Finding:
    if where.field not in NAMES:
        have = (*NAMES, "amount")
        near = ", ".join(match for match, _, _ in process.extract(where.field, have, limit=2))
        return _wrong("audiences.unknown_event_field", where.field, near=near, have=", ".join(have))
    values = where.value if isinstance(where.value, tuple) else (where.value,)
    if where.op not in ("eq", "in") or not all(isinstance(value, str) and value for value in values):
        return _wrong("audiences.bad_operator", where.field, op=where.op, label=where.field)
    names = frozenset(str(value) for value in values)
    if where.field == "object":
        names = frozenset().union(*(objects_of(name, field, catalogue) for name in names))
    return where.field, names


def _days(node: Behaviour) -> Days | Finding:
    if node.window_days is not None:
        if not 1 <= node.window_days <= LONGEST_DAYS or node.start or node.end:
            return _wrong("audiences.bad_window", node.event, days=node.window_days)
        return Days(node.window_days)
    try:
        first, last = (dt.date.fromisoformat(text) if text else None for text in (node.start, node.end))
    except ValueError:
        return _wrong("audiences.bad_period", node.event, start=node.start or "", end=node.end or "")
    if first is not None and last is not None and last < first:
        return _wrong("audiences.bad_period", node.event, start=node.start or "", end=node.end or "")
    return Days(None, first, last)


def _wrong(code: str, about: str, **params: str | int | float | None) -> Finding:
    return Finding(code, Severity.S2, about, params={"field": about, **params})
