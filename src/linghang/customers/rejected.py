"""The rows that an import left out, in a file that can be mended and brought again: row, reason, column, cells.

A part a block, each written whole or not at all, so that a killed import has exactly the parts of the blocks that it
finished; at the end they become one file.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from linghang.access.sealing import open_file, read_bytes, size_of, write_whole, writing
from linghang.base.messages import catalogue, render

HEAD = ("row", "reason", "column")
NAME = "rejected.csv"
_STEP = 1 << 20
_ROWS = 20_000
_WIDTH = 2
_BESIDE = {
    "utf-8": (re.compile(rb"[\w-]\Z"), re.compile(rb"[\w-]")),
    "utf-16-le": (re.compile(rb"[\w-]\0\Z"), re.compile(rb"[\w-]\0")),
    "utf-16-be": (re.compile(rb"\0[\w-]\Z"), re.compile(rb"\0[\w-]")),
}
"""What within so many bytes before and after an id makes it a part of a longer word, by encoding."""


@dataclass(frozen=True)
class RejectedRows:
    """Where the rows that an import leaves out are kept, sealed."""

    home: Path
    folder: Path

    def keep(self, part: str, columns: Sequence[str], lines: Sequence[tuple[int, str, str, Sequence[str]]]) -> None:
        """Write a part anew: (row, reason, column, cells) of every row that was left out of it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row, reason, column, cells in lines:
            writer.writerow([row, reason, column, *cells])
        head = self.folder / "columns"
        if not head.exists():
            write_whole(self.home, head, csv_line([*HEAD, *columns]))
        write_whole(self.home, self.folder / f"{part}.part", text.getvalue().encode())

    def forget(self, parts: str) -> None:
        """Drop the parts of a pattern: they will be written anew."""
        for part in self.folder.glob(f"{parts}.part"):
            part.unlink()

    def gather(self) -> Path | None:
        """Put the parts together into one file with a header, and drop them; None where nothing was left out."""
        target = self.folder / NAME
        parts = sorted(self.folder.glob("*.part"))
        if not any(size_of(part) for part in parts):
            return target if target.exists() else None
        with writing(self.home, target) as whole:
            # The mark lets spreadsheets see that it is UTF-8.
            whole.write(b"\xef\xbb\xbf" + read_bytes(self.folder / "columns"))
            for part in parts:
                with open_file(part) as one:
                    while data := one.read(_STEP):
                        whole.write(data)
        for part in parts:
            part.unlink()
        return target


def rows_of(path: Path) -> Iterator[list[str]]:
    """The header and the rows of a file of rejected rows."""
    with open_file(path) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        yield from csv.reader(text)


def reason_in_words(code: str, locale: str) -> str:
    """Why a row was left out, as who mends it reads it; a code without a sentence stays."""
    told = f"customers.cell.{code.rpartition('.')[2]}"
    return render(told, {}, locale) if told in catalogue() else code


def erase_lines(home: Path, folder: Path, customer: str) -> int:
    """Take the lines that hold an id out of every file of an institution's imports; returns how many there were."""
    gone = 0
    for path in sorted(folder.glob(f"*/{NAME}")):
        theirs = sum(_of(row, customer) for row in rows_of(path))
        if not theirs:
            continue
        with writing(home, path) as new:
            new.write(b"\xef\xbb\xbf")
            for row in rows_of(path):
                if not _of(row, customer):
                    new.write(csv_line(row))
        gone += theirs
    return gone


def _of(row: Sequence[str], customer: str) -> bool:
    # A row that could not be read is one cell: the id stands somewhere in it.
    return any(cell == customer for cell in row[3:]) or (len(row) == 4 and customer in row[3])


def erase_uploads(folder: Path, customer: str) -> int:
    """Delete every upload that holds an id: brought again it would bring the person back. Returns how many."""
    gone = 0
    for path in sorted(folder.glob("*")) if folder.exists() else ():
        if path.is_file() and _holds(path, customer):
            path.unlink()
            gone += 1
    return gone


def _holds(path: Path, customer: str) -> bool:
    with open_file(path) as file:
        if file.read(4) == b"PAR1":
            try:
                opened = pyarrow.parquet.ParquetFile(file)
                batches = opened.iter_batches(_ROWS)
                return any(customer in map(str, cells.to_pylist()) for batch in batches for cells in batch.columns)
            except (OSError, pa.ArrowException):
                return False
        file.seek(0)
        return _stands(file, customer)


def _stands(file: BinaryIO, customer: str) -> bool:
    """Whether an id stands by itself anywhere in a file, in UTF-8 (and what holds ASCII as it does) or in UTF-16."""
    needles = [(customer.encode(code), *_BESIDE[code]) for code in _BESIDE]
    # Two parts overlap by the id and by what must stand beside it, so that a cut never makes a word of a part of one.
    overlap = max(len(needle) for needle, _, _ in needles) + 2 * _WIDTH
    whole, first = file.read(_STEP), True
    while whole:
        more = file.read(_STEP)
        for needle, before, after in needles:
            place = whole.find(needle)
            while place >= 0:
                end = place + len(needle)
                seen = (first or place >= _WIDTH) and (not more or end <= len(whole) - _WIDTH)
                alone = not before.search(whole[max(place - _WIDTH, 0) : place]) and not after.match(
                    whole[end : end + _WIDTH]
                )
                if seen and alone:
                    return True
                place = whole.find(needle, place + 1)
        whole, first = (whole[-overlap:] + more, first and len(whole) <= overlap) if more else (b"", False)
    return False


def csv_line(cells: Sequence[str]) -> bytes:
    """One line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def lines_of(
    batch: pa.RecordBatch, numbers: np.ndarray, told: Sequence[tuple[str, str, np.ndarray]]
) -> list[tuple[int, str, str, Sequence[str]]]:
    """The lines of a block's rejected rows, from (reason, column, places) of each."""
    found: list[tuple[int, str, str, Sequence[str]]] = []
    for reason, column, places in told:
        rows = batch.take(pa.array(places)).to_pylist()
        found.extend(
            (int(numbers[place]), reason, column, [_cell(value) for value in row.values()])
            for place, row in zip(places, rows, strict=True)
        )
    return sorted(found, key=lambda line: line[0])


def _cell(value: object) -> str:
    if value is None:
        return ""
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
