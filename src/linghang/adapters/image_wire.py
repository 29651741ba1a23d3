"""HTTP for image servers: one deadline over everything, a limit of bytes, and errors that say what happened."""

import ipaddress
import json
import socket
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
    _must_not_be_link_local(deadline.server, url)
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
            if 300 <= got.status_code < 400:
                raise RefusedError("images.elsewhere", server=deadline.server, to=got.headers.get("location", "")[:200])
            if got.status_code >= 400:
                _failed(deadline.server, got.status_code, bytes(body))
            return bytes(body)
    except httpx.TimeoutException as error:
        raise UnavailableError("images.timeout", server=deadline.server) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnavailableError("images.unreachable", server=deadline.server, reason=type(error).__name__) from error


def _must_not_be_link_local(server: str, url: str) -> None:
    """An image server may stand in the own network: the machine's environment names it. Never at a link-local address,
    where clouds give out their keys. Raises RefusedError("images.elsewhere")."""
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname or "", parts.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return  # nobody knows the name: the request itself says so
    for address in {ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found}:
        inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        if (inner or address).is_link_local:
            raise RefusedError("images.elsewhere", server=server, to=url[:200])


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


def must_be_same_host(server: str, url: str, base: str) -> None:
    """A URL that a server hands out must point back at the server. Raises RefusedError("images.elsewhere") (SSRF)."""
    one, other = urlsplit(url), urlsplit(base)
    if one.scheme not in ("http", "https") or one.netloc != other.netloc:
        raise RefusedError("images.elsewhere", server=server, to=url[:200])
