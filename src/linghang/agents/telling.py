"""What was made, in a sentence or two: figures only as they stand in the result, words only from the catalogue."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linghang.agents.model import Json
from linghang.agents.showing import show, useful
from linghang.base.messages import render

Result = Any
Teller = Callable[[Result, str], str]


def tell(makes: str, result: Result, locale: str) -> str:
    """The sentence of a result of a type; a type without a sentence of its own is told by its size."""
    teller = _TELLERS.get(makes)
    if teller is not None:
        return teller(result, locale)
    if isinstance(result, list):
        return render("agents.tell.listed", {"count": len(result)}, locale)
    done = render("agents.tell.done", {}, locale)
    return "\n".join([done, *_fields(result)])


def _fields(result: Result) -> list[str]:
    """The first plain values of a result that nobody has a sentence for (another system's), as they stand."""
    told = result.items() if isinstance(result, Mapping) else ()
    plain = [(key, value) for key, value in told if isinstance(value, str | int | float) and str(value).strip()]
    return [f"{key}: {str(value)[:120]}" for key, value in plain[:6]]


def known(makes: str) -> bool:
    """Whether results of a type are told in a sentence of their own."""
    return makes in _TELLERS


def present(makes: str, result: Result, locale: str) -> dict[str, Json]:
    """A result as a turn shows it: its sentence, its blocks, and the lines that the blocks say already."""
    text = tell(makes, result, locale)
    return {"text": text, "shown": show(makes, result), "below": below(makes, text)}


def below(makes: str, text: str) -> list[str]:
    """The lines of a told result that say what its blocks show: who shows those leaves these out."""
    lines = text.split("\n")
    return lines[1:] if makes in _LISTED else lines[-1:] if makes == "knowledge.answer" and len(lines) > 1 else []


_LISTED = frozenset({"copy.texts", "compliance.verdict", "memory.told"})


def _t(code: str, locale: str, **params: Any) -> str:
    return render(f"agents.tell.{code}", params, locale)


def _campaign(result: Result, locale: str) -> str:
    goal = _value(result, "goal")
    audience = _value(result, "audience")
    missing = result.get("missing_labels") or []
    if not goal:
        return _t("campaign_open", locale)
    people = int((audience or {}).get("count") or 0)
    said = _t("campaign" if audience else "campaign_begun", locale, name=result.get("name", ""), people=f"{people:,}",
              start=_day(goal.get("start"), locale), end=_day(goal.get("end"), locale),
              budget=_yuan(goal.get("budget_fen"), locale))  # fmt: skip
    said = f"{said} {_t('missing', locale, what=_list(missing, locale))}" if missing else said
    return "\n".join([said, *_left_aside(result)])


def _changed(result: Result, locale: str) -> str:
    said = _t("changed", locale, name=result.get("name", ""), version=result.get("version"))
    return "\n".join([said, *_left_aside(result, _OF_EDITS)])


_OF_EDITS = ("goal.edit_left_aside", "goal.edit_changes_nothing")


def _left_aside(result: Result, codes: Sequence[str] = ("goal.left_aside", *_OF_EDITS)) -> list[str]:
    """Words of the brief or the edit that became nothing: they are told, never passed over."""
    found = result.get("findings") or [
        item for section in (result.get("sections") or {}).values() for item in section.get("findings") or []
    ]
    return list(dict.fromkeys(str(item["message"]) for item in found if item.get("code") in codes and
                              item.get("message")))  # fmt: skip


def _changes(result: Result, locale: str) -> str:
    """What the last change changed, each in words."""
    if not result:
        return _t("changes_none", locale)
    return "\n".join([_t("changes", locale, count=len(result)), *(f"- {row['words']}" for row in result[:_MOST])])


_MOST = 12


def _fields_of(result: Result, locale: str) -> str:
    # What stands in the customers' own columns is what people mean first.
    rows = sorted(result, key=lambda row: row.get("source") != "column")
    names = list(dict.fromkeys(str(row.get("label") or row["name"]) for row in rows))
    return _t("fields", locale, count=len(names), names=_list(names[:_MOST], locale))


def _shown(result: Result, locale: str) -> str:
    return _t("shown", locale, name=result.get("name", ""), version=result.get("version"))


def _value(result: Result, section: str) -> Mapping[str, Json] | None:
    found = (result.get("sections") or {}).get(section) if isinstance(result, Mapping) else None
    return found.get("value") if isinstance(found, Mapping) else None


def _size(result: Result, locale: str) -> str:
    return _t("size", locale, count=f"{result['matched']:,}", base=f"{result['base']:,}", words=result.get("words", ""),
              addressable=f"{result['count']:,}")  # fmt: skip


def _copy(result: Result, locale: str) -> str:
    lines = [_t("copy", locale, count=len(result["texts"]), product=result["product_name"])]
    for number, item in enumerate(result["texts"], 1):
        lines.append(f"{number}. {' — '.join(item['roles'].values())}")
    return "\n".join(lines)


def _verdict(result: Result, locale: str) -> str:
    if result["verdict"] == "compliant" and not result["findings"]:
        extra = _t("disclose", locale, codes=", ".join(result["missing_disclosures"]))
        return _t("compliant", locale) + (f" {extra}" if result["missing_disclosures"] else "")
    lines = [_t("violating", locale, count=len(result["findings"]))]
    lines += [_t("problem", locale, said=item["message"], law=f"{item['law']}{item['article']}")
              for item in result["findings"]]  # fmt: skip
    fixed = str(result.get("fixed_text") or "")
    if useful(fixed, str(result.get("text", ""))):
        lines.append(_t("fixed", locale, text=fixed))
    return "\n".join(lines)


def _page(result: Result, locale: str) -> str:
    return _t("page", locale, title=result["title"], blocks=len(result["blocks"]),
              benefits=_list(result["benefits"], locale) or "—")  # fmt: skip


def _pictures(result: Result, locale: str) -> str:
    slots = _list([item["slot_name"] for item in result["pictures"]], locale)
    return _t("pictures", locale, count=len(result["pictures"]), product=result["product_name"], slots=slots)


def _answer(result: Result, locale: str) -> str:
    if not result.get("known"):
        return _t("not_known", locale)
    quote = result["quotes"][0]
    where = f"{quote['title']}{' › ' + quote['section'] if quote['section'] else ''}"
    return f"{quote['text']}\n{_t('source', locale, where=where)}"


def _passages(result: Result, locale: str) -> str:
    if not result:
        return _t("not_known", locale)
    return _t("passages", locale, count=len(result), first=result[0]["title"])


def _analysis(result: Result, locale: str) -> str:
    return str(result.get("answer") or result.get("sentence") or _t("done", locale))


def _recap(result: Result, locale: str) -> str:
    said = str(result.get("sentence", ""))
    past = [
        f"“{item['text']}”（{item['title']}）" for item in result.get("sources", [])[:1] if not result.get("report")
    ]
    return "\n".join([said, *past])


def _opportunities(result: Result, locale: str) -> str:
    if not result:
        return _t("no_opportunities", locale)
    return _t("opportunities", locale, count=len(result), first=result[0].get("title", ""))


def _calendar(result: Result, locale: str) -> str:
    names = list(dict.fromkeys(str(row.get("name")) for row in result))
    return (
        _t("calendar", locale, count=len(names), names=_list(names[:4], locale))
        if names
        else _t("calendar_free", locale)
    )


def _campaigns(result: Result, locale: str) -> str:
    drafts = sum(1 for row in result if row.get("status") == "draft")
    return _t("campaigns", locale, count=len(result), drafts=drafts) if result else _t("no_campaigns", locale)


def _benefits(result: Result, locale: str) -> str:
    return _t("benefits", locale, benefits=len(result.get("benefits", [])), pools=len(result.get("pools", [])))


def _queue(result: Result, locale: str) -> str:
    return _t("queue", locale, count=len(result)) if result else _t("queue_empty", locale)


def _review(result: Result, locale: str) -> str:
    grave = [item for item in result.get("findings", []) if item.get("severity") in ("S1", "S2")]
    if not grave:
        return _t("review_clean", locale, assets=result.get("assets", 0), rules=result.get("rules", 0))
    return _t("review", locale, count=len(grave), first=str(grave[0].get("message", "")))


def _report(result: Result, locale: str) -> str:
    return str(result.get("sentence", ""))


def _record(result: Result, locale: str) -> str:
    return _t("record", locale)


def _learned(result: Result, locale: str) -> str:
    return _t("learned", locale, title=str(result).rpartition("/")[2].removeprefix("home:").removesuffix(".md"))


def _audience_saved(result: Result, locale: str) -> str:
    return _t("audience_saved", locale, name=result.get("name", ""), count=f"{int(result.get('count') or 0):,}")


def _saved_ones(result: Result, locale: str) -> str:
    rows = result["audiences"]
    if not rows:
        return _t("no_saved", locale)
    told = [_t("saved_one", locale, name=row["name"], count=f"{row['count']:,}") for row in rows[:8]]
    return _t("saved", locale, count=len(rows), names=_list(told, locale))


def _overlap(result: Result, locale: str) -> str:
    return _t("overlap", locale, one=result["names"][0], other=result["names"][1], both=f"{result['both']:,}",
              first=f"{result['sizes'][0]:,}", second=f"{result['sizes'][1]:,}")  # fmt: skip


def _words(result: Result, locale: str) -> str:
    return _t("rule", locale, words=result.get("words", ""))


def _skills(result: Result, locale: str) -> str:
    return _t("skills", locale, count=len(result))


def _inbox(result: Result, locale: str) -> str:
    items = result.get("items", [])
    return _t("inbox", locale, count=len(items), first=items[0]["title"]) if items else _t("inbox_empty", locale)


def _kept(result: Result, locale: str) -> str:
    enforced = "kept_everywhere" if result.get("everywhere") else "kept"
    return _t(enforced if result.get("enforced") else "kept_as_note", locale, text=result.get("core", ""))


def _told(result: Result, locale: str) -> str:
    rows = result.get("items", [])
    if not rows:
        return _t("nothing_kept", locale)
    return "\n".join([_t("remembered", locale, count=len(rows)), *(f"- {row['text']}" for row in rows)])


def _forgotten(result: Result, locale: str) -> str:
    return _t("forgotten", locale, count=result.get("forgotten", 0))


def _history(result: Result, locale: str) -> str:
    rows = list(result) if isinstance(result, list) else result.get("entries", [])
    if not rows:
        return _t("history_empty", locale)
    last = rows[-1]
    return _t("history", locale, count=len(rows), who=last.get("actor", ""), at=str(last.get("at", ""))[:10])


def _sources(result: Result, locale: str) -> str:
    return _t("sources", locale, count=len(result), own=sum(bool(row.get("own")) for row in result),
              passages=sum(int(row.get("passages", 0)) for row in result))  # fmt: skip


def _brand(result: Result, locale: str) -> str:
    kit = result["kit"]
    return _t("brand", locale, name=kit["name"], primary=kit["primary"], accent=kit["accent"])


def _versions(result: Result, locale: str) -> str:
    return _t("versions", locale, count=len(result))


def _packet(result: Result, locale: str) -> str:
    return _t("packet", locale, name=result["name"], size=f"{int(result['bytes']) // 1024:,}")


def _assets(result: Result, locale: str) -> str:
    return _t("assets", locale, count=len(result)) if result else _t("assets_none", locale)


def _ledger(result: Result, locale: str) -> str:
    return _t("ledger", locale, count=f"{len(result['rows']):,}")


def _live(result: Result, locale: str) -> str:
    return _t("live", locale, count=len(result)) if result else _t("live_none", locale)


def _spent(result: Result, locale: str) -> str:
    total = result["total"]
    if not total["calls"]:
        return _t("spent_none", locale)
    tokens = f"{total['tokens_in'] + total['tokens_out']:,}"
    code = "spent" if total["priced"] else "spent_unpriced"
    return _t(code, locale, calls=f"{total['calls']:,}", tokens=tokens, cost=f"{total['cost_cny']:.4f}",
              since=result["since"])  # fmt: skip


def _day(iso: Any, locale: str) -> str:
    """A day as people say it: 11月30日, 30 Nov."""
    try:
        day = dt.date.fromisoformat(str(iso)[:10])
    except ValueError:
        return "—"
    return f"{day.day} {_MONTHS[day.month - 1]}" if locale.startswith("en") else f"{day.month}月{day.day}日"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _yuan(fen: Any, locale: str) -> str:
    yuan = float(fen or 0) / 100
    if not locale.startswith("en") and yuan >= 10_000:
        return f"{yuan / 10_000:g}万元"
    return f"¥{yuan:,.0f}" if locale.startswith("en") else f"{yuan:,.0f}元"


def _list(items: Sequence[Any], locale: str) -> str:
    return (", " if locale.startswith("en") else "、").join(str(item) for item in items)


_TELLERS: Mapping[str, Teller] = {
    "campaign.document": _campaign,
    "campaign.changed": _changed,
    "campaign.shown": _shown,
    "campaign.undone": _changed,
    "campaign.changes": _changes,
    "audience.fields": _fields_of,
    "campaign.copy": _campaign,
    "campaign.review": _review,
    "campaign.report": _report,
    "campaign.recap": _recap,
    "campaigns": _campaigns,
    "audience.size": _size,
    "audience.words": _words,
    "audience.overlap": _overlap,
    "audience.saved_ones": _saved_ones,
    "audience.saved": _audience_saved,
    "knowledge.added": _learned,
    "copy.texts": _copy,
    "compliance.verdict": _verdict,
    "page.draft": _page,
    "picture.drafts": _pictures,
    "knowledge.answer": _answer,
    "knowledge.passages": _passages,
    "precedents": _passages,
    "analysis.answer": _analysis,
    "opportunities": _opportunities,
    "calendar": _calendar,
    "benefits": _benefits,
    "approvals.queue": _queue,
    "estimates.record": _record,
    "skills": _skills,
    "inbox": _inbox,
    "approvals.history": _history,
    "campaign.versions": _versions,
    "campaign.packet": _packet,
    "knowledge.sources": _sources,
    "brand.kit": _brand,
    "asset.list": _assets,
    "benefits.ledger": _ledger,
    "launched": _live,
    "models.spent": _spent,
    "memory.kept": _kept,
    "memory.told": _told,
    "memory.forgotten": _forgotten,
}
"""Type of a result → how it is told."""
