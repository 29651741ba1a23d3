"""Knowledge: search what the institution knows; every passage names its source."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, language, marked, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words


def register(studio: Studio) -> None:
    """Register ``/knowledge``."""
    studio.tab("knowledge", "documents", "/knowledge")

    @ui.page("/knowledge", response_timeout=60)
    async def knowledge(q: str = "") -> None:
        async with studio.page("knowledge", tab="documents", cls="narrow") as stage:
            await _build(stage, q)


async def _build(stage: Stage, query: str) -> None:
    t = stage.t

    async def search(told: Told) -> None:
        text = str(told.get("text") or told.get("value") or "").strip()
        if not text:
            return
        stage.show("found", blocks.loading(t))
        told = await stage.attempt(stage.session.call("knowledge.ask", question=text))
        rows = await stage.attempt(stage.session.call("knowledge.search", query=text))
        stage.show("found", _answered(t, told), _found(t, text, rows or []))

    stage.on("search", search)
    stage.on("palette.search", search)
    stage.box("head", "lh-box", page_head(t("knowledge.title"), t("knowledge.lede")))
    stage.box(
        "say",
        "lh-box",
        blocks.composer(
            t,
            act("search"),
            t("knowledge.placeholder"),
            label=t("knowledge.title"),
            big=True,
            send=t("knowledge.search"),
        ),
    )
    stage.box(
        "found",
        "lh-box",
        tag(
            "section",
            blocks.empty(
                "knowledge",
                t("knowledge.empty"),
                t("knowledge.empty_text"),
                blocks.examples(t, [t(f"knowledge.example_{n}") for n in (1, 2, 3)], "search"),
            ),
            cls="panel",
        ),
    )
    stage.box("sources", "lh-box", blocks.loading(t))

    async def fill() -> None:
        rows = await stage.attempt(stage.session.call("knowledge.list"))
        stage.show("sources", _sources(t, rows or []))

    ui.timer(0.05, fill, once=True)
    if query:
        ui.timer(0.05, lambda: search({"text": query}), once=True)


def _sources(t: Words, rows: Sequence[Mapping[str, Any]]) -> Markup:
    """What the library holds, by kind: each document with its day, where it came from and how many passages it has."""
    if not rows:
        return div("")
    lines = []
    for row in rows:
        kind = str(row.get("kind") or "other")
        facts = [
            t.day(row["date"]) if row.get("date") else "",
            t("knowledge.own" if row.get("own") else "knowledge.pack"),
            t("knowledge.passages", count=row["passages"]),
        ]
        name = t(f"knowledge.kind.{kind}") if t.has(f"knowledge.kind.{kind}") else kind
        lines.append(blocks.row(str(row["title"]), " · ".join(part for part in facts if part),
                                end=blocks.pill(name, "quiet")))  # fmt: skip
    return blocks.listing(t("knowledge.sources"), blocks.rows(*lines), count=len(rows))


def _answered(t: Words, told: Any) -> Markup | None:
    """The answer in the source's own words, where the documents answer."""
    if not isinstance(told, Mapping) or not told.get("known"):
        return None
    quote = told["quotes"][0]
    where = " · ".join(str(quote[key]) for key in ("title", "section") if quote.get(key))
    body = div("", tag("p", str(quote["text"])), div("line muted small", icon("link", 14), span("", where)))
    return blocks.card(t("knowledge.answer"), body, symbol="check")


def _found(t: Words, query: str, rows: Sequence[Mapping[str, Any]]) -> Markup:
    if not rows:
        return tag(
            "section",
            blocks.empty("search", t("knowledge.nothing", query=query), t("knowledge.nothing_text")),
            cls="panel",
        )
    return tag("section", div("rows", [_passage(t, query, row) for row in rows]), cls="panel")


def _passage(t: Words, query: str, row: Mapping[str, Any]) -> Markup:
    title = str(row.get("title") or row.get("source") or "")
    text = str(row.get("text") or row.get("passage") or "")
    where = " · ".join(str(row[key]) for key in ("source", "section") if row.get(key))
    return tag(
        "article",
        tag("h3", title, lang=language(title)),
        tag("p", marked(text, _hits(text, query)), lang=language(text)),
        div("line muted small", icon("link", 14), span("source-name", where or t("knowledge.no_source"))),
        cls="passage",
        data_item=True,
        tabindex="-1",
    )


def _hits(text: str, query: str) -> list[tuple[int, int]]:
    """Where words of the query stand in the text."""
    found: list[tuple[int, int]] = []
    for word in [part for part in query.replace("，", " ").replace("？", " ").split() if len(part) > 1]:
        place = text.find(word)
        while place >= 0:
            found.append((place, place + len(word)))
            place = text.find(word, place + len(word))
    return found
