"""Kill -9 in the middle of a scheduled look: no proposal is lost, none comes twice."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from linghang.agents import inbox
from linghang.testing.contexts import context

HOME = Path(__file__).with_name("scheduled_home.py")


def run(home: Path, minutes: int, die: str) -> int:
    return subprocess.run([sys.executable, str(HOME), str(home), str(minutes), die], timeout=60, check=False).returncode


@pytest.mark.parametrize("where", ["claimed", "scanning", "written"])
def test_a_look_that_is_killed_is_done_once(tmp_path: Path, where: str) -> None:
    assert run(tmp_path, 0, where) == -signal.SIGKILL
    ctx = context(tmp_path)
    written = {"claimed": 0, "scanning": 0, "written": 3}[where]
    assert len(inbox.listing(ctx)["items"]) == written
    assert run(tmp_path, 2, "-") == 0
    told = inbox.listing(ctx)
    assert [item["id"] for item in told["items"]] == ["a:2", "a:1", "a:0"]
    assert len(set((tmp_path / "runs.txt").read_text().splitlines())) == 1
    if where == "claimed":  # once is enough: after a look that ended nothing depends on where the one before it died
        assert run(tmp_path, 4, "-") == 0
    assert inbox.listing(ctx)["counts"] == {"open": 3, "dismissed": 0, "drafted": 0, "past": 0}
