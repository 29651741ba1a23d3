"""Benchmarks and evaluations: they live in the source tree (``benchmarks/``, ``evals/``) and run from there."""

import importlib.util
import sys
from pathlib import Path

import typer

import linghang
from linghang.base.errors import UnavailableError, UsageError

SETTINGS = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


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
    place = _source_tree() / folder
    have = sorted(path.stem for path in place.glob("*.py") if not path.stem.startswith("_"))
    if name not in have:
        raise UsageError("cli.no_measure", name=name, have=", ".join(have))
    spec = importlib.util.spec_from_file_location(f"linghang_{folder}_{name}", place / f"{name}.py")
    if spec is None or spec.loader is None:
        raise UnavailableError("cli.no_source_tree", folder=folder)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(place))
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return int(module.main(arguments) or 0)


def _source_tree() -> Path:
    for place in (Path(linghang.__file__).parents[2], Path.cwd()):
        if (place / "benchmarks").is_dir():
            return place
    raise UnavailableError("cli.no_source_tree", folder="benchmarks, evals")
