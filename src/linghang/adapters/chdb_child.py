"""The one process that owns a chdb store: ``python -m linghang.adapters.chdb_child --path PATH --control FD``.

chdb holds a store for one process only, hangs after ``fork`` and installs signal handlers, so it lives alone here.
The parent passes one end of a socket pair for each of its connections over the control socket; when that closes,
however the parent ended, this process leaves.
"""

import argparse
import fcntl
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import chdb

from linghang.adapters import wire_frames
from linghang.adapters.clickhouse_text import meaning

_CODE = re.compile(r"Code: (\d+)\. ?")
_READ_SETTINGS = "output_format_arrow_string_as_string=1, output_format_arrow_low_cardinality_as_dictionary=0"
# One block a statement: a MergeTree block is written wholly or not at all.
_INSERT_SETTINGS = (
    "max_insert_block_size=4000000000, min_insert_block_size_rows=4000000000, "
    "min_insert_block_size_bytes=1000000000000, max_insert_threads=1"
)


def main() -> None:
    """Take the store's lock, open it, and serve connections until the parent is gone."""
    parser = argparse.ArgumentParser(prog="python -m linghang.adapters.chdb_child")
    parser.add_argument("--path", type=Path, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--memory", type=int, default=0)
    options = parser.parse_args()
    control = socket.socket(fileno=options.control)
    # Ctrl-C goes to the whole foreground group; the parent decides when the store closes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (options.path / "engine.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            wire_frames.send(control, {"error": "engine.busy", "reason": str(options.path)})
            sys.exit(1)
        try:
            first = _open(options)
        except RuntimeError as error:
            wire_frames.send(control, {"error": "engine.failed", "reason": str(error)[:2000]})
            sys.exit(1)
        wire_frames.send(control, {"ready": True, "version": chdb.engine_version, "pid": os.getpid()})
        _accept(control, options)
        first.close()
    # Threads may still wait inside the engine; every acknowledged block is already on disk.
    os._exit(0)


def _open(options: argparse.Namespace) -> Any:
    connection = chdb.connect(str(options.path / "store"))
    settings = [f"max_threads={options.threads}", "join_use_nulls=0"]
    if options.memory:
        settings.append(f"max_memory_usage={options.memory}")
        settings.append(f"max_bytes_before_external_group_by={options.memory // 3}")
        settings.append(f"max_bytes_before_external_sort={options.memory // 3}")
    connection.query(f"SET {', '.join(settings)}")
    return connection


def _accept(control: socket.socket, options: argparse.Namespace) -> None:
    while True:
        message, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for handle in handles:
            connection = socket.socket(fileno=handle)
            threading.Thread(target=_serve, args=(connection, options), daemon=True).start()


def _serve(connection: socket.socket, options: argparse.Namespace) -> None:
    store = _open(options)
    limit = 0.0
    with connection:
        while True:
            try:
                request, body = wire_frames.receive(connection)
            except (EOFError, OSError):
                break
            wanted = float(request.get("timeout") or 0)
            try:
                if wanted != limit:
                    store.query(f"SET max_execution_time={wanted}")
                    limit = wanted
                header, answer = _answer(store, request, body)
            except RuntimeError as error:
                header, answer = _failure(str(error), str(request["op"])), b""
            try:
                wire_frames.send(connection, header, answer)
            except OSError:
                break
    store.close()


def _answer(store: Any, request: Mapping[str, Any], body: bytearray) -> tuple[dict[str, Any], bytes | memoryview]:
    if request["op"] == "insert":
        columns = ", ".join(f"`{name}`" for name in request["columns"])
        statement = f"INSERT INTO {request['table']} ({columns}) SETTINGS {_INSERT_SETTINGS}"
        with store.send_insert(statement, "ArrowStream") as inserter:
            inserter.append(bytes(body))
            written = inserter.finish().rows_written
        return {"rows": written}, b""
    if request["op"] == "query":
        store.query(f"SET {_READ_SETTINGS}")
        result = store.query(request["sql"], "ArrowStream", params=request["params"])
        return {}, result.bytes()
    store.query(request["sql"], "Null", params=request["params"])
    return {}, b""


def _failure(text: str, operation: str) -> dict[str, Any]:
    found = _CODE.search(text)
    code = int(found.group(1)) if found else 0
    name = meaning(code, inserting=operation == "insert")
    return {"error": name, "reason": text[:2000], "engine_code": code}


if __name__ == "__main__":
    main()
