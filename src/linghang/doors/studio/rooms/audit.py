"""The audit log: search by who, what, about what, when and outcome; verify its chain; take it away."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, actor_name, face, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
PAGE = 50
_ID = re.compile(r"^[a-z]{3}_")
_FIELDS = ("actor", "skill", "about", "outcome", "since", "until")


def register(studio: Studio) -> None:
    """Register ``/settings/audit``."""
    studio.tab("settings", "audit", "/settings/audit")

    @ui.page("/settings/audit", response_timeout=60)
    async def audit(actor: str = "", skill: str = "", about: str = "", outcome: str = "") -> None:
        async with studio.page("settings", tab="audit") as stage:
            asked = {"actor": actor, "skill": skill, "about": about, "outcome": outcome, "since": "", "until": ""}
            await _build(stage, asked)


async def _build(stage: Stage, asked: dict[str, str]) -> None:
    t = stage.t
    take = blocks.link_button(t("audit.export"), "/audit.jsonl", symbol="download")
    stage.box("head", "lh-box", page_head(t("audit.title"), t("audit.lede"), take))
    campaigns = await stage.attempt(stage.session.call("campaign.list")) or []
    names = {str(one["id"]): str(one["name"]) for one in campaigns}
    users = await stage.attempt(stage.session.call("users.list")) or []
    stage.box("search", "lh-box", _form(t, asked, [str(row["name"]) for row in users]))
    stage.box("chain", "lh-box", _chain(t, None))
    stage.box("lines", "lh-box", blocks.loading(t))

    async def search(told: Told) -> None:
        asked.update({name: str(told.get(name, "")) for name in _FIELDS})
        shown.clear()
        await _show(stage, asked, names, shown)

    async def more(told: Told) -> None:
        await _show(stage, asked, names, shown, before=int(told["before"]))

    async def verify(told: Told) -> None:
        result = await stage.session.call("audit.verify", anchor=str(told.get("anchor", "")).strip())
        stage.show("chain", _chain(t, result))

    shown: list[Shape] = []
    stage.on("search", search)
    stage.on("more", more)
    stage.on("verify", verify)
    await _show(stage, asked, names, shown)


async def _show(
    stage: Stage, asked: Mapping[str, str], names: Mapping[str, str], shown: list[Shape], before: int = 0
) -> None:
    told: dict[str, Any] = {name: value for name, value in asked.items() if value}
    if "skill" in told:
        told["skill"] = stage.t.acts(told["skill"])
    if "about" in told and not _ID.search(told["about"]):
        # People know campaigns by their names; the log keeps ids.
        told["about"] = ",".join([told["about"], *(id for id, name in names.items() if told["about"] in name)])
    if told.get("until"):
        told["until"] = f"{told['until']}T23:59:59"
    rows = await stage.attempt(stage.session.call("audit.list", limit=PAGE, before=before, **told)) or []
    shown += rows
    stage.show("lines", _lines(stage.t, shown, names, full=len(rows) == PAGE))


def _form(t: Words, asked: Mapping[str, str], names: Sequence[str]) -> Markup:
    def text(name: str, **more: Any) -> Markup:
        return tag("input", name=name, value=asked[name] or None, cls="input", data_enter=True, **more)

    def choice(name: str, options: Sequence[tuple[str, str]]) -> Markup:
        items = [tag("option", label, value=value, selected=asked[name] == value) for value, label in options]
        return tag("select", items, name=name, cls="input", **act("search"))

    people = [("", t("audit.anybody")), *((name, actor_name(t, name)) for name in names), ("?", t("audit.stranger"))]
    outcomes = [("", t("audit.any")), ("done", t("audit.done")), ("refused", t("audit.refused"))]
    fields = div(
        "filters",
        blocks.field(t("audit.who"), choice("actor", people)),
        blocks.field(t("audit.what"), text("skill", placeholder=t("audit.what_hint"))),
        blocks.field(t("audit.about"), text("about", placeholder=t("audit.about_hint"))),
        blocks.field(t("audit.outcome"), choice("outcome", outcomes)),
        blocks.field(t("audit.since"), text("since", type="date", **act("search"))),
        blocks.field(t("audit.until"), text("until", type="date", **act("search"))),
        blocks.button(t("audit.search"), act("search"), kind="primary", symbol="search", data_default=True),
    )
    return tag("section", div("card-body", fields, data_form=True), cls="panel")


def _chain(t: Words, result: Shape | None) -> Markup:
    box = tag("input", name="anchor", cls="input num", placeholder=t("audit.anchor"), aria_label=t("audit.anchor"))
    verify = blocks.button(t("audit.verify"), act("verify"), symbol="shield")
    if result is None:
        said: Child = tag("p", t("audit.chain_note"), cls="muted small grow")
        return tag("section", div("card-body line chain", said, box, verify, data_form=True), cls="panel")
    chains = {"audit_line": result, **result.get("others", {})}
    told = tag("ul", [_verified(t, name, found) for name, found in chains.items()], cls="chains grow")
    below: list[Child] = []
    if result["intact"]:
        below.append(
            tag("p", t("audit.keep"), tag("code", str(result["anchor"]), cls="source-name anchor"), cls="muted small")
        )
    elif result["around"]:
        below += [
            tag("p", t("audit.around"), cls="muted small"),
            _table(t, result["around"], bad=int(result["lines"]) + 1),
        ]
    body = [div("card-body line chain", told, box, verify, data_form=True)]
    return tag("section", [*body, div("card-body", *below) if below else None], cls="panel")


def _verified(t: Words, name: str, found: Shape) -> Markup:
    """What was found in a ledger: whole, or which row is the first that does not fit, and why."""
    label = tag("strong", t.told(f"access.chain_of.{name}"))
    if found["intact"]:
        return tag("li", label, blocks.pill(t("audit.intact", lines=t.count(found["lines"])), "ok", "check"))
    broken = blocks.pill(t("audit.broken", line=found["broken_at"]), "bad", "alert")
    return tag("li", label, broken, span("", t.told(str(found["reason"]))))


def _lines(t: Words, rows: Sequence[Shape], names: Mapping[str, str], *, full: bool) -> Markup:
    if not rows:
        return tag("section", blocks.empty("search", t("audit.none"), t("audit.none_text")), cls="panel")
    last = rows[-1].get("number", 0)
    more = blocks.button(t("audit.more"), act("more", before=last)) if full else None
    head = div("card-head", icon("history"), tag("h2", t("audit.lines")), span("badge quiet num", str(len(rows))))
    return tag("section", head, div("card-body", _table(t, rows, names), more), cls="panel")


def _table(t: Words, rows: Sequence[Shape], names: Mapping[str, str] = MappingProxyType({}), bad: int = 0) -> Markup:
    """Lines with who, what, about what and with what outcome; ``bad`` is the number of one that does not fit."""
    heads = [t(f"audit.head_{name}") for name in ("number", "at", "who", "what", "about", "outcome")]
    body: list[list[Child]] = [
        [
            blocks.pill(str(row["number"]), "bad", "alert")
            if row["number"] == bad
            else span("num muted", str(row["number"])),
            span("num nowrap", t.instant(row.get("at"), seconds=True)),
            div("line nowrap", face(t, str(row.get("actor", ""))), actor_name(t, str(row.get("actor", "")))),
            _what(t, str(row.get("skill", ""))),
            _subject(str(row.get("about", "")), names),
            blocks.pill(t("audit.done"), "ok", "check") if row.get("outcome") == "done" else _refusal(t, row),
        ]
        for row in rows
    ]
    return blocks.table(heads, body, cls="lines")


def _subject(about: str, names: Mapping[str, str]) -> Child:
    """What an act was about: a campaign by its name, with the way to it."""
    if about in names:
        return tag("a", names[about], href=f"/campaigns/{about}", title=about, cls="about-name")
    return tag("code", about, cls="about", title=about) if about else "—"


def _what(t: Words, skill: str) -> Markup:
    """An act by its title where it has one, and by the name that is searched for."""
    own = f"audit.act_{skill.rpartition('.')[2]}"
    title = t(own) if skill.startswith("access.") and t.has(own) else t.told(f"skill_title.{skill}", otherwise=" ")
    return div("", span("", title), tag("code", skill, cls="small muted source-name"))


def _refusal(t: Words, row: Shape) -> Markup:
    code = str(row.get("outcome", ""))
    if code.startswith("text."):
        return div(
            "", blocks.pill(t("audit.disarmed"), "warn", "alert"), tag("code", code, cls="small muted source-name")
        )
    return div("", blocks.pill(t("audit.refused"), "warn", "alert"), tag("code", code, cls="small muted source-name"))
