"""Opportunities: what the data suggests, why, how much it is worth, one click from a draft."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, language, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words


def register(studio: Studio) -> None:
    """Register ``/insights``."""
    studio.tab("insights", "opportunities", "/insights")

    @ui.page("/insights", response_timeout=60)
    async def insights() -> None:
        async with studio.page("insights", tab="opportunities", cls="narrow") as stage:
            await _build(stage)


async def _build(stage: Stage) -> None:
    t = stage.t
    stage.box(
        "head",
        "lh-box",
        page_head(
            t("insights.title"), t("insights.lede"), blocks.button(t("insights.scan"), act("scan"), symbol="refresh")
        ),
    )
    stage.box("found", "lh-box", blocks.loading(t))

    async def scan(_told: Any = None) -> None:
        found = await stage.attempt(stage.session.call("insights.scan"))
        if not found:
            stage.show(
                "found",
                tag("section", blocks.empty("insights", t("insights.none"), t("insights.none_text")), cls="panel"),
            )
            return
        stage.show(
            "found", tag("section", div("rows", [opportunity(t, item, full=True) for item in found]), cls="panel")
        )

    stage.on("scan", scan)
    ui.timer(0.05, scan, once=True)


def opportunity(t: Words, item: Mapping[str, Any], *, full: bool = False) -> Markup:
    """An opportunity: its title, the evidence, its size and worth, and the sentence that makes it a draft."""
    value = item.get("value_fen")
    numbers = [
        t("insights.size", count=t.short(item.get("size"))) if item.get("size") is not None else "",
        t("insights.worth", money=t.money(value)) if value else "",
    ]
    brief = str(item.get("brief", ""))
    return div(
        "opportunity",
        span("opportunity-icon", icon("insights")),
        div(
            "grow",
            tag("h3", str(item.get("title", ""))),
            tag("p", str(item.get("why") or item.get("reason") or ""), cls="muted small"),
            tag("p", " · ".join(number for number in numbers if number), cls="small num strong"),
            tag("p", "“", brief, "”", cls="brief muted small", lang=language(brief)) if full and brief else None,
        ),
        blocks.button(t("insights.draft"), act("palette.new", text=brief), small=True,
                      data_needs="campaign.edit") if brief else None,
        data_item=True,
        tabindex="-1",
    )  # fmt: skip
