"""Context: what a skill may use — who asks, for which institution, when, and the ports of the outside world."""

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from linghang.base.errors import ForbiddenError, UnavailableError
from linghang.ports.analytics import Analytics
from linghang.ports.browser import Browser
from linghang.ports.channel import Channel
from linghang.ports.images import ImageMaker
from linghang.ports.llm import LanguageModel
from linghang.ports.outside import Outside
from linghang.ports.population import Population
from linghang.ports.tools import ToolServers
from linghang.ports.vectors import Encoder


@dataclass(frozen=True)
class Actor:
    """Who acts. ``rights`` are permissions such as ``campaign.edit``; an agent acts for a person, with fewer.

    ``effects`` are the effects of skills that the actor may cause at all, whatever the rights.
    """

    name: str
    roles: tuple[str, ...] = ()
    rights: frozenset[str] = frozenset()
    kind: Literal["person", "agent", "system"] = "person"
    effects: frozenset[str] = frozenset(("read", "draft", "commit"))


@dataclass(frozen=True)
class Progress:
    """A step of long work: ``done`` of ``of`` (0 of 0 when unknown), with a message code and its parameters."""

    step: str
    done: int
    of: int
    note: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditEntry:
    """A line for the audit log: who did what to what, with what result, and the digest of the arguments."""

    actor: str
    skill: str
    effect: str
    about: str
    outcome: str
    arguments: str
    at: dt.datetime


def _never() -> bool:
    return False


def _unheard(_progress: Progress) -> None:
    return None


@dataclass(frozen=True)
class Context:
    """Everything that a skill may know or touch. Values only; ``clock`` is the one source of time.

    ``approved`` holds the names of commit skills that a person has confirmed for an agent's context.
    """

    institution_id: str
    actor: Actor
    clock: Callable[[], dt.datetime]
    zone: str
    locale: str
    seed: int
    home: Path
    pack: str
    db: sa.Engine
    audit: Callable[[AuditEntry], None]
    engine: Analytics | None = None
    llm: LanguageModel | None = None
    encoder: Encoder | None = None
    outside: Outside | None = None
    tool_servers: ToolServers | None = None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    pool: Executor | None = None
    previews: Executor | None = None
    """One process for previews alone: what somebody waits for does not queue behind a campaign's pictures."""
    images: ImageMaker | None = None
    browser: Browser | None = None
    population: Population | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    """What a model is told that speaks for a domain: domain → instructions."""
    skill: str = ""
    """The skill at work: what a model is asked here is booked on it."""
    campaign: str = ""
    """The campaign that the work is for, where there is one: booked on it too."""
    idempotency_key: str = ""
    job: str = ""
    """The durable job that the work is, where it is one: by it the work can be stopped."""
    approved: frozenset[str] = frozenset()
    remote: bool = False
    """Whether the caller sits elsewhere (REST, a browser, an agent's client): then no file of this machine is named."""
    progress: Callable[[Progress], None] = _unheard
    cancelled: Callable[[], bool] = _never

    @property
    def now(self) -> dt.datetime:
        """The present instant, in UTC."""
        return self.clock()

    @property
    def today(self) -> dt.date:
        """The present day in the institution's zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def analytics(self) -> Analytics:
        """The analytics engine. Raises UnavailableError where none is connected."""
        if self.engine is None:
            raise UnavailableError("engine.absent")
        return self.engine

    def emit(self, step: str, done: int = 0, of: int = 0, note: str = "", **params: str | int | float) -> None:
        """Report progress, and stop here if the caller has cancelled (raises UnavailableError)."""
        if self.cancelled():
            raise UnavailableError("work.cancelled", step=step)
        self.progress(Progress(step, done, of, note, params))

    def named_file(self, path: str) -> Path:
        """The file that a caller names. From elsewhere only what lies in the home's ``uploads``.

        Raises ForbiddenError("files.outside_uploads") for any way out of it: ``..``, an absolute path, a link.
        """
        if not self.remote:
            return Path(path)
        folder = (self.home / "uploads").resolve()
        try:
            found = (folder / path).resolve()
        except (OSError, ValueError):
            found = Path("/")
        if not found.is_relative_to(folder) or found == folder:
            raise ForbiddenError("files.outside_uploads", path=path[:200])
        return found

    def as_agent(self) -> "Context":
        """The same context for an agent that acts for this person: no commit skill without confirmation."""
        return replace(self, actor=replace(self.actor, kind="agent"))
