"""Text cells become typed columns, a block at a time; what does not fit is told with its reason, never guessed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute

from linghang.customers.model import Column, Storage
from linghang.customers.schema import ARROW
from linghang.packs.model import Choice

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_TRUE = ("yes", "true", "1", "y", "t", "是", "有", "1.0")
_FALSE = ("no", "false", "0", "n", "f", "否", "无", "0.0")
_WHOLE = r"^[+-]?\d{1,18}(\.0*)?$"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_YUAN = r"^[+-]?\d{1,15}(\.\d{1,2}0*)?$"
_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
_DAY_SHAPES = (
    (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([ T].*)?$", r"\1-\2-\3"),
    (r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3"),
    (r"^(\d{4})年(\d{1,2})月(\d{1,2})日$", r"\1-\2-\3"),
)
_GROUP_SEPARATORS = r"[|;,、]"


@dataclass(frozen=True)
class Cells:
    """A typed column; ``faults`` are (message code, rows whose cell did not fit for it), each row in one at most."""

    values: pa.Array
    faults: tuple[tuple[str, pa.Array], ...] = ()


def typed(cells: pa.Array, column: Column, unknown: pa.Array, money: Literal["yuan", "fen"]) -> Cells:
    """The column as its type. ``unknown`` are texts (lower case) that mean that nothing is known.

    Numbers and dates that are already typed (Parquet, simulated batches) are cast; a cell that does not fit is bad.
    """
    money = column.unit or money
    if column.counted_to is not None:
        return _days_since(typed(cells, replace(column, storage="date", counted_to=None), unknown, money), column)
    if column.storage == "group":
        return _groups(cells)
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type) or column.values):
        ready = _already_typed(cells, column.storage, money)
        if ready is not None:
            return _in_range(_emptied(ready, column), column)
        cells = pc.cast(cells, pa.string())
    text = pc.utf8_trim_whitespace(pc.cast(cells, pa.string()))
    blank = pc.is_in(pc.utf8_lower(text), value_set=unknown)
    if column.empty:
        blank = pc.or_(blank, pc.is_in(text, value_set=pa.array(column.empty)))
    text = renamed(pc.if_else(blank, pa.scalar(None, pa.string()), text), column.values)
    return _in_range(_PARSERS[column.storage](text, column, money), column)


def _days_since(days: Cells, column: Column) -> Cells:
    """How many days before ``counted_to`` a day was; a later one is below zero, and so out of range."""
    end = pa.scalar(column.counted_to, pa.date32()).cast(pa.int32())
    passed = pc.subtract(end, pc.cast(days.values, pa.int32()))
    return _in_range(Cells(pc.cast(passed, pa.int64()), days.faults), column)


def renamed(text: pa.Array, values: tuple[tuple[str, str], ...]) -> pa.Array:
    """The text with what the source writes put as the pack calls it; what is not listed stays as it is written."""
    if not values:
        return text
    place = pc.index_in(text, value_set=pa.array([said for said, _ in values], pa.string()))
    return pc.coalesce(pa.array([meant for _, meant in values], pa.string()).take(place), text)


def _already_typed(cells: pa.Array, storage: Storage, money: str) -> Cells | None:
    kind = cells.type
    if storage == "money" and pa.types.is_integer(kind):
        fen = pc.cast(cells, pa.int64())
        return Cells(fen if money == "fen" else pc.multiply(fen, 100))
    if storage == "money" and (pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        scaled = pc.round(pc.multiply(pc.cast(cells, pa.float64()), 100.0 if money == "yuan" else 1.0))
        return _finite(scaled, pa.int64(), "customers.bad_money")
    if storage == "integer" and pa.types.is_integer(kind):
        return Cells(pc.cast(cells, pa.int64()))
    if storage == "number" and (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
        return _finite(pc.cast(cells, pa.float64()), pa.float64(), "customers.bad_number")
    if storage == "date" and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
        return Cells(pc.cast(cells, pa.date32(), safe=False))
    if storage == "bool" and pa.types.is_boolean(kind):
        return Cells(cells)
    return None


def _emptied(cells: Cells, column: Column) -> Cells:
    if not column.empty:
        return cells
    blank = pc.is_in(pc.cast(cells.values, pa.string()), value_set=pa.array(column.empty))
    return Cells(_without(cells.values, blank), cells.faults)


def _finite(values: pa.Array, target: pa.DataType, code: str) -> Cells:
    # A NaN in a typed table is how data frames write «no value»; infinity is not a value of any customer.
    values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    limit = 2.0**63 if target == pa.int64() else float("inf")
    bad = pc.fill_null(pc.greater_equal(pc.abs(values), limit), False)
    return Cells(pc.cast(_without(values, bad), target, safe=False), ((code, bad),))


def _integers(text: pa.Array, _column: Column, _money: str) -> Cells:
    text = _ungrouped(text)
    bad = _mismatch(text, _WHOLE)
    plain = pc.replace_substring_regex(_without(text, bad), r"^\+|\.0*$", "")
    return Cells(pc.cast(plain, pa.int64()), (("customers.bad_number", bad),))


def _numbers(text: pa.Array, _column: Column, _money: str) -> Cells:
    text = _ungrouped(text)
    bad = _mismatch(text, _NUMBER)
    values = pc.cast(pc.replace_substring_regex(_without(text, bad), r"^\+", ""), pa.float64())
    endless = pc.fill_null(pc.is_inf(values), False)
    return Cells(_without(values, endless), (("customers.bad_number", pc.or_(bad, endless)),))


def _amounts(text: pa.Array, column: Column, money: str) -> Cells:
    if money == "fen":
        whole = _integers(text, column, money)
        return Cells(whole.values, tuple(("customers.bad_money", bad) for _, bad in whole.faults))
    text = _ungrouped(pc.replace_substring_regex(text, r"^[¥¥]\s*|\s*元$", ""))
    bad = _mismatch(text, _YUAN)
    plain = pc.replace_substring_regex(_without(text, bad), r"^\+", "")
    exact = pc.cast(pc.replace_substring_regex(plain, r"(\.\d\d)0+$", r"\1"), pa.decimal128(20, 2))
    fen = pc.cast(pc.multiply(exact, pa.scalar(Decimal(100), pa.decimal128(3, 0))), pa.int64())
    return Cells(fen, (("customers.bad_money", bad),))


def _days(text: pa.Array, column: Column, _money: str) -> Cells:
    if column.format:
        return _days_as(text, column.format)
    iso = text
    for shape, form in _DAY_SHAPES:
        iso = pc.if_else(pc.match_substring_regex(iso, shape), pc.replace_substring_regex(iso, shape, form), iso)
    iso = pc.replace_substring_regex(iso, r"-(\d)(-|$)", r"-0\1\2")
    iso = pc.replace_substring_regex(iso, r"-(\d)$", r"-0\1")
    shaped = pc.fill_null(pc.match_substring_regex(iso, r"^\d{4}-\d{2}-\d{2}$"), False)
    day = pc.cast(pc.strptime(_without(iso, pc.invert(shaped)), "%Y-%m-%d", "s", error_is_null=True), pa.date32())
    # strptime rolls 30 February over into March: a day that does not read back as written is none.
    same = pc.fill_null(pc.equal(pc.strftime(day, "%Y-%m-%d"), iso), False)
    bad = pc.and_(pc.is_valid(text), pc.invert(same))
    return Cells(_without(day, bad), (("customers.bad_date", bad),))


def _days_as(text: pa.Array, form: str) -> Cells:
    """Days in a form that the mapping names; one that does not read back as written is none (31 April)."""
    stamp = pc.strptime(text, format=form, unit="s", error_is_null=True)
    padded = r"(^|[^0-9])0*([0-9])"
    back = pc.replace_substring_regex(pc.strftime(stamp, form), padded, r"-\2")
    same = pc.fill_null(pc.equal(back, pc.replace_substring_regex(text, padded, r"-\2")), False)
    bad = pc.and_(pc.is_valid(text), pc.invert(same))
    return Cells(_without(pc.cast(stamp, pa.date32(), safe=False), bad), (("customers.bad_date", bad),))


def _booleans(text: pa.Array, _column: Column, _money: str) -> Cells:
    lower = pc.utf8_lower(text)
    true = pc.is_in(lower, value_set=pa.array(_TRUE))
    false = pc.is_in(lower, value_set=pa.array(_FALSE))
    bad = pc.and_(pc.is_valid(text), pc.invert(pc.or_(true, false)))
    return Cells(pc.if_else(pc.or_(true, false), true, pa.scalar(None, pa.bool_())), (("customers.bad_bool", bad),))


def _choices(text: pa.Array, column: Column, _money: str) -> Cells:
    if not column.choices:
        return Cells(text)
    words = words_of(column.choices)
    place = pc.index_in(pc.utf8_lower(text), value_set=pa.array(list(words)))
    values = pc.take(pa.array(list(words.values())), place)
    bad = pc.and_(pc.is_valid(text), pc.is_null(place))
    return Cells(values, (("customers.not_a_choice", bad),))


def words_of(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Every way to write a choice, in lower case → its value as text. A value beats a label, a label a word."""
    found: dict[str, str] = {}
    ranked = (
        [(str(choice.value), choice) for choice in choices],
        [(label, choice) for choice in choices for label in (choice.label.zh, choice.label.en)],
        [(word, choice) for choice in choices for word in choice.words],
    )
    for spellings in ranked:
        for spelling, choice in spellings:
            found.setdefault(spelling.lower(), str(choice.value))
    return found


