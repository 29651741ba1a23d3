"""Counts while events stream in: ``linghang bench streaming [--customers 1m] [--rate 5000] [--seconds 60] [--json]``.

Sets up a demo institution in a home of its own (or uses one: ``--home``), then two clients of the home process: one imports
a file of events each second, the other counts rules as somebody who moves a slider would. Prints how long a count takes
at the studio's place (over the home's socket), and how long after its import a batch is in the counts. The rate is what
was really taken in.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from linghang.doors.client import HomeClient

PREFIX = "LH"
"""How ids of simulated customers begin."""
_UNITS = {"k": 10**3, "m": 10**6}
_LINGHANG = [sys.executable, "-c", "from linghang.doors.cli import main; main()"]


def main(arguments: list[str]) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="linghang bench streaming", description=__doc__)
    parser.add_argument("--customers", default="1m")
    parser.add_argument("--rate", type=int, default=5000, help="events a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two counts")
    parser.add_argument("--home", type=Path, default=None, help="a home that is set up already; it is kept")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    unit = _UNITS.get(options.customers[-1].lower(), 1)
    customers = int(options.customers[:-1] if unit > 1 else options.customers) * unit
    home = options.home or Path(tempfile.mkdtemp(prefix="linghang-streaming-"))
    try:
        if not (home / "institution.json").exists():
            _linghang(home, "init", "--customers", str(customers))
        told = _run(home, customers, options)
    finally:
        _linghang(home, "home", "stop")
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    if options.json:
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        _print(told)
    return 0


def _linghang(home: Path, *words: str) -> None:
    command = [*_LINGHANG, "--as", "admin", *words]
    done = subprocess.run(
        command, env={**os.environ, "LINGHANG_HOME": str(home)}, check=False, capture_output=True, text=True
    )
    if done.returncode and words[0] == "init":
        raise SystemExit(done.stderr or done.stdout)


def _run(home: Path, customers: int, options: argparse.Namespace) -> dict[str, Any]:
    client = HomeClient(home)
    counts: list[float] = []
    _count(client, {"all": []})
    random = Random(1)
    for shape in _typed(random):
        _count(client, shape)
    feeder = _Feeder(home, customers, options.rate, options.seconds)
    feeder.start()
    answers: list[int] = []
    while feeder.is_alive():
        for shape in _typed(random):
            began = time.perf_counter()
            answers.append(_count(client, shape))
            counts.append(time.perf_counter() - began)
            time.sleep(options.pause)
    feeder.join()
    if feeder.failure is not None:
        raise feeder.failure
    importing, counting = _alone(home, feeder, client, random)
    return {
        "customers": customers, "seconds": round(feeder.seconds, 1), "events": feeder.events,
        "rate": round(feeder.events / feeder.seconds), "counts": len(counts), "count_ms": _spread(counts),
        "import_ms": _spread(feeder.imports), "visible_ms": _spread(feeder.visible), "wrong": feeder.wrong,
        "import_cpu_ms": round(importing * 1e3, 1), "count_cpu_ms": round(counting * 1e3, 1),
    }  # fmt: skip


def _alone(home: Path, feeder: "_Feeder", client: HomeClient, random: Random) -> tuple[float, float]:
    """CPU seconds (home and engine) of the import of a batch, and of a count after one; the machine may be busy."""
    importing, counting = [], []
    for batch in range(5):
        started = _cpu(home)
        feeder.send(feeder.length + batch)
        importing.append(_cpu(home) - started)
        shapes = [shape for _ in range(5) for shape in _typed(random)]
        started = _cpu(home)
        for shape in shapes:
            _count(client, shape)
        counting.append((_cpu(home) - started) / len(shapes))
    return float(np.median(importing)), float(np.median(counting))


def _cpu(home: Path) -> float:
    """CPU seconds of the home process and its children so far."""
    owner = psutil.Process(json.loads((home / "owner.json").read_text())["pid"])
    return sum(times.user + times.system for times in (one.cpu_times() for one in (owner, *owner.children())))


def _count(client: HomeClient, shape: Any) -> int:
    return int(client.call("audience.count", {"rule": shape}, actor="operator")["count"])


def _typed(random: Random) -> list[Any]:
    """Rules as they stand while a slider moves: attributes, behaviour of usual and unusual windows, their mixture."""
    age, days = random.randint(20, 60), random.choice((7, 30, 45, 90))
    return [
        {"all": [{"field": "age", "op": "between", "value": [age, age + 15]}, {"field": "active", "op": "exists"}]},
        {"all": [
            {"field": "age", "op": "ge", "value": age},
            {"field": "page_view", "op": "exists", "window_days": days},
            {"not": {"field": "purchase", "op": "exists", "window_days": 30}},
        ]},
        {"event": "page_view", "measure": "count", "op": "ge", "value": random.randint(1, 5), "window_days": days},
    ]  # fmt: skip


class _Feeder(threading.Thread):
    """Imports a file of events each second, and looks whether it is in the counts."""

    def __init__(self, home: Path, customers: int, rate: int, seconds: int) -> None:
        super().__init__(daemon=True)
        self.client = HomeClient(home)
        self.folder = home / "streaming"
        self.folder.mkdir(exist_ok=True)
        self.customers, self.rate, self.length = customers, rate, seconds
        self.events = self.wrong = 0
        self.seconds = 0.0
        self.imports: list[float] = []
        self.visible: list[float] = []
        self.failure: Exception | None = None

    def run(self) -> None:
        started = time.perf_counter()
        try:
            for batch in range(self.length):
                time.sleep(max(0.0, started + batch - time.perf_counter()))
                self._batch(batch)
        except Exception as error:
            self.failure = error
        self.seconds = time.perf_counter() - started

    def _batch(self, batch: int) -> None:
        mark, expected, acknowledged = self.send(batch)
        shape = {"event": "page_view", "measure": "count", "op": "ge", "value": 1, "window_days": 2,
                 "where": [{"field": "object", "op": "eq", "value": mark}]}  # fmt: skip
        found = _count(self.client, shape)
        self.visible.append(time.perf_counter() - acknowledged)
        self.wrong += found != expected

    def send(self, batch: int) -> tuple[str, int, float]:
        """Import a batch: (its mark, how many customers of it viewed a page, when it was acknowledged)."""
        random = np.random.default_rng((os.getpid(), batch))
        who = random.integers(0, self.customers, self.rate)
        mark = f"stream{os.getpid()}x{batch}"
        now = datetime.now(UTC)
        table = pa.table(
            {
                "customer_id": [f"{PREFIX}{number:08d}" for number in who],
                "event": random.choice(["page_view", "click", "login"], self.rate, p=[0.7, 0.2, 0.1]),
                "time": [
                    (now - timedelta(milliseconds=int(ms))).isoformat() for ms in random.integers(0, 1000, self.rate)
                ],
                "object": [mark] * self.rate,
                "key": [f"{mark}:{number}" for number in range(self.rate)],
            }
        )
        path = self.folder / f"{batch}.parquet"
        pq.write_table(table, path)
        began = time.perf_counter()
        done = self.client.call("events.import", {"table": str(path)}, actor="admin", idempotency_key=mark)
        acknowledged = time.perf_counter()
        self.imports.append(acknowledged - began)
        self.events += int(done["accepted"])
        path.unlink()
        return mark, len(set(who[np.asarray(table["event"]) == "page_view"].tolist())), acknowledged


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    values = np.array(seconds) * 1e3
    return {
        name: round(float(np.quantile(values, share)), 1) for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0))
    }


def _print(told: dict[str, Any]) -> None:
    sys.stdout.write(
        f"{told['customers']:,} customers; {told['events']:,} events in {told['seconds']} s ({told['rate']:,} a second); "
        f"{told['wrong']} batches counted wrongly\n"
    )
    sys.stdout.write(
        f"CPU of home and engine: {told['import_cpu_ms']} ms the import of a batch, {told['count_cpu_ms']} ms a count\n"
    )
    for name, what in (("count_ms", f"a count ({told['counts']} of them)"), ("import_ms", "import of a batch"),
                       ("visible_ms", "after the import until it is counted")):  # fmt: skip
        spread = told[name]
        sys.stdout.write(
            f"{what:40} p50 {spread['p50']:>8.1f}  p95 {spread['p95']:>8.1f}  max {spread['max']:>8.1f} ms\n"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
