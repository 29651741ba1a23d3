"""Layers and what each gets (分层与权益), with the three plans side by side."""

from collections.abc import Mapping, Sequence

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.frame import big, step, why
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, join, span, tag

PLANS = ("cautious", "balanced", "bold")
_SHOWN = ("incremental", "cost", "roi")


def offer(view: View) -> Markup:
    """The layers with their people, benefit and expected effect; the plans; the budget."""
    layers, chosen = view.value("layers"), view.value("benefits")
    if not layers:
        return step(view, "offer")
    parts: list[Markup | None] = [_budget(view, chosen) if chosen else None]
    if layers.get("attribute"):
        parts.append(why(view, view.t("offer.cut_by", attribute=view.name(layers["attribute"]))))
    parts += [
        _bar(view, layers["layers"]),
        _table(view, layers["layers"], chosen, str(layers.get("attribute", ""))),
        _plans(view),
    ]
    return step(view, "offer", *parts)


def _budget(view: View, chosen: Shape) -> Markup:
    t = view.t
    spent = sum(row["cost_fen"] for row in chosen["allotments"])
    note = t(
        "offer.of_budget", money=t.money(chosen["budget_fen"]), share=t.share(spent / max(chosen["budget_fen"], 1), 0)
    )
    meter = blocks.meter(spent / max(chosen["budget_fen"], 1), "", note)
    liability = sum(row["liability_fen"] for row in chosen["allotments"])
    told = tag(
        "p", t("offer.liability", money=t.money(liability)), cls="muted small num", title=t("offer.liability_what")
    )
    return div("budget-line", big(t.money(spent), t("offer.expected_cost"), note), div("grow", meter, told))


def _bar(view: View, layers: Sequence[Shape]) -> Markup:
    t = view.t
    whole = sum(layer["count"] for layer in layers) or 1
    parts = [
        div(
            f"slice l{place % 6}",
            tag("b", view.name(layer["id"])),
            span("num", t.share(layer["count"] / whole, 0)),
            style=f"flex-grow:{max(layer['count'] / whole, 0.08):.4f}",
            title=t.count(layer["count"]),
        )
        for place, layer in enumerate(layers)
    ]
    return div("slices", parts)


def _table(view: View, layers: Sequence[Shape], chosen: Shape, attribute: str) -> Markup:
    t = view.t
    rows = []
    for place, layer in enumerate(layers):
        own = [row for row in chosen.get("allotments", []) if row["layer"] == layer["id"]]
        benefits = list(dict.fromkeys(row["benefit"] for row in own))
        given = [
            span("chip solid", icon("gift", 14), view.name(key)) if key else span("muted", t("offer.none"))
            for key in benefits
        ]
        rule = view.rule_words(layer["rule"])
        # A layer that is named after its cut says its rule already.
        told = view.name(attribute) not in view.name(layer["id"])
        name = join(span(f"swatch l{place % 6}"), tag("b", view.name(layer["id"])))
        rows.append(
            [
                div("", div("line", name), tag("p", rule, cls="muted small") if told else None),
                t.count(layer["count"]),
                t.share(layer["base_rate"]) if layer.get("base_rate") else "—",
                div("chips", given or span("muted", "—")),
                t.money(sum(row["cost_fen"] for row in own)) if own else "—",
                f"+{t.figure(sum(row['incremental'] for row in own), 'count')}" if own else "—",
            ]
        )
    heads = [t(f"offer.head_{name}") for name in ("layer", "people", "rate", "benefit", "cost", "increment")]
    return blocks.table(heads, rows, figures=(1, 2, 4, 5))


def _plans(view: View) -> Markup | None:
    t = view.t
    found = {item["id"]: item for item in view.value("plans").get("alternatives", [])}
    if not found:
        return None
    chosen = str(view.value("choice").get("plan", "balanced"))
    most = {
        name: max((_figure(item, name).get("high") or 0 for item in found.values()), default=1) or 1 for name in _SHOWN
    }
    cards = [_plan(view, found[id], id == chosen, most) for id in PLANS if id in found]
    return div("", tag("h3", t("offer.plans")), div("plans", cards))


def _plan(view: View, item: Shape, chosen: bool, most: Mapping[str, float]) -> Markup:
    t = view.t
    figures = [_interval(view, _figure(item, name), most[name]) for name in _SHOWN if _figure(item, name)]
    budget = t("offer.uses", share=t.share(item["budget_share"], 0), holdout=f"{item['holdout_pct']:g}")
    foot = (
        span("chosen", icon("check", 16), t("offer.chosen"))
        if chosen
        else blocks.button(t("offer.choose"), act("choose", plan=item["id"]), small=True)
        if view.editable
        else None
    )
    return div(
        f"plan{' on' if chosen else ''}",
        div("plan-head", tag("h4", t(f"plan.{item['id']}")), tag("p", t(f"plan.{item['id']}_what"), cls="muted small")),
        tag("p", budget, cls="small num"),
        *figures,
        div("plan-foot", foot),
    )


def _figure(item: Shape, name: str) -> Shape:
    return next((figure for figure in item["figures"] if figure["name"] == name), {})


def _interval(view: View, figure: Shape, most: float) -> Markup:
    t = view.t
    low, mid, high = (max(0.0, min(figure[key] / most, 1)) * 100 for key in ("low", "value", "high"))
    return div(
        "gauge",
        div(
            "gauge-top",
            span("muted small", t.figure_name(figure["name"])),
            tag("b", t.figure(figure["value"], figure["unit"]), cls="num"),
        ),
        whisker(low, mid, high, t.interval(figure["low"], figure["high"], figure["unit"])),
    )


def whisker(low: float, mid: float, high: float, label: str) -> Markup:
    """An interval as a bar with its middle marked; positions are percentages of the width."""
    return tag(
        "div",
        tag("i", style=f"left:{low:.1f}%;width:{max(high - low, 1):.1f}%"),
        tag("s", style=f"left:{mid:.1f}%"),
        cls="whisker",
        role="img",
        aria_label=label,
        title=label,
    )
