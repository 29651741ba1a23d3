"""A studio over a real demo home in processes of its own, for browser tests that fake nothing."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_LINGHANG = (sys.executable, "-c", "from linghang.doors.cli import main; main()")


@dataclass(frozen=True)
class Bank:
    """A studio over a real home, and how to run commands of that home."""

    url: str
    home: Path
    env: Mapping[str, str]
    linghang: Sequence[str] = _LINGHANG

    def run(self, *words: str, actor: str = "") -> Any:
        """What a command of the home answers, as JSON."""
        command = [*self.linghang, "--json", *(["--as", actor] if actor else []), *words]
        made = subprocess.run(command, env=dict(self.env), capture_output=True, text=True, timeout=120, check=False)
        assert made.returncode == 0, made.stdout[-500:] + made.stderr[-1500:]
        return json.loads(made.stdout)

    def link(self, name: str) -> str:
        """A one-time link for a user, as whoever set the home up makes it."""
        return str(self.run("users", "link", name, "--url", self.url)["url"])


@contextmanager
def opened(folder: Path, customers: int) -> Iterator[Bank]:
    """Set a demo home up, serve it, and stop everything afterwards."""
    home = folder / "h"
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    env |= {"LINGHANG_HOME": str(home)}
    made = subprocess.run(
        [*_LINGHANG, "init", "--pack", "demo", "--customers", str(customers)],
        env=env, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    ports = [str(_port()) for _ in range(3)]
    with (home / "studio.log").open("wb") as log:
        serve = [*_LINGHANG, "serve", "--port", ports[0], "--rest-port", ports[1], "--decide-port", ports[2]]
        process = subprocess.Popen(serve, env=env, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{ports[0]}"
            _until_it_answers(url, process, home / "studio.log")
            yield Bank(url, home, env)
        finally:
            process.terminate()
            process.wait(timeout=30)
            subprocess.run([*_LINGHANG, "home", "stop"], env=env, capture_output=True, timeout=60, check=False)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_it_answers(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        try:
            urllib.request.urlopen(f"{url}/sign-in", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"no answer from {url}")
