"""Holdings in the index: bitsets a product and kind, now and ever; amounts, counts and days."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from linghang.audiences.index.bits import packed
from linghang.audiences.index.files import Draft
from linghang.audiences.index.sources import RANGE, Layout, Sources
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them


def write_holdings(engine: Analytics, sources: Sources, draft: Draft, layout: Layout) -> None:
    """Write who holds what; nothing where no holdings were imported."""
    if sources.holdings is None:
        return
    table = sources.holdings.table
    names = engine.query(
        f"SELECT DISTINCT arrayJoin([product, kind]) AS name FROM {table} WHERE name != '' ORDER BY name"
    )["name"].to_pylist()
    layout.products.extend(str(name) for name in names)
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
        _write_owners(arrays, layout.products, owners, start, count)
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
