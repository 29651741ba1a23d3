"""Staging: the rows of a source, typed, accounted for, and put aside in the engine block by block.

A block is staged by one atomic insert, and what was found in it is noted beside it: a killed import knows what it has.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute
import sqlalchemy as sa

from linghang.customers import store
from linghang.customers.model import Column, Rejection
from linghang.customers.parsing import typed
from linghang.customers.rejected import RejectedRows, lines_of
from linghang.customers.schema import ARROW
from linghang.customers.sources import BROKEN, Ragged
from linghang.kit.context import Context
from linghang.packs.model import Pack
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_KEPT_EXAMPLES = 5


class Emit(Protocol):
    """How progress is told (``Context.emit``)."""

    def __call__(self, step: str, done: int = 0, of: int = 0, note: str = "", **params: str | int | float) -> None:
        """Tell of a step."""
        ...


def _quiet(step: str, done: int = 0, of: int = 0, note: str = "", **params: str | int | float) -> None:
    return None


@dataclass(frozen=True)
class Target:
    """Where customers are imported to, for which institution, on which day of theirs."""

    engine: Analytics
    db: sa.Engine
    institution_id: str
    pack: Pack
    now: dt.datetime
    as_of: dt.date
    emit: Emit = _quiet
    at_once: int = 1_000_000
    """Ids that are joined and deduplicated at once: what the engine keeps in memory for it."""
    rejected: RejectedRows | None = None
    """Where rows that are left out are kept, if anywhere."""

    @classmethod
    def of(cls, ctx: Context, pack: Pack) -> "Target":
        """The target that a skill's context names."""
        return cls(ctx.analytics, ctx.db, ctx.institution_id, pack, ctx.now, ctx.today, ctx.emit)


@dataclass
class Accounts:
    """Rows read, rows kept, and what was rejected for which reason, added up over blocks."""

    rows: int = 0
    kept: int = 0
    by_reason: dict[tuple[str, str], Rejection] = field(default_factory=dict)

    def add(self, rows: int, kept: int, rejections: tuple[Rejection, ...]) -> None:
        """Count a block."""
        self.rows += rows
        self.kept += kept
        for told in rejections:
            key = (told.code, told.column)
            before = self.by_reason.get(key, Rejection(told.code, told.column, 0))
            examples = (*before.examples, *told.examples)[:_KEPT_EXAMPLES]
            self.by_reason[key] = Rejection(told.code, told.column, before.count + told.count, examples)

    def drop(self, told: Rejection) -> None:
        """Reject rows that had been kept."""
        self.kept -= told.count
        self.add(0, 0, (told,))

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """What was rejected, most frequent reason first."""
        return tuple(sorted(self.by_reason.values(), key=lambda told: (-told.count, told.code, told.column)))


@dataclass(frozen=True)
class Origin:
    """A source of rows: its columns, its blocks in order, its size (rows; 0: unknown), the unit of its money."""

    fingerprint: str
    columns: tuple[str, ...]
    blocks: Callable[[], Iterator[pa.RecordBatch]]
    ragged: Ragged
    total: int
    money: Literal["yuan", "fen"]


def stage_rows(
    target: Target, origin: Origin, subject: str, columns: tuple[Column, ...], number: int, stage: str
) -> tuple[Accounts, bool]:
    """Stage every block that is not there yet; what was found in all of them, and whether some were there already."""
    noted = store.noted_blocks(target.db, target.institution_id, subject, number)
    held = target.engine.query(f"SELECT block, count() AS n FROM {stage} GROUP BY block").to_pydict()
    there = dict(zip(held["block"], held["n"], strict=True))
    accounts = Accounts()
    passed = resumed = 0
    if target.rejected is not None:
        target.rejected.forget("*-unread")
    for block, batch in enumerate(origin.blocks()):
        rows = batch.num_rows
        if block in noted and noted[block][1] == there.get(block, 0):
            _, kept, rejections = noted[block]
            resumed += 1
        else:
            numbers = origin.ragged.numbers(passed, rows)
            table, rejections, lost = _typed_block(target.pack, origin, columns, batch, numbers, block)
            kept = table.num_rows
            if target.rejected is not None and lost:
                target.rejected.keep(f"{block:06d}", batch.schema.names, lines_of(batch, numbers, lost))
            store.note_block(target.db, (target.institution_id, subject, number, block), rows, kept, rejections)
            # A block that an earlier run left in another size (its note was lost) would be there twice.
            if block in there:
                target.engine.execute(f"DELETE FROM {stage} WHERE block = {{block:UInt32}}", {"block": block})
            target.engine.insert(stage, table)
        passed += rows
        accounts.add(rows, kept, rejections)
        keep_unread(target, origin.ragged, f"{block:06d}-unread")
        target.emit("customers.staging", passed, origin.total, rows=passed)
    keep_unread(target, origin.ragged, "999999-unread")
    for told in origin.ragged.rejections:
        accounts.add(told.count, 0, (told,))
    return accounts, bool(resumed)


