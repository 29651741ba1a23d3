"""Single members of an audience as people may see them: chosen fields, sensitive ones hidden."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from linghang.audiences.features import features
from linghang.audiences.index.bits import Numbers
from linghang.audiences.index.opened import Index
from linghang.packs.model import Attribute, Pack

MOST_SHOWN = 200
HIDDEN = "•••"


def rows_of(numbers: Numbers, index: Index, pack: Pack, fields: Sequence[str], *, plainly: bool) -> list[list[Any]]:
    """The fields of some customers, one list a customer, as people write them: money in yuan; unknown is None."""
    known = {one.name: one for one in pack.attributes}
    table = features(index, numbers, fields)
    columns: list[list[Any]] = []
    for name in fields:
        attribute = known.get(name)
        hidden = attribute is not None and attribute.sensitive and not plainly
        columns.append([HIDDEN if hidden else _told(value, attribute) for value in table[name].to_pylist()])
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in numbers]


def _told(value: Any, attribute: Attribute | None) -> Any:
    if value is None:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if attribute is not None and attribute.kind == "money":
        return value / 100
    return value
