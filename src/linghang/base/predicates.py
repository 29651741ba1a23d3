"""Rules: conditions on customers in the form that readings, audiences and layers share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Op = Literal["exists", "eq", "in", "contains", "ge", "gt", "le", "lt", "between"]
Measure = Literal["count", "sum", "avg", "first", "last"]
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
    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class Where:
    """A test of events: ``object``, ``channel``, ``slot`` and ``campaign_id`` by name, ``amount`` in yuan."""

    field: str
    op: Op
    value: Value


@dataclass(frozen=True)
class Act:
    """Events of one name, of those only what passes every ``where``."""

    event: str
    where: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Behaviour:
    """A measure of a customer's events, compared: ``count``, ``sum`` and ``avg`` of amounts (yuan), days since the
    ``first`` or ``last``.

    The window is the last ``window_days`` days, or the days from ``start`` to ``end`` (ISO, both included, either may
    be open). Who did nothing has count 0 and sum 0, no average, and a first and last longer ago than any number of
    days.
    """

    event: str
    measure: Measure
    op: Op
    value: Value
    window_days: int | None = None
    start: str | None = None
    end: str | None = None
    where: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Succession:
    """``first`` and then ``then`` within so many days of it; ``absent``: and then not.

    ``then`` follows when it comes at least a second later and at most ``within_days`` calendar days later. A then-not
    is known only when these days have passed. ``window_days`` bounds when ``first`` happened.
    """

    first: Act
    then: Act
    within_days: int
    absent: bool = False
    window_days: int | None = None


@dataclass(frozen=True)
class Ranked:
    """The ``top`` customers, or the top ``percent`` (rounded up), by a number that is known of them.

    ``lowest`` ranks from below; ``among`` ranks only its customers. Equals are told apart by their number.
    """

    by: str
    top: int | None = None
    percent: float | None = None
    lowest: bool = False
    among: "Rule | None" = None


@dataclass(frozen=True)
class Sampled:
    """``sample_pct`` percent of all customers by a hash of ``salt``, after the first ``skip_pct`` percent.

    Equal salts give equal samples, and a larger one holds the smaller; other salts are independent.
    """

    sample_pct: float
    salt: str = ""
    skip_pct: float = 0.0


@dataclass(frozen=True)
class Saved:
    """The members of a saved audience, by its id."""

    audience: str


@dataclass(frozen=True)
class Members:
    """Customers by their dense numbers, ascending: what others become when a rule is worked out. Never stored."""

    digest: str
    numbers: Sequence[int] = field(compare=False, repr=False)


Rule = Predicate | Combination | Behaviour | Succession | Ranked | Sampled | Saved | Members


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


def leaves(rule: Rule) -> tuple[Rule, ...]:
    """All conditions of a rule in order, also those inside a ranking; combinations are gone through."""
    if isinstance(rule, Combination):
        return tuple(leaf for part in rule.parts for leaf in leaves(part))
    if isinstance(rule, Ranked) and rule.among is not None:
        return (rule, *leaves(rule.among))
    return (rule,)
