"""The calendar: what runs where and when, over all campaigns; places that two campaigns want are marked."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
_DAYS = 28


def register(studio: Studio) -> None:
    """Register ``/calendar``."""

    @ui.page("/calendar", response_timeout=60)
    async def calendar(start: str = "") -> None:
        async with studio.page("calendar", cls="wide") as stage:
            await _build(stage, start)


async def _build(stage: Stage, start: str) -> None:
    t = stage.t
    rows: Sequence[Shape] = await stage.attempt(stage.session.call("calendar.show", start="", end="")) or []
    first = _first(t, start, rows)
    last = first + dt.timedelta(days=_DAYS - 1)
    shown = [row for row in rows if row["start"] <= last.isoformat() and row["end"] >= first.isoformat()]
    step = dt.timedelta(days=14)
    nav = div(
        "line",
        blocks.link_button(t("calendar.before"), f"/calendar?start={first - step}", small=True),
        blocks.link_button(t("calendar.today"), "/calendar", small=True),
        blocks.link_button(t("calendar.after"), f"/calendar?start={first + step}", small=True),
    )
    stage.box(
        "head", "lh-box", page_head(t("calendar.title"), t("calendar.lede", start=t.day(first), end=t.day(last)), nav)
    )
    if not shown:
        stage.box(
            "none",
            "calendar-none",
            tag("section", blocks.empty("calendar", t("calendar.none"), t("calendar.none_text")), cls="panel"),
        )
        return
    labels = await _labels(stage, shown)
    stage.box(
        "grid",
        "calendar-box",
        tag("section", div("card-body", _grid(t, shown, first, labels), _legend(t, shown)), cls="panel"),
    )


def _first(t: Words, start: str, rows: Sequence[Shape]) -> dt.date:
    try:
        return dt.date.fromisoformat(start)
    except ValueError:
        today = dt.datetime.now(ZoneInfo(t.zone)).date()
    # Where nothing runs in the weeks from today on, the first placement ahead (or the last one past) is shown.
    ends = [row["end"] for row in rows]
    if rows and not any(
        row["start"] <= (today + dt.timedelta(days=_DAYS)).isoformat() and row["end"] >= today.isoformat()
        for row in rows
    ):
        ahead = [row["start"] for row in rows if row["start"] > today.isoformat()]
        today = dt.date.fromisoformat(min(ahead) if ahead else max(ends))
    return today - dt.timedelta(days=today.weekday())


async def _labels(stage: Stage, rows: Sequence[Shape]) -> Mapping[str, str]:
    """Names of slots and channels, as the newest campaign of the calendar tells them."""
    if all(row.get("label") for row in rows):
        return {str(row["slot"] or row["channel"]): str(row["label"]) for row in rows}
    doc = await stage.attempt(stage.session.call("campaign.show", id=rows[0]["campaign_id"]))
    return (doc or {}).get("labels", {})


def _grid(t: Words, rows: Sequence[Shape], first: dt.date, labels: Mapping[str, str]) -> Markup:
    days = [first + dt.timedelta(days=n) for n in range(_DAYS)]
    today = dt.datetime.now(ZoneInfo(t.zone)).date()
    heads = [
        span(
            f"day{' off' if day.weekday() >= 5 else ''}{' now' if day == today else ''}",
            tag("b", str(day.day)),
            tag("small", _under(t, day)),
        )
        for day in days
    ]
    lines = [div("gantt-row head", span("gantt-name"), div("gantt-days", heads))]
    colours = {id: n % 6 for n, id in enumerate(dict.fromkeys(row["campaign_id"] for row in rows))}
    for place in dict.fromkeys(str(row["slot"] or row["channel"]) for row in rows):
        own = [row for row in rows if str(row["slot"] or row["channel"]) == place]
        levels = _levels(own)
        bars = [_bar(t, row, first, colours[row["campaign_id"]], level) for row, level in zip(own, levels, strict=True)]
        clash = blocks.pill(t("calendar.clash"), "warn", "alert") if _clashes(own) else None
        name = span("gantt-name", labels.get(place, place), clash)
        lines.append(div("gantt-row", name, div("gantt-track", bars, style=f"height:{(max(levels) + 1) * 30 - 2}px")))
    return div("gantt-wrap", div("gantt wide", lines, style=f"--days:{_DAYS}"))


def _under(t: Words, day: dt.date) -> str:
    """What stands under a day's number: the month on its first day, else the weekday."""
    if day.day == 1:
        return t.day(day).removesuffix("1日") if t.chinese else t.day(day).removeprefix("1 ")
    return "一二三四五六日"[day.weekday()] if t.chinese else "MTWTFSS"[day.weekday()]


def _levels(rows: Sequence[Shape]) -> list[int]:
    """A level for each bar, so that bars of one place do not lie over each other."""
    levels: list[int] = []
    for place, row in enumerate(rows):
        taken = {
            levels[other]
            for other in range(place)
            if rows[other]["start"] <= row["end"] and rows[other]["end"] >= row["start"]
        }
        levels.append(next(level for level in range(len(rows) + 1) if level not in taken))
    return levels


def _clashes(rows: Sequence[Shape]) -> bool:
    """Whether two campaigns want a slot on the same day."""
    slots = [row for row in rows if row.get("slot") and row.get("status") not in ("ended", "cancelled")]
    return any(_meet(one, other) for n, one in enumerate(slots) for other in slots[:n])


def _meet(one: Shape, other: Shape) -> bool:
    days = one["start"] <= other["end"] and other["start"] <= one["end"]
    return days and one["campaign_id"] != other["campaign_id"]


def _bar(t: Words, row: Shape, first: dt.date, colour: int, level: int) -> Markup:
    start = max((dt.date.fromisoformat(row["start"]) - first).days, 0)
    end = min((dt.date.fromisoformat(row["end"]) - first).days, _DAYS - 1)
    across = f"left:{start / _DAYS * 100:.3f}%;width:{(end - start + 1) / _DAYS * 100:.3f}%"
    style = f"{across};top:{level * 30 + 2}px;height:24px;bottom:auto"
    daily = t.short(max(row.get("daily") or [0]))
    title = f"{row['name']} {t.days(row['start'], row['end'])} {t('schedule.daily', count=daily)}"
    return tag(
        "a",
        span("", str(row["name"])),
        href=f"/campaigns/{row['campaign_id']}#schedule",
        cls=f"gantt-bar b{colour}",
        style=style,
        title=title,
        data_item=True,
    )


def _legend(t: Words, rows: Sequence[Shape]) -> Markup:
    names = {row["campaign_id"]: row for row in rows}
    return div(
        "legend",
        [
            tag(
                "a",
                span(f"sw b{n % 6}"),
                str(row["name"]),
                blocks.status(t, str(row.get("status", ""))),
                href=f"/campaigns/{id}",
                cls="line",
            )
            for n, (id, row) in enumerate(names.items())
        ],
    )
