"""Pictures and texts in the frame where they will live (feed, pop-up, full screen, message), at true proportion."""

from collections.abc import Mapping, Sequence

from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, div, language, span, tag

TITLES = ("title", "subject", "push_title")
BODIES = ("body", "subtitle", "push_body", "sms", "script")


def framed(view: View, place: str, channel: str, picture: Shape | None, copy: Mapping[str, str]) -> Markup:
    """A variant in its frame. Without a picture it is a message: push, mail or SMS by its channel."""
    if picture is None:
        return _message(view, channel or place, copy)
    image = tag(
        "img",
        src=f"/files/{picture['file']}",
        alt=picture.get("alt") or view.name(place),
        loading="lazy",
        width=picture["width"],
        height=picture["height"],
    )
    ratio = picture["width"] / max(picture["height"], 1)
    if ratio >= 1.6:
        return _feed(image)
    if ratio <= 0.65:
        return div("frame full", image)
    return div("frame popup", _top(), _grid(), div("veil"), div("pop", image, span("pop-close", icon("close", 14))))


def _feed(image: Markup) -> Markup:
    return div("frame feed", _top(), div("feed-pic", image), _grid())


def _top() -> Markup:
    return div("mini-top", span("mini-dot"), span("mini-search"), span("mini-dot"))


def _grid() -> Markup:
    return div("mini-grid", [span("mini-app") for _ in range(8)], div("mini-card"), div("mini-card"))


def _message(view: View, channel: str, copy: Mapping[str, str]) -> Markup:
    title = first(copy, TITLES)
    body = first(copy, BODIES) or " ".join(copy.values())
    symbol = "message" if channel in ("sms", "wecom", "email", "site_msg") else "bell"
    return div(
        f"frame note {channel}",
        div("note-head", icon(symbol, 14), view.name(channel)),
        tag("b", title, lang=language(title)) if title else None,
        tag("p", body, lang=language(body)),
    )


def first(copy: Mapping[str, str], roles: Sequence[str]) -> str:
    """The first of these roles that a copy has."""
    return next((copy[role] for role in roles if copy.get(role)), "")
