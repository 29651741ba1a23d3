"""Combinations (组合): copy × picture × benefit of each layer in each place, named; excluded ones with reasons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from linghang.base.digest import digest
from linghang.base.messages import render
from linghang.campaigns.sections import Allocation, Copy, Creative, Creatives, Goal, Layers, Texts, Variant, Variants
from linghang.creatives.copy import NEUTRAL
from linghang.creatives.pictures import conventions
from linghang.creatives.script import written
from linghang.packs.model import Benefit, Pack

Exclude = Callable[[Variant, Mapping[str, Copy]], Sequence[str]]
"""Further reasons (codes) that exclude a combination, for instance of a compliance review."""
_BENEFIT_FACTS = ("benefit", "face", "threshold", "valid", "days", "discount")


def combine(
    goal: Goal,
    layers: Layers,
    allocation: Allocation,
    texts: Texts,
    creatives: Creatives,
    pack: Pack,
    *,
    exclude: Exclude | None = None,
) -> Variants:
    """The section ``combinations``: for every layer and place each text set with each picture and each benefit.

    The benefits of a layer are those that it is allotted, and none: where stock runs out something can still be said.
    An excluded combination stays, with its reasons, so that a person sees that it was thought of.
    """
    slots = {slot.id: slot.channel for slot in pack.slots}
    names = _names(layers, allocation, pack, goal.lang)
    made: list[Variant] = []
    for layer in layers.layers:
        own = [text for text in texts.texts if text.layer == layer.id]
        offers = _offers(layer.id, allocation)
        for place in dict.fromkeys(text.place for text in own):
            pictures = [item for item in creatives.pictures if item.layer == layer.id and item.slot == place]
            sets = _text_sets([text for text in own if text.place == place], place in slots)
            made.extend(
                _variant(
                    goal, layer.id, place, slots.get(place, place), copy, picture, offer, allocation, exclude, names
                )
                for copy in sets
                for picture in pictures or [None]
                for offer in offers
            )
    return Variants(tuple(_numbered(made)))


def _names(layers: Layers, allocation: Allocation, pack: Pack, lang: str) -> dict[str, str]:
    """How people call what a combination is made of; a layer without a name of its own is called by its place."""
    locale = "en" if lang == "en" else "zh-CN"
    told = {item.id: item.label.of(lang) for group in (pack.channels, pack.slots) for item in group}
    told |= {item.id: item.label.of(lang) for item in allocation.granted}
    for number, layer in enumerate(layers.layers, 1):
        params = {"range_en": layer.params.get("range", ""), **layer.params}
        words = render(layer.code, params, locale)
        told[layer.id] = words if words != layer.code else render("combinations.layer", {"number": number}, locale)
    return told


def _mood(picture: Creative | None, lang: str) -> str:
    """The mood's name, or its id where the engine knows none."""
    if picture is None:
        return ""
    moods = conventions.read("moods")
    return str(moods[picture.mood]["label"][lang]) if picture.mood in moods else picture.mood


def _offers(layer: str, allocation: Allocation) -> tuple[str, ...]:
    given = [item.benefit for item in allocation.allotments if item.layer == layer and item.benefit]
    return (*dict.fromkeys(given), "")


def _text_sets(texts: Sequence[Copy], pictured: bool) -> list[dict[str, Copy]]:
    """One set of roles a variant; a role that a variant lacks is the first one's.

    Sets that say the same come once, unless pictures tell them apart.
    """
    by_variant: dict[str, dict[str, Copy]] = {}
    for text in sorted(texts, key=lambda text: (text.variant == NEUTRAL, text.variant)):
        by_variant.setdefault(text.variant, {})[text.role] = text
    first = next(iter(by_variant.values()), {})
    sets = [{**first, **own} for own in by_variant.values()]
    if pictured:
        return sets
    said = [tuple((role, text.text) for role, text in one.items()) for one in sets]
    return [one for place, one in enumerate(sets) if said[place] not in said[:place]]


def _variant(
    goal: Goal,
    layer: str,
    place: str,
    channel: str,
    copy: Mapping[str, Copy],
    picture: Creative | None,
    benefit: str,
    allocation: Allocation,
    exclude: Exclude | None,
    names: Mapping[str, str],
) -> Variant:
    roles = {role: text.text for role, text in copy.items()}
    plain = Variant(
        id=f"var_{digest([layer, place, roles, picture.id if picture else '', benefit])[:16]}",
        name="",
        layer=layer,
        channel=channel,
        place=place,
        copy=roles,
        creative=picture.id if picture else "",
        benefit=benefit,
    )
    reasons = _reasons(goal, plain, copy, picture, allocation)
    reasons.extend(exclude(plain, copy) if exclude else ())
    given = names.get(benefit, benefit) or render("combinations.no_benefit", {}, "en" if goal.lang == "en" else "zh-CN")
    parts = (names[layer], names[place], _letter(copy), _mood(picture, goal.lang), given)
    return replace(plain, name="·".join(part for part in parts if part), excluded=tuple(dict.fromkeys(reasons)))


def _reasons(
    goal: Goal, plain: Variant, copy: Mapping[str, Copy], picture: Creative | None, allocation: Allocation
) -> list[str]:
    """Why a combination cannot run: it promises what is not given, hides what is, or a slot has no picture."""
    reasons: list[str] = []
    if plain.place != plain.channel and picture is None:
        reasons.append("combinations.no_picture")
    if picture is not None and picture.variant != _letter(copy):
        reasons.append("combinations.picture_says_other")
    granted = {item.id: item for item in allocation.granted}
    # A picture of a benefit's text set shows the benefit too.
    benefit, gift = plain.benefit, dict(allocation.gifts).get(plain.layer, "")
    drawn = picture is not None and picture.variant != NEUTRAL and bool(gift)
    promised = _promised(copy, granted, goal)
    if promised - {benefit}:
        reasons.append("combinations.promises_other_benefit" if benefit else "combinations.promises_benefit")
    elif not benefit and (drawn or any(field in text.source for text in copy.values() for field in _fields())):
        reasons.append("combinations.promises_benefit")
    if benefit and _letter(copy) == NEUTRAL:
        reasons.append("combinations.hides_benefit")
    return reasons


def _promised(copy: Mapping[str, Copy], granted: Mapping[str, Benefit], goal: Goal) -> set[str]:
    """The benefits whose name the texts say. A name within a longer one that is said too does not count."""
    said = " ".join(text.text for text in copy.values())
    labels = {written(benefit.label.of(goal.lang), goal.script): name for name, benefit in granted.items()}
    names = {label: name for label, name in labels.items() if label in said}
    return {name for label, name in names.items() if not any(label != other and label in other for other in names)}


def _fields() -> tuple[str, ...]:
    return tuple("{" + field + "}" for field in _BENEFIT_FACTS)


def _letter(copy: Mapping[str, Copy]) -> str:
    return next((text.variant for text in copy.values()), "a")


def _numbered(variants: Sequence[Variant]) -> list[Variant]:
    """Names that occur twice (two pictures of one mood) get a number; those that may run count first."""
    seen: dict[str, int] = {}
    named: dict[str, str] = {}
    for variant in sorted(variants, key=lambda one: bool(one.excluded)):
        seen[variant.name] = seen.get(variant.name, 0) + 1
        suffix = f"#{seen[variant.name]}" if seen[variant.name] > 1 else ""
        named[variant.id] = variant.name + suffix
    return [replace(variant, name=named[variant.id]) for variant in variants]
