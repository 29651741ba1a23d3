"""Sealed files: what a home keeps of personal data outside the analytics store, encrypted piece by piece.

A file has a key of its own, sealed with a data key of the home. Its content is cut into pieces of 64 KiB, each sealed
with AES-256-GCM under its number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway
and Vizár, 2015): pieces that were changed, moved or cut off are refused, any place can be read without what is before
it, and neither reading nor writing holds more than a piece. A file that is not sealed is read as it is.
"""

import io
import os
import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linghang.access.keyring import ID, NONCE, Keyring, home_of
from linghang.base.errors import RefusedError, UnavailableError

MAGIC = b"LHSEAL1\n"
PIECE = 1 << 16
_TAG = 16
_KEY = 32
_HEAD = len(MAGIC) + ID + NONCE + _KEY + _TAG
_STEP = 1 << 20
turn = threading.Lock()
"""Held while a file is begun, and while the present key changes."""


class Writer:
    """Seals what is written, piece by piece; ``finish`` ends the file."""

    def __init__(self, file: BinaryIO, ring: Keyring) -> None:
        key = AESGCM.generate_key(256)
        self._file = file
        self._cipher = AESGCM(key)
        self._held = bytearray()
        self._number = 0
        head = MAGIC + ring.current()[0].encode()
        file.write(head + ring.wrap(key, head))

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._held += data
        # The last piece is not known before the end: one is always held back.
        while len(self._held) > PIECE:
            self._seal(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


class _Reader(io.RawIOBase):
    """A sealed file as the bytes that were sealed; any place can be sought."""

    def __init__(self, file: BinaryIO, home: Path, name: str) -> None:
        head = file.read(_HEAD)
        bound = head[: len(MAGIC) + ID]
        self._file, self._name = file, name
        self._cipher = AESGCM(Keyring(home).unwrap(head[len(bound) :], bound)[1])
        body = file.seek(0, io.SEEK_END) - _HEAD
        self._pieces = max(-(-body // (PIECE + _TAG)), 1)
        self._size = max(body - self._pieces * _TAG, 0)
        self._place, self._held, self._number = 0, b"", -1
        self._piece(self._pieces - 1)  # a file whose end was cut off is refused before anything of it is believed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(start + offset, 0)
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        filled, wanted = 0, min(len(buffer), max(self._size - self._place, 0))
        while filled < wanted:
            number, start = divmod(self._place, PIECE)
            part = self._piece(number)[start : start + wanted - filled]
            buffer[filled : filled + len(part)] = part
            filled += len(part)
            self._place += len(part)
        return filled

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(_HEAD + number * (PIECE + _TAG))
            sealed = self._file.read(PIECE + _TAG)
            try:
                self._held = self._cipher.decrypt(_nonce(number, last=number == self._pieces - 1), sealed, None)
            except (InvalidTag, ValueError) as error:
                raise RefusedError("access.file_altered", path=self._name) from error
            self._number = number
        return self._held


def open_file(path: Path) -> BinaryIO:
    """A file for reading, whether it is sealed or plain.

    Raises OSError as ``open`` does, RefusedError("access.file_altered") for a sealed one that was changed or cut.
    """
    file = path.open("rb")
    if not _marked(file):
        return file
    try:
        return io.BufferedReader(_Reader(file, home_of(path), path.name), PIECE)  # type: ignore[return-value]
    except BaseException:
        file.close()
        raise


def size_of(path: Path) -> int:
    """How many bytes a file holds, before they were sealed."""
    size = path.stat().st_size
    if not is_sealed(path):
        return size
    body = max(size - _HEAD, 0)
    return max(body - max(-(-body // (PIECE + _TAG)), 1) * _TAG, 0)


def is_sealed(path: Path) -> bool:
    """Whether a file is sealed."""
    with path.open("rb") as file:
        return _marked(file)


def read_bytes(path: Path) -> bytes:
    """A file's content, whether it is sealed or plain."""
    with open_file(path) as file:
        return file.read()


def opened(home: Path, data: bytes) -> bytes:
    """Bytes as they were before they were sealed; plain ones as they are."""
    if not data.startswith(MAGIC):
        return data
    with _Reader(io.BytesIO(data), home, "—") as reader:
        return reader.readall() or b""


@contextmanager
def writing(home: Path, target: Path) -> Generator[Writer]:
    """A sealed file in a folder that exists, whole or not at all. Raises UnavailableError("files.not_written")."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with turn:
            # In one step for whoever changes the key: a file that is begun is seen, or has the new key.
            file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            writer = Writer(file, Keyring(home))
        with file:
            yield writer
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise UnavailableError("files.not_written", path=str(target), reason=str(error)) from error
    finally:
        draft.unlink(missing_ok=True)


def write_whole(home: Path, target: Path, data: bytes) -> None:
    """Bytes as a sealed file, whole or not at all."""
    with writing(home, target) as file:
        file.write(data)


def seal_file(home: Path, path: Path) -> None:
    """Seal a file in its place, with the present key; its time stays. Killed at any moment, it is the old or the new.

    Raises RefusedError("access.file_altered") for a sealed file that was changed.
    """
    told = path.stat()
    with open_file(path) as source, writing(home, path) as target:
        while data := source.read(_STEP):
            target.write(data)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def sealed_otherwise(home: Path, folder: Path) -> list[Path]:
    """The files of a folder that are not sealed with the present key, drafts apart."""
    present = MAGIC + Keyring(home).current()[0].encode()
    return [path for path in files_of(folder) if not path.name.startswith(".") and _head(path, present) != present]


def files_of(folder: Path) -> list[Path]:
    """All plain files under a folder, drafts too."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _head(path: Path, like: bytes) -> bytes:
    with path.open("rb") as file:
        return file.read(len(like))


class Sealer:
    """Seals short texts for one purpose of a home, with a key that is kept sealed beside the data keys."""

    def __init__(self, home: Path, purpose: str) -> None:
        self._home, self._purpose = home, purpose
        self._known: AESGCM | None = None

    def seal(self, data: bytes, bound: bytes = b"") -> bytes:
        """Bytes that only ``open`` with the same ``bound`` reads; of equal length for equal length."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, data, bound)

    def open(self, sealed: bytes, bound: bytes = b"") -> bytes:
        """The bytes again. Raises RefusedError("access.vault_altered")."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise RefusedError("access.vault_altered") from error

    @property
    def _cipher(self) -> AESGCM:
        # The purpose's own key does not change when the data key that seals it does.
        if self._known is None:
            self._known = AESGCM(Keyring(self._home).named(self._purpose))
        return self._known


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + (b"\x01" if last else b"\x00")


def _marked(file: BinaryIO) -> bool:
    marked = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    return marked
