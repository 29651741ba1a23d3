"""External ids and dense numbers: who is who. Doors show ids only."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from linghang.base.errors import UnknownItemError
from linghang.customers import store
from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_AT_ONCE = 20_000
_WHOLE_FROM = 60_000
"""From so many ids on, reading the whole map is quicker than asking for parts of it."""
_WHOLE_UP_TO = 20_000_000
_RANGE = 1 << 18
"""Numbers whose ids are looked up together."""


class Numbers:
    """The map of an institution, as it is now."""

    def __init__(self, engine: Analytics, institution_id: str) -> None:
        self._engine = engine
        self._table = store.table_name("number", institution_id)
        self._whole: tuple[pa.Array, pa.Array] | None = None

    def of(self, ids: pa.Array | pa.ChunkedArray) -> pa.Array:
        """The dense number of each id; null for strangers."""
        texts = pc.cast(ids, pa.string())
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        known, numbers = self._known(texts)
        return numbers.take(pc.index_in(texts, value_set=known))

    def one(self, id: str) -> int:
        """The dense number of an id. Raises UnknownItemError("customers.unknown_customer")."""
        found = self.of(pa.array([id]))[0].as_py()
        if found is None:
            raise UnknownItemError("customers.unknown_customer", customer=id)
        return int(found)

    def known(self, ids: Sequence[str]) -> dict[str, int]:
        """The dense numbers of those ids that are known."""
        found = self.of(pa.array(list(ids), pa.string())).to_pylist()
        return {id: int(number) for id, number in zip(ids, found, strict=True) if number is not None}

    def ids(self, numbers: Sequence[int] | npt.NDArray[np.integer[Any]]) -> list[str]:
        """The external ids of dense numbers, in their order; empty for a number that was never given."""
        wanted = [int(number) for number in numbers]
        found: dict[int, str] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = tuple(wanted[start : start + _AT_ONCE])
            rows = self._engine.query(
                f"SELECT customer, id FROM {self._table} WHERE customer IN {{numbers:Array(UInt32)}}", {"numbers": part}
            )
            found.update(zip(rows["customer"].to_pylist(), rows["id"].to_pylist(), strict=True))
        return [found.get(number, "") for number in wanted]

    def texts(self, numbers: npt.NDArray[np.uint32]) -> pa.Array:
        """The external ids of ascending dense numbers, in their order; empty for a number that was never given.

        For many: the map is read by ranges of numbers, so memory stays bounded and nothing is asked one by one.
        """
        parts: list[pa.Array] = [pa.array([], pa.string())]
        for start in range(0, len(numbers), _RANGE):
            part = numbers[start : start + _RANGE]
            # A spread-out audience is read in one range; what is not wanted of it is thrown away here.
            rows = self._engine.query(
                f"SELECT customer, id FROM {self._table} WHERE customer >= {{a:UInt32}} AND customer <= {{b:UInt32}} "
                "ORDER BY customer",
                {"a": int(part[0]), "b": int(part[-1])},
            )
            places = pc.index_in(pa.array(part), value_set=rows["customer"].combine_chunks())
            parts.append(pc.fill_null(pc.cast(rows["id"].combine_chunks().take(places), pa.string()), ""))
        return pa.concat_arrays(parts)

    def _known(self, texts: pa.Array) -> tuple[pa.Array, pa.Array]:
        unique = pc.unique(texts)
        if self._whole is None and len(unique) >= _WHOLE_FROM:
            size = self._engine.query(f"SELECT count() AS n FROM {self._table}")["n"][0].as_py()
            if size <= _WHOLE_UP_TO:
                rows = self._engine.query(f"SELECT id, customer FROM {self._table}")
                self._whole = (rows["id"].combine_chunks(), rows["customer"].combine_chunks())
        if self._whole is not None:
            return self._whole
        parts: list[pa.Table] = []
        for start in range(0, len(unique), _AT_ONCE):
            ids = tuple(text for text in unique.slice(start, _AT_ONCE).to_pylist() if text is not None)
            query = f"SELECT id, customer FROM {self._table} WHERE id IN {{ids:Array(String)}}"
            parts.append(self._engine.query(query, {"ids": ids}))
        if not parts:
            return pa.array([], pa.string()), pa.array([], pa.uint32())
        rows = pa.concat_tables(parts)
        return rows["id"].combine_chunks(), rows["customer"].combine_chunks()
