"""How fast the index answers, against what the memory allows: the measurements behind ``linghang bench audience``.

The limit of a case is the time in which the same threads read the bytes that it must touch, measured in the same run
by a loop that only reads; so the ratio means the same on a busy machine and on a calm one.
"""

import importlib.util
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from _synthetic import AS_OF, EVENT

from linghang.audiences.counting import count
from linghang.audiences.counting import members as members_of
from linghang.audiences.index.bits import Words
from linghang.audiences.index.files import building
from linghang.audiences.index.nodes import Range
from linghang.audiences.index.opened import Index
from linghang.audiences.index.program import compile_plan, in_parts
from linghang.audiences.index.running import bitset, roaring_of
from linghang.audiences.overlaps import overlap
from linghang.audiences.profiles import cells_of, profile_of
from linghang.audiences.rules import parse
from linghang.base.predicates import Rule

DIMENSIONS = ("gender", "city_tier", "lifecycle", "device_os", "age")
RULES: Mapping[str, Any] = {
    "a": [
        {"field": "gender", "op": "eq", "value": "F"},
        {"field": "active", "op": "exists"},
        {"field": "lifecycle", "op": "eq", "value": "existing"},
    ],
    "b": [
        {"field": "gender", "op": "eq", "value": "F"},
        {"field": "age", "op": "between", "value": [30, 50]},
        {"field": "aum_cny", "op": "gt", "value": 10000},
        {"any": [
            {"field": "city_tier", "op": "eq", "value": 1},
            {"field": "city_tier", "op": "eq", "value": 2},
            {"field": "payroll", "op": "exists"},
        ]},
        {"field": "app_installed", "op": "exists"},
        {"field": "consent_sms", "op": "exists"},
        {"field": "opted_out_sms", "op": "exists", "negated": True},
        {"not": {"field": "complaint", "op": "exists"}},
        {"field": "sip_active", "op": "exists", "negated": True},
    ],
    "b, any bound": [
        {"field": "gender", "op": "eq", "value": "F"},
        {"field": "age", "op": "between", "value": [31, 47]},
        {"field": "consent_sms", "op": "exists"},
        {"field": "opted_out_sms", "op": "exists", "negated": True},
    ],
    "c, usual window": [{"field": EVENT, "op": "exists", "window_days": 30}],
    "c, any window": [{"field": EVENT, "op": "ge", "value": 2, "window_days": 45}],
    "c, any window of a page": [{"field": EVENT, "op": "exists", "value": "gold", "window_days": 45}],
}  # fmt: skip
SNAPSHOT = [*RULES["a"], {"field": "device_os", "op": "eq", "value": "Android"}]
"""Whom (f) writes: about 3.8% of all customers, 17 million of 460, spread evenly."""


@dataclass(frozen=True)
class Timing:
    """One case: the least CPU and wall time of its runs, the bytes that it must touch, and the limit for these."""

    case: str
    answer: int
    cpu_ms: float
    wall_ms: float
    bytes: int
    limit_cpu_ms: float

    @property
    def ratio(self) -> float:
        """CPU time over the limit."""
        return self.cpu_ms / self.limit_cpu_ms if self.limit_cpu_ms else 0.0


def measure(index: Index, folder: Path, runs: int = 5) -> list[Timing]:
    """Every case on an index of ``synthetic``; ``folder`` takes the snapshots."""
    timings: list[Timing] = []

    def timed(case: str, touched: int, work: Callable[[], int]) -> None:
        answer = work()
        cpu = wall = pace = float("inf")
        for _ in range(runs):
            # The limit is measured between the runs: on a busy machine it changes from one moment to the next.
            pace = min(pace, reading_pace(index, 2))
            started, began = time.process_time(), time.perf_counter()
            work()
            cpu, wall = min(cpu, time.process_time() - started), min(wall, time.perf_counter() - began)
        timings.append(Timing(case, answer, cpu * 1e3, wall * 1e3, touched, touched * pace * 1e3))

    for name, shape in RULES.items():
        rule = parse(shape)
        timed(name, touched_by(index, [rule]), lambda rule=rule: _fresh_count(index, rule))
    members = bitset(index.plan(parse(RULES["a"])), index.words)
    cells = sum(len(cells_of(name, index, AS_OF)) for name in DIMENSIONS)
    timed("d, profile of 5", (cells + 1) * index.words * 8, lambda: _profiled(members, index))
    rules = overlapping()
    timed(
        "e, overlap of 8", touched_by(index, list(rules.values())), lambda: sum(map(sum, overlap(rules, index).shared))
    )
    rule = parse(SNAPSHOT)
    size, read = count(rule, index, AS_OF), touched_by(index, [rule])
    timed("f, snapshot as bitmap", read + 2 * size, lambda: _as_bitmap(index, rule, folder))
    timed("f, snapshot as Parquet", read + 4 * size, lambda: _as_parquet(index, rule, folder))
    _same_members(folder)
    return timings


