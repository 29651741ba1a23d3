"""Names of the catalogue in the words of a locale, and back; what could be taken for another is told apart."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

from linghang.base.messages import render
from linghang.base.predicates import Scalar
from linghang.customers.catalogue import Catalogue, Field
from linghang.customers.policies import LABELS, values_of
from linghang.packs.model import Attribute, Pack, ProductKind

_PLAIN = re.compile(r"[^\W\d_][\w%.+\-·]*")
"""Text that can stand in a sentence as it is; other text is written as a JSON string."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SLOTS: Mapping[str, str] = {
    "days": r"\d+", "within": r"\d+", "start": r"\d{4}-\d\d-\d\d", "end": r"\d{4}-\d\d-\d\d",
    "skip": r"[-\d.e]+", "salt": r'".*"',
}  # fmt: skip
"""What a slot of a text can be, where it is not anything."""
_UNITS = frozenset({"岁", "元", "天", "次"})


@dataclass(frozen=True)
class Vocabulary:
    """The words of a pack in a locale. ``audiences`` names saved audiences by their ids."""

    pack: Pack
    catalogue: Catalogue
    locale: str
    audiences: Mapping[str, str] = field(default_factory=dict)

    def word(self, code: str, **params: object) -> str:
        """A text of ``audiences.words``."""
        return render(f"audiences.words.{code}", params, self.locale, heard=True)

    def pattern(self, code: str, **known: str) -> re.Pattern[str]:
        """What matches the text of a code, with the named slots as groups and the known ones as they are."""
        slots: list[str] = []

        def slot(match: re.Match[str]) -> str:
            slots.append(match[1])
            return f"\0{len(slots) - 1}\0"

        marked = re.sub(r"\{(\w+)\}", slot, render(f"audiences.words.{code}", {}, self.locale))
        shape = re.escape(marked)
        for place, name in enumerate(slots):
            shape = shape.replace(
                f"\0{place}\0", re.escape(known[name]) if name in known else f"(?P<{name}>{_SLOTS.get(name, '.*')})"
            )
        return re.compile(shape, re.DOTALL)

    def field(self, found: Field) -> str:
        """The label of an attribute, or of the event that a behaviour counts."""
        label = found.label.of(self.locale)
        name = found.event or found.name
        return label if self._labels[label] == 1 else f"{label}〔{name}〕"

    @cached_property
    def _labels(self) -> Counter[str]:
        events = {one.event: one for one in self.catalogue.behaviours.values()}
        attributes = [one for one in self.catalogue.fields.values() if one.name not in events]
        return Counter(one.label.of(self.locale) for one in (*attributes, *events.values()))

    @cached_property
    def fields_by_label(self) -> Mapping[str, tuple[Field, ...]]:
        """Label → the fields that are called so, attributes and behaviours."""
        found: dict[str, tuple[Field, ...]] = {}
        for one in (*self.catalogue.fields.values(), *self.catalogue.behaviours.values()):
            label = self.field(one)
            if one not in found.get(label, ()):
                found[label] = (*found.get(label, ()), one)
        return found

    def object(self, name: str) -> str:
        """What behaviour is done to or what is held: a product, a kind, a term of the pack, or the name itself."""
        return self._objects.get(name) or self.quoted(name, self._by_object)

    def object_of(self, text: str) -> str | None:
        """The name that ``object`` gives this text."""
        return self._by_object.get(text) or self.unquoted(text)

    @cached_property
    def _objects(self) -> Mapping[str, str]:
        told: dict[str, str] = {}
        english = self.locale.startswith("en")
        for kind in get_args(ProductKind):
            told[kind] = self.word(f"kind.{kind}")
        for term in self.pack.lexicon:
            if term.kind in ("object", "product") and not english:
                told[term.canonical] = term.term
        told |= {name: label.of(self.locale) for name, label in self.pack.objects.items()}
        for one in (*self.pack.channels, *self.pack.slots):
            told.setdefault(one.id, one.label.of(self.locale))
        told |= {product.id: product.label.of(self.locale) for product in self.pack.products}
        often = Counter(told.values())
        return {name: label for name, label in told.items() if often[label] == 1 and _stands(label)}

    @cached_property
    def _by_object(self) -> Mapping[str, str]:
        return {label: name for name, label in self._objects.items()}

    def value(self, value: Scalar, found: Field) -> str:
        """A value of a field: the label of a choice, a number, or text."""
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        labels = self._choices(found)
        if str(value) in labels:
            return labels[str(value)]
        return self.quoted(value, labels.values()) if isinstance(value, str) else number(value)

    def value_of(self, text: str, found: Field) -> Scalar | None:
        """The value that ``value`` gives this text."""
        if found.storage == "bool":
            return {self.word("yes"): True, self.word("no"): False}.get(text)
        for value, label in self._choices(found).items():
            if label == text:
                attribute = self.attribute(found.name)
                choices = attribute.choices if attribute else ()
                return next((choice.value for choice in choices if str(choice.value) == value), value)
        if found.storage in ("integer", "money", "number"):
            return number_of(text)
        return text if found.storage == "date" and _DATE.fullmatch(text) else self.unquoted(text)

    def attribute(self, name: str) -> Attribute | None:
        """The pack's attribute of a name."""
        return next((one for one in self.pack.attributes if one.name == name), None)

    def unit(self, found: Field) -> str:
        """What follows a number of this field."""
        if found.source == "event":
            return self.word({"amount": "yuan", "days": "days"}.get(found.measure, "times"))
        attribute = self.attribute(found.name)
        unit = attribute.unit if attribute is not None else ""
        return unit_words(unit, self.locale)

    def _choices(self, found: Field) -> dict[str, str]:
        if found.name in LABELS:
            told = {value: label.of(self.locale) for value, label in values_of(found.name, self.pack).items()}
        else:
            attribute = self.attribute(found.name)
            choices = attribute.choices if attribute is not None else ()
            told = {str(choice.value): choice.label.of(self.locale) for choice in choices}
        often = Counter(told.values())
        return {value: label if often[label] == 1 else value for value, label in told.items()}

    def quoted(self, text: str, taken: Iterable[str] = ()) -> str:
        """Text that may stand as it is, or a JSON string where it could be taken for something else."""
        return text if _stands(text) and text not in taken else json.dumps(text, ensure_ascii=False)

    def unquoted(self, text: str) -> str | None:
        """The text that ``quoted`` wrote."""
        if not text.startswith('"'):
            return text if _stands(text) else None
        try:
            told = json.loads(text)
        except ValueError:
            return None
        return told if isinstance(told, str) else None


def _stands(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None or (" " in text and all(map(_PLAIN.fullmatch, text.split(" "))))


def number(value: float | int) -> str:
    """A number in the shortest way that gives it back."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else repr(value)


def number_of(text: str) -> int | float | None:
    """The number that ``number`` wrote."""
    try:
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return None


def unit_words(unit: str, locale: str) -> str:
    """A unit of the pack as it stands behind a number; one that English has no word for is left out."""
    if not locale.startswith("en"):
        return unit
    return render(f"audiences.words.unit.{unit}", {}, "en") if unit in _UNITS else ""
