"""Contact sheets: everything that a layer's customers may see, on one picture, and each combination by its name."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told


def register(studio: Studio) -> None:
    """Register ``/creatives/sheet``."""
    studio.tab("creatives", "sheet", "/creatives/sheet")

    @ui.page("/creatives/sheet", response_timeout=60)
    async def sheet(id: str = "", layer: str = "") -> None:
        async with studio.page("creatives", tab="sheet") as stage:
            await Sheets(stage, id, layer).build()


class Sheets:
    """The sheets of one campaign, a tab for each layer."""

    def __init__(self, stage: Stage, id: str, layer: str) -> None:
        self.stage, self.t = stage, stage.t
        self.id, self.layer = id, layer

    async def build(self) -> None:
        """Show the sheet of the layer that was asked for, or of the first one, of this or the newest campaign."""
        stage, t = self.stage, self.t
        stage.on("pick", self._pick)
        rows = await stage.attempt(stage.session.call("campaign.list")) or []
        self.id = self.id or (str(rows[0]["id"]) if rows else "")
        options = [tag("option", str(row["name"]), value=row["id"], selected=row["id"] == self.id) for row in rows]
        chooser = tag("select", options, cls="input pick", aria_label=t("room.campaigns"), **act("pick"))
        stage.box("head", "lh-box", page_head(t("sheet.title"), t("sheet.lede"), chooser))
        told = await stage.attempt(stage.session.call("creative.sheet", id=self.id)) if self.id else None
        if told is None or not told["sheets"]:
            new = blocks.link_button(t("campaigns.new"), "/", kind="primary", symbol="plus")
            empty = blocks.empty("creatives", t("creatives.none"), t("creatives.none_text"), new)
            stage.box("none", "lh-box", tag("section", empty, cls="panel"))
            return
        shown = next((one for one in told["sheets"] if one["layer"] == self.layer), told["sheets"][0])
        tabs = [(one["layer"], one["label"], self._link(one["layer"])) for one in told["sheets"]]
        stage.box("layers", "filters", blocks.tabs(tabs, shown["layer"]))
        stage.box("sheet", "lh-box", self._sheet(shown))

    def _pick(self, told: Told) -> None:
        self.stage.go(f"/creatives/sheet?id={told['value']}")

    def _link(self, layer: str) -> str:
        return "/creatives/sheet?" + urlencode({"id": self.id, "layer": layer})

    def _sheet(self, shown: Mapping[str, Any]) -> Markup:
        t = self.t
        counts = t("sheet.counts", ready=shown["ready"], out=shown["excluded"])
        image = tag("img", src=f"/files/{shown['file']}", alt=f"{shown['label']} · {counts}", cls="sheet-img")
        names = [
            tag("li", item["name"], tag("p", " ".join(item["excluded"]), cls="muted small") if item["excluded"] else "")
            for item in shown["combinations"]
        ]
        return div(
            "stack",
            tag("p", counts, cls="muted"),
            tag("a", image, href=f"/files/{shown['file']}", target="_blank", aria_label=t("sheet.open")),
            tag("details", tag("summary", t("sheet.names")), tag("ol", names, cls="sheet-names")),
        )
