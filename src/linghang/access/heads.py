"""The head of a hash chain, kept beside its database: what was its last row, sealed with a key of the home.

A chain alone cannot tell that rows at its end were cut; its head can. It is written after each audited act and moves on
only where the row that it names still stands in the chain, so cutting and writing on hides nothing either. Whoever can
write the home's files and read its keys can make a new head: against that person only an anchor kept elsewhere helps.
"""

import fcntl
import functools
import hmac
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from linghang.access import chain
from linghang.access.homekeys import home_key
from linghang.access.model import Verification
from linghang.kit.database import metadata, reading

Found = Literal["held", "none", "forged"]
_KEY = "heads_hmac.key"


@dataclass(frozen=True)
class Head:
    """What a home knows of a chain's end: ``none`` before the first row, ``forged`` when its seal is not ours."""

    found: Found
    number: int = 0
    hashed: str = ""


@dataclass(frozen=True)
class Heads:
    """The heads of a home's chains, a small file each."""

    home: Path

    def of(self, table: sa.Table, institution_id: str) -> Head:
        """The head of an institution's chain."""
        try:
            told = self._path(table, institution_id).read_text("ascii").split()
        except FileNotFoundError:
            return Head("none")
        except (OSError, UnicodeDecodeError):
            return Head("forged")
        if len(told) != 3 or not told[0].isdigit():
            return Head("forged")
        number, hashed, seal = told
        genuine = hmac.compare_digest(seal, self._seal(table, institution_id, number, hashed))
        return Head("held", int(number), hashed) if genuine else Head("forged")

    def seal(self, db: sa.Engine, institution_id: str) -> tuple[str, ...]:
        """Let every chain's head name its last row; returns the chains that had rows already and no head.

        A head whose own row is gone or changed stays as it is: it is what proves that.
        """
        begun: list[str] = []
        for table in chained():
            number, hashed = _last(db, table, institution_id)
            if number and not self._advance(db, table, institution_id, number, hashed):
                begun.append(table.name)
        return tuple(begun)

    def verify(self, db: sa.Engine, table: sa.Table, institution_id: str, anchor: str = "") -> Verification:
        """Walk a chain from its start to its head. ``anchor`` (of an earlier verification) must be in it as well."""
        head = self.of(table, institution_id)
        kept = f"{head.number}:{head.hashed}" if head.found == "held" else ""
        found = chain.verify(db, table, institution_id, anchor, kept)
        if found.intact and found.lines and head.found != "held":
            return Verification(False, found.lines, found.anchor, found.lines + 1, f"access.head_{head.found}")
        return found

    def _advance(self, db: sa.Engine, table: sa.Table, institution_id: str, number: int, hashed: str) -> bool:
        with self._alone(table, institution_id):
            head = self.of(table, institution_id)
            if head.found == "held" and (head.number >= number or not _stands(db, table, institution_id, head)):
                return True
            if head.found == "forged":
                return True
            self._write(table, institution_id, str(number), hashed)
            return head.found == "held" or number == 1

    def _write(self, table: sa.Table, institution_id: str, number: str, hashed: str) -> None:
        path = self._path(table, institution_id)
        draft = path.with_suffix(".draft")
        draft.write_text(f"{number} {hashed} {self._seal(table, institution_id, number, hashed)}\n", "ascii")
        draft.replace(path)

    @contextmanager
    def _alone(self, table: sa.Table, institution_id: str) -> Generator[None]:
        path = self._path(table, institution_id).with_suffix(".lock")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _path(self, table: sa.Table, institution_id: str) -> Path:
        return self.home / "heads" / f"{table.name}.{institution_id}.head"

    def _seal(self, table: sa.Table, institution_id: str, number: str, hashed: str) -> str:
        told = f"{table.name}|{institution_id}|{number}|{hashed}".encode()
        return hmac.new(home_key(self.home, _KEY), told, "sha256").hexdigest()


def _stands(db: sa.Engine, table: sa.Table, institution_id: str, head: Head) -> bool:
    where = (table.c.institution_id == institution_id) & (table.c.number == head.number)
    with reading(db).connect() as connection:
        return connection.execute(sa.select(table.c.hash).where(where)).scalar_one_or_none() == head.hashed


def _last(db: sa.Engine, table: sa.Table, institution_id: str) -> tuple[int, str]:
    query = sa.select(table.c.number, table.c.hash).where(table.c.institution_id == institution_id)
    with reading(db).connect() as connection:
        row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
    return (row.number, row.hash) if row else (0, "")


def chained() -> tuple[sa.Table, ...]:
    """The tables that are hash chains."""
    return _chained(len(metadata.tables))


@functools.cache
def _chained(_declared: int) -> tuple[sa.Table, ...]:
    # Sorting all tables takes longer than writing the heads; it is done again when more were declared.
    return tuple(table for table in metadata.sorted_tables if {"number", "previous", "hash"} <= set(table.c.keys()))
