"""Real ClickHouse nodes on loopback, for tests and trials: one process a shard, from the shared library of chdb.

``python -m linghang.testing.clickhouse_nodes FOLDER [SHARDS]`` starts a cluster called ``loopback`` and prints its
addresses. The library (``libchdb.so``) is found by ``LINGHANG_CLICKHOUSE_LIBRARY`` or where
``scripts/install-test-tools`` puts it.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CLUSTER = "loopback"
_LISTEN = (
    "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT sleepEachRow(1) FROM numbers(1000000) "
    "SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0 FORMAT Null"
)
_SECONDS = 30.0


def library() -> Path | None:
    """The shared library with a whole ClickHouse in it, if it is installed."""
    told = os.environ.get("LINGHANG_CLICKHOUSE_LIBRARY", "")
    found = Path(told) if told else Path.home() / ".cache" / "linghang" / "clickhouse" / "libchdb.so"
    return found if found.is_file() else None


@dataclass
class Node:
    """One shard: its ports, its folder, its process."""

    folder: Path
    tcp: int
    http: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.http}"

    def start(self, shared: Path, config: Path) -> None:
        """Start the process; it lives until ``stop`` or until this process ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "linghang.testing.clickhouse_nodes", "--node", str(shared), str(os.getpid()),
                 f"--config-file={config}", f"--path={self.folder / 'store'}", "--listen_host=127.0.0.1",
                 f"--tcp_port={self.tcp}", f"--http_port={self.http}", "--query", _LISTEN],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers. Raises TimeoutError with the end of its log."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.address}/ping", timeout=1).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text("utf-8", "replace")[-2000:])

    def stop(self) -> None:
        """Kill it at once, as a machine that is lost."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def cluster(folder: Path, shared: Path, shards: int = 2) -> Generator[list[Node]]:
    """Nodes that know each other, one shard each; they are stopped at the end."""
    ports = _free_ports(2 * shards)
    nodes = [Node(folder / f"node{place}", ports[2 * place], ports[2 * place + 1]) for place in range(shards)]
    config = folder / "config.xml"
    folder.mkdir(parents=True, exist_ok=True)
    config.write_text(_config(nodes), encoding="utf-8")
    try:
        for node in nodes:
            node.start(shared, config)
        for node in nodes:
            node.wait()
        yield nodes
    finally:
        for node in nodes:
            node.stop()


def restart(node: Node, shared: Path) -> None:
    """Start a node that was stopped, with the data that it had."""
    node.start(shared, node.folder.parent / "config.xml")
    node.wait()


def _config(nodes: Sequence[Node]) -> str:
    shards = "".join(
        f"<shard><replica><host>127.0.0.1</host><port>{node.tcp}</port></replica></shard>" for node in nodes
    )
    return (
        "<clickhouse><logger><level>error</level><console>1</console></logger>"
        f"<remote_servers><{CLUSTER}>{shards}</{CLUSTER}></remote_servers></clickhouse>\n"
    )


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def _be_a_node(shared: str, parent: int, arguments: Sequence[str]) -> None:
    """Run the library's own command line in this process, which ends with its parent."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        return
    loaded = ctypes.CDLL(shared)
    told = [b"clickhouse", *(argument.encode() for argument in arguments)]
    run = loaded.chdb_query_cmdline
    run.restype = ctypes.c_void_p
    run.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
    run(len(told), (ctypes.c_char_p * len(told))(*told))


def main() -> None:
    """Start nodes and keep them until this process is ended."""
    if sys.argv[1] == "--node":
        _be_a_node(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
        return
    shared = library()
    if shared is None:
        sys.exit("no libchdb.so: run scripts/install-test-tools or set LINGHANG_CLICKHOUSE_LIBRARY")
    with cluster(Path(sys.argv[1]), shared, int(sys.argv[2]) if len(sys.argv) > 2 else 2) as nodes:
        addresses = ",".join(node.address for node in nodes)
        print(f"LINGHANG_CLICKHOUSE={addresses} LINGHANG_CLICKHOUSE_CLUSTER={CLUSTER}", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
