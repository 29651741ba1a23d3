"""Who looks: the user, language and theme of a browser, and skill calls on the user's behalf."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import uuid4

from nicegui import ui

from linghang.doors.studio.words import Words

ACTORS = ("operator", "designer", "compliance", "approver", "analyst", "admin")
"""The demo users, in the order of the walk."""

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


class Session:
    """A browser's user, language and theme; they live in cookies, so that a restart forgets nobody."""

    def __init__(self, client: Client, actor: str, locale: str, theme: str) -> None:
        self.client = client
        self.actor = actor
        self.t = Words(locale)
        self.theme = theme

    @classmethod
    def of_request(cls, client: Client, locale: str) -> "Session":
        """The session of the page that is being built."""
        request = ui.context.client.request
        cookies: Mapping[str, str] = request.cookies if request is not None else {}
        actor = cookies.get("lh_actor", "operator")
        theme = cookies.get("lh_theme", "light")
        return cls(
            client,
            actor if actor in ACTORS else "operator",
            {"zh": "zh-CN", "en": "en"}.get(cookies.get("lh_locale", ""), locale),
            theme if theme in ("light", "dark") else "light",
        )

    async def call(self, skill: str, /, **arguments: Any) -> Any:
        """A skill's result as JSON values, without holding up other pages. Raises what the skill raised."""
        return await asyncio.to_thread(self.call_now, skill, arguments)

    def call_now(self, skill: str, arguments: Mapping[str, Any], on_progress: Progress | None = None) -> Any:
        """The same, in this thread. Every call has an idempotency key of its own: a resend by the wire is harmless."""
        return self.client.call(
            skill,
            arguments,
            actor=self.actor,
            idempotency_key=uuid4().hex,
            on_progress=on_progress,
            locale=self.t.locale,
        )
