"""Who owns a home: a lock that only one process holds, and a note that says where it listens."""

import fcntl
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from linghang.base.errors import ConflictError, UnavailableError


@dataclass(frozen=True)
class Owner:
    """The note of the owner: process, version, socket, when it started (Unix seconds), REST address if any."""

    pid: int
    version: str
    socket: str
    started: float
    rest: str = ""


def socket_path(home: Path) -> Path:
    """Where the owner of a home listens. Unix socket paths are short (108 bytes), so deep homes use the temp folder."""
    path = home.resolve() / "home.sock"
    if len(os.fsencode(path)) < 100:
        return path
    mark = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"linghang-{os.getuid()}-{mark}.sock"


def take(home: Path, now: float) -> IO[str]:
    """Become the owner. Keep the returned file open: closing it gives the home away.

    Raises ConflictError("home.owned") with the owner's process and age.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "owner.lock").open("a+")
    except OSError as error:
        raise UnavailableError("home.not_writable", home=str(home), reason=str(error)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        owner = read(home)
        age = int(now - owner.started) if owner else 0
        raise ConflictError("home.owned", home=str(home), pid=owner.pid if owner else 0, age_s=age) from error
    return lock


def is_free(home: Path) -> bool:
    """Whether no process owns a home: its lock can be had (it is given back at once)."""
    try:
        with (home / "owner.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def announce(home: Path, owner: Owner) -> None:
    """Write the note, whole or not at all."""
    draft = home / "owner.json.draft"
    draft.write_text(json.dumps(asdict(owner)))
    draft.replace(home / "owner.json")


def read(home: Path) -> Owner | None:
    """The note of a home, or None. It may be stale: only an answer on the socket proves that the owner lives."""
    try:
        return Owner(**json.loads((home / "owner.json").read_text()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError):
        # A torn or foreign note says nothing of an owner.
        return None
