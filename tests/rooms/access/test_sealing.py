"""Files that are sealed: read as they were, in any place, in little memory; altered ones refused; keys changed."""

import io
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from linghang.access import rotation, sealing, vault
from linghang.access.keyring import Keyring
from linghang.access.sealing import MAGIC, PIECE, Sealer
from linghang.access.store import person_keys
from linghang.access.vault import Vault
from linghang.base.errors import RefusedError, UnavailableError
from linghang.kit import runner
from linghang.kit.database import metadata, open_database

NAME = "王小明,13812345678,上海市浦东新区张江路1号".encode()


def _sealed(home: Path, data: bytes, name: str = "a.csv") -> Path:
    (home / "uploads").mkdir(exist_ok=True)
    sealing.write_whole(home, home / "uploads" / name, data)
    return home / "uploads" / name


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_what_was_sealed_is_read_as_it_was(tmp_path: Path, size: int) -> None:
    data = (NAME * (size // len(NAME) + 1))[:size]
    path = _sealed(tmp_path, data)
    assert sealing.read_bytes(path) == data
    assert sealing.size_of(path) == size
    assert path.read_bytes().startswith(MAGIC)
    assert b"13812345678" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@settings(max_examples=25, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 3 * PIECE + 50), st.integers(0, 2 * PIECE)), max_size=6))
