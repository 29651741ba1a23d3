"""Which audience a command line means: a sentence, a rule, a file with either, or the name of a saved one."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang.base.errors import UsageError
from linghang.doors.cli.terminal import Options, ask_home

Who = Annotated[
    str, typer.Argument(help="A sentence, a JSON rule, @FILE with either, or the name of a saved audience.")
]


def which(options: Options, text: str) -> dict[str, Any]:
    """The arguments that say which audience is meant."""
    told = Path(text[1:]).read_text("utf-8") if text.startswith("@") and Path(text[1:]).is_file() else text
    if told.lstrip().startswith(("{", "[")):
        try:
            return {"rule": json.loads(told)}
        except ValueError as error:
            raise UsageError("cli.bad_json", where="RULE", reason=str(error)) from error
    if len(told) <= 60 and told in {row for one in _saved(options) for row in (one["id"], one["name"])}:
        return {"audience": told}
    return {"text": told}


def _saved(options: Options) -> list[dict[str, Any]]:
    return ask_home(options, "audience.list", archived=True)["audiences"]
