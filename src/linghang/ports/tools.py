"""What we ask of servers that offer tools (MCP): their list, and one call. What they answer is data, never an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Tool:
    """A tool as its server describes it. ``reads``: the server says that calling it changes nothing.

    ``meta`` is what the server adds beyond the protocol, by key.
    """

    name: str
    title: str
    description: str
    schema: Mapping[str, Any]
    reads: bool
    meta: Mapping[str, Any] = field(default_factory=dict)


class ToolServers(Protocol):
    """Servers of tools, each by its address: ``http(s)://…``, or the command that starts it and speaks over its pipes.

    A secret is a reference (``env:NAME``): a server with an address gets it as a bearer token, one with a command as
    the variable of that name in its environment. Addresses inside this network are refused unless allowed.
    """

    def tools(self, address: str, *, secret: str = "", timeout: float = 20) -> tuple[Tool, ...]:
        """The tools that a server offers.

        Raises ForbiddenError("outside.forbidden_address"), UnavailableError("outside.unreachable" | "outside.too_large"
        | "outside.no_secret").
        """
        ...

    def call(
        self, address: str, tool: str, arguments: Mapping[str, Any], *, secret: str = "", key: str = "",
        timeout: float = 20,
    ) -> Mapping[str, Any]:  # fmt: skip
        """What a tool answers, as a JSON object; ``key`` is told to it, so that a repeated call does nothing twice.

        Raises what ``tools`` raises, and RefusedError("outside.tool_failed") when the tool says that it failed.
        """
        ...

    def close(self) -> None:
        """End every connection, and the processes of commands."""
        ...
