"""Approvals: the queue of those who sign, and the packet: what is said to whom, for how much, what was found.

The material is read on the left; the decision, the findings with what became of them, and the comments stay beside it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import actions, cards_offer, cards_say, cards_when, cards_who, review_cards
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.campaign.view import SIGNERS, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, language, span, tag
from linghang.doors.studio.shell import Studio, actor_name, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
Queue = Sequence[tuple[Shape, Shape | None]]
"""Rows of campaigns, each with what waits, or what was decided."""
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
    stage.box("delegations", "lh-box")
    queue = await _queue(stage)
    packet = Packet(stage, id or (str(queue[0][0]["id"]) if queue else ""))
    _delegation(packet)
    await _show_delegations(packet)
    if not packet.id:
        empty = blocks.empty("approvals", t("approvals.none"), t("approvals.none_text"))
        stage.box("none", "approvals-none", tag("section", empty, cls="panel"))
        return
    actions.listen(packet)
    with ui.element("div").classes("packet-grid" if queue else "packet-grid alone"):
        if queue:
            stage.box("queue", "queue", _lines(t, queue, packet.id))
        with ui.element("div").classes("packet-main"):
            stage.box("packet-head", "lh-box")
            with ui.element("div").classes("packet-cols"):
                stage.box("packet", "stack", blocks.loading(t))
                stage.box("verdict", "stack packet-side", blocks.loading(t))
    await packet.refresh()
    ui.timer(0.4, packet.tick)


async def _queue(stage: Stage) -> Queue:
    """Campaigns that wait, are signed or were sent back, each with what the ledger says of it."""
    call, attempt = stage.session.call, stage.attempt
    rows = await attempt(call("campaign.list")) or []
    told = {item["campaign_id"]: item for item in await attempt(call("approvals.decided")) or []}
    told |= {item["campaign_id"]: item for item in await attempt(call("approvals.waiting")) or []}
    own = sorted((row for row in rows if row["status"] in _WAITING), key=lambda row: _order(row, told))
    return [(row, told.get(row["id"])) for row in own]


def _lines(t: Words, queue: Queue, chosen: str) -> Markup:
    return tag("section", div("rows", [_row(t, row, item, row["id"] == chosen) for row, item in queue]), cls="panel")


def _order(row: Shape, told: Mapping[str, Shape]) -> tuple[int, str]:
    since = str(told.get(row["id"], {}).get("since") or row.get("updated", ""))
    return _WAITING.index(row["status"]), since


def _row(t: Words, row: Shape, told: Shape | None, on: bool) -> Markup:
    """A campaign of the queue. Two of one name are told apart by days, size, money, version and who submitted them."""
    told = told or {}
    facts = [
        t.days(row["start"], row["end"]) if row.get("start") and row.get("end") else None,
        t("verdict.people", count=t.count(row["audience"])) if row.get("audience") is not None else None,
        t.money(row.get("budget_fen")),
    ]
    who = actor_name(t, str(told.get("submitted_by") or row.get("owner", "")))
    made = [
        t("verdict.submitted", who=who),
        t("verdict.version", version=row.get("version", 1)),
        t.instant(told.get("since") or told.get("at") or row.get("updated")),
    ]
    text = div(
        "grow",
        div("row-title", str(row["name"])),
        div("row-sub num", " · ".join(fact for fact in facts if fact)),
        div("row-sub num", " · ".join(made)),
        _back(t, told),
        div("chips", blocks.status(t, str(row["status"])), *_marks(t, told)),
    )
    cls = f"row-link{' on' if on else ''}"
    return tag("a", text, href=f"/approvals?id={row['id']}", cls=cls, data_item=True, aria_current=on or None)


def _back(t: Words, told: Shape) -> Markup | None:
    if told.get("kind") != "rejected":
        return None
    why = str(told.get("comment", ""))
    text = t("verdict.sent_back", who=actor_name(t, str(told["by"])), why=why)
    return div("row-sub clip", text, title=why, lang=language(text))


def _marks(t: Words, told: Shape) -> list[Markup]:
    """What a campaign of the queue waits for, in a word each."""
    left = [review_cards.signer_name(t, str(step)) for step in told.get("left", ())]
    open_ = len(told.get("conditions") or ())
    lapses = told.get("until") and told.get("kind") == "approved" and not told.get("expired")
    found: list[tuple[Any, str, blocks.Tone, str]] = [
        (left, t("verdict.waits_for", who=t.listed(left)), "info", "clock"),
        (told.get("reminded"), t("verdict.reminded_short", count=told.get("reminded", 0)), "warn", "message"),
        (told.get("basis"), t("verdict.short"), "quiet", "transfer"),
        (open_, t("verdict.conditions_left", count=open_), "warn", "clock"),
        (told.get("expired"), t("verdict.lapsed"), "bad", "alert"),
        (lapses, t("verdict.lapses", at=t.instant(told.get("until"))), "quiet", "clock"),
    ]
    return [blocks.pill(text, tone, symbol) for there, text, tone, symbol in found if there]


async def _show_delegations(packet: "Packet") -> None:
    """Who signs for whom just now, as far as it concerns who looks."""
    stage, t = packet.stage, packet.t
    packet.delegations = await stage.attempt(stage.session.call("approvals.delegations")) or []
    lines = []
    for item in packet.delegations:
        if not review_cards.holds(item) or stage.session.actor not in (item["giver"], item["taker"]):
            continue
        mine = item["giver"] == stage.session.actor
        who = actor_name(t, str(item["taker" if mine else "giver"]))
        text = t("verdict.given" if mine else "verdict.taken", who=who, until=t.instant(item["until"]))
        why = span("muted", str(item["reason"]), lang=language(str(item["reason"]))) if item.get("reason") else None
        end = blocks.button(
            t("verdict.revoke" if mine else "verdict.hand_back"), act("do.revoke", id=item["id"]), small=True
        )
        lines.append(div("delegation", icon("user", 16), div("grow", span("", text), why), end))
    stage.show("delegations", div("delegations", lines) if lines else "")


def _delegation(packet: "Packet") -> None:
    """Let another approver take one's steps for some days."""
    stage, t = packet.stage, packet.t

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
            blocks.field(t("verdict.until"), _until(t)),
            blocks.field(t("verdict.why"), tag("input", name="reason", cls="input", maxlength="200")),
            foot,
            data_form=True,
        )
        stage.dialog(t("verdict.delegate"), body)

    async def do(told: Told) -> None:
        if not told.get("until") or not told.get("taker"):
            stage.toast(t("verdict.say_until"), "info")
            return
        until = f"{told['until']}T23:59:59"
        await stage.session.call(
            "approvals.delegate", taker=str(told["taker"]), until=until, reason=str(told.get("reason", ""))
        )
        stage.close()
        stage.toast(t("did.delegate"))
        await _show_delegations(packet)

    async def revoke(told: Told) -> None:
        await stage.session.call("approvals.revoke", id=str(told["id"]))
        stage.toast(t("verdict.revoked"))
        await _show_delegations(packet)

    stage.on("ask.delegate", ask)
    stage.on("do.delegate", do)
    stage.on("do.revoke", revoke)


