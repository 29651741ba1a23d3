"""The short path: what differs so little from an approved package that one person may approve it again.

Three kinds of change qualify: a picture swapped (its look, not a word, benefit or place of it), a pool topped up by at
most a fifth, and both. Everything else of the promise must be the same byte for byte, and the review of the new package
must have found nothing that a person has to judge and has not judged in the approved one.
"""

from collections.abc import Mapping, Set
from typing import Any, Literal

from linghang.base.digest import digest
from linghang.campaigns.assets import finding_key
from linghang.campaigns.model import Package

Change = Literal["", "picture", "top_up", "picture_and_top_up"]
MOST_MORE = 0.2
"""By how much of the approved budget a top-up may raise it."""

_SAME = ("audience", "layers", "copy")
_KEPT_OF_PICTURE = ("layer", "slot", "width", "height", "variant")
"""What of a picture must stay; the rest is its look. Its id and its files are made of how it looks."""
_LOOK_OF_PAGE = frozenset({"file", "bytes"})
"""The page shows the head picture, so its file changes with it; its words are compared."""
_LOOK_OF_GOAL = frozenset({"colours", "style"})
"""Of the goal only the pictures are made of these: they are how a picture is asked to be another."""
_PACKAGE = ("institution_id", "campaign_id", "pack", "salt", "seed", "policy", "exploration")


def change(old: Package, new: Package) -> Change:
    """What kind of small change leads from an approved package to another; empty when it is not small."""
    if any(getattr(old, name) != getattr(new, name) for name in _PACKAGE):
        return ""
    one, two = old.sections, new.sections
    if any(digest(one[name]) != digest(two[name]) for name in _SAME) or not _nothing_new(
        one["compliance"], two["compliance"]
    ):
        return ""
    swapped = _swapped(one, two)
    topped = _topped_up(one, two)
    if swapped is None or topped is None or not (swapped or topped):
        return ""
    return "picture_and_top_up" if swapped and topped else "picture" if swapped else "top_up"


def _nothing_new(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the review found nothing that whoever signed the approved package had not before their eyes."""
    return after["verdict"] == "compliant" and _to_judge(after) <= _to_judge(before)


def _to_judge(review: Mapping[str, Any]) -> set[str]:
    return {
        finding_key(item["code"], asset["kind"], asset["place"], str(item["params"].get("text") or ""))
        + item["severity"]
        for asset in review["assets"]
        for item in asset["findings"]
        if item["severity"] in ("S1", "S2", "S3")
    }


def _swapped(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool | None:
    """Whether pictures, and only their look, differ; None when more than that does."""
    if _said_around(one) != _said_around(two):
        return None
    if one["creatives"]["pictures"] == two["creatives"]["pictures"]:
        return False if one["page"] == two["page"] and one["combinations"] == two["combinations"] else None
    return True


def _said_around(sections: Mapping[str, Any]) -> list[Any]:
    """Everything about pictures but their looks: which there are, where each is shown, with what words and benefits."""
    pictures = sections["creatives"]["pictures"]
    places = {
        item[name]: f"picture {place}" for place, item in enumerate(pictures) for name in ("id", "file", "record")
    }
    kept = [{key: item[key] for key in _KEPT_OF_PICTURE} for item in pictures]
    rest = _without(sections["creatives"], {"pictures"})
    shown = [_without(item, {"id"}) for item in sections["combinations"]["variants"]]
    others = _without(sections["combinations"], {"variants"})
    page = _without(sections["page"], _LOOK_OF_PAGE)
    return [kept, rest, others, *(_by_place(value, places) for value in (shown, page))]


def _by_place(value: Any, places: Mapping[str, str]) -> Any:
    """The value with every picture called by its place in the list of pictures."""
    if isinstance(value, Mapping):
        return {key: _by_place(one, places) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_by_place(one, places) for one in value]
    return places.get(value, value) if isinstance(value, str) else value


def _topped_up(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool | None:
    """Whether the budget alone was raised, by little; None when money or days moved in another way."""
    goals = [digest(_without(section["goal"], _LOOK_OF_GOAL)) for section in (one, two)]
    if goals[0] == goals[1] and all(digest(one[name]) == digest(two[name]) for name in ("benefits", "placements")):
        return False
    before, after = int(one["goal"]["budget_fen"]), int(two["goal"]["budget_fen"])
    if not before < after <= before * (1 + MOST_MORE):
        return None
    same = [
        [
            _without(section["goal"], {"budget_fen", "assumptions", *_LOOK_OF_GOAL}),
            [(item["layer"], tuple(item["channels"]), item["benefit"]) for item in section["benefits"]["allotments"]],
            [_without(item, {"stock"}) for item in section["benefits"]["granted"]],
            [_without(item, {"daily"}) for item in section["placements"]["placements"]],
        ]
        for section in (one, two)
    ]
    return True if same[0] == same[1] else None


def _without(shape: Mapping[str, Any], names: Set[str]) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key not in names}
