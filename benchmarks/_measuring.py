"""How fast the index answers, against what the memory allows: the measurements behind ``linghang bench audience``.

The limit of a case is the time in which the same threads read the bytes that it must touch, measured in the same run
by a loop that only reads; so the ratio means the same on a busy machine and on a calm one.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from _synthetic import AS_OF, EVENT

from linghang.audiences.counting import count
from linghang.audiences.index.bits import Words
from linghang.audiences.index.opened import Index
from linghang.audiences.index.program import compile_plan, in_parts, threads
from linghang.audiences.index.running import bitset, numbers_of
from linghang.audiences.overlaps import overlap
from linghang.audiences.profiles import profile_of
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
OVERLAPPING = ("a", "b")


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
    pace = reading_pace(index)
    timings: list[Timing] = []

    def timed(case: str, touched: int, work: Callable[[], int]) -> None:
        answer = work()
        cpu = wall = float("inf")
        for _ in range(runs):
            started, began = time.process_time(), time.perf_counter()
            work()
            cpu, wall = min(cpu, time.process_time() - started), min(wall, time.perf_counter() - began)
        timings.append(Timing(case, answer, cpu * 1e3, wall * 1e3, touched, touched * pace * 1e3))

    for name, shape in RULES.items():
        rule = parse(shape)
        timed(name, touched_by(index, rule), lambda rule=rule: _fresh_count(index, rule))
    members = bitset(index.plan(parse(RULES["a"])), index.words)
    profile_of(members, index, DIMENSIONS, AS_OF)
    cells = sum(len(index.remembered(("cells", name, AS_OF), list)) for name in DIMENSIONS)
    timed("d, profile of 5", (cells + 1) * index.words * 8, lambda: _profiled(members, index))
    rules = {f"{place}": _variant(place) for place in range(8)}
    each = [touched_by(index, rule) for rule in rules.values()]
    timed("e, overlap of 8", sum(each) + 8 * index.words * 8, lambda: sum(map(sum, overlap(rules, index).shared)))
    kept = _about(index, 18_000_000)
    size = int(np.bitwise_count(kept).sum())
    timed("f, snapshot as bitmap", 2 * index.words * 8, lambda: _as_bitmap(kept, folder))
    timed("f, snapshot as Parquet", index.words * 8 + size * 8, lambda: _as_parquet(kept, folder))
    return timings


def reading_pace(index: Index) -> float:
    """CPU seconds to read a byte, with the threads that the index uses, from arrays as large as its own."""
    arrays = [index.store.array(f"{name}/true") for name in ("active", "app_installed", "consent_push", "card_bound")]

    def read(start: int, stop: int) -> int:
        return sum(int(np.bitwise_and.reduce(array[start:stop])) for array in arrays)

    best = float("inf")
    for _ in range(7):
        started = time.process_time()
        in_parts(index.words, read)
        best = min(best, time.process_time() - started)
    return best / (len(arrays) * index.words * 8)


def touched_by(index: Index, rule: Rule) -> int:
    """The bytes of all arrays that a rule reads, each once."""
    if _is_scan(rule):
        arrays = [index.store.array(f"event:{EVENT}/{key}") for key in ("customer", "day")]
        return sum(array.nbytes for array in arrays) + index.words * 8
    program = compile_plan(index.plan(rule), index.words)
    return sum(array.nbytes for array in {array.ctypes.data: array for array in program.arrays}.values())


def _is_scan(rule: Rule) -> bool:
    shape = str(rule)
    return "window_days=45" in shape


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


def _about(index: Index, wanted: int) -> Words:
    """A bitset of about so many customers, spread evenly."""
    members = bitset(index.plan(parse(RULES["a"])), index.words).copy()
    size = int(np.bitwise_count(members).sum())
    if size > wanted:
        members[int(index.words * wanted / size) :] = 0
    return members


def _as_bitmap(members: Words, folder: Path) -> int:
    path = folder / "snapshot.bitmap"
    members.tofile(path)
    return path.stat().st_size


def _as_parquet(members: Words, folder: Path) -> int:
    numbers = numbers_of(members)
    table = pa.table({"customer": pa.array(numbers)})
    pq.write_table(
        table, folder / "snapshot.parquet", compression="none", use_dictionary=False, write_statistics=False,
        column_encoding="PLAIN",
    )  # fmt: skip
    return len(numbers)


def describe() -> dict[str, int]:
    """What the measurements ran with."""
    return {"threads": threads()}
