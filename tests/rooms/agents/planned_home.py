"""A process that carries out a said plan as a durable job, and dies in the middle of it when it is told to.

Arguments: the home, and where to die (``first``, ``second``, or ``-``); ``stop`` dies in the second step too, right
after somebody wished that the job stops. Run again, the job goes on by itself.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import linghang.agents.skills
from linghang.access.sealing import Sealer
from linghang.kit import runner, stopping
from linghang.kit.context import Context
from linghang.kit.skills import call, skill
from linghang.testing.contexts import context


def main(home: Path, die: str) -> None:
    assert linghang.agents.skills  # the rooms' other skills take two seconds to load, and no plan here needs one
    jobs: list[str] = []

    def done(what: str) -> None:
        with (home / "done.txt").open("a") as out:
            out.write(f"{what}\n")
        if (what, die) == ("second", "stop"):
            stopping.ask(context(home).db, "test", jobs[-1], actor="operator", at=context(home).now)
        if what == die or (what, die) == ("second", "stop"):
            os.kill(os.getpid(), signal.SIGKILL)

    @skill("orchard.pick", effect="read", permission="", makes="orchard.apples")
    def pick(ctx: Context) -> dict[str, int]:
        """Pick apples."""
        done("first")
        return {"apples": 7}

    @skill("orchard.press", effect="read", permission="", needs={"apples": "orchard.apples"}, makes="orchard.juice",
           says=["榨一桶果园的苹果汁"])  # fmt: skip
    def press(ctx: Context, apples: dict[str, int]) -> dict[str, int]:
        """Press them."""
        done("second")
        return {"litres": apples["apples"] * 2}

    def execute(request: Mapping[str, Any], _report: Any) -> Mapping[str, Any]:
        made = context(home, rights=("skills.call", "skills.read"), key=str(request["key"]))
        jobs.append(str(request["job"]))
        ctx = replace(made, job=jobs[-1], cancelled=stopping.watch(made.db, "test", jobs[-1]))
        reply = call(ctx, str(request["skill"]), request["arguments"])
        return {"result": {"state": reply["state"], "result": reply["result"], "turn": reply["turn"]}}

    # Starting continues every job that was under way.
    runner.start(home / "jobs.db", execute, Sealer(home, "jobs"))
    job = runner.submit(
        {"skill": "agents.say", "arguments": {"text": "榨一桶果园的苹果汁"}, "actor": "operator", "key": "k1"}
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and runner.under_way():
        time.sleep(0.1)
    (home / "outcome.json").write_text(json.dumps(list(runner.follow(job))[-1], ensure_ascii=False))
    os._exit(0)


main(Path(sys.argv[1]), sys.argv[2])
