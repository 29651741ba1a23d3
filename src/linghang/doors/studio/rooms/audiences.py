"""Audiences: say who; the count, what each condition removes and who they are appear while you type."""

import json
from typing import Any
from urllib.parse import quote

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.cards_who import portrait
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words


def register(studio: Studio) -> None:
    """Register ``/audiences``."""

    @ui.page("/audiences", response_timeout=60)
    async def audiences(text: str = "") -> None:
        async with studio.page("audiences", cls="narrow") as stage:
            await Room(stage).build(text)


class Room:
    """The page: one sentence, and its audience."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.t = stage.t
        self.text = ""
        self.asked = 0

    async def build(self, text: str) -> None:
        """Lay the page out; a sentence in the address is counted at once."""
        stage, t = self.stage, self.t
        stage.on("preview", self.preview)
        stage.on("take", self.take)
        stage.box("head", "lh-box", page_head(t("audiences.title"), t("audiences.lede")))
        box = tag(
            "textarea",
            text,
            name="text",
            rows="2",
            placeholder=t("audiences.placeholder"),
            aria_label=t("audiences.title"),
            data_speak=True,
            data_grow="1",
            data_debounce="350",
            id="speak",
            **act("preview"),
        )
        stage.box(
            "say",
            "lh-box",
            div(
                "composer big",
                box,
                div("composer-foot", tag("span", t("audiences.hint"), cls="hint"), ""),
                data_form=True,
            ),
        )
        stage.box("result", "lh-box", self._examples())
        if text:
            await self.preview({"value": text})

    def _examples(self) -> Markup:
        t = self.t
        return tag(
            "section",
            blocks.empty(
                "audiences",
                t("audiences.empty"),
                t("audiences.empty_text"),
                blocks.examples(t, [t(f"audiences.example_{n}") for n in (1, 2, 3)], "preview"),
            ),
            cls="panel",
        )

    async def preview(self, told: Told) -> None:
        """Count the audience of a sentence; an answer to a sentence that has changed since is dropped."""
        text = str(told.get("value") or told.get("text") or "").strip()
        if "value" not in told:
            self.stage.run(f"(()=>{{const b=document.querySelector('#speak');b.value={json.dumps(text)};b.focus()}})()")
        self.text, self.asked = text, self.asked + 1
        mine = self.asked
        if not text:
            self.stage.show("result", self._examples())
            return
        try:
            found = await self.stage.session.call("audience.preview", text=text)
        except LinghangError as error:
            if mine == self.asked:
                self.stage.show(
                    "result",
                    tag(
                        "section",
                        blocks.empty("search", self.t("audiences.unread"), self.stage.sentence(error)),
                        cls="panel",
                    ),
                )
            return
        if mine == self.asked:
            self.stage.show("result", _result(self.t, found))

    def take(self, _told: Told) -> None:
        """Begin a campaign with this audience."""
        self.stage.go(f"/?say={quote(self.t('audiences.sentence', text=self.text))}")


def _result(t: Words, found: Shape) -> Markup:
    labels = found.get("labels") or {}
    doc: dict[str, Any] = {
        "labels": labels,
        "sections": {"audience": {"value": found}},
        "step_words": found.get("step_words"),
        "audience_words": found.get("words") or found.get("audience_words") or "",
    }
    view = View(t, doc)
    foot = div("line", blocks.button(t("audiences.take"), act("take"), kind="primary", symbol="plus"))
    findings = [blocks.finding_line(t, item) for item in found.get("findings", [])]
    return tag("section", div("card-body", *portrait(view), *findings, foot), cls="panel")
