"""The pattern language of the rules: regular expressions with concepts and gaps, compiled only when they may match.

``<loss>`` is any word of the concept *loss* (or a form such as ``<pct>``), ``…`` a short gap inside a clause, ``……`` a
gap inside a sentence; ``A ~ B`` is both in either order in a clause, ``A ~~ B`` in a sentence. In English a concept is bounded
by words and a gap counts words. Of a thousand patterns a handful is tried: those that pass the ``sieve``.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import ahocorasick
import yaml

from linghang.base.errors import PackError
from linghang.compliance.glyphs import rules_folder
from linghang.compliance.sieve import Sieve, factors, written
from linghang.packs.yamlfiles import parse

_GAPS = {
    "zh": ("(?:[^。!?;,\\n]{0,6}?)", "(?:[^。!?;\\n]{0,16}?)"),
    "en": (
        "(?:(?:[^\\w.!?;\\n]|(?<=\\d)\\.(?=\\d))+[\\w'$£€%.]*\\w){0,3}?[^\\w.!?;\\n]+",
        "(?:(?:[^\\w.!?;\\n]|(?<=\\d)\\.(?=\\d))+[\\w'$£€%.]*\\w){0,8}?[^\\w.!?;\\n]+",
    ),
}
_PAIRS = ((" ~~ ", "[^。!?;\\n]{0,12}?"), (" ~ ", "[^。!?;,\\n]{0,8}?"))
_MACRO = re.compile(r"<([a-z_0-9]+)>")


@dataclass(frozen=True)
class Pattern:
    """A compiled source. ``bit`` is its place in the sieve of its lexicon."""

    source: str
    regex: str
    bit: int

    @functools.cached_property
    def compiled(self) -> re.Pattern[str]:
        """The regular expression, made on first use."""
        return re.compile(self.regex)


class Lexicon:
    """The concepts of a language: their words in one automaton, and the forms (numbers, rates, times)."""

    def __init__(self, lang: str, words: Mapping[str, tuple[str, ...]], forms: Mapping[str, str]) -> None:
        self.lang = lang
        self.words = words
        self.forms = forms
        self._known: dict[str, Pattern] = {}
        self._sieve = Sieve()
        self._bits: dict[tuple[str, ...], int] = {}
        self._marks: dict[str, str] = {}
        self._written: dict[str, tuple[frozenset[str] | None, list[frozenset[str]]]] = {_GAP: (None, [])}
        self._automaton = ahocorasick.Automaton()
        owners: dict[str, set[str]] = {}
        for name, said in words.items():
            for word in said:
                owners.setdefault(word, set()).add(name)
        for word, names in owners.items():
            self._automaton.add_word(word, tuple(sorted(names)))
        self._automaton.make_automaton()

    def scan(self, text: str) -> frozenset[str]:
        """The names of the concepts of which a word stands in the (normalised) text."""
        found: set[str] = set()
        for _, names in self._automaton.iter(text):
            found.update(names)
        return frozenset(found)

    def pattern(self, source: str) -> Pattern:
        """The pattern of a source; equal sources share one. Raises PackError for a wrong one."""
        if source not in self._known:
            regex = self._expand(source)
            try:
                told = self._factors(source)
            except re.error as error:
                raise PackError("compliance.bad_pattern", pattern=source, reason=str(error)) from error
            self._known[source] = Pattern(source, regex, self._sieve.add(told))
        return self._known[source]

    def may(self, pattern: Pattern, text: str) -> bool:
        """Whether a pattern may match a text: what it cannot do without is there."""
        return bool(self._sieve.passing(text) & pattern.bit)

    def any_of(self, sources: tuple[str, ...], text: str) -> bool:
        """Whether one of the patterns may match a text."""
        if sources not in self._bits:
            self._bits[sources] = sum({self.pattern(source).bit for source in sources})
        return bool(self._sieve.passing(text) & self._bits[sources])

    def _factors(self, source: str) -> list[frozenset[str]]:
        for sign, _ in _PAIRS:
            if sign in source:
                return [one for part in source.split(sign, 1) for one in self._factors(part)]
        return factors(self._marked(source), self._written)

    def _expand(self, source: str) -> str:
        for sign, gap in _PAIRS:
            if sign in source:
                one, other = (self._expand(part) for part in source.split(sign, 1))
                return f"(?:{one}){gap}(?:{other})|(?:{other}){gap}(?:{one})"
        short, wide = _GAPS[self.lang]
        text = source.replace("……", "\0").replace("…", "\1")
        text = _MACRO.sub(self._concept, text)
        if self.lang == "en":
            text = re.sub(r" *([\0\1]) *", r"\1", text)
        return text.replace("\0", wide).replace("\1", short)

    def _concept(self, match: re.Match[str]) -> str:
        name = match.group(1)
        if name in self.forms:
            return f"(?:{self.forms[name]})"
        if name not in self.words:
            raise PackError("compliance.unknown_concept", name=name, pattern=match.string)
        words = sorted(self.words[name], key=lambda word: (-len(word), word))
        body = "|".join(
            re.escape(word).replace(r"\ ", "[ -]") if self.lang == "en" else re.escape(word) for word in words
        )
        return rf"\b(?:{body})\b" if self.lang == "en" else f"(?:{body})"

    def _marked(self, source: str) -> str:
        """The source with a character for each concept, form and gap: short enough to be parsed for each pattern."""
        text = source.replace("……", _GAP).replace("…", _GAP)
        text = re.sub(f" *{_GAP} *", _GAP, text) if self.lang == "en" else text
        return _MACRO.sub(lambda match: self._mark(match.group(1), source), text)

    def _mark(self, name: str, source: str) -> str:
        if name not in self._marks:
            if name not in self.words and name not in self.forms:
                raise PackError("compliance.unknown_concept", name=name, pattern=source)
            mark = self._marks[name] = chr(_FIRST_MARK + len(self._marks))
            told = written(self.forms[name], {}) if name in self.forms else (frozenset(self.words[name]), [])
            self._written[mark] = told if self.lang == "zh" else (None, [_first_words(told[0])] if told[0] else told[1])
        return self._marks[name]


def _first_words(said: frozenset[str]) -> frozenset[str]:
    """What stands before the first blank of each: blanks may be hyphens."""
    return frozenset(re.split("[ -]", one)[0] for one in said)


_GAP, _FIRST_MARK = "\uf8ff", 0xF0000


@functools.cache
def lexicon(lang: str) -> Lexicon:
    """The shipped lexicon of ``zh`` or ``en``."""
    raw = read_shipped(f"concepts_{lang}.yaml")
    words = {str(name): _words(said, lang) for name, said in raw["words"].items()}
    forms = {str(name): str(form) for name, form in raw["forms"].items()}
    known: dict[str, str] = {}
    for name, form in forms.items():
        known[name] = _MACRO.sub(lambda m: f"(?:{known[m.group(1)]})", form)
    return Lexicon(lang, words, known)


def _words(said: object, lang: str) -> tuple[str, ...]:
    text = " ".join(map(str, said)) if isinstance(said, list) and lang == "zh" else said
    if isinstance(text, list):
        return tuple(str(word) for word in text)
    cut = str(text).split("|") if lang == "en" else str(text).split()
    return tuple(word.strip() for word in cut if word.strip())


def read_shipped(name: str) -> dict[str, dict[str, object]]:
    """A shipped file of rule data as plain values. Raises PackError for what is not YAML."""
    try:
        return parse((rules_folder() / name).read_text("utf-8"))
    except yaml.YAMLError as error:
        raise PackError("compliance.not_yaml", file=name, reason=str(error)) from error
