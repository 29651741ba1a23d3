"""The skills that tell of skills."""

from collections.abc import Mapping
from typing import Any

from linghang.kit import skills
from linghang.kit.context import Context
from linghang.kit.skills import Skill, skill


@skill("skills.list", effect="read", permission="skills.read", makes="skills")
def listing(ctx: Context) -> list[Mapping[str, Any]]:
    """Every skill with its manifest and the schema of its arguments."""
    return [_told(found) for found in skills.all_skills()]


@skill("skills.show", effect="read", permission="skills.read", example={"name": "campaign.new"})
def show(ctx: Context, name: str) -> Mapping[str, Any]:
    """One skill's manifest, schema and example."""
    return _told(skills.find(name))


def _told(found: Skill) -> dict[str, Any]:
    return {**vars(found.manifest), "schema": found.schema()}
