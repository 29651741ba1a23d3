"""The rows that an import left out, in a file that can be mended and brought again: row, reason, column, cells.

A part a block, each written whole or not at all, so that a killed import has exactly the parts of the blocks that it
finished; at the end they become one file.
"""

import csv
import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from linghang.base.errors import UnavailableError
from linghang.kit import files

HEAD = ("row", "reason", "column")
NAME = "rejected.csv"


@dataclass(frozen=True)
class RejectedRows:
    """Where the rows that an import leaves out are kept."""

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
            files.write_whole(head, csv_line([*HEAD, *columns]))
        files.write_whole(self.folder / f"{part}.part", text.getvalue().encode())

    def forget(self, parts: str) -> None:
        """Drop the parts of a pattern: they will be written anew."""
        for part in self.folder.glob(f"{parts}.part"):
            part.unlink()

    def gather(self) -> Path | None:
        """Put the parts together into one file with a header, and drop them; None where nothing was left out."""
        target = self.folder / NAME
        parts = sorted(self.folder.glob("*.part"))
        if not any(part.stat().st_size for part in parts):
            return target if target.exists() else None
        draft = self.folder / ".rejected.draft"
        try:
            with draft.open("wb") as whole:
                # The mark lets spreadsheets see that it is UTF-8.
                whole.write(b"\xef\xbb\xbf" + (self.folder / "columns").read_bytes())
                for part in parts:
                    with part.open("rb") as one:
                        shutil.copyfileobj(one, whole)
            draft.replace(target)
        except OSError as error:
            raise UnavailableError("files.not_written", path=str(target), reason=str(error)) from error
        for part in parts:
            part.unlink()
        return target


def erase_lines(folder: Path, customer: str) -> int:
    """Take the lines that hold an id out of every file of an institution's imports; returns how many there were."""
    gone = 0
    for path in sorted(folder.glob(f"*/{NAME}")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            if not any(customer in line for line in file):
                continue
        draft = path.with_name(".rejected.draft")
        with (
            path.open(encoding="utf-8-sig", newline="") as file,
            draft.open("w", encoding="utf-8-sig", newline="") as new,
        ):
            writer = csv.writer(new, lineterminator="\n")
            for row in csv.reader(file):
                # A row that could not be read is one cell: the id stands somewhere in it.
                if any(cell == customer for cell in row[3:]) or (len(row) == 4 and customer in row[3]):
                    gone += 1
                else:
                    writer.writerow(row)
        draft.replace(path)
    return gone


def erase_uploads(folder: Path, customer: str) -> int:
    """Delete every upload that holds an id: brought again it would bring the person back. Returns how many."""
    gone = 0
    for path in sorted(folder.glob("*")) if folder.exists() else ():
        if path.is_file() and _holds(path, customer):
            path.unlink()
            gone += 1
    return gone


def _holds(path: Path, customer: str) -> bool:
    if path.suffix == ".parquet":
        try:
            table = pyarrow.parquet.read_table(path)
        except (OSError, pa.ArrowException):
            return False
        return any(customer in {str(one) for one in column.to_pylist()} for column in table.columns)
    with path.open("rb") as file:
        return re.search(rb"(?<![\w-])" + re.escape(customer.encode()) + rb"(?![\w-])", file.read()) is not None


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
