"""Where the data of an index are, and how its fields are laid out."""

from dataclasses import dataclass, field
from typing import Any

from linghang.customers.model import Generation

RANGE = 1 << 18
"""Customers that are read from the engine at a time."""


@dataclass(frozen=True)
class Sources:
    """Where the data of an index are: generations of customers and holdings, and the log of events up to a batch."""

    institution_id: str
    customers: Generation
    holdings: Generation | None
    events: str | None
    batch: int
    touched: str = ""
    """The table of whose events were corrected or erased."""

    @property
    def tables(self) -> str:
        """The generations of customers and holdings, in one word."""
        return f"c{self.customers.number}.h{self.holdings.number if self.holdings else 0}"

    @property
    def label(self) -> str:
        """The states of the data, in one word; equal labels, equal data."""
        return f"{self.tables}.e{self.batch}"


@dataclass
class Layout:
    """How the fields of an index are laid out; becomes the manifest."""

    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    products: list[str] = field(default_factory=list)
