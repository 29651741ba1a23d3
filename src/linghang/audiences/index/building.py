"""Building an index from the analytics engine, range by range of customers, in bounded memory."""

import datetime as dt
from pathlib import Path

import numpy as np

from linghang.audiences.index.columns import write_columns
from linghang.audiences.index.files import building
from linghang.audiences.index.happenings import write_events
from linghang.audiences.index.holdings import write_holdings
from linghang.audiences.index.running import COMPILED_FROM, warm
from linghang.audiences.index.sources import Layout, Sources
from linghang.customers.catalogue import Catalogue
from linghang.ports.analytics import Analytics


def build(
    engine: Analytics, catalogue: Catalogue, sources: Sources, root: Path, *, mark: str, now: dt.datetime
) -> None:
    """Build a new version in ``root`` and make it current. ``mark`` names what it was built from besides the data."""
    size = max(sources.customers.size, 1)
    with building(root, size) as draft:
        layout = Layout()
        if draft.words >= COMPILED_FROM:
            warm()
        base = draft.reserve("base", [("present", "<u8", draft.words)])["present"]
        write_columns(engine, catalogue, sources, draft, layout, base)
        write_holdings(engine, sources, draft, layout)
        write_events(engine, catalogue, sources, draft, layout)
        draft.seal(
            {
                "label": sources.tables, "batch": sources.batch, "mark": mark, "built": now.isoformat(),
                "as_of": sources.customers.as_of.isoformat(), "population": int(np.bitwise_count(base).sum()),
                "institution_id": sources.institution_id, "table": sources.customers.table,
                "columns": layout.columns, "events": layout.events, "products": layout.products,
            }
        )  # fmt: skip
