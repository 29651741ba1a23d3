"""A real little home for tests of the REST door, opened in this process: the ASGI application and a bearer token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from voyage.commands import Shell

from linghang import app as switchboard
from linghang.access.sealing import Sealer
from linghang.doors import rest
from linghang.kit import runner


@dataclass(frozen=True)
class Door:
    """The application, the home behind it, and what may be sent as whom."""

    app: FastAPI
    home: switchboard.Installation

    def headers(self, user: str = "operator") -> dict[str, str]:
        """What a request of a user carries."""
        made = self.home.execute({"skill": "users.token", "arguments": {"days": 1}, "actor": user}, lambda _line: None)
        return {"Authorization": f"Bearer {made['result']['secret']}"}

    def call(self, skill: str, arguments: dict[str, Any], user: str = "operator") -> Any:
        """A skill called past the door, to lay something out for a test."""
        return self.home.execute({"skill": skill, "arguments": arguments, "actor": user}, lambda _line: None)


@contextmanager
def opened(folder: Path, *, customers: int = 2000) -> Iterator[Door]:
    """A demo home in a folder, and its REST door. One at a time: the durable runner is one per process."""
    shell = Shell(folder)
    shell("init", "--pack", "demo", "--customers", str(customers))
    shell.run("home", "stop")
    switchboard.declare_skills()
    home = switchboard.Installation.open(folder / ".linghang")
    runner.start(folder / ".linghang" / "jobs.db", home.execute, Sealer(folder / ".linghang", "jobs"))
    try:
        yield Door(rest.create(home), home)
    finally:
        runner.stop()
        home.close()
