"""Import of customers: staged in blocks, published by one switch; killed at any moment, the same call continues it.

Every row of the source is accepted or rejected with one reason. The generation is built anew from the stage, and
becomes current in one transaction; until then the customers are as they were.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from linghang.base.digest import digest
from linghang.base.errors import ConflictError
from linghang.base.findings import Finding, Severity
from linghang.customers import store
from linghang.customers.hostile import watched
from linghang.customers.model import Column, Imported, Manner
from linghang.customers.publishing import findings_of, publish_customers
from linghang.customers.schema import columns_of
from linghang.customers.sources import Ragged, Source, Wanted, open_table
from linghang.customers.staging import Origin, Target, stage_rows
from linghang.packs.model import Pack

SUBJECT = "customers"
_one_at_a_time = threading.Lock()


def import_table(target: Target, path: Path, *, most_rejected: float = 0.5) -> Imported:
    """Import a CSV or Parquet table of customers as a new generation. Money in it is in yuan.

    Raises UsageError for a file that is no such table (see ``sources.open_table``), and
    RefusedError("customers.too_many_rejected") when more than the share ``most_rejected`` of its rows would be left
    out: then the customers stay as they were.
    """
    columns = columns_of(target.pack)
    table = target.pack.customers
    wanted = wanted_of(target.pack, columns)
    source, watch = watched(open_table(path, wanted))
    told = {"table": table}
    done = import_source(target, source, columns, Manner(most_rejected=most_rejected), told=told)
    return replace(done, findings=(*done.findings, *watch.findings))


def wanted_of(pack: Pack, columns: Sequence[Column]) -> Wanted:
    """What a table of customers should look like, for the columns that are taken of it."""
    table = pack.customers
    named = [column.source for column in columns]
    return Wanted(
        table.delimiter,
        table.encoding,
        required=tuple(dict.fromkeys((*([table.id_column] if table.id_column else []), *table.required))),
        columns=tuple(dict.fromkeys(name for name in (table.id_column, *named, table.outcome_column) if name)),
    )


def import_source(
    target: Target, source: Source, columns: tuple[Column, ...], manner: Manner, *, told: Mapping[str, object]
) -> Imported:
    """Import an opened table of customers, its columns as named, in a manner; ``told`` also tells imports apart.

    Killed, the same call continues. Raises RefusedError("customers.too_many_rejected" | "customers.nobody").
    """
    ragged = Ragged()
    origin = Origin(source.fingerprint, source.columns, lambda: source.blocks(ragged), ragged, source.rows, "yuan")
    done = _run(target, origin, columns, manner, told)
    return _with_findings(done, source.findings, columns, source.columns, source.name)


def import_batches(
    target: Target, batches: Iterable[pa.RecordBatch | pa.Table], *, name: str, columns: Sequence[str], rows: int = 0
) -> Imported:
    """Import customers that a program yields, money in fen; ``name`` says which source it is: equal names, equal rows.

    The same batches in the same order are expected when a killed import is called again.
    """
    whole = (batch.combine_chunks().to_batches()[0] if isinstance(batch, pa.Table) else batch for batch in batches)
    origin = Origin(digest({"name": name}), tuple(columns), lambda: iter(whole), Ragged(), rows, "fen")
    return _run(target, origin, columns_of(target.pack), Manner(), {"table": target.pack.customers})


def _run(
    target: Target, origin: Origin, wanted: tuple[Column, ...], manner: Manner, more: Mapping[str, object]
) -> Imported:
    if not _one_at_a_time.acquire(blocking=False):
        raise ConflictError("customers.import_under_way", institution=target.institution_id)
    try:
        columns = tuple(column for column in wanted if column.source in origin.columns)
        told = {"from": origin.fingerprint, "columns": columns, "manner": manner, **more}
        number, state, report = store.begin(
            target.db, target.institution_id, SUBJECT, digest(told), target.as_of, target.now
        )
        if state == "current":
            rows, accepted, rejected, new = (int(report[key]) for key in ("rows", "accepted", "rejected", "new"))
            told_then = store.rejections_of(report.get("rejections", ()))
            changed = int(report.get("changed", 0))
            return Imported(
                number,
                rows,
                accepted,
                rejected,
                new,
                told_then,
                findings_of(told_then),
                unchanged=True,
                changed=changed,
            )
        stage = store.table_name("stage", target.institution_id, number)
        target.engine.execute(store.create_customers(stage, columns, key="block"))
        accounts, resumed = stage_rows(target, origin, SUBJECT, columns, number, stage)
        done = publish_customers(target, columns, number, stage, accounts, manner)
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
