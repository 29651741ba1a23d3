"""Fixtures for all tests. No test reaches outside the repository: the network is closed but for loopback."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("tests", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: object) -> object:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"tests may not connect to {host}")
    return _connect(self, address)


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture(scope="session")
def uci_bank() -> Path:
    """The real table of 41,188 customers; skipped with a word on where to get it, but never in CI."""
    told = os.environ.get("LINGHANG_UCI_BANK")
    default = Path(__file__).parents[2] / "shared" / "data" / "uci_bank" / "bank-additional-full.csv"
    path = Path(told) if told else default
    if path.is_dir():
        path = path / "bank-additional-full.csv"
    if not path.is_file():
        message = "bank-additional-full.csv (UCI Machine Learning Repository, Bank Marketing) not found; see README"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path
