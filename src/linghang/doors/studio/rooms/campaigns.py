"""All campaigns: what they are, where they stand, and what they are expected to bring."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, language, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

_FILTERS: Mapping[str, frozenset[str]] = {
    "all": frozenset(),
    "mine": frozenset({"draft", "rejected"}),
    "review": frozenset({"in_review", "approved"}),
    "live": frozenset({"running", "paused"}),
    "done": frozenset({"ended", "cancelled"}),
}


def register(studio: Studio) -> None:
    """Register ``/campaigns``."""

    @ui.page("/campaigns", response_timeout=60)
    async def campaigns(show: str = "all") -> None:
        async with studio.page("campaigns") as stage:
            await _build(stage, show if show in _FILTERS else "all")


async def _build(stage: Stage, shown: str) -> None:
    t = stage.t

    async def clone(told: Told) -> None:
        work = stage.works.start(stage.session, "campaign.clone", shown=t("campaigns.cloning"), id=told["id"], start="")
        stage.go(f"/campaigns/new/{work.id}")

    stage.on("clone", clone)
    stage.box(
        "head",
        "lh-box",
        page_head(
            t("campaigns.title"),
            t("campaigns.lede"),
            blocks.link_button(t("campaigns.new"), "/", kind="primary", symbol="plus"),
        ),
    )
    stage.box(
        "tabs",
        "lh-box",
        blocks.tabs([(key, t(f"campaigns.{key}"), f"/campaigns?show={key}") for key in _FILTERS], shown),
    )
    stage.box("list", "lh-box", blocks.loading(t))
    rows = await stage.attempt(stage.session.call("campaign.list"))
    wanted = _FILTERS[shown]
    kept = [row for row in rows or [] if not wanted or row["status"] in wanted]
    stage.show("list", _table(t, kept))


def _table(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    if not rows:
        return tag(
            "section",
            blocks.empty(
                "campaigns",
                t("campaigns.none"),
                t("campaigns.none_text"),
                blocks.link_button(t("campaigns.new"), "/", kind="primary", symbol="plus"),
            ),
            cls="panel",
        )
    return tag("section", div("rows", [campaign_row(t, row, clone=True) for row in rows]), cls="panel")


def campaign_row(t: Words, row: Mapping[str, Any], note: str = "", *, clone: bool = False) -> Markup:
    """A campaign in a list: picture, name, dates, people and money, status; the whole row is the link."""
    cover, name = str(row.get("cover") or ""), str(row.get("name") or row["id"])
    picture = (
        tag("img", src=f"/files/{cover}", alt="", loading="lazy", cls="thumb")
        if cover
        else span("thumb none", icon("campaigns"))
    )
    dates = t.days(row["start"], row["end"]) if row.get("start") and row.get("end") else ""
    parts = [
        dates,
        t("campaigns.budget", money=t.money(row["budget_fen"])) if row.get("budget_fen") else "",
        t("campaigns.people", count=t.short(row["audience"])) if row.get("audience") else "",
        t("campaigns.brings", count=t.short(row["incremental"])) if row.get("incremental") else "",
    ]
    text = div(
        "grow",
        div("row-title", name, lang=language(name)),
        div("row-sub num", " · ".join(part for part in parts if part)),
    )
    end = div("row-end line", span("row-note", note) if note else None, blocks.status(t, str(row["status"])))
    link = tag("a", picture, text, end, href=f"/campaigns/{row['id']}", cls="row-link grow", data_item=True)
    if not clone:
        return link
    again = blocks.icon_button("copy", t("campaigns.clone"), act("clone", id=row["id"]), size=16)
    return div("row-with", link, again)
