"""Tables of databases: PostgreSQL and MySQL through the engine's own connectors, SQLite by Python's.

The engine copies a table once, at one moment, beside its own; blocks are read from that copy, so that an import that
was killed continues on the same rows. The engine's connector to SQLite makes 0 of a text in a column of numbers: that
would be a wrong value that nobody sees, so SQLite is read here.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute

from linghang.access import secret as secrets
from linghang.access.sealing import is_sealed, read_bytes
from linghang.base.digest import digest
from linghang.base.errors import LinghangError, UnavailableError, UsageError
from linghang.customers import store
from linghang.customers.arrivals.places import SQLITE, Connection
from linghang.customers.sources import BROKEN, Ragged, Source, beginning, fingerprint
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_ROWS_AT_ONCE = 50_000
_PLACE = "_place_"


def open_sqlite(path: Path, table: str, columns: Sequence[str] = ()) -> Source:
    """Open a table or view of an SQLite file, read-only.

    Raises UsageError("customers.no_sqlite" | "customers.no_table").
    """
    size, head = beginning(path)
    if not head.startswith(SQLITE):
        raise UsageError("customers.no_sqlite", path=path.name)
    with closing(_connected(path)) as connection:
        have = _columns(connection, path, table)
        rows = int(connection.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0])
    chosen = tuple(name for name in columns or have if name in have)

    def blocks(_ragged: Ragged) -> Iterator[pa.RecordBatch]:
        with closing(_connected(path)) as connection:
            # One reading sees one state of the file, whoever writes to it meanwhile.
            connection.execute("BEGIN")
            cursor = connection.execute(f"SELECT {', '.join(map(_quoted, chosen))} FROM {_quoted(table)}")
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                cells = zip(*rows, strict=True)
                yield pa.record_batch(
                    {
                        name: pa.array(map(_text, column), pa.string())
                        for name, column in zip(chosen, cells, strict=True)
                    }
                )

    journal = path.with_name(f"{path.name}-wal")
    written = f"{journal.stat().st_size}:{journal.stat().st_mtime_ns}" if journal.exists() else ""
    mark = hashlib.sha256(f"{fingerprint(path, size, head)}:{written}:{table}".encode()).hexdigest()
    return Source(f"{path.name}/{table}", mark, chosen, blocks, (), size, rows)


def _connected(path: Path) -> sqlite3.Connection:
    if is_sealed(path):
        # SQLite reads files, and a file of it in clear is what must not be: an upload is opened in memory, where the
        # most that an upload may be bounds it.
        connection = sqlite3.connect(":memory:")
        data = bytearray(read_bytes(path))
        # A database that was closed in WAL mode wants a log beside it, which memory has none of (file format, 1.3).
        data[18:20] = b"\x01\x01"
        connection.deserialize(bytes(data))
    else:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _columns(connection: sqlite3.Connection, path: Path, table: str) -> tuple[str, ...]:
    try:
        there = [
            str(row[0])
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
        ]
        chosen = table or (there[0] if len(there) == 1 else "")
        if chosen not in there or not table:
            raise UsageError("customers.no_table", table=table or "—", have=", ".join(there[:40]) or "—")
        return tuple(str(row[1]) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})"))
    except sqlite3.DatabaseError as error:
        raise UsageError("customers.no_sqlite", path=path.name) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return BROKEN if isinstance(value, bytes) else repr(value)


def open_server(
    engine: Analytics, institution_id: str, connection: Connection, table: str, columns: Sequence[str] = ()
) -> Source:
    """Open a table of a server: it is copied beside the engine's own, unless an interrupted import left the copy.

    Raises UnavailableError("customers.database_failed"), UsageError("customers.no_table").
    """
    if not table:
        raise UsageError("customers.no_table", table="—", have="—")
    copy = _name(institution_id, connection, table)
    if not engine.query("EXISTS TABLE " + _seal(copy))["result"][0].as_py():
        _copy(engine, copy, connection, table)
    shape = engine.query(f"DESCRIBE TABLE {copy}").select(["name", "type"]).to_pylist()
    have = [row["name"] for row in shape if row["name"] != _PLACE]
    local = {row["name"] for row in shape if "DateTime" in row["type"] and "'" not in row["type"]}
    chosen = tuple(name for name in columns or have if name in have)
    told = engine.query(f"SELECT count() AS n, sum(cityHash64(toString(tuple(*)))) AS mark FROM {copy}").to_pylist()[0]

    def blocks(_ragged: Ragged) -> Iterator[pa.RecordBatch]:
        names = ", ".join(f"`{name}`" for name in chosen)
        for start in range(0, int(told["n"]), _ROWS_AT_ONCE):
            part = engine.query(
                f"SELECT {names} FROM {copy} WHERE {_PLACE} >= {{a:UInt64}} AND {_PLACE} < {{b:UInt64}} "
                f"ORDER BY {_PLACE}",
                {"a": start, "b": start + _ROWS_AT_ONCE},
            )
            for name in local & set(chosen):
                part = part.set_column(part.column_names.index(name), name, _wall_clock(part[name]))
            yield part.combine_chunks().to_batches(max_chunksize=_ROWS_AT_ONCE)[0]

    mark = digest((connection.name, table, int(told["n"]), str(told["mark"])))
    return Source(f"{connection.name}/{table}", mark, chosen, blocks, (), 0, int(told["n"]))


def _wall_clock(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times that the server keeps without a zone: what the clock showed, and nothing of where it hung."""
    return pc.local_timestamp(cells) if pa.types.is_timestamp(cells.type) and cells.type.tz else cells


