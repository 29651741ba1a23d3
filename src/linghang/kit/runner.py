"""The durable runner: long skill calls that survive the death of the process. The only file that names DBOS.

A job is one skill call. DBOS remembers which jobs were under way and starts them again when the home opens; the
skill itself must continue where it was (compile: section cache; import: staging; send: ledger), because a step that
was in flight runs again.
"""

import base64
import json
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dbos import DBOS, DBOSConfig, SetWorkflowID

from linghang.base.digest import canonical_json, digest
from linghang.base.errors import UnknownItemError

Request = Mapping[str, Any]
"""What a door asks: skill, arguments, actor, locale, now, idempotency key. JSON values only."""
Execute = Callable[[Request, Callable[[Mapping[str, Any]], None]], Mapping[str, Any]]
"""Runs a request with a way to report progress and returns ``{"result": …}`` or ``{"error": …}``; never raises."""


class Sealer(Protocol):
    """What arguments and results of jobs are kept sealed with (``access.sealing.Sealer``)."""

    def seal(self, data: bytes, bound: bytes = b"") -> bytes:
        """Bytes that only ``open`` reads."""
        ...

    def open(self, sealed: bytes, bound: bytes = b"") -> bytes:
        """The bytes again."""
        ...


_SEALED = "sealed:"


@dataclass
class _Desk:
    """Where the one workflow of this process finds its work. DBOS registers functions once per process."""

    execute: Execute
    sealer: Sealer
    listeners: dict[str, list["queue.Queue[Mapping[str, Any] | None]"]]
    last: dict[str, list[Mapping[str, Any]]]
    lock: threading.Lock


_desk: _Desk | None = None


def start(path: Path, execute: Execute, sealer: Sealer) -> None:
    """Open the runner's database and continue every job that was under way. Once per process.

    What jobs were asked and what came of them may name customers: it is kept sealed.
    """
    global _desk  # noqa: PLW0603 - DBOS itself is one per process
    _desk = _Desk(execute, sealer, {}, {}, threading.Lock())
    logging.getLogger("dbos").setLevel(logging.WARNING)
    config = DBOSConfig(
        name="linghang",
        system_database_url=f"sqlite:///{path}",
        # Recovery looks only at jobs of the same application version: a new build must continue them too.
        application_version="linghang",
        executor_id="home",
        log_level="WARNING",
        run_migrations=True,
        max_executor_threads=8,
        enable_otlp=False,
    )
    DBOS(config=config)
    DBOS.launch()


def stop() -> None:
    """Let go of the runner; jobs under way continue at the next start."""
    DBOS.destroy(workflow_completion_timeout_sec=0)


@DBOS.workflow(name="job")
def _job(request: str) -> str:
    return _work(request)


@DBOS.step(name="work", retries_allowed=False)
def _work(request: str) -> str:
    desk = _at_work()
    job_id = DBOS.workflow_id or ""

    def report(progress: Mapping[str, Any]) -> None:
        _tell(desk, job_id, progress)

    try:
        # Not canonical JSON: sections and columns have an order that people should see.
        return _sealed(desk, json.dumps(desk.execute(json.loads(_opened(desk, request)), report), ensure_ascii=False))
    finally:
        _tell(desk, job_id, None)


def submit(request: Request) -> str:
    """Start a job, or join the same one if it is still under way, and return its id.

    The same means: skill, arguments, actor and idempotency key. A finished one is never joined, unless a key says so.
    """
    same = {key: request.get(key) for key in ("skill", "arguments", "actor", "key")}
    mark = digest(same)[:20]
    number = 0
    while True:
        job_id = f"job_{mark}_{number}"
        status = DBOS.get_workflow_status(job_id)
        if status is None:
            break
        if status.status in ("PENDING", "ENQUEUED") or request.get("key"):
            return job_id
        number += 1
    with SetWorkflowID(job_id):
        DBOS.start_workflow(_job, _sealed(_at_work(), canonical_json({**request, "job": job_id})))
    return job_id


def follow(job_id: str) -> Iterator[Mapping[str, Any]]:
    """What a job reports from its start (while this process lives), until it ends; then its outcome as last item."""
    desk = _at_work()
    inbox: queue.Queue[Mapping[str, Any] | None] = queue.Queue()
    with desk.lock:
        earlier = list(desk.last.get(job_id, []))
        desk.listeners.setdefault(job_id, []).append(inbox)
    handle: Any = DBOS.retrieve_workflow(job_id)
    yield from earlier
    while handle.get_status().status in ("PENDING", "ENQUEUED"):
        try:
            item = inbox.get(timeout=0.5)
        except queue.Empty:
            continue
        if item is None:
            break
        yield item
    with desk.lock:
        desk.listeners.get(job_id, []).remove(inbox)
    # A job may end between two looks: what it told until then was heard and not passed on yet.
    while not inbox.empty():
        if (item := inbox.get_nowait()) is not None:
            yield item
    # The last report comes just before the outcome is written: a look once a second would make a short job a long one.
    yield json.loads(_opened(desk, handle.get_result(polling_interval_sec=0.02)))


def must_exist(job_id: str) -> None:
    """Raises UnknownItemError("job.unknown") for a job that was never started."""
    if DBOS.get_workflow_status(job_id) is None:
        raise UnknownItemError("job.unknown", job=job_id)


def asked_for(job_id: str) -> tuple[Request, bool]:
    """What a job was asked, and whether it is still under way. Raises UnknownItemError("job.unknown")."""
    status = DBOS.get_workflow_status(job_id)
    told: Any = status.input if status is not None else None
    if status is None or not told or not told["args"]:
        raise UnknownItemError("job.unknown", job=job_id)
    return json.loads(_opened(_at_work(), str(told["args"][0]))), status.status in ("PENDING", "ENQUEUED")


def under_way() -> int:
    """How many jobs have not ended."""
    return len(DBOS.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False, load_output=False))


def forget_ended(path: Path) -> None:
    """Drop the jobs that ended before their words were sealed, and what the file still holds of them."""
    if not path.exists():
        return
    with sqlite3.connect(path, isolation_level=None) as database:
        tables = {str(name) for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "workflow_status" not in tables:
            return
        ended = "SELECT workflow_uuid FROM workflow_status WHERE status NOT IN ('PENDING', 'ENQUEUED')"
        for table in sorted(tables & {"workflow_input", "workflow_output", "operation_outputs"}):
            database.execute(f"DELETE FROM {table} WHERE workflow_uuid IN ({ended})")
        database.execute("DELETE FROM workflow_status WHERE status NOT IN ('PENDING', 'ENQUEUED')")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _sealed(desk: _Desk, text: str) -> str:
    return _SEALED + base64.b64encode(desk.sealer.seal(text.encode())).decode("ascii")


def _opened(desk: _Desk, text: str) -> str:
    """Words of a job; those of one that was begun before they were sealed stand in clear."""
    if not text.startswith(_SEALED):
        return text
    return desk.sealer.open(base64.b64decode(text.removeprefix(_SEALED))).decode()


def _at_work() -> _Desk:
    if _desk is None:
        raise RuntimeError("the durable runner was not started")
    return _desk


def _tell(desk: _Desk, job_id: str, progress: Mapping[str, Any] | None) -> None:
    with desk.lock:
        if progress is None:
            desk.last.pop(job_id, None)
        else:
            desk.last.setdefault(job_id, []).append(progress)
            del desk.last[job_id][:-200]
        for inbox in desk.listeners.get(job_id, []):
            inbox.put(progress)
