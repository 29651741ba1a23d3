"""Snapshots: the members of an audience at a moment, kept as a file that is named by its content."""

from pathlib import Path

import numpy as np

from linghang.audiences.index.bits import Numbers
from linghang.base.errors import UnavailableError
from linghang.kit import files


def snapshot(home: Path, members: Numbers) -> str:
    """Keep ascending dense numbers (little-endian uint32, nothing else); returns the content hash.

    Equal members have one hash, whoever keeps them and whenever.
    """
    return files.put(home, np.ascontiguousarray(members, "<u4").tobytes())


def load(home: Path, digest: str) -> Numbers:
    """The members of a snapshot. Raises UnknownItemError, or UnavailableError if the file was altered or is none."""
    data = files.get(home, digest)
    if len(data) % 4:
        raise UnavailableError("audiences.not_a_snapshot", digest=digest)
    members = np.frombuffer(data, "<u4")
    if len(members) > 1 and bool((members[1:] <= members[:-1]).any()):
        raise UnavailableError("audiences.not_a_snapshot", digest=digest)
    return members
