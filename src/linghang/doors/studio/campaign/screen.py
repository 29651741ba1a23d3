"""A bank's app on a phone, as markup: the home screen fed by decisions, the landing page after a tap, the claim."""

from collections.abc import Sequence

from linghang.doors.studio.campaign.screens import Claimed, Person, Spot
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.words import Words

_GRID = (
    ("transfer", "transfer"),
    ("wealth", "fund"),
    ("card", "card"),
    ("loan", "loan"),
    ("bill", "bill"),
    ("gold", "gold"),
    ("insurance", "insurance"),
    ("more", "more"),
)
_TABS = (("home", "home"), ("wealth", "fund"), ("life", "gift"), ("inbox", "bell"), ("me", "user"))
_POPUPS = ("popup", "pop_up")


def is_popup(spot: Spot) -> bool:
    """Whether a place lies over the screen rather than in it."""
    return any(word in spot.slot for word in _POPUPS)


def is_splash(spot: Spot) -> bool:
    """Whether a place fills the screen at the start."""
    return "splash" in spot.slot


def home(t: Words, key: str, person: Person, spots: Sequence[Spot], clock: str, bank: str, *, popup: bool) -> Markup:
    """The home screen of a customer. ``popup`` says whether the pop-up (if any was decided) is still open."""
    feed = [spot for spot in spots if not is_popup(spot) and not is_splash(spot)]
    hero = next((spot for spot in feed if "banner" in spot.slot and "waist" not in spot.slot), None)
    others = [spot for spot in feed if spot is not hero]
    over = next((spot for spot in spots if is_popup(spot) and spot.shown), None)
    return _device(
        clock,
        div(
            "app",
            div(
                "app-head",
                div(
                    "app-user",
                    span("app-face", icon("user", 18)),
                    span("app-hello", tag("b", t("phone.hello")), tag("small", person.label)),
                ),
                div("app-search", icon("search", 16), t("phone.search")),
                span("app-bell", icon("bell", 20)),
            ),
            _hero(t, key, hero, bank),
            div(
                "app-grid",
                [
                    div("app-icon", span(f"app-glyph g{n}", icon(symbol, 22)), t(f"phone.app_{name}"))
                    for n, (name, symbol) in enumerate(_GRID)
                ],
            ),
            div("app-assets", div("", span("", t("phone.assets")), icon("eye", 16)), tag("b", "✱✱✱✱✱✱")),
            [_strip(t, key, spot) for spot in others if spot.shown],
            div(
                "app-section",
                tag("b", t("phone.for_you")),
                [
                    div(
                        "app-tile",
                        span("app-tile-dot"),
                        div("", tag("b", t(f"phone.tile_{n}")), tag("small", t(f"phone.tile_{n}_what"))),
                        span("app-go", t("phone.look")),
                    )
                    for n in (1, 2)
                ],
            ),
        ),
        div(
            "app-tabs",
            [
                div("on" if n == 0 else "", icon(symbol, 22), t(f"phone.tab_{name}"))
                for n, (name, symbol) in enumerate(_TABS)
            ],
        ),
        _popup(t, key, over) if over is not None and popup else None,
    )


def _hero(t: Words, key: str, spot: Spot | None, bank: str) -> Markup:
    if spot is None or not spot.shown:
        return div("app-hero own", tag("b", bank), span("", t("phone.own_banner")))
    return div("app-hero", _content(t, key, spot))


def _strip(t: Words, key: str, spot: Spot) -> Markup:
    return div("app-strip", _content(t, key, spot))


def _content(t: Words, key: str, spot: Spot) -> Markup:
    """A decided place: its picture, or its words where it has none; a tap opens the page."""
    inner: Markup
    if spot.picture:
        inner = tag(
            "img",
            src=f"/files/{spot.picture}",
            alt=spot.copy.get("title") or spot.label,
            width=spot.width or None,
            height=spot.height or None,
        )
    else:
        inner = div(
            "app-words",
            tag("b", spot.copy.get("title") or next(iter(spot.copy.values()), "")),
            tag("span", spot.copy.get("subtitle") or spot.copy.get("body") or ""),
        )
    return tag(
        "button",
        inner,
        cls="tap",
        type="button",
        aria_label=t("phone.tap", what=spot.copy.get("title") or spot.label),
        **act("tap", phone=key, decision=spot.decision_id),
    )


def _popup(t: Words, key: str, spot: Spot) -> Markup:
    close = tag(
        "button", icon("close", 20), cls="pop-x", type="button", aria_label=t("close"), **act("dismiss", phone=key)
    )
    return div("app-veil", div("app-pop", _content(t, key, spot), close))


