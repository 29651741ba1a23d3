"""A home without an engine, and all skills."""

from pathlib import Path

import pytest

from linghang.access.rights import ROLES
from linghang.app import declare_skills
from linghang.kit.context import Context
from linghang.testing.contexts import context

declare_skills()


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return context(tmp_path, rights=ROLES["operator"])
