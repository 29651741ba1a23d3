"""Charts by ECharts with one colour-blind safe palette, direct labels, no junk; light and dark."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

PALETTE = {
    "light": ("#3B6FD4", "#D98324", "#22877B", "#A8437A", "#6E63C7", "#858B94"),
    "dark": ("#7FA5F0", "#E8A85C", "#5DBFB2", "#D886B2", "#A9A0EE", "#9AA1AB"),
}
_INK = {"light": ("#1F2329", "#646A73", "#E5E6EB", "#FFFFFF"), "dark": ("#E9EBEE", "#A6ADB7", "#2C3138", "#22262B")}
_FONT = '"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif'

Option = dict[str, Any]


def draw(option: Option, *, height: int = 280, label: str = "") -> ui.echart:
    """Put a chart at the present place of the page; ``label`` says to screen readers what it shows."""
    chart = ui.echart(option).style(f"width:100%;height:{height}px")
    return chart.props(f'role="img" aria-label="{label}"') if label and '"' not in label else chart


def bars(
    theme: str, names: Sequence[str], values: Sequence[float | None], *, unit: str = "count", title: str = ""
) -> Option:
    """Horizontal bars, the first at the top, each with its value."""
    option = _base(theme, unit)
    option["grid"] |= {"left": 8, "right": 64, "top": 8, "bottom": 8}
    option["xAxis"] = {"type": "value", "show": False}
    option["yAxis"] = {
        "type": "category",
        "data": list(names),
        "inverse": True,
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {"color": _INK[theme][0], "width": 140, "overflow": "truncate"},
    }
    option["series"] = [
        {
            "type": "bar",
            "name": title,
            "data": list(values),
            "barMaxWidth": 22,
            "itemStyle": {"borderRadius": [0, 4, 4, 0]},
            "label": {
                "show": True,
                "position": "right",
                "color": _INK[theme][0],
                ":formatter": _format(unit, "p.value"),
            },
        }
    ]
    return option


def lines(
    theme: str, names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], *, unit: str = "count"
) -> Option:
    """Lines over time, each named at its end."""
    option = _base(theme, unit)
    option["tooltip"]["trigger"] = "axis"
    option["grid"] |= {"left": 8, "right": 72, "top": 16, "bottom": 8}
    option["xAxis"] = {"type": "category", "data": list(names), "boundaryGap": False, **_quiet(theme)}
    option["yAxis"] = {
        "type": "value",
        **_quiet(theme),
        "axisLabel": {"color": _INK[theme][1], ":formatter": _format(unit, "p")},
        "splitLine": {"lineStyle": {"color": _INK[theme][2]}},
    }
    option["series"] = [
        {
            "type": "line",
            "name": name,
            "data": list(values),
            "showSymbol": False,
            "lineStyle": {"width": 2.5},
            "endLabel": {"show": True, "formatter": "{a}", "color": "inherit", "distance": 6},
            # Lines that end side by side would write their names over each other.
            "labelLayout": {"moveOverlap": "shiftY"},
        }
        for name, values in series
    ]
    return option


def columns(
    theme: str, names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], *, unit: str = "count"
) -> Option:
    """Upright bars side by side, with a legend where there are several."""
    option = _base(theme, unit)
    option["tooltip"]["trigger"] = "axis"
    option["grid"] |= {"left": 8, "right": 8, "top": 32 if len(series) > 1 else 16, "bottom": 8}
    if len(series) > 1:
        option["legend"] = {
            "top": 0,
            "left": 0,
            "icon": "roundRect",
            "itemWidth": 10,
            "itemHeight": 10,
            "textStyle": {"color": _INK[theme][1]},
        }
    option["xAxis"] = {"type": "category", "data": list(names), **_quiet(theme)}
    option["yAxis"] = {
        "type": "value",
        **_quiet(theme),
        "axisLabel": {"color": _INK[theme][1], ":formatter": _format(unit, "p")},
        "splitLine": {"lineStyle": {"color": _INK[theme][2]}},
    }
    option["series"] = [
        {
            "type": "bar",
            "name": name,
            "data": list(values),
            "barMaxWidth": 36,
            "itemStyle": {"borderRadius": [4, 4, 0, 0]},
        }
        for name, values in series
    ]
    return option


def _base(theme: str, unit: str) -> Option:
    ink, second, line, ground = _INK[theme]
    return {
        "color": list(PALETTE[theme]),
        "animationDuration": 200,
        "textStyle": {"fontFamily": _FONT, "color": ink},
        "grid": {"containLabel": True},
        "tooltip": {
            "trigger": "item",
            "backgroundColor": ground,
            "borderColor": line,
            "textStyle": {"color": ink, "fontSize": 12},
            ":valueFormatter": _format(unit, "p"),
            "confine": True,
            "axisPointer": {"lineStyle": {"color": second}},
        },
    }


def _quiet(theme: str) -> Option:
    return {
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": _INK[theme][2]}},
        "axisLabel": {"color": _INK[theme][1], "hideOverlap": True},
    }


def _format(unit: str, value: str) -> str:
    """A JavaScript function that writes a number of a unit as the studio does."""
    body = {
        "share": f"({value}*100).toFixed(Math.abs({value})<0.1?2:1)+'%'",
        "fen": f"'¥'+({value}/100).toLocaleString('en-US',{{maximumFractionDigits:0}})",
        "ratio": f"Number({value}).toFixed(2)",
    }.get(unit, f"Number({value}).toLocaleString('en-US',{{maximumFractionDigits:1}})")
    return f"p=>{value}==null?'—':{body}"
