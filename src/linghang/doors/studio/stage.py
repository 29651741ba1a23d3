"""A page's stage: named boxes that are filled with markup, and handlers that its controls call by name.

Cards are pure functions of values to markup; what a person does arrives here as ``{act, args, form}`` from one
listener in the browser (assets/studio.js). A refusal becomes a note with the sentence of its code: what happened,
what is safe, what to do.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from nicegui import events, ui
from nicegui.element import Element

from linghang.base.errors import LinghangError, UnknownActorError
from linghang.base.messages import render, spoken
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Child, Markup, div, join, tag
from linghang.doors.studio.pieces import Pieces
from linghang.doors.studio.session import Session
from linghang.doors.studio.work import Works

Told = Mapping[str, Any]
Handler = Callable[[Told], Awaitable[None] | None]


class Stage:
    """The page that one browser tab shows."""

    def __init__(self, session: Session, works: Works) -> None:
        self.session = session
        self.t = session.t
        self.works = works
        self._boxes: dict[str, Element] = {}
        self._html: dict[str, ui.html] = {}
        self._shown: dict[str, str] = {}
        self._handlers: dict[str, Handler] = {}
        self._pieces = Pieces()
        self.path = ""
        self.context: Callable[[], Mapping[str, Any]] = dict
        """What of the page's content the navigator is told with a sentence (an audience's rule)."""
        self.client = ui.context.client
        ui.on("lh", self._heard)

    def box(self, key: str, cls: str = "", *children: Child, kind: str = "div") -> AbstractContextManager[Element]:
        """A named box at the present place of the page, with markup in it or open for other boxes and charts."""
        element = ui.element(kind).classes(cls).props(f'id="b-{key}"')
        self._boxes[key] = element
        # A box inside one that was refilled is made anew: what its forerunner showed went with that.
        self._html.pop(key, None)
        self._shown.pop(key, None)
        if children:
            self.show(key, *children)
        return element

    def show(self, key: str, *children: Child) -> None:
        """Fill a box with markup; nothing is sent where it is the same."""
        markup = join(*children)
        if self._shown.get(key) == markup:
            return
        self._shown[key] = markup
        if key in self._html:
            self._html[key].set_content(markup)
            return
        with self._boxes[key]:
            self._html[key] = ui.html(markup, sanitize=False).classes("lh-html")

    def refill(self, key: str) -> Element:
        """Empty a box for charts and other elements; use it as a context."""
        self._html.pop(key, None)
        self._shown.pop(key, None)
        self._boxes[key].clear()
        return self._boxes[key]

    def shows(self, key: str) -> bool:
        """Whether a box shows anything."""
        return bool(self._shown.get(key))

    async def tell(self, name: str, told: Told) -> None:
        """Let the page's own handler of that name hear something, if it has one."""
        handler = self._handlers.get(name)
        outcome = handler(told) if handler is not None else None
        if inspect.isawaitable(outcome):
            await outcome

    def has(self, key: str) -> bool:
        """Whether the page has a box of that name."""
        return key in self._boxes

    def on(self, name: str, handler: Handler) -> None:
        """Let controls with ``act(name, …)`` call ``handler`` with their arguments and the fields of their form."""
        self._handlers[name] = handler

    async def _heard(self, event: events.GenericEventArguments) -> None:
        told = event.args[0] if isinstance(event.args, list) and event.args else event.args
        if not isinstance(told, Mapping):
            return
        handler = self._handlers.get(str(told.get("act")))
        if handler is None:
            return
        # A page may have changed its address (a draft that got its id) since it was opened.
        self.path = str(told.get("path") or self.path)
        arguments = self._pieces.whole({**(told.get("form") or {}), **(told.get("args") or {})})
        if arguments is None:
            return
        try:
            outcome = handler(arguments)
            if inspect.isawaitable(outcome):
                await outcome
        except LinghangError as error:
            self.fail(error)
        finally:
            self.run("lh.idle()")

    async def attempt(self, work: Awaitable[Any]) -> Any:
        """The result of a call, or None after telling what was wrong."""
        try:
            return await work
        except LinghangError as error:
            self.fail(error)
            return None

    def run(self, script: str) -> None:
        """Run a script in the browser; a tab that has gone is not waited for."""
        if self.client.has_socket_connection:
            self.client.run_javascript(script)

    def toast(self, text: str, kind: str = "ok") -> None:
        """A short note that goes away by itself."""
        self.run(f"lh.toast({json.dumps(text)}, {json.dumps(kind)})")

    def fail(self, error: LinghangError) -> None:
        """Tell an error: its sentence, and the findings that stand behind it. Who was signed out signs in again."""
        if isinstance(error, UnknownActorError):
            self.run('location.href="/sign-in?why=ended&next="+encodeURIComponent(location.pathname+location.search)')
            return
        if error.findings:
            told = self.findings(error)
            self.dialog(
                self.t("refused.title"),
                div("refused", tag("p", self.sentence(error)), [blocks.finding_line(self.t, item) for item in told]),
            )
            return
        self.toast(self.sentence(error), "bad")

    def findings(self, error: LinghangError) -> list[dict[str, Any]]:
        """The findings behind an error, with their sentences in the reader's language."""
        return [
            {
                "severity": finding.severity.value,
                "message": render(finding.code, spoken(finding.params, self.t.locale, self.t.zone), self.t.locale),
                "about": finding.about,
            }
            for finding in error.findings
        ]

    def sentence(self, error: LinghangError) -> str:
        """The sentence of an error in the reader's language; a missing right by the names of person and skill."""
        if error.code == "access.no_right":
            who, skill = str(error.params.get("actor", "")), str(error.params.get("skill", ""))
            name = self.t(f"actor.{who}") if self.t.has(f"actor.{who}") else who
            return self.t("no_right", who=name, what=self.t.told(f"skill_title.{skill}", otherwise=skill))
        params = {key: value for key, value in error.params.items() if not isinstance(value, Mapping)}
        return render(error.code, spoken(params, self.t.locale, self.t.zone), self.t.locale)

    def dialog(self, title: str, body: Markup, *, cls: str = "", foot: Markup | None = None) -> None:
        """Open a dialog; Esc closes it."""
        head = div(
            "dialog-head",
            tag("h2", title, id="dialog-title"),
            blocks.icon_button("close", self.t("close"), data_close=True),
        )
        self.show("dialog", div(f"dialog-inner {cls}", head, div("dialog-body", body), foot))
        self.run("lh.open()")

    def confirm(self, title: str, text: str, do: Mapping[str, str], name: str, *, danger: bool = False) -> None:
        """Ask before an act: ``text`` names what it will touch, ``name`` is the act's own word on the button."""
        foot = div(
            "dialog-foot",
            blocks.button(self.t("cancel"), data_close=True),
            blocks.button(name, do, kind="danger" if danger else "primary", data_close_after=True),
        )
        self.dialog(title, div("form", tag("p", text), foot, data_form=True))

    def close(self) -> None:
        """Close the dialog."""
        self.run("lh.close()")

    def go(self, path: str) -> None:
        """Show another page."""
        ui.navigate.to(path)
