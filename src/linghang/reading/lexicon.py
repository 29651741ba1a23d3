"""The words that reading knows: the general language from tables, the institution's own from its pack."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, cast

import ahocorasick
import yaml

from linghang.packs.model import Attribute, Pack
from linghang.reading.normalise import normalise

_NUMERIC = re.compile(r"-?\d+(?:\.\d+)?")
_UNITS = {"money": "yuan", "integer": "count", "number": "count"}
_PACK_UNITS = {"day": "day", "天": "day", "age": "age", "岁": "age", "pct": "pct", "%": "pct", "yuan": "yuan",
    "元": "yuan", "次": "times", "times": "times"}  # fmt: skip
# Words of one Han character say too little alone: they count only beside a mark of aspect or a negation.
_ASPECT_AFTER = frozenset("过了≥>=<≤")
_NEGATION_BEFORE = frozenset("没未不")


@dataclass(frozen=True)
class Lexicon:
    """All words of one institution. ``find`` yields ``(start, end, senses)`` for every word in a normalised text."""

    words: Mapping[str, Mapping[str, Any]]
    automaton: Any
    fields: frozenset[str]
    only_product: Mapping[str, Any] | None = None
    """The one product of an institution that has a single one."""

    def find(self, text: str) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
        """Every word of the lexicon in a text, overlapping ones included; Latin words only whole."""
        for last, word in self.automaton.iter(text):
            start, end = last - len(word) + 1, last + 1
            if _whole(text, start, end, word):
                yield start, end, self.words[word]


def _whole(text: str, start: int, end: int, word: str) -> bool:
    if word[0].isascii() and word[0].isalnum() and start and text[start - 1].isascii() and text[start - 1].isalpha():
        return False
    return not (
        word[-1].isascii()
        and word[-1].isalnum()
        and end < len(text)
        and text[end].isascii()
        and (text[end].isalpha() or (word[-1].isdigit() and text[end].isdigit()))
    )


def _table(name: str) -> Any:
    text = resources.files("linghang.reading").joinpath(f"lexicon/{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _typed(value: Any) -> Any:
    """BaseLoader gives strings only (so that ``no`` stays a word); numbers become numbers again."""
    if isinstance(value, list):
        return [_typed(item) for item in cast("list[Any]", value)]
    if isinstance(value, str) and _NUMERIC.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value


@functools.cache
def _tables() -> dict[str, Any]:
    return {
        name: _table(name) for name in ("general", "questions", "products", "fields", "states", "behaviours", "pages")
    }


class _Builder:
    """Collects senses of words; the first meaning of a word within a sense stays, the pack's overrides."""

    def __init__(self) -> None:
        self.words: dict[str, dict[str, Any]] = {}
        self.fields: set[str] = set()
        self.values: set[tuple[str, str]] = set()

    def new(self, words: Iterable[str]) -> list[str]:
        """The words that have no meaning yet: a pack adds vocabulary, it does not bend the general language."""
        return [word for word in words if normalise(str(word)).text.strip() not in self.words]

    def add(self, words: Iterable[str], sense: str, value: Any, *, override: bool = False) -> None:
        for word in words:
            key = normalise(str(word)).text.strip()
            if key:
                entry = self.words.setdefault(key, {})
                if override:
                    entry[sense] = value
                else:
                    entry.setdefault(sense, value)

    def unless_said(self, words: Iterable[str], tables: frozenset[str]) -> list[str]:
        """The words that no earlier attribute of the pack has taken; those of the tables may be bent."""
        keys = {word: normalise(str(word)).text.strip() for word in words}
        return [word for word, key in keys.items() if key in tables or key not in self.words]


def _general(build: _Builder) -> None:
    for table in ("general", "questions"):
        for sense, entries in _tables()[table].items():
            for entry in entries:
                if sense == "metric_stem":
                    _metric_words(build, entry)
                else:
                    build.add(entry["w"], sense, entry["v"])
    for entry in _tables()["products"]:
        value = {"kind": entry["v"], "detail": entry.get("d", ""), "object": entry.get("o", entry["v"])}
        build.add(entry["w"], "product", value)
    for entry in _tables()["pages"]:
        build.add(entry["w"], "page", entry["v"])


