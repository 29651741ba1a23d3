"""Acts of review that name what they will touch before they are done: sign, reject, comment, remind, launch, stop."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.approvals.model import REASONS
from linghang.campaigns.package import SIGNED
from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import review_cards
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.markup import Child, Markup, act, div, tag
from linghang.doors.studio.shell import actor_name
from linghang.doors.studio.stage import Told


def listen(document: Document) -> None:
    """Connect the controls of review and of going live."""
    stage = document.stage
    for name, kind, fields in (
        ("approve", "primary", _signing_fields),
        ("reject", "danger", _rejecting_fields),
        ("launch", "primary", _launching_fields),
        ("stop", "danger", lambda _document: ()),
        ("remind", "primary", _reminding_fields),
    ):
        stage.on(f"ask.{name}", _ask(document, name, kind, fields))
    stage.on("ask.comment", _ask_comment(document))
    stage.on("ask.fulfil", _ask_fulfil(document))
    for name, handler in (
        ("approve", _approve),
        ("reject", _reject),
        ("launch", _launch),
        ("stop", _stop),
        ("remind", _remind),
        ("comment", _comment),
        ("fulfil", _fulfil),
        ("resolve", _resolve),
        ("short", _short),
    ):
        stage.on(f"do.{name}", handler(document))


def _package(document: Document) -> str:
    return next((str(item["package"]) for item in reversed(document.history)), "")


def _ask(document: Document, name: str, kind: str, fields: Any) -> Any:
    stage, t = document.stage, document.t

    def handler(_told: Told) -> None:
        view = document.view()
        package = _package(document)
        text = t(
            f"ask.{name}",
            people=t.count(view.value("audience").get("count")),
            budget=t.money(view.value("goal").get("budget_fen")),
            name=str(view.doc.get("name", "")),
            package=package[:12],
        )
        do = act(f"do.{name}", package=package)
        stage.dialog(t(f"next.{name}"), _form(document, t(f"next.{name}"), do, kind, tag("p", text), *fields(document)))

    return handler


def _form(document: Document, name: str, do: Mapping[str, str], kind: str, *children: Child) -> Markup:
    foot = div(
        "dialog-foot",
        blocks.button(document.t("cancel"), data_close=True),
        blocks.button(name, do, kind="danger" if kind == "danger" else "primary"),
    )
    return div("form", *children, foot, data_form=True)


def _signing_fields(document: Document) -> Sequence[Markup]:
    t = document.t
    givers = [
        item["giver"]
        for item in document.delegations
        if item["taker"] == document.stage.session.actor and review_cards.holds(item)
    ]
    options = [tag("option", t("verdict.own_step"), value="")]
    options += [tag("option", actor_name(t, str(giver)), value=str(giver)) for giver in givers]
    behalf = tag("select", options, name="behalf", cls="input") if givers else None
    left = review_cards.unseen(document.view())
    return [
        *([blocks.pill(t("verdict.left", count=left), "warn", "alert")] if left else []),
        blocks.field(t("ask.comment"), tag("textarea", name="comment", rows="2", cls="input")),
        blocks.field(
            t("verdict.conditions"),
            tag("textarea", name="conditions", rows="2", cls="input"),
            t("verdict.conditions_note"),
        ),
        blocks.field(
            t("verdict.until"), tag("input", type="date", name="until", cls="input num"), t("verdict.until_note")
        ),
        *([blocks.field(t("verdict.behalf"), behalf)] if behalf else []),
    ]  # fmt: skip


def _rejecting_fields(document: Document) -> Sequence[Markup]:
    t = document.t
    boxes = [
        tag("label", tag("input", type="checkbox", name="reasons", value=name, data_many="1"), t(f"reason.{name}"))
        for name in REASONS
    ]
    return [
        blocks.field(t("verdict.reasons"), div("checks", boxes)),
        blocks.field(t("ask.reason"), tag("textarea", name="comment", rows="3", cls="input")),
    ]


def _launching_fields(document: Document) -> Sequence[Markup]:
    return [tag("label", tag("input", type="checkbox", name="shadow"), document.t("ask.shadow"), cls="line")]


def _reminding_fields(document: Document) -> Sequence[Markup]:
    return [blocks.field(document.t("verdict.note"), tag("textarea", name="note", rows="2", cls="input"))]


def _ask_comment(document: Document) -> Any:
    """Ask for a comment on a section, or on a finding of it (``about``) with words to begin from."""
    stage, t = document.stage, document.t

    def handler(told: Told) -> None:
        section, about = str(told.get("section", "copy")), str(told.get("about", ""))
        names = [name for name in SIGNED if document.view().section(name)]
        choice = tag(
            "select",
            [tag("option", t.told(f"section.{n}", otherwise=n), value=n, selected=n == section)
             for n in names],
            name="section", cls="input",
        )  # fmt: skip
        must = tag("label", tag("input", type="checkbox", name="must", checked=bool(told.get("must"))),
                   t("verdict.must"), cls="line")  # fmt: skip
        text = tag("textarea", str(told.get("text", "")), name="text", rows="4", cls="input")
        stage.dialog(
            t("verdict.comment"),
            _form(
                document, t("verdict.comment"), act("do.comment", about=about), "primary",
                blocks.field(t("verdict.section"), choice), blocks.field(t("verdict.text"), text),
                must if document.may_sign() else None,
            ),
        )  # fmt: skip

    return handler


def _ask_fulfil(document: Document) -> Any:
    def handler(told: Told) -> None:
        t, condition = document.t, str(told["condition"])
        box = blocks.field(t("verdict.how"), tag("textarea", name="comment", rows="2", cls="input"))
        body = _form(document, t("verdict.fulfil"), act("do.fulfil", condition=condition), "primary",
                     tag("p", condition), box)  # fmt: skip
        document.stage.dialog(t("verdict.fulfil"), body)

    return handler


async def _done(document: Document, skill: str, said: str, /, **arguments: Any) -> Any:
    # A refusal leaves the dialog and what was written in it.
    done = await document.stage.session.call(skill, **arguments)
    document.stage.close()
    if said:
        document.stage.toast(document.t(said))
    await document.refresh()
    return done


def _approve(document: Document) -> Any:
    async def handler(told: Told) -> None:
        t = document.t
        conditions = [line.strip() for line in str(told.get("conditions", "")).splitlines() if line.strip()]
        until = str(told.get("until") or "")
        done = await _done(
            document, "campaign.approve", "", id=document.id, comment=str(told.get("comment", "")),
            package=str(told.get("package", "")), conditions=conditions, behalf=str(told.get("behalf", "")),
            until=f"{until}T23:59:59" if until else None,
        )  # fmt: skip
        more = int(done.get("missing") or 0)
        document.stage.toast(t("did.approve_more", count=more) if more else t("did.approve"))

    return handler


def _reject(document: Document) -> Any:
    async def handler(told: Told) -> None:
        if not str(told.get("comment", "")).strip():
            document.stage.toast(document.t("ask.reject_reason"), "info")
            return
        reasons = list(told.get("reasons") or [])
        await _done(document, "campaign.reject", "did.reject", id=document.id, comment=str(told["comment"]),
                    reasons=reasons)  # fmt: skip

    return handler


def _launch(document: Document) -> Any:
    def handler(told: Told) -> None:
        document.stage.close()
        document.begin("campaign.launch", id=document.id, shadow=bool(told.get("shadow")))

    return handler


def _stop(document: Document) -> Any:
    async def handler(_told: Told) -> None:
        await _done(document, "campaign.stop", "did.stop", id=document.id)

    return handler


def _remind(document: Document) -> Any:
    async def handler(told: Told) -> None:
        await _done(document, "campaign.remind", "did.remind", id=document.id, note=str(told.get("note", "")))

    return handler


def _comment(document: Document) -> Any:
    async def handler(told: Told) -> None:
        if not str(told.get("text", "")).strip():
            document.stage.toast(document.t("verdict.say_something"), "info")
            return
        kind = "must" if told.get("must") in (True, "true", "on") else "remark"
        await _done(
            document, "approvals.comment", "did.comment", id=document.id, section=str(told["section"]),
            text=str(told["text"]), package=_package(document), kind=kind, about=str(told.get("about", "")),
        )  # fmt: skip

    return handler


def _fulfil(document: Document) -> Any:
    async def handler(told: Told) -> None:
        await _done(document, "campaign.fulfil", "did.fulfil", id=document.id, condition=str(told["condition"]),
                    comment=str(told.get("comment", "")))  # fmt: skip

    return handler


def _resolve(document: Document) -> Any:
    async def handler(told: Told) -> None:
        await _done(document, "approvals.resolve", "did.resolve", number=int(told["number"]))

    return handler


def _short(document: Document) -> Any:
    async def handler(_told: Told) -> None:
        await _done(document, "campaign.submit", "did.submit", id=document.id, short=True)

    return handler
