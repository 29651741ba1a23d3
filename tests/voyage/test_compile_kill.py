"""Kill -9 of the home while it compiles: the same command afterwards continues, and makes one document, whole."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from voyage.commands import Shell

pytestmark = pytest.mark.slow
SECTIONS = 17
"""Given and derived sections of a complete document."""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("compile"))
    shell("init", "--pack", "demo", "--customers", "2000")
    yield shell
    shell.run("home", "stop")


def sections(home: Path) -> list[int]:
    """How many sections each document has by now."""
    with sqlite3.connect(f"file:{home / 'app.db'}?mode=ro", uri=True) as db:
        return sorted(len(json.loads(row[0])) for row in db.execute("SELECT sections FROM campaign_version"))


def test_a_killed_compile_is_continued_by_the_same_command(shell: Shell) -> None:
    home = shell.folder / ".linghang"
    whole = shell("campaign", "new", sentence(0))
    assert len(whole["sections"]) == SECTIONS, "a section more or less: say so above"
    for place, enough in enumerate((3, 5, 8, 11, 14), start=1):
        words = ("campaign", "new", sentence(place))
        begun = shell.start(*words)
        deadline = time.monotonic() + 60
        while not any(enough <= count < SECTIONS for count in sections(home)):
            if begun.poll() is not None or time.monotonic() > deadline:
                break  # it was quicker than we looked: then nothing is killed, and all the same must hold
            time.sleep(0.005)
        os.kill(json.loads((home / "owner.json").read_text())["pid"], signal.SIGKILL)
        begun.communicate(timeout=60)
        made = shell(*words)
        assert len(made["sections"]) == SECTIONS
        assert set(made["sections"]) == set(whole["sections"])
        assert sections(home) == [SECTIONS] * (place + 1) or finished_twice(begun.returncode, home, place)
        steps = shell("campaign", "compile", made["id"])["steps"]
        assert {step["state"] for step in steps} == {"fresh"}


def finished_twice(returncode: int, home: Path, place: int) -> bool:
    """Whether the first command had ended well before the kill: then the second rightly made a document of its own."""
    return returncode == 0 and sections(home) == [SECTIONS] * (place + 2)


def sentence(place: int) -> str:
    return f"给近30天浏览过理财的客户做理财拉新,预算{5000 + place * 100}元,push加短信加首页banner,下周一开始两周"


def test_a_turn_stopped_in_the_middle_of_its_compile_is_gone_on_with_though_the_home_was_killed(shell: Shell) -> None:
    home = shell.folder / ".linghang"
    before = sections(home)
    begun = shell.start("say", sentence(7), "--conversation", "con_stop")
    deadline = time.monotonic() + 60
    while not any(3 < count < SECTIONS for count in sections(home)) and begun.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    begun.send_signal(signal.SIGINT)
    told = json.loads(begun.communicate(timeout=60)[0])
    assert (begun.returncode, told["state"]) == (1, "cancelled")
    assert told["campaign"].startswith("cmp_")
    assert len(sections(home)) == len(before) + 1
    os.kill(json.loads((home / "owner.json").read_text())["pid"], signal.SIGKILL)

    plan = shell("plan", told["plan_id"])
    assert plan["state"] == "cancelled"
    done = shell("say", "继续", "--conversation", "con_stop")
    assert (done["state"], done["campaign"]) == ("done", told["campaign"])
    assert sections(home) == sorted([*before, SECTIONS])
