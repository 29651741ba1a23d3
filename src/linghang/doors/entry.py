"""Who asks at an HTTP door, and how often: bearer tokens, session cookies with the mark of their forms, rate limits.

A cookie alone is not enough: browsers send it whoever wrote the page. So what comes with a cookie must also carry the
session's ``csrf`` in a header, which only the studio's own pages know, and must not come from another origin.
"""

import hmac
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from linghang.access.gate import Gate
from linghang.base.errors import ForbiddenError, LinghangError, TooManyError, UnknownActorError

COOKIE = "lh_session"
CSRF_HEADER = "x-csrf-token"
CALLS_PER_MINUTE = 600
REFUSALS_PER_MINUTE = 30
KEPT = 10_000
"""Names whose rates are remembered; beyond them the fullest, which say least, are forgotten."""


class Host(Protocol):
    """What a door needs of an opened installation to know who asks."""

    @property
    def gate(self) -> Gate:
        """How browsers become users, and where refusals are noted."""
        ...

    def bearer(self, token: str) -> str:
        """The principal of an API token. Raises UnknownActorError."""
        ...


@dataclass
class Rate:
    """A token bucket a name: ``per_minute`` on average, as many at once."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str) -> float:
        """Take one; 0 when there was one, else how many seconds until there is."""
        with self._lock:
            left = self._now(name)
            if left < 1:
                return (1 - left) * 60 / self.per_minute
            self._left[name] = (left - 1, self.clock())
            if len(self._left) > KEPT:
                fullest = sorted(self._left, key=self._now, reverse=True)
                for one in fullest[: KEPT // 10]:
                    del self._left[one]
            return 0.0

    def wait(self, name: str) -> float:
        """How many seconds until there is one; takes none."""
        with self._lock:
            left = self._now(name)
            return 0.0 if left >= 1 else (1 - left) * 60 / self.per_minute

    def __len__(self) -> int:
        return len(self._left)

    def _now(self, name: str) -> float:
        left, at = self._left.get(name, (float(self.per_minute), self.clock()))
        return min(float(self.per_minute), left + (self.clock() - at) * self.per_minute / 60)


@dataclass
class Entry:
    """The entry of a door. ``calls`` limits who is known, ``refusals`` how often an address may be refused."""

    host: Host
    calls: Rate = field(default_factory=lambda: Rate(_per_minute()))
    refusals: Rate = field(default_factory=lambda: Rate(REFUSALS_PER_MINUTE))

    def principal(self, headers: Mapping[str, str], cookies: Mapping[str, str], address: str) -> str:
        """Who asks. Raises UnknownActorError, ForbiddenError("access.bad_form" | "access.strange_origin"),
        TooManyError. What is refused is audited, and counted against the address."""
        if wait := self.refusals.wait(address):
            raise TooManyError("access.too_many_calls", retry_s=int(wait) + 1)
        try:
            name = self._known(headers, cookies)
        except ForbiddenError as error:
            self.refusals.take(address)
            self.host.gate.refuse(error.code, address)
            raise
        if wait := self.calls.take(name):
            raise TooManyError("access.too_many_calls", retry_s=int(wait) + 1)
        return name

    def _known(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> str:
        kind, _, secret = headers.get("authorization", "").partition(" ")
        if secret and kind.lower() == "bearer":
            return self.host.bearer(secret.strip())
        cookie = cookies.get(COOKIE, "")
        if not cookie:
            raise UnknownActorError("access.bad_token")
        if strange(headers):
            raise ForbiddenError("access.strange_origin")
        session = self.host.gate.find(cookie).session
        if not hmac.compare_digest(headers.get(CSRF_HEADER, "").encode(), session.csrf.encode()):
            raise ForbiddenError("access.bad_form")
        return session.user


def strange(headers: Mapping[str, str]) -> bool:
    """Whether a request says that a page of another origin sent it (Fetch Metadata, else the Origin header)."""
    site = headers.get("sec-fetch-site", "")
    if site in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin", "")
    return bool(origin) and origin.partition("://")[2] != headers.get("host", "")


def headers_of(error: LinghangError) -> dict[str, str]:
    """The headers that go with a refusal: how to sign in, when to come back."""
    if isinstance(error, UnknownActorError):
        return {"WWW-Authenticate": 'Bearer realm="linghang"'}
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.params.get("retry_s", 1))}
    return {}


def _per_minute() -> int:
    told = os.environ.get("LINGHANG_CALLS_PER_MINUTE", "")
    return int(told) if told.isdigit() and int(told) > 0 else CALLS_PER_MINUTE
