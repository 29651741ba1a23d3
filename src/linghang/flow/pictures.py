"""The pictures of a campaign: one for every layer and slot, drawn side by side in the home's picture processes."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from linghang.base.digest import canonical_json, digest, plain
from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.campaigns.sections import Allocation, Copy, Creative, Creatives, Goal, Layers, Pins, Texts
from linghang.creatives import brand, pictures
from linghang.creatives.brand import BrandKit
from linghang.creatives.breaking import two_lines
from linghang.creatives.copy import NEUTRAL, benefit_of
from linghang.creatives.library import Part
from linghang.creatives.pictures import Coupon, DesignSpec, Frame, Picture, Words, overrides
from linghang.creatives.pictures.asking import festival_of
from linghang.creatives.pictures.cache import cache_folder
from linghang.creatives.pictures.gates import eyes
from linghang.creatives.ratings import choosing
from linghang.creatives.script import written
from linghang.kit import files, keeping
from linghang.kit.context import AuditEntry, Context
from linghang.packs.model import Benefit, Pack, Slot
from linghang.ports.images import ImageMaker

MOODS = {
    "lively": "lively", "festive": "guochao", "premium": "premium", "calm": "steady", "professional": "steady",
    "warm": "warm", "tech": "tech", "fresh": "fresh",
}  # fmt: skip
"""A brief's tone → a mood of the picture engine."""


_HOUSE_TONES = {mood: tone for tone, mood in reversed(MOODS.items())}
"""A mood of the brand kit → the tone in which its texts are written."""


def in_house_tone(goal: Goal, kit: BrandKit) -> Goal:
    """The goal in the brand kit's usual tone, where the brief asks for none: texts then sound as pictures look."""
    tone = _HOUSE_TONES.get(kit.mood, "")
    if not tone or not any(item.key == "tone" for item in goal.assumptions):
        return goal
    assumptions = tuple(
        replace(item, value=tone, code="goal.tone_brand") if item.key == "tone" else item for item in goal.assumptions
    )
    return replace(goal, tone=tone, assumptions=assumptions)


@dataclass(frozen=True)
class _Job:
    layer: str
    slot: Slot
    variant: str
    spec: DesignSpec
    chance: float | None = None
    fixed: bool = False
    """Whether a hand edit says which design it is."""


def draw(
    ctx: Context, goal: Goal, layers: Layers, texts: Texts, allocation: Allocation, pack: Pack,
    retouches: Pins | None = None, assets: Mapping[str, Mapping[Part, ImageMaker]] | None = None,
) -> tuple[Creatives, tuple[Finding, ...]]:  # fmt: skip
    """Every layer's picture for every slot that has a picture, with what the gates still say of them.

    Once rounds of rating are finished, what they taught chooses among designs; hand edits (``retouches``) come first.
    ``assets`` are pictures of the library on which those of a slot stand, or which they show.
    """
    wrong = overrides.of_folder(Path(pack.folder))[1]
    asked = _jobs(ctx, goal, layers, texts, allocation, pack, retouches or Pins())
    unfit = {job.slot.id: found for job in asked if (found := pictures.unfit(job.spec.frame)) is not None}
    jobs = _chosen(ctx, [job for job in asked if job.slot.id not in unfit])
    drawn = [
        _with_assets(ctx, job, assets[job.slot.id], picture) if assets and job.slot.id in assets else picture
        for job, picture in zip(jobs, _drawn(ctx, [job.spec for job in jobs]), strict=True)
    ]
    made: list[Creative] = []
    findings: list[Finding] = [replace(item, severity=Severity.S3) for item in wrong]
    findings += [replace(item, severity=Severity.S2, about=slot) for slot, item in unfit.items()]
    for job, picture in zip(jobs, drawn, strict=True):
        made.append(_told(job, picture))
        findings.extend(finding for finding in picture.findings if finding.severity is not Severity.S4)
    findings += left_behind(retouches or Pins(), [(job.layer, job.slot.id, job.variant) for job in asked])
    return Creatives(tuple(made)), tuple(findings)


def left_behind(retouches: Pins, places: Iterable[tuple[str, str, str]]) -> list[Finding]:
    """Hand edits that touch none of the ``places`` (layer, slot, variant): kept in case they come back, and told."""
    there = list(places)
    return [
        Finding(
            "pictures.retouch_idle", Severity.S4, about=f"creatives.{item.slot or item.layer}",
            params={"said": item.said or ", ".join(item.changes), "slot": item.slot or "*", "layer": item.layer or "*"},
        )
        for item in retouches.retouches if not any(item.touches(*place) for place in there)
    ]  # fmt: skip


