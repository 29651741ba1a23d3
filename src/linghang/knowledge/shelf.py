"""Where passages are kept for search: their words in SQLite's full-text index (FTS5), their vectors beside them.

A home keeps one file; what a start finds there is not read, cut or encoded again. The words of the documents stand in
it, so it is sealed like them: it is opened in memory and written whole. Without a home nothing is kept.
FTS5 knows no Chinese words, so passages go in as pairs of characters and whole Latin words (``grams``), which measured
better than dictionary words. A file that is broken is thrown away and made anew: nothing in it is an original.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from linghang.access.sealing import read_bytes, write_whole
from linghang.base.errors import RefusedError, UnavailableError
from linghang.knowledge.grams import grams
from linghang.knowledge.model import Passage
from linghang.ports.vectors import Encoder, Vectors

_TABLES = """
create table if not exists passage(id integer primary key, mark text not null unique);
create virtual table if not exists word using fts5(heading, body, tokenize = "unicode61 remove_diacritics 0");
create virtual table if not exists vocabulary using fts5vocab(word, row);
create table if not exists vector(id integer not null, encoder text not null, row blob not null,
                                  primary key (id, encoder)) without rowid;
"""
_VERSION = 1
_PLACE = ("knowledge", "index.db")
_HEADING, _BODY = 3.0, 1.0
"""How much a word tells in a heading and in the text below it."""
_BATCH = 16
_SPELT = str.maketrans({"%": "xpct", ".": "xdot", "+": "xplus"})


class Shelf:
    """The passages of a set of documents. One connection, used by one caller at a time."""

    def __init__(self, home: Path | None, passages: Sequence[Passage]) -> None:
        self._lock = threading.Lock()
        self._home, self._passages = home, passages
        kept = _kept(home.joinpath(*_PLACE)) if home else b""
        try:
            self._db = _opened(kept)
            self._places = self._sync()
        except sqlite3.DatabaseError:
            if not kept:
                raise
            self._db = _opened(b"")
            self._places = self._sync()
        self._save(kept)

    def _sync(self) -> dict[int, int]:
        """Put in what is new and take out what is gone; rowid → place of the passage."""
        marks = [_mark(passage) for passage in self._passages]
        with self._lock, self._db:
            known: dict[str, int] = dict(self._db.execute("select mark, id from passage"))
            gone = [(known[mark],) for mark in known.keys() - set(marks)]
            for table, key in (("passage", "id"), ("word", "rowid"), ("vector", "id")):
                self._db.executemany(f"delete from {table} where {key} = ?", gone)
            for passage, mark in zip(self._passages, marks, strict=True):
                if mark not in known:
                    known[mark] = self._put(passage, mark)
        return {known[mark]: place for place, mark in enumerate(marks)}

    def _put(self, passage: Passage, mark: str) -> int:
        row = self._db.execute("insert into passage(mark) values (?)", (mark,)).lastrowid or 0
        self._db.execute(
            "insert into word(rowid, heading, body) values (?, ?, ?)",
            (row, _spelt(f"{passage.section} {passage.document.title}"), _spelt(passage.text)),
        )
        return row

    def having(self, gram: str) -> int:
        """How many passages have a gram."""
        with self._lock:
            row = self._db.execute("select doc from vocabulary where term = ?", (gram.translate(_SPELT),)).fetchone()
        return int(row[0]) if row else 0

    def lexical(self, query: Mapping[str, float], among: Collection[int]) -> list[tuple[int, float]]:
        """Places of passages by FTS5's ranking, best first; grams count by their weight."""
        groups: dict[float, list[str]] = {}
        for gram, weight in query.items():
            groups.setdefault(weight, []).append(gram)
        scores: dict[int, float] = {}
        for weight, members in sorted(groups.items()):
            words = " OR ".join(f'"{gram.translate(_SPELT)}"' for gram in members)
            with self._lock:
                rows = self._db.execute(
                    f"select rowid, bm25(word, {_HEADING}, {_BODY}) from word where word match ?", (words,)
                ).fetchall()
            for row, score in rows:
                place = self._places.get(row)
                if place is not None:
                    scores[place] = scores.get(place, 0.0) - weight * score
        allowed = set(among)
        found = [(place, score) for place, score in scores.items() if place in allowed and score > 0]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def vectors(self, encoder: Encoder, texts: Sequence[str]) -> Vectors:
        """The vectors of all passages (``texts`` in their order): what was encoded before is not encoded again.

        Raises UnavailableError when the encoder fails; what it did until then is kept.
        """
        name = encoder.name
        with self._lock:
            kept = dict(self._db.execute("select id, row from vector where encoder = ?", (name,)).fetchall())
        rows: dict[int, Vectors] = {row: np.frombuffer(blob, np.float32) for row, blob in kept.items()}
        new = [row for row in self._places if row not in rows]
        before = self._db.total_changes
        try:
            self._encode(encoder, texts, new, rows)
            with self._lock, self._db:
                # Encoders come and go; the embedded one is another with every set of documents.
                old = (name, f"{_family(name)}:%")
                self._db.execute("delete from vector where encoder <> ? and encoder like ?", old)
        finally:
            if self._db.total_changes != before:
                self._save()
        places = sorted((place, row) for row, place in self._places.items())
        return np.stack([rows[row] for _, row in places]) if places else np.zeros((0, 1), np.float32)

    def _encode(self, encoder: Encoder, texts: Sequence[str], new: Sequence[int], rows: dict[int, Vectors]) -> None:
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            made = encoder.encode([texts[self._places[row]] for row in batch])
            rows |= dict(zip(batch, made, strict=True))
            with self._lock, self._db:
                self._db.executemany(
                    "insert or replace into vector values (?, ?, ?)",
                    [
                        (row, encoder.name, np.asarray(one, np.float32).tobytes())
                        for row, one in zip(batch, made, strict=True)
                    ],
                )

    def _save(self, before: bytes = b"") -> None:
        """Keep all of it in the home, sealed, unless it is what was kept ``before``."""
        if self._home is None:
            return
        with self._lock:
            whole = self._db.serialize()
        if whole == before:
            return
        path = self._home.joinpath(*_PLACE)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._home, path, whole)
        except OSError as error:
            raise UnavailableError("knowledge.not_written", name=path.name, reason=error.strerror or "") from error

    def close(self) -> None:
        """Let go of the memory."""
        with self._lock:
            self._db.close()


def _kept(path: Path) -> bytes:
    """What a home keeps; nothing where there is nothing, or where it was altered: no original is in it."""
    try:
        return read_bytes(path)
    except (OSError, RefusedError):
        return b""


def _opened(kept: bytes) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", check_same_thread=False)
    if kept:
        db.deserialize(kept)
    version = db.execute("pragma user_version").fetchone()[0]
    if version not in (0, _VERSION):
        db.close()
        raise sqlite3.DatabaseError(f"version {version}")
    db.executescript(f"pragma user_version = {_VERSION};{_TABLES}")
    return db


def _mark(passage: Passage) -> str:
    """What a kept passage belongs to: its place and its words."""
    told = (passage.document.source, passage.document.title, passage.section, str(passage.start), passage.text)
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()


def _spelt(text: str) -> str:
    return " ".join(gram.translate(_SPELT) for gram in grams(text).elements())


def _family(name: str) -> str:
    return name.partition(":")[0]
