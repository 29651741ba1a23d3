"""What an edit adds in the words of a brief: versions that compete, caps, hours, the stock of an offer."""

import re
from typing import Any

from linghang.reading.draft import Draft
from linghang.reading.edits.words import Change
from linghang.reading.experiments import split_of
from linghang.reading.offer_details import stock
from linghang.reading.rules import rules

_WHOLE_RULES = ("experiment", "freq_cap", "send_window", "holdout_pct")


_THREE = re.compile(r"(?<![a-z])abc(?![a-z])|[三3](?:个)?(?:版本?|组|套)|three (?:variants|arms|versions)")


_MANY = re.compile(
    r"(?<![a-z])abcd?(?![a-z])|[三四34](?:个)?(?:版|组|套|方)|(?:three|four) (?:variants|arms|versions|ways)"
)
_FREE = re.compile(r"无门槛|零门槛|没有?门槛|no minimum|no threshold")


def details(change: Change) -> None:
    """What an edit adds and a brief would say in the same words: an experiment, the stock of an offer."""
    draft = Draft(change.found)
    rules(draft)
    # No red: a look that goes is no word that the copy must not say.
    change.found.used.difference_update(p for p, t in enumerate(change.found.tokens) if t.has("color", "tone", "style"))
    words = change.found.text
    for key in _WHOLE_RULES:
        if key == "freq_cap" and change.touched("recurrence"):
            continue
        parted = _ONE_MORE.search(words) or _ONE_LESS.search(words) or split_of(words)
        if key == "experiment" and key in change.base and parted:
            continue
        said = draft.values.get(key)
        if key == "experiment" and said is not None and {**change.base.get(key, {}), **said} == change.base.get(key):
            # A版多给点: the versions that there are.
            continue
        if key in draft.values and not change.touched(key):
            change.step("set", key, draft.values[key])
    _shared(change, words)
    offer = change.base.get("offer")
    if isinstance(offer, dict) and not change.touched("offer") and _FREE.search(words):
        change.step("set", "offer.threshold_cny", 0)
    if not isinstance(offer, dict) or change.touched("offer"):
        return
    value: dict[str, Any] = {}
    stock(draft, value)
    for key, said in value.items():
        change.step("set", f"offer.{key}", said)


_VERSIONS = re.compile(
    r"^\W*(?:就|按|改|改成|走)?[一二三四五六七八九]{2}开|(?<![a-z])ab?(?![a-z])|实验|测试|分流|流量|版|split|variant"
)


_NAMED = re.compile(r"(?<![a-z])a\s?[/、和,，与跟]?\s?b(?![a-z])|[ab]\s?[版组]|[两2]\s?[版组]|split test|variants?")


def apportioned(change: Change) -> None:
    """A、B两版各50%: shares of versions are no shares of anything else."""
    if _NAMED.search(change.found.text) and split_of(change.found.text):
        for place in change.found.where("quantity"):
            quantity = change.found.quantity(place)
            if quantity is not None and quantity.unit == "pct":
                change.found.used.add(place)


def _shared(change: Change, words: str) -> None:
    """ABC三版4:3:3, 七三开, 加个C版: the versions that compete and what each of them gets."""
    held, split = change.base.get("experiment"), split_of(words)
    if change.touched("experiment"):
        return
    if len(split) > 2 and _MANY.search(words):
        change.step("set", "experiment", {"variants": ["A", "B", "C", "D"][: len(split)], "split": split})
    elif held is not None and _VERSIONS.search(words) and split and len(split) == len(held.get("variants", split)):
        change.step("set", "experiment.split", split)
    elif held is not None:
        _variants(change)


_ONE_MORE = re.compile(
    r"(?:再|多)?(?:加|来|补|上|做|搞|出|开)(?:一?个|一?版|上)?\s?([c-d])(?:版|组|方案|$)|add (?:a )?(?:variant "
    r"|version )?([c-d])(?![a-z])"
)


_ONE_LESS = re.compile(
    r"(?:去掉|砍掉|砍|删掉|删|停掉|停|下掉|拿掉|不要|撤掉|撤)([a-d])(?:版|组|方案)|([a-d])(?:版|组|方案)(?:不要"
    r"|不做|去掉|停|砍|下掉|拿掉)|(?:drop"
    r"|remove) (?:variant |version )?([a-d])(?![a-z])"
)


def _variants(change: Change) -> None:
    """加个C版, B版不要了: the versions that compete."""
    text, old = change.found.text, list(change.base["experiment"].get("variants", []))
    if hit := _ONE_MORE.search(text):
        change.step("set", "experiment", {"variants": [*old, (hit[1] or hit[2]).upper()]})
    elif hit := _ONE_LESS.search(text):
        gone = next(name for name in hit.groups() if name).upper()
        kept = [name for name in old if name != gone]
        if len(kept) > 1:
            change.step("set", "experiment", {"variants": kept})
        else:
            change.step("remove", "experiment")
    elif _THREE.search(text):
        change.step("set", "experiment", {"variants": ["A", "B", "C"]})
