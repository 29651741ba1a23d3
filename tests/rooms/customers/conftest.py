"""Fixtures of customers: one engine for all tests, an institution of its own for each."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from linghang import customers, packs
from linghang.adapters.chdb_engine import ChdbEngine
from linghang.kit.database import metadata, open_database
from linghang.packs.model import Attribute, Choice, CustomerTable, Label, Pack

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
_numbers = itertools.count()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEngine]:
    """One engine: starting it takes a second."""
    engine = ChdbEngine(tmp_path_factory.mktemp("customers"))
    yield engine
    engine.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sa.Engine]:
    """A fresh application database."""
    engine = open_database(tmp_path / "app.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def label(text: str) -> Label:
    """The same name in both languages."""
    return Label(text, text)


PACK = replace(
    packs.load("demo"),
    attributes=(
        Attribute("age", "integer", label("age"), low=0, high=120),
        Attribute("income", "money", label("income"), column="income_yuan"),
        Attribute("joined", "date", label("joined")),
        Attribute(
            "level", "ordinal", label("level"), choices=(Choice("C1", label("low")), Choice("C2", label("high")))
        ),
    ),
    customers=CustomerTable(id_column="customer_id", required=("customer_id", "age")),
    digest="",
)


@pytest.fixture
def institution(engine: ChdbEngine, db: sa.Engine) -> Callable[..., customers.Target]:
    """Makes an institution that nobody else has."""
    name = f"i{next(_numbers)}"

    def target(pack: Pack = PACK, now: dt.datetime = NOW) -> customers.Target:
        return customers.Target(engine, db, name, pack, now, TODAY)

    return target
