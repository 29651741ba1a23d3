"""The mapping file: what each column of a table means, and how the table joins what is there. YAML, to be edited."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import yaml
from rapidfuzz import process

from linghang.base.digest import digest
from linghang.base.errors import UsageError
from linghang.base.findings import Finding, Severity
from linghang.customers.model import Column, Manner
from linghang.customers.outcomes import SPELLINGS, Told
from linghang.customers.schema import columns_of
from linghang.packs import yamlfiles
from linghang.packs.model import CustomerTable, Pack

Subject = Literal["customers", "holdings", "events"]
ID = "customer_id"
OUTCOME = "outcome"
HOLDING_FIELDS = (ID, "product", "kind", "amount", "since", "active")
NEEDED: Mapping[Subject, tuple[str, ...]] = {
    "customers": (ID,), "holdings": (ID, "product"), "events": (ID, "name", "at"),
}  # fmt: skip
MODES: Mapping[Subject, tuple[str, ...]] = {
    "customers": ("replace", "append", "upsert"), "holdings": ("replace",), "events": ("append", "correct"),
}  # fmt: skip
FORMATS = ("csv", "parquet", "jsonl", "sqlite", "database")
UNITS = ("", "yuan", "fen")
DAYS_SINCE = "days_since"


@dataclass(frozen=True)
class ColumnMap:
    """A column of the source, and the field that it fills. The rest is as in ``customers.model.Column``."""

    source: str
    field: str
    unit: str = ""
    format: str = ""
    values: tuple[tuple[str, str], ...] = ()
    empty: tuple[str, ...] = ()
    counts: str = ""
    """``days_since`` where the source has a day, and the field how many days have passed since."""


@dataclass(frozen=True)
class TableMap:
    """What a table means. ``mode`` empty: the first of its subject's; ``unknown`` are texts that say nothing.

    ``as_of`` is the day up to which ``days_since`` counts (empty: the day of the import).
    """

    table: Subject
    columns: tuple[ColumnMap, ...]
    mode: str = ""
    keep: Literal["first", "last", ""] = ""
    nothing: Literal["clears", "keeps"] = "clears"
    format: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    unknown: tuple[str, ...] = ("", "unknown", "null")
    constants: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    most_rejected_pct: float = 50.0
    as_of: str = ""

    def on(self, day: dt.date) -> "TableMap":
        """The mapping for an import on a day: what is counted up to the import's day is counted up to it."""
        counting = any(one.counts for one in self.columns)
        return replace(self, as_of=day.isoformat()) if counting and not self.as_of else self

    @property
    def digest(self) -> str:
        """Equal for equal meanings."""
        return digest(self)

    @property
    def manner(self) -> Manner:
        """How the customers join those that are there; in an upsert the last row of an id is its newest word."""
        mode = self.mode or "replace"
        keep = self.keep or ("last" if mode == "upsert" else "first")
        return Manner(mode, keep, self.nothing, self.most_rejected_pct / 100)  # type: ignore[arg-type]

    def source_of(self, name: str) -> str:
        """The column that fills a field, or nothing."""
        return next((column.source for column in self.columns if column.field == name), "")


def fields_of(pack: Pack, table: Subject) -> tuple[str, ...]:
    """The fields that a table of this subject may fill."""
    if table == "events":
        return tuple(SPELLINGS)
    if table == "holdings":
        return HOLDING_FIELDS
    return (ID, *(column.name for column in columns_of(pack)), *((OUTCOME,) if pack.customers.outcome_yes else ()))


def columns_for(pack: Pack, mapped: TableMap) -> tuple[Column, ...]:
    """The columns of customers that a mapping takes. One that counts days has to be ``on`` a day."""
    known = {column.name: column for column in columns_of(pack)}
    until = dt.date.fromisoformat(mapped.as_of) if mapped.as_of else None
    return tuple(
        replace(
            known[one.field], source=one.source, unit=one.unit, format=one.format, values=one.values,
            empty=(*known[one.field].empty, *one.empty), counted_to=until if one.counts else None,
        )
        for one in mapped.columns
        if one.field in known
    )  # fmt: skip


def pack_for(pack: Pack, mapped: TableMap) -> Pack:
    """The pack with its table of customers read as the mapping says."""
    table: CustomerTable = replace(
        pack.customers, delimiter=mapped.delimiter, encoding=mapped.encoding, id_column=mapped.source_of(ID),
        unknown=mapped.unknown, outcome_column=mapped.source_of(OUTCOME), required=(),
    )  # fmt: skip
    return replace(pack, customers=table)


