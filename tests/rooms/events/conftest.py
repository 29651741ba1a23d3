"""Fixtures of events: one engine, an institution of its own for each test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from linghang.adapters.chdb_engine import ChdbEngine
from linghang.kit.database import metadata, open_database

_numbers = itertools.count()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEngine]:
    """One engine: starting it takes a second."""
    engine = ChdbEngine(tmp_path_factory.mktemp("events"))
    yield engine
    engine.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sa.Engine]:
    """A fresh application database."""
    engine = open_database(tmp_path / "app.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def institution() -> str:
    """An institution that no other test has."""
    return f"e{next(_numbers)}"