def _jobs(
    ctx: Context, goal: Goal, layers: Layers, texts: Texts, allocation: Allocation, pack: Pack, retouches: Pins
) -> list[_Job]:
    slots = {slot.id: slot for slot in pack.slots}
    said_by_pack, _ = overrides.of_folder(Path(pack.folder))
    kit = brand.usable(brand.current(ctx.db, ctx.institution_id, pack), pack)
    jobs: list[_Job] = []
    for place, layer in enumerate(layers.layers):
        own = [text for text in texts.texts if text.layer == layer.id and text.place in slots]
        for slot_id, variant in dict.fromkeys((text.place, text.variant) for text in own):
            said = {text.role: text for text in own if (text.place, text.variant) == (slot_id, variant)}
            if "title" not in said:
                continue
            benefit = None if variant == NEUTRAL else benefit_of(layer.id, allocation)
            spec = spec_of(goal, slots[slot_id], said, benefit, pack, kit, layer.id, place + ctx.seed)
            changes = retouches.of(layer.id, slot_id, variant)
            edited = pictures.edit(replace(spec, knowledge=said_by_pack), changes)
            jobs.append(_Job(layer.id, slots[slot_id], variant, edited, fixed="seed" in changes))
    return jobs


def _chosen(ctx: Context, jobs: list[_Job]) -> list[_Job]:
    """The jobs with the designs that ratings would choose; a seed that a hand edit set stays."""
    learned = choosing.taught(ctx)
    if not learned.able:
        return jobs
    found = choosing.choose([job.spec for job in jobs], learned.model)
    return [
        replace(job, spec=job.spec if job.fixed else one.spec, chance=None if job.fixed else round(one.chance, 4))
        for job, one in zip(jobs, found, strict=True)
    ]


def spec_of(
    goal: Goal, slot: Slot, said: dict[str, Copy], benefit: Benefit | None, pack: Pack, kit: BrandKit,
    layer: str, seed: int,
) -> DesignSpec:  # fmt: skip
    """The design of one picture from the document's facts; the layer gives it a seed of its own."""
    title = said["title"].text
    words = Words(
        title=_lines(title, slot, [written(name, goal.script) for name in _names(pack, benefit)]),
        subtitle=said["subtitle"].text if "subtitle" in said else "",
        button=said["button"].text if "button" in said else "",
        badge=said["badge"].text if "badge" in said else "",
        coupons=(_coupon(benefit, goal),) if benefit is not None and slot.height >= 400 else (),
        legal=_legal(said["legal"].text if "legal" in said else "", benefit, goal),
        brand=written(kit.name, goal.script),
        lang=goal.lang,
    )
    assumed = any(item.key == "tone" for item in goal.assumptions)
    usual = kit.mood if kit.mood and assumed else MOODS.get(goal.tone, "lively")
    choices: dict[str, pictures.Choice] = {"face": kit.face} if kit.face and goal.lang == "zh" else {}
    if goal.colours:
        choices["hue"] = goal.colours[0]
    return DesignSpec(
        mood="guochao" if goal.style == "guochao" else usual,  # type: ignore[arg-type]
        product=goal.product_kind,
        frame=Frame(slot.id, slot.width, slot.height, slot.max_bytes, slot.transparent),
        words=words,
        kit=kit.kit,
        festival=festival_of(goal.festival),
        layer=layer,
        seed=int(digest([goal.product, slot.id, layer, seed])[:8], 16),
        choices=choices,
    )


def _legal(text: str, benefit: Benefit | None, goal: Goal) -> str:
    """The legal line of a picture; with a benefit on it, it says where the rules of the benefit are (CN-PR-05)."""
    where = written("规则见活动页。", goal.script) if goal.lang == "zh" else "Terms on the campaign page."
    if benefit is None or (where[:2] if goal.lang == "zh" else "terms on") in text.lower():
        return text
    joint = "" if not text or text.endswith(("。", ".")) else ("。" if goal.lang == "zh" else ". ")
    return f"{text}{joint}{where}"


def _names(pack: Pack, benefit: Benefit | None) -> Iterable[str]:
    for item in (*pack.products, *([benefit] if benefit is not None else [])):
        yield from (item.label.zh, item.label.en)


def _lines(title: str, slot: Slot, names: Iterable[str]) -> tuple[str, ...]:
    """One line, or two of like length on tall slots."""
    return (title,) if slot.width > slot.height * 1.6 or len(title) <= 6 else two_lines(title, names)


def _coupon(benefit: Benefit, goal: Goal) -> Coupon:
    yuan = f"{benefit.face_fen / 100:g}"
    label = written(benefit.label.of(goal.lang), goal.script)
    return Coupon(yuan, "元" if goal.lang == "zh" else "yuan", label)


@dataclass(frozen=True)
class _Drawn:
    """A finished picture as it is kept: digests of file and record, and what the gates said."""

    file: str
    record: str
    width: int
    height: int
    mime: str
    bytes: int
    attempts: int
    findings: tuple[Finding, ...]


_KEPT = TypeAdapter(_Drawn)
_ELSEWHERE = "images.elsewhere"
_MOST_BYTES, _MOST_DAYS = 20_000_000, 90.0
"""What was drawn is remembered in notes of some 2 kB: about ten thousand pictures, and a quarter of a year."""