def told_for(mapped: TableMap) -> Told:
    """How a mapped table tells of events."""
    money = next((one.unit for one in mapped.columns if one.field == "amount" and one.unit), "yuan")
    return Told(
        {one.field: one.source for one in mapped.columns},
        mapped.constants,
        tuple((one.field, said, meant) for one in mapped.columns for said, meant in one.values),
        "fen" if money == "fen" else "yuan",
    )


def write(mapped: TableMap, notes: Mapping[str, str], head: Sequence[str]) -> str:
    """The file of a mapping: ``head`` above it and a note beside each column, for whoever edits it."""
    lines = [f"# {line}" for line in head]
    lines += [f"table: {mapped.table}", f"mode: {mapped.mode or MODES[mapped.table][0]}"]
    if mapped.table == "customers":
        lines += [f"keep: {mapped.manner.keep}", f"nothing: {mapped.nothing}"]
    shape = {"format": mapped.format, "encoding": mapped.encoding, "delimiter": mapped.delimiter}
    lines.append(f"file: {_flow(shape if mapped.format == 'csv' else {'format': mapped.format})}")
    lines += [f"unknown: {_flow(list(mapped.unknown))}", f"most_rejected_pct: {mapped.most_rejected_pct:g}"]
    if mapped.as_of:
        lines.append(f"as_of: '{mapped.as_of}'")
    if mapped.constants:
        lines.append(f"constants: {_flow(dict(mapped.constants))}")
    lines.append("columns:")
    for one in mapped.columns:
        told: dict[str, Any] = {"from": one.source, "to": one.field}
        told.update(
            {key: value for key, value in (("as", one.counts), ("unit", one.unit), ("format", one.format)) if value}
        )
        if one.values:
            told["values"] = dict(one.values)
        if one.empty:
            told["empty"] = list(one.empty)
        note = notes.get(one.source, "")
        lines.append(f"  - {_flow(told)}" + (f"  # {note}" if note else ""))
    lines.append("ignored:" if mapped.ignored else "ignored: []")
    for name in mapped.ignored:
        note = notes.get(name, "")
        lines.append(f"  - {_flow(name)}" + (f"  # {note}" if note else ""))
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def read(text: str, pack: Pack) -> TableMap:
    """The mapping that a file says.

    Raises UsageError("customers.bad_mapping") with a finding, and its line, for all that is wrong.
    """
    try:
        told = yamlfiles.parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else getattr(error, "line", 1)
        raise _wrong([_at(line, "customers.mapping_no_yaml", reason=str(getattr(error, "problem", error)))]) from error
    if not isinstance(told, dict):
        raise _wrong([_at(1, "customers.mapping_no_yaml", reason="no keys")])
    return _Reader(text, told, pack).read()


