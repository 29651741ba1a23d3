"""Which texts an asset must carry, which wordings satisfy them, and the standard words for each."""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linghang.base.errors import UnknownItemError
from linghang.compliance.context import Facts
from linghang.compliance.loading import load_rules
from linghang.compliance.matching import found
from linghang.compliance.model import Material, MaterialType
from linghang.compliance.normalise import View
from linghang.compliance.patterns import Lexicon, lexicon, read_shipped


@dataclass(frozen=True)
class Demand:
    """One occasion on which a disclosure is required, and the wordings that satisfy it there.

    Empty tuples mean every product, channel and so on. ``when`` are patterns of which one must stand in the text,
    ``rules`` ids of which one must have been broken, ``facts`` context facts with the value that asks for it.
    """

    jurisdictions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    materials: tuple[str, ...] = ("promotion",)
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    not_rules: tuple[str, ...] = ()
    facts: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Disclosure:
    """A code of the table: its occasions, what satisfies it, which facts satisfy it, the rule it serves, its words."""

    code: str
    demands: tuple[Demand, ...]
    accept: tuple[str, ...]
    satisfied_by: tuple[str, ...]
    rule: Mapping[str, str]
    zh: str
    en: str
    place: str = "end"

    def rule_for(self, material: Material) -> str:
        """The id of the rule that asks for it, by product or jurisdiction."""
        return self.rule.get(material.product) or self.rule.get(material.jurisdiction) or self.rule.get("*", "")


@dataclass(frozen=True)
class Lack:
    """A disclosure that an asset needs and does not carry, and the words that ask for it where words do."""

    disclosure: Disclosure
    span: tuple[int, int] = (0, 0)

    @property
    def code(self) -> str:
        """The code of the disclosure."""
        return self.disclosure.code

    def rule_for(self, material: Material) -> str:
        """The id of the rule that asks for it."""
        return self.disclosure.rule_for(material)


@functools.cache
def disclosures() -> tuple[Disclosure, ...]:
    """All codes, in the table's order."""
    return tuple(_disclosure(code, raw) for code, raw in read_shipped("disclosures.yaml").items())


def _disclosure(code: str, raw: Mapping[str, object]) -> Disclosure:
    rule = raw["rule"]
    demands = raw.get("required", [])
    return Disclosure(
        code=code,
        demands=tuple(_demand(entry) for entry in (demands if isinstance(demands, list) else [])),
        accept=_texts(raw.get("accept")),
        satisfied_by=_texts(raw.get("satisfied_by")),
        rule={str(k): str(v) for k, v in rule.items()} if isinstance(rule, Mapping) else {"*": str(rule)},
        zh=str(raw.get("zh", "")),
        en=str(raw.get("en", "")),
        place=str(raw.get("place", "end")),
    )


def _demand(raw: Mapping[str, object]) -> Demand:
    facts = raw.get("facts")
    lists = {key: _texts(raw[key]) for key in raw.keys() - {"facts"}}
    return Demand(**lists, facts=dict(facts) if isinstance(facts, Mapping) else None)


def _texts(raw: object) -> tuple[str, ...]:
    if raw is None:
        return ()
    return tuple(str(item) for item in raw) if isinstance(raw, list) else (str(raw),)


def missing(
    views: Sequence[View], material: Material, kind: MaterialType, broken: Iterable[str], facts: Facts, lang: str, *,
    beside: Iterable[str] = (),
) -> tuple[Lack, ...]:  # fmt: skip
    """The disclosures that this asset needs and does not carry in any view of its text.

    ``broken`` are the ids of the rules that its words break, ``beside`` of those which the same words break besides: these
    ask for nothing, but an unlawful offer (a private fund in public) is not mended by a disclosure.
    """
    words = lexicon(lang)
    view = views[-1]
    ids, either = frozenset(broken), frozenset((*broken, *beside))
    shown = [_with_label(one, facts) for one in views]
    absent: list[Lack] = []
    for disclosure in disclosures():
        asked = [
            place
            for demand in disclosure.demands
            if (place := _asked(demand, view, material, kind, ids, either, facts, words)) is not None
        ]
        if asked and not any(_satisfied(disclosure, one, facts, words) for one in shown):
            absent.append(Lack(disclosure, max(asked, key=lambda place: place[1] - place[0])))
    return tuple(absent)


