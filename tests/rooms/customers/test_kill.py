"""Kill -9 at each step of an import: nothing lost, nothing doubled, and the same command afterwards continues."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from linghang import customers, packs
from linghang.access.sealing import read_bytes
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.customers import sources
from linghang.customers.arrivals.bringing import Brought, bring
from linghang.customers.arrivals.mapping import ColumnMap, TableMap
from linghang.customers.arrivals.opening import Place
from linghang.customers.staging import Target
from linghang.kit.database import metadata, open_database

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
BLOCKS = 4
STEPS = BLOCKS + 2
"""Every block, the numbering of new customers, the publishing."""


def batches() -> list[pa.RecordBatch]:
    """Four blocks of customers; two ids come twice."""
    ids = [f"k{n % 398}" for n in range(400)]
    table = pa.table({"customer_id": ids, "age": [n % 90 for n in range(400)]})
    return table.to_batches(400 // BLOCKS)


def run(home: Path, die_at: int) -> customers.Imported:
    """Import, and die at a step (0: live)."""
    passed = 0

    def emit(step: str, done: int = 0, of: int = 0, note: str = "", **params: str | int | float) -> None:
        nonlocal passed
        passed += 1
        if passed == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    db = open_database(home / "app.db")
    metadata.create_all(db)
    engine = ChdbEngine(home / "analytics")
    target = Target(engine, db, "killed", packs.load("demo"), NOW, NOW.date(), emit)
    try:
        return customers.import_batches(target, batches(), name="kill", columns=("customer_id", "age"))
    finally:
        engine.close()
        db.dispose()


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_killed_import_continues(tmp_path: Path, step: int) -> None:
    killed = subprocess.run([sys.executable, __file__, str(tmp_path), str(step)], check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    done = run(tmp_path, 0)
    assert (done.rows, done.accepted, done.rejected) == (400, 398, 2)
    assert done.resumed, "blocks that were staged before the kill are not read again"
    engine = ChdbEngine(tmp_path / "analytics")
    rows = engine.query(
        "SELECT count() AS n, uniqExact(customer) AS numbers, uniqExact(id) AS ids, max(customer) AS last, "
        "sum(age) AS age FROM `customers:killed:1`"
    ).to_pylist()
    tables = engine.query("SHOW TABLES")["name"].to_pylist()
    engine.close()
    expected = sum(n % 90 for n in range(398))
    assert rows == [{"n": 398, "numbers": 398, "ids": 398, "last": 397, "age": expected}]
    assert sorted(tables) == ["customers:killed:1", "number:killed"]


EVENT = packs.load("demo").events[0].name


def bring_all(home: Path, die_at: int) -> list[Brought]:
    """Import customers, change some by an upsert, and append events, from files; die at a step (0: live)."""
    passed = 0

    def emit(step: str, done: int = 0, of: int = 0, note: str = "", **params: str | int | float) -> None:
        nonlocal passed
        passed += 1
        if passed == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sources.BLOCK = 4096
    db = open_database(home / "app.db")
    metadata.create_all(db)
    engine = ChdbEngine(home / "analytics")
    target = Target(engine, db, "killed", packs.load("demo"), NOW, NOW.date(), emit)
    people = (ColumnMap("customer_id", "customer_id"), ColumnMap("age", "age"))
    deeds = (ColumnMap("customer_id", "customer_id"), ColumnMap("at", "at"))
    plans = (
        ("all.csv", TableMap("customers", people)),
        ("some.csv", TableMap("customers", people, mode="upsert")),
        ("deeds.csv", TableMap("events", deeds, constants={"name": EVENT})),
    )
    try:
        return [bring(target, home, Place(str(home / name)), mapped, actor="engineer") for name, mapped in plans]
    finally:
        engine.close()
        db.dispose()


def write_files(home: Path) -> None:
    """Files of a few blocks, each with rows that cannot be taken."""
    first = [f"k{n % 900},{n % 90}" for n in range(1000)] + ["k1", ",3", "z,many"]
    (home / "all.csv").write_text("customer_id,age\n" + "\n".join(first) + "\n")
    second = [f"k{n},{n % 7}" for n in range(600, 1200)] + ["k1,2,3", "y,none"]
    (home / "some.csv").write_text("customer_id,age\n" + "\n".join(second) + "\n")
    third = [f"k{n % 1300},2026-11-{1 + n % 20:02d} 10:00" for n in range(2000)] + ["k1,soon", "k2"]
    (home / "deeds.csv").write_text("customer_id,at\n" + "\n".join(third) + "\n")


PLACES = (1, 4, 5, 7, 9, 14, 17)
"""Steps at which the imports are killed: while staging, numbering and publishing, in the upsert and among the events."""


@pytest.mark.parametrize("step", PLACES)
def test_imports_by_mappings_continue_exactly(tmp_path: Path, step: int) -> None:
    write_files(tmp_path)
    killed = subprocess.run([sys.executable, __file__, str(tmp_path), str(step), "bring"], check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL, "there are as many steps as that"
    done = bring_all(tmp_path, 0)
    accounts = [(one.rows, one.accepted, one.rejected, one.changed, one.repeated) for one in done]
    # What an import that had ended before the kill is told again is told as unchanged, with its accounts.
    assert accounts[0][:3] == (1003, 900, 103)
    assert accounts[1] == (602, 600, 2, 300, 0)
    # A batch that was taken before the kill is counted as it was then; 200 of the events are of strangers.
    assert (accounts[2][0], accounts[2][1] + accounts[2][4], accounts[2][2]) == (2002, 1900, 102)
    for one in done:
        lines = read_bytes(Path(one.rejected_file)).decode().splitlines() if one.rejected_file else []
        assert len(lines) == one.rejected + 1
    engine = ChdbEngine(tmp_path / "analytics")
    db = open_database(tmp_path / "app.db")
    table = customers.current(db, "killed").table
    db.dispose()
    rows = engine.query(
        f"SELECT count() AS n, uniqExact(customer) AS numbers, sum(age) AS age FROM {table}"
    ).to_pylist()
    log = engine.query("SELECT count() AS n, uniqExact(key) AS keys FROM `event:killed`").to_pylist()
    tables = engine.query("SHOW TABLES")["name"].to_pylist()
    engine.close()
    expected = sum(n % 90 for n in range(600)) + sum(n % 7 for n in range(600, 1200))
    assert rows == [{"n": 1200, "numbers": 1200, "age": expected}]
    assert log == [{"n": 1900, "keys": 1900}]
    assert not [name for name in tables if name.startswith("stage")]


if __name__ == "__main__":
    (bring_all if len(sys.argv) > 3 else run)(Path(sys.argv[1]), int(sys.argv[2]))
