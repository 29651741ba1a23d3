"""A plan: what is to be done for a sentence, seen first. Steps are taken out, put in, moved and set; then it runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.answers import progress, reply
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

Shape = Mapping[str, Any]
_STATES: Mapping[str, blocks.Tone] = {"proposed": "info", "running": "info", "done": "ok", "failed": "bad",
                                    "waiting": "warn", "asked": "warn", "cancelled": "quiet"}  # fmt: skip
_LOOK_SECONDS = 1.5
"""Seconds between two looks at a plan that runs elsewhere."""
_TONES: Mapping[str, blocks.Tone] = {"read": "quiet", "draft": "info", "commit": "warn"}


def register(studio: Studio) -> None:
    """Register ``/plans`` and ``/plans/{id}``."""
    studio.tab("insights", "plans", "/plans")

    @ui.page("/plans", response_timeout=60)
    async def plans(q: str = "") -> None:
        async with studio.page("insights", tab="plans", cls="narrow") as stage:
            await _ask(stage, q)

    @ui.page("/plans/{id}", response_timeout=60)
    async def plan(id: str) -> None:
        async with studio.page("insights", tab="plans", cls="narrow") as stage:
            await Editor(stage, id).build()


async def _ask(stage: Stage, query: str) -> None:
    t = stage.t

    async def make(told: Told) -> None:
        text = str(told.get("text") or "").strip()
        if not text:
            return
        made = await stage.attempt(stage.session.call("agents.plan", text=text, aim=str(told.get("aim") or "")))
        if made is not None and made["plan_id"]:
            stage.go(f"/plans/{made['plan_id']}")
        elif made is not None:
            choices = [blocks.chip(str(item["text"]), act("make", text=text, aim=str(item["aim"])))
                       for item in made["likely"]]  # fmt: skip
            body = div("", tag("p", str(made["message"]) or t("plans.nothing")), blocks.chips(*choices))
            stage.show("found", blocks.card(t("plans.not_sure"), body, symbol="info"))

    stage.on("make", make)
    stage.box("head", "lh-box", page_head(t("plans.title"), t("plans.lede")))
    stage.box("say", "lh-box", blocks.composer(t, act("make"), t("plans.placeholder"), label=t("plans.title"), big=True,
                                               send=t("plans.make")))  # fmt: skip
    examples = blocks.examples(t, [t(f"plans.example_{n}") for n in (1, 2, 3)], "make")
    stage.box("found", "lh-box", div("", examples))
    stage.box("latest", "lh-box", blocks.loading(t))

    async def fill() -> None:
        stage.show("latest", latest(t, await stage.attempt(stage.session.call("agents.plans")) or []))

    ui.timer(0.05, fill, once=True)
    if query:
        ui.timer(0.05, lambda: make({"text": query}), once=True)


def latest(t: Words, rows: Sequence[Shape]) -> Markup:
    """One's latest plans: each opens to be looked at, changed and run again."""
    if not rows:
        return tag("section", blocks.empty("layers", t("plans.empty"), t("plans.empty_text")), cls="panel")
    lines = [
        blocks.row(
            str(row["text"]), t("plans.made", count=row["steps"], at=t.instant(row["at"])),
            href=f"/plans/{row['plan_id']}",
            end=blocks.pill(t(f"plans.state_{row['state']}"), _STATES.get(str(row["state"]), "")),
        )
        for row in rows
    ]  # fmt: skip
    return blocks.listing(t("plans.latest"), blocks.rows(*lines), count=len(rows))


