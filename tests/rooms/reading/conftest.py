"""Readers of the shipped packs on the day that the contract fixes: Monday, 23 November 2026."""

import datetime as dt

import pytest

from linghang import packs
from linghang.packs import Pack
from linghang.reading import Reading, ask, read

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="session")
def demo() -> Pack:
    return packs.load("demo")


@pytest.fixture(scope="session")
def bank() -> Pack:
    return packs.load("uci-bank")


@pytest.fixture
def brief(demo: Pack):
    """Reads a sentence that must be a brief."""

    def reader(text: str) -> dict:
        found = read(text, today=TODAY, pack=demo)
        assert found.kind == "brief", (found.kind, found.alternatives)
        return dict(found.reading)

    return reader


@pytest.fixture
def changed(demo: Pack):
    """Reads an edit of a base and gives the reading after it."""

    def reader(base: dict, text: str) -> dict:
        found = read(text, today=TODAY, pack=demo, after=base)
        assert found.kind == "edit", (found.kind, found.alternatives)
        return dict(found.reading)

    return reader


@pytest.fixture
def asked(demo: Pack):
    """Reads a question about results."""

    def reader(text: str) -> dict:
        found: Reading = ask(text, today=TODAY, pack=demo)
        assert found.kind == "analysis", (found.kind, found.alternatives)
        return dict(found.reading)

    return reader
