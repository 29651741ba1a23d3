"""What a person can do on the campaign page, by sentence or by hand."""

import asyncio
import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from linghang.doors.studio import assuming, blocks
from linghang.doors.studio.campaign import verdicts
from linghang.doors.studio.campaign.cards_who import said
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.campaign.frames import framed
from linghang.doors.studio.campaign.view import View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import actor_name
from linghang.doors.studio.stage import Told


def listen(document: Document) -> None:
    """Connect the page's controls."""
    stage, t = document.stage, document.t
    long: Mapping[str, str] = {"choose": "campaign.choose", "undo": "campaign.undo", "play": "campaign.play"}

    def begin(skill: str) -> Any:
        def handler(told: Told) -> None:
            keys = ("plan", "days")
            document.begin(skill, id=document.id, **{key: told[key] for key in keys if key in told})

        return handler

    for name, skill in long.items():
        stage.on(name, begin(skill))
    for name in ("submit", "pause", "resume"):
        stage.on(name, _quick(document, f"campaign.{name}"))

    def say(told: Told) -> None:
        text = str(told.get("text", "")).strip()
        if not text:
            return
        if document.work is not None and not document.work.done:
            stage.toast(t("talk.busy"), "info")
            return
        document.begin("campaign.edit", text=text, id=document.id)

    def speak(told: Told) -> None:
        stage.run(
            f"(()=>{{const b=document.querySelector('#speak');document.getElementById('talk').classList.add('on');"
            f"b.value={json.dumps(str(told.get('text', '')))};b.focus();}})()"
        )

    async def clone(_told: Told) -> None:
        work = stage.works.start(
            stage.session, "campaign.clone", shown=t("campaigns.cloning"), id=document.id, start=""
        )
        stage.go(f"/campaigns/new/{work.id}")

    stage.on("say", say)

    stage.on("palette.edit", say)
    stage.on("talk.campaign", lambda _told: document.refresh())
    stage.on("speak", speak)
    stage.on("clone", clone)
    stage.on("check", _check(document))
    _edits(document)
    verdicts.listen(document)
    stage.on("history", _history(document))


SLOW = 1.5
"""Seconds after which a quick act says what it is at."""


def _quick(document: Document, skill: str) -> Any:
    verb = skill.split(".")[1]

    async def handler(told: Told) -> None:
        asked = asyncio.ensure_future(document.stage.session.call(skill, id=document.id))
        await asyncio.wait({asked}, timeout=SLOW)
        if not asked.done() and document.t.has(f"doing.{verb}"):
            document.stage.toast(document.t(f"doing.{verb}"), "info")
        await asked
        document.stage.toast(document.t(f"did.{verb}"))
        await document.refresh()

    return handler


def _check(document: Document) -> Any:
    async def handler(_told: Told) -> None:
        result = await document.stage.session.call("campaign.check", id=document.id)
        t = document.t
        good = result.get("verdict") == "compliant"
        document.stage.toast(
            t("did.check_good") if good else t("did.check_bad", count=len(result.get("findings", []))),
            "ok" if good else "bad",
        )
        await document.refresh()

    return handler


