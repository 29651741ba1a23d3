"""Predicates heard from words: everything that a phrase could mean, for ``hearing`` to choose from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from linghang.audiences.vocabulary import Vocabulary
from linghang.audiences.words import BETWEEN, SIGNS
from linghang.base.predicates import Op, Predicate, Scalar, Value
from linghang.customers.catalogue import EVERYONE, Field


@dataclass(frozen=True)
class PredicateEar:
    """Hears predicates in the words of a vocabulary."""

    words: Vocabulary

    def hear(self, text: str) -> Iterator[Predicate]:
        """Every predicate that the text could say."""
        for label, fields in self.words.fields_by_label.items():
            if label in text:
                for field in fields:
                    yield from self._of(text, label, field)
        match = self.words.pattern("not").fullmatch(text)
        if match is not None:
            yield from (replace(one, negated=True) for one in self.hear(match["what"]) if not one.negated)

    def _of(self, text: str, label: str, field: Field) -> Iterator[Predicate]:
        if field.source == "event":
            yield from self._event(text, label, field)
        elif field.source == "holding" and field.measure == "occurrence":
            yield from self._holding(text, label, field)
        else:
            yield from self._attribute(text, label, field)

    def _event(self, text: str, label: str, field: Field) -> Iterator[Predicate]:
        pattern = self.words.pattern
        if field.measure == "occurrence":
            for code, negated in (("did", False), ("did_not", True)):
                match = pattern(code).fullmatch(text)
                if match is None:
                    continue
                if match["what"] == label:
                    yield Predicate(field.name, "exists", negated=negated)
                done = pattern("done_to", label=label).fullmatch(match["what"])
                objects = None if done is None else self._objects(done["what"])
                if objects is not None:
                    yield Predicate(field.name, "exists", objects, negated=negated)
        code = {"amount": "amount_of", "days": "days_since"}.get(field.measure, "count_of")
        match = pattern(code, what=label).fullmatch(text)
        if match is not None:
            yield from (Predicate(field.name, *one) for one in self.compared(match["compared"], field))

    def _holding(self, text: str, label: str, field: Field) -> Iterator[Predicate]:
        for code, negated in (("holds", False), ("holds_not", True)):
            match = self.words.pattern(code, label=label).fullmatch(text)
            if match is None:
                continue
            if match["what"] == self.words.word("anything"):
                yield Predicate(field.name, "exists", negated=negated)
            objects = self._objects(match["what"])
            if objects is not None:
                yield Predicate(field.name, "exists", objects, negated=negated)

    def _objects(self, text: str) -> Value:
        parts = _pieces(text, self.words.word("or_value"))
        names = tuple(name for part in parts if (name := self.words.object_of(part)) is not None)
        if len(names) != len(parts):
            return None
        return names[0] if len(names) == 1 else names

    def _attribute(self, text: str, label: str, field: Field) -> Iterator[Predicate]:
        pattern = self.words.pattern
        for code in ("is", "known") if field.storage == "bool" else ("known",):
            for suffix in ("", "_not"):
                if pattern(code + suffix, label=label).fullmatch(text):
                    yield Predicate(field.name, "exists", negated=bool(suffix))
        if field.storage == "group" and pattern("everyone_in", label=label).fullmatch(text):
            yield Predicate(field.name, "eq", EVERYONE)
        for code, op in (("value_is", "eq"), ("contains", "contains")):
            for suffix in ("", "_not"):
                match = pattern(code + suffix, label=label).fullmatch(text)
                values = () if match is None else self._values(match["value"], field)
                if values:
                    several: Op = "in" if op == "eq" else "contains"
                    one: Op = "eq" if op == "eq" else "contains"
                    value = values[0] if len(values) == 1 else values
                    yield Predicate(field.name, one if len(values) == 1 else several, value, negated=bool(suffix))
        match = pattern("compared", label=label).fullmatch(text)
        if match is not None:
            yield from (Predicate(field.name, *one) for one in self.compared(match["compared"], field))

    def _values(self, text: str, field: Field) -> tuple[Scalar, ...]:
        parts = _pieces(text, self.words.word("or_value"))
        found = tuple(value for part in parts if (value := self.words.value_of(part, field)) is not None)
        return found if len(found) == len(parts) else ()

    def compared(self, text: str, field: Field, unit: str | None = None) -> Iterator[tuple[Op, Value]]:
        """Every operator with values that a comparison could say."""
        unit = self.words.unit(field) if unit is None else unit
        if not text.endswith(unit):
            return
        bare = text[: len(text) - len(unit)]
        separator = self.words.word("or_value")
        if text.startswith("=") and separator in text:
            pieces = text[1:].split(separator)
            if all(piece.endswith(unit) for piece in pieces):
                values = [self._one(piece[: len(piece) - len(unit)], field) for piece in pieces]
                if all(value is not None for value in values):
                    yield "in", tuple(value for value in values if value is not None)
        for op, sign in SIGNS.items():
            if bare.startswith(sign) and (value := self._one(bare[len(sign) :], field)) is not None:
                yield cast(Op, op), value
        for place in range(len(bare)):
            if bare[place] == BETWEEN:
                low, high = self._one(bare[:place], field), self._one(bare[place + 1 :], field)
                if low is not None and high is not None:
                    yield "between", (low, high)

    def _one(self, text: str, field: Field) -> Scalar | None:
        return self.words.value_of(text, field)


def _pieces(text: str, separator: str) -> list[str]:
    """The parts between separators that stand outside JSON strings."""
    parts = [""]
    place, inside = 0, False
    while place < len(text):
        if inside and text[place] == "\\":
            parts[-1] += text[place : place + 2]
            place += 2
            continue
        if text[place] == '"':
            inside = not inside
        if not inside and text.startswith(separator, place):
            parts.append("")
            place += len(separator)
            continue
        parts[-1] += text[place]
        place += 1
    return parts
