"""Rules as data: the files of a jurisdiction → the rules in force on a launch date, with a bank's own rules on top.

Everything that is wrong in a file becomes a finding that names the file and the line, and the file is refused whole.
"""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import yaml

from linghang.base.errors import PackError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.compliance.glyphs import rules_folder
from linghang.compliance.model import CHANNELS, JURISDICTIONS, PRODUCTS, TOPICS, Citation, Example, Fact, Rule, Trigger
from linghang.compliance.patterns import lexicon, read_shipped
from linghang.packs.model import Pack
from linghang.packs.yamlfiles import DuplicateKeyError, line_of, parse

MATERIALS = ("promotion", "service", "education", "antifraud", "statutory")
_KEYS = frozenset({
    "id", "severity", "topic", "family", "cites", "basis", "scope", "says", "triggered_by", "exceptions", "verified",
    "effective_from", "effective_to", "products", "channels", "materials", "disclosures", "uses", "triggers",
    "examples", "mend", "instead", "precedence", "off", "reason",
})  # fmt: skip
_TRIGGER_KEYS = frozenset({"find", "unless", "absent", "present", "products", "channels", "materials", "negatable"})
_DAYS = 64
"""So many launch dates are remembered: texts of one campaign are checked for one day."""
_REQUIRED = ("id", "severity", "topic", "cites", "says", "verified")


def load_rules(
    jurisdiction: str = "CN", launch_date: dt.date | None = None, overrides: str | Path | None = None
) -> tuple[Rule, ...]:
    """The rules of ``CN``, ``US``, ``UK`` or ``EU`` that apply to an asset launched on a date (None: all of them).

    ``overrides`` is a bank's own file of the same form: a rule with a known id changes the keys that it gives
    (``off: true`` with a ``reason`` switches it off), a new id adds a rule. An S1 is loosened (switched off, made lighter,
    bound to fewer products, channels or kinds, or to a shorter time) only with a recorded ``reason``. Raises UsageError for an unknown jurisdiction, PackError
    ("compliance.invalid") whose findings name file, line and what is allowed.
    """
    if jurisdiction not in JURISDICTIONS:
        raise UsageError("compliance.unknown_jurisdiction", found=jurisdiction, allowed=", ".join(JURISDICTIONS))
    if overrides is None:
        return _shipped_on(jurisdiction, launch_date)
    path = Path(overrides)
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise PackError("compliance.unreadable", file=str(path), reason=str(error)) from error
    return _dated(_overridden(jurisdiction, path.name, text), launch_date)


def own_file(pack: Pack) -> Path | None:
    """The institution's own rules on top of the shipped ones: ``rules/cn.yaml`` in its pack, if there."""
    file = Path(pack.folder) / "rules" / f"{pack.jurisdiction.lower()}.yaml"
    return file if pack.folder and file.is_file() else None


def rules_of(pack: Pack, launch_date: dt.date | None) -> tuple[Rule, ...]:
    """The rules that apply to an institution's assets launched on a date: its own on top. Raises as ``load_rules``."""
    return load_rules(pack.jurisdiction, launch_date, own_file(pack))


def _dated(rules: tuple[Rule, ...], day: dt.date | None) -> tuple[Rule, ...]:
    if day is None:
        return rules
    return tuple(_cited(rule, day) for rule in rules if rule.in_force(day))


def _cited(rule: Rule, day: dt.date) -> Rule:
    """The rule with only those citations that are in force; one that has none left keeps its words without a law."""
    kept = tuple(citation for citation in rule.citations if citation.in_force(day))
    return rule if kept == rule.citations else replace(rule, citations=kept)


@functools.lru_cache(_DAYS)
def _shipped_on(jurisdiction: str, day: dt.date | None) -> tuple[Rule, ...]:
    return _dated(_shipped(jurisdiction), day)


@functools.cache
def _shipped(jurisdiction: str) -> tuple[Rule, ...]:
    name = f"{jurisdiction.lower()}.yaml"
    raw, wrong = _parsed(name, (rules_folder() / name).read_text("utf-8"))
    return _Reader(name, raw, jurisdiction, wrong, {}).rules()


@functools.cache
def _overridden(jurisdiction: str, name: str, text: str) -> tuple[Rule, ...]:
    base_name = f"{jurisdiction.lower()}.yaml"
    base, _ = _parsed(base_name, (rules_folder() / base_name).read_text("utf-8"))
    raw, wrong = _parsed(name, text)
    known = {entry["id"]: entry for entry in base["rules"]}
    for place, entry in enumerate(raw["rules"]):
        if isinstance(entry, Mapping):
            _may(entry, known.get(entry.get("id")), ("rules", place), wrong)
    off = {entry.get("id") for entry in raw["rules"] if isinstance(entry, Mapping) and entry.get("off")}
    changed = _Reader(name, raw, jurisdiction, wrong, known, base).rules()
    own = {rule.id: rule for rule in changed}
    kept = [own.pop(rule.id, rule) for rule in _shipped(jurisdiction) if rule.id not in off]
    return (*kept, *(rule for rule in own.values() if rule.id not in off))


