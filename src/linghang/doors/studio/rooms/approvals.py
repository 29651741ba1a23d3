"""Approvals: the queue of those who sign, and the packet: what is said to whom, for how much, what was found.

The material is read on the left; the decision, the findings with what became of them, and the comments stay beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import actions, cards_offer, cards_say, cards_when, cards_who, review_cards
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.campaign.view import SIGNERS
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, actor_name, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
_WAITING = ("in_review", "approved", "rejected")


def register(studio: Studio) -> None:
    """Register ``/approvals``."""

    studio.tab("approvals", "queue", "/approvals")

    @ui.page("/approvals", response_timeout=60)
    async def approvals(id: str = "") -> None:
        async with studio.page("approvals", tab="queue", cls="wide") as stage:
            await _build(stage, id)


async def _build(stage: Stage, id: str) -> None:
    t = stage.t
    signer = bool(SIGNERS & set(stage.session.roles))
    act_ = blocks.button(t("verdict.delegate"), act("ask.delegate"), symbol="user") if signer else None
    stage.box("head", "lh-box", page_head(t("approvals.title"), t("approvals.lede"), *([act_] if act_ else [])))
    rows = await stage.attempt(stage.session.call("campaign.list")) or []
    waiting = {item["campaign_id"]: item for item in await stage.attempt(stage.session.call("approvals.waiting")) or []}
    queue = sorted((row for row in rows if row["status"] in _WAITING), key=lambda row: _order(row, waiting))
    _delegation(stage)
    if not queue and not id:
        empty = blocks.empty("approvals", t("approvals.none"), t("approvals.none_text"))
        stage.box("none", "approvals-none", tag("section", empty, cls="panel"))
        return
    chosen = id or str(queue[0]["id"])
    packet = Packet(stage, chosen)
    packet.delegations = await stage.attempt(stage.session.call("approvals.delegations")) or []
    actions.listen(packet)
    with ui.element("div").classes("packet-grid" if queue else "packet-grid alone"):
        if queue:
            lines = [_row(t, row, waiting.get(row["id"]), row["id"] == chosen) for row in queue]
            stage.box("queue", "queue", tag("section", div("rows", lines), cls="panel"))
        with ui.element("div").classes("packet-main"):
            stage.box("packet-head", "lh-box")
            with ui.element("div").classes("packet-cols"):
                stage.box("packet", "stack", blocks.loading(t))
                stage.box("verdict", "stack packet-side", blocks.loading(t))
    await packet.refresh()
    ui.timer(0.4, packet.tick)


def _order(row: Shape, waiting: Mapping[str, Shape]) -> tuple[int, str]:
    since = str(waiting[row["id"]]["since"]) if row["id"] in waiting else str(row.get("updated", ""))
    return _WAITING.index(row["status"]), since


def _row(t: Words, row: Shape, waiting: Shape | None, on: bool) -> Markup:
    who = actor_name(t, str((waiting or {}).get("submitted_by") or row.get("owner", "")))
    left = [review_cards.signer_name(t, str(step)) for step in (waiting or {}).get("left", ())]
    small = (
        f"{who} · {t.money(row.get('budget_fen'))} · {t.instant((waiting or {}).get('since') or row.get('updated'))}"
    )
    marks = [
        blocks.status(t, str(row["status"])),
        blocks.pill(t("verdict.waits_for", who=t.listed(left)), "info", "clock") if left else None,
        blocks.pill(t("verdict.reminded_short", count=waiting["reminded"]), "warn", "message")
        if waiting and waiting.get("reminded")
        else None,
        blocks.pill(t("verdict.short"), "quiet", "transfer") if waiting and waiting.get("basis") else None,
    ]
    text = div("grow", div("row-title", str(row["name"])), div("row-sub num", small), div("chips", marks))
    cls = f"row-link{' on' if on else ''}"
    return tag("a", text, href=f"/approvals?id={row['id']}", cls=cls, data_item=True, aria_current=on or None)


def _delegation(stage: Stage) -> None:
    """Let another approver take one's steps for some days."""
    t = stage.t

    async def ask(_told: Told) -> None:
        users = await stage.session.call("users.list")
        others = [row for row in users if SIGNERS & set(row["roles"]) and row["name"] != stage.session.actor]
        options = [tag("option", actor_name(t, row["name"], row["label"]), value=row["name"]) for row in others]
        foot = div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("verdict.delegate"), act("do.delegate"), kind="primary"),
        )
        body = div(
            "form",
            tag("p", t("verdict.delegate_note"), cls="muted"),
            blocks.field(t("verdict.taker"), tag("select", options, name="taker", cls="input")),
            blocks.field(t("verdict.until"), tag("input", type="date", name="until", cls="input num", required=True)),
            blocks.field(t("verdict.why"), tag("input", name="reason", cls="input", maxlength="200")),
            foot,
            data_form=True,
        )
        stage.dialog(t("verdict.delegate"), body)

    async def do(told: Told) -> None:
        if not told.get("until") or not told.get("taker"):
            stage.toast(t("verdict.say_until"), "info")
            return
        stage.close()
        until = f"{told['until']}T23:59:59"
        await stage.session.call(
            "approvals.delegate", taker=str(told["taker"]), until=until, reason=str(told.get("reason", ""))
        )
        stage.toast(t("did.delegate"))

    stage.on("ask.delegate", ask)
    stage.on("do.delegate", do)


class Packet(Document):
    """A document as a reviewer reads it: the material, and beside it the decision and what stands against it."""

    def __init__(self, stage: Stage, id: str) -> None:
        super().__init__(stage, id, None)
        self.preflight: Sequence[Shape] = ()
        self.waiting: Shape | None = None

    async def refresh(self, *, report: bool = True) -> None:
        """Fetch the document, and what only reviewers ask: the pre-flight check and the age."""
        session, attempt = self.stage.session, self.stage.attempt
        self.preflight = await attempt(session.call("approvals.preflight", id=self.id)) or []
        rows = await attempt(session.call("approvals.waiting")) or []
        self.waiting = next((item for item in rows if item["campaign_id"] == self.id), None)
        await super().refresh(report=False)

    def show(self) -> None:
        """Show the packet."""
        view = self.view()
        if not self.doc:
            return
        t = self.t
        title = div(
            "packet-title",
            tag("h2", tag("a", str(self.doc["name"]), href=f"/campaigns/{self.id}")),
            span("muted num", f"v{self.doc.get('version', 1)}"),
            blocks.link_button(t("verdict.pdf"), f"/packet/{self.id}.pdf", small=True, symbol="pages", target="_blank"),
            blocks.link_button(
                t("verdict.briefing"),
                f"/packet/{self.id}.pdf?briefing=1",
                small=True,
                symbol="message",
                target="_blank",
            ),
        )
        self.stage.show("packet-head", title)
        self.stage.show(
            "packet",
            review_cards.texts(view),
            cards_say.creative(view),
            cards_say.page(view),
            cards_who.goal(view),
            cards_who.audience(view),
            cards_offer.offer(view),
            cards_when.schedule(view),
            cards_when.experiment(view),
            cards_when.estimate(view),
        )
        self.stage.show(
            "verdict",
            review_cards.decision(view, self.waiting),
            review_cards.findings(view, self.preflight),
            review_cards.comments(view),
        )
