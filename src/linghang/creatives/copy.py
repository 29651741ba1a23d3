"""Write copy without a model: phrases of the pack filled with the document's facts, for each layer and place.

A text may state only facts (``Texts.facts``); it keeps the exact length of its role, the brief's rules, and is asked
of the checker before it is kept: what has findings is dropped and the next best taken, required disclosures are added.
The same inputs and seed give the same texts; a text that a reviewer sent back (``avoid``) is not written again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from linghang.base.digest import digest
from linghang.base.findings import Finding, Severity, blocks
from linghang.campaigns.sections import Allocation, Copy, Goal, Layer, Layers, Texts
from linghang.creatives.diversity import distinct, self_bleu
from linghang.creatives.facts import facts_of
from linghang.creatives.limits import (
    Place,
    allowed,
    forbidden,
    place_of_channel,
    place_of_slot,
    room_of,
    typeset,
    whole,
)
from linghang.creatives.phrases import Wanted, angles_for, candidates, names_benefit
from linghang.packs.model import Benefit, CopyRole, Pack, Product


@dataclass(frozen=True)
class Material:
    """A text as it will be seen, for the checker: with signature, way out and disclosures."""

    text: str
    place: str
    channel: str
    role: str
    lang: str


@dataclass(frozen=True)
class Checked:
    """What the checker says: findings, and codes of disclosures that the text must still carry."""

    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()


Checker = Callable[[Material], Checked]


@dataclass(frozen=True)
class Written:
    """The section ``copy`` with findings: roles for which no text was possible."""

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
    product = next((item for item in pack.products if item.id == goal.product), None)
    banned = forbidden(goal, pack, product)
    kept: list[Copy] = []
    findings: list[Finding] = []
    facts: dict[str, str] = {}
    places = places_of(goal, pack)
    writer = _Writer(goal, pack, product, banned, tuple(avoid), checker, seed)
    for rank, layer in enumerate(_by_warmth(layers)):
        offered = benefit_of(layer.id, allocation)
        for place in places:
            for variant in _variants(place, pack, offered, variants):
                benefit = None if variant == NEUTRAL else offered
                own = facts_of(goal, pack, benefit, link=link)
                facts |= _named(own, benefit)
                made, missing = writer.place(layer, rank, place, benefit, own, variant, kept)
                kept.extend(made)
                if variant == VARIANTS[0]:
                    findings.extend(missing)
    names = [layer.id for layer in layers.layers]
    ordered = sorted(kept, key=lambda text: names.index(text.layer))
    words = [writer.words[text.id] for text in ordered if text.role not in ("button", "badge", "legal")]
    return Written(Texts(facts, tuple(ordered), round(distinct(words), 4), round(self_bleu(words), 4)), tuple(findings))


def places_of(goal: Goal, pack: Pack) -> tuple[Place, ...]:
    """Where the campaign speaks: the slots of the goal, and each of its channels that send.

    Every layer has texts for every place, whatever the allocation: another budget then writes no other copy.
    """
    channels = [channel for channel in pack.channels if channel.id in goal.channels or "all" in goal.channels]
    slots = [place_of_slot(slot) for slot in pack.slots if slot.id in goal.slots or set(slot.aliases) & set(goal.slots)]
    sends = [place_of_channel(channel, goal.lang) for channel in channels if channel.kind in ("send", "person")]
    return (*slots, *sends)


def _variants(place: Place, pack: Pack, benefit: Benefit | None, variants: int) -> tuple[str, ...]:
    """The neutral set first where there is a benefit, then the alternatives; one for a place with a picture."""
    count = 1 if any(slot.id == place.id for slot in pack.slots) else variants
    return (*((NEUTRAL,) if benefit else ()), *VARIANTS[:count])


def benefit_of(layer: str, allocation: Allocation) -> Benefit | None:
    """The benefit of a layer, or None. Reads only ``gifts`` and ``granted``, so that figures may change freely."""
    given = next((benefit for name, benefit in allocation.gifts if name == layer and benefit), None)
    return next((item for item in allocation.granted if item.id == given), None)


def _by_warmth(layers: Layers) -> list[Layer]:
    """Warmest first: who responds anyway needs other words than who sleeps."""
    return sorted(layers.layers, key=lambda layer: (-layer.base_rate, layer.id))


def _named(facts: dict[str, str], benefit: Benefit | None) -> dict[str, str]:
    """Facts of a benefit under its name, because layers have different ones."""
    of_benefit = {"benefit", "face", "threshold", "valid", "days", "discount"}
    suffix = f":{benefit.id}" if benefit else ""
    return {f"{name}{suffix}" if name in of_benefit else name: value for name, value in facts.items()}


@dataclass(frozen=True)
class _Writer:
    goal: Goal
    pack: Pack
    product: Product | None
    banned: tuple[str, ...]
    avoid: tuple[str, ...]
    checker: Checker
    seed: int
    words: dict[str, str] = field(default_factory=dict)
    """A text's id → its own words, without what surrounds it and without disclosures: what can differ at all."""

    def place(
        self,
        layer: Layer,
        rank: int,
        place: Place,
        benefit: Benefit | None,
        facts: dict[str, str],
        variant: str,
        kept: Sequence[Copy],
    ) -> tuple[list[Copy], list[Finding]]:
        """Every role of a place for a layer, and a finding for each required role that stays empty.

        Where a benefit is given some text of the place says so: if none came to, the place is written again so.
        """
        wanted = Wanted(
            role="",
            place=place.id,
            lang=self.goal.lang,
            kind=self.goal.product_kind,
            objective=self.goal.objective,
            offer=benefit.type if benefit else "",
            tone=self.goal.tone,
            angles=angles_for(rank, variant, benefit is not None),
            facts=facts,
            room=0,
            seed=f"{self.seed}:{layer.id}:{place.id}:{variant}",
        )
        made, missing = self._roles(wanted, place, layer.id, variant, kept)
        if benefit is not None and not any(names_benefit(text.source) for text in made):
            made, missing = self._roles(replace(wanted, must=True), place, layer.id, variant, kept)
        return made, missing

    def _roles(
        self, wanted: Wanted, place: Place, layer: str, variant: str, kept: Sequence[Copy]
    ) -> tuple[list[Copy], list[Finding]]:
        made: list[Copy] = []
        missing: list[Finding] = []
        for role in place.roles:
            own = replace(
                wanted,
                role=role.role,
                said=any(names_benefit(text.source) for text in made),
                room=room_of(place, role, self.goal),
                seed=f"{wanted.seed}:{role.role}",
            )
            text = self._legal(role, own.facts) if role.role == "legal" else self._text(own, place, role, kept, made)
            if text is not None:
                named = _id(text, layer, place, variant)
                self.words[named] = self.words.pop("", text.text)
                made.append(replace(text, id=named, layer=layer, place=place.id, variant=variant))
            elif role.required:
                params = {"layer": layer, "place": place.id, "role": role.role, "longest": own.room}
                missing.append(Finding("creatives.no_text", Severity.S2, "copy", params=params))
        return made, missing

    def _text(
        self, wanted: Wanted, place: Place, role: CopyRole, kept: Sequence[Copy], made: Sequence[Copy]
    ) -> Copy | None:
        # Buttons may repeat between places; all else should differ from what other layers and places say.
        others = [self.words[text.id] for text in (*kept, *made) if text.role == role.role]
        for phrase, filled in candidates(wanted, self.pack.phrases, others):
            if not allowed(filled, self.banned, self.goal):
                continue
            final = self._compliant(filled, wanted.room, place, role)
            if final is not None and final not in self.avoid:
                self.words[""] = filled
                return Copy("", "", place.id, role.role, final, phrase.angle, self.goal.lang, phrase.text)
        return None

    def _compliant(self, text: str, room: int, place: Place, role: CopyRole) -> str | None:
        """The text as sent, with the disclosures that the checker misses; None if that cannot be clean in its room."""
        checked = self._ask(whole(place, role.role, text), place, role)
        if blocks(checked.findings):
            return None
        added = [self.disclosure(code) for code in checked.missing]
        # A title is seen with the legal line of its place, so only bodies and scripts carry disclosures themselves.
        if not added or role.role not in ("body", "script"):
            return whole(place, role.role, text)
        told = "".join(line for line in added if line and line not in text)
        joined = f"{_ended(text, self.goal.lang)}{told}" if told else text
        # What the law wants said is said, whatever words a brief or brand avoids.
        if len(joined) > room:
            return None
        final = whole(place, role.role, joined)
        return None if blocks(self._ask(final, place, role).findings) else final

    def _ask(self, text: str, place: Place, role: CopyRole) -> Checked:
        return self.checker(Material(text, place.id, place.channel, role.role, self.goal.lang))

    def disclosure(self, code: str) -> str:
        """The sentence of a disclosure: the product's own, otherwise the pack's."""
        label = (self.product.disclosures if self.product else {}).get(code) or self.pack.disclosures.get(code)
        return typeset(label.of(self.goal.lang), self.goal.lang) if label else ""

    def _legal(self, role: CopyRole, facts: Mapping[str, str]) -> Copy | None:
        """The legal line: the product's disclosures, as many whole ones as the role takes, the first always whole."""
        lines = [self.disclosure(code) for code in (self.product.disclosures if self.product else ())]
        text = ""
        for line in lines:
            filled = (
                line.format_map({**facts, "brand": self.pack.brand.name.of(self.goal.lang)}) if "{" in line else line
            )
            joined = f"{_ended(text, self.goal.lang)}{filled}" if text else filled
            if len(joined) <= role.longest:
                text = joined
        return Copy("", "", "", "legal", text, "plain", self.goal.lang, "disclosure") if text else None


def _ended(text: str, lang: str) -> str:
    """The text with a full stop, so that a disclosure can follow."""
    if text.endswith(tuple("。!！?？.~")):
        return text if lang == "zh" else f"{text} "
    return f"{text}。" if lang == "zh" else f"{text}. "


def _id(text: Copy, layer: str, place: Place, variant: str) -> str:
    return f"cpy_{digest([layer, place.id, text.role, variant])[:16]}"
