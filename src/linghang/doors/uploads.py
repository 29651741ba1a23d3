"""Files that come over REST: kept sealed in the home's ``uploads`` under a plain name, whole or not at all."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

from linghang.access.sealing import writing
from linghang.base.errors import RefusedError, UsageError

MOST = 200_000_000
RIGHTS = frozenset(("audience.edit", "customers.import", "events.import", "knowledge.edit"))
"""One of these is needed to bring a file."""
_NAME = re.compile(r"[\w][\w.\- ]{0,119}")


async def keep(home: Path, name: str, parts: AsyncIterator[bytes]) -> int:
    """Store an upload and return its size. Raises UsageError("files.bad_name"), RefusedError("files.too_large")."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise UsageError("files.bad_name", name=name[:120])
    folder = home / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    size = 0
    with writing(home, folder / name) as file:
        async for part in parts:
            size += len(part)
            if size > MOST:
                raise RefusedError("files.too_large", most=MOST // 1_000_000)
            file.write(part)
    return size
