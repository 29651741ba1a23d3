"""Creatives: pictures large, by campaign, layer and place; side by side; the safe area on demand."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.frames import framed
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told


def register(studio: Studio) -> None:
    """Register ``/creatives``."""
    studio.tab("creatives", "gallery", "/creatives")

    @ui.page("/creatives", response_timeout=60)
    async def creatives(id: str = "", layer: str = "", slot: str = "") -> None:
        async with studio.page("creatives", tab="gallery") as stage:
            await Room(stage, id, layer, slot).build()


class Room:
    """The gallery of one campaign."""

    def __init__(self, stage: Stage, id: str, layer: str, slot: str) -> None:
        self.stage, self.t = stage, stage.t
        self.id, self.layer, self.slot = id, layer, slot
        self.view = View(stage.t, {})
        self.chosen: list[str] = []

    async def build(self) -> None:
        """Show the pictures of the campaign that was asked for, or of the newest one that has any."""
        stage, t = self.stage, self.t
        stage.on("pick", self._pick)
        stage.on("large", self._large)
        stage.on("choose", self._choose)
        stage.on("compare", self._compare)
        rows = await stage.attempt(stage.session.call("campaign.list")) or []
        for row in rows:
            # The newest campaign that has pictures, unless one was asked for.
            if row["id"] == self.id or (not self.id and row.get("cover", True)):
                doc = await stage.attempt(stage.session.call("campaign.show", id=row["id"]))
                if doc is not None and (doc.get("sections", {}).get("creatives") or row["id"] == self.id):
                    self.id, self.view = str(row["id"]), View(t, doc)
                    break
        pictures = self.view.value("creatives").get("pictures", [])
        stage.box("head", "lh-box", page_head(t("creatives.title"), t("creatives.lede"), self._chooser(rows)))
        if not pictures:
            stage.box(
                "none",
                "lh-box",
                tag(
                    "section",
                    blocks.empty(
                        "creatives",
                        t("creatives.none"),
                        t("creatives.none_text"),
                        blocks.link_button(t("campaigns.new"), "/", kind="primary", symbol="plus"),
                    ),
                    cls="panel",
                ),
            )
            return
        learned = await stage.attempt(stage.session.call("creative.learned"))
        if learned is not None:
            stage.box("learned", "lh-box", self._learned(learned, pictures))
        stage.box("filters", "filters", self._filters(pictures))
        stage.box("chosen", "lh-box", self._chosen())
        shown = [item for item in pictures if self.layer in ("", item["layer"]) and self.slot in ("", item["slot"])]
        shown.sort(key=lambda item: (-item["width"] / item["height"], item["slot"]))
        stage.box("gallery", "lh-box", div("gallery", [self._tile(item) for item in shown]))
        # Whoever looks at pictures will turn one: the process that draws looks comes up meanwhile.
        await stage.attempt(stage.session.call("creative.ready", id=self.id))

    def _learned(self, told: Shape, pictures: Sequence[Shape]) -> Markup:
        """One sentence and a figure; how it was found lies beneath."""
        t = self.t
        rate = blocks.link_button(t("creatives.start_rating"), "/creatives/rating", small=True)
        if not told["able"]:
            return tag("section", tag("p", t("creatives.unlearned", needed=told["needed"])), rate, cls="panel learned")
        if told["share"] is None:
            body = tag("p", t("creatives.no_audit", ratings=told["ratings"]))
            return tag("section", body, rate, cls="panel learned")
        stats = t(
            "creatives.learned_stats", rounds=told["rounds"], raters=len(told["raters"]), looks=told["looks"],
            low=t.share(told["low"]), high=t.share(told["high"]),
        )  # fmt: skip
        chances = [float(item["chance"]) for item in pictures if item.get("chance") is not None]
        mean = (
            tag("p", t("creatives.learned_chance", count=len(chances), chosen=t.share(sum(chances) / len(chances))),
                cls="small")
            if chances
            else ""
        )  # fmt: skip
        beneath = tag(
            "details",
            tag("summary", t("creatives.learned_detail"), cls="small muted"),
            tag("p", stats, cls="small num"),
            mean,
        )
        said = tag("p", t("creatives.learned", ratings=told["ratings"]))
        return tag("section", said, tag("b", t.share(told["share"]), cls="num"), beneath, cls="panel learned")

    def _chosen(self) -> Markup:
        t = self.t
        enough = 2 <= len(self.chosen) <= 4
        said = t("creatives.chosen", count=len(self.chosen)) if self.chosen else t("creatives.compare_pick")
        button = blocks.button(t("creatives.compare"), act("compare"), small=True, symbol="eye", data_key="c",
                               disabled=not enough)  # fmt: skip
        return div("line", button, span("small muted num", said))

    def _choose(self, told: Told) -> None:
        self.chosen = [one for one in self.chosen if one != told["id"]] + ([str(told["id"])] if told["value"] else [])
        self.stage.show("chosen", self._chosen())

    def _compare(self, _told: Told) -> None:
        """The chosen pictures side by side; of two in one place the second can be wiped over the first."""
        t = self.t
        pictures = {one["id"]: one for one in self.view.value("creatives").get("pictures", [])}
        shown = [pictures[one] for one in self.chosen if one in pictures][:4]
        cells = [
            div(
                "compare-cell",
                tag("img", src=f"/files/{one['file']}", alt=one.get("alt", "")),
                tag("p", f"{self.view.name(one['layer'])} · {self.view.name(one['slot'])}", cls="small"),
            )
            for one in shown
        ]
        wipe: Markup | str = ""
        if len(shown) == 2 and (shown[0]["width"], shown[0]["height"]) == (shown[1]["width"], shown[1]["height"]):
            first, second = (tag("img", src=f"/files/{one['file']}", alt=one.get("alt", ""),
                                 cls="wipe-top" if place else "") for place, one in enumerate(shown))  # fmt: skip
            bar = tag("input", type="range", min="0", max="100", value="50", data_wipe="#pair",
                      aria_label=t("retouch.compare"))  # fmt: skip
            wipe = div(
                "stack", div("wipe", first, second, id="pair", style="--wipe:50%"), div("wipe-bar", "A", bar, "B")
            )
        self.stage.dialog(t("creatives.compare"), div("large", div("compare", cells), wipe), cls="wide")

    def _chooser(self, rows: Sequence[Mapping[str, Any]]) -> Markup:
        options = [tag("option", str(row["name"]), value=row["id"], selected=row["id"] == self.id) for row in rows]
        return tag("select", options, cls="input pick", aria_label=self.t("room.campaigns"), **act("pick"))

    def _pick(self, told: Told) -> None:
        self.stage.go(f"/creatives?id={told['value']}")

    def _filters(self, pictures: Sequence[Shape]) -> Markup:
        t = self.t
        layers = list(dict.fromkeys(str(item["layer"]) for item in pictures))
        slots = list(dict.fromkeys(str(item["slot"]) for item in pictures))
        by_layer = [
            ("", t("creatives.all_layers"), self._link(layer="")),
            *[(key, self.view.name(key), self._link(layer=key)) for key in layers],
        ]
        by_slot = [
            ("", t("creatives.all_slots"), self._link(slot="")),
            *[(key, self.view.name(key), self._link(slot=key)) for key in slots],
        ]
        return div("filter-rows", blocks.tabs(by_layer, self.layer), blocks.tabs(by_slot, self.slot))

    def _link(self, **change: str) -> str:
        return "/creatives?" + urlencode({"id": self.id, "layer": self.layer, "slot": self.slot, **change})

    def _tile(self, item: Shape) -> Markup:
        t = self.t
        image = tag(
            "img",
            src=f"/files/{item['file']}",
            alt=item.get("alt") or self.view.name(item["slot"]),
            loading="lazy",
            width=item["width"],
            height=item["height"],
        )
        kind = "wide" if item["width"] > item["height"] * 1.6 else "tall"
        note = t("creative.size", width=item["width"], height=item["height"], kb=round(item["bytes"] / 1024))
        edit = blocks.link_button(t("creatives.edit"), self._edit(item), small=True, symbol="edit")
        name = t("creatives.choose", name=self.view.name(item["layer"]))
        box = tag("input", type="checkbox", cls="pick-box", aria_label=name, title=name, **act("choose", id=item["id"]))
        return tag(
            "figure",
            tag(
                "button",
                image,
                cls="frame-btn",
                type="button",
                aria_label=t("creative.compare", name=self.view.name(item["layer"])),
                data_item=True,
                **act("large", id=item["id"]),
            ),
            tag(
                "figcaption",
                tag("b", self.view.name(item["layer"])),
                " · ",
                self.view.name(item["slot"]),
                div("tile-foot", span("muted small num", note), div("line", edit, box)),
            ),
            cls=f"tile {kind}",
        )

    def _edit(self, item: Shape) -> str:
        place = {name: item[name] for name in ("slot", "layer", "variant")}
        return "/creatives/edit?" + urlencode({"id": self.id, **place})

    def _large(self, told: Told) -> None:
        t = self.t
        pictures = self.view.value("creatives").get("pictures", [])
        item = next(one for one in pictures if one["id"] == told["id"])
        same = [one for one in pictures if one["slot"] == item["slot"] and one["id"] != item["id"]][:2]
        variant: Shape = next(
            (one for one in self.view.value("combinations").get("variants", []) if one["creative"] == item["id"]), {}
        )
        plain = div(
            "safe",
            tag("img", src=f"/files/{item['file']}", alt=item.get("alt", "")),
            tag("i", aria_hidden="true"),
            id="safe",
        )
        sides = [div("compare-cell", plain, tag("p", self.view.name(item["layer"]), cls="small"))]
        sides += [
            div(
                "compare-cell",
                tag("img", src=f"/files/{one['file']}", alt=one.get("alt", "")),
                tag("p", self.view.name(one["layer"]), cls="small"),
            )
            for one in same
        ]
        frame = framed(self.view, item["slot"], str(variant.get("channel", "")), item, variant.get("copy", {}))
        body = div(
            "large",
            div("compare", sides),
            div(
                "line",
                blocks.button(t("creatives.safe"), data_toggle="#safe", symbol="eye", small=True),
                blocks.link_button(t("creatives.edit"), self._edit(item), small=True, symbol="edit"),
            ),
            div("large-frame", tag("h3", t("creatives.in_place")), frame),
        )
        self.stage.dialog(f"{self.view.name(item['layer'])} · {self.view.name(item['slot'])}", body, cls="wide")
