"""Predicate: one condition on a field of the catalogue, in the form that readings, rules and layers share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Op = Literal["exists", "eq", "in", "contains", "ge", "gt", "le", "lt", "between"]
Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True)
class Predicate:
    """``field op value``, within ``window_days`` for behaviour, turned round when ``negated``.

    Unknown never satisfies a claim: a null field fails the predicate *and* its negation, except for
    behaviour and holdings, where nothing recorded means that it did not happen.
    """

    field: str
    op: Op
    value: Value = None
    window_days: int | None = None
    negated: bool = False


@dataclass(frozen=True)
class Combination:
    """``all`` or ``any`` of its parts, or the customers for whom the single part of ``not`` fails."""

    how: Literal["all", "any", "not"]
    parts: tuple["Predicate | Combination", ...]


Rule = Predicate | Combination


def to_json(predicate: Predicate) -> dict[str, object]:
    """The reading's form of a predicate: keys without a value are absent."""
    shape: dict[str, object] = {"field": predicate.field, "op": predicate.op}
    if predicate.value is not None:
        shape["value"] = list(predicate.value) if isinstance(predicate.value, tuple) else predicate.value
    if predicate.window_days is not None:
        shape["window_days"] = predicate.window_days
    if predicate.negated:
        shape["negated"] = True
    return shape


def from_json(shape: Mapping[str, object]) -> Predicate:
    """The predicate that a reading's object says. Raises KeyError or ValueError for a malformed one."""
    unknown = set(shape) - {"field", "op", "value", "window_days", "negated"}
    if unknown:
        raise ValueError(f"unknown keys of a predicate: {sorted(unknown)}")
    value = shape.get("value")
    days = shape.get("window_days")
    return Predicate(
        field=str(shape["field"]),
        op=shape["op"],  # type: ignore[arg-type]
        value=tuple(value) if isinstance(value, list) else value,  # type: ignore[arg-type]
        window_days=int(days) if isinstance(days, int | float) else None,
        negated=bool(shape.get("negated", False)),
    )
