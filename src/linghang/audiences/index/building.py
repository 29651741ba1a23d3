"""Building an index from the analytics engine, range by range of customers, in bounded memory."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from linghang.audiences.index.bits import Words, packed
from linghang.audiences.index.files import Draft, building
from linghang.audiences.index.tail import NAMES, things_of
from linghang.customers.catalogue import Catalogue, Field
from linghang.customers.model import Generation
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

RANGE = 1 << 18
"""Customers that are read at a time."""
_ROWS_AT_ONCE = 2_000_000
_BITSETS_UP_TO = 64
"""A column with at most so many values gets a bitset for each."""


@dataclass(frozen=True)
class Sources:
    """Where the data of an index are: generations of customers and holdings, and the log of events up to a batch."""

    institution_id: str
    customers: Generation
    holdings: Generation | None
    events: str | None
    batch: int

    @property
    def tables(self) -> str:
        """The generations of customers and holdings, in one word."""
        return f"c{self.customers.number}.h{self.holdings.number if self.holdings else 0}"

    @property
    def label(self) -> str:
        """The states of the data, in one word; equal labels, equal data."""
        return f"{self.tables}.e{self.batch}"


@dataclass
class _Plan:
    """How the fields of an index are laid out; becomes the manifest."""

    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    products: list[str] = field(default_factory=list)


def build(
    engine: Analytics, catalogue: Catalogue, sources: Sources, root: Path, *, mark: str, now: dt.datetime
) -> None:
    """Build a new version in ``root`` and make it current. ``mark`` names what it was built from besides the data."""
    size = max(sources.customers.size, 1)
    with building(root, size) as draft:
        plan = _Plan()
        base = draft.reserve("base", [("present", "<u8", draft.words)])["present"]
        _columns(engine, catalogue, sources, draft, plan, base)
        _holdings(engine, sources, draft, plan)
        _events(engine, catalogue, sources, draft, plan)
        draft.seal(
            {
                "label": sources.tables, "batch": sources.batch, "mark": mark, "built": now.isoformat(),
                "as_of": sources.customers.as_of.isoformat(), "population": int(np.bitwise_count(base).sum()),
                "institution_id": sources.institution_id, "table": sources.customers.table,
                "columns": plan.columns, "events": plan.events, "products": plan.products,
            }
        )  # fmt: skip


def _columns(engine: Analytics, catalogue: Catalogue, sources: Sources, draft: Draft, plan: _Plan, base: Words) -> None:
    table = sources.customers.table
    fields = [
        found
        for name in sources.customers.columns
        if (found := catalogue.fields.get(name)) is not None and found.source == "column"
    ]
    writers = [_writer(engine, table, one, draft, plan) for one in fields]
    names = ", ".join(f"`{one.name}`" for one in fields)
    for start in range(0, draft.size, RANGE):
        rows = engine.query(
            f"SELECT customer{', ' if names else ''}{names} FROM {table} "
            "WHERE customer >= {a:UInt32} AND customer < {b:UInt64} ORDER BY customer",
            {"a": start, "b": start + RANGE},
        )
        count = min(RANGE, draft.words * 64 - start)
        places = rows["customer"].to_numpy() - start
        here = np.zeros(count, np.bool_)
        here[places] = True
        base[start // 64 : (start + count) // 64] = packed(here)
        for writer in writers:
            writer.write(start, count, places, rows[writer.name].combine_chunks())
    for writer in writers:
        writer.end(plan)


class _Writer:
    """Fills the arrays of one column."""

    def __init__(
        self, found: Field, arrays: Mapping[str, npt.NDArray[Any]], values: Sequence[str], offset: int
    ) -> None:
        self.field = found
        self.name = found.name
        self.arrays = arrays
        self.values = values
        self.offset = offset
        self.absent = False

    def write(self, start: int, count: int, places: npt.NDArray[Any], cells: pa.Array) -> None:
        """The values of the customers at ``places`` of the range."""
        if self.field.storage == "group":
            self._write_groups(start, count, places, cells)
            return
        known = np.zeros(count, np.bool_)
        known[places] = np.asarray(pc.is_valid(cells)) | self.field.zero
        self.absent |= bool((~known[places]).any())
        words = slice(start // 64, (start + count) // 64)
        self.arrays["known"][words] = packed(known)
        if self.field.storage == "bool":
            true = np.zeros(count, np.bool_)
            true[places] = np.asarray(pc.fill_null(cells, False))
            self.arrays["true"][words] = packed(true)
            return
        raw = self.arrays["raw"]
        block = np.zeros(count, raw.dtype)
        if self.values:
            codes = pc.fill_null(
                pc.add(pc.index_in(pc.cast(cells, pa.string()), value_set=pa.array(self.values)), 1), 0
            )
            block[places] = np.asarray(codes)
            for code in range(len(self.values) if f"is:{0}" in self.arrays else 0):
                self.arrays[f"is:{code}"][words] = packed(block == code + 1)
        else:
            numbers = cells.cast(pa.int32()) if pa.types.is_date(cells.type) else cells
            plain = np.asarray(pc.fill_null(numbers, 0 if self.field.zero else self.offset))
            block[places] = plain - self.offset if self.offset else plain
        raw[start : start + count] = block

    def _write_groups(self, start: int, count: int, places: npt.NDArray[Any], cells: pa.Array) -> None:
        owners = np.asarray(pc.list_parent_indices(cells))
        members = pc.fill_null(pc.index_in(pc.list_flatten(cells), value_set=pa.array(self.values, pa.string())), -1)
        codes = np.asarray(members)
        for code in range(len(self.values)):
            flags = np.zeros(count, np.bool_)
            flags[places[owners[codes == code]]] = True
            self.arrays[f"is:{code}"][start // 64 : (start + count) // 64] = packed(flags)

    def end(self, plan: _Plan) -> None:
        """Note the layout in the manifest."""
        plan.columns[self.name] = {
            "storage": self.field.storage, "values": list(self.values), "offset": self.offset,
            "complete": self.field.storage == "group" or not self.absent,
        }  # fmt: skip


def _writer(engine: Analytics, table: str, found: Field, draft: Draft, plan: _Plan) -> _Writer:
    words, items = draft.words, draft.words * 64
    known = [("known", "<u8", words)]
    if found.storage == "bool":
        return _Writer(found, draft.reserve(found.name, [*known, ("true", "<u8", words)]), (), 0)
    if found.storage in ("category", "ordinal", "text", "group"):
        values = _values(engine, table, found)
        bits = [(f"is:{code}", "<u8", words) for code in range(len(values))]
        if found.storage == "group":
            return _Writer(found, draft.reserve(found.name, bits), values, 0)
        raw = [("raw", _narrowest(0, len(values)), items)]
        few = bits if len(values) <= _BITSETS_UP_TO else []
        return _Writer(found, draft.reserve(found.name, [*known, *few, *raw]), values, 0)
    if found.storage == "number":
        return _Writer(found, draft.reserve(found.name, [*known, ("raw", "<f8", items)]), (), 0)
    low, high = _bounds(engine, table, found)
    offset = low if low != 0 and not (found.zero and low >= 0) else 0
    return _Writer(
        found, draft.reserve(found.name, [*known, ("raw", _narrowest(low - offset, high - offset), items)]), (), offset
    )


def _values(engine: Analytics, table: str, found: Field) -> tuple[str, ...]:
    column = f"`{found.name}`"
    each = f"arrayJoin({column})" if found.storage == "group" else f"assumeNotNull({column})"
    where = "" if found.storage == "group" else f" WHERE {column} IS NOT NULL"
    rows = engine.query(f"SELECT DISTINCT {each} AS value FROM {table}{where} ORDER BY value")
    present = [str(value) for value in rows["value"].to_pylist()]
    return (*found.values, *(value for value in present if value not in found.values))


def _bounds(engine: Analytics, table: str, found: Field) -> tuple[int, int]:
    column = f"toInt64(`{found.name}`)"
    row = engine.query(f"SELECT min({column}) AS low, max({column}) AS high FROM {table}").to_pylist()[0]
    low, high = row["low"], row["high"]
    if low is None:
        return 0, 0
    return (min(low, 0), max(high, 0)) if found.zero else (low, high)


def _narrowest(low: int, high: int) -> str:
    for dtype in ("u1", "<u2", "<u4") if low >= 0 else ("i1", "<i2", "<i4"):
        info = np.iinfo(dtype)
        if info.min <= low and high <= info.max:
            return dtype
    return "<i8"


def _holdings(engine: Analytics, sources: Sources, draft: Draft, plan: _Plan) -> None:
    if sources.holdings is None:
        return
    table = sources.holdings.table
    names = engine.query(
        f"SELECT DISTINCT arrayJoin([product, kind]) AS name FROM {table} WHERE name != '' ORDER BY name"
    )["name"].to_pylist()
    plan.products.extend(str(name) for name in names)
    words, items = draft.words, draft.words * 64
    bits = [(f"{state}:{place}", "<u8", words) for state in ("now", "ever") for place in range(len(names))]
    arrays = draft.reserve(
        "holding",
        [*bits, ("now", "<u8", words), ("ever", "<u8", words), ("dated", "<u8", words),
         ("amount", "<i8", items), ("count", "<u2", items), ("days", "<i4", items)],
    )  # fmt: skip
    as_of = (sources.customers.as_of - dt.date(1970, 1, 1)).days
    for start in range(0, draft.size, RANGE):
        count = min(RANGE, items - start)
        limits = {"a": start, "b": start + RANGE}
        where = "WHERE customer >= {a:UInt32} AND customer < {b:UInt64}"
        owners = engine.query(
            f"SELECT customer, groupUniqArray(name) AS ever, groupUniqArrayIf(name, active) AS now FROM "
            f"(SELECT customer, arrayJoin([product, kind]) AS name, active FROM {table} {where}) GROUP BY customer",
            limits,
        )
        _write_owners(arrays, plan.products, owners, start, count)
        sums = engine.query(
            f"SELECT customer, sumIf(amount_fen, active) AS amount, uniqExactIf(product, active) AS count, "
            f"ifNull(toInt32({{day:Int32}}) - toInt32(minIf(since, active)), 0) AS days, countIf(active) AS held, "
            f"countIf(active AND since IS NOT NULL) AS dated "
            f"FROM {table} {where} GROUP BY customer",
            {**limits, "day": as_of},
        )
        places = sums["customer"].to_numpy() - start
        held = sums["held"].to_numpy() > 0
        dated = np.zeros(count, np.bool_)
        dated[places] = sums["dated"].to_numpy() > 0
        arrays["dated"][start // 64 : (start + count) // 64] = packed(dated)
        for key, dtype in (("amount", np.int64), ("count", np.uint16), ("days", np.int32)):
            block = np.zeros(count, dtype)
            block[places[held]] = sums[key].to_numpy()[held].astype(dtype)
            arrays[key][start : start + count] = block


def _write_owners(
    arrays: Mapping[str, npt.NDArray[Any]], names: Sequence[str], owners: pa.Table, start: int, count: int
) -> None:
    places = owners["customer"].to_numpy() - start
    words = slice(start // 64, (start + count) // 64)
    for state in ("now", "ever"):
        lists = owners[state].combine_chunks()
        who = places[np.asarray(pc.list_parent_indices(lists))]
        what = np.asarray(pc.fill_null(pc.index_in(pc.list_flatten(lists), value_set=pa.array(names, pa.string())), -1))
        anyone = np.zeros(count, np.bool_)
        anyone[who] = True
        arrays[state][words] = packed(anyone)
        for place in range(len(names)):
            flags = np.zeros(count, np.bool_)
            flags[who[what == place]] = True
            arrays[f"{state}:{place}"][words] = packed(flags)


def _events(engine: Analytics, catalogue: Catalogue, sources: Sources, draft: Draft, plan: _Plan) -> None:
    if sources.events is None:
        return
    log = sources.events
    until = {"batch": sources.batch}
    told = engine.query(
        f"SELECT name, count() AS n FROM {log} WHERE batch <= {{batch:UInt64}} GROUP BY name ORDER BY name", until
    )
    for name, count in zip(told["name"].to_pylist(), told["n"].to_pylist(), strict=True):
        combined = engine.query(
            f"SELECT DISTINCT {NAMES} AS names FROM {log} WHERE name = {{name:String}} AND batch <= {{batch:UInt64}} "
            "ORDER BY names",
            {**until, "name": name},
        )["names"].to_pylist()
        code = _narrowest(0, max(len(combined) - 1, 0)).replace("u1", "<u2")
        arrays = draft.reserve(
            f"event:{name}",
            [("customer", "<u4", count), ("day", "<u2", count), ("names", code, count), ("amount", "<i8", count)],
        )
        filled = 0
        for part in _event_ranges(engine, log, name, count, draft.size, sources.batch, catalogue.zone):
            stop = filled + part.num_rows
            arrays["customer"][filled:stop] = part["customer"].to_numpy()
            arrays["day"][filled:stop] = part["day"].to_numpy()
            arrays["amount"][filled:stop] = part["amount_fen"].to_numpy()
            codes = pc.index_in(part["names"], value_set=pa.array(combined, pa.string()))
            arrays["names"][filled:stop] = np.asarray(codes)
            filled = stop
        names = [sorted(one) for one in things_of(combined)]
        plan.events[name] = {"names": names, "count": count}


def _event_ranges(
    engine: Analytics, log: str, name: str, count: int, size: int, batch: int, zone: str
) -> Iterator[pa.Table]:
    ranges = max(1, -(-count // _ROWS_AT_ONCE))
    width = -(-size // ranges)
    for start in range(0, size, width):
        yield engine.query(
            f"SELECT customer, toUInt16(toDate(at, {{zone:String}})) AS day, {NAMES} AS names, amount_fen FROM {log} "
            "WHERE name = {name:String} AND customer >= {a:UInt32} AND customer < {b:UInt64} "
            "AND batch <= {batch:UInt64} ORDER BY customer, at",
            {"zone": zone, "name": name, "a": start, "b": start + width, "batch": batch},
        )
