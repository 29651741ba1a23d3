"""The inbox: what agents saw and propose, with reason, evidence and one click to a draft; and what was put away."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Child, Markup, act, div, language, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
REASONS = ("later", "doing", "wrong", "worthless")
"""Why an item is put away; the first says nothing against its topic."""
_STATES = ("open", "dismissed", "drafted")
_SYMBOLS: Mapping[str, str] = {"alarm": "alert", "benefit": "gift", "draft": "edit", "opportunity": "insights"}
_MONEY = frozenset({"margin_fen", "free_fen", "total_fen"})
_SHARES = frozenset({"usual_response"})


def register(studio: Studio) -> None:
    """Register ``/inbox``."""
    studio.tab("insights", "inbox", "/inbox")

    @ui.page("/inbox", response_timeout=60)
    async def inbox() -> None:
        async with studio.page("insights", tab="inbox", cls="narrow") as stage:
            Inbox(stage).build()


class Inbox:
    """The page: the items of one state, and what may be done about each."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t
        self.state = "open"
        self.told: Shape = {}

    def build(self) -> None:
        """Boxes and handlers; the items come when the page stands."""
        t, stage = self.t, self.stage
        look = blocks.button(t("inbox.look"), act("look"), symbol="refresh")
        stage.box("head", "lh-box", page_head(t("inbox.title"), t("inbox.lede"), look))
        stage.box("states", "lh-box")
        stage.box("items", "lh-box", blocks.loading(t))
        for name, handler in (("look", self.look), ("state", self.choose), ("dismiss", self.ask),
                              ("dismissed", self.dismiss), ("reopen", self.reopen), ("draft", self.draft)):  # fmt: skip
            stage.on(name, handler)
        ui.timer(0.05, self.fill, once=True)

    async def fill(self) -> None:
        """Ask for the items and show them."""
        told = await self.stage.attempt(self.stage.session.call("inbox.list", state=self.state))
        if told is not None:
            self.told = told
            self.stage.show("states", _states(self.t, self.state, told.get("counts") or {}))
            self.stage.show("items", items(self.t, told, self.state))

    async def look(self, _told: Told) -> None:
        """Look now, and say what came of it."""
        seen = await self.stage.attempt(self.stage.session.call("inbox.scan"))
        if seen is not None:
            fresh = len(seen.get("new", ()))
            self.stage.toast(self.t("inbox.looked" if fresh else "inbox.looked_none", count=fresh))
        await self.fill()

    async def choose(self, told: Told) -> None:
        """Show the items of another state."""
        self.state = str(told["state"])
        await self.fill()

    def ask(self, told: Told) -> None:
        """Ask why an item is put away: one click on a reason does it."""
        t = self.t
        row = next((one for one in self.told.get("items", ()) if one["id"] == told["id"]), {})
        buttons = [
            tag("button", t(f"inbox.reason_{name}"), span("muted small", t(f"inbox.teaches_{name}")), type="button",
                cls="choice reason", **act("dismissed", id=told["id"], reason=name))
            for name in REASONS
        ]  # fmt: skip
        self.stage.dialog(t("inbox.why"), div("form", tag("p", str(row.get("title", ""))), div("choices", buttons)))

    async def dismiss(self, told: Told) -> None:
        """Put it away."""
        self.stage.close()
        call = self.stage.session.call("inbox.dismiss", id=str(told["id"]), reason=str(told.get("reason", "")))
        if await self.stage.attempt(call) is not None:
            self.stage.toast(self.t("inbox.put_away"))
        await self.fill()

    async def reopen(self, told: Told) -> None:
        """Take it back."""
        await self.stage.attempt(self.stage.session.call("inbox.reopen", id=str(told["id"])))
        await self.fill()

    def draft(self, told: Told) -> None:
        """Make the draft and go to it while it is made."""
        work = self.stage.works.start(self.stage.session, "inbox.draft", shown=str(told["text"]), id=str(told["id"]))
        self.stage.go(f"/campaigns/new/{work.id}")


