"""``linghang bench voyage``: sentence → approvable document, in a new process and warm, and a budget edit.

Prints wall time and CPU time (of the command, the home, its engine and its picture processes together) and the peak of
their proportional memory (PSS) for each step. Elements of pictures are cached by set-up, as ``make run`` does.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_SAMPLING = 0.3
"""Seconds between two looks: reading a process's memory map holds it up, and looks 20 times a second doubled its time."""

SENTENCE = (
    "给近30天浏览过理财但没买过的客户做一场理财拉新,发20元红包,预算50万,push加首页弹窗加首页banner,"
    "下周一开始两周,风格热闹,留10%对照"
)


@dataclass
class Measured:
    """One step: wall and CPU seconds, peak PSS in MB of all processes, and what the command printed."""

    wall: float
    cpu: float
    peak_mb: float
    result: dict[str, Any]


def family(home: Path) -> list[psutil.Process]:
    """This process's children and the home process with its own."""
    found = {process.pid: process for process in psutil.Process().children(recursive=True)}
    try:
        owner = psutil.Process(json.loads((home / "owner.json").read_text())["pid"])
        found |= {process.pid: process for process in (owner, *owner.children(recursive=True))}
    except (OSError, ValueError, psutil.NoSuchProcess):
        pass  # no home is running: only our own children count
    return list(found.values())


class Watch(threading.Thread):
    """Samples CPU and memory of the family until told to stop."""

    def __init__(self, home: Path) -> None:
        super().__init__(daemon=True)
        self.home = home
        self.done = threading.Event()
        self.first: dict[int, float] = {}
        self.last: dict[int, float] = {}
        self.peak = 0.0

    def run(self) -> None:
        while not self.done.wait(_SAMPLING):
            self.sample()

    def sample(self) -> None:
        total = 0.0
        for process in family(self.home):
            try:
                times = process.cpu_times()
                total += process.memory_full_info().pss / 2**20
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            self.last[process.pid] = times.user + times.system
            self.first.setdefault(process.pid, 0.0)
        self.peak = max(self.peak, total)

    def cpu(self) -> float:
        return sum(spent - self.first.get(pid, 0.0) for pid, spent in self.last.items())


def measure(home: Path, *words: str) -> Measured:
    """Run one command line and measure everything that works for it."""
    watch = Watch(home)
    watch.sample()
    watch.first = dict(watch.last)
    watch.start()
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "from linghang.doors.cli import main; main()", *words, "--home", str(home), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall = time.perf_counter() - started
    watch.done.set()
    watch.join()
    watch.sample()
    if done.returncode:
        sys.exit(f"{words} failed: {done.stdout[-600:]}{done.stderr[-600:]}")
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return Measured(wall, watch.cpu(), watch.peak, json.loads(lines[-1]))


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="linghang bench voyage")
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    home = Path(tempfile.mkdtemp(prefix="linghang-voyage-"))
    rows: list[tuple[str, Measured]] = []
    try:
        rows.append(("init", measure(home, "init", "--pack", "demo", "--customers", str(options.customers))))
        measure(home, "campaign", "new", SENTENCE)  # caches elements and compiled code, as set-up does
        for _ in range(options.runs):
            measure(home, "home", "stop")
            rows.append(
                ("new process: sentence → document", measure(home, "campaign", "new", _fresh(SENTENCE, len(rows))))
            )
        for _ in range(options.runs):
            rows.append(("warm: sentence → document", measure(home, "campaign", "new", _fresh(SENTENCE, len(rows)))))
        for number in range(options.runs):
            rows.append(("budget edit", measure(home, "campaign", "edit", "last", f"预算改成{60 + number}万")))
        rows.append(("recompile, nothing changed", measure(home, "campaign", "compile", "last")))
        _table(rows)
        _steps(rows)
    finally:
        subprocess.run([sys.executable, "-c", "from linghang.doors.cli import main; main()", "home", "stop", "--home", str(home)],
                       capture_output=True, check=False)  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)
    return 0


def _fresh(sentence: str, number: int) -> str:
    """A sentence whose document cannot come from a cache: another age and amount, so other people, copy and pictures."""
    return sentence.replace("客户做", f"{20 + number}岁以上的客户做").replace("发20元", f"发{20 + number}元")


def _table(rows: list[tuple[str, Measured]]) -> None:
    print(f"{'step':<36}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for name, done in rows:
        print(f"{name:<36}{done.wall:>9.2f}{done.cpu:>9.2f}{done.peak_mb:>9.0f}")


def _steps(rows: list[tuple[str, Measured]]) -> None:
    last = next((done for name, done in reversed(rows) if name.startswith("warm")), None)
    if last is None:
        return
    print("\nsections of the last warm document (wall ms, CPU ms of the home's thread)")
    for name, section in last.result["sections"].items():
        if section["kind"] == "derived":
            print(f"  {name:<16}{section['millis']:>10.1f}{section['cpu_millis']:>10.1f}")


if __name__ == "__main__":
    sys.exit(main())
