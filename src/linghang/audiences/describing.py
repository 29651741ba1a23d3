"""The fields of the catalogue as an editor of rules needs them: labels of choices, units, where sliders may stop."""

from typing import Any

from linghang.audiences.index.opened import Index
from linghang.audiences.layering import plain_number
from linghang.audiences.profiles import round_edges, sample
from linghang.audiences.vocabulary import unit_words
from linghang.customers.catalogue import EVERYONE, Catalogue, Field
from linghang.customers.policies import values_of
from linghang.packs.model import Pack

_NUMERIC = ("integer", "money", "number")
_STOPS = 40
_WINDOWS = (1, 3, 7, 14, 30, 60, 90, 180, 365)


def described(pack: Pack, catalogue: Catalogue, index: Index, locale: str) -> list[dict[str, Any]]:
    """Every field that a rule may name."""
    every = {**catalogue.behaviours, **catalogue.fields}
    return [_told(field, pack, index, locale) for field in every.values() if field.usable]


def _told(field: Field, pack: Pack, index: Index, locale: str) -> dict[str, Any]:
    window = field.source == "event"
    attribute = next((one for one in pack.attributes if one.name == field.name), None)
    unit = "元" if field.storage == "money" else attribute.unit if attribute is not None else ""
    stops = _stops(field, index) if field.storage in _NUMERIC and field.name in index.columns else []
    return {
        "name": field.name,
        "label": field.label.of(locale),
        "kind": field.storage,
        "source": field.source,
        "values": list(field.values),
        "choices": _choices(field, pack, locale),
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


def _choices(field: Field, pack: Pack, locale: str) -> list[dict[str, str]]:
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
