"""Saved audiences: a list with size, its line, owner, freshness and where used; each with its history and versions."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.people.one import One, Row, freshness
from linghang.doors.studio.people.told import spark
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told

MOST_BYTES = 16_000_000


def register(studio: Studio) -> None:
    """Register ``/audiences/saved`` and a page for each."""

    @ui.page("/audiences/saved", response_timeout=60)
    async def saved(archived: bool = False) -> None:
        async with studio.page("audiences", tab="saved") as stage:
            await Listing(stage, archived).build()

    @ui.page("/audiences/saved/{id}", response_timeout=60)
    async def one(id: str) -> None:
        async with studio.page("audiences", tab="saved") as stage:
            await One(stage, id).build()


class Listing:
    """All saved audiences."""

    def __init__(self, stage: Stage, archived: bool) -> None:
        self.stage, self.t, self.archived = stage, stage.t, archived

    async def build(self) -> None:
        """Show what there is."""
        stage, t = self.stage, self.t
        for name in ("refresh_all", "ask_list", "bring", "brought", "compare"):
            stage.on(name, getattr(self, f"_{name}"))
        bring = blocks.button(t("saved.bring"), act("ask_list"), symbol="plus")
        make = blocks.link_button(t("saved.make"), "/audiences", kind="primary", symbol="audiences")
        stage.box("head", "lh-box", page_head(t("saved.title"), t("saved.lede"), div("line", bring, make)))
        stage.box("list", "lh-box", blocks.loading(t))
        ui.timer(0.05, self._fill, once=True)

    async def _fill(self) -> None:
        t = self.t
        found = await self.stage.attempt(self.stage.session.call("audience.list", archived=self.archived))
        if found is None:
            return
        rows: Sequence[Row] = found["audiences"]
        if not rows and not found["archived"]:
            shown = blocks.examples(t, [t(f"audiences.example_{n}") for n in (1, 2, 3)], "take")
            self.stage.on("take", self._take)
            empty = blocks.empty("audiences", t("saved.none"), t("saved.none_text"), shown)
            self.stage.show("list", tag("section", empty, cls="panel"))
            return
        newest = found["data"]["newest_event"]
        told = t("saved.data", at=t.instant(newest)) if newest else t("saved.no_events")
        behind = sum(1 for row in rows if row["behind"] and row["refresh"] not in ("once",))
        again = (
            blocks.button(t("saved.refresh_all"), act("refresh_all"), kind="quiet", small=True, symbol="refresh")
            if behind
            else None
        )
        put_away = None
        if found["archived"]:
            here = "/audiences/saved" if self.archived else "/audiences/saved?archived=true"
            words = t("saved.hide_archived") if self.archived else t("saved.show_archived", count=found["archived"])
            put_away = tag("a", words, href=here, cls="link small")
        pick = blocks.button(
            t("saved.compare"), act("compare"), kind="quiet", small=True, symbol="transfer", data_default=True
        )
        head = div("saved-head", span("muted small num", told), div("line tight", put_away, again, pick))
        lines = [self._row(row) for row in rows]
        self.stage.show("list", tag("section", head, div("saved-list", lines), cls="panel", data_form=True))

    def _row(self, row: Row) -> Markup:
        t = self.t
        label = t("saved.choose", name=row["name"])
        box = tag(
            "input", type="checkbox", name="chosen", value=row["id"], data_many="1", cls="pick-box", aria_label=label
        )
        used = t("saved.used", count=len(row["used"])) if row["used"] else t("saved.unused")
        often = t(f"audiences.refresh_{row['refresh']}")
        return div(
            "saved-row",
            box,
            tag(
                "a",
                span(
                    "saved-name",
                    tag("b", row["name"]),
                    freshness(t, row),
                    blocks.pill(t("saved.archived"), "quiet") if row["archived"] else None,
                ),
                span("saved-words muted small", row["words"]),
                href=f"/audiences/saved/{row['id']}",
                cls="saved-link",
                data_item=True,
            ),
            div(
                "saved-size",
                tag("b", t.count(row["count"]), cls="num"),
                spark(row["sizes"], t("saved.line", sizes=t.listed([t.count(size) for size in row["sizes"][-5:]]))),
            ),
            div(
                "saved-facts small muted",
                span("", row["owner"]),
                span("num", f"{often} · {t.instant(row['as_of'])}"),
                span("num", used),
            ),
            blocks.link_button(t("saved.open"), f"/audiences?id={row['id']}", small=True),
        )

    def _take(self, told: Told) -> None:
        self.stage.go(f"/audiences?text={quote(str(told['text']))}")

    async def _refresh_all(self, _told: Told) -> None:
        found = await self.stage.attempt(self.stage.session.call("audience.list"))
        done = 0
        for row in (found or {}).get("audiences", ()):
            if row["behind"] and row["refresh"] != "once":
                done += (
                    await self.stage.attempt(self.stage.session.call("audience.refresh", audience=row["id"]))
                    is not None
                )
        self.stage.toast(self.t("saved.refreshed", count=done))
        await self._fill()

    def _compare(self, told: Told) -> None:
        chosen = [str(id) for id in told.get("chosen") or ()]
        if len(chosen) < 2:
            self.stage.toast(self.t("saved.choose_two"), "bad")
            return
        self.stage.go("/audiences/compare?ids=" + ",".join(chosen))

    def _ask_list(self, _told: Told) -> None:
        t = self.t
        name = tag("input", name="title", cls="input", maxlength="60", autofocus=True)
        ids = tag("textarea", name="ids", cls="input", rows="5", placeholder=t("saved.ids_placeholder"))
        pick = blocks.file_button(
            t("saved.file"), act("brought"), accept=".csv,.txt,.parquet,text/csv,text/plain", most=MOST_BYTES
        )
        foot = div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("saved.bring_ids"), act("bring"), kind="primary"),
        )
        body = div(
            "form",
            blocks.field(t("audiences.name"), name),
            blocks.field(t("saved.ids"), ids, t("saved.ids_note")),
            div("line", pick, span("muted small", t("saved.file_note", most=MOST_BYTES // 1_000_000))),
            foot,
            data_form=True,
        )
        self.stage.dialog(t("saved.bring"), body)

    async def _bring(self, told: Told) -> None:
        ids = str(told.get("ids", "")).replace(",", "\n").replace("，", "\n").split("\n")
        await self._take_list(str(told.get("title", "")), ids=[id for id in ids if id.strip()])

    async def _brought(self, told: Told) -> None:
        if int(told.get("size") or 0) > MOST_BYTES:
            self.stage.toast(self.t("saved.too_large", most=MOST_BYTES // 1_000_000), "bad")
            return
        name = str(told.get("title", "")).strip() or str(told.get("name", "")).rsplit(".", 1)[0]
        await self._take_list(name, data=str(told.get("value", "")))

    async def _take_list(self, name: str, **more: Any) -> None:
        made = await self.stage.attempt(self.stage.session.call("audience.upload", name=name, **more))
        if made is not None:
            self.stage.go(f"/audiences/saved/{made['id']}")
