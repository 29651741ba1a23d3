"""One way to write each condition: values as the catalogue has them, one operator for one meaning."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from linghang.base.findings import Finding
from linghang.base.predicates import (
    Act,
    Behaviour,
    Combination,
    Op,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Scalar,
    Succession,
    Value,
    Where,
)
from linghang.customers.catalogue import Catalogue, Field, resolve
from linghang.packs.model import Pack


def canonical(rule: Rule, pack: Pack, catalogue: Catalogue) -> Rule:
    """The same meaning, written in one way; a condition without a meaning in this pack stays as it is.

    ``all`` and ``any`` of a single part are that part; ``in`` of one value is ``eq``; numbers are numbers, choices are
    the pack's values; what several operators say of behaviour, holdings and groups is said by one.
    """
    if isinstance(rule, Combination):
        parts = tuple(canonical(part, pack, catalogue) for part in rule.parts)
        return parts[0] if len(parts) == 1 and rule.how != "not" else Combination(rule.how, parts)
    if isinstance(rule, Predicate):
        return _predicate(rule, pack, catalogue)
    if isinstance(rule, Behaviour):
        op, value = _compared(rule.op, rule.value)
        start, end = rule.start or None, rule.end or None
        return replace(rule, op=op, value=value, start=start, end=end, where=_wheres(rule.where))
    if isinstance(rule, Succession):
        return replace(rule, first=_act(rule.first), then=_act(rule.then))
    if isinstance(rule, Ranked):
        among = None if rule.among is None else canonical(rule.among, pack, catalogue)
        return replace(rule, percent=_number(rule.percent), among=None if among == Combination("all", ()) else among)
    if isinstance(rule, Sampled):
        return replace(rule, sample_pct=_number(rule.sample_pct), skip_pct=_number(rule.skip_pct))
    return rule


def _predicate(rule: Predicate, pack: Pack, catalogue: Catalogue) -> Predicate:
    test = resolve(rule, catalogue)
    if isinstance(test, Finding):
        return rule
    field = test.field
    if field.measure == "occurrence" and field.source in ("event", "holding"):
        return _occurrence(_by_event(rule, field, catalogue))
    if rule.value is None:
        return rule
    if field.storage in ("integer", "number", "money"):
        op, value = _compared(rule.op, rule.value)
        return replace(rule, op=op, value=value)
    if field.storage == "date":
        op, value = _ordered(rule.op, tuple(str(one)[:10] for one in _listed(rule.value)))
        return replace(rule, op=op, value=value)
    return _named(rule, field, pack)


def _by_event(rule: Predicate, field: Field, catalogue: Catalogue) -> Predicate:
    """A behaviour by the event's own name, where that means the same."""
    if field.source != "event" or rule.field == field.event:
        return rule
    renamed = replace(rule, field=field.event)
    found = catalogue.find(renamed)
    return renamed if found is not None and (found.source, found.event) == ("event", field.event) else rule


def _occurrence(rule: Predicate) -> Predicate:
    if rule.value is None:
        return rule
    values = _listed(rule.value)
    if any(isinstance(value, str) for value in values) and rule.op in ("exists", "eq", "in", "contains"):
        names = tuple(dict.fromkeys(str(value) for value in values))
        return replace(rule, op="exists", value=names[0] if len(names) == 1 else names)
    if all(isinstance(value, bool) for value in values):
        return replace(rule, op="exists", value=None, negated=rule.negated is bool(values[0]))
    op, value = _compared(rule.op, rule.value)
    return replace(rule, op=op, value=value)


def _named(rule: Predicate, field: Field, pack: Pack) -> Predicate:
    values = _listed(rule.value)
    ranked = field.storage == "ordinal" and rule.op in ("ge", "gt", "le", "lt", "between")
    if field.storage == "bool":
        # What a truth value may be written as is the catalogue's; the test says what was meant.
        told = tuple(_truth(value) for value in values)
        return replace(rule, op="eq" if len(set(told)) == 1 else "in", value=_single(tuple(dict.fromkeys(told))))
    given = tuple(_choice(value, field, pack) for value in values)
    if rule.op == "contains" and field.storage != "group":
        return replace(rule, value=_single(tuple(dict.fromkeys(_text(value) for value in values))))
    if ranked:
        if rule.op == "between" and len(given) == 2:
            order = {text: place for place, text in enumerate(field.values)}
            given = tuple(sorted(given, key=lambda one: order.get(str(one), 0)))
            return replace(rule, value=given)
        return replace(rule, value=given[0])
    unique = tuple(dict.fromkeys(given))
    return replace(rule, op="eq" if len(unique) == 1 else "in", value=_single(unique))


def _choice(value: Scalar, field: Field, pack: Pack) -> Scalar:
    text = _text(value)
    if field.words is None:
        return text
    known = field.words.get(text.lower(), text)
    attribute = next((one for one in pack.attributes if one.name == field.name), None)
    choices = attribute.choices if attribute is not None else ()
    return next((choice.value for choice in choices if str(choice.value) == known), known)


def _truth(value: Scalar) -> bool:
    return _text(value).lower() in ("true", "yes", "1", "y", "是", "有")


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _compared(op: Op, value: Value) -> tuple[Op, Value]:
    numbers = tuple(_number(one) for one in _listed(value))
    return _ordered(op, tuple(one for one in numbers if one is not None))


def _ordered(op: Op, values: tuple[Scalar, ...]) -> tuple[Op, Value]:
    if op == "between" and len(values) == 2:
        return op, tuple(sorted(values, key=_key))
    if op == "in":
        unique = tuple(dict.fromkeys(values))
        return ("eq", unique[0]) if len(unique) == 1 else ("in", unique)
    return op, _single(values)


def _key(value: Scalar) -> tuple[int, float, str]:
    return (1, 0.0, value) if isinstance(value, str) else (0, float(value), "")


def _number(value: Scalar | None) -> "int | float | str | None":  # pyright: ignore[reportReturnType]
    """A number as short as it can be written; what is none stays."""
    if value is None or isinstance(value, bool):
        return value
    try:
        exact = Decimal(str(value).strip().rstrip("%"))
    except InvalidOperation:
        return value
    if not exact.is_finite():
        return value
    return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**15 else float(exact)


def _wheres(wheres: tuple[Where, ...]) -> tuple[Where, ...]:
    found: list[Where] = []
    for one in wheres:
        if one.field == "amount":
            op, value = _compared(one.op, one.value)
        else:
            names = tuple(dict.fromkeys(_listed(one.value)))
            op, value = ("eq" if len(names) == 1 else "in"), _single(names)
        found.append(Where(one.field, op, value))
    return tuple(found)


def _act(act: Act) -> Act:
    return replace(act, where=_wheres(act.where))


def _listed(value: Value) -> tuple[Scalar, ...]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _single(values: tuple[Scalar, ...]) -> Value:
    return values[0] if len(values) == 1 else values
