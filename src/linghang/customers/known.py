"""What is known of single customers: their row, and the past of a real table for a response model."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from linghang.base.errors import UnknownItemError
from linghang.customers import store
from linghang.customers.model import Generation
from linghang.customers.rows import Holding, Row
from linghang.ports.analytics import Analytics

_AT_ONCE = 10_000


def rows_of(engine: Analytics, db: sa.Engine, institution_id: str, numbers: Sequence[int]) -> dict[int, Row]:
    """The rows of customers, without events.

    Raises UnknownItemError("customers.unknown_number") for one that is gone.
    """
    generation = store.current(db, institution_id)
    held = store.find_current(db, institution_id, "holdings")
    values = _select(engine, generation.table, numbers)
    holdings = _holdings(engine, held, numbers) if held else {}
    missing = [number for number in numbers if number not in values]
    if missing:
        raise UnknownItemError("customers.unknown_number", number=missing[0], count=len(missing))
    return {number: Row(values[number], tuple(holdings.get(number, ())), (), generation.as_of) for number in numbers}


def _select(engine: Analytics, table: str, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = tuple(int(number) for number in numbers[start : start + _AT_ONCE])
        rows = engine.query(f"SELECT * FROM {table} WHERE customer IN {{numbers:Array(UInt32)}}", {"numbers": part})
        found.update({row["customer"]: row for row in rows.to_pylist()})
    return found


def _holdings(engine: Analytics, held: Generation, numbers: Sequence[int]) -> dict[int, list[Holding]]:
    found: dict[int, list[Holding]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        part = tuple(int(number) for number in numbers[start : start + _AT_ONCE])
        rows = engine.query(
            f"SELECT * FROM {held.table} WHERE customer IN {{numbers:Array(UInt32)}} ORDER BY customer, product",
            {"numbers": part},
        )
        for row in rows.to_pylist():
            names = frozenset({row["product"], row["kind"]} - {""})
            found.setdefault(row["customer"], []).append(
                Holding(names, row["product"], row["amount_fen"], row["since"], row["active"])
            )
    return found


def history(engine: Analytics, db: sa.Engine, institution_id: str) -> pa.Table | None:
    """The past of a real table, for a response model: ``customer``, its columns as stored, and ``outcome`` (bool).

    None where the pack's table has no outcome. Columns known only after the contact were never stored.
    """
    generation = store.current(db, institution_id)
    if not generation.history_table:
        return None
    names = ", ".join(f"c.`{name}` AS `{name}`" for name in generation.columns)
    return engine.query(
        f"SELECT c.customer AS customer, {names}, h.outcome AS outcome FROM {generation.table} AS c "
        f"INNER JOIN {generation.history_table} AS h ON c.customer = h.customer ORDER BY customer"
    )
