"""The pattern language of the rules: regular expressions with concepts and gaps, compiled only when they may match.

``<loss>`` is any word of the concept *loss* (or a form such as ``<pct>``), ``…`` a short gap inside a clause, ``……`` a
gap inside a sentence; ``A ~ B`` is both in either order in a clause, ``A ~~ B`` in a sentence. In English a concept is bounded by words and a gap counts words. A pattern needs what stands in it
outside brackets and unrepeated; ``Lexicon.scan`` finds what a text has with one automaton, so of a thousand patterns a
handful is tried.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import ahocorasick
import yaml

from linghang.base.errors import PackError
from linghang.compliance.glyphs import rules_folder
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
_QUANTIFIER = re.compile(r"[?*]|\{0")


@dataclass(frozen=True)
class Pattern:
    """A compiled source. ``needs`` are concepts (``<name>``) or literals without which it cannot match."""

    source: str
    regex: str
    needs: tuple[str, ...]

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
                _syntax(source)
            except re.error as error:
                raise PackError("compliance.bad_pattern", pattern=source, reason=str(error)) from error
            self._known[source] = Pattern(source, regex, self._needs(source))
        return self._known[source]

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

    def _needs(self, source: str) -> tuple[str, ...]:
        for sign, _ in _PAIRS:
            if sign in source:
                return tuple(need for part in source.split(sign, 1) for need in self._needs(part))
        needs: list[str] = []
        literal = ""
        depth = at = 0
        while at < len(source):
            char = source[at]
            macro = _MACRO.match(source, at)
            if depth == 0 and char == "|":
                return ()
            optional = _QUANTIFIER.match(source, (macro.end() if macro else at + 1)) is not None
            if macro is not None:
                if depth == 0 and not optional and macro.group(1) in self.words:
                    needs.append(f"<{macro.group(1)}>")
                at = macro.end()
            elif char == "\\":
                at += 2
            else:
                at += 1
            if depth == 0 and macro is None and not optional and (char.isalnum() and not char.isascii()):
                literal += char
            else:
                needs.extend([literal] if literal else [])
                literal = ""
            depth += (char in "([") - (char in ")]") if macro is None and char != "\\" else 0
        needs.extend([literal] if literal else [])
        return tuple(dict.fromkeys(needs))


def candidates(pattern: Pattern, text: str, concepts: frozenset[str]) -> bool:
    """Whether everything that the pattern needs is in the text."""
    return all(need[1:-1] in concepts if need[0] == "<" else need in text for need in pattern.needs)


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


def _syntax(source: str) -> None:
    """Raises re.error where the source itself, with concepts and gaps as single characters, is no regular expression."""
    re.compile(_MACRO.sub("x", source.replace("……", "x").replace("…", "x")))
