"""The pictures of a campaign: one for every layer and slot, drawn side by side in the home's picture processes."""

import functools
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from linghang.base.digest import canonical_json, digest
from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.campaigns.sections import Allocation, Copy, Creative, Creatives, Goal, Layers, Texts
from linghang.creatives import pictures
from linghang.creatives.breaking import two_lines
from linghang.creatives.copy import NEUTRAL, benefit_of
from linghang.creatives.pictures import Coupon, DesignSpec, Frame, Kit, Picture, Words
from linghang.creatives.pictures.asking import festival_of
from linghang.creatives.pictures.cache import cache_folder
from linghang.kit import files
from linghang.kit.context import Context
from linghang.packs.model import Benefit, Pack, Slot
from linghang.ports.images import ImageMaker

MOODS = {
    "lively": "lively", "festive": "guochao", "premium": "premium", "calm": "steady", "professional": "steady",
    "warm": "warm", "tech": "tech", "fresh": "fresh",
}  # fmt: skip
"""A brief's tone → a mood of the picture engine."""


@dataclass(frozen=True)
class _Job:
    layer: str
    slot: Slot
    variant: str
    spec: DesignSpec


def draw(
    ctx: Context, goal: Goal, layers: Layers, texts: Texts, allocation: Allocation, pack: Pack
) -> tuple[Creatives, tuple[Finding, ...]]:
    """Every layer's picture for every slot that has a picture, with what the gates still say of them."""
    slots = {slot.id: slot for slot in pack.slots}
    jobs: list[_Job] = []
    for place, layer in enumerate(layers.layers):
        own = [text for text in texts.texts if text.layer == layer.id and text.place in slots]
        for slot_id, variant in dict.fromkeys((text.place, text.variant) for text in own):
            said = {text.role: text for text in own if (text.place, text.variant) == (slot_id, variant)}
            if "title" not in said:
                continue
            benefit = None if variant == NEUTRAL else benefit_of(layer.id, allocation)
            spec = spec_of(goal, slots[slot_id], said, benefit, pack, layer.id, place + ctx.seed)
            jobs.append(_Job(layer.id, slots[slot_id], variant, spec))
    drawn = _compose([job.spec for job in jobs], cache_folder(), ctx.pool, ctx.images)
    made: list[Creative] = []
    findings: list[Finding] = []
    for job, picture in zip(jobs, drawn, strict=True):
        made.append(_keep(ctx.home, job, picture))
        findings.extend(finding for finding in picture.findings if finding.severity is not Severity.S4)
    return Creatives(tuple(made)), tuple(findings)


def spec_of(
    goal: Goal, slot: Slot, said: dict[str, Copy], benefit: Benefit | None, pack: Pack, layer: str, seed: int
) -> DesignSpec:
    """The design of one picture from the document's facts; the layer gives it a seed of its own."""
    title = said["title"].text
    words = Words(
        title=_lines(title, slot, _names(pack, benefit)),
        subtitle=said["subtitle"].text if "subtitle" in said else "",
        button=said["button"].text if "button" in said else "",
        badge=said["badge"].text if "badge" in said else "",
        coupons=(_coupon(benefit, goal.lang),) if benefit is not None and slot.height >= 400 else (),
        legal=_legal(said["legal"].text if "legal" in said else "", benefit, goal.lang),
        brand=pack.brand.short,
        lang=goal.lang,
    )
    mood = "guochao" if goal.style == "guochao" else MOODS.get(goal.tone, "lively")
    colours = {"hue": goal.colours[0]} if goal.colours else {}
    return DesignSpec(
        mood=mood,  # type: ignore[arg-type]
        product=goal.product_kind,
        frame=Frame(slot.id, slot.width, slot.height, slot.max_bytes, slot.transparent),
        words=words,
        kit=Kit(pack.brand.short, pack.brand.short[:1], pack.brand.primary, pack.brand.accent),
        festival=festival_of(goal.festival),
        layer=layer,
        seed=int(digest([goal.product, slot.id, layer, seed])[:8], 16),
        choices=colours,
    )


def _legal(text: str, benefit: Benefit | None, lang: str) -> str:
    """The legal line of a picture; with a benefit on it, it says where the rules of the benefit are (CN-PR-05)."""
    where = "规则见活动页。" if lang == "zh" else "Terms on the campaign page."
    if benefit is None or where.rstrip("。.") in text:
        return text
    joint = "" if not text or text.endswith(("。", ".")) else ("。" if lang == "zh" else ". ")
    return f"{text}{joint}{where}"


def _names(pack: Pack, benefit: Benefit | None) -> Iterable[str]:
    for item in (*pack.products, *([benefit] if benefit is not None else [])):
        yield from (item.label.zh, item.label.en)


def _lines(title: str, slot: Slot, names: Iterable[str]) -> tuple[str, ...]:
    """One line, or two of like length on tall slots."""
    return (title,) if slot.width > slot.height * 1.6 or len(title) <= 6 else two_lines(title, names)


def _coupon(benefit: Benefit, lang: str) -> Coupon:
    yuan = f"{benefit.face_fen / 100:g}"
    return Coupon(yuan, "元" if lang == "zh" else "yuan", benefit.label.of(lang))


def _compose(specs: list[DesignSpec], cache: Path, pool: Executor | None, images: ImageMaker | None) -> list[Picture]:
    """All pictures; an image model, where the machine has one, is asked for plates, one picture after another."""
    if images is not None:
        return [pictures.dress(spec, images, cache=cache) for spec in specs]
    if pool is None:
        return [pictures.compose(spec, cache=cache) for spec in specs]
    return [future.result() for future in [pool.submit(pictures.compose, spec, cache=cache) for spec in specs]]


@functools.cache
def wake(pool: Executor) -> None:
    """Let the picture processes come up and load their faces (a second) while audience and copy are made."""
    for _ in range(2):
        pool.submit(pictures.fonts.faces)


def _keep(home: Path, job: _Job, picture: Picture) -> Creative:
    file = files.put(home, picture.data)
    record = files.put(home, canonical_json(picture.record).encode())
    return Creative(
        id=f"cre_{digest([job.layer, job.slot.id, job.variant, record])[:16]}",
        layer=job.layer,
        slot=job.slot.id,
        mood=job.spec.mood,
        width=picture.width,
        height=picture.height,
        mime=picture.mime,
        bytes=len(picture.data),
        file=file,
        record=record,
        attempts=picture.attempts,
        alt=" ".join(job.spec.words.title),
        variant=job.variant,
    )


def record_of(home: Path, name: str) -> LayerRecord:
    """The layer record of a picture from the home's files."""
    return TypeAdapter(LayerRecord).validate_json(files.get(home, name))
