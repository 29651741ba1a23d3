"""Words of a rule become the rule again: the inverse of ``words``, by trying what could have been said.

Every condition that is heard is said again, and taken only if the same words come out: so words have one meaning.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from linghang.audiences.canonical import canonical
from linghang.audiences.heard_predicates import PredicateEar
from linghang.audiences.rules import parse
from linghang.audiences.vocabulary import Vocabulary, number_of
from linghang.audiences.words import MEASURE_FIELD, Speaker
from linghang.base.errors import LinghangError, UsageError
from linghang.base.predicates import (
    Act,
    Behaviour,
    Combination,
    Measure,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Saved,
    Succession,
    Where,
)
from linghang.customers.catalogue import catalogue_of
from linghang.packs.model import Pack

_OPEN, _CLOSE = "(（「“", ")）」”"
_MEASURES: Mapping[Measure, str] = {
    "count": "times", "sum": "yuan", "avg": "yuan", "first": "days", "last": "days",
}  # fmt: skip


def explain(rule: Rule, pack: Pack, locale: str = "zh-CN", names: Mapping[str, str] | None = None) -> str:
    """The rule in words; ``names`` are those of saved audiences by id.

    ``understand`` gives back the canonical rule, whatever it is.
    """
    return _listener(pack, locale, tuple(sorted((names or {}).items()))).speaker.explain(rule)


def understand(text: str, pack: Pack, locale: str = "zh-CN", names: Mapping[str, str] | None = None) -> Rule:
    """The rule that ``explain`` said. Raises UsageError("audiences.not_understood") with the words that it stops at."""
    return _listener(pack, locale, tuple(sorted((names or {}).items()))).hear(text.strip())


def _listener(pack: Pack, locale: str, names: tuple[tuple[str, str], ...]) -> "Listener":
    # A pack that was loaded has a digest and is known by it; one made in memory is not kept.
    made = Listener(Vocabulary(pack, catalogue_of(pack), locale, dict(names)))
    if not pack.digest:
        return made
    return _known.setdefault((pack.digest, locale, names), made) if len(_known) < _MOST else made


_known: dict[tuple[str, str, tuple[tuple[str, str], ...]], "Listener"] = {}
_MOST = 64


@dataclass(eq=False)
class Listener:
    """Hears the words of a vocabulary."""

    words: Vocabulary

    def __post_init__(self) -> None:
        self.speaker = Speaker(self.words, self._check)
        self.ear = PredicateEar(self.words)
        self.ids = {name: id for id, name in self.words.audiences.items()}
        self.leaf = lru_cache(maxsize=20_000)(self._leaf)

    def hear(self, text: str) -> Rule:
        """The rule of whole words. Raises UsageError("audiences.not_understood")."""
        word = self.words.word
        if text == word("everyone"):
            return Combination("all", ())
        if text == word("nobody"):
            return Combination("any", ())
        parts = split(text, word("and"))
        if len(parts) > 1:
            return Combination("all", tuple(self.hear(part) for part in parts))
        inner = self._within("group", text)
        if inner is not None:
            parts = split(inner, word("or"))
            if len(parts) > 1:
                return Combination("any", tuple(self.hear(part) for part in parts))
            return self.hear(inner)
        inner = self._within("except", text)
        if inner is not None:
            return Combination("not", (self.hear(inner),))
        found = self.leaf(text)
        if found is None:
            raise UsageError("audiences.not_understood", text=text[:80])
        return found

    def _within(self, code: str, text: str) -> str | None:
        match = self.words.pattern(code).fullmatch(text)
        inner = None if match is None else match["what"]
        return inner if inner is not None and balanced(inner) else None

    def _check(self, text: str, rule: Rule) -> bool:
        word = self.words.word
        plain = len(split(text, word("and"))) == 1 and len(split(text, word("or"))) == 1
        taken = (word("everyone"), word("nobody"))
        if not plain or text in taken or any(self._within(code, text) is not None for code in ("group", "except")):
            return False
        return balanced(text) and self.leaf(text) == rule

    def _leaf(self, text: str) -> Rule | None:
        match = self.words.pattern("literal").fullmatch(text)
        if match is not None and match["what"].startswith("{"):
            return self._literal(match["what"])
        for found in self._heard(text):
            if canonical(found, self.words.pack, self.words.catalogue) == found and self.speaker.phrase(found) == text:
                return found
        return None

    def _literal(self, text: str) -> Rule | None:
        try:
            return parse(json.loads(text))
        except (ValueError, LinghangError):
            return None

    def _heard(self, text: str) -> Iterator[Rule]:
        pattern = self.words.pattern
        if match := pattern("saved").fullmatch(text):
            yield Saved(self.ids.get(match["name"], match["name"]))
        yield from self._sampled(text)
        yield from self._ranked(text)
        yield from self._windowed(text)
        yield from self._acts(text)
        yield from self.ear.hear(text)

    def _sampled(self, text: str) -> Iterator[Rule]:
        salt, skip = "", 0
        if match := self.words.pattern("sample_salt").fullmatch(text):
            try:
                text, salt = match["what"], str(json.loads(match["salt"]))
            except ValueError:
                return
        if match := self.words.pattern("sample_skip").fullmatch(text):
            text, skip = match["what"], number_of(match["skip"]) or 0
        if (match := self.words.pattern("sample").fullmatch(text)) and (size := number_of(match["size"])) is not None:
            yield Sampled(size, salt, skip)

    def _ranked(self, text: str) -> Iterator[Rule]:
        if match := self.words.pattern("among").fullmatch(text):
            try:
                among = self.hear(match["what"])
            except UsageError:
                among = None
            if among is not None:
                yield from (replace(cast(Ranked, one), among=among) for one in self._ranked(match["ranked"]))
        for code in ("highest", "lowest"):
            match = self.words.pattern(code).fullmatch(text)
            if match is None:
                continue
            top, percent = (self.words.pattern(name).fullmatch(match["size"]) for name in ("top", "percent"))
            for field in self.words.fields_by_label.get(match["label"], ()):
                if percent is not None:
                    yield Ranked(field.name, None, number_of(percent["count"]), code == "lowest")
                if top is not None and top["count"].isdigit():
                    yield Ranked(field.name, int(top["count"]), None, code == "lowest")

    def _windowed(self, text: str) -> Iterator[Rule]:
        if match := self.words.pattern("window").fullmatch(text):
            for found in (*self._acts(match["what"]), *self.ear.hear(match["what"])):
                if isinstance(found, Predicate | Behaviour | Succession):
                    yield replace(found, window_days=int(match["days"]))
        for code in ("period", "period_from", "period_to"):
            if match := self.words.pattern(code).fullmatch(text):
                told: dict[str, Any] = match.groupdict()
                for found in self._acts(told.pop("what")):
                    if isinstance(found, Behaviour):
                        yield replace(found, **told)

    def _acts(self, text: str) -> Iterator[Rule]:
        for measure, unit in _MEASURES.items():
            match = self.words.pattern(f"measure.{measure}").fullmatch(text)
            if match is not None:
                for act in self._act(match["what"]):
                    for op, value in self.ear.compared(match["compared"], MEASURE_FIELD, self.words.word(unit)):
                        yield Behaviour(act.event, measure, op, value, where=act.where)
        for code in ("then", "then_not"):
            match = self.words.pattern(code).fullmatch(text)
            if match is not None:
                for first in self._act(match["first"]):
                    for then in self._act(match["then"]):
                        yield Succession(first, then, int(match["within"]), code == "then_not")

    def _act(self, text: str) -> Iterator[Act]:
        for label, fields in self.words.fields_by_label.items():
            event = next((one.event for one in fields if one.source == "event"), "")
            if not event or not text.startswith(label):
                continue
            if text == label:
                yield Act(event)
            match = self.words.pattern("with", label=label).fullmatch(text)
            if match is not None:
                wheres = [self._where(part) for part in split(match["where"], self.words.word("with_and"))]
                if all(one is not None for one in wheres):
                    yield Act(event, tuple(one for one in wheres if one is not None))

    def _where(self, text: str) -> Where | None:
        for name in ("object", "channel", "slot", "campaign_id"):
            match = self.words.pattern(f"where.{name}").fullmatch(text)
            if match is None:
                continue
            parts = split(match["value"], self.words.word("or_value"))
            hear = self.words.object_of if name == "object" else self.words.unquoted
            values = tuple(value for part in parts if (value := hear(part)) is not None)
            if len(values) == len(parts):
                found = Where(name, "eq" if len(values) == 1 else "in", values[0] if len(values) == 1 else values)
                if self.speaker.where(found) == text:
                    return found
        match = self.words.pattern("where.amount").fullmatch(text)
        if match is not None:
            for op, value in self.ear.compared(match["compared"], MEASURE_FIELD, self.words.word("yuan")):
                return Where("amount", op, value)
        return None


def split(text: str, separator: str) -> list[str]:
    """The parts between separators that stand outside brackets, quotation marks and JSON strings."""
    parts: list[str] = []
    begin = place = 0
    while place < len(text):
        if text[place] in _OPEN or text[place] == '"':
            place = _closed(text, place)
        elif text.startswith(separator, place):
            parts.append(text[begin:place])
            place += len(separator)
            begin = place
        else:
            place += 1
    return [*parts, text[begin:]]


def _closed(text: str, place: int) -> int:
    """The place after what opens here: a JSON string, or a bracket with all that is in it."""
    if text[place] == '"':
        end = place + 1
        while end < len(text) and text[end] != '"':
            end += 2 if text[end] == "\\" else 1
        return end + 1
    depth, end = 1, place + 1
    while end < len(text) and depth:
        if text[end] == '"':
            end = _closed(text, end)
            continue
        depth += (text[end] in _OPEN) - (text[end] in _CLOSE)
        end += 1
    return end


def balanced(text: str) -> bool:
    """Whether every bracket and string that opens closes in the text, and none closes that did not open."""
    depth = place = 0
    while place < len(text):
        if text[place] == '"':
            place = _closed(text, place)
            if place > len(text):
                return False
            continue
        depth += (text[place] in _OPEN) - (text[place] in _CLOSE)
        if depth < 0:
            return False
        place += 1
    return depth == 0
