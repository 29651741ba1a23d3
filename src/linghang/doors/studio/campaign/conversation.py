"""The conversation beside the document: what was said, what was understood, what is being done, what changed."""

from collections.abc import Mapping, Sequence

from linghang.doors.studio import blocks
from linghang.doors.studio.campaign.view import Shape, View
from linghang.doors.studio.icons import icon
from linghang.doors.studio.markup import Child, Markup, act, div, language, marked, span, tag
from linghang.doors.studio.shell import actor_name, face
from linghang.doors.studio.work import Work


def thread(view: View, work: Work | None, changes: Mapping[int, Sequence[Shape]], note: str) -> Markup:
    """All turns, oldest first: the brief, every edit with what it changed, what is under way."""
    t = view.t
    brief = view.value("brief")
    text = str(brief.get("text") or (work.text if work is not None else ""))
    turns: list[Markup] = []
    if text:
        owner = str(view.doc.get("owner") or (work.actor if work is not None else "operator"))
        turns.append(_said(view, owner, _spans(view, text)))
        turns.append(_navigator(view, _understood(view)))
    for item in brief.get("edits", []):
        words = str(
            item.get("text")
            or t("talk.by_hand", paths=t.listed([_patched(view, patch) for patch in item.get("patch", [])]))
        )
        turns.append(_said(view, str(item.get("actor", "operator")), words))
    for version, items in sorted(changes.items()):
        turns.append(_navigator(view, _changed(view, version, items)))
    if work is not None and not work.done:
        turns.append(_navigator(view, _progress(view, work)))
    elif note:
        turns.append(_navigator(view, tag("p", note)))
    if view.doc.get("missing_labels") and not view.working:
        turns.append(_navigator(view, _questions(view)))
    elif view.id and not view.working and view.doc.get("next") == "submit":
        turns.append(_navigator(view, tag("p", t("talk.ready"))))
    elif view.id and not view.working and view.doc.get("next") == "mend":
        turns.append(_navigator(view, _mend(view)))
    elif view.id and not view.working and t.has(f"talk.now_{view.status}"):
        turns.append(_navigator(view, _now(view)))
    return div("turns", turns)


def _now(view: View) -> Markup:
    """Where a campaign stands that is no draft any more, and where it goes on."""
    t = view.t
    links = {
        "running": (t("next.phone"), f"/campaigns/{view.id}/phone", "phone"),
        "ended": (t("next.report"), f"/campaigns/{view.id}/report", "analysis"),
    }
    link = links.get(view.status)
    go = blocks.link_button(link[0], link[1], symbol=link[2], small=True) if link else None
    return div("", tag("p", t(f"talk.now_{view.status}")), div("chips", go) if go else None)


def _said(view: View, actor: str, child: Child) -> Markup:
    return div("turn me", face(view.t, actor), div("bubble", span("visually-hidden", actor_name(view.t, actor)), child))


def _navigator(view: View, child: Child) -> Markup:
    return div(
        "turn", face(view.t, "navigator"), div("bubble", span("visually-hidden", view.t("actor.navigator")), child)
    )


def _spans(view: View, text: str) -> Markup:
    """The sentence with what was understood underlined."""
    spans = view.value("reading").get("spans") or {}
    titles = {}
    for key, ranges in spans.items():
        label = _key_name(view, str(key))
        titles.update({(one, other): label for one, other in ranges})
    return tag("p", marked(text, titles, titles), cls="spans", lang=language(text))


def _understood(view: View) -> Markup:
    t, goal = view.t, view.value("goal")
    if not goal:
        return tag("p", t("talk.reading"))
    parts = [
        t(
            "talk.understood",
            product=view.name(goal["product"]),
            objective=view.name(goal["objective"]),
            window=t.days(goal["start"], goal["end"]),
            budget=t.money(goal["budget_fen"]),
        )
    ]
    count = len(view.assumptions())
    if count:
        parts.append(t("talk.assumed", count=count))
    return div("", *[tag("p", part) for part in parts])


def _patched(view: View, patch: Shape) -> str:
    return _key_name(view, str(patch.get("path", "")).split("[")[0].split(".")[0])


def _key_name(view: View, key: str) -> str:
    """A key of a reading, or a condition of one (``audience[city_tier]``), as people call it."""
    t = view.t
    name, _, part = key.rstrip("]").partition("[")
    called = t(f"key.{name}") if t.has(f"key.{name}") else t.told(f"reading.key.{name}", otherwise=view.name(name))
    return f"{called} · {view.name(part)}" if part else called


def _changed(view: View, version: int, items: Sequence[Shape]) -> Markup:
    t = view.t
    rows = [tag("li", str(item.get("words", ""))) for item in items[:8]]
    more = tag("p", t("talk.more_changes", count=len(items) - 8), cls="muted small") if len(items) > 8 else None
    undo = blocks.button(t("document.undo"), act("undo"), kind="quiet", small=True, symbol="undo")
    return div("", tag("p", t("talk.changed", version=version)), tag("ul", rows, cls="bare changes"), more, undo)


def _progress(view: View, work: Work) -> Markup:
    """The steps so far with their times, the one under way last."""
    t = view.t
    done: dict[str, float] = {}
    making: list[str] = []
    for line in work.lines:
        params = line.get("params") or {}
        name = str(params.get("section", ""))
        if str(line.get("step", "")).startswith("section:") and name:
            done[name] = float(params.get("millis") or 0)
            making = [other for other in making if other != name]
        elif str(line.get("step", "")).startswith("making:") and name:
            making.append(name)
    rows = [
        tag(
            "li",
            icon("check", 14, "tone-ok"),
            span("grow", t.told(f"section.{name}")),
            span("num muted small", t.millis(millis)),
        )
        for name, millis in done.items()
    ]
    rows += [tag("li", span("spin"), span("grow", t.told(f"section.{name}"))) for name in making]
    if not rows:
        rows = [tag("li", span("spin"), span("grow", t("talk.starting")))]
    return div("", tag("p", t("talk.working", seconds=f"{work.seconds:.0f}"), cls="num"), tag("ul", rows, cls="steps"))


def _questions(view: View) -> Markup:
    t = view.t
    labels = [str(label) for label in view.doc["missing_labels"]]
    hints = [t(f"answer.{key}") for key in view.doc.get("missing", []) if t.has(f"answer.{key}")]
    return div(
        "",
        tag("p", t("talk.missing", what=t.listed(labels))),
        div("chips", [tag("button", hint, cls="chip", type="button", data_fill=hint) for hint in hints]),
    )


def _mend(view: View) -> Markup:
    t = view.t
    found = view.blocking()
    cards = list(dict.fromkeys(view.card_of(item) for item in found))
    links = [tag("a", t(f"card.{card}"), href=f"#{card}", cls="link") for card in cards]
    return div("", tag("p", t("talk.mend", count=view.problems())), div("chips", links))


def suggestions(view: View) -> Markup | None:
    """Edits that work, while the campaign is a draft."""
    if not view.editable or not view.value("goal"):
        return None
    t = view.t
    return div(
        "chips suggestions",
        [
            tag("button", t(f"talk.try_{n}"), cls="chip solid", type="button", data_fill=t(f"talk.try_{n}"))
            for n in (1, 2, 3)
        ],
    )
