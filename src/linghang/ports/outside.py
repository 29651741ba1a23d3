"""What we ask of systems that the institution has already: one request, one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Reply:
    """What a system answered."""

    status: int
    text: str


class Outside(Protocol):
    """Calls other systems over HTTP. Addresses inside this machine and its network are refused unless allowed."""

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str | None = None,
        timeout: float = 20,
    ) -> Reply:  # fmt: skip
        """One request; redirects are not followed.

        Raises ForbiddenError("outside.forbidden_address" | "outside.redirected"),
        UnavailableError("outside.unreachable" | "outside.too_large").
        """
        ...

    def must_be_open(self, url: str) -> None:
        """Asks nothing there. Raises ForbiddenError("outside.forbidden_address") for what would be refused anyway."""
        ...

    def secret(self, reference: str) -> str:
        """The secret that ``env:NAME`` names. Raises UnavailableError("outside.no_secret")."""
        ...
