"""The switchboard: settings → adapters → Context → doors. The only file that names adapters and the simulator."""

import argparse
import asyncio
import gc
import importlib
import importlib.metadata
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from linghang import access, packs
from linghang.access import rotation
from linghang.access.audit import note as note_audit
from linghang.access.gate import Gate, answer
from linghang.access.outside import note_addresses
from linghang.access.sealing import Sealer
from linghang.access.sessions import Sessions
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.adapters.chromium import browser_from_environment
from linghang.adapters.clickhouse_cluster import ClickHouseCluster
from linghang.adapters.file_channel import FileChannel
from linghang.adapters.http_outside import HttpOutside, allowed_hosts
from linghang.adapters.image_servers import images_from_environment
from linghang.adapters.mcp_tools import McpTools
from linghang.adapters.smtp_channel import smtp_from_environment
from linghang.agents import foreign, staff
from linghang.base.digest import plain
from linghang.base.errors import LinghangError, UsageError
from linghang.customers.arrivals.store import mask_kept
from linghang.doors import decide, rest
from linghang.doors.home import owner
from linghang.doors.home.server import serve
from linghang.doors.wire import error_json
from linghang.kit import migrations, runner, schedule, stopping
from linghang.kit.context import Actor, AuditEntry, Context, Progress
from linghang.kit.database import open_database
from linghang.kit.processes import Processes
from linghang.kit.skills import call
from linghang.ports.analytics import Analytics
from linghang.ports.llm import LanguageModel
from linghang.ports.tools import ToolServers
from linghang.ports.vectors import Encoder
from linghang.simulator.population import Population

log = logging.getLogger("linghang")


def declare_skills() -> None:
    """Import every module in which skills are declared: each room's, and those of installed plug-ins.

    A plug-in names its module under the entry point group ``linghang.skills``.
    """
    for name in SKILLS:
        importlib.import_module(f"linghang.{name}")
    for plugin in importlib.metadata.entry_points(group="linghang.skills"):
        plugin.load()


SKILLS = (
    "kit.catalogue",
    "kit.jobs",
    "access.skills",
    "reading.skills",
    "knowledge.skills",
    "compliance.skills",
    "customers.skills",
    "customers.arrivals.skills",
    "audiences.skills",
    "audiences.keeping",
    "audiences.playing",
    "benefits.skills",
    "creatives.branding",
    "creatives.skills",
    "creatives.library.skills",
    "experiments.skills",
    "placements.skills",
    "estimates.skills",
    "approvals.skills",
    "delivery.skills",
    "analysis.skills",
    "analysis.layering",
    "insights.skills",
    "flow.asking",
    "flow.drafts",
    "flow.filling",
    "flow.phone",
    "flow.recaps",
    "flow.retouching",
    "flow.library",
    "flow.sheets",
    "flow.skills",
    "agents.skills",
)


