"""The first cards: what for (目标), for whom (人群)."""

from datetime import date
from typing import Any

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.frame import big, spread, step, why
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, join, span, tag


def goal(view: View) -> Markup:
    """What the campaign is for, the facts that were understood, and the assumptions as chips."""
    t, value = view.t, view.value("goal")
    if not value:
        return step(view, "goal")
    window = t.days(value["start"], value["end"])
    days = _length(value)
    return step(
        view,
        "goal",
        big(
            t.money(value["budget_fen"]) if value["budget_fen"] else t("goal.no_budget"),
            t("goal.budget"),
            t("goal.level", level=value["level"]),
        ),
        blocks.facts(
            (t("goal.product"), view.name(value["product"])),
            (t("goal.objective"), view.name(value["objective"])),
            (t("goal.window"), join(window, span("muted nowrap", t("goal.days", days=days)))),
            (t("goal.channels"), view.names(value["channels"])),
            (t("goal.kpi"), view.name(value["kpi"])),
            (t("goal.holdout"), f"{value['holdout_pct']:g}%"),
            (t("goal.tone"), view.name(value["tone"])),
            (t("goal.playbook"), view.name(value["playbook"])) if value.get("playbook") else None,
        ),
        _phases(view, value["phases"], days),
        _chips(view),
    )


def _length(value: Shape) -> int:
    return (date.fromisoformat(value["end"]) - date.fromisoformat(value["start"])).days + 1


def _phases(view: View, phases: list[Shape], days: int) -> Markup | None:
    if len(phases) < 2:
        return None
    return div(
        "phases",
        [
            div(
                f"phase p{place}",
                tag("b", view.name(item["id"])),
                span("num", view.t.days(item["start"], item["end"])),
                style=f"flex-grow:{max(_length(item) / max(days, 1), 0.12):.3f}",
            )
            for place, item in enumerate(phases)
        ],
    )


def _chips(view: View) -> Markup | None:
    t = view.t
    found = view.assumptions()
    if not found:
        return None
    chips = []
    for item in found:
        key = str(item["key"])
        label = t(f"key.{key}") if t.has(f"key.{key}") else str(item.get("label") or key)
        reason = item.get("message") or ""
        if not view.editable:
            chips.append(
                span("chip", span("muted", label), tag("b", said(view, key, item["value"])), title=reason or None)
            )
            continue
        chips.append(
            tag(
                "button",
                span("muted", f"{label}"),
                tag("b", said(view, key, item["value"])),
                icon("edit", 14),
                cls="chip",
                type="button",
                title=reason or None,
                aria_label=t("goal.change", what=label),
                **act("assume", key=key, value=item["value"], label=label, reason=reason),
            )
        )
    return div(
        "assumed",
        tag("p", t("goal.assumed" if view.editable else "goal.assumed_only"), cls="muted small"),
        div("chips", chips),
    )


def said(view: View, key: str, value: Any) -> str:
    """An assumed value as people read it."""
    t = view.t
    if isinstance(value, list):
        return view.names(value)
    if key.startswith("holdout"):
        return f"{float(value):g}%"
    if key in ("budget", "budget_cny", "budget_max_cny"):
        return t.money(float(value) * 100) if value else t("goal.no_budget")
    if key in ("start", "end") and isinstance(value, str) and len(value) == 10:
        return t.day(value)
    return view.name(value)


def audience(view: View) -> Markup:
    """How many people, what each condition takes away, who they are, which channels reach them."""
    t, value = view.t, view.value("audience")
    if not value:
        return step(view, "audience")
    change = act("speak", text=t("audience.edit_hint"))
    open_ = view.editable
    edit = blocks.button(t("audience.edit"), change, kind="quiet", small=True, symbol="edit") if open_ else None
    return step(view, "audience", *portrait(view), actions=edit)


def portrait(view: View) -> list[Markup | None]:
    """The parts of an audience: count, rule in words, waterfall, profile, reach."""
    t, value = view.t, view.value("audience")
    removed = value.get("matched", value["count"]) - value["count"]
    words = str(view.doc.get("audience_words") or view.rule_words(value.get("rule")))
    note = t("audience.of", share=t.share(value["count"] / max(value["base"], 1)), base=t.count(value["base"]))
    return [
        big(t.count(value["count"]), t("audience.people"), note),
        why(view, words) if words else None,
        waterfall(view, value, view.step_words()),
        tag("p", t("audience.removed", count=t.count(removed)), cls="muted small") if removed else None,
        spread(*[_dimension(view, item) for item in value.get("profile", [])[:3]]),
        _reach(view, value),
    ]


def waterfall(view: View, value: Shape, words: list[str]) -> Markup:
    """Bars that fall from all customers to those who are addressed; each says what it took away."""
    t = view.t
    base = max(value["base"], 1)
    rows = []
    for place, item in enumerate(value["steps"]):
        unknown = t("audience.unknown", count=t.count(item["unknown"])) if item.get("unknown") else ""
        rows.append(
            _bar(view, words[place], item["remaining"], item["removed"], base, unknown, "first" if place == 0 else "")
        )
    remaining = value.get("matched", value["count"])
    for item in value.get("removed", []):
        remaining -= item["count"]
        text = str(item.get("message") or t.told(str(item["code"]), item.get("params"), t("audience.policy")))
        rows.append(_bar(view, text, remaining, item["count"], base, "", "policy"))
    return tag("div", rows, cls="waterfall", role="table", aria_label=t("audience.waterfall"))


def _bar(view: View, text: str, remaining: int, removed: int, base: int, note: str, kind: str) -> Markup:
    t = view.t
    left, gone = remaining / base * 100, removed / base * 100
    bar = div(
        "fall-bar", tag("i", style=f"width:{left:.2f}%"), tag("s", style=f"width:{gone:.2f}%") if removed else None
    )
    lost = span("num fall-lost", f"−{t.count(removed)}") if removed else span("fall-lost")
    return div(
        f"fall {kind}",
        div("fall-text", text, span("muted small", note) if note else None),
        bar,
        span("num fall-left", t.count(remaining)),
        lost,
        role="row",
    )


def _dimension(view: View, item: Shape) -> Markup:
    t = view.t
    most = max((bar["share"] for bar in item["bars"]), default=1) or 1
    rows = [blocks.profile_bar(t, view.value_name(item["field"], bar["value"]), bar, most) for bar in item["bars"][:6]]
    return div("dimension", tag("h3", view.name(item["field"])), rows)


def _reach(view: View, value: Shape) -> Markup | None:
    t = view.t
    reach = value.get("reach") or {}
    if not reach:
        return None
    cells = [
        div(
            "reach",
            span("muted small", view.name(channel)),
            tag("b", t.count(count), cls="num"),
            blocks.meter(count / max(value["count"], 1), "", t.share(count / max(value["count"], 1), 0)),
        )
        for channel, count in reach.items()
    ]
    return div("", tag("h3", t("audience.reach")), div("reaches", cells))
