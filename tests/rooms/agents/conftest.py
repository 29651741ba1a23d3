"""A home without an engine, and all skills."""

from dataclasses import replace
from pathlib import Path

import pytest

from linghang.access.rights import ROLES
from linghang.agents.staff import instructions
from linghang.app import declare_skills
from linghang.kit.context import Context
from linghang.testing.contexts import context

declare_skills()


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return replace(context(tmp_path, rights=ROLES["operator"]), instructions=instructions())
