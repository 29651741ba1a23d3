"""Corrections: an event replaces the one of its key, or goes; never both there and never lost, whenever a kill comes.

What is to come is laid beside the log first, and noted; from then on anyone who comes by finishes it (``settling``).
Whose events were touched is kept by batch, so that counts that were worked out before are put right for exactly those
customers.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from linghang.base.digest import digest
from linghang.events import store
from linghang.events.ingestion import AT_ONCE, KEYS_AT_ONCE, shaped
from linghang.events.model import Ingested
from linghang.events.settling import one_writer, settle_all
from linghang.ports.analytics import Analytics

_SAME = ("customer", "name", "at", "campaign_id", "channel", "slot", "object", "amount_fen")


def correct(
    engine: Analytics, db: sa.Engine, institution_id: str, rows: pa.Table, *, now: dt.datetime, batch: str = ""
) -> Ingested:
    """Take events, each of which replaces the one with its key; a new key is a new event.

    The last row of a key counts. An event that is in the log as it is told is left as it is. ``batch`` is as in
    ``ingest``.
    """
    table = shaped(rows)
    accepted = corrected = 0
    with one_writer:
        log = store.create(engine, institution_id)
        settle_all(engine, db, institution_id, log)
        for number, start in enumerate(range(0, table.num_rows, AT_ONCE)):
            part = _last_of_each(table.slice(start, AT_ONCE))
            name = f"{batch}#{number}" if batch else f"correct:{digest(part['key'].to_pylist())}:{now.timestamp()}"
            taken, replaced = _correct(engine, db, institution_id, log, part, name, now)
            accepted, corrected = accepted + taken, corrected + replaced
    return Ingested(table.num_rows, accepted, table.num_rows - accepted, corrected=corrected)


def erase(engine: Analytics, db: sa.Engine, institution_id: str, customer: int, *, now: dt.datetime) -> int:
    """Take all events of a customer out of the log; returns how many there were."""
    with one_writer:
        log = store.create(engine, institution_id)
        settle_all(engine, db, institution_id, log)
        who = {"customer": customer}
        told = engine.query(f"SELECT count() AS n FROM {log} WHERE customer = {{customer:UInt32}}", who)
        found = int(told["n"][0].as_py())
        if not found:
            return 0
        number, _ = store.open_batch(db, institution_id, f"erase:{customer}:{now.timestamp()}", now)
        touched, _ = store.create_corrections(engine, institution_id)
        engine.execute(
            f"INSERT INTO {touched} SELECT DISTINCT toUInt64({number}), customer, name FROM {log} "
            "WHERE customer = {customer:UInt32}",
            who,
        )
        store.set_state(db, institution_id, number, "erase", found)
        settle_all(engine, db, institution_id, log)
    return found


def _correct(
    engine: Analytics, db: sa.Engine, institution_id: str, log: str, part: pa.Table, name: str, now: dt.datetime
) -> tuple[int, int]:
    """(events that came or replaced one, those of them that replaced one)."""
    number, state = store.open_batch(db, institution_id, name, now)
    touched, coming = store.create_corrections(engine, institution_id)
    if state == "done":
        taken, anew = store.counts(db, institution_id, number)
        return taken, taken - anew
    # An earlier try that was cut before it was noted is begun anew.
    engine.execute(f"DELETE FROM {coming} WHERE batch = {number}")
    engine.execute(f"DELETE FROM {touched} WHERE batch = {number}")
    old = _known(engine, log, part["key"].to_pylist())
    before = {row["key"]: row for row in old}
    fresh = [
        row["key"] not in before or any(before[row["key"]][field] != row[field] for field in _SAME)
        for row in part.select([*_SAME, "key"]).to_pylist()
    ]
    new = part.filter(pa.array(fresh, pa.bool_()))
    keys = new["key"].to_pylist()
    replaced = pa.array([key in before for key in keys], pa.bool_())
    if new.num_rows:
        told = new.append_column("batch", pa.array(np.full(len(keys), number, np.uint64)))
        engine.insert(coming, told.append_column("replaces", replaced))
        gone = [(before[key]["customer"], before[key]["name"]) for key in keys if key in before]
        if gone:
            pairs = sorted(set(gone))
            engine.insert(
                touched,
                pa.table({
                    "batch": pa.array([number] * len(pairs), pa.uint64()),
                    "customer": pa.array([customer for customer, _ in pairs], pa.uint32()),
                    "name": [name for _, name in pairs],
                }),
            )  # fmt: skip
    store.set_state(db, institution_id, number, "settle", len(keys))
    settle_all(engine, db, institution_id, log)
    return len(keys), sum(replaced.to_pylist())


def _known(engine: Analytics, log: str, keys: Sequence[str]) -> list[dict[str, object]]:
    """The events of keys, as they are in the log."""
    found: list[dict[str, object]] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        rows = engine.query(
            f"WITH {{keys:Array(String)}} AS wanted SELECT key, {', '.join(_SAME)} FROM {log} "
            "PREWHERE key_hash IN (SELECT arrayJoin(arrayMap(k -> cityHash64(k), wanted))) "
            "WHERE key IN (SELECT arrayJoin(wanted))",
            {"keys": tuple(keys[start : start + KEYS_AT_ONCE])},
        )
        found.extend(rows.to_pylist())
    return found


def _last_of_each(part: pa.Table) -> pa.Table:
    keys = part["key"].combine_chunks().dictionary_encode()
    codes = np.asarray(keys.indices)
    _, first = np.unique(codes[::-1], return_index=True)
    return part.take(pa.array(np.sort(len(codes) - 1 - first)))
