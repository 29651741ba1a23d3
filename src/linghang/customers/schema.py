"""Which columns of a pack's customer table are stored, and as what types."""

from collections.abc import Mapping

import pyarrow as pa

from linghang.customers.model import Column, Storage
from linghang.packs.model import Attribute, Pack

ARROW: Mapping[Storage, pa.DataType] = {
    "bool": pa.bool_(),
    "category": pa.string(),
    "ordinal": pa.string(),
    "text": pa.string(),
    "integer": pa.int64(),
    "money": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "group": pa.list_(pa.string()),
}
SQL: Mapping[Storage, str] = {
    "bool": "Nullable(Bool)",
    "category": "LowCardinality(Nullable(String))",
    "ordinal": "LowCardinality(Nullable(String))",
    "text": "Nullable(String)",
    "integer": "Nullable(Int64)",
    "money": "Nullable(Int64)",
    "number": "Nullable(Float64)",
    "date": "Nullable(Date32)",
    "group": "Array(LowCardinality(String))",
}


def storage_of(attribute: Attribute) -> Storage:
    """How the values of an attribute are stored."""
    return "group" if attribute.parameter == "group" else attribute.kind


def columns_of(pack: Pack) -> tuple[Column, ...]:
    """The columns that an import may take, in the pack's order: attributes that live in the customer table.

    Columns named in ``CustomerTable.never`` (known only after the contact) and the outcome are never among them.
    """
    table = pack.customers
    barred = {*table.never, table.outcome_column} - {""}
    return tuple(
        Column(
            name=attribute.name,
            storage=storage_of(attribute),
            source=attribute.column or attribute.name,
            low=attribute.low,
            high=attribute.high,
            choices=attribute.choices,
            empty=attribute.empty,
        )
        for attribute in pack.attributes
        if attribute.source == "column" and not {attribute.name, attribute.column} & barred
    )
