"""The home process: one owner, calls over its socket, durable jobs that survive kill -9."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linghang.base.errors import ConflictError, RefusedError, UnavailableError, UnknownItemError
from linghang.doors.client import HomeClient
from linghang.doors.home import owner
from linghang.kit import files

LITTLE = Path(__file__).with_name("little_home.py")


def start(home: Path, *more: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, str(LITTLE), str(home), *more])
    client = HomeClient(home, start=False)
    for _ in range(400):
        if owner.read(home) and owner.read(home).pid == process.pid and client._health():  # type: ignore[union-attr]
            return process
        time.sleep(0.05)
    raise AssertionError("the little home did not start")


@contextlib.contextmanager
def standing(home: Path) -> Iterator[Path]:
    (home / "institution.json").write_text(json.dumps({"institution_id": "t"}))
    process = start(home)
    yield home
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all tests that leave it standing: each takes a CPU-second to start."""
    with standing(tmp_path_factory.mktemp("home")) as made:
        yield made


def test_calls_errors_and_unknown_skills(home: Path) -> None:
    client = HomeClient(home, start=False)
    assert client.call("little.echo", {"text": "领航"}, actor="operator") == "领航"
    with pytest.raises(RefusedError, match="patch.no_such_path") as refused:
        client.call("little.refuse", {}, actor="operator")
    assert refused.value.params == {"path": "x"}
    with pytest.raises(UnknownItemError, match="skill.unknown"):
        client.call("little.eco", {}, actor="operator")


def test_files_by_content(home: Path) -> None:
    name = files.put(home, b"a picture")
    client = HomeClient(home, start=False)
    assert client.file(name) == b"a picture"
    with pytest.raises(UnknownItemError):
        client.file("0" * 64)
    with pytest.raises(UnknownItemError):
        client.file("..%2f..%2fowner.json")


def test_a_second_owner_is_refused_with_the_first_ones_process(home: Path) -> None:
    with pytest.raises(ConflictError, match="home.owned") as refused:
        owner.take(home, time.time())
    assert refused.value.params["pid"] == owner.read(home).pid  # type: ignore[union-attr]


def test_progress_is_streamed(home: Path) -> None:
    seen: list[Any] = []
    client = HomeClient(home, start=False)
    assert client.call("little.count", {"to": 3}, actor="operator", on_progress=seen.append) == 3
    assert [line["done"] for line in seen if "step" in line] == [1, 2, 3]


def test_the_socket_is_private(home: Path) -> None:
    assert owner.socket_path(home).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("lines_before_kill", [1, 4, 9])
def test_kill_9_in_the_middle_of_a_job_loses_and_doubles_nothing(tmp_path: Path, lines_before_kill: int) -> None:
    with standing(tmp_path) as home:
        _killed_and_asked_again(home, lines_before_kill)


def _killed_and_asked_again(home: Path, lines_before_kill: int) -> None:
    client = HomeClient(home, start=False)
    outcome: list[Exception] = []

    def ask() -> None:
        try:
            client.call("little.count", {"to": 12, "pause": 0.05}, actor="operator")
        except UnavailableError as error:
            outcome.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    file = home / "lines.txt"
    while not file.exists() or len(file.read_text().splitlines()) < lines_before_kill:
        time.sleep(0.01)
    os.kill(owner.read(home).pid, signal.SIGKILL)  # type: ignore[union-attr]
    asking.join(timeout=10)
    assert [str(error) for error in outcome][0].startswith("home.died")
    process = start(home)
    try:
        # The same command again joins the job that the new home continues by itself.
        assert client.call("little.count", {"to": 12, "pause": 0.05}, actor="operator") == 12
        assert file.read_text().splitlines() == [str(number) for number in range(12)]
    finally:
        process.kill()
        process.wait()


def test_an_idle_home_leaves(tmp_path: Path) -> None:
    process = start(tmp_path, "0.6")
    assert process.wait(timeout=15) == 0
    assert owner.read(tmp_path) is None


def test_without_a_home_the_client_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="home.absent"):
        HomeClient(tmp_path).call("little.echo", {"text": ""}, actor="operator")


def test_a_home_that_was_stopped_can_be_taken_at_once(tmp_path: Path) -> None:
    with standing(tmp_path) as home:
        assert not owner.is_free(home)
        assert HomeClient(home, start=False).stop()
        owner.take(home, time.time()).close()