def overlapping() -> dict[str, Rule]:
    """The eight audiences whose overlaps (e) counts."""
    return {f"{place}": _variant(place) for place in range(8)}


def rebuild_tags(index: Index, folder: Path, tags: int = 100) -> tuple[float, float]:
    """CPU and wall seconds in which so many bitsets are made anew from columns, checked, and brought to the disk."""
    started, began = time.process_time(), time.perf_counter()
    columns = [("age", 18, 95), ("aum_cny", 0, 40_000_000_00)]
    with building(folder / "tags", index.size) as draft:
        for tag in range(tags):
            name, low, high = columns[tag % 2]
            edge = low + (high - low) * (tag + 1) // (tags + 2)
            column = index.store.array(f"{name}/raw")
            room = draft.reserve(f"tag{tag}", [("true", "<u8", index.words)])["true"]
            compile_plan(Range(column, ((None, edge, False, False),)), index.words).store(room)
        draft.seal({"label": "tags"})
    told = time.process_time() - started, time.perf_counter() - began
    shutil.rmtree(folder / "tags")
    return told


def let_go_of_pages(folder: Path) -> None:
    """Ask the system to forget the pages of an index that nobody has mapped, so that the next count is a cold one."""
    os.sync()
    for path in folder.rglob("*.bin"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def reading_pace(index: Index, times: int = 7) -> float:
    """CPU seconds to read a byte, with the threads that the index uses, from arrays as large as its own."""
    arrays = [index.store.array(f"{name}/true") for name in ("active", "app_installed", "consent_push", "card_bound")]

    def read(start: int, stop: int) -> int:
        return sum(int(np.bitwise_and.reduce(array[start:stop])) for array in arrays)

    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        in_parts(index.words, read)
        best = min(best, time.process_time() - started)
    return best / (len(arrays) * index.words * 8)


def touched_by(index: Index, rules: Sequence[Rule]) -> int:
    """The bytes of all arrays that rules read together, each once."""
    arrays: dict[int, Any] = {}
    for rule in rules:
        if "window_days=45" in str(rule):
            read = [index.store.array(f"event:{EVENT}/{key}") for key in ("customer", "day")]
            read += [index.base, index.store.array(f"event:{EVENT}/names")] if "gold" in str(rule) else [index.base]
        else:
            read = list(compile_plan(index.plan(rule), index.words).arrays)
        arrays |= {array.ctypes.data: array for array in read}
    return sum(array.nbytes for array in arrays.values())


def _fresh_count(index: Index, rule: Rule) -> int:
    """A count that finds nothing prepared from the run before."""
    index.forget()
    return count(rule, index, AS_OF)


def _profiled(members: Words, index: Index) -> int:
    return sum(bar.count for dimension in profile_of(members, index, DIMENSIONS, AS_OF) for bar in dimension.bars)


def _variant(place: int) -> Rule:
    tiers = ("1", "2", "3", "4", "5")
    return parse(
        [
            {"field": "city_tier", "op": "in", "value": [tiers[place % 5], tiers[(place + 1) % 5]]},
            {"field": "active" if place % 2 else "app_installed", "op": "exists"},
        ]
    )


def _as_bitmap(index: Index, rule: Rule, folder: Path) -> int:
    parts = roaring_of(index.plan(rule, AS_OF), index.words)
    with (folder / "snapshot.bitmap").open("wb", buffering=0) as file:
        for part in parts:
            file.write(part.data)
    # What comes before the containers: a cookie, their number, and for each its key, its members less one, its place.
    described = parts[0][8 : 8 + (len(parts[0]) - 8) // 2].view("<u2")
    return int(described[1::2].sum(dtype=np.int64)) + len(described) // 2


def _same_members(folder: Path) -> None:
    """Refuses snapshots of which another library reads other customers than the Parquet file holds."""
    if importlib.util.find_spec("pyroaring") is None:
        return
    bitmap = importlib.import_module("pyroaring").BitMap.deserialize((folder / "snapshot.bitmap").read_bytes())
    if not np.array_equal(
        np.array(bitmap.to_array(), np.uint32), pq.read_table(folder / "snapshot.parquet")["customer"].to_numpy()
    ):
        raise ValueError("the bitmap and the Parquet file hold other customers")


def _as_parquet(index: Index, rule: Rule, folder: Path) -> int:
    numbers = members_of(rule, index, AS_OF)
    table = pa.table({"customer": pa.array(numbers)})
    pq.write_table(
        table, folder / "snapshot.parquet", compression="none", use_dictionary=False, write_statistics=False,
        column_encoding="PLAIN",
    )  # fmt: skip
    return len(numbers)
