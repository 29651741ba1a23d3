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


@dataclass
class Work:
    """One skill call under way or finished. ``lines`` are its progress so far; ``about`` the campaign, once known."""

    id: str
    skill: str
    actor: str
    about: str = ""
    text: str = ""
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

    def start(self, session: Session, skill: str, /, *, about_id: str = "", shown: str = "", **arguments: Any) -> Work:
        """Begin a skill call in a thread of its own; ``shown`` is what people see of it, ``about_id`` its campaign."""
        work = Work(uuid4().hex[:12], skill, session.actor, about_id, shown)
        with self._lock:
            now = time.monotonic()
            self._works = {
                key: kept for key, kept in self._works.items() if not kept.done or now - kept.started < _KEPT_SECONDS
            }
            self._works[work.id] = work
        threading.Thread(target=_run, args=(work, session, arguments), name=f"studio:{skill}", daemon=True).start()
        return work

    def get(self, id: str) -> Work | None:
        """The work of an id, while it is remembered."""
        return self._works.get(id)

    def about(self, campaign: str) -> Work | None:
        """The unfinished work about a campaign, if any."""
        return next((work for work in self._works.values() if work.about == campaign and not work.done), None)

    def running(self) -> list[Work]:
        """All unfinished work, oldest first."""
        return sorted((work for work in self._works.values() if not work.done), key=lambda work: work.started)


def _run(work: Work, session: Session, arguments: Mapping[str, Any]) -> None:
    def heard(line: Mapping[str, Any]) -> None:
        params = line.get("params") or {}
        work.about = work.about or str(params.get("campaign") or params.get("campaign_id") or "")
        work.lines.append(line)

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