class Editor:
    """The page of one plan: its steps, what is being done, and how it ended."""

    def __init__(self, stage: Stage, plan_id: str) -> None:
        self.stage, self.plan_id = stage, plan_id
        self.plan: Shape = {}
        self.skills: Mapping[str, Shape] = {}
        self.work: Work | None = None
        self.timer: ui.timer | None = None
        self.looking: ui.timer | None = None

    async def build(self) -> None:
        """Boxes and handlers; the content comes when the page stands."""
        stage = self.stage
        stage.box("head", "lh-box", page_head(stage.t("plans.title"), stage.t("plans.edit_lede")))
        stage.box("went", "lh-box plan-went")
        stage.box("steps", "lh-box", blocks.loading(stage.t))
        stage.on("run", self.run)
        stage.on("halt", self.halt)
        for name, change in _CHANGES.items():
            stage.on(name, lambda told, change=change: self.change(change(told)))
        stage.on("insert", self.insert)
        ui.timer(0.05, self.fill, once=True)

    async def fill(self) -> None:
        """Ask for the plan and the skills, and show both."""
        call = self.stage.session.call
        told = await self.stage.attempt(call("agents.show", plan_id=self.plan_id))
        rows = await self.stage.attempt(call("skills.list"))
        if told is None or rows is None:
            empty = blocks.empty("layers", self.stage.t("plans.none"), self.stage.t("plans.none_text"))
            self.stage.show("steps", tag("section", empty, cls="panel"))
            return
        self.plan, self.skills = told, {str(row["name"]): row for row in rows}
        self.show()
        self.looking = ui.timer(_LOOK_SECONDS, self.look)

    async def look(self) -> None:
        """A plan that runs elsewhere, or goes on after its process was killed, is followed until it ends."""
        if self.plan.get("state") != "running" or (self.work is not None and not self.work.done):
            return
        told = await self.stage.attempt(self.stage.session.call("agents.show", plan_id=self.plan_id))
        if told is not None:
            self.plan = told
            self.show()

    async def halt(self, _told: Told) -> None:
        """Stop the plan; what is done stays, and one may go on."""
        if await self.stage.attempt(self.stage.session.call("agents.cancel", plan_id=self.plan_id)) is not None:
            self.stage.toast(self.stage.t("plans.halting"), "info")

    def show(self) -> None:
        """The steps as they are now."""
        self.stage.show("steps", steps_of(self.stage.t, self.plan, self.skills))

    async def change(self, change: Shape) -> None:
        """Make a change in its place; of a plan that has run it makes a new one, and the page is that one's."""
        call = self.stage.session.call("agents.change", plan_id=self.plan_id, changes=[dict(change)])
        told = await self.stage.attempt(call)
        if told is None:
            return
        if told["plan_id"] != self.plan_id:
            self.plan_id, self.work = str(told["plan_id"]), None
            self.stage.run(f"history.replaceState(null, '', {json.dumps(f'/plans/{self.plan_id}')})")
            self.stage.show("went", "")
            self.stage.toast(self.stage.t("plans.changed"), "info")
        self.plan = told
        self.show()

    async def insert(self, told: Told) -> None:
        """Put the chosen skill in, before the step that makes what is wanted."""
        if told.get("skill"):
            await self.change({"op": "insert", "skill": str(told["skill"])})

    async def run(self, _told: Told) -> None:
        """Run the plan; it goes on when the page is closed."""
        self.work = self.stage.works.start(self.stage.session, "agents.run", shown=str(self.plan.get("text", "")),
                                           plan_id=self.plan_id)  # fmt: skip
        self.plan = {**self.plan, "state": "running"}
        self.show()
        self.stage.run("scrollTo({top: 0, behavior: 'smooth'})")
        await self.follow()
        if self.timer is None:
            self.timer = ui.timer(0.4, self.follow)
        self.timer.active = True

    async def follow(self) -> None:
        """Show the steps as they begin and end, then the reply."""
        work, t = self.work, self.stage.t
        if work is None:
            return
        body = progress(t, work)
        if work.error is not None:
            body = tag("p", self.stage.sentence(work.error))
        elif work.done and isinstance(work.result, Mapping):
            body = reply(t, work.result)
        self.stage.show("went", blocks.card(t("plans.went"), body, symbol="spark"))
        if work.done and self.timer is not None:
            self.timer.active = False
            told = await self.stage.attempt(self.stage.session.call("agents.show", plan_id=self.plan_id))
            if told is not None:
                self.plan = told
                self.show()


def steps_of(t: Words, plan: Shape, skills: Mapping[str, Shape]) -> Markup:
    """The steps of a plan as cards in their order, with what each is given, and the acts of the whole."""
    steps: Sequence[Shape] = plan["steps"]
    rounds = {step: number for number, wave in enumerate(plan["waves"], 1) for step in wave}
    names = {str(step["id"]): _title(skills, str(step["skill"])) for step in steps}
    last = next((str(step["id"]) for step in reversed(steps) if step["makes"] == plan["makes"]), "")
    cards = [
        _step(t, step, skills, names, place=place, of=len(steps), round_=rounds.get(str(step["id"]), 0),
              last=str(step["id"]) == last, went=(plan.get("went") or {}).get(str(step["id"])))
        for place, step in enumerate(steps)
    ]  # fmt: skip
    options = [
        tag("option", str(row["title"]), value=name)
        for name, row in sorted(skills.items(), key=lambda item: str(item[1]["title"]))
        if row["effect"] == "read" and row["data"] == "aggregate" and row.get("makes")
    ]
    adding = div(
        "line plan-add",
        tag(
            "select",
            tag("option", t("plans.choose"), value=""),
            options,
            name="skill",
            cls="input",
            aria_label=t("plans.insert"),
        ),
        blocks.button(t("plans.insert"), act("insert"), symbol="plus", small=True),
        data_form=True,
    )
    state = str(plan.get("state", "proposed"))
    foot = div("line wrap", adding, span("grow"), _start(t, state))
    stands = blocks.pill(t(f"plans.state_{state}"), _STATES.get(state, "")) if state != "proposed" else None
    return div(
        "stack",
        div("line", tag("p", t("plans.said", text=str(plan.get("text", ""))), cls="plan-said grow"), stands),
        tag("ol", cards, cls="plan-steps"),
        foot,
    )