def keep_unread(target: Target, ragged: Ragged, part: str) -> None:
    """Keep the rows that could not be read since the last time, where rejected rows are kept."""
    unread = ragged.take()
    if target.rejected is not None and unread:
        target.rejected.keep(part, (), [(row, code, "", (text,)) for row, code, text in unread])


def broken(batch: pa.RecordBatch | pa.Table) -> np.ndarray:
    """Which rows have a cell that is no text in the file's encoding."""
    found = np.zeros(batch.num_rows, np.bool_)
    for cells in batch.columns:
        if pa.types.is_string(cells.type):
            found |= np.asarray(pc.fill_null(pc.match_substring(cells, BROKEN), False))
    return found


Lost = list[tuple[str, str, np.ndarray]]
"""Reason, column and places of rows that are left out."""


def _typed_block(
    pack: Pack, origin: Origin, columns: tuple[Column, ...], batch: pa.RecordBatch, numbers: np.ndarray, block: int
) -> tuple[pa.Table, tuple[Rejection, ...], Lost]:
    unknown = pa.array([text.lower() for text in pack.customers.unknown] or [""])
    count = batch.num_rows
    good = np.ones(count, bool)
    rejections: list[Rejection] = []
    lost: Lost = []

    def reject(code: str, column: str, bad: np.ndarray, cells: pa.Array) -> None:
        # A row is told of once, by its first reason, so that accepted and rejected add up.
        fresh = np.flatnonzero(bad & good)
        if len(fresh):
            lost.append((code, column, fresh))
            shown = cells.take(pa.array(fresh[:_KEPT_EXAMPLES]))
            texts = [str(cell)[:60] for cell in shown.to_pylist()]
            examples = tuple(zip((int(numbers[n]) for n in fresh[:_KEPT_EXAMPLES]), texts, strict=True))
            rejections.append(Rejection(code, column, len(fresh), examples))
            good[fresh] = False

    ids = _ids(pack, batch, numbers)
    reject("customers.broken_text", "", broken(batch), ids)
    reject("customers.no_id", pack.customers.id_column, np.asarray(pc.equal(ids, "")), ids)
    data: dict[str, pa.Array] = {
        "id": ids,
        "row_number": pa.array(numbers, pa.uint64()),
        "block": pa.array(np.full(count, block), pa.uint32()),
        "outcome": _outcome(pack, batch),
    }
    for column in columns:
        raw = batch.column(column.source)
        cells = typed(raw, column, unknown, origin.money)
        for code, bad in cells.faults:
            reject(code, column.source, bad.to_numpy(zero_copy_only=False), raw)
        values = cells.values
        data[column.name] = values if values.type == ARROW[column.storage] else pc.cast(values, ARROW[column.storage])
    table = pa.table(data)
    return table.filter(pa.array(good)), tuple(rejections), lost


def _ids(pack: Pack, batch: pa.RecordBatch, numbers: np.ndarray) -> pa.Array:
    if not pack.customers.id_column:
        return pc.cast(pa.array(numbers), pa.string())
    cells = batch.column(pack.customers.id_column)
    return pc.fill_null(pc.utf8_trim_whitespace(pc.cast(cells, pa.string())), "")


def _outcome(pack: Pack, batch: pa.RecordBatch) -> pa.Array:
    name = pack.customers.outcome_column
    if not name or name not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.bool_())
    text = pc.utf8_trim_whitespace(pc.cast(batch.column(name), pa.string()))
    known = pc.invert(pc.is_in(pc.utf8_lower(text), value_set=pa.array([*map(str.lower, pack.customers.unknown), ""])))
    return pc.if_else(known, pc.equal(text, pack.customers.outcome_yes), pa.scalar(None, pa.bool_()))
