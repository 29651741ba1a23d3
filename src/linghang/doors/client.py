"""A client of the home process, for command lines, the studio and the MCP server. Starts the home if need be."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from linghang import __version__
from linghang.base.errors import ConflictError, UnavailableError, UnknownItemError
from linghang.doors.home import owner
from linghang.doors.wire import error_of

_STARTUP_SECONDS = 60.0
HOME_COMMAND = (sys.executable, "-c", "import gc; gc.disable(); from linghang.app import main; main()")
"""Starts a home process. Not ``-m``: the processes that draw would import that main module, and with it every room.

The collector rests while rooms are imported (nothing is garbage yet); ``main`` wakes it."""


class HomeClient:
    """Calls skills of a home over its local socket."""

    def __init__(self, home: Path, *, locale: str = "zh-CN", now: str = "", start: bool = True) -> None:
        self.home = home.resolve()
        self.locale = locale
        self.now = now
        self._start = start

    def call(
        self,
        skill: str,
        arguments: Mapping[str, Any],
        *,
        actor: str,
        idempotency_key: str = "",
        on_progress: Callable[[Mapping[str, Any]], None] | None = None,
        locale: str = "",
        wait: bool = True,
        agent: bool = False,
        approved: tuple[str, ...] = (),
    ) -> Any:
        """The skill's result as JSON values. Raises what the skill raised, or UnavailableError without a home.

        ``agent``: a machine acts for the actor, and may use only the commit skills in ``approved``.
        """
        request = {
            "skill": skill,
            "arguments": dict(arguments),
            "actor": actor,
            "key": idempotency_key,
            "locale": locale or self.locale,
            "now": self.now,
            "wait": wait,
            "agent": agent,
            "approved": list(approved),
        }
        for line in self._lines(request):
            if "error" in line:
                raise error_of(line["error"])
            if "result" in line:
                return line["result"]
            if on_progress is not None:
                on_progress(line)
        raise UnavailableError("home.died", home=str(self.home))

    def gate(self, act: str, **told: str) -> Any:
        """An act of the gate (signing in, sessions, links) as JSON values. Raises what it refused."""
        self.ensure()
        try:
            with self._connect() as connection:
                answer = connection.post("http://home/gate", json={"act": act, **told}).json()
        except httpx.TransportError as error:
            raise UnavailableError("home.died", home=str(self.home), reason=str(error)) from error
        if "error" in answer:
            raise error_of(answer["error"])
        return answer["result"]

    def file(self, digest: str) -> bytes:
        """The bytes of a content digest. Raises UnknownItemError."""
        with self._connect() as connection:
            answer = connection.get(f"http://home/file/{digest}")
        if answer.status_code != 200:
            raise UnknownItemError("files.unknown", name=digest)
        return answer.content

    def stop(self) -> bool:
        """Ask the home to stop; False where none was running. Returns when it is gone."""
        if self._health() is None:
            return False
        with self._connect() as connection:
            connection.post("http://home/stop")
        for _ in range(600):
            # The socket closes before the stores do: whoever starts a home next needs its lock as well.
            if self._health() is None and owner.is_free(self.home):
                return True
            time.sleep(0.05)
        raise UnavailableError("home.will_not_stop", home=str(self.home))

    def _lines(self, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        self.ensure()
        try:
            with self._connect() as connection, connection.stream("POST", "http://home/call", json=request) as answer:
                for line in answer.iter_lines():
                    if line:
                        yield json.loads(line)
        except httpx.TransportError as error:
            raise UnavailableError("home.died", home=str(self.home), reason=str(error)) from error

    def _connect(self) -> httpx.Client:
        # A local socket needs no certificates, and reading them would take longer than most calls.
        transport = httpx.HTTPTransport(uds=str(owner.socket_path(self.home)), verify=False)
        return httpx.Client(transport=transport, timeout=httpx.Timeout(10, read=None))

    def _health(self) -> Mapping[str, Any] | None:
        if not owner.socket_path(self.home).exists():
            return None
        try:
            with self._connect() as connection:
                return connection.get("http://home/health", timeout=5).json()
        except (httpx.TransportError, ValueError):
            # Nobody answers on the socket: a note and a file left by a process that died.
            return None

    def ensure(self) -> Mapping[str, Any]:
        """Make sure that a home process of this version answers; start one if none does."""
        health = self._health()
        if health is None:
            if not (self.home / "institution.json").exists():
                raise UnavailableError("home.absent", home=str(self.home))
            if not self._start:
                raise UnavailableError("home.not_running", home=str(self.home))
            health = self._launch()
        if health["version"] != __version__:
            raise ConflictError(
                "home.other_version", home=str(self.home), theirs=str(health["version"]), ours=__version__
            )
        return health

    def _launch(self) -> Mapping[str, Any]:
        logs = self.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / "home.log").open("ab") as log:
            process = subprocess.Popen(
                [*HOME_COMMAND, "--home", str(self.home), "--idle", "300"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        deadline = time.monotonic() + _STARTUP_SECONDS
        while time.monotonic() < deadline:
            health = self._health()
            if health is not None:
                return health
            if process.poll() not in (None, 0) and owner.read(self.home) is None:
                break
            time.sleep(0.05)
        tail = (logs / "home.log").read_text(errors="replace").strip().splitlines()[-1:]
        raise UnavailableError("home.did_not_start", home=str(self.home), reason="".join(tail))
