"""The conversation with the navigator, from everywhere: a sheet over the page that knows what is on the screen.

A sentence starts work that goes on when the sheet is closed; the plan is shown as it runs, then the reply with what was
assumed, what may be chosen and where to go on.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import assuming, blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

_CAMPAIGN = re.compile(r"/campaigns/(cmp_[a-z0-9]+)")
_KEPT = 6
_STATES: Mapping[str, blocks.Tone] = {
    "done": "ok", "failed": "bad", "refused": "bad", "waiting": "warn", "blocked": "warn", "asked": "info",
}  # fmt: skip


class Talk:
    """The sheet of one page: the turns that were said here, and the conversation that they belong to."""

    def __init__(self, stage: Stage, path: str) -> None:
        self.stage = stage
        found = _CAMPAIGN.search(path)
        self.page, self.campaign = path, found[1] if found else ""
        self.conversation = ""
        self.turns: list[tuple[str, Work]] = []
        self.timer: ui.timer | None = None

    async def say(self, told: Told) -> None:
        """Say a sentence (or take a choice); the sheet opens and follows the work."""
        text = str(told.get("text") or "").strip()
        if not text:
            return
        found = _CAMPAIGN.search(self.stage.path)
        self.page, self.campaign = self.stage.path or self.page, found[1] if found else self.campaign
        campaign = str(told.get("campaign") or "") or self.campaign
        self.stage.dialog(self.stage.t("talk.title"), blocks.loading(self.stage.t), cls="talk-sheet")
        self._start(text, "agents.say", text=text, conversation=self.conversation, page=self.page, campaign=campaign,
                    aim=str(told.get("aim") or ""))  # fmt: skip

    async def assume(self, told: Told) -> None:
        """Show the form of an assumption in place of the turns; the campaign's document gives the names."""
        call = self.stage.session.call("campaign.show", id=str(told["campaign"]))
        doc = await self.stage.attempt(call)
        if doc is not None:
            t, labels = self.stage.t, doc.get("labels") or {}
            what = t("goal.change", what=str(told.get("label") or told["key"]))
            form = assuming.form(t, told, lambda _key, value: str(labels.get(value) or t.value(str(value))))
            self.stage.show("dialog", self._sheet(what, form))

    def assumed(self, told: Told) -> None:
        """Take the new value: the document's assumption changes, and what depends on it is compiled again."""
        label, key = str(told.get("label") or ""), str(told["key"])
        label = label or (self.stage.t(f"key.{key}") if self.stage.t.has(f"key.{key}") else key)
        self._start(self.stage.t("talk.assumed_now", what=label), "campaign.edit", id=str(told["campaign"]),
                    patch=[assuming.patch(told)])  # fmt: skip

    def undo(self, told: Told) -> None:
        """Take back the last change of a campaign."""
        self._start(self.stage.t("document.undo"), "campaign.undo", id=str(told["campaign"]))

    def back(self) -> None:
        """Show the turns again."""
        self._show()

    def _start(self, shown: str, skill: str, **arguments: Any) -> None:
        """Begin work and show it as a turn."""
        work = self.stage.works.start(self.stage.session, skill, shown=shown, **arguments)
        self.turns = [*self.turns, (shown, work)][-_KEPT:]
        self._show()
        if self.timer is None:
            self.timer = ui.timer(0.4, self._follow)
        self.timer.active = True

    def _follow(self) -> None:
        work = self.turns[-1][1]
        if work.done and isinstance(work.result, Mapping):
            self.conversation = str(work.result.get("conversation") or self.conversation)
        self._show()
        if work.done and self.timer is not None:
            self.timer.active = False

    def _show(self) -> None:
        t = self.stage.t
        turns = [part for text, work in self.turns for part in (_said(text), _answer(self.stage, work))]
        body = div(
            "speaking", div("turns", turns),
            blocks.composer(t, act("palette.say"), t("talk.anything"), label=t("talk.title")),
        )  # fmt: skip
        self.stage.show("dialog", self._sheet(t("talk.title"), body))

    def _sheet(self, title: str, body: Markup) -> Markup:
        head = div(
            "dialog-head", tag("h2", title, id="dialog-title"),
            blocks.icon_button("close", self.stage.t("close"), data_close=True),
        )  # fmt: skip
        return div("dialog-inner talk-sheet", head, div("dialog-body", body))


def attach(stage: Stage) -> None:
    """Let a page's palette speak to the navigator."""
    request = stage.client.request
    talk = Talk(stage, request.url.path if request is not None else "")
    stage.on("palette.say", talk.say)
    stage.on("talk.assume", talk.assume)
    stage.on("talk.undo", talk.undo)
    stage.on("unassumed", lambda _told: talk.back())
    if not _CAMPAIGN.search(talk.page):
        stage.on("assumed", talk.assumed)


def _said(text: str) -> Markup:
    return div("turn me", div("bubble", text))


def _answer(stage: Stage, work: Work) -> Markup:
    t = stage.t
    if work.error is not None:
        return _navigator(t, tag("p", stage.sentence(work.error)))
    if not work.done or not isinstance(work.result, Mapping):
        return _navigator(t, progress(t, work))
    if "state" not in work.result and work.result.get("id"):
        return _navigator(t, _compiled(t, work.result))
    return _navigator(t, reply(t, work.result))


