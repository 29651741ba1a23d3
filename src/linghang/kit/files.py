"""Files of a home by content: pictures, pages, records, snapshots. A name is the SHA-256 of the bytes."""

import hashlib
import os
import secrets
from pathlib import Path

from linghang.base.digest import digest_bytes
from linghang.base.errors import UnavailableError, UnknownItemError


def put(home: Path, data: bytes) -> str:
    """Store bytes and return their digest. Atomic: a reader sees the whole file or none."""
    name = digest_bytes(data)
    target = path_of(home, name)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, data)
    return name


def take(home: Path, draft: Path) -> str:
    """Take a finished file of the home's disk under its digest, without reading it whole; the draft is gone then."""
    with draft.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
    target = path_of(home, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.replace(target)
    return name


def write_whole(target: Path, data: bytes) -> None:
    """Write a file in a folder that exists, whole or not at all. Raises UnavailableError("files.not_written")."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UnavailableError("files.not_written", path=str(target), reason=str(error)) from error


def get(home: Path, name: str) -> bytes:
    """The bytes of a digest. Raises UnknownItemError("files.unknown"); UnavailableError if they were altered."""
    if len(name) != 64 or not all(letter in "0123456789abcdef" for letter in name):
        raise UnknownItemError("files.unknown", name=name)
    try:
        data = path_of(home, name).read_bytes()
    except FileNotFoundError as error:
        raise UnknownItemError("files.unknown", name=name) from error
    if digest_bytes(data) != name:
        raise UnavailableError("files.altered", name=name)
    return data


def path_of(home: Path, name: str) -> Path:
    """Where the bytes of a digest lie."""
    return home / "files" / name[:2] / name
