"""The asset library: what people brought, with licence, last day and brand rules, and where each is used.

One asset is open at a time: what is said of it can be changed, and a campaign's pictures can take it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.creatives.library import MOST_BYTES
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told

Shape = Mapping[str, Any]
KINDS = "image/png,image/jpeg,image/webp,image/svg+xml"


def register(studio: Studio) -> None:
    """Register ``/creatives/library``."""
    studio.tab("creatives", "library", "/creatives/library")

    @ui.page("/creatives/library", response_timeout=60)
    async def library(asset: str = "", words: str = "") -> None:
        async with studio.page("creatives", tab="library", cls="wide") as stage:
            await Library(stage, asset, words).build()


class Library:
    """All assets or those that were looked for, and the one that is open."""

    def __init__(self, stage: Stage, open_: str, words: str) -> None:
        self.stage, self.t = stage, stage.t
        self.open, self.asked = open_, {"words": words}
        self.found: Sequence[Shape] = ()
        self.places: Shape = {"places": (), "names": {}, "slots": {}}

    async def build(self) -> None:
        """Show what there is, newest first."""
        stage, t = self.stage, self.t
        for name, handler in (
            ("words", self._words), ("like", self._like), ("look", self._look), ("brought", self._brought),
            ("open", self._pick), ("keep", self._keep), ("remove", self._remove),
            ("use", self._use), ("end", self._end),
        ):  # fmt: skip
            stage.on(f"library.{name}", handler)
        stage.box("head", "rule-head", page_head(t("library.title"), t("library.lede")))
        search = tag("input", type="search", cls="input", placeholder=t("library.search"), data_debounce=350,
                     aria_label=t("library.search"), value=self.asked["words"] or None,
                     **act("library.words"))  # fmt: skip
        look = blocks.file_button(t("library.by_look"), act("library.look"), accept=KINDS, most=MOST_BYTES)
        bring = blocks.file_button(t("library.bring"), act("library.brought"), accept=KINDS, most=MOST_BYTES)
        stage.box("tools", "lh-box", div("library-tools", search, look, bring))
        stage.box("open", "lh-box")
        stage.box("found", "lh-box", blocks.loading(t))
        await self._find()
        told = await stage.attempt(stage.session.call("asset.places"))
        if told is not None:
            self.places = told
            self._show()

    async def _find(self, **asked: str) -> None:
        self.asked = asked or self.asked
        found = await self.stage.attempt(self.stage.session.call("asset.find", **self.asked))
        if found is not None:
            self.found = found
            self._show()

    def _show(self) -> None:
        chosen = next((one for one in self.found if one["id"] == self.open), None)
        self.stage.show("open", self._panel(chosen) if chosen is not None else "")
        self.stage.show("found", self._grid())

    async def _words(self, told: Told) -> None:
        await self._find(words=str(told.get("value", "")))

    async def _like(self, told: Told) -> None:
        await self._find(like=str(told["id"]))

    async def _look(self, told: Told) -> None:
        if self._fits(told):
            await self._find(data=str(told["value"]))

    def _fits(self, told: Told) -> bool:
        fits = int(told.get("size", 0)) <= MOST_BYTES
        if not fits:
            self.stage.toast(self.t("library.too_large", most=MOST_BYTES // 1_000_000), "bad")
        return fits

    async def _brought(self, told: Told) -> None:
        if not self._fits(told):
            return
        name = str(told.get("name") or self.t("library.unnamed"))
        made = await self.stage.attempt(self.stage.session.call("asset.add", name=name, data=str(told["value"])))
        if made is not None:
            self.open = str(made["id"])
            self.stage.toast(self.t("library.kept", name=made["name"]), "good")
            await self._find(words="")

    async def _pick(self, told: Told) -> None:
        self.open = "" if self.open == told["id"] else str(told["id"])
        self._show()
        self.stage.run("document.querySelector('.asset-open')?.scrollIntoView({block:'nearest'})")

    async def _keep(self, told: Told) -> None:
        changed = {
            "name": str(told.get("name", "")), "licence": str(told.get("licence", "")),
            "expires": str(told.get("expires", "")), "tags": _list(told.get("tags")),
            "products": _list(told.get("products")), "no_recolour": bool(told.get("no_recolour")),
            "min_side": int(str(told.get("min_side") or "0").strip() or 0),
        }  # fmt: skip
        made = await self.stage.attempt(self.stage.session.call("asset.change", asset=self.open, **changed))
        if made is not None:
            self.stage.toast(self.t("library.changed", name=made["name"]), "good")
            await self._find()

    async def _remove(self, told: Told) -> None:
        gone = await self.stage.attempt(self.stage.session.call("asset.remove", asset=str(told["id"])))
        if gone is not None:
            self.open = ""
            self.stage.toast(self.t("library.removed", name=gone["asset"]), "good")
            await self._find()

    async def _use(self, told: Told) -> None:
        campaign, _, slot = str(told.get("place", "")).partition("|")
        if not slot:
            return
        where = {"id": campaign, "slot": slot, "part": str(told.get("part") or "plate")}
        done = await self.stage.attempt(self.stage.session.call("asset.use", asset=self.open, **where))
        if done is not None:
            self.stage.toast(self.t("library.taken"), "good")
            await self._find()

    async def _end(self, told: Told) -> None:
        where = {"id": str(told["campaign"]), "slot": str(told["slot"]), "part": str(told["part"])}
        if await self.stage.attempt(self.stage.session.call("asset.use", **where)) is not None:
            await self._find()

    def _grid(self) -> Markup:
        t = self.t
        if not self.found:
            return tag("section", blocks.empty("creatives", t("library.none"), t("library.none_text"), ""), cls="panel")
        return div("library", [self._card(item) for item in self.found])

    def _card(self, item: Shape) -> Markup:
        t = self.t
        used = t("library.used", count=len(item["uses"])) if item["uses"] else t("library.unused")
        size = t("library.size", width=item["width"], height=item["height"])
        alike = t("library.alike", percent=round(item["likeness"] * 100)) if "likeness" in item else ""
        opened = item["id"] == self.open
        shown = tag("img", src=f"/files/{item['file']}", alt=item["name"], loading="lazy")
        return tag(
            "figure",
            tag("button", shown, cls="asset-see", type="button", aria_label=t("library.open", name=item["name"]),
                aria_expanded=str(opened).lower(), **act("library.open", id=item["id"])),
            tag(
                "figcaption",
                tag("b", item["name"]),
                tag("p", " · ".join(item["tags"]), cls="small") if item["tags"] else "",
                self._licence(item),
                tag("p", " · ".join(filter(None, (size, used, alike))), cls="small muted num"),
                blocks.button(t("library.like"), act("library.like", id=item["id"]), small=True),
            ),
            cls=f"asset{' is-open' if opened else ''}",
        )  # fmt: skip

    def _licence(self, item: Shape) -> Markup:
        t = self.t
        licence = item["licence"] or t("library.no_licence")
        if item["expired"]:
            return tag("p", f"{licence} · {t('library.over', day=item['expires'])}", cls="small bad")
        if item.get("ends_soon"):
            return tag("p", f"{licence} · {t('library.soon', day=item['expires'])}", cls="small warn")
        until = t("library.until", day=item["expires"]) if item["expires"] else t("library.no_end")
        return tag("p", f"{licence} · {until}", cls="small muted")

    def _panel(self, item: Shape) -> Markup:
        """The open asset: large, what is said of it, where it is used, and how a campaign takes it."""
        shown = tag("img", src=f"/files/{item['file']}", alt=item["name"])
        seen = div("asset-large stack", shown, self._licence(item), self._uses(item), self._taking())
        return tag("section", seen, self._form(item), cls="panel asset-open", aria_label=item["name"])

    def _form(self, item: Shape) -> Markup:
        t, rules = self.t, item["rules"]

        def entry(name: str, value: str, **more: Any) -> Markup:
            return blocks.field(
                t(f"library.field_{name}"), tag("input", name=name, value=value or None, cls="input", **more)
            )

        fixed = tag("input", type="checkbox", name="no_recolour", checked=bool(rules["no_recolour"]))
        removal = blocks.button(t("library.remove"), act("library.remove", id=item["id"]), kind="danger", small=True)
        return div(
            "asset-form",
            entry("name", item["name"], maxlength=120),
            entry("tags", ", ".join(item["tags"]), placeholder=t("library.tags_hint")),
            entry("licence", item["licence"]),
            entry("expires", item["expires"] or "", type="date"),
            entry("products", ", ".join(rules["products"]), placeholder=t("library.products_hint")),
            entry("min_side", str(rules["min_side"] or ""), type="number", min=0, max=4000),
            tag("label", fixed, span("", t("library.no_recolour")), cls="asset-check"),
            div(
                "line",
                blocks.button(t("save"), act("library.keep"), kind="primary", small=True),
                removal if not item["uses"] else None,
            ),
            data_form=True,
        )

    def _uses(self, item: Shape) -> Markup:
        t = self.t
        names, slots = self.places["names"], self.places["slots"]
        lines = [
            tag(
                "li",
                tag("a", names.get(one["campaign"], one["campaign"]), href=f"/campaigns/{one['campaign']}"),
                span("small muted", f" · {slots.get(one['slot'], one['slot'])} · {t('library.part_' + one['part'])} "),
                blocks.button(t("library.end"), act("library.end", **one), small=True, kind="quiet"),
            )
            for one in item["uses"]
        ]
        body = tag("ul", lines, cls="asset-uses") if lines else tag("p", t("library.unused_long"), cls="small muted")
        return div("", tag("h3", t("library.where")), body)

    def _taking(self) -> Markup:
        t = self.t
        if not self.places["places"]:
            return tag("p", t("library.no_place"), cls="small muted")

        def choice(name: str, options: Sequence[tuple[str, str]]) -> Markup:
            items = [tag("option", label, value=value) for value, label in options]
            return blocks.field(t(f"library.field_{name}"), tag("select", items, name=name, cls="input"))

        where = [
            (f"{one['campaign']}|{one['slot']}", f"{one['name']} · {one['label']}") for one in self.places["places"]
        ]
        parts = [(part, t(f"library.part_{part}")) for part in ("plate", "element")]
        return div(
            "asset-form",
            choice("place", where),
            choice("part", parts),
            div("line", blocks.button(t("library.take"), act("library.use"), small=True)),
            data_form=True,
        )


def _list(value: object) -> list[str]:
    """Words between commas of either kind."""
    return [word.strip() for word in str(value or "").replace("，", ",").replace("、", ",").split(",") if word.strip()]
