"""What takes its time with an audience: its like with the measured lift, layers, a file."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import act, div, span, tag
from linghang.doors.studio.people import tree
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.work import Work

LAYERS = ("value", "lifecycle", "uplift")
"""The ways in which an audience parts itself."""
_POINTS = ("upper", "lower", "gap", "low", "high")


class Page(Protocol):
    """What this needs of the audience page."""

    names: dict[str, str]
    count: int | None

    @property
    def rule(self) -> tree.Rule:
        """The rule that is shown."""
        ...

    async def to(self, rule: tree.Rule) -> None:
        """Show another rule."""
        ...


class Works:
    """The dialogs of work, and the one that is under way.

    ``meant`` says which audience, ``own_name`` what it is called.
    """

    def __init__(
        self, stage: Stage, page: Page, meant: Callable[[], dict[str, Any]], own_name: Callable[[], str]
    ) -> None:
        self.stage, self.t, self.page = stage, stage.t, page
        self.meant, self.own_name = meant, own_name
        self.work: Work | None = None
        for name in ("ask_like", "like", "ask_layers", "layers", "take_layer", "ask_export", "export"):
            stage.on(name, getattr(self, f"_{name}"))
        ui.timer(0.4, self._watch)

    def _ask_like(self, _told: Told) -> None:
        t = self.t
        size = tag(
            "input",
            name="size",
            cls="input num",
            type="number",
            min="1",
            value=str(self.page.count or 1000),
            data_enter=True,
        )
        name = tag(
            "input",
            name="name",
            cls="input",
            value=t("audiences.like_name", name=self.own_name())[:60],
            maxlength="60",
        )
        foot = div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("audiences.like_go"), act("like"), kind="primary", data_default=True),
        )
        body = div(
            "form",
            tag("p", t("audiences.like_about"), cls="muted"),
            blocks.field(t("audiences.like_size"), size),
            blocks.field(t("audiences.name"), name),
            foot,
            data_form=True,
        )
        self.stage.dialog(t("audiences.find_like"), body)

    def _like(self, told: Told) -> None:
        size = tree.number(told.get("size", ""))
        if size is None or size < 1:
            self.stage.toast(self.t("audiences.say_a_size"), "bad")
            return
        self._start("audience.lookalike", size=int(size), save_as=str(told["name"]), **self.meant())

    def _start(self, skill: str, **arguments: Any) -> None:
        self.work = self.stage.works.start(self.stage.session, skill, shown=self.t("audiences.working"), **arguments)
        self.stage.dialog(self.t("audiences.working"), div("stack", div("working", id="working"), blocks.skeleton(3)))

    async def _watch(self) -> None:
        work = self.work
        if work is None:
            return
        if not work.done:
            line = work.lines[-1] if work.lines else {}
            step = self.t.told(str(line.get("note") or line.get("step") or ""), line.get("params") or {}, "…")
            share = float(line.get("done") or 0) / float(line.get("of") or 1)
            shown = div(
                "stack",
                tag("p", step),
                blocks.meter(max(0.05, share), "brand", step),
                tag("p", self.t("audiences.goes_on"), cls="muted small"),
            )
            self.stage.run(f"lh.fill('#working',{json.dumps(str(shown))})")
            return
        self.work = None
        if work.error is not None:
            self.stage.close()
            self.stage.fail(work.error)
            return
        {"audience.lookalike": self._found_like, "audience.export": self._exported}[work.skill](work.result)

    def _found_like(self, found: Mapping[str, Any]) -> None:
        t = self.t
        self.page.names[str(found["audience"])] = ""
        rows = [
            [one["label"], one["value_label"] or t("value.unknown"), f"×{one['times']:.2f}"] for one in found["reasons"]
        ]
        lift = blocks.key_number(
            f"{found['lift']:.1f}×",
            t("audiences.lift"),
            t("audiences.lift_between", low=f"{found['low']:.1f}", high=f"{found['high']:.1f}"),
            meaning=t("audiences.lift_means"),
        )
        count = blocks.key_number(
            t.count(found["count"]), t("audiences.like_found"), t("audiences.like_seeds", seeds=t.count(found["seeds"]))
        )
        held = blocks.key_number(
            f"{t.count(found['found'])} / {t.count(found['held'])}",
            t("audiences.held"),
            f"AUC {found['auc']:.3f}",
            meaning=t("audiences.held_means"),
        )
        heads = [t("audiences.head_field"), t("audiences.head_value"), t("audiences.head_times")]
        foot = div(
            "dialog-foot",
            blocks.link_button(t("audiences.open_saved"), f"/audiences?id={found['audience']}", kind="primary"),
        )
        findings = [blocks.finding_line(t, item) for item in found["findings"]]
        self.stage.dialog(
            t("audiences.like_done"),
            div("stack", div("keys", lift, count, held), findings, blocks.table(heads, rows, figures=(2,)), foot),
        )

    def _ask_layers(self, _told: Told) -> None:
        t = self.t
        pick = [blocks.button(t(f"audiences.by_{by}"), act("layers", by=by)) for by in LAYERS]
        self.stage.dialog(
            t("audiences.part"), div("stack", tag("p", t("audiences.layers_about"), cls="muted"), div("line", pick))
        )

    async def _layers(self, told: Told) -> None:
        t = self.t
        try:
            found = await self._parted(str(told["by"]))
        except LinghangError as error:
            self.stage.fail(error)
            return
        rows = [
            div(
                "layer-row",
                span("grow", one["words"]),
                blocks.meter(one["share"], "", t.share(one["share"], 0)),
                span("num", t.count(one["count"])),
                span("num muted small", t.share(one["share"], 0)),
                blocks.button(t("audiences.take_layer"), act("take_layer", rule=one["rule"]), small=True),
            )
            for one in found["layers"]
        ]
        pick = [
            blocks.button(
                t(f"audiences.by_{by}"),
                act("layers", by=by),
                kind="primary" if by == told["by"] else "plain",
                small=True,
            )
            for by in LAYERS
        ]
        note = t("audiences.layers_told", count=len(found["layers"]), people=t.count(found["count"]))
        measured = found.get("measured")
        points = {} if measured is None else {key: f"{100 * measured[key]:.1f}" for key in _POINTS}
        told_of = (
            tag("p", t("audiences.uplift_told", name=found["campaign"]["name"], **points), cls="small")
            if points
            else None
        )
        findings = [blocks.finding_line(t, item) for item in found.get("findings", ())]
        body = div(
            "stack", div("line", pick), tag("p", note, cls="muted small"), told_of, findings, div("layer-list", rows)
        )
        self.stage.dialog(t("audiences.part"), body, cls="wide")

    async def _parted(self, by: str) -> Mapping[str, Any]:
        if by == "uplift":
            return await self.stage.session.call("analysis.layers", rule=self.page.rule)
        return await self.stage.session.call("audience.layers", rule=self.page.rule, by=by)

    async def _take_layer(self, told: Told) -> None:
        self.stage.close()
        await self.page.to(tree.rooted(told["rule"]))

    def _ask_export(self, _told: Told) -> None:
        t = self.t
        forms = [
            div(
                "export-row",
                div(
                    "grow",
                    tag("b", t(f"audiences.form_{form}")),
                    tag("p", t(f"audiences.form_{form}_note"), cls="muted small"),
                ),
                blocks.button(t("audiences.prepare"), act("export", form=form), small=True),
            )
            for form in ("csv", "parquet", "bitmap")
        ]
        about = tag("p", t("audiences.export_about", count=self.t.count(self.page.count)), cls="muted")
        self.stage.dialog(t("audiences.take_away"), div("stack", about, div("export-list", forms)))

    def _export(self, told: Told) -> None:
        self._start("audience.export", form=str(told["form"]), **self.meant())

    def _exported(self, made: Mapping[str, Any]) -> None:
        t = self.t
        facts = blocks.facts(
            (t("audiences.export_people"), t.count(made["customers"])),
            (t("audiences.export_size"), t("audiences.kilobytes", size=t.count(max(1, made["bytes"] // 1000)))),
        )
        content = div(
            "",
            span("field-label", t("audiences.content")),
            tag("p", tag("code", made["content"], cls="hash"), cls="small"),
        )
        asked = {"form": made["form"], "name": made["name"]} | {
            key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for key, value in self.meant().items()
        }
        link = blocks.link_button(
            t("audiences.download"),
            "/audience-file?" + urlencode(asked),
            kind="primary",
            symbol="download",
            download=True,
        )
        self.stage.dialog(t("audiences.export_ready"), div("stack", facts, content, div("dialog-foot", link)))
