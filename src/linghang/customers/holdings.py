"""Holdings: which products a customer has or had; imported whole, as a generation of their own."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from linghang.base.digest import digest
from linghang.base.errors import UsageError
from linghang.customers import store
from linghang.customers.model import Generation, Imported, Rejection
from linghang.customers.numbers import Numbers
from linghang.customers.publishing import clear, findings_of
from linghang.customers.staging import Accounts, Target

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

SUBJECT = "holdings"
_NEEDED = ("customer_id", "product")
_KEPT_EXAMPLES = 5


def import_holdings(
    target: Target, batches: Iterable[pa.RecordBatch | pa.Table], *, name: str, rows: int = 0
) -> Imported:
    """Import holdings: ``customer_id``, ``product``, and optionally ``kind``, ``amount_fen``, ``since``, ``active``.

    Customers must have been imported before: rows of strangers are rejected. ``name`` says which source it is. Killed,
    the same call continues. Raises UsageError("customers.missing_columns").
    """
    number, state, report = store.begin(
        target.db, target.institution_id, SUBJECT, digest({"name": name}), target.as_of, target.now
    )
    if state == "current":
        counted, accepted, rejected = (int(report[key]) for key in ("rows", "accepted", "rejected"))
        return Imported(number, counted, accepted, rejected, 0, unchanged=True)
    table = store.table_name(SUBJECT, target.institution_id, number)
    target.engine.execute(
        f"CREATE TABLE IF NOT EXISTS {table} (customer UInt32, product LowCardinality(String), "
        "kind LowCardinality(String), amount_fen Int64, since Nullable(Date32), active Bool, block UInt32) "
        "ENGINE = MergeTree ORDER BY (customer, product)"
    )
    accounts, resumed = _take(target, batches, number, table, rows)
    return replace(_publish(target, number, table, accounts), resumed=resumed)


def _take(
    target: Target, batches: Iterable[pa.RecordBatch | pa.Table], number: int, table: str, rows: int
) -> tuple[Accounts, bool]:
    noted = store.noted_blocks(target.db, target.institution_id, SUBJECT, number)
    held = target.engine.query(f"SELECT block, count() AS n FROM {table} GROUP BY block").to_pydict()
    there = dict(zip(held["block"], held["n"], strict=True))
    numbers = Numbers(target.engine, target.institution_id)
    accounts = Accounts()
    resumed = False
    for block, batch in enumerate(batches):
        if block in noted and noted[block][1] == there.get(block, 0):
            count, kept, rejections = noted[block]
            resumed = True
        else:
            count = batch.num_rows
            shaped, rejections = _shaped(batch, numbers, accounts.rows, block, target)
            kept = shaped.num_rows
            key = (target.institution_id, SUBJECT, number, block)
            store.note_block(target.db, key, count, kept, rejections)
            if block in there:
                target.engine.execute(f"DELETE FROM {table} WHERE block = {{block:UInt32}}", {"block": block})
            target.engine.insert(table, shaped)
        accounts.add(count, kept, rejections)
        target.emit("customers.holdings", accounts.rows, rows)
    return accounts, resumed


def _shaped(
    batch: pa.RecordBatch | pa.Table, numbers: Numbers, passed: int, block: int, target: Target
) -> tuple[pa.Table, tuple[Rejection, ...]]:
    have = batch.schema.names
    missing = [name for name in _NEEDED if name not in have]
    if missing:
        raise UsageError(
            "customers.missing_columns", path="", missing=", ".join(missing), have=", ".join(have), near=""
        )
    customer = numbers.of(batch.column("customer_id"))
    stranger = np.asarray(pc.is_null(customer))
    rejections: tuple[Rejection, ...] = ()
    if stranger.any():
        first = np.flatnonzero(stranger)[:_KEPT_EXAMPLES]
        places = np.asarray(batch.column("row")) if "row" in have else np.arange(passed + 1, passed + 1 + len(stranger))
        texts = [str(batch.column("customer_id")[int(place)].as_py()) for place in first]
        examples = tuple((int(places[place]), text) for place, text in zip(first, texts, strict=True))
        told = Rejection("customers.stranger", "customer_id", int(stranger.sum()), examples)
        rejections = (told,)
        if target.rejected is not None:
            ids = batch.column("customer_id").filter(pa.array(stranger)).to_pylist()
            rows = zip(places[stranger], ids, strict=True)
            lines = [(int(row), told.code, told.column, (str(id),)) for row, id in rows]
            target.rejected.keep(f"{block:06d}-strangers", (), lines)
    count = batch.num_rows
    kinds = {product.id: product.kind for product in target.pack.products}
    product = pc.cast(batch.column("product"), pa.string())
    given = pc.fill_null(pc.cast(batch.column("kind"), pa.string()), "") if "kind" in have else pa.array([""] * count)
    known = pa.array(list(kinds.values()), pa.string()).take(
        pc.index_in(product, value_set=pa.array(list(kinds), pa.string()))
    )
    shaped = pa.table(
        {
            "customer": customer,
            "product": pc.fill_null(product, ""),
            "kind": pc.if_else(pc.equal(given, ""), pc.fill_null(known, ""), given),
            "amount_fen": _filled(batch, "amount_fen", pa.int64(), 0),
            "since": pc.cast(batch.column("since"), pa.date32()) if "since" in have else pa.nulls(count, pa.date32()),
            "active": _filled(batch, "active", pa.bool_(), True),
            "block": pa.array(np.full(count, block, np.uint32)),
        }
    )
    return shaped.filter(pa.array(~stranger)), rejections


def _filled(batch: pa.RecordBatch | pa.Table, name: str, kind: pa.DataType, default: object) -> pa.Array:
    if name not in batch.schema.names:
        return pa.array([default] * batch.num_rows, kind)
    return pc.fill_null(pc.cast(batch.column(name), kind), default)


def _publish(target: Target, number: int, table: str, accounts: Accounts) -> Imported:
    customers = store.current(target.db, target.institution_id)
    owners = target.engine.query(f"SELECT uniqExact(customer) AS n FROM {table}")["n"][0].as_py()
    generation = Generation(
        target.institution_id, SUBJECT, number, table, int(owners), customers.size, target.as_of, ()
    )
    rejected = accounts.rows - accounts.kept
    store.publish(target.db, generation, {"rows": accounts.rows, "accepted": accounts.kept, "rejected": rejected})
    clear(target, SUBJECT, number)
    told = accounts.rejections
    return Imported(number, accounts.rows, accounts.kept, rejected, 0, told, findings_of(told))
