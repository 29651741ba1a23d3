"""Databases that may be read by name: written only by whoever may write into the home's folder, never with a secret."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from linghang.base.errors import UsageError
from linghang.customers.arrivals.places import connection_of, sqlite_path
from linghang.kit import files

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_FILE = "connections.json"


@dataclass(frozen=True)
class Named:
    """A connection string and where its secret is."""

    where: str
    secret: str


def connection_named(home: Path, name: str) -> Named | None:
    """The database of a name, or None."""
    found = _all(home).get(name)
    return Named(found["where"], found["secret"]) if found else None


def connection_names(home: Path) -> tuple[str, ...]:
    """The names of the databases that may be read."""
    return tuple(sorted(_all(home)))


def keep_connection(home: Path, name: str, where: str, secret: str) -> None:
    """Let a home read a database by a name. For doors on the home's own machine only.

    Raises UsageError for a name or an address that is none, or with a password in it.
    """
    if not _NAME.fullmatch(name):
        raise UsageError("customers.connection_name", name=name[:60])
    if sqlite_path(where) is None:
        connection_of(where, secret)
    path = home / _FILE
    home.mkdir(parents=True, exist_ok=True)
    told = {**_all(home), name: {"where": where, "secret": secret}}
    files.write_whole(path, json.dumps(told, ensure_ascii=False, indent=1).encode())
    path.chmod(0o600)


def _all(home: Path) -> dict[str, dict[str, str]]:
    path = home / _FILE
    return json.loads(path.read_text("utf-8")) if path.exists() else {}
