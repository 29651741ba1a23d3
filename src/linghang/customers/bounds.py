"""Comparisons of numbers as exact intervals: one meaning for attributes and for measures of behaviour."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from linghang.base.predicates import Op, Scalar, Value
from linghang.customers.model import Storage

LONGEST_DAYS = 36_500
"""A window looks back so far at most; beyond it calendars end."""


@dataclass(frozen=True)
class Interval:
    """Numbers from ``low`` to ``high``, both included unless ``open``; integers wherever the field stores integers."""

    low: float | int | None = None
    high: float | int | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True)
class Spans:
    """A number in any of the intervals."""

    parts: tuple[Interval, ...]


@dataclass(frozen=True)
class Misfit:
    """Why a comparison has no meaning: a message code, and the value that does not fit."""

    code: str
    value: str = ""


def spans_of(op: Op, value: Value, storage: Storage) -> Spans | Misfit:
    """The intervals that a comparison means; bounds of integers move to the nearest one inside. Money is in yuan."""
    values = value if isinstance(value, tuple) else (value,)
    numbers: list[Decimal] = []
    for item in values:
        number = _number(item, storage)
        if number is None:
            return Misfit("audiences.not_a_number", text_of(item))
        numbers.append(number)
    if op in ("contains", "exists"):
        return Misfit("audiences.bad_operator")
    if op != "in" and len(numbers) != (2 if op == "between" else 1):
        return Misfit("audiences.bad_between")
    return Spans(tuple(_fitted(*span, storage) for span in _bounds(op, numbers)))


def _bounds(op: Op, numbers: Sequence[Decimal]) -> list[tuple[Decimal | None, Decimal | None, bool]]:
    """(low, high, open) of the intervals that an operator means."""
    first = numbers[0]
    match op:
        case "ge" | "gt":
            return [(first, None, op == "gt")]
        case "le" | "lt":
            return [(None, first, op == "lt")]
        case "between":
            return [(min(numbers), max(numbers), False)]
        case _:
            return [(number, number, False) for number in numbers]


def _fitted(low: Decimal | None, high: Decimal | None, is_open: bool, storage: Storage) -> Interval:
    if storage == "number":
        return Interval(None if low is None else float(low), None if high is None else float(high), is_open, is_open)
    return Interval(
        None if low is None else (math.floor(low) + 1 if is_open else math.ceil(low)),
        None if high is None else (math.ceil(high) - 1 if is_open else math.floor(high)),
    )


def _number(value: Scalar | None, storage: Storage) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if storage == "date":
        try:
            return Decimal((dt.date.fromisoformat(str(value)[:10]) - dt.date(1970, 1, 1)).days)
        except ValueError:
            return None
    try:
        exact = Decimal(str(value).strip().rstrip("%"))
    except InvalidOperation:
        return None
    if not exact.is_finite() or (storage != "number" and abs(exact) > Decimal(10) ** 15):
        return None
    # Money is said in yuan and stored in fen.
    return exact * 100 if storage == "money" else exact


def has_zero(condition: object) -> bool:
    """Whether 0 is among the numbers that a condition asks for."""
    return isinstance(condition, Spans) and any(within(0, part) for part in condition.parts)


def within(value: float | None, part: Interval) -> bool:
    """Whether a number is in an interval; None is «never», longer ago than any number of days."""
    if value is None:
        return part.high is None
    above = part.low is None or value > part.low or (value == part.low and not part.low_open)
    below = part.high is None or value < part.high or (value == part.high and not part.high_open)
    return above and below


def text_of(value: Scalar | None) -> str:
    """A value as text: whole floats as integers, booleans in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
