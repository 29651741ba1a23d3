"""The words of a PDF by its fonts' own tables (pypdf reads the two bytes of a Chinese character apart)."""

import re

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream


def words_of(page: PageObject, reader: PdfReader) -> str:
    """The page's words in the order in which they were written, a line each."""
    tables = {name: _table(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}  # type: ignore[index]
    table: dict[int, str] = {}
    told = ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            table = tables[operands[0]]
        elif operator in (b"Td", b"TD", b"T*", b"ET"):
            told += "\n"
        elif operator in (b"Tj", b"TJ"):
            parts = operands[0] if operator == b"TJ" else [operands[0]]
            for part in parts:
                raw = getattr(part, "original_bytes", part if isinstance(part, bytes) else b"")
                told += "".join(table.get(int.from_bytes(raw[n : n + 2], "big"), "") for n in range(0, len(raw), 2))
    return re.sub("\n+", "\n", told).strip()


def _table(font: object) -> dict[int, str]:
    data = font["/ToUnicode"].get_object().get_data().decode("ascii", "ignore")  # type: ignore[index]
    pairs = re.findall(r"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4,})>", data)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be", "ignore") for code, text in pairs}
