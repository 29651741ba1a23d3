"""Other systems over HTTP, with a guard: no request may reach this machine or its private network unless allowed.

The name is resolved once and the very address that was checked is connected to, so that it cannot change in between.
"""

import ipaddress
import os
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import httpx

from linghang.base.errors import ForbiddenError, UnavailableError
from linghang.ports.outside import Reply

MOST = 2_000_000


class HttpOutside:
    """``allowed`` are host names (with port) that may be private: what ``LINGHANG_ALLOWED_HOSTS`` lists."""

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        self.allowed = allowed

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "HttpOutside":
        """The guard as the environment sets it."""
        return cls(allowed_hosts(environment))

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str | None = None,
        timeout: float = 20,
    ) -> Reply:  # fmt: skip
        """One request to a checked address. Raises as ``checked_address`` does, and for an answer that leads elsewhere
        ForbiddenError("outside.redirected"): where it leads was never checked, so nobody goes there."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = checked_address(url, self.allowed)
        target = f"[{address}]" if ":" in address else address
        pinned = urlunsplit(
            (parts.scheme, f"{target}:{parts.port}" if parts.port else target, parts.path, parts.query, "")
        )
        try:
            with httpx.Client(timeout=timeout, follow_redirects=False) as client, client.stream(
                method, pinned, headers={**(headers or {}), "host": parts.netloc}, content=body,
                extensions={"sni_hostname": host},
            ) as answer:  # fmt: skip
                data = b""
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > MOST:
                        raise UnavailableError("outside.too_large", url=url[:200], most=MOST // 1000)
                if 300 <= answer.status_code < 400:
                    to = answer.headers.get("location", "")
                    raise ForbiddenError("outside.redirected", url=url[:200], to=to[:200])
                return Reply(answer.status_code, data.decode("utf-8", "replace"))
        except (httpx.HTTPError, OSError) as error:
            raise UnavailableError("outside.unreachable", url=url[:200], reason=str(error)[:200]) from error

    def must_be_open(self, url: str) -> None:
        """Whether the guard would let it through; a name that nobody knows today may be known tomorrow."""
        try:
            checked_address(url, self.allowed)
        except UnavailableError:
            return

    def secret(self, reference: str) -> str:
        """The secret that ``env:NAME`` names."""
        value = os.environ.get(reference.removeprefix("env:"), "") if reference.startswith("env:") else ""
        if not value:
            raise UnavailableError("outside.no_secret", secret=reference)
        return value


def allowed_hosts(environment: Mapping[str, str]) -> frozenset[str]:
    """Hosts (with port) that may be private, as ``LINGHANG_ALLOWED_HOSTS`` lists them."""
    names = environment.get("LINGHANG_ALLOWED_HOSTS", "").split(",")
    return frozenset(name.strip() for name in names if name.strip())


def checked_address(url: str, allowed: frozenset[str]) -> str:
    """The address to connect to for a URL, resolved once.

    Raises ForbiddenError("outside.forbidden_address") for one that is not public and not allowed,
    UnavailableError("outside.unreachable") for a name that nobody knows.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise ForbiddenError("outside.forbidden_address", url=url[:200])
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise UnavailableError("outside.unreachable", url=url[:200], reason=str(error)[:200]) from error
    if parts.netloc not in allowed and not all(is_public(one) for one in found):
        raise ForbiddenError("outside.forbidden_address", url=url[:200])
    return sorted(found)[0]


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""Addresses that a gateway translates to version 4 (RFC 6052)."""


def is_public(text: str) -> bool:
    """Whether an address is one of the public network, also by the older address that it may carry inside."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None and not is_public(str(inner)):
        return False
    return address.is_global and not address.is_multicast
