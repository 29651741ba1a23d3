"""Folders of things that can be made again: kept while they are used, bounded in age and size."""

import os
import time
from pathlib import Path

DAY = 86_400.0
_SPARED = 60.0
"""Seconds in which a file is never taken away: somebody may be about to read it."""


def touch(path: Path) -> None:
    """Say that a kept file was used; one that is gone meanwhile is no matter."""
    try:
        os.utime(path)
    except OSError:
        return


def trim(folder: Path, *, most_bytes: int, days: float) -> int:
    """Take away what was not used for ``days``, then the longest unused until ``most_bytes`` hold. How many went.

    Only plain files of the folder itself count. Two processes may trim at once: what is gone already is no matter.
    """
    now = time.time()
    found: list[tuple[float, int, Path]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    told = entry.stat(follow_symlinks=False)
                    found.append((told.st_mtime, told.st_size, Path(entry.path)))
    except OSError:
        return 0
    held, gone = sum(size for _, size, _ in found), 0
    for used, size, path in sorted(found, key=lambda one: one[0]):
        old = now - used > days * DAY
        if not (old or held > most_bytes) or now - used < _SPARED:
            break
        path.unlink(missing_ok=True)
        held, gone = held - size, gone + 1
    return gone
