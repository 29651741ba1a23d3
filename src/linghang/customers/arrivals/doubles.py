"""What came before: hashes of values, in memory, and beyond some millions in parts on the disk."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_IN_MEMORY = 5_000_000


class Seen:
    """Hashes of what was seen, to count what came again: in memory, and beyond some millions in parts on the disk."""

    _PARTS = 64

    def __init__(self) -> None:
        self._held: list[npt.NDArray[np.uint64]] = []
        self._count = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "Seen":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, seen: list[Any]) -> None:
        """Take note of values. The hashes are of this process, 64 bits of SipHash."""
        self._held.append(np.fromiter(map(hash, seen), np.int64, len(seen)).view(np.uint64))
        self._count += len(seen)
        if self._count > _IN_MEMORY:
            self._spill()

    def repeated(self) -> int:
        """How many came although they had come before."""
        if self._folder is None:
            return _repeated(np.concatenate([np.zeros(0, np.uint64), *self._held]))
        self._spill()
        return sum(_repeated(np.fromfile(path, np.uint64)) for path in sorted(Path(self._folder.name).iterdir()))

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="linghang-quality-")
        every = np.concatenate([np.zeros(0, np.uint64), *self._held])
        part = (every >> np.uint64(58)).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        edges = np.searchsorted(part[order], np.arange(self._PARTS + 1))
        for place in range(self._PARTS):
            with (Path(self._folder.name) / f"{place:02d}").open("ab") as file:
                every[order[edges[place] : edges[place + 1]]].tofile(file)
        self._held, self._count = [], 0


def _repeated(hashes: npt.NDArray[np.uint64]) -> int:
    return len(hashes) - len(np.unique(hashes))
