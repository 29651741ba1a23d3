"""Analytics on chdb (embedded ClickHouse): the client, and the life of the child process that owns the store.

The child is spawned, never forked, and only it imports chdb. Connections are socket pairs handed to it, so the store
has no address that a stranger could reach. A child that dies is started again at the next call; a call that was under
way then raises, except a query, which is asked once more.
"""

import io
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from linghang.adapters import wire_frames
from linghang.adapters.clickhouse_text import bound
from linghang.base.errors import LinghangError, UnavailableError, UsageError
from linghang.ports.analytics import Parameter

_STARTUP_SECONDS = 60.0
# The engine ends a statement by itself at its time-out, but only between blocks; past this grace the child is replaced.
_GRACE_SECONDS = 15.0
_CONNECTIONS = 4
# The child of an owner that was killed leaves by itself, but not at once: a new owner waits so long before it gives up.
_BUSY_SECONDS = 5.0


class ChdbEngine:
    """A column store in the folder ``path``, used from any thread of this process.

    ``memory`` bounds what one statement may take, in bytes (0: what the machine has); ``threads`` its parallelism.
    """

    def __init__(self, path: Path, *, threads: int | None = None, memory: int = 0) -> None:
        self.path = path
        self._options = (threads or os.cpu_count() or 1, memory)
        self._lock = threading.Lock()
        self._places = threading.Semaphore(_CONNECTIONS)
        self._closed = False
        self._child: _Child | None = None
        with self._lock:
            self._child = self._spawn()

    def query(
        self, sql: str, params: Mapping[str, Parameter] | None = None, *, timeout: float | None = None
    ) -> pa.Table:
        """The rows of a SELECT."""
        request = {"op": "query", "sql": sql, "params": bound(params), "timeout": timeout}
        try:
            _, body = self._ask(request, b"", timeout)
        except UnavailableError as error:
            if error.code != "engine.gone":
                raise
            _, body = self._ask(request, b"", timeout)
        if not body:
            return pa.table({})
        return pa.ipc.open_stream(pa.py_buffer(body)).read_all()

    def execute(self, sql: str, params: Mapping[str, Parameter] | None = None) -> None:
        """Run a statement without rows."""
        self._ask({"op": "execute", "sql": sql, "params": bound(params)}, b"", None)

    def insert(self, table: str, rows: pa.Table) -> int:
        """Append rows, all or none; returns how many."""
        if not rows.num_rows:
            return 0
        buffer = io.BytesIO()
        whole = rows.combine_chunks().to_batches(max_chunksize=rows.num_rows)
        with pa.ipc.new_stream(buffer, rows.schema) as writer:
            for batch in whole:
                writer.write_batch(batch)
        answer, _ = self._ask({"op": "insert", "table": table, "columns": rows.column_names}, buffer.getbuffer(), None)
        return int(answer["rows"])

    def close(self) -> None:
        """Close the store and let the child end. Harmless when asked twice."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._child.end()
                self._child = None

    def _ask(
        self, request: Mapping[str, Any], body: bytes | memoryview, timeout: float | None
    ) -> tuple[dict[str, Any], bytearray]:
        with self._places:
            child = self._living()
            connection = child.connection()
            connection.settimeout(timeout + _GRACE_SECONDS if timeout else None)
            try:
                wire_frames.send(connection, request, body)
                answer, data = wire_frames.receive(connection)
            except TimeoutError as error:
                connection.close()
                child.kill()
                raise UnavailableError("engine.timeout", reason=f"no answer after {timeout} s") from error
            except (EOFError, OSError) as error:
                connection.close()
                child.kill()
                raise UnavailableError("engine.gone", reason=str(error)) from error
            child.spare.put(connection)
        if "error" in answer:
            raise _error(answer)
        return answer, data

    def _living(self) -> "_Child":
        with self._lock:
            if self._closed:
                raise UnavailableError("engine.gone", reason="closed")
            deadline = time.monotonic() + _BUSY_SECONDS
            while True:
                if self._child is None or not self._child.alive():
                    self._child = self._spawn()
                try:
                    self._child.wait_ready()
                    return self._child
                except UnavailableError as error:
                    if error.code != "engine.busy" or time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)

    def _spawn(self) -> "_Child":
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            return _Child(self.path, *self._options)
        except OSError as error:
            raise UnavailableError("engine.failed", reason=str(error)) from error


class _Child:
    """The process that owns the store, with the control socket and its spare connections."""

    def __init__(self, path: Path, threads: int, memory: int) -> None:
        self.control, theirs = socket.socketpair()
        self.spare: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self.ready = False
        with theirs, (path / "engine.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "linghang.adapters.chdb_child", "--path", str(path),
                 "--control", str(theirs.fileno()), "--threads", str(threads), "--memory", str(memory)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(theirs.fileno(),),
            )  # fmt: skip

    def wait_ready(self) -> None:
        """Return when the store is open. Raises UnavailableError("engine.busy" | "engine.failed")."""
        if self.ready:
            return
        self.control.settimeout(_STARTUP_SECONDS)
        try:
            told, _ = wire_frames.receive(self.control)
        except (EOFError, OSError) as error:
            self.kill()
            raise UnavailableError("engine.failed", reason=f"did not start: {error}") from error
        if "error" in told:
            self.kill()
            raise _error(told)
        self.control.settimeout(None)
        self.ready = True

    def connection(self) -> socket.socket:
        """A connection that nobody uses now."""
        try:
            return self.spare.get_nowait()
        except queue.Empty:
            ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.control, [b"+"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise UnavailableError("engine.gone", reason=str(error)) from error
        return ours

    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    def end(self) -> None:
        """Let the child close the store; one that does not leave within ten seconds is killed."""
        self._hang_up()
        deadline = time.monotonic() + 10
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.kill()

    def kill(self) -> None:
        """End the process at once. Acknowledged rows are on disk."""
        self._hang_up()
        self.process.kill()
        self.process.wait()

    def _hang_up(self) -> None:
        self.control.close()
        while not self.spare.empty():
            self.spare.get().close()


def _error(told: Mapping[str, Any]) -> LinghangError:
    kind = UsageError if told["error"] == "engine.bad_statement" else UnavailableError
    return kind(str(told["error"]), reason=str(told.get("reason", "")), engine_code=int(told.get("engine_code") or 0))
