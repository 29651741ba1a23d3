"""The conversation with the navigator, from everywhere: a sheet beside the page that knows what is on the screen.

A sentence starts work that goes on when the sheet is closed; the plan is shown as it runs, then the reply with what was
assumed, what may be chosen and where to go on. A tab keeps its conversation over pages and reloads; others are opened
from the list. Every turn is a box of its own: what is being read or typed is not touched while another one runs.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from nicegui import ui
from nicegui.element import Element

from linghang.base.errors import LinghangError
from linghang.doors.studio import answers, assuming, blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

_CAMPAIGN = re.compile(r"/campaigns/(cmp_[a-z0-9]+)")
_SHOWN = 30
"""How many of the last turns are shown again."""
_LOOK_OUT = 2.0
"""Seconds between two looks at what others say in the same conversation."""
_LISTED = 12


@dataclass
class Turn:
    """What was said, and the work that answers it, or its reply where that is known already."""

    name: str
    text: str
    work: Work | None = None
    told: Mapping[str, Any] | None = None
    settled: bool = False
    n: int = 0
    """Its number in the conversation, once the home has told it."""
    job: str = ""
    """The job of one that another page or door has begun."""


class Talk:
    """The sheet of one page."""

    def __init__(self, stage: Stage, path: str, campaigns: Sequence[Mapping[str, Any]] = ()) -> None:
        self.stage, self.t = stage, stage.t
        self.names = {str(row["id"]): str(row["name"]) for row in campaigns}
        self.stage.path = path
        self.conversation = ""
        self.turns: list[Turn] = []
        self.loaded = False
        self.timer: ui.timer | None = None
        self.looking: ui.timer | None = None
        self.thread: Element | None = None

    def build(self) -> None:
        """The sheet's frame; what was said comes when it is opened."""
        stage, t = self.stage, self.t
        with ui.element("dialog").classes("chat").props(f'id="chat" aria-label="{t("talk.title")}"'):
            stage.box("chat-head", "lh-box", _head(t))
            stage.box("chat-list", "chat-list")
            with (
                ui.element("div")
                .classes("chat-thread")
                .props('id="chat-thread" tabindex="0" role="log" aria-live="off"')
            ):
                stage.box("chat-none", "lh-box", "")
                with stage.box("chat-turns", "chat-turns") as thread:
                    self.thread = thread
            stage.box("chat-foot", "lh-box", self._foot())
        for name, handler in (
            ("palette.say", self.say), ("talk.open", self.open), ("talk.new", self.new), ("talk.list", self.listing),
            ("talk.reopen", self.reopen), ("talk.assume", self.assume), ("talk.assumed", self.assumed),
            ("talk.undo", self.undo), ("talk.stop", self.stop), ("talk.closed", self.closed),
        ):  # fmt: skip
            stage.on(name, handler)

    @property
    def campaign(self) -> str:
        """The campaign on the screen; a draft gets its address while its page is open."""
        found = _CAMPAIGN.search(self.stage.path)
        return found[1] if found else ""

    async def open(self, told: Told) -> None:
        """The sheet was opened: show the conversation that this tab had."""
        self._look_out()
        if self.loaded:
            return
        self.loaded = True
        await self._load(str(told.get("conversation") or ""))
        self.stage.run("lh.chat.ready()")

    def closed(self, _told: Told) -> None:
        """The sheet was closed: what is said elsewhere is shown when it is opened again."""
        if self.looking is not None:
            self.looking.active = False

    async def stop(self, told: Told) -> None:
        """Stop what is under way in a turn; the turn then tells what was done."""
        job = str(told.get("job") or "")
        if job and await self.stage.attempt(self.stage.session.call("jobs.cancel", job=job)) is not None:
            if (work := self.stage.works.of_job(job, self.stage.session.actor)) is not None:
                work.stopping = True
            for turn in self.turns:
                if turn.job == job:
                    turn.told = {**(turn.told or {}), "stopping": True}
                    self.stage.show(turn.name, *self._markup(turn))
            self._look()

    def new(self, _told: Told) -> None:
        """Begin another conversation; work of the old one goes on."""
        self.loaded = True
        self._clear("")
        self.stage.show("chat-list", "")
        self.stage.show("chat-none", self._none(()))
        self.stage.run("lh.chat.keep({conversation:''});lh.chat.focus()")

    async def listing(self, _told: Told) -> None:
        """Show or hide the past conversations."""
        if self.stage.shows("chat-list"):
            self.stage.show("chat-list", "")
            return
        rows = await self.stage.attempt(self.stage.session.call("memory.conversations"))
        if rows is not None:
            self.stage.show("chat-list", answers.past(self.t, rows[:_LISTED], self.conversation))

    async def reopen(self, told: Told) -> None:
        """Go on with a past conversation."""
        self.loaded = True
        self.stage.show("chat-list", "")
        await self._load(str(told["id"]))
        self.stage.run("lh.chat.show();lh.chat.ready()")

    async def say(self, told: Told) -> None:
        """Say a sentence (or take a choice); the sheet opens and follows the work."""
        text = str(told.get("text") or "").strip()
        if not text:
            return
        self.stage.run("lh.chat.show()")
        if not self.loaded:
            self.loaded = True
            await self._load(str(told.get("conversation") or ""))
        if not self.conversation:
            self.conversation = f"con_{uuid4().hex[:26]}"
            self.stage.run(f"lh.chat.keep({{conversation:{json.dumps(self.conversation)}}})")
        more: dict[str, Any] = {key: str(told.get(key) or "") for key in ("aim", "despite", "words")}
        more |= {"patch": told.get("patch") or None, **self.stage.context()}
        self._start(text, "agents.say", text=text, conversation=self.conversation, page=self.stage.path,
                    campaign=str(told.get("campaign") or "") or self.campaign, **more)  # fmt: skip

    async def assume(self, told: Told) -> None:
        """Show the form of an assumption; a campaign's document gives the names."""
        t, labels, options = self.t, dict[str, str](), ()
        if told.get("campaign"):
            doc = await self.stage.attempt(self.stage.session.call("campaign.show", id=str(told["campaign"])))
            if doc is None:
                return
            labels = doc.get("labels") or {}
            options = assuming.options_of(doc.get("assumptions") or (), str(told["key"]))
        what = t("goal.change", what=str(told.get("label") or told["key"]))
        form = assuming.form(t, told, lambda _key, value: str(labels.get(value) or t.value(str(value))), "talk.assumed",
                             options)  # fmt: skip
        self.stage.dialog(what, form)

    async def assumed(self, told: Told) -> None:
        """Take the new value: the campaign's assumption changes, or the sentence is said again with it."""
        self.stage.close()
        label, key = str(told.get("label") or ""), str(told["key"])
        label = label or (self.t(f"key.{key}") if self.t.has(f"key.{key}") else key)
        value = told.get("value")
        values = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        named = self.t.listed([self.t.value(one) for one in values]) + assuming.UNITS.get(key, "")
        if not told.get("campaign"):
            await self.say({"text": self.t("talk.with", said=str(told.get("said", "")), label=label, value=named)})
            return
        self._start(self.t("talk.assumed_now", what=label, value=named), "campaign.edit", id=str(told["campaign"]),
                    patch=[assuming.patch(told)])  # fmt: skip

    def undo(self, told: Told) -> None:
        """Take back the last change of a campaign."""
        self._start(self.t("document.undo"), "campaign.undo", id=str(told["campaign"]))

    async def _load(self, name: str) -> None:
        """Show the turns of a conversation, and what is still under way in it."""
        told: Mapping[str, Any] | None = None
        if name:
            try:
                told = await self.stage.session.call("memory.conversation", id=name, last=_SHOWN)
            except LinghangError:
                # Deleted, or somebody else's: this tab begins anew.
                told = None
        works = self.stage.works.of(name, self.stage.session.actor) if name else []
        if told is None and not works:
            rows = await self.stage.attempt(self.stage.session.call("memory.conversations")) or []
            self._clear("")
            self.stage.show("chat-none", self._none(rows[:3]))
            return
        self._clear(name)
        for row in (told or {}).get("turns", ()):
            if not any(work.job and work.job == row["job"] for work in works):
                self._add(self._elsewhere(row))
        for work in works:
            self._add(Turn(f"turn-{len(self.turns)}", work.text, work=work, settled=work.done))
        self._look()
        self._look_out()

    def _elsewhere(self, row: Mapping[str, Any]) -> Turn:
        """A turn as the home has it: ended, or begun by another page or door."""
        turn = Turn(f"turn-{len(self.turns)}", str(row["text"]), settled=True, n=int(row["n"]))
        if row["state"] != "running":
            reply = row["reply"]
            turn.told = {**reply, "said": row["text"], "campaign": reply.get("campaign") or row["campaign"]}
        elif (work := self.stage.works.of_job(str(row["job"]), self.stage.session.actor)) is not None:
            turn.work, turn.settled = work, work.done
        else:
            turn.job, turn.told = str(row["job"]), {"state": "running"}
        return turn

    def _look_out(self) -> None:
        """See from now on what other pages and doors say in this conversation."""
        if self.looking is None:
            self.looking = ui.timer(_LOOK_OUT, self._refresh)
        self.looking.active = True

    async def _refresh(self) -> None:
        """Show turns that others have begun or ended since; one's own are followed as they run."""
        own = [turn.work for turn in self.turns if turn.work is not None]
        if not self.conversation or any(not work.done and not work.job for work in own):
            return
        ended = [turn.n for turn in self.turns if turn.n and turn.settled and not turn.job]
        open_ = [turn.n for turn in self.turns if turn.job]
        after = min([max(ended, default=0), *(n - 1 for n in open_)])
        name = self.conversation
        try:
            rows = await self.stage.session.call("memory.turns", id=name, after=after)
        except LinghangError:
            return
        for row in rows if name == self.conversation else ():
            self._seen(row)

    def _seen(self, row: Mapping[str, Any]) -> None:
        known = next((turn for turn in self.turns if turn.n == row["n"]), None)
        if known is None:
            known = next((turn for turn in self.turns if turn.work is not None and turn.work.job == row["job"]), None)
        if known is None:
            self._add(self._elsewhere(row))
            self._look()
        elif known.job and row["state"] != "running":
            fresh = self._elsewhere(row)
            known.told, known.job = fresh.told, ""
            self.stage.show(known.name, *self._markup(known))
            self.stage.run(f"lh.chat.tell({json.dumps(answers.spoken(known.told or {}))})")
        else:
            known.n = int(row["n"])

    def _clear(self, name: str) -> None:
        self.conversation = name
        self.turns = []
        if self.thread is not None:
            self.thread.clear()
        self.stage.show("chat-none", "")

    def _start(self, shown: str, skill: str, **arguments: Any) -> None:
        """Begin work and show it as a turn; it waits for what was said before."""
        before = next((turn.work for turn in reversed(self.turns) if turn.work is not None), None)
        if before is not None and before.skill == skill == "agents.say":
            # Turns wait for each other where they are kept, so that those of other doors wait too.
            before = None
        work = self.stage.works.start(self.stage.session, skill, shown=shown, thread=self.conversation, after=before,
                                      **arguments)  # fmt: skip
        self.stage.show("chat-none", "")
        self.stage.show("chat-list", "")
        self._add(Turn(f"turn-{len(self.turns)}", shown, work=work))
        self.stage.run("lh.chat.newest()")
        self._look()

    def _add(self, turn: Turn) -> None:
        self.turns.append(turn)
        if self.thread is not None:
            with self.thread:
                self.stage.box(turn.name, "lh-box", *self._markup(turn))

    def _look(self) -> None:
        """Follow what is under way."""
        if all(turn.settled for turn in self.turns):
            return
        if self.timer is None:
            self.timer = ui.timer(0.4, self._follow)
        self.timer.active = True

    async def _follow(self) -> None:
        for turn in self.turns:
            if not turn.settled:
                self.stage.show(turn.name, *self._markup(turn))
                if turn.work is None or turn.work.done:
                    turn.settled = True
                    await self._settled(turn)
        if self.timer is not None:
            self.timer.active = any(not turn.settled for turn in self.turns)

    async def _settled(self, turn: Turn) -> None:
        """Read the answer out, and let the page take over what was changed on it."""
        work = turn.work
        if work is None:
            return
        told = work.result if isinstance(work.result, Mapping) else {}
        said = self.stage.sentence(work.error) if work.error is not None else answers.spoken(told)
        self.stage.run(f"lh.chat.tell({json.dumps(said or self.t('talk.ended'))})")
        if told.get("rule"):
            await self.stage.tell("talk.rule", {"rule": told["rule"]})
        changed = str(told.get("campaign") or told.get("id") or "")
        if changed and changed == self.campaign:
            await self.stage.tell("talk.campaign", {"id": changed})

    def _markup(self, turn: Turn) -> tuple[Markup, Markup]:
        return answers.said(self.t, turn.text), answers.bubble(self.t, self._answer(turn))

    def _answer(self, turn: Turn) -> Child:
        work, t = turn.work, self.t
        if turn.job:
            return answers.elsewhere(t, turn.job, stopping=bool((turn.told or {}).get("stopping")))
        if turn.told is not None:
            return answers.reply(t, turn.told)
        if work is None or not work.done:
            return answers.progress(t, work) if work is not None else ""
        if work.error is not None:
            return answers.failed(t, self.stage.sentence(work.error), turn.text, {})
        if not isinstance(work.result, Mapping):
            return t("talk.ended")
        if "state" not in work.result and work.result.get("id"):
            return answers.compiled(t, work.result, undone=work.skill == "campaign.undo")
        return answers.reply(t, work.result)

    def _none(self, past: Sequence[Mapping[str, Any]]) -> Markup:
        """An empty sheet: what may be said here, and what was talked about lately."""
        t = self.t
        kind = "campaign" if self.campaign else "audience" if self.stage.path == "/audiences" else "anywhere"
        examples = [
            tag("button", icon("spark", 16), span("", t(f"talk.{kind}_{n}")), cls="example", type="button",
                **act("palette.say", text=t(f"talk.{kind}_{n}")))
            for n in (1, 2, 3, 4)
        ]  # fmt: skip
        lately = (
            div("chat-lately", tag("h3", t("talk.lately"), cls="muted small"), answers.conversations(t, past, ""))
            if past
            else None
        )
        return div("chat-none", tag("p", t(f"talk.hello_{kind}"), cls="muted"), div("examples", examples), lately)

    def _foot(self) -> Markup:
        t = self.t
        here = self.names.get(self.campaign, "")
        seen = here or (t("talk.here_audience") if self.stage.path == "/audiences" else "")
        chip = div("chat-here muted small", icon("eye", 14), span("", t("talk.here", what=seen))) if seen else None
        box = blocks.composer(
            t, act("palette.say"), t("talk.anything"), label=t("talk.title"), id="chat-box", first=False
        )
        latest = tag("button", icon("down", 14), span("", t("talk.latest")), cls="chat-latest", type="button",
                     id="chat-latest", hidden=True)  # fmt: skip
        return div(
            "chat-foot", latest, chip, box, tag("p", "", id="chat-told", cls="visually-hidden", aria_live="polite")
        )


def attach(stage: Stage, path: str, campaigns: Sequence[Mapping[str, Any]] = ()) -> None:
    """Give a page its sheet."""
    Talk(stage, path, campaigns).build()


def _head(t: Words) -> Markup:
    return div(
        "chat-head",
        tag("h2", t("talk.title")),
        blocks.icon_button("history", t("talk.past"), act("talk.list")),
        blocks.icon_button("plus", t("talk.new"), act("talk.new")),
        blocks.icon_button("close", t("close"), data_close=True),
    )
