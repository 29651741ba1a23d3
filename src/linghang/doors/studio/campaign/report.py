"""The report (复盘): the increment with its interval first, then funnel, layers, channels, days, cost, return."""

from collections.abc import Sequence

from nicegui import ui

from linghang.base.errors import LinghangError
from linghang.doors.studio import blocks, charts
from linghang.doors.studio.campaign import actions, cards_go
from linghang.doors.studio.campaign.document import Document
from linghang.doors.studio.campaign.header import header
from linghang.doors.studio.campaign.view import LIVE, Shape, View
from linghang.doors.studio.markup import Child, Markup, div, join, language, span, tag
from linghang.doors.studio.shell import Studio
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words
from linghang.doors.studio.work import Work

_CENTRE = ("lift", "incremental", "cost", "roi", "iroi", "cost_per_increment", "icpa")


def register(studio: Studio) -> None:
    """Register ``/campaigns/{id}/report``."""

    @ui.page("/campaigns/{id}/report", response_timeout=60)
    async def report(id: str) -> None:
        async with studio.page("campaigns", crumbs=("tab.report",), cls="wide") as stage:
            await _build(stage, id)


async def _build(stage: Stage, id: str) -> None:
    report = Report(stage, id, None)
    actions.listen(report)
    doc = await stage.attempt(stage.session.call("campaign.show", id=id))
    if doc is None:
        stage.box("lost", "lh-box", blocks.empty("analysis", stage.t("document.unknown"), ""))
        return
    report.doc = doc
    stage.box("head", "doc-head")
    stage.box("played", "lh-box")
    stage.box("report", "report", blocks.loading(stage.t))
    report.show()
    ui.timer(0.05, report.fill, once=True)
    ui.timer(0.4, report.tick)


class Report(Document):
    """The report of a campaign; days that are played from here show how far they are, then the new figures."""

    def show(self) -> None:
        """Show the head and what is being played."""
        if self.doc:
            view = self.view()
            self.stage.show("head", header(view, "report"))
            self.stage.show("played", div("report-play", cards_go.playing(view)) if view.working else "")

    async def refresh(self, *, report: bool = False) -> None:
        """Fetch the document again; the report has a call of its own."""
        await super().refresh(report=report)

    async def fill(self) -> None:
        """Fetch the report and show it whole."""
        stage, t = self.stage, self.t
        view = self.view()
        try:
            told = await stage.session.call("campaign.report", id=self.id)
        except LinghangError as error:
            link = blocks.link_button(t("tab.document"), f"/campaigns/{self.id}", kind="primary")
            text = stage.sentence(error) if view.status in LIVE else t("report.later_text")
            empty = blocks.empty("analysis", t("report.later"), text, link)
            stage.show("report", tag("section", empty, cls="panel"))
            return
        with stage.refill("report"):
            _body(stage, view, told)

    async def finish(self, work: Work) -> None:
        """After days were played the figures are others."""
        await super().finish(work)
        await self.fill()


def _body(stage: Stage, view: View, told: Shape) -> None:
    t, theme = stage.t, stage.session.theme
    stage.box("summary", "lh-box", _summary(view, told))
    with ui.element("div").classes("cols"):
        stage.box("funnel", "c6", blocks.card(t("report.funnel"), _funnel(t, told.get("funnel", []))))
        stage.box("arms", "c6", blocks.card(t("report.arms"), _arms(t, told)))
        if len(told.get("daily") or []) > 1:
            with ui.element("section").classes("panel c12"):
                stage.box("daily-head", "lh-box", div("card-head", tag("h2", t("report.daily"))))
                days = told["daily"]
                names = [t.day(row["date"]) for row in days]
                series = [
                    (t(f"report.{key}"), [row.get(key) for row in days])
                    for key in ("conversions", "claims")
                    if any(key in row for row in days)
                ]
                charts.draw(charts.lines(theme, names, series), height=260, label=t("report.daily")).classes(
                    "chart-pad"
                )
        stage.box("layers", "c6", blocks.card(t("report.layers"), _layers(t, told.get("layers", []))))
        stage.box("channels", "c6", blocks.card(t("report.channels"), _channels(t, told.get("channels", []))))
        if told.get("variants"):
            stage.box("variants", "c12", blocks.card(t("report.variants"), _variants(view, told["variants"])))
    stage.box("findings", "lh-box", _findings(t, told))


