"""An estimate of a size by a sketch of the analytics engine: only for who asks for one, and never called a count."""

import datetime as dt
from dataclasses import dataclass

from linghang.audiences.index.sources import Sources
from linghang.audiences.sql import condition
from linghang.base.predicates import Rule
from linghang.customers.catalogue import Catalogue
from linghang.ports.analytics import Analytics

SKETCH = "uniqCombined64(17)"
_ERROR = 1.04 / (1 << 17) ** 0.5
"""Standard error of a HyperLogLog with 2¹⁷ registers (Flajolet et al., 2007); of few it is exact."""
_Z95 = 1.96


@dataclass(frozen=True)
class Estimate:
    """About how many, and between what in 95 of 100 cases."""

    about: int
    low: int
    high: int
    sketch: str = SKETCH


def estimate(engine: Analytics, catalogue: Catalogue, sources: Sources, rule: Rule | None, today: dt.date) -> Estimate:
    """The size of a worked-out rule by a sketch that shards of a cluster make of their own and merge.

    Raises RefusedError("audiences.bad_rule").
    """
    sql, params = condition(catalogue, sources, rule, today)
    rows = engine.query(f"SELECT {SKETCH}(customer) AS n FROM {sources.customers.table} AS c WHERE {sql}", params)
    about = int(rows["n"][0].as_py())
    margin = round(_Z95 * _ERROR * about)
    return Estimate(about, max(0, about - margin), about + margin)
