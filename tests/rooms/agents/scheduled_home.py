"""A process with the real schedule and the real runner, that dies where it is told to.

Arguments: the home, how many minutes have passed, and where to die (``claimed``, ``scanning``, ``written``, or ``-``).
"""

import datetime as dt
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from linghang.access.sealing import Sealer
from linghang.agents import inbox, watchers
from linghang.agents.watchers import Candidate
from linghang.kit import runner, schedule
from linghang.kit.context import Context
from linghang.testing.contexts import NOW, context

TASK = schedule.Task("inbox", "inbox.scan", 3600)


def main(home: Path, minutes: int, die: str) -> None:
    now = NOW + dt.timedelta(minutes=minutes)
    ctx = replace(context(home), clock=lambda: now)

    def end(where: str) -> None:
        if where == die:
            os.kill(os.getpid(), signal.SIGKILL)

    def found(_ctx: Context, _blind: set[str]) -> list[Candidate]:
        return [Candidate(f"a:{n}", "a", "a", "insights.credit_unused", n, {"size": n}) for n in range(3)]

    watchers.WATCHERS = {found: frozenset()}  # type: ignore[assignment]
    put = inbox._put

    def dying(*arguments: Any) -> None:
        put(*arguments)
        end("scanning")

    inbox._put = dying  # type: ignore[assignment]

    def execute(request: Mapping[str, Any], _report: Any) -> Mapping[str, Any]:
        with (home / "runs.txt").open("a") as out:
            out.write(f"{request['key']}\n")
        told = inbox.scan(ctx)
        end("written")
        return {"result": told}

    def start(task: schedule.Task, at: dt.datetime) -> str:
        end("claimed")
        return runner.submit({"skill": task.skill, "arguments": {}, "actor": "scheduler",
                              "key": f"{task.name}:{at.isoformat()}"})  # fmt: skip

    runner.start(home / "jobs.db", execute, Sealer(home, "jobs"))
    schedule.ticking(ctx.db, "test", [TASK], start, clock=lambda: now, pause=0.02)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (schedule.standing(ctx.db, "test") and
                                               schedule.standing(ctx.db, "test")[0]["job"]):  # fmt: skip
        time.sleep(0.02)
    while time.monotonic() < deadline and runner.under_way():
        time.sleep(0.02)
    os._exit(0)


main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
