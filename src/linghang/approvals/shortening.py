"""The short path: what differs so little from an approved package that one person may approve it again.

Three kinds of change qualify: a picture swapped (its look, not a word, benefit or place of it), a pool topped up by at
most a fifth, and both. Everything else of the promise must be the same byte for byte, and the review of the new package
must have found nothing that a person has to judge.
"""

from collections.abc import Mapping, Set
from typing import Any, Literal

from linghang.base.digest import digest
from linghang.campaigns.model import Package

Change = Literal["", "picture", "top_up", "picture_and_top_up"]
MOST_MORE = 0.2
"""By how much of the approved budget a top-up may raise it."""

_SAME = ("audience", "layers", "copy", "combinations")
_KEPT_OF_PICTURE = ("id", "layer", "slot", "width", "height", "variant")
"""What of a picture must stay; the rest is its look."""
_LOOK_OF_PAGE = frozenset({"file", "bytes"})
"""The page shows the head picture, so its file changes with it; its words are compared."""
_PACKAGE = ("institution_id", "campaign_id", "pack", "salt", "seed", "policy", "exploration")


def change(old: Package, new: Package) -> Change:
    """What kind of small change leads from an approved package to another; empty when it is not small."""
    if any(getattr(old, name) != getattr(new, name) for name in _PACKAGE):
        return ""
    one, two = old.sections, new.sections
    if any(digest(one[name]) != digest(two[name]) for name in _SAME) or not _clean(two["compliance"]):
        return ""
    swapped = _swapped(one, two)
    topped = _topped_up(one, two)
    if swapped is None or topped is None or not (swapped or topped):
        return ""
    return "picture_and_top_up" if swapped and topped else "picture" if swapped else "top_up"


def _clean(review: Mapping[str, Any]) -> bool:
    severe = [
        item for asset in review["assets"] for item in asset["findings"] if item["severity"] in ("S1", "S2", "S3")
    ]
    return review["verdict"] == "compliant" and not severe


def _swapped(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool | None:
    """Whether pictures, and only their look, differ; None when more than that does."""
    before, after = one["creatives"]["pictures"], two["creatives"]["pictures"]
    kept = [[{key: item[key] for key in _KEPT_OF_PICTURE} for item in pictures] for pictures in (before, after)]
    rest = [_without(section["creatives"], {"pictures"}) for section in (one, two)]
    words = [_without(section["page"], _LOOK_OF_PAGE) for section in (one, two)]
    if kept[0] != kept[1] or rest[0] != rest[1] or words[0] != words[1]:
        return None
    if before == after:
        return False if one["page"] == two["page"] else None
    return True


def _topped_up(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool | None:
    """Whether the budget alone was raised, by little; None when money or days moved in another way."""
    if all(digest(one[name]) == digest(two[name]) for name in ("goal", "benefits", "placements")):
        return False
    before, after = int(one["goal"]["budget_fen"]), int(two["goal"]["budget_fen"])
    if not before < after <= before * (1 + MOST_MORE):
        return None
    same = [
        [
            _without(section["goal"], {"budget_fen", "assumptions"}),
            [(item["layer"], tuple(item["channels"]), item["benefit"]) for item in section["benefits"]["allotments"]],
            [_without(item, {"stock"}) for item in section["benefits"]["granted"]],
            [_without(item, {"daily"}) for item in section["placements"]["placements"]],
        ]
        for section in (one, two)
    ]
    return True if same[0] == same[1] else None


def _without(shape: Mapping[str, Any], names: Set[str]) -> dict[str, Any]:
    return {key: value for key, value in shape.items() if key not in names}
