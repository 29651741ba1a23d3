"""Tables as they arrive: CSV in whatever encoding and delimiter, or Parquet; read in blocks, in bounded memory.

A cell that is not text in the file's encoding does not end the reading: it comes as U+FFFD, and its row is rejected.
"""

import codecs
import csv
import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from rapidfuzz import process

from linghang.access.sealing import open_file, size_of
from linghang.base.errors import UnavailableError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.customers.model import Rejection

_HEAD = 1 << 20
BLOCK = 8 << 20
"""Bytes that are read at a time."""
_PARQUET_ROWS = 100_000
_DELIMITERS = (",", ";", "\t", "|")
_OTHER_ENCODINGS = ("gb18030", "utf-16", "big5")
_KEPT_EXAMPLES = 5
_MOST_RAGGED = 1_000_000
_LONGEST_LINE = 10_000
_MOST_BROKEN = 1000
"""Of so many characters one may be no text."""
BROKEN = "\ufffd"
"""What stands where bytes are no text."""


@dataclass(frozen=True)
class Wanted:
    """What a table should look like: how it is written, and the source columns that are asked for."""

    delimiter: str
    encoding: str
    required: tuple[str, ...]
    columns: tuple[str, ...]
    """Those that are read where they are there; with none named, all are."""


@dataclass
class Ragged:
    """Rows that cannot be read at all, noted while the blocks are read: cells more or less than the header, no JSON.

    Data rows count from 1. ``kept`` are those that nobody has taken yet, with their text.
    """

    rows: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    kept: list[tuple[int, str, str]] = field(default_factory=list)

    def note(self, row: pacsv.InvalidRow) -> str:
        """Note a row of a CSV file and leave it out."""
        # The header is physical row 1.
        return "skip" if self.add((row.number or 1) - 1, row.text, "customers.ragged_row") else "error"

    def add(self, number: int, text: str, code: str) -> bool:
        """Note a row; False when there are so many that the table is not one of this kind."""
        self.rows.append(number)
        self.counts[code] = self.counts.get(code, 0) + 1
        shown = self.examples.setdefault(code, [])
        if len(shown) < _KEPT_EXAMPLES:
            shown.append((number, text[:80]))
        self.kept.append((number, code, text[:_LONGEST_LINE]))
        return len(self.rows) <= _MOST_RAGGED

    def take(self) -> list[tuple[int, str, str]]:
        """(row, reason, text) of the rows noted since the last taking."""
        taken, self.kept = self.kept, []
        return taken

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """What was noted, by reason."""
        return tuple(Rejection(code, "", n, tuple(self.examples[code])) for code, n in self.counts.items())

    def numbers(self, passed: int, count: int) -> np.ndarray:
        """Row numbers in the file of the next ``count`` whole rows after ``passed`` of them."""
        ordinal = np.arange(passed + 1, passed + count + 1)
        whole_before = np.asarray(self.rows, np.int64) - 1 - np.arange(len(self.rows))
        return ordinal + np.searchsorted(whole_before, ordinal, side="left")


@dataclass(frozen=True)
class Source:
    """An opened table: the columns that were asked for and are there, and its blocks in order.

    ``fingerprint`` is equal for equal files; ``blocks`` starts from the first row each time it is called.
    """

    name: str
    fingerprint: str
    columns: tuple[str, ...]
    blocks: Callable[[Ragged], Iterator[pa.RecordBatch]]
    findings: tuple[Finding, ...] = ()
    size: int = 0
    rows: int = 0
    """How many rows there are, where that is known before they are read."""


def open_table(path: Path, wanted: Wanted) -> Source:
    """Open a CSV or Parquet file.

    Raises UnavailableError("customers.no_file"), UsageError("customers.empty_file" | "customers.bad_encoding" |
    "customers.missing_columns" | "customers.repeated_columns" | "customers.bad_parquet").
    """
    size, head = beginning(path)
    if head.startswith(b"PAR1"):
        return _parquet(path, size, wanted)
    return _csv(path, size, head, wanted)


