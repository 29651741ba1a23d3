"""The picture editor: a sentence, a preset or a slider turns a picture, which is seen at once; kept only when saved."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

SLIDERS = ("coins", "title_scale", "hero_scale", "hue", "strength", "confetti")
LISTS = ("mood", "scene", "hero", "title_style", "face", "metal")
RARE = ("ground", "slant", "rays", "composition", "palette")
SCOPES = ("picture", "layer", "slot", "all")
_SHARPEN_AFTER = 0.7
_STEPS = 12
_WHOLE = ("coins", "confetti", "rays", "hue")


def register(studio: Studio) -> None:
    """Register ``/creatives/edit``."""

    @ui.page("/creatives/edit", response_timeout=60)
    async def edit(id: str = "last", slot: str = "", layer: str = "", variant: str = "") -> None:
        async with studio.page("creatives", crumbs=("retouch.title",), cls="wide") as stage:
            await Editor(stage, id, slot, layer, variant).build()


@dataclass(frozen=True)
class State:
    """One step of the history: all changes so far, how it looks, and what made it."""

    changes: Mapping[str, Any]
    image: str
    said: str
    millis: int = 0
    findings: tuple[Mapping[str, Any], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


class Editor:
    """One picture being turned. ``history`` ends with what is shown; ``later`` holds what was undone."""

    def __init__(self, stage: Stage, id: str, slot: str, layer: str, variant: str) -> None:
        self.stage, self.t = stage, stage.t
        self.id = id
        self.place: dict[str, Any] = {"slot": slot, "layer": layer, "variant": variant}
        self.view = View(stage.t, {})
        self.table: Mapping[str, Any] = {}
        self.history: list[State] = []
        self.later: list[State] = []
        self.unclear: Sequence[Mapping[str, Any]] = ()
        self.turns: Sequence[Mapping[str, Any]] = ()
        self.asked = 0
        self.busy = False
        self.wanted: tuple[dict[str, Any], str, bool] | None = None
        self.work: Work | None = None

    async def build(self) -> None:
        """Show the picture as it is, and everything that can be turned."""
        stage, t = self.stage, self.t
        for name, handler in (
            ("say", self._say), ("turn", self._turn), ("preset", self._preset), ("undo", self._undo),
            ("redo", self._redo), ("to", self._to), ("save", self._save), ("restore", self._restore),
        ):  # fmt: skip
            stage.on(name, handler)
        stage.box("head", "lh-box", page_head(t("retouch.title"), t("retouch.lede")))
        with stage.box("retouch", "retouch"):
            with stage.box("look-side", "retouch-look"):
                stage.box("look", "lh-box", blocks.loading(t))
                stage.box("steps", "lh-box")
            with stage.box("tools", "retouch-tools"):
                stage.box("words", "lh-box")
                stage.box("panel", "lh-box")
                stage.box("keep", "lh-box")
        ui.timer(0.05, self._fill, once=True)
        ui.timer(0.5, self._watch)

    async def _fill(self) -> None:
        stage = self.stage
        doc = await stage.attempt(stage.session.call("campaign.show", id=self.id))
        table = await stage.attempt(stage.session.call("creative.parameters", id=self.id, **self.place))
        if doc is None or table is None:
            body = blocks.empty("creatives", self.t("creatives.none"), self.t("creatives.none_text"))
            stage.show("look", tag("section", body, cls="panel"))
            return
        self.view, self.table = View(self.t, doc), table
        self.id = str(doc["id"])
        shown: Shape = table["picture"]
        self.place = {name: str(shown[name]) for name in ("slot", "layer", "variant")}
        self.history, self.later = [State({}, f"/files/{shown['file']}", self.t("retouch.now"))], []
        self._show()
        await self.stage.attempt(self.stage.session.call("creative.ready", id=self.id, **self.place))

    def _show(self) -> None:
        """All parts of the page as the newest state tells."""
        self._show_look()
        self._show_words()
        self._show_panel()
        self._show_keep()

    @property
    def now(self) -> State:
        """What is shown."""
        return self.history[-1]

    def _show_look(self) -> None:
        t, shown, state = self.t, self.table["picture"], self.now
        first = self.history[0]
        image = tag("img", src=state.image, alt=shown.get("alt", ""), width=shown["width"], height=shown["height"])
        layers: list[Markup] = [image]
        wipe: Markup | str = ""
        if len(self.history) > 1:
            layers.append(tag("img", src=first.image, alt=t("retouch.before"), cls="wipe-top"))
            label = t("retouch.compare")
            bar = tag("input", type="range", min="0", max="100", value="0", data_wipe="#wipe", aria_label=label)
            wipe = div(
                "wipe-bar", span("small muted", t("retouch.after")), bar, span("small muted", t("retouch.before"))
            )
        kind = "tall" if shown["height"] > shown["width"] else "wide"
        where = f"{self.view.name(shown['layer'])} · {self.view.name(shown['slot'])}"
        size = t("retouch.size", width=shown["width"], height=shown["height"])
        said = t("retouch.drawn", seconds=f"{state.millis / 1000:.1f}") if state.millis else ""
        found = [blocks.finding_line(t, item) for item in state.findings]
        good = span("pill ok", span("dot"), t("retouch.passes")) if state.millis and not found else ""
        head = div("ends", tag("b", where), span("small muted num", size))
        foot = div("line", span("small muted num", said), good)
        look = div(f"wipe {kind}", layers, id="wipe", data_checker=True)
        self.stage.show("look", tag("section", head, look, wipe, foot, found, cls="panel retouch-card"))
        self._show_steps()

    def _show_steps(self) -> None:
        t = self.t
        if len(self.history) + len(self.later) < 2:
            self.stage.show("steps", "")
            return
        steps = [
            tag(
                "button",
                tag("img", src=state.image, alt=""),
                span("small", state.said or "—"),
                cls="look-step on" if state is self.now else "look-step" if state in self.history else "look-step gone",
                type="button",
                title=state.said,
                aria_current="step" if state is self.now else None,
                **act("to", at=place),
            )
            for place, state in enumerate([*self.history, *reversed(self.later)])
        ]
        undo = blocks.button(t("retouch.undo"), act("undo"), small=True, symbol="undo", data_key="z",
                             disabled=len(self.history) < 2)  # fmt: skip
        redo = blocks.button(t("retouch.redo"), act("redo"), small=True, symbol="refresh", data_key="y",
                             disabled=not self.later)  # fmt: skip
        head = div("ends", tag("h2", t("retouch.history")), div("line", undo, redo))
        self.stage.show("steps", tag("section", head, div("looks", steps), cls="panel retouch-card"))

    def _show_words(self) -> None:
        t = self.t
        box = tag("input", name="text", cls="input", maxlength="200", placeholder=t("retouch.say_example"),
                  aria_label=t("retouch.say"), data_enter=True, data_speak=True)  # fmt: skip
        send = blocks.icon_button("send", t("send"), act("say"), data_default=True, data_clear=".retouch-say input")
        told = [
            tag("li", t("retouch.turned", what=turn["label"], before=turn["before"], after=turn["after"]))
            for turn in self.turns
            if turn["before"] != turn["after"]
        ]
        asked = [blocks.finding_line(t, item) for item in self.unclear]
        examples = [
            tag("button", span("", text), cls="chip", type="button", **act("say", text=text))
            for text in (t("retouch.example1"), t("retouch.example2"), t("retouch.example3"))
        ]
        presets = [
            tag("button", preset["label"], cls="preset", type="button", **act("preset", id=preset["id"]))
            for preset in self.table["presets"]
        ]
        self.stage.show(
            "words",
            tag(
                "section",
                tag("h2", t("retouch.say")),
                tag("div", box, send, cls="retouch-say", data_form=True),
                tag("ul", told, cls="turned num", role="status") if told else "",
                asked,
                div("chips", examples),
                tag("h2", t("retouch.presets")),
                div("presets", presets),
                cls="panel retouch-card",
            ),
        )

    def _show_panel(self) -> None:
        t = self.t
        known = {one["id"]: one for one in self.table["parameters"]}

        def control(name: str) -> Markup:
            entry = known[name]
            value = self.now.values.get(name, entry["value"])
            return self._slider(entry, value) if entry["kind"] == "number" else self._list(entry, value)

        main = [control(name) for name in (*SLIDERS, *LISTS) if name in known]
        rare = [control(name) for name in RARE if name in known]
        more = tag("details", tag("summary", t("retouch.more"), cls="small"), div("controls", rare))
        self.stage.show("panel", tag("section", tag("h2", t("retouch.parameters")), div("controls", main), more,
                                     cls="panel retouch-card"))  # fmt: skip

    def _slider(self, entry: Mapping[str, Any], value: Any) -> Markup:
        name, low, high = str(entry["id"]), float(entry["low"]), float(entry["high"])
        held = float(value) if isinstance(value, int | float) else low
        step = 1 if name in _WHOLE else 0.01
        bar = tag(
            "input", type="range", min=f"{low:g}", max=f"{high:g}", step=f"{step:g}", value=f"{held:g}",
            data_debounce="140", data_out=f"#out-{name}", aria_label=entry["label"],
            cls="hue" if name == "hue" else None, **act("turn", name=name),
        )  # fmt: skip
        shown = tag("output", f"{held:g}" if step == 1 else f"{held:.2f}", id=f"out-{name}", cls="num")
        return div("control", div("ends", span("", entry["label"]), shown), bar)

    def _list(self, entry: Mapping[str, Any], value: Any) -> Markup:
        options = [
            tag("option", _option(self.t, one), value=one["id"], selected=str(value) == one["id"])
            for one in entry["options"]
        ]
        select = tag("select", options, cls="input", aria_label=entry["label"], **act("turn", name=entry["id"]))
        return tag("label", span("", entry["label"]), select, cls="control")

    def _show_keep(self) -> None:
        t = self.t
        where = [tag("option", t(f"retouch.scope.{name}"), value=name) for name in SCOPES]
        scope = tag("select", where, name="scope", cls="input", aria_label=t("retouch.scope_name"))
        save = blocks.button(t("retouch.save"), act("save"), kind="primary", data_default=True, data_key="s",
                             disabled=not self.now.changes)  # fmt: skip
        back = blocks.link_button(t("retouch.gallery"), "/creatives?" + urlencode({"id": self.id}), small=True)
        restore = blocks.button(t("retouch.restore"), act("restore"), small=True)
        body = tag("div", div("line", scope, save), cls="", data_form=True)
        note = tag("p", t("retouch.keep_note"), cls="small muted")
        self.stage.show("keep", tag("section", body, note, div("line", back, restore), cls="panel retouch-card keep"))

    async def _say(self, told: Told) -> None:
        text = str(told.get("text", "")).strip()
        if text:
            await self._look(dict(self.now.changes), text, inspector=True)

    async def _turn(self, told: Told) -> None:
        name = str(told["name"])
        entry = next(one for one in self.table["parameters"] if one["id"] == name)
        value: Any = float(told["value"]) if entry["kind"] == "number" else told["value"]
        await self._look({**self.now.changes, name: value}, "", said=self._said(entry, value))

    def _said(self, entry: Mapping[str, Any], value: Any) -> str:
        options = entry.get("options", ())
        shown = next((_option(self.t, one) for one in options if one["id"] == str(value)), None)
        if shown is None:
            shown = f"{value:g}" if isinstance(value, float) else str(value)
        return f"{entry['label']} {shown}"

    async def _preset(self, told: Told) -> None:
        preset = next(one for one in self.table["presets"] if one["id"] == told["id"])
        await self._look({**self.now.changes, **preset["changes"]}, "", said=str(preset["label"]), inspector=True)

    async def _look(
        self, changes: dict[str, Any], text: str, *, said: str = "", inspector: bool = False, sharp: bool = False
    ) -> None:
        """Draw what is wanted; while one look is being drawn only the newest wish waits."""
        self.wanted = (changes, text, inspector)
        if self.busy:
            return
        self.busy = True
        try:
            while self.wanted is not None:
                (changes, text, inspector), self.wanted = self.wanted, None
                await self._draw(changes, text, said or text, inspector=inspector, sharp=sharp)
        finally:
            self.busy = False

    async def _draw(self, changes: dict[str, Any], text: str, said: str, *, inspector: bool, sharp: bool) -> None:
        started = time.monotonic()
        told = await self.stage.attempt(
            self.stage.session.call(
                "creative.preview", id=self.id, **self.place, changes=changes, text=text, sharp=sharp
            )
        )
        if told is None:
            return
        if text:
            self.turns, self.unclear = told["turns"], told["unclear"]
            self._show_words()
            if not self.turns:
                return
        millis = round((time.monotonic() - started) * 1000)
        image = f"data:{told['mime']};base64,{told['image']}"
        state = State(told["changes"], image, said, millis, tuple(told["findings"]), told["values"])
        if sharp:
            self.history[-1] = replace(state, millis=self.now.millis)
        else:
            kept = self.history if len(self.history) < _STEPS else [self.history[0], *self.history[2:]]
            self.history, self.later = [*kept, state], []
        self._show_look()
        if inspector:
            self._show_panel()
        self._show_keep()
        if not told["sharp"] and not sharp:
            self.asked += 1
            asyncio.get_running_loop().create_task(self._sharpen(self.asked))

    async def _sharpen(self, asked: int) -> None:
        """Once nobody turns any more, the draft with soft elements is replaced by the finished look."""
        await asyncio.sleep(_SHARPEN_AFTER)
        if asked == self.asked and not self.busy and self.history:
            await self._look(dict(self.now.changes), "", said=self.now.said, sharp=True)

    def _undo(self, _told: Told) -> None:
        if len(self.history) > 1:
            self.later.append(self.history.pop())
            self.turns, self.unclear = (), ()
            self._show()

    def _redo(self, _told: Told) -> None:
        if self.later:
            self.history.append(self.later.pop())
            self._show()

    def _to(self, told: Told) -> None:
        line = [*self.history, *reversed(self.later)]
        at = int(told["at"])
        self.history, self.later = line[: at + 1], list(reversed(line[at + 1 :]))
        self._show()

    def _save(self, told: Told) -> None:
        if not self.now.changes:
            return
        self._start(dict(self.now.changes), str(told.get("scope", "picture")))

    def _restore(self, _told: Told) -> None:
        self._start({}, "picture")

    def _start(self, changes: dict[str, Any], scope: str) -> None:
        self.work = self.stage.works.start(
            self.stage.session, "creative.edit", shown=self.t("retouch.saving"), id=self.id, **self.place,
            changes=changes, scope=scope,
        )  # fmt: skip
        self.stage.toast(self.t("retouch.saving"))

    async def _watch(self) -> None:
        work = self.work
        if work is None or not work.done:
            return
        self.work = None
        if work.error is not None:
            self.stage.fail(work.error)
            return
        self.stage.toast(self.t("retouch.saved", count=len(work.result["pictures"]), version=work.result["version"]))
        self.turns, self.unclear = (), ()
        await self._fill()


def _option(t: Words, one: Mapping[str, Any]) -> str:
    """A choice as people call it: an element without words of its own by the name that raters know it by."""
    name = f"rating.element.{one['id']}"
    return t(name) if one["label"] == one["id"] and t.has(name) else str(one["label"])