_RATES = ("率", "的比率", "率情况", "率水平")
_COUNTS = (
    "数",
    "量",
    "人数",
    "次数",
    "笔数",
    "户数",
    "用户数",
    "客户数",
    "数量",
    "总数",
    "总量",
    "的人数",
    "的数量",
    "的用户数",
    "uv",
    "人次",
)


def _metric_words(build: _Builder, stem: Mapping[str, Any]) -> None:
    """A stem with each of its endings: 点击率 is a rate, 点击量 and 点击人数 are counts."""
    for kind, endings in (("rate", _RATES), ("count", _COUNTS)):
        if kind in stem:
            words = [word + ending for word in stem["w"] for ending in endings]
            build.add([word for word in words if word not in build.words], "metric_word", stem[kind])


def _customers(build: _Builder) -> None:
    """Words for customers. All are read, also for fields that the institution lacks, so that it can be told so."""
    for entry in _tables()["fields"]:
        build.fields.add(entry["f"])
        build.add(entry["w"], "field", {"field": entry["f"], "unit": entry["u"]})
    for entry in _tables()["states"]:
        build.fields.add(entry["f"])
        build.values.add((entry["f"], entry.get("v", "") if isinstance(entry.get("v", ""), str) else ""))
        build.add(entry["w"], "state", _predicate(entry))
    for entry in _tables()["behaviours"]:
        build.fields.add(entry["e"])
        build.add(entry["w"], "act", {"event": entry["e"], "kind": entry["k"]})


def _predicate(entry: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"field": entry["f"], "op": entry["op"]}
    if "v" in entry:
        found["value"] = _typed(entry["v"])
    if entry.get("g"):
        found["negated"] = True
    if "neg" in entry:
        found["opposite"] = _predicate(entry["neg"])
    return found


def _pack_words(build: _Builder, pack: Pack) -> None:
    for product in pack.products:
        kind = "savings" if product.kind in ("mmf", "deposit") else product.kind
        value = {"kind": kind, "detail": product.label.zh, "object": product.id, "id": product.id}
        build.add(build.new((product.label.zh, product.label.en, *product.words)), "product", value)
    for channel in pack.channels:
        build.add(build.new((channel.label.zh, channel.label.en, *channel.words)), "channel", channel.id)
    for slot in pack.slots:
        build.add(build.new((slot.label.zh, slot.label.en, *slot.words)), "slot", [slot.id, slot.channel])
    for metric in pack.metrics:
        build.add(build.new((metric.label.zh, metric.label.en, *metric.words)), "metric_word", metric.name)
    known = set(build.fields)
    tables = frozenset(build.words)
    # A municipality is a city before it is a province.
    for attribute in sorted(pack.attributes, key=lambda item: item.name != "city"):
        _attribute_words(build, attribute, general=attribute.name in known, tables=tables)
    _own_meaning(build, _fields(pack))
    for term in pack.lexicon:
        if term.field and term.value is not None:
            value = list(term.value) if isinstance(term.value, tuple) else term.value
            build.add(build.new((term.term, *term.aliases)), "state", {"field": term.field, "op": "eq", "value": value})


def _own_meaning(build: _Builder, fields: frozenset[str]) -> None:
    """退休客户 are retired jobs where 退休 is one and no occupation is known: words of one entry stay together."""
    for entry in _tables()["states"]:
        if entry["f"] in fields:
            continue
        keys = [normalise(str(word)).text.strip() for word in entry["w"]]
        said = [
            build.words[key]["state"]
            for key in keys
            if build.words.get(key, {}).get("state", {}).get("field") in fields
        ]
        if said and all(claim == said[0] for claim in said):
            for key in keys:
                build.words.setdefault(key, {})["state"] = said[0]


