"""Kill -9 in the middle of a plan: what was done is not done again, the rest is, and the turn is kept once."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from linghang.agents import store
from linghang.testing.contexts import context

HOME = Path(__file__).with_name("planned_home.py")


def run(home: Path, die: str) -> int:
    return subprocess.run([sys.executable, str(HOME), str(home), die], timeout=120, check=False).returncode


@pytest.mark.parametrize(
    ("where", "did"), [("first", ["first", "first", "second"]), ("second", ["first", "second", "second"])]
)
def test_a_plan_that_is_killed_goes_on(tmp_path: Path, where: str, did: list[str]) -> None:
    assert run(tmp_path, where) == -signal.SIGKILL
    assert run(tmp_path, "-") == 0
    # Only the step that was under way runs again; the one that had ended is recalled.
    assert (tmp_path / "done.txt").read_text().split() == did
    outcome = json.loads((tmp_path / "outcome.json").read_text())["result"]
    assert outcome == {"state": "done", "result": {"litres": 14}, "turn": 1}
    ctx = context(tmp_path)
    (conversation,) = store.conversations_of(ctx.db, "test", "operator")
    assert len(store.turns_of(ctx.db, "test", str(conversation["id"]))) == 1


def test_a_plan_that_is_killed_right_after_it_was_stopped_is_told_as_stopped(tmp_path: Path) -> None:
    assert run(tmp_path, "stop") == -signal.SIGKILL
    assert run(tmp_path, "-") == 0
    assert (tmp_path / "done.txt").read_text().split() == ["first", "second"], "nothing runs after the wish"
    outcome = json.loads((tmp_path / "outcome.json").read_text())["result"]
    assert outcome == {"state": "cancelled", "result": None, "turn": 1}
    ctx = context(tmp_path)
    (conversation,) = store.conversations_of(ctx.db, "test", "operator")
    (turn,) = store.turns_of(ctx.db, "test", str(conversation["id"]))
    assert (turn["state"], turn["reply"]["state"]) == ("ended", "cancelled")
    assert store.stopped_plan(ctx.db, "test", str(conversation["id"])) == turn["reply"]["plan_id"]
