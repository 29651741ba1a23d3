"""Benefits: pools with what is used and frozen, stock, and the ledger that both are recomputed from."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Child, Markup, div, span, tag
from linghang.doors.studio.shell import Studio, page_head
from linghang.doors.studio.stage import Stage
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]


def register(studio: Studio) -> None:
    """Register ``/benefits``."""

    @ui.page("/benefits", response_timeout=60)
    async def benefits(pool: str = "") -> None:
        async with studio.page("benefits") as stage:
            await _build(stage, pool)


async def _build(stage: Stage, pool: str) -> None:
    t = stage.t
    stage.box("head", "lh-box", page_head(t("benefits.title"), t("benefits.lede")))
    told = await stage.attempt(stage.session.call("benefit.list"))
    pools, items = (told or {}).get("pools", []), (told or {}).get("benefits", [])
    stage.box("pools", "cols", [div("c4", _pool(t, item)) for item in pools])
    names = {str(item["id"]): str(item.get("name") or item["id"]) for item in [*pools, *items]}
    stage.box("stock", "lh-box", blocks.card(t("benefits.stock"), _stock(t, items, names), symbol="benefits"))
    ledger = await stage.attempt(stage.session.call("benefit.ledger", pool=pool))
    rows = (ledger or {}).get("rows", [])
    choices = [
        ("", t("benefits.all_pools"), "/benefits"),
        *[(str(item["id"]), names[str(item["id"])], f"/benefits?pool={item['id']}") for item in pools],
    ]
    stage.box(
        "ledger",
        "lh-box",
        blocks.card(t("benefits.ledger"), blocks.tabs(choices, pool), _ledger(t, rows, names), symbol="copywriting"),
    )


def _pool(t: Words, item: Shape) -> Markup:
    total = float(item.get("total_fen") or 0)
    used = float(item.get("redeemed_fen") or 0)
    frozen = float(item.get("held_fen") or 0) - used
    share = (used + frozen) / total if total else 0
    tone, text = ("bad", "full") if share >= 1 else ("warn", "warn") if share >= 0.9 else ("", "")
    bar = div(
        "stackbar",
        tag("i", style=f"width:{used / total * 100 if total else 0:.2f}%"),
        tag("s", style=f"width:{frozen / total * 100 if total else 0:.2f}%"),
        role="img",
        aria_label=t.share(share, 0),
    )
    legend = div(
        "legend",
        span("sw used"),
        t("benefits.used", money=t.money(used)),
        span("sw frozen"),
        t("benefits.frozen", money=t.money(frozen)),
    )
    left = blocks.key_number(t.money(total - used - frozen), t("benefits.left"), t("benefits.of", money=t.money(total)))
    warn = blocks.pill(t(f"benefits.{text}"), "bad" if tone == "bad" else "warn", "alert") if text else None
    return blocks.card(str(item.get("name") or item["id"]), left, bar, legend, actions=warn)


def _stock(t: Words, items: Sequence[Shape], names: Mapping[str, str]) -> Markup:
    if not items:
        return blocks.empty("benefits", t("benefits.none"), t("benefits.none_text"))
    heads = [t(f"benefits.head_{name}") for name in ("name", "type", "face", "threshold", "left", "pool", "days")]
    rows: list[list[Child]] = []
    for item in items:
        stock, left = int(item.get("stock") or 0), item.get("left")
        level = _level(t, left, stock) if left is not None and stock else span("muted", t("benefits.no_limit"))
        rows.append(
            [
                tag("b", str(item.get("name") or item["id"])),
                t.value(str(item.get("type", ""))),
                t.money(item.get("face_fen")),
                t.money(item["threshold_fen"]) if item.get("threshold_fen") else t("benefits.no_threshold"),
                level,
                names.get(str(item.get("pool")), str(item.get("pool", ""))),
                t("benefits.days", days=item.get("valid_days", "—")),
            ]
        )
    return blocks.table(heads, rows, figures=(2, 3))


def _level(t: Words, left: int, stock: int) -> Markup:
    share = left / stock
    label = t("phone.of_stock", left=t.count(left), stock=t.count(stock))
    return div(
        "left-cell", tag("b", t.count(left), cls="num"), blocks.meter(share, "warn" if share < 0.1 else "", label)
    )


def _ledger(t: Words, rows: Sequence[Shape], names: Mapping[str, str]) -> Markup:
    if not rows:
        return tag("p", t("benefits.no_rows"), cls="muted")
    heads = [t(f"benefits.head_{name}") for name in ("at", "entry", "benefit", "pool", "amount", "campaign")]
    body: list[list[Child]] = []
    for row in rows[:60]:
        kind = str(row["kind"])
        entry = blocks.pill(t(f"entry.{kind}") if t.has(f"entry.{kind}") else kind, _TONES.get(kind, ""))
        amount = row["redeemed_fen"] if kind == "redeem" else row["face_fen"]
        benefit = str(row.get("name") or names.get(str(row["benefit"]), row["benefit"]))
        campaign = row.get("campaign") or {}
        source = tag("a", campaign["name"], href=f"/campaigns/{campaign['id']}", cls="link") if campaign else "—"
        body.append(
            [
                t.instant(row["at"]),
                entry,
                benefit,
                names.get(str(row["pool"]), str(row["pool"])),
                t.money(amount),
                source,
            ]
        )
    return blocks.table(heads, body, figures=(4,))


_TONES: Mapping[str, blocks.Tone] = {
    "reserve": "info",
    "freeze": "info",
    "issue": "ok",
    "redeem": "brand",
    "expire": "quiet",
    "reclaim": "quiet",
    "release": "quiet",
}
