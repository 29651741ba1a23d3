"""One tab's view of a campaign: fills in as sections finish; a change makes only what depends on it breathe."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import cards_go, cards_offer, cards_say, cards_when, cards_who
from linghang.doors.studio.campaign.conversation import suggestions, thread
from linghang.doors.studio.campaign.header import header, outline
from linghang.doors.studio.campaign.view import CARDS, LIVE, SIGNERS, Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.work import Work

_CARDS: Mapping[str, Callable[[View], Markup]] = {
    "goal": cards_who.goal,
    "audience": cards_who.audience,
    "offer": cards_offer.offer,
    "creative": cards_say.creative,
    "page": cards_say.page,
    "schedule": cards_when.schedule,
    "experiment": cards_when.experiment,
    "estimate": cards_when.estimate,
    "compliance": cards_go.compliance,
    "approval": cards_go.approval,
    "run": cards_go.run,
    "readout": cards_go.readout,
}


class Document:
    """One tab's view of a campaign, and the work on it."""

    def __init__(self, stage: Stage, id: str, work: Work | None) -> None:
        self.stage = stage
        self.t = stage.t
        self.id = id or (work.about if work is not None else "")
        self.work = work
        self.doc: Shape = {}
        self.report: Shape | None = None
        self.history: Sequence[Shape] = ()
        self.comments: Sequence[Shape] = ()
        self.delegations: Sequence[Shape] = ()
        self.preflight: Sequence[Shape] | None = None
        self.changes: dict[int, Sequence[Shape]] = {}
        self.note = ""
        self._heard = 0
        # A page that was opened for work under way takes the campaign's own address as soon as it has one.
        self._addressed = bool(id)

    async def build(self) -> None:
        """Lay the page out, show what is there, and listen."""
        stage = self.stage
        with ui.element("div").classes("doc"):
            stage.box("header", "doc-head")
            with ui.element("div").classes("doc-grid"):
                with ui.element("aside").classes("talk").props(f'aria-label="{self.t("talk.title")}" id="talk"'):
                    stage.box("talk-head", "lh-box", self._talk_head())
                    stage.box("thread", "thread")
                    stage.box(
                        "say",
                        "talk-say",
                        blocks.composer(self.t, act("say"), self.t("talk.placeholder"), label=self.t("talk.title")),
                    )
                    stage.box("hints", "lh-box")
                stage.box("talk-open", "lh-box", self._talk_open())
                with ui.element("div").classes("cards"):
                    stage.box("outline", "lh-box")
                    for card in CARDS:
                        stage.box(f"card-{card}", "lh-box")
        if self.id:
            await self.refresh(report=False)
            ui.timer(0.05, self._later, once=True)
        else:
            self.show()
        ui.timer(0.4, self.tick)
        if self.work is None and not self.id:
            self.note = self.t("document.lost")
            self.show()

    def _talk_head(self) -> Markup:
        close = blocks.icon_button("close", self.t("close"), data_toggle="#talk")
        return div("talk-head", tag("h2", self.t("talk.title")), close)

    def _talk_open(self) -> Markup:
        inner = (icon("message", 18), self.t("talk.title"))
        return tag(
            "button", *inner, cls="btn primary talk-open", type="button", data_toggle="#talk", aria_controls="talk"
        )

    def view(self) -> View:
        """The document for the cards, with what is under way."""
        making = frozenset(self._making())
        extra: dict[str, object] = {
            "actor": self.stage.session.actor,
            "roles": self.stage.session.roles,
            "report": self.report,
            "history": self.history,
            "comments": self.comments,
            "preflight": self.preflight,
        }
        if self.work is not None and not self.work.done and self.work.skill == "campaign.play" and self.work.lines:
            last = self.work.lines[-1]
            extra["playing"] = (int(last.get("done") or 0), int(last.get("of") or 0))
        working = self.work is not None and not self.work.done
        return View(self.t, self.doc, making, working, extra)

    def _making(self) -> set[str]:
        making: set[str] = set()
        for line in self.work.lines if self.work is not None and not self.work.done else ():
            name = str((line.get("params") or {}).get("section", ""))
            if str(line.get("step", "")).startswith("making:"):
                making.add(name)
            elif str(line.get("step", "")).startswith("section:"):
                making.discard(name)
        return making

    def show(self) -> None:
        """Show every box again; those that are the same are not sent."""
        view = self.view()
        stage = self.stage
        stage.show("header", header(view, "document"))
        stage.show("outline", outline(view))
        stage.show("thread", thread(view, self.work, self.changes, self.note))
        stage.show("hints", suggestions(view))
        for card, render in _CARDS.items():
            stage.show(f"card-{card}", render(view))

    async def _later(self) -> None:
        """What the page need not wait for."""
        await self._check()
        if self.view().status in LIVE and self.report is None:
            await self.read_out()
            self.show()

    async def refresh(self, *, report: bool = True) -> None:
        """Fetch the document again and show it; ``report`` says whether to wait for the read-out too."""
        doc = await self.stage.attempt(self.stage.session.call("campaign.show", id=self.id))
        if doc is not None:
            self.doc = doc
            self.history = await self.stage.attempt(self.stage.session.call("approvals.history", id=self.id)) or []
            self.comments = await self.stage.attempt(self.stage.session.call("approvals.comments", id=self.id)) or []
            if report and self.view().status in LIVE and self.report is None:
                await self.read_out()
        elif not self.doc:
            self.note = self.t("document.unknown")
        self.show()

    async def _check(self) -> None:
        """The pre-flight check of a draft that is whole: one that waits for an answer says so already."""
        view = self.view()
        self.preflight = None
        if view.status in ("draft", "rejected") and view.value("compliance"):
            self.preflight = await self.stage.attempt(self.stage.session.call("approvals.preflight", id=self.id))
        self.show()

    def may_sign(self) -> bool:
        """Whether one of the user's roles signs."""
        return bool(SIGNERS & set(self.stage.session.roles))

    async def read_out(self) -> None:
        """Fetch the report; a campaign without any outcome yet simply has none."""
        try:
            self.report = await self.stage.session.call("campaign.report", id=self.id)
        except LinghangError as error:
            self.note = self.stage.sentence(error)

    def begin(self, skill: str, /, **arguments: Any) -> None:
        """Start long work about this campaign; the page goes on showing it."""
        self.note = ""
        self._heard = 0
        self.work = self.stage.works.start(
            self.stage.session, skill, about_id=self.id, shown=str(arguments.get("text", "")), **arguments
        )
        self.show()

    async def tick(self) -> None:
        """Look at the work under way: show new lines, fetch the document when a section was finished."""
        work = self.work
        if work is None:
            return
        fresh = work.lines[self._heard :]
        self._heard += len(fresh)
        if work.about and not self._addressed:
            self.id, self._addressed = work.about, True
            self.stage.run(f"history.replaceState(null, '', '/campaigns/{self.id}')")
            await self.refresh()
        elif self.id and any(str(line.get("step", "")).startswith("section:") for line in fresh):
            await self.refresh()
        elif fresh or not work.done:
            self.show()
        if fresh:
            self.stage.run("lh.bottom('.thread')")
        if work.done:
            await self.finish(work)

    async def finish(self, work: Work) -> None:
        """The work ended: tell an error, fetch what it changed."""
        self.work = None
        if work.error is not None:
            self.note = self.stage.sentence(work.error)
            self.stage.fail(work.error)
        if self.id:
            before = self.doc.get("version")
            self.report = None
            await self.refresh()
            await self._check()
            if work.error is None and work.skill not in ("campaign.new", "campaign.clone", "campaign.play"):
                await self._tell_changes(before)
        self.show()
        self.stage.run("lh.bottom('.thread')")

    async def _tell_changes(self, _before: object) -> None:
        version = int(self.doc.get("version") or 0)
        found = await self.stage.attempt(self.stage.session.call("campaign.diff", id=self.id))
        if found:
            self.changes = {**self.changes, version: found}
