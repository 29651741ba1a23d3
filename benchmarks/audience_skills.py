"""What an operator asks of an audience, timed on a home: ``linghang bench audience_skills HOME [IDS.csv]``.

The home is not served by another process meanwhile. With a file of ids that many lines are imported as an audience,
accounted for, and the audience is deleted again.
"""

import argparse
import resource
import time
from pathlib import Path
from typing import Any

from linghang import app
from linghang.kit.context import Context
from linghang.kit.skills import call

SENTENCE = "近30天浏览过理财但没买过，30到50岁，资产5万以上的女性"
SEED = {
    "all": [{"field": "aum_cny", "op": "ge", "value": 50_000}, {"field": "lifecycle", "op": "eq", "value": "dormant"}]
}


def timed(ctx: Context, skill: str, times: int, **arguments: Any) -> Any:
    """Call a skill so often, print the medians, and return the last result."""
    walls: list[float] = []
    cpus: list[float] = []
    result: Any = None
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        result = call(ctx, skill, arguments)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    walls, cpus = sorted(walls), sorted(cpus)
    late = walls[int(len(walls) * 0.95)]
    print(
        f"{skill:22} wall p50 {walls[len(walls) // 2]:.0f} ms, p95 {late:.0f} ms; CPU p50 {cpus[len(cpus) // 2]:.0f} ms"
    )
    return result


def main() -> None:
    """Time every skill."""
    parser = argparse.ArgumentParser(prog="linghang bench audience_skills", description=__doc__)
    parser.add_argument("home", type=Path, help="a home that no process serves")
    parser.add_argument("ids", nargs="?", default="", help="a file of ids, a line each")
    told = parser.parse_args()
    app.declare_skills()
    home = app.Installation.open(told.home)
    ctx = home.context({"actor": "operator", "skill": "", "locale": "zh-CN"}, lambda _line: None)
    rule = call(ctx, "audience.explain", {"text": SENTENCE})["rule"]
    call(ctx, "audience.preview", {"rule": rule})
    timed(ctx, "audience.count", 60, rule=rule)
    timed(ctx, "audience.explain", 60, rule=rule)
    timed(ctx, "audience.preview", 20, rule=rule)
    timed(ctx, "audience.suggest", 5, rule=rule, size=5000)
    _saved(ctx, rule)
    timed(ctx, "audience.compare", 5, one=rule, other=SEED)
    timed(ctx, "audience.layers", 5, rule=rule)
    timed(ctx, "audience.lookalike", 1, rule=SEED, size=10_000)
    timed(ctx, "audience.export", 1, rule={"field": "age", "op": "ge", "value": 30}, form="parquet")
    if told.ids:
        name = f"bench {time.time_ns()}"
        made = timed(ctx, "audience.upload", 1, name=name, table=told.ids)["made"]
        parts = sum(made[key] for key in ("members", "duplicates", "strangers", "blank", "gone"))
        print({key: value for key, value in made.items() if key != "examples"}, "adds up:", parts == made["given"])
        call(ctx, "audience.delete", {"audience": name})
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    home.close()


def _saved(ctx: Context, rule: Any) -> None:
    """Overlap with seven saved audiences, and a large one counted anew; they are deleted again."""
    names = [f"bench {time.time_ns()} {place}" for place in range(7)]
    for place, name in enumerate(names):
        older = {"field": "age", "op": "ge", "value": 25 + 5 * place}
        call(ctx, "audience.save", {"name": name, "rule": older})
    timed(ctx, "audience.overlap", 5, rules={"": rule}, audiences=names)
    print("refreshed:", timed(ctx, "audience.refresh", 5, audience=names[0])["count"])
    for name in names:
        call(ctx, "audience.delete", {"audience": name})


if __name__ == "__main__":
    main()