def _groups(cells: pa.Array) -> Cells:
    if pa.types.is_list(cells.type) or pa.types.is_large_list(cells.type):
        lists = pc.cast(cells, ARROW["group"])
    else:
        text = pc.fill_null(pc.cast(cells, pa.string()), "")
        trimmed = pc.utf8_trim(text, characters=" |;,、")
        lists = pc.split_pattern_regex(trimmed, _GROUP_SEPARATORS)
        lists = pc.if_else(pc.equal(trimmed, ""), pa.scalar([], ARROW["group"]), lists)
    # No list is an empty list: nobody is in a group that nothing was recorded of.
    filled = pc.if_else(pc.is_null(lists), pa.scalar([], ARROW["group"]), lists)
    return Cells(filled)


def _in_range(cells: Cells, column: Column) -> Cells:
    if column.storage not in ("integer", "number", "money"):
        return cells
    factor = 100 if column.storage == "money" else 1
    values = cells.values
    outside = pa.array([False] * len(values), pa.bool_())
    if column.low is not None:
        outside = pc.or_(outside, pc.fill_null(pc.less(values, column.low * factor), False))
    if column.high is not None:
        outside = pc.or_(outside, pc.fill_null(pc.greater(values, column.high * factor), False))
    if not pc.any(outside).as_py():
        return cells
    return Cells(_without(values, outside), (*cells.faults, ("customers.out_of_range", outside)))


def _ungrouped(text: pa.Array) -> pa.Array:
    grouped = pc.fill_null(pc.match_substring_regex(text, _GROUPED), False)
    return pc.if_else(grouped, pc.replace_substring(text, ",", ""), text)


def _mismatch(text: pa.Array, shape: str) -> pa.Array:
    return pc.and_(pc.is_valid(text), pc.invert(pc.fill_null(pc.match_substring_regex(text, shape), True)))


def _without(values: pa.Array, bad: pa.Array) -> pa.Array:
    return pc.if_else(bad, pa.scalar(None, values.type), values)


_PARSERS: Mapping[Storage, Callable[[pa.Array, Column, str], Cells]] = {
    "bool": _booleans,
    "category": _choices,
    "ordinal": _choices,
    "text": lambda text, _column, _money: Cells(text),
    "integer": _integers,
    "number": _numbers,
    "money": _amounts,
    "date": _days,
}
