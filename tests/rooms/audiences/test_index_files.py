"""An index is whole or not there: kills, full disks, broken files and two builders leave the last good version."""

import fcntl
import os
import signal
import subprocess
import sys
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
