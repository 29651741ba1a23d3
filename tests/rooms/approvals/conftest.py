"""A database with its users, and the keys of a home."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from approvals.samples import INSTITUTION, NOW
from linghang import access
from linghang.approvals import Keys
from linghang.kit.database import metadata, open_database


@pytest.fixture
def db(tmp_path: Path) -> sa.Engine:
    db = open_database(tmp_path / "app.db")
    metadata.create_all(db)
    access.seed(db, INSTITUTION, NOW)
    return db


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "home")
