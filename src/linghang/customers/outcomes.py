"""Events that come in from outside: a file of outcomes, or a stream of batches, with external ids."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute
from rapidfuzz import process

from linghang import events
from linghang.base.errors import UsageError
from linghang.base.findings import Finding, Severity
from linghang.customers import register
from linghang.customers.hostile import watched
from linghang.customers.model import Column, Rejection
from linghang.customers.numbers import Numbers
from linghang.customers.parsing import renamed, typed
from linghang.customers.publishing import findings_of
from linghang.customers.rejected import lines_of
from linghang.customers.sources import Ragged, Source, Wanted, open_table
from linghang.customers.staging import Accounts, Lost, Target, broken, keep_unread
from linghang.events import Ingested

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "customer", "id", "user_id", "客户号", "客户编号", "客户id", "客户ID"),
    "name": ("event", "name", "event_name", "事件", "行为", "事件名"),
    "at": ("at", "time", "timestamp", "date", "event_time", "时间", "日期", "发生时间"),
    "amount": ("amount", "amount_cny", "amount_yuan", "金额", "金额(元)"),
    "campaign_id": ("campaign", "campaign_id", "活动", "活动号", "活动编号"),
    "object": ("object", "product", "product_id", "对象", "产品"),
    "channel": ("channel", "渠道", "触达方式"),
    "slot": ("slot", "资源位", "展位"),
    "key": ("key", "event_id", "幂等键", "流水号"),
}
_NEEDED = ("customer_id", "name", "at")
_BLANK = ("", "null", "none", "nan")
_AMOUNT = Column("amount_fen", "money", "amount")
_KEPT_EXAMPLES = 5


@dataclass(frozen=True)
class Told:
    """How a table tells of events: which column is which field, fields that are the same in every row, and renamings.

    ``values`` are (field, as the table writes it, as the pack calls it).
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: tuple[tuple[str, str, str], ...] = ()
    money: Literal["yuan", "fen"] = "yuan"

    @property
    def missing(self) -> list[str]:
        """Fields that an event must have and that nothing tells."""
        return [name for name in _NEEDED if name not in self.columns and name not in self.constants]


def import_events(target: Target, path: Path) -> Ingested:
    """Append the events of a CSV or Parquet file; the same file again adds nothing.

    It needs a customer id, an event name of the pack and a time (ISO; without an offset in the institution's zone);
    amount (yuan), campaign, product or object, channel, slot and key are optional. Rows that cannot be taken are
    counted with their reason. Raises UsageError for a file that is no such table.
    """
    every = tuple(name for spellings in SPELLINGS.values() for name in spellings)
    source, watch = watched(open_table(path, Wanted(",", "utf-8", (), every)))
    done = import_event_source(target, source, Told(spelled(source.columns, path.name)))
    return replace(done, findings=(*done.findings, *watch.findings))


def import_event_source(
    target: Target, source: Source, told: Told, *, name: str = "", correcting: bool = False
) -> Ingested:
    """Append the events of an opened table. ``name`` names the import: killed, the same call continues exactly.

    ``correcting``: an event replaces the one with its key; then a key must be told.
    """
    if correcting and "key" not in told.columns:
        raise UsageError("events.correction_without_key", path=source.name)
    numbers = Numbers(target.engine, target.institution_id)
    accounts = Accounts()
    ragged = Ragged()
    accepted = repeated = corrected = 0
    take = events.correct if correcting else events.ingest
    seen: dict[tuple[Any, ...], int] = {}
    if target.rejected is not None:
        target.rejected.forget("*-unread")
    for block, batch in enumerate(source.blocks(ragged)):
        places = ragged.numbers(accounts.rows, batch.num_rows)
        table, rejections, lost = _shaped(batch, told, numbers, target, places)
        table = table.set_column(table.column_names.index("key"), "key", _keys(table, seen))
        if target.rejected is not None and lost:
            target.rejected.keep(f"{block:06d}", batch.schema.names, lines_of(batch, places, lost))
        accounts.add(batch.num_rows, table.num_rows, rejections)
        keep_unread(target, ragged, f"{block:06d}-unread")
        batch_name = f"{name}:{block}" if name else ""
        done = take(target.engine, target.db, target.institution_id, table, now=target.now, batch=batch_name)
        register.heed(target.db, target.institution_id, table, now=target.now)
        accepted, repeated = accepted + done.accepted, repeated + done.repeated
        corrected += done.corrected
        target.emit("events.importing", accounts.rows, source.rows)
    keep_unread(target, ragged, "999999-unread")
    for one in ragged.rejections:
        accounts.add(one.count, 0, (one,))
    rejected = accounts.rows - accounts.kept
    findings = (*source.findings, *findings_of(accounts.rejections), *_unknown_names(accounts, target))
    return Ingested(accounts.rows, accepted, repeated, rejected, findings, corrected)