def _may(
    entry: Mapping[str, Any], base: Mapping[str, Any] | None, path: tuple[str | int, ...], wrong: "_Wrong"
) -> None:
    """Notes what a bank may not do without saying why."""
    if str(entry.get("reason") or "").strip():
        return
    if entry.get("off") and base is None:
        wrong.add((*path, "id"), "compliance.off_unknown", found=str(entry.get("id")))
    elif entry.get("off"):
        wrong.add((*path, "off"), "compliance.off_without_reason", rule=str(entry.get("id")))
    elif base is not None and base.get("severity") == Severity.S1 and (key := _loosened(entry, base)):
        wrong.add((*path, key), "compliance.loosened", rule=str(entry.get("id")), key=key)


def _loosened(entry: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    """The first key by which an entry asks for less than the rule that it changes; empty where it does not."""
    if entry.get("severity", base["severity"]) > base["severity"]:
        return "severity"
    for key in ("products", "channels", "materials"):
        before, after = base.get(key) or [], entry.get(key, base.get(key)) or []
        if after and (not before or set(before) - set(after)):
            return key
    if entry.get("effective_to") and not base.get("effective_to"):
        return "effective_to"
    if str(entry.get("effective_from", "")) > str(base.get("effective_from", "")) and "effective_from" in entry:
        return "effective_from"
    return next((key for key in ("triggers", "uses") if key in entry and entry[key] != base.get(key)), "")


def _parsed(name: str, text: str) -> tuple[dict[str, Any], "_Wrong"]:
    wrong = _Wrong(name, text)
    try:
        raw = parse(text)
    except DuplicateKeyError as error:
        wrong.at_line(error.line, "compliance.duplicate_key", found=error.key)
        raise wrong.error() from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        wrong.at_line(mark.line + 1 if mark else 1, "compliance.yaml", found=str(getattr(error, "problem", error)))
        raise wrong.error() from error
    if not isinstance(raw, dict) or not isinstance(raw.get("rules"), list):
        wrong.add((), "compliance.no_rules", found=type(raw).__name__)
        raise wrong.error()
    return raw, wrong


class _Wrong:
    """What is wrong in a file, as findings with file and line."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.findings: list[Finding] = []

    def add(self, path: Sequence[str | int], code: str, **params: str | int) -> None:
        self.at_line(line_of(self.text, path), code, **params)

    def at_line(self, line: int, code: str, **params: str | int) -> None:
        told = {"file": self.name, "line": line, **params}
        self.findings.append(Finding(code, Severity.S1, f"{self.name}:{line}", params=told))

    def error(self) -> PackError:
        return PackError("compliance.invalid", tuple(self.findings), file=self.name, count=len(self.findings))


class _Reader:
    """One file's entries → rules."""

    def __init__(
        self,
        name: str,
        raw: dict[str, Any],
        jurisdiction: str,
        wrong: _Wrong,
        known: Mapping[str, dict[str, Any]],
        base: dict[str, Any] | None = None,
    ) -> None:
        self.name, self.raw, self.jurisdiction, self.wrong, self.known = name, raw, jurisdiction, wrong, known
        base = base or {}
        self.laws = {**base.get("laws", {}), **(raw.get("laws") or {})}
        self.families = {**base.get("families", {}), **(raw.get("families") or {})}
        self.lexicon = lexicon("zh" if jurisdiction == "CN" else "en")

    def rules(self) -> tuple[Rule, ...]:
        made: dict[str, Rule] = {}
        for place, entry in enumerate(self.raw["rules"]):
            if not isinstance(entry, dict):
                self.wrong.add(("rules", place), "compliance.not_a_rule", found=type(entry).__name__)
                continue
            if entry.get("off") is True:
                continue
            full = {**self.known.get(str(entry.get("id")), {}), **entry}
            rule = self._rule(full, place)
            if rule is None:
                continue
            if rule.id in made:
                self.wrong.add(("rules", place, "id"), "compliance.duplicate_rule", found=rule.id)
            made[rule.id] = rule
        if self.wrong.findings:
            raise self.wrong.error()
        return tuple(made.values())

    def _rule(self, entry: dict[str, Any], place: int) -> Rule | None:
        path = ("rules", place)
        before = len(self.wrong.findings)
        for key in entry.keys() - _KEYS:
            self.wrong.add((*path, key), "compliance.unknown_key", found=key, allowed=", ".join(sorted(_KEYS)))
        for key in _REQUIRED:
            if not entry.get(key):
                self.wrong.add(path, "compliance.missing_key", key=key)
        self._one_of(entry.get("severity"), tuple(Severity), (*path, "severity"))
        self._one_of(entry.get("topic"), TOPICS, (*path, "topic"))
        for key, allowed in (("products", PRODUCTS), ("channels", CHANNELS), ("materials", MATERIALS)):
            for at, item in enumerate(entry.get(key) or []):
                self._one_of(item, allowed, (*path, key, at))
        citations = self._citations(entry.get("cites") or [], path)
        triggers = self._triggers(entry, path)
        dates = {key: self._date(entry.get(key), (*path, key)) for key in ("effective_from", "effective_to")}
        if len(self.wrong.findings) > before:
            return None
        return Rule(
            id=entry["id"],
            severity=Severity(entry["severity"]),
            topic=entry["topic"],
            family=entry.get("family", entry["topic"]),
            jurisdiction=self.jurisdiction,
            citations=citations,
            basis=entry.get("basis", ""),
            scope=entry.get("scope", ""),
            says=entry["says"],
            triggered_by=entry.get("triggered_by", ""),
            exceptions=entry.get("exceptions", ""),
            verified=entry["verified"],
            effective_from=dates["effective_from"],
            effective_to=dates["effective_to"],
            products=tuple(entry.get("products") or ()),
            channels=tuple(entry.get("channels") or ()),
            materials=tuple(entry.get("materials") or ()),
            disclosures=tuple(entry.get("disclosures") or ()),
            triggers=triggers,
            examples=tuple(_examples(entry.get("examples") or _shipped_examples().get(entry["id"], {}))),
            mend=entry.get("mend", "cut"),
            instead=dict(entry.get("instead") or {}),
            precedence=int(entry.get("precedence", 0)),
            source=self.name,
            reason=str(entry.get("reason") or ""),
        )

    def _one_of(self, found: object, allowed: Sequence[str], path: Sequence[str | int]) -> None:
        if found is not None and found not in allowed:
            self.wrong.add(path, "compliance.not_allowed", found=str(found), allowed=", ".join(allowed))

    def _date(self, raw: object, path: Sequence[str | int]) -> dt.date | None:
        if raw is None:
            return None
        try:
            return dt.date.fromisoformat(str(raw))
        except ValueError:
            self.wrong.add(path, "compliance.not_a_date", found=str(raw))
            return None

    def _citations(self, cites: list[str], path: tuple[str | int, ...]) -> tuple[Citation, ...]:
        made: list[Citation] = []
        for at, cite in enumerate(cites):
            key, _, article = str(cite).partition(" ")
            law = self.laws.get(key)
            if not isinstance(law, Mapping):
                self.wrong.add((*path, "cites", at), "compliance.unknown_law", found=key, allowed=", ".join(self.laws))
                continue
            effective = self._date(law.get("effective"), ("laws", key, "effective"))
            made.append(Citation(str(law["title"]), article.strip(), effective, str(law.get("number", ""))))
        return tuple(made)

    def _triggers(self, entry: dict[str, Any], path: tuple[str | int, ...]) -> tuple[Trigger, ...]:
        made: list[Trigger] = []
        for at, name in enumerate(entry.get("uses") or []):
            groups = self.families.get(name)
            if groups is None:
                self.wrong.add(
                    (*path, "uses", at), "compliance.unknown_family", found=name, allowed=", ".join(self.families)
                )
                continue
            for place, group in enumerate(groups):
                made.extend(self._trigger(group, ("families", name, place)))
        for at, group in enumerate(entry.get("triggers") or []):
            made.extend(self._trigger(group, (*path, "triggers", at)))
        return tuple(made)

    def _trigger(self, group: object, path: tuple[str | int, ...]) -> list[Trigger]:
        if isinstance(group, str):
            group = {"find": [group]}
        if not isinstance(group, dict) or not group.get("find"):
            self.wrong.add(path, "compliance.no_pattern", found=type(group).__name__)
            return []
        for key in group.keys() - _TRIGGER_KEYS:
            self.wrong.add((*path, key), "compliance.unknown_key", found=key, allowed=", ".join(sorted(_TRIGGER_KEYS)))
        lists = {key: tuple(_listed(group.get(key))) for key in _TRIGGER_KEYS - {"negatable"}}
        for key in ("find", "unless", "absent", "present"):
            for at, source in enumerate(lists[key]):
                self._pattern(source, (*path, key, at))
        return [Trigger(**lists, negatable=bool(group.get("negatable", True)))]

    def _pattern(self, source: str, path: tuple[str | int, ...]) -> None:
        try:
            self.lexicon.pattern(source)
        except PackError as error:
            self.wrong.add(path, error.code, **{key: str(value) for key, value in error.params.items()})


@functools.cache
def _shipped_examples() -> Mapping[str, Mapping[str, Any]]:
    """The examples of the shipped rules, by rule; they have a file of their own."""
    return read_shipped("examples.yaml")


def _listed(raw: object) -> list[str]:
    if raw is None:
        return []
    return [str(item) for item in raw] if isinstance(raw, list) else [str(raw)]


def _examples(raw: Mapping[str, Any]) -> list[Example]:
    made: list[Example] = []
    for kind in ("hit", "pass"):
        for entry in raw.get(kind) or []:
            told = {"text": entry} if isinstance(entry, str) else dict(entry)
            made.append(
                Example(
                    text=str(told["text"]),
                    positive=kind == "hit",
                    product=str(told.get("product", raw.get("product", ""))),
                    channel=str(told.get("channel", raw.get("channel", ""))),
                    context=cast("dict[str, Fact]", told.get("context") or raw.get("context") or {}),
                )
            )
    return made
