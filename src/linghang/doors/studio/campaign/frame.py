"""What all cards of the document share: head with state and time, the key line, findings with their fixes."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.base.messages import spoken
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
    found = [blocks.finding_line(view.t, item, fix(view, item.get("fix"))) for item in view.findings(card)]
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
            becomes(view, item),
        ),
        fix(view, item.fix, new_words(item)),
    )


_SHORT = 14
"""Letters of new words that a button takes; longer ones stand below what they replace."""


def new_words(item: Remark) -> tuple[str, str]:
    """The text that a remark's fix rewrites, and its new words; empty where it has none that differ."""
    words, about = str((item.fix or {}).get("text") or ""), next(iter(item.spans), "")
    return (about, words) if about and words and words != item.quote else ("", "")


def becomes(view: View, item: Remark) -> Markup | None:
    """The new words of a fix that are too long for its button."""
    words = new_words(item)[1]
    if len(words) <= _SHORT:
        return None
    return tag(
        "p", span("becomes-mark", view.t("finding.becomes")), span("", words, lang=language(words)), cls="becomes"
    )


def fix(view: View, told: Any, words: tuple[str, str] = ("", "")) -> Markup | None:
    """The button that mends a draft as a finding proposes: by new words for a text, or by a patch."""
    if not told or not view.editable:
        return None
    about, text = words
    if text:
        said = view.t("finding.replace", text=text) if len(text) <= _SHORT else view.t("finding.rewrite")
        return blocks.button(said, act("fix", about=about, text=text), small=True, symbol="check")
    if told.get("patch"):
        said = told.get("label") or view.t("finding.apply")
        return blocks.button(said, act("fix", patch=told["patch"]), small=True, symbol="check")
    return None


def own(preflight: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The faults of the pre-flight check itself; what the rules found is told by the review."""
    return [item for item in preflight if not str(item.get("code", "")).startswith("compliance.")]


def faults(view: View, preflight: Sequence[Mapping[str, Any]]) -> Markup | None:
    """The pre-flight check's faults, the gravest first, each with its fix and the card that it concerns."""
    lines = []
    for item in own(preflight):
        card = _card_of(view, str(item.get("about", "")))
        where = tag("a", view.t(f"card.{card}"), href=f"#{card}", cls="link small") if card else None
        told = {**item, "message": item.get("message") or _sentence(view, item)}
        lines.append(blocks.finding_line(view.t, told, fix(view, item.get("fix")) or where))
    return div("findings", lines) if lines else None


def _sentence(view: View, item: Mapping[str, Any]) -> str:
    params = spoken(item.get("params") or {}, view.t.locale, view.t.zone)
    named = {key: view.names(value.split(", ")) if isinstance(value, str) else value for key, value in params.items()}
    return view.t.told(str(item["code"]), named)


def _card_of(view: View, about: str) -> str:
    """The card that shows the section of a path; empty for one that stands on no card."""
    section = about.replace("[", ".").split(".")[0]
    return next((card for card, names in CARDS.items() if section in names), "")


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
