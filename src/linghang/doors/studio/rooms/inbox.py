"""The inbox: what agents saw and propose, with reason, evidence and one click to a draft; and what is muted."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

_SYMBOLS: Mapping[str, str] = {"alarm": "alert", "benefit": "gift", "draft": "edit", "opportunity": "insights"}


def register(studio: Studio) -> None:
    """Register ``/inbox``."""
    studio.tab("insights", "inbox", "/inbox")

    @ui.page("/inbox", response_timeout=60)
    async def inbox() -> None:
        async with studio.page("insights", tab="inbox", cls="narrow") as stage:
            await _build(stage)


async def _build(stage: Stage) -> None:
    t = stage.t
    head = page_head(t("inbox.title"), t("inbox.lede"), blocks.button(t("inbox.look"), act("look"), symbol="refresh"))
    stage.box("head", "lh-box", head)
    stage.box("items", "lh-box", blocks.loading(t))

    async def fill(_told: Any = None) -> None:
        told = await stage.attempt(stage.session.call("inbox.list"))
        if told is not None:
            stage.show("items", _items(t, told))

    async def look(_told: Any = None) -> None:
        await stage.attempt(stage.session.call("inbox.scan"))
        await fill()

    async def dismiss(told: Told) -> None:
        await stage.attempt(stage.session.call("inbox.dismiss", id=str(told["id"])))
        await fill()

    async def draft(told: Told) -> None:
        work = stage.works.start(stage.session, "inbox.draft", shown=str(told["text"]), id=str(told["id"]))
        stage.go(f"/campaigns/new/{work.id}")

    stage.on("look", look)
    stage.on("dismiss", dismiss)
    stage.on("draft", draft)
    ui.timer(0.05, fill, once=True)


def _items(t: Words, told: Mapping[str, Any]) -> Markup:
    rows = told["items"]
    muted = [_quiet(t, item) for item in told.get("muted", [])]
    if not rows:
        return tag("section", blocks.empty("check", t("inbox.none"), t("inbox.none_text"), *muted), cls="panel")
    return div(
        "", blocks.listing(t("inbox.open"), div("rows", [_item(t, row) for row in rows]), count=len(rows)), muted
    )


def _quiet(t: Words, item: Mapping[str, Any]) -> Markup:
    return tag(
        "p", tag("code", str(item["topic"])), " ", t("inbox.muted", until=t.day(item["until"])), cls="muted small"
    )


def _item(t: Words, row: Mapping[str, Any]) -> Markup:
    evidence = [f"{t.figure_name(key)} {value}" for key, value in (row.get("evidence") or {}).items()
                if isinstance(value, int | float) and t.has(f"figure.{key}")]  # fmt: skip
    do: list[Markup] = []
    if row.get("brief"):
        do.append(blocks.button(t("inbox.draft"), act("draft", id=row["id"], text=row["brief"]), small=True))
    if row.get("campaign"):
        do.append(blocks.link_button(t("inbox.see"), f"/campaigns/{row['campaign']}", small=True))
    do.append(blocks.icon_button("close", t("inbox.dismiss"), act("dismiss", id=row["id"])))
    worth = t("insights.worth", money=t.money(row["value_fen"])) if row.get("value_fen") else ""
    return div(
        "opportunity",
        span("opportunity-icon", blocks.icon(_SYMBOLS.get(str(row["kind"]), "insights"))),
        div(
            "grow",
            tag("h3", str(row["title"])),
            tag("p", str(row["reason"]), cls="muted small") if row.get("reason") else None,
            tag("p", " · ".join(part for part in (worth, *evidence) if part), cls="small num strong"),
            tag("p", "“", str(row["brief"]), "”", cls="brief muted small") if row.get("brief") else None,
        ),
        div("line", *do),
        data_item=True,
        tabindex="-1",
    )
