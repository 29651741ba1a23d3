"""Rating: one picture after the other, by keyboard; and how the rounds stand, as one sentence and a figure each."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, actor_name, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.work import Work

FLAGS = ("palette", "shape", "perspective", "glyph", "saturation", "hue", "layout", "copy_fit")
_ELEMENT_FLAGS = FLAGS[:6]
ELEMENTS = ("coin", "packet", "ingot", "gift", "shield", "bar", "podium", "ticket", "piggy", "bars", "calendar",
            "phone", "umbrella", "rocket", "lantern")  # fmt: skip
MOODS = ("lively", "steady", "premium", "tech", "fresh", "guochao", "warm")
SLOTS = ("splash", "home_banner", "home_popup", "waist_banner", "feed_card")
PRODUCTS = ("wealth", "fund", "deposit", "gold", "insurance", "credit", "payments", "membership")


def register(studio: Studio) -> None:
    """Register ``/creatives/rating``."""
    studio.tab("creatives", "rating", "/creatives/rating")

    @ui.page("/creatives/rating", response_timeout=60)
    async def rating(round: str = "") -> None:
        async with studio.page("creatives", tab="rating") as stage:
            await Rating(stage, round).build()


class Rating:
    """The picture that is rated now, the flags that are set, and the way back to the one before."""

    def __init__(self, stage: Stage, round: str) -> None:
        self.stage, self.t = stage, stage.t
        self.round = round
        self.queue: list[Mapping[str, Any]] = []
        self.done: list[Mapping[str, Any]] = []
        self.flags: set[str] = set()
        self.left = self.of = 0
        self.subject = "picture"
        self.since = time.monotonic()
        self.work: Work | None = None

    async def build(self) -> None:
        """Show the queue of the round, or an invitation to begin one."""
        stage, t = self.stage, self.t
        for name, handler in (
            ("flag", self._flag), ("rated", self._rated), ("back", self._back), ("begin", self._begin),
            ("liked", self._liked),
        ):  # fmt: skip
            stage.on(name, handler)
        stage.box("head", "lh-box", page_head(t("rating.title"), t("rating.lede"), self._new_round()))
        stage.box("making", "lh-box")
        stage.box("desk", "lh-box", blocks.loading(t))
        stage.box("rounds", "lh-box")
        ui.timer(0.05, self._fill, once=True)
        ui.timer(0.5, self._watch)

    async def _fill(self) -> None:
        rows = await self.stage.attempt(self.stage.session.call("creative.rounds")) or []
        if rows:
            self.round = self.round or str(rows[0]["id"])
            await self._load()
        self._show(bool(rows))
        self.stage.show("rounds", self._rounds(rows) if rows else "")

    async def _load(self) -> None:
        told = await self.stage.attempt(self.stage.session.call("creative.queue", round=self.round)) or {}
        self.queue = list(told.get("items", []))
        self.left, self.of = int(told.get("left", 0)), int(told.get("of", 0))
        self.subject = str(told.get("subject", "picture"))

    def _show(self, any_round: bool = True) -> None:
        self.since = time.monotonic()
        t = self.t
        if not any_round:
            body = blocks.empty("creatives", t("rating.none"), t("rating.none_text"))
        elif not self.queue:
            body = blocks.empty("creatives", t("rating.finished"), t("rating.finished_text"), self._back_button())
        else:
            body = self._card(self.queue[0])
        self.stage.show("desk", tag("section", body, cls="panel rating"))

    def _card(self, item: Mapping[str, Any]) -> Markup:
        t = self.t
        share = (self.of - self.left) / self.of if self.of else 0.0
        names = _ELEMENT_FLAGS if self.subject == "element" else FLAGS
        flags = [
            tag(
                "button",
                tag("kbd", str(number + 1)),
                span("", t(f"rating.flag.{name}")),
                cls=f"flag{' on' if name in self.flags else ''}",
                type="button",
                aria_pressed=str(name in self.flags).lower(),
                title=t(f"rating.meaning.{name}"),
                data_key=str(number + 1),
                **act("flag", name=name),
            )
            for number, name in enumerate(names)
        ]
        said = t("rating.with_defects", count=len(self.flags)) if self.flags else t("rating.usable")
        note = tag("input", name="note", cls="input", maxlength="300", placeholder=t("rating.note"), data_key="n",
                   aria_label=t("rating.note"), data_enter=True)  # fmt: skip
        verdict = blocks.button(said, act("rated"), kind="primary", data_key=" ", data_default=True)
        look = div("rating-look", tag("img", src=f"/files/{item['file']}", alt=t("rating.alt")))
        ahead = [tag("link", rel="preload", as_="image", href=f"/files/{one['file']}") for one in self.queue[1:4]]
        side = div(
            "rating-side",
            div(
                "line",
                tag("b", t("rating.progress", done=self.of - self.left, of=self.of), cls="num"),
                self._back_button(),
            ),
            blocks.meter(share),
            tag("p", t("rating.ask"), cls="muted"),
            div("flags", flags),
            note,
            verdict,
            div("line", self._like_button(item)),
            tag("p", t("rating.keys"), cls="muted small"),
        )
        return div("rating-grid", look, tag("div", side, data_form=True), ahead)

    def _back_button(self) -> Markup | str:
        if not self.done:
            return ""
        return blocks.button(self.t("rating.back"), act("back"), small=True, data_key="u", symbol="undo")

    def _like_button(self, item: Mapping[str, Any]) -> Markup | str:
        if not self.done:
            return ""
        before = self.done[-1]["candidate"]
        now = str(item["candidate"])
        more = blocks.button(
            self.t("rating.like_more"), act("liked", better=now, worse=before), small=True, data_key="]"
        )
        less = blocks.button(
            self.t("rating.like_less"), act("liked", better=before, worse=now), small=True, data_key="["
        )
        return div("line", less, more)

    def _flag(self, told: Told) -> None:
        self.flags ^= {str(told["name"])}
        self._show()

    async def _rated(self, told: Told) -> None:
        item = self.queue.pop(0)
        flags, millis = sorted(self.flags), round((time.monotonic() - self.since) * 1000)
        self.flags = set()
        self.done.append({**item, "flags": flags})
        self.left = max(0, self.left - 1)
        self._show()  # the next one at once; what was said is written down meanwhile
        saved = await self.stage.attempt(
            self.stage.session.call(
                "creative.rate", candidate=item["candidate"], flags=flags, round=self.round,
                note=str(told.get("note", "")), millis=min(millis, 600_000),
            )
        )  # fmt: skip
        if saved is None:
            self.done = [one for one in self.done if one["candidate"] != item["candidate"]]
            self.queue.insert(0, item)
            self.flags = set(flags)
            self.left += 1
            self._show()
            return
        if len(self.queue) < 3:
            shown = {one["candidate"] for one in self.queue}
            before = list(self.queue)
            await self._load()
            self.queue = [*before, *(one for one in self.queue if one["candidate"] not in shown)]
            if not before:
                await self._fill()
                return
        rows = await self.stage.attempt(self.stage.session.call("creative.rounds"))
        if rows:
            self.stage.show("rounds", self._rounds(rows))

    def _back(self, _told: Told) -> None:
        if self.done:
            item = dict(self.done.pop())
            self.flags = set(item.pop("flags"))
            self.queue.insert(0, item)
            self.left += 1
            self._show()

    async def _liked(self, told: Told) -> None:
        told = await self.stage.attempt(
            self.stage.session.call("creative.prefer", better=told["better"], worse=told["worse"], round=self.round)
        ) or {}  # fmt: skip
        if told:
            self.stage.toast(self.t("rating.liked"))

    def _new_round(self) -> Markup:
        t = self.t

        def options(names: Sequence[str], kind: str, first: str = "") -> list[Markup]:
            blank = [tag("option", first, value="")] if first else []
            return [*blank, *(tag("option", t(f"rating.{kind}.{name}"), value=name) for name in names)]

        form = div(
            "stack",
            blocks.field(
                t("rating.what"),
                tag("select", options(ELEMENTS, "element", t("rating.whole")), name="element", cls="input"),
            ),
            blocks.field(t("rating.mood_name"), tag("select", options(MOODS, "mood"), name="mood", cls="input")),
            blocks.field(t("rating.slot_name"), tag("select", options(SLOTS, "slot"), name="slot", cls="input")),
            blocks.field(
                t("rating.product_name"), tag("select", options(PRODUCTS, "product"), name="product", cls="input")
            ),
            blocks.field(
                t("rating.size_name"),
                tag("input", name="size", cls="input num", type="number", min="8", max="400", value="24"),
            ),
            blocks.button(t("rating.begin"), act("begin"), kind="primary", data_default=True),
        )
        return tag(
            "details",
            tag("summary", t("rating.new_round"), cls="btn"),
            tag("div", form, data_form=True, cls="new-round-form"),
            cls="new-round",
        )

    def _begin(self, told: Told) -> None:
        size = str(told.get("size", ""))
        arguments: dict[str, Any] = {key: str(told[key]) for key in ("element", "mood", "slot", "product")}
        self.work = self.stage.works.start(
            self.stage.session, "creative.round", shown=self.t("rating.begun"),
            size=int(size) if size.isdigit() else 0, **arguments,
        )  # fmt: skip
        self.stage.toast(self.t("rating.begun"))

    async def _watch(self) -> None:
        """Tell how far the painting of a new round is, and take it up when it is there."""
        work = self.work
        if work is None:
            return
        if not work.done:
            line = work.lines[-1] if work.lines else {}
            done, of = int(line.get("done", 0)), int(line.get("of", 0))
            said = tag("p", self.t("rating.painting", done=done, of=of or "…"), cls="num")
            self.stage.show("making", div("making", said, blocks.meter(done / of if of else 0.0)))
            return
        self.work = None
        self.stage.show("making", "")
        if work.error is not None:
            self.stage.fail(work.error)
            return
        self.round, self.done = str(work.result["id"]), []
        await self._fill()

    def _rounds(self, rows: Sequence[Mapping[str, Any]]) -> Markup:
        t = self.t
        return blocks.listing(t("rating.rounds"), blocks.rows([self._round_row(row) for row in rows]), count=len(rows))

    def _round_row(self, row: Mapping[str, Any]) -> Markup:
        t, audit = self.t, row["audit"]
        if audit["share"] is None:
            figure, said = "—", t("rating.no_audit")
        else:
            figure = t.share(audit["share"])
            said = t("rating.audit", low=t.share(audit["low"]), high=t.share(audit["high"]), looks=audit["looks"])
        alpha = row["agreement"].get("usable")
        agree = t("rating.alpha", alpha=f"{alpha:.2f}") if alpha is not None else t("rating.no_alpha")
        worst = sorted(row["flags"].items(), key=lambda one: -one[1])[:3]
        flaws = "、".join(f"{t(f'rating.flag.{name}')} {t.share(share)}" for name, share in worst if share > 0)
        detail = tag(
            "details",
            tag("summary", t("rating.details"), cls="small muted"),
            tag("p", agree, cls="small"),
            tag("p", t("rating.flaws", flaws=flaws) if flaws else t("rating.no_flaws"), cls="small"),
            tag("p", t("rating.learned", count=row["learned_from"]), cls="small"),
        )
        return div(
            "row round-row",
            div(
                "grow",
                tag("a", self._name(row), href=f"/creatives/rating?round={row['id']}", cls="row-title"),
                div(
                    "row-sub num",
                    t(
                        "rating.row",
                        rated=row["rated"],
                        items=row["items"],
                        by=actor_name(t, row["by"]),
                        at=t.instant(row["at"]),
                    ),
                ),
                detail,
            ),
            div("key", tag("b", figure, cls="num figure"), tag("p", said, cls="small muted")),
            data_item=True,
        )

    def _name(self, row: Mapping[str, Any]) -> str:
        t = self.t
        if row["subject"] == "element":
            return t("rating.round_of", what=t(f"rating.element.{row['name']}"))
        mood, product, slot = ([*str(row["name"]).split("·")[0].split("/"), "", ""])[:3]
        parts = (t(f"rating.mood.{mood}"), t(f"rating.product.{product}"), t(f"rating.slot.{slot}"))
        return t("rating.round_of", what=" · ".join(parts))