def post_events(
    target: Target, batch: pa.RecordBatch | pa.Table, *, name: str = "", fresh: bool = False, source: str = "import"
) -> Ingested:
    """Append events as a program yields them: ``customer_id``, ``name``, ``at``, ``key``, and the log's other columns.

    Money is in fen. Events of strangers are rejected. ``name`` names the batch, so that after a kill it is not taken
    twice; ``fresh`` spares the look-up of keys that are known to be new.
    """
    numbers = Numbers(target.engine, target.institution_id)
    customer = numbers.of(batch.column("customer_id"))
    known = pc.is_valid(customer)
    columns: dict[str, Any] = {"customer": customer}
    columns.update({column: batch.column(column) for column in batch.schema.names if column != "customer_id"})
    if "source" not in columns:
        columns["source"] = pa.array([source] * batch.num_rows)
    table = pa.table(columns).filter(known)
    strangers = batch.num_rows - table.num_rows
    done = events.ingest(
        target.engine, target.db, target.institution_id, table, now=target.now, batch=name, fresh=fresh
    )
    register.heed(target.db, target.institution_id, table, now=target.now)
    return Ingested(batch.num_rows, done.accepted, done.repeated, strangers, done.findings)


def spelled(have: Sequence[str], name: str) -> dict[str, str]:
    """The fields of events that columns of these names tell. Raises UsageError("customers.missing_columns")."""
    found = {
        name: match
        for name, spellings in SPELLINGS.items()
        if (match := next((spelling for spelling in spellings if spelling in have), None)) is not None
    }
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        told = "; ".join(f"{name} ({', '.join(SPELLINGS[name][:4])})" for name in missing)
        raise UsageError("customers.missing_columns", path=name, missing=told, have=", ".join(have), near="")
    return found


def _shaped(
    batch: pa.RecordBatch, told: Told, numbers: Numbers, target: Target, places: np.ndarray
) -> tuple[pa.Table, tuple[Rejection, ...], Lost]:
    count = batch.num_rows
    good = np.ones(count, np.bool_)
    rejections: list[Rejection] = []
    lost: Lost = []

    def text(name: str) -> pa.Array:
        if name not in told.columns:
            return pa.array([told.constants.get(name, "")] * count, pa.string())
        cells = pc.fill_null(pc.utf8_trim_whitespace(pc.cast(batch.column(told.columns[name]), pa.string())), "")
        return renamed(cells, tuple((said, meant) for one, said, meant in told.values if one == name))

    def reject(code: str, name: str, bad: Any, cells: pa.Array) -> None:
        fresh = np.flatnonzero(np.asarray(bad) & good)
        if len(fresh):
            column = told.columns.get(name, name)
            lost.append((code, column, fresh))
            shown = [(int(places[row]), str(cells[int(row)].as_py())[:60]) for row in fresh[:_KEPT_EXAMPLES]]
            rejections.append(Rejection(code, column, len(fresh), tuple(shown)))
            good[fresh] = False

    ids, names, times = text("customer_id"), text("name"), text("at")
    reject("customers.broken_text", "", broken(batch), ids)
    customer = numbers.of(ids)
    reject("customers.no_id", "customer_id", pc.equal(ids, ""), ids)
    reject("customers.stranger", "customer_id", pc.is_null(customer), ids)
    known = pa.array([event.name for event in target.pack.events], pa.string())
    reject("events.unknown_name", "name", pc.invert(pc.is_in(names, value_set=known)), names)
    at = _instants(batch.column(told.columns["at"]) if "at" in told.columns else times, times, target.pack.zone)
    reject("events.bad_time", "at", pc.is_null(at), times)
    amount = pa.nulls(count, pa.int64())
    if "amount" in told.columns:
        cells = typed(batch.column(told.columns["amount"]), _AMOUNT, pa.array(_BLANK), told.money)
        for code, bad in cells.faults:
            reject(code, "amount", bad.to_numpy(zero_copy_only=False), text("amount"))
        amount = cells.values
    table = pa.table(
        {
            "customer": customer, "name": names, "at": at, "key": text("key"), "campaign_id": text("campaign_id"),
            "object": text("object"), "channel": text("channel"), "slot": text("slot"),
            "amount_fen": pc.fill_null(amount, 0), "source": pa.array(["import"] * count),
        }
    ).filter(pa.array(good))  # fmt: skip
    return table, tuple(rejections), lost


