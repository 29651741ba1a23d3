"""Beside the phones: the demo's time, the stock, what happened, and the report that moves with every tap."""

import datetime as dt
from collections.abc import Mapping, Sequence

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.screens import Named, Shape
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.words import Words


def clock(t: Words, at: str, goal: Shape) -> Markup:
    """The day and hour at which the phones ask for decisions."""
    moment = dt.datetime.fromisoformat(at)
    first, last = dt.date.fromisoformat(goal["start"]), dt.date.fromisoformat(goal["end"])
    days = sorted({first + dt.timedelta(days=n) for n in range((last - first).days + 1)} | {moment.date()})
    hours = sorted({f"{hour:02}:00" for hour in range(7, 24)} | {f"{moment:%H:%M}"})
    day = tag(
        "select",
        [tag("option", t.day(one, weekday=True), value=str(one), selected=one == moment.date()) for one in days],
        name="day",
        cls="input",
        aria_label=t("phone.day"),
        **act("time"),
    )
    hour = tag(
        "select",
        [tag("option", one, value=one, selected=one == f"{moment:%H:%M}") for one in hours],
        name="hour",
        cls="input num",
        aria_label=t("phone.hour"),
        **act("time"),
    )
    note = tag("p", t("phone.time_note"), cls="muted small")
    return blocks.card(t("phone.time"), div("clock-pick", day, hour, data_form=True), note)


def stock(t: Words, now: Mapping[str, int], then: Mapping[str, int], whole: Mapping[str, int], named: Named) -> Markup:
    """What the campaign may still give of each benefit, by the ledger, and how it moved since the page was opened."""
    rows = [_level(t, named(id), left, then.get(id, left), whole.get(id, left)) for id, left in now.items()]
    return blocks.card(t("phone.stock"), div("stack-8", rows) if rows else tag("p", t("offer.none"), cls="muted small"))


def _level(t: Words, name: str, left: int, before: int, whole: int) -> Markup:
    label = t("phone.of_stock", left=t.count(left), stock=t.count(whole))
    line = div("line", span("grow", name), tag("b", t.count(left), cls="num"), _moved(left - before))
    return div("stock", line, blocks.meter(left / whole if whole else 0, "", label))


def _moved(by: float) -> Markup | None:
    return span("moved num", f"{by:+,.0f}".replace("-", "−")) if by else None


def events(t: Words, rows: Sequence[tuple[str, str, str]]) -> Markup:
    """What the taps did, the newest first: (what, who, about)."""
    lines = [
        div(
            f"event ev-{what}",
            span("event-dot"),
            span("grow", tag("b", who), " ", t(f"phone.did_{what}")),
            span("muted", about),
        )
        for what, who, about in rows[:8]
    ]
    return blocks.card(
        t("phone.events"), div("event-list", lines) if lines else tag("p", t("phone.no_events"), cls="muted small")
    )


def funnel(t: Words, now: Shape, then: Shape, href: str) -> Markup:
    """The report's funnel, and how each step moved since the page was opened."""
    before: Mapping[str, float] = {str(row["label"]): row["value"] or 0 for row in then.get("funnel", [])}
    rows = [
        div(
            "line",
            span("grow muted", str(row["label"])),
            tag("b", t.count(row["value"]), cls="num"),
            _moved((row["value"] or 0) - before.get(str(row["label"]), 0)),
        )
        for row in now.get("funnel", [])
    ]
    body = div("stack-8", rows) if rows else tag("p", t("readout.none"), cls="muted small")
    return blocks.card(
        t("phone.report"), body, actions=blocks.link_button(t("next.report"), href, kind="quiet", small=True)
    )
