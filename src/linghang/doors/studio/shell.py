"""The frame around every page: rail, top bar, palette, keys; at 390 px a bottom bar and a sheet with all rooms."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import quote

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks, palette, talk
from linghang.doors.studio.gate import Place, can_switch
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, div, join, raw, span, tag
from linghang.doors.studio.session import ACTORS, Client, Session
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Works

ROOMS: Mapping[str, str] = {
    "desk": "/",
    "insights": "/insights",
    "campaigns": "/campaigns",
    "audiences": "/audiences",
    "benefits": "/benefits",
    "creatives": "/creatives",
    "pages": "/pages",
    "delivery": "/delivery",
    "approvals": "/approvals",
    "calendar": "/calendar",
    "analysis": "/analysis",
    "knowledge": "/knowledge",
    "settings": "/settings",
}
"""Room → path, in the order of the rail."""

_AFTER_LINE = frozenset({"insights", "delivery", "calendar", "knowledge"})
_BOTTOM = ("desk", "campaigns", "approvals", "analysis")


class Studio:
    """What all pages share: the client of the home, the work under way, the assets' version."""

    def __init__(self, client: Client, locale: str, version: str, place: Place) -> None:
        self.client = client
        self.place = place
        self.locale = locale
        self.version = version
        self.works = Works()
        self.tabs: dict[str, list[tuple[str, str]]] = {}

    def tab(self, room: str, name: str, path: str) -> None:
        """Declare a page of a room (in ``register``). A room with two or more shows them as tabs and in the palette;
        the sentence ``studio.tab.NAME`` is what it is called."""
        self.tabs[room] = sorted([*self.tabs.get(room, ()), (name, path)], key=lambda page: page[1].count("/"))

    @asynccontextmanager
    async def page(
        self, room: str, *, crumbs: Sequence[str] = (), cls: str = "", tab: str = ""
    ) -> AsyncGenerator[Stage]:
        """Build a page: yields its stage, inside the main column. ``crumbs`` are codes of names below the room,
        ``tab`` is the page's own among the room's tabs, ``cls`` its width (``narrow``, ``wide``)."""
        session = Session.of_request(self.client, self.locale, partial(can_switch, self.place))
        stage = Stage(session, self.works)
        campaigns = await _campaigns(session)
        waiting = sum(1 for row in campaigns if row.get("status") == "in_review")
        ui.page_title(
            " · ".join([*(session.t(code) for code in reversed(crumbs)), session.t(f"room.{room}"), session.t("name")])
        )
        ui.add_head_html(self._head(session))
        _frame(session, room, crumbs, campaigns, waiting, self.tabs)
        with ui.element("main").classes("main").props('id="main"'), ui.element("div").classes(f"page {cls}"):
            pages = self.tabs.get(room, [])
            if tab and len(pages) > 1:
                items = [(name, session.t(f"tab.{name}"), path) for name, path in pages]
                stage.box("room-tabs", "lh-box", blocks.tabs(items, tab))
            yield stage
        with ui.element("dialog").props('id="dialog" aria-labelledby="dialog-title"'):
            stage.box("dialog", "lh-box")
        _speak(stage, campaigns)

    def _head(self, session: Session) -> str:
        lang = session.t.locale
        links = "".join(
            f'<link rel="stylesheet" href="/assets/{name}.css?v={self.version}">'
            for name in ("tokens", "studio", "rooms", "document", "phone", "access", "people", "chat")
        )
        lost = json.dumps([session.t(f"offline.{part}") for part in ("connection", "again", "long", "long_text")])
        demo = "document.documentElement.dataset.demo=1;" if session.can_switch else ""
        may = " ".join(sorted(session.rights))
        return (
            f'<script>document.documentElement.lang="{lang}";{demo}document.documentElement.dataset.theme="{session.theme}";'
            f'document.documentElement.dataset.may="{may}";'
            f"window.lhLost={lost}</script>"
            f'{links}<script src="/assets/studio.js?v={self.version}" defer></script>'
            f'<script src="/assets/chat.js?v={self.version}" defer></script>'
        )


async def _campaigns(session: Session) -> list[Mapping[str, Any]]:
    try:
        return list(await asyncio.wait_for(session.call("campaign.list"), 10))
    except (LinghangError, TimeoutError):
        # The page itself tells what is wrong; without the list the palette and the badge merely know less.
        return []


def _speak(stage: Stage, campaigns: Sequence[Mapping[str, Any]]) -> None:
    """What the palette does with a free sentence, where the page has no better idea."""

    async def new(told: Told) -> None:
        work = stage.works.start(stage.session, "campaign.new", shown=str(told["text"]), text=str(told["text"]))
        stage.go(f"/campaigns/new/{work.id}")

    def ask(told: Told) -> None:
        stage.go(f"/analysis?q={quote(str(told['text']))}")

    def search(told: Told) -> None:
        stage.go(f"/knowledge?q={quote(str(told['text']))}")

    stage.on("palette.new", new)
    stage.on("palette.ask", ask)
    stage.on("palette.search", search)
    request = stage.client.request
    talk.attach(stage, request.url.path if request is not None else "", campaigns)


def _frame(
    session: Session,
    room: str,
    crumbs: Sequence[str],
    campaigns: Sequence[Mapping[str, Any]],
    waiting: int,
    tabs: Mapping[str, Sequence[tuple[str, str]]],
) -> None:
    t = session.t
    parts = [
        tag("a", t("skip"), href="#main", cls="skip"),
        _rail(t, room, waiting),
        _topbar(session, room, crumbs),
        _users(session),
        _bottom(t, room, waiting),
        palette.dialog(t, palette.places(t, ROOMS, tabs), campaigns),
        palette.keys(t),
        raw('<div id="toasts" popover="manual" aria-live="polite"></div>'),
    ]
    ui.html(join(*parts), sanitize=False).classes("lh-html")


