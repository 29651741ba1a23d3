"""Commands that a home may start as servers of tools. Written only by whoever may write into the home's folder."""

import json
from pathlib import Path


def allow(home: Path, command: str) -> None:
    """Let a home start this very command. For doors on the home's own machine only."""
    path = home / "foreign" / ".commands"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = dict.fromkeys([*allowed(home), command])
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), "utf-8")
    path.chmod(0o600)


def allowed(home: Path) -> tuple[str, ...]:
    """The commands that a home may start."""
    path = home / "foreign" / ".commands"
    return tuple(json.loads(line) for line in path.read_text("utf-8").splitlines()) if path.exists() else ()
