"""A package's round of review: what happened since it was submitted, its conditions, what was said of its sections."""

import datetime as dt
from collections.abc import Sequence

from linghang.doors.studio.campaign.view import CARDS, SIGNERS, Shape, View


def history(view: View) -> list[Shape]:
    """Everything that happened to the campaign's packages, oldest first."""
    return list(view.extra.get("history") or ())


def entries(view: View) -> list[Shape]:
    """The entries since the package was last submitted; none before that, and none once an edit took it back."""
    found: list[Shape] = []
    for item in history(view):
        found = [item] if item["kind"] == "submitted" else [*found, item]
    return found if found and found[0]["kind"] == "submitted" and found[-1]["kind"] != "withdrawn" else []


def conditions(view: View) -> list[tuple[str, bool]]:
    """What the signatures ask for before the launch, and whether it was confirmed."""
    own = entries(view)
    asked = dict.fromkeys(
        str(point) for item in own if item["kind"] == "approved" for point in item.get("points") or ()
    )
    done = {str(point) for item in own if item["kind"] == "fulfilled" for point in item.get("points") or ()}
    return [(point, point in done) for point in asked]


def _points(view: View, kind: str) -> list[str]:
    told = [point for item in entries(view) if item["kind"] == kind for point in item.get("points") or ()]
    return list(dict.fromkeys(str(point) for point in told))


def open_conditions(view: View) -> list[str]:
    """The conditions that nobody has confirmed yet."""
    return [point for point, done in conditions(view) if not done]


def until(view: View) -> str:
    """When the signatures lapse: the earliest end; empty while nobody has signed."""
    ends = [str(item["until"]) for item in entries(view) if item["kind"] == "approved" and item.get("until")]
    return min(ends, default="")


def lapsed(view: View) -> bool:
    """Whether the package was approved and the signatures have lapsed before it was launched."""
    end = until(view) if view.status == "approved" else ""
    return bool(end) and dt.datetime.fromisoformat(end) <= dt.datetime.now(dt.UTC)


def unchanged(view: View) -> bool:
    """Whether the package that waits is the very one that was sent back before."""
    told = history(view)
    packages = [str(item["package"]) for item in told if item["kind"] == "rejected"]
    return view.status == "in_review" and bool(told) and str(told[-1]["package"]) in packages


def said(view: View, card: str) -> Sequence[Shape]:
    """What people said about a card's sections in the newest package that was submitted, the open musts first.

    What speaks of a finding stands with the finding for those who sign; for the others only what must be changed.
    """
    told = history(view)
    package = str(told[-1]["package"]) if told else ""
    signer = bool(SIGNERS & set(view.roles))
    found = [
        item
        for item in view.extra.get("comments") or ()
        if item["kind"] != "resolved" and item["package"] == package and item["section"] in CARDS[card]
        and (not item.get("about") or (item.get("open") and not signer))
    ]  # fmt: skip
    return sorted(found, key=lambda item: (not item.get("open"), -int(item["number"])))
