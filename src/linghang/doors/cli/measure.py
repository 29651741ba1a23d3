"""Benchmarks and evaluations: they live in the source tree (``benchmarks/``, ``evals/``) and run from there."""

import os
import subprocess
import sys
from pathlib import Path

import typer

import linghang
from linghang.base.errors import UnavailableError, UsageError

SETTINGS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}

CALLED = {"copy": "copywriting"}
"""What a measure is called → its module, where a module of that name would hide one of Python's own."""

_GUARD = '\nif __name__ == "__main__":'
"""What a file must end with to be a measure: without it a run would print nothing and seem to have gone well."""


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    root.command("bench", context_settings=SETTINGS)(bench)
    root.command("eval", context_settings=SETTINGS)(evaluate)


def bench(ctx: typer.Context, name: str) -> None:
    """Run a benchmark (voyage, audience, creative, reading …); further words go to it."""
    ctx.obj.exit_code = _run("benchmarks", name, ctx.args)


def evaluate(ctx: typer.Context, name: str) -> None:
    """Run an evaluation (reading, compliance, creative …); further words go to it."""
    ctx.obj.exit_code = _run("evals", name, ctx.args)


def _run(folder: str, name: str, arguments: list[str]) -> int:
    """Run ``folder/name.py`` as a module in a process of its own: its workers must be able to import it."""
    root = _source_tree()
    name = CALLED.get(name, name)
    have = sorted(path.stem for path in (root / folder).glob("*.py") if _GUARD in path.read_text("utf-8"))
    if name not in have:
        raise UsageError("cli.no_measure", name=name, have=", ".join(have))
    source = str(Path(linghang.__file__).parents[1])
    search = os.pathsep.join(
        dict.fromkeys([source, str(root), str(root / folder), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
    )
    run = [sys.executable, "-m", f"{folder}.{name}", *arguments]
    return subprocess.run(run, env={**os.environ, "PYTHONPATH": search.rstrip(os.pathsep)}, check=False).returncode


def _source_tree() -> Path:
    for place in (Path(linghang.__file__).parents[2], Path.cwd()):
        if (place / "benchmarks").is_dir():
            return place
    raise UnavailableError("cli.no_source_tree", folder="benchmarks, evals")
