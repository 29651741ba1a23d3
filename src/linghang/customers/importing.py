"""Import of customers: staged in blocks, published by one switch; killed at any moment, the same call continues it.

Every row of the source is accepted or rejected with one reason. The generation is built anew from the stage, and
becomes current in one transaction; until then the customers are as they were.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from linghang.base.digest import digest
from linghang.base.errors import ConflictError
from linghang.base.findings import Finding, Severity
from linghang.customers import store
from linghang.customers.model import Column, Imported
from linghang.customers.publishing import publish_customers
from linghang.customers.schema import columns_of
from linghang.customers.sources import Ragged, Wanted, open_table
from linghang.customers.staging import Origin, Target, stage_rows

SUBJECT = "customers"
_one_at_a_time = threading.Lock()


def import_table(target: Target, path: Path, *, most_rejected: float = 0.5) -> Imported:
    """Import a CSV or Parquet table of customers as a new generation. Money in it is in yuan.

    Raises UsageError for a file that is no such table (see ``sources.open_table``), and
    RefusedError("customers.too_many_rejected") when more than the share ``most_rejected`` of its rows would be left
    out: then the customers stay as they were.
    """
    pack = target.pack
    columns = columns_of(pack)
    table = pack.customers
    named = [column.source for column in columns]
    wanted = Wanted(
        table.delimiter,
        table.encoding,
        required=tuple(dict.fromkeys((*([table.id_column] if table.id_column else []), *table.required))),
        columns=tuple(dict.fromkeys(name for name in (table.id_column, *named, table.outcome_column) if name)),
    )
    source = open_table(path, wanted)
    ragged = Ragged()
    origin = Origin(source.fingerprint, source.columns, lambda: source.blocks(ragged), ragged, 0, "yuan")
    done = _run(target, origin, most_rejected)
    return _with_findings(done, source.findings, columns, source.columns, path.name)


def import_batches(
    target: Target, batches: Iterable[pa.RecordBatch | pa.Table], *, name: str, columns: Sequence[str], rows: int = 0
) -> Imported:
    """Import customers that a program yields, money in fen; ``name`` says which source it is: equal names, equal rows.

    The same batches in the same order are expected when a killed import is called again.
    """
    whole = (batch.combine_chunks().to_batches()[0] if isinstance(batch, pa.Table) else batch for batch in batches)
    origin = Origin(digest({"name": name}), tuple(columns), lambda: iter(whole), Ragged(), rows, "fen")
    return _run(target, origin, 0.5)


def _run(target: Target, origin: Origin, most_rejected: float) -> Imported:
    if not _one_at_a_time.acquire(blocking=False):
        raise ConflictError("customers.import_under_way", institution=target.institution_id)
    try:
        columns = tuple(column for column in columns_of(target.pack) if column.source in origin.columns)
        told = {"from": origin.fingerprint, "columns": columns, "table": target.pack.customers, "share": most_rejected}
        number, state, report = store.begin(
            target.db, target.institution_id, SUBJECT, digest(told), target.as_of, target.now
        )
        if state == "current":
            rows, accepted, rejected, new = (int(str(report[key])) for key in ("rows", "accepted", "rejected", "new"))
            return Imported(number, rows, accepted, rejected, new, unchanged=True)
        stage = store.table_name("stage", target.institution_id, number)
        target.engine.execute(store.create_customers(stage, columns, key="block"))
        accounts, resumed = stage_rows(target, origin, SUBJECT, columns, number, stage)
        done = publish_customers(target, columns, number, stage, accounts, most_rejected)
        return replace(done, resumed=resumed)
    finally:
        _one_at_a_time.release()


def _with_findings(
    done: Imported, findings: tuple[Finding, ...], columns: tuple[Column, ...], have: tuple[str, ...], name: str
) -> Imported:
    absent = [column.name for column in columns if column.source not in have]
    told = list(findings)
    if absent:
        params = {"columns": ", ".join(absent[:12]), "count": len(absent), "path": name}
        told.append(Finding("customers.columns_absent", Severity.S3, name, params=params))
    return replace(done, findings=(*done.findings, *told))
