"""Skills that bring in customers and what they did."""

from pathlib import Path
from typing import Any

from linghang import packs
from linghang.base.digest import plain
from linghang.base.messages import render
from linghang.customers.importing import import_table
from linghang.customers.outcomes import import_events
from linghang.customers.staging import Target
from linghang.kit.context import Context
from linghang.kit.skills import skill


@skill(
    "customers.import",
    effect="draft",
    permission="customers.import",
    cost="high",
    durable=True,
    example={"table": "customers.csv"},
)
def import_customers(ctx: Context, table: str, most_rejected_pct: float = 50.0) -> dict[str, Any]:
    """Import a table of customers (CSV or Parquet) as the new generation; killed, the same call continues.

    Every row is accepted or rejected with a reason. With more than ``most_rejected_pct`` rejected nothing is changed.
    """
    pack = packs.load(ctx.pack)
    done = import_table(Target.of(ctx, pack), Path(table), most_rejected=most_rejected_pct / 100)
    return _told(done, ctx.locale)


@skill(
    "events.import",
    effect="draft",
    permission="events.import",
    cost="high",
    durable=True,
    example={"table": "outcomes.csv"},
)
def import_outcomes(ctx: Context, table: str) -> dict[str, Any]:
    """Import what happened (CSV or Parquet: customer id, event, time, amount, campaign …); again, it adds nothing."""
    done = import_events(Target.of(ctx, packs.load(ctx.pack)), Path(table))
    return _told(done, ctx.locale)


def _told(done: Any, locale: str) -> dict[str, Any]:
    shape: dict[str, Any] = plain(done)
    shape["findings"] = [
        {**plain(finding), "message": render(finding.code, finding.params, locale)} for finding in done.findings
    ]
    return shape
