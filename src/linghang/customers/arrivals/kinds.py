"""What a column's cells are, from a sample of them: yes and no, numbers, days, a few values, or any text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from linghang.customers.model import Column, Storage
from linghang.customers.parsing import typed

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

FITS = 0.97
"""The share of cells that must be of a kind for a column to be of it."""
_FEW = 50
_PROBED = 400
_DAY_FORMS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y年%m月%d日")
NOTHING = ("", "null", "none", "nan", "na", "n/a", "-", "--", "\\n", "无", "未知", "unknown", "#n/a")
"""Texts by which tables say that there is no value, in lower case."""


@dataclass(frozen=True)
class Look:
    """What a sample of a column shows. ``fits`` is the share of its values that are of the ``kind``."""

    name: str
    kind: Storage
    rows: int
    missing: int
    distinct: int
    fits: float
    format: str = ""
    forms: tuple[str, ...] = ()
    """Other forms of days that fit all values as well: which one is meant cannot be seen."""
    nothing: tuple[str, ...] = ()
    """The texts that say that there is no value, as they are written."""
    common: tuple[str, ...] = ()
    """Its most frequent values."""


def look(name: str, cells: pa.Array, *, rows: int) -> Look:
    """What a column is."""
    text = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(cells, pa.string()), ""))
    blank = pc.is_in(pc.utf8_lower(text), value_set=pa.array(NOTHING))
    written = pc.unique(text.filter(blank)).to_pylist()
    values = text.filter(pc.invert(blank))
    counted = pc.value_counts(values)
    order = np.argsort(-np.asarray(counted.field("counts")), kind="stable") if len(counted) else []
    common = tuple(str(counted.field("values")[int(place)].as_py()) for place in order[:_FEW])
    kind, fits, form, forms = _kind(cells.type, values, len(counted))
    nothing = tuple(one for one in written if one)
    return Look(name, kind, rows, rows - len(values), len(counted), fits, form, forms, nothing, common)


def _kind(source: pa.DataType, values: pa.Array, distinct: int) -> tuple[Storage, float, str, tuple[str, ...]]:
    if not len(values):
        return "text", 1.0, "", ()
    if pa.types.is_boolean(source):
        return "bool", 1.0, "", ()
    if pa.types.is_date(source) or pa.types.is_timestamp(source):
        return "date", 1.0, "", ()
    two = distinct <= 2 and fit(values, Column("", "bool", ""))
    # Two numbers that happen to be 0 and 1 are yes and no; a constant column of either is not yet.
    if two and two >= FITS and distinct == 2:
        return "bool", two, "", ()
    days, form, forms = _days(values)
    # Eight digits that are all days are days.
    if days >= FITS:
        return "date", days, form, forms
    for kind in ("integer", "number"):
        share = fit(values, Column("", kind, ""))
        if share >= FITS:
            return kind, share, "", ()
    few = distinct <= _FEW and distinct * 20 <= max(len(values), 40)
    return ("category" if few else "text"), 1.0, "", ()


def fit(values: pa.Array, column: Column, unknown: Sequence[str] = ("",)) -> float:
    """The share of values that a column takes."""
    if not len(values):
        return 1.0
    cells = typed(values, column, pa.array(list(unknown)), "yuan")
    bad = np.zeros(len(values), np.bool_)
    for _, rows in cells.faults:
        bad |= rows.to_numpy(zero_copy_only=False)
    return float(1 - bad.mean())


def _days(values: pa.Array) -> tuple[float, str, tuple[str, ...]]:
    # Most columns hold no days: a few hundred cells, evenly taken, say so.
    few = values.take(pa.array(np.linspace(0, len(values) - 1, min(len(values), _PROBED)).astype(np.int64)))
    kinds = {form: Column("", "date", "", format=form) for form in ("", *_DAY_FORMS)}
    likely = [form for form, column in kinds.items() if fit(few, column) >= 0.5]
    shares = {form: fit(values, kinds[form]) for form in likely}
    if shares.get("", 0.0) >= FITS:
        return shares[""], "", ()
    shares.pop("", None)
    if not shares:
        return 0.0, "", ()
    best = max(shares, key=lambda form: shares[form])
    others = tuple(form for form, share in shares.items() if form != best and share == shares[best])
    return (shares[best], best, others) if shares[best] >= FITS else (0.0, "", ())
