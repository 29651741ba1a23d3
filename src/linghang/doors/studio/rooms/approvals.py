"""Approvals: the queue, and beside it the packet: what will be said to whom, for how much, and what was found."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import actions, cards_go, cards_offer, cards_say, cards_when, cards_who
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.markup import Markup, div, tag
from linghang.doors.studio.shell import Studio, actor_name, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words

_WAITING = ("in_review", "approved", "rejected")


def register(studio: Studio) -> None:
    """Register ``/approvals``."""

    @ui.page("/approvals", response_timeout=60)
    async def approvals(id: str = "") -> None:
        async with studio.page("approvals", cls="wide") as stage:
            await _build(stage, id)


async def _build(stage: Stage, id: str) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("approvals.title"), t("approvals.lede")))
    rows = await stage.attempt(stage.session.call("campaign.list")) or []
    queue = sorted((row for row in rows if row["status"] in _WAITING), key=lambda row: _WAITING.index(row["status"]))
    if not queue:
        stage.box(
            "none",
            "approvals-none",
            tag("section", blocks.empty("approvals", t("approvals.none"), t("approvals.none_text")), cls="panel"),
        )
        return
    chosen = id or str(queue[0]["id"])
    packet = Packet(stage, chosen)
    actions.listen(packet)
    with ui.element("div").classes("packet-grid"):
        stage.box(
            "queue",
            "queue",
            tag("section", div("rows", [_row(t, row, row["id"] == chosen) for row in queue]), cls="panel"),
        )
        stage.box("packet", "stack", blocks.loading(t))
    await packet.refresh()
    ui.timer(0.4, packet.tick)


def _row(t: Words, row: Mapping[str, Any], on: bool) -> Markup:
    who = actor_name(t, str(row.get("owner", "")))
    text = div(
        "grow",
        div("row-title", str(row["name"])),
        div("row-sub num", f"{who} · {t.money(row.get('budget_fen'))} · {t.instant(row.get('updated'))}"),
    )
    return tag(
        "a",
        text,
        blocks.status(t, str(row["status"])),
        href=f"/approvals?id={row['id']}",
        cls=f"row-link{' on' if on else ''}",
        data_item=True,
    )


class Packet(Document):
    """A document as an approver reads it: decision first, then what stands behind it."""

    def __init__(self, stage: Stage, id: str) -> None:
        super().__init__(stage, id, None)

    def show(self) -> None:
        """Show the packet."""
        view = self.view()
        if not self.doc:
            return
        cards: Sequence[Markup] = (
            cards_go.approval(view),
            cards_go.compliance(view),
            cards_who.goal(view),
            cards_offer.offer(view),
            cards_say.creative(view),
            cards_say.page(view),
            cards_when.experiment(view),
            cards_when.estimate(view),
        )
        title = div(
            "packet-title",
            tag("h2", tag("a", str(self.doc["name"]), href=f"/campaigns/{self.id}")),
            blocks.status(self.t, view.status),
        )
        self.stage.show("packet", title, *cards)
