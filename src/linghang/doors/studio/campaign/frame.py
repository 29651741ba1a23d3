"""What all cards of the document share: head with state and time, the key line, findings with their fixes."""

from collections.abc import Mapping
from typing import Any

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign import rounds
from linghang.doors.studio.campaign.reviews import Remark
from linghang.doors.studio.campaign.view import CARDS, SYMBOLS, State, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, language, marked, span, tag
from linghang.doors.studio.shell import actor_name, face

_STATES: Mapping[State, tuple[blocks.Tone, str]] = {
    "waiting": ("quiet", "clock"),
    "making": ("info", "refresh"),
    "mend": ("bad", "alert"),
    "pinned": ("warn", "pin"),
    "fresh": ("ok", "check"),
}


def state_pill(view: View, card: str) -> Markup:
    """A card's state in a word."""
    state = view.state(card)
    tone, symbol = _STATES[state]
    return blocks.pill(view.t(f"state.{state}"), tone, symbol)


def step(view: View, card: str, *children: Child, actions: Child = None, findings: bool = True) -> Markup:
    """A card of the document, with a link of its own (``#audience``). While it is made, its bones are shown."""
    t = view.t
    state = view.state(card)
    millis = t.millis(view.millis(card)) if state not in ("waiting", "making") else ""
    head = div(
        "card-head",
        icon(SYMBOLS[card]),
        tag("h2", tag("a", t(f"card.{card}"), href=f"#{card}")),
        state_pill(view, card),
        span("card-note num", millis, title=t("card.took")) if millis else None,
        div("card-actions", actions, _comment_on(view, card)) if state not in ("waiting", "making") else None,
    )
    empty = state in ("waiting", "making") and not any(children)
    found = _findings(view, card) if findings else None
    body = [_said(view, card), *children, found]
    if empty:
        body = [tag("p", _waits(view), cls="muted")] if state == "waiting" else [blocks.skeleton(4)]
    return tag(
        "section", head, div("card-body", *body), cls=f"panel step {state}", id=card, data_item=True, tabindex="-1"
    )


def _waits(view: View) -> str:
    """What a card that nobody is making waits for: the questions that are open, or what stands before it."""
    missing = view.doc.get("missing_labels") or ()
    return view.t("card.waits_for_answer", what=view.t.listed(list(missing))) if missing else view.t("card.waits")


def _comment_on(view: View, card: str) -> Markup | None:
    """Where a package is reviewed, a comment begins at the section that it is about."""
    own = CARDS[card]
    if not view.extra.get("reviewing") or not own:
        return None
    said = view.t("verdict.comment")
    return blocks.button(
        said,
        act("ask.comment", section="copy" if card == "creative" else own[-1]),
        kind="quiet",
        small=True,
        symbol="message",
    )


def _said(view: View, card: str) -> Markup | None:
    """What reviewers said about the card's sections, where it must be read."""
    t = view.t
    lines = [
        div(
            f"said-here{' must' if item.get('open') else ''}",
            face(t, str(item["actor"])),
            div("grow", tag("p", str(item["text"]), lang=language(str(item["text"]))),
                tag("small", f"{actor_name(t, str(item['actor']))} · {t.instant(item['at'])}", cls="num muted")),
            blocks.pill(t("verdict.must_open"), "bad", "alert") if item.get("open") else None,
        )
        for item in rounds.said(view, card)
    ]  # fmt: skip
    return div("said-list", lines) if lines else None


def _findings(view: View, card: str) -> Markup | None:
    found = [blocks.finding_line(view.t, item, _fix(view, item.get("fix"))) for item in view.findings(card)]
    found += [remark(view, item) for item in view.remarks(card)]
    return div("findings", found) if found else None


def remark(view: View, item: Remark) -> Markup:
    """A remark of the review: what, where, by which law; the words that offend marked; a fix that one click applies."""
    t = view.t
    severity = blocks.SEVERITY_TONES.get(item.severity, "")
    where = view.name(item.place) + (t("finding.times", count=item.times) if item.times > 1 else "")
    quoted = [
        tag("p", marked(view.text(id), spans), cls="quoted", lang=language(view.text(id)))
        for id, spans in list(item.spans.items())[:3]
    ]
    law = span("", ("、" if t.chinese else ", ") + item.law, lang=language(item.law)) if item.law else None
    return div(
        f"finding {severity}",
        blocks.pill(t(f"severity.{item.severity}"), severity, "alert"),
        div(
            "finding-text",
            tag("p", item.message, lang=language(item.message)),
            quoted,
            tag("p", where, law, cls="source"),
        ),
        _fix(view, item.fix, next(iter(item.spans), "")),
    )


def _fix(view: View, fix: Any, about: str = "") -> Markup | None:
    if not fix or view.status not in ("draft", "rejected"):
        return None
    if fix.get("text") and about:
        return blocks.button(
            view.t("finding.replace", text=fix["text"]),
            act("fix", about=about, text=fix["text"]),
            small=True,
            symbol="check",
        )
    if fix.get("patch"):
        said = fix.get("label") or view.t("finding.apply")
        return blocks.button(said, act("fix", patch=fix["patch"]), small=True, symbol="check")
    return None


def why(view: View, text: str) -> Markup:
    """The line that gives the reason."""
    return tag("p", span("why-mark", view.t("why")), text, cls="why")


def big(value: Child, label: Child, note: Child = None) -> Markup:
    """The card's key number with what it means."""
    return div(
        "headline",
        tag("div", value, cls="key-value num"),
        div("", div("key-label", label), div("key-note num", note) if note else None),
    )


def spread(*children: Child) -> Markup:
    """Blocks beside each other."""
    return div("spread", *children)
