"""Long work that goes on when the page is closed: compile, play, send. Pages look in; none of them holds it."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from linghang.base.errors import LinghangError
from linghang.doors.studio.session import Session

_KEPT_SECONDS = 3600.0
_LOOK_SECONDS = 0.05


@dataclass
class Work:
    """One skill call under way or finished. ``lines`` are its progress so far; ``about`` the campaign, once known.

    ``thread`` is the conversation that it answers in; ``queued`` work waits for what was said there before. ``job`` is
    the home's own name of it, once known: by it the work can be stopped, and ``stopping`` says that somebody did.
    """

    id: str
    skill: str
    actor: str
    about: str = ""
    text: str = ""
    thread: str = ""
    queued: bool = False
    job: str = ""
    stopping: bool = False
    started: float = field(default_factory=time.monotonic)
    finished: float | None = None
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    result: Any = None
    error: LinghangError | None = None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.finished is not None

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return (self.finished or time.monotonic()) - self.started


class Works:
    """All work of this studio."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._lock = threading.Lock()

    def start(
        self, session: Session, skill: str, /, *, about_id: str = "", shown: str = "", thread: str = "",
        after: Work | None = None, **arguments: Any,
    ) -> Work:  # fmt: skip
        """Begin a skill call in a thread of its own; ``shown`` is what people see of it, ``about_id`` its campaign,
        ``thread`` its conversation; it begins when ``after`` has ended."""
        work = Work(uuid4().hex[:12], skill, session.actor, about_id, shown, thread)
        with self._lock:
            now = time.monotonic()
            self._works = {
                key: kept for key, kept in self._works.items() if not kept.done or now - kept.started < _KEPT_SECONDS
            }
            self._works[work.id] = work
        threading.Thread(
            target=_run, args=(work, session, arguments, after), name=f"studio:{skill}", daemon=True
        ).start()
        return work

    def get(self, id: str) -> Work | None:
        """The work of an id, while it is remembered."""
        return self._works.get(id)

    def about(self, campaign: str) -> Work | None:
        """The unfinished work about a campaign, if any."""
        return next((work for work in self._works.values() if work.about == campaign and not work.done), None)

    def of(self, thread: str, actor: str) -> list[Work]:
        """What of a user's conversation is still under way or has failed: its turns tell the rest."""
        own = [work for work in self._works.values() if work.thread == thread and work.actor == actor]
        return sorted((work for work in own if not work.done or work.error), key=lambda work: work.started)

    def of_job(self, job: str, actor: str) -> Work | None:
        """A user's work that is this job of the home, if a page of this studio began it."""
        return next((work for work in self._works.values() if work.job == job and work.actor == actor), None)

    def running(self) -> list[Work]:
        """All unfinished work, oldest first."""
        return sorted((work for work in self._works.values() if not work.done), key=lambda work: work.started)


def _run(work: Work, session: Session, arguments: Mapping[str, Any], after: Work | None) -> None:
    def heard(line: Mapping[str, Any]) -> None:
        params = line.get("params") or {}
        work.about = work.about or str(params.get("campaign") or params.get("campaign_id") or "")
        work.job = str(line.get("job") or work.job)
        if "step" in line:
            work.lines.append(line)

    work.queued = after is not None and not after.done
    while after is not None and not after.done:
        time.sleep(_LOOK_SECONDS)
    if work.queued:
        work.started, work.queued = time.monotonic(), False
    try:
        work.result = session.call_now(work.skill, arguments, heard)
        if isinstance(work.result, Mapping):
            work.about = work.about or str(work.result.get("id") or "")
    except LinghangError as error:
        work.error = error
    except Exception as error:  # the top of a thread: whoever looks in must learn that it ended
        work.error = LinghangError("studio.failed", kind=type(error).__name__, reason=str(error)[:300])
    finally:
        work.finished = time.monotonic()
