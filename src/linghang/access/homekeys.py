"""Keys of the home: random bytes in files that only the home's owner reads, made when first asked for."""

import os
import secrets
from pathlib import Path

from linghang.base.errors import RefusedError

BYTES = 32


def home_key(home: Path, name: str) -> bytes:
    """The key of a name. Raises RefusedError("access.key_exposed") when others can read its file."""
    path = home / "keys" / name
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise RefusedError("access.key_exposed", path=str(path))
    return path.read_bytes()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link is refused if another process was first: then its key is the key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
