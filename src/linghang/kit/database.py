"""The application database: one metadata that every room adds its tables to, and how a home opens it."""

import datetime as dt
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[dt.datetime]):
    """An instant, stored as ISO text in UTC so that SQLite and PostgreSQL sort and compare it alike."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> str | None:
        """The stored text; an instant without a zone is refused, because nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dt.datetime | None:
        """The instant in UTC."""
        return None if value is None else dt.datetime.fromisoformat(value.replace("Z", "+00:00"))


def open_database(target: Path | str) -> sa.Engine:
    """The engine for a SQLite file (WAL, foreign keys, 30 s busy time-out) or a SQLAlchemy URL."""
    url = target if isinstance(target, str) and "://" in target else f"sqlite:///{target}"
    engine = sa.create_engine(url, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _pragmas)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _pragmas(connection: Any, _record: object) -> None:
    # pysqlite's own transaction handling starts writes too late to hold off a second writer: we begin by hand.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def reading(engine: sa.Engine) -> sa.Engine:
    """The same engine for reads only: its transactions never wait for a writer."""
    return engine.execution_options(reading=True)