def _asked(
    demand: Demand, view: View, material: Material, kind: MaterialType, ids: frozenset[str], either: frozenset[str],
    facts: Facts, words: Lexicon,
) -> tuple[int, int] | None:  # fmt: skip
    """The original words on whose account a demand holds, (0, 0) where it is the whole asset; None where it does not."""
    if not _scoped(demand, material.product, material.channel, kind, material.jurisdiction):
        return None
    if either & set(demand.not_rules):
        return None
    if any(found(source, view, words) for source in demand.unless):
        return None
    for source in demand.when:
        pattern = words.pattern(source)
        if words.may(pattern, view.text) and (match := pattern.compiled.search(view.text)):
            return view.span(*match.span())
    told = not demand.when and not demand.rules and demand.facts is None
    by_rule = bool(ids & set(demand.rules))
    by_fact = any(facts.flag(name) == wanted for name, wanted in (demand.facts or {}).items())
    return (0, 0) if told or by_rule or by_fact else None


def _scoped(demand: Demand, product: str, channel: str, kind: str, jurisdiction: str) -> bool:
    return (
        (not demand.jurisdictions or jurisdiction in demand.jurisdictions)
        and (not demand.products or product in demand.products)
        and (not demand.channels or channel in demand.channels)
        and (not demand.materials or kind in demand.materials)
    )


def _with_label(view: View, facts: Facts) -> View:
    """The text with the label that the place itself shows (a media's 广告 mark), which facts tell."""
    label = facts.words("label", "ad_label", "ai_label")
    if not label:
        return view
    end = len(view.text)
    fill = len(label) + 1
    return View(
        f"{view.text}\n{label}",
        (*view.starts, *[end] * fill),
        (*view.ends, *[end] * fill),
        (*view.hidden, *[False] * fill),
    )


def _satisfied(disclosure: Disclosure, view: View, facts: Facts, words: Lexicon) -> bool:
    if any(facts.flag(name) for name in disclosure.satisfied_by if name in facts):
        return True
    # Our own English sentence is enough everywhere: the patterns of a Chinese duty know only Chinese.
    sentence = disclosure.en.split("{")[0].strip().lower()
    if sentence and disclosure.en.isascii() and "{" not in disclosure.en and sentence in view.text.lower():
        return True
    return any(found(source, view, words) for source in disclosure.accept)


def required_disclosures(
    product_kind: str, channel: str, material_type: MaterialType = "promotion", jurisdiction: str = "CN",
    launch_date: dt.date | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """The codes of the disclosures that any such asset must carry, in the table's order.

    Those that depend on the words (a past performance, a prize) are not in it: the checker asks for them. On a launch
    date on which the rule behind a code is not yet in force, the code is not asked for.
    """
    alive = {rule.id for rule in load_rules(jurisdiction, launch_date)}
    material = Material("", product_kind, channel, jurisdiction=jurisdiction)
    return tuple(
        item.code
        for item in disclosures()
        if item.rule_for(material) in alive and any(_always(demand, material, material_type) for demand in item.demands)
    )


def _always(demand: Demand, material: Material, kind: str) -> bool:
    scoped = _scoped(demand, material.product, material.channel, kind, material.jurisdiction)
    return scoped and not demand.when and not demand.rules and demand.facts is None


def wording(code: str, lang: str) -> str:
    """The standard words of a code as a template with ``{provider}``, ``{risk}``, ``{apr}`` … to fill."""
    for item in disclosures():
        if item.code == code:
            return item.en if lang == "en" else item.zh
    raise UnknownItemError("compliance.unknown_disclosure", disclosure=code)


def disclosure_text(code: str, lang: str = "zh", facts: Mapping[str, str] | None = None) -> str:
    """The standard words of a code, with the offer's facts filled in; the checker accepts them.

    A fact that is not given keeps a neutral wording of the template's own (``{provider|合作机构}``); one that the words
    cannot do without (``{apr?利率区间}``) stays open as 〔利率区间〕, which no check accepts. Raises UnknownItemError for a
    code that is not in the table.
    """
    return filled(code, lang, facts or {})[0]


def filled(code: str, lang: str, facts: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The standard words of a code with facts filled in, and the names of facts that they lack."""
    lacking: list[str] = []

    def fill(match: re.Match[str]) -> str:
        name, mark, other = match.group(1), match.group(2), match.group(3) or ""
        if facts.get(name):
            return facts[name]
        if mark == "?":
            lacking.append(name)
            return f"〔{other}〕"
        return other

    return re.sub(r"\{(\w+)(?:([|?])([^{}]*))?\}", fill, wording(code, lang)), tuple(lacking)


def accepts(code: str, view: View, lang: str) -> bool:
    """Whether a text carries a wording which satisfies a code."""
    words = lexicon(lang)
    return any(_satisfied(item, view, Facts({}), words) for item in disclosures() if item.code == code)
