"""The campaign document: named sections with hashes, versions and what made them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from linghang.base.findings import Finding
from linghang.campaigns.sections import GIVEN, Json

SCHEMA_VERSION = 1


class Status(StrEnum):
    """Where a campaign stands; it follows from the ledgers and never changes a signed package."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REJECTED = "rejected"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True)
class Section:
    """One section: its value, the value's digest, and how it came to be.

    ``key`` is the digest of the inputs' digests and the skill's version: equal keys, equal values. ``inputs`` maps
    an input's path to its digest. ``millis`` is wall time, ``cpu_millis`` CPU time of this process. ``cause`` is a code
    that says why it was (re)computed. A given section has no key.
    """

    name: str
    value: Any
    digest: str
    key: str = ""
    skill: str = ""
    skill_version: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    millis: float = 0.0
    cpu_millis: float = 0.0
    cause: str = ""
    findings: tuple[Finding, ...] = ()
    pinned: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["given", "derived"]:
        """Whether people write it or the compiler derives it."""
        return "given" if self.name in GIVEN else "derived"


@dataclass(frozen=True)
class Campaign:
    """A version of a campaign document."""

    id: str
    institution_id: str
    version: int
    owner: str
    created: datetime
    updated: datetime
    sections: Mapping[str, Section]
    status: Status = Status.DRAFT
    schema_version: int = SCHEMA_VERSION
    parent: str = ""
    """The campaign that this one was cloned from."""

    def value(self, name: str) -> Any:
        """The value of a section, or None where it is not there yet."""
        section = self.sections.get(name)
        return None if section is None else section.value

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of all sections, in the order of the walk."""
        return tuple(finding for section in self.sections.values() for finding in section.findings)


@dataclass(frozen=True)
class Package:
    """What is signed: the sections that decide what customers get, as canonical JSON values, with their hash.

    ``hash`` is the digest of everything else here. ``seed`` and ``salt`` fix assignment and exploration;
    ``exploration`` bounds the share of traffic that the policy may try other variants on.
    """

    hash: str
    institution_id: str
    campaign_id: str
    version: int
    pack: str
    sections: Mapping[str, Json]
    salt: str
    policy: str = "expected_value/1"
    exploration: float = 0.1
    seed: int = 0
