"""The home's server: skills over a local socket, progress as it happens, one JSON object a line."""

import asyncio
import json
import os
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import uvicorn

from linghang import __version__
from linghang.access.sealing import opened
from linghang.base.errors import LinghangError
from linghang.doors.home import owner
from linghang.doors.wire import error_json
from linghang.kit import files, runner
from linghang.kit.skills import find

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Host(Protocol):
    """What the server needs of an opened installation."""

    path: Path

    def execute(self, request: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        """Run a request as a skill call: ``{"result": …}`` or ``{"error": …}``."""
        ...

    def pass_gate(self, told: Mapping[str, str]) -> Any:
        """An act of the gate: signing in, sessions, links. Raises what it refuses."""
        ...

    def admit(self, principal: str) -> str:
        """Who acts for a session that still lives; any other principal as it is. Raises UnknownActorError."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class HomeServer:
    """An ASGI application on a Unix socket: /health, /call, /gate, /file/{digest}, /stop."""

    def __init__(self, host: Host, *, idle: float | None) -> None:
        self.host = host
        self.idle = idle
        self.busy = 0
        self.touched = time.monotonic()
        self.started = time.time()
        self.pool = ThreadPoolExecutor(8, thread_name_prefix="skill")
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        self.touched = time.monotonic()
        self.busy += 1
        try:
            await self._answer(str(scope["path"]), receive, send)
        finally:
            self.busy -= 1
            self.touched = time.monotonic()

    async def _answer(self, path: str, receive: Receive, send: Send) -> None:
        if path == "/health":
            await _respond(send, 200, {"version": __version__, "pid": os.getpid(), "started": self.started})
        elif path == "/call":
            await self._call(json.loads(await _body(receive)), send)
        elif path == "/gate":
            await self._gate(json.loads(await _body(receive)), send)
        elif path.startswith("/file/"):
            await self._file(path.removeprefix("/file/"), send)
        elif path == "/stop":
            await _respond(send, 200, {"stopping": True})
            self.stopping.set()
        else:
            await _respond(send, 404, {"error": "no such path"})

    async def _file(self, name: str, send: Send) -> None:
        try:
            data = opened(self.host.path, await asyncio.to_thread(files.get, self.host.path, name))
        except LinghangError as error:
            await _respond(send, 404, error_json(error, "en"))
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": data})

    async def _gate(self, told: Mapping[str, str], send: Send) -> None:
        try:
            answer = {"result": await asyncio.to_thread(self.host.pass_gate, told)}
        except LinghangError as error:
            answer = {"error": error_json(error, "zh-CN")}
        await _respond(send, 200, answer)

    async def _call(self, request: Mapping[str, Any], send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/x-ndjson")]}
        )
        loop = asyncio.get_running_loop()
        lines: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()

        def work() -> None:
            for line in self._lines(request):
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, None)

        done = loop.run_in_executor(self.pool, work)
        while (line := await lines.get()) is not None:
            body = json.dumps(line, ensure_ascii=False).encode() + b"\n"
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await done
        await send({"type": "http.response.body", "body": b""})

    def _lines(self, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        try:
            durable = find(str(request["skill"])).manifest.durable
            # Who signed in is asked now: work that was begun goes on when its browser signs out.
            principal = str(request.get("actor", ""))
            remote = bool(request.get("remote")) or "#" in principal
            request = {**request, "actor": self.host.admit(principal), "remote": remote}
        except LinghangError as error:
            yield {"error": error_json(error, str(request.get("locale") or "zh-CN"))}
            return
        if durable:
            job = runner.submit(request)
            yield {"job": job}
            if request.get("wait", True):
                yield from runner.follow(job)
            else:
                yield {"result": {"job": job}}
        else:
            yield from _directly(self.host, request)

    async def watch(self) -> None:
        """Return when the server should stop: asked to, or idle for long enough with no job under way."""
        while not self.stopping.is_set():
            await asyncio.sleep(0.5)
            idle_for = time.monotonic() - self.touched
            if self.idle is not None and not self.busy and idle_for > self.idle:
                if not await asyncio.to_thread(runner.under_way):
                    return
                self.touched = time.monotonic()


def _directly(host: Host, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inbox: queue.Queue[Mapping[str, Any]] = queue.Queue()
    outcome: list[Mapping[str, Any]] = []
    thread = threading.Thread(target=lambda: outcome.append(host.execute(request, inbox.put)), daemon=True)
    thread.start()
    while thread.is_alive() or not inbox.empty():
        try:
            yield inbox.get(timeout=0.02 if thread.is_alive() else 0)
        except queue.Empty:
            thread.join(timeout=0)
    yield outcome[0]


async def serve(host: Host, *, idle: float | None, apps: Sequence[tuple[Any, str, int]] = ()) -> None:
    """Serve a home on its local socket until told to stop or idle, and ``apps`` (ASGI, host, port) on TCP."""
    server = HomeServer(host, idle=idle)
    path = owner.socket_path(host.path)
    path.unlink(missing_ok=True)
    old_mask = os.umask(0o177)
    try:
        local = uvicorn.Server(uvicorn.Config(server, uds=str(path), log_level="warning", lifespan="off"))
        local.config.load()
    finally:
        os.umask(old_mask)
    servers = [local]
    for app, name, port in apps:
        servers.append(uvicorn.Server(uvicorn.Config(app, host=name, port=port, log_level="warning", lifespan="off")))
    address = next((f"http://{name}:{port}" for _, name, port in apps), "")
    tasks = [asyncio.create_task(one.serve()) for one in servers]
    while not local.started and not tasks[0].done():
        await asyncio.sleep(0.01)
    path.chmod(0o600)
    owner.announce(host.path, owner.Owner(os.getpid(), __version__, str(path), server.started, address))
    watch = asyncio.create_task(server.watch())
    await asyncio.wait([watch, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for one in servers:
        one.should_exit = True
    await asyncio.gather(*tasks)
    watch.cancel()
    (host.path / "owner.json").unlink(missing_ok=True)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _respond(send: Send, status: int, value: Mapping[str, Any]) -> None:
    body = json.dumps(value, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
