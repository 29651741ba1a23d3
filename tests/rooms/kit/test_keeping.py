"""Bounded folders: what goes is old or longest unused, what is in use stays."""

import os
import time
from pathlib import Path

from linghang.kit import keeping


def _file(folder: Path, name: str, size: int, days: float) -> Path:
    path = folder / name
    path.write_bytes(b"x" * size)
    at = time.time() - days * keeping.DAY
    os.utime(path, (at, at))
    return path


def test_what_is_old_goes_and_what_is_young_stays(tmp_path: Path) -> None:
    old, young = _file(tmp_path, "old", 10, 40), _file(tmp_path, "young", 10, 3)
    assert keeping.trim(tmp_path, most_bytes=1000, days=30) == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_over_the_size_the_longest_unused_goes_first(tmp_path: Path) -> None:
    files = [_file(tmp_path, f"f{days}", 100, days) for days in (1, 2, 3, 4)]
    keeping.touch(files[3])  # the oldest was used just now
    assert keeping.trim(tmp_path, most_bytes=250, days=30) == 2
    assert [path.exists() for path in files] == [True, False, False, True]


def test_a_file_of_this_minute_is_never_taken_and_no_folder_is_no_matter(tmp_path: Path) -> None:
    fresh = _file(tmp_path, "fresh", 100, 0)
    assert keeping.trim(tmp_path, most_bytes=0, days=0) == 0
    assert fresh.exists()
    assert keeping.trim(tmp_path / "nowhere", most_bytes=0, days=0) == 0
    keeping.touch(tmp_path / "nowhere")
