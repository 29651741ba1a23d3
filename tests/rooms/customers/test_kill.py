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
from linghang.adapters.chdb_engine import ChdbEngine
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


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
