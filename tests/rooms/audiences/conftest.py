"""Fixtures of audiences."""

from collections.abc import Iterator

import pytest

from linghang import app
from linghang.access.rights import ROLES
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.kit.context import Context
from linghang.testing.contexts import context
from linghang.testing.institution import World, make

from .demo_bank import AUDIT, SIZE, people


@pytest.fixture(scope="session", params=[1, 2])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An institution; two of them, from different seeds."""
    home = tmp_path_factory.mktemp("world")
    made = make(home, ChdbEngine(home / "analytics"), request.param)
    yield made
    made.context.analytics.close()
    made.context.db.dispose()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEngine]:
    """One engine: starting it takes a second."""
    made = ChdbEngine(tmp_path_factory.mktemp("engine"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def bank(engine: ChdbEngine, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Three thousand customers of the demo pack, and an operator."""
    app.declare_skills()
    ctx = context(tmp_path_factory.mktemp("bank"), rights=ROLES["operator"], engine=engine, audit=AUDIT)
    people(ctx, SIZE, "first")
    return ctx
