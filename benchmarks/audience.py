"""How fast the audience index answers: ``linghang bench audience --users 10m [--against] [--json]``.

Makes an index of any size from a seed, runs the cases, and prints CPU and wall time, the bytes that a case must touch,
and the ratio to the time in which the same threads merely read them, measured in the same run. ``--against`` runs the
work of every case on other engines too (extra `bench`), where they are installed and the size fits.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from _measuring import RULES, let_go_of_pages, measure, reading_pace, rebuild_tags
from _rivals import compare
from _synthetic import open_synthetic, synthesise

from linghang import audiences, customers, packs
from linghang.audiences.index.program import threads

_UNITS = {"k": 10**3, "m": 10**6}
_BYTES_EACH = 40


def main(arguments: list[str]) -> int:
    """Run the benchmark; 2 for a size that is none, 3 where the disk is too small."""
    parser = argparse.ArgumentParser(prog="linghang bench audience", description=__doc__)
    parser.add_argument("--users", default="10m", help="how many customers: 200k, 10m, 100m, 460m")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=None, help="keep the index here and use it again")
    parser.add_argument("--against", action="store_true", help="other engines too")
    parser.add_argument("--largest", default="120m", help="the most customers for which other engines are tried")
    parser.add_argument("--rival", action="append", default=[], help="only this other engine; may stand several times")
    parser.add_argument("--tags", type=int, default=100, help="how many tags are rebuilt (0: none)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    users = _size(options.users)
    if users is None:
        sys.stderr.write(f"not a number of customers: {options.users}\n")
        return 2
    folder = options.folder or Path(tempfile.mkdtemp(prefix="linghang-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / "CURRENT").exists() and shutil.disk_usage(folder).free < users * _BYTES_EACH:
            sys.stderr.write(f"the index of {users:,} customers needs about {users * _BYTES_EACH / 1e9:.0f} GB\n")
            return 3
        told = _run(folder, users, options)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        _print(told)
    return 0


def _size(text: str) -> int | None:
    unit = _UNITS.get(text[-1:].lower(), 1)
    digits = text[:-1] if unit > 1 else text
    return int(digits) * unit if digits.isdigit() and int(digits) else None


def _run(folder: Path, users: int, options: argparse.Namespace) -> dict[str, Any]:
    catalogue = customers.catalogue_of(packs.load("demo"))
    started = time.process_time()
    if not (folder / "CURRENT").exists():
        synthesise(folder, catalogue, users, seed=options.seed)
    made = time.process_time() - started
    let_go_of_pages(folder)
    began = time.perf_counter()
    index = open_synthetic(folder, catalogue)
    audiences.count(audiences.parse(RULES["a"]), index)
    first = time.perf_counter() - began
    cases = [{**asdict(timing), "ratio": round(timing.ratio, 2)} for timing in measure(index, folder, options.runs)]
    told: dict[str, Any] = {
        "users": users, "threads": threads(), "made_cpu_s": round(made, 1), "first_count_ms": round(first * 1e3, 1),
        "gb_per_cpu_s": round(1e-9 / reading_pace(index), 1), "cases": cases, "anonymous_mb": _anonymous_mb(),
        "index_gb": round(sum(path.stat().st_blocks * 512 for path in folder.rglob("*.bin")) / 1e9, 2),
    }  # fmt: skip
    if options.tags:
        told["tags"] = dict(zip(("cpu_s", "wall_s"), rebuild_tags(index, folder, options.tags), strict=True))
    if options.against:
        largest = _size(options.largest) or 0
        told["rivals"] = compare(
            index, folder, options.runs, largest, lambda text: print(text, file=sys.stderr), options.rival
        )
    return told


def _anonymous_mb() -> int:
    """Memory of this process that is not pages of mapped files; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon")), 0)


def _print(told: dict[str, Any]) -> None:
    sys.stdout.write(
        f"{told['users']:,} customers, {told['index_gb']} GB, made in {told['made_cpu_s']} CPU-s; {told['threads']} threads; "
        f"reading: {told['gb_per_cpu_s']} GB a CPU-s; cold first count {told['first_count_ms']} ms; "
        f"{told['anonymous_mb']} MB of its own memory\n"
    )
    sys.stdout.write(f"{'case':28}{'answer':>14}{'CPU ms':>10}{'wall ms':>10}{'MB':>9}{'limit':>9}{'ratio':>7}\n")
    for case in told["cases"]:
        sys.stdout.write(
            f"{case['case']:28}{case['answer']:>14,}{case['cpu_ms']:>10.1f}{case['wall_ms']:>10.1f}"
            f"{case['bytes'] / 1e6:>9.0f}{case['limit_cpu_ms']:>9.1f}{case['ratio']:>7.2f}\n"
        )
    if "tags" in told:
        sys.stdout.write(f"tags rebuilt: {told['tags']['cpu_s']:.1f} CPU-s, {told['tags']['wall_s']:.1f} s\n")
    for rival in told.get("rivals", ()):
        if "failed" in rival:
            sys.stdout.write(f"{rival['engine']:24}{rival['case']:>4}  does not fit: {rival['failed']}\n")
            continue
        sys.stdout.write(
            f"{rival['engine']:24}{rival['case']:>4}{rival['answer']:>16,}{rival['cpu_ms']:>10.1f}{rival['wall_ms']:>10.1f}"
            f"{rival['times']:>8.1f}× the index's CPU{'' if rival['equal'] else '  DIFFERS'}\n"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
