"""HTTP for image servers: one deadline over everything, a limit of bytes, and errors that say what happened."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from linghang.base.errors import RefusedError, UnavailableError

MOST_BYTES = 32_000_000
"""More than any picture of our sizes needs; a server that sends more is broken or hostile."""


@dataclass(frozen=True)
class Deadline:
    """A point on the monotonic clock by which everything must be done."""

    server: str
    ends: float

    def left(self) -> float:
        """Seconds left. Raises UnavailableError("images.timeout") when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise UnavailableError("images.timeout", server=self.server)
        return left


def within(server: str, seconds: float) -> Deadline:
    """A deadline ``seconds`` from now."""
    return Deadline(server, time.monotonic() + seconds)


def call(deadline: Deadline, method: str, url: str, **values: Any) -> bytes:
    """The body of a 2xx answer, read in pieces so that a server that drips cannot outlast the deadline.

    A 4xx answer whose error speaks of policy or safety is a RefusedError; everything else is unavailable.
    """
    timeout = httpx.Timeout(min(deadline.left(), 30.0))
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False) as client,
            client.stream(method, url, **values) as got,
        ):
            body = bytearray()
            for piece in got.iter_bytes():
                deadline.left()
                body += piece
                if len(body) > MOST_BYTES:
                    raise UnavailableError("images.too_large", server=deadline.server, limit=MOST_BYTES)
            if got.status_code >= 300:
                _failed(deadline.server, got.status_code, bytes(body))
            return bytes(body)
    except httpx.TimeoutException as error:
        raise UnavailableError("images.timeout", server=deadline.server) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnavailableError("images.unreachable", server=deadline.server, reason=type(error).__name__) from error


def _failed(server: str, status: int, body: bytes) -> None:
    said = body[:2000].decode("utf-8", "replace").lower()
    if status in (400, 403, 422) and any(word in said for word in ("content_policy", "safety", "moderation", "nsfw")):
        raise RefusedError("images.refused", server=server)
    raise UnavailableError("images.bad_answer", server=server, reason=f"HTTP {status}")


def answer(server: str, body: bytes) -> Mapping[str, Any]:
    """The body as a JSON object. Raises UnavailableError("images.bad_answer") for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, UnicodeDecodeError) as error:
        raise UnavailableError("images.bad_answer", server=server, reason="no JSON") from error
    if not isinstance(value, dict):
        raise UnavailableError("images.bad_answer", server=server, reason="no object")
    return value


def same_host(url: str, base: str) -> bool:
    """Whether a URL that a server hands out points back at the server: others are not followed (SSRF)."""
    one, other = urlsplit(url), urlsplit(base)
    return one.scheme in ("http", "https") and one.netloc == other.netloc