def _states(t: Words, state: str, counts: Shape) -> Markup:
    buttons = [
        tag("button", t(f"inbox.{name}"), " ", span("num muted", str(counts.get(name, 0))), type="button",
            cls="tab on" if name == state else "tab", aria_pressed=str(name == state).lower(),
            **act("state", state=name))
        for name in _STATES
    ]  # fmt: skip
    return div("tabs", buttons, role="group", aria_label=t("inbox.title"))


def items(t: Words, told: Shape, state: str = "open") -> Markup:
    """The items of a state; below them, topics that are quiet for a while."""
    rows = told["items"]
    muted = [_quiet(t, item) for item in told.get("muted", [])] if state == "open" else []
    if not rows:
        code = "none" if state == "open" else f"none_{state}"
        empty = blocks.empty("check", t(f"inbox.{code}"), t(f"inbox.{code}_text"), *muted)
        return tag("section", empty, cls="panel")
    lines = [_item(t, row, state) for row in rows]
    return div("stack", tag("section", div("rows", lines), cls="panel"), muted)


def _quiet(t: Words, item: Shape) -> Markup:
    topic = str(item["topic"])
    name = t(f"inbox.topic_{topic}") if t.has(f"inbox.topic_{topic}") else t("inbox.topic_other")
    return tag("p", tag("b", name), " ", t("inbox.muted", until=t.day(item["until"])), cls="muted small")


def _item(t: Words, row: Shape, state: str) -> Markup:
    brief = str(row.get("brief") or "")
    worth = t("insights.worth", money=t.money(row["value_fen"])) if row.get("value_fen") else ""
    said = str(row.get("said") or "")
    why = t(f"inbox.reason_{said}") if t.has(f"inbox.reason_{said}") else said
    return div(
        "opportunity",
        span("opportunity-icon", blocks.icon(_SYMBOLS.get(str(row["kind"]), "insights"))),
        div(
            "grow",
            tag("h3", str(row["title"]), blocks.pill(t("inbox.alarm"), "bad") if row.get("alarm") else None),
            tag("p", str(row["reason"]), cls="muted small") if row.get("reason") else None,
            div("inbox-evidence small num", [span("", text) for text in (worth, *evidence(t, row)) if text]),
            tag("p", "“", brief, "”", cls="brief muted small", lang=language(brief)) if brief else None,
            tag("p", t("inbox.because", why=why), cls="muted small") if state == "dismissed" and why else None,
        ),
        div("line", *_acts(t, row, state)),
        data_item=True,
        tabindex="-1",
    )


def _acts(t: Words, row: Shape, state: str) -> list[Child]:
    made: list[Child] = []
    if row.get("campaign"):
        made.append(blocks.link_button(t("inbox.see"), f"/campaigns/{row['campaign']}", small=True))
    if state == "dismissed":
        return [*made, blocks.button(t("inbox.reopen"), act("reopen", id=row["id"]), small=True, symbol="undo",
                                      data_needs="insights.edit")]  # fmt: skip
    if state != "open":
        return made
    if row.get("drafts", bool(row.get("brief"))):
        text = str(row.get("brief") or row["title"])
        made.insert(0, blocks.button(t("inbox.draft"), act("draft", id=row["id"], text=text), small=True,
                                      data_needs="campaign.edit"))  # fmt: skip
    away = blocks.icon_button("close", t("inbox.dismiss"), act("dismiss", id=row["id"]), data_needs="insights.edit")
    return [*made, away]


def evidence(t: Words, row: Shape) -> list[str]:
    """The figures that an item stands on, each with its name and unit, and the day of the data."""
    told: list[str] = []
    for key, value in (row.get("evidence") or {}).items():
        if not t.has(f"inbox.evidence_{key}"):
            continue
        if key in _MONEY:
            shown = t.money(float(value))
        elif key in _SHARES:
            shown = t.share(float(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            shown = t.count(value) if float(value).is_integer() else f"{value:.2f}"
        else:
            shown = t.day(value) if key in ("as_of", "last_year", "updated") else str(value)
        told.append(t(f"inbox.evidence_{key}", value=shown))
    return told
