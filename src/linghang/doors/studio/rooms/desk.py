"""The desk: say one sentence, see what needs you, what runs and what could be done next."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.rooms.campaigns import campaign_row
from linghang.doors.studio.rooms.insights import opportunity
from linghang.doors.studio.shell import Studio, actor_name
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

_RUNNING = frozenset({"running", "paused", "approved"})
_NEEDS: Mapping[str, frozenset[str]] = {
    "operator": frozenset({"draft", "rejected", "approved"}),
    "designer": frozenset({"draft"}),
    "compliance": frozenset({"in_review"}),
    "approver": frozenset({"in_review"}),
    "analyst": frozenset({"ended", "running"}),
    "engineer": frozenset(),
    "admin": frozenset(),
}
"""Whose desk shows campaigns of which status as waiting for them."""


_SAYS: Mapping[str, str] = {"operator": "new", "designer": "new", "analyst": "ask"}
"""Who says what at the desk: a new campaign, or a question."""


def register(studio: Studio) -> None:
    """Register ``/``."""

    @ui.page("/", response_timeout=60)
    async def desk(say: str = "") -> None:
        async with studio.page("desk") as stage:
            await _build(stage, say)


async def _build(stage: Stage, said: str) -> None:
    t = stage.t
    stage.on("new", lambda told: _new(stage, told))
    stage.on("ask", lambda told: _ask(stage, told))
    hour = dt.datetime.now(ZoneInfo(t.zone)).hour
    part = "night" if hour < 5 else "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    who = actor_name(t, stage.session.actor, stage.session.label)
    with ui.element("section").classes("desk-hero"):
        stage.box("hero", "lh-box", _hero(t, stage.session.role, t(f"desk.{part}", who=who)))
    with ui.element("div").classes("cols"):
        with ui.element("div").classes("c7 stack"):
            stage.box("works", "lh-box", "")
            stage.box("needs", "lh-box", blocks.loading(t, t("desk.needs")))
            stage.box("running", "lh-box", blocks.loading(t, t("desk.running")))
        with ui.element("div").classes("c5 stack"):
            stage.box("inbox", "lh-box", blocks.loading(t, t("desk.inbox")))

    async def fill() -> None:
        if said:
            stage.run(f"(()=>{{const b=document.querySelector('#speak');b.value={json.dumps(said)};b.focus()}})()")
        rows = await stage.attempt(stage.session.call("campaign.list"))
        if rows is not None:
            _lists(stage, rows)
        found = await stage.attempt(stage.session.call("insights.scan"))
        stage.show("inbox", _inbox(t, found or []))

    ui.timer(0.05, fill, once=True)
    ui.timer(1.0, lambda: stage.show("works", _works(stage)))


def _hero(t: Words, actor: str, greeting: str) -> Markup:
    """What the user does most: a campaign of one sentence, a question, or (who signs and who administers) the list."""
    kind = _SAYS.get(actor, "")
    lede = t(f"desk.lede_{kind or 'look'}")
    if not kind:
        return div("desk-say", tag("h1", greeting), tag("p", lede, cls="lede"))
    composer = blocks.composer(
        t, act(kind), t(f"desk.placeholder_{kind}"), label=lede, big=True, send=t(f"desk.send_{kind}")
    )
    room = "desk" if kind == "new" else "analysis"
    examples = blocks.examples(t, [t(f"{room}.example_{n}") for n in (1, 2, 3)])
    return div("desk-say", tag("h1", greeting), tag("p", lede, cls="lede"), composer, examples)


def _ask(stage: Stage, told: Told) -> None:
    stage.go(f"/analysis?q={quote(str(told.get('text', '')))}")


def _new(stage: Stage, told: Told) -> None:
    text = str(told.get("text", "")).strip()
    if not text:
        stage.toast(stage.t("desk.say_something"), "info")
        return
    work = stage.works.start(stage.session, "campaign.new", shown=text, text=text)
    stage.go(f"/campaigns/new/{work.id}")


def _lists(stage: Stage, rows: Sequence[Mapping[str, Any]]) -> None:
    t = stage.t
    wanted = _NEEDS[stage.session.role]
    needs = [row for row in rows if row["status"] in wanted]
    running = [row for row in rows if row["status"] in _RUNNING]
    if needs:
        body = div("rows", [campaign_row(t, row, _step(t, stage.session.role, row)) for row in needs[:6]])
    else:
        body = blocks.empty_line("check", t("desk.nothing_needed"), t("desk.nothing_needed_text"))
    stage.show("needs", blocks.listing(t("desk.needs"), body, count=len(needs)))
    if running:
        body = div("rows", [campaign_row(t, row) for row in running[:6]])
    else:
        body = blocks.empty_line("campaigns", t("desk.nothing_runs"), t("desk.nothing_runs_text"))
    stage.show(
        "running",
        blocks.listing(
            t("desk.running"), body, actions=blocks.link_button(t("all"), "/campaigns", kind="quiet", small=True)
        ),
    )


def _step(t: Words, actor: str, row: Mapping[str, Any]) -> str:
    if actor == "operator":
        return t(f"desk.do_{row['status']}")
    return t(f"desk.do_{actor}")


def _inbox(t: Words, found: Sequence[Mapping[str, Any]]) -> Markup:
    if not found:
        body = blocks.empty_line("insights", t("insights.none"), t("insights.none_text"))
    else:
        body = div("rows", [opportunity(t, item) for item in found[:4]])
    more = blocks.link_button(t("all"), "/insights", kind="quiet", small=True)
    return blocks.listing(t("desk.inbox"), body, actions=more)


def _works(stage: Stage) -> Markup | str:
    t = stage.t
    running = [work for work in stage.works.running() if work.actor == stage.session.actor]
    if not running:
        return ""
    rows = []
    for work in running:
        done = sum(1 for line in work.lines if str(line.get("step", "")).startswith("section:"))
        title = work.text or t(f"work.{work.skill.split('.')[-1]}")
        if work.thread:
            # What was said in the conversation goes on there.
            said = t("work.in_talk", seconds=f"{work.seconds:.0f}")
            rows.append(blocks.row(title, said, picture=icon("message"), do=act("talk.reopen", id=work.thread)))
            continue
        href = f"/campaigns/{work.about}" if work.about else f"/campaigns/new/{work.id}"
        said = t("work.progress", done=done, seconds=f"{work.seconds:.0f}")
        rows.append(blocks.row(title, said, picture=icon("spark"), href=href))
    return blocks.listing(t("work.title"), blocks.rows(*rows), count=len(rows))
