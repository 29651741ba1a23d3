"""Commands that set up and run an installation: init, the home process, the servers, fonts."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang import packs
from linghang.base.errors import ConflictError, UnavailableError, UsageError
from linghang.doors.cli import cards
from linghang.doors.cli.people import demo_passwords, sign_in_link
from linghang.doors.cli.terminal import Options, ask_home, client, put, say
from linghang.doors.client import HOME_COMMAND
from linghang.doors.home import owner
from linghang.doors.wire import finding_json


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    root.command("init")(init)
    home = typer.Typer(help="The home process, the one owner of an installation.", no_args_is_help=True)
    for name, function in {"run": run_home, "status": status, "stop": stop}.items():
        home.command(name)(function)
    root.add_typer(home, name="home")
    root.command("serve")(serve)
    root.command("mcp")(mcp)
    fonts = typer.Typer(help="Fonts for pictures: open licences only.", no_args_is_help=True)
    fonts.command("list")(fonts_list)
    fonts.command("install")(fonts_install)
    root.add_typer(fonts, name="fonts")


def init(
    ctx: typer.Context,
    pack: Annotated[str, typer.Option(help="A shipped pack (demo, uci-bank) or a folder.")] = "demo",
    customers: Annotated[str, typer.Option(help="A table of customers, or how many to simulate.")] = "",
    seed: int = 7,
) -> None:
    """Set up an institution in the home: pack, customers, index. Run again, it continues where it stopped."""
    options: Options = ctx.obj
    started = time.perf_counter()
    chosen = packs.load(pack)
    table = "" if not customers or customers.isdigit() else str(Path(customers).resolve())
    if table and not Path(table).is_file():
        raise UsageError("cli.no_file", path=customers, reason="no such file")
    count = int(customers) if customers.isdigit() else 200_000
    if not table and not chosen.simulated:
        raise UsageError("cli.needs_customers", pack=chosen.id)
    _write_institution(options, str(Path(pack).resolve()) if Path(pack).is_dir() else pack, chosen.id, seed)
    result = ask_home(options, "institution.fill", table=table, count=0 if table else count)
    if chosen.simulated:
        result["passwords"] = demo_passwords(options)
    result["seconds"] = round(time.perf_counter() - started, 1)
    if options.json:
        put(result)
    else:
        say(
            options,
            "cli.did_init",
            **{**result, "customers": f"{result['customers']:,}", "events": f"{result['events']:,}"},
        )
        if result.get("rejected"):
            say(options, "cli.rejected", rejected=f"{result['rejected']:,}", rows=f"{result['rows']:,}")
            cards.findings(options, result.get("findings", []))
        if made := result.get("passwords"):
            say(options, "cli.passwords", accounts="\n".join(f"  {name:<12}{word}" for name, word in made.items()))


def _write_institution(options: Options, pack: str, institution: str, seed: int) -> None:
    told = {"institution_id": institution, "pack": pack, "seed": seed}
    path = options.home / "institution.json"
    if path.exists():
        before = json.loads(path.read_text("utf-8"))
        if before["institution_id"] != institution:
            raise ConflictError(
                "cli.home_has_other", home=str(options.home), have=before["institution_id"], asked=institution
            )
        return
    try:
        # A home holds what customers said and who gets which message: a new one is its owner's alone.
        options.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(told), "utf-8")
        draft.replace(path)
    except OSError as error:
        raise UnavailableError("home.not_writable", home=str(options.home), reason=str(error)) from error


def run_home(ctx: typer.Context, idle: float | None = None, rest: str = "", decide: str = "") -> None:
    """Run the home process here, in the foreground."""
    home = ctx.obj.home.resolve()
    if not (home / "institution.json").exists():
        raise UnavailableError("home.absent", home=str(home))
    command = [*HOME_COMMAND, "--home", str(home)]
    command += ["--idle", str(idle)] if idle is not None else []
    command += ["--rest", rest] if rest else []
    command += ["--decide", decide] if decide else []
    ctx.obj.exit_code = subprocess.run(command, check=False).returncode


def status(ctx: typer.Context) -> None:
    """Who owns the home, since when."""
    options: Options = ctx.obj
    told = owner.read(options.home)
    shape: dict[str, Any] = {"home": str(options.home.resolve()), "running": told is not None}
    if told is not None:
        shape |= {
            "pid": told.pid,
            "version": told.version,
            "age_s": round(time.time() - told.started),
            "rest": told.rest,
        }
    if options.json:
        put(shape)
    else:
        say(options, "cli.home_running" if told else "cli.home_idle", **shape)


def stop(ctx: typer.Context) -> None:
    """Stop the home process; jobs under way continue at its next start."""
    stopped = client(ctx.obj).stop()
    if ctx.obj.json:
        put({"stopped": stopped})
    else:
        say(ctx.obj, "cli.home_stopped" if stopped else "cli.home_idle", home=str(ctx.obj.home))


def serve(
    ctx: typer.Context,
    host: str = "127.0.0.1",
    port: int = 8080,
    rest_port: int = 8081,
    decide_port: int = 8082,
    behind_tls: Annotated[bool, typer.Option(help="A proxy in front of the studio speaks HTTPS.")] = False,
) -> None:
    """Open the studio, REST and the decision endpoint; Ctrl-C ends them. Beyond this machine only behind HTTPS."""
    options: Options = ctx.obj
    if host not in ("127.0.0.1", "localhost", "::1") and not behind_tls:
        raise UsageError("cli.needs_tls", host=host)
    home = client(options)
    process = _home_with_doors(options, f"{host}:{rest_port}", f"{host}:{decide_port}")
    say(
        options,
        "cli.serving",
        studio=f"http://{host}:{port}",
        rest=f"http://{host}:{rest_port}/api/v1",
        decide=f"http://{host}:{decide_port}",
    )
    _tell_the_way_in(options, f"http://{host}:{port}")
    from linghang.doors import studio  # noqa: PLC0415 - NiceGUI takes a second to import: only here

    try:
        studio.run(home, host=host, port=port, locale=options.locale, tls=behind_tls)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _tell_the_way_in(options: Options, url: str) -> None:
    """A link that signs in once, in a demo; elsewhere how to make one, so that no log holds a way in."""
    pack = json.loads((options.home / "institution.json").read_text("utf-8"))["pack"]
    if packs.load(pack).simulated:
        say(options, "cli.link", user=options.actor, url=sign_in_link(options, options.actor, url))
    else:
        say(options, "cli.make_a_link", user=options.actor, url=url)
    sys.stdout.flush()


def _home_with_doors(options: Options, rest: str, decide: str) -> subprocess.Popen[bytes]:
    """A home process that also listens on TCP; one that a command line had left running makes way."""
    home = client(options)
    if not (options.home / "institution.json").exists():
        raise UnavailableError("home.absent", home=str(options.home.resolve()))
    home.stop()
    (options.home / "logs").mkdir(exist_ok=True)
    with (options.home / "logs" / "home.log").open("ab") as log:
        command = [*HOME_COMMAND, "--home", str(options.home.resolve())]
        process = subprocess.Popen(
            [*command, "--rest", rest, "--decide", decide],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    for _ in range(600):
        if (told := owner.read(options.home)) is not None and told.pid == process.pid:
            return process
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.terminate()
    raise UnavailableError("home.did_not_start", home=str(options.home.resolve()), reason="")


def mcp(ctx: typer.Context) -> None:
    """Serve the skills over MCP on standard input and output."""
    from linghang.doors import mcp as server  # noqa: PLC0415 - the MCP library is needed only here

    server.run(client(ctx.obj), actor=ctx.obj.actor)


def fonts_list(ctx: typer.Context) -> None:
    """The faces that pictures can use, with licence, and those that are missing."""
    from linghang.creatives.pictures import fonts  # noqa: PLC0415 - Skia is needed only here

    put({"faces": [{key: str(value) for key, value in vars(face).items()} for face in fonts.faces()]})


def fonts_install(ctx: typer.Context) -> None:
    """Bring the display faces into the cache; says which could not be had."""
    from linghang.creatives.pictures import fonts  # noqa: PLC0415

    findings = fonts.install()
    put({"findings": [finding_json(finding, ctx.obj.locale) for finding in findings]})