def landing(t: Words, key: str, spot: Spot, clock: str, page: str, claimed: Claimed | None) -> Markup:
    """The landing page after a tap, in the app's own frame; after a claim a sheet tells what is in the wallet."""
    only = f"#benefit={spot.benefit}" if spot.benefit else ""
    bar = div(
        "app-bar",
        tag(
            "button",
            icon("chevron", 22, "back"),
            cls="app-back",
            type="button",
            aria_label=t("phone.back"),
            **act("back", phone=key),
        ),
        tag("b", t("phone.page")),
        span(""),
    )
    frame = tag(
        "iframe",
        src=f"/files/{page}{only}",
        sandbox="allow-scripts",
        title=t("phone.page"),
        data_page=key,
        data_args=act("x", phone=key, decision=spot.decision_id)["data_args"],
    )
    return _device(clock, div("app-page", bar, frame), _sheet(t, key, claimed) if claimed is not None else None)


def _sheet(t: Words, key: str, claimed: Claimed) -> Markup:
    notes = [
        t("phone.expires", day=t.day(claimed.expires)) if claimed.expires else "",
        t("phone.left", count=t.count(claimed.left)) if claimed.left is not None else "",
    ]
    return div(
        "app-veil low",
        div(
            "app-sheet",
            span("sheet-mark", icon("check", 28)),
            tag("b", t("phone.claimed", what=claimed.label)),
            tag("p", t("phone.in_wallet")),
            tag("p", " · ".join(note for note in notes if note), cls="num sheet-note"),
            tag("button", t("phone.use"), cls="sheet-btn", type="button", **act("back", phone=key)),
        ),
    )


def _device(clock: str, *children: Markup | None) -> Markup:
    bar = div(
        "os-bar",
        tag("b", clock, cls="num"),
        span("os-island"),
        span("os-icons", _signal(), span("os-battery", tag("i"))),
    )
    return div("device", div("screen", bar, *children, span("os-home")))


def _signal() -> Markup:
    return span("os-signal", [tag("i", style=f"height:{n * 3 + 2}px") for n in range(4)])


def empty(t: Words) -> Markup:
    """A phone that is still off."""
    return div("device", div("screen off", span("spin"), tag("p", t("loading"))))


def reasons(t: Words, spots: Sequence[Spot], key: str) -> Markup:
    """Under the phone: each place with what was decided, and the way to the whole reason."""
    rows = [
        tag(
            "button",
            icon("check" if spot.shown else "close", 14, "tone-ok" if spot.shown else "tone-quiet"),
            span("grow", tag("b", spot.label), span("muted", _told(t, spot))),
            icon("chevron", 14),
            cls="seen",
            type="button",
            **act("explain", phone=key, decision=spot.decision_id),
        )
        for spot in spots
    ]
    return div("seen-list", tag("h3", t("phone.why")), rows)


def _told(t: Words, spot: Spot) -> str:
    if spot.shown:
        return spot.benefit_label or spot.copy.get("title") or t("phone.shown")
    return spot.why or t("phone.nothing")


def chooser(t: Words, key: str, people: Sequence[Person], chosen: Person) -> Markup:
    """Who holds this phone: all sample customers by layer; those of the holdout are marked."""
    groups: dict[str, list[Person]] = {}
    for one in people:
        groups.setdefault(one.layer_label, []).append(one)
    options = [
        tag(
            "optgroup",
            [tag("option", _name(t, one), value=one.id, selected=one.id == chosen.id) for one in own],
            label=label,
        )
        for label, own in groups.items()
    ]
    tone, text = (
        ("quiet", t("phone.held_out"))
        if chosen.held_out
        else ("warn" if chosen.outside else "info", chosen.layer_label)
    )
    traits = [span("", f"{name} ", tag("b", trait(t, value))) for name, value in chosen.traits]
    select = tag("select", options, cls="input", aria_label=t("phone.who"), **act("hold", phone=key))
    return div(
        "holder", div("line nowrap", select, span(f"pill {tone} ell", text, title=text)), div("traits num", traits)
    )


def trait(t: Words, value: object) -> str:
    """A trait as people read it."""
    if isinstance(value, bool):
        return t("rule.yes" if value else "rule.no")
    if isinstance(value, int | float):
        return t.short(value)
    return t.value(str(value))


def _name(t: Words, one: Person) -> str:
    traits = [trait(t, value) for _, value in one.traits[:3]]
    return " · ".join([one.label, *traits, *([t("phone.held_out")] if one.held_out else [])])
