"""Documents of a pack and of a home: Markdown, text, HTML, Word, PDF and Excel, read to plain text with headings.

Those of a home are sealed; they are opened in memory.

A Markdown file may begin with a head between ``---`` lines: title, kind, products, date, lang.
"""

import datetime as dt
import hashlib
import html.parser
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import yaml

from linghang.access.sealing import open_file, size_of
from linghang.base.errors import UnavailableError, UsageError
from linghang.knowledge.model import Document

_HEAD = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_BLOCKS = frozenset({"p", "div", "li", "tr", "br", "section", "article", "table", "ul", "ol", "blockquote"})
_MOST = 20_000_000
Reader = Callable[[BinaryIO, str, str], Document]
"""Of a file, its name, and what it is cited as."""


def read_folder(folder: Path, prefix: str = "") -> tuple[Document, ...]:
    """Every document in a folder and below it, by path; files of other kinds are passed over.

    Raises UsageError("knowledge.bad_document") for a file that is not what its name says.
    """
    if not folder.is_dir():
        return ()
    files = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in _READERS and not path.name.startswith(".")
    )
    return tuple(read_file(path, prefix + path.relative_to(folder).as_posix()) for path in files)


def digest_of(folder: Path) -> str:
    """A digest that changes with any document of a folder."""
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.suffix.lower() in _READERS:
            state = path.stat()
            told.update(f"{path.relative_to(folder).as_posix()}:{state.st_size}:{state.st_mtime_ns};".encode())
    return told.hexdigest()


def read_file(path: Path, source: str) -> Document:
    """One document by the ending of its name, sealed or plain.

    Raises UsageError("knowledge.unknown_kind" | "knowledge.bad_document" | "knowledge.too_large"),
    UnavailableError("knowledge.unreadable").
    """
    reader = _reader(path.name, source)
    try:
        size = size_of(path)
        with open_file(path) as file:
            return _read(reader, file, size, path.name, source)
    except OSError as error:
        raise UnavailableError("knowledge.unreadable", source=source, reason=error.strerror or "") from error


def read_bytes(content: bytes, name: str, source: str) -> Document:
    """The same of the bytes of a file. Raises as ``read_file`` does."""
    return _read(_reader(name, source), io.BytesIO(content), len(content), name, source)


def _reader(name: str, source: str) -> Reader:
    kind = Path(name).suffix.lower()
    if kind not in _READERS:
        raise UsageError("knowledge.unknown_kind", source=source, have=", ".join(_READERS))
    return _READERS[kind]


def _read(reader: Reader, file: BinaryIO, size: int, name: str, source: str) -> Document:
    if size > _MOST:
        raise UsageError("knowledge.too_large", source=source, most=_MOST // 1_000_000)
    try:
        return reader(file, name, source)
    except (UnicodeDecodeError, zipfile.BadZipFile, KeyError, yaml.YAMLError) as error:
        raise UsageError("knowledge.bad_document", source=source, reason=str(error)[:200]) from error


def markdown(text: str, source: str) -> Document:
    """The document of a Markdown text. The head is not part of its text; headings keep their ``#``."""
    found = _HEAD.match(text)
    head: Mapping[str, Any] = (yaml.safe_load(found[1]) or {}) if found else {}
    body = text[found.end() :] if found else text
    first = re.search(r"^#\s+(.+)$", body, re.MULTILINE)
    return Document(
        source=source,
        title=str(head.get("title") or (first[1].strip() if first else Path(source).stem)),
        text=body,
        kind=str(head.get("kind") or ""),
        products=tuple(str(item) for item in head.get("products") or ()),
        date=_date(head.get("date")),
        lang=str(head.get("lang") or "zh"),
    )


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _markdown(file: BinaryIO, _name: str, source: str) -> Document:
    return markdown(_words(file), source)


def _html(file: BinaryIO, name: str, source: str) -> Document:
    reader = _Page()
    reader.feed(_words(file))
    reader.close()
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", "".join(reader.parts)))
    return Document(source, reader.title.strip() or Path(name).stem, text.strip() + "\n", lang=reader.lang)


def _words(file: BinaryIO) -> str:
    with io.TextIOWrapper(file, "utf-8-sig") as text:
        return text.read()


class _Page(html.parser.HTMLParser):
    """The words of a page; headings become Markdown headings, scripts and styles nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title, self.lang = "", "zh"
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        if tag == "html":
            self.lang = "en" if (dict(attrs).get("lang") or "zh").startswith("en") else "zh"
        if re.fullmatch(r"h[1-6]", tag):
            self.parts.append("\n" + "#" * int(tag[1]) + " ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        if re.fullmatch(r"h[1-6]", tag) or tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title += data
        elif not {"script", "style"} & set(self._inside):
            self.parts.append(re.sub(r"\s+", " ", data))


def _office() -> ModuleType:
    from linghang.knowledge import office  # noqa: PLC0415 - a fifth of the start of `linghang check`, needed by few

    return office


_READERS: Mapping[str, Reader] = {
    ".md": _markdown,
    ".txt": _markdown,
    ".html": _html,
    ".htm": _html,
    ".docx": lambda *told: _office().docx(*told),
    ".pdf": lambda *told: _office().pdf(*told),
    ".xlsx": lambda *told: _office().xlsx(*told),
}
"""Ending of a file's name → its reader."""
