"""Data in: pick or bring a table, see what it means, look it over, import it while it tells how far it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

MOST_BYTES = 20_000_000
_TAKEN = ".csv,.tsv,.txt,.parquet,.jsonl,.ndjson,.db,.sqlite"
_MODES = {"customers": ("upsert", "append", "replace"), "holdings": ("replace",), "events": ("append", "correct")}
_LONG = ("data.check", "data.import")
Shape = Mapping[str, Any]


def register(studio: Studio) -> None:
    """Register ``/settings/data``."""
    studio.tab("settings", "data", "/settings/data")

    @ui.page("/settings/data", response_timeout=60)
    async def data() -> None:
        async with studio.page("settings", tab="data", cls="narrow") as stage:
            await Room(stage).build()


class Room:
    """The page: a source, its mapping, its quality, its import."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.t = stage.t
        self.source: Shape = {}
        self.proposal: Shape = {}
        self.mode = ""
        self.work: Work | None = None

    async def build(self) -> None:
        """Lay the page out."""
        stage, t = self.stage, self.t
        for name, handler in {
            "brought": self._brought, "choose": self._choose, "check": self._check, "bring": self._bring,
            "settle": self._settle, "again": self._again,
        }.items():  # fmt: skip
            stage.on(name, handler)
        bring = blocks.file_button(t("arrivals.bring"), act("brought"), accept=_TAKEN, most=MOST_BYTES)
        stage.box("head", "lh-box", page_head(t("arrivals.title"), t("arrivals.lede"), bring))
        for name in ("sources", "mapping", "going", "outcome", "quality"):
            stage.box(name, "lh-box", blocks.loading(t) if name == "sources" else "")
        stage.box("history", "lh-box", "")
        # What was begun before the page was left is gone on with, and told here.
        own = [one for one in stage.works.running() if one.actor == stage.session.actor and one.skill in _LONG]
        self.work = own[-1] if own else None
        ui.timer(0.05, self._fill, once=True)
        ui.timer(0.4, self._watch)

    async def _fill(self) -> None:
        sources = await self.stage.attempt(self.stage.session.call("data.sources"))
        self.stage.show("sources", _sources(self.t, sources or [], str(self.source.get("name", ""))))
        rows = await self.stage.attempt(self.stage.session.call("data.imports", limit=20))
        self.stage.show("history", _history(self.t, rows or []))

    async def _brought(self, told: Told) -> None:
        if int(told.get("size", 0)) > MOST_BYTES:
            self.stage.toast(self.t("arrivals.too_large", most=MOST_BYTES // 1_000_000), "bad")
            return
        name, data = str(told.get("name") or ""), str(told["value"])
        self.stage.show("mapping", blocks.loading(self.t))
        made = await self.stage.attempt(self.stage.session.call("data.upload", name=name, data=data))
        if made is None:
            await self._show_mapping()
            return
        await self._choose({"name": made["name"], "table": ""})

    async def _choose(self, told: Told) -> None:
        self.source = {"name": str(told["name"]), "table": str(told.get("table") or "")}
        self.mode = ""
        for name in ("quality", "outcome", "going"):
            self.stage.show(name, "")
        self.stage.show("mapping", blocks.loading(self.t))
        await self._fill()
        call = self.stage.session.call(
            "data.propose",
            source=self.source["name"],
            table=self.source["table"],
            subject=str(told.get("subject") or ""),
        )
        self.proposal = await self.stage.attempt(call) or {}
        await self._show_mapping()

    async def _settle(self, told: Told) -> None:
        """Another meaning for a column: put into the mapping as it stands, edited by hand or not."""
        choices = {str(told["column"]): str(told.get("value") or "")}
        self.mode = str(told.get("mode") or "")
        await self._look(str(told.get("text") or ""), choices=choices)

    async def _again(self, told: Told) -> None:
        """The mapping was edited by hand: the table above it follows."""
        self.mode = str(told.get("mode") or "")
        await self._look(str(told.get("text") or ""))

    async def _look(self, mapping: str, **more: Any) -> None:
        call = self.stage.session.call("data.propose", **self.source_of(), mapping=mapping, **more)
        found = await self.stage.attempt(call)
        if found is not None:
            self.proposal = found
            self.stage.show("quality", "")
        await self._show_mapping()

    def source_of(self) -> dict[str, str]:
        """The table, as skills name it."""
        return {"source": self.source["name"], "table": self.source["table"]}

    async def _show_mapping(self) -> None:
        if not self.proposal:
            self.stage.show("mapping", "")
            return
        call = self.stage.session.call("data.examples", **self.source_of(), mapping=str(self.proposal["mapping"]))
        shown = await self.stage.attempt(call) or {}
        self.stage.show("mapping", _mapping(self.t, self.source, self.proposal, shown, self.mode))

    def _check(self, told: Told) -> None:
        self._start("data.check", told)

    def _bring(self, told: Told) -> None:
        t, mode = self.t, str(told.get("mode") or "")
        if mode == "replace" and not told.get("sure"):
            # Who is not in the table is no customer any more: that is asked first.
            do = act("bring", mode=mode, text=str(told.get("text") or ""), sure=True)
            title, text = t("arrivals.replace_title"), t("arrivals.replace_text", name=self.source["name"])
            self.stage.confirm(title, text, do, t("arrivals.import"), danger=True)
            return
        self._start("data.import", told, mode=mode)

    def _start(self, skill: str, told: Told, mode: str | None = None) -> None:
        if self.work is not None:
            return
        self.stage.show("outcome", "")
        more = {} if mode is None else {"mode": mode}
        arguments: dict[str, Any] = {**self.source_of(), "mapping": str(told.get("text") or ""), **more}
        self.work = self.stage.works.start(self.stage.session, skill, shown=self.source["name"], **arguments)
        self._tell(self.work)

    def _tell(self, work: Work) -> None:
        line = work.lines[-1] if work.lines else {}
        done, of = int(line.get("done", 0)), int(line.get("of", 0))
        code = f"arrivals.going_{'check' if work.skill == 'data.check' else 'import'}"
        said = self.t(code, done=self.t.count(done)) if done else self.t("arrivals.going")
        # How long a CSV is, nobody knows before its end: a bar would stand still.
        bar = blocks.meter(done / of, label=said) if of else None
        line = div("ends", tag("p", said, cls="num"), tag("p", work.text, cls="muted small source-name"))
        self.stage.show("going", tag("section", div("making", line, bar), cls="panel pad"))

    async def _watch(self) -> None:
        """Tell how far the work is, and show what came of it."""
        work = self.work
        if work is None:
            return
        if not work.done:
            self._tell(work)
            return
        self.work = None
        self.stage.show("going", "")
        if work.error is not None:
            self.stage.fail(work.error)
        elif work.skill == "data.check":
            self.stage.show("quality", _quality(self.t, work.result))
        else:
            self.stage.show("outcome", _outcome(self.t, work.result))
        await self._fill()


def _sources(t: Words, sources: Sequence[Shape], chosen: str) -> Markup:
    if not sources:
        empty = blocks.empty("transfer", t("arrivals.no_sources"), t("arrivals.no_sources_text"))
        return tag("section", empty, cls="panel")
    lines: list[Markup] = []
    for one in sources:
        below = t("arrivals.database") if one["kind"] == "database" else t("arrivals.file", size=_size(one["size"]))
        end = blocks.pill(t("arrivals.chosen"), "brand") if one["name"] == chosen else icon("chevron", 16)
        if one["kind"] == "database":
            lines.append(_database(t, str(one["name"]), below))
        else:
            lines.append(
                blocks.row(span("source-name", str(one["name"])), below, end=end, do=act("choose", name=one["name"]))
            )
    return blocks.listing(t("arrivals.sources"), blocks.rows(*lines), count=len(sources))


def _database(t: Words, name: str, below: str) -> Markup:
    """A named database: which table of it is said here."""
    field = tag("input", name="table", cls="input", placeholder=t("arrivals.table"), aria_label=t("arrivals.table"))
    go = blocks.button(t("arrivals.look"), act("choose", name=name), small=True)
    told = div("grow", div("row-title", span("source-name", name)), div("row-sub", below))
    return div(
        "row-link still arrivals-database", told, field, go,
        data_form=True, data_item=True, tabindex="-1",
    )  # fmt: skip


def _mapping(t: Words, source: Shape, told: Shape, shown: Shape, chosen: str) -> Markup:
    """What each column means, to be changed, how its cells are read, how sure that is, and the mapping file."""
    rows = [
        (
            span("source-name", str(one["column"])),
            _meaning(t, one, told["fields"]),
            div("stack tight", [_example(one["field"], cell) for cell in shown.get(one["column"], ())]),
            t(f"arrivals.kinds.{one['kind']}"),
            t.share(one["missing"] / one["rows"]) if one["rows"] else "—",
            _sure(t, float(one["sure"])) if one["field"] else "",
        )
        for one in told["columns"]
    ]
    heads = tuple(t(f"arrivals.{name}") for name in ("column", "meaning", "examples", "kind", "missing", "sure"))
    subject = str(told["subject"])
    modes = [tag("option", t(f"arrivals.mode.{one}"), value=one, selected=one == chosen) for one in _MODES[subject]]
    subjects = [
        blocks.chip(t(f"arrivals.subject.{name}"), None if name == subject else act("choose", **source, subject=name))
        for name in _MODES
    ]
    editor = tag(
        "details",
        tag("summary", t("arrivals.edit"), cls="small"),
        tag("textarea", str(told["mapping"]), name="text", rows="18", cls="input mono", aria_label=t("arrivals.edit"),
            spellcheck="false"),
        div("ends", tag("p", t("arrivals.edit_note"), cls="small muted"),
            blocks.button(t("arrivals.look_again"), act("again"), small=True)),
    )  # fmt: skip
    acts = div(
        "line wrap arrivals-acts",
        blocks.field(t("arrivals.mode_name"), tag("select", modes, name="mode", cls="input")),
        blocks.button(t("arrivals.check"), act("check"), symbol="eye"),
        blocks.button(t("arrivals.import"), act("bring"), kind="primary", symbol="transfer"),
    )
    body = div(
        "stack", blocks.chips(*subjects), blocks.table(heads, rows, figures=(4,), cls="mapping"),
        _findings(t, told), editor, acts, data_form=True,
    )  # fmt: skip
    code = "arrivals.understood" if told["whole"] else "arrivals.understood_first"
    title = t(code, name=str(told["source"]), rows=t.count(told["rows"]))
    return blocks.card(span("source-name", title), body, symbol="layers")


def _meaning(t: Words, one: Shape, fields: Sequence[Shape]) -> Markup:
    """Which field a column fills: any of them, or none."""
    options = [tag("option", t("arrivals.left"), value="", selected=not one["field"])]
    options += [
        tag("option", field["label"], value=field["name"], selected=field["name"] == one["field"]) for field in fields
    ]
    label = t("arrivals.meaning_of", column=one["column"])
    cls = "input mapping-field" if one["field"] else "input mapping-field left"
    return tag("select", options, cls=cls, aria_label=label, **act("settle", column=one["column"]))


def _example(field: str, cell: Shape) -> Markup:
    """A cell as it is written and, where that is something else, as it is read."""
    written = span("source-name", cell["text"])
    if not field or cell["read"] == cell["text"]:
        return div("mapping-cell small", written)
    if cell["wrong"]:
        return div("mapping-cell small", written, blocks.pill(cell["wrong"], "warn"))
    return div("mapping-cell small", written, icon("chevron", 12), span("num", cell["read"]))


def _findings(t: Words, told: Shape) -> Markup:
    return div("stack tight", [blocks.finding_line(t, one) for one in told["findings"]])


def _sure(t: Words, sure: float) -> Markup:
    if not sure:
        return blocks.pill(t("arrivals.how.chosen"), "quiet")
    tone: blocks.Tone = "ok" if sure >= 0.9 else "info" if sure >= 0.7 else "warn"
    word = "sure" if sure >= 0.9 else "likely" if sure >= 0.7 else "unsure"
    return blocks.pill(f"{t(f'arrivals.how.{word}')} {t.share(sure)}", tone)


def _quality(t: Words, told: Shape) -> Markup:
    """How good a table is: what could be imported, what is wrong with each column."""
    names = ("rows", "takeable", "unreadable", "repeated_ids")
    numbers = div("keys", [blocks.key_number(t.count(told[name]), t(f"arrivals.{name}")) for name in names])
    rows = [
        (
            span("source-name", str(one["column"])),
            t.share(one["missing"] / one["rows"]) if one["rows"] else "—",
            t.count(sum(fault["count"] for fault in one["impossible"])),
            t.count(one["far"]["count"]) if one.get("far") else "—",
            *_spread(one),
        )
        for one in told["columns"]
    ]
    heads = tuple(
        t(f"arrivals.{name}") for name in ("column", "missing", "impossible", "far", "lowest", "middle", "highest")
    )
    table = blocks.table(heads, rows, figures=(1, 2, 3, 4, 5, 6))
    return blocks.card(t("arrivals.quality"), div("stack", numbers, _findings(t, told), table), symbol="eye")


def _outcome(t: Words, told: Shape) -> Markup:
    """What an import did: every row has its account."""
    names = {
        "customers": ("rows", "accepted", "new", "changed", "rejected"), "holdings": ("rows", "accepted", "rejected"),
        "events": ("rows", "accepted", "corrected", "repeated", "rejected"),
    }[str(told["subject"])]  # fmt: skip
    numbers = div("keys", [blocks.key_number(t.count(told[name]), t(f"arrivals.{name}")) for name in names])
    title = t("arrivals.unchanged" if told.get("unchanged") else "arrivals.done", name=str(told["source"]))
    more = _rejected_link(t, str(told["id"])) if told["rejected"] and told["rejected_file"] else None
    return blocks.card(title, div("stack", numbers, _findings(t, told)), symbol="check", actions=more)


def _rejected_link(t: Words, id: str) -> Markup:
    return blocks.link_button(t("arrivals.rejected_file"), f"/rejected/{id}.csv", symbol="download", small=True)


def _history(t: Words, rows: Sequence[Shape]) -> Markup:
    if not rows:
        return div("")
    tones: Mapping[str, blocks.Tone] = {"done": "ok", "running": "info", "refused": "bad"}
    lines: list[Markup] = []
    for row in rows:
        facts = [
            t(f"arrivals.subject.{row['subject']}"), t(f"arrivals.mode.{row['mode']}"), t.instant(row["at"]),
            t("arrivals.accounts", accepted=t.count(row["accepted"]), rejected=t.count(row["rejected"])),
        ]  # fmt: skip
        link = _rejected_link(t, str(row["id"])) if row["rejected_file"] else None
        state = blocks.pill(t(f"arrivals.state.{row['state']}"), tones.get(str(row["state"]), ""))
        lines.append(blocks.row(span("source-name", str(row["source"])), " · ".join(facts), end=[link, state]))
    return blocks.listing(t("arrivals.history"), blocks.rows(*lines), count=len(rows))


def _spread(one: Shape) -> tuple[str, str, str]:
    if one["kind"] not in ("integer", "number", "money") or one.get("low") is None:
        return "—", "—", "—"
    unit = 100 if one["kind"] == "money" else 1
    low, middle, high = (f"{one[name] / unit:,.10g}" for name in ("low", "median", "high"))
    return low, middle, high


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if count >= 100_000 else f"{count / 1000:,.1f} KB"
