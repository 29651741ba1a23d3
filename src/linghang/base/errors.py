"""Errors: what can go wrong, drawn as a tree, with a code and data instead of sentences.

    LinghangError
    ├── UsageError            the caller asked for something malformed          (exit 2)
    │   └── PackError         a pack file is wrong: file, line, what is allowed
    ├── RefusedError          understood, and refused with findings             (exit 1)
    │   ├── ForbiddenError    the actor lacks the right
    │   │   └── UnknownActorError   nobody knows who asks: no, a wrong or an ended sign-in or token
    │   ├── TooManyError      asked too often; ``retry_s`` says when to come back
    │   ├── ConflictError     the thing changed, or is owned by somebody else
    │   └── UnknownItemError  a name or id that does not exist
    └── UnavailableError      something needed is not there or not answering    (exit 3)

The text for people is rendered at the door from ``code`` and ``params`` (see ``base.messages``).
"""

from collections.abc import Mapping
from typing import ClassVar

from linghang.base.findings import Finding

Param = str | int | float | bool | None


class LinghangError(Exception):
    """Anything that Linghang raises on purpose: a message code, its parameters and findings."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, findings: tuple[Finding, ...] = (), **params: Param) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: Mapping[str, Param] = params
        self.findings = findings
        self.zone = ""
        """The zone of the institution that it was raised in; empty where none is known."""

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.code}({details})"


class UsageError(LinghangError):
    """The request is malformed: what was asked, what exists, what to do."""

    exit_code = 2


class PackError(UsageError):
    """A pack is wrong. ``findings`` name file, line and what is allowed."""


class RefusedError(LinghangError):
    """The request was understood and refused; ``findings`` say why."""

    exit_code = 1


class ForbiddenError(RefusedError):
    """The actor has no right to do this."""


class UnknownActorError(ForbiddenError):
    """Who asks did not show who that is: no sign-in or token, or one that is wrong, expired or ended."""


class TooManyError(RefusedError):
    """Asked too often. ``params["retry_s"]`` is how many seconds to wait."""


class ConflictError(RefusedError):
    """The state changed underneath, or another owner holds it."""


class UnknownItemError(RefusedError):
    """A name or id that does not exist; ``params`` carry the nearest ones."""


class UnavailableError(LinghangError):
    """Something needed (home, engine, server, file) is not available now."""

    exit_code = 3
