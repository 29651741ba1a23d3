"""What each field of a rule means: where its value is, how it is compared, and what an absent value says.

A predicate is resolved once, against the pack, into a ``Test``; every evaluator (index, SQL, columns) reads tests
only, so that they cannot differ in what a word means.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import process

from linghang.base.digest import digest
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Predicate
from linghang.customers.bounds import LONGEST_DAYS, Interval, Misfit, Spans, has_zero, spans_of, text_of
from linghang.customers.model import Storage
from linghang.customers.parsing import words_of
from linghang.customers.policies import LABELS, values_of
from linghang.customers.schema import storage_of
from linghang.packs.model import Attribute, EventKind, Label, Pack

Source = Literal["column", "event", "holding", "outside", "policy"]
Measure = Literal["value", "occurrence", "amount", "days"]

_HOLDING: Mapping[str, tuple[Measure, Storage]] = {
    "holding": ("occurrence", "bool"),
    "holding_ever": ("occurrence", "bool"),
    "holding_amount_cny": ("amount", "money"),
    "holding_count": ("value", "integer"),
    "holding_days": ("days", "integer"),
}
_NUMERIC = ("integer", "number", "money", "date")
_COMPARISONS = ("ge", "gt", "le", "lt", "between")
EVERYONE = "all"
"""The group that everyone is in, whatever is recorded."""


@dataclass(frozen=True)
class Field:
    """A field that a rule may name.

    ``unknown``: an absent value satisfies neither a predicate nor its negation. ``zero``: an absent number is 0.
    ``event`` is the behaviour that an event field counts; ``values`` are the choices in order, ``words`` the ways to
    write them (lower case).
    """

    name: str
    storage: Storage
    source: Source
    measure: Measure
    label: Label
    unknown: bool = False
    zero: bool = False
    event: str = ""
    values: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    objects: tuple[str, ...] = ()
    usable: bool = True


@dataclass(frozen=True)
class Among:
    """One of the values (texts of choices, members of a group, true or false)."""

    values: frozenset[str]


@dataclass(frozen=True)
class Containing:
    """Text that has one of these as a part."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Any value at all."""


Condition = Spans | Among | Containing | Known


@dataclass(frozen=True)
class Test:
    """A predicate as the evaluators see it.

    For behaviour and holdings ``objects`` are the names that count (None: all), ``window_days`` the calendar days
    that end with today. An occurrence is compared by how often it happened.
    """

    field: Field
    condition: Condition
    objects: frozenset[str] | None = None
    window_days: int | None = None
    negated: bool = False


@dataclass(frozen=True)
class Catalogue:
    """All fields of a pack. ``behaviours`` are those with a window; a name may also be an attribute."""

    fields: Mapping[str, Field]
    behaviours: Mapping[str, Field]
    groups: Mapping[str, frozenset[str]]
    """Product kind or group → the ids of its products."""
    zone: str
    mark: str = ""
    """The digest of all this: what is built by it stays good while it is the same."""

    def find(self, predicate: Predicate) -> Field | None:
        """The field that a predicate names: with a window the behaviour, else the attribute if there is one."""
        first, second = self.fields.get(predicate.field), self.behaviours.get(predicate.field)
        if predicate.window_days is not None:
            return second or first
        return first or second


def catalogue_of(pack: Pack) -> Catalogue:
    """The fields of a pack. A pack that was loaded (and so has a digest) is worked out once."""
    if not pack.digest:
        return _catalogue_of(pack)
    found = _known.get(pack.digest)
    if found is None:
        while len(_known) >= _REMEMBERED:
            _known.pop(next(iter(_known)), None)
        found = _known[pack.digest] = _catalogue_of(pack)
    return found


_REMEMBERED = 16
_known: dict[str, Catalogue] = {}


def _catalogue_of(pack: Pack) -> Catalogue:
    behaviours: dict[str, Field] = {}
    for event in pack.events:
        behaviours.update({field.name: field for field in _event_fields(event)})
    fields = {
        attribute.name: _attribute_field(attribute)
        for attribute in pack.attributes
        if attribute.name not in pack.customers.never
    }
    fields |= {name: _policy_field(name, label, pack) for name, label in LABELS.items()}
    members: dict[str, set[str]] = {}
    for product in pack.products:
        for name in (product.kind, product.group):
            if name:
                members.setdefault(name, set()).add(product.id)
    groups = {name: frozenset(ids) for name, ids in members.items()}
    mark = digest({"fields": fields, "behaviours": behaviours, "groups": groups, "zone": pack.zone})
    return Catalogue(fields, behaviours, groups, pack.zone, mark)


