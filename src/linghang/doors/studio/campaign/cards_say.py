"""What is said: for each layer its own words × picture × benefit, in frames; and the landing page."""

from collections.abc import Sequence

from linghang.campaigns.assets import in_order
from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.frame import big, step, why
from linghang.doors.studio.campaign.frames import framed
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Markup, act, div, join, language, marked, span, tag


def creative(view: View) -> Markup:
    """Rows are places, columns are layers: what each customer will really see."""
    t = view.t
    texts, pictures = view.value("copy").get("texts", []), view.value("creatives").get("pictures", [])
    variants = view.value("combinations").get("variants", [])
    if not texts and not pictures:
        return step(view, "creative")
    if not variants:
        return step(view, "creative", _pictures_only(pictures))
    layers = [id for id in view.layer_ids() if any(item["layer"] == id for item in variants)] or _unique(
        variants, "layer"
    )
    places = _unique(variants, "place")
    left_out = sum(1 for item in variants if item["excluded"])
    note = t("creative.note", texts=len(texts), pictures=len(pictures))
    heads = [
        div("lane-head", span(f"swatch l{place % 6}"), tag("b", view.name(layer))) for place, layer in enumerate(layers)
    ]
    rows = [_row(view, place, layers, variants, pictures) for place in places]
    return step(
        view,
        "creative",
        big(t.count(len(variants) - left_out), t("creative.combinations"), note),
        why(view, t("creative.why", layers=len(layers), places=len(places))),
        tag("p", t("creative.left_out", count=left_out), cls="muted small") if left_out else None,
        div("lanes-wrap", div("lanes", div("lane-row heads", heads, style=f"--n:{len(layers)}"), rows)),
        actions=blocks.link_button(
            t("creative.gallery"), f"/creatives?id={view.id}", kind="quiet", small=True, symbol="eye"
        ),
    )


def _unique(items: Sequence[Shape], key: str) -> list[str]:
    return list(dict.fromkeys(str(item[key] or item.get("channel", "")) for item in items))


def _pictures_only(pictures: Sequence[Shape]) -> Markup:
    return div(
        "chips",
        [
            tag("img", src=f"/files/{item['file']}", alt=item.get("alt", ""), cls="thumb", loading="lazy")
            for item in pictures[:12]
        ],
    )


def _row(view: View, place: str, layers: Sequence[str], variants: Sequence[Shape], pictures: Sequence[Shape]) -> Markup:
    cells = []
    for layer in layers:
        own = [item for item in variants if item["layer"] == layer and str(item["place"] or item["channel"]) == place]
        usable = [item for item in own if not item["excluded"]] or own
        cells.append(_cell(view, usable, pictures) if usable else div("lane none muted small", view.t("creative.none")))
    return div("", tag("h3", view.name(place), cls="lane-title"), div("lane-row", cells, style=f"--n:{len(layers)}"))


def _cell(view: View, own: Sequence[Shape], pictures: Sequence[Shape]) -> Markup:
    t = view.t
    shown = own[0]
    picture = next((item for item in pictures if item["id"] == shown["creative"]), None)
    more = [item for item in own[1:]]
    others = (
        div(
            "thumbs",
            [
                tag("img", src=f"/files/{item['file']}", alt="", loading="lazy")
                for item in pictures
                if item["id"] in {other["creative"] for other in more}
            ][:3],
            span("muted small", t("creative.more", count=len(more))),
        )
        if more
        else None
    )
    excluded = [t.told(str(code), {}, str(code)) for code in shown["excluded"]]
    return div(
        "lane",
        tag(
            "button",
            framed(view, shown["place"], shown["channel"], picture, shown["copy"]),
            cls="frame-btn",
            type="button",
            aria_label=t("creative.compare", name=view.name(shown["layer"])),
            **act("compare", layer=shown["layer"], place=shown["place"], channel=shown["channel"]),
        ),
        _words(view, shown),
        span("chip solid", icon("gift", 14), view.name(shown["benefit"])) if shown["benefit"] else None,
        tag("p", t.listed(excluded), cls="small tone-bad") if excluded else None,
        others,
    )


def _words(view: View, variant: Shape) -> Markup:
    """The texts of a variant, each with a hand edit; what a finding marks is marked here."""
    place = variant["place"] or variant["channel"]
    texts = {
        text["role"]: text
        for text in reversed(view.value("copy").get("texts", []))
        if text["layer"] in (variant["layer"], "")
        and text["place"] == place
        and variant["copy"].get(text["role"]) == text["text"]
    }
    if not texts:
        return div("words", [tag("p", text, lang=language(text)) for text in variant["copy"].values()])
    ordered = sorted(texts.values(), key=lambda text: in_order(str(text["role"])))
    return div("words", [copy_line(view, text) for text in ordered])


def copy_line(view: View, text: Shape) -> Markup:
    """A text with its role; findings are marked in it, a pin is shown, a click edits it."""
    t = view.t
    titles = view.marks(str(text["id"]))
    path = f"copy.texts[{text['id']}].text"
    pinned = path in view.section("copy").get("pinned", [])
    role = t(f"role.{text['role']}") if t.has(f"role.{text['role']}") else text["role"]
    symbol = "pin" if pinned else "edit"
    edit = (
        blocks.icon_button(symbol, t("creative.edit"), act("copy", id=text["id"]), size=14) if view.editable else None
    )
    return div(
        f"copy-line{' pinned' if pinned else ''}{' bad' if titles else ''}",
        span("copy-role", role),
        span("grow", marked(text["text"], titles, titles), lang=language(text["text"])),
        edit,
    )


def page(view: View) -> Markup:
    """The landing page in a phone, and its terms beside it."""
    t, value = view.t, view.value("page")
    if not value:
        return step(view, "page")
    terms = div("terms-box", tag("h3", t("page.terms")), tag("ol", [_term(text) for text in value["terms"]]))
    frame = div(
        "page-frame",
        tag(
            "iframe",
            src=f"/files/{value['file']}",
            title=value["title"],
            sandbox="allow-scripts",
            loading="lazy",
            data_page=f"card-{value['file'][:8]}",
        ),
    )
    return step(
        view,
        "page",
        div(
            "page-split",
            frame,
            div(
                "stack",
                big(
                    span("", value["title"], lang=language(value["title"])),
                    t("page.size", kb=round(value["bytes"] / 1024)),
                    None,
                ),
                why(view, t("page.why")),
                terms,
            ),
        ),
        actions=join(
            blocks.link_button(
                t("page.open"), f"/files/{value['file']}", kind="quiet", small=True, symbol="external", target="_blank"
            ),
        ),
    )


def _term(text: str) -> Markup:
    head, mark, rest = text.partition("：" if "：" in text else ":")
    return (
        tag("li", tag("b", head), mark, rest, lang=language(text))
        if mark and len(head) < 24
        else tag("li", text, lang=language(text))
    )
