"""What stands below the sentence of a turn: findings, texts, a page, pictures, figures, rows; small enough to be kept.

A block is JSON of a few kinds, so that a turn reads the same when its conversation is opened again. What can be opened
names a room and an id or words, never an address: doors know where that is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linghang.agents.model import Json

Block = dict[str, Json]
Shower = Callable[[Any], Sequence[Block]]

MOST = 8
"""Rows of a block; the rest is counted and found in its room."""
_LIKE = 0.3
"""A rewritten text that shares less than this of its pairs of characters says something else."""


def show(makes: str, result: Json) -> list[Block]:
    """The blocks of a result of a type; nothing for a type that its sentence tells whole."""
    shower = _SHOWERS.get(makes)
    return [block for block in shower(result) if block] if shower is not None and result else []


def useful(fixed: str, text: str) -> bool:
    """Whether a rewritten text still says what the text was about: another text is no mending of it."""
    own, other = _pairs(text), _pairs(fixed)
    return bool(fixed) and fixed != text and bool(own) and len(own & other) / len(own) >= _LIKE


def _pairs(text: str) -> set[str]:
    bare = "".join(letter for letter in text if letter.isalnum())
    return {bare[place : place + 2] for place in range(len(bare) - 1)}


def _go(room: str, **named: str) -> Block:
    return {"room": room, **named}


def _rows(items: Sequence[Block], whole: int, go: Block) -> Block:
    return {"kind": "rows", "items": list(items)[:MOST], "count": whole, "go": go} if items else {}


def _verdict(result: Any) -> Sequence[Block]:
    text = str(result.get("text", ""))
    found = [{key: item.get(key) for key in _OF_FINDING} for item in result["findings"]]
    fixed = str(result.get("fixed_text") or "")
    mended: Block = {"kind": "text", "text": fixed, "name": "mended"} if useful(fixed, text) else {}
    shown: Block = {"kind": "findings", "text": text, "items": found[:MOST], "count": len(found)} if found else {}
    return [shown, mended]


_OF_FINDING = ("rule", "severity", "span", "text", "law", "law_en", "article", "article_en", "message", "fix")


def _texts(result: Any) -> Sequence[Block]:
    items = [{"place": item["place"], "roles": item["roles"], "mind": item.get("mind", "")} for item in result["texts"]]
    return [{"kind": "texts", "items": items, "brand": result.get("product_name", "")}]


def _page(result: Any) -> Sequence[Block]:
    return [{"kind": "page", "file": result["file"], "title": result["title"]}]


def _pictures(result: Any) -> Sequence[Block]:
    items = [{key: item.get(key) for key in ("file", "slot_name", "width", "height", "alt")}
             for item in result["pictures"]]  # fmt: skip
    return [{"kind": "pictures", "items": items}]


def _size(result: Any) -> Sequence[Block]:
    figures = [{"name": name, "value": result[key]} for name, key in
               (("matched", "matched"), ("addressable", "count"), ("everyone", "base"))]  # fmt: skip
    return [{"kind": "figures", "items": figures, "go": _go("audiences", words=str(result.get("words", "")))}]


def _campaign(result: Any) -> Sequence[Block]:
    goal, audience = _value(result, "goal"), _value(result, "audience")
    if not goal:
        return []
    counted: list[Block] = [{"name": "audience", "value": audience["count"]}] if "count" in audience else []
    figures: list[Block] = [
        *counted,
        {"name": "budget", "value": goal.get("budget_fen"), "unit": "fen"},
        {"name": "window", "value": f"{goal.get('start')}/{goal.get('end')}", "unit": "window"},
    ]
    return [{"kind": "figures", "items": figures}]


def _value(result: Any, section: str) -> Mapping[str, Json]:
    found = (result.get("sections") or {}).get(section) if isinstance(result, Mapping) else None
    value = found.get("value") if isinstance(found, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _answer(result: Any) -> Sequence[Block]:
    quotes = [
        {"title": quote["title"], "section": quote["section"], "id": quote["source"], "start": quote["start"],
         "end": quote["end"]}
        for quote in result.get("quotes", [])[:3]
    ]  # fmt: skip
    return [{"kind": "sources", "items": quotes} if quotes else {}]


def _passages(result: Any) -> Sequence[Block]:
    rows = [
        {"title": _of(row, "title"), "section": _of(row, "section"), "id": _of(row, "source"),
         "start": _of(row, "start"), "end": _of(row, "end")}
        for row in result[:3]
    ]  # fmt: skip
    return [{"kind": "sources", "items": rows} if rows else {}]


def _of(row: Any, key: str) -> Json:
    own = row.get("document") if isinstance(row.get("document"), Mapping) else {}
    return row.get(key, own.get(key))


def _analysis(result: Any) -> Sequence[Block]:
    told = result.get("table") or {}
    rows = told.get("rows") or []
    if len(rows) < 2:
        return []
    return [{"kind": "table", "columns": told["columns"], "units": told.get("units", []), "rows": rows[:MOST],
             "count": len(rows)}]  # fmt: skip


def _campaigns(result: Any) -> Sequence[Block]:
    items = [
        {"title": row.get("name"), "status": row.get("status"), "go": _go("campaign", id=str(row.get("id")))}
        for row in result
    ]
    return [_rows(items, len(items), _go("campaigns"))]


def _calendar(result: Any) -> Sequence[Block]:
    items = [
        {"title": row.get("name"), "days": [row.get("start"), row.get("end")],
         **({"go": _go("campaign", id=str(row["campaign"]))} if row.get("campaign") else {})}
        for row in result
    ]  # fmt: skip
    return [_rows(items, len(items), _go("calendar"))]


def _opportunities(result: Any) -> Sequence[Block]:
    items = [{"title": row.get("title"), "fen": row.get("value_fen"), "say": row.get("brief", "")} for row in result]
    return [_rows(items, len(items), _go("insights"))]


def _inbox(result: Any) -> Sequence[Block]:
    rows = result.get("items", [])
    return [_rows([{"title": row["title"], "fen": row.get("value_fen")} for row in rows], len(rows), _go("inbox"))]


def _skills(result: Any) -> Sequence[Block]:
    items = [{"title": row.get("title") or row.get("name")} for row in result]
    return [_rows(items, len(items), _go("skills"))]


def _saved(result: Any) -> Sequence[Block]:
    rows = result["audiences"]
    items = [{"title": row["name"], "people": row["count"], "go": _go("saved", id=str(row["id"]))} for row in rows]
    return [_rows(items, len(rows), _go("saved"))]


def _sources(result: Any) -> Sequence[Block]:
    items = [{"title": row.get("title"), "go": _go("document", id=str(row.get("source")))} for row in result]
    return [_rows(items, len(items), _go("knowledge"))]


def _remembered(result: Any) -> Sequence[Block]:
    rows = result.get("items", [])
    return [_rows([{"title": row["text"], "turn": row["turn"]} for row in rows], len(rows), _go("memory"))]


def _elsewhere(room: str) -> Shower:
    """A result that is read in its own room."""
    return lambda _result: [{"kind": "go", "go": _go(room)}]


_SHOWERS: Mapping[str, Shower] = {
    "compliance.verdict": _verdict,
    "copy.texts": _texts,
    "page.draft": _page,
    "picture.drafts": _pictures,
    "audience.size": _size,
    "audience.saved_ones": _saved,
    "campaign.document": _campaign,
    "campaign.copy": _campaign,
    "knowledge.answer": _answer,
    "knowledge.passages": _passages,
    "knowledge.sources": _sources,
    "analysis.answer": _analysis,
    "campaigns": _campaigns,
    "calendar": _calendar,
    "opportunities": _opportunities,
    "inbox": _inbox,
    "skills": _skills,
    "memory.told": _remembered,
    "benefits": _elsewhere("benefits"),
    "benefits.ledger": _elsewhere("benefits"),
    "approvals.queue": _elsewhere("approvals"),
    "brand.kit": _elsewhere("brand"),
    "asset.list": _elsewhere("assets"),
    "models.spent": _elsewhere("models"),
}
"""Type of a result → what is shown of it."""
