"""Skills that bring tables in: draft a mapping, say how good a table is, import it, tell what was imported."""

import base64
import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from linghang import packs
from linghang.access.sealing import read_bytes, size_of, write_whole
from linghang.base.digest import plain
from linghang.base.errors import ForbiddenError, RefusedError, UnavailableError, UsageError
from linghang.base.findings import Finding
from linghang.base.messages import render
from linghang.customers import hostile
from linghang.customers.arrivals import store
from linghang.customers.arrivals.bringing import bring, rejected_folder
from linghang.customers.arrivals.connections import connection_named, connection_names
from linghang.customers.arrivals.mapping import MODES, Subject, TableMap, fields_of, read, write
from linghang.customers.arrivals.opening import Place, Shape, close_place, format_of, open_place
from linghang.customers.arrivals.places import is_address
from linghang.customers.arrivals.proposing import SAMPLE, propose
from linghang.customers.arrivals.quality import look_over
from linghang.customers.arrivals.showing import examples
from linghang.customers.masking import masked_text
from linghang.customers.rejected import HEAD, NAME, rows_of
from linghang.customers.staging import Target
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack

Guess = Literal["", "customers", "holdings", "events"]


@skill(
    "data.propose",
    effect="read",
    permission="customers.import",
    cost="medium",
    example={"source": "customers.csv"},
)
def propose_mapping(
    ctx: Context,
    source: str,
    table: str = "",
    secret: str = "",
    subject: Guess = "",
    mapping: str = "",
    choices: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Look at a table (CSV, Parquet, JSON lines, a database) and draft its mapping file, to be edited and given back.

    ``table`` names the one in a database, ``secret`` where its password is (``env:NAME``, ``file:PATH``). With a
    ``mapping`` that one is looked at instead. ``choices`` (column → field, empty: leave it out) are put into it.
    """
    pack = packs.load(ctx.pack)
    place = _place(ctx, source, table, secret)
    opened = open_place(ctx.analytics, ctx.institution_id, place, _sniffed(ctx))
    wanted: Subject | None = subject or None
    form = "database" if is_address(place.where) else format_of(Path(place.where))
    given = read(mapping, pack) if mapping else None
    found = propose(pack, opened, table=wanted, format=form, given=given, choices=choices)
    close_place(ctx.analytics, ctx.institution_id, place)
    head = [
        render("customers.mapping_head", {"source": opened.name, "rows": found.rows}, ctx.locale),
        render(f"customers.mapping_modes_{found.mapped.table}", {}, ctx.locale),
    ]
    return {
        "source": opened.name,
        "subject": found.mapped.table,
        "fields": [
            {"name": name, "label": _field_label(pack, found.mapped.table, name, ctx.locale)}
            for name in fields_of(pack, found.mapped.table)
        ],
        "rows": opened.rows or found.rows,
        "whole": bool(opened.rows) or found.rows < SAMPLE,
        "mapping": write(found.mapped, found.notes, head),
        "columns": [
            {
                "column": look.name, "field": _field(found.mapped, look.name),
                "label": _label(pack, found.mapped, look.name, ctx.locale), "sure": found.sure.get(look.name, 0.0),
                "kind": look.kind, "missing": look.missing, "rows": look.rows, "distinct": look.distinct,
                "format": look.format,
            }
            for look in found.looks
        ],
        "findings": _rendered(found.findings, ctx.locale),
    }  # fmt: skip


@skill("data.examples", effect="read", permission="customers.import", cost="medium", data="rows")
def show_examples(
    ctx: Context, source: str, mapping: str, table: str = "", secret: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """For each column of a table its most frequent cells: as they are written, as they are read, and what is wrong."""
    pack = packs.load(ctx.pack)
    place = _place(ctx, source, table, secret)
    opened = open_place(ctx.analytics, ctx.institution_id, place, _sniffed(ctx))
    found = propose(pack, opened, given=read(mapping, pack), most=_LOOKED_AT)
    close_place(ctx.analytics, ctx.institution_id, place)
    shown = found.mapped.on(ctx.today)
    return {
        look.name: [
            {"text": one.text, "read": one.read, "wrong": _wrong(one.wrong, ctx.locale)}
            for one in examples(pack, shown, look, ctx.locale)
        ]
        for look in found.looks
    }


def _wrong(code: str, locale: str) -> str:
    return render(f"customers.cell.{code.partition('.')[2]}", {}, locale) if code else ""


@skill(
    "data.check",
    effect="read",
    permission="customers.import",
    cost="high",
    durable=True,
    example={"source": "customers.csv"},
)
def check_data(ctx: Context, source: str, mapping: str = "", table: str = "", secret: str = "") -> dict[str, Any]:
    """Read a whole table and say how good it is: missing, impossible, doubled and far-out values. Nothing is imported.

    ``mapping`` is the text of a mapping file, or where one is; without it the drafted one is used.
    """
    pack = packs.load(ctx.pack)
    place = _place(ctx, source, table, secret)
    mapped = _mapping(ctx, place, mapping).on(ctx.today)
    names = tuple(dict.fromkeys(one.source for one in mapped.columns))
    shape = Shape(mapped.format, mapped.encoding, mapped.delimiter, names, names)
    opened = open_place(ctx.analytics, ctx.institution_id, place, shape)
    today = (ctx.today - dt.date(1970, 1, 1)).days
    found = look_over(pack, opened, mapped, today, lambda done, of: ctx.emit("customers.checking", done, of, rows=done))
    close_place(ctx.analytics, ctx.institution_id, place)
    told: dict[str, Any] = plain(found)
    return {**told, "source": opened.name, "subject": mapped.table, "findings": _rendered(found.findings, ctx.locale)}


@skill(
    "data.import",
    effect="draft",
    permission="customers.import",
    cost="high",
    durable=True,
    example={"source": "customers.csv"},
)
def import_data(
    ctx: Context, source: str, mapping: str = "", mode: str = "", table: str = "", secret: str = ""
) -> dict[str, Any]:
    """Import customers, holdings or events from a file or a database, as a mapping says; killed, it continues.

    Every row is accepted, repeated or rejected with a reason, and rejected rows are kept in a file. ``mode``: replace,
    append or upsert customers; append or correct events.
    """
    place = _place(ctx, source, table, secret)
    mapped = _mapping(ctx, place, mapping, mode)
    done = bring(Target.of(ctx, packs.load(ctx.pack)), ctx.home, place, mapped, actor=ctx.actor.name)
    hostile.note(ctx, done.findings, done.id)
    told: dict[str, Any] = plain(done)
    return {**told, "findings": _rendered(done.findings, ctx.locale)}


@skill("data.upload", effect="draft", permission="customers.import", data="rows", cost="medium")
def upload(ctx: Context, name: str, data: str) -> dict[str, Any]:
    """Bring a file of at most 20 MB (base64) into the home's uploads; larger ones come over REST or from a database."""
    if not _FILE_NAME.fullmatch(name) or ".." in name:
        raise UsageError("files.bad_name", name=name[:120])
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise UsageError("customers.no_base64", name=name) from error
    if len(content) > _MOST_BYTES:
        raise RefusedError("files.too_large", most=_MOST_BYTES // 1_000_000)
    folder = ctx.home / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(ctx.home, folder / name, content)
    return {"name": name, "size": len(content)}


@skill("data.sources", effect="read", permission="customers.import")
def list_sources(ctx: Context) -> list[dict[str, Any]]:
    """What can be imported by name: files in the home's uploads, newest first, and databases that were named."""
    folder = ctx.home / "uploads"
    found = [path for path in folder.glob("*") if path.is_file() and not path.name.startswith(".")]
    found.sort(key=lambda path: -path.stat().st_mtime)
    uploads = [{"kind": "file", "name": path.name, "size": size_of(path)} for path in found[:100]]
    return [*uploads, *({"kind": "database", "name": name, "size": 0} for name in connection_names(ctx.home))]


_LOOKED_AT = 2_000
"""Rows of which examples are taken."""
_MOST_BYTES = 20_000_000
_FILE_NAME = re.compile(r"[\w][\w.\- ]{0,119}")


@skill("data.imports", effect="read", permission="customers.import")
def list_imports(ctx: Context, limit: int = 50) -> list[dict[str, Any]]:
    """What was imported, newest first, with its accounts."""
    return [
        {
            "id": one.id, "subject": one.subject, "source": one.source, "mode": one.mode, "state": one.state,
            "actor": one.actor, "at": one.at.isoformat(), "ended": one.ended.isoformat() if one.ended else "",
            "zone": ctx.zone,
            **{name: one.report.get(name, 0) for name in _FIGURES},
            "rejected_file": bool(one.report.get("rejected_file")),
        }
        for one in store.latest(ctx.db, ctx.institution_id, max(1, min(limit, 500)))
    ]  # fmt: skip


@skill("data.rejected", effect="read", permission="customers.import", data="rows")
def rejected_rows(ctx: Context, id: str, limit: int = 100, start: int = 0) -> dict[str, Any]:
    """The rows that an import left out, after the first ``start`` of them, each with its reason.

    Whoever brought the table sees them as they were in it; others see cells masked without the right customers.unmask.
    """
    told = store.one(ctx.db, ctx.institution_id, id)
    path = rejected_folder(ctx.home, ctx.institution_id, id) / NAME
    found = rows_of(path) if path.exists() else iter(())
    columns = next(found, [])
    start, limit = max(0, start), max(0, min(limit, 10_000))
    rows = list(itertools.islice(found, start, start + limit))
    plainly = told.actor == ctx.actor.name or "customers.unmask" in ctx.actor.rights
    return {
        "id": id, "count": int(told.report.get("rejected", 0)), "columns": columns, "masked": not plainly,
        "rows": rows if plainly else [[*row[:_TOLD], *map(masked_text, row[_TOLD:])] for row in rows],
    }  # fmt: skip


_TOLD = len(HEAD)
_FIGURES = ("rows", "accepted", "rejected", "new", "changed", "repeated", "corrected")


def _place(ctx: Context, source: str, table: str, secret: str) -> Place:
    """The table that a caller names. From elsewhere only uploads, and databases that this machine has named."""
    named = connection_named(ctx.home, source)
    if named is not None:
        return Place(named.where, table, named.secret)
    if is_address(source):
        if ctx.remote:
            raise ForbiddenError("customers.address_from_afar")
        return Place(source, table, secret)
    return Place(str(ctx.named_file(source)), table, secret)


def _sniffed(ctx: Context) -> Shape:
    table = packs.load(ctx.pack).customers
    return Shape("", table.encoding, table.delimiter)


def _mapping(ctx: Context, place: Place, mapping: str, mode: str = "") -> TableMap:
    """The mapping that was given as text or as a file, else the drafted one."""
    pack = packs.load(ctx.pack)
    if not mapping:
        opened = open_place(ctx.analytics, ctx.institution_id, place, _sniffed(ctx))
        mapped = propose(pack, opened, format="").mapped
        lacking = [one for one in ("customer_id",) if not mapped.source_of(one)]
        if lacking and pack.customers.id_column:
            raise UsageError("customers.mapping_unclear", source=opened.name, missing=", ".join(lacking))
    else:
        text = mapping if "\n" in mapping else _mapping_file(ctx, mapping)
        mapped = read(text, pack)
    if mode:
        if mode not in MODES[mapped.table]:
            raise UsageError(
                "customers.no_such_mode", mode=mode, table=mapped.table, have=", ".join(MODES[mapped.table])
            )
        mapped = replace(mapped, mode=mode)
    return mapped


def _mapping_file(ctx: Context, name: str) -> str:
    """The text of a mapping file. Raises UnavailableError("customers.no_file"), UsageError("customers.no_mapping")."""
    try:
        return read_bytes(ctx.named_file(name)).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise UsageError("customers.no_mapping", path=name[:200]) from error
        raise UnavailableError("customers.no_file", path=name[:200], reason=type(error).__name__) from error


def _field(mapped: TableMap, column: str) -> str:
    return next((one.field for one in mapped.columns if one.source == column), "")


def _label(pack: Pack, mapped: TableMap, column: str, locale: str) -> str:
    """What people call the field that a column fills."""
    name = _field(mapped, column)
    return _field_label(pack, mapped.table, name, locale) if name else ""


def _field_label(pack: Pack, subject: Subject, name: str, locale: str) -> str:
    attribute = next((one for one in pack.attributes if one.name == name and subject == "customers"), None)
    return attribute.label.of(locale) if attribute else render(f"customers.field_{name}", {}, locale)


def _rendered(findings: tuple[Finding, ...], locale: str) -> list[dict[str, Any]]:
    return [{**plain(one), "message": render(one.code, one.params, locale)} for one in findings]