def _policy_field(name: str, label: Label, pack: Pack) -> Field:
    values = values_of(name, pack)
    words = {value.lower(): value for value in values}
    words |= {text.lower(): value for value, said in values.items() for text in (said.zh, said.en)}
    return Field(name, "category", "policy", "value", label, values=tuple(values), words=words)


def _event_fields(event: EventKind) -> Iterable[Field]:
    # A behaviour that was never recorded did not happen; «days since» is then longer than any number of days.
    yield Field(
        event.name, "integer", "event", "occurrence", event.label, event=event.name, zero=True, objects=event.objects
    )
    extra: tuple[tuple[str, Storage, Measure], ...] = (
        (event.amount_field, "money", "amount"),
        (event.count_field, "integer", "occurrence"),
        (event.days_field, "integer", "days"),
    )
    for name, storage, measure in extra:
        if name:
            yield Field(
                name, storage, "event", measure, event.label, event=event.name, zero=measure != "days",
                objects=event.objects,
            )  # fmt: skip


def _attribute_field(attribute: Attribute) -> Field:
    usable = "audience" in attribute.usable_in
    if attribute.source == "holdings" and attribute.name in _HOLDING:
        measure, storage = _HOLDING[attribute.name]
        zero = measure in ("amount", "value")
        return Field(attribute.name, storage, "holding", measure, attribute.label, zero=zero, usable=usable)
    absent_is_no = attribute.nothing_means == "no"
    amount = attribute.kind in ("money", "number") or (
        attribute.kind == "integer" and attribute.unit != "天" and not attribute.name.endswith("days")
    )
    return Field(
        attribute.name,
        storage_of(attribute),
        "column" if attribute.source == "column" else "outside",
        "value",
        attribute.label,
        unknown=not absent_is_no and attribute.parameter != "group",
        zero=absent_is_no and amount,
        values=tuple(str(choice.value) for choice in attribute.choices),
        words=words_of(attribute.choices) if attribute.choices else None,
        usable=usable,
    )


def resolve(predicate: Predicate, catalogue: Catalogue) -> Test | Finding:
    """The test that a predicate means, or the finding that says what is wrong with it."""
    field = catalogue.find(predicate)
    if field is None:
        names = sorted({*catalogue.fields, *catalogue.behaviours})
        near = ", ".join(match for match, _, _ in process.extract(predicate.field, names, limit=3, score_cutoff=50))
        return _wrong("audiences.unknown_field", predicate, near=near)
    if predicate.window_days is not None and field.source != "event":
        return _wrong("audiences.no_window", predicate, label=field.label.zh)
    if predicate.window_days is not None and not 1 <= predicate.window_days <= LONGEST_DAYS:
        return _wrong("audiences.bad_window", predicate, days=predicate.window_days)
    if field.measure == "occurrence" and field.source in ("event", "holding"):
        return _occurrence(predicate, field, catalogue)
    condition = _condition(predicate, field)
    if isinstance(condition, Finding):
        elsewhere = _named_elsewhere(predicate, field, catalogue)
        return condition if elsewhere is None else resolve(elsewhere, catalogue)
    return Test(field, condition, None, predicate.window_days, predicate.negated)


def _named_elsewhere(predicate: Predicate, field: Field, catalogue: Catalogue) -> Predicate | None:
    """A group that no segment goes by, where exactly one other field has a value of that name (私行: a member tier)."""
    if field.storage != "group" or predicate.op != "eq" or not isinstance(predicate.value, str):
        return None
    name = predicate.value.lower()
    others = [other for other in catalogue.fields.values() if other is not field and name in (other.words or {})]
    return replace(predicate, field=others[0].name) if len(others) == 1 else None


def _occurrence(predicate: Predicate, field: Field, catalogue: Catalogue) -> Test | Finding:
    """Behaviour and holdings: names are what it was done to, numbers are how often."""
    once = Spans((Interval(low=1),))
    values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
    if predicate.value is None:
        if predicate.op != "exists":
            return _wrong("audiences.needs_value", predicate, op=predicate.op)
        return Test(field, once, None, predicate.window_days, predicate.negated)
    if predicate.op in ("exists", "eq", "in", "contains") and any(isinstance(value, str) for value in values):
        objects = frozenset().union(*(objects_of(str(value), field, catalogue) for value in values))
        return Test(field, once, objects, predicate.window_days, predicate.negated)
    if all(isinstance(value, bool) for value in values) and predicate.op in ("exists", "eq"):
        return Test(field, once, None, predicate.window_days, predicate.negated is bool(values[0]))
    if field.source == "holding":
        return _wrong("audiences.bad_operator", predicate, op=predicate.op, label=field.label.zh)
    bounds = spans_of_predicate(predicate, field)
    if isinstance(bounds, Finding):
        return bounds
    return Test(field, bounds, None, predicate.window_days, predicate.negated)


