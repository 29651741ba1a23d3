"""The blocks that all pages are made of: buttons, chips, pills, key numbers, lists, tables, empty states, findings."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, marked, span, tag
from linghang.doors.studio.words import Words

Tone = Literal["", "ok", "warn", "bad", "info", "brand", "quiet"]

STATUS_TONES: Mapping[str, Tone] = {
    "draft": "quiet",
    "in_review": "info",
    "rejected": "bad",
    "approved": "info",
    "running": "ok",
    "paused": "warn",
    "cancelled": "quiet",
    "ended": "quiet",
}
SEVERITY_TONES: Mapping[str, Tone] = {"S1": "bad", "S2": "bad", "S3": "warn", "S4": "info"}


def button(
    text: str,
    do: Mapping[str, str] | None = None,
    *,
    kind: Literal["primary", "plain", "quiet", "danger"] = "plain",
    symbol: str = "",
    small: bool = False,
    **attributes: Any,
) -> Markup:
    """A button that calls a handler (``do=act(…)``)."""
    cls = f"btn {kind}{' small' if small else ''}"
    return tag(
        "button",
        icon(symbol, 16) if symbol else None,
        span("", text),
        cls=cls,
        type="button",
        **(do or {}),
        **attributes,
    )


def link_button(
    text: str, href: str, *, kind: str = "plain", symbol: str = "", small: bool = False, **attributes: Any
) -> Markup:
    """A link that looks like a button."""
    cls = f"btn {kind}{' small' if small else ''}"
    return tag("a", icon(symbol, 16) if symbol else None, span("", text), cls=cls, href=href, **attributes)


def file_button(text: str, do: Mapping[str, str], *, accept: str, most: int) -> Markup:
    """A button that lets people pick a file of at most ``most`` bytes; a browser's own would speak its own language."""
    pick = tag("input", type="file", accept=accept, data_file=most, cls="visually-hidden", aria_label=text, **do)
    return tag("label", icon("plus", 16), span("", text), pick, cls="btn plain small file-button")


def icon_button(
    symbol: str, name: str, do: Mapping[str, str] | None = None, *, size: int = 18, **attributes: Any
) -> Markup:
    """A button with an icon only; its name is read out and shown on hover."""
    return tag(
        "button",
        icon(symbol, size),
        cls="icon-btn",
        type="button",
        aria_label=name,
        title=name,
        **(do or {}),
        **attributes,
    )


def pill(text: str, tone: Tone = "", symbol: str = "") -> Markup:
    """A small state with its word, never colour alone."""
    return span(f"pill {tone}", icon(symbol, 12) if symbol else span("dot"), text)


def chip(text: Child, do: Mapping[str, str] | None = None, *, symbol: str = "", **attributes: Any) -> Markup:
    """A small thing in a row of its like; with ``do`` a click changes it."""
    inner = (icon(symbol, 14) if symbol else None, text)
    if do is None:
        return span("chip solid", *inner, **attributes)
    return tag("button", *inner, cls="chip", type="button", **do, **attributes)


def chips(*items: Child) -> Markup:
    """Chips in a row that breaks."""
    return div("chips", *items)


def term(text: Child, meaning: str) -> Markup:
    """A word with its definition on hover and on focus."""
    return span("term", text, span("term-tip", meaning, role="tooltip"), tabindex="0")


def row(
    title: Child, below: Child = "", *, href: str = "", picture: Child = None, end: Child = None, do: Any = None
) -> Markup:
    """A line of a list: picture, title, one quiet line, what stands at its end; all of it is the link or button."""
    inner = (
        picture,
        div("grow", div("row-title", title), div("row-sub num", below) if below else None),
        div("row-end line", end) if end else None,
    )
    if href:
        return tag("a", *inner, href=href, cls="row-link", data_item=True)
    if do is not None:
        return tag("button", *inner, cls="row-link", type="button", data_item=True, **do)
    return tag("div", *inner, cls="row-link still", data_item=True, tabindex="-1")


def rows(*items: Child) -> Markup:
    """Lines under each other."""
    return div("rows", *items)


def listing(title: str, body: Child, *, count: int = 0, actions: Child = None) -> Markup:
    """A white card whose body is a list that reaches its edges."""
    head = div(
        "card-head",
        tag("h2", title),
        span("badge quiet", str(count)) if count else None,
        div("card-actions", actions) if actions else None,
    )
    return tag("section", head, div("list-body", body), cls="panel")


def caveat(text: str) -> Markup:
    """What must be known about all figures of a page (simulated, shadow run): its first words; the rest on hover."""
    head = text.replace(":", "：").split("：", 1)[0].strip()
    return tag("span", icon("spark", 12), head, cls="pill info", title=text)


def status(t: Words, code: str) -> Markup:
    """A campaign's status."""
    return pill(t(f"status.{code}") if t.has(f"status.{code}") else code, STATUS_TONES.get(code, ""))


def key_number(value: str, label: str, note: str = "", *, tone: str = "", title: str = "", meaning: str = "") -> Markup:
    """A key number with its unit in the value, what it is (``meaning``: its definition), what it is compared with."""
    return div(
        "key",
        tag("div", value, cls=f"key-value num {tone}"),
        div("key-label", term(label, meaning) if meaning else label),
        div("key-note num", note) if note else None,
        title=title or None,
    )


def facts(*pairs: tuple[str, Child] | None) -> Markup:
    """Names and values in a quiet grid."""
    return tag("dl", [div("fact", tag("dt", pair[0]), tag("dd", pair[1])) for pair in pairs if pair], cls="facts")


def empty_line(symbol: str, title: str, text: str) -> Markup:
    """An empty state in a list that shares its page: one line high."""
    return div("empty compact", span("empty-icon", icon(symbol, 18)), div("", tag("h3", title), tag("p", text)))


