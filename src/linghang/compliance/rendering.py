"""A check as the contract prints it, as findings of the house, and a rule for people to read."""

import re
from collections.abc import Sequence

from linghang.base.findings import Finding, Fix, Severity
from linghang.base.messages import render
from linghang.compliance.disclosures import disclosure_text
from linghang.compliance.english import article_in_english, law_in_english, says_in_english
from linghang.compliance.model import Check, Hit, Json, Rule
from linghang.ports.browser import Box

_ARTICLE = re.compile(r"第([一二三四五六七八九十百零〇]+|\d+)([条款项])")
_DIGITS = {letter: n for n, letter in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS = {"十": 10, "百": 100}


def to_json(check: Check, boxes: Sequence[Sequence[Box]] = ()) -> dict[str, Json]:
    """The object that ``linghang check --json`` prints; with ``boxes``, where each finding's words stand.

    Beyond the contract's keys: ``supporting`` rules of the same words, ``evasion``, the inferred ``type``,
    ``review`` (only a person's decision is open) and ``not_evaluated`` facts.
    """
    locale = "zh-CN" if check.material.lang == "zh" else "en"
    findings: list[Json] = [_finding_json(hit, check, locale) for hit in check.hits]
    for finding, places in zip(findings, boxes, strict=False):
        if isinstance(finding, dict):
            finding["boxes"] = [list(place) for place in places]
    return {
        "verdict": check.verdict,
        "findings": findings,
        "missing_disclosures": list(check.missing_disclosures),
        "fixed_text": check.fixed_text,
        "type": check.type,
        "review": check.review,
        "aside": [_finding_json(hit, check, locale) for hit in check.aside],
        "launch_date": check.launch.isoformat(),
        "not_evaluated": list(check.not_evaluated),
    }


def _finding_json(hit: Hit, check: Check, locale: str) -> dict[str, Json]:
    rule = hit.rule
    effective = rule.effective or rule.effective_from
    return {
        "rule": rule.id,
        "topic": rule.topic,
        "severity": str(rule.severity),
        "span": list(hit.span),
        "text": quoted(hit, check),
        "law": rule.law,
        "article": rule.article,
        "effective": effective.isoformat() if effective else "",
        "message": message(hit, check, locale),
        "fix": mend(hit, locale),
        "verified": rule.verified,
        "supporting": [*hit.also, *(["CN-EV-01"] if hit.evasion and rule.jurisdiction == "CN" else [])],
        "evasion": hit.evasion,
    }


def quoted(hit: Hit, check: Check) -> str:
    """The original words that a finding cites; empty for one about the whole asset."""
    return check.material.text[slice(*hit.span)]


def message(hit: Hit, check: Check, locale: str) -> str:
    """The sentence of a finding."""
    return render(hit.code, _params(hit, check), locale)


def mend(hit: Hit, locale: str) -> str:
    """What to write instead, in words."""
    if hit.missing:
        return render(
            "compliance.fix_add",
            {"text": disclosure_text(hit.missing, "zh" if locale.startswith("zh") else "en")},
            locale,
        )
    if hit.fix:
        return render("compliance.fix_replace", {"text": hit.fix}, locale)
    told = {"says": hit.rule.says, "says_en": says_in_english(hit.rule)}
    return render("compliance.fix_cut" if hit.located else "compliance.fix_plan", told, locale)


def _params(hit: Hit, check: Check) -> dict[str, str | int | float | bool | None]:
    return {
        "rule": hit.rule.id,
        "text": quoted(hit, check),
        "says": hit.rule.says,
        "says_en": says_in_english(hit.rule),
        "law": hit.rule.law,
        "law_en": law_in_english(hit.rule.law),
        "article": hit.rule.article,
        "article_en": article_in_english(hit.rule.article),
        **hit.params,
    }


def as_findings(check: Check, about: str) -> tuple[Finding, ...]:
    """The check as findings of the house; citations are in ``evidence``. An evasion weighs one level more (CN-EV-01)."""
    return tuple(_as_finding(hit, check, about) for hit in check.hits)


def _as_finding(hit: Hit, check: Check, about: str) -> Finding:
    rule = hit.rule
    effective = rule.effective or rule.effective_from
    severity = Severity.S3 if hit.advice and rule.severity != Severity.S4 else rule.severity
    if hit.evasion and not hit.advice:
        severity = {Severity.S2: Severity.S1, Severity.S3: Severity.S2}.get(severity, severity)
    return Finding(
        code="compliance.heard" if hit.advice else hit.code,
        severity=severity,
        about=about,
        span=hit.span if hit.located else None,
        params=_params(hit, check),
        evidence={
            "rule": rule.id,
            "topic": rule.topic,
            "law": rule.law,
            "law_en": law_in_english(rule.law),
            "article": rule.article,
            "article_en": article_in_english(rule.article),
            "effective": effective.isoformat() if effective else "",
            "verified": rule.verified,
            "supporting": ", ".join(hit.also),
            "evasion": hit.evasion,
            "disclosure": hit.missing,
        },
        fix=Fix("compliance.fix_text", text=check.fixed_text) if check.fixed_text else None,
    )


def rule_json(rule: Rule) -> dict[str, Json]:
    """A rule as ``linghang rules show`` prints it."""
    return {
        "id": rule.id,
        "severity": str(rule.severity),
        "topic": rule.topic,
        "family": rule.family,
        "jurisdiction": rule.jurisdiction,
        "citations": [
            {
                "law": c.law,
                "law_en": law_in_english(c.law),
                "article": c.article,
                "article_en": article_in_english(c.article),
                "number": c.number,
                "effective": c.effective.isoformat() if c.effective else "",
            }
            for c in rule.citations
        ],
        "basis": rule.basis,
        "scope": rule.scope,
        "says": rule.says,
        "says_en": says_in_english(rule),
        "triggered_by": rule.triggered_by,
        "exceptions": rule.exceptions,
        "verified": rule.verified,
        "effective_from": rule.effective_from.isoformat() if rule.effective_from else "",
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else "",
        "products": list(rule.products),
        "channels": list(rule.channels),
        "materials": list(rule.materials),
        "disclosures": list(rule.disclosures),
        "patterns": [source for trigger in rule.triggers for source in trigger.find],
        "examples": {
            "hit": [example.text for example in rule.examples if example.positive],
            "pass": [example.text for example in rule.examples if not example.positive],
        },
        "source": rule.source,
        "reason": rule.reason,
    }


def sought(words: str) -> tuple[str, ...]:
    """The words of a search, all of which ``searched`` must hold; the number of an article as the laws' table has it."""
    plain = _ARTICLE.sub(lambda found: f" 第{found[1] if found[1].isdigit() else _number(found[1])}{found[2]} ", words)
    return tuple(plain.casefold().split())


def _number(spelt: str) -> int:
    """A number below a thousand in Chinese figures."""
    total = digit = 0
    for letter in spelt:
        if letter in _TENS:
            total, digit = total + (digit or 1) * _TENS[letter], 0
        else:
            digit = _DIGITS[letter]
    return total + digit


def searched(rule: Rule) -> str:
    """All that a rule says, for a search by words: also its summary and its laws' names."""
    laws = " ".join(f"{citation.law} {citation.article}" for citation in rule.citations)
    return f"{rule.id} {rule.says} {says_in_english(rule)} {rule.triggered_by} {rule.exceptions} {rule.topic} {laws}".casefold()
