"""A small bank of the demo pack, asked by its skills."""

from typing import Any

import pyarrow as pa

from linghang import customers, packs
from linghang.customers import Target
from linghang.kit.context import AuditEntry, Context
from linghang.kit.skills import call

SIZE = 3000
YOUNG = {"field": "age", "op": "lt", "value": 40}
RICH = {"field": "aum_cny", "op": "ge", "value": 50_000}
WOMEN = {"field": "gender", "op": "eq", "value": "F"}
AUDIT: list[AuditEntry] = []


def people(ctx: Context, size: int, name: str) -> None:
    """Import customers ``K0`` … whose fields follow from their numbers."""
    target = Target(ctx.analytics, ctx.db, ctx.institution_id, packs.load("demo"), ctx.now, ctx.today)
    table = pa.table(
        {
            "customer_id": [f"K{n}" for n in range(size)],
            "age": [20 + n % 50 for n in range(size)],
            "gender": ["F" if n % 3 else "M" for n in range(size)],
            "aum_cny": [n * 100_00 for n in range(size)],
            "salary_cny": [1000_00 * (n % 20) for n in range(size)],
            "consent_push": [n % 2 == 0 for n in range(size)],
        }
    )
    customers.import_batches(target, table.to_batches(), name=name, columns=table.column_names)


def ask(ctx: Context, skill: str, **arguments: Any) -> Any:
    """The result of a skill of audiences."""
    return call(ctx, f"audience.{skill}", arguments)
