"""An approved campaign in a folder."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from delivery.house import approved, database
from linghang.campaigns.model import Package


@pytest.fixture
def db(tmp_path: Path) -> sa.Engine:
    return database(tmp_path)


@pytest.fixture
def package(db: sa.Engine, tmp_path: Path) -> Package:
    return approved(db, tmp_path)
