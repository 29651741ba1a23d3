"""Secrets by reference: settings say where a secret is (``env:NAME``, ``file:PATH``), never what it is."""

import os
from pathlib import Path

from linghang.base.errors import RefusedError, UnavailableError, UsageError


def resolve(reference: str) -> str:
    """The secret that a reference leads to. Errors name the reference and never the secret.

    Raises UsageError("access.bad_reference"), UnavailableError("access.no_secret"), RefusedError
    ("access.secret_exposed") for a file that others can read.
    """
    kind, _, name = reference.partition(":")
    if kind not in ("env", "file") or not name:
        # What is not a reference may be a secret pasted in the wrong place: it is not repeated.
        raise UsageError("access.bad_reference", kind=kind if kind.isalpha() and len(kind) < 8 else "?")
    if kind == "env":
        found = os.environ.get(name, "")
        if not found:
            raise UnavailableError("access.no_secret", reference=reference)
        return found
    path = Path(name)
    try:
        if path.stat().st_mode & 0o077:
            raise RefusedError("access.secret_exposed", path=str(path))
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise UnavailableError("access.no_secret", reference=reference) from error
