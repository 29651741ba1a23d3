"""Real servers of PostgreSQL and MariaDB on loopback, from Debian's packages, for a test; none is left behind."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORD = "hush-hush-4711"
"""The password of the user ``reader``; no file of a home may hold it."""


@dataclass(frozen=True)
class Server:
    """A server with a database ``bank`` and a user ``reader``; ``run`` is its client for statements of the owner."""

    kind: str
    port: int
    client: tuple[str, ...]

    def run(self, sql: str) -> None:
        """Run statements as the owner."""
        subprocess.run([*self.client], input=sql, text=True, check=True, capture_output=True, timeout=60)


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def binary(name: str, *folders: str) -> str | None:
    """Where Debian puts a program."""
    return shutil.which(name, path=os.pathsep.join([*folders, "/usr/sbin", "/usr/bin"]))


def _account(name: str) -> str | None:
    """Servers refuse to run as root: then they run as their own account."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return None
    return name if os.getuid() == 0 else None


@contextmanager
def postgres(folder: Path) -> Generator[Server | None]:
    """A PostgreSQL; None where it is not installed."""
    homes = sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin"))
    init, serve, psql = (binary(name, *homes) for name in ("initdb", "postgres", "psql"))
    if not (init and serve and psql):
        yield None
        return
    account = _account("postgres")
    # Sockets have short paths, and the account must reach its folder.
    home = Path(f"/tmp/lh-pg-{os.getpid()}")
    home.mkdir(mode=0o755)
    if account:
        shutil.chown(home, account)
    (home / "word").write_text(WORD)
    port = _free()
    try:
        subprocess.run(
            [init, "-D", home / "data", "-A", "scram-sha-256", "-U", "owner", f"--pwfile={home / 'word'}", "--no-sync"],
            check=True, capture_output=True, user=account, timeout=120, cwd=home,
        )  # fmt: skip
        with (home / "log").open("wb") as log, subprocess.Popen(
            [serve, "-D", home / "data", "-p", str(port), "-k", str(home), "-c", "fsync=off"],
            stdout=log, stderr=log, user=account, cwd=home,
        ) as process:  # fmt: skip
            try:
                _wait(port, process)
                client = (psql, "-v", "ON_ERROR_STOP=1", "-q", f"postgresql://owner:{WORD}@127.0.0.1:{port}")
                server = Server("postgresql", port, (*client[:-1], f"{client[-1]}/bank"))
                Server("postgresql", port, (*client[:-1], f"{client[-1]}/postgres")).run(
                    f"CREATE DATABASE bank; CREATE USER reader PASSWORD '{WORD}';"
                )
                yield server
            finally:
                process.terminate()
                process.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def mariadb(folder: Path) -> Generator[Server | None]:
    """A MariaDB; None where it is not installed."""
    init, serve, client = (binary(name) for name in ("mariadb-install-db", "mariadbd", "mariadb"))
    if not (init and serve and client):
        yield None
        return
    home = Path(f"/tmp/lh-my-{os.getpid()}")
    home.mkdir(mode=0o755)
    port = _free()
    user = ["--user=root"] if os.getuid() == 0 else []
    try:
        subprocess.run(
            [init, "--no-defaults", f"--datadir={home / 'data'}", "--auth-root-authentication-method=normal", *user],
            check=True, capture_output=True, timeout=120, cwd=home,
        )  # fmt: skip
        with (home / "log").open("wb") as log, subprocess.Popen(
            [serve, "--no-defaults", f"--datadir={home / 'data'}", f"--socket={home / 's'}", f"--port={port}",
             "--bind-address=127.0.0.1", f"--pid-file={home / 'pid'}", *user],
            stdout=log, stderr=log, cwd=home,
        ) as process:  # fmt: skip
            try:
                _wait(port, process)
                command = (
                    client,
                    "--no-defaults",
                    f"--socket={home / 's'}",
                    "-u",
                    "root",
                    "--default-character-set=utf8mb4",
                )
                Server("mysql", port, command).run(
                    f"CREATE DATABASE bank CHARACTER SET utf8mb4; CREATE USER reader@'%' IDENTIFIED BY '{WORD}'; "
                    f"CREATE USER reader@localhost IDENTIFIED BY '{WORD}'; GRANT SELECT ON bank.* TO reader@localhost; "
                    "GRANT SELECT ON bank.* TO reader@'%';"
                )
                yield Server("mysql", port, (*command, "bank"))
            finally:
                process.terminate()
                process.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(0.5)
            return
    raise RuntimeError("the server does not answer")
