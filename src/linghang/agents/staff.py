"""Domain agents: each has its skills, its slice of knowledge and its instructions; the navigator hands over to them.

A hand-over is a task with a type: the domain gets the words, the arguments and its own slice, and gives back a value of
that type. It sees nothing of the other domains' context.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from linghang import knowledge
from linghang.agents.memory import tokens
from linghang.agents.model import Json, Step
from linghang.packs.model import Label, Pack

SLICE = 500
"""The most tokens of instructions, words and documents that a domain is handed with a task."""


@dataclass(frozen=True)
class Domain:
    """A domain agent. ``skills`` are names, or prefixes that end with a dot; ``knowledge`` kinds of documents."""

    id: str
    label: Label
    skills: tuple[str, ...]
    knowledge: tuple[str, ...]
    instructions: str = ""
    version: str = ""


@dataclass(frozen=True)
class Handover:
    """A task for a domain: what to make, of which words, with which passages; ``tokens`` is what it is told.

    ``instructions`` are the domain's own, with their version: what a model is told that speaks for it.
    """

    domain: str
    step: str
    skill: str
    makes: str
    sources: tuple[Mapping[str, Json], ...]
    tokens: int
    instructions: str = ""


@functools.cache
def domains() -> tuple[Domain, ...]:
    """The domain agents of this house."""
    rows: list[dict[str, Any]] = yaml.safe_load(
        (resources.files("linghang.agents") / "domains.yaml").read_text("utf-8")
    )
    return tuple(
        Domain(row["id"], Label(*(part.strip() for part in row["label"].split("|"))), tuple(row["skills"]),
               tuple(row["knowledge"]), *_instructions(row["id"]))
        for row in rows
    )  # fmt: skip


def _instructions(domain: str) -> tuple[str, str]:
    """The text of ``prompts/domains/NAME.md`` and its version."""
    text = (resources.files("linghang.agents") / "prompts" / "domains" / f"{domain}.md").read_text("utf-8")
    _, head, body = text.split("---\n", 2)
    return body.strip(), str(yaml.safe_load(head)["version"])


def instructions() -> Mapping[str, str]:
    """What a model is told that speaks for a domain, by domain."""
    return {item.id: item.instructions for item in domains()}


def rooms() -> frozenset[str]:
    """The first words of the skills of this house; a skill with another first word came from elsewhere."""
    return frozenset(name.partition(".")[0] for domain in domains() for name in domain.skills)


def domain_of(skill: str) -> str:
    """The domain whose agent calls a skill; a foreign skill is of the domain of its own first word."""
    fitting = [
        (len(name), domain.id)
        for domain in domains()
        for name in domain.skills
        if skill == name or (name.endswith(".") and skill.startswith(name))
    ]
    return max(fitting)[1] if fitting else skill.partition(".")[0]


def hand_over(step: Step, text: str, pack: Pack, index: knowledge.Index) -> Handover:
    """A step as a task for its domain, with the passages of its slice that are about the words."""
    found = next((item for item in domains() if item.id == step.domain), None)
    sources: list[dict[str, Json]] = []
    told = found.instructions if found else ""
    spent = tokens(text) + tokens(told)
    for kind in found.knowledge if found else ():
        for hit in knowledge.search(index, pack, text[:200], 2, knowledge.Filter(kind=kind)):
            cost = tokens(hit.text)
            if hit.score > _RELEVANT and spent + cost <= SLICE:
                spent += cost
                sources.append({"title": hit.title, "source": hit.source, "section": hit.section, "text": hit.text,
                                "start": hit.start, "end": hit.end})  # fmt: skip
    return Handover(step.domain, step.id, step.skill, step.makes, tuple(sources), spent, told)


_RELEVANT = 1.7


def labels(locale: str) -> Mapping[str, str]:
    """The domains' names in a locale."""
    return {item.id: item.label.of(locale) for item in domains()}


def skills_of(domain: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of some skills that a domain's agent calls."""
    return tuple(name for name in names if domain_of(name) == domain)
