"""From a spec to a design: each parameter is pinned by the spec or drawn from its mood's distribution by the seed.

Every parameter has its own random stream, so that pinning or editing one leaves all the others as they were.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.colour import parse
from linghang.creatives.pictures.fonts.registry import chain, traditional
from linghang.creatives.pictures.model import DesignSpec
from linghang.creatives.pictures.palette import Palette, build, until
from linghang.creatives.pictures.words import is_traditional

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Design:
    """The drawn parameters of one picture. ``strength`` and ``count`` are the ground's; ``numbers`` by name."""

    palette: Palette
    scene: str
    ground: str
    strength: float
    rays: int
    phase: float
    title_style: str
    title_faces: tuple[str, ...]
    hero: str
    supports: tuple[str, ...]
    coins: int
    confetti: int
    composition: float
    particles: float
    title_scale: float
    hero_scale: float
    slant: float
    coin_glyph: str
    hero_glyph: str
    day: str
    mark: str
    seed: int

    def stream(self, name: str) -> random.Random:
        """The random stream of a named thing in this design."""
        return random.Random(f"{self.seed}|{name}")


def design(spec: DesignSpec, mends: Mapping[str, float] | None = None) -> Design:
    """The design of a spec; ``mends`` are repairs (``plain`` letters, a ``warmer`` hue).

    Raises UnknownItemError for a mood, product or festival that is unknown.
    """
    with conventions.using(spec.knowledge), traditional(is_traditional(spec.words)):
        return _design(spec, mends or {})


def _design(spec: DesignSpec, mends: Mapping[str, float]) -> Design:
    mood = conventions.entry("moods", spec.mood)
    product = conventions.entry("products", spec.product)
    festival = conventions.entry("festivals", spec.festival)
    hue = 28.0 if mends.get("warmer") else _hue(spec, mood, product, festival)
    tones = conventions.entry("moods", str((festival.get("tones") or {}).get(spec.mood, spec.mood)))
    palette = build(
        hue,
        tones["ground"],
        light=bool(tones.get("light", False)),
        metal=str(spec.choices.get("metal", mood["accent"])),
        up_red=spec.words.lang == "zh",
    )
    hero = _hero(spec, mood, product, festival)
    scene = _pick(spec, "scene", _scenes(mood, festival))
    return Design(
        palette=palette,
        scene=scene,
        ground=_pick(spec, "ground", _grounds(mood, festival, scene)),
        strength=_between(spec, "strength", mood["rays"]),
        rays=int(_between(spec, "rays", (14, 22))),
        phase=_between(spec, "phase", (0.0, 6.28)),
        title_style="gilt" if mends.get("outline") else str(_pick(spec, "title_style", tones["titles"])),
        title_faces=chain(("sans-black",)) if mends.get("plain") else _faces(spec, mood),
        hero=hero,
        supports=_supports(spec, mood, product, hero),
        coins=round(_between(spec, "coins", mood["coins"])),
        confetti=round(_between(spec, "confetti", mood["confetti"])),
        composition=_between(spec, "composition", (0.0, 1.0)),
        particles=_between(spec, "particles", (float(mood["particles"]), float(mood["particles"]))),
        title_scale=_between(spec, "title_scale", (1.0, 1.0)),
        hero_scale=_between(spec, "hero_scale", (1.0, 1.0)),
        slant=_slant(spec, mood),
        coin_glyph=str(spec.choices.get("coin_glyph", "¥" if spec.words.lang == "zh" else "$")),
        hero_glyph=str(spec.choices.get("hero_glyph", day_of(spec) if hero == "calendar" else "")),
        day=day_of(spec),
        mark=until(spec.kit.primary, "#F6BE57", 3.0),
        seed=spec.seed,
    )


def _stream(spec: DesignSpec, name: str) -> random.Random:
    return random.Random(f"{spec.seed}|{name}")


def _between(spec: DesignSpec, name: str, ends: Sequence[float]) -> float:
    pinned = spec.choices.get(name)
    if isinstance(pinned, int | float) and not isinstance(pinned, bool):
        return float(pinned)
    return _stream(spec, name).uniform(float(ends[0]), float(ends[1]))


def _pick(spec: DesignSpec, name: str, weights: Table) -> str:
    pinned = spec.choices.get(name)
    if isinstance(pinned, str) and pinned:
        return pinned
    names = [key for key, weight in weights.items() if weight > 0]
    return _stream(spec, name).choices(names, [float(weights[key]) for key in names])[0]


