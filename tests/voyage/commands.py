"""Runs the command line as a person would: a process of its own, in a folder of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TODAY = "2026-11-23"


@dataclass
class Shell:
    """A folder with a home in it, and a day on which everything happens."""

    folder: Path
    today: str = TODAY
    timeout: float = 300

    def __call__(self, *words: str, code: int = 0, actor: str = "") -> Any:
        """Run ``linghang`` with ``--json``, require its exit code, and return what it printed."""
        done = self.run(*words, actor=actor)
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        return json.loads(lines[-1]) if lines else {}

    def run(self, *words: str, actor: str = "", text: bool = False) -> subprocess.CompletedProcess[str]:
        """Run ``linghang`` and return the finished process."""
        return subprocess.run(self.command(*words, actor=actor, text=text), cwd=self.folder, env=self.environment(),
                              capture_output=True, text=True, timeout=self.timeout, check=False)  # fmt: skip

    def start(self, *words: str, actor: str = "") -> subprocess.Popen[str]:
        """Start ``linghang`` without waiting for it."""
        return subprocess.Popen(self.command(*words, actor=actor), cwd=self.folder, env=self.environment(), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    def command(self, *words: str, actor: str = "", text: bool = False) -> list[str]:
        """The words of the command."""
        told = [sys.executable, "-c", "from linghang.doors.cli import main; main()", *words, "--today", self.today]
        return told + ([] if text else ["--json"]) + (["--as", actor] if actor else [])

    def environment(self) -> dict[str, str]:
        """The environment: no home but the folder's own."""
        kept = {name: value for name, value in os.environ.items() if name != "LINGHANG_HOME"}
        return {**kept, "PYTHONIOENCODING": "utf-8"}
