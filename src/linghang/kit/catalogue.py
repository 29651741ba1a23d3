"""The skills that tell of skills."""

from collections.abc import Mapping
from typing import Any

from linghang.base.messages import render
from linghang.kit import skills
from linghang.kit.context import Context
from linghang.kit.skills import Skill, skill


@skill("skills.list", effect="read", permission="skills.read", makes="skills")
def listing(ctx: Context) -> list[Mapping[str, Any]]:
    """Every skill with its manifest and the schema of its arguments; title and description in the locale."""
    return [_told(found, ctx.locale) for found in skills.all_skills()]


@skill("skills.show", effect="read", permission="skills.read", example={"name": "campaign.new"})
def show(ctx: Context, name: str) -> Mapping[str, Any]:
    """One skill's manifest, schema and example."""
    return _told(skills.find(name), ctx.locale)


def title(name: str, locale: str) -> str:
    """What a skill is called for people; its name where nobody has given it another.

    Another system's skill is called what its description says of it.
    """
    worded = _worded(f"skill_title.{name}", locale)
    told = skills.find(name).manifest if not worded and skills.known(name) else None
    summary = told.description.partition("\n")[0] if told is not None and told.origin else ""
    return worded or (summary if 0 < len(summary) <= _LONGEST_TITLE else name)


_LONGEST_TITLE = 40


def _told(found: Skill, locale: str) -> dict[str, Any]:
    name = found.manifest.name
    first = found.manifest.description.partition("\n")[0]
    about = _worded(f"skill_about.{name}", locale) or first
    return {**vars(found.manifest), "schema": found.schema(), "title": title(name, locale), "about": about,
            "origin": origin(found)}  # fmt: skip


def origin(found: Skill) -> str:
    """Where a skill came from: built in, a package's entry point, an OpenAPI description, or an MCP server."""
    if found.manifest.origin:
        return found.manifest.origin
    return "own" if found.function.__module__.partition(".")[0] == "linghang" else "package"


def _worded(code: str, locale: str) -> str:
    told = render(code, {}, locale)
    return "" if told == code else told