def _drawn(ctx: Context, specs: list[DesignSpec]) -> list[_Drawn]:
    """All pictures; what was drawn before from an equal spec by this engine is taken as it is.

    An image model, where the machine has one, is asked for plates, one picture after another, each time anew.
    """
    if ctx.images is not None:
        dressed = [_dressed(spec, ctx.images) for spec in specs]
        _note_refused(ctx, dressed)
        return [_keep(ctx.home, one) for one in dressed]
    places = [ctx.home / "drawn" / f"{digest([pictures.version(), plain(spec)])}.json" for spec in specs]
    found = [_before(ctx.home, place) for place in places]
    missing = [number for number, one in enumerate(found) if one is None]
    for number, picture in zip(missing, _compose(ctx, [specs[number] for number in missing]), strict=True):
        kept = found[number] = _keep(ctx.home, picture)
        places[number].parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(places[number], canonical_json(kept).encode())
    if missing:
        keeping.trim(ctx.home / "drawn", most_bytes=_MOST_BYTES, days=_MOST_DAYS)
    return [one for one in found if one is not None]


def _note_refused(ctx: Context, dressed: Sequence[Picture]) -> None:
    """An image server that sends us to other addresses is refused each time, and told in the audit log once a run."""
    told = {
        str(finding.params.get("reason")) for one in dressed for finding in one.findings
        if finding.params.get("code") == _ELSEWHERE
    }  # fmt: skip
    for address in sorted(told):
        about = f"{ctx.images.name if ctx.images else ''} → {address}"[:200]
        ctx.audit(AuditEntry(ctx.actor.name, ctx.skill, "draft", about, _ELSEWHERE, digest(address), ctx.now))


def _dressed(spec: DesignSpec, images: ImageMaker) -> Picture:
    """A picture with a model's plate; where a reader is installed, text is read back and stray letters are refused."""
    finder = eyes.find_text if eyes.installed() else None
    judge = eyes.unsafe if eyes.judges() else None
    return pictures.dress(spec, images, cache=cache_folder(), reader=eyes.reader(), finder=finder, judge=judge)


def _before(home: Path, place: Path) -> _Drawn | None:
    """What was drawn before, if its files are still there."""
    try:
        kept = _KEPT.validate_json(place.read_bytes())
    except (OSError, ValidationError):
        return None
    if not all(files.path_of(home, name).exists() for name in (kept.file, kept.record)):
        return None
    keeping.touch(place)
    return kept


def _compose(ctx: Context, specs: list[DesignSpec]) -> Iterator[Picture]:
    """Pictures as they are ready, in their order; who stops the work does not wait for those not begun."""
    if ctx.pool is None:
        for number, spec in enumerate(specs):
            ctx.emit("painting", number, len(specs), "flow.painting", number=number + 1, count=len(specs))
            yield pictures.compose(spec, cache=cache_folder())
        return
    waiting = [ctx.pool.submit(pictures.compose, spec, cache=cache_folder()) for spec in specs]
    try:
        for number, future in enumerate(waiting):
            ctx.emit("painting", number, len(specs), "flow.painting", number=number + 1, count=len(specs))
            yield future.result()
    finally:
        for future in waiting:
            future.cancel()


def _with_assets(ctx: Context, job: _Job, held: Mapping[Part, ImageMaker], plain: _Drawn) -> _Drawn:
    """The picture with its assets; where it fails the gates with them, the engine's own with the reason."""
    kept = _keep(ctx.home, pictures.dress(job.spec, held, cache=cache_folder(), tries=1, modelled=False))
    failed = any(finding.severity is not Severity.S4 for finding in kept.findings)
    return replace(plain, findings=(*plain.findings, *kept.findings)) if failed and not plain.findings else kept


@functools.cache
def wake(pool: Executor) -> None:
    """Let the picture processes come up and load their faces (a second) while audience and copy are made."""
    for _ in range(2):
        pool.submit(pictures.fonts.faces)


def _keep(home: Path, picture: Picture) -> _Drawn:
    file = files.put(home, picture.data)
    record = files.put(home, canonical_json(picture.record).encode())
    return _Drawn(
        file, record, picture.width, picture.height, picture.mime, len(picture.data), picture.attempts, picture.findings
    )


def _told(job: _Job, picture: _Drawn) -> Creative:
    return Creative(
        id=f"cre_{digest([job.layer, job.slot.id, job.variant, picture.record])[:16]}",
        layer=job.layer,
        slot=job.slot.id,
        mood=job.spec.mood,
        width=picture.width,
        height=picture.height,
        mime=picture.mime,
        bytes=picture.bytes,
        file=picture.file,
        record=picture.record,
        attempts=picture.attempts,
        alt=" ".join(job.spec.words.title),
        variant=job.variant,
        chance=job.chance,
    )


def record_of(home: Path, name: str) -> LayerRecord:
    """The layer record of a picture from the home's files."""
    return TypeAdapter(LayerRecord).validate_json(files.get(home, name))