def _hue(spec: DesignSpec, mood: Table, product: Table, festival: Table) -> float:
    pinned = spec.choices.get("hue")
    if isinstance(pinned, int | float) and not isinstance(pinned, bool):
        return float(pinned) % 360
    if spec.choices.get("palette") == "brand":
        return parse(spec.kit.primary).hue
    stream = _stream(spec, "hue")
    if "hue" in festival and (spec.mood in ("lively", "guochao", "warm") or spec.mood in (festival.get("tones") or {})):
        low, high = festival["hue"]
        if spec.mood != "lively" or low < 60 or low > 335:  # a lively picture stays warm whatever the feast
            return stream.uniform(low, high) % 360
    low, high = product["hue"]
    weights = [
        float(band["weight"]) * (float(product["pull"]) if low <= sum(band["at"]) / 2 <= high else 1.0)
        for band in mood["hues"]
    ]
    band = stream.choices(mood["hues"], weights)[0]
    return stream.uniform(*band["at"]) % 360


def _scenes(mood: Table, festival: Table) -> Table:
    """The mood's scenes and those of the festival, which weigh as much again."""
    weights = {name: float(weight) for name, weight in mood["scenes"].items()}
    for name, weight in (festival.get("scenes") or {}).items():
        weights[name] = weights.get(name, 0.0) + float(weight)
    return weights


def _slant(spec: DesignSpec, mood: Table) -> float:
    """How far title letters lean: a third of the designs of moods that hurry."""
    share = float(mood.get("slant", 0.0))
    drawn = 0.16 if _stream(spec, "slant").random() < share else 0.0
    pinned = spec.choices.get("slant")
    return float(pinned) if isinstance(pinned, int | float) and not isinstance(pinned, bool) else drawn


def _grounds(mood: Table, festival: Table, scene: str) -> Table:
    """The mood's grounds that suit the scene, those that the festival asks for weighing three times as much."""
    wanted = festival.get("grounds") or {}
    suited = conventions.entry("scenes", scene).get("grounds") or list(mood["grounds"])
    if "moon" in wanted and not mood.get("light") and "swirl" not in mood["grounds"]:
        return {"moon": 1.0}  # swirl marks the moods that stay loud whatever the feast
    weights = {name: weight for name, weight in mood["grounds"].items() if name in suited}
    weights = weights or {name: 1.0 for name in suited}
    return {name: weight * (3.0 if name in wanted else 1.0) for name, weight in weights.items()}


def _faces(spec: DesignSpec, mood: Table) -> tuple[str, ...]:
    pinned = spec.choices.get("face")
    if isinstance(pinned, str) and pinned:
        return chain((pinned, "sans-black"))
    if spec.words.lang == "en":
        return chain(("serif-black", "numeral") if spec.mood == "premium" else ("numeral", "sans-black"))
    options: list[list[str]] = mood["faces"]
    return chain(_stream(spec, "face").choices(options, [3, 2, 1][: len(options)])[0])


def _hero(spec: DesignSpec, mood: Table, product: Table, festival: Table) -> str:
    """The one large element; what the mood avoids (a toy rocket on black and gold) only where nothing else is left."""
    pinned = spec.choices.get("hero")
    if isinstance(pinned, str) and pinned:
        return pinned
    weights = dict(product["heroes"])
    for name, weight in (festival.get("heroes") or {}).items():
        weights[name] = weights.get(name, 0) + weight
    if not day_of(spec):
        weights.pop("calendar", None)
    fitting = {name: weight for name, weight in weights.items() if name not in mood.get("avoid", ())}
    weights = fitting or weights
    return _stream(spec, "hero").choices(list(weights), list(weights.values()))[0]


def _supports(spec: DesignSpec, mood: Table, product: Table, hero: str) -> tuple[str, ...]:
    """Two companions of the hero; a calendar only where the words name a day that it can show."""
    options = [name for name in product["supports"] if name != hero and name not in mood.get("avoid", ())]
    options += [name for name in ("stack", "gift", "ingot") if name not in (hero, *options)][: max(0, 2 - len(options))]
    if not day_of(spec):
        options = [name for name in options if name != "calendar"]
    stream = _stream(spec, "supports")
    stream.shuffle(options)
    return tuple(options[:2])


_DAY = re.compile(r"(?<![0-9.])([1-9]|[12][0-9]|3[01])(?:日|号|th|st|nd|rd)(?![0-9])")


def day_of(spec: DesignSpec) -> str:
    """The day of the month that the words name (``18`` of 每月18日); empty when they name none."""
    words = spec.words
    found = _DAY.search(" ".join((*words.title, words.subtitle, words.badge)))
    return found.group(1) if found else ""
