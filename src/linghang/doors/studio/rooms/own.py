"""One's own account: password, API tokens, and the browsers that are signed in."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
SCOPES = {"all": [], "read": ["read"], "draft": ["read", "draft"]}
"""What a token may do at most → the scopes that say so."""


def register(studio: Studio) -> None:
    """Register ``/settings/own``."""
    studio.tab("settings", "own", "/settings/own")

    @ui.page("/settings/own", response_timeout=60)
    async def own() -> None:
        async with studio.page("settings", tab="own", cls="narrow") as stage:
            await _build(stage)


async def _build(stage: Stage) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("own.title"), t("own.lede")))
    for box in ("password", "tokens", "sessions"):
        stage.box(box, "lh-box", blocks.loading(t))
    _listen(stage)
    await _show(stage)


async def _show(stage: Stage) -> None:
    t, session = stage.t, stage.session
    users = await stage.attempt(session.call("users.list")) or []
    known = any(row["name"] == session.actor and row.get("has_password") for row in users)
    stage.show("password", _password(t, known))
    stage.show("tokens", _tokens(t, await stage.attempt(session.call("users.tokens")) or []))
    here = session.principal.partition("#")[2]
    stage.show("sessions", _sessions(t, await stage.attempt(session.call("users.sessions")) or [], here))


def _password(t: Words, known: bool) -> Markup:
    old = _secret("old", "current-password")
    form = div(
        "form",
        blocks.field(t("own.old"), old) if known else None,
        blocks.field(t("own.new"), _secret("password", "new-password"), t("own.password_note")),
        div("dialog-foot", blocks.button(t("own.set"), act("password"), kind="primary", data_default=True)),
        data_form=True,
    )
    return _panel(t("own.password"), form, "shield")


def _secret(name: str, fill: str) -> Markup:
    return tag("input", type="password", name=name, cls="input", autocomplete=fill, data_enter=True)


def _tokens(t: Words, rows: Sequence[Shape]) -> Markup:
    heads: list[Child] = [t(f"own.head_{name}") for name in ("token", "scopes", "created", "expires")]
    body: list[list[Child]] = []
    for row in rows:
        end: Child = blocks.button(t("own.revoke"), act("revoke", token=row["id"]), small=True, kind="danger")
        if row.get("revoked"):
            end = blocks.pill(t("own.revoked"), "quiet")
        scopes = [tag("code", str(one)) for one in row["scopes"]] or [t("own.every_right")]
        body.append([tag("code", str(row["id"])[-8:]), div("chips", scopes), t.instant(row["created"]),
                     t.instant(row["expires"]), end])  # fmt: skip
    choice = tag(
        "select", [tag("option", t(f"own.scope_{name}"), value=name) for name in SCOPES], name="scope", cls="input"
    )
    days = tag("input", type="number", name="days", value="90", min="1", max="366", cls="input num")
    make = blocks.button(t("own.make"), act("make"), kind="primary", symbol="plus")
    form = div(
        "form inline", blocks.field(t("own.scope"), choice), blocks.field(t("own.days"), days), make, data_form=True
    )
    shown = (
        blocks.table([*heads, ""], body, cls="stacked")
        if rows
        else blocks.empty_line("link", t("own.no_tokens"), t("own.no_tokens_text"))
    )
    return _panel(t("own.tokens"), div("stack", form, shown), "link")


def _sessions(t: Words, rows: Sequence[Shape], here: str) -> Markup:
    lines = []
    for row in rows:
        mine = row["id"] == here
        end = (
            blocks.pill(t("own.here"), "ok")
            if mine
            else blocks.button(t("own.end"), act("end", session=row["id"]), small=True)
        )
        text = t(
            "own.session",
            created=t.instant(row["created"]),
            seen=t.instant(row["seen"]),
            expires=t.instant(row["expires"]),
        )
        lines.append(blocks.row(span("num", str(row["address"] or "—")), text, end=end))
    return _panel(t("own.sessions"), div("rows", lines), "user")


def _panel(title: str, body: Child, symbol: str) -> Markup:
    return tag("section", div("card-head", icon(symbol), tag("h2", title)), div("card-body", body), cls="panel")


def _listen(stage: Stage) -> None:
    t = stage.t

    async def password(told: Told) -> None:
        await stage.session.call("users.password", password=str(told.get("password", "")), old=str(told.get("old", "")))
        stage.go("/sign-in")

    async def make(told: Told) -> None:
        days = int(told["days"]) if str(told.get("days", "")).isdigit() else 90
        made = await stage.session.call("users.token", scopes=SCOPES.get(str(told.get("scope")), []), days=days)
        copy = blocks.button(
            t("own.copy"), {"data_copy": str(made["secret"])}, symbol="copy", data_done=t("own.copied")
        )
        stage.dialog(
            t("own.made"), div("form", tag("p", t("own.once")), tag("code", str(made["secret"]), cls="secret"), copy)
        )
        await _show(stage)

    async def revoke(told: Told) -> None:
        await stage.session.call("users.revoke", token=str(told["token"]))
        await _show(stage)

    async def end(told: Told) -> None:
        await stage.session.call("users.sign_out", session=str(told["session"]))
        await _show(stage)

    for name, handler in (("password", password), ("make", make), ("revoke", revoke), ("end", end)):
        stage.on(name, handler)
