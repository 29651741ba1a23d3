"""The palette (Ctrl/⌘-K): go somewhere, find a campaign, or say a sentence; and the list of keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, div, join, language, span, tag
from linghang.doors.studio.words import Words

Place = tuple[str, str, str, str]
"""A place to go to: its room, what it is called, its name, its path."""


def places(t: Words, rooms: Mapping[str, str], tabs: Mapping[str, Sequence[tuple[str, str]]]) -> list[Place]:
    """Every room, and every page of a room that has several."""
    found = [(name, t(f"room.{name}"), name, path) for name, path in rooms.items()]
    found += [
        (room, f"{t(f'room.{room}')} · {t(f'tab.{name}')}", name, path)
        for room, pages in tabs.items()
        for name, path in pages
        if path not in rooms.values()
    ]
    return found


def dialog(t: Words, places: Sequence[Place], campaigns: Sequence[Mapping[str, Any]]) -> Markup:
    """The palette: somewhere to go, a campaign to open, or a sentence to say."""
    free = [
        tag(
            "button",
            icon(symbol, 16),
            span("", t(f"palette.{name}")),
            span("said"),
            cls="option",
            type="button",
            data_free=True,
            data_act=f"palette.{name}",
        )
        for name, symbol in (("say", "message"), ("new", "spark"), ("ask", "analysis"), ("search", "knowledge"))
    ]
    found = [
        tag(
            "button",
            icon("message", 16),
            t("talk.title"),
            tag("small", t("talk.shortcut")),
            onclick="lh.chat.fromPalette()",
            cls="option",
            type="button",
            data_find=t("talk.title"),
            tabindex="-1",
        )
    ]
    found += [
        tag(
            "a",
            icon(room, 16),
            text,
            tag("small", t("palette.go")),
            href=path,
            cls="option",
            data_find=f"{text} {name}",
            tabindex="-1",
        )
        for room, text, name, path in places
    ]
    found += [
        tag(
            "a",
            icon("campaigns", 16),
            span("", str(row.get("name")), lang=language(str(row.get("name")))),
            blocks.status(t, str(row.get("status"))),
            href=f"/campaigns/{row['id']}",
            cls="option",
            data_find=f"{row.get('name')} {row['id']}",
            tabindex="-1",
        )
        for row in campaigns[:30]
    ]
    top = div(
        "palette-top",
        icon("search"),
        tag(
            "input",
            id="palette-input",
            placeholder=t("palette.placeholder"),
            aria_label=t("palette.placeholder"),
            autocomplete="off",
        ),
        tag("kbd", "Esc"),
    )
    return tag(
        "dialog", div("palette", top, div("palette-list", found, free)), id="palette", aria_label=t("say_or_search")
    )


def keys(t: Words) -> Markup:
    """The list of keys."""
    rows = [
        ("⌘ K / Ctrl K", "palette"),
        ("⌘ J / Ctrl J", "chat"),
        ("/", "speak"),
        ("j · k", "list"),
        ("Enter", "enter"),
        ("Shift Enter", "newline"),
        ("Esc", "close"),
        ("?", "help"),
    ]
    pairs = [join(tag("span", tag("kbd", key)), span("", t(f"keys.{name}"))) for key, name in rows]
    head = div("dialog-head", tag("h2", t("keys.title")), blocks.icon_button("close", t("close"), data_close=True))
    return tag("dialog", div("dialog-inner", head, div("dialog-body", div("keys-list", *pairs))), id="keys")
