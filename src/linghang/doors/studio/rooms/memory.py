"""What the navigator remembers of oneself, and the conversations: to be seen, to go on with, and to be deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, join, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words


def register(studio: Studio) -> None:
    """Register ``/memory``."""
    studio.tab("knowledge", "memory", "/memory")

    @ui.page("/memory", response_timeout=60)
    async def memory() -> None:
        async with studio.page("knowledge", tab="memory", cls="narrow") as stage:
            await _memory(stage)


async def _memory(stage: Stage) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("memory.title"), t("memory.lede")))
    stage.box("kept", "lh-box", blocks.loading(t))
    stage.box("conversations", "lh-box", blocks.loading(t))

    async def fill(_told: Any = None) -> None:
        kept = await stage.attempt(stage.session.call("memory.list"))
        rows = await stage.attempt(stage.session.call("memory.conversations"))
        stage.show("kept", _kept(t, (kept or {}).get("items", [])))
        stage.show("conversations", _conversations(t, rows or []))

    async def forget(told: Told) -> None:
        await stage.attempt(stage.session.call("memory.forget", id=str(told["id"])))
        await fill()

    def ask(told: Told) -> None:
        name, count = str(told.get("title", "")), told.get("turns", 0)
        stage.confirm(t("memory.delete_title", name=name), t("memory.delete_text", count=count),
                      act("deleted", id=str(told["id"])), t("memory.delete"), danger=True)  # fmt: skip

    async def delete(told: Told) -> None:
        await stage.attempt(stage.session.call("memory.delete", id=str(told["id"])))
        await fill()

    stage.on("forget", forget)
    stage.on("delete", ask)
    stage.on("deleted", delete)
    ui.timer(0.05, fill, once=True)


def _kept(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    if not rows:
        return tag("section", blocks.empty("pin", t("memory.none"), t("memory.none_text")), cls="panel")
    lines = [
        blocks.row(
            str(row["text"]),
            _held(t, row),
            end=blocks.button(t("memory.forget"), act("forget", id=row["id"]), kind="quiet", small=True),
        )
        for row in rows
    ]
    return blocks.listing(t("memory.kept"), blocks.rows(*lines), count=len(rows))


def _held(t: Words, row: Mapping[str, Any]) -> str:
    """Where it holds, and since when."""
    where = t("memory.here" if row.get("conversation") else "memory.everywhere")
    since = t("memory.since", turn=row["turn"], at=t.instant(row["at"])) if row["turn"] else t.instant(row["at"])
    return f"{where} · {since}"


def _conversations(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    if not rows:
        return div("")
    lines = [
        blocks.row(
            str(row["title"]),
            t("memory.turns", count=row["turns"], at=t.instant(row["updated"])),
            end=join(
                blocks.button(t("memory.go_on"), act("talk.reopen", id=row["id"]), small=True, symbol="message"),
                blocks.button(t("memory.delete"), act("delete", id=row["id"], title=row["title"], turns=row["turns"]),
                              kind="quiet", small=True),
            ),
        )
        for row in rows
    ]  # fmt: skip
    return blocks.listing(t("memory.conversations"), blocks.rows(*lines), count=len(rows))
