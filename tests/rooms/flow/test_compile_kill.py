"""Kill -9 at each step boundary of a compile: what was finished is not made again, and the document is the same."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.event import listen

from linghang.campaigns import store
from linghang.flow.graph import Look, Made, Node
from linghang.kit.context import Context
from linghang.testing.contexts import context

from . import test_compiler as small

COMMITS = 7
"""Each of three sections is remembered and put into the document: six commits, and the one that begins."""


def noting(home: Path) -> tuple[Node, ...]:
    """The small graph, whose nodes also write down in the home that they made something."""

    def noted(node: Node) -> Node:
        def make(ctx: Context, look: Look) -> Made:
            with (home / "made.txt").open("a") as file:
                file.write(node.section + "\n")
                file.flush()
                os.fsync(file.fileno())
            return node.make(ctx, look)

        return Node(node.section, node.inputs, make, node.version)

    return tuple(noted(node) for node in small.NODES)


def compile_until(home: Path, commits: int) -> dict[str, str]:
    """Compile the campaign of a home, and die at a commit (0: live). Returns the sections' digests."""
    ctx = context(home)
    left = commits

    def step(_connection: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    listen(ctx.db, "commit", step)
    campaign = store.load(ctx.db, "test", "cmp_1")
    done = small.compile_campaign(ctx, campaign, noting(home), small.packs.load("demo"), {"@pack": "p1"})
    return {name: section.digest for name, section in done.campaign.sections.items()}


@pytest.mark.parametrize("commits", range(1, COMMITS + 1))
def test_a_killed_compile_continues(tmp_path: Path, commits: int) -> None:
    for name in ("killed", "whole"):
        (tmp_path / name).mkdir()
        small.fresh(context(tmp_path / name))
    path = os.pathsep.join((str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")))
    code = f"from pathlib import Path; from flow.test_compile_kill import compile_until; compile_until(Path({str(tmp_path / 'killed')!r}), {commits})"
    killed = subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": path})
    assert killed.returncode in (-signal.SIGKILL, 0)
    assert killed.returncode == -signal.SIGKILL or commits == COMMITS
    assert compile_until(tmp_path / "killed", 0) == compile_until(tmp_path / "whole", 0)
    made = Counter((tmp_path / "killed" / "made.txt").read_text().split())
    assert set(made) == {"copy", "layers", "combinations"}
    # Two sections are made side by side: those in flight at the kill are made again, no other.
    assert sum(made.values()) <= 3 + 2
