"""Other systems over HTTP: no way to this machine or its network by an address, a redirect, or a name that changes."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from linghang.adapters import http_outside
from linghang.adapters.http_outside import HttpOutside, is_public
from linghang.base.errors import ForbiddenError, RefusedError

ASKED: list[str] = []


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        ASKED.append(self.path)
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()
        self.wfile.write(b"inside")

    def log_message(self, *_args: Any) -> None:
        return None


@pytest.fixture
def port() -> Iterator[int]:
    ASKED.clear()
    server = HTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False), ("2002:a00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_redirect_is_refused_with_where_it_leads_and_not_followed(port: int) -> None:
    host = f"127.0.0.1:{port}"
    with pytest.raises(ForbiddenError, match="redirected") as refused:
        HttpOutside(frozenset({host})).send("GET", f"http://{host}/away")
    assert refused.value.params["to"] == "http://169.254.169.254/latest/meta-data"
    assert ASKED == ["/away"]


def test_a_name_that_changes_its_address_is_asked_once_and_that_answer_is_used(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public at the check, this machine at the connection. The checked address is the one connected to."""
    answers = iter(["203.0.113.7", "127.0.0.1", "127.0.0.1"])
    names: list[str] = []
    connected: list[str] = []
    monkeypatch.setattr(http_outside, "is_public", lambda address: address != "127.0.0.1")

    def resolve(host: str, *_args: Any, **_more: Any) -> list[Any]:
        names.append(host)
        address = host if host[0].isdigit() else next(answers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: Any, *_args: Any, **_more: Any) -> Any:
        connected.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Exception, match="outside.unreachable"):
        HttpOutside().send("GET", f"http://rebind.example:{port}/x")
    assert names.count("rebind.example") == 1
    assert set(connected) <= {"203.0.113.7"}
    assert ASKED == []


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("8.8.8.8", "10.0.0.5")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    with pytest.raises(RefusedError, match="forbidden_address"):
        HttpOutside().send("GET", "http://mixed.example/")
