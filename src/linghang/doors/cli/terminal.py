"""What all commands share: the options that may stand anywhere, talking to the home, and printing."""

import datetime as dt
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from linghang.base.errors import LinghangError, UsageError
from linghang.base.messages import render
from linghang.doors.client import HomeClient
from linghang.doors.wire import error_json

_VALUED = {
    "--home": "home", "--as": "actor", "--today": "today", "--now": "now", "--locale": "locale", "--key": "key",
}  # fmt: skip


@dataclass
class Options:
    """Options that any command takes, wherever they stand."""

    home: Path = Path(".linghang")
    actor: str = "operator"
    today: str = ""
    now: str = ""
    locale: str = "zh-CN"
    key: str = ""
    json: bool = False
    exit_code: int = 0

    @property
    def day(self) -> dt.date:
        """The day that ``--today`` (or ``--now``) fixes, else this machine's day."""
        text = self.today or self.now[:10]
        return dt.date.fromisoformat(text) if text else dt.date.today()


def take_options(arguments: Sequence[str]) -> tuple[Options, list[str]]:
    """Split off the shared options. Raises UsageError for one without its value or a malformed date."""
    options = Options(
        home=Path(os.environ.get("LINGHANG_HOME", ".linghang")), locale=os.environ.get("LINGHANG_LOCALE", "zh-CN")
    )
    rest: list[str] = []
    items = iter(arguments)
    for item in items:
        name, _, inline = item.partition("=")
        if item == "--json":
            options.json = True
        elif item == "--":
            rest.extend([item, *items])
        elif name in _VALUED:
            value = inline if "=" in item else next(items, None)
            if value is None:
                raise UsageError("cli.option_without_value", option=name)
            setattr(options, _VALUED[name], Path(value) if name == "--home" else value)
        else:
            rest.append(item)
    _check_clock(options)
    return options, rest


def _check_clock(options: Options) -> None:
    for option, text in (("--today", options.today), ("--now", options.now)):
        try:
            dt.datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise UsageError("cli.bad_date", option=option, text=text) from error
    if len(options.today) not in (0, 10):
        raise UsageError("cli.bad_date", option="--today", text=options.today)


def client(options: Options) -> HomeClient:
    """A client of the home that the options name."""
    return HomeClient(options.home, locale=options.locale, now=options.now or options.today)


Heard = Callable[[Mapping[str, Any]], None]


def ask_home(options: Options, skill: str, wait: bool = True, heard: Heard | None = None, /, **arguments: Any) -> Any:
    """Call a skill of the home, with a progress line on a terminal; ``heard`` gets every line besides."""
    told = {name: value for name, value in arguments.items() if value is not None}
    home = client(options)
    if options.json or not sys.stderr.isatty():
        return home.call(skill, told, actor=options.actor, idempotency_key=options.key, on_progress=heard, wait=wait)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(skill, total=None)

        def show(line: Mapping[str, Any]) -> None:
            if heard is not None:
                heard(line)
            if "step" in line:
                words = render(line.get("note") or line["step"], line.get("params", {}), options.locale)
                bar.update(task, description=words, completed=line["done"], total=line["of"] or None)

        return home.call(skill, told, actor=options.actor, idempotency_key=options.key, on_progress=show, wait=wait)


def ask_stoppable(options: Options, skill: str, /, **arguments: Any) -> Any:
    """The same for a job that Ctrl-C stops: at its next report it ends, and what it tells then is the answer.

    A second Ctrl-C leaves the job alone and the command at once.
    """
    jobs: list[str] = []

    def stop(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if not jobs:
            raise KeyboardInterrupt
        sys.stderr.write(render("cli.stopping", {}, options.locale) + "\n")
        told = {"job": jobs[-1]}
        threading.Thread(target=client(options).call, args=("jobs.cancel", told), kwargs={"actor": options.actor},
                         daemon=True).start()  # fmt: skip

    def heard(line: Mapping[str, Any]) -> None:
        if line.get("job"):
            jobs.append(str(line["job"]))

    before = signal.signal(signal.SIGINT, stop)
    try:
        return ask_home(options, skill, True, heard, **arguments)
    finally:
        signal.signal(signal.SIGINT, before)


def say(options: Options, code: str, **params: object) -> None:
    """Print a sentence for people (nothing with ``--json``)."""
    if not options.json:
        sys.stdout.write(render(code, params, options.locale) + "\n")


def words(options: Options, code: str, **params: object) -> str:
    """A sentence for people."""
    return render(code, params, options.locale)


def put(value: Any) -> None:
    """Print one JSON object on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def table(options: Options, headings: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """Print a table; headings are message codes."""
    grid = Table(title=title or None, title_justify="left", header_style="bold")
    for heading in headings:
        grid.add_column(render(heading, {}, options.locale))
    for row in rows:
        grid.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 120).print(grid)


def fail(error: LinghangError, options: Options) -> int:
    """Tell of an error, with its findings, and return its exit code."""
    shape = error_json(error, options.locale)
    if options.json:
        put({"error": shape})
    else:
        console = Console(stderr=True, highlight=False)
        console.print(shape["message"], style="bold red", markup=False)
        for finding in shape["findings"]:
            console.print(f"  {finding['severity']} {finding['message']}", markup=False)
    return error.exit_code
