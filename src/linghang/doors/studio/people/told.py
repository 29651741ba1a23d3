"""What is told of an audience: its size, what each condition removes, who they are, whom each channel reaches."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.frame import spread
from linghang.doors.studio.campaign.view import View
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]


def view_of(t: Words, found: Shape) -> View:
    """A document of nothing but an audience: the cards of campaigns draw it."""
    return View(t, {"labels": found.get("labels") or {}, "sections": {"audience": {"value": dict(found)}}})


def size(t: Words, count: int, base: int, before: int | None, millis: float, as_of: str) -> Markup:
    """The key number, its share of all, and what the last change did to it."""
    change = None
    if before is not None and before != count:
        sign = "+" if count > before else "−"
        tone = "up" if count > before else "down"
        change = span(f"num size-change {tone}", f"{sign}{t.count(abs(count - before))}")
    note = t("audiences.of_all", share=t.share(count / base if base else 0), base=t.count(base))
    told = [t("audiences.counted_in", millis=t.millis(millis))] if millis else []
    if as_of:
        told.append(t("audiences.as_of", day=t.day(as_of)))
    return div(
        "size",
        div("size-line", span("key-value num", t.count(count)), span("size-unit", t("audiences.people")), change),
        tag("p", note, cls="muted small num"),
        blocks.meter(count / base if base else 0, "", note),
        tag("p", " · ".join(told), cls="muted small num") if told else None,
        role="status",
    )


def fall(view: View) -> Markup:
    """What each step keeps of those before it, from everybody to those who may be addressed."""
    t, value = view.t, view.value("audience")
    words = view.step_words()
    rows = [_fall(t, words[0], value["base"], None, "first")]
    for place, item in enumerate(value["steps"][1:], 1):
        note = t("audience.unknown", count=t.count(item["unknown"])) if item.get("unknown") else ""
        rows.append(_fall(t, words[place], item["remaining"], item["removed"], "", note))
    left = value["matched"]
    for item in value["removed"]:
        left -= item["count"]
        rows.append(_fall(t, str(item["message"]), left, item["count"], "policy"))
    gone = value["matched"] - value["count"]
    told = t("audiences.excluded", count=t.count(gone)) if gone else t("audiences.none_excluded")
    return div(
        "stack",
        tag("div", rows, cls="waterfall", role="table", aria_label=t("audience.waterfall")),
        tag("p", told, cls="muted small num"),
    )


def _fall(t: Words, text: str, left: int, gone: int | None, kind: str, note: str = "") -> Markup:
    before = left + (gone or 0)
    kept = left / before if before else 0.0
    bar = div("fall-bar", tag("i", style=f"width:{kept * 100:.2f}%"), tag("s", style=f"width:{100 - kept * 100:.2f}%"))
    lost = span("num fall-lost", f"−{t.count(gone)}") if gone else span("fall-lost")
    return div(
        f"fall {kind}",
        div("fall-text", text, span("muted small", note) if note else None, title=text),
        bar,
        span("num fall-left", t.count(left)),
        lost,
        span(
            "num fall-kept muted small", t.share(kept, 0 if kept >= 0.01 or not kept else 1) if gone is not None else ""
        ),
        role="row",
    )


def who(view: View, chosen: Sequence[str], fields: Sequence[tuple[str, str]]) -> Markup:
    """The profile along the chosen fields; a click takes one more, or one away."""
    t, value = view.t, view.value("audience")
    dims = [_dimension(view, item) for item in value.get("profile", [])]
    options = [tag("option", t("audiences.add_dimension"), value="")]
    options += [tag("option", label, value=name) for name, label in fields if name not in chosen]
    pick = tag("select", options, cls="input dim-pick", aria_label=t("audiences.add_dimension"), **act("dimension"))
    note = tag("p", t("audiences.index_note"), cls="muted small")
    return div("stack", spread(*dims), div("ends", note, pick))


def _dimension(view: View, item: Shape) -> Markup:
    t = view.t
    most = max((bar["share"] for bar in item["bars"]), default=1) or 1
    rows = [blocks.profile_bar(t, view.value_name(item["field"], bar["value"]), bar, most) for bar in item["bars"][:8]]
    away = blocks.icon_button(
        "close",
        t("audiences.drop_dimension", what=view.name(item["field"])),
        act("dimension_off", name=item["field"]),
        size=12,
    )
    return div("dimension", div("ends", tag("h3", view.name(item["field"])), away), rows)


def reach(view: View) -> Markup:
    """How many each channel reaches, and why it does not reach the others."""
    t, value = view.t, view.value("audience")
    rows: list[Markup] = []
    whole = [channel for channel, count in value["reach"].items() if count == value["count"] and count]
    if whole:
        told = t("audiences.reach_all", count=len(whole), channels=t.listed([view.name(one) for one in whole]))
        rows.append(tag("p", told, cls="small reach-all"))
    for channel, count in sorted(value["reach"].items(), key=lambda item: -item[1]):
        if channel not in whole:
            rows.append(_reach(view, channel, count))
    return div("reach-list", rows)


def _reach(view: View, channel: str, count: int) -> Markup:
    t, value = view.t, view.value("audience")
    share = count / max(value["count"], 1)
    why = value.get("channel_removed", {}).get(channel, ())
    said = t.listed([f"{one['message']} {t.count(one['count'])}" for one in why])
    return div(
        "reach-row",
        span("reach-name", view.name(channel)),
        blocks.meter(share, "", t.share(share, 0)),
        span("num reach-count", t.count(count)),
        span("num muted small reach-share", t.share(share, 0)),
        span("muted small reach-why", said, title=said) if said else span("reach-why"),
    )


def shared(t: Words, rows: Sequence[Shape], count: int) -> Markup:
    """How much of the audience is in each saved one."""
    if not rows:
        return tag("p", t("audiences.no_saved_yet"), cls="muted small")
    most = [
        div(
            "reach-row overlap",
            tag("a", row["name"], href=f"/audiences/saved/{row['id']}", cls="reach-name link"),
            blocks.meter(row["both"] / max(count, 1), "", t.share(row["both"] / max(count, 1), 0)),
            span("num reach-count", t.count(row["both"])),
            span("num muted small reach-share", t.share(row["both"] / max(count, 1), 0)),
            div(
                "overlap-acts",
                blocks.button(
                    t("audiences.leave_out"), act("combine", id=row["id"], how="without"), kind="quiet", small=True
                ),
                blocks.button(
                    t("audiences.keep_within"), act("combine", id=row["id"], how="within"), kind="quiet", small=True
                ),
            ),
        )
        for row in rows
    ]
    return div("reach-list", most)


def suggestions(t: Words, found: Sequence[Shape], size_: int) -> Markup:
    """Changes that come nearer to a wanted size, each one click."""
    if not found:
        return tag("p", t("audiences.no_suggestion", size=t.count(size_)), cls="muted small")
    return div(
        "suggested",
        [
            tag(
                "button",
                span("grow", one["message"]),
                tag("b", t.count(one["count"]), cls="num"),
                cls="suggest",
                type="button",
                data_item=True,
                **act("take_suggestion", rule=one["rule"], said=one["message"]),
            )
            for one in found
        ],
    )


def spark(values: Sequence[float], label: str, *, width: int = 96, height: int = 24) -> Markup:
    """A line of sizes with its last point marked; one size alone is a level line."""
    if not values:
        return span("muted small", "—")
    line = list(values) if len(values) > 1 else [values[0], values[0]]
    low, high = min(line), max(line)
    rise = high - low
    points = [
        (
            2 + place * (width - 6) / (len(line) - 1),
            height - 4 - (value - low) / rise * (height - 8) if rise else height / 2,
        )
        for place, value in enumerate(line)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last = points[-1]
    return tag(
        "svg",
        tag("polyline", points=path),
        tag("circle", cx=f"{last[0]:.1f}", cy=f"{last[1]:.1f}", r="2.5"),
        cls="spark",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
    )


def sample(t: Words, found: Shape) -> Markup:
    """Some members with their fields, masked as the role asks."""
    view = View(t, {"labels": found["labels"]})
    heads = [t("audiences.customer"), *(view.name(name) for name in found["fields"])]
    rows = [
        [tag("code", id), *(_cell(view, name, value) for name, value in zip(found["fields"], row, strict=True))]
        for id, row in zip(found["customers"], found["rows"], strict=True)
    ]
    note = t("audiences.sample_masked" if found["masked"] else "audiences.sample_plain")
    return div("stack", tag("p", note, cls="muted small"), blocks.table(heads, rows))


def _cell(view: View, name: str, value: Any) -> str:
    if value is None:
        return view.t("value.unknown")
    if isinstance(value, bool):
        return view.t("rule.yes" if value else "rule.no")
    label = view.doc["labels"].get(f"{name}={value}")
    if label:
        return str(label)
    if isinstance(value, int | float):
        return view.t.money(value * 100) if name.endswith("_cny") else f"{value:,g}"
    return str(value)
