"""Analysis: ask in a sentence; the answer is a sentence, a chart and the table behind it, with its query."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks, charts
from linghang.doors.studio.markup import Child, Markup, act, div, language, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]


def register(studio: Studio) -> None:
    """Register ``/analysis``."""

    @ui.page("/analysis", response_timeout=60)
    async def analysis(q: str = "") -> None:
        async with studio.page("analysis", cls="narrow") as stage:
            await Room(stage).build(q)


class Room:
    """The page: questions and answers, the newest first."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.t = stage, stage.t

    async def build(self, question: str) -> None:
        """Lay the page out; a question in the address is asked at once."""
        stage, t = self.stage, self.t
        stage.on("ask", self.ask)
        stage.on("palette.ask", self.ask)
        stage.box("head", "lh-box", page_head(t("analysis.title"), t("analysis.lede")))
        stage.box(
            "say",
            "lh-box",
            blocks.composer(
                t, act("ask"), t("analysis.placeholder"), label=t("analysis.title"), big=True, send=t("analysis.ask")
            ),
        )
        stage.box(
            "answer",
            "stack",
            blocks.empty(
                "analysis",
                t("analysis.empty"),
                t("analysis.empty_text"),
                blocks.examples(t, [t(f"analysis.example_{n}") for n in (1, 2, 3)], "ask"),
            ),
        )
        if question:
            ui.timer(0.05, lambda: self.ask({"text": question}), once=True)

    async def ask(self, told: Told) -> None:
        """Ask, and show the answer above the earlier ones."""
        stage, t = self.stage, self.t
        text = str(told.get("text", "")).strip()
        if not text:
            return
        stage.show("answer", blocks.loading(t, text))
        try:
            answer = await stage.session.call("analysis.ask", question=text)
        except LinghangError as error:
            stage.show(
                "answer",
                tag(
                    "section",
                    blocks.empty(
                        "search",
                        t("analysis.unread"),
                        stage.sentence(error),
                        blocks.examples(t, [t(f"analysis.example_{n}") for n in (1, 2, 3)], "ask"),
                    ),
                    cls="panel",
                ),
            )
            return
        with stage.refill("answer"):
            self._answer(text, answer)

    def _answer(self, text: str, answer: Shape) -> None:
        stage, t = self.stage, self.t
        shown: Shape = answer.get("table") or {}
        with ui.element("section").classes("panel"):
            ui.html(div("card-head", tag("h2", text, lang=language(text))), sanitize=False).classes("lh-html")
            ui.html(
                div("card-body", tag("p", str(answer.get("sentence") or ""), cls="report-sentence"), _scope(t, answer)),
                sanitize=False,
            ).classes("lh-html")
            option = _chart(t, stage.session.theme, answer, shown)
            if option is not None:
                charts.draw(option, height=300, label=str(answer.get("sentence") or text)).classes("chart-pad")
            ui.html(div("card-body", _table(t, shown), _notes(t, answer)), sanitize=False).classes("lh-html")


def _chart(t: Words, theme: str, answer: Shape, shown: Shape) -> charts.Option | None:
    """What to draw of a table: lines over days, bars of one cut, grouped bars of two."""
    rows: Sequence[Sequence[Any]] = shown.get("rows") or []
    names: Sequence[str] = shown.get("names") or shown.get("columns") or []
    units: Sequence[str] = shown.get("units") or [""] * len(names)
    told: Shape = answer.get("chart") or {}
    figures = [n for n, unit in enumerate(units) if unit]
    cuts = [n for n, unit in enumerate(units) if not unit]
    if len(rows) < 2 or not figures or not cuts or told.get("kind") == "number":
        return None
    wanted = [n for n in figures if names[n] in (told.get("series") or ())] or figures[:1]
    axis = next((n for n in cuts if names[n] == told.get("x")), cuts[0])
    labels, series = _series(t, shown, [n for n in wanted if units[n] == units[wanted[0]]], axis, cuts)
    unit = units[wanted[0]]
    if told.get("kind") == "line":
        return charts.lines(theme, labels, series, unit=unit)
    if len(series) > 1:
        return charts.columns(theme, labels, series, unit=unit)
    return charts.bars(theme, labels[:20], series[0][1][:20], unit=unit, title=series[0][0])


Series = list[tuple[str, list[Any]]]


def _series(t: Words, shown: Shape, wanted: Sequence[int], axis: int, cuts: Sequence[int]) -> tuple[list[str], Series]:
    """The marks of the axis, and the series: figures side by side, or the groups of a second cut."""
    rows = shown["rows"]
    marks = list(dict.fromkeys(row[axis] for row in rows))
    labels = [_said(t, mark) for mark in marks]
    other = next((n for n in cuts if n != axis), None)
    if other is None:
        return labels, [(str(shown["columns"][n]), [row[n] for row in rows]) for n in wanted]
    cells = {(row[axis], row[other]): row[wanted[0]] for row in rows}
    groups = list(dict.fromkeys(row[other] for row in rows))[:6]
    return labels, [(_said(t, group), [cells.get((mark, group)) for mark in marks]) for group in groups]


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _said(t: Words, value: Any) -> str:
    return (
        t.day(value) if isinstance(value, str) and _DAY.fullmatch(value) else str(value if value is not None else "—")
    )


def _table(t: Words, shown: Shape) -> Markup | None:
    rows: Sequence[Sequence[Any]] = shown.get("rows") or []
    if not rows:
        return None
    columns = [str(name) for name in shown["columns"]]
    units = list(shown.get("units") or [""] * len(columns))
    body = [[_cell(t, value, units[n] if n < len(units) else "") for n, value in enumerate(row)] for row in rows[:100]]
    figures = [n for n, value in enumerate(rows[0]) if isinstance(value, int | float)]
    return blocks.table(columns, body, figures=figures)


def _cell(t: Words, value: Any, unit: str) -> Child:
    if value is None:
        return "—"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _said(t, value)
    return (
        t.figure(value, unit)
        if unit in ("share", "fen", "ratio")
        else t.count(value)
        if float(value).is_integer()
        else f"{value:,.2f}"
    )


def _scope(t: Words, answer: Shape) -> Markup | None:
    """The days and campaigns that the answer is about."""
    window = answer.get("window") or []
    days = t("analysis.window", window=t.days(str(window[0])[:10], str(window[1])[:10])) if len(window) == 2 else ""
    names = t.listed([str(item["name"]) for item in (answer.get("campaigns") or [])[:3]])
    told = " · ".join(part for part in (days, names) if part)
    return tag("p", told, cls="muted small num") if told else None


def _notes(t: Words, answer: Shape) -> Markup | None:
    found = [blocks.finding_line(t, item) for item in answer.get("findings", [])]
    query = str(answer.get("query") or "")
    shown = tag("details", tag("summary", t("analysis.query")), tag("pre", query), cls="query") if query else None
    return div("stack-8", *found, shown) if found or shown else None
