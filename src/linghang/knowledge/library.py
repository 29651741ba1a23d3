"""The library of an institution: the documents of its pack and those that were added to its home, indexed once."""

import datetime as dt
import re
import threading
from pathlib import Path

from linghang.access.sealing import open_file, write_whole
from linghang.base.errors import UnavailableError, UnknownItemError, UsageError
from linghang.knowledge.documents import digest_of, markdown, read_bytes, read_file, read_folder
from linghang.knowledge.index import Index
from linghang.knowledge.model import Document
from linghang.packs.model import Pack
from linghang.ports.vectors import Encoder

_built: dict[tuple[str, str, str, str], Index] = {}
_building = threading.Lock()
_KEPT = 8
_NAME = re.compile(r"[\w\u3400-\u9fff][\w\u3400-\u9fff .()（）-]{0,79}")
_FOLDER = "knowledge"


def library(pack: Pack, home: Path | None = None, encoder: Encoder | None = None) -> Index:
    """The index of a pack's documents and of those in ``home``; only what has changed is indexed anew."""
    added = home / _FOLDER if home else None
    key = (pack.digest, str(added or ""), digest_of(added) if added else "", encoder.name if encoder else "")
    with _building:
        if key not in _built:
            for old in [known for known in _built if known[1] == key[1] and key[1]] or list(_built)[: 1 - _KEPT]:
                _built.pop(old)
            documents = read_folder(Path(pack.folder) / _FOLDER, f"{_FOLDER}/")
            _built[key] = Index(
                [*documents, *(read_folder(added, "home:") if added else ())], encoder,
                home if home and home.is_dir() else None,
            )  # fmt: skip
        return _built[key]


def add(home: Path, name: str, text: str, today: dt.date) -> Document:
    """Add a Markdown document to a home, or put a new text in the place of one of that name.

    Raises UsageError("knowledge.bad_name" | "knowledge.empty"), UnavailableError("knowledge.not_written").
    """
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise UsageError("knowledge.bad_name", name=name[:80])
    if not text.strip():
        raise UsageError("knowledge.empty", name=name)
    whole = text if text.startswith("---") else f'---\ntitle: "{name}"\ndate: {today.isoformat()}\n---\n{text}\n'
    document = markdown(whole, f"home:{name}.md")
    _keep(home, f"{name}.md", whole.encode())
    return document


def add_file(home: Path, path: Path) -> Document:
    """Add a file (Markdown, text, HTML, Word, PDF, Excel) to a home, after it was read without a fault; an upload that
    is sealed is opened in memory.

    Raises UsageError for one that cannot be read, UnavailableError("knowledge.not_written").
    """
    name = _fitting(path.name)
    document = read_file(path, f"home:{name}")
    with open_file(path) as file:
        return _taken(home, name, document, file.read())


def bring(home: Path, name: str, content: bytes) -> Document:
    """Add the bytes of a file that somebody brought. Raises as ``add_file`` does; what is refused leaves nothing."""
    return _taken(home, _fitting(name), read_bytes(content, name, f"home:{name}"), content)


def _fitting(name: str) -> str:
    if Path(name).name != name or not _NAME.fullmatch(Path(name).stem) or name.startswith("."):
        raise UsageError("knowledge.bad_name", name=Path(name).stem[:80])
    return name


def _taken(home: Path, name: str, document: Document, content: bytes) -> Document:
    if not document.text.strip():
        raise UsageError("knowledge.empty", name=name)
    _keep(home, name, content)
    return document


def _keep(home: Path, name: str, content: bytes) -> None:
    try:
        (home / _FOLDER).mkdir(parents=True, exist_ok=True)
        write_whole(home, home / _FOLDER / name, content)
    except OSError as error:
        raise UnavailableError("knowledge.not_written", name=name, reason=error.strerror or "") from error


def remove(home: Path, source: str) -> str:
    """Take a document that was added here out of the library. Raises UnknownItemError("knowledge.not_own") else."""
    name = source.removeprefix("home:")
    path = home / _FOLDER / name
    if not source.startswith("home:") or Path(name).name != name or name.startswith(".") or not path.is_file():
        raise UnknownItemError("knowledge.not_own", source=source[:120])
    path.unlink()
    return source
