"""What every analytics engine promises, run on each adapter."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from linghang.adapters.chdb_engine import ChdbEngine
from linghang.adapters.clickhouse_cluster import ClickHouseCluster
from linghang.base.errors import UnavailableError, UsageError
from linghang.ports.analytics import Analytics
from linghang.testing import clickhouse_nodes


@pytest.fixture(scope="module", params=["embedded", pytest.param("cluster", marks=pytest.mark.cluster)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Analytics]:
    """One engine of each kind for the file: starting a child or two nodes takes a second."""
    folder = tmp_path_factory.mktemp("analytics")
    if request.param == "embedded":
        embedded = ChdbEngine(folder)
        yield embedded
        embedded.close()
        return
    shared = clickhouse_nodes.library()
    if shared is None:
        pytest.skip("no libchdb.so: scripts/install-test-tools fetches it, or set LINGHANG_CLICKHOUSE_LIBRARY")
    with clickhouse_nodes.cluster(folder, shared) as nodes:
        two = ClickHouseCluster([node.address for node in nodes], clickhouse_nodes.CLUSTER)
        yield two
        two.close()


HARD = "x'; DROP TABLE t; --\n\t\\N \\\\ \r\0 {a:Int64} 中文🙂 \"`"


def test_parameters_arrive_as_they_were(engine: Analytics) -> None:
    sql = "SELECT {a:Int64} a, {b:String} b, {c:Nullable(String)} c, {d:Float64} d, {e:Bool} e"
    row = engine.query(sql, {"a": -(2**62), "b": HARD, "c": None, "d": 0.1, "e": True}).to_pylist()[0]
    assert row == {"a": -(2**62), "b": HARD, "c": None, "d": 0.1, "e": True}


def test_arrays_arrive_as_they_were(engine: Analytics) -> None:
    sql = "SELECT {a:Array(UInt32)} a, {b:Array(String)} b, {c:Array(String)} c"
    row = engine.query(sql, {"a": (1, 2, 4_000_000_000), "b": (HARD, "", "'"), "c": ()}).to_pylist()[0]
    assert row == {"a": [1, 2, 4_000_000_000], "b": [HARD, "", "'"], "c": []}


def test_inserted_rows_come_back_with_their_types(engine: Analytics) -> None:
    engine.execute(
        "CREATE TABLE kinds (n UInt32, i Nullable(Int64), f Nullable(Float64), b Nullable(Bool), s Nullable(String), "
        "c LowCardinality(Nullable(String)), d Nullable(Date32), at DateTime64(6, 'UTC'), g Array(String)) "
        "ENGINE = MergeTree ORDER BY n"
    )
    rows = pa.table(
        {
            "n": pa.array([0, 1], pa.uint32()),
            "i": pa.array([None, -5], pa.int64()),
            "f": pa.array([1.5, None], pa.float64()),
            "b": pa.array([True, None], pa.bool_()),
            "s": pa.array([HARD, None]),
            "c": pa.array(["红", None]),
            "d": pa.array([dt.date(1950, 2, 28), None]),
            "at": pa.array([dt.datetime(2026, 1, 1, tzinfo=dt.UTC)] * 2, pa.timestamp("us", "UTC")),
            "g": pa.array([["a", "b"], []], pa.list_(pa.string())),
        }
    )
    assert engine.insert("kinds", rows) == 2
    back = engine.query("SELECT * FROM kinds ORDER BY n")
    assert back.to_pylist() == rows.to_pylist()
    assert back.schema.field("d").type == pa.date32()


def test_an_insert_is_whole_or_nothing(engine: Analytics) -> None:
    engine.execute("CREATE TABLE whole (n UInt32) ENGINE = MergeTree ORDER BY n")
    with pytest.raises(UsageError, match="bad_statement"):
        engine.insert("whole", pa.table({"n": pa.array([1, 2], pa.uint32()), "stranger": ["a", "b"]}))
    assert engine.query("SELECT count() AS n FROM whole")["n"].to_pylist() == [0]
    engine.insert("whole", pa.table({"n": pa.array(range(3_000_000), pa.uint32())}))
    if isinstance(engine, ClickHouseCluster):
        return  # never: rows go to several shards, each whole; a repeated block or batch clears what was left behind
    parts = engine.query("SELECT count() AS n FROM system.parts WHERE table = 'whole' AND level = 0")
    assert parts["n"].to_pylist() == [1], "one insert is one part, however large"


def test_no_rows_keep_their_columns(engine: Analytics) -> None:
    empty = engine.query("SELECT number, toString(number) AS text FROM numbers(5) WHERE number > 9")
    assert (empty.column_names, empty.num_rows) == (["number", "text"], 0)
    assert engine.insert("nowhere", pa.table({"n": pa.array([], pa.uint32())})) == 0


@pytest.mark.parametrize(
    "sql", ["SELEC 1", "SELECT * FROM nowhere", "SELECT nothing FROM numbers(1)", "SELECT {absent:Int64}"]
)
def test_a_wrong_statement_is_the_callers_error(engine: Analytics, sql: str) -> None:
    with pytest.raises(UsageError) as caught:
        engine.query(sql)
    assert caught.value.code == "engine.bad_statement"
    assert caught.value.params["reason"]


def test_a_parameter_that_does_not_fit_its_type_is_refused(engine: Analytics) -> None:
    with pytest.raises(UsageError):
        engine.query("SELECT {a:Int64}", {"a": "1; DROP TABLE t"})


def test_a_slow_query_ends_at_its_timeout(engine: Analytics) -> None:
    started = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        engine.query("SELECT sum(cityHash64(number)) FROM numbers(1000000000000)", timeout=0.5)
    assert caught.value.code == "engine.timeout"
    assert time.monotonic() - started < 10
    assert engine.query("SELECT 1 AS one")["one"].to_pylist() == [1], "the next query has no limit left over"


def test_too_much_memory_is_refused(tmp_path: Path) -> None:
    engine = ChdbEngine(tmp_path, memory=50_000_000)
    try:
        with pytest.raises(UnavailableError) as caught:
            engine.query("SELECT groupArray(number) AS a FROM numbers(100000000)")
        assert caught.value.code == "engine.memory"
    finally:
        engine.close()


def test_threads_ask_at_once(engine: Analytics) -> None:
    found: list[int] = []

    def ask(count: int) -> None:
        for _ in range(5):
            found.append(engine.query("SELECT count() AS n FROM numbers({n:UInt64})", {"n": count})["n"][0].as_py())

    threads = [threading.Thread(target=ask, args=(1000 + number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(found)) == list(range(1000, 1008))
    assert len(found) == 40


def test_a_second_owner_is_refused(tmp_path: Path) -> None:
    first = ChdbEngine(tmp_path)
    first.query("SELECT 1")
    second = ChdbEngine(tmp_path)
    with pytest.raises(UnavailableError) as caught:
        second.query("SELECT 1")
    assert caught.value.code == "engine.busy"
    first.close()
    assert second.query("SELECT 2 AS n")["n"].to_pylist() == [2]
    second.close()
    with pytest.raises(UnavailableError):
        second.query("SELECT 1")


def test_acknowledged_rows_survive_a_killed_engine(tmp_path: Path) -> None:
    engine = ChdbEngine(tmp_path)
    engine.execute("CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n")
    acknowledged = 0
    for _ in range(3):
        acknowledged += engine.insert("t", pa.table({"n": pa.array(range(1000), pa.uint32())}))
        pid = engine.query("SELECT 1 AS one") and _child_of(os.getpid(), str(tmp_path))
        os.kill(pid, signal.SIGKILL)
        assert engine.query("SELECT count() AS n FROM t")["n"].to_pylist() == [acknowledged]
    engine.close()


def test_the_engine_leaves_with_a_killed_owner(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from linghang.adapters.chdb_engine import ChdbEngine\n"
        "e = ChdbEngine(Path(sys.argv[1])); e.execute('CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n')\n"
        "print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"open\n"
        owner.kill()
    engine = ChdbEngine(tmp_path)
    for _ in range(100):
        try:
            assert engine.query("SELECT count() AS n FROM t")["n"].to_pylist() == [0]
            break
        except UnavailableError:
            time.sleep(0.05)
    else:
        pytest.fail("the child outlived its owner")
    engine.close()


def _child_of(parent: int, path: str) -> int:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode().split("\0")
                owner = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if owner == parent and path in command and "linghang.adapters.chdb_child" in command:
                return int(entry.name)
    raise AssertionError("no child")
