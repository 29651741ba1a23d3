"""Kill -9 at every statement of an ingestion, a correction and an erasing: nothing is lost, nothing counts twice."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from linghang import events
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.kit.database import metadata, open_database

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


class _Dying:
    """An engine that ends its process before the statement of a number (1, 2 …; 0: it lives)."""

    def __init__(self, engine: ChdbEngine, at: int) -> None:
        self.engine, self.at, self.seen = engine, at, 0

    def __getattr__(self, name: str) -> Any:
        told = getattr(self.engine, name)
        if name not in ("insert", "execute"):
            return told

        def watched(*arguments: Any, **more: Any) -> Any:
            # Making tables that are there already is no place of interest.
            self.seen += not str(arguments[0]).startswith("CREATE")
            if self.seen == self.at and not str(arguments[0]).startswith("CREATE"):
                os.kill(os.getpid(), signal.SIGKILL)
            return told(*arguments, **more)

        return watched


def _rows(told: list[tuple[int, int, str]]) -> pa.Table:
    return pa.table({
        "customer": pa.array([one[0] for one in told], pa.uint32()), "name": ["buy"] * len(told),
        "at": pa.array([NOW] * len(told), pa.timestamp("us", "UTC")),
        "amount_fen": pa.array([one[1] for one in told], pa.int64()), "key": [one[2] for one in told],
    })  # fmt: skip


def run(home: Path, die_at: int) -> tuple[Any, int]:
    """Two batches, a correction and an erasing, each under its name."""
    db = open_database(home / "app.db")
    metadata.create_all(db)
    engine = ChdbEngine(home / "analytics")
    dying: Any = _Dying(engine, die_at)
    try:
        events.ingest(dying, db, "k", _rows([(n, 1, f"a{n}") for n in range(50)]), now=NOW, batch="first")
        events.ingest(dying, db, "k", _rows([(n, 1, f"b{n}") for n in range(50)]), now=NOW, batch="second")
        events.correct(dying, db, "k", _rows([(7, 10, "a1"), (8, 10, "a2"), (9, 10, "new")]), now=NOW, batch="third")
        events.erase(dying, db, "k", 3, now=NOW)
        rows = engine.query("SELECT customer, amount_fen, key FROM `event:k` ORDER BY key").to_pylist()
        told = events.mark(db, "k")
    finally:
        engine.close()
        db.dispose()
    return (rows, told.events), dying.seen


EXPECTED = sorted(
    [(n, 1, f"a{n}") for n in range(50) if n not in (1, 2, 3)]
    + [(n, 1, f"b{n}") for n in range(50) if n != 3]
    + [(7, 10, "a1"), (8, 10, "a2"), (9, 10, "new")],
    key=lambda one: one[2],
)


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many statements there are when nobody dies."""
    (rows, grown), seen = run(tmp_path_factory.mktemp("alive"), 0)
    assert [tuple(row.values()) for row in rows] == EXPECTED
    assert grown == len(EXPECTED)
    return seen


@pytest.mark.parametrize("part", range(4))
def test_a_kill_at_any_statement_loses_and_doubles_nothing(tmp_path: Path, statements: int, part: int) -> None:
    # Every fourth statement is a case of this part: all of them are killed at, over all parts.
    for place in range(1 + part, statements + 1, 4):
        home = tmp_path / str(place)
        home.mkdir()
        killed = subprocess.run([sys.executable, __file__, str(home), str(place)], check=False, timeout=120)
        assert killed.returncode == -signal.SIGKILL
        (rows, grown), _ = run(home, 0)
        assert [tuple(row.values()) for row in rows] == EXPECTED, place
        assert grown == len(EXPECTED), place


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
