"""Delivery: what runs now, how far it is, and the switches that stop it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
_LIVE = frozenset({"running", "paused", "approved"})


def register(studio: Studio) -> None:
    """Register ``/delivery``."""

    @ui.page("/delivery", response_timeout=60)
    async def delivery() -> None:
        async with studio.page("delivery", cls="narrow") as stage:
            await Room(stage).build()


class Room:
    """The page of all live campaigns."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t

    async def build(self) -> None:
        """Show the live campaigns with their funnels."""
        stage, t = self.stage, self.t
        stage.on("move", self._move)
        stage.on("stop.ask", self._ask)
        stage.box("head", "lh-box", page_head(t("delivery.title"), t("delivery.lede")))
        stage.box("live", "stack", blocks.loading(t))
        ui.timer(0.05, self._fill, once=True)

    async def _fill(self) -> None:
        stage, t = self.stage, self.t
        rows = [row for row in await stage.attempt(stage.session.call("campaign.list")) or [] if row["status"] in _LIVE]
        reports = await asyncio.gather(*[self._report(row) for row in rows])
        cards = [self._card(row, told) for row, told in zip(rows, reports, strict=True)]
        none = tag("section", blocks.empty("delivery", t("delivery.none"), t("delivery.none_text")), cls="panel")
        stage.show("live", *(cards or [none]))

    async def _report(self, row: Shape) -> Shape:
        try:
            return await self.stage.session.call("campaign.report", id=row["id"])
        except LinghangError:
            # Nothing was sent or seen yet: the card shows the plan alone.
            return {}

    def _card(self, row: Shape, told: Shape) -> Markup:
        t = self.t
        funnel = [blocks.key_number(t.short(step["value"]), str(step["label"])) for step in told.get("funnel", [])]
        labels = [blocks.caveat(str(label)) for label in told.get("labels", [])]
        return blocks.card(
            tag("a", str(row["name"]), href=f"/campaigns/{row['id']}"),
            div("keys", funnel) if funnel else tag("p", t("readout.none"), cls="muted"),
            div(
                "line",
                blocks.link_button(t("next.phone"), f"/campaigns/{row['id']}/phone", symbol="phone", small=True),
                *_switches(t, row),
            ),
            actions=div("line", *labels, blocks.status(t, str(row["status"]))),
        )

    async def _move(self, told: Told) -> None:
        self.stage.close()
        verb = str(told["verb"])
        await self.stage.session.call(f"campaign.{verb}", id=told["id"])
        self.stage.toast(self.t(f"did.{verb}"))
        await self._fill()

    def _ask(self, told: Told) -> None:
        t = self.t
        text = t("ask.stop", people=t.count(told.get("people")), name=told["name"])
        foot = div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("next.stop"), act("move", id=told["id"], verb="stop"), kind="danger"),
        )
        self.stage.dialog(t("next.stop"), div("form", tag("p", text), foot))


def _switches(t: Words, row: Shape) -> list[Markup]:
    stop = blocks.button(
        t("run.stop"),
        act("stop.ask", id=row["id"], name=row["name"], people=row.get("audience")),
        kind="danger",
        small=True,
        symbol="stop",
    )
    if row["status"] == "running":
        return [
            blocks.button(t("next.pause"), act("move", id=row["id"], verb="pause"), small=True, symbol="pause"),
            stop,
        ]
    if row["status"] == "paused":
        return [
            blocks.button(t("next.resume"), act("move", id=row["id"], verb="resume"), small=True, symbol="play"),
            stop,
        ]
    return [blocks.link_button(t("next.launch"), f"/campaigns/{row['id']}#approval", small=True, kind="primary")]