def _edits(document: Document) -> None:
    """Assumption chips, hand edits of copy, one-click fixes, pictures side by side."""
    stage, t = document.stage, document.t

    def assume(told: Told) -> None:
        label = str(told.get("label") or told["key"])
        view = document.view()
        name = functools.partial(said, view)
        stage.dialog(
            t("goal.change", what=label),
            assuming.form(t, told, name, options=assuming.options_of(view.assumptions(), str(told["key"]))),
        )

    def assumed(told: Told) -> None:
        stage.close()
        document.begin("campaign.edit", id=document.id, patch=[assuming.patch(told)])

    def copy(told: Told) -> None:
        view = document.view()
        id = str(told["id"])
        path = f"copy.texts[{id}].text"
        pinned = path in view.section("copy").get("pinned", [])
        box = tag("textarea", view.text(id), name="value", rows="3", cls="input", data_enter=True, autofocus=True)
        foot = div(
            "dialog-foot",
            blocks.button(t("creative.unpin"), act("unpin", path=path), kind="quiet", symbol="undo")
            if pinned
            else None,
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("creative.pin"), act("pin", path=path), kind="primary", symbol="pin", data_default=True),
        )
        stage.dialog(
            t("creative.edit"),
            div("form", blocks.field(t("creative.text"), box, t("creative.pin_note")), foot, data_form=True),
        )

    def pin(told: Told) -> None:
        stage.close()
        document.begin("campaign.pin", id=document.id, path=str(told["path"]), value=str(told["value"]).strip())

    def unpin(told: Told) -> None:
        stage.close()
        document.begin("campaign.unpin", id=document.id, path=str(told["path"]))

    def fix(told: Told) -> None:
        if told.get("patch"):
            document.begin("campaign.edit", id=document.id, patch=list(told["patch"]))
        else:
            document.begin(
                "campaign.pin", id=document.id, path=f"copy.texts[{told['about']}].text", value=str(told["text"])
            )

    def compare(told: Told) -> None:
        view = document.view()
        place = str(told["place"] or told["channel"])
        own = [
            item
            for item in view.value("combinations").get("variants", [])
            if item["layer"] == told["layer"] and (item["place"] or item["channel"]) == place
        ]
        pictures = {item["id"]: item for item in view.value("creatives").get("pictures", [])}
        # What may run first; what was left out stands below it, dimmed, with the reason.
        runs = [_compared(document, view, item, pictures) for item in own if not item["excluded"]]
        out = [_compared(document, view, item, pictures) for item in own if item["excluded"]]
        below = [tag("h3", t("creative.by_rule_out", count=len(out)), cls="compare-head"), div("compare out", out)]
        body = div("", div("compare", runs), below if out else None)
        stage.dialog(f"{view.name(told['layer'])} · {view.name(place)}", body, cls="wide")

    for name, handler in (
        ("assume", assume),
        ("assumed", assumed),
        ("copy", copy),
        ("pin", pin),
        ("unpin", unpin),
        ("fix", fix),
        ("compare", compare),
    ):
        stage.on(name, handler)


def _compared(
    document: Document, view: View, item: Mapping[str, Any], pictures: Mapping[str, Mapping[str, Any]]
) -> Markup:
    t, picture = document.t, pictures.get(item["creative"])
    why = t.listed([t.told(str(code), {}, str(code)) for code in item["excluded"]])
    given = view.name(item["benefit"]) if item["benefit"] else t("offer.none")
    return div(
        "compare-cell",
        framed(view, item["place"], item["channel"], picture, item["copy"]),
        div("line", span("chip solid", icon("gift", 14) if item["benefit"] else None, given)),
        tag("p", why, cls="small tone-bad") if why else None,
        _size(document, picture),
    )


def _size(document: Document, picture: Mapping[str, Any] | None) -> Markup | None:
    if picture is None:
        return None
    text = document.t(
        "creative.size", width=picture["width"], height=picture["height"], kb=round(picture["bytes"] / 1024)
    )
    return tag("p", text, cls="muted small num")


def _history(document: Document) -> Any:
    """The versions, and what the newest ones changed, in words."""

    async def handler(told: Told) -> None:
        stage, t = document.stage, document.t
        rows: Sequence[Mapping[str, Any]] = await stage.session.call("campaign.versions", id=document.id)
        after = int(told.get("version") or max((int(row["version"]) for row in rows), default=1))
        changes = (
            await stage.session.call("campaign.diff", id=document.id, before=after - 1, after=after)
            if after > 1
            else []
        )
        items = [
            tag(
                "button",
                tag("b", f"v{row['version']}", cls="num"),
                div(
                    "grow",
                    tag("p", _cause(document, str(row["cause"]))),
                    tag("p", f"{actor_name(t, str(row['actor']))} · {t.instant(row['at'])}", cls="muted small num"),
                ),
                cls=f"version-row{' on' if int(row['version']) == after else ''}",
                type="button",
                **act("history", version=row["version"]),
            )
            for row in rows
        ]
        words = [tag("li", str(item.get("words", ""))) for item in changes]
        told_ = (
            tag("ul", words, cls="bare changes")
            if words
            else tag("p", t("document.first" if after == 1 else "document.same"), cls="muted")
        )
        body = div(
            "history",
            div("versions", items),
            div("history-diff", tag("h3", t("document.changed_in", version=after)), told_),
        )
        stage.dialog(t("document.history"), body, cls="wide")

    return handler


def _cause(document: Document, cause: str) -> str:
    code = cause.rsplit(".", maxsplit=1)[-1]
    return document.t(f"cause.{code}") if document.t.has(f"cause.{code}") else cause