def _summary(view: View, told: Shape) -> Markup:
    t = view.t
    rows = told.get("rows", [])
    keys = [row for row in rows if row.get("name") in _CENTRE] or rows[:5]
    labels = [blocks.caveat(str(label)) for label in told.get("labels", [])]
    numbers = [
        blocks.key_number(
            t.figure(row["value"], row["unit"]),
            str(row["label"]),
            _interval(t, row),
            tone=_tone(row),
            title=str(row.get("formula_words") or ""),
            meaning=t.meaning(str(row.get("name"))),
        )
        for row in keys
    ]
    return tag(
        "section",
        div(
            "card-body report-top",
            div("line", *labels, *_plays(view)),
            tag("p", str(told.get("sentence") or ""), cls="report-sentence"),
            div("keys", numbers),
        ),
        cls="panel",
    )


def _plays(view: View) -> list[Markup]:
    """Fast-forward on simulated customers, where the campaign runs."""
    if view.status != "running":
        return []
    return [span("grow"), *cards_go.plays(view)]


def _tone(row: Shape) -> str:
    if row.get("name") not in ("lift", "incremental", "roi", "iroi") or row.get("low") is None:
        return ""
    return "up" if row["low"] > 0 else "down" if (row.get("high") or 0) < 0 else ""


def _interval(t: Words, row: Shape) -> str:
    if row.get("interval"):
        return t("report.interval", interval=row["interval"])
    text = t.interval(row.get("low"), row.get("high"), row["unit"])
    return t("report.interval", interval=text) if text else str(row.get("note") or "")


def _funnel(t: Words, rows: Sequence[Shape]) -> Markup:
    if not rows:
        return tag("p", t("readout.none"), cls="muted")
    most = max((row["value"] or 0) for row in rows) or 1
    parts = []
    before: float | None = None
    for row in rows:
        value = row["value"] or 0
        rate = t.share(value / before, 1) if before else ""
        parts.append(
            div(
                "funnel-row",
                span("", str(row["label"])),
                div("funnel-bar", tag("i", style=f"width:{max(value / most * 100, 0.6):.2f}%")),
                tag("b", t.count(value), cls="num"),
                span("num muted small", rate, title=t("report.from_before")),
            )
        )
        before = value
    return div("funnel", parts)


def _arms(t: Words, told: Shape) -> Markup:
    arms = told.get("arms", [])
    if not arms:
        return tag("p", t("report.no_arms"), cls="muted")
    most = max(arm["rate"] or 0 for arm in arms) or 1
    rows = [
        div(
            "arm",
            span("", t.value(str(arm["arm"]))),
            div(
                "funnel-bar",
                tag(
                    "i",
                    style=f"width:{(arm['rate'] or 0) / most * 100:.1f}%",
                    cls="grey" if "hold" in str(arm["arm"]) else None,
                ),
            ),
            tag("b", t.share(arm["rate"]), cls="num"),
            span("num muted small", t("report.of", count=t.count(arm["conversions"]), n=t.count(arm["n"]))),
        )
        for arm in arms
    ]
    lift = next((row for row in told.get("rows", []) if row.get("name") == "lift"), None)
    told_lift = None
    if lift is not None and lift.get("low") is not None:
        told_lift = div(
            "lift",
            span("muted small", t("report.lift")),
            tag("b", _points(t, lift["value"]), cls="num key-value"),
            span(
                "muted small num",
                t("report.interval", interval=_between(t, lift)),
            ),
        )
    return join(div("funnel", rows), told_lift, tag("p", t("report.arms_why"), cls="muted small"))


def _points(t: Words, value: float) -> str:
    return t("report.points", points=_signed(value))


def _signed(share: float) -> str:
    return f"{share * 100:+.2f}".replace("-", "−")


def _between(t: Words, row: Shape) -> str:
    between = " 至 " if t.chinese else " to "
    return t("report.points", points=f"{_signed(row['low'])}{between}{_signed(row['high'])}")