def objects_of(name: str, field: Field, catalogue: Catalogue) -> frozenset[str]:
    """The names that an object of behaviour or a product may go by: itself, its group's members, its pages."""
    pages = {f"{name}{kind}" for kind in _PAGES} & set(field.objects)
    return frozenset({name, *catalogue.groups.get(name, ()), *pages})


_PAGES = ("_page", "_detail", "_list")
"""How the pages of something are called: who looked at funds looked at a fund's page or at their list."""


def spans_of_predicate(predicate: Predicate, field: Field) -> Spans | Finding:
    """The intervals of a predicate that compares a number."""
    bounds = spans_of(predicate.op, predicate.value, field.storage)
    if isinstance(bounds, Misfit):
        return _wrong(bounds.code, predicate, value=bounds.value, op=predicate.op, label=field.label.zh)
    return bounds


def _condition(predicate: Predicate, field: Field) -> Condition | Finding:
    if predicate.op == "exists" and predicate.value is None:
        return _exists(field)
    if predicate.value is None:
        return _wrong("audiences.needs_value", predicate, op=predicate.op)
    if field.storage == "ordinal" and predicate.op in _COMPARISONS:
        return _ranked(predicate, field)
    if field.storage in _NUMERIC:
        return spans_of_predicate(predicate, field)
    if predicate.op in _COMPARISONS:
        return _wrong("audiences.no_order", predicate, label=field.label.zh, op=predicate.op)
    return _named(predicate, field)


def _exists(field: Field) -> Condition:
    if field.storage == "bool":
        return Among(frozenset({"true"}))
    if field.storage in _NUMERIC and field.zero:
        return Spans((Interval(low=0.0, low_open=True) if field.storage == "number" else Interval(low=1),))
    return Known()


def _named(predicate: Predicate, field: Field) -> Condition | Finding:
    values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
    texts = [text_of(value) for value in values]
    if field.storage == "bool":
        truths = [_truth(text) for text in texts]
        if None in truths:
            return _wrong("audiences.unknown_value", predicate, value=texts[truths.index(None)], near="true, false")
        return Among(frozenset("true" if truth else "false" for truth in truths))
    if predicate.op == "contains" and field.storage != "group":
        return Containing(tuple(texts))
    if field.words is None:
        return Among(frozenset(texts))
    found = {text: field.words.get(text.lower()) for text in texts}
    for text, value in found.items():
        if value is None:
            near = ", ".join(match for match, _, _ in process.extract(text, list(field.words), limit=3))
            return _wrong("audiences.unknown_value", predicate, value=text, near=near or ", ".join(field.values[:8]))
    return Among(frozenset(value for value in found.values() if value is not None))


def _ranked(predicate: Predicate, field: Field) -> Condition | Finding:
    values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
    places: list[int] = []
    for value in values:
        known = (field.words or {}).get(text_of(value).lower())
        if known is None:
            return _wrong("audiences.unknown_value", predicate, value=text_of(value), near=", ".join(field.values[:8]))
        places.append(field.values.index(known))
    if len(places) != (2 if predicate.op == "between" else 1):
        return _wrong("audiences.bad_between", predicate, op=predicate.op)
    first, last = 0, len(field.values) - 1
    match predicate.op:
        case "ge":
            first = places[0]
        case "gt":
            first = places[0] + 1
        case "le":
            last = places[0]
        case "lt":
            last = places[0] - 1
        case _:
            first, last = min(places), max(places)
    return Among(frozenset(field.values[first : last + 1]))


def _truth(text: str) -> bool | None:
    if text.lower() in ("true", "yes", "1", "y", "是", "有"):
        return True
    return False if text.lower() in ("false", "no", "0", "n", "否", "无") else None


def _wrong(code: str, predicate: Predicate, **params: str | int | float | None) -> Finding:
    return Finding(code, Severity.S2, predicate.field, params={"field": predicate.field, **params})


__all__ = [
    "EVERYONE", "Among", "Catalogue", "Condition", "Containing", "Field", "Interval", "Known", "Spans", "Test",
    "catalogue_of", "has_zero", "objects_of", "resolve",
]  # fmt: skip
