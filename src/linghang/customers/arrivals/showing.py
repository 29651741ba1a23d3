"""How the cells of a column are read as its field: a few examples, as people see values."""

from dataclasses import dataclass

import pyarrow as pa

from linghang.base.messages import render
from linghang.customers.arrivals.kinds import Look
from linghang.customers.arrivals.mapping import TableMap, columns_for
from linghang.customers.model import Column
from linghang.customers.parsing import typed
from linghang.packs.model import Pack

_SHOWN = 3


@dataclass(frozen=True)
class Example:
    """A cell as it is written and as it is read; ``wrong`` is the code of what is wrong with it."""

    text: str
    read: str
    wrong: str = ""


def examples(pack: Pack, mapped: TableMap, look: Look, locale: str) -> list[Example]:
    """The most frequent cells of a column, read as the mapping says (which has to be ``on`` a day)."""
    texts = list(look.common[:_SHOWN])
    column = next((one for one in columns_for(pack, mapped) if one.source == look.name), None)
    if mapped.table != "customers" or column is None:
        return [Example(text, text) for text in texts]
    unknown = pa.array([text.lower() for text in mapped.unknown] or [""])
    cells = typed(pa.array(texts, pa.string()), column, unknown, "yuan")
    wrong = [""] * len(texts)
    for code, rows in cells.faults:
        wrong = [code if bad else before for bad, before in zip(rows.to_pylist(), wrong, strict=True)]
    values = cells.values.to_pylist()
    return [
        Example(text, "" if fault else _said(column, value, locale), fault)
        for text, value, fault in zip(texts, values, wrong, strict=True)
    ]


def _said(column: Column, value: object, locale: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return render("customers.read_yes" if value else "customers.read_no", {}, locale)
    if column.storage == "money" and isinstance(value, int):
        return render("customers.read_yuan", {"amount": f"{value / 100:,.2f}".removesuffix(".00")}, locale)
    if column.counted_to is not None:
        return render("customers.read_days", {"count": value, "day": column.counted_to.isoformat()}, locale)
    label = next((choice.label.of(locale) for choice in column.choices if str(choice.value) == value), None)
    if label is not None:
        return label
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
