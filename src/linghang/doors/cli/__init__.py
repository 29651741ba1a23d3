"""The command line: one module a family of commands, loaded only when its first word is typed."""

import importlib
import sys
from collections.abc import Mapping, Sequence

import typer
from typer.main import get_command

from linghang import __version__
from linghang.base.errors import LinghangError
from linghang.doors.cli.terminal import Options, fail, take_options

FAMILIES: Mapping[str, str] = {
    "init": "setup",
    "home": "setup",
    "serve": "setup",
    "mcp": "setup",
    "demo": "demo",
    "fonts": "setup",
    "brief": "language",
    "ask": "language",
    "check": "language",
    "rules": "rulebook",
    "pack": "language",
    "creative": "pictures",
    "asset": "assets",
    "campaign": "campaign",
    "audience": "audiences",
    "benefit": "rooms",
    "customers": "rooms",
    "data": "data",
    "events": "rooms",
    "insights": "rooms",
    "knowledge": "rooms",
    "skills": "rooms",
    "users": "people",
    "tokens": "people",
    "audit": "people",
    "calendar": "rooms",
    "say": "staff",
    "plan": "staff",
    "memory": "staff",
    "inbox": "staff",
    "agents": "staff",
    "applications": "staff",
    "bench": "measure",
    "eval": "measure",
}
"""First word → the module of this folder that holds its commands."""


def main() -> None:
    """The command ``linghang``."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code (contracts.md 6)."""
    try:
        options, rest = take_options(arguments)
    except LinghangError as error:
        return fail(error, Options())
    if rest == ["--version"]:
        print(f"linghang {__version__}")
        return 0
    first = next((word for word in rest if not word.startswith("-")), "")
    wanted = [FAMILIES[first]] if first in FAMILIES else dict.fromkeys(FAMILIES.values())
    root = typer.Typer(name="linghang", help="领航: 一句话生成可上线的营销活动 / one sentence becomes a campaign.",
                       no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)  # fmt: skip
    root.callback()(lambda: None)  # a family of one command stays a command and does not become the root
    for module in wanted:
        importlib.import_module(f"linghang.doors.cli.{module}").add_to(root)
    command = get_command(root)
    try:
        # Who interrupts a command leaves with a code that main gives back.
        left: object = command.main(args=list(rest), prog_name="linghang", obj=options, standalone_mode=False)
    except LinghangError as error:
        return fail(error, options)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if type(error).__module__.startswith(("click", "typer")) and hasattr(error, "exit_code"):
            error.show()  # type: ignore[attr-defined]
            return int(error.exit_code)  # type: ignore[attr-defined]
        raise
    return options.exit_code or (left if isinstance(left, int) else 0)
