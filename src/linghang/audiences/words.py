"""A rule in words, Chinese or English, as a person would check it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from linghang.base.findings import Finding
from linghang.base.messages import render
from linghang.base.predicates import Combination, Predicate, Rule, Scalar
from linghang.customers.catalogue import EVERYONE, Catalogue, Field, Test, catalogue_of, resolve
from linghang.packs.model import Attribute, Pack, ProductKind

SIGNS: Mapping[str, str] = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "eq": "="}


def explain(rule: Rule, pack: Pack, locale: str = "zh-CN") -> str:
    """The rule in words. What has no meaning in this pack is shown as it was written, in 「」 or quotes."""
    return _Speaker(pack, catalogue_of(pack), locale).say(rule, outer=True)


@dataclass(frozen=True)
class _Speaker:
    pack: Pack
    catalogue: Catalogue
    locale: str

    def word(self, code: str, **params: object) -> str:
        return render(f"audiences.words.{code}", params, self.locale)

    def say(self, rule: Rule, *, outer: bool = False) -> str:
        if isinstance(rule, Predicate):
            return self.predicate(rule)
        if rule.how == "not":
            return self.word("except", what=self.say(rule.parts[0], outer=True))
        parts = [self.say(part) for part in rule.parts]
        if not parts:
            return self.word("everyone" if rule.how == "all" else "nobody")
        if len(parts) == 1:
            return self.say(rule.parts[0], outer=outer)
        joined = self.word("and" if rule.how == "all" else "or").join(parts)
        return joined if outer and rule.how == "all" else self.word("group", what=joined)

    def predicate(self, predicate: Predicate) -> str:
        test = resolve(predicate, self.catalogue)
        if isinstance(test, Finding):
            return self.word("literal", what=f"{predicate.field} {predicate.op} {self._plain(predicate.value)}".strip())
        said = self._positive(predicate, test)
        if test.window_days is not None:
            said = self.word("window", days=test.window_days, what=said)
        return said

    def _positive(self, predicate: Predicate, test: Test) -> str:
        if test.field.source == "event":
            return self._event(predicate, test)
        if test.field.source == "holding" and test.field.measure == "occurrence":
            code = "holds_not" if predicate.negated else "holds"
            what = self._objects(predicate) or self.word("anything")
            return self.word(code, label=test.field.label.of(self.locale), what=what)
        return self._attribute(predicate, test.field)

    def _event(self, predicate: Predicate, test: Test) -> str:
        label = test.field.label.of(self.locale)
        objects = self._objects(predicate)
        named = self.word("done_to", label=label, what=objects) if objects else label
        if test.field.measure == "occurrence" and (objects or predicate.value is None or predicate.op == "exists"):
            return self.word("did_not" if predicate.negated else "did", what=named)
        unit = {"amount": "yuan", "days": "days"}.get(test.field.measure, "times")
        code = {"amount": "amount_of", "days": "days_since"}.get(test.field.measure, "count_of")
        compared = self._compared(predicate, self.word(unit))
        said = self.word(code, what=label, compared=compared)
        return self.word("not", what=said) if predicate.negated else said

    def _attribute(self, predicate: Predicate, field: Field) -> str:
        label = field.label.of(self.locale)
        attribute = next(item for item in self.pack.attributes if item.name == field.name)
        if predicate.op == "exists" and predicate.value is None:
            if field.storage == "bool":
                return self.word("is_not" if predicate.negated else "is", label=label)
            return self.word("known_not" if predicate.negated else "known", label=label)
        values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
        if field.storage == "group" and EVERYONE in values and not predicate.negated:
            return self.word("everyone")
        named = not field.storage.startswith(("integer", "number", "money", "date"))
        if named and predicate.op in ("eq", "in", "exists", "contains"):
            said = self.word("or_value").join(self._value(value, attribute) for value in values)
            code = "contains" if predicate.op == "contains" and field.storage != "group" else "value_is"
            return self.word(f"{code}_not" if predicate.negated else code, label=label, value=said)
        said = self.word("compared", label=label, compared=self._compared(predicate, attribute.unit, attribute))
        return self.word("not", what=said) if predicate.negated else said

    def _compared(self, predicate: Predicate, unit: str, attribute: Attribute | None = None) -> str:
        values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
        told = [self._value(value, attribute) for value in values]
        spaced = unit_words(unit, self.locale)
        if predicate.op == "between" and len(told) == 2:
            return f"{told[0]}–{told[1]}{spaced}"
        if predicate.op == "in":
            return self.word("or_value").join(f"{value}{spaced}" for value in told)
        return f"{SIGNS.get(predicate.op, predicate.op)}{told[0]}{spaced}"

    def _objects(self, predicate: Predicate) -> str:
        values = predicate.value if isinstance(predicate.value, tuple) else (predicate.value,)
        names = [value for value in values if isinstance(value, str)]
        return self.word("or_value").join(self._object(name) for name in names)

    def _object(self, name: str) -> str:
        for product in self.pack.products:
            if product.id == name:
                return product.label.of(self.locale)
        for term in self.pack.lexicon:
            if term.kind in ("object", "product") and term.canonical == name and not self.locale.startswith("en"):
                return term.term
        return self.word(f"kind.{name}") if name in get_args(ProductKind) else name

    def _value(self, value: Scalar | None, attribute: Attribute | None) -> str:
        for choice in attribute.choices if attribute else ():
            if str(choice.value) == str(value):
                return choice.label.of(self.locale)
        return self._plain(value)

    def _plain(self, value: object) -> str:
        if isinstance(value, tuple):
            return ", ".join(self._plain(item) for item in value)  # pyright: ignore[reportUnknownVariableType]
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)


_UNITS = frozenset({"岁", "元", "天", "次"})


def unit_words(unit: str, locale: str) -> str:
    """A unit of the pack as it stands behind a number; one that English has no word for is left out."""
    if not locale.startswith("en"):
        return unit
    return render(f"audiences.words.unit.{unit}", {}, "en") if unit in _UNITS else ""


def everyone() -> Rule:
    """The rule of all customers."""
    return Combination("all", ())
