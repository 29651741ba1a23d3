"""What a connected model was asked and what it cost: by day, skill, campaign, prompt and person; or that none was."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks, charts
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage, Told
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]
WINDOWS = (7, 30, 90)
_ACCOUNTS = ("skill", "campaign", "model", "prompt", "person")


def register(studio: Studio) -> None:
    """Register ``/settings/models``."""
    studio.tab("settings", "models", "/settings/models")

    @ui.page("/settings/models", response_timeout=60)
    async def models(days: int = 30) -> None:
        async with studio.page("settings", tab="models", cls="narrow") as stage:
            _build(stage, days if days in WINDOWS else 30)


def _build(stage: Stage, days: int) -> None:
    t = stage.t
    stage.box("head", "lh-box", "")
    stage.box("sum", "lh-box", blocks.loading(t))
    stage.box("days", "lh-box")
    stage.box("accounts", "lh-box", "")

    async def fill(told: Told | None = None) -> None:
        chosen = int((told or {}).get("days") or days)
        stage.show("head", page_head(t("models.title"), t("models.lede"), _windows(t, chosen)))
        found = await stage.attempt(stage.session.call("agents.spent", days=chosen))
        if found is None:
            stage.show("sum", "")
            return
        stage.show("sum", summed(t, found))
        by_day = sorted(found["by_day"], key=lambda row: str(row["key"]))
        with stage.refill("days"):
            if len(by_day) > 1:
                _line(stage, by_day)
        stage.show("accounts", accounts(t, found))

    stage.on("window", fill)
    ui.timer(0.05, fill, once=True)


def _line(stage: Stage, by_day: Sequence[Shape]) -> None:
    """The cost of each day; where no price is known, its tokens."""
    t = stage.t
    priced = any(row["cost_cny"] for row in by_day)
    values = [row["cost_cny"] * 100 if priced else row["tokens_in"] + row["tokens_out"] for row in by_day]
    days = [t.day(row["key"]) for row in by_day]
    series = [(t("models.cost" if priced else "models.tokens"), values)]
    option = charts.lines(stage.session.theme, days, series, unit="fen" if priced else "count")
    charts.draw(option, height=220, label=t("models.by_day"))


def _windows(t: Words, chosen: int) -> Markup:
    buttons = [
        tag("button", t("models.days", count=days), type="button", cls="tab on" if days == chosen else "tab",
            aria_pressed=str(days == chosen).lower(), **act("window", days=days))
        for days in WINDOWS
    ]  # fmt: skip
    return div("tabs", buttons, role="group", aria_label=t("models.window"))


def summed(t: Words, told: Shape) -> Markup:
    """The sum of the window; without a model, and without calls of an earlier one, that none was used."""
    total: Shape = told["total"]
    model = str(told.get("model") or "")
    if not total["calls"]:
        title = t("models.unasked", name=model) if model else t("models.embedded")
        text = t("models.unasked_text" if model else "models.embedded_text")
        return tag("section", blocks.empty("spark", title, text), cls="panel")
    price = told.get("price_cny_per_million")
    known = t("models.price", into=f"{price['in']:g}", out=f"{price['out']:g}") if price else t("models.no_price")
    keys = div(
        "keys",
        blocks.key_number(cost(t, total), t("models.cost"), t("models.since", day=t.day(told["since"]))),
        blocks.key_number(t.count(total["calls"]), t("models.calls"), t("models.failed", count=total["failed"])),
        blocks.key_number(t.short(total["tokens_in"]), t("models.tokens_in")),
        blocks.key_number(t.short(total["tokens_out"]), t("models.tokens_out")),
    )
    note = tag("p", span("source-name", model or t("models.gone")), " · ", known, cls="muted small")
    return blocks.card(t("models.sum"), keys, note, symbol="wallet")


def cost(t: Words, row: Shape) -> str:
    """What calls cost; a model without a price cost something that is not known."""
    if not row["priced"]:
        return "—"
    yuan = float(row["cost_cny"])
    return f"¥{yuan:.4f}" if 0 < yuan < 1 else t.money(yuan * 100)


def accounts(t: Words, told: Shape) -> Markup | str:
    """The same sum by what was asked for, for which campaign, with which prompt, by whom."""
    cards = [_account(t, name, told[f"by_{name}"]) for name in _ACCOUNTS if told.get(f"by_{name}")]
    return div("stack", cards) if cards else ""


def _account(t: Words, name: str, rows: Sequence[Shape]) -> Markup:
    heads = [t(f"models.head_{name}"), t("models.calls"), t("models.tokens"), t("models.seconds"), t("models.cost")]
    body = [
        [span("source-name", str(row["label"])), t.count(row["calls"]), t.count(row["tokens_in"] + row["tokens_out"]),
         f"{row['seconds']:,.1f}", cost(t, row)]
        for row in rows[:12]
    ]  # fmt: skip
    return blocks.card(t(f"models.by_{name}"), blocks.table(heads, body, figures=(1, 2, 3, 4)))
