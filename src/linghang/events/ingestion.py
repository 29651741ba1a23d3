"""Appending to the log: idempotent by key, batch by batch; a batch that was cut off is found whole or not at all."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import sqlalchemy as sa

from linghang.base.digest import digest
from linghang.base.errors import UsageError
from linghang.base.records import Event
from linghang.events import store
from linghang.events.model import Ingested
from linghang.events.settling import one_writer, settle_all
from linghang.events.watching import tell
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

AT_ONCE = 200_000
KEYS_AT_ONCE = 50_000
_DEFAULTS: dict[str, object] = {"amount_fen": 0, "source": "import"}


def ingest(
    engine: Analytics,
    db: sa.Engine,
    institution_id: str,
    rows: pa.Table,
    *,
    now: dt.datetime,
    batch: str = "",
    fresh: bool = False,
) -> Ingested:
    """Append events, given as columns of ``store.SCHEMA`` (``customer``, ``name``, ``at`` and ``key`` must be there).

    An event whose key is in the log, or earlier in ``rows``, is left out. ``batch`` names the rows: asked again by the
    same name, nothing is done twice, even after a kill in between. ``fresh`` spares the look-up of keys where the
    caller knows that they are new. Raises UsageError("events.columns") for missing columns or empty keys.
    """
    table = shaped(rows)
    total = table.num_rows
    if not total:
        return Ingested(0, 0, 0)
    accepted = 0
    with one_writer:
        log = store.create(engine, institution_id)
        settle_all(engine, db, institution_id, log)
        for number, start in enumerate(range(0, total, AT_ONCE)):
            part = table.slice(start, AT_ONCE)
            name = f"{batch}#{number}" if batch else f"keys:{digest(part['key'].to_pylist())}:{now.timestamp()}"
            kept, before = _append(engine, db, institution_id, log, part, name, now, fresh)
            # By its name a batch is told again as it was told first: whoever continues after a kill counts the same.
            accepted += kept if batch or not before else 0
    return Ingested(total, accepted, total - accepted)


def _append(
    engine: Analytics,
    db: sa.Engine,
    institution_id: str,
    log: str,
    part: pa.Table,
    name: str,
    now: dt.datetime,
    fresh: bool,
) -> tuple[int, bool]:
    """(events that the batch brought, whether it was there before)."""
    number, state = store.open_batch(db, institution_id, name, now)
    if state == "done":
        return store.counts(db, institution_id, number)[1], True
    there = engine.query(f"SELECT count() AS n FROM {log} WHERE batch = {{batch:UInt64}}", {"batch": number})
    if there["n"][0].as_py():
        kept = int(there["n"][0].as_py())
        store.close_batch(db, institution_id, number, part.num_rows, kept)
        return kept, True
    unique = _first_of_each(part)
    new = unique if fresh else _unseen(engine, log, unique)
    if new.num_rows:
        engine.insert(log, new.append_column("batch", pa.array(np.full(new.num_rows, number, np.uint64))))
    tell(db, institution_id, number, new)
    store.close_batch(db, institution_id, number, part.num_rows, new.num_rows)
    return new.num_rows, False


def record(engine: Analytics, db: sa.Engine, events: Sequence[Event], *, now: dt.datetime) -> Ingested:
    """Append events that other rooms observed, all of one institution."""
    if not events:
        return Ingested(0, 0, 0)
    institutions = {event.institution_id for event in events}
    if len(institutions) != 1:
        raise UsageError("events.institutions", count=len(institutions))
    columns = {name: [getattr(event, name) for event in events] for name in store.SCHEMA.names}
    rows = pa.table({name: pa.array(values, store.SCHEMA.field(name).type) for name, values in columns.items()})
    return ingest(engine, db, institutions.pop(), rows, now=now)


def shaped(rows: pa.Table) -> pa.Table:
    """The rows as columns of ``store.SCHEMA``. Raises UsageError("events.columns")."""
    missing = [name for name in ("customer", "name", "at", "key") if name not in rows.column_names]
    if missing:
        raise UsageError("events.columns", missing=", ".join(missing), have=", ".join(rows.column_names))
    columns: list[pa.ChunkedArray | pa.Array] = []
    for field in store.SCHEMA:
        default = _DEFAULTS.get(field.name, "")
        if field.name in rows.column_names:
            column = pc.cast(rows[field.name], field.type)
            columns.append(column if field.name in ("customer", "at") else pc.fill_null(column, default))
        else:
            columns.append(pa.array([default] * rows.num_rows, field.type))
    table = pa.table(columns, schema=store.SCHEMA)
    if table["customer"].null_count or table["at"].null_count or pc.any(pc.equal(table["key"], "")).as_py():
        raise UsageError("events.columns", missing="customer, at, key", have="")
    return table


def _first_of_each(part: pa.Table) -> pa.Table:
    keys = part["key"].combine_chunks().dictionary_encode()
    _, first = np.unique(np.asarray(keys.indices), return_index=True)
    return part if len(first) == part.num_rows else part.take(pa.array(np.sort(first)))


def _unseen(engine: Analytics, log: str, part: pa.Table) -> pa.Table:
    seen: list[pa.Array] = []
    for start in range(0, part.num_rows, KEYS_AT_ONCE):
        keys = part["key"].slice(start, KEYS_AT_ONCE)
        # The hash is a narrow column to search; the key decides, because hashes can collide.
        found = engine.query(
            f"WITH {{keys:Array(String)}} AS wanted SELECT key FROM {log} "
            "PREWHERE key_hash IN (SELECT arrayJoin(arrayMap(k -> cityHash64(k), wanted))) "
            "WHERE key IN (SELECT arrayJoin(wanted))",
            {"keys": tuple(keys.to_pylist())},
        )
        seen.extend(found["key"].chunks)
    if not seen:
        return part
    known = pc.is_in(part["key"], value_set=pa.concat_arrays([pc.cast(chunk, pa.string()) for chunk in seen]))
    return part.filter(pc.invert(known))
