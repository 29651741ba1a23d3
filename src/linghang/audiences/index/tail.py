"""Events that came after the index was built: kept in memory, sorted like the built ones, read with them.

So a count sees what was ingested a moment ago without building anything; when the tail has grown long the index is
built anew with it.
"""

import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True)
class Late:
    """What is known of the log beyond the build, up to batch ``loaded``: a value that a new one takes the place of.

    A name's events lie in ``chunks``, each more than twice as long as the next. ``anew`` are all the events of those
    whose events were corrected or erased: neither what was built of them nor their chunks count. ``recent`` tells who
    did something by batch, from the one after ``horizon`` on.
    """

    loaded: int
    chunks: Mapping[str, tuple[Chunk, ...]] = field(default_factory=dict)
    anew: Mapping[str, Chunk] = field(default_factory=dict)
    recent: Mapping[str, tuple[tuple[int, npt.NDArray[np.uint32]], ...]] = field(default_factory=dict)
    horizon: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0

    def since(self, name: str, batch: int) -> list[npt.NDArray[np.uint32]]:
        """The customers who did this after a batch, or whose doing was corrected; some others may be among them."""
        held = self.anew.get(name)
        found = [held.who] if held is not None and held.last > batch else []
        if batch >= self.horizon.get(name, 0):
            return [*found, *(who for last, who in self.recent.get(name, ()) if last > batch)]
        # So long ago is not known by batch: then more are looked at than had to be.
        return [*found, *(chunk.segment.customer for chunk in self.chunks.get(name, ()) if chunk.last > batch)]


@dataclass
class Tail:
    """Batches after ``start`` of a log; ``wanted`` is how far the log has grown.

    A batch is sorted once, and then merged a few times only, however many batches come. Whoever ingests in this process
    hands its batches over (``push``): then a count finds them there, and waits for nobody.
    """

    engine: Analytics
    log: str
    touched: str
    """The table of whose events were corrected or erased, by batch."""
    zone: str
    start: int
    wanted: int = 0
    late: Late = field(init=False)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Nothing is read yet."""
        self.late = Late(self.start)

    @property
    def rows(self) -> int:
        """Events that are held in memory."""
        return self.late.rows

    def read(self) -> Late:
        """The log beyond the build, read as far as it is wanted."""
        if self.late.loaded < self.wanted:
            with self._writing:
                if self.late.loaded < self.wanted:
                    self._catch_up()
        return self.late

    def push(self, batch: int, events: pa.Table) -> None:
        """Take a batch as it was put into the log. One that is not the next is left to be read from the log."""
        with self._writing:
            if batch == self.late.loaded + 1:
                self._take(_told(events, self.zone), self.late, batch)

    def _catch_up(self) -> None:
        after, upto = self.late.loaded, self.wanted
        # What came, and in the same question whose events were touched.
        asked = self.engine.query(
            f"SELECT * FROM (SELECT false AS touched, name, customer, toUInt16(toDate(at, {{zone:String}})) AS day, "
            f"{SECOND}, {NAMES} AS names, amount_fen FROM {self.log} "
            "WHERE batch > {after:UInt64} AND batch <= {upto:UInt64} "
            f"UNION ALL SELECT true, name, customer, 0, 0, '', 0 FROM {self.touched} "
            "WHERE batch > {after:UInt64} AND batch <= {upto:UInt64}) ORDER BY touched, name",
            {"zone": self.zone, "after": after, "upto": upto},
        )
        if not asked.num_rows:
            self.late = replace(self.late, loaded=upto)
            return
        came = int(asked.num_rows - (pc.sum(asked["touched"]).as_py() or 0))
        fresh = asked.slice(0, came).drop_columns(["touched"]).cast(_FRESH)
        self._take(fresh, self._read_anew(asked.slice(came), upto), upto)

    def _take(self, fresh: pa.Table, before: Late, upto: int) -> None:
        """Put events, sorted by name, to those that are held."""
        chunks, anew = dict(before.chunks), dict(before.anew)
        recent, horizon = dict(before.recent), dict(before.horizon)
        names = fresh["name"].to_numpy() if fresh.num_rows else np.zeros(0, np.str_)
        # A batch may have no rows for this log: then there is nothing between any two edges.
        edges = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1], [True]))) if len(names) else ()
        for start, stop in itertools.pairwise(edges):
            name = str(names[start])
            part = fresh.slice(start, stop - start).drop_columns(["name"])
            who = np.unique(part["customer"].to_numpy())
            kept = list(chunks.get(name, ()))
            while kept and kept[-1].rows.num_rows <= 2 * part.num_rows:
                part = pa.concat_tables([kept.pop().rows, part])
            chunks[name] = (*kept, Chunk(upto, part, _sorted(part)))
            entries = (*recent.get(name, ()), (upto, who))
            if len(entries) > _RECENT:
                horizon[name] = entries[0][0]
            recent[name] = entries[-_RECENT:]
            held = anew.get(name)
            # Of those who are read from the log itself what comes is read with the rest.
            if held is not None and held.last < upto and len(np.intersect1d(who, held.who)):
                anew[name] = self._held(name, held.who, upto)
        for name in chunks:
            horizon.setdefault(name, self.start)
        self.late = Late(upto, chunks, anew, recent, horizon, before.rows + fresh.num_rows)

    def _read_anew(self, touched: pa.Table, upto: int) -> Late:
        """What is known, with the events read again of those whose events were touched by a batch."""
        anew = dict(self.late.anew)
        for name in dict.fromkeys(touched["name"].to_pylist()) if touched.num_rows else ():
            who = np.unique(touched.filter(pc.equal(touched["name"], name))["customer"].to_numpy())
            before = anew.get(name)
            anew[name] = self._held(name, who if before is None else np.union1d(before.who, who), upto)
        return replace(self.late, anew=anew)

    def _held(self, name: str, who: npt.NDArray[np.uint32], upto: int) -> Chunk:
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
        return Chunk(upto, part, _sorted(part), who)


_WHO = 20_000
"""Customers that are asked for at once."""
_RECENT = 32
"""Batches of which it is known who did something in each."""
_FRESH = pa.schema(
    [("name", pa.string()), ("customer", pa.uint32()), ("day", pa.uint16()), ("second", pa.uint32()),
     ("names", pa.string()), ("amount_fen", pa.int64())]
)  # fmt: skip


def _told(events: pa.Table, zone: str) -> pa.Table:
    """A batch as ``ingest`` puts it into the log, as the engine would tell it."""
    at = events["at"]
    local = pc.local_timestamp(pc.cast(at, pa.timestamp("us", zone)))
    day = pc.cast(pc.cast(local, pa.date32()), pa.int32())
    second = pc.divide(pc.cast(at, pa.int64()), 1_000_000)
    names = pc.binary_join_element_wise(
        *(events[name] for name in ("object", "channel", "slot", "campaign_id")), SEPARATOR
    )
    told = {
        "name": events["name"], "customer": events["customer"], "day": _within(day, 0xFFFF),
        "second": _within(second, 0xFFFFFFFF), "names": names, "amount_fen": events["amount_fen"],
    }  # fmt: skip
    return pa.table(told).cast(_FRESH).sort_by("name")


def _within(values: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    return pc.min_element_wise(pc.max_element_wise(values, 0), most)


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
