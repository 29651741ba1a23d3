"""Rules as JSON, from a reading, and their validation against the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from linghang.base.errors import UsageError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Combination, Op, Predicate, Rule, from_json, to_json
from linghang.customers.catalogue import Catalogue, Spans, Test, catalogue_of, resolve
from linghang.packs.model import Pack

MOST_CONDITIONS = 20_000
DEEPEST = 64
_ELSEWHERE = ("channel", "copy", "product", "product_tag", "campaign")
"""Fields of a reading's exclusions that are about the campaign, not about customers."""


def parse(shape: Any) -> Rule:
    """The rule that a JSON value says.

    ``{"field", "op", "value"?, "window_days"?, "negated"?}`` is a predicate, ``{"all": […]}``, ``{"any": […]}`` and
    ``{"not": …}`` combine, a list is all of its parts. Raises UsageError("audiences.malformed_rule" |
    "audiences.too_many_conditions").
    """
    counted = [0]
    return _parse(shape, "rule", 0, counted)


def _parse(shape: Any, where: str, depth: int, counted: list[int]) -> Rule:
    counted[0] += 1
    if counted[0] > MOST_CONDITIONS or depth > DEEPEST:
        raise UsageError("audiences.too_many_conditions", most=MOST_CONDITIONS, deepest=DEEPEST)
    if isinstance(shape, list):
        return _combined("all", shape, where, depth, counted)
    if not isinstance(shape, Mapping):
        raise UsageError("audiences.malformed_rule", where=where, found=str(shape)[:80])
    if set(shape) == {"how", "parts"} and shape["how"] in ("all", "any", "not"):
        return _combined(shape["how"], shape["parts"], where, depth, counted)
    if len(shape) == 1 and (how := next(iter(shape))) in ("all", "any", "not"):
        parts = shape[how]
        return _combined(how, [parts] if how == "not" else parts, where, depth, counted)
    return _predicate(shape, where)


def _combined(how: Any, parts: Any, where: str, depth: int, counted: list[int]) -> Combination:
    if not isinstance(parts, list) or (how == "not" and len(parts) != 1):
        raise UsageError("audiences.malformed_rule", where=f"{where}.{how}", found=str(parts)[:80])
    found = tuple(_parse(part, f"{where}.{how}[{n}]", depth + 1, counted) for n, part in enumerate(parts))
    return Combination(how, found)


def _predicate(shape: Mapping[str, Any], where: str) -> Predicate:
    value = shape.get("value")
    simple = value is None or isinstance(value, str | int | float | bool)
    listed = isinstance(value, list) and bool(value) and all(isinstance(v, str | int | float | bool) for v in value)
    if shape.get("op") not in get_args(Op) or not isinstance(shape.get("field"), str) or not (simple or listed):
        raise UsageError("audiences.malformed_rule", where=where, found=str(dict(shape))[:120])
    days = shape.get("window_days")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise UsageError("audiences.malformed_rule", where=f"{where}.window_days", found=str(days)[:40])
    try:
        return from_json(shape)
    except (KeyError, ValueError) as error:
        raise UsageError("audiences.malformed_rule", where=where, found=str(error)[:120]) from error


def as_json(rule: Rule) -> dict[str, Any]:
    """The JSON form of a rule; ``parse`` gives the rule back."""
    if isinstance(rule, Predicate):
        return dict(to_json(rule))
    if rule.how == "not":
        return {"not": as_json(rule.parts[0])}
    return {rule.how: [as_json(part) for part in rule.parts]}


def from_reading(reading: Mapping[str, Any]) -> Rule:
    """The rule of a brief's reading: all of ``audience``, none of ``exclusions`` that are about customers.

    An exclusion of a channel, a product or of words in the copy is a matter of those sections, and not here.
    """
    wanted = [_predicate(item, "audience") for item in reading.get("audience", ())]
    barred = [
        _predicate(item, "exclusions")
        for item in reading.get("exclusions", ())
        if item.get("field") not in _ELSEWHERE and item.get("op")
    ]
    parts: list[Rule] = [*wanted, *(Combination("not", (predicate,)) for predicate in barred)]
    return Combination("all", tuple(parts))


def predicates(rule: Rule) -> Sequence[Predicate]:
    """All predicates of a rule, in order."""
    if isinstance(rule, Predicate):
        return (rule,)
    return [predicate for part in rule.parts for predicate in predicates(part)]


def validate(rule: Rule, pack: Pack) -> tuple[Finding, ...]:
    """What is wrong (S2) or odd (S3) about a rule: unknown fields and values with the nearest, impossible bounds."""
    catalogue = catalogue_of(pack)
    return tuple(finding for predicate in predicates(rule) for finding in _check(predicate, catalogue))


def _check(predicate: Predicate, catalogue: Catalogue) -> list[Finding]:
    test = resolve(predicate, catalogue)
    if isinstance(test, Finding):
        return [test]
    params = {"field": predicate.field, "label": test.field.label.zh, "label_en": test.field.label.en}
    found: list[Finding] = []
    if not test.field.usable:
        found.append(Finding("audiences.not_for_audiences", Severity.S2, predicate.field, params=params))
    if test.field.source == "outside":
        found.append(Finding("audiences.outside_data", Severity.S3, predicate.field, params=params))
    if _impossible(test):
        found.append(Finding("audiences.never_true", Severity.S3, predicate.field, params=params))
    return found


def _impossible(test: Test) -> bool:
    if test.negated or not isinstance(test.condition, Spans):
        return False
    return all(part.low is not None and part.high is not None and part.low > part.high for part in test.condition.parts)
