"""From a spec to a design: each parameter is pinned by the spec or drawn from its mood's distribution by the seed.

Every parameter has its own random stream, so that pinning or editing one leaves all the others as they were.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.colour import parse
from linghang.creatives.pictures.fonts.registry import chain
from linghang.creatives.pictures.model import DesignSpec
from linghang.creatives.pictures.palette import Palette, build, until

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Design:
    """The drawn parameters of one picture. ``strength`` and ``count`` are the ground's; ``numbers`` by name."""

    palette: Palette
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
    coin_glyph: str
    hero_glyph: str
    mark: str
    seed: int

    def stream(self, name: str) -> random.Random:
        """The random stream of a named thing in this design."""
        return random.Random(f"{self.seed}|{name}")


def design(spec: DesignSpec, mends: Mapping[str, float] | None = None) -> Design:
    """The design of a spec; ``mends`` are repairs (``plain`` letters, a ``warmer`` hue).

    Raises UnknownItemError for a mood, product or festival that is unknown.
    """
    mood = conventions.entry("moods", spec.mood)
    product = conventions.entry("products", spec.product)
    festival = conventions.entry("festivals", spec.festival)
    mends = mends or {}
    hue = 28.0 if mends.get("warmer") else _hue(spec, mood, product, festival)
    tones = conventions.entry("moods", str((festival.get("tones") or {}).get(spec.mood, spec.mood)))
    palette = build(
        hue,
        tones["ground"],
        light=bool(tones.get("light", False)),
        metal=str(spec.choices.get("metal", mood["accent"])),
        up_red=spec.words.lang == "zh",
    )
    hero = _hero(spec, product, festival)
    return Design(
        palette=palette,
        ground=str(_pick(spec, "ground", _grounds(mood, festival))),
        strength=_between(spec, "strength", mood["rays"]),
        rays=int(_between(spec, "rays", (14, 22))),
        phase=_between(spec, "phase", (0.0, 6.28)),
        title_style="gilt" if mends.get("outline") else str(_pick(spec, "title_style", tones["titles"])),
        title_faces=chain(("sans-black",)) if mends.get("plain") else _faces(spec, mood),
        hero=hero,
        supports=_supports(spec, product, hero),
        coins=round(_between(spec, "coins", mood["coins"])),
        confetti=round(_between(spec, "confetti", mood["confetti"])),
        composition=_between(spec, "composition", (0.0, 1.0)),
        particles=_between(spec, "particles", (float(mood["particles"]), float(mood["particles"]))),
        title_scale=_between(spec, "title_scale", (1.0, 1.0)),
        coin_glyph=str(spec.choices.get("coin_glyph", "¥" if spec.words.lang == "zh" else "$")),
        hero_glyph=str(spec.choices.get("hero_glyph", "")),
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


def _grounds(mood: Table, festival: Table) -> Table:
    """The mood's grounds, those that the festival asks for weighing three times as much."""
    wanted = festival.get("grounds") or {}
    if "moon" in wanted and not mood.get("light") and "rays" not in mood["grounds"]:
        return {"moon": 1.0}
    return {name: weight * (3.0 if name in wanted else 1.0) for name, weight in mood["grounds"].items()}


def _faces(spec: DesignSpec, mood: Table) -> tuple[str, ...]:
    pinned = spec.choices.get("face")
    if isinstance(pinned, str) and pinned:
        return chain((pinned, "sans-black"))
    if spec.words.lang == "en":
        return chain(("serif-black", "numeral") if spec.mood == "premium" else ("numeral", "sans-black"))
    options: list[list[str]] = mood["faces"]
    return chain(_stream(spec, "face").choices(options, [3, 2, 1][: len(options)])[0])


def _hero(spec: DesignSpec, product: Table, festival: Table) -> str:
    pinned = spec.choices.get("hero")
    if isinstance(pinned, str) and pinned:
        return pinned
    weights = dict(product["heroes"])
    for name, weight in (festival.get("heroes") or {}).items():
        weights[name] = weights.get(name, 0) + weight
    return _stream(spec, "hero").choices(list(weights), list(weights.values()))[0]


def _supports(spec: DesignSpec, product: Table, hero: str) -> tuple[str, ...]:
    options = [name for name in product["supports"] if name != hero]
    stream = _stream(spec, "supports")
    stream.shuffle(options)
    return tuple(options[:2])
