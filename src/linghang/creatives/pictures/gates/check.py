"""Check a picture: all gates over its record, its plate, its finished pixels and its file."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from linghang.base.findings import Finding, Severity
from linghang.base.records import LayerRecord
from linghang.creatives.pictures import conventions
from linghang.creatives.pictures.conventions import limit
from linghang.creatives.pictures.gates import place
from linghang.creatives.pictures.gates.facts import TextFact, texts_of
from linghang.creatives.pictures.gates.light import contrast_of, ground_light, warm_share
from linghang.creatives.pictures.gates.reading import Reader, read_back
from linghang.creatives.pictures.painting.values import part, text

_LARGE = ("title", "figure", "button")
Params = dict[str, str | int | float | bool | None]


def check(
    record: LayerRecord,
    plate: NDArray[np.uint8],
    *,
    size: int = 0,
    finished: NDArray[np.uint8] | None = None,
    reader: Reader | None = None,
) -> tuple[Finding, ...]:
    """Everything that is wrong with a picture, S2 for what must be mended.

    ``plate`` is the picture without its text (RGBA, premultiplied); ``size`` the file's bytes; with ``finished``
    pixels and a ``reader`` the text is read back.
    """
    facts = texts_of(record.layers)
    findings = [
        *_glyphs(facts),
        *place.overlaps(facts),
        *place.unsafe(facts, record.width, record.height),
        *place.spills(facts, record.layers),
        *place.covered(facts, record.layers),
        *_contrasts(facts, plate),
        *_duties(record, facts),
        *_taboos(record, facts),
        *_moods(record, plate),
        *_bytes(record, size),
    ]
    if reader is not None and finished is not None:
        findings += read_back(finished, facts, reader)
    return tuple(findings)


def _glyphs(facts: Sequence[TextFact]) -> list[Finding]:
    return [
        Finding(
            "pictures.missing_glyph", Severity.S2, about=fact.role, params={"chars": fact.missing, "text": fact.text}
        )
        for fact in facts
        if fact.missing
    ]


def _contrasts(facts: Sequence[TextFact], plate: NDArray[np.uint8]) -> list[Finding]:
    findings: list[Finding] = []
    for fact in facts:
        if fact.role == "mark":
            continue
        found = contrast_of(plate, fact)
        least = limit("contrast_large") if fact.role in (*_LARGE, "ai_label") else limit("contrast_body")
        value = found.end if fact.role == "legal" else found.low
        if value < least:
            params: Params = {"text": fact.text, "least": least}
            evidence: Params = {"contrast": round(value, 2)}
            findings.append(
                Finding("pictures.contrast", Severity.S2, about=fact.role, params=params, evidence=evidence)
            )
    return findings


def _duties(record: LayerRecord, facts: Sequence[TextFact]) -> list[Finding]:
    """Legal text and AI label: there, whole, and large enough; the title large enough to lead."""
    words = part(record.spec, "words")
    findings: list[Finding] = []
    legal = [fact for fact in facts if fact.role == "legal"]
    wanted = _squeezed(text(words, "legal"))
    if (
        wanted
        and _squeezed("".join(fact.text for fact in legal)) != wanted
        and carries_legal(record.width, record.height)
    ):
        findings.append(
            Finding("pictures.legal_missing", Severity.S2, about="legal", params={"text": text(words, "legal")})
        )
    least = max(limit("legal_px_least"), limit("legal_px_at_1080") * record.width / 1080) - 0.26
    if any(fact.size < least for fact in legal):
        findings.append(Finding("pictures.legal_small", Severity.S2, about="legal", params={"least": round(least, 1)}))
    findings += _label(record, facts, text(words, "ai_label"))
    title = [fact.size for fact in facts if fact.role == "title"]
    side = min(record.width, record.height)
    if title and max(title) < limit("title_share_least") * side:
        params: Params = {"size": round(max(title), 1), "least": round(limit("title_share_least") * side, 1)}
        findings.append(Finding("pictures.title_small", Severity.S2, about="title", params=params))
    if not title and record.width * record.height > 60_000 and part(record.spec, "words").get("title"):
        findings.append(Finding("pictures.title_missing", Severity.S2, about="title"))
    return findings


def _label(record: LayerRecord, facts: Sequence[TextFact], wanted: str) -> list[Finding]:
    labels = [fact for fact in facts if fact.role == "ai_label"]
    if wanted and not labels:
        return [Finding("pictures.ai_label_missing", Severity.S2, about="ai_label", params={"text": wanted})]
    side = min(record.width, record.height)
    made = part(record.spec, "choices").get("model_made") or any(
        text(layer, "kind") == "picture" and text(layer, "source") != "library" for layer in record.layers
    )
    share = limit("ai_label_share_model" if made else "ai_label_share")
    least = max(share * side, limit("ai_label_px_least")) - 0.26
    if any(fact.size < least for fact in labels):
        return [Finding("pictures.ai_label_small", Severity.S2, about="ai_label", params={"least": round(least, 1)})]
    return []


def carries_legal(width: int, height: int) -> bool:
    """Whether a slot has room for legal text at all: icons and floats have none, their page says it."""
    return min(width, height) >= 150 and width * height >= 60_000


def _squeezed(words: str) -> str:
    return "".join(words.split())


def _taboos(record: LayerRecord, facts: Sequence[TextFact]) -> list[Finding]:
    """Objects that law, a word's meaning or a product's convention forbids."""
    said = "".join(fact.text for fact in facts) + str(part(record.spec, "words").get("title", ""))
    product = text(record.spec, "product")
    table = conventions.read("taboos")
    rules: list[Mapping[str, object]] = list(table["everywhere"])
    rules += [rule for rule in table["words"] if any(word in said for word in rule["words"])]
    rules += [rule for rule in table["products"] if product in rule["products"]]
    findings: list[Finding] = []
    for spec in place.elements_of(record.layers):
        name = text(spec, "kind")
        for rule in rules:
            kinds = rule.get("kinds")
            if isinstance(kinds, list) and name in kinds:
                params: Params = {"element": name, "reason": str(rule["reason"])}
                findings.append(Finding("pictures.taboo", Severity.S1, about=name, params=params))
                break
    return findings


def _moods(record: LayerRecord, plate: NDArray[np.uint8]) -> list[Finding]:
    findings: list[Finding] = []
    if text(record.spec, "mood") == "lively":
        share = warm_share(plate)
        if share < limit("warm_share"):
            findings.append(
                Finding("pictures.not_warm", Severity.S2, about="mood", evidence={"share": round(share, 2)})
            )
    if text(record.spec, "festival") == "spring":
        white, black = ground_light(plate)
        if max(white, black) > 0.5:
            evidence: Params = {"white": round(white, 2), "black": round(black, 2)}
            findings.append(Finding("pictures.festival_colour", Severity.S2, about="festival", evidence=evidence))
    return findings


def _bytes(record: LayerRecord, size: int) -> list[Finding]:
    frame = part(record.spec, "frame")
    limit_ = int(str(frame.get("max_bytes", 0)))
    if size and limit_ and size > limit_:
        return [Finding("pictures.too_heavy", Severity.S2, about="file", params={"bytes": size, "limit": limit_})]
    return []
