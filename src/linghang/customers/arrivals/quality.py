"""The quality of a table before it is imported: what is missing, impossible, doubled or far from the rest, in one pass.

Memory is bounded: values far out are judged by a sample of 200,000 rows a column (all of them, in a table that small),
and what comes twice is found by 64-bit hashes, which lie on the disk when there are many.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from linghang.base.findings import Finding, Severity
from linghang.customers.arrivals.doubles import Seen
from linghang.customers.arrivals.mapping import ID, TableMap, columns_for
from linghang.customers.model import Column, Rejection
from linghang.customers.outcomes import SPELLINGS
from linghang.customers.parsing import Cells, typed
from linghang.customers.sources import Ragged, Source
from linghang.packs.model import Pack

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_SAMPLE = 200_000
_FENCE = 3.0
"""Beyond so many ranges between the quarters a value is far out (Tukey, Exploratory Data Analysis, 1977: «far out»)."""
_SHARE_SAID = 0.2
"""From this share of missing cells on a column is told of."""
_FILLERS = pa.array(
    ["-1", "99", "999", "9999", "99999", "999999", "1900-01-01", "1970-01-01", "9999-12-31", "2099-12-31", "19000101"]
)
"""Values by which systems say that they do not know."""
_FILLED = 0.01
_NUMBERS = ("integer", "number", "money")
_EXAMPLES = 5


@dataclass(frozen=True)
class Far:
    """Values far from the rest: outside ``low`` … ``high``. ``exact`` if every row was judged and not a sample."""

    count: int
    share: float
    low: float
    high: float
    exact: bool


@dataclass(frozen=True)
class ColumnQuality:
    """A column: cells, how many of them are missing or impossible (by reason), and how its values lie.

    ``low`` … ``high`` are of all values, ``median`` and ``quarters`` of the sample; money is in fen, days count from
    1970. ``fillers`` are values that often stand for nothing, with their share.
    """

    column: str
    field: str
    kind: str
    rows: int
    missing: int
    impossible: tuple[Rejection, ...] = ()
    low: float | None = None
    high: float | None = None
    median: float | None = None
    quarters: tuple[float, float] | None = None
    far: Far | None = None
    fillers: tuple[tuple[str, float], ...] = ()
    future: int = 0
    """Days that lie after today."""


@dataclass(frozen=True)
class Quality:
    """A table: its rows, those that no import would take, and its columns."""

    rows: int
    unreadable: int
    takeable: int
    """Rows without a fault; of those that repeat an id one is taken."""
    repeated_ids: int
    repeated_rows: int
    """Rows that are the same in every cell, of tables that may repeat an id."""
    columns: tuple[ColumnQuality, ...]
    findings: tuple[Finding, ...] = ()


@dataclass
class _Watch:
    """What is added up of a column over the blocks."""

    column: Column
    rows: int = 0
    missing: int = 0
    faults: dict[str, Rejection] = field(default_factory=dict)
    low: float = math.inf
    high: float = -math.inf
    sample: list[npt.NDArray[np.float64]] = field(default_factory=list)
    sampled: int = 0
    future: int = 0
    fillers: dict[str, int] = field(default_factory=dict)


def look_over(
    pack: Pack, source: Source, mapped: TableMap, today: int, emit: Callable[[int, int], None] = lambda done, of: None
) -> Quality:
    """Read a whole table and say how good it is. ``today`` counts days from 1970."""
    watches = [_Watch(column) for column in _watched(pack, mapped)]
    unknown = pa.array([text.lower() for text in mapped.unknown] or [""])
    ragged = Ragged()
    rows = takeable = 0
    with Seen() as ids, Seen() as whole:
        for batch in source.blocks(ragged):
            good = np.ones(batch.num_rows, np.bool_)
            places = ragged.numbers(rows, batch.num_rows)
            for watch in watches:
                good &= _watch(watch, batch.column(watch.column.source), unknown, places, today)
            if mapped.source_of(ID):
                texts = pc.fill_null(
                    pc.utf8_trim_whitespace(pc.cast(batch.column(mapped.source_of(ID)), pa.string())), ""
                )
                ids.add([text for text in texts.to_pylist() if text])
            if mapped.table != "customers":
                whole.add(list(zip(*(column.to_pylist() for column in batch.columns), strict=True)))
            rows += batch.num_rows
            takeable += int(good.sum())
            ragged.take()
            emit(rows, source.rows)
        twice = ids.repeated() if mapped.table == "customers" else 0
        again = whole.repeated()
    told = tuple(_told(watch, rows) for watch in watches)
    unreadable = len(ragged.rows)
    found = (*source.findings, *_findings(told, twice, again, ragged))
    return Quality(rows + unreadable, unreadable, takeable, twice, again, told, found)


def _watched(pack: Pack, mapped: TableMap) -> list[Column]:
    """The columns with their kinds: of customers as the pack says, of others as their fields are."""
    if mapped.table == "customers":
        found = {column.source: column for column in columns_for(pack, mapped)}
        return [found.get(one.source, Column(one.field, "text", one.source)) for one in mapped.columns]
    kinds_of = {"amount": "money", "since": "date", "active": "bool"}
    return [
        Column(one.field, kinds_of.get(one.field, "text"), one.source, unit=one.unit, format=one.format)  # type: ignore[arg-type]
        for one in mapped.columns
        if one.field in SPELLINGS or one.field in kinds_of or one.field in (ID, "product", "kind")
    ]


def _watch(
    watch: _Watch, raw: pa.Array, unknown: pa.Array, places: npt.NDArray[Any], today: int
) -> npt.NDArray[np.bool_]:
    """Add a block to what is known of a column; returns which rows are good."""
    column = watch.column
    cells = typed(raw, column, unknown, "yuan")
    good = np.ones(len(raw), np.bool_)
    for code, rows in cells.faults:
        bad = rows.to_numpy(zero_copy_only=False)
        _fault(watch, code, bad & good, raw, places)
        good &= ~bad
    if column.name == ID:
        empty = np.asarray(pc.equal(pc.fill_null(pc.utf8_trim_whitespace(pc.cast(raw, pa.string())), ""), ""))
        _fault(watch, "customers.no_id", empty, raw, places)
        good &= ~empty
    missing = int(pc.sum(pc.is_null(cells.values)).as_py() or 0) - int((~good).sum())
    watch.rows += len(raw)
    watch.missing += max(missing, 0)
    _spread(watch, cells, today)
    _fill(watch, raw)
    return good


def _fault(watch: _Watch, code: str, bad: npt.NDArray[np.bool_], raw: pa.Array, places: npt.NDArray[Any]) -> None:
    rows = np.flatnonzero(bad)
    if not len(rows):
        return
    before = watch.faults.get(code, Rejection(code, watch.column.source, 0))
    shown = [(int(places[row]), str(raw[int(row)].as_py())[:60]) for row in rows[: _EXAMPLES - len(before.examples)]]
    watch.faults[code] = Rejection(code, watch.column.source, before.count + len(rows), (*before.examples, *shown))


def _spread(watch: _Watch, cells: Cells, today: int) -> None:
    """How the values of numbers and days lie."""
    kind = watch.column.storage
    if kind != "date" and kind not in _NUMBERS:
        return
    known = cells.values.drop_null()
    numbers = pc.cast(known, pa.int32()) if kind == "date" else known
    values = np.asarray(pc.cast(numbers, pa.float64()))
    if not len(values):
        return
    watch.low, watch.high = min(watch.low, float(values.min())), max(watch.high, float(values.max()))
    if kind == "date":
        watch.future += int((values > today).sum())
    _sampled(watch, values)


def _fill(watch: _Watch, raw: pa.Array) -> None:
    """Count the values by which systems say that they do not know, as they are written: they may be out of range."""
    if watch.column.storage != "date" and watch.column.storage not in _NUMBERS:
        return
    text = pc.cast(raw, pa.string())
    counted = pc.value_counts(text.filter(pc.fill_null(pc.is_in(text, value_set=_FILLERS), False)))
    for value, count in zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True):
        watch.fillers[value] = watch.fillers.get(value, 0) + count


def _sampled(watch: _Watch, values: npt.NDArray[np.float64]) -> None:
    """Keep a fair sample: every value while there is room, then each with the chance that it is owed (Vitter's R)."""
    seen = watch.sampled
    watch.sampled += len(values)
    room = max(_SAMPLE - seen, 0)
    if room:
        watch.sample.append(values[:room])
        values = values[room:]
        seen += room
    if not len(values):
        return
    kept = np.concatenate(watch.sample)
    # The same file gives the same sample.
    draw = np.random.default_rng(seen)
    slots = draw.integers(0, np.arange(seen + 1, seen + 1 + len(values)))
    taken = np.flatnonzero(slots < _SAMPLE)
    kept[slots[taken]] = values[taken]
    watch.sample = [kept]


def _told(watch: _Watch, rows: int) -> ColumnQuality:
    column = watch.column
    shape: dict[str, Any] = {}
    if watch.sample:
        sample = np.sort(np.concatenate(watch.sample))
        lower, median, upper = np.quantile(sample, [0.25, 0.5, 0.75])
        shape = {
            "low": watch.low, "high": watch.high, "median": float(median), "quarters": (float(lower), float(upper)),
            "far": _far(sample, watch) if column.storage in _NUMBERS else None,
        }  # fmt: skip
    there = max(watch.rows - watch.missing, 1)
    fillers = tuple(
        (text, round(count / there, 4))
        for text, count in sorted(watch.fillers.items(), key=lambda one: -one[1])
        # A value like others is no sign: one of these is when it lies at or beyond the end of all the others.
        if count / there >= _FILLED and _at_end(text, watch)
    )
    faults = tuple(sorted(watch.faults.values(), key=lambda one: -one.count))
    shape.update(fillers=fillers, future=watch.future)
    return ColumnQuality(column.source, column.name, column.storage, rows, watch.missing, faults, **shape)


def _at_end(text: str, watch: _Watch) -> bool:
    if watch.column.storage == "date" or watch.column.counted_to is not None:
        return True
    value = float(text) * (100 if watch.column.storage == "money" else 1)
    return value <= watch.low or value >= watch.high


def _far(sample: npt.NDArray[np.float64], watch: _Watch) -> Far | None:
    """Values beyond three ranges between the quarters; money and the like is judged by its logarithm."""
    lower, median, upper = np.quantile(sample, [0.25, 0.5, 0.75])
    skewed = sample[0] >= 0 and upper - median > 1.5 * (median - lower)
    scaled = np.log1p(sample) if skewed else sample
    low, high = np.quantile(scaled, [0.25, 0.75])
    if high == low:
        return None
    edges = (low - _FENCE * (high - low), high + _FENCE * (high - low))
    outside = int(((scaled < edges[0]) | (scaled > edges[1])).sum())
    lowest, highest = (float(np.expm1(edge)) if skewed else float(edge) for edge in edges)
    exact = watch.sampled <= _SAMPLE
    share = outside / len(sample)
    return Far(outside if exact else round(share * watch.sampled), share, lowest, highest, exact)


def _findings(columns: tuple[ColumnQuality, ...], twice: int, again: int, ragged: Ragged) -> list[Finding]:
    found = [finding for one in columns for finding in _of_column(one)]
    if twice:
        found.append(_say("customers.ids_repeat", Severity.S3, count=twice))
    if again:
        found.append(_say("customers.rows_repeat", Severity.S3, count=again))
    for told in ragged.rejections:
        found.append(_say(told.code, Severity.S3, count=told.count, examples=_examples(told)))
    return found


def _of_column(one: ColumnQuality) -> Iterator[Finding]:
    name = one.column
    for fault in one.impossible:
        params = {"count": fault.count, "examples": _examples(fault)}
        yield _say(fault.code, Severity.S3, name, **params)
    if one.rows and one.missing / one.rows >= _SHARE_SAID:
        share = _percent(one.missing / one.rows)
        yield _say("customers.often_missing", Severity.S4, name, count=one.missing, share=share)
    for text, share in one.fillers:
        yield _say("customers.filler", Severity.S3, name, value=text, share=_percent(share))
    if one.future:
        yield _say("customers.in_future", Severity.S3, name, count=one.future)
    if one.far and one.far.count:
        code = "customers.far_out" if one.far.exact else "customers.far_out_about"
        unit = 100 if one.kind == "money" else 1
        edges = (f"{edge / unit:,.2f}".removesuffix(".00") for edge in (one.far.low, one.far.high))
        low, high = (edge.replace("-", "−") for edge in edges)
        yield _say(code, Severity.S4, name, count=one.far.count, low=low, high=high)


def _examples(told: Rejection) -> str:
    return "; ".join(f"#{row}: {text}" for row, text in told.examples)


def _say(code: str, severity: Severity, column: str = "", **params: str | int | float) -> Finding:
    return Finding(code, severity, column, params={"column": column, **params})


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
