"""Word, PDF and Excel files as plain text with headings: a page or a sheet is a section, so a quote has its place.

All are read with limits: a packed file that would unfold to far more than it is, and pages or rows without end, are
refused before they are read.
"""

import re
import zipfile
from pathlib import Path
from typing import BinaryIO

import docx as word
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from linghang.base.errors import UsageError
from linghang.knowledge.model import Document

MOST = 20_000_000
"""Bytes of text or of unpacked parts of one file."""
MOST_PAGES, MOST_ROWS = 1000, 20_000
_RATIO = 200


def docx(file: BinaryIO, name: str, source: str) -> Document:
    """Paragraphs and tables of a Word file in their order; the styles Heading 1 … 6 (标题) become headings.

    A table's rows are told with the names of its columns. Raises UsageError for a file that is no Word file.
    """
    unfolds(file, source)
    try:
        book = word.Document(file)
        lines = [line for part in book.iter_inner_content() for line in _lines_of(part)]
        title = str(book.core_properties.title or "").strip()
    except (OpcError, LxmlError, ValueError, KeyError, AttributeError) as error:
        raise UsageError("knowledge.bad_document", source=source, reason=str(error)[:200]) from error
    first = next((line.lstrip("# ") for line in lines if line.strip()), Path(name).stem)
    return Document(source, (title or first)[:60], "\n".join(lines) + "\n")


def _lines_of(part: Paragraph | Table) -> list[str]:
    if isinstance(part, Table):
        rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in part.rows]
        return told_rows(rows)
    style = part.style.name if part.style is not None else ""
    level = re.search(r"(?:heading|标题)\s*([1-6])", style or "", re.I)
    return [f"{'#' * int(level[1])} {part.text}" if level and part.text else part.text]


def told_rows(rows: list[list[str]]) -> list[str]:
    """The rows of a table below its first, each cell with the name of its column."""
    if not rows:
        return []
    names = rows[0]
    lines = [
        "；".join(f"{names[n]}：{cell}" if n < len(names) and names[n] else cell for n, cell in enumerate(row) if cell)
        for row in rows[1:]
    ]
    return [f"{line}。" for line in lines if line]


def pdf(file: BinaryIO, name: str, source: str) -> Document:
    """The words of a PDF, a section a page. Raises UsageError for one that is locked, broken or has no words."""
    try:
        reader = PdfReader(file)
        if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
            raise UsageError("knowledge.bad_document", source=source, reason="encrypted, or too many pages")
        parts: list[str] = []
        size = 0
        for number, page in enumerate(reader.pages, 1):
            words = page.extract_text().strip()
            size += len(words)
            if size > MOST:
                raise UsageError("knowledge.too_large", source=source, most=MOST // 1_000_000)
            if words:
                parts.append(f"## p. {number}\n{words}\n")
        title = str((reader.metadata.title if reader.metadata else "") or Path(name).stem)
    except (PyPdfError, ValueError, KeyError, RecursionError, OverflowError) as error:
        raise UsageError("knowledge.bad_document", source=source, reason=str(error)[:200]) from error
    if not parts:
        raise UsageError("knowledge.bad_document", source=source, reason="no words (a scan?)")
    return Document(source, title, "\n".join(parts))


def xlsx(file: BinaryIO, name: str, source: str) -> Document:
    """The rows of an Excel file, a section a sheet, each cell with the name of its column."""
    unfolds(file, source)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        parts: list[str] = []
        for sheet in book.worksheets:
            rows = [[("" if cell is None else str(cell)) for cell in row]
                    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=100, values_only=True)]  # fmt: skip
            if rows:
                parts.append(f"## {sheet.title}\n" + "\n".join(told_rows(rows)) + "\n")
        book.close()
    except (InvalidFileException, LxmlError, ValueError, KeyError, OSError) as error:
        raise UsageError("knowledge.bad_document", source=source, reason=str(error)[:200]) from error
    return Document(source, Path(name).stem, "\n".join(parts))


def unfolds(file: BinaryIO, source: str) -> None:
    """Refuse a packed file whose parts would unfold to more than ``MOST`` bytes, or suspiciously much.

    Raises UsageError("knowledge.too_large" | "knowledge.bad_document").
    """
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as error:
        raise UsageError("knowledge.bad_document", source=source, reason=str(error)) from error
    whole = sum(part.file_size for part in parts)
    bomb = any(part.file_size > 1_000_000 and part.file_size > _RATIO * max(part.compress_size, 1) for part in parts)
    if whole > MOST or bomb or len(parts) > 5000:
        raise UsageError("knowledge.too_large", source=source, most=MOST // 1_000_000)