def _layers(t: Words, rows: Sequence[Shape]) -> Markup:
    """A forest: each layer's lift with its interval on one axis, zero marked."""
    thin = [row for row in rows if row.get("lift") is None]
    rows = [row for row in rows if row.get("lift") is not None]
    if not rows:
        return tag("p", t("report.no_layers"), cls="muted")
    low = min(0.0, *[float(row.get("low") or 0) for row in rows])
    high = max(0.0, *[float(row.get("high") or 0) for row in rows]) or 0.01
    width = (high - low) or 1

    def at(value: float) -> float:
        return (value - low) / width * 100

    parts = [
        div(
            "forest-row",
            span("", str(row.get("label") or row["layer"])),
            tag(
                "div",
                tag("u", style=f"left:{at(0):.2f}%"),
                tag("i", style=f"left:{at(row['low']):.2f}%;width:{at(row['high']) - at(row['low']):.2f}%"),
                tag(
                    "s", style=f"left:{at(row['lift']):.2f}%", cls="sure" if row["low"] > 0 or row["high"] < 0 else None
                ),
                cls="forest",
                role="img",
                aria_label=_between(t, row),
            ),
            tag("b", _points(t, row["lift"]), cls="num"),
            span("num muted small", t("count.people", count=t.count(row.get("treated")))),
        )
        for row in rows
    ]
    parts += [
        div(
            "forest-row", span("", str(row.get("label") or row["layer"])), span("muted small wide", t("report.too_few"))
        )
        for row in thin
    ]
    return join(div("funnel", parts), tag("p", t("report.layers_why"), cls="muted small"))


def _channels(t: Words, rows: Sequence[Shape]) -> Markup:
    if not rows:
        return tag("p", t("report.no_channels"), cls="muted")
    heads = [t(f"report.head_{name}") for name in ("channel", "reached", "clicked", "rate", "contacts", "benefits")]
    body = [
        [
            str(row.get("label") or row["channel"]),
            t.count(row.get("reached")),
            t.count(row.get("clicked")),
            t.share((row.get("clicked") or 0) / row["reached"]) if row.get("reached") else "—",
            t.money((row.get("cost_fen") or 0) - (row.get("benefit_fen") or 0)),
            t.money(row.get("benefit_fen")),
        ]
        for row in rows
    ]
    return blocks.table(heads, body, figures=(1, 2, 3, 4, 5))


def _variants(view: View, rows: Sequence[Shape]) -> Markup:
    """Combinations by what followed them, the most shown first; words and benefit name them."""
    t = view.t
    known = {item["id"]: item for item in view.value("combinations").get("variants", [])}
    body: list[list[Child]] = []
    for row in sorted(rows, key=lambda row: -row["shown"])[:12]:
        item = known.get(row["variant"], {})
        words = item.get("copy") or {}
        title = words.get("title") or next(iter(words.values()), str(row["variant"]))
        benefit = view.name(item["benefit"]) if item.get("benefit") else t("offer.none")
        rate = row["conversions"] / row["shown"] if row["shown"] else None
        names = [view.name(row["layer"]), view.name(row["channel"]), benefit]
        body.append(
            [
                tag("b", str(title), lang=language(str(title))),
                *names,
                t.count(row["shown"]),
                t.count(row["conversions"]),
                t.share(rate),
            ]
        )
    heads = [
        t(f"report.head_{name}")
        for name in ("words", "layer", "channel", "benefit", "shown", "conversions", "followed")
    ]
    return join(blocks.table(heads, body, figures=(4, 5, 6)), tag("p", t("report.variants_why"), cls="muted small"))


def _findings(t: Words, told: Shape) -> Markup:
    """What to note, and how every figure is read again: its formula and its statements."""
    found = [blocks.finding_line(t, item) for item in told.get("findings", [])]
    rows = [
        tag(
            "li",
            tag("b", str(row["label"])),
            # What is counted as it is has no formula to tell: its statement does.
            span("", " = ", str(row["formula_words"]), title=str(row["formula"]))
            if row.get("formula_words") not in ("", None, row["label"]) and row["formula"] != row["name"]
            else None,
            tag("pre", "\n\n".join(row.get("query") or [])),
        )
        for row in told.get("rows", [])
        if row.get("formula")
    ]
    note = tag("p", t("report.recompute"), cls="muted small")
    shown = tag("details", tag("summary", t("report.recompute")), tag("ul", rows, cls="bare formulas"), cls="query")
    return join(blocks.card(t("report.findings"), *found) if found else None, shown if rows else note)
