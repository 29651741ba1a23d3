"""Attributes of the customer table in the index: bitsets of values, narrow columns of numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from linghang.audiences.index.bits import Words, packed
from linghang.audiences.index.files import Draft
from linghang.audiences.index.sources import RANGE, Layout, Sources
from linghang.customers.catalogue import Catalogue, Field
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

CUT_FROM = 16_000_000
"""Customers from which numbers also get bitsets of usual bounds: below, comparing the column takes a moment."""
_CUTS = 16
"""How many round numbers of a column get bitsets."""
_ROUND = (1, 2, 3, 5, 7, 10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 60, 65, 70, 80, 90)
_BITSETS_UP_TO = 64
"""A column with at most so many values gets a bitset for each."""


def write_columns(
    engine: Analytics, catalogue: Catalogue, sources: Sources, draft: Draft, layout: Layout, base: Words
) -> None:
    """Write every attribute that the table has, and who is there at all (``base``)."""
    table = sources.customers.table
    fields = [
        found
        for name in sources.customers.columns
        if (found := catalogue.fields.get(name)) is not None and found.source == "column"
    ]
    writers = [_writer(engine, table, one, draft) for one in fields]
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
        writer.end(layout)


class _Writer:
    """Fills the arrays of one column."""

    def __init__(
        self,
        found: Field,
        arrays: Mapping[str, npt.NDArray[Any]],
        values: Sequence[str] = (),
        offset: int = 0,
        cuts: Sequence[int] = (),
    ) -> None:
        self.field = found
        self.name = found.name
        self.arrays = arrays
        self.values = values
        self.offset = offset
        self.cuts = cuts
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
        for place, cut in enumerate(self.cuts):
            self.arrays[f"le:{place}"][words] = packed((block <= cut - self.offset) & known)

    def _write_groups(self, start: int, count: int, places: npt.NDArray[Any], cells: pa.Array) -> None:
        owners = np.asarray(pc.list_parent_indices(cells))
        members = pc.fill_null(pc.index_in(pc.list_flatten(cells), value_set=pa.array(self.values, pa.string())), -1)
        codes = np.asarray(members)
        for code in range(len(self.values)):
            flags = np.zeros(count, np.bool_)
            flags[places[owners[codes == code]]] = True
            self.arrays[f"is:{code}"][start // 64 : (start + count) // 64] = packed(flags)

    def end(self, layout: Layout) -> None:
        """Note the layout in the manifest."""
        layout.columns[self.name] = {
            "storage": self.field.storage, "values": list(self.values), "offset": self.offset,
            "cuts": list(self.cuts),
            "complete": self.field.storage == "group" or not self.absent,
        }  # fmt: skip


def _writer(engine: Analytics, table: str, found: Field, draft: Draft) -> _Writer:
    words, items = draft.words, draft.words * 64
    known = [("known", "<u8", words)]
    if found.storage == "bool":
        return _Writer(found, draft.reserve(found.name, [*known, ("true", "<u8", words)]), (), 0)
    if found.storage in ("category", "ordinal", "text", "group"):
        values = _values(engine, table, found)
        bits = [(f"is:{code}", "<u8", words) for code in range(len(values))]
        if found.storage == "group":
            return _Writer(found, draft.reserve(found.name, bits), values, 0)
        raw = [("raw", narrowest(0, len(values)), items)]
        few = bits if len(values) <= _BITSETS_UP_TO else []
        return _Writer(found, draft.reserve(found.name, [*known, *few, *raw]), values, 0)
    if found.storage == "number":
        return _Writer(found, draft.reserve(found.name, [*known, ("raw", "<f8", items)]), (), 0)
    low, high = _bounds(engine, table, found)
    offset = low if low != 0 and not (found.zero and low >= 0) else 0
    cuts = usual_cuts(low, high, found.storage) if draft.size >= CUT_FROM else []
    bits = [(f"le:{place}", "<u8", words) for place in range(len(cuts))]
    raw = ("raw", narrowest(low - offset, high - offset), items)
    return _Writer(found, draft.reserve(found.name, [*known, *bits, raw]), (), offset, cuts)


def usual_cuts(low: int, high: int, storage: str) -> list[int]:
    """Bounds that people say, of a column of integers: of the roundest numbers the comparisons ≤ and <."""
    scale = 100 if storage == "money" else 1
    round_numbers = {step * 10**power for power in range(10) for step in _ROUND}
    near = [number for number in round_numbers if low < number * scale <= high]
    chosen = sorted(near, key=_roundness)[:_CUTS]
    return sorted({cut for number in chosen for cut in (number * scale - 1, number * scale)})


def _roundness(number: int) -> tuple[int, int, int]:
    """Fewer digits before zeros are rounder, and of those 1, 5, 2, 3; of equals the larger ones, where the money is."""
    digits = str(number).rstrip("0")
    leading = {"1": 0, "5": 1, "2": 2, "3": 3}.get(digits, 4 if len(digits) == 1 else 5)
    return len(digits), leading, -number


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


def narrowest(low: int, high: int) -> str:
    """The narrowest type of integers that holds both ends."""
    for dtype in ("u1", "<u2", "<u4") if low >= 0 else ("i1", "<i2", "<i4"):
        info = np.iinfo(dtype)
        if info.min <= low and high <= info.max:
            return dtype
    return "<i8"
