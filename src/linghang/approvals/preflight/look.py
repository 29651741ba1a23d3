"""What a check of the pre-flight looks at: the document's sections, typed, with the pack and the day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from linghang.base.findings import Finding, Severity
from linghang.base.predicates import Predicate, Rule, leaves
from linghang.campaigns.model import Campaign
from linghang.campaigns.sections import (
    Allocation,
    Audience,
    Creatives,
    Estimate,
    Experiment,
    Goal,
    Layers,
    Page,
    Pins,
    Placements,
    Review,
    Texts,
    Variant,
    Variants,
)
from linghang.packs.model import Benefit, Channel, Pack, Product, Slot

Param = str | int | float | bool | None


@dataclass(frozen=True)
class Look:
    """The document under the pack. ``today`` is None where the day does not matter (a check of the content alone)."""

    campaign: Campaign
    pack: Pack
    today: dt.date | None

    def _value(self, name: str) -> Any:
        return self.campaign.value(name)

    @property
    def goal(self) -> Goal:
        """The goal."""
        return self._value("goal")

    @property
    def audience(self) -> Audience:
        """The audience."""
        return self._value("audience")

    @property
    def layers(self) -> Layers:
        """The layers."""
        return self._value("layers")

    @property
    def allocation(self) -> Allocation:
        """The allocation of the budget."""
        return self._value("benefits")

    @property
    def texts(self) -> Texts:
        """All copy."""
        return self._value("copy")

    @property
    def creatives(self) -> Creatives:
        """All pictures."""
        return self._value("creatives")

    @property
    def page(self) -> Page:
        """The landing page."""
        return self._value("page")

    @property
    def placements(self) -> Placements:
        """The calendar."""
        return self._value("placements")

    @property
    def experiment(self) -> Experiment:
        """The experiment."""
        return self._value("experiment")

    @property
    def estimate(self) -> Estimate:
        """The estimate."""
        return self._value("estimate")

    @property
    def review(self) -> Review:
        """The compliance review."""
        return self._value("compliance")

    @property
    def pins(self) -> Pins:
        """Hand edits."""
        return self._value("pins") or Pins()

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The combinations that may run."""
        made: Variants = self._value("combinations")
        return tuple(variant for variant in made.variants if not variant.excluded)

    @cached_property
    def product(self) -> Product | None:
        """The product of the goal, as the pack has it."""
        return next((item for item in self.pack.products if item.id == self.goal.product), None)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The pack's channels by id."""
        return {channel.id: channel for channel in self.pack.channels}

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """The pack's slots by id."""
        return {slot.id: slot for slot in self.pack.slots}

    @cached_property
    def benefits(self) -> dict[str, Benefit]:
        """Benefits by id, as this campaign gives them; the pack's where the campaign says nothing."""
        return {benefit.id: benefit for benefit in (*self.pack.benefits, *self.allocation.granted)}

    @cached_property
    def layer_ids(self) -> frozenset[str]:
        """The ids of the layers."""
        return frozenset(layer.id for layer in self.layers.layers)


def found(code: str, severity: Severity, about: str, **params: Param) -> Finding:
    """A finding of the pre-flight check."""
    return Finding(f"preflight.{code}", severity, about, params=params)


def fields_of(rule: Rule) -> Iterable[Predicate]:
    """Every predicate of a rule."""
    return [leaf for leaf in leaves(rule) if isinstance(leaf, Predicate)]
