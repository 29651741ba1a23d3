"""Events in the index: arrays a name, sorted by customer, and bitsets of usual windows where there are very many."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from linghang.audiences.index.behaviour import happened
from linghang.audiences.index.columns import narrowest
from linghang.audiences.index.files import Draft
from linghang.audiences.index.sources import Layout, Sources
from linghang.audiences.index.tail import NAMES, SECOND, built, things_of
from linghang.base.errors import ConflictError
from linghang.customers.catalogue import Catalogue, Interval, Spans, Test
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_ROWS_AT_ONCE = 2_000_000
WINDOWS = (1, 7, 30, 90)
"""Days of the windows that are built ahead for behaviours with very many events."""
READY_FROM = 4_000_000


def write_events(engine: Analytics, catalogue: Catalogue, sources: Sources, draft: Draft, layout: Layout) -> None:
    """Write the events of every name, up to the batch of the sources."""
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
        code = narrowest(0, max(len(combined) - 1, 0)).replace("u1", "<u2")
        arrays = draft.reserve(
            f"event:{name}",
            [("customer", "<u4", count), ("day", "<u2", count), ("second", "<u4", count), ("names", code, count),
             ("amount", "<i8", count)],
        )  # fmt: skip
        filled = 0
        for part in _event_ranges(engine, log, name, count, draft.size, sources.batch, catalogue.zone):
            stop = filled + part.num_rows
            if stop > count:
                raise ConflictError("audiences.log_changed", event=name, counted=count, read=stop)
            arrays["customer"][filled:stop] = part["customer"].to_numpy()
            arrays["day"][filled:stop] = part["day"].to_numpy()
            arrays["second"][filled:stop] = part["second"].to_numpy()
            arrays["amount"][filled:stop] = part["amount_fen"].to_numpy()
            codes = pc.index_in(part["names"], value_set=pa.array(combined, pa.string()))
            arrays["names"][filled:stop] = np.asarray(codes)
            filled = stop
        if filled != count:
            raise ConflictError("audiences.log_changed", event=name, counted=count, read=filled)
        if count >= READY_FROM:
            _windows(catalogue, name, arrays, combined, sources.customers.as_of, draft)
        names = [list(one) for one in things_of(combined)]
        layout.events[name] = {"names": names, "count": count}


def _windows(
    catalogue: Catalogue,
    name: str,
    arrays: Mapping[str, npt.NDArray[Any]],
    combined: list[str],
    as_of: dt.date,
    draft: Draft,
) -> None:
    found = catalogue.behaviours.get(name)
    if found is None:
        return
    segment = built(arrays, [list(one) for one in things_of(combined)])
    once = Spans((Interval(low=1),))
    bits = {
        f"within:{days}": happened([segment], Test(found, once, None, days), as_of, draft.words) for days in WINDOWS
    }
    draft.store(f"event:{name}", bits)


def _event_ranges(
    engine: Analytics, log: str, name: str, count: int, size: int, batch: int, zone: str
) -> Iterator[pa.Table]:
    ranges = max(1, -(-count // _ROWS_AT_ONCE))
    width = -(-size // ranges)
    for start in range(0, size, width):
        yield engine.query(
            f"SELECT customer, toUInt16(toDate(at, {{zone:String}})) AS day, {SECOND}, {NAMES} AS names, amount_fen "
            f"FROM {log} "
            "WHERE name = {name:String} AND customer >= {a:UInt32} AND customer < {b:UInt64} "
            "AND batch <= {batch:UInt64} ORDER BY customer, at",
            {"zone": zone, "name": name, "a": start, "b": start + width, "batch": batch},
        )
