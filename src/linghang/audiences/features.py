"""Columns of chosen customers for models and decisions, as typed as they are stored; unknown is null."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linghang.audiences.index.bits import Words
from linghang.audiences.index.opened import Index
from linghang.base.errors import UsageError


def features(index: Index, customers: npt.NDArray[np.uint32], names: Sequence[str]) -> pa.Table:
    """``customer`` and the named columns, one row for each of ``customers`` in their order.

    Money is in fen. Raises UsageError("audiences.unknown_dimension") for a field that the data do not have.
    """
    columns: dict[str, pa.Array] = {"customer": pa.array(customers)}
    for name in names:
        columns[name] = _column(index, name, customers)
    return pa.table(columns)


def _column(index: Index, name: str, customers: npt.NDArray[np.uint32]) -> pa.Array:
    told = index.columns.get(name)
    if told is None:
        return _held(index, name, customers)
    storage = told["storage"]
    if storage == "group":
        return _groups(index, name, told["values"], customers)
    absent = np.zeros(len(customers), np.bool_) if told["complete"] else ~_bit(index, f"{name}/known", customers)
    if storage == "bool":
        return pa.array(_bit(index, f"{name}/true", customers), mask=absent)
    raw = index.store.array(f"{name}/raw")[customers]
    if told["values"]:
        codes = pa.array(raw.astype(np.int64) - 1, mask=raw == 0)
        return pa.DictionaryArray.from_arrays(codes, pa.array(told["values"])).dictionary_decode()
    if storage in ("category", "ordinal", "text"):
        return pa.nulls(len(customers), pa.string())
    if storage == "number":
        return pa.array(raw, mask=absent)
    values = raw.astype(np.int64) + int(told["offset"])
    if storage == "date":
        return pa.array(values.astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())
    return pa.array(values, mask=absent)


def _held(index: Index, name: str, customers: npt.NDArray[np.uint32]) -> pa.Array:
    field = index.catalogue.fields.get(name)
    if field is None or field.source != "holding" or "holding/now" not in index.store:
        raise UsageError("audiences.unknown_dimension", field=name, have=", ".join(index.columns))
    now = _bit(index, "holding/now", customers)
    if field.measure == "occurrence":
        return pa.array(_bit(index, "holding/ever", customers) if name.endswith("_ever") else now)
    key = {"amount": "amount", "days": "days"}.get(field.measure, "count")
    values = index.store.array(f"holding/{key}")[customers].astype(np.int64)
    return pa.array(values, mask=None if field.zero else ~_bit(index, "holding/dated", customers))


def _groups(index: Index, name: str, values: Sequence[str], customers: npt.NDArray[np.uint32]) -> pa.Array:
    flags = [_bit(index, f"{name}/is:{place}", customers) for place in range(len(values))]
    if not flags:
        return pa.array([[] for _ in customers], pa.list_(pa.string()))
    owners, members = np.nonzero(np.column_stack(flags))
    offsets = np.searchsorted(owners, np.arange(len(customers) + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values).take(pa.array(members)))


def _bit(index: Index, key: str, customers: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    words: Words = index.store.array(key)
    found: Any = (words[customers >> np.uint32(6)] >> (customers & np.uint32(63)).astype(np.uint64)) & np.uint64(1)
    return found.astype(np.bool_)
