"""The bar at the top of a campaign: name, status, version, budget, people, expected increment, the next step."""

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.cards_go import next_actions
from linghang.doors.studio.campaign.view import CARDS, View
from linghang.doors.studio.markup import Markup, act, div, join, language, span, tag


def header(view: View, tab: str) -> Markup:
    """Name and status, the three figures, the tabs, undo, history, and what to do next."""
    t = view.t
    top = div(
        "doc-top",
        div(
            "doc-title",
            tag("h1", _name(view), lang=language(_name(view))),
            blocks.status(t, view.status),
            tag(
                "button",
                t("document.version", version=view.doc["version"]),
                cls="version num",
                type="button",
                title=t("document.history"),
                **act("history"),
            )
            if view.doc.get("version")
            else None,
        ),
        div("doc-next", _tools(view), *next_actions(view, tab)),
    )
    return join(top, div("doc-sub", _tabs(view, tab), _figures(view)))


def _name(view: View) -> str:
    return str(view.doc.get("name") or view.t("document.coming"))


def _figures(view: View) -> Markup:
    t = view.t
    goal, audience, gain = view.value("goal"), view.value("audience"), view.figure("incremental")
    return div(
        "doc-figures",
        _figure(t("goal.budget"), t.money(goal["budget_fen"]) if goal.get("budget_fen") else "—"),
        _figure(t("card.audience"), t("count.people", count=t.count(audience["count"])) if audience else "—"),
        _figure(
            t("document.gain"),
            t("count.people", count=t.figure(gain.get("value"), "count")) if gain else "—",
            t.interval(gain.get("low"), gain.get("high"), "count") if gain else "",
        ),
    )


def _figure(label: str, value: str, note: str = "") -> Markup:
    return div(
        "doc-figure",
        span("muted small", label),
        tag("b", value, cls="num"),
        span("muted small num", note) if note else None,
    )


def _tabs(view: View, tab: str) -> Markup:
    t = view.t
    base = f"/campaigns/{view.id}"
    items = [
        ("document", t("tab.document"), base),
        ("phone", t("tab.phone"), f"{base}/phone"),
        ("report", t("tab.report"), f"{base}/report"),
    ]
    return blocks.tabs(items if view.id else items[:1], tab)


def _tools(view: View) -> Markup | None:
    t = view.t
    if not view.id:
        return None
    undo = (
        blocks.icon_button("undo", t("document.undo"), act("undo"))
        if view.doc.get("version", 1) > 1 and view.editable
        else None
    )
    return div(
        "doc-tools",
        undo,
        blocks.icon_button("history", t("document.history"), act("history")),
        blocks.icon_button("copy", t("campaigns.clone"), act("clone")) if view.may("campaign.edit") else None,
    )


def outline(view: View) -> Markup:
    """Where the document stands, card by card; each entry is a deep link."""
    t = view.t
    items = [
        tag(
            "a",
            span(f"o-dot {view.state(card)}"),
            t(f"card.{card}"),
            href=f"#{card}",
            title=t(f"state.{view.state(card)}"),
        )
        for card in CARDS
    ]
    return tag("nav", items, cls="outline", aria_label=t("document.outline"))
