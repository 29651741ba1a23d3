"""When and where (排期与渠道), how we will know (实验), what we expect (预估)."""

import datetime as dt
from collections.abc import Sequence

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.cards_offer import whisker
from linghang.doors.studio.campaign.frame import big, step, why
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.markup import Markup, div, span, tag
from linghang.doors.studio.words import Words

_MONEY = ("cost", "gain", "roi", "cost_per_incremental")
_FUNNEL = ("customers", "reach", "clicks", "claims", "redemptions", "responses")
"""Figures that are key numbers, and figures on one scale: how many of the customers come how far."""


def schedule(view: View) -> Markup:
    """A calendar of days: a row for each slot and channel, phases above, people a day in the bars."""
    t, value = view.t, view.value("placements")
    if not value:
        return step(view, "schedule")
    items = value["placements"]
    touches = sum(sum(item["daily"]) for item in items)
    start, end = (
        min(item["start"] for item in items) if items else "",
        max(item["end"] for item in items) if items else "",
    )
    return step(
        view,
        "schedule",
        big(t.count(touches), t("schedule.touches"), t.days(start, end) if items else None),
        why(view, t("schedule.why")),
        gantt(view, items, start, end) if items else None,
    )


def gantt(view: View, items: Sequence[Shape], start: str, end: str) -> Markup:
    """Placements on a grid of days."""
    t = view.t
    first = dt.date.fromisoformat(start)
    days = [first + dt.timedelta(days=n) for n in range((dt.date.fromisoformat(end) - first).days + 1)]
    heads = [
        span(f"day{' off' if day.weekday() >= 5 else ''}", tag("b", str(day.day)), tag("small", _weekday(t, day)))
        for day in days
    ]
    rows = [div("gantt-row head", span("gantt-name"), div("gantt-days", heads))]
    phases = view.value("goal").get("phases", [])
    if len(phases) > 1:
        bars = [
            _bar(item["start"], item["end"], first, len(days), view.name(item["id"]), f"phase-bar p{n}")
            for n, item in enumerate(phases)
        ]
        rows.append(div("gantt-row", span("gantt-name muted", t("schedule.phases")), div("gantt-track", bars)))
    lanes: dict[str, list[Shape]] = {}
    for item in items:
        lanes.setdefault(item["slot"] or item["channel"], []).append(item)
    for place, own in lanes.items():
        bars = [
            _bar(
                item["start"],
                item["end"],
                first,
                len(days),
                t("schedule.daily", count=t.short(max(item["daily"], default=0))),
                "place-bar",
                t("schedule.hours", start=item["hours"][0], end=item["hours"][1]),
            )
            for item in own
        ]
        rows.append(div("gantt-row", span("gantt-name", view.name(place)), div("gantt-track", bars)))
    return div("gantt-wrap", div("gantt", rows, style=f"--days:{len(days)}"))


def _weekday(t: Words, day: dt.date) -> str:
    return "一二三四五六日"[day.weekday()] if t.chinese else "MTWTFSS"[day.weekday()]


def _bar(start: str, end: str, first: dt.date, days: int, text: str, cls: str, title: str = "") -> Markup:
    left = (dt.date.fromisoformat(start) - first).days
    length = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1
    style = f"left:{left / days * 100:.3f}%;width:{length / days * 100:.3f}%"
    return div(f"gantt-bar {cls}", span("", text), style=style, title=f"{text} {title}".strip())