@dataclass
class Installation:
    """An opened home: stores, engine, pools and the way to a Context for each request."""

    path: Path
    institution_id: str
    pack: str
    zone: str
    seed: int
    db: sa.Engine
    engine: Analytics
    pool: Processes
    previews: Processes
    llm: LanguageModel | None = None
    encoder: Encoder | None = None
    tool_servers: ToolServers | None = None
    demo: bool = False
    outbox: Sealer = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Sealer(self.path, "outbox")

    @classmethod
    def open(cls, path: Path) -> "Installation":
        """Open a home that ``linghang init`` has written. Migrates its database first."""
        told = json.loads((path / "institution.json").read_text("utf-8"))
        pack = packs.load(told["pack"])
        db = open_database(path / "app.db")
        migrations.upgrade(db)
        rotation.settle(path, db, lambda: _take_over(path, db))
        note_addresses(path, db, told["institution_id"], os.environ, datetime.now(UTC))
        access.seed(db, told["institution_id"], datetime.now(UTC))
        # Pictures are drawn in processes of their own, looks that somebody waits for in one that does nothing else.
        pool, previews = Processes(min(os.cpu_count() or 1, 2)), Processes(1)
        engine = ClickHouseCluster.from_environment(os.environ) or ChdbEngine(path / "analytics")
        servers = McpTools(allowed=allowed_hosts(os.environ))
        seed = int(told["seed"])
        return cls(
            path, told["institution_id"], told["pack"], pack.zone, seed, db, engine, pool, previews, _model(),
            _encoder(), servers, pack.simulated,
        )  # fmt: skip

    def context(self, request: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Context:
        """The context of a request: its actor, clock, locale, key, and everything the home owns."""
        fixed = _instant(str(request.get("now") or ""), self.zone)
        job = str(request.get("job") or "")

        def progress(step: Progress) -> None:
            report(
                {"step": step.step, "done": step.done, "of": step.of, "note": step.note, "params": plain(step.params)}
            )

        ctx = Context(
            institution_id=self.institution_id,
            actor=self._actor(str(request["actor"])),
            clock=(lambda: fixed) if fixed else (lambda: datetime.now(UTC)),
            zone=self.zone,
            locale=str(request.get("locale") or "zh-CN"),
            seed=self.seed,
            home=self.path,
            pack=self.pack,
            db=self.db,
            audit=self._audit,
            engine=self.engine,
            llm=self.llm,
            encoder=self.encoder,
            outside=HttpOutside.from_environment(os.environ),
            tool_servers=self.tool_servers,
            channels={
                "file": FileChannel(self.path / "outbox", self.outbox),
                **({"email": smtp} if (smtp := smtp_from_environment(os.environ)) else {}),
            },
            pool=self.pool,
            previews=self.previews,
            images=images_from_environment(os.environ),
            browser=browser_from_environment(os.environ),
            population=Population(),  # pyright: ignore[reportArgumentType] - its model keeps a wider report
            instructions=staff.instructions(),
            idempotency_key=str(request.get("key") or job),
            job=job,
            progress=progress,
            cancelled=stopping.watch(self.db, self.institution_id, job) if job else (lambda: False),
            approved=frozenset(request.get("approved", ())),
            remote=bool(request.get("remote") or request.get("agent")),
        )
        return ctx.as_agent() if request.get("agent") else ctx

    def _actor(self, principal: str) -> Actor:
        return SCHEDULER if principal == SCHEDULER.name else access.actor(self.db, self.institution_id, principal)

    def execute(self, request: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
        """Run a request as a skill call: ``{"result": …}`` or ``{"error": …}``."""
        locale = str(request.get("locale") or "zh-CN")
        started = time.perf_counter()
        try:
            result = call(self.context(request, report), str(request["skill"]), request.get("arguments", {}))
            return {"result": plain(result)}
        except LinghangError as error:
            return {"error": error_json(error, locale, self.zone)}
        except Exception as error:  # the top of a door: anything unforeseen is told, logged, and harms no other call
            log.exception("skill %s failed", request.get("skill"))
            failure = LinghangError(
                "internal.failure", kind=type(error).__name__, reason=str(error)[:300], home=str(self.path)
            )
            return {"error": error_json(failure, locale)}
        finally:
            log.info("%s %.0f ms", request.get("skill"), (time.perf_counter() - started) * 1000)

    def _audit(self, entry: AuditEntry) -> None:
        note_audit(self.path, self.db, self.institution_id, entry)

    @property
    def gate(self) -> Gate:
        """How browsers become users."""
        sessions = Sessions(self.path, self.db, self.institution_id)
        return Gate(sessions, self._audit, lambda: datetime.now(UTC), self.demo)

    def pass_gate(self, told: Mapping[str, str]) -> Any:
        """An act of the gate (``access.gate``), for the home's own wire."""
        return plain(answer(self.gate, told))

    def admit(self, principal: str) -> str:
        """Who acts for a session that still lives; any other principal as it is. Raises UnknownActorError."""
        return self.gate.admit(principal)

    def rights(self, principal: str) -> frozenset[str]:
        """What a principal may do."""
        return self._actor(principal).rights

    def bearer(self, token: str) -> str:
        """The principal of an API token. Raises UnknownActorError("access.bad_token")."""
        return access.bearer(self.db, self.institution_id, token, datetime.now(UTC))

    def close(self) -> None:
        """Let go of pools, engine and database."""
        for processes in (self.pool, self.previews):
            processes.shutdown(wait=False, cancel_futures=True)
        if self.tool_servers is not None:
            self.tool_servers.close()
        self.engine.close()
        self.db.dispose()


def _take_over(home: Path, db: sa.Engine) -> None:
    """What a home of before kept in clear, beside its files: cells in reports, messages of the outbox, ended jobs."""
    mask_kept(db)
    FileChannel(home / "outbox", Sealer(home, "outbox")).seal_plain()
    runner.forget_ended(home / "jobs.db")


def _model() -> LanguageModel | None:
    """The model that the environment names. Without one its library is never imported."""
    if not os.environ.get("LINGHANG_LLM_BASE_URL"):
        return None
    from linghang.adapters.openai_model import model_from_environment  # noqa: PLC0415

    return model_from_environment(os.environ)


def _encoder() -> Encoder | None:
    """The sentence encoder that the environment names; the knowledge room has one of its own without."""
    if not os.environ.get("LINGHANG_EMBEDDINGS_MODEL"):
        return None
    from linghang.adapters.openai_model import encoder_from_environment  # noqa: PLC0415

    return encoder_from_environment(os.environ)


def _instant(text: str, zone: str) -> datetime | None:
    """The fixed clock of a request: an instant, or a day (its noon in the institution's zone)."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return datetime.fromisoformat(text + "T12:00:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        told = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError("clock.malformed", text=text) from error
    return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def main() -> None:
    """The home process: ``--home PATH [--idle SECONDS] [--rest HOST:PORT] [--decide HOST:PORT]``."""
    parser = argparse.ArgumentParser(prog="python -m linghang.app")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--idle", type=float, default=None)
    parser.add_argument("--rest", default="")
    parser.add_argument("--decide", default="")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        lock = owner.take(options.home, time.time())
    except LinghangError as error:
        sys.exit(json.dumps(error_json(error, "en"), ensure_ascii=False))
    declare_skills()
    gc.freeze()  # what was imported stays: the collector need not look at it again
    gc.enable()
    # A count waits for its turn among an import's steps no longer than this, and not the usual 5 ms each time.
    sys.setswitchinterval(0.0005)
    with lock:
        installation = Installation.open(options.home)
        runner.start(options.home / "jobs.db", installation.execute, Sealer(options.home, "jobs"))
        foreign.declare(options.home)
        ended = _schedule(installation)
        try:
            asyncio.run(_serve(installation, options))
        finally:
            ended.set()
            runner.stop()
            installation.close()


def look() -> None:
    """A page as this machine's Chromium shows it, for ``linghang check --page``, which needs no home.

    Arguments: the width, and an address to be fetched; without one the page is read from standard input. Prints what it
    looks like (``null`` without a browser) with the page's source.
    """
    width, address = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        outside = HttpOutside.from_environment(os.environ)
        html = outside.send("GET", address).text.encode() if address else sys.stdin.buffer.read()
        browser = browser_from_environment(os.environ)
        screen = browser.look(html, width=width) if browser else None
        answer: Mapping[str, Any] = {"screen": plain(screen), "html": html.decode("utf-8", "replace")}
    except LinghangError as error:
        answer = {"error": error_json(error, os.environ.get("LINGHANG_LOCALE", "zh-CN"))}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


TASKS = (
    schedule.Task("inbox", "inbox.scan", 3600),
    schedule.Task("settling", "campaign.settle", 3600),
    schedule.Task("audiences", "audience.refresh_due", 600),
)
"""What the home does by itself, and how often (s). Such work reads, proposes and gives back; it has no right to act."""
SCHEDULER = Actor(
    "scheduler",
    ("watcher",),
    frozenset(
        (
            "campaign.read",
            "audience.read",
            "audience.refresh",
            "benefit.read",
            "analysis.read",
            "insights.read",
            "knowledge.read",
            "campaign.settle",
        )
    ),
    "agent",
)


def _schedule(installation: Installation) -> threading.Event:
    def start(task: schedule.Task, at: datetime) -> str:
        return runner.submit(
            {"skill": task.skill, "arguments": {}, "actor": SCHEDULER.name, "key": f"{task.name}:{at.isoformat()}"}
        )

    return schedule.ticking(installation.db, installation.institution_id, TASKS, start, clock=lambda: datetime.now(UTC))


async def _serve(installation: Installation, options: argparse.Namespace) -> None:
    """The local socket, and REST and the decision endpoint on TCP where asked, each a server of its own."""
    apps: list[tuple[Any, str, int]] = []
    if options.rest:
        apps.append((rest.create(installation), *_address(options.rest)))
    if options.decide:
        apps.append((decide.create(installation), *_address(options.decide)))
    await serve(installation, idle=options.idle, apps=apps)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


if __name__ == "__main__":
    main()
