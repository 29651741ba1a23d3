"""The copy bank: whole phrases, and templates whose <parts> are chosen among what fits the campaign.

A pack's phrases come before ours. A part never repeats a fact or a turn of words that the text has already.
"""

import functools
import itertools
import random
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import yaml

from linghang.base.digest import digest
from linghang.packs.model import Phrase

_PART = re.compile(r"<([a-z_]+)>")
_MANY = "fact"
"""The field with several values: each fact of the product, known as ``fact1``, ``fact2`` …"""
_CLAUSE = re.compile(r"[，。：；（）？！,.:;?!]")
_FIELD = re.compile(r"\{[a-z_0-9]+\}")
_HANZI = re.compile("[\u3400-\u9fff]{2}")
_ONCE = ("product", "benefit", "face", "threshold", "valid", "start", "end", "discount", "days", "minimum")
_TRIES = 6


@dataclass(frozen=True)
class Setting:
    """What a phrase must fit: language, kind, goal, offer and tone, the product's words, and the facts that are known.

    ``known`` are names of fields; values play no part, so that a setting serves many texts.
    """

    lang: str
    kind: str
    objective: str
    offer: str
    tone: str
    about: tuple[str, ...]
    known: frozenset[str]


def readings(
    phrase: Phrase, parts: Mapping[str, Sequence[Phrase]], known: frozenset[str], most: int, seed: str
) -> Iterator[Phrase]:
    """A phrase as it can be said: itself, or its template with at most ``most`` choices of parts and facts.

    The same seed chooses the same. A template that needs a part which nothing fits has no reading.
    """
    names = _PART.findall(phrase.text)
    many = "{" + _MANY + "}"
    facts = sorted(name for name in known if name.startswith(_MANY) and name[len(_MANY) :].isdigit())
    if not names and many not in phrase.text:
        yield phrase
        return
    choices: list[Sequence[str]] = [[part.text for part in parts.get(name, ())] for name in names]
    if not all(choices):
        return
    seen: set[str] = set()
    for chosen in _chosen(choices, most, f"{seed}:{phrase.text}"):
        given = iter(chosen)
        text = _PART.sub(lambda _, given=given: next(given), phrase.text)
        if _repeats(text):
            continue
        for said in [text.replace(many, "{" + fact + "}") for fact in facts] if many in text else [text]:
            fields = fields_of(said)
            if said not in seen and all(fields.count(name) < 2 for name in _ONCE) and set(fields) <= known:
                seen.add(said)
                yield replace(phrase, text=said)


def _chosen(choices: Sequence[Sequence[str]], most: int, seed: str) -> Iterator[tuple[str, ...]]:
    """All choices where they are few, else different ones drawn at random."""
    count = 1
    for options in choices:
        count *= len(options)
    if count <= most:
        yield from itertools.product(*choices)
        return
    stream = random.Random(digest(seed))
    drawn: set[tuple[str, ...]] = set()
    for _ in range(most * _TRIES):
        if len(drawn) == most:
            return
        one = tuple(stream.choice(options) for options in choices)
        if one not in drawn:
            drawn.add(one)
            yield one


def _repeats(text: str) -> bool:
    """Whether two clauses share a word. Names of fields are no words; neither are marks and Latin letters."""
    seen: set[str] = set()
    for clause in _CLAUSE.split(_FIELD.sub("·", text)):
        runs = {clause[i : i + 2] for i in range(len(clause) - 1) if _HANZI.fullmatch(clause[i : i + 2])}
        if runs & seen:
            return True
        seen |= runs
    return False


@functools.lru_cache(maxsize=4096)
def fields_of(text: str) -> tuple[str, ...]:
    """The {fields} of a text, in order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


@functools.lru_cache(maxsize=64)
def fitting(bank: tuple[Phrase, ...], setting: Setting) -> tuple[tuple[Phrase, ...], Mapping[str, tuple[Phrase, ...]]]:
    """The phrases of a bank that fit a setting, and the parts by name."""
    whole: list[Phrase] = []
    parts: dict[str, tuple[Phrase, ...]] = {}
    for phrase in bank:
        if not _fits(phrase, setting):
            continue
        if phrase.role == "part":
            parts[phrase.name] = (*parts.get(phrase.name, ()), phrase)
        else:
            whole.append(phrase)
    return tuple(whole), parts


def _fits(phrase: Phrase, setting: Setting) -> bool:
    if phrase.lang != setting.lang or (phrase.tones and setting.tone not in phrase.tones):
        return False
    for named, value in (
        (phrase.kinds, setting.kind),
        (phrase.objectives, setting.objective),
        (phrase.offers, setting.offer),
    ):
        if named and value not in named:
            return False
    if phrase.about and not set(phrase.about) & set(setting.about):
        return False
    if phrase.not_about and set(phrase.not_about) & set(setting.about):
        return False
    needed = {*phrase.needs, *fields_of(phrase.text)} - {_MANY}
    return needed <= setting.known


@functools.cache
def default_bank() -> tuple[Phrase, ...]:
    """Our own phrases, in Chinese and English: facts and nothing else, for institutions of every kind."""
    made: list[Phrase] = []
    for lang in ("zh", "en"):
        raw = yaml.load(
            resources.files("linghang.creatives").joinpath(f"bank_{lang}.yaml").read_text("utf-8"),
            Loader=yaml.CSafeLoader,
        )
        for group in raw:
            texts = group.pop("texts")
            shared: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in group.items()}
            made.extend(Phrase(text=text, lang=lang, **shared) for text in texts)
    return tuple(made)
