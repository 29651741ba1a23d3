"""What a home keeps sealed is sealed with its present key: when a home opens, and when its key is changed.

A home of before is taken over when it opens: its plain files are sealed, one after another. Killed at any moment, a
file is as it was or as it will be, and the next opening goes on. The key before is destroyed once nothing needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from linghang.access import vault
from linghang.access.keyring import Keyring
from linghang.access.sealing import MAGIC, files_of, seal_file, sealed_otherwise, turn

FOLDERS = ("uploads", "rejected", "knowledge")
"""Folders of a home in which every file is sealed."""
_MARK = "sealed"
_CONTENT, _DRAFTS = "files", "exports"
_TRIES = 5


@dataclass(frozen=True)
class Resealed:
    """What was sealed anew: files, keys of persons; ``retired`` keys were destroyed."""

    key: str
    files: int
    persons: int
    retired: int


def settle(home: Path, db: sa.Engine, take_over: Callable[[], None]) -> Resealed:
    """Bring a home that opens into order: nobody else works in it yet.

    ``take_over`` is asked once, for a home of before this way of keeping: what it takes care of is not done again.
    """
    ring = Keyring(home)
    for folder in FOLDERS:
        for path in files_of(home / folder):
            if path.name.startswith("."):
                path.unlink()  # what an interrupted writing left
    for path in files_of(home / _DRAFTS):
        path.unlink()  # and what an interrupted export left
    mark = home / "keys" / "data" / _MARK
    if not mark.exists():
        take_over()
        _forget_exports(home, lambda head: head.startswith((MAGIC, b"PAR1", b"customer_id")))
    done = _reseal(home, db, ring, alone=True)
    if not mark.exists():
        mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark.touch(0o600)
    return done


def rotate(home: Path, db: sa.Engine) -> Resealed:
    """Put a new data key in the place of the present one and seal everything with it, while the home works.

    Killed, the old key still opens what it sealed, and the next opening, or the next rotation, goes on.
    """
    ring = Keyring(home)
    with turn:
        ring.renew()
    _forget_exports(home, lambda head: head.startswith(MAGIC))
    return _reseal(home, db, ring, alone=False)


def _reseal(home: Path, db: sa.Engine, ring: Keyring, *, alone: bool) -> Resealed:
    files = 0
    several = len(tuple(ring.every())) > 1
    ring.rewrap()
    persons = vault.rewrap(home, db) if several else 0
    for _ in range(_TRIES):
        # A draft may have been begun with the key before: once there is none, what is found is all that there is.
        under_way = not alone and any(path.name.startswith(".") for name in FOLDERS for path in files_of(home / name))
        found = [path for name in FOLDERS for path in sealed_otherwise(home, home / name)]
        for path in found:
            seal_file(home, path)
        files += len(found)
        if not found and not under_way:
            return Resealed(ring.current()[0], files, persons, ring.retire())
    return Resealed(ring.current()[0], files, persons, 0)


def _forget_exports(home: Path, are: Callable[[bytes], bool]) -> None:
    """Exported members lie under the digest of what is sealed, which a new key changes: they are asked for again."""
    for path in files_of(home / _CONTENT):
        with path.open("rb") as file:
            head = file.read(16)
        if are(head):
            path.unlink()
