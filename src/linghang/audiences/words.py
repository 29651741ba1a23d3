"""A rule in words, Chinese or English, as a person would check it; ``hearing`` gives the rule back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from linghang.audiences.canonical import canonical
from linghang.audiences.rules import as_json
from linghang.audiences.vocabulary import Vocabulary, number
from linghang.base.findings import Finding
from linghang.base.predicates import (
    Act,
    Behaviour,
    Combination,
    Members,
    Op,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Saved,
    Scalar,
    Succession,
    Value,
    Where,
)
from linghang.customers.behaviours import event_field
from linghang.customers.catalogue import EVERYONE, Field, Test, resolve
from linghang.packs.model import Label

SIGNS: Mapping[str, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "="}
BETWEEN = "–"
MEASURE_FIELD = Field("", "number", "event", "value", Label("", ""))
"""What a measure of behaviour is compared as: a plain number."""


class Check(Protocol):
    """Whether words say just this condition (``hearing``)."""

    def __call__(self, text: str, rule: Rule) -> bool:
        """Whether the text is heard as the rule and as nothing else."""
        ...


@dataclass(frozen=True)
class Speaker:
    """Says rules. What ``check`` does not find again in its words is written as JSON, so that nothing is lost."""

    words: Vocabulary
    check: Check

    def explain(self, rule: Rule) -> str:
        """The rule in words."""
        return self.say(canonical(rule, self.words.pack, self.words.catalogue), outer=True)

    def say(self, rule: Rule, *, outer: bool = False) -> str:
        """A canonical rule in words; within another one, several conditions stand in brackets."""
        word = self.words.word
        if not isinstance(rule, Combination):
            return self._leaf(rule)
        if rule.how == "not":
            return word("except", what=self.say(rule.parts[0], outer=True))
        parts = [self.say(part) for part in rule.parts]
        if not parts:
            return word("everyone" if rule.how == "all" else "nobody")
        joined = word("and" if rule.how == "all" else "or").join(parts)
        return joined if outer and rule.how == "all" else word("group", what=joined)

    def _leaf(self, rule: Rule) -> str:
        if isinstance(rule, Members):
            return self.words.word("members", count=len(rule.numbers))
        text = self.phrase(rule)
        if text and self.check(text, rule):
            return text
        return self.words.word("literal", what=json.dumps(as_json(rule), ensure_ascii=False))

    def phrase(self, rule: Rule) -> str:
        """The words of one condition, empty where it has no meaning in this pack."""
        if isinstance(rule, Predicate):
            return self._predicate(rule)
        if isinstance(rule, Behaviour):
            return self._behaviour(rule)
        if isinstance(rule, Succession):
            return self._succession(rule)
        if isinstance(rule, Ranked):
            return self._ranked(rule)
        if isinstance(rule, Sampled):
            return self._sampled(rule)
        if isinstance(rule, Saved):
            name = self.words.audiences.get(rule.audience, rule.audience)
            return self.words.word("saved", name=name)
        return ""

    def _predicate(self, rule: Predicate) -> str:
        test = resolve(rule, self.words.catalogue)
        if isinstance(test, Finding):
            return ""
        said = self._positive(rule, test)
        return self.words.word("window", days=test.window_days, what=said) if test.window_days is not None else said

    def _positive(self, rule: Predicate, test: Test) -> str:
        if test.field.source == "event":
            return self._event(rule, test.field)
        if test.field.source == "holding" and test.field.measure == "occurrence":
            what = self._objects(rule.value) or self.words.word("anything")
            return self.words.word(_turned("holds", rule), label=self.words.field(test.field), what=what)
        return self._attribute(rule, test.field)

    def _event(self, rule: Predicate, field: Field) -> str:
        word, label = self.words.word, self.words.field(field)
        if field.measure == "occurrence" and rule.op == "exists":
            objects = self._objects(rule.value)
            return word(_turned("did", rule), what=word("done_to", label=label, what=objects) if objects else label)
        code = {"amount": "amount_of", "days": "days_since"}.get(field.measure, "count_of")
        said = word(code, what=label, compared=self.compared(rule.op, rule.value, field))
        return word("not", what=said) if rule.negated else said

    def _attribute(self, rule: Predicate, field: Field) -> str:
        word, label = self.words.word, self.words.field(field)
        if rule.op == "exists" and rule.value is None:
            return word(_turned("is" if field.storage == "bool" else "known", rule), label=label)
        values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        if field.storage == "group" and values == (EVERYONE,) and not rule.negated:
            return word("everyone_in", label=label)
        if field.storage not in ("integer", "number", "money", "date") and rule.op in (
            "eq",
            "in",
            "exists",
            "contains",
        ):
            said = word("or_value").join(self.words.value(one, field) for one in values if one is not None)
            code = "contains" if rule.op == "contains" and field.storage != "group" else "value_is"
            return word(_turned(code, rule), label=label, value=said)
        said = word("compared", label=label, compared=self.compared(rule.op, rule.value, field))
        return word("not", what=said) if rule.negated else said

    def compared(self, op: Op, value: Value, field: Field, unit: str | None = None) -> str:
        """An operator with its values and their unit."""
        unit = self.words.unit(field) if unit is None else unit
        values: Sequence[Scalar] = value if isinstance(value, tuple) else () if value is None else (value,)
        told = [
            one if isinstance(one, str) and field.storage == "date" else self.words.value(one, field) for one in values
        ]
        if op == "between" and len(told) == 2:
            return f"{told[0]}{BETWEEN}{told[1]}{unit}"
        if op == "in":
            return "=" + self.words.word("or_value").join(f"{one}{unit}" for one in told)
        return f"{SIGNS[op]}{told[0]}{unit}" if op in SIGNS and told else ""

    def _objects(self, value: Value) -> str:
        values = value if isinstance(value, tuple) else (value,)
        return self.words.word("or_value").join(self.words.object(one) for one in values if isinstance(one, str))

    def _behaviour(self, rule: Behaviour) -> str:
        field = event_field(rule.event, self.words.catalogue)
        if field is None:
            return ""
        word = self.words.word
        unit = word({"sum": "yuan", "avg": "yuan", "count": "times"}.get(rule.measure, "days"))
        compared = self.compared(rule.op, rule.value, MEASURE_FIELD, unit)
        said = word(f"measure.{rule.measure}", what=self._act(Act(rule.event, rule.where), field), compared=compared)
        if rule.window_days is not None:
            return word("window", days=rule.window_days, what=said)
        if rule.start and rule.end:
            return word("period", start=rule.start, end=rule.end, what=said)
        if rule.start:
            return word("period_from", start=rule.start, what=said)
        return word("period_to", end=rule.end, what=said) if rule.end else said

    def _act(self, act: Act, field: Field) -> str:
        label = self.words.field(field)
        told = [self.where(one) for one in act.where]
        return self.words.word("with", label=label, where=self.words.word("with_and").join(told)) if told else label

    def where(self, one: Where) -> str:
        """A filter of events in words."""
        word = self.words.word
        if one.field == "amount":
            return word("where.amount", compared=self.compared(one.op, one.value, MEASURE_FIELD, word("yuan")))
        values = [value for value in (one.value if isinstance(one.value, tuple) else (one.value,)) if value is not None]
        names = [self.words.object(str(v)) if one.field == "object" else self.words.quoted(str(v)) for v in values]
        return word(f"where.{one.field}", value=word("or_value").join(names)) if one.op in ("eq", "in") else ""

    def _succession(self, rule: Succession) -> str:
        word, catalogue = self.words.word, self.words.catalogue
        first, then = event_field(rule.first.event, catalogue), event_field(rule.then.event, catalogue)
        if first is None or then is None:
            return ""
        code = "then_not" if rule.absent else "then"
        one, other = self._act(rule.first, first), self._act(rule.then, then)
        said = word(code, first=one, then=other, within=rule.within_days)
        return said if rule.window_days is None else word("window", days=rule.window_days, what=said)

    def _ranked(self, rule: Ranked) -> str:
        field = self.words.catalogue.fields.get(rule.by)
        if field is None:
            return ""
        word = self.words.word
        size = word("top", count=rule.top) if rule.top is not None else word("percent", count=number(rule.percent or 0))
        said = word("lowest" if rule.lowest else "highest", label=self.words.field(field), size=size)
        return said if rule.among is None else word("among", what=self.say(rule.among, outer=True), ranked=said)

    def _sampled(self, rule: Sampled) -> str:
        word = self.words.word
        said = word("sample", size=number(rule.sample_pct))
        said = word("sample_skip", what=said, skip=number(rule.skip_pct)) if rule.skip_pct else said
        return word("sample_salt", what=said, salt=json.dumps(rule.salt, ensure_ascii=False)) if rule.salt else said


def _turned(code: str, rule: Predicate) -> str:
    return f"{code}_not" if rule.negated else code


def everyone() -> Rule:
    """The rule of all customers."""
    return Combination("all", ())