def _keys(table: pa.Table, seen: dict[tuple[Any, ...], int]) -> pa.Array:
    """Keys where the file has none: what happened, told exactly, and how many times so far in the file."""
    said = [
        table[name].to_pylist() for name in ("customer", "name", "at", "campaign_id", "object", "channel", "amount_fen")
    ]
    keys: list[str] = []
    for given, *told in zip(table["key"].to_pylist(), *said, strict=True):
        if given:
            keys.append(given)
            continue
        what = tuple(told)
        seen[what] = seen.get(what, 0) + 1
        customer, name, at, *rest = what
        keys.append(":".join(["import", str(customer), name, at.isoformat(), *map(str, rest), str(seen[what])]))
    return pa.array(keys, pa.string())


def _instants(cells: pa.Array, text: pa.Array, zone: str) -> pa.Array:
    if pa.types.is_timestamp(cells.type):
        if cells.type.tz is None:
            local = pc.cast(cells, pa.timestamp("us"))
            return pc.cast(_zoned(local, zone), pa.timestamp("us", "UTC"))
        return pc.cast(cells, pa.timestamp("us", "UTC"))
    iso = pc.replace_substring_regex(text, r"^(\d{4})/(\d{1,2})/(\d{1,2})", r"\1-\2-\3")
    iso = pc.replace_substring_regex(iso, r"-(\d)([-T ]|$)", r"-0\1\2")
    iso = pc.replace_substring_regex(iso, r"-(\d)([T ]|$)", r"-0\1\2")
    iso = pc.replace_substring(iso, "T", " ")
    shape = r"^(\d{4}-\d{2}-\d{2})( \d{2}:\d{2})?(:\d{2})?(\.\d{1,6})?\s*(Z|[+-]\d{2}:?\d{2})?$"
    shaped = pc.fill_null(pc.match_substring_regex(iso, shape), False)
    result = [
        _instant(value, zone) if fits else None for value, fits in zip(iso.to_pylist(), shaped.to_pylist(), strict=True)
    ]
    return pa.array(result, pa.timestamp("us", "UTC"))


def _zoned(local: pa.Array, zone: str) -> pa.Array:
    return pc.assume_timezone(local, timezone=zone, ambiguous="earliest", nonexistent="latest")


def _instant(text: str, zone: str) -> dt.datetime | None:
    try:
        # It reads every form that the shape lets through, a day without a time as its midnight.
        told = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))


def _unknown_names(accounts: Accounts, target: Target) -> tuple[Finding, ...]:
    told = next((one for one in accounts.rejections if one.code == "events.unknown_name"), None)
    if told is None:
        return ()
    known = [event.name for event in target.pack.events]
    near = {text: process.extractOne(text, known) for _, text in told.examples}
    said = ", ".join(f"{text} → {match[0]}" for text, match in near.items() if match is not None)
    return (Finding("events.near_names", Severity.S4, told.column, params={"near": said, "known": ", ".join(known)}),)
