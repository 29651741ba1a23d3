"""The fields of the catalogue as an editor of rules needs them: labels of choices, units, where sliders may stop."""

from collections.abc import Sequence
from typing import Any

from linghang.audiences.index.opened import Index
from linghang.audiences.layering import plain_number
from linghang.audiences.profiles import round_edges, sample
from linghang.audiences.vocabulary import Vocabulary, unit_words
from linghang.customers.catalogue import EVERYONE, Catalogue, Field
from linghang.customers.policies import values_of
from linghang.packs.model import Pack

_NUMERIC = ("integer", "money", "number")
_STOPS = 40
_WINDOWS = (1, 3, 7, 14, 30, 60, 90, 180, 365)


def described(
    pack: Pack, catalogue: Catalogue, index: Index, locale: str, names: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Every field that a rule may name; with ``names`` only those, with round values for their sliders.

    Round values are of the data: they need a look at the column, so nobody asks for all of them at once.
    """
    every = {**catalogue.behaviours, **catalogue.fields}
    words = Vocabulary(pack, catalogue, locale)
    chosen = [field for field in every.values() if field.usable and (not names or field.name in names)]
    return [_told(field, words, index, bool(names)) for field in chosen]


def _told(field: Field, words: Vocabulary, index: Index, closely: bool) -> dict[str, Any]:
    pack, locale = words.pack, words.locale
    window = field.source == "event"
    attribute = next((one for one in pack.attributes if one.name == field.name), None)
    unit = "元" if field.storage == "money" else attribute.unit if attribute is not None else ""
    stops = _stops(field, index) if closely and field.storage in _NUMERIC and field.name in index.columns else []
    return {
        "name": field.name,
        "label": field.label.of(locale),
        "kind": field.storage,
        "source": field.source,
        "values": list(field.values),
        "choices": _choices(field, words),
        "unit": (unit_words(unit, locale) if not locale.startswith("zh") else unit).strip(),
        "stops": list(_WINDOWS) if window and not stops else stops,
        "window": window,
        "counted": field.measure == "occurrence",
        "sensitive": attribute is not None and attribute.sensitive,
        "here": _here(field.source, field.name, index),
    }


def _stops(field: Field, index: Index) -> list[int | float]:
    """Round values between which about equally many customers lie: so a slider moves through people, not numbers."""
    scale = 100 if field.storage == "money" else 1

    def made() -> list[int | float]:
        return [plain_number(edge / scale) for edge in round_edges(sample(field, index, 20_000), _STOPS)]

    return index.remembered(("stops", field.name), made)


def _choices(field: Field, words: Vocabulary) -> list[dict[str, str]]:
    pack, locale = words.pack, words.locale
    if field.source == "event":
        kinds = sorted({one.kind for one in pack.products}) if field.objects else []
        return [{"value": name, "label": words.object(name)} for name in dict.fromkeys((*field.objects, *kinds))]
    if field.source == "policy":
        return [{"value": value, "label": label.of(locale)} for value, label in values_of(field.name, pack).items()]
    if field.source == "holding" and field.measure == "occurrence":
        return [{"value": one.id, "label": one.label.of(locale)} for one in pack.products]
    attribute = next((one for one in pack.attributes if one.name == field.name), None)
    labels = {str(one.value): one.label.of(locale) for one in attribute.choices} if attribute is not None else {}
    return [{"value": value, "label": labels.get(value, value)} for value in field.values if value != EVERYONE]


def _here(source: str, name: str, index: Index) -> bool:
    if source in ("event", "policy"):
        return True
    return name in index.columns if source == "column" else source == "holding" and "holding/now" in index.store
