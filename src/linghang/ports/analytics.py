"""What we ask of an analytics engine: SQL with bound parameters over columns, in Arrow tables."""

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

Parameter = str | int | float | bool | None


class Analytics(Protocol):
    """A column store for customers, holdings and events."""

    def query(
        self, sql: str, params: Mapping[str, Parameter] | None = None, *, timeout: float | None = None
    ) -> pa.Table:
        """The rows of a SELECT. Raises UnavailableError when the engine fails, is gone or exceeds ``timeout`` s."""
        ...

    def execute(self, sql: str, params: Mapping[str, Parameter] | None = None) -> None:
        """Run a statement without rows."""
        ...

    def insert(self, table: str, rows: pa.Table) -> int:
        """Append rows atomically; returns how many."""
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
