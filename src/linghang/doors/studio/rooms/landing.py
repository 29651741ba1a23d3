"""Pages: the landing pages of all campaigns, alive in small phones."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, div, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words

_NEWEST = 8


def register(studio: Studio) -> None:
    """Register ``/pages``."""

    @ui.page("/pages", response_timeout=60)
    async def pages() -> None:
        async with studio.page("pages") as stage:
            await _build(stage)


async def _build(stage: Stage) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("pages.title"), t("pages.lede")))
    stage.box("found", "lh-box", blocks.loading(t))

    async def fill() -> None:
        rows = await stage.attempt(stage.session.call("campaign.list")) or []
        docs = await asyncio.gather(
            *[stage.attempt(stage.session.call("campaign.show", id=row["id"])) for row in rows[:_NEWEST]]
        )
        tiles = [_tile(t, doc) for doc in docs if doc is not None and doc["sections"].get("page")]
        none = tag("section", blocks.empty("pages", t("pages.none"), t("pages.none_text")), cls="panel")
        stage.show("found", div("page-tiles", tiles) if tiles else none)

    ui.timer(0.05, fill, once=True)


def _tile(t: Words, doc: Mapping[str, Any]) -> Markup:
    page = doc["sections"]["page"]["value"]
    frame = div(
        "page-frame small",
        tag("iframe", src=f"/files/{page['file']}", title=page["title"], sandbox="allow-scripts", loading="lazy"),
    )
    links = div(
        "line",
        blocks.link_button(t("tab.document"), f"/campaigns/{doc['id']}#page", small=True),
        blocks.link_button(
            t("page.open"), f"/files/{page['file']}", small=True, kind="quiet", symbol="external", target="_blank"
        ),
    )
    return tag(
        "article",
        frame,
        tag("h3", str(doc["name"])),
        tag("p", t("page.size", kb=round(page["bytes"] / 1024)), cls="muted small num"),
        div("line", blocks.status(t, str(doc["status"]))),
        links,
        cls="page-tile",
    )
