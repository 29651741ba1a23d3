"""A small home for tests: the real server, runner and client over three tiny skills. Run with the home as argument."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from linghang.access.sealing import Sealer
from linghang.base.errors import LinghangError, RefusedError, UnknownActorError
from linghang.doors.home import owner
from linghang.doors.home.server import serve
from linghang.doors.wire import error_json
from linghang.kit import runner
from linghang.kit.skills import find, skill

_report: Callable[[Mapping[str, Any]], None] = lambda _line: None  # noqa: E731


@skill("little.echo", effect="read", permission="")
def echo(ctx: Path, text: str) -> str:
    """Say it again."""
    return text


@skill("little.refuse", effect="read", permission="")
def refuse(ctx: Path) -> str:
    """Refuse."""
    raise RefusedError("patch.no_such_path", path="x")


@skill("little.count", effect="draft", permission="", durable=True)
def count(ctx: Path, to: int, pause: float = 0.0) -> int:
    """Append lines to a file until there are ``to``: continues after a crash, never doubles."""
    file = ctx / "lines.txt"
    have = len(file.read_text().splitlines()) if file.exists() else 0
    for number in range(have, to):
        with file.open("a") as out:
            out.write(f"{number}\n")
        _report({"step": "line", "done": number + 1, "of": to, "note": "", "params": {}})
        time.sleep(pause)
    return len(file.read_text().splitlines())


class Host:
    """Runs the three skills."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def execute(self, request: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        global _report
        _report = report
        try:
            return {"result": find(request["skill"]).function(self.path, **request["arguments"])}
        except LinghangError as error:
            return {"error": error_json(error, "zh-CN")}

    def pass_gate(self, told: Mapping[str, str]) -> Any:
        if told.get("act") != "find" or told.get("cookie") != "good":
            raise UnknownActorError("access.no_session")
        return {"session": {"user": "operator"}}

    def admit(self, principal: str) -> str:
        if principal.endswith("#ses_ended"):
            raise UnknownActorError("access.session_ended")
        return principal.partition("#")[0]

    def close(self) -> None:
        return None


def main() -> None:
    home = Path(sys.argv[1])
    idle = float(sys.argv[2]) if len(sys.argv) > 2 else None
    try:
        lock = owner.take(home, time.time())
    except LinghangError as error:
        sys.exit(str(error))
    with lock:
        host = Host(home)
        runner.start(home / "jobs.db", host.execute, Sealer(home, "jobs"))
        asyncio.run(serve(host, idle=idle))
        runner.stop()


if __name__ == "__main__":
    main()
