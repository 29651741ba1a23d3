"""Fixtures of audiences."""

from collections.abc import Iterator

import pytest

from linghang.adapters.chdb_engine import ChdbEngine
from linghang.testing.institution import World, make


@pytest.fixture(scope="session", params=[1, 2])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An institution; two of them, from different seeds."""
    home = tmp_path_factory.mktemp("world")
    made = make(home, ChdbEngine(home / "analytics"), request.param)
    yield made
    made.context.analytics.close()
    made.context.db.dispose()
