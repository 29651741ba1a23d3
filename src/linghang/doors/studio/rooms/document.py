"""A document of the library as it is written, opened at the passage that was quoted."""

import re
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Child, Markup, div, marked, tag
from linghang.doors.studio.rooms.knowledge import facts, kind_name
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words

_HEADING = re.compile(r"(#{1,6})\s+(.*)")


def register(studio: Studio) -> None:
    """Register ``/knowledge/document``."""

    @ui.page("/knowledge/document", response_timeout=60)
    async def document(id: str = "", start: int = -1, end: int = -1) -> None:
        async with studio.page("knowledge", crumbs=["tab.documents"], cls="narrow") as stage:
            await _build(stage, id, (start, end))


async def _build(stage: Stage, source: str, place: tuple[int, int]) -> None:
    t = stage.t
    stage.box("document", "lh-box", blocks.loading(t))

    async def fill() -> None:
        told = await stage.attempt(stage.session.call("knowledge.show", source=source))
        if told is None:
            empty = blocks.empty("knowledge", t("knowledge.gone"), t("knowledge.gone_text"),
                                 blocks.link_button(t("knowledge.all"), "/knowledge"))  # fmt: skip
            stage.show("document", tag("section", empty, cls="panel"))
            return
        stage.show("document", whole(t, told, place))
        stage.run("setTimeout(()=>document.getElementById('quoted')?.scrollIntoView({block:'center'}),60)")

    ui.timer(0.05, fill, once=True)


def whole(t: Words, told: Mapping[str, Any], place: tuple[int, int]) -> Markup:
    """The document: its title, what it is, its lines with the quoted ones marked."""
    pill = blocks.pill(kind_name(t, told), "quiet")
    head = page_head(str(told["title"]), facts(t, told, len(told["passages"])), pill)
    tongue = str(told.get("lang") or "zh")
    shown = lines(str(told["text"]), place, str(told["title"]))
    body = tag("article", shown, cls="panel document-text", lang=tongue)
    return div("stack", head, body)


def lines(text: str, place: tuple[int, int], title: str = "") -> list[Markup]:
    """Lines of a text: headings as headings, the rest as paragraphs; what is in ``place`` is marked.

    A first heading that is the document's ``title`` is left out.
    """
    made: list[Markup] = []
    at, quoted = 0, False
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        bare = line.strip()
        if not bare:
            continue
        found = _HEADING.match(bare)
        if found and (made or found[2] != title):
            made.append(tag("h3" if len(found[1]) > 1 else "h2", found[2]))
        if found:
            continue
        span = (max(place[0] - start, 0), min(place[1] - start, len(line)))
        hit = span[0] < span[1]
        shown: Child = marked(line, [span]) if hit else line
        made.append(tag("p", shown, id="quoted" if hit and not quoted else None))
        quoted = quoted or hit
    return made
