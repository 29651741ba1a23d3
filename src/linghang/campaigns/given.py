"""Given sections: what people said, chose and set by hand. All others are derived from them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Json = Any
"""A JSON value whose shape the reading's contract defines."""


@dataclass(frozen=True)
class Edit:
    """A change after the first sentence: the operator's words (empty for a hand edit) and the patch of the reading."""

    text: str
    patch: tuple[Mapping[str, Json], ...]
    actor: str
    at: dt.datetime


@dataclass(frozen=True)
class Inherited:
    """What the campaign that a document was cloned from used: looked at again for the new dates."""

    campaign: str
    benefits: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    product: str = ""
    pins: int = 0


@dataclass(frozen=True)
class Brief:
    """Given: the sentence, the day on which it was said, and every edit of the reading since."""

    text: str
    today: dt.date
    edits: tuple[Edit, ...] = ()
    inherited: Inherited | None = None


PlanId = Literal["cautious", "balanced", "bold"]


@dataclass(frozen=True)
class Choice:
    """Given: which of the alternative plans (稳健 · 均衡 · 进取) the operator takes."""

    plan: PlanId = "balanced"


@dataclass(frozen=True)
class Pin:
    """A value of a derived section that a person set by hand; ``derived`` is the digest of what it replaced."""

    path: str
    value: Json
    derived: str
    actor: str
    at: dt.datetime


@dataclass(frozen=True)
class Retouch:
    """A hand edit of pictures by parameter (手调): a recompile draws them with it. An empty field means all of them.

    ``said`` are the words in which it was asked for; a change to None takes a parameter back to what the seed draws.
    """

    changes: Mapping[str, Json]
    layer: str = ""
    slot: str = ""
    variant: str = ""
    said: str = ""
    actor: str = ""

    def touches(self, layer: str, slot: str, variant: str) -> bool:
        """Whether a picture is among those that it edits."""
        return all(own in ("", other) for own, other in zip(self.scope, (layer, slot, variant), strict=True))

    @property
    def scope(self) -> tuple[str, str, str]:
        """Layer, slot and variant."""
        return (self.layer, self.slot, self.variant)


@dataclass(frozen=True)
class Pins:
    """Given: hand edits of derived sections; a recompile never overwrites them."""

    items: tuple[Pin, ...] = ()
    retouches: tuple[Retouch, ...] = ()

    def of(self, layer: str, slot: str, variant: str) -> Mapping[str, Json]:
        """All changes to one picture, later ones over earlier ones."""
        changes: dict[str, Json] = {}
        for item in self.retouches:
            if item.touches(layer, slot, variant):
                changes |= item.changes
        return changes
