"""The same work on other engines, from the same columns: what the index is compared with.

Every engine gets what it likes best: codes instead of texts, narrow types, events in the order of customers. CPU time is
that of all threads of the process that works; the answers must be those of the index.
"""

import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from _measuring import DIMENSIONS, RULES, SNAPSHOT, overlapping
from _synthetic import AS_OF, EVENT, FLAGS, SHARES

from linghang import audiences
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.audiences import Index
from linghang.audiences.index.running import as_roaring
from linghang.audiences.profiles import cells_of

_CHUNK = 1 << 22
_TODAY = (AS_OF - type(AS_OF)(1970, 1, 1)).days
_CODED = ("gender", "lifecycle", "city_tier", "device_os")
_TRUE = ("active", "payroll", "app_installed", "consent_sms", "opted_out_sms", "complaint", "sip_active")
Ask = Callable[[str], int]
Clock = Callable[[], float]


def _is(name: str, value: str) -> str:
    return f"{name} = {SHARES[name][0].index(value) + 1}"


A = f"{_is('gender', 'F')} AND active AND {_is('lifecycle', 'existing')}"
WHERE: Mapping[str, str] = {
    "a": A,
    "b": (
        f"{_is('gender', 'F')} AND age BETWEEN 30 AND 50 AND aum_cny > 1000000 AND (city_tier = 1 OR city_tier = 2 OR "
        "payroll) AND app_installed AND consent_sms AND NOT opted_out_sms AND NOT complaint AND NOT sip_active"
    ),
    "f": f"{A} AND {_is('device_os', 'Android')}",
}  # fmt: skip
_AUDIENCES = [
    f"(city_tier IN ({place % 5 + 1}, {(place + 1) % 5 + 1}) AND {'active' if place % 2 else 'app_installed'})"
    for place in range(8)
]
WINDOW = (
    f"SELECT count(*) AS n FROM (SELECT customer FROM e WHERE day > {_TODAY - 45} AND day <= {_TODAY} "
    "GROUP BY customer HAVING count(*) >= 2) AS x"
)
CASES = ("a", "b", "c", "d", "e", "f")


