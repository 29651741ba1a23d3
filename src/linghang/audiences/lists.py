"""Lists of ids as people bring them: pasted, one a line, a column of a CSV or Parquet file."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from linghang.access.sealing import read_bytes
from linghang.base.errors import UnavailableError, UsageError

_csv: Any = pyarrow.csv  # their functions are made when they are imported, so no checker knows them
_pq: Any = pyarrow.parquet

_MAGIC = b"PAR1"
NAMES = ("customer_id", "customer", "id", "客户号", "客户编号", "客户id")
"""Headers of the column that holds ids, where none is named."""


def ids_of(path: Path | BytesIO, *, column: str = "", also: Sequence[str] = ()) -> pa.Array:
    """The ids of a file, as text, blank ones too. ``also`` are further names that a column of ids may have.

    A file of one column without a known header is taken as ids from its first line on. Raises
    UsageError("audiences.no_id_column" | "audiences.unreadable_list"), UnavailableError("customers.no_file").
    """
    name = path.name if isinstance(path, Path) else "—"
    try:
        data = read_bytes(path) if isinstance(path, Path) else path.getvalue()
        source = pa.BufferReader(data)
        table = _pq.read_table(source) if data[:4] == _MAGIC else _rows(data, column, also)
    except OSError as error:
        raise UnavailableError("customers.no_file", path=name, reason=error.strerror or str(error)) from error
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise UsageError("audiences.unreadable_list", path=name, reason=str(error)[:200]) from error
    chosen = _named(table.column_names, column, also)
    if chosen is None:
        have = ", ".join(table.column_names[:12])
        raise UsageError("audiences.no_id_column", column=column or " / ".join((*also, *NAMES[:2])), have=have)
    return table[chosen].combine_chunks()


def _rows(data: bytes, column: str, also: Sequence[str]) -> pa.Table:
    """A CSV with every column as text."""
    first = data[: max(data.find(b"\n"), 0) or len(data)].decode("utf-8-sig").rstrip("\r\n")
    heads = [head.strip().strip('"') for head in first.split(",")]
    headed = len(heads) > 1 or bool({heads[0].lower()} & {name.lower() for name in (column, *also, *NAMES)})
    names = heads if headed else ["id"]
    return _csv.read_csv(
        pa.BufferReader(data),
        read_options=_csv.ReadOptions(column_names=names, skip_rows=1 if headed else 0),
        parse_options=_csv.ParseOptions(ignore_empty_lines=False),
        convert_options=_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )


def _named(have: Sequence[str], column: str, also: Sequence[str]) -> str | None:
    wanted = [column] if column else [*also, *NAMES]
    by_name = {name.strip().lower(): name for name in have}
    found = next((by_name[name.lower()] for name in wanted if name.lower() in by_name), None)
    return found or (have[0] if len(have) == 1 and not column else None)
