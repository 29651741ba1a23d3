"""Whether every way to count says the same: ``linghang eval audience [--rules 10000] [--seed 1] [--nodes 2]``.

Random rules over a small institution with every kind of field, unknown values, events around midnights that clocks
skip, late and future events, people who left. Compared are the members (not only counts) that are found by the bitmap
index, by the embedded engine's SQL, by the same SQL on a cluster of real nodes on loopback (where the library is
installed), and by the plain reading of rows. Ends with 1 if any rule differs, and prints it.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from linghang import audiences
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.adapters.clickhouse_cluster import ClickHouseCluster
from linghang.audiences import reference, sql
from linghang.base.predicates import Combination, Ranked, Rule, leaves
from linghang.customers import catalogue_of
from linghang.ports.analytics import Analytics
from linghang.testing import clickhouse_nodes
from linghang.testing.institution import PACK, World, make
from linghang.testing.rules import DAYS, random_rule

AT_ONCE = 20
CATALOGUE = catalogue_of(PACK)


def main(arguments: list[str]) -> int:
    """Run the evaluation; 1 where ways differ, 3 where nodes were asked for and cannot be had."""
    parser = argparse.ArgumentParser(prog="linghang eval audience", description=__doc__)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--customers", type=int, default=260)
    parser.add_argument(
        "--nodes", type=int, default=None, help="nodes of the cluster (default 2 if installed; 0: none)"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    shared = clickhouse_nodes.library()
    if options.nodes and shared is None:
        sys.stderr.write("no libchdb.so: run scripts/install-test-tools, or set LINGHANG_CLICKHOUSE_LIBRARY\n")
        return 3
    nodes = (2 if shared else 0) if options.nodes is None else options.nodes
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linghang-eval-")))
        embedded = ChdbEngine(folder / "engine", threads=2)
        stack.callback(embedded.close)
        engines: dict[str, Analytics] = {"embedded engine": embedded}
        if nodes and shared:
            started = stack.enter_context(clickhouse_nodes.cluster(folder / "nodes", shared, nodes))
            engines[f"{nodes}-node cluster"] = ClickHouseCluster(
                [node.address for node in started], clickhouse_nodes.CLUSTER
            )
        told = _run(folder, engines, options)
    _print(told, as_json=options.json)
    return 1 if any(told["differences"].values()) else 0


def _run(folder: Path, engines: dict[str, Analytics], options: argparse.Namespace) -> dict[str, Any]:
    worlds = {
        name: make(folder / name.replace(" ", "-"), one, options.seed, options.customers)
        for name, one in _made(folder, engines)
    }
    world = next(iter(worlds.values()))
    random = Random(options.seed)
    differences = dict.fromkeys(("bitmap index", *engines), 0)
    examples: list[str] = []
    kinds: Counter[str] = Counter()
    sizes: list[int] = []
    started, began = time.process_time(), time.perf_counter()
    for first in range(0, options.rules, AT_ONCE):
        batch = [random_rule(random) for _ in range(min(AT_ONCE, options.rules - first))]
        today = random.choice(DAYS)
        truth = [_plain(world, rule, today) for rule in batch]
        found = {"bitmap index": [audiences.members(rule, world.index, today).tolist() for rule in batch]}
        for name, one in worlds.items():
            found[name] = _by_engine(one, batch, today)
        for way, answers in found.items():
            for rule, answer, true in zip(batch, answers, truth, strict=True):
                if answer != true:
                    differences[way] += 1
                    examples.append(f"{way}, {today}: {rule}")
        sizes += [len(true) for true in truth]
        kinds.update(kind for rule in batch for kind in _kinds(rule))
    return {
        "rules": options.rules, "customers": len(world.rows), "seed": options.seed, "differences": differences,
        "conditions": dict(kinds.most_common()), "nobody": sum(size == 0 for size in sizes),
        "everybody": sum(size == len(world.rows) for size in sizes), "examples": examples[:20],
        "cpu_s": round(time.process_time() - started, 1), "wall_s": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def _made(folder: Path, engines: dict[str, Analytics]) -> list[tuple[str, Analytics]]:
    for name in engines:
        (folder / name.replace(" ", "-")).mkdir()
    return list(engines.items())


def _plain(world: World, rule: Rule, today: Any) -> list[int]:
    return sorted(reference.members(world.expand(rule), world.rows, CATALOGUE, today))


def _by_engine(world: World, batch: Sequence[Rule], today: Any) -> list[list[int]]:
    """The members of several rules by one statement: it answers as many questions, and is planned once."""
    rules = [world.expand(rule) for rule in batch]
    columns, params = sql.columns(CATALOGUE, world.sources, rules, today)
    table = world.sources.customers.table
    rows = world.context.analytics.query(
        f"SELECT c.customer AS customer, {', '.join(columns)} FROM {table} AS c", params
    )
    customer = rows["customer"].to_numpy()
    flags = [rows[f"r{place}"].to_numpy() for place in range(len(rules))]
    return [np.sort(customer[flag != 0]).tolist() for flag in flags]


def _kinds(rule: Rule) -> list[str]:
    return [type(leaf).__name__ for leaf in leaves(rule) if not isinstance(leaf, Combination)] + (
        ["Ranked among"] if isinstance(rule, Ranked) and rule.among else []
    )


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(
        f"{told['rules']:,} rules over {told['customers']} customers (seed {told['seed']}); {told['nobody']} hold nobody, "
        f"{told['everybody']} everybody; {told['cpu_s']} CPU-s of this process, {told['wall_s']} s\n"
    )
    sys.stdout.write("conditions: " + ", ".join(f"{name} {n:,}" for name, n in told["conditions"].items()) + "\n")
    for way, count in told["differences"].items():
        sys.stdout.write(f"{way:20} against the plain reading of rows: {count} differences\n")
    for text in told["examples"]:
        sys.stdout.write(f"  {text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
