"""Events that came after the index was built: kept in memory, sorted like the built ones, read with them.

So a count sees what was ingested a moment ago without building anything; when the tail has grown long the index is
built anew with it.
"""

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from linghang.ports.analytics import Analytics

SEPARATOR = "\x1f"
NAMES = "concat(object, char(31), channel, char(31), slot, char(31), campaign_id)"
"""What an event may be asked by: what it was done to, how, where, and in which campaign."""
SECOND = "toUInt32(greatest(0, least(4294967295, toUnixTimestamp64Second(at)))) AS second"
"""The instant of an event, to the second: what comes after what."""


@dataclass(frozen=True)
class Segment:
    """Events of one name, sorted by customer. ``things[i]`` are the names that code ``i`` of ``names`` stands for.

    They stand in the order of ``NAMES``: object, channel, slot, campaign; empty where there is none.
    """

    customer: npt.NDArray[np.uint32]
    day: npt.NDArray[np.uint16]
    second: npt.NDArray[np.uint32]
    names: npt.NDArray[Any]
    amount: npt.NDArray[np.int64]
    things: tuple[tuple[str, ...], ...]


def things_of(combined: list[str]) -> tuple[tuple[str, ...], ...]:
    """The names in each combined text."""
    return tuple(tuple(text.split(SEPARATOR)) for text in combined)


@dataclass(frozen=True)
class Chunk:
    """Late events of one name up to batch ``last``, as they came and sorted."""

    last: int
    rows: pa.Table
    segment: Segment


@dataclass
class Tail:
    """Batches after ``start`` of a log, up to ``loaded``; ``wanted`` is how far the log has grown.

    A name's events lie in chunks, each more than twice as long as the next: a batch is sorted once, and then merged a
    few times only, however many batches come.
    """

    engine: Analytics
    log: str
    zone: str
    start: int
    wanted: int = 0
    loaded: int = 0
    rows: int = 0
    _chunks: dict[str, list[Chunk]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, names: Sequence[str]) -> tuple[int, list[list[Chunk]]]:
        """(the batch that is read, the chunks of each name), as far as the log is wanted."""
        with self._lock:
            if self.loaded < self.wanted:
                self._catch_up()
            return max(self.loaded, self.start), [list(self._chunks.get(name, ())) for name in names]

    def _catch_up(self) -> None:
        after, upto = max(self.start, self.loaded), self.wanted
        fresh = self.engine.query(
            f"SELECT name, customer, toUInt16(toDate(at, {{zone:String}})) AS day, {SECOND}, {NAMES} AS names, "
            f"amount_fen FROM {self.log} WHERE batch > {{after:UInt64}} AND batch <= {{upto:UInt64}} ORDER BY name",
            {"zone": self.zone, "after": after, "upto": upto},
        )
        names = fresh["name"].to_numpy()
        # A batch may have no rows for this log: then there is nothing between any two edges.
        edges = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1], [True]))) if len(names) else ()
        for start, stop in itertools.pairwise(edges):
            part = fresh.slice(start, stop - start).drop_columns(["name"])
            chunks = self._chunks.setdefault(str(names[start]), [])
            while chunks and chunks[-1].rows.num_rows <= 2 * part.num_rows:
                part = pa.concat_tables([chunks.pop().rows, part])
            chunks.append(Chunk(upto, part, _sorted(part)))
        self.rows += fresh.num_rows
        self.loaded = upto


def _sorted(table: pa.Table) -> Segment:
    customer = table["customer"].to_numpy()
    order = np.argsort(customer, kind="stable")
    coded = table["names"].combine_chunks().dictionary_encode()
    return Segment(
        customer[order],
        table["day"].to_numpy()[order],
        table["second"].to_numpy()[order],
        np.asarray(coded.indices)[order],
        table["amount_fen"].to_numpy()[order],
        things_of(coded.dictionary.to_pylist()),
    )


def built(arrays: Mapping[str, npt.NDArray[Any]], things: list[list[str]]) -> Segment:
    """The segment of events that the index was built with."""
    return Segment(
        arrays["customer"], arrays["day"], arrays["second"], arrays["names"], arrays["amount"],
        tuple(tuple(one) for one in things),
    )  # fmt: skip
