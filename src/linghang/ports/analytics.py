"""What we ask of an analytics engine: SQL with bound parameters over columns, in Arrow tables."""

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

Scalar = str | int | float | bool | None
Parameter = Scalar | tuple[str | int, ...]
"""A bound value: ``{name:Type}`` in the SQL; a tuple is an ``Array(…)``."""


class Analytics(Protocol):
    """A column store for customers, holdings and events. It speaks ClickHouse's SQL, types and functions.

    Safe to call from several threads. Failures are UnavailableError (``engine.timeout``, ``engine.memory``,
    ``engine.gone``, ``engine.busy``, ``engine.failed``); a statement that is itself wrong is UsageError
    (``engine.bad_statement``).
    """

    def query(
        self, sql: str, params: Mapping[str, Parameter] | None = None, *, timeout: float | None = None
    ) -> pa.Table:
        """The rows of a SELECT. Raises UnavailableError when the engine fails, is gone or exceeds ``timeout`` s."""
        ...

    def execute(self, sql: str, params: Mapping[str, Parameter] | None = None) -> None:
        """Run a statement without rows."""
        ...

    def insert(self, table: str, rows: pa.Table) -> int:
        """Append rows, all or none, by the names of their columns; returns how many."""
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