class _Reader:
    """One reading of a mapping file; it collects all that is wrong before it says so."""

    def __init__(self, text: str, told: Mapping[str, Any], pack: Pack) -> None:
        self.text, self.told, self.pack = text, told, pack
        self.wrong: list[Finding] = []

    def read(self) -> TableMap:
        self._known((), self.told, _KEYS)
        table: Subject = self._one_of(("table",), self.told.get("table", "customers"), tuple(NEEDED), "customers")
        mode = self._one_of(("mode",), self.told.get("mode", ""), ("", *MODES[table]), "")
        file = self._mapping(("file",), self.told.get("file"))
        self._known(("file",), file, ("format", "encoding", "delimiter"))
        constants = {
            str(key): str(value) for key, value in self._mapping(("constants",), self.told.get("constants")).items()
        }
        columns = self._columns(table)
        self._constants(table, constants)
        self._needed(table, columns, constants)
        share = self.told.get("most_rejected_pct", 50.0)
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= 100:
            self._say(
                ("most_rejected_pct",),
                "customers.mapping_value",
                key="most_rejected_pct",
                value=str(share),
                have="0 … 100",
            )
            share = 50.0
        mapped = TableMap(
            table, tuple(columns), mode,
            self._one_of(("keep",), self.told.get("keep", ""), ("", "first", "last"), ""),
            self._one_of(("nothing",), self.told.get("nothing", "clears"), ("clears", "keeps"), "clears"),
            self._one_of(("file", "format"), file.get("format", ""), ("", *FORMATS), ""),
            str(file.get("encoding", "utf-8")), str(file.get("delimiter", ",")),
            self._texts(("unknown",), self.told.get("unknown", ["", "unknown", "null"])), constants,
            self._texts(("ignored",), self.told.get("ignored")), float(share),
            self._day(("as_of",), self.told.get("as_of")),
        )  # fmt: skip
        if self.wrong:
            raise _wrong(self.wrong)
        return mapped

    def _columns(self, table: Subject) -> list[ColumnMap]:
        rows = self.told.get("columns")
        if not isinstance(rows, list) or not rows:
            self._say(
                ("columns",), "customers.mapping_value", key="columns", value=str(rows)[:60], have="- {from: …, to: …}"
            )
            return []
        fields = fields_of(self.pack, table)
        found: list[ColumnMap] = []
        for place, row in enumerate(rows):
            path = ("columns", place)
            if not isinstance(row, dict) or not row.get("from") or not row.get("to"):
                self._say(path, "customers.mapping_value", key="columns", value=str(row)[:60], have="{from: …, to: …}")
                continue
            self._known(path, row, ("from", "to", "as", "unit", "format", "values", "empty"))
            name = str(row["to"])
            if name not in fields:
                near = process.extractOne(name, fields, score_cutoff=55)
                self._say(
                    path, "customers.mapping_field", field=name, near=near[0] if near else "—", have=", ".join(fields)
                )
            if any(name == one.field for one in found):
                self._say(path, "customers.mapping_twice", field=name)
            values = self._mapping((*path, "values"), row.get("values"))
            found.append(
                ColumnMap(
                    str(row["from"]), name, self._one_of((*path, "unit"), row.get("unit", ""), UNITS, ""),
                    str(row.get("format", "")), tuple((str(said), str(meant)) for said, meant in values.items()),
                    self._texts((*path, "empty"), row.get("empty")),
                    self._counts((*path, "as"), row.get("as", ""), name),
                )
            )  # fmt: skip
        return found

    def _counts(self, path: tuple[str | int, ...], value: Any, field: str) -> str:
        """``days_since``, for a whole number of customers only."""
        whole = {column.name for column in columns_of(self.pack) if column.storage == "integer"}
        return str(self._one_of(path, value, ("", DAYS_SINCE) if field in whole else ("",), ""))

    def _day(self, path: tuple[str | int, ...], value: Any) -> str:
        try:
            return dt.date.fromisoformat(str(value)).isoformat() if value else ""
        except ValueError:
            self._say(path, "customers.mapping_value", key=str(path[-1]), value=str(value)[:60], have="2026-11-30")
            return ""

    def _needed(self, table: Subject, columns: Iterable[ColumnMap], constants: Mapping[str, str]) -> None:
        have = {one.field for one in columns} | set(constants)
        needed = NEEDED[table] if table != "customers" or self.pack.customers.id_column else ()
        missing = [name for name in needed if name not in have]
        if missing:
            self._say(("columns",), "customers.mapping_lacks", table=table, missing=", ".join(missing))

    def _constants(self, table: Subject, constants: Mapping[str, str]) -> None:
        allowed = [name for name in SPELLINGS if name not in (ID, "key")] if table == "events" else []
        for name in constants:
            if name not in allowed:
                self._say(("constants", name), "customers.mapping_key", key=name, have=", ".join(allowed) or "—")

    def _known(self, path: tuple[str | int, ...], told: Mapping[str, Any], keys: Sequence[str]) -> None:
        for key in told:
            if key not in keys:
                self._say((*path, str(key)), "customers.mapping_key", key=str(key), have=", ".join(keys))

    def _one_of(self, path: tuple[str | int, ...], value: Any, allowed: Sequence[str], default: str) -> Any:
        if value in allowed:
            return value
        have = ", ".join(one for one in allowed if one)
        self._say(path, "customers.mapping_value", key=str(path[-1]), value=str(value), have=have)
        return default

    def _mapping(self, path: tuple[str | int, ...], value: Any) -> Mapping[str, Any]:
        if value is None or isinstance(value, dict):
            return value or {}
        self._say(path, "customers.mapping_value", key=str(path[-1]), value=str(value)[:60], have="{…: …}")
        return {}

    def _texts(self, path: tuple[str | int, ...], value: Any) -> tuple[str, ...]:
        if value is None or isinstance(value, list):
            return tuple(str(one) for one in value or ())
        self._say(path, "customers.mapping_value", key=str(path[-1]), value=str(value)[:60], have="[…, …]")
        return ()

    def _say(self, path: tuple[str | int, ...], code: str, **params: str) -> None:
        self.wrong.append(_at(yamlfiles.line_of(self.text, path), code, **params))


_KEYS = (
    "table", "mode", "keep", "nothing", "file", "unknown", "most_rejected_pct", "as_of", "constants", "columns",
    "ignored",
)  # fmt: skip


def _at(line: int, code: str, **params: str) -> Finding:
    return Finding(code, Severity.S2, f"line {line}", params={"line": line, **params})


def _wrong(findings: list[Finding]) -> UsageError:
    return UsageError("customers.bad_mapping", tuple(findings), count=len(findings))
