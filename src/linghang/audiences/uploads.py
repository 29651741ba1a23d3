"""A list of external ids as an audience: who is known, and what became of every line."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from linghang.audiences.index.bits import Numbers
from linghang.customers.numbers import Numbers as Known

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

_SHOWN = 5


@dataclass(frozen=True)
class Uploaded:
    """``members`` of a list of ``given`` lines; given = members + duplicates + strangers + blank + gone, exactly.

    ``strangers`` are lines with an id that was never seen, ``gone`` lines of customers who were, but are not among the
    present ones; ``examples`` are the first strangers, as they were given.
    """

    members: Numbers
    given: int
    duplicates: int
    strangers: int
    blank: int
    gone: int
    examples: tuple[str, ...]


def of_ids(ids: pa.Array | pa.ChunkedArray, known: Known, present: Numbers | None = None) -> Uploaded:
    """The customers of a list; spaces around an id are not part of it. ``present`` are those whom the data hold now."""
    texts = pc.utf8_trim_whitespace(pc.fill_null(pc.cast(ids, pa.string()), ""))
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    filled = texts.filter(pc.not_equal(texts, ""))
    found = known.of(filled)
    strange = filled.filter(pc.is_null(found))
    numbers = found.drop_null().to_numpy(zero_copy_only=False)
    here = numbers if present is None else numbers[np.isin(numbers, present, kind="sort")]
    members = np.unique(here).astype(np.uint32)
    return Uploaded(
        members, len(texts), len(here) - len(members), len(strange), len(texts) - len(filled), len(numbers) - len(here),
        tuple(pc.unique(strange.slice(0, 1000)).to_pylist()[:_SHOWN]),
    )  # fmt: skip