def experiment(view: View) -> Markup:
    """The arms by hash, the smallest difference that can be seen, and whether that is enough."""
    t, value = view.t, view.value("experiment")
    if not value:
        return step(view, "experiment")
    arms = [
        div(
            f"slice {'l5' if arm['id'] in ('holdout', 'control') else 'l0'}",
            tag("b", view.name(arm["id"])),
            span("num", t.share(arm["share"], 0)),
            style=f"flex-grow:{max(arm['share'], 0.1):.3f}",
        )
        for arm in value["arms"]
    ]
    verdict = blocks.pill(
        t("experiment.enough" if value["enough"] else "experiment.not_enough"), "ok" if value["enough"] else "warn"
    )
    points = t("experiment.points", points=f"{value['mde'] * 100:.2f}")
    return step(
        view,
        "experiment",
        big(
            points,
            blocks.term(t("experiment.mde"), t.meaning("mde")),
            t("experiment.power", power=t.share(value["power"], 0), alpha=f"{value['alpha'] * 100:g}%"),
        ),
        why(view, t("experiment.why", base=t.share(value["base_rate"]), lift=f"{value['expected_lift'] * 100:.2f}")),
        div("slices", arms),
        blocks.facts(
            (t("experiment.treated"), t("count.people", count=t.count(value["treated"]))),
            (t("experiment.holdout"), t("count.people", count=t.count(value["holdout"]))),
            (t("experiment.primary"), view.name(value["primary"])),
            (t("experiment.guardrails"), view.names(value["guardrails"])),
        ),
        div("line", verdict),
    )


def estimate(view: View) -> Markup:
    """Expected figures with their intervals, and what they rest on."""
    t, value = view.t, view.value("estimate")
    if not value:
        return step(view, "estimate")
    figures = {item["name"]: item for item in value["figures"]}
    main = figures.get("incremental") or next(iter(figures.values()))
    rest = [name for name in figures if name not in (*_MONEY, *_FUNNEL, main["name"])]
    basis = {str(item["basis"]) for item in value["figures"] if item.get("basis")}
    told = [t.told(code) for code in sorted(basis) if t.told(code) != code]
    base = t("estimate.campaigns", count=value["campaigns"]) if value["campaigns"] else t("estimate.no_campaigns")
    reachable = value.get("target_reachable")
    return step(
        view,
        "estimate",
        big(
            f"{t.figure(main['value'], main['unit'])}",
            blocks.term(t.figure_name(main["name"]), t.meaning(main["name"])),
            t("estimate.interval", interval=t.interval(main["low"], main["high"], main["unit"])),
        ),
        why(view, t.listed([base, *told])),
        div("keys", [_key(t, figures[name]) for name in _MONEY if name in figures]),
        _funnel(t, [figures[name] for name in _FUNNEL if name in figures]),
        div("figures", [_row(t, figures[name]) for name in rest]) if rest else None,
        div(
            "line",
            blocks.pill(
                t("estimate.reachable" if reachable else "estimate.unreachable"), "ok" if reachable else "warn"
            ),
        )
        if reachable is not None
        else None,
        div("line", blocks.pill(t("simulated"), "info")) if value.get("simulated") else None,
    )


def _key(t: Words, item: Shape) -> Markup:
    interval = t.interval(item["low"], item["high"], item["unit"])
    name = item["name"]
    value = t.figure(item["value"], item["unit"])
    return blocks.key_number(value, t.figure_name(name), interval, meaning=t.meaning(name))


def _funnel(t: Words, items: Sequence[Shape]) -> Markup | None:
    """The steps on one scale, so that their bars can be compared."""
    if not items:
        return None
    most = max(float(item["high"]) for item in items)
    return div("", tag("h3", t("estimate.funnel")), div("figures", [_row(t, item, most) for item in items]))


def _row(t: Words, item: Shape, scale: float = 0.0) -> Markup:
    low, value, high = float(item["low"]), float(item["value"]), float(item["high"])
    least, most = min(0.0, low), scale or max(high, value, 1e-9) * 1.04
    width = most - least or 1
    places = [(number - least) / width * 100 for number in (low, value, high)]
    interval = t.interval(low, high, item["unit"])
    name = t.figure_name(item["name"])
    return div(
        "figure-row",
        span("", name),
        tag("b", t.figure(value, item["unit"]), cls="num"),
        whisker(places[0], places[1], places[2], f"{name} {interval}"),
        span("num muted small", interval),
    )
