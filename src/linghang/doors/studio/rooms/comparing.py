"""Audiences beside each other: what two share and where they differ; of up to four every part; of many a matrix."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.view import View
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.people.circles import circles
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told

MOST = 12
Shape = Mapping[str, Any]


def register(studio: Studio) -> None:
    """Register ``/audiences/compare``."""

    @ui.page("/audiences/compare", response_timeout=60)
    async def compare(ids: str = "") -> None:
        async with studio.page("audiences", tab="compare") as stage:
            await Comparing(stage, [id for id in ids.split(",") if id]).build()


class Comparing:
    """The page; ``chosen`` are ids of saved audiences, in the order in which they were taken."""

    def __init__(self, stage: Stage, chosen: list[str]) -> None:
        self.stage, self.t, self.chosen = stage, stage.t, chosen
        self.rows: dict[str, Shape] = {}

    async def build(self) -> None:
        """Show what can be chosen, and what is."""
        stage, t = self.stage, self.t
        stage.on("choose", self._choose)
        stage.box("head", "lh-box", page_head(t("comparing.title"), t("comparing.lede")))
        for key in ("pick", "two", "parts", "matrix"):
            stage.box(key, "lh-box")
        stage.show("pick", blocks.loading(t))
        ui.timer(0.05, self._fill, once=True)

    async def _fill(self) -> None:
        found = await self.stage.attempt(self.stage.session.call("audience.list"))
        if found is None:
            return
        self.rows = {str(row["id"]): row for row in found["audiences"]}
        self.chosen = [id for id in self.chosen if id in self.rows][:MOST] or list(self.rows)[:2]
        await self._show()

    async def _choose(self, told: Told) -> None:
        id = str(told["id"])
        if id in self.chosen:
            self.chosen.remove(id)
        elif len(self.chosen) < MOST:
            self.chosen.append(id)
        await self._show()

    async def _show(self) -> None:
        t = self.t
        if len(self.rows) < 2:
            go = blocks.link_button(t("saved.make"), "/audiences", kind="primary")
            empty = blocks.empty("audiences", t("comparing.too_few"), t("comparing.too_few_text"), go)
            self.stage.show("pick", tag("section", empty, cls="panel"))
            return
        chips = [
            tag(
                "button",
                row["name"],
                span("num muted small", t.short(row["count"])),
                type="button",
                cls="seg on" if id in self.chosen else "seg",
                aria_pressed="true" if id in self.chosen else "false",
                **act("choose", id=id),
            )
            for id, row in self.rows.items()
        ]
        self.stage.show("pick", tag("section", div("card-body", div("segs many", chips)), cls="panel"))
        for key in ("two", "parts", "matrix"):
            self.stage.show(key, "")
        if len(self.chosen) < 2:
            self.stage.show("two", tag("p", t("comparing.choose"), cls="muted"))
            return
        session = self.stage.session
        overlap, two = await asyncio.gather(
            self.stage.attempt(session.call("audience.overlap", audiences=self.chosen)),
            self.stage.attempt(session.call("audience.compare", one=self.chosen[0], other=self.chosen[1]))
            if len(self.chosen) == 2
            else asyncio.sleep(0),
        )
        if overlap is None:
            return
        if two:
            self.stage.show("two", self._two(two))
        if overlap["only"]:
            self.stage.show("parts", self._parts(overlap))
        if len(self.chosen) > 2:
            self.stage.show("matrix", self._matrix(overlap))

    def _two(self, told: Shape) -> Markup:
        t = self.t
        names = [self.rows[id]["name"] for id in self.chosen]
        sides: tuple[tuple[str, str, blocks.Tone], ...] = (
            ("both", t("comparing.both"), "info"),
            ("one", names[0], ""),
            ("other", names[1], "warn"),
        )
        lines = [
            div("rule-part", blocks.pill(name, tone), span("", words))
            for key, name, tone in sides
            for words in told["conditions"][key]
        ]
        view = View(t, {"labels": told["labels"]})
        heads = [t("audiences.head_field"), t("audiences.head_value"), names[0], names[1], t("comparing.gap")]
        rows = [
            [
                view.name(one["field"]),
                view.value_name(one["field"], one["value"]),
                t.share(one["one"], 1),
                t.share(one["other"], 1),
                _gap(one),
            ]
            for one in told["differences"]
        ]
        table = blocks.table(heads, rows, figures=(2, 3)) if rows else tag("p", t("comparing.alike"), cls="muted")
        return div(
            "stack",
            blocks.card(t("comparing.conditions"), div("rule-parts", lines)),
            blocks.card(t("comparing.differences"), table, tag("p", t("comparing.sure"), cls="muted small")),
        )

    def _parts(self, told: Shape) -> Markup:
        t = self.t
        total = sum(part["count"] for part in told["only"])
        heads = [t("comparing.exactly_in"), t("audiences.people"), t("comparing.share")]
        rows = [
            [" ∩ ".join(part["names"]), t.count(part["count"]), t.share(part["count"] / total if total else 0, 1)]
            for part in sorted(told["only"], key=lambda part: -part["count"])
        ]
        picture = circles(told["names"], told["only"], t)
        table = blocks.table(heads, rows, figures=(1, 2), cls="parts")
        body = div("venn-with", picture, div("grow", table))
        note = t("comparing.union", count=t.count(total))
        return blocks.card(t("comparing.parts"), body, note=note)

    def _matrix(self, told: Shape) -> Markup:
        t = self.t
        names: Sequence[str] = told["names"]
        rows = []
        for place, name in enumerate(names):
            own = told["shared"][place][place] or 1
            cells = [
                div("heat", t.count(size), span("small", t.share(size / own, 0)), style=f"--heat:{size / own:.3f}")
                for size in told["shared"][place]
            ]
            rows.append([name, *cells])
        table = blocks.table(["", *names], rows, figures=tuple(range(1, len(names) + 1)), cls="shares")
        return blocks.card(t("comparing.matrix"), table, tag("p", t("comparing.matrix_note"), cls="muted small"))


def _gap(one: Shape) -> Markup:
    """Two shares as bars on either side of a line."""
    most = max(one["one"], one["other"]) or 1
    return div(
        "gap",
        div("gap-side left", tag("i", style=f"width:{one['one'] / most * 100:.0f}%")),
        div("gap-side", tag("i", style=f"width:{one['other'] / most * 100:.0f}%")),
    )
