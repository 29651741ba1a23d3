"""The brand kit: what every picture takes of the brand, with what is wrong told at once and a preview beside it."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from linghang.creatives.brand import MOST_LOGO
from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.shell import Studio, actor_name, page_head
from linghang.doors.studio.stage import Stage, Told

FIELDS = ("name", "sign", "primary", "accent", "face", "mood")
MOODS = ("lively", "steady", "premium", "tech", "fresh", "guochao", "warm")


def register(studio: Studio) -> None:
    """Register ``/creatives/brand``."""
    studio.tab("creatives", "brandkit", "/creatives/brand")

    @ui.page("/creatives/brand", response_timeout=60)
    async def brand() -> None:
        async with studio.page("creatives", tab="brandkit") as stage:
            await Editor(stage).build()


class Editor:
    """The kit as it is being edited; it is kept only when saved."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t
        self.told: Mapping[str, Any] = {}
        self.kit: dict[str, str] = {}
        self.findings: list[Mapping[str, Any]] = []
        self.busy = self.again = False

    async def build(self) -> None:
        """Show the kit in use with its preview."""
        stage, t = self.stage, self.t
        for name, handler in (
            ("field", self._field), ("keep", self._keep), ("own", self._own), ("logo", self._uploaded),
            ("bare", self._bare), ("fix", self._fix),
        ):  # fmt: skip
            stage.on(name, handler)
        stage.box("head", "lh-box", page_head(t("brandkit.title"), t("brandkit.lede")))
        with stage.box("grid", "brand-grid"):
            with stage.box("form", "retouch-tools"):
                stage.box("fields", "lh-box", blocks.loading(t))
                stage.box("wrong", "lh-box")
                stage.box("done", "lh-box")
            stage.box("shots", "lh-box", blocks.loading(t))
        ui.timer(0.05, self._fill, once=True)

    async def _fill(self) -> None:
        told = await self.stage.attempt(self.stage.session.call("brand.show"))
        if told is not None:
            self.told, self.kit, self.findings = told, dict(told["kit"]), list(told["findings"])
            self._show()
            await self._preview()

    def _show(self) -> None:
        self.stage.show("fields", self._fields())
        self._show_wrong()

    def _fields(self) -> Markup:
        t, kit = self.t, self.kit
        faces = [tag("option", t("brandkit.by_mood"), value="")]
        faces += [
            tag("option", f"{face['family']} {face['weight']}" + ("" if face["present"] else t("brandkit.missing")),
                value=face["id"], selected=face["id"] == kit["face"])
            for face in self.told["faces"]
        ]  # fmt: skip
        moods = [tag("option", t("brandkit.by_product"), value="")]
        moods += [tag("option", t(f"rating.mood.{one}"), value=one, selected=one == kit["mood"]) for one in MOODS]
        body = div(
            "stack",
            self._text("name", 24),
            self._text("sign", 2),
            self._colour("primary"),
            self._colour("accent"),
            blocks.field(t("brandkit.face"), tag("select", faces, cls="input", **act("field", name="face"))),
            blocks.field(t("brandkit.mood"), tag("select", moods, cls="input", **act("field", name="mood"))),
        )
        pick = blocks.file_button(t("brandkit.logo"), act("logo"), accept="image/png", most=MOST_LOGO)
        bare = blocks.button(t("brandkit.no_logo"), act("bare"), small=True) if kit["logo"] else ""
        return tag("section", body, blocks.field(t("brandkit.logo"), pick), bare, cls="panel retouch-card")

    def _text(self, name: str, most: int) -> Markup:
        box = tag("input", cls="input", value=self.kit[name], maxlength=str(most), data_debounce="400",
                  **act("field", name=name))  # fmt: skip
        return blocks.field(self.t(f"brandkit.{name}"), box)

    def _colour(self, name: str) -> Markup:
        label, value = self.t(f"brandkit.{name}"), self.kit[name]
        well = tag("input", type="color", value=value if len(value) == 7 else "#000000", aria_label=label,
                   **act("field", name=name))  # fmt: skip
        box = tag("input", cls="input num", value=value, maxlength="7", data_debounce="500", aria_label=label,
                  **act("field", name=name))  # fmt: skip
        return blocks.field(label, div("colour-field", well, box))

    def _show_wrong(self) -> None:
        t = self.t
        lines = [blocks.finding_line(t, item, self._mend(item) if item.get("fix") else None) for item in self.findings]
        fine = blocks.pill(t("brandkit.fine"), "ok")
        self.stage.show("wrong", tag("section", lines or div("line", fine), cls="panel retouch-card", role="status"))
        kept = [
            tag("li", t("brandkit.row", name=row["name"], primary=row["primary"], by=actor_name(t, row["actor"]),
                        at=t.instant(row["at"])))
            for row in self.told["history"][:5]
        ]  # fmt: skip
        past = tag("details", tag("summary", t("brandkit.history"), cls="small"), tag("ul", kept, cls="turned num"))
        line = div(
            "line",
            blocks.button(t("save"), act("keep"), kind="primary"),
            blocks.button(t("brandkit.own"), act("own"), small=True),
        )
        self.stage.show("done", tag("section", line, past if kept else "", cls="panel retouch-card"))

    def _mend(self, item: Mapping[str, Any]) -> Markup:
        name = self.t.told(f"{item['fix']['code']}")
        return blocks.button(name, act("fix", about=item["about"], code=item["code"]), small=True)

    async def _field(self, told: Told) -> None:
        name, value = str(told["name"]), str(told.get("value", ""))
        if name in FIELDS and self.kit[name] != value:
            self.kit[name] = value
            if name in ("primary", "accent"):
                self.stage.show("fields", self._fields())
            await self._preview()

    async def _fix(self, told: Told) -> None:
        found = next((one for one in self.findings if one["code"] == told["code"]), None)
        if found is not None:
            self.kit[str(found["about"])] = str(found["fix"]["text"])
            self._show()
            await self._preview()

    async def _bare(self, _told: Told) -> None:
        self.kit["logo"] = ""
        self._show()
        await self._preview()

    async def _own(self, _told: Told) -> None:
        self.kit = dict(self.told["own"])
        self._show()
        await self._preview()

    async def _uploaded(self, told: Told) -> None:
        if int(told.get("size", 0)) > MOST_LOGO:
            self.stage.toast(self.t("brandkit.too_large", most=MOST_LOGO // 1000), "bad")
            return
        self.kit["logo"] = str(told["value"])
        self._show()
        await self._preview()

    async def _preview(self) -> None:
        """Draw three pictures in the kit; of many wishes at once only the newest is drawn."""
        self.again = True
        if self.busy:
            return
        self.busy = True
        try:
            while self.again:
                self.again = False
                told = await self.stage.attempt(self.stage.session.call("brand.preview", kit=self.kit))
                if told is not None:
                    self.findings = list(told["findings"])
                    self._show_wrong()
                    self.stage.show("shots", self._shots(told["pictures"]))
        finally:
            self.busy = False

    def _shots(self, shown: list[Mapping[str, Any]]) -> Markup:
        shots = [
            tag(
                "figure",
                tag("img", src=f"data:image/webp;base64,{one['image']}", alt=self.t.value(one["slot"]),
                    width=one["width"], height=one["height"]),
                cls="wide" if one["width"] > one["height"] * 1.6 else "",
            )
            for one in sorted(shown, key=lambda one: -one["width"] / one["height"])
        ]  # fmt: skip
        return tag(
            "section", tag("h2", self.t("brandkit.preview")), div("brand-shots", shots), cls="panel retouch-card"
        )

    async def _keep(self, _told: Told) -> None:
        told = await self.stage.attempt(self.stage.session.call("brand.keep", kit=self.kit))
        if told is not None:
            self.stage.toast(self.t("brandkit.saved"))
            await self._fill()