def forget_copy(engine: Analytics, institution_id: str, connection: Connection, table: str) -> None:
    """Drop the copy of a table whose import has ended."""
    copy = _name(institution_id, connection, table)
    for name in (_seal(copy), copy):
        engine.execute(f"DROP TABLE IF EXISTS {name}")


def _name(institution_id: str, connection: Connection, table: str) -> str:
    return store.table_name("copy", institution_id)[:-1] + f":{digest((connection.name, table))[:16]}`"


def _seal(copy: str) -> str:
    """An empty table that says that a copy is whole. A cluster does not rename, so that a draft cannot become it."""
    return copy[:-1] + ":whole`"


def _copy(engine: Analytics, copy: str, connection: Connection, table: str) -> None:
    word = secrets.resolve(connection.secret) if connection.secret else ""
    schema, _, name = table.rpartition(".")
    params = {
        "address": f"{connection.host}:{connection.port}", "database": connection.database, "name": name,
        "user": connection.user, "word": word, "schema": schema or "public",
    }  # fmt: skip
    more = ", {schema:String}" if connection.kind == "postgresql" else ""
    told = "{address:String}, {database:String}, {name:String}, {user:String}, {word:String}"
    there = f"{connection.kind}({told}{more})"
    try:
        engine.execute(f"DROP TABLE IF EXISTS {copy}")
        zoned = _zoned(engine, connection, params)
        # An instant is marked as one, so that it is told from a time without a zone.
        marked = ", ".join(f"toTimeZone(`{column}`, 'UTC') AS `{column}`" for column in zoned)
        every = f"* REPLACE ({marked})" if marked else "*"
        rows = f"SELECT rowNumberInAllBlocks() AS {_PLACE}, {every} FROM {there}"
        shape = engine.query(f"DESCRIBE TABLE ({rows})", params).select(["name", "type"]).to_pylist()
        columns = ", ".join(f"`{one['name']}` {one['type']}" for one in shape)
        engine.execute(f"CREATE TABLE {copy} ({columns}) ENGINE = MergeTree ORDER BY {_PLACE}")
        # In one statement: the server is read once, so the copy is one state of the table.
        engine.execute(f"INSERT INTO {copy} {rows} SETTINGS max_threads = 1, max_insert_threads = 1", params)
        engine.execute(f"CREATE TABLE {_seal(copy)} (whole UInt8) ENGINE = MergeTree ORDER BY whole")
    except LinghangError as error:
        reason = str(error.params.get("reason", ""))
        told = reason.replace(word, "***") if word else reason
        raise UnavailableError(
            "customers.database_failed", database=connection.name, table=table, reason=told[:300]
        ) from None


def _zoned(engine: Analytics, connection: Connection, params: Mapping[str, str]) -> list[str]:
    """The columns of instants: of the two kinds of times that PostgreSQL has, those that know their zone."""
    if connection.kind != "postgresql":
        return []
    found = engine.query(
        "SELECT column_name AS name FROM postgresql({address:String}, {database:String}, 'columns', {user:String}, "
        "{word:String}, 'information_schema') WHERE table_schema = {schema:String} AND table_name = {name:String} "
        "AND data_type = 'timestamp with time zone'",
        params,
    )
    return [str(name) for name in found["name"].to_pylist()] if found.num_rows else []
