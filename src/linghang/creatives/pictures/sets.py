"""All slots of a campaign from one key visual, and the sprites that set-up renders beforehand."""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.composing import compose
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.elements.sprites import sprite
from linghang.creatives.pictures.layouts.families import lay_out
from linghang.creatives.pictures.model import Coupon, DesignSpec, Frame, Kit, Mood, Picture, Words
from linghang.creatives.pictures.painting.sprites import element_of
from linghang.creatives.pictures.painting.values import number

_PROBE = Words(
    title=("稳健理财", "守护每一分收获"),
    subtitle="每月18日 · 权益日",
    button="立即查看",
    badge="理财季",
    coupons=(Coupon("18", "元", "立减券"), Coupon("2", "%", "加息券"), Coupon("30", "天", "持有期")),
    legal="理财非存款,产品有风险,投资须谨慎。",
    brand="领航金融",
)


def frames() -> tuple[Frame, ...]:
    """The slots that every finance app has, with their sizes and byte limits (``knowledge/slots.yaml``)."""
    table = conventions.read("slots")
    return tuple(
        Frame(
            name, int(e["width"]), int(e["height"]), int(e.get("max_bytes", 300_000)), bool(e.get("transparent", False))
        )
        for name, e in table.items()
    )


def compose_set(spec: DesignSpec, slots: Sequence[Frame], *, cache: Path, attempts: int = 4) -> tuple[Picture, ...]:
    """One picture a slot, all of one design: the seed decides, the frame does not, so they belong together."""
    return tuple(compose(dataclasses.replace(spec, frame=slot), cache=cache, attempts=attempts) for slot in slots)


def warm(
    cache: Path, moods: Iterable[Mood] = ("lively", "steady"), *, products: Iterable[str] = ("wealth", "insurance"),
    slots: Sequence[Frame] | None = None, seeds: Iterable[int] = (0, 1),
) -> int:  # fmt: skip
    """Render beforehand the sprites that typical pictures need; returns how many were looked at.

    Nothing is painted: specs are laid out and their elements rendered into the cache, where they exist already they
    are only read. Call it once a process with other ``moods`` to share the work.
    """
    seen: set[str] = set()
    for mood in moods:
        for product in products:
            for frame in slots or frames():
                for seed in seeds:
                    spec = DesignSpec(mood, product, frame, _PROBE, Kit("领航金融", "领"), seed=seed)
                    for layer in lay_out(spec, design(spec), {}).layers:
                        if (
                            layer["kind"] == "sprite"
                            and (key := str([layer["element"], layer.get("blur")])) not in seen
                        ):
                            seen.add(key)
                            sprite(element_of(layer), cache=cache, blur=number(layer, "blur", 0.0))
    return len(seen)
