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
import pyarrow.compute

from linghang.ports.analytics import Analytics

pc: Any = pyarrow.compute  # its functions are made when it is imported, so no checker knows them

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
    """Late events of one name up to batch ``last``, as they came and sorted; ``who``: all events of these customers."""

    last: int
    rows: pa.Table
    segment: Segment
    who: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))


@dataclass
class Tail:
    """Batches after ``start`` of a log, up to ``loaded``; ``wanted`` is how far the log has grown.

    A name's events lie in chunks, each more than twice as long as the next: a batch is sorted once, and then merged a
    few times only, however many batches come.
    """

    engine: Analytics
    log: str
    touched: str
    """The table of whose events were corrected or erased, by batch."""
    zone: str
    start: int
    wanted: int = 0
    loaded: int = 0
    rows: int = 0
    _chunks: dict[str, list[Chunk]] = field(default_factory=dict)
    _anew: dict[str, Chunk] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, names: Sequence[str]) -> tuple[int, list[list[Chunk]], list[Chunk | None]]:
        """(the batch that is read, the chunks of each name, what holds instead for some of its customers).

        The log is read as far as it is wanted. What holds instead are all the events of those whose events were
        corrected or erased: neither what was built of them nor their chunks count.
        """
        with self._lock:
            if self.loaded < self.wanted:
                self._catch_up()
            chunks = [list(self._chunks.get(name, ())) for name in names]
            return max(self.loaded, self.start), chunks, [self._anew.get(name) for name in names]

    def _catch_up(self) -> None:
        after, upto = max(self.start, self.loaded), self.wanted
        # What came, and in the same question whose events were touched.
        asked = self.engine.query(
            f"SELECT * FROM (SELECT false AS touched, name, customer, toUInt16(toDate(at, {{zone:String}})) AS day, "
            f"{SECOND}, {NAMES} AS names, amount_fen FROM {self.log} "
            "WHERE batch > {after:UInt64} AND batch <= {upto:UInt64} "
            f"UNION ALL SELECT true, name, customer, 0, 0, '', 0 FROM {self.touched} "
            "WHERE batch > {after:UInt64} AND batch <= {upto:UInt64}) ORDER BY touched, name",
            {"zone": self.zone, "after": after, "upto": upto},
        )
        came = int(asked.num_rows - (pc.sum(asked["touched"]).as_py() or 0)) if asked.num_rows else 0
        fresh = asked.slice(0, came).drop_columns(["touched"]) if asked.num_rows else asked
        self._read_anew(asked.slice(came), upto)
        names = fresh["name"].to_numpy() if fresh.num_rows else np.zeros(0, np.str_)
        # A batch may have no rows for this log: then there is nothing between any two edges.
        edges = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1], [True]))) if len(names) else ()
        for start, stop in itertools.pairwise(edges):
            part = fresh.slice(start, stop - start).drop_columns(["name"])
            chunks = self._chunks.setdefault(str(names[start]), [])
            while chunks and chunks[-1].rows.num_rows <= 2 * part.num_rows:
                part = pa.concat_tables([chunks.pop().rows, part])
            chunks.append(Chunk(upto, part, _sorted(part)))
            self._follow(str(names[start]), chunks[-1])
        self.rows += fresh.num_rows
        self.loaded = upto

    def _read_anew(self, touched: pa.Table, upto: int) -> None:
        """Read again the events of those whose events were touched by a batch."""
        for name in dict.fromkeys(touched["name"].to_pylist()) if touched.num_rows else ():
            who = np.unique(touched.filter(pc.equal(touched["name"], name))["customer"].to_numpy())
            before = self._anew.get(name)
            self._hold(name, who if before is None else np.union1d(before.who, who), upto)

    def _follow(self, name: str, chunk: Chunk) -> None:
        """Events came: of those who are read from the log itself they are read with the others."""
        held = self._anew.get(name)
        if held is not None and held.last < chunk.last and len(np.intersect1d(chunk.segment.customer, held.who)):
            self._hold(name, held.who, chunk.last)

    def _hold(self, name: str, who: npt.NDArray[np.uint32], upto: int) -> None:
        rows = [
            self.engine.query(
                f"SELECT customer, toUInt16(toDate(at, {{zone:String}})) AS day, {SECOND}, {NAMES} AS names, "
                f"amount_fen FROM {self.log} WHERE name = {{name:String}} AND batch <= {{upto:UInt64}} "
                "AND customer IN {who:Array(UInt32)}",
                {
                    "zone": self.zone,
                    "name": name,
                    "upto": upto,
                    "who": tuple(int(n) for n in who[start : start + _WHO]),
                },
            )
            for start in range(0, len(who), _WHO)
        ]
        part = pa.concat_tables(rows)
        self._anew[name] = Chunk(upto, part, _sorted(part), who)


_WHO = 20_000
"""Customers that are asked for at once."""


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