def test_any_place_reads_as_in_the_plain_file(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]]
) -> None:
    data = bytes(range(251)) * 800
    home = tmp_path_factory.mktemp("home")
    plain = io.BytesIO(data)
    with sealing.open_file(_sealed(home, data)) as file:
        for place, count in places:
            assert file.seek(place) == plain.seek(place)
            assert file.read(count) == plain.read(count)
            assert file.tell() == plain.tell()
        assert file.seek(0, io.SEEK_END) == len(data)


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    "alter",
    [
        lambda d: _flip(d, 30),  # the file's key
        lambda d: _flip(d, 200),
        lambda d: _flip(d, len(d) - 1),
        lambda d: d[:-1],
        lambda d: d[: -(PIECE // 2)],
        lambda d: d[: 84 + PIECE + 16],  # whole pieces, but not the last
        lambda d: d[:84],
        lambda d: d + b"x" * 40,
        lambda d: d[:84] + d[84 + PIECE + 16 : 84 + 2 * (PIECE + 16)] + d[84 : 84 + PIECE + 16] + d[84 + 2 * PIECE + 32 :],
    ],
)  # fmt: skip
def test_an_altered_cut_or_moved_piece_is_refused(tmp_path: Path, alter: Callable[[bytes], bytes]) -> None:
    path = _sealed(tmp_path, os.urandom(2 * PIECE + 999))
    path.write_bytes(alter(path.read_bytes()))
    with pytest.raises(RefusedError, match=r"altered"):
        sealing.read_bytes(path)


def test_a_plain_file_is_read_as_it_is_and_a_sealed_one_only_in_its_home(tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_bytes(NAME)
    assert sealing.read_bytes(plain) == NAME
    home = tmp_path / "home"
    home.mkdir()
    away = tmp_path / "away.csv"
    _sealed(home, NAME).rename(away)
    with pytest.raises(UnavailableError, match=r"without_home"):
        sealing.read_bytes(away)


def test_hundreds_of_megabytes_are_sealed_and_read_in_little_memory(tmp_path: Path) -> None:
    code = f"""
        import resource, sys
        from pathlib import Path
        from linghang.access import sealing
        home = Path({str(tmp_path)!r})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        part = b"C0000001,13812345678,x\\n" * 43_000
        with sealing.writing(home, home / "big.csv") as file:
            for _ in range(200):
                file.write(part)
        read = 0
        with sealing.open_file(home / "big.csv") as file:
            while data := file.read(1 << 20):
                read += len(data)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(read == 200 * len(part), read, grown)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True, timeout=60
    )
    whole, size, grown = done.stdout.split()
    assert whole == "True"
    assert int(size) > 190_000_000
    assert float(grown) < 30


def test_a_sealer_keeps_lengths_and_binds_to_what_it_is_told(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path, "outbox")
    one, two = sealer.seal(NAME, b"key1"), sealer.seal(b"x" * len(NAME), b"key2")
    assert len(one) == len(two)
    assert Sealer(tmp_path, "outbox").open(one, b"key1") == NAME
    for wrong in ((one, b"key2"), (one[:-1], b"key1"), (b"", b"key1")):
        with pytest.raises(RefusedError, match=r"vault_altered"):
            sealer.open(*wrong)
    with pytest.raises(RefusedError):
        Sealer(tmp_path, "jobs").open(one, b"key1")


# --- the keys -------------------------------------------------------------------


def test_the_key_of_a_home_of_before_becomes_the_first_of_the_ring(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    old = os.urandom(32)
    (keys / "vault_aes256.key").write_bytes(old)
    (keys / "vault_aes256.key").chmod(0o600)
    assert Keyring(tmp_path).current()[1] == old
    assert not (keys / "vault_aes256.key").exists()
    assert [path.stat().st_mode & 0o077 for path in sorted((keys / "data").iterdir())] == [0, 0]


def test_a_key_kept_elsewhere_is_named_and_never_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _sealed(tmp_path, NAME)
    monkeypatch.setenv("MY_DATA_KEY", "k" * 40)
    (tmp_path / "keys" / "data.json").write_text(json.dumps({"key": "env:MY_DATA_KEY"}))
    assert sealing.read_bytes(path) == NAME  # what the home's own key sealed stays readable
    db = _database(tmp_path)
    assert rotation.rotate(tmp_path, db).files == 1
    assert not list((tmp_path / "keys" / "data").glob("*.key"))
    assert sealing.read_bytes(path) == NAME
    held = b"".join(file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file())
    assert b"k" * 40 not in held
    monkeypatch.delenv("MY_DATA_KEY")
    with pytest.raises(UnavailableError, match=r"no_secret"):
        sealing.read_bytes(path)
    monkeypatch.setenv("MY_DATA_KEY", "short")
    with pytest.raises(RefusedError, match=r"data_key_short"):
        sealing.read_bytes(path)


def test_a_key_that_others_can_read_or_that_is_gone_is_not_used(tmp_path: Path) -> None:
    path = _sealed(tmp_path, NAME)
    key = next((tmp_path / "keys" / "data").glob("*.key"))
    key.chmod(0o644)
    with pytest.raises(RefusedError, match=r"key_exposed"):
        sealing.read_bytes(path)
    key.unlink()
    with pytest.raises(UnavailableError, match=r"data_key_unreadable"):
        sealing.read_bytes(path)


def _database(home: Path) -> sa.Engine:
    db = open_database(home / "app.db")
    metadata.create_all(db, tables=[person_keys])
    return db


def test_a_changed_key_reseals_files_purposes_and_persons_and_the_old_one_is_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_AT_ONCE", 5)
    db = _database(tmp_path)
    person = Vault(tmp_path, db, "i")
    told = {number: person.seal(number, f"1381234{number:04d}", about="address") for number in range(12)}
    path, line = _sealed(tmp_path, NAME), Sealer(tmp_path, "outbox").seal(NAME)
    os.utime(path, (1_000_000, 1_000_000))
    before = Keyring(tmp_path).current()
    done = rotation.rotate(tmp_path, db)
    assert (done.files, done.persons, done.retired) == (1, 12, 1)
    assert Keyring(tmp_path).current()[0] == done.key != before[0]
    assert [path.stem for path in (tmp_path / "keys" / "data").glob("*.key")] == [done.key]
    assert sealing.read_bytes(path) == NAME
    assert path.stat().st_mtime == 1_000_000
    assert Sealer(tmp_path, "outbox").open(line) == NAME
    assert [person.open(n, text, about="address") for n, text in told.items()] == [f"1381234{n:04d}" for n in range(12)]
    assert vault.rewrap(tmp_path, db) == 0


def test_while_a_file_is_being_brought_its_key_is_not_destroyed(tmp_path: Path) -> None:
    db = _database(tmp_path)
    _sealed(tmp_path, NAME)
    with sealing.writing(tmp_path, tmp_path / "uploads" / "late.csv") as file:
        file.write(NAME)
        assert rotation.rotate(tmp_path, db).retired == 0
        file.write(NAME)
    assert sealing.read_bytes(tmp_path / "uploads" / "late.csv") == NAME * 2
    assert rotation.settle(tmp_path, db, lambda: None).retired == 1
    assert sealing.read_bytes(tmp_path / "uploads" / "late.csv") == NAME * 2


# --- a home of before ------------------------------------------------------------


@pytest.mark.parametrize("act", ["settle", "rotate"])
@pytest.mark.parametrize("call", ["fsync", "utime", "replace"])
def test_killed_at_any_step_a_home_goes_on_and_loses_nothing(tmp_path: Path, act: str, call: str) -> None:
    plain = {f"{n}.csv": NAME * (n + 1) * 700 for n in range(3)}
    (tmp_path / "uploads").mkdir()
    for name, data in plain.items():
        (tmp_path / "uploads" / name).write_bytes(data)
    kills = 0
    for left in range(20):
        child = os.fork()
        if not child:
            _until(tmp_path, act, call, left)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, -9)
        held = {path.name: sealing.read_bytes(path) for path in (tmp_path / "uploads").glob("[!.]*")}
        assert held == plain
        if code == 0:
            break
        kills += 1
    assert kills >= 2
    rotation.settle(tmp_path, _database(tmp_path), lambda: None)
    assert {path.name: sealing.read_bytes(path) for path in (tmp_path / "uploads").iterdir()} == plain
    assert all(sealing.is_sealed(path) for path in (tmp_path / "uploads").iterdir())
    assert len(list((tmp_path / "keys" / "data").glob("*.key"))) == 1


def _until(home: Path, act: str, call: str, left: int) -> NoReturn:
    """In a process of its own: settle or rotate, and die at the call after so many."""
    owner: Any = Path if call == "replace" else os
    real = getattr(owner, call)

    def counted(*told: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return real(*told, **more)

    setattr(owner, call, counted)
    try:
        db = _database(home)
        rotation.settle(home, db, lambda: None) if act == "settle" else rotation.rotate(home, db)
        os._exit(0)
    except BaseException:
        os._exit(1)


def test_jobs_that_ended_before_are_forgotten_and_those_under_way_are_not(tmp_path: Path) -> None:
    path = tmp_path / "jobs.db"
    runner.forget_ended(path)
    assert not path.exists()
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE workflow_status (workflow_uuid TEXT, status TEXT)")
        made.execute("CREATE TABLE workflow_output (workflow_uuid TEXT, output TEXT)")
        for job, status in (("a", "SUCCESS"), ("b", "PENDING"), ("c", "ERROR"), ("d", "ENQUEUED")):
            made.execute("INSERT INTO workflow_status VALUES (?, ?)", (job, status))
            made.execute("INSERT INTO workflow_output VALUES (?, ?)", (job, f"{job} {NAME.decode()}"))
    runner.forget_ended(path)
    with closing(sqlite3.connect(path)) as left:
        assert left.execute("SELECT workflow_uuid FROM workflow_status ORDER BY 1").fetchall() == [("b",), ("d",)]
        assert left.execute("SELECT workflow_uuid FROM workflow_output ORDER BY 1").fetchall() == [("b",), ("d",)]
    assert path.read_bytes().count(b"13812345678") == 2


def test_a_home_is_taken_over_once_and_exports_of_before_are_gone(tmp_path: Path) -> None:
    db, asked = _database(tmp_path), []
    for name, data in (("aa/1", b"PAR1 members"), ("aa/2", b"customer_id\nC1\n"), ("bb/3", b"<!doctype html>")):
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).write_bytes(data)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "draft.csv").write_bytes(b"customer_id\nC1\n")
    for _ in range(2):
        rotation.settle(tmp_path, db, lambda: asked.append(1))
    assert asked == [1]
    assert [path.name for path in rotation.files_of(tmp_path / "files")] == ["3"]
    assert not list((tmp_path / "exports").iterdir())
