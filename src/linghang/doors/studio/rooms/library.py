"""The asset library: what people brought, with licence and expiry, where each is used, and what looks like it."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.creatives.library import MOST_BYTES
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told


def register(studio: Studio) -> None:
    """Register ``/creatives/library``."""
    studio.tab("creatives", "library", "/creatives/library")

    @ui.page("/creatives/library", response_timeout=60)
    async def library() -> None:
        async with studio.page("creatives", tab="library") as stage:
            await Library(stage).build()


class Library:
    """All assets, or those that were looked for."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t

    async def build(self) -> None:
        """Show what there is, newest first."""
        stage, t = self.stage, self.t
        for name, handler in (("words", self._words), ("like", self._like), ("brought", self._brought)):
            stage.on(name, handler)
        stage.box("head", "lh-box", page_head(t("library.title"), t("library.lede")))
        search = tag("input", type="search", cls="input", placeholder=t("library.search"),
                     aria_label=t("library.search"), **act("words"))  # fmt: skip
        kinds = "image/png,image/jpeg,image/webp,image/svg+xml"
        bring = blocks.file_button(t("library.bring"), act("brought"), accept=kinds, most=MOST_BYTES)
        stage.box("tools", "lh-box", div("library-tools", search, bring))
        stage.box("found", "lh-box", blocks.loading(t))
        await self._find()

    async def _find(self, **asked: str) -> None:
        found = await self.stage.attempt(self.stage.session.call("asset.find", **asked))
        if found is not None:
            self.stage.show("found", self._grid(found))

    async def _words(self, told: Told) -> None:
        await self._find(words=str(told.get("value", "")))

    async def _like(self, told: Told) -> None:
        await self._find(like=str(told["id"]))

    async def _brought(self, told: Told) -> None:
        if int(told.get("size", 0)) > MOST_BYTES:
            self.stage.toast(self.t("library.too_large", most=MOST_BYTES // 1_000_000), "bad")
            return
        name = str(told.get("name") or self.t("library.unnamed"))
        made = await self.stage.attempt(self.stage.session.call("asset.add", name=name, data=str(told["value"])))
        if made is not None:
            self.stage.toast(self.t("library.kept", name=made["name"]), "good")
            await self._find()

    def _grid(self, found: Sequence[Mapping[str, Any]]) -> Markup:
        t = self.t
        if not found:
            return tag("section", blocks.empty("creatives", t("library.none"), t("library.none_text"), ""), cls="panel")
        return div("library", [self._card(item) for item in found])

    def _card(self, item: Mapping[str, Any]) -> Markup:
        t = self.t
        licence = item["licence"] or t("library.no_licence")
        until = t("library.until", day=item["expires"]) if item["expires"] else t("library.no_end")
        state = tag("p", f"{licence} · {until}", cls="small muted")
        if item["expired"]:
            state = tag("p", f"{licence} · {t('library.over', day=item['expires'])}", cls="small bad")
        used = t("library.used", count=len(item["uses"])) if item["uses"] else t("library.unused")
        size = t("library.size", width=item["width"], height=item["height"])
        return tag(
            "figure",
            tag("img", src=f"/files/{item['file']}", alt=item["name"], loading="lazy"),
            tag(
                "figcaption",
                tag("b", item["name"]),
                tag("p", " · ".join(item["tags"]), cls="small") if item["tags"] else "",
                state,
                tag("p", f"{size} · {used}", cls="small muted num"),
                blocks.button(t("library.like"), act("like", id=item["id"]), small=True),
            ),
            cls="asset",
        )
