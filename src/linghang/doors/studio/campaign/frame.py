"""What all cards of the document share: head with state and time, the key line, findings with their fixes."""

from collections.abc import Mapping

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.view import SYMBOLS, Shape, State, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, span, tag

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
    """A card of the document, with a link of its own (``#audience``). While it waits, its bones are shown."""
    t = view.t
    state = view.state(card)
    millis = t.millis(view.millis(card)) if state not in ("waiting", "making") else ""
    head = div(
        "card-head",
        icon(SYMBOLS[card]),
        tag("h2", tag("a", t(f"card.{card}"), href=f"#{card}")),
        state_pill(view, card),
        span("card-note num", millis, title=t("card.took")) if millis else None,
        div("card-actions", actions) if actions and state not in ("waiting", "making") else None,
    )
    empty = state in ("waiting", "making") and not any(children)
    body = [blocks.skeleton(4)] if empty else [*children, _findings(view, card) if findings else None]
    return tag(
        "section", head, div("card-body", *body), cls=f"panel step {state}", id=card, data_item=True, tabindex="-1"
    )


def _findings(view: View, card: str) -> Markup | None:
    found = view.findings(card)
    if not found:
        return None
    return div("findings", [finding(view, item) for item in found])


def finding(view: View, item: Shape) -> Markup:
    """A finding at its card: the words that offend are marked, and a fix that one click applies."""
    text = view.text(str(item.get("about", "")))
    return blocks.finding_line(view.t, item, _fix(view, item), text)


def _fix(view: View, item: Shape) -> Markup | None:
    fix = item.get("fix")
    about = str(item.get("about", ""))
    if not fix or view.status not in ("draft", "rejected"):
        return None
    if fix.get("text") and view.text(about):
        return blocks.button(
            view.t("finding.replace", text=fix["text"]),
            act("fix", about=about, text=fix["text"]),
            small=True,
            symbol="check",
        )
    if fix.get("patch"):
        return blocks.button(view.t("finding.apply"), act("fix", patch=fix["patch"]), small=True, symbol="check")
    return None


def why(view: View, text: str) -> Markup:
    """The line that gives the reason."""
    return tag("p", span("why-mark", view.t("why")), text, cls="why")


def big(value: str, label: str, note: Child = None) -> Markup:
    """The card's key number with what it means."""
    return div(
        "headline",
        tag("div", value, cls="key-value num"),
        div("", div("key-label", label), div("key-note num", note) if note else None),
    )


def spread(*children: Child) -> Markup:
    """Blocks beside each other."""
    return div("spread", *children)
