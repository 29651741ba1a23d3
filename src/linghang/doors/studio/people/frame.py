"""The fixed parts of the audience page: the sentence, the card of conditions, the wish for a size, examples."""

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, span, tag
from linghang.doors.studio.words import Words


def composer(t: Words, text: str) -> Markup:
    """Where the sentence is said; it is counted when the hand rests."""
    box = tag(
        "textarea", text, name="text", rows="2", placeholder=t("audiences.placeholder"), id="speak",
        aria_label=t("audiences.sentence_label"), data_speak=True, data_grow="1", data_debounce="300", **act("preview"),
    )  # fmt: skip
    foot = div("composer-foot", tag("span", t("audiences.hint"), cls="hint"), "")
    return div("composer big", box, foot, data_form=True)


def conditions(t: Words, drawn: Markup | None) -> Markup:
    """The card of the rule's conditions, with what takes a step back."""
    add = blocks.button(t("audiences.add"), act("pick", path=""), symbol="plus", small=True, data_key="a")
    undo = blocks.icon_button("undo", t("audiences.undo"), act("undo"), data_key="z")
    redo = blocks.icon_button("redo", t("audiences.redo"), act("redo"), data_key="y")
    clear = blocks.button(t("audiences.clear"), act("clear"), kind="quiet", small=True) if drawn else None
    body = drawn or tag("p", t("audiences.no_conditions"), cls="muted small")
    return blocks.card(t("audiences.conditions"), body, div("line", add), actions=div("line tight", undo, redo, clear))


def wish(t: Words, count: int) -> Markup:
    """How many are wanted: any number, or twice or half of what there is."""
    wishes = [(t("audiences.twice"), count * 2), (t("audiences.half"), max(1, count // 2))] if count else []
    chips = [blocks.chip(span("num", f"{name} {t.short(size)}"), act("suggest", size=size)) for name, size in wishes]
    box = tag(
        "input", name="wanted", cls="input num", type="number", min="1", placeholder=t("audiences.wanted"),
        aria_label=t("audiences.wanted"), data_enter=True,
    )  # fmt: skip
    go = blocks.button(t("audiences.find_ways"), act("suggest"), small=True, data_default=True)
    return blocks.card(t("audiences.size_to"), div("line wanted", box, go, *chips, data_form=True))


def examples(t: Words) -> Markup:
    """What to say to begin with."""
    sentences = [t(f"audiences.example_{n}") for n in (1, 2, 3)]
    shown = blocks.examples(t, sentences, "preview")
    return tag(
        "section", blocks.empty("audiences", t("audiences.empty"), t("audiences.empty_text"), shown), cls="panel"
    )
