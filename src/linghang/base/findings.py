"""Finding: the one type in which checks, forecasts, reviewers and read-outs speak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs. S1 blocks, S2 must be fixed, S3 needs a person, S4 is advice."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


@dataclass(frozen=True)
class Fix:
    """A mend that one click applies: a patch of the document, or a replacement text."""

    code: str
    patch: tuple[Mapping[str, object], ...] = ()
    text: str | None = None


@dataclass(frozen=True)
class Finding:
    """Something that a person should know about ``about``.

    ``code`` and ``params`` are rendered per locale at the door; ``span`` counts code points of the text that
    was checked, half-open; ``evidence`` carries citations (law, article, effective, verified) or figures.
    """

    code: str
    severity: Severity
    about: str = ""
    span: tuple[int, int] | None = None
    params: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    evidence: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    fix: Fix | None = None


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding forbids going on (S1) or must be mended first (S2)."""
    return any(finding.severity in (Severity.S1, Severity.S2) for finding in findings)
