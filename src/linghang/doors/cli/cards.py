"""How documents, findings, reports and answers look on a terminal."""

import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from linghang.base.messages import catalogue, render
from linghang.doors.cli.terminal import Options, say, table

Shape = Mapping[str, Any]


def yuan(fen: int | float | None) -> str:
    """Money for people: yuan with thousands separators, 万 from ten thousand on where it is round."""
    if fen is None:
        return ""
    value = fen / 100
    sign = "−" if value < 0 else ""
    return f"{sign}¥{abs(value):,.2f}".removesuffix(".00")


def number(value: float | int | None, unit: str = "count") -> str:
    """A figure with its unit."""
    if value is None:
        return "—"
    if unit == "share":
        return f"{value * 100:.2f}%"
    if unit == "fen":
        return yuan(value)
    if unit == "ratio":
        return f"{value:.2f}"
    return f"{value:,.0f}"


def instant(text: str | None, zone: str) -> str:
    """An instant to the minute, as clocks show it in an institution's zone."""
    return f"{dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if text else "—"


def findings(options: Options, items: Sequence[Shape], id: str = "") -> None:
    """One line a finding: severity, what it is about, the sentence; and how its fix is applied."""
    for item in items:
        about = item.get("about_label") or ""
        sys.stdout.write(f"  {item['severity']} {about}{': ' if about else ''}{item['message']}\n")
        fix = item.get("fix") or {}
        if id and fix.get("patch"):
            sys.stdout.write("     ↳ " + render("cli.fix", {**item, **fix, "id": id}, options.locale) + "\n")


def document(options: Options, campaign: Shape) -> None:
    """The campaign as a column of cards, in the order of the walk."""
    sections = campaign["sections"]
    sys.stdout.write(f"{campaign['name']}  {campaign['id']}  v{campaign['version']}  {campaign['status_label']}\n")
    for name, section in sections.items():
        line = CARDS.get(name, _nothing)(options, section.get("value") or {}, campaign)
        if line:
            millis = f"  ({section['millis']:.0f} ms)" if section.get("millis") else ""
            sys.stdout.write(f"  {render('section.' + name, {}, options.locale)}: {line}{millis}\n")
    if campaign.get("missing"):
        say(options, "cli.asks", keys=", ".join(campaign["missing_labels"]))
    findings(options, campaign["findings"], campaign["id"])
    if campaign.get("next"):
        say(options, f"cli.next_{campaign['next']}", id=campaign["id"])


def _nothing(_options: Options, _value: Shape, _campaign: Shape) -> str:
    return ""


def _goal(options: Options, value: Shape, campaign: Shape) -> str:
    staged = " / ".join(
        f"{campaign['labels'].get(phase['id'], phase['id'])} {phase['start'][5:]}→{phase['end'][5:]}"
        for phase in value["phases"]
    )
    return (
        f"{campaign['labels'].get(value['product'], value['product'])} · {value['start']} → {value['end']} · "
        f"{yuan(value['budget_fen'])} · {' · '.join(_names(campaign, value['channels']))}"
        f"{f' · {staged}' if len(value['phases']) > 1 else ''}"
    )


def _audience(options: Options, value: Shape, campaign: Shape) -> str:
    return render("cli.audience", {"matched": f"{value['matched']:,}", "count": f"{value['count']:,}",
                                   "words": campaign.get("audience_words", "")}, options.locale)  # fmt: skip


def _layers(options: Options, value: Shape, campaign: Shape) -> str:
    return " | ".join(
        f"{campaign['labels'].get(layer['id'], layer['id'])} {layer['count']:,}" for layer in value["layers"]
    )


def _benefits(options: Options, value: Shape, campaign: Shape) -> str:
    return f"{yuan(value['committed_fen'])} / {yuan(value['budget_fen'])}"


def _copy(options: Options, value: Shape, _campaign: Shape) -> str:
    first = next((text["text"] for text in value["texts"] if text["role"] in ("title", "push_title")), "")
    return f"{len(value['texts'])} · {first}"