def beginning(path: Path) -> tuple[int, bytes]:
    """The size of a file and its first bytes.

    Raises UnavailableError("customers.no_file"), UsageError("customers.empty_file").
    """
    try:
        size = size_of(path)
        with open_file(path) as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UnavailableError("customers.no_file", path=str(path), reason=error.strerror or str(error)) from error
    if not head.strip(b"\r\n\t \xef\xbb\xbf\x00"):
        raise UsageError("customers.empty_file", path=str(path))
    return size, head


def texts(path: Path, encoding: str) -> Iterator[str]:
    """A file's text in pieces, whatever it is written in; bytes that are no text become ``BROKEN``."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with open_file(path) as file:
        while data := file.read(BLOCK):
            yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


class _Recoded(io.RawIOBase):
    """A file's text as UTF-8."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._texts = texts(path, encoding)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            text = next(self._texts, None)
            if text is None:
                return 0
            self._rest = memoryview(text.encode("utf-8", "replace"))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _chosen(header: Sequence[str], wanted: Wanted) -> tuple[str, ...]:
    return tuple(name for name in wanted.columns or header if name in header)


def _csv(path: Path, size: int, head: bytes, wanted: Wanted) -> Source:
    encoding, findings = _encoding(path, head, size, wanted)
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(head).lstrip("\ufeff")
    delimiter, header = _delimiter(text, wanted)
    if delimiter != wanted.delimiter:
        findings.append(_told("customers.other_delimiter", path, declared=wanted.delimiter, found=delimiter))
    _check_header(path, header, wanted)
    columns = _chosen(header, wanted)
    parse = {"delimiter": delimiter, "quote_char": '"', "double_quote": True, "newlines_in_values": True}
    read = pacsv.ReadOptions(use_threads=False, block_size=BLOCK)
    convert = pacsv.ConvertOptions(
        column_types={name: pa.string() for name in header},
        include_columns=list(columns),
        strings_can_be_null=False,
        quoted_strings_can_be_null=False,
    )

    def blocks(ragged: Ragged) -> Iterator[pa.RecordBatch]:
        options = pacsv.ParseOptions(**parse, invalid_row_handler=ragged.note)
        try:
            # The buffer fills every read: the parser takes a short one for a block of its own, and stumbles over it.
            with (
                io.BufferedReader(_Recoded(path, encoding), BLOCK) as file,
                pacsv.open_csv(file, read, options, convert) as reader,
            ):
                yield from (_unmarked(batch) for batch in reader)
        except (pa.ArrowInvalid, UnicodeError) as error:
            raise UsageError("customers.unreadable", path=str(path), reason=str(error)[:300]) from error

    return Source(path.name, fingerprint(path, size, head), columns, blocks, tuple(findings), size)


