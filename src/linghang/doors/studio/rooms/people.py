"""Users and roles: who is there with which roles, and the whole table of what each role may do."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from nicegui import ui

from linghang.access.rights import EFFECTS, RIGHTS, ROLES
from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, actor_name, face, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]


def register(studio: Studio) -> None:
    """Register ``/settings``."""
    studio.tab("settings", "people", "/settings")

    @ui.page("/settings", response_timeout=60)
    async def people() -> None:
        async with studio.page("settings", tab="people") as stage:
            await _build(stage)


async def _build(stage: Stage) -> None:
    t = stage.t
    admin = "admin" in stage.session.roles
    new = blocks.button(t("people.add"), act("ask.add"), kind="primary", symbol="plus") if admin else None
    stage.box("head", "lh-box", page_head(t("people.title"), t("people.lede"), *([new] if new else [])))
    stage.box("users", "lh-box", blocks.loading(t))
    stage.box("roles", "lh-box", _table_of_rights(t))
    if admin:
        _administer(stage)
    await _show(stage)


async def _show(stage: Stage) -> None:
    rows = await stage.attempt(stage.session.call("users.list")) or []
    stage.show("users", _users(stage.t, rows, stage.session.actor, "admin" in stage.session.roles))


def _users(t: Words, rows: Sequence[Shape], oneself: str, admin: bool) -> Markup:
    heads: list[Child] = [t(f"people.head_{name}") for name in ("user", "roles", "state", "sign_in")]
    body: list[list[Child]] = []
    for row in rows:
        name = str(row["name"])
        state = ("people.active", "ok") if row.get("active", True) else ("people.gone", "quiet")
        way = ("people.password", "ok") if row.get("has_password") else ("people.no_password", "quiet")
        line: list[Child] = [
            div("line", face(t, name), tag("b", actor_name(t, name, str(row.get("label", "")))),
                span("muted small source-name", name)),
            div("chips", [span("chip solid", actor_name(t, str(role))) for role in row.get("roles", [])]),
            blocks.pill(t(state[0]), state[1]),  # type: ignore[arg-type]
            blocks.pill(t(way[0]), way[1]),  # type: ignore[arg-type]
        ]  # fmt: skip
        if admin:
            edit = blocks.button(t("people.change"), act("ask.change", **_told(row)), small=True)
            line.append(edit if name != oneself else span("muted small", t("people.oneself")))
        body.append(line)
    title = div("card-head", icon("user"), tag("h2", t("people.users")), span("badge quiet num", str(len(rows))))
    return tag(
        "section",
        title,
        div("card-body", blocks.table([*heads, *([""] if admin else [])], body, cls="stacked")),
        cls="panel",
    )


def _told(row: Shape) -> dict[str, Any]:
    return {"name": row["name"], "roles": list(row.get("roles", [])), "active": bool(row.get("active", True))}


def _table_of_rights(t: Words) -> Markup:
    """Rights in rows, roles in columns; the last row tells the gravest effect that a role may cause."""
    heads: list[Child] = [t("people.right"), *(actor_name(t, role) for role in ROLES)]
    body: list[list[Child]] = []
    for room, rights in groupby(RIGHTS, key=lambda name: name.partition(".")[0]):
        body.append([tag("b", t(f"people.room_{room}")), *("" for _ in ROLES)])
        for right in rights:
            words = span("", t.told(f"access.right.{right}"))
            body.append([words, *(_mark(t, right in ROLES[role]) for role in ROLES)])
    body.append([tag("b", t("people.effects")), *(_effect(t, role) for role in ROLES)])
    note = tag("p", t("people.rights_note"), cls="muted small")
    head = div("card-head", icon("shield"), tag("h2", t("people.rights")))
    return tag("section", head, div("card-body", note, blocks.table(heads, body, cls="matrix")), cls="panel")


def _mark(t: Words, on: bool) -> Markup:
    return span("tone-ok", icon("check", 16), span("sr", t("people.may"))) if on else span("muted", "—")


def _effect(t: Words, role: str) -> Markup:
    gravest = next(effect for effect in ("commit", "draft", "read") if effect in EFFECTS[role])
    return span("small", t(f"effect.{gravest}"))


def _administer(stage: Stage) -> None:
    t = stage.t

    def ask_add(_told: Told) -> None:
        body = _form(
            t,
            blocks.field(t("people.name"), _text("name", autofocus=True), t("people.name_note")),
            blocks.field(t("people.label"), _text("label")),
            blocks.field(t("people.head_roles"), _boxes(t, ())),
            blocks.field(t("people.first_password"), _text("password", type="password"), t("people.password_note")),
            do=act("add"), name=t("people.add"),
        )  # fmt: skip
        stage.dialog(t("people.add"), body)

    async def add(told: Told) -> None:
        name = str(told.get("name", "")).strip()
        await stage.session.call(
            "users.add", name=name, roles=list(told.get("roles") or []), label=str(told.get("label", "")),
            password=str(told.get("password", "")),
        )  # fmt: skip
        stage.close()
        stage.toast(t("people.added", name=name))
        await _show(stage)

    def ask_change(told: Told) -> None:
        active = tag("label", tag("input", type="checkbox", name="active", checked=bool(told.get("active"))),
                     t("people.may_sign_in"), cls="line")  # fmt: skip
        body = _form(
            t,
            blocks.field(t("people.head_roles"), _boxes(t, list(told.get("roles") or []))),
            active,
            blocks.field(t("people.new_password"), _text("password", type="password"), t("people.password_note")),
            do=act("change", name=told["name"], before=bool(told.get("active"))), name=t("save"),
        )  # fmt: skip
        stage.dialog(actor_name(t, str(told["name"])), body)

    async def change(told: Told) -> None:
        name = str(told["name"])
        # A password that is refused changes nothing else either.
        if told.get("password"):
            await stage.session.call("users.password", name=name, password=str(told["password"]))
        await stage.session.call(
            "users.change", name=name, roles=list(told.get("roles") or []), active=bool(told.get("active"))
        )
        stage.close()
        stage.toast(t("people.changed", name=actor_name(t, name)))
        await _show(stage)

    for name, handler in (("ask.add", ask_add), ("add", add), ("ask.change", ask_change), ("change", change)):
        stage.on(name, handler)


def _boxes(t: Words, chosen: Sequence[str]) -> Markup:
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name="roles", value=role, data_many="1", checked=role in chosen),
            actor_name(t, role),
        )
        for role in ROLES
    ]
    return div("checks", boxes)


def _form(t: Words, *children: Child, do: Mapping[str, str], name: str) -> Markup:
    cancel = blocks.button(t("cancel"), data_close=True)
    foot = div("dialog-foot", cancel, blocks.button(name, do, kind="primary"))
    return div("form", *children, foot, data_form=True)


def _text(name: str, **more: Any) -> Markup:
    return tag("input", name=name, cls="input", maxlength="80", autocomplete="off", **more)