def _rail(t: Words, room: str, waiting: int) -> Markup:
    items = []
    for name, path in ROOMS.items():
        on = name == room
        items.append(
            tag(
                "a",
                icon(name),
                span("", t(f"room.{name}")),
                _badge(name, waiting),
                href=path,
                title=t(f"room.{name}"),
                cls="rail-item on" if on else "rail-item",
                aria_current="page" if on else None,
            )
        )
        if name in _AFTER_LINE:
            items.append(div("rail-sep"))
    mark = span("logo-mark", icon("delivery", 16))
    logo = tag(
        "a", mark, span("", tag("b", t("name")), tag("small", t("tagline"))), href="/", cls="logo", aria_label=t("name")
    )
    return tag("aside", logo, tag("nav", items, aria_label=t("rooms")), div("rail-foot", t("rail.foot")), cls="rail")


def _badge(name: str, waiting: int) -> Markup | None:
    return span("badge", str(waiting)) if name == "approvals" and waiting else None


def _topbar(session: Session, room: str, crumbs: Sequence[str]) -> Markup:
    t = session.t
    trail: list[Markup] = [tag("a", t(f"room.{room}"), href=ROOMS[room]) if crumbs else tag("b", t(f"room.{room}"))]
    for code in crumbs:
        trail += [icon("chevron", 14), tag("b", t(code))]
    other = "en" if t.chinese else "zh"
    theme = "dark" if session.theme == "light" else "light"
    return tag(
        "header",
        div("crumbs", *trail),
        tag(
            "button",
            icon("search", 16),
            span("", t("say_or_search")),
            tag("kbd", "⌘K"),
            cls="ask",
            type="button",
            onclick="lh.palette()",
            aria_label=t("say_or_search"),
        ),
        tag(
            "button",
            icon("message"),
            cls="icon-btn",
            type="button",
            onclick="lh.chat.toggle()",
            aria_label=t("talk.title"),
            title=t("talk.shortcut"),
        ),
        tag("button", t("other_language"), cls="lang", type="button", data_set=f"lh_locale={other}", lang=other),
        tag(
            "button",
            icon("moon" if theme == "dark" else "sun"),
            cls="icon-btn",
            type="button",
            data_set=f"lh_theme={theme}",
            aria_label=t(f"theme.{theme}"),
            title=t(f"theme.{theme}"),
        ),
        tag(
            "button",
            face(t, session.actor),
            span("", actor_name(t, session.actor, session.label)),
            icon("down", 14),
            cls="who",
            type="button",
            popovertarget="menu-user",
            aria_label=t("actor.switch" if session.can_switch else "actor.account"),
        ),
        cls="topbar",
    )


def face(t: Words, actor: str) -> Markup:
    """A user's round mark; a user that is no demo user gets a grey one with the first letter."""
    known = actor in (*ACTORS, "navigator")
    return span(f"face {actor}", t(f"actor.{actor}")[:1]) if known else span("face", actor[:1].upper())


def actor_name(t: Words, actor: str, label: str = "") -> str:
    """A user's name as people read it."""
    return t(f"actor.{actor}") if t.has(f"actor.{actor}") else label or actor


def _users(session: Session) -> Markup:
    """The user's menu: who it is, the demo's other users where one may switch, one's settings, the way out."""
    t = session.t
    mark = tag("input", type="hidden", name="csrf", value=session.csrf)
    rows = [
        tag(
            "button",
            face(t, actor),
            span("", t(f"actor.{actor}"), tag("small", t(f"actor.{actor}_does"))),
            icon("check", 16) if actor == session.actor else None,
            type="submit",
            name="user",
            value=actor,
        )
        for actor in ACTORS
    ]
    back = tag("input", type="hidden", name="next", value="/", data_here=True)
    switch = join(
        tag("p", t("actor.switch_note")),
        tag("form", mark, back, rows, method="post", action="/switch", id="switch-user"),
    )
    roles = " · ".join(actor_name(t, role) for role in session.roles)
    me = div(
        "menu-me", tag("b", actor_name(t, session.actor, session.label)), tag("small", f"{session.actor} · {roles}")
    )
    leave = tag("button", icon("close", 16), span("", t("actor.sign_out")), type="submit")
    end = div(
        "menu-end",
        tag("a", icon("settings", 16), span("", t("actor.own")), href="/settings/own"),
        tag("form", mark, leave, method="post", action="/sign-out"),
    )
    return tag("div", switch if session.can_switch else me, end, id="menu-user", cls="menu", popover=True)


def _bottom(t: Words, room: str, waiting: int) -> Markup:
    items = [
        tag(
            "a",
            icon(name, 20),
            t(f"room.{name}"),
            _badge(name, waiting),
            href=ROOMS[name],
            cls="on" if name == room else None,
        )
        for name in _BOTTOM
    ]
    sheet = tag(
        "div",
        div("more-grid", [tag("a", icon(name, 22), t(f"room.{name}"), href=path) for name, path in ROOMS.items()]),
        id="menu-rooms",
        cls="menu rooms",
        popover=True,
    )
    more = tag(
        "button",
        icon("menu", 20),
        t("more"),
        type="button",
        popovertarget="menu-rooms",
        cls=None if room in _BOTTOM else "on",
    )
    return join(tag("nav", items, more, cls="bottom", aria_label=t("rooms")), sheet)


def page_head(title: str, lede: str, *actions: Markup) -> Markup:
    """A page's title, one line on what it is for, and its actions."""
    return div("page-head", div("", tag("h1", title), tag("p", lede, cls="lede")), *actions)
