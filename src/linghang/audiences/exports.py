"""Snapshots for others: members as Parquet, CSV or a portable roaring bitmap, with a hash of who is in it.

The content hash is that of ``snapshots``: equal members have one hash in every form, whoever writes them and when.
"""

import csv
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from linghang.audiences.index.bits import Numbers, of_numbers
from linghang.audiences.index.running import as_roaring
from linghang.base.cells import cell
from linghang.base.digest import digest_bytes
from linghang.base.errors import UnavailableError

pq: Any = pyarrow.parquet  # it is untyped

Form = Literal["parquet", "csv", "bitmap"]
Ids = Callable[[Numbers], pa.Array]
"""External ids of dense numbers, in their order (``customers.Numbers.texts``)."""
_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Export:
    """A file of members. ``content`` is the hash of the members, the same in every form."""

    path: Path
    form: Form
    customers: int
    bytes: int
    content: str


def content_of(members: Numbers) -> str:
    """The hash of ascending members."""
    return digest_bytes(np.ascontiguousarray(members, "<u4").tobytes())


def export(members: Numbers, path: Path, form: Form, ids: Ids) -> Export:
    """Write ascending members to a file, whole or not at all.

    Parquet and CSV hold external ids (``customer_id``); Parquet also the hash, in its metadata. A bitmap holds dense
    numbers: it is for the index and for the engine, not for people. Raises UnavailableError("files.not_written").
    """
    content = content_of(members)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _WRITERS[form](members, draft, ids, content)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    except OSError as error:
        raise UnavailableError("files.not_written", path=str(path), reason=str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    return Export(path, form, len(members), path.stat().st_size, content)


def _parts(members: Numbers, ids: Ids) -> Iterator[pa.Array]:
    for start in range(0, len(members), _AT_ONCE):
        yield ids(members[start : start + _AT_ONCE])


def _parquet(members: Numbers, path: Path, ids: Ids, content: str) -> None:
    schema = pa.schema([("customer_id", pa.string())], {"content": content, "customers": str(len(members))})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in _parts(members, ids):
            writer.write_table(pa.table([part], schema=schema))


def _csv(members: Numbers, path: Path, ids: Ids, content: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id"])
        for part in _parts(members, ids):
            writer.writerows([cell(str(id))] for id in part.to_pylist())


def _bitmap(members: Numbers, path: Path, ids: Ids, content: str) -> None:
    last = int(members[-1]) if len(members) else 0
    path.write_bytes(as_roaring(of_numbers(members, last // 64 + 1)).data)


_WRITERS: dict[Form, Callable[[Numbers, Path, Ids, str], None]] = {
    "parquet": _parquet, "csv": _csv, "bitmap": _bitmap,
}  # fmt: skip
