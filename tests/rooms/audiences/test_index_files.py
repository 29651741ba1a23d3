"""An index is whole or not there: kills, full disks, broken files and two builders leave the last good version."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from linghang.audiences.index import files
from linghang.base.errors import ConflictError, UnavailableError


def _build(root: Path, value: int) -> Path:
    with files.building(root, 100) as draft:
        draft.store("field", {"raw": np.full(128, value, "<u2"), "bits": np.full(2, value, "<u8")})
        draft.seal({"value": value})
    found = files.current(root)
    assert found is not None
    return found


def _store(folder: Path) -> files.Store:
    told = files.read_manifest(folder)
    return files.Store(
        folder, {key: files.Place(**place) for key, place in told["arrays"].items()}, -(-int(told["size"]) // 64)
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    store = _store(_build(tmp_path, 7))
    assert store.array("field/raw").tolist() == [7] * 128
    assert "field/bits" in store
    assert "field/other" not in store
    store.verify()


def test_the_last_two_versions_stay(tmp_path: Path) -> None:
    folders = [_build(tmp_path, value) for value in range(4)]
    assert [folder.exists() for folder in folders] == [False, False, True, True]
    assert files.read_manifest(folders[3])["value"] == 3


def test_an_open_version_outlives_its_files(tmp_path: Path) -> None:
    store = _store(_build(tmp_path, 1))
    array = store.array("field/raw")
    for value in range(3):
        _build(tmp_path, value)
    assert array.tolist() == [1] * 128


@pytest.mark.parametrize("name", ["00000.bin", "manifest.json"])
@pytest.mark.parametrize("how", ["flip", "cut", "remove"])
def test_a_broken_file_is_told(tmp_path: Path, name: str, how: str) -> None:
    path = _build(tmp_path, 7) / name
    data = bytearray(path.read_bytes())
    if how == "flip":
        data[len(data) // 3 if name.endswith("json") else 10] ^= 1
        path.write_bytes(data)
    elif how == "cut":
        path.write_bytes(data[:20])
    else:
        path.unlink()
    with pytest.raises(UnavailableError) as caught:
        _store(path.parent).array("field/raw")
    assert caught.value.code == "audiences.index_broken"


def test_a_failed_build_leaves_the_last_version(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)
    with pytest.raises(UnavailableError), files.building(tmp_path, 100) as draft:
        draft.store("field", {"raw": np.zeros(128, "<u2")})  # and never sealed
    assert files.current(tmp_path) == first
    assert list(tmp_path.glob("draft-*")) == []


def test_a_killed_build_leaves_the_last_version(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)
    script = (
        "import os, signal, sys, numpy as np; from pathlib import Path; from linghang.audiences.index import files\n"
        "with files.building(Path(sys.argv[1]), 100) as draft:\n"
        "    draft.store('field', {'raw': np.zeros(128, '<u2')})\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert files.current(tmp_path) == first
    assert files.read_manifest(_build(tmp_path, 2))["value"] == 2
    assert list(tmp_path.glob("draft-*")) == []


def test_builds_killed_at_any_moment_leave_a_whole_version(tmp_path: Path) -> None:
    script = (
        "import sys, numpy as np; from pathlib import Path; from linghang.audiences.index import files\n"
        "for value in range(1, 100_000):\n"
        "    with files.building(Path(sys.argv[1]), 100_000) as draft:\n"
        "        for place in range(8):\n"
        "            draft.store(f'f{place}', {'raw': np.full(100_032, value, '<u4'), 'bits': np.full(1563, value, '<u8')})\n"
        "        draft.seal({'value': value})\n"
        "    print(value, flush=True)"
    )
    finished = 0
    for pause in (0.0, 0.007, 0.03):
        command = [sys.executable, "-c", script, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as builder:
            assert builder.stdout is not None
            said = int(builder.stdout.readline())  # the first version is there; the next is under way
            time.sleep(pause)
            builder.kill()
            rest = builder.stdout.read().split()
            said = int(rest[-1]) if rest else said
        folder = files.current(tmp_path)
        assert folder is not None
        value = files.read_manifest(folder)["value"]
        assert value in (said, said + 1), "the one that was told of last, or the one that was being put in place"
        store = _store(folder)
        store.verify()
        assert {int(store.array(f"f{place}/raw")[7]) for place in range(8)} == {value}
        finished += said
    assert finished >= 3


def test_two_processes_do_not_build_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, numpy as np; from pathlib import Path; from linghang.audiences.index import files\n"
        "with files.building(Path(sys.argv[1]), 100) as draft:\n"
        "    draft.store('field', {'raw': np.full(128, 5, '<u2')}); draft.seal({'value': 5})\n"
        "    print('inside', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"inside\n"
        with pytest.raises(ConflictError) as caught:
            _build(tmp_path, 1)
        other.communicate()
    assert caught.value.code == "audiences.index_being_built"
    assert other.returncode == 0
    folder = files.current(tmp_path)
    assert folder is not None
    assert files.read_manifest(folder)["value"] == 5


def test_a_disk_that_fills_while_building_is_told(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)
    script = (
        "import resource, sys, numpy as np; from pathlib import Path; from linghang.audiences.index import files\n"
        "from linghang.base.errors import UnavailableError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "try:\n"
        "    with files.building(Path(sys.argv[1]), 100) as draft:\n"
        "        draft.store('small', {'raw': np.zeros(128, '<u2')})\n"
        "        draft.store('large', {'raw': np.zeros(1 << 20, '<u4')})\n"
        "        draft.seal({})\n"
        "except UnavailableError as error:\n"
        "    sys.exit(error.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=False, timeout=60, capture_output=True, text=True
    )
    assert done.stderr.strip() == "audiences.index_not_written"
    assert files.current(tmp_path) == first
    assert list(tmp_path.glob("draft-*")) == []


def test_two_builders_do_not_meet(tmp_path: Path) -> None:
    with (tmp_path / "build.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ConflictError) as caught, files.building(tmp_path, 100):
            pytest.fail("a second builder came in")
    assert caught.value.code == "audiences.index_being_built"


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)
    free = os.statvfs(tmp_path)
    with pytest.raises(UnavailableError) as caught, files.building(tmp_path, 100) as draft:
        draft.reserve("field", [("raw", "u1", free.f_bavail * free.f_frsize * 4)])
    assert caught.value.code == "audiences.index_not_written"
    assert files.current(tmp_path) == first
    assert list(tmp_path.glob("draft-*")) == []
