"""Opening a table wherever it is, by what its first bytes say or by what its mapping says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linghang.base.errors import UsageError
from linghang.customers.arrivals.databases import forget_copy, open_server, open_sqlite
from linghang.customers.arrivals.jsonlines import open_lines
from linghang.customers.arrivals.places import SQLITE, connection_of, is_address, sqlite_path
from linghang.customers.sources import Source, Wanted, beginning, open_table
from linghang.ports.analytics import Analytics


@dataclass(frozen=True)
class Place:
    """A table: a path or a connection string, the table in a database, and where the secret is."""

    where: str
    table: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Shape:
    """How a file is written, as far as that was said (empty: as its first bytes say), and the columns that are read."""

    format: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    columns: Sequence[str] = ()
    required: Sequence[str] = ()


def open_place(engine: Analytics, institution_id: str, place: Place, shape: Shape) -> Source:
    """Open a table. With no columns named, all of them are read."""
    if is_address(place.where):
        path = sqlite_path(place.where)
        if path is None:
            connection = connection_of(place.where, place.secret)
            return _whole(open_server(engine, institution_id, connection, place.table, shape.columns), shape)
    else:
        path = Path(place.where)
    found = shape.format or format_of(path)
    if found == "sqlite" or is_address(place.where):
        return _whole(open_sqlite(path, place.table, shape.columns), shape)
    if found == "jsonl":
        return open_lines(path, shape.encoding, tuple(shape.columns))
    return open_table(path, Wanted(shape.delimiter, shape.encoding, tuple(shape.required), tuple(shape.columns)))


def format_of(path: Path) -> str:
    """What the first bytes of a file say that it is."""
    _, head = beginning(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(SQLITE):
        return "sqlite"
    return "jsonl" if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")) else "csv"


def close_place(engine: Analytics, institution_id: str, place: Place) -> None:
    """Let go of what was kept while a table was read."""
    if is_address(place.where) and sqlite_path(place.where) is None:
        forget_copy(engine, institution_id, connection_of(place.where, place.secret), place.table)


def _whole(source: Source, shape: Shape) -> Source:
    """The source, if it has what it must have."""
    missing = [name for name in shape.required if name not in source.columns]
    if missing:
        raise UsageError(
            "customers.missing_columns", path=source.name, missing=", ".join(missing),
            have=", ".join(source.columns[:40]), near="",
        )  # fmt: skip
    return source
