"""English evasions undone: spaced or punctuated letters, digits for letters, slips of the pen, words written backwards."""

import functools
import re
from collections.abc import Iterator

from rapidfuzz.distance import DamerauLevenshtein

from linghang.compliance.glyphs import evasion
from linghang.compliance.normalise import View
from linghang.compliance.patterns import lexicon

_LEET = str.maketrans(
    {
        "0": "o",
        "1": "i",
        "3": "e",
        "4": "a",
        "5": "s",
        "7": "t",
        "$": "s",
        "@": "a",
        "!": "i",
        "|": "l",
        "8": "b",
        "9": "g",
        "+": "t",
        "€": "e",
        "£": "l",
    }
)
_LEET_L = str.maketrans({"1": "l"})
_SPACED = re.compile(r"(?<![A-Za-z0-9])[a-z0-9$@!](?:[ .\-_*·•/|~]{1,2}[a-z0-9$@!]){3,}(?![A-Za-z0-9])")
_TOKEN = re.compile(r"[a-z0-9$@!|+€£](?:[a-z0-9$@!|+€£.*_\-·•~'/]*[a-z0-9$@|+€£])?")
_JUNK = re.compile(r"[.*_\-·•~'/]")


@functools.cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    raw = evasion()
    return frozenset(str(raw["words_en"]).split()), frozenset(str(raw["real_en"]).split())


@functools.cache
def _plain() -> frozenset[str]:
    """Words that hide nothing by themselves, but are known with digits for letters (``y0u c4nnot``)."""
    return frozenset(str(evasion()["leet_en"]).split())


def decoded_english(view: View) -> View | None:
    """The view with hidden sensitive words written out, or None where nothing is hidden."""
    edits = sorted({(start, end): word for start, end, word in _edits(view.text)}.items())
    if not edits:
        return view if any(view.hidden) else None
    chars: list[tuple[str, int, int, bool]] = []
    at = 0
    for (start, end), word in edits:
        if start < at:
            continue
        chars.extend((view.text[i], view.starts[i], view.ends[i], view.hidden[i]) for i in range(at, start))
        low, high = view.starts[start], view.ends[end - 1]
        chars.extend((char, low, high, True) for char in word)
        at = end
    chars.extend((view.text[i], view.starts[i], view.ends[i], view.hidden[i]) for i in range(at, len(view.text)))
    return View(
        "".join(c for c, _, _, _ in chars),
        tuple(s for _, s, _, _ in chars),
        tuple(e for _, _, e, _ in chars),
        tuple(h for _, _, _, h in chars),
    )


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _SPACED.finditer(text):
        yield from _spaced(match)
    for match in _TOKEN.finditer(text):
        word = _meant(match.group())
        if word is not None:
            yield match.start(), match.end(), word


def _spaced(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """A run of single letters: wide gaps part words (``g u a r a n t e e d  p r o f i t``), else the vocabulary does."""
    run = match.group()
    letters = [(at, char) for at, char in enumerate(run) if char.isalnum() or char in "$@!"]
    plain = "".join(char for _, char in letters).translate(_LEET)
    at = 0
    while at < len(plain):
        word = next(
            (plain[at : at + n] for n in range(min(16, len(plain) - at), 1, -1) if _known(plain[at : at + n])), None
        )
        if word is None:
            at += 1
            continue
        first, last = letters[at][0], letters[at + len(word) - 1][0]
        yield match.start() + first, match.start() + last + 1, _WITH_SIGNS.get(word, word)
        at += len(word)


_WITH_SIGNS = {"cant": "can't", "dont": "don't", "wont": "won't"}


def _known(word: str) -> bool:
    return word in _vocabulary()[0] or word in _WITH_SIGNS or word in _said()


@functools.cache
def _said() -> frozenset[str]:
    """The words of the rules' concepts."""
    words = {part for said in lexicon("en").words.values() for word in said for part in word.split()}
    return frozenset(word for word in words if word.isalpha() and len(word) > 2)


def _meant(token: str) -> str | None:
    """The sensitive word that a token disguises, or None."""
    words, real = _vocabulary()
    if token in words or token in real or len(token) < 2:
        return None
    if (said := token.translate(_LEET)) in _plain() and said != token:
        return said
    if len(token) < 3:
        return None
    bare = _JUNK.sub("", token)
    letters = sum(char.isalpha() for char in bare)
    for plain in dict.fromkeys((bare, bare.translate(_LEET_L).translate(_LEET), bare.translate(_LEET))):
        if (
            (plain in words or (plain in _said() and plain != bare))
            and letters * 2 >= len(plain)
            and (plain != token)
            and not _hyphenated(token, plain)
        ):
            return plain
        if plain in _WITH_SIGNS and plain != bare:
            return _WITH_SIGNS[plain]
    if bare.isalpha() and bare[::-1] in words and len(bare) > 3 and bare not in real:
        return bare[::-1]
    stretched = re.sub(r"(.)\1{2,}", r"\1", bare)
    if stretched != bare and stretched in words:
        return stretched
    if bare.isalpha() and len(bare) >= 6 and bare not in real:
        return _slip(bare, words)
    return None


def _hyphenated(token: str, plain: str) -> bool:
    """``risk-free`` is no disguise of ``riskfree``."""
    return "-" in token and token.replace("-", "") == plain and token.count("-") == 1


@functools.cache
def _slip(token: str, words: frozenset[str]) -> str | None:
    for word in sorted(words):
        alike = len(word) >= 7 and abs(len(word) - len(token)) <= 1 and word[0] == token[0]
        one_off = alike and DamerauLevenshtein.distance(word, token, score_cutoff=1) == 1
        if one_off and not _inflected(word, token):
            return word
    return None


def _inflected(word: str, token: str) -> bool:
    return token.rstrip("sd") == word.rstrip("sd")
