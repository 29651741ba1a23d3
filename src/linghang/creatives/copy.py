"""Write copy without a model: phrases of the pack filled with the document's facts, for each layer and place.

A text may state only facts (``Texts.facts``); it keeps the exact length of its role and the brief's rules, and is asked
of the checker before it is kept: what has findings is replaced by the next best, required disclosures are added. The
same inputs and seed give the same texts; a text that a reviewer sent back (``avoid``) is not written again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from linghang.base.findings import Finding
from linghang.campaigns.sections import Allocation, Copy, Goal, Layer, Layers, Texts
from linghang.creatives.checking import Checked, Checker, Material
from linghang.creatives.diversity import distinct, self_bleu
from linghang.creatives.facts import facts_of
from linghang.creatives.limits import Place, forbidden, place_of_channel, place_of_slot
from linghang.creatives.script import written
from linghang.creatives.writer import Task, Writer
from linghang.packs.model import Benefit, Pack

__all__ = ["NEUTRAL", "VARIANTS", "Checked", "Checker", "Material", "Written", "benefit_of", "places_of", "write"]


@dataclass(frozen=True)
class Written:
    """The section ``copy`` with findings: roles for which no text was possible, disclosures that do not fit."""

    texts: Texts
    findings: tuple[Finding, ...] = ()


VARIANTS = ("a", "b", "c")
"""Alternatives of a sent text; a slot's texts are drawn into its picture, so they come once."""
NEUTRAL = "n"
"""The variant that speaks of no benefit: for customers without one, and for when the stock has run out."""


def write(
    goal: Goal,
    layers: Layers,
    allocation: Allocation,
    pack: Pack,
    *,
    checker: Checker,
    seed: int = 0,
    avoid: Sequence[str] = (),
    link: str = "",
    variants: int = 2,
) -> Written:
    """The section ``copy``: every role of every place of every layer, different from layer to layer.

    A required role for which nothing is left is a finding (S2), never an empty text.
    """
    kept: list[Copy] = []
    findings: list[Finding] = []
    facts: dict[str, str] = {}
    places = places_of(goal, pack)
    by_id = {place.id: place for place in places}
    writer = writer_of(goal, pack, checker, seed, avoid)
    for rank, layer in enumerate(_by_warmth(layers)):
        offered = benefit_of(layer.id, allocation)
        for place in places:
            for variant in _variants(place, pack, offered, variants):
                benefit = None if variant == NEUTRAL else offered
                own = facts_of(goal, pack, benefit, link=link)
                facts |= _named(own, benefit)
                made, missing = writer.place(Task(layer.id, rank, variant, benefit, own), place, kept)
                kept.extend(made)
                if variant == VARIANTS[0]:
                    findings.extend(missing)
    names = [layer.id for layer in layers.layers]
    ordered = sorted(kept, key=lambda text: names.index(text.layer))
    words = [writer.words[text.id] for text in ordered if text.role not in ("button", "badge", "legal")]
    told = {name: written(value, goal.script) for name, value in facts.items()}
    shown = tuple(replace(text, text=as_sent(text.text, text.role, by_id[text.place], goal.script)) for text in ordered)
    return Written(Texts(told, shown, round(distinct(words), 4), round(self_bleu(words), 4)), tuple(findings))


def as_sent(text: str, role: str, place: Place, script: str) -> str:
    """A text in the campaign's script. Signature and way out stay as they are registered with the carrier."""
    if role != "body":
        return written(text, script)
    own = text.removeprefix(place.prefix).removesuffix(place.suffix)
    before = text[: len(place.prefix)] if text.startswith(place.prefix) else ""
    return f"{before}{written(own, script)}{text[len(before) + len(own) :]}"


def writer_of(goal: Goal, pack: Pack, checker: Checker, seed: int, avoid: Sequence[str] = ()) -> Writer:
    """The writer of a goal: its product, and the words that no text may have."""
    product = next((item for item in pack.products if item.id == goal.product), None)
    return Writer(goal, pack, product, forbidden(goal, pack, product), tuple(avoid), checker, seed)


def places_of(goal: Goal, pack: Pack) -> tuple[Place, ...]:
    """Where the campaign speaks: the slots of the goal, and each of its channels that send.

    Every layer has texts for every place, whatever the allocation: another budget then writes no other copy.
    """
    channels = [channel for channel in pack.channels if channel.id in goal.channels or "all" in goal.channels]
    slots = [place_of_slot(slot) for slot in pack.slots if slot.id in goal.slots or set(slot.aliases) & set(goal.slots)]
    sends = [place_of_channel(channel, goal.lang) for channel in channels if channel.kind in ("send", "person")]
    return (*slots, *sends)


def benefit_of(layer: str, allocation: Allocation) -> Benefit | None:
    """The benefit of a layer, or None. Reads only ``gifts`` and ``granted``, so that figures may change freely."""
    given = next((benefit for name, benefit in allocation.gifts if name == layer and benefit), None)
    return next((item for item in allocation.granted if item.id == given), None)


def _variants(place: Place, pack: Pack, benefit: Benefit | None, variants: int) -> tuple[str, ...]:
    """The neutral set first where there is a benefit, then the alternatives; one for a place with a picture."""
    count = 1 if any(slot.id == place.id for slot in pack.slots) else variants
    return (*((NEUTRAL,) if benefit else ()), *VARIANTS[:count])


def _by_warmth(layers: Layers) -> list[Layer]:
    """Warmest first: who responds anyway needs other words than who sleeps."""
    return sorted(layers.layers, key=lambda layer: (-layer.base_rate, layer.id))


def _named(facts: dict[str, str], benefit: Benefit | None) -> dict[str, str]:
    """Facts of a benefit under its name, because layers have different ones."""
    of_benefit = {"benefit", "face", "threshold", "valid", "days", "discount"}
    suffix = f":{benefit.id}" if benefit else ""
    return {f"{name}{suffix}" if name in of_benefit else name: value for name, value in facts.items()}
