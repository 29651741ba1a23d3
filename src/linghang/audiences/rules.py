"""Rules as JSON, from a reading, and their validation against the catalogue."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from linghang.base.errors import UsageError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import (
    Act,
    Behaviour,
    Combination,
    Measure,
    Members,
    Op,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Saved,
    Succession,
    Where,
    from_json,
    leaves,
    to_json,
)
from linghang.customers.behaviours import resolve_behaviour, resolve_succession
from linghang.customers.catalogue import Catalogue, Spans, Test, catalogue_of, resolve
from linghang.customers.rankings import resolve_ranked, resolve_sampled
from linghang.packs.model import Pack

MOST_CONDITIONS = 20_000
MOST_BEHAVIOURS = 100
"""Different conditions on behaviour in one rule: each reads all events of its kind."""
DEEPEST = 64
_ELSEWHERE = ("channel", "copy", "product", "product_tag", "campaign")
"""Fields of a reading's exclusions that are about the campaign, not about customers."""
SAVED = "saved_audience"
"""The field by which a reading names a saved audience: its id is the value. In rules it is a condition of its own."""
Shape = Mapping[str, Any]


def parse(shape: Any) -> Rule:
    """The rule that a JSON value says.

    ``{"field", "op", "value"?, "window_days"?, "negated"?}`` is a predicate; ``{"event", "measure", "op", "value",
    "window_days"? | "start"?, "end"?, "where"?}`` a behaviour; ``{"first", "then", "within_days", "absent"?,
    "window_days"?}`` a succession; ``{"by", "top" | "percent", "lowest"?, "among"?}`` a ranking; ``{"sample_pct",
    "salt"?, "skip_pct"?}`` a sample; ``{"audience"}`` a saved audience. ``{"all": […]}``, ``{"any": […]}`` and
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
        raise _malformed(where, shape)
    if set(shape) == {"how", "parts"} and shape["how"] in ("all", "any", "not"):
        return _combined(shape["how"], shape["parts"], where, depth, counted)
    if len(shape) == 1 and (how := next(iter(shape))) in ("all", "any", "not"):
        parts = shape[how]
        return _combined(how, [parts] if how == "not" else parts, where, depth, counted)
    if "by" in shape:
        return _ranked(shape, where, depth, counted)
    for mark, read in _READERS.items():
        if mark in shape:
            return read(shape, where)
    return _predicate(shape, where)


def _combined(how: Any, parts: Any, where: str, depth: int, counted: list[int]) -> Combination:
    if not isinstance(parts, list) or (how == "not" and len(parts) != 1):
        raise _malformed(f"{where}.{how}", parts)
    found = tuple(_parse(part, f"{where}.{how}[{n}]", depth + 1, counted) for n, part in enumerate(parts))
    return Combination(how, found)


def _predicate(shape: Shape, where: str) -> Predicate:
    value = shape.get("value")
    if shape.get("op") not in get_args(Op) or not isinstance(shape.get("field"), str) or not _is_value(value):
        raise _malformed(where, dict(shape))
    _days(shape, "window_days", where)
    try:
        return from_json(shape)
    except (KeyError, ValueError) as error:
        raise _malformed(where, error) from error


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(v, str | int | float | bool) for v in value)
    return value is None or isinstance(value, str | int | float | bool)


def _days(shape: Shape, key: str, where: str) -> int | None:
    days = shape.get(key)
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise _malformed(f"{where}.{key}", days)
    return days


def _value(shape: Shape, where: str) -> Any:
    value = shape.get("value")
    if value is None or not _is_value(value):
        raise _malformed(f"{where}.value", value)
    return tuple(value) if isinstance(value, list) else value


def _behaviour(shape: Shape, where: str) -> Behaviour:
    _only(shape, ("event", "measure", "op", "value", "window_days", "start", "end", "where"), where)
    event, measure, op = shape.get("event"), shape.get("measure", "count"), shape.get("op")
    known = isinstance(event, str) and measure in get_args(Measure) and op in get_args(Op)
    period = tuple(shape.get(key) for key in ("start", "end"))
    if not known or not all(text is None or isinstance(text, str) for text in period):
        raise _malformed(where, dict(shape))
    return Behaviour(
        str(event), measure, op, _value(shape, where), _days(shape, "window_days", where), *period,  # type: ignore[arg-type]
        where=_wheres(shape.get("where"), where),
    )  # fmt: skip


def _wheres(shape: Any, where: str) -> tuple[Where, ...]:
    found: list[Where] = []
    for item in shape or ():
        good = isinstance(item, Mapping) and set(item) == {"field", "op", "value"} and isinstance(item["field"], str)
        if not good or item["op"] not in get_args(Op):
            raise _malformed(f"{where}.where", item)
        found.append(Where(item["field"], item["op"], _value(item, where)))
    return tuple(found)


def _succession(shape: Shape, where: str) -> Succession:
    _only(shape, ("first", "then", "within_days", "absent", "window_days"), where)
    acts: list[Act] = []
    for key in ("first", "then"):
        act = shape.get(key)
        if not isinstance(act, Mapping) or not isinstance(act.get("event"), str):
            raise _malformed(f"{where}.{key}", act)
        _only(act, ("event", "where"), f"{where}.{key}")
        acts.append(Act(act["event"], _wheres(act.get("where"), f"{where}.{key}")))
    within = _days(shape, "within_days", where)
    absent = shape.get("absent", False)
    if within is None or not isinstance(absent, bool):
        raise _malformed(where, dict(shape))
    return Succession(acts[0], acts[1], within, absent, _days(shape, "window_days", where))


def _ranked(shape: Shape, where: str, depth: int, counted: list[int]) -> Ranked:
    _only(shape, ("by", "top", "percent", "lowest", "among"), where)
    among = shape.get("among")
    percent, lowest = shape.get("percent"), shape.get("lowest", False)
    if not isinstance(shape["by"], str) or not _is_number(percent) or not isinstance(lowest, bool):
        raise _malformed(where, dict(shape))
    inner = None if among is None else _parse(among, f"{where}.among", depth + 1, counted)
    return Ranked(shape["by"], _days(shape, "top", where), percent, lowest, inner)


def _sampled(shape: Shape, where: str) -> Sampled:
    _only(shape, ("sample_pct", "salt", "skip_pct"), where)
    size, skip, salt = shape["sample_pct"], shape.get("skip_pct", 0), shape.get("salt", "")
    if size is None or not _is_number(size) or not _is_number(skip) or not isinstance(salt, str):
        raise _malformed(where, dict(shape))
    return Sampled(size, salt, skip or 0)


def _saved(shape: Shape, where: str) -> Saved:
    if set(shape) != {"audience"} or not isinstance(shape["audience"], str):
        raise _malformed(where, dict(shape))
    return Saved(shape["audience"])


_READERS: Mapping[str, Callable[[Shape, str], Rule]] = {
    "event": _behaviour,
    "then": _succession,
    "sample_pct": _sampled,
    "audience": _saved,
}
"""What tells a kind of condition from the others → how it is read."""


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _only(shape: Shape, keys: Sequence[str], where: str) -> None:
    strange = sorted(set(shape) - set(keys))
    if strange:
        raise _malformed(where, f"{', '.join(strange)}? ({', '.join(keys)})")


def _malformed(where: str, found: Any) -> UsageError:
    return UsageError("audiences.malformed_rule", where=where, found=str(found)[:120])


def as_json(rule: Rule) -> dict[str, Any]:
    """The JSON form of a rule; ``parse`` gives the rule back. Raises TypeError for members, which are never written."""
    if isinstance(rule, Predicate):
        return dict(to_json(rule))
    if isinstance(rule, Combination):
        if rule.how == "not":
            return {"not": as_json(rule.parts[0])}
        return {rule.how: [as_json(part) for part in rule.parts]}
    if isinstance(rule, Behaviour):
        told = {"event": rule.event, "measure": rule.measure, "op": rule.op, "value": _listed(rule.value)}
        more = {"window_days": rule.window_days, "start": rule.start, "end": rule.end}
        told |= {key: value for key, value in more.items() if value is not None}
        return {**told, "where": _where_json(rule.where)} if rule.where else told
    if isinstance(rule, Succession):
        shape: dict[str, Any] = {"first": _act_json(rule.first), "then": _act_json(rule.then)}
        shape["within_days"] = rule.within_days
        shape |= {"absent": True} if rule.absent else {}
        return shape if rule.window_days is None else {**shape, "window_days": rule.window_days}
    if isinstance(rule, Ranked):
        shape = {"by": rule.by, **({"top": rule.top} if rule.top is not None else {"percent": rule.percent})}
        shape |= {"lowest": True} if rule.lowest else {}
        return shape if rule.among is None else {**shape, "among": as_json(rule.among)}
    if isinstance(rule, Sampled):
        more = {key: value for key, value in (("salt", rule.salt), ("skip_pct", rule.skip_pct)) if value}
        return {"sample_pct": rule.sample_pct, **more}
    if isinstance(rule, Members):
        raise TypeError("members are not written as JSON: save them as an audience")
    return {"audience": rule.audience}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _act_json(act: Act) -> dict[str, Any]:
    return {"event": act.event, **({"where": _where_json(act.where)} if act.where else {})}


def _where_json(wheres: Sequence[Where]) -> list[dict[str, Any]]:
    return [{"field": one.field, "op": one.op, "value": _listed(one.value)} for one in wheres]


def from_reading(reading: Mapping[str, Any]) -> Rule:
    """The rule of a brief's reading: all of ``audience``, none of ``exclusions`` that are about customers.

    An exclusion of a channel, a product or of words in the copy is a matter of those sections, and not here.
    """
    wanted = [_condition(item, "audience") for item in reading.get("audience", ())]
    barred = [
        _condition(item, "exclusions")
        for item in reading.get("exclusions", ())
        if item.get("field") not in _ELSEWHERE and item.get("op")
    ]
    parts: list[Rule] = [*wanted, *(Combination("not", (predicate,)) for predicate in barred)]
    return Combination("all", tuple(parts))


def _condition(item: Shape, where: str) -> Rule:
    predicate = _predicate(item, where)
    if predicate.field != SAVED:
        return predicate
    ids = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
    found = tuple(Saved(str(id)) for id in ids)
    chosen: Rule = found[0] if len(found) == 1 else Combination("any", found)
    return Combination("not", (chosen,)) if predicate.negated else chosen


def validate(rule: Rule, pack: Pack) -> tuple[Finding, ...]:
    """What is wrong (S2) or odd (S3) about a rule: unknown names and values with the nearest, impossible bounds.

    Also more conditions on behaviour than ``MOST_BEHAVIOURS``: they would be counted for minutes.
    """
    catalogue = catalogue_of(pack)
    # By their words: 1 and True are equal, and not the same value.
    different = {repr(leaf): leaf for leaf in leaves(rule)}.values()
    found = tuple(finding for leaf in different for finding in _check(leaf, catalogue))
    behaviours = sum(_is_behaviour(leaf, catalogue) for leaf in different)
    if behaviours <= MOST_BEHAVIOURS:
        return found
    params = {"found": behaviours, "most": MOST_BEHAVIOURS}
    return (*found, Finding("audiences.too_many_behaviours", Severity.S2, "rule", params=params))


def _is_behaviour(leaf: Rule, catalogue: Catalogue) -> bool:
    if isinstance(leaf, Predicate):
        field = catalogue.find(leaf)
        return field is not None and field.source == "event"
    return isinstance(leaf, Behaviour | Succession)


def _check(leaf: Rule, catalogue: Catalogue) -> list[Finding]:
    if isinstance(leaf, Predicate):
        return _check_predicate(leaf, catalogue)
    found: object = None
    if isinstance(leaf, Behaviour):
        found = resolve_behaviour(leaf, catalogue)
    elif isinstance(leaf, Succession):
        found = resolve_succession(leaf, catalogue)
    elif isinstance(leaf, Ranked):
        found = resolve_ranked(leaf, catalogue)
    elif isinstance(leaf, Sampled):
        found = resolve_sampled(leaf)
    return [found] if isinstance(found, Finding) else []


def _check_predicate(predicate: Predicate, catalogue: Catalogue) -> list[Finding]:
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
