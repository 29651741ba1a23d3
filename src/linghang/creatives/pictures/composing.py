"""Compose: words prepared, design drawn, laid out, painted, checked; mended or drawn again until the gates agree."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from linghang.base.digest import plain
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.conventions import limit
from linghang.creatives.pictures.design import design
from linghang.creatives.pictures.encode import MIMES, Encoding, within
from linghang.creatives.pictures.fonts.registry import file_digest, traditional
from linghang.creatives.pictures.gates import Reader, check
from linghang.creatives.pictures.gates.facts import texts_of
from linghang.creatives.pictures.kits import prepare_kit
from linghang.creatives.pictures.layouts.families import lay_out
from linghang.creatives.pictures.layouts.sheet import Sheet
from linghang.creatives.pictures.model import DesignSpec, Frame, Picture
from linghang.creatives.pictures.painting.canvas import TEXT_KINDS, paint_plate, paint_texts, pixels
from linghang.creatives.pictures.words import is_traditional, prepare

ENGINE = "pictures-1"
_NEXT_SEED = 7919
_ROUNDS = 3
"""Repairs tried on one design before another one is drawn."""
_MENDS: Mapping[str, tuple[str, float]] = {
    "pictures.contrast": ("scrim", 1.0),
    "pictures.contrast:title": ("outline", 1.0),
    "pictures.overlap": ("smaller", 1.0),
    "pictures.unsafe": ("smaller", 1.0),
    "pictures.spills": ("smaller", 1.0),
    "pictures.covered": ("fewer", 1.0),
    "pictures.not_readable": ("plain", 1.0),
    "pictures.not_warm": ("warmer", 1.0),
}


def compose(spec: DesignSpec, *, cache: Path, attempts: int = 4, reader: Reader | None = None) -> Picture:
    """A finished picture of ``spec`` that passed the gates, or the best of ``attempts`` designs with what is wrong.

    A design that fails is first repaired (stronger scrim, smaller title, fewer coins, plainer letters) and then drawn
    again with another seed; the reasons are kept as S4 findings. ``cache`` is the folder of sprites; with a ``reader``
    the text is read back. Raises RefusedError for a frame that holds no picture, UnknownItemError for a name that the
    knowledge does not have.
    """
    with conventions.using(spec.knowledge), traditional(is_traditional(spec.words)):
        return _compose(spec, cache, attempts, reader)


def _compose(spec: DesignSpec, cache: Path, attempts: int, reader: Reader | None) -> Picture:
    _refuse_frame(spec.frame)
    words, said = prepare(spec.words)
    kit, told = prepare_kit(spec.kit)
    spec, said = dataclasses.replace(spec, words=words, kit=kit), (*said, *told)
    best: _Try | None = None
    reasons: list[Finding] = []
    painted = 0
    for attempt in range(max(1, attempts)):
        seeded = dataclasses.replace(spec, seed=spec.seed + attempt * _NEXT_SEED)
        mends: dict[str, float] = {}
        for _ in range(_ROUNDS):
            painted += 1
            made = _make(seeded, mends, cache, reader)
            if best is None or made.weight < best.weight:
                best = made
            if not made.wrong:
                return _picture(made, said, reasons, painted)
            reasons += [_told(finding, painted) for finding in made.wrong]
            if not _mend(mends, made.wrong):
                break
    if best is None:
        raise RefusedError("pictures.no_attempt")
    return _picture(best, said, reasons, painted)


@dataclasses.dataclass(frozen=True)
class _Try:
    data: bytes
    record: LayerRecord
    how: Encoding
    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity in (Severity.S1, Severity.S2))

    @property
    def weight(self) -> int:
        return sum(10 if f.severity is Severity.S1 else 1 for f in self.wrong)


def _make(spec: DesignSpec, mends: Mapping[str, float], cache: Path, reader: Reader | None) -> _Try:
    sheet = lay_out(spec, design(spec, mends), mends)
    plate = paint_plate(sheet.layers, sheet.width, sheet.height, cache=cache)
    under = pixels(plate)
    finished = pixels(paint_texts(sheet.layers, plate))
    note = marked(spec)
    data, how = within(
        finished, spec.frame.max_bytes, transparent=spec.frame.transparent, note=note, form=spec.frame.form
    )
    record = record_of_sheet(spec, sheet, how)
    found = check(record, under, size=len(data), finished=finished, reader=reader)
    return _Try(data, record, how, (*found, *sheet.notes))


def _mend(mends: dict[str, float], wrong: tuple[Finding, ...]) -> bool:
    """Ask for the repair of each finding; False when nothing more can be asked for."""
    asked = False
    wanted = {_MENDS.get(f"{finding.code}:{finding.about}") or _MENDS.get(finding.code) for finding in wrong}
    for name, amount in (mend for mend in wanted if mend):
        if mends.get(name, 0.0) < _ROUNDS:
            mends[name] = mends.get(name, 0.0) + amount
            asked = True
    return asked and all(finding.code in _MENDS for finding in wrong)


def _told(finding: Finding, painted: int) -> Finding:
    """Why a try was not shipped, as advice: the reason is kept, it does not block."""
    params: dict[str, str | int | float | bool | None] = {"code": finding.code, "about": finding.about, "try": painted}
    return Finding("pictures.retried", Severity.S4, about=finding.about, params=params, evidence=finding.evidence)


def _picture(made: _Try, said: tuple[Finding, ...], reasons: list[Finding], painted: int) -> Picture:
    record = made.record
    findings = (*said, *made.findings, *reasons)
    return Picture(made.data, MIMES[made.how.form], record.width, record.height, record, findings, painted)


def record_of_sheet(spec: DesignSpec, sheet: Sheet, how: Encoding | None = None) -> LayerRecord:
    """The record of what was laid out; how it was encoded comes last, when that is known."""
    faces: set[str] = set()
    for layer in sheet.layers:
        names = layer.get("faces")
        if layer["kind"] in TEXT_KINDS and isinstance(names, list):
            faces.update(str(name) for name in names if name)
    texts = [
        {"role": fact.role, "text": fact.text, "box": fact.ink.listed(), "size": fact.size, "colour": fact.colour}
        for fact in texts_of(sheet.layers)
    ]
    return LayerRecord(
        engine=ENGINE,
        width=sheet.width,
        height=sheet.height,
        seed=spec.seed,
        spec=plain(spec),
        layers=tuple(sheet.layers),
        texts=tuple(texts),
        fonts={name: file_digest(name) for name in sorted(faces)},
        encoding={"form": how.form, "quality": how.quality, "method": how.method, "note": marked(spec)} if how else {},
    )


def marked(spec: DesignSpec) -> str:
    """The implicit mark of machine-made pictures as XMP (GB 45438-2025, 隐式标识); empty without an AI label."""
    if not spec.words.ai_label:
        return ""
    maker = "".join(char for char in (spec.kit.name or spec.words.brand or "linghang") if char not in "<>&\"'")
    mark = f"{{&quot;AIGC&quot;:{{&quot;Label&quot;:&quot;1&quot;,&quot;ContentProducer&quot;:&quot;{maker}&quot;}}}}"
    about = f'<rdf:Description xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" TC260:AIGC="{mark}"/>'
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"{about}</rdf:RDF></x:xmpmeta>"
    )


def unfit(frame: Frame) -> Finding | None:
    """Why a frame holds no picture (S1), or None: sides, area and ratio are bounded."""
    low, high, area = limit("side_least"), limit("side_most"), limit("area_most")
    sides = (frame.width, frame.height)
    fits = min(sides) >= low and max(sides) <= high and max(sides) <= 8 * min(sides)
    if fits and frame.width * frame.height <= area:
        return None
    params: dict[str, str | int | float | bool | None] = {
        "slot": frame.id,
        "width": frame.width,
        "height": frame.height,
        "least": round(low),
        "most": round(high),
    }
    return Finding("pictures.bad_frame", Severity.S1, about="frame", params=params)


def _refuse_frame(frame: Frame) -> None:
    found = unfit(frame)
    if found is not None:
        raise RefusedError("pictures.bad_frame", (found,), **found.params)
