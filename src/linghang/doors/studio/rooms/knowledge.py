"""Knowledge: search what the institution knows, see its documents, add one; every passage opens its document."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, language, marked, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

Shape = Mapping[str, Any]
MOST_BYTES = 12_000_000
_TAKEN = ".md,.txt,.html,.htm,.docx,.pdf,.xlsx"
_KEEPERS = frozenset({"compliance", "engineer", "admin"})
"""Who may change the documents."""


def register(studio: Studio) -> None:
    """Register ``/knowledge``."""
    studio.tab("knowledge", "documents", "/knowledge")

    @ui.page("/knowledge", response_timeout=60)
    async def knowledge(q: str = "") -> None:
        async with studio.page("knowledge", tab="documents", cls="narrow") as stage:
            Library(stage).build(q)


class Library:
    """The page: what was asked, what was found, the documents, and one that is being added."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t
        self.keeper = bool(_KEEPERS & set(stage.session.roles))
        self.rows: Sequence[Shape] = ()
        self.work: Work | None = None
        self.timer: ui.timer | None = None

    def build(self, query: str) -> None:
        """Lay the page out; a question in the address is asked at once."""
        stage, t = self.stage, self.t
        for name, handler in (("search", self.search), ("palette.search", self.search), ("brought", self.brought),
                              ("remove", self.remove), ("removed", self.removed)):  # fmt: skip
            stage.on(name, handler)
        bring = blocks.file_button(t("knowledge.bring"), act("brought"), accept=_TAKEN, most=MOST_BYTES)
        stage.box(
            "head", "lh-box", page_head(t("knowledge.title"), t("knowledge.lede"), *([bring] if self.keeper else ()))
        )
        stage.box("going", "lh-box", "")
        say = blocks.composer(t, act("search"), t("knowledge.placeholder"), label=t("knowledge.title"), big=True,
                              send=t("knowledge.search"))  # fmt: skip
        stage.box("say", "lh-box", say)
        examples = blocks.examples(t, [t(f"knowledge.example_{n}") for n in (1, 2, 3)], "search")
        stage.box("found", "lh-box", div("", examples))
        stage.box("sources", "lh-box", blocks.loading(t))
        ui.timer(0.05, self.fill, once=True)
        if query:
            ui.timer(0.05, lambda: self.search({"text": query}), once=True)

    async def fill(self) -> None:
        """The documents."""
        self.rows = await self.stage.attempt(self.stage.session.call("knowledge.list")) or []
        self.stage.show("sources", _sources(self.t, self.rows, keeper=self.keeper))

    async def search(self, told: Told) -> None:
        """The answer in the documents' own words, and the passages that are nearest."""
        text = str(told.get("text") or told.get("value") or "").strip()
        if not text:
            return
        self.stage.show("found", blocks.loading(self.t))
        answer = await self.stage.attempt(self.stage.session.call("knowledge.ask", question=text))
        rows = await self.stage.attempt(self.stage.session.call("knowledge.search", query=text))
        self.stage.show("found", _answered(self.t, answer) if rows else None, _found(self.t, text, rows or []))

    async def brought(self, told: Told) -> None:
        """Add a file: it is read, cut and indexed; the page shows how far that is."""
        name = str(told.get("name") or "")
        if int(told.get("size", 0)) > MOST_BYTES:
            self.stage.toast(self.t("knowledge.too_large", name=name, most=MOST_BYTES // 1_000_000), "bad")
            return
        self.work = self.stage.works.start(self.stage.session, "knowledge.upload", shown=name, name=name,
                                           data=str(told["value"]))  # fmt: skip
        if self.timer is None:
            self.timer = ui.timer(0.3, self._follow)
        self.timer.active = True

    async def _follow(self) -> None:
        work, t = self.work, self.t
        if work is None:
            return
        if not work.done:
            self.stage.show("going", _going(t, work))
            return
        if self.timer is not None:
            self.timer.active = False
        if work.error is not None:
            broken = work.error.code in ("knowledge.bad_document", "knowledge.unreadable")
            said = t("knowledge.broken") if broken else self.stage.sentence(work.error)
            told = div("finding-text", tag("b", work.text), tag("p", said))
            self.stage.show("going", div("finding bad", told, role="alert"))
            return
        self.stage.show("going", _added(t, work.result))
        await self.fill()

    def remove(self, told: Told) -> None:
        """Ask before a document is taken out."""
        row = next((one for one in self.rows if one["source"] == told["id"]), None)
        if row is not None:
            text = self.t("knowledge.remove_text", count=row["passages"])
            self.stage.confirm(self.t("knowledge.remove_title", name=row["title"]), text,
                               act("removed", id=row["source"]), self.t("knowledge.remove"), danger=True)  # fmt: skip

    async def removed(self, told: Told) -> None:
        """Take it out."""
        if await self.stage.attempt(self.stage.session.call("knowledge.remove", source=str(told["id"]))):
            self.stage.toast(self.t("knowledge.removed"))
            await self.fill()


def address(source: str, start: int | None = None, end: int | None = None) -> str:
    """Where a document opens, at a place in it."""
    place = {"start": start, "end": end} if start is not None else {}
    return f"/knowledge/document?{urlencode({'id': source, **place})}"


def facts(t: Words, row: Shape, passages: int) -> str:
    """A document's day, where it came from, how many passages it has."""
    known = [
        t.day(row["date"], year=True) if row.get("date") else "",
        t("knowledge.own" if row.get("own") else "knowledge.pack"),
        t("knowledge.passages", count=passages),
    ]
    return " · ".join(part for part in known if part)


def kind_name(t: Words, row: Shape) -> str:
    """What a document's kind is called."""
    kind = str(row.get("kind") or "other")
    return t(f"knowledge.kind.{kind}") if t.has(f"knowledge.kind.{kind}") else kind


def _going(t: Words, work: Work) -> Markup:
    last: Shape = work.lines[-1] if work.lines else {}
    note = t.told(str(last.get("note") or "studio.knowledge.sending"), last.get("params") or {})
    share = float(last.get("done") or 0) / float(last.get("of") or 3)
    return tag("section", div("card-body", div("line", span("spin"), tag("b", work.text), span("muted", note)),
                              blocks.meter(max(share, 0.08), "brand", note)), cls="panel", role="status")  # fmt: skip


def _added(t: Words, told: Shape) -> Markup:
    said = t("knowledge.brought", name=told["title"], count=told["passages"], characters=t.count(told["characters"]))
    link = tag("a", t("knowledge.open"), href=address(str(told["source"])), cls="link")
    return tag("section", div("card-body", div("line", icon("check", 18, "tone-ok"), span("grow", said), link)),
               cls="panel", role="status")  # fmt: skip


def _sources(t: Words, rows: Sequence[Shape], *, keeper: bool) -> Markup:
    """What the library holds, what was added here first; each opens."""
    if not rows:
        return tag("section", blocks.empty("knowledge", t("knowledge.none"), t("knowledge.none_text")), cls="panel")
    lines = []
    for row in sorted(rows, key=lambda row: not row.get("own")):
        gone = None
        if keeper and row.get("own"):
            gone = blocks.icon_button("close", t("knowledge.remove"), act("remove", id=row["source"]))
        link = blocks.row(str(row["title"]), facts(t, row, int(row["passages"])), href=address(str(row["source"])),
                          end=blocks.pill(kind_name(t, row), "quiet"))  # fmt: skip
        lines.append(div("row-with", link, gone))
    note = None if keeper else span("muted small", t("knowledge.who_adds"))
    return blocks.listing(t("knowledge.sources"), blocks.rows(*lines), count=len(rows), actions=note)


def _answered(t: Words, told: Any) -> Markup | None:
    """The answer in the source's own words, or that the documents have none."""
    if not isinstance(told, Mapping):
        return None
    if not told.get("known"):
        said = blocks.empty_line("search", t("knowledge.no_answer"), t("knowledge.no_answer_text"))
        return tag("section", div("card-body", said), cls="panel", role="status")
    quotes = [
        div("stack tight", tag("p", str(quote["text"]), lang=language(str(quote["text"]))), _place(quote))
        for quote in told["quotes"][:3]
    ]
    return blocks.card(t("knowledge.answer"), div("stack", quotes), symbol="check")


def _place(row: Shape) -> Markup:
    where = " › ".join(str(row[key]) for key in ("title", "section") if row.get(key))
    href = address(str(row["source"]), row.get("start"), row.get("end"))
    return tag("a", icon("knowledge", 14), span("source-name", where), href=href, cls="answer-source link small")


def _found(t: Words, query: str, rows: Sequence[Shape]) -> Markup:
    if not rows:
        return tag("section", blocks.empty("search", t("knowledge.nothing", query=query), t("knowledge.nothing_text")),
                   cls="panel")  # fmt: skip
    lines = [_passage(t, query, row) for row in rows]
    return blocks.listing(t("knowledge.found"), div("rows", lines), count=len(rows))


def _passage(t: Words, query: str, row: Shape) -> Markup:
    text = str(row.get("text") or "")
    shown = tag("p", marked(text, _hits(text, query)), lang=language(text))
    return tag("article", shown, _place(row), cls="passage", data_item=True, tabindex="-1")


def _hits(text: str, query: str) -> list[tuple[int, int]]:
    """Where pairs of letters of the query stand in the text, run together: Chinese has no spaces between words."""
    wanted = {query[n : n + 2] for n in range(len(query) - 1) if query[n : n + 2].isalnum()}
    places = [n for n in range(len(text) - 1) if text[n : n + 2] in wanted]
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place <= found[-1][1]:
            found[-1] = (found[-1][0], place + 2)
        else:
            found.append((place, place + 2))
    return found
