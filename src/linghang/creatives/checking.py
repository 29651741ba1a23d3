"""What copy asks of a checker while it is being written: compliance, wrapped by the flow."""

from collections.abc import Callable
from dataclasses import dataclass

from linghang.base.findings import Finding


@dataclass(frozen=True)
class Material:
    """A text as it will be seen, for the checker: with signature, way out and disclosures.

    The texts of one place come joined, a line each, because a customer sees them together; ``role`` is then empty.
    """

    text: str
    place: str
    channel: str
    role: str
    lang: str


@dataclass(frozen=True)
class Checked:
    """What the checker says: findings, and codes of disclosures that the text must still carry.

    A finding whose ``evidence`` names a ``disclosure`` says no more than ``missing`` does.
    """

    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()


Checker = Callable[[Material], Checked]