def compare(
    index: Index, folder: Path, runs: int, largest: int, say: Callable[[str], None], only: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Each engine's answer and CPU time for every case that it can do, beside the index's; none above ``largest``.

    What an engine cannot do in the memory or on the disk of this machine is told as ``failed``, with its words.
    """
    if index.population > largest:
        return []
    _write(index, folder)
    own = {case: _least(lambda case=case: _own(index, case, folder), runs) for case in CASES}
    told: list[dict[str, Any]] = []
    for engine, (module, opened, cases) in RIVALS.items():
        if only and engine not in only:
            continue
        if importlib.util.find_spec(module) is None:
            say(f"{engine}: {module} is not installed (extra `bench`)")
            continue
        say(f"{engine} …")
        try:
            with opened(index, folder) as (ask, clock):
                for case in cases:
                    told.append(_asked(engine, case, ask, clock, max(1, runs // 2), own[case]))
                    say(str(told[-1]))
        except Exception as error:  # whatever an engine says of a table that is too large for it
            told.append({"engine": engine, "case": "", "failed": f"{type(error).__name__}: {error}"[:300]})
    return told


def _asked(engine: str, case: str, ask: Ask, clock: Clock, runs: int, own: tuple[int, float, float]) -> dict[str, Any]:
    try:
        answer, cpu, wall = _least(lambda: ask(case), runs, clock)
    except Exception as error:  # as above
        return {"engine": engine, "case": case, "failed": f"{type(error).__name__}: {error}"[:300]}
    return {
        "engine": engine, "case": case, "answer": answer, "cpu_ms": cpu * 1e3, "wall_ms": wall * 1e3,
        "times": cpu / own[1], "own_ms": own[1] * 1e3, "equal": answer == own[0],
    }  # fmt: skip


def _own(index: Index, case: str, folder: Path) -> int:
    if case == "c":
        index.forget()
        return audiences.count(audiences.parse(RULES["c, any window"]), index, AS_OF)
    if case == "d":
        members = audiences.bitset(index.plan(audiences.parse(RULES["a"])), index.words)
        profile = audiences.profile_of(members, index, DIMENSIONS, AS_OF)
        return _mark([bar.count for dimension in profile for bar in dimension.bars])
    if case == "e":
        return sum(map(sum, audiences.overlap(overlapping(), index).shared))
    if case == "f":
        numbers = audiences.members(audiences.parse(SNAPSHOT), index, AS_OF)
        pq.write_table(
            pa.table({"customer": numbers}), folder / "own.parquet", compression="none", use_dictionary=False
        )
        return len(numbers)
    return audiences.count(audiences.parse(RULES[case]), index)


def _mark(counts: list[int]) -> int:
    """One number for a set of counts, whatever their order; cells of nobody are left out."""
    return sum(place * number for place, number in enumerate(sorted(number for number in counts if number), 1))


def _least(work: Callable[[], int], runs: int, clock: Clock = time.process_time) -> tuple[int, float, float]:
    answer = work()
    cpu = wall = float("inf")
    for _ in range(runs):
        started, began = clock(), time.perf_counter()
        work()
        cpu, wall = min(cpu, clock() - started), min(wall, time.perf_counter() - began)
    return answer, cpu, wall


def _write(index: Index, folder: Path) -> None:
    """Customers and events as Parquet."""
    if (folder / "e.parquet").exists():
        return

    def flags(name: str, start: int, stop: int) -> pa.Array:
        # Arrow's booleans are packed as our words are.
        words = index.store.array(f"{name}/true")[start // 64 : -(-stop // 64)]
        return pa.Array.from_buffers(pa.bool_(), stop - start, [None, pa.py_buffer(np.ascontiguousarray(words))])

    def customers(start: int, stop: int) -> dict[str, Any]:
        columns: dict[str, Any] = {"customer": np.arange(start, stop, dtype=np.uint32)}
        columns |= {
            name: np.asarray(index.store.array(f"{name}/raw")[start:stop]) for name in (*_CODED, "age", "aum_cny")
        }
        return columns | {name: flags(name, start, stop) for name in FLAGS if name in _TRUE}

    def events(start: int, stop: int) -> dict[str, Any]:
        return {key: np.asarray(index.store.array(f"event:{EVENT}/{key}")[start:stop]) for key in ("customer", "day")}

    for name, size, columns in (
        ("c", index.size, customers),
        ("e", len(index.store.array(f"event:{EVENT}/day")), events),
    ):
        writer: pq.ParquetWriter | None = None
        for start in range(0, size, _CHUNK):
            table = pa.table(columns(start, min(start + _CHUNK, size)))
            writer = writer or pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="lz4")
            writer.write_table(table, row_group_size=1 << 20)
        if writer is not None:
            writer.close()


def _edges(index: Index) -> list[int]:
    """The ages at which the profile is cut."""
    return [int(value.split("–")[0]) for value, _, _ in cells_of("age", index, AS_OF) if value.split("–")[0]]


def _bucket(index: Index) -> str:
    return " + ".join(f"CAST(age >= {edge} AS INT)" for edge in _edges(index))


def _profile_sql(index: Index) -> str:
    cells = f"SELECT gender, city_tier, lifecycle, device_os, {_bucket(index)} AS bucket FROM c WHERE {A}"
    sets = ", ".join(f"({name})" for name in (*DIMENSIONS[:4], "bucket"))
    return f"SELECT count(*) AS n FROM ({cells}) AS x GROUP BY GROUPING SETS ({sets})"


def _overlap_sql(is_true: str) -> str:
    pairs = [
        is_true.format(f"{one} AND {other}")
        for place, one in enumerate(_AUDIENCES)
        for other in _AUDIENCES[: place + 1]
    ]
    return f"SELECT {', '.join(f'{pair} AS p{place}' for place, pair in enumerate(pairs))} FROM c"


def _whole(pairs: list[int]) -> int:
    """The sum of a whole matrix, from its lower triangle row by row."""
    diagonal = {row * (row + 3) // 2 for row in range(8)}
    return sum(number if place in diagonal else 2 * number for place, number in enumerate(pairs))


@contextmanager
def _duckdb(index: Index, folder: Path) -> Iterator[tuple[Ask, Clock]]:
    import duckdb  # noqa: PLC0415 - only where it is installed

    path = folder / "duck.db"
    path.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    connection.execute("SET threads = 2")
    connection.execute("SET memory_limit = '8GB'")
    for name in ("c", "e"):
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder / name}.parquet')")

    def ask(case: str) -> int:
        if case == "c":
            return int(connection.execute(WINDOW).fetchall()[0][0])
        if case == "d":
            return _mark([row[0] for row in connection.execute(_profile_sql(index)).fetchall()])
        if case == "e":
            return _whole([int(one) for one in connection.execute(_overlap_sql("count_if({})")).fetchall()[0]])
        if case == "f":
            out = folder / "duck.parquet"
            chosen = f"SELECT customer FROM c WHERE {WHERE['f']}"
            return int(
                connection.execute(f"COPY ({chosen}) TO '{out}' (FORMAT parquet, COMPRESSION uncompressed)").fetchall()[
                    0
                ][0]
            )
        return int(connection.execute(f"SELECT count(*) FROM c WHERE {WHERE[case]}").fetchall()[0][0])

    yield ask, time.process_time
    connection.close()
    path.unlink(missing_ok=True)


@contextmanager
def _polars(index: Index, folder: Path) -> Iterator[tuple[Ask, Clock]]:
    import polars  # noqa: PLC0415 - only where it is installed

    frames = {name: polars.scan_parquet(folder / f"{name}.parquet") for name in ("c", "e")}
    context = polars.SQLContext(frames)

    def number(sql: str) -> int:
        return int(context.execute(sql).collect()["n"][0])

    def ask(case: str) -> int:
        if case == "c":
            return number(WINDOW)
        if case == "d":
            chosen = context.execute(f"SELECT gender, city_tier, lifecycle, device_os, age FROM c WHERE {A}")
            bucket = sum(((polars.col("age") >= edge).cast(polars.Int8) for edge in _edges(index)), polars.lit(0))
            found = chosen.with_columns(bucket.alias("bucket")).collect()
            return _mark(
                [n for name in (*DIMENSIONS[:4], "bucket") for n in found[name].value_counts()["count"].to_list()]
            )
        if case == "e":
            return _whole([int(one) for one in context.execute(_overlap_sql("SUM(CAST({} AS INT))")).collect().row(0)])
        if case == "f":
            found = context.execute(f"SELECT customer FROM c WHERE {WHERE['f']}").collect()
            found.write_parquet(folder / "polars.parquet", compression="uncompressed")
            return len(found)
        return number(f"SELECT COUNT(*) AS n FROM c WHERE {WHERE[case]}")

    yield ask, time.process_time


@contextmanager
def _pyroaring(index: Index, folder: Path) -> Iterator[tuple[Ask, Clock]]:
    from pyroaring import BitMap  # noqa: PLC0415 - only where it is installed

    def bitmap(*shape: Any) -> Any:
        words = audiences.bitset(index.plan(audiences.parse(list(shape)), AS_OF), index.words)
        return BitMap.deserialize(as_roaring(words).tobytes())

    def tags(name: str) -> Any:
        return bitmap({"field": name, "op": "exists"})

    a = [bitmap(shape) for shape in RULES["a"]]
    b = [
        bitmap(shape) for shape in RULES["b"] if "any" not in shape and "not" not in shape and not shape.get("negated")
    ]
    tiers = [bitmap({"field": "city_tier", "op": "eq", "value": tier}) for tier in range(1, 6)]
    either = [*tiers[:2], tags("payroll")]
    barred = [tags(name) for name in ("opted_out_sms", "complaint", "sip_active")]
    installed, android = tags("app_installed"), bitmap(SNAPSHOT[-1])
    chosen = a[0] & a[1] & a[2]
    cells = [BitMap.deserialize(as_roaring(words & index.base).tobytes()) for name in DIMENSIONS for _, words, _ in cells_of(name, index, AS_OF)]  # fmt: skip

    def ask(case: str) -> int:
        if case == "a":
            return len(a[0] & a[1] & a[2])
        if case == "b":
            found = b[0] & b[1] & b[2] & b[3] & b[4] & (either[0] | either[1] | either[2])
            return len(found - barred[0] - barred[1] - barred[2])
        if case == "d":
            return _mark([chosen.intersection_cardinality(cell) for cell in cells])
        if case == "e":
            sets = [(tiers[n % 5] | tiers[(n + 1) % 5]) & (a[1] if n % 2 else installed) for n in range(8)]
            return _whole(
                [one.intersection_cardinality(other) for n, one in enumerate(sets) for other in sets[: n + 1]]
            )
        found = a[0] & a[1] & a[2] & android
        (folder / "roaring.bitmap").write_bytes(found.serialize())
        return len(found)

    yield ask, time.process_time


@contextmanager
def _chdb(folder: Path) -> Iterator[tuple[ChdbEngine, Clock]]:
    engine = ChdbEngine(folder / "engine", threads=2)
    engine.query("SELECT 1")
    child = next(one for one in psutil.Process().children() if "chdb_child" in " ".join(one.cmdline()))

    def clock() -> float:
        times = child.cpu_times()
        return times.user + times.system

    for name in ("c", "e"):
        engine.execute(f"DROP TABLE IF EXISTS {name}")
        source = f"file('{folder / name}.parquet', Parquet)"
        engine.execute(
            f"CREATE TABLE {name} ENGINE = MergeTree ORDER BY customer AS SELECT * FROM {source} "
            "SETTINGS schema_inference_make_columns_nullable = 0"
        )
    try:
        yield engine, clock
    finally:
        engine.close()


@contextmanager
def _chdb_scan(index: Index, folder: Path) -> Iterator[tuple[Ask, Clock]]:
    with _chdb(folder) as (engine, clock):

        def ask(case: str) -> int:
            if case == "c":
                return int(engine.query(WINDOW)["n"][0].as_py())
            if case == "d":
                return _mark(engine.query(_profile_sql(index))["n"].to_pylist())
            if case == "e":
                return _whole(list(engine.query(_overlap_sql("countIf({})")).to_pylist()[0].values()))
            if case == "f":
                out = folder / "chdb.parquet"
                out.unlink(missing_ok=True)
                engine.execute(
                    f"INSERT INTO FUNCTION file('{out}', Parquet, 'customer UInt32') SELECT customer FROM c WHERE "
                    f"{WHERE['f']} SETTINGS output_format_parquet_compression_method = 'none'"
                )
                return pq.read_metadata(out).num_rows
            return int(engine.query(f"SELECT count() AS n FROM c WHERE {WHERE[case]}")["n"][0].as_py())

        yield ask, clock


@contextmanager
def _chdb_bitmaps(_index: Index, folder: Path) -> Iterator[tuple[Ask, Clock]]:
    with _chdb(folder) as (engine, clock):
        engine.execute("DROP TABLE IF EXISTS b")
        kind = "AggregateFunction(groupBitmap, UInt32)"
        engine.execute(f"CREATE TABLE b (name String, s {kind}) ENGINE = MergeTree ORDER BY name")
        wanted = {
            "F": _is("gender", "F"), "existing": _is("lifecycle", "existing"), "age": "age BETWEEN 30 AND 50",
            "aum": "aum_cny > 1000000", **{f"t{tier}": f"city_tier = {tier}" for tier in range(1, 6)},
            **{name: name for name in _TRUE},
        }  # fmt: skip
        for name, where in wanted.items():
            engine.execute(f"INSERT INTO b SELECT '{name}', groupBitmapState(customer) FROM c WHERE {where}")

        def held(name: str) -> str:
            return f"(SELECT s FROM b WHERE name = '{name}')"

        def both(*names: str) -> str:
            first, *rest = names
            return f"bitmapAnd({held(first)}, {both(*rest)})" if rest else held(first)

        either = f"bitmapOr(bitmapOr({held('t1')}, {held('t2')}), {held('payroll')})"
        barred = f"bitmapOr(bitmapOr({held('opted_out_sms')}, {held('complaint')}), {held('sip_active')})"
        every = f"bitmapAnd({both('F', 'age', 'aum', 'app_installed', 'consent_sms')}, {either})"
        sets = [
            f"bitmapAnd(bitmapOr({held(f't{n % 5 + 1}')}, {held(f't{(n + 1) % 5 + 1}')}), "
            f"{held('active' if n % 2 else 'app_installed')})"
            for n in range(8)
        ]
        named = ", ".join(f"{one} AS s{n}" for n, one in enumerate(sets))
        pairs = [f"bitmapAndCardinality(s{n}, s{m}) AS p{n}_{m}" for n in range(8) for m in range(n + 1)]
        sql = {
            "a": f"SELECT bitmapCardinality({both('F', 'active', 'existing')}) AS n",
            "b": f"SELECT bitmapCardinality(bitmapAndnot({every}, {barred})) AS n",
            "e": f"WITH x AS (SELECT {named}) SELECT {', '.join(pairs)} FROM x",
        }

        def ask(case: str) -> int:
            row = engine.query(sql[case]).to_pylist()[0]
            return _whole(list(row.values())) if case == "e" else int(row["n"])

        yield ask, clock


RIVALS: Mapping[str, tuple[str, Any, tuple[str, ...]]] = {
    "DuckDB table": ("duckdb", _duckdb, CASES),
    "Polars on Parquet": ("polars", _polars, CASES),
    "chdb scan": ("chdb", _chdb_scan, CASES),
    "chdb bitmap functions": ("chdb", _chdb_bitmaps, ("a", "b", "e")),
    "pyroaring": ("pyroaring", _pyroaring, ("a", "b", "d", "e", "f")),
}
"""Engine → the module that it needs, how it is opened, and the cases that it can do."""
