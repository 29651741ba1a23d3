"""Snapshots: the members of an audience at a moment, kept as a file that is named by its content."""

from pathlib import Path

import numpy as np

from linghang.audiences.index.bits import Numbers
from linghang.base.errors import UnavailableError
from linghang.kit import files

_MAGIC = b"LHS1"


def snapshot(home: Path, members: Numbers) -> str:
    """Keep sorted dense numbers; returns the content hash. Equal members have one hash."""
    return files.put(home, _MAGIC + np.ascontiguousarray(members, "<u4").tobytes())


def load(home: Path, digest: str) -> Numbers:
    """The members of a snapshot. Raises UnknownItemError, or UnavailableError if the file was altered."""
    data = files.get(home, digest)
    if not data.startswith(_MAGIC) or (len(data) - len(_MAGIC)) % 4:
        raise UnavailableError("audiences.not_a_snapshot", digest=digest)
    return np.frombuffer(data, "<u4", offset=len(_MAGIC))
