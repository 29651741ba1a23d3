"""The same two rules on other engines, from the same columns: what the index is compared with."""

import importlib.util
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from _measuring import RULES

from linghang import audiences
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences import Index

LARGEST = 120_000_000
_CHUNK = 1 << 22
_SQL = {
    "a": "gender = 'F' AND active AND lifecycle = 'existing'",
    "b": (
        "gender = 'F' AND age BETWEEN 30 AND 50 AND aum_cny > 1000000 AND (city_tier = '1' OR city_tier = '2' OR payroll) "
        "AND app_installed AND consent_sms AND NOT opted_out_sms AND NOT complaint AND NOT sip_active"
    ),
}
_NAMES = (
    "gender", "lifecycle", "city_tier", "age", "aum_cny", "active", "payroll", "app_installed", "consent_sms",
    "opted_out_sms", "complaint", "sip_active",
)  # fmt: skip
Ask = Callable[[str], int]
Clock = Callable[[], float]
Opened = tuple[Ask, Clock]
"""How to ask an engine for a case's answer, and its CPU seconds so far."""


def compare(index: Index, folder: Path, runs: int) -> list[dict[str, Any]]:
    """Each engine's answer and CPU time for the rules a and b, beside the index's. Nothing above ``LARGEST``."""
    if index.population > LARGEST:
        return []
    path = folder / "columns.parquet"
    if not path.exists():
        _write(index, path)
    own = {case: _least(lambda case=case: audiences.count(audiences.parse(RULES[case]), index), runs) for case in _SQL}
    told: list[dict[str, Any]] = []
    for engine, (module, opened) in RIVALS.items():
        if importlib.util.find_spec(module) is None:
            continue
        ask, clock = opened(index, path)
        for case in _SQL:
            answer, cpu = _least(lambda case=case, ask=ask: ask(case), runs, clock)
            told.append(
                {
                    "engine": engine, "case": case, "answer": answer, "cpu_ms": cpu * 1e3, "times": cpu / own[case][1],
                    "equal": answer == own[case][0],
                }
            )  # fmt: skip
    return told


def _least(work: Callable[[], int], runs: int, clock: Clock = time.process_time) -> tuple[int, float]:
    answer = work()
    best = float("inf")
    for _ in range(runs):
        started = clock()
        work()
        best = min(best, clock() - started)
    return answer, best