def _until(t: Words) -> Markup:
    """A date in the coming month; a week from now to begin with."""
    today = dt.datetime.now(ZoneInfo(t.zone)).date()
    return tag(
        "input", type="date", name="until", cls="input num", required=True, min=today,
        value=today + dt.timedelta(days=7), max=today + dt.timedelta(days=30),
    )  # fmt: skip


class Packet(Document):
    """A document as a reviewer reads it: the material, and beside it the decision and what stands against it."""

    def __init__(self, stage: Stage, id: str) -> None:
        super().__init__(stage, id, None)
        self.waiting: Shape | None = None

    def view(self) -> View:
        """The document for the cards; while it waits, a comment can begin at every section."""
        view = super().view()
        view.extra["reviewing"] = view.status == "in_review"
        return view

    async def refresh(self, *, report: bool = True) -> None:
        """Fetch the document, and what only reviewers ask: the pre-flight check, the queue and the age."""
        session, attempt = self.stage.session, self.stage.attempt
        self.preflight = await attempt(session.call("approvals.preflight", id=self.id)) or []
        queue = await _queue(self.stage)
        self.waiting = next((item for row, item in queue if row["id"] == self.id and item and item.get("since")), None)
        waiting = sum(row["status"] == "in_review" for row, _ in queue)
        self.stage.run(f"lh.badge('/approvals', {waiting})")
        if queue and self.stage.has("queue"):
            self.stage.show("queue", _lines(self.t, queue, self.id))
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
            span("muted num", t("verdict.version", version=self.doc.get("version", 1))),
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
            review_cards.findings(view, self.preflight or ()),
            review_cards.comments(view),
        )
