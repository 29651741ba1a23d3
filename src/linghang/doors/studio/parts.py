"""The parts of an answer below its sentence: findings, texts, a page, pictures, figures, rows, tables, sources.

The navigator names a room and an id; where that is in the studio is known here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from linghang.doors.studio import blocks
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, language, marked, span, tag
from linghang.doors.studio.words import Words

Shape = Mapping[str, Any]

_ROOMS: Mapping[str, str] = {
    "campaigns": "/campaigns", "audiences": "/audiences", "calendar": "/calendar", "insights": "/insights",
    "inbox": "/inbox", "skills": "/skills", "saved": "/audiences/saved", "knowledge": "/knowledge",
    "memory": "/memory", "benefits": "/benefits", "approvals": "/approvals", "brand": "/creatives/brand",
    "assets": "/creatives/library", "models": "/settings/models",
}  # fmt: skip


def block(t: Words, shape: Shape) -> Markup | None:
    """A part by its kind; None for a kind of a later release."""
    render = _KINDS.get(str(shape.get("kind")))
    return render(t, shape) if render is not None else None


def address(go: Shape) -> str:
    """Where in the studio something is."""
    room, name = str(go.get("room", "")), str(go.get("id", ""))
    if room == "campaign":
        return f"/campaigns/{quote(name)}"
    if room == "saved" and name:
        return f"/audiences/saved/{quote(name)}"
    if room == "rule":
        return f"/approvals/rules?{urlencode({'rule': name})}"
    if room == "document":
        place = {key: go[key] for key in ("start", "end") if go.get(key) is not None}
        return f"/knowledge/document?{urlencode({'id': name, **place})}"
    if room == "audiences" and go.get("words"):
        return f"/audiences?{urlencode({'text': go['words']})}"
    return _ROOMS.get(room, "")


def _go(t: Words, shape: Shape) -> Markup | None:
    go = shape.get("go")
    if not isinstance(go, Mapping) or not address(go):
        return None
    name = str(go["room"])
    text = t(f"talk.go_{name}") if t.has(f"talk.go_{name}") else t("talk.go")
    return div("line", blocks.link_button(text, address(go), small=True))


def _findings(t: Words, shape: Shape) -> Markup:
    """Every finding with its words, the law and a way to the rule; findings of one rule stand together."""
    text = str(shape.get("text", ""))
    items: Sequence[Shape] = shape["items"]
    spans = [(int(item["span"][0]), int(item["span"][1])) for item in items if item.get("span")]
    by_rule: dict[tuple[str, str], list[Shape]] = {}
    for item in items:
        by_rule.setdefault((str(item.get("rule")), str(item.get("severity"))), []).append(item)
    said = tag("blockquote", marked(text, spans), cls="answer-said", lang=language(text)) if text else None
    more = int(shape.get("count") or 0) - len(items)
    rest = tag("p", t("talk.more", count=more), cls="muted small") if more > 0 else None
    return div("answer-findings", said, [_finding(t, group) for group in by_rule.values()], rest)


def _finding(t: Words, group: Sequence[Shape]) -> Markup:
    first = group[0]
    rule, severity = str(first.get("rule") or ""), str(first.get("severity") or "S4")
    tone = blocks.SEVERITY_TONES.get(severity, "")
    words = list(dict.fromkeys(str(item["text"]) for item in group if item.get("text")))
    # The message names words and rule, both of which stand beside it already.
    said = str(first.get("message", ""))
    message = said.partition(f"{rule}：")[2] or said.partition(f"{rule}: ")[2] or said
    law = t.law(first)
    fixes = list(dict.fromkeys(str(item["fix"]) for item in group if item.get("fix")))
    return div(
        f"finding {tone}",
        div(
            "finding-text",
            div("line", blocks.pill(t(f"severity.{severity}"), tone, "alert"),
                [tag("q", word, cls="answer-word") for word in words]),
            tag("p", message),
            [tag("p", t("talk.fix", text=fix), cls="small") for fix in fixes[:2]],
            tag("a", law, " · ", rule, href=address({"room": "rule", "id": rule}), cls="source link") if rule else None,
        ),
    )  # fmt: skip


def _text(t: Words, shape: Shape) -> Markup:
    text = str(shape["text"])
    copy = blocks.icon_button("copy", t("talk.copy"), {"data_copy": text, "data_done": t("talk.copied")}, size=16)
    return div(
        "answer-text",
        div("line", span("muted small grow", t(f"talk.text_{shape.get('name', 'mended')}")), copy),
        tag("p", text, lang=language(text)),
    )


def _texts(t: Words, shape: Shape) -> Markup:
    """Texts as cards, title above body, each to be copied."""
    cards = []
    for number, item in enumerate(shape["items"], 1):
        roles = [str(text) for text in item["roles"].values() if text]
        model = blocks.pill(t("talk.by_model"), "info", "spark") if item.get("mind") == "model" else None
        copy = blocks.icon_button("copy", t("talk.copy"), {"data_copy": "\n".join(roles),
                                                           "data_done": t("talk.copied")}, size=16)  # fmt: skip
        lines = [tag("p", text, cls="answer-title" if place == 0 and len(roles) > 1 else None)
                 for place, text in enumerate(roles)]  # fmt: skip
        head = div("line", span("muted small grow num", f"{t.value(str(item['place']))} {number}"), model, copy)
        cards.append(div("answer-text", head, lines, lang=language(" ".join(roles))))
    return div("answer-texts", cards)


def _page(t: Words, shape: Shape) -> Markup:
    """The page alive in a small phone, and whole in a tab of its own."""
    source = f"/files/{quote(str(shape['file']))}"
    frame = div("page-frame small", tag("iframe", src=source, title=str(shape["title"]), sandbox="allow-scripts",
                                        loading="lazy"))  # fmt: skip
    link = blocks.link_button(t("talk.see_page"), source, small=True, symbol="external", target="_blank")
    return div("answer-page", frame, link)


def _pictures(t: Words, shape: Shape) -> Markup:
    cells = [
        tag("a", tag("img", src=f"/files/{quote(str(item['file']))}", alt=str(item.get("alt") or ""), loading="lazy",
                     width=item.get("width"), height=item.get("height")),
            span("small", str(item.get("slot_name") or "")), href=f"/files/{quote(str(item['file']))}", target="_blank")
        for item in shape["items"]
    ]  # fmt: skip
    return div("answer-pictures", cells)


def _figures(t: Words, shape: Shape) -> Markup:
    cells = [
        div(
            "key",
            tag("div", _figure(t, item), cls=f"key-value num {item.get('unit') or ''}".rstrip()),
            div("key-label", t(f"talk.figure_{item['name']}")),
        )
        for item in shape["items"]
    ]
    return div("answer-figures", div("keys", cells), _go(t, shape))


def _figure(t: Words, item: Shape) -> str:
    value, unit = item.get("value"), item.get("unit")
    if unit == "fen":
        return t.money(float(value or 0))
    if unit == "window":
        start, _, end = str(value).partition("/")
        return t.days(start, end) if start != "None" and end != "None" else "—"
    return t.count(float(value or 0))


def _rows(t: Words, shape: Shape) -> Markup:
    items: Sequence[Shape] = shape["items"]
    more = int(shape.get("count") or 0) - len(items)
    rest = tag("p", t("talk.more", count=more), cls="muted small") if more > 0 else None
    return div("answer-rows", tag("ul", [tag("li", _row(t, item)) for item in items]), rest, _go(t, shape))


def _row(t: Words, item: Shape) -> Markup:
    end: list[Child] = []
    if item.get("status"):
        end.append(blocks.status(t, str(item["status"])))
    if item.get("fen"):
        end.append(span("muted small num", t.money(float(item["fen"]))))
    if item.get("people") is not None:
        end.append(span("muted small num", t("talk.people", count=t.count(item["people"]))))
    days = item.get("days")
    if days and days[0]:
        end.append(span("muted small num", t.days(days[0], days[1] or days[0])))
    inner = (span("grow", str(item.get("title") or "")), *end)
    if isinstance(item.get("go"), Mapping):
        return tag("a", *inner, href=address(item["go"]), cls="answer-row")
    if item.get("say"):
        return tag("button", *inner, icon("chevron", 14), cls="answer-row", type="button",
                   **act("palette.say", text=str(item["say"])))  # fmt: skip
    return div("answer-row", *inner)


def _table(t: Words, shape: Shape) -> Markup:
    units = [str(unit) for unit in shape.get("units") or [""] * len(shape["columns"])]
    figures = [place for place, unit in enumerate(units) if unit]
    rows = [[_cell(t, cell, unit) for cell, unit in zip(row, units, strict=True)] for row in shape["rows"]]
    return blocks.table([str(name) for name in shape["columns"]], rows, figures=figures)


def _cell(t: Words, cell: Any, unit: str) -> str:
    if unit and isinstance(cell, int | float):
        return t.figure(float(cell), unit)
    return "—" if cell is None else str(cell)


def _sources(t: Words, shape: Shape) -> Markup:
    """Where it stands: a click opens the document there."""
    links = [
        tag("a", icon("knowledge", 14), span("", " › ".join(str(item[key]) for key in ("title", "section")
                                                             if item.get(key))),
            href=address({"room": "document", **item}), cls="answer-source link small")
        for item in shape["items"]
    ]  # fmt: skip
    return div("answer-sources", links)


_KINDS: Mapping[str, Callable[[Words, Shape], Markup | None]] = {
    "findings": _findings,
    "text": _text,
    "texts": _texts,
    "page": _page,
    "pictures": _pictures,
    "figures": _figures,
    "rows": _rows,
    "table": _table,
    "sources": _sources,
    "go": _go,
}
"""Kind of a part → how it looks."""
