"""Where a table is: a file, or a table of a database named by a connection string. Secrets only by reference."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from linghang.base.errors import UsageError

PORTS = {"postgresql": 5432, "mysql": 3306}
_SCHEMES = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
}
SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Connection:
    """A database server: never its secret, only where the secret is (``env:NAME``, ``file:PATH``)."""

    kind: str
    host: str
    port: int
    database: str
    user: str
    secret: str

    @property
    def name(self) -> str:
        """What it is called in reports and errors."""
        return f"{self.kind}://{self.host}:{self.port}/{self.database}"


def is_address(place: str) -> bool:
    """Whether a place is a connection string and not a path."""
    return "://" in place


def sqlite_path(place: str) -> Path | None:
    """The file of a ``sqlite:///PATH``; None for any other scheme."""
    parts = urlsplit(place)
    return Path(unquote(parts.path)) if _SCHEMES.get(parts.scheme) == "sqlite" else None


def connection_of(place: str, secret: str) -> Connection:
    """The server that a connection string names.

    Raises UsageError("customers.bad_address"), UsageError("customers.secret_in_address") when a password stands in it:
    it is not repeated.
    """
    try:
        parts = urlsplit(place)
        kind, port = _SCHEMES.get(parts.scheme, ""), parts.port
    except ValueError as error:
        raise UsageError("customers.bad_address", known=", ".join(_SCHEMES)) from error
    if parts.password:
        raise UsageError("customers.secret_in_address")
    database = unquote(parts.path.strip("/"))
    if kind not in PORTS or not parts.hostname or not database or not parts.username:
        raise UsageError("customers.bad_address", known=", ".join(_SCHEMES))
    return Connection(kind, parts.hostname, port or PORTS[kind], database, unquote(parts.username), secret)