def _start(t: Words, state: str) -> Markup:
    """What can be done with the whole plan as it stands: run it, stop it, go on with it, or look at its end."""
    if state == "running":
        return blocks.button(t("plans.halt"), act("halt"), symbol="stop")
    name = "plans.run" if state == "proposed" else "plans.see" if state == "done" else "plans.go_on"
    return blocks.button(t(name), act("run"), kind="primary")


def _went(t: Words, told: Shape | None) -> Markup | None:
    """How a step went, where it has run."""
    if not told:
        return None
    state = str(told.get("state", ""))
    tone = _STATES.get(state, "quiet")
    name = t(f"plans.state_{state}") if t.has(f"plans.state_{state}") else state
    took = t.millis(float(told.get("millis") or 0))
    return blocks.pill(f"{name} · {took}" if took else name, tone, "check" if state == "done" else "")


def _step(
    t: Words, step: Shape, skills: Mapping[str, Shape], names: Mapping[str, str], *, place: int, of: int, round_: int,
    last: bool, went: Shape | None,
) -> Markup:  # fmt: skip
    name = str(step["id"])
    row = skills.get(str(step["skill"]), {})
    effect = str(row.get("effect", "read"))
    acts: list[Child] = [
        blocks.icon_button("up", t("plans.up"), act("up", step=name, to=place - 1)) if place else None,
        blocks.icon_button("down", t("plans.down"), act("down", step=name, to=place + 1)) if place < of - 1 else None,
        blocks.icon_button("close", t("plans.remove"), act("remove", step=name)) if not last else None,
    ]
    head = div(
        "line",
        span("plan-round num", str(round_), title=t("plans.round", number=round_)),
        tag("b", names[name]),
        blocks.pill(t(f"skills.{effect}"), _TONES.get(effect, "quiet")),
        _went(t, went),
        span("grow"),
        div("line plan-acts", acts),
    )
    given = [_argument(t, name, key, value, names) for key, value in step["arguments"].items()]
    about = tag("p", str(row.get("about") or ""), cls="muted small") if row.get("about") else None
    return tag("li", head, about, div("plan-given", given) if given else None, cls="plan-step", data_item=True,
               tabindex="-1")  # fmt: skip


def _argument(t: Words, step: str, key: str, value: Any, names: Mapping[str, str]) -> Markup:
    """An argument: what it takes from another step, or a field to change it in."""
    label = t(f"plans.argument.{key}") if t.has(f"plans.argument.{key}") else key
    if isinstance(value, Mapping) and set(value) == {"from", "path"}:
        source = names.get(str(value["from"]), str(value["from"]))
        return div("plan-argument", span("muted small", label), span("chip solid", t("plans.from", step=source)))
    do = act("set", step=step, argument=key)
    if value in _NAMED.get(key, ()):
        # One of a few values with names: nobody has to know how it is spelt inside.
        options = [tag("option", t(f"plans.named.{name}"), value=name, selected=name == value) for name in _NAMED[key]]
        field = tag("select", options, name="value", cls="input", aria_label=label, **do)
        return div("plan-argument", tag("label", span("muted small", label), field))
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    field = tag("input", type="text", name="value", value=shown, cls="input", aria_label=label, **do)
    return div("plan-argument", tag("label", span("muted small", label), field))


_NAMED: Mapping[str, tuple[str, ...]] = {
    "product": ("savings", "fund", "wealth", "insurance", "credit", "gold", "payments", "membership"),
    "plan": ("cautious", "balanced", "bold"),
}
"""Arguments that take one of a few values → those values, which have names for people."""


def _title(skills: Mapping[str, Shape], name: str) -> str:
    return str(skills.get(name, {}).get("title") or name)


def _move(told: Told) -> Shape:
    return {"op": "move", "step": str(told["step"]), "to": int(told["to"])}


_CHANGES = {
    "up": _move,
    "down": _move,
    "remove": lambda told: {"op": "remove", "step": str(told["step"])},
    "set": lambda told: {"op": "set", "step": str(told["step"]), "argument": str(told["argument"]),
                         "value": told.get("value")},
}  # fmt: skip
"""An act of the page → the change that it is."""
