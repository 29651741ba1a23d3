"""The files of an index: one folder a version, one file a field, arrays at aligned places, each with a checksum.

A version is built aside and moved into place; ``CURRENT`` names the one in use and is replaced atomically. So a kill,
a full disk or a broken file leaves the last good version.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linghang.audiences.index.roaring import Roaring, decode
from linghang.audiences.index.running import as_roaring
from linghang.base.digest import canonical_json, digest
from linghang.base.errors import ConflictError, UnavailableError

FORMAT = 3
SPARSE_FROM = 1 << 12
"""Words (262,144 customers) from which bitsets of few are kept as roaring bitmaps."""
_FEW = 128
"""A bitset is of few where it holds less than one in so many: its list is then read sooner than its words."""
_CONDEMNED = "BROKEN"
_PUNCH = 3
"""FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE: the bytes become a hole that takes no room."""
_ALIGN = 4096
_CHECKED_AT_ONCE = 64 << 20
_KEPT = 2
Array = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Place:
    """Where an array is: file, offset and bytes, its type, and the CRC-32 of its bytes.

    ``form`` ``roaring``: the bytes are a portable roaring bitmap of the bitset.
    """

    file: str
    offset: int
    bytes: int
    dtype: str
    crc: int = 0
    form: str = "plain"


@dataclass
class Draft:
    """A version that is being built."""

    folder: Path
    size: int
    places: dict[str, Place] = field(default_factory=dict)
    _views: dict[str, Array] = field(default_factory=dict)

    @property
    def words(self) -> int:
        """64-bit words of a bitset of all customers."""
        return (self.size + 63) // 64

    def reserve(self, name: str, arrays: Sequence[tuple[str, str, int]]) -> dict[str, Array]:
        """Room for the arrays (key, type, items) of a field, zeroed. Raises UnavailableError when the disk is full."""
        file = f"{len(self.places):05d}.bin"
        offset = 0
        places: dict[str, Place] = {}
        for key, dtype, items in arrays:
            count = items * np.dtype(dtype).itemsize
            places[f"{name}/{key}"] = Place(file, offset, count, dtype)
            offset += -(-count // _ALIGN) * _ALIGN
        path = self.folder / file
        try:
            with path.open("wb") as opened:
                # Space is taken now: a mapped page that the disk cannot hold later would kill the process.
                if offset:
                    os.posix_fallocate(opened.fileno(), 0, offset)
        except OSError as error:
            raise UnavailableError("audiences.index_not_written", path=str(path), reason=str(error)) from error
        whole = np.memmap(path, np.uint8, "r+", shape=(offset,)) if offset else np.zeros(0, np.uint8)
        views = {
            key: whole[place.offset : place.offset + place.bytes].view(place.dtype)
            for key, place in zip((key for key, _, _ in arrays), places.values(), strict=True)
        }
        self.places.update(places)
        self._views.update({f"{name}/{key}": view for key, view in views.items()})
        return views

    def store(self, name: str, arrays: Mapping[str, Array]) -> None:
        """Write arrays that are already there."""
        room = self.reserve(name, [(key, array.dtype.str, len(array)) for key, array in arrays.items()])
        for key, array in arrays.items():
            room[key][:] = array

    def seal(self, told: Mapping[str, Any]) -> None:
        """Write the manifest with the checksums of all arrays, and bring everything to the disk."""
        try:
            self._compress()
            for key, view in self._views.items():
                self.places[key] = replace(self.places[key], crc=_crc(view))
            for name in {place.file for place in self.places.values()}:
                with (self.folder / name).open("rb") as file:
                    os.fsync(file.fileno())
            body = {"format": FORMAT, "size": self.size, **told, "arrays": {k: vars(v) for k, v in self.places.items()}}
            path = self.folder / "manifest.json"
            with path.open("w", encoding="utf-8") as file:
                file.write(canonical_json({**body, "digest": digest(body)}))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UnavailableError("audiences.index_not_written", path=str(self.folder), reason=str(error)) from error
        self._views.clear()

    def _compress(self) -> None:
        """Put bitsets of few into a file of roaring bitmaps, and give back the room that they took."""
        if self.words < SPARSE_FROM:
            return
        whole = [key for key, view in self._views.items() if view.dtype == np.uint64 and len(view) == self.words]
        path = self.folder / "sparse.bin"
        with path.open("wb") as file:
            for key in whole:
                view, place = self._views[key], self.places[key]
                if int(np.bitwise_count(view).sum(dtype=np.int64)) * _FEW >= self.size:
                    continue
                data = as_roaring(view)
                self.places[key] = Place(path.name, file.tell(), len(data), "|u1", _crc(data), "roaring")
                file.write(data.data)
                file.write(bytes(-len(data) % _ALIGN))
                del self._views[key]
                _give_back(self.folder / place.file, place)


def _give_back(path: Path, place: Place) -> None:
    """The room of an array that is no longer read; where the system cannot, it stays taken and does no harm."""
    libc = ctypes.CDLL(None, use_errno=True)
    if place.bytes and hasattr(libc, "fallocate"):
        with path.open("r+b") as file:
            room = -(-place.bytes // _ALIGN) * _ALIGN
            libc.fallocate(file.fileno(), _PUNCH, ctypes.c_int64(place.offset), ctypes.c_int64(room))


@contextmanager
def building(root: Path, size: int) -> Generator[Draft]:
    """A draft of a new version; when the block ends well it is the current one. One builder at a time.

    Raises ConflictError("audiences.index_being_built") when another process builds.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / "build.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConflictError("audiences.index_being_built", path=str(root)) from error
        for left in root.glob("draft-*"):
            shutil.rmtree(left, ignore_errors=True)
        name = f"v{1 + max((int(old.name[1:]) for old in _versions(root)), default=0):08d}"
        folder = root / f"draft-{name}"
        folder.mkdir()
        try:
            yield Draft(folder, size)
            if not (folder / "manifest.json").exists():
                raise UnavailableError("audiences.index_not_written", path=str(folder), reason="not sealed")
            folder.rename(root / name)
            _point(root, name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for old in _versions(root)[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def _versions(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("v*") if path.name[1:].isdigit())


def _point(root: Path, name: str) -> None:
    draft = root / "CURRENT.draft"
    with draft.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root / "CURRENT")


def current(root: Path) -> Path | None:
    """The folder of the version in use, or None where none was built or the last one was condemned."""
    try:
        folder = root / (root / "CURRENT").read_text("ascii").strip()
    except FileNotFoundError:
        return None
    return folder if folder.is_dir() and not condemned(folder) else None


def fall_back(root: Path) -> list[Path]:
    """Versions before the current one that nobody has found broken, newest first: to go back to."""
    try:
        now = (root / "CURRENT").read_text("ascii").strip()
    except FileNotFoundError:
        return []
    return [folder for folder in reversed(_versions(root)) if folder.name < now and not condemned(folder)]


def point_back(root: Path, folder: Path) -> None:
    """Make an earlier version the current one again. What came after it was found broken, and is left for a look."""
    condemn(root / (root / "CURRENT").read_text("ascii").strip())
    _point(root, folder.name)


def condemned(folder: Path) -> bool:
    """Whether something in a version was found to be other than what was written."""
    return (folder / _CONDEMNED).exists()


def condemn(folder: Path) -> None:
    """Note that a version is broken, so that it is built again; where even that cannot be written, the error stays."""
    with contextlib.suppress(OSError):
        (folder / _CONDEMNED).touch()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a version holds. Raises UnavailableError("audiences.index_broken") if the manifest was altered or cut."""
    try:
        told: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        mark = told.pop("digest")
    except (OSError, ValueError, KeyError) as error:
        raise UnavailableError("audiences.index_broken", path=str(folder), reason=str(error)) from error
    if mark != digest(told) or told.get("format") != FORMAT:
        raise UnavailableError("audiences.index_broken", path=str(folder), reason="manifest")
    return told


def _crc(array: Array) -> int:
    return zlib.crc32(array.data.cast("B")) if array.size else 0


class Store:
    """The arrays of a version, mapped when they are first asked for, and checked if they are not huge."""

    def __init__(self, folder: Path, places: Mapping[str, Place], words: int) -> None:
        self.folder = folder
        self._places = places
        self._words = words
        self._arrays: dict[str, Array] = {}
        self._bitmaps: dict[str, Roaring] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def array(self, key: str) -> Array:
        """An array, read-only. Raises UnavailableError("audiences.index_broken") if it is not what was written."""
        found = self._arrays.get(key)
        if found is None:
            place = self._places[key]
            found = self._checked(key, place)
            if place.form == "roaring":
                found = decode(found, self._words)
            self._arrays[key] = found
        return found

    def sparse(self, key: str) -> Roaring | None:
        """A bitset of few as it lies; None where it is kept as words."""
        place = self._places[key]
        if place.form != "roaring":
            return None
        found = self._bitmaps.get(key)
        if found is None:
            found = self._bitmaps[key] = Roaring(self._checked(key, place), self._words)
        return found

    def _checked(self, key: str, place: Place) -> Array:
        found = self._map(place)
        if place.bytes <= _CHECKED_AT_ONCE:
            self._check(key, place, found)
        return found

    def verify(self) -> None:
        """Check every array. Raises UnavailableError("audiences.index_broken") at the first bad one."""
        for key, place in self._places.items():
            self._check(key, place, self._map(place))

    def complete(self) -> None:
        """Check that every file is there and as long as it was. Raises UnavailableError("audiences.index_broken")."""
        ends: dict[str, int] = {}
        for place in self._places.values():
            ends[place.file] = max(ends.get(place.file, 0), place.offset + place.bytes)
        for name, end in ends.items():
            path = self.folder / name
            if not path.exists() or path.stat().st_size < end:
                condemn(self.folder)
                raise UnavailableError("audiences.index_broken", path=str(path), reason="missing or cut")

    def _map(self, place: Place) -> Array:
        if not place.bytes:
            return np.zeros(0, place.dtype)
        try:
            return np.memmap(
                self.folder / place.file, np.dtype(place.dtype), "r", place.offset,
                (place.bytes // np.dtype(place.dtype).itemsize,),
            )  # fmt: skip
        except (OSError, ValueError) as error:
            condemn(self.folder)
            raise UnavailableError("audiences.index_broken", path=str(self.folder), reason=str(error)) from error

    def _check(self, key: str, place: Place, array: Array) -> None:
        if _crc(array) != place.crc:
            condemn(self.folder)
            raise UnavailableError("audiences.index_broken", path=str(self.folder / place.file), reason=key)