def _compiled(t: Words, doc: Mapping[str, Any]) -> Markup:
    """A campaign after a click: its new version, a way to it, and a way back."""
    told = {"campaign": doc["id"], "makes": "campaign.changed", "state": "done"}
    said = tag("p", t("talk.compiled", name=str(doc.get("name", "")), version=doc.get("version", "")))
    return div("", said, _where(t, told))


def _navigator(t: Words, child: Child) -> Markup:
    return div("turn", span("face navigator", t("actor.navigator")[:1]), div("bubble", child))


def progress(t: Words, work: Work) -> Markup:
    """The steps of the plan so far, the ones under way last."""
    ended: dict[str, str] = {}
    begun: dict[str, str] = {}
    for line in work.lines:
        params: Mapping[str, Any] = line.get("params") or {}
        name = str(params.get("skill", ""))
        if line.get("note") == "agents.step_begun":
            begun[str(params.get("id"))] = name
        elif line.get("note") == "agents.step_ended":
            ended[str(params.get("id"))] = f"{name} · {t.millis(float(params.get('millis') or 0))}"
    rows = [tag("li", icon("check", 14, "tone-ok"), span("grow small", text)) for text in ended.values()]
    rows += [tag("li", span("spin"), span("grow small", name)) for key, name in begun.items() if key not in ended]
    writes = next((str((line.get("params") or {}).get("text", "")) for line in reversed(work.lines)
                   if line.get("note") == "agents.model_writes"), "")  # fmt: skip
    draft = tag("p", t("talk.writes"), " ", span("muted", writes), cls="small", aria_live="polite") if writes else None
    head = tag("p", t("talk.working", seconds=f"{work.seconds:.0f}"), cls="num")
    return div("", head, tag("ul", rows, cls="steps"), draft)


def reply(t: Words, told: Mapping[str, Any]) -> Markup:
    """A reply of the navigator: its sentence, the chips, the choices, the plan that stands behind it."""
    state = str(told.get("state", ""))
    parts: list[Child] = [tag("p", line) for line in str(told.get("text", "")).split("\n") if line]
    if state in _STATES and state != "done":
        parts.insert(0, blocks.pill(t(f"talk.state_{state}"), _STATES[state]))
    parts.append(_where(t, told))
    chips = [_chip(t, item, str(told.get("campaign") or "")) for item in told.get("chips", [])[:8] if item.get("text")]
    if chips:
        parts += [tag("p", t("goal.assumed"), cls="muted small"), blocks.chips(*chips)]
    choices = [
        blocks.chip(str(item["text"]), act("palette.say", text=_again(item, told), aim=str(item.get("aim", "")),
                                           campaign=str(item.get("campaign", ""))))
        for item in told.get("choices", [])
    ]  # fmt: skip
    if choices:
        parts.append(blocks.chips(*choices))
    parts += [tag("p", f"{item['term']}：{item['meaning']}", cls="muted small") for item in told.get("terms", [])[:2]]
    plan = told.get("plan")
    if isinstance(plan, Mapping):
        parts.append(_plan(t, plan["steps"]))
        if told.get("plan_id"):
            change = tag("a", t("talk.change_plan"), href=f"/plans/{told['plan_id']}", cls="link small")
            parts.append(tag("p", change))
    return div("", parts)


def _chip(t: Words, item: Mapping[str, Any], campaign: str) -> Markup:
    """What was assumed: a click changes it, where the turn made or changed a campaign."""
    key = str(item.get("key", ""))
    label = t(f"key.{key}") if t.has(f"key.{key}") else key
    if not campaign or not key or item.get("source") == "model":
        return blocks.chip(str(item["text"]))
    return blocks.chip(str(item["text"]), act("talk.assume", key=key, value=item.get("value"), label=label,
                                              reason=str(item["text"]), campaign=campaign))  # fmt: skip


def _again(choice: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """What is said when a choice is taken: the sentence of the choice, or the same sentence read in the chosen way."""
    plan = told.get("plan")
    same = str(plan["text"]) if isinstance(plan, Mapping) else str(told.get("said", ""))
    return str(choice["text"]) if choice.get("kind") == "text" else same or str(choice["text"])


def _where(t: Words, told: Mapping[str, Any]) -> Child:
    """The way to a turn's campaign; a change that was made can be taken back."""
    if not told.get("campaign") or not str(told.get("makes", "")).startswith("campaign."):
        return None
    campaign = str(told["campaign"])
    back = None
    if told["makes"] == "campaign.changed" and told.get("state") == "done":
        back = blocks.button(t("document.undo"), act("talk.undo", campaign=campaign), kind="quiet", small=True,
                             symbol="undo")  # fmt: skip
    return div("line", tag("a", t("talk.open"), href=f"/campaigns/{campaign}", cls="link"), back)


def _plan(t: Words, steps: Sequence[Mapping[str, Any]]) -> Markup:
    rows = [
        tag("li", icon("check" if step.get("state") == "done" else "clock", 14),
            span("grow small", str(step.get("title") or step["skill"])),
            span("num muted small", t.millis(float(step.get("millis") or 0))))
        for step in steps
    ]  # fmt: skip
    return tag("details", tag("summary", t("talk.plan", count=len(steps))), tag("ul", rows, cls="steps"), cls="query")