def _write(index: Index, path: Path) -> None:
    schema: pa.Schema | None = None
    writer: pq.ParquetWriter | None = None
    for start in range(0, index.size, _CHUNK):
        numbers = np.arange(start, min(start + _CHUNK, index.size), dtype=np.uint32)
        table = audiences.features(index, numbers, _NAMES)
        if writer is None:
            schema = table.schema
            writer = pq.ParquetWriter(path, schema, compression="lz4")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _duckdb(_index: Index, path: Path) -> Opened:
    import duckdb  # noqa: PLC0415 - only where it is installed

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(f"CREATE TABLE c AS SELECT * FROM read_parquet('{path}')")

    def ask(case: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM c WHERE {_SQL[case]}").fetchall()[0][0])

    return ask, time.process_time


def _polars(_index: Index, path: Path) -> Opened:
    import polars  # noqa: PLC0415 - only where it is installed

    context = polars.SQLContext(c=polars.scan_parquet(path))

    def ask(case: str) -> int:
        return int(context.execute(f"SELECT count(*) AS n FROM c WHERE {_SQL[case]}").collect()["n"][0])

    return ask, time.process_time


def _pyroaring(index: Index, _path: Path) -> Opened:
    from pyroaring import BitMap  # noqa: PLC0415 - only where it is installed

    def bitmap(*shape: dict[str, Any]) -> Any:
        return BitMap(audiences.members(audiences.parse(list(shape)), index))

    sets: Mapping[str, Any] = {
        "F": bitmap(RULES["a"][0]), "active": bitmap(RULES["a"][1]), "existing": bitmap(RULES["a"][2]),
        **{str(place): bitmap(shape) for place, shape in enumerate(RULES["b"]) if "not" not in shape},
        **{f"no {name}": bitmap({"field": name, "op": "exists"}) for name in ("opted_out_sms", "complaint", "sip_active")},
    }  # fmt: skip

    def ask(case: str) -> int:
        if case == "a":
            return len(sets["F"] & sets["active"] & sets["existing"])
        found = sets["0"] & sets["1"] & sets["2"] & sets["3"] & sets["4"] & sets["5"]
        return len(found - sets["no opted_out_sms"] - sets["no complaint"] - sets["no sip_active"])

    return ask, time.process_time


def _engine(path: Path) -> tuple[ChdbEngine, Clock]:
    engine = ChdbEngine(path.parent / "engine", threads=2)
    engine.query("SELECT 1")
    child = next(one for one in psutil.Process().children() if "chdb_child" in " ".join(one.cmdline()))

    def clock() -> float:
        times = child.cpu_times()
        return times.user + times.system

    return engine, clock


def _chdb_scan(_index: Index, path: Path) -> Opened:
    engine, clock = _engine(path)
    engine.execute("DROP TABLE IF EXISTS c")
    source = f"file('{path}', Parquet)"
    engine.execute(f"CREATE TABLE c ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM {source}")

    def ask(case: str) -> int:
        return int(engine.query(f"SELECT count() AS n FROM c WHERE {_SQL[case]}")["n"][0].as_py())

    return _closing(engine, ask), clock


def _chdb_bitmaps(index: Index, path: Path) -> Opened:
    engine, clock = _engine(path)
    engine.execute("DROP TABLE IF EXISTS b")
    kind = "AggregateFunction(groupBitmap, UInt32)"
    engine.execute(f"CREATE TABLE b (name String, s {kind}) ENGINE = MergeTree ORDER BY name")
    wanted = {
        "F": "gender = 'F'", "existing": "lifecycle = 'existing'", "age": "age BETWEEN 30 AND 50",
        "aum": "aum_cny > 1000000", "t1": "city_tier = '1'", "t2": "city_tier = '2'", "active": "active",
        "payroll": "payroll", "app": "app_installed", "sms": "consent_sms", "out": "opted_out_sms",
        "complaint": "complaint", "sip": "sip_active",
    }  # fmt: skip
    for name, where in wanted.items():
        state = f"SELECT '{name}', groupBitmapState(toUInt32(customer)) FROM file('{path}', Parquet) WHERE {where}"
        engine.execute(f"INSERT INTO b {state}")

    def held(name: str) -> str:
        return f"(SELECT s FROM b WHERE name = '{name}')"

    def both(*names: str) -> str:
        first, *rest = names
        return f"bitmapAnd({held(first)}, {both(*rest)})" if rest else held(first)

    tiers = f"bitmapOr(bitmapOr({held('t1')}, {held('t2')}), {held('payroll')})"
    barred = f"bitmapOr(bitmapOr({held('out')}, {held('complaint')}), {held('sip')})"
    every = f"bitmapAnd({both('F', 'age', 'aum', 'app', 'sms')}, {tiers})"
    sql = {
        "a": f"bitmapCardinality({both('F', 'active', 'existing')})",
        "b": f"bitmapCardinality(bitmapAndnot({every}, {barred}))",
    }

    def ask(case: str) -> int:
        return int(engine.query(f"SELECT {sql[case]} AS n")["n"][0].as_py())

    return _closing(engine, ask), clock


def _closing(engine: ChdbEngine, ask: Ask) -> Ask:
    """The engine's process ends with the last use of its ``ask``."""
    weakref.finalize(ask, engine.close)
    return ask


RIVALS: Mapping[str, tuple[str, Callable[[Index, Path], Opened]]] = {
    "DuckDB table": ("duckdb", _duckdb),
    "Polars on Parquet": ("polars", _polars),
    "pyroaring": ("pyroaring", _pyroaring),
}
"""Engine → the module that it needs, and how it is opened.

Chdb is measured in its own process by the contract suite.
"""
