"""An import by a mapping: opened, accounted for row by row, its rejected rows kept, and its end noted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute

from linghang.base.digest import digest, plain
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding
from linghang.customers.arrivals import store
from linghang.customers.arrivals.mapping import ID, TableMap, columns_for, pack_for, told_for
from linghang.customers.arrivals.opening import Place, Shape, close_place, open_place
from linghang.customers.holdings import import_holdings
from linghang.customers.hostile import watched
from linghang.customers.importing import import_source
from linghang.customers.model import Column, Rejection
from linghang.customers.outcomes import import_event_source
from linghang.customers.parsing import renamed, typed
from linghang.customers.publishing import findings_of
from linghang.customers.rejected import RejectedRows, lines_of
from linghang.customers.sources import Ragged, Source
from linghang.customers.staging import Accounts, Target, keep_unread

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them


@dataclass(frozen=True)
class Brought:
    """What an import did, whatever it brought: ``rows`` = ``accepted`` + ``repeated`` + ``rejected``.

    ``repeated`` events were in the log already; ``corrected`` replaced one; ``new`` customers were not known before,
    ``changed`` ones were there. ``rejected_file`` holds the rows that were left out.
    """

    id: str
    subject: str
    source: str
    mode: str
    rows: int
    accepted: int
    rejected: int
    new: int = 0
    changed: int = 0
    repeated: int = 0
    corrected: int = 0
    generation: int = 0
    resumed: bool = False
    unchanged: bool = False
    rejections: tuple[Rejection, ...] = ()
    rejected_file: str = ""
    findings: tuple[Finding, ...] = ()


def rejected_folder(home: Path, institution_id: str, id: str) -> Path:
    """Where the rows that an import left out lie."""
    return home / "rejected" / institution_id / id


def bring(target: Target, home: Path, place: Place, mapped: TableMap, *, actor: str) -> Brought:
    """Import a table as its mapping says. Killed, the same call continues and gives the same accounts.

    Raises UsageError for a table that is not what the mapping says, RefusedError("customers.too_many_rejected" |
    "customers.nobody") with the reasons; the rows that were left out are kept then too.
    """
    source, watch = watched(open_place(target.engine, target.institution_id, place, _shape(mapped)))
    mark = digest((source.fingerprint, mapped.digest))
    mode = mapped.mode or ("append" if mapped.table == "events" else "replace")
    begun, resumed = store.begin(
        target.db, target.institution_id, mark, subject=mapped.table, source=source.name, mode=mode, actor=actor,
        now=target.now,
    )  # fmt: skip
    id = begun.id
    # An import that goes on after midnight counts days as it began to.
    mapped = mapped.on(begun.at.astimezone(ZoneInfo(target.pack.zone)).date())
    kept = RejectedRows(home, rejected_folder(home, target.institution_id, id))
    ready = replace(
        target, pack=pack_for(target.pack, mapped) if mapped.table == "customers" else target.pack, rejected=kept
    )
    try:
        done = _BRINGERS[mapped.table](ready, source, mapped, Brought(id, mapped.table, source.name, mode, 0, 0, 0))
    except RefusedError as error:
        file = kept.gather()
        told = {
            "code": error.code,
            **error.params,
            "findings": plain(list(error.findings)),
            "rejected_file": str(file or ""),
        }
        store.end(target.db, target.institution_id, id, "refused", told, target.now)
        close_place(target.engine, target.institution_id, place)
        raise
    file = kept.gather() or (_earlier_file(target, mark) if done.unchanged else None)
    done = replace(done, resumed=resumed or done.resumed, rejected_file=str(file or ""))
    done = replace(done, findings=(*done.findings, *watch.findings))
    store.end(target.db, target.institution_id, id, "done", plain(done), target.now)
    close_place(target.engine, target.institution_id, place)
    return done


def _earlier_file(target: Target, mark: str) -> Path | None:
    """The rows that the import of the very same rows left out, which is why this one did nothing."""
    told = store.last_done(target.db, target.institution_id, mark)
    file = Path(told.report["rejected_file"]) if told and told.report.get("rejected_file") else None
    return file if file is not None and file.exists() else None


def _shape(mapped: TableMap) -> Shape:
    wanted = tuple(dict.fromkeys(one.source for one in mapped.columns))
    return Shape(mapped.format, mapped.encoding, mapped.delimiter, wanted, wanted)


def _customers(target: Target, source: Source, mapped: TableMap, told: Brought) -> Brought:
    columns = columns_for(target.pack, mapped)
    done = import_source(target, source, columns, mapped.manner, told={"mapping": mapped.digest})
    return replace(
        told, rows=done.rows, accepted=done.accepted, rejected=done.rejected, new=done.new, changed=done.changed,
        generation=done.generation, resumed=done.resumed, unchanged=done.unchanged, rejections=done.rejections,
        findings=done.findings,
    )  # fmt: skip


def _events(target: Target, source: Source, mapped: TableMap, told: Brought) -> Brought:
    correcting = mapped.mode == "correct"
    done = import_event_source(target, source, told_for(mapped), name=f"import:{told.id}", correcting=correcting)
    return replace(
        told, rows=done.rows, accepted=done.accepted, rejected=done.rejected, repeated=done.repeated,
        corrected=done.corrected, findings=done.findings,
    )  # fmt: skip


def _holdings(target: Target, source: Source, mapped: TableMap, told: Brought) -> Brought:
    accounts = Accounts()
    ragged = Ragged()
    batches = _held(target, source, mapped, ragged, accounts)
    name = digest((source.fingerprint, mapped.digest))
    done = import_holdings(target, batches, name=name, rows=source.rows)
    bad = (*accounts.rejections, *ragged.rejections)
    left = sum(one.count for one in bad)
    return replace(
        told, rows=done.rows + left, accepted=done.accepted, rejected=done.rejected + left, generation=done.generation,
        resumed=done.resumed, unchanged=done.unchanged, rejections=(*done.rejections, *bad),
        findings=(*done.findings, *findings_of(bad)),
    )  # fmt: skip


_HELD = (
    Column("amount", "money", "amount"), Column("since", "date", "since"), Column("active", "bool", "active"),
)  # fmt: skip


def _held(target: Target, source: Source, mapped: TableMap, ragged: Ragged, accounts: Accounts) -> Iterator[pa.Table]:
    """The rows of a table of holdings with typed cells; those with a bad cell are put aside."""
    unknown = pa.array([text.lower() for text in mapped.unknown] or [""])
    by_field = {one.field: one for one in mapped.columns}
    passed = 0
    for block, batch in enumerate(source.blocks(ragged)):
        numbers = ragged.numbers(passed, batch.num_rows)
        passed += batch.num_rows
        good = np.ones(batch.num_rows, np.bool_)
        bad: list[tuple[str, str, np.ndarray]] = []
        columns: dict[str, pa.Array] = {}
        for column in _HELD:
            one = by_field.get(column.name)
            if one is None:
                continue
            cells = typed(
                batch.column(one.source), replace(column, unit=one.unit, format=one.format, values=one.values), unknown,  # type: ignore[arg-type]
                "yuan",
            )  # fmt: skip
            for code, rows in cells.faults:
                places = np.flatnonzero(rows.to_numpy(zero_copy_only=False) & good)
                if len(places):
                    bad.append((code, one.source, places))
                    good[places] = False
            columns["amount_fen" if column.name == "amount" else column.name] = cells.values
        for name in (ID, "product", "kind"):
            if name in by_field:
                cells = pc.cast(batch.column(by_field[name].source), pa.string())
                columns[name] = renamed(pc.fill_null(pc.utf8_trim_whitespace(cells), ""), by_field[name].values)
        for code, column, places in bad:
            shown = batch.column(column).take(pa.array(places[:5])).to_pylist()
            examples = tuple((int(numbers[row]), str(cell)[:60]) for row, cell in zip(places[:5], shown, strict=True))
            accounts.add(0, 0, (Rejection(code, column, len(places), examples),))
        if target.rejected is not None and bad:
            target.rejected.keep(f"{block:06d}-cells", batch.schema.names, lines_of(batch, numbers, bad))
        keep_unread(target, ragged, f"{block:06d}-unread")
        yield pa.table({**columns, "row": pa.array(numbers)}).filter(pa.array(good))
    keep_unread(target, ragged, "999999-unread")


_BRINGERS = {"customers": _customers, "holdings": _holdings, "events": _events}
