"""What the navigator remembers of oneself, and its skills by domain: to be seen, and to be deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, join, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

_TONES: Mapping[str, blocks.Tone] = {"read": "quiet", "draft": "info", "commit": "warn"}


def register(studio: Studio) -> None:
    """Register ``/memory`` and ``/skills``."""
    studio.tab("knowledge", "memory", "/memory")
    studio.tab("knowledge", "skills", "/skills")

    @ui.page("/memory", response_timeout=60)
    async def memory() -> None:
        async with studio.page("knowledge", tab="memory", cls="narrow") as stage:
            await _memory(stage)

    @ui.page("/skills", response_timeout=60)
    async def skills() -> None:
        async with studio.page("knowledge", tab="skills") as stage:
            await _skills(stage)


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

    async def delete(told: Told) -> None:
        await stage.attempt(stage.session.call("memory.delete", id=str(told["id"])))
        await fill()

    stage.on("forget", forget)
    stage.on("delete", delete)
    ui.timer(0.05, fill, once=True)


def _kept(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    if not rows:
        return tag("section", blocks.empty("pin", t("memory.none"), t("memory.none_text")), cls="panel")
    lines = [
        blocks.row(
            str(row["text"]),
            t("memory.since", turn=row["turn"], at=t.instant(row["at"])) if row["turn"] else t.instant(row["at"]),
            end=blocks.button(t("memory.forget"), act("forget", id=row["id"]), kind="quiet", small=True),
        )
        for row in rows
    ]
    return blocks.listing(t("memory.kept"), blocks.rows(*lines), count=len(rows))


def _conversations(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    if not rows:
        return div("")
    lines = [
        blocks.row(
            str(row["title"]),
            t("memory.turns", count=row["turns"], at=t.instant(row["updated"])),
            end=blocks.button(t("memory.delete"), act("delete", id=row["id"]), kind="quiet", small=True),
        )
        for row in rows
    ]
    return blocks.listing(t("memory.conversations"), blocks.rows(*lines), count=len(rows))


async def _skills(stage: Stage) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("skills.title"), t("skills.lede")))
    stage.box("skills", "lh-box", blocks.loading(t))

    async def fill() -> None:
        agents = await stage.attempt(stage.session.call("agents.list"))
        rows = await stage.attempt(stage.session.call("skills.list"))
        stage.show("skills", _by_domain(t, agents or [], rows or []))

    ui.timer(0.05, fill, once=True)


def _by_domain(t: Words, agents: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> Markup:
    by_name = {str(row["name"]): row for row in rows}
    known = {name for agent in agents for name in agent["skills"]}
    groups = [(str(agent["label"]), list(agent["skills"])) for agent in agents]
    groups.append((t("skills.foreign"), [name for name in by_name if name not in known]))
    cards = [
        blocks.listing(label, _table(t, [by_name[name] for name in names if name in by_name]), count=len(names))
        for label, names in groups
        if names
    ]
    return div("stack", cards)


def _table(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    lines = [
        blocks.row(
            join(str(row.get("title") or row["name"]), " ", tag("code", str(row["name"]), cls="muted small")),
            str(row.get("about") or row["description"]),
            end=blocks.pill(t(f"skills.{row['effect']}"), _TONES[str(row["effect"])]),
        )
        for row in rows
    ]
    return blocks.rows(*lines)
