"""Answers in words: names of columns and values, and numbers as people read them, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from linghang.analysis.asked import Study
from linghang.analysis.cuts import attribute_of
from linghang.analysis.model import Answer, Column, Scalar
from linghang.base.messages import catalogue, render
from linghang.packs.model import Pack


def number(value: Scalar, unit: str) -> str:
    """A number as people read it: shares in percent, fen in yuan."""
    if value is None:
        return "—"
    if isinstance(value, str | bool):
        return str(value)
    if unit == "share":
        return f"{value * 100:.2f}%"
    if unit == "fen":
        return f"{value / 100:,.2f}".removesuffix(".00")
    if unit in ("ratio", "days"):
        return f"{value:,.2f}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def heading(column: Column, pack: Pack, locale: str) -> str:
    """The name of a column."""
    metric = next((item for item in pack.metrics if item.name == column.name), None)
    if metric is not None:
        return metric.label.of(locale)
    if f"analysis.column.{column.name}" in catalogue():
        return render(f"analysis.column.{column.name}", {}, locale)
    attribute = attribute_of(column.name, pack)
    return attribute.label.of(locale) if attribute is not None else column.name


def value_name(dimension: str, value: Scalar, pack: Pack, studies: Sequence[Study], locale: str) -> str:
    """The name of a value of a dimension, as the pack, the campaigns or the catalogue of words know it."""
    text = str(value)
    if text in ("?", ""):
        return render("analysis.value.unknown" if text else "analysis.value.all", {}, locale)
    known: Mapping[str, str] = _names(dimension, pack, studies, locale)
    if text in known:
        return known[text]
    if f"analysis.value.{text}" in catalogue():
        return render(f"analysis.value.{text}", {}, locale)
    if "–" in text:
        return _span(text, locale)
    return text


def _names(dimension: str, pack: Pack, studies: Sequence[Study], locale: str) -> dict[str, str]:
    if dimension == "campaign":
        return {study.id: study.name for study in studies}
    if dimension in ("channel", "slot", "product"):
        groups: Mapping[str, Sequence[Any]] = {"channel": pack.channels, "slot": pack.slots, "product": pack.products}
        return {item.id: item.label.of(locale) for item in groups[dimension]}
    attribute = attribute_of(dimension, pack)
    return {str(choice.value): choice.label.of(locale) for choice in attribute.choices} if attribute else {}


def _span(text: str, locale: str) -> str:
    low, _, high = text.partition("–")
    if not low:
        return render("analysis.value.below", {"high": _amount(high, locale)}, locale)
    if not high:
        return render("analysis.value.from", {"low": _amount(low, locale)}, locale)
    return f"{_amount(low, locale)}–{_amount(high, locale)}"


def _amount(text: str, locale: str) -> str:
    value = float(text)
    if not locale.startswith("en") and value >= 10_000:
        return f"{value / 10_000:g}万"
    return f"{value:,.0f}"


def sentence(answer: Answer, pack: Pack, studies: Sequence[Study], locale: str) -> str:
    """The answer's sentence: its code with cells of the table in words."""
    metric_unit = next((column.unit for column in answer.table.columns if column.kind == "figure"), "count")
    dimensions = [column.name for column in answer.table.columns if column.kind == "dimension"]
    told: dict[str, str] = {}
    for name, value in answer.params.items():
        if name == "metric":
            told[name] = heading(Column(str(value), "figure"), pack, locale)
        elif name == "split":
            told[name] = heading(Column(str(value), "dimension"), pack, locale)
        elif isinstance(value, str):
            where = str(answer.params.get("split", dimensions[0] if dimensions else ""))
            told[name] = value_name(where, value, pack, studies, locale)
        else:
            told[name] = number(value, answer.units.get(name, metric_unit))
    return render(answer.sentence, told, locale)
