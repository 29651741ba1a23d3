"""What was assumed, changed by a click: the form of an assumption, and the patch that its answer is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linghang.doors.studio import blocks
from linghang.doors.studio.markup import Markup, act, div, tag
from linghang.doors.studio.stage import Told
from linghang.doors.studio.words import Words

Name = Callable[[str, Any], str]
"""A value of a key as people read it."""

READING_KEYS: Mapping[str, str] = {"budget": "budget_cny", "holdout": "holdout_pct", "color": "color"}
"""Key of an assumption → key of the reading, where they differ."""

UNITS: Mapping[str, str] = {"holdout": "%", "holdout_pct": "%"}
"""Key of an assumption → the unit that its figure is given in."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "tone": ("lively", "premium", "calm", "warm", "festive", "professional", "tech"),
    "objective": ("acquire", "activate", "convert", "retain", "winback", "cross_sell", "upsell", "awareness"),
    "channels": ("push", "sms", "email", "inapp_banner", "inapp_popup", "splash", "feed", "site_msg", "wecom", "call"),
}


Options = Sequence[Mapping[str, Any]]
"""What else there is for an assumption: value and label of each."""


def options_of(assumptions: Sequence[Mapping[str, Any]], key: str) -> Options:
    """The options that a document tells for one of its assumptions."""
    return next((item.get("options") or () for item in assumptions if item.get("key") == key), ())


def form(t: Words, told: Told, name: Name, do: str = "assumed", options: Options = ()) -> Markup:
    """The form of an assumption: why it was assumed, its value in a fitting control; ``do`` hears the answer.

    ``options`` are what may be chosen. ``campaign`` (or the sentence that was ``said``) goes along where the form
    stands outside the campaign's page.
    """
    key, value = str(told["key"]), told.get("value")
    more = {part: str(told[part]) for part in ("campaign", "said") if told.get(part)}
    return div(
        "form",
        tag("p", str(told.get("reason") or ""), cls="muted") if told.get("reason") else None,
        blocks.field(_label(t, str(told.get("label") or key), key),
                     _chosen(value, options) if options else _control(key, value, name)),
        div(
            "dialog-foot",
            blocks.button(t("cancel"), data_close=True),
            blocks.button(t("save"), act(do, key=key, old=value, **more), kind="primary",
                          data_default=True),
        ),
        data_form=True,
    )  # fmt: skip


def _label(t: Words, label: str, key: str) -> str:
    return t("goal.in_unit", what=label, unit=UNITS[key]) if key in UNITS else label


def patch(told: Told) -> dict[str, Any]:
    """The patch of an answered form."""
    key = str(told["key"])
    return {"op": "set", "path": READING_KEYS.get(key, key), "value": _typed(told.get("value"), told.get("old"))}


def _chosen(value: Any, options: Options) -> Markup:
    items = [tag("option", str(one["label"]), value=one["value"], selected=one["value"] == value) for one in options]
    return tag("select", items, name="value", cls="input")


def _control(key: str, value: Any, name: Name) -> Markup:
    if isinstance(value, list):
        options = list(dict.fromkeys([*map(str, value), *CHOICES.get(key, ())]))
        return div(
            "checks",
            [
                tag(
                    "label",
                    tag("input", type="checkbox", name="value", value=option, data_many="1", checked=option in value),
                    name(key, option),
                )
                for option in options
            ],
        )
    if key in CHOICES:
        options = list(dict.fromkeys([str(value), *CHOICES[key]]))
        return tag(
            "select",
            [tag("option", name(key, option), value=option, selected=option == value) for option in options],
            name="value",
            cls="input",
        )
    kind = (
        "date"
        if key in ("start", "end")
        else "number"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else "text"
    )
    return tag(
        "input",
        type=kind,
        name="value",
        value=str(value),
        cls="input num",
        data_enter=True,
        step="any" if kind == "number" else None,
    )


def _typed(value: Any, old: Any) -> Any:
    if isinstance(old, list):
        return list(value or [])
    if isinstance(old, bool):
        return value in (True, "true", "True")
    if isinstance(old, int | float):
        number = float(str(value).replace(",", ""))
        return int(number) if number.is_integer() else number
    return value
