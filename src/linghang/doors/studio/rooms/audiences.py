"""Audiences: one rule as a sentence, as conditions and as sliders; the count and who they are follow every change."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import div, tag
from linghang.doors.studio.people import frame, tree
from linghang.doors.studio.people import told as tell
from linghang.doors.studio.people.acts import Acts
from linghang.doors.studio.people.controls import Tree
from linghang.doors.studio.shell import Studio
from linghang.doors.studio.stage import Stage, Told

_STEPS = 60
_SETTLE = 0.12
"""How long nothing must change before more than the count is asked."""
_OVERLAPS = 12
Shape = Mapping[str, Any]
_ACTS = (
    "preview", "set", "drop", "turn", "swap", "group", "pick", "add", "undo", "redo", "clear", "dimension",
    "dimension_off", "combine", "suggest", "take_suggestion",
)  # fmt: skip
RESULT = ("size", "findings", "fall", "profile", "reach", "overlap")
"""The boxes of what is told, in their order."""


def register(studio: Studio) -> None:
    """Register ``/audiences``."""
    studio.tab("audiences", "play", "/audiences")
    studio.tab("audiences", "saved", "/audiences/saved")
    studio.tab("audiences", "compare", "/audiences/compare")

    @ui.page("/audiences", response_timeout=60)
    async def audiences(text: str = "", id: str = "") -> None:
        async with studio.page("audiences", tab="play") as stage:
            await Room(stage).build(text, id)


@dataclass(frozen=True)
class State:
    """A step of the history: the rule and, where somebody said it so, the sentence and what it says beside the rule."""

    rule: tree.Rule
    text: str
    key: str = ""
    aside: tuple[Shape, ...] = ()


class Room:
    """The page. ``history`` ends with what is shown; ``later`` holds what was undone; ``saved`` is what was opened."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t
        self.history: list[State] = [State({"all": []}, "")]
        self.later: list[State] = []
        self.fields: dict[str, Mapping[str, Any]] = {}
        self.close: set[str] = set()
        self.names: dict[str, str] = {}
        self.saved: Mapping[str, Any] | None = None
        self.dimensions: list[str] = []
        self.found: Mapping[str, Any] | None = None
        self.words: list[str] = []
        self.count: int | None = None
        self.asked = 0
        self.drawn = 0

    @property
    def rule(self) -> tree.Rule:
        """The rule that is shown."""
        return self.history[-1].rule

    async def build(self, text: str, id: str) -> None:
        """Lay the page out; a sentence or a saved audience in the address is counted at once."""
        stage, t = self.stage, self.t
        for name in _ACTS:
            stage.on(name, getattr(self, f"_{name}"))
        stage.context = lambda: {"rule": self.rule}
        stage.on("talk.rule", self._heard)
        self.acts = Acts(stage, self)
        stage.box("head", "lh-box")
        with stage.box("play", "play"):
            with stage.box("edit", "play-edit"):
                stage.box("say", "lh-box", frame.composer(self.t, text))
                for key in ("read", "tree", "wish", "suggested"):
                    stage.box(key, "lh-box")
            with stage.box("result", "play-result"):
                for key in RESULT:
                    stage.box(key, "lh-box")
        stage.show("tree", blocks.loading(t, t("audiences.conditions")))
        stage.show("size", blocks.loading(t))
        self._show_head()
        await self._fill(text, id)

    async def _fill(self, text: str, id: str) -> None:
        session = self.stage.session
        fields, listed = await asyncio.gather(
            self.stage.attempt(session.call("audience.fields")), self.stage.attempt(session.call("audience.list"))
        )
        self.fields = {str(one["name"]): one for one in fields or () if one["here"]} | self.fields
        self.names = {str(one["id"]): str(one["name"]) for one in (listed or {}).get("audiences", ())}
        if id:
            self.saved = await self.stage.attempt(session.call("audience.show", audience=id))
            if self.saved is not None:
                own = self.saved["rule"] or {"audience": self.saved["id"]}
                self.history = [State(tree.rooted(own), "")]
        if len(self.history) > 1:
            # Somebody has begun meanwhile: what was said stands, with the fields' names known now.
            self._show_tree()
            await self._look_closely()
            return
        if text:
            await self._preview({"value": text})
            return
        self._show_tree()
        await self._look_closely()
        await self._count("open" if self.rule["all"] else "")

    # -- what changes the rule -----------------------------------------------------------------------------------

    async def _preview(self, told: Told) -> None:
        """A sentence becomes the rule; one that has changed since is dropped."""
        text = str(told.get("value") or told.get("text") or "").strip()
        if "value" not in told:
            self._speak(text)
        self.asked += 1
        mine = self.asked
        if not text:
            await self.to({"all": []}, "", key="sentence")
            return
        try:
            found = await self.stage.session.call("audience.explain", text=text)
        except LinghangError as error:
            if mine == self.asked:
                self.stage.show("read", div("finding warn", div("finding-text", self.stage.sentence(error))))
                if self.rule["all"]:
                    # The size that stands there is not that of the new sentence.
                    still = div("finding-text", self.t("audiences.still_before", words="；".join(self.words)))
                    self.stage.show("findings", div("finding warn", still))
            return
        if mine == self.asked:
            self.words = list(found["parts"])
            aside = tuple(one for one in found["findings"] if one["code"] == "audiences.left_aside")
            await self.to(tree.rooted(found["rule"]), text, key="sentence", aside=aside)

    async def _set(self, told: Told) -> None:
        """A control was turned. Sliders and numbers keep their row: it is under the hand of who turns it."""
        path, what = str(told["path"]), str(told["what"])
        part = tree.part_at(self.rule, path)
        field = self.fields.get(str(part.get("field", "")))
        value = told.get("value")
        stops = tree.WINDOWS if what in ("days", "within") else (field or {}).get("stops", ())
        if told.get("slid") and stops:
            value = stops[min(int(float(str(value))), len(stops) - 1)]
        made = tree.changed(part, what, value, field)
        if made == part:
            return
        quiet = what in ("value", "low", "high", "days", "within", "size", "text")
        await self.to(tree.put(self.rule, path, made), "", key=f"{path}:{what}" if quiet else "", redraw=not quiet)

    async def _drop(self, told: Told) -> None:
        await self.to(tree.drop(self.rule, str(told["path"])))

    async def _turn(self, told: Told) -> None:
        await self.to(tree.turn(self.rule, str(told["path"])))

    async def _swap(self, told: Told) -> None:
        await self.to(tree.swap(self.rule, str(told["path"])))

    async def _group(self, told: Told) -> None:
        path = str(told["path"])
        await self.to(tree.group(self.rule, path))
        self._pick({"path": path})

    def _pick(self, told: Told) -> None:
        """Choose a field or a saved audience for one more condition."""
        self.acts.pick(str(told.get("path", "")))

    async def _add(self, told: Told) -> None:
        name, path = str(told["name"]), str(told.get("path", ""))
        if not told.get("audience"):
            found = await self.stage.attempt(self.stage.session.call("audience.fields", names=[name]))
            self.fields |= {str(one["name"]): one for one in found or ()}
            self.close.add(name)
        part = {"audience": told["audience"]} if told.get("audience") else tree.beginning(self.fields[name])
        self.stage.close()
        await self.to(tree.add(self.rule, path, dict(part)))

    async def _combine(self, told: Told) -> None:
        part: tree.Rule = {"audience": str(told["id"])}
        await self.to(tree.add(self.rule, "", {"not": part} if told["how"] == "without" else part))

    async def _take_suggestion(self, told: Told) -> None:
        await self.to(tree.rooted(told["rule"]))
        self.stage.toast(str(told["said"]))

    async def _heard(self, told: Told) -> None:
        """The navigator has changed the rule: a step of the history like any other."""
        await self.to(tree.rooted(told["rule"]))

    async def _clear(self, _told: Told) -> None:
        self.saved = None
        await self.to({"all": []})

    async def _undo(self, _told: Told) -> None:
        if len(self.history) > 1:
            self.later.append(self.history.pop())
            self._speak(self.history[-1].text)
            await self._shown()

    async def _redo(self, _told: Told) -> None:
        if self.later:
            self.history.append(self.later.pop())
            self._speak(self.history[-1].text)
            await self._shown()

    async def to(
        self, rule: tree.Rule, text: str = "", *, key: str = "", redraw: bool = True, aside: Sequence[Shape] = ()
    ) -> None:
        """Another rule. Turns of one control one after another are one step of the history."""
        if rule == self.rule and not text:
            return
        if key and self.history[-1].key == key and len(self.history) > 1:
            self.history[-1] = State(rule, text, key, tuple(aside))
        else:
            self.history = [*self.history[-_STEPS:], State(rule, text, key, tuple(aside))]
        self.later = []
        await self._shown(redraw=redraw)

    async def _shown(self, *, redraw: bool = True) -> None:
        if redraw:
            self._show_tree()
            asyncio.get_running_loop().create_task(self._look_closely())
        self._show_head()
        await self._count(self.history[-1].text)

    async def _look_closely(self) -> None:
        """Where sliders may stop: asked once a field, for the fields of the rule."""
        wanted = sorted(tree.named(self.rule) & set(self.fields) - self.close)
        if not wanted:
            return
        self.close |= set(wanted)
        found = await self.stage.attempt(self.stage.session.call("audience.fields", names=wanted))
        self.fields |= {str(one["name"]): one for one in found or () if one["here"]}
        if any(one["stops"] for one in found or ()):
            self._show_tree()

    # -- what follows it -----------------------------------------------------------------------------------------

    async def _count(self, text: str) -> None:
        """The count at once, then the rest when nothing has changed for a moment."""
        self.asked += 1
        mine, session = self.asked, self.stage.session
        if not self.rule["all"]:
            self.found = self.count = None
            for key in ("read", "wish", "suggested", *RESULT):
                self.stage.show(key, "")
            self.stage.show("size", frame.examples(self.t))
            if not text:
                self._speak("")
            return
        if self.count is None:
            self.stage.show("size", blocks.loading(self.t))
        started = time.monotonic()
        rule = self.rule
        try:
            counted, said = await asyncio.gather(
                session.call("audience.count", rule=rule), session.call("audience.explain", rule=rule)
            )
        except LinghangError as error:
            if mine == self.asked:
                self._refused(error)
            return
        if mine != self.asked:
            return
        millis = (time.monotonic() - started) * 1000
        self._say(said, text)
        self._show_result(counted, millis)
        await asyncio.sleep(_SETTLE)
        if mine == self.asked:
            await self._rest(mine)

    def _refused(self, error: LinghangError) -> None:
        self.found = self.count = None
        for key in RESULT:
            self.stage.show(key, "")
        lines = [blocks.finding_line(self.t, one) for one in self.stage.findings(error)]
        body = div("card-body", tag("p", self.stage.sentence(error)), lines)
        self.stage.show("size", tag("section", body, cls="panel"))

    async def _rest(self, mine: int) -> None:
        found = await self.stage.attempt(
            self.stage.session.call("audience.preview", rule=self.rule, dimensions=self.dimensions)
        )
        if found is None or mine != self.asked:
            return
        self.found = found
        self.dimensions = [str(item["field"]) for item in found["profile"]]
        view = tell.view_of(self.t, found)
        fields = [
            (name, str(one["label"]))
            for name, one in self.fields.items()
            if not one["window"] and one["source"] == "column" and not one["sensitive"]
        ]
        t = self.t
        self.stage.show("fall", blocks.card(t("audiences.fall"), tell.fall(view)))
        self.stage.show("reach", blocks.card(t("audience.reach"), tell.reach(view), actions=self.acts.why_button()))
        self.stage.show(
            "profile",
            blocks.card(
                t("audiences.profile"), tell.who(view, self.dimensions, fields), actions=self.acts.sample_button()
            ),
        )
        self._show_wish()
        await self._show_overlaps(mine)

    async def _show_overlaps(self, mine: int) -> None:
        others = [id for id in self.names if self.saved is None or id != self.saved["id"]][:_OVERLAPS]
        rows: list[dict[str, Any]] = []
        if others:
            rules = {id: {"audience": id} for id in others}
            told = await self.stage.attempt(self.stage.session.call("audience.overlap", rules={"": self.rule, **rules}))
            if told is None or mine != self.asked:
                return
            both = told["shared"][told["names"].index("")]
            shared = dict(zip(told["names"], both, strict=True))
            rows = [{"id": id, "name": self.names[id], "both": shared[id]} for id in others]
            rows.sort(key=lambda row: -row["both"])
        count = self.count or 0
        self.stage.show("overlap", blocks.card(self.t("audiences.overlap"), tell.shared(self.t, rows, count)))

    def _say(self, said: Mapping[str, Any], text: str) -> None:
        """The sentence of the rule: as somebody said it, with how it was read; else in the rule's own words."""
        self.words = list(said["parts"])
        if text and text != "open":
            same = text.strip() == str(said["words"])
            self.stage.show(
                "read",
                "" if same else tag("p", self.t("audiences.read_as", words=said["words"]), cls="muted small read-as"),
            )
        else:
            self._speak(str(said["words"]))
            self.stage.show("read", "")
        self.stage.run(f"lh.titles('.conds:not(.inner)>.cond .cond-name',{json.dumps(self.words)})")

    def _speak(self, text: str) -> None:
        self.stage.run(f"lh.say('#speak',{json.dumps(text)})")

    async def _dimension(self, told: Told) -> None:
        if told.get("value"):
            self.dimensions = [*self.dimensions, str(told["value"])]
            await self._rest(self.asked)

    async def _dimension_off(self, told: Told) -> None:
        if len(self.dimensions) > 1:
            self.dimensions = [name for name in self.dimensions if name != told["name"]]
            await self._rest(self.asked)

    async def _suggest(self, told: Told) -> None:
        size = tree.number(told.get("size") or told.get("wanted") or "")
        if size is None or size < 1:
            self.stage.toast(self.t("audiences.say_a_size"), "bad")
            return
        found = await self.stage.attempt(
            self.stage.session.call("audience.suggest", rule=self.rule, size=int(size), most=6)
        )
        if found is not None:
            self.stage.show("suggested", tell.suggestions(self.t, found["suggestions"], int(size)))

    # -- how it looks --------------------------------------------------------------------------------------------

    def _show_head(self) -> None:
        self.stage.show("head", self.acts.head())

    def _show_tree(self) -> None:
        self.drawn += 1
        made = Tree(self.t, self.fields, self.names).draw(self.rule, self.words, self.drawn)
        self.stage.show("tree", frame.conditions(self.t, made if self.rule["all"] else None))

    def _show_result(self, counted: Mapping[str, Any], millis: float) -> None:
        before, self.count = self.count, int(counted["count"])
        size = tell.size(self.t, self.count, int(counted["base"]), before, millis, str(counted["as_of"]))
        self.stage.show("size", tag("section", div("card-body", size, self.acts.buttons()), cls="panel size-card"))
        odd = (*self.history[-1].aside, *counted["findings"])
        self.stage.show("findings", *[blocks.finding_line(self.t, one) for one in odd])
        if self.found is None:
            for key in ("fall", "profile", "reach"):
                self.stage.show(key, blocks.loading(self.t))

    def _show_wish(self) -> None:
        self.stage.show("wish", frame.wish(self.t, self.count or 0))
        self.stage.show("suggested", "")