def _unmarked(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.rename_columns([name.lstrip("\ufeff") for name in batch.schema.names])


def _encoding(path: Path, head: bytes, size: int, wanted: Wanted) -> tuple[str, list[Finding]]:
    declared = (
        "utf-8" if wanted.encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig") else wanted.encoding
    )
    marked = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else declared
    for encoding in dict.fromkeys((marked, declared, "utf-8", *_OTHER_ENCODINGS)):
        if not _decodes(head, encoding, whole=len(head) == size):
            continue
        if encoding == declared:
            return encoding, []
        text = codecs.getincrementaldecoder(encoding)("ignore").decode(head)
        # Almost any bytes decode as something: another encoding is believed only if the header then makes sense.
        if set(wanted.required or wanted.columns[:1]) <= set(_delimiter(text, wanted)[1]) and _plausible(text):
            return encoding, [_told("customers.other_encoding", path, declared=declared, found=encoding)]
    for encoding in dict.fromkeys((declared, "utf-8", "gb18030")):
        # A few cells that are no text are rows to reject; a file full of them is in another encoding.
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        if text.count(BROKEN) * _MOST_BROKEN <= len(text) and _plausible(text):
            return encoding, [_told("customers.broken_cells", path, found=encoding)]
    raise UsageError("customers.bad_encoding", path=str(path), declared=declared, line=_bad_line(head, declared))


def _plausible(text: str) -> bool:
    """Whether decoded text is what people write: next to no private or unassigned characters."""
    sample = text[:20_000]
    odd = sum(unicodedata.category(letter) in ("Co", "Cn", "Cc") and letter not in "\r\n\t" for letter in sample)
    return odd * 200 <= len(sample)


def _decodes(head: bytes, encoding: str, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=whole)
    except (UnicodeError, LookupError):
        return False
    return True


def _bad_line(head: bytes, encoding: str) -> int:
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        return head[: error.start].count(b"\n") + 1
    except LookupError:
        return 0
    return 0


def _delimiter(text: str, wanted: Wanted) -> tuple[str, list[str]]:
    """The declared delimiter, unless the header has wanted columns only with another one."""
    found: dict[str, list[str]] = {}
    for delimiter in dict.fromkeys((wanted.delimiter, *_DELIMITERS)):
        rows = csv.reader(text.splitlines()[:1], delimiter=delimiter)
        found[delimiter] = [name.strip() for name in next(rows, [])]
    if not wanted.columns and not wanted.required:
        # Nothing is expected of the table: what cuts its header into most columns is what it is cut by.
        widest = max(found, key=lambda delimiter: len(found[delimiter]))
        return widest, found[widest]
    best = max(found, key=lambda delimiter: len(set(found[delimiter]) & {*wanted.columns, *wanted.required}))
    least = len(set(found[wanted.delimiter]) & {*wanted.columns, *wanted.required})
    most = len(set(found[best]) & {*wanted.columns, *wanted.required})
    chosen = best if most > least else wanted.delimiter
    return chosen, found[chosen]


def _check_header(path: Path, header: Sequence[str], wanted: Wanted) -> None:
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise UsageError("customers.repeated_columns", path=str(path), columns=", ".join(repeated))
    missing = [name for name in wanted.required if name not in header]
    if missing or (wanted.columns and not set(wanted.columns) & set(header)):
        asked = missing or list(wanted.columns)
        near = {
            name: match[0]
            for name in asked
            if (match := process.extractOne(name, list(header), score_cutoff=60)) is not None
        }
        raise UsageError(
            "customers.missing_columns",
            path=str(path),
            missing=", ".join(asked[:12]),
            have=", ".join(header[:40]),
            near=", ".join(f"{name} → {found}" for name, found in near.items()),
        )


def _parquet(path: Path, size: int, wanted: Wanted) -> Source:
    try:
        with open_file(path) as opened, pq.ParquetFile(opened) as file:
            header, rows = file.schema_arrow.names, file.metadata.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise UsageError("customers.bad_parquet", path=str(path), reason=str(error)[:300]) from error
    if not rows:
        raise UsageError("customers.empty_file", path=str(path))
    _check_header(path, header, wanted)
    columns = _chosen(header, wanted)

    def blocks(_ragged: Ragged) -> Iterator[pa.RecordBatch]:
        try:
            with open_file(path) as opened, pq.ParquetFile(opened) as file:
                yield from file.iter_batches(_PARQUET_ROWS, columns=list(columns))
        except (pa.ArrowInvalid, OSError) as error:
            raise UsageError("customers.bad_parquet", path=str(path), reason=str(error)[:300]) from error

    with open_file(path) as opened:
        head = opened.read(_HEAD)
    return Source(path.name, fingerprint(path, size, head), columns, blocks, (), size, rows)


def fingerprint(path: Path, size: int, head: bytes) -> str:
    """What is equal for equal files: size, time of the last change, beginning and end."""
    told = hashlib.sha256(f"{size}:{path.stat().st_mtime_ns}:".encode() + head)
    with open_file(path) as file:
        file.seek(max(size - _HEAD, 0))
        told.update(file.read(_HEAD))
    return told.hexdigest()


def _told(code: str, path: Path, **params: str) -> Finding:
    return Finding(code, Severity.S4, path.name, params={"path": path.name, **params})
