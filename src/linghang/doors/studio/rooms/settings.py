"""Settings: users and roles, skills, the audit log with its chain."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, join, span, tag
from linghang.doors.studio.shell import Studio, actor_name, face, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
_TABS = ("users", "skills", "audit")


def register(studio: Studio) -> None:
    """Register ``/settings``."""

    @ui.page("/settings", response_timeout=60)
    async def settings(show: str = "users") -> None:
        async with studio.page("settings") as stage:
            await _build(stage, show if show in _TABS else "users")


async def _build(stage: Stage, shown: str) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("settings.title"), t("settings.lede")))
    stage.box(
        "tabs", "lh-box", blocks.tabs([(key, t(f"settings.{key}"), f"/settings?show={key}") for key in _TABS], shown)
    )
    stage.box("body", "lh-box", blocks.loading(t))

    async def verify(_told: Any) -> None:
        result = await stage.session.call("audit.verify")
        intact = bool(result.get("intact"))
        stage.toast(
            t(
                "settings.intact" if intact else "settings.broken",
                lines=t.count(result.get("lines") or result.get("checked") or 0),
            ),
            "ok" if intact else "bad",
        )

    stage.on("verify", verify)
    rows = await stage.attempt(stage.session.call(f"{shown}.list"))
    stage.show("body", _BODIES[shown](t, rows or []))


def _users(t: Words, rows: Sequence[Shape]) -> Markup:
    heads = [t(f"settings.head_{name}") for name in ("user", "roles", "rights")]
    body: list[list[Child]] = []
    for row in rows:
        name = str(row["name"])
        roles = [span("chip solid", actor_name(t, str(role))) for role in row.get("roles", [])]
        rights = [tag("code", str(right)) for right in row.get("rights", [])]
        body.append(
            [
                div("line", face(t, name), tag("b", actor_name(t, name)), span("muted small source-name", name)),
                div("chips", roles),
                div("chips", rights),
            ]
        )
    return tag("section", div("card-body", blocks.table(heads, body)), cls="panel")


def _skills(t: Words, rows: Sequence[Shape]) -> Markup:
    heads = [t(f"settings.head_{name}") for name in ("skill", "effect", "right", "what")]
    body: list[list[Child]] = [
        [
            tag("code", str(row["name"])),
            blocks.pill(
                t(f"effect.{row['effect']}") if t.has(f"effect.{row['effect']}") else str(row["effect"]),
                _EFFECTS.get(str(row["effect"]), ""),
            ),
            tag("code", str(row.get("permission") or "—")),
            tag("span", str(row.get("description", "")).split("\n")[0], cls="small", lang="en"),
        ]
        for row in rows
    ]
    return tag(
        "section",
        div(
            "card-body",
            tag("p", t("settings.skills_note", count=len(rows)), cls="muted small"),
            blocks.table(heads, body),
        ),
        cls="panel",
    )


def _audit(t: Words, rows: Sequence[Shape]) -> Markup:
    heads = [t(f"settings.head_{name}") for name in ("at", "user", "skill", "about", "outcome")]
    body: list[list[Child]] = [
        [
            t.instant(row.get("at"), seconds=True),
            div("line", face(t, str(row.get("actor", ""))), actor_name(t, str(row.get("actor", "")))),
            tag("code", str(row.get("skill", ""))),
            tag("code", str(row.get("about") or "—")[-12:]),
            blocks.pill(t("settings.done"), "ok")
            if row.get("outcome") == "done"
            else blocks.pill(str(row.get("outcome", "")), "warn"),
        ]
        for row in rows
    ]
    verify = blocks.button(t("settings.verify"), act("verify"), symbol="shield", small=True)
    return join(
        tag(
            "section",
            div("card-head", icon("shield"), tag("h2", t("settings.audit")), div("card-actions", verify)),
            div("card-body", blocks.table(heads, body)),
            cls="panel",
        )
    )


_EFFECTS: Mapping[str, blocks.Tone] = {"read": "quiet", "draft": "info", "commit": "brand"}
_BODIES = {"users": _users, "skills": _skills, "audit": _audit}