def _creatives(options: Options, value: Shape, _campaign: Shape) -> str:
    sizes = sorted({f"{p['width']}×{p['height']}" for p in value["pictures"]})
    return f"{len(value['pictures'])} · {', '.join(sizes)}"


def _combinations(options: Options, value: Shape, _campaign: Shape) -> str:
    usable = [variant for variant in value["variants"] if not variant["excluded"]]
    return f"{len(usable)} / {len(value['variants'])}"


def _page(options: Options, value: Shape, _campaign: Shape) -> str:
    return f"{value['title']} · {value['bytes'] / 1024:.0f} KB"


def _placements(options: Options, value: Shape, campaign: Shape) -> str:
    return " · ".join(_names(campaign, dict.fromkeys(p["slot"] or p["channel"] for p in value["placements"])))


def _names(campaign: Shape, ids: Iterable[str]) -> list[str]:
    return [str(campaign["labels"].get(name, name)) for name in ids]


def _experiment(options: Options, value: Shape, _campaign: Shape) -> str:
    params = {
        "treated": f"{value['treated']:,}",
        "holdout": f"{value['holdout']:,}",
        "mde": f"{value['mde'] * 100:.2f}",
    }
    return render("cli.experiment", params, options.locale)


def _estimate(options: Options, value: Shape, _campaign: Shape) -> str:
    return " · ".join(
        f"{render('figure.' + f['name'], {}, options.locale)} {number(f['value'], f['unit'])} "
        f"[{number(f['low'], f['unit'])}, {number(f['high'], f['unit'])}]"
        for f in value["figures"][:4]
    )


def _compliance(options: Options, value: Shape, _campaign: Shape) -> str:
    return render(
        f"cli.verdict_{value['verdict']}", {"assets": len(value["assets"]), "rules": value["rules"]}, options.locale
    )


CARDS = {
    "goal": _goal,
    "audience": _audience,
    "layers": _layers,
    "benefits": _benefits,
    "copy": _copy,
    "creatives": _creatives,
    "combinations": _combinations,
    "page": _page,
    "placements": _placements,
    "experiment": _experiment,
    "estimate": _estimate,
    "compliance": _compliance,
}


def acted(options: Options, skill: str, result: Shape) -> None:
    """What an act did."""
    told = {key: _inline(value) for key, value in result.items()}
    fen = {key: value for key, value in result.items() if key.endswith("_fen")}
    told |= {key.replace("_fen", "_yuan"): f"{value / 100:,.2f}" for key, value in fen.items()}
    code = skill.replace("campaign.", "cli.did_")
    shadowed = f"{code}_shadow" if result.get("shadow") is True else code
    say(options, shadowed if shadowed in catalogue() else code, **told)
    if result.get("findings"):
        findings(options, result["findings"])


def _inline(value: Any) -> Any:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def report(options: Options, result: Shape) -> None:
    """The report: the funnel, the effect with its interval, cost and return."""
    sys.stdout.write(f"{result['name']}  {result['campaign_id']}\n")
    for label in result.get("labels", []):
        sys.stdout.write(f"  ⚑ {label}\n")
    rows = [
        (row["label"], number(row["value"], row["unit"]), _interval(row), row.get("note", "")) for row in result["rows"]
    ]
    table(options, ("cli.figure", "cli.value", "cli.interval", "cli.note"), rows)
    if result.get("sentence"):
        sys.stdout.write(f"{result['sentence']}\n")
    findings(options, result.get("findings", []))


def _interval(row: Shape) -> str:
    if row.get("low") is None or row.get("high") is None:
        return ""
    between = " – " if row["low"] >= 0 else " ~ "
    return f"{number(row['low'], row['unit'])}{between}{number(row['high'], row['unit'])}"


def answer(options: Options, result: Shape) -> None:
    """An answer to a question: sentence and table."""
    if result.get("sentence"):
        sys.stdout.write(f"{result['sentence']}\n")
    shown = result.get("table") or {}
    if shown.get("rows"):
        table(options, tuple(shown["columns"]), shown["rows"])
    findings(options, result.get("findings", []))
