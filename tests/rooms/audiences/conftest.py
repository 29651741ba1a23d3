"""Fixtures of audiences."""

from collections.abc import Iterator

import pytest

from .world import World, make


@pytest.fixture(scope="session", params=[1, 2])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An institution; two of them, from different seeds."""
    made = make(tmp_path_factory.mktemp("world"), request.param)
    yield made
    made.context.analytics.close()
    made.context.db.dispose()