def _attribute_words(build: _Builder, attribute: Attribute, *, general: bool, tables: frozenset[str]) -> None:
    """Words of an attribute. ``general`` ones are known to the tables already and only gain new words."""
    if attribute.usable_in and "audience" not in attribute.usable_in:
        return
    names = (attribute.label.zh, *attribute.words)
    # Fields of the general language keep its words: 没登录 is a negation and an act there, not a field.
    fresh = () if general else names
    if attribute.choices:
        # 按职业看, by job: what has values can split figures.
        build.add(names, "attribute", attribute.name)
        ordered = attribute.kind == "ordinal"
        if general and attribute.name != "segment":
            # Groups are named as the operator names them.
            _own_spelling(build, attribute)
        for choice in attribute.choices:
            if str(choice.value).lower() in ("other", "unknown", "其他"):
                continue
            words = [word for word in (choice.label.zh, choice.label.en, *choice.words) if len(word) > 1]
            if general and (attribute.name, str(choice.value)) in build.values:
                words = [word for word in words if len(word) > 2]
            claim = {
                "field": attribute.name,
                "op": "eq",
                "value": choice.value,
                **({"ordinal": True} if ordered else {}),
            }
            build.add(
                build.new(words) if general else build.unless_said(words, tables), "state", claim, override=not general
            )
        if (yes_no := _yes_no(attribute)) is not None:
            yes, no = yes_no
            claim = {
                "field": attribute.name,
                "op": "eq",
                "value": yes,
                "opposite": {"field": attribute.name, "op": "eq", "value": no},
            }
            build.add(names, "state", claim, override=True)
    elif attribute.kind == "bool" and not attribute.parameter:
        build.add(fresh, "state", {"field": attribute.name, "op": "exists"}, override=not general)
    elif attribute.kind in ("integer", "number", "money"):
        unit = _PACK_UNITS.get(attribute.unit or "", _UNITS[attribute.kind])
        build.add(fresh, "field", {"field": attribute.name, "unit": unit}, override=not general)


def _own_spelling(build: _Builder, attribute: Attribute) -> None:
    """Values that the institution spells otherwise take its spelling (程序员 are its engineers)."""
    own = {str(choice.value) for choice in attribute.choices}
    turned: dict[str, Any] = {}
    for choice in attribute.choices:
        for word in (choice.label.zh, choice.label.en, *choice.words):
            said = build.words.get(normalise(str(word)).text.strip(), {}).get("state", {})
            if said.get("field") == attribute.name and said["op"] == "eq" and str(said["value"]) not in own:
                turned.setdefault(str(said["value"]), choice.value)
    for senses in build.words.values():
        said = senses.get("state", {})
        if said.get("field") == attribute.name and str(said.get("value")) in turned:
            senses["state"] = {**said, "value": turned[str(said["value"])]}


def _yes_no(attribute: Attribute) -> tuple[str | int, str | int] | None:
    values = {str(choice.value).lower(): choice.value for choice in attribute.choices}
    return (values["yes"], values["no"]) if {"yes", "no"} <= values.keys() else None


def _fields(pack: Pack) -> frozenset[str]:
    """Every name that a condition may use: attributes, behaviours with their sums, and what is outside the table."""
    events = {name for e in pack.events for name in (e.name, e.amount_field, e.count_field, e.days_field) if name}
    return frozenset({attribute.name for attribute in pack.attributes} | events | {"touched", "in_campaign"})


@functools.lru_cache(maxsize=8)
def _built(key: tuple[str, str], pack_holder: "_Holder") -> Lexicon:
    pack = pack_holder.pack
    build = _Builder()
    _general(build)
    known = None if pack is None else _fields(pack)
    _customers(build)
    if pack is not None:
        _pack_words(build, pack)
    automaton = ahocorasick.Automaton()
    for word in build.words:
        automaton.add_word(word, word)
    automaton.make_automaton()
    _inner_products(build, automaton)
    only = None
    if pack is not None and len(pack.products) == 1:
        one = pack.products[0]
        only = {"kind": "savings" if one.kind in ("mmf", "deposit") else one.kind, "detail": one.label.zh}
    return Lexicon(build.words, automaton, known or frozenset(), only)


def _inner_products(build: _Builder, automaton: Any) -> None:
    """A state that names a product (开通白条) lends it to a brief that says no other."""
    for word, senses in build.words.items():
        if not senses.keys() & {"state", "field", "objective", "channel", "slot", "metric_word"} or "product" in senses:
            continue
        inside = [part for _, part in automaton.iter(word) if part != word and "product" in build.words[part]]
        if inside:
            senses["inner"] = build.words[max(inside, key=len)]["product"]


@dataclass(frozen=True)
class _Holder:
    """Carries a pack past the cache, which compares packs by id and digest alone."""

    pack: Pack | None

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)


def lexicon(pack: Pack | None) -> Lexicon:
    """The lexicon of a pack, built once for each digest."""
    key = ("", "") if pack is None else (pack.id, pack.digest)
    return _built(key, _Holder(pack))