def empty(symbol: str, title: str, text: str, *more: Child) -> Markup:
    """An empty state: what belongs here, and how to begin."""
    return div("empty", span("empty-icon", icon(symbol, 28)), tag("h3", title), tag("p", text), *more)


def examples(t: Words, sentences: Sequence[str], do: str = "") -> Markup:
    """Example sentences that work; a click takes one."""
    return div(
        "examples",
        [
            tag(
                "button",
                icon("spark", 16),
                span("", text),
                cls="example",
                type="button",
                **(act(do, text=text) if do else {"data_fill": text}),
            )
            for text in sentences
        ],
    )


def table(
    heads: Sequence[Child], rows: Sequence[Sequence[Child]], *, figures: Sequence[int] = (), cls: str = ""
) -> Markup:
    """A table; ``figures`` are the columns of numbers (right-aligned, tabular)."""
    kinds = ["num" if place in figures else "" for place in range(len(heads))]
    head = tag("tr", [tag("th", text, cls=kind or None, scope="col") for text, kind in zip(heads, kinds, strict=True)])
    body = [
        tag("tr", [tag("td", cell, cls=kind or None) for cell, kind in zip(row, kinds, strict=True)]) for row in rows
    ]
    return div("table-wrap", tag("table", tag("thead", head), tag("tbody", body), cls=f"table {cls}"))


def card(
    title: Child,
    *children: Child,
    symbol: str = "",
    actions: Child = None,
    cls: str = "",
    anchor: str = "",
    note: Child = None,
) -> Markup:
    """A white card with a head."""
    head = div(
        "card-head",
        icon(symbol) if symbol else None,
        tag("h2", title),
        span("card-note", note) if note else None,
        div("card-actions", actions) if actions else None,
    )
    return tag("section", head, div("card-body", *children), cls=f"panel {cls}", id=anchor or None)


def meter(share: float, tone: str = "", label: str = "") -> Markup:
    """A bar that is filled to a share."""
    width = f"{max(0.0, min(share, 1.0)) * 100:.1f}%"
    return tag("div", tag("i", style=f"width:{width}"), cls=f"meter {tone}", role="img", aria_label=label or width)


def finding_line(t: Words, item: Mapping[str, Any], fix: Child = None, text: str = "") -> Markup:
    """A finding: severity in words, the sentence, the marked words, the law behind it, the fix."""
    severity = str(item.get("severity", "S4"))
    spans = item.get("span")
    evidence = item.get("evidence") or {}
    source = t.law(evidence)
    return div(
        f"finding {SEVERITY_TONES.get(severity, '')}",
        pill(t(f"severity.{severity}"), SEVERITY_TONES.get(severity, ""), "alert"),
        div(
            "finding-text",
            tag("p", str(item.get("message") or item.get("code", ""))),
            tag("p", marked(text, [(spans[0], spans[1])]), cls="quoted") if text and spans else None,
            tag("p", source, cls="source") if source else None,
        ),
        fix,
    )


def skeleton(lines: int = 3) -> Markup:
    """What stands in a place until it is filled."""
    return div(
        "skeleton", [span("bone", style=f"width:{96 - 17 * (n % 3)}%") for n in range(lines)], aria_hidden="true"
    )


def field(label: str, control: Markup, note: str = "") -> Markup:
    """A labelled control of a form."""
    return tag("label", span("field-label", label), control, span("field-note", note) if note else None, cls="field")


def composer(
    t: Words, do: Mapping[str, str], placeholder: str, *, label: str, big: bool = False, send: str = "",
    id: str = "speak", first: bool = True,
) -> Markup:  # fmt: skip
    """Where a sentence is said: Enter sends, Shift-Enter breaks. ``first``: the one that / and examples go to."""
    box = tag(
        "textarea",
        name="text",
        rows="2" if big else "1",
        placeholder=placeholder,
        aria_label=label,
        data_speak=first,
        data_grow="1",
        data_enter=True,
        id=id,
    )
    sender = (
        tag("button", icon("spark", 16), span("", send), cls="btn primary", type="button", data_default=True, **do)
        if send
        else tag(
            "button",
            icon("send", 18),
            cls="send",
            type="button",
            aria_label=t("send"),
            title=t("send"),
            data_default=True,
            data_clear=f"#{id}",
            **do,
        )
    )
    return div(
        f"composer{' big' if big else ''}",
        box,
        div("composer-foot", span("hint", t("composer.hint")), sender),
        data_form=True,
    )


def tabs(items: Sequence[tuple[str, str, str]], active: str) -> Markup:
    """Links in a row: (key, text, href)."""
    return tag(
        "nav",
        [
            tag(
                "a",
                text,
                href=href,
                cls="tab on" if key == active else "tab",
                aria_current="page" if key == active else None,
            )
            for key, text, href in items
        ],
        cls="tabs",
    )


def loading(t: Words, title: str = "") -> Markup:
    """A card while its content comes."""
    return tag(
        "section",
        div("card-body", tag("h2", title) if title else None, skeleton(5)),
        cls="panel",
        aria_label=t("loading"),
    )


def profile_bar(t: Words, name: str, bar: Mapping[str, Any], most: float) -> Markup:
    """A value of a profile: its share against the largest one, and its index against all customers (100: the same)."""
    return div(
        "prof",
        span("prof-name", name, title=name),
        div("prof-bar", tag("i", style=f"width:{bar['share'] / most * 100:.1f}%")),
        span("num prof-share", t.share(bar["share"], 0)),
        span(
            f"num prof-index{' over' if bar['index'] >= 110 else ''}",
            f"{bar['index']:.0f}",
            title=t("audience.index"),
        ),
    )
