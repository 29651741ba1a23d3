"""Plain text with a map back: what a reader sees, one code point a position, and where each came from.

Full width, compatibility forms, entities, tags, zero width, Traditional characters and look-alike letters are undone
here because they never change the meaning. What needs a guess (pinyin, homophones, split characters) is in ``decoding``.
"""

import functools
import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from linghang.compliance.glyphs import lookalikes, simplified

_ENTITY = re.compile(
    r"[&＆](?:amp;){0,3}(?:[#＃]\d{1,8}|[#＃][xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31})[;；]?|%(?:[eE][0-9a-fA-F]%[0-9a-fA-F]{2}%[0-9a-fA-F]{2})|\\[uU](?:\{[0-9a-fA-F]{4,5}\}|[0-9a-fA-F]{4})"
)
_CODED = frozenset("&＆<%\\")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,300}>", re.S)
_BLOCK = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|th|h[1-6]|section|article|header|footer|table)\b", re.I)
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\ufeff\uffa0")
_LONGEST = 64
"""Digits, letters or equal characters in a row; what goes beyond is no part of any word or sum."""
_RUN = re.compile(rf"[0-9.,]{{{_LONGEST + 1},}}|[a-z]{{{_LONGEST + 1},}}|(.)\1{{{_LONGEST},}}", re.DOTALL)
_STRETCH = re.compile(r"[0-9.,]+|[a-z]+|(.)\1*", re.DOTALL)
_FIRST = re.compile(r"第1(?!\d)")


@dataclass(frozen=True)
class View:
    """A text as patterns see it. ``starts``/``ends`` are the original positions of each code point.

    ``hidden[i]`` is true where something was undone that a plain writer would not write (an entity, a zero-width
    character, a guess): only such a place makes an evasion.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    hidden: tuple[bool, ...]
    guess: bool = False
    """Whether something was read in another way than it is written."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a half-open piece of this text."""
        return (self.starts[start], self.ends[end - 1]) if end > start else (0, 0)

    def conceals(self, start: int, end: int) -> bool:
        """Whether something was undone inside the piece (its first position counts only if itself was changed)."""
        return any(self.hidden[start:end])


@functools.cache
def _fold(char: str) -> str:
    if char in _INVISIBLE or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return ""
    if char in lookalikes():
        return lookalikes()[char]
    if char in "\r\n\u2028\u2029\x0b\x0c":
        return "\n"
    wide = unicodedata.normalize("NFKC", char)
    bare = "".join(c for c in unicodedata.normalize("NFKD", wide) if not unicodedata.combining(c))
    plain = bare if bare.isascii() else wide
    return "".join(simplified(lookalikes().get(c, c)) for c in plain.lower())


def normalise(text: str) -> View:
    """The view of a text with everything undone that never changes the meaning."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    hidden: list[bool] = []
    pending = False
    for start, end, piece, odd in _pieces(text):
        folded = "".join(_fold(c) for c in piece)
        if not folded:
            pending = pending or bool(chars)
            continue
        for char in folded:
            chars.append(char)
            starts.append(start)
            ends.append(end)
            hidden.append(odd or pending)
        pending = False
    return _tidy(_bounded(View("".join(chars), tuple(starts), tuple(ends), tuple(hidden))))


def _bounded(view: View) -> View:
    """Without the rest of runs that no writer writes: a pattern that looks for figures or words would walk them again
    from each of their characters."""
    if not _RUN.search(view.text):
        return view
    keep = [place for match in _STRETCH.finditer(view.text) for place in range(match.start(), _least(match))]
    return View(
        "".join(view.text[n] for n in keep),
        tuple(view.starts[n] for n in keep),
        tuple(view.ends[n] for n in keep),
        tuple(view.hidden[n] for n in keep),
    )


def _least(match: re.Match[str]) -> int:
    return min(match.end(), match.start() + _LONGEST) if _RUN.fullmatch(match.group()) else match.end()


def _pieces(text: str) -> list[tuple[int, int, str, bool]]:
    if not _CODED.intersection(text):
        return [(i, i + 1, char, False) for i, char in enumerate(text)]
    pieces: list[tuple[int, int, str, bool]] = []
    at = 0
    while at < len(text):
        match = (_ENTITY.match(text, at) if text[at] in "&＆%\\" else None) or (
            _TAG.match(text, at) if text[at] == "<" else None
        )
        if match is None:
            pieces.append((at, at + 1, text[at], False))
            at += 1
            continue
        found = match.group()
        if found[0] != "<":
            said = _unescaped(found)
            pieces.append(
                (at, match.end(), said if len(said) <= 2 else found, said != found and said not in "&<>\"' \u00a0")
            )
        else:
            pieces.append((at, match.end(), "\n" if _BLOCK.match(found) else "\u200b", False))
        at = match.end()
    return pieces


def _unescaped(found: str) -> str:
    """What an escape stands for, however often the escape itself is escaped; itself where it stands for nothing."""
    if found[0] == "%":
        return unquote(found, errors="ignore") or found
    if found[0] == "\\":
        return chr(int(found[2:].strip("{}"), 16))
    plain = unicodedata.normalize("NFKC", found).replace("amp;", "")
    said = html.unescape(plain if plain.endswith(";") else plain + ";")
    return found if said.endswith(";") and len(said) > 2 else said


def _tidy(view: View) -> View:
    """Runs of blanks become one; a blank between a digit and a Chinese character goes (``近 1 年``)."""
    if "第1" in view.text:
        view = View(_FIRST.sub("第一", view.text), view.starts, view.ends, view.hidden)
    text = view.text
    if " " not in text and "\t" not in text:
        return view
    keep: list[int] = []
    for i, char in enumerate(text):
        if char in " \t":
            before = text[keep[-1]] if keep else "\n"
            after = text[i + 1] if i + 1 < len(text) else "\n"
            if before in " \n" or after in " \t\n" or (_wide(before) != _wide(after) and _figure(before, after)):
                continue
        keep.append(i)
    return pick(view, keep)


def _wide(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _figure(before: str, after: str) -> bool:
    return before.isdigit() or after.isdigit() or before in "%¥$" or after in "%¥$"


def pick(view: View, keep: list[int]) -> View:
    """The view with only the given positions; what follows a gap counts as hidden only if it already did."""
    return View(
        "".join(" " if view.text[i] == "\t" else view.text[i] for i in keep),
        tuple(view.starts[i] for i in keep),
        tuple(view.ends[i] for i in keep),
        tuple(view.hidden[i] for i in keep),
    )


def is_chinese(text: str) -> bool:
    """Whether a text is to be read as Chinese: a fifth or more of its letters are Chinese characters."""
    wide = sum(1 for char in text if "\u3400" <= char <= "\u9fff")
    latin = sum(1 for char in text if char.isascii() and char.isalpha())
    return wide * 4 >= latin and wide > 0
