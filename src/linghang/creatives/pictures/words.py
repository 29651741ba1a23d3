"""Make words fit to be set: invisible signs out, characters that no face has out (and told), too much text told."""

import dataclasses
import unicodedata

from linghang.base.findings import Finding, Fix, Severity
from linghang.creatives import script
from linghang.creatives.pictures.fonts.registry import chain, pick
from linghang.creatives.pictures.model import Coupon, Words

_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufe0e", "\ufe0f"}
_TYPED = {"•": "·", "・": "·", "\u00a0": " ", "\t": " ", "\r": ""}
LONGEST = {"title": 40, "subtitle": 40, "button": 14, "badge": 14, "legal": 320, "brand": 24, "ai_label": 12}
"""Han characters that a role may hold in any slot (Latin ones: twice as many); beyond it nothing can be set well."""


def prepare(words: Words) -> tuple[Words, tuple[Finding, ...]]:
    """The words as they will be set, and findings for what was taken out or cut (S3: a person should look)."""
    findings: list[Finding] = []

    def clean(role: str, text: str) -> str:
        result, lost = _settable(text)
        if lost:
            params: dict[str, str | int | float | bool | None] = {"chars": lost, "text": text}
            findings.append(
                Finding(
                    "pictures.glyph_dropped",
                    Severity.S3,
                    about=role,
                    params=params,
                    fix=Fix("pictures.use_text", text=result),
                )
            )
        longest = LONGEST.get(role, 24) * (1 if any(ord(char) > 0x2E80 for char in result) else 2)
        if len(result) > longest:
            findings.append(
                Finding("pictures.too_long", Severity.S2, about=role, params={"text": text, "longest": longest})
            )
            result = result if role == "legal" else result[: longest - 1] + "…"
        return result

    coupons = tuple(
        Coupon(clean("figure", item.value), clean("unit", item.unit), clean("label", item.label))
        for item in words.coupons
    )
    fields = {
        role: clean(role, str(getattr(words, role)))
        for role in ("subtitle", "button", "badge", "legal", "brand", "ai_label")
    }
    title = tuple(text for text in (clean("title", line) for line in words.title) if text)
    if not title and any(line.strip() for line in words.title):
        findings.append(Finding("pictures.title_missing", Severity.S2, about="title"))
    return dataclasses.replace(words, title=title, coupons=coupons, **fields), tuple(findings)


def is_traditional(words: Words) -> bool:
    """Whether the words are written in Traditional characters: more that only Big5 has than that only GB 2312 has."""
    return script.is_traditional("".join((*words.title, words.subtitle, words.button, words.badge, words.legal)))


def _settable(text: str) -> tuple[str, str]:
    kept, lost = [], ""
    names = chain(())
    for typed in unicodedata.normalize("NFC", text):
        char = _TYPED.get(typed, typed)
        if char in _INVISIBLE or (unicodedata.category(char) in ("Cc", "Cf") and char != "\n"):
            continue
        if char and (char.isspace() or pick(names, char)):
            kept.append(char)
        else:
            lost += char
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return "\n".join(line for line in lines if line), lost
