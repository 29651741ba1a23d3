"""Tools of MCP servers: connections are opened when first used and closed when idle.

All of them live in one event loop of a thread of its own, so that callers stay synchronous. A server that dies or
hangs harms only its own calls; the next call starts it again.
"""

import asyncio
import concurrent.futures
import contextlib
import importlib
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from linghang.base.errors import LinghangError, UnavailableError
from linghang.ports.tools import Tool

T = TypeVar("T")
Work = Callable[[Any], Awaitable[Any]]

IDLE = 60.0
"""Seconds after which an unused connection is closed, and with it the process of a command."""
_START = 20.0


@dataclass
class _Line:
    """A connection: work comes by the queue, and is done side by side on the same client."""

    queue: "asyncio.Queue[tuple[Work, asyncio.Future[Any]]]" = field(default_factory=asyncio.Queue)
    task: "asyncio.Task[None] | None" = None


class McpTools:
    """Keeps the promise of ``ports.tools.ToolServers``."""

    def __init__(
        self, *, allowed: frozenset[str] = frozenset(), secrets: Mapping[str, str] | None = None, idle: float = IDLE
    ) -> None:
        self._allowed = allowed
        self._secrets = os.environ if secrets is None else secrets
        self._idle = idle
        self._lines: dict[tuple[str, str], _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def tools(self, address: str, *, secret: str = "", timeout: float = 20) -> tuple[Tool, ...]:
        """The tools that a server offers."""
        return self._run(self._ask(address, secret, lambda client: _wire().tools_of(client), timeout), address, timeout)

    def call(
        self, address: str, tool: str, arguments: Mapping[str, Any], *, secret: str = "", key: str = "",
        timeout: float = 20,
    ) -> Mapping[str, Any]:  # fmt: skip
        """What a tool answers."""

        def work(client: Any) -> Awaitable[Any]:
            return _wire().answer_of(client, tool, arguments, key, timeout)

        return self._run(self._ask(address, secret, work, timeout), address, timeout)

    def close(self) -> None:
        """End every connection, and the processes of commands."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None:
            return

        async def end() -> None:
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        with contextlib.suppress(concurrent.futures.TimeoutError):
            asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)

    def _run(self, work: Coroutine[Any, Any, T], address: str, timeout: float) -> T:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="mcp-tools", daemon=True).start()
        done = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return done.result(timeout + _START + 5)
        except concurrent.futures.TimeoutError as error:
            done.cancel()
            raise _late(address, timeout) from error

    async def _ask(self, address: str, secret: str, work: Work, timeout: float) -> Any:
        """Do a piece of work on the connection of an address; a connection that has ended is opened anew."""
        line = self._lines.get((address, secret))
        if line is None or line.task is None or line.task.done():
            line = self._lines[(address, secret)] = _Line()
            line.task = asyncio.create_task(self._serve(line, address, secret))
            self._tasks.add(line.task)
            line.task.add_done_callback(self._tasks.discard)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        await line.queue.put((work, answer))
        await asyncio.wait({answer, line.task}, timeout=timeout + _START, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            if isinstance(answer.exception(), UnavailableError):
                # A process that died leaves a connection that says nothing more: the next call opens a new one.
                self._lines.pop((address, secret), None)
            return answer.result()
        if line.task.done():
            broke = None if line.task.cancelled() else line.task.exception()
            raise _refusal(broke, address) if broke is not None else _late(address, timeout)
        line.task.cancel()
        raise _late(address, timeout)

    async def _serve(self, line: _Line, address: str, secret: str) -> None:
        async with contextlib.AsyncExitStack() as stack:
            opened = _wire().client_of(address, self._secret(secret), self._allowed, stack)
            client = await stack.enter_async_context(opened)
            running: set[asyncio.Task[None]] = set()
            try:
                while True:
                    try:
                        work, answer = await asyncio.wait_for(line.queue.get(), self._idle)
                    except TimeoutError:
                        if running:
                            continue
                        return
                    task = asyncio.create_task(_do(client, work, answer, address))
                    running.add(task)
                    task.add_done_callback(running.discard)
            finally:
                for task in running:
                    task.cancel()

    def _secret(self, reference: str) -> tuple[str, str]:
        if not reference:
            return "", ""
        name = reference.removeprefix("env:")
        value = self._secrets.get(name, "") if reference.startswith("env:") else ""
        if not value:
            raise UnavailableError("outside.no_secret", secret=reference)
        return name, value


def _wire() -> Any:
    """The SDK, which takes half a second to import: most homes never need it."""
    return importlib.import_module("linghang.adapters.mcp_wire")


async def _do(client: Any, work: Work, answer: "asyncio.Future[Any]", address: str) -> None:
    try:
        result = await work(client)
    except Exception as error:  # whatever a server of others makes the SDK raise is told as one of our errors
        if not answer.done():
            answer.set_exception(_refusal(error, address))
    else:
        if not answer.done():
            answer.set_result(result)


def _refusal(error: BaseException, address: str) -> LinghangError:
    return _wire().refusal_of(error, _shown(address))


def _late(address: str, timeout: float) -> UnavailableError:
    return UnavailableError("outside.unreachable", url=_shown(address), reason=f"> {timeout:g} s")


def _shown(address: str) -> str:
    """An address without what may be secret in it: a URL without its query, of a command the program only."""
    if address.startswith(("http://", "https://")):
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:200]
    return (address.split() or [""])[0][:200]
