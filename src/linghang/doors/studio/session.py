"""Who looks: the user, language and theme of a browser, and skill calls on the user's behalf."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import uuid4

from nicegui import ui

from linghang.access.rights import ROLES
from linghang.doors.studio.words import Words

ACTORS = ("operator", "designer", "compliance", "approver", "analyst", "engineer", "admin")
"""The roles, in the order of the walk; the demo users are called after them."""

Progress = Callable[[Mapping[str, Any]], None]


class Client(Protocol):
    """What the studio asks of the home: skill calls and files."""

    def call(
        self,
        skill: str,
        arguments: Mapping[str, Any],
        *,
        actor: str,
        idempotency_key: str = "",
        on_progress: Progress | None = None,
        locale: str = "",
    ) -> Any:
        """A skill's result as JSON values."""
        ...

    def file(self, digest: str) -> bytes:
        """The bytes of a content digest."""
        ...

    def gate(self, act: str, **told: str) -> Any:
        """An act of the gate: who a cookie stands for, signing in and out."""
        ...


class Session:
    """A browser's user, language and theme. ``roles`` are the user's; ``role`` is the one whose desk is shown.

    ``principal`` is what calls go out under: the user of a session that must still live at each call.
    """

    def __init__(
        self, client: Client, actor: str, locale: str, theme: str, *, roles: Sequence[str] = (), label: str = "",
        id: str = "", csrf: str = "", can_switch: bool = False,
    ) -> None:  # fmt: skip
        self.client = client
        self.actor = actor
        self.t = Words(locale)
        self.theme = theme
        self.roles = tuple(roles) or ((actor,) if actor in ACTORS else ())
        self.role = next((role for role in ACTORS if role in self.roles), "operator")
        self.label = label
        self.csrf = csrf
        self.can_switch = can_switch
        self.principal = f"{actor}#{id}" if id else actor

    @property
    def rights(self) -> frozenset[str]:
        """What the user's roles may do."""
        return frozenset[str]().union(*(ROLES.get(role, frozenset()) for role in self.roles))

    @classmethod
    def of_request(cls, client: Client, locale: str, switch: "Callable[[Any, Any], bool]") -> "Session":
        """The session of the page that is being built; the gate has found its visitor."""
        request = ui.context.client.request
        visitor: Mapping[str, Any] = request.scope["lh_visitor"]
        cookies: Mapping[str, str] = request.cookies
        theme = cookies.get("lh_theme", "light")
        return cls(
            client,
            str(visitor["session"]["user"]),
            {"zh": "zh-CN", "en": "en"}.get(cookies.get("lh_locale", ""), locale),
            theme if theme in ("light", "dark") else "light",
            roles=[str(role) for role in visitor["roles"]],
            label=str(visitor["label"]),
            id=str(visitor["session"]["id"]),
            csrf=str(visitor["session"]["csrf"]),
            can_switch=switch(request, visitor),
        )

    async def call(self, skill: str, /, **arguments: Any) -> Any:
        """A skill's result as JSON values, without holding up other pages. Raises what the skill raised."""
        return await asyncio.to_thread(self.call_now, skill, arguments)

    def call_now(self, skill: str, arguments: Mapping[str, Any], on_progress: Progress | None = None) -> Any:
        """The same, in this thread. Every call has an idempotency key of its own: a resend by the wire is harmless."""
        return self.client.call(
            skill,
            arguments,
            actor=self.principal,
            idempotency_key=uuid4().hex,
            on_progress=on_progress,
            locale=self.t.locale,
        )
