"""Which campaign is meant, and what it did: by name, product and time; told with the figures of its ledgers.

A campaign that Linghang did not run has no ledgers: then past read-outs among the documents are what is known of it.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from linghang import knowledge, packs, reading
from linghang.base.errors import LinghangError, RefusedError
from linghang.base.messages import render
from linghang.campaigns import store
from linghang.flow import documents, reporting, views
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack

_RAN = frozenset({"running", "paused", "ended"})
_MOST_SOURCES = 3
_LATEST = re.compile(
    r"上次|上一次|上个活动|上一个活动|最近(?:的|一次|那次)?|刚才|刚刚|这次|last|latest|recent|the campaign"
)


@skill(
    "campaign.find",
    effect="read",
    permission="campaign.read",
    example={"text": "上周的白条活动"},
    needs={"text": "words"},
    makes={"campaign.matches": "", "campaign.id": "best"},
)
def find(ctx: Context, text: str) -> Mapping[str, Any]:
    """Campaigns that a sentence names: by id, by words of their name, by product, by the time in which they ran.

    ``best`` is the one that fits clearly best, else empty: two that fit alike are for the asker to choose.
    """
    pack = packs.load(ctx.pack)
    told = reading.ask(text, today=ctx.today, pack=pack).reading
    rows = [views.row(documents.load(ctx, known)) for known, _ in store.listing(ctx.db, ctx.institution_id)]
    scored = sorted(
        ((_fit(row, text, told, pack), row) for row in rows), key=lambda item: (-item[0], str(item[1]["updated"])),
    )  # fmt: skip
    fitting = [(score, row) for score, row in scored if score > 0]
    if not fitting and _LATEST.search(text):
        fitting = [(0.5, row) for row in rows if row["status"] in _RAN][:1]
    clear = bool(fitting) and (len(fitting) == 1 or fitting[0][0] > fitting[1][0])
    return {
        "text": text,
        "best": str(fitting[0][1]["id"]) if clear else "",
        "matches": [{**row, "fit": round(score, 2)} for score, row in fitting[:5]],
        "named": [str(item["value"]) for item in told.get("filters", ()) if item.get("field") == "campaign"],
    }


@skill(
    "campaign.recap",
    effect="read",
    permission="analysis.read",
    cost="medium",
    example={"text": "复盘上周白条活动"},
    needs={"text": "words", "matches": "campaign.matches"},
    makes="campaign.recap",
)
def recap(ctx: Context, text: str, matches: dict[str, Any] | None = None) -> Mapping[str, Any]:
    """What a campaign did: its read-out from the ledgers, and past read-outs of its kind from the documents.

    Refused when neither is there, with the campaigns that ran.
    """
    found = matches if matches is not None else find(ctx, text)
    report = _report(ctx, found)
    sources = _past(ctx, text, found)
    if report is None and not sources:
        ran = [str(row["name"]) for row in _all(ctx) if row["status"] in _RAN]
        raise RefusedError("recap.nothing_ran", asked=text[:40], ran="、".join(ran[:5]) or "—")
    return {
        "text": text,
        "campaign_id": report["campaign_id"] if report else "",
        "report": report,
        "sentence": report["sentence"]
        if report
        else render("recap.only_documents", {"count": len(sources)}, ctx.locale),
        "others": [row for row in found.get("matches", []) if not report or row["id"] != report["campaign_id"]],
        "sources": sources,
    }


def _report(ctx: Context, found: Mapping[str, Any]) -> dict[str, Any] | None:
    ran = [row for row in found.get("matches", []) if row["status"] in _RAN]
    named = [row for row in ran if row["id"] == found.get("best")] or ran[:1]
    for row in named:
        try:
            return reporting.report(ctx, documents.load(ctx, str(row["id"])))
        except LinghangError:
            # A launch that never took a customer has no read-out; the documents may still say something.
            continue
    return None


def _past(ctx: Context, text: str, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Passages of earlier read-outs that speak of what was named; none where nothing was."""
    pack = packs.load(ctx.pack)
    wanted = {*_products_in(text, pack), *(str(word) for word in found.get("named", ()))}
    if not wanted:
        return []
    hits = knowledge.search(
        knowledge.library(pack, ctx.home, ctx.encoder), pack, text, 8, knowledge.Filter(kind="review")
    )
    named = [hit for hit in hits if any(word in f"{hit.title}{hit.section}{hit.text}" for word in wanted)]
    return [
        {"title": hit.title, "source": hit.source, "section": hit.section, "text": hit.text, "start": hit.start,
         "end": hit.end}
        for hit in named[:_MOST_SOURCES]
    ]  # fmt: skip


def _all(ctx: Context) -> list[dict[str, Any]]:
    return [views.row(documents.load(ctx, known)) for known, _ in store.listing(ctx.db, ctx.institution_id)]


def _fit(row: Mapping[str, Any], text: str, told: Mapping[str, Any], pack: Pack) -> float:
    if str(row["id"]) in text:
        return 10.0
    score = 0.0
    name = str(row["name"])
    words = [str(item["value"]) for item in told.get("filters", ()) if item.get("field") == "campaign"]
    score += sum(3.0 for word in words if word and word in name)
    product = next((item for item in pack.products if item.id == row["product"]), None)
    if product is not None:
        own = {product.label.zh, product.label.en, product.kind, product.group, *product.words}
        score += 2.0 * any(len(word) > 1 and word.lower() in text.lower() for word in own if word)
    score += 1.0 * any(part in name for part in _OBJECTIVES if part in text)
    if score == 0:
        return 0.0
    return score + _overlap(row, told.get("time", {}))


_OBJECTIVES = ("拉新", "促活", "转化", "留存", "召回", "交叉销售", "升级", "品牌")


def _overlap(row: Mapping[str, Any], time: Mapping[str, Any]) -> float:
    start, end = _day(time.get("start")), _day(time.get("end"))
    first, last = _day(row.get("start")), _day(row.get("end"))
    if start is None or first is None or last is None:
        return 0.0
    return 0.5 if first <= (end or start) and last >= start else 0.0


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(str(value)) if value and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else None


def _products_in(text: str, pack: Pack) -> Sequence[str]:
    return [
        word
        for product in pack.products
        for word in (product.label.zh, *product.words)
        if len(word) > 1 and word in text
    ]
