"""Chinese characters that signs keep apart brought together, parts merged, figures read as letters, clauses turned round."""

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

import ahocorasick

from linghang.compliance.glyphs import pictures, split_characters
from linghang.compliance.normalise import View
from linghang.compliance.vocabulary import core_words, hidden_pairs, hidden_words, real_words, word_pairs

_SIGNS = frozenset(
    " ·•・.。*_-—~^|丨｜/\\+=#@'\"`,、;:!?…()[]{}<>《》【】「」『』〔〕“”‘’※★☆◆◇■□▲△▼▽●→←↑↓√×✓♥❤✦✨♪&$%§¤‧∙⋅°﹒"
)
"""Signs that may stand between the characters of a hidden word."""
HARD = frozenset(",。;:!?、%\n")
"""Signs that end something: they hide a word only where nothing else on either side of them makes one."""
_HINT = re.compile(r"(?:倒|反|逆|从后往前|从右往左)(?:着|过来|向|序)?(?:读|念|看|着)|逆着来")
_BEADS = re.compile(
    r"(?:[\u4e00-\u9fff]|(?<!\d)\d{1,4})(?P<sign>[-_.*·•~|/\\+=^ #\u2600-\u27bf\U0001f000-\U0001faff]{1,2})"
    r"(?:[\u4e00-\u9fff]|\d{1,4})(?:(?P=sign)(?:[\u4e00-\u9fff]|\d{1,4}|[a-z%]))+"
)
_LEAST_BEADS = 3
"""So many single Chinese characters on one string are a disguise."""
GAP = 4
"""So many signs at most between two characters of a hidden word."""


def joined(view: View) -> View:
    """Split characters merged; single characters that one sign keeps apart brought together."""
    text = view.text
    chars: list[tuple[str, int, int, bool]] = []
    at = 0
    changed = False
    parts = split_characters()
    while at < len(text):
        merged = next((n for n in (4, 3, 2) if text[at : at + n] in parts and _merges(text, at, n)), 0)
        if merged:
            chars.append((parts[text[at : at + merged]], view.starts[at], view.ends[at + merged - 1], True))
            at += merged
            changed = True
            continue
        chars.append((text[at], view.starts[at], view.ends[at], view.hidden[at]))
        at += 1
    said = "".join(char for char, *_ in chars)
    beaded = _beads(said) | _strung(said)
    kept = [n for n, _ in enumerate(chars) if n not in beaded and not _separates(chars, n)]
    if len(kept) < len(chars):
        changed = True
        gaps = {n for before, n in itertools.pairwise(kept) if n > before + 1}
        chars = [(*chars[n][:3], chars[n][3] or n in gaps) for n in kept]
    return view_of(chars) if changed else view


def _beads(text: str) -> frozenset[int]:
    """The places of equal signs between single characters and figures (``目-标-收-益-12-%``)."""
    places: set[int] = set()
    for run in _BEADS.finditer(text):
        if sum(map(wide, run.group())) >= _LEAST_BEADS:
            places.update(at for at in range(*run.span()) if text[at] in run.group("sign"))
    return frozenset(places)


_STRING = re.compile(r"[\u4e00-\u9fff](?:[^\w\n]{1,2}[\u4e00-\u9fff](?![\u4e00-\u9fff])){2,}")
_LEAST_STRUNG = 3
"""A hidden word of so many characters that stand alone between signs, whatever signs, is a disguise."""


def _strung(text: str) -> frozenset[int]:
    """The places of signs between single characters that are a hidden word together (``零,风•险``)."""
    places: set[int] = set()
    for run in _STRING.finditer(text):
        own = [at for at in range(*run.span()) if wide(text[at])]
        word = "".join(text[at] for at in own)
        for low in range(len(own) - _LEAST_STRUNG + 1):
            for high in range(len(own), low + _LEAST_STRUNG - 1, -1):
                if word[low:high] in _words():
                    places.update(at for at in range(own[low], own[high - 1]) if not wide(text[at]))
    return frozenset(places)


@functools.cache
def _words() -> frozenset[str]:
    return frozenset(hidden_words())


def _merges(text: str, at: int, length: int) -> bool:
    """Parts that no ordinary word begins with merge; pairs of ordinary characters only after none of them fits."""
    return at + length <= len(text) and text[at : at + length] in split_characters()


def _separates(chars: list[tuple[str, int, int, bool]], n: int) -> bool:
    """Whether the sign at ``n`` is one of a few between two Chinese characters, one of which such signs cut off on its
    other side too: a run of single characters. Stops and commas must all be the same sign."""
    if not between(chars[n][0]):
        return False
    low = high = n
    # A longer run separates nothing: it is not walked to its ends.
    while low and n - low < GAP and between(chars[low - 1][0]):
        low -= 1
    while high + 1 < len(chars) and high - low < GAP and between(chars[high + 1][0]):
        high += 1
    if high - low >= GAP or not (low and high + 1 < len(chars)):
        return False
    if not (wide(chars[low - 1][0]) and wide(chars[high + 1][0])):
        return False
    run = "".join(char for char, *_ in chars[low : high + 1])
    if _parts_a_word(chars, low, high, run):
        return True
    if run in _QUOTES and _quotes_one(chars, low):
        return False
    return _cut_off(chars, low - 2, -1, run) or _cut_off(chars, high + 2, 1, run)


_OPENS, _CLOSES = "“", "”"
_QUOTES = frozenset((_OPENS, _CLOSES))


def _quotes_one(chars: list[tuple[str, int, int, bool]], at: int) -> bool:
    """Whether a quotation mark is one of a pair around a single character (``回复“课”字``): they set it off, they hide nothing."""
    first = at if chars[at][0] == _OPENS else at - 2
    return first >= 0 and [char for char, *_ in chars[first : first + 3 : 2]] == [_OPENS, _CLOSES]


def _parts_a_word(chars: list[tuple[str, int, int, bool]], low: int, high: int, run: str) -> bool:
    """Whether a run of signs stands inside a word (``银❤行``; a stop only inside one that is hidden: ``稳、赚``), neither
    side of which is of another word."""
    before, after = chars[low - 1][0], chars[high + 1][0]
    hard = any(sign in HARD for sign in run)
    if f"{before}{after}" not in (hidden_pairs() if hard else word_pairs()) or (hard and low < high):
        return False
    left = chars[low - 2][0] + before if low > 1 else ""
    right = after + chars[high + 2][0] if high + 2 < len(chars) else ""
    return left not in word_pairs() and right not in word_pairs()


def _cut_off(chars: list[tuple[str, int, int, bool]], at: int, step: int, run: str) -> bool:
    """Whether signs like those of a run stand at a position, and beyond them another Chinese character."""
    signs: list[str] = []
    while 0 <= at < len(chars) and len(signs) < GAP and between(chars[at][0]):
        signs.append(chars[at][0])
        at += step
    if not signs or not (0 <= at < len(chars) and wide(chars[at][0])):
        return False
    hard = [sign for sign in (*signs, *run) if sign in HARD]
    return not hard or (len(set(signs)) == 1 and set(signs) == set(run))


def between(char: str) -> bool:
    return char in _SIGNS or is_picture(char)


def is_picture(char: str) -> bool:
    return char in pictures() or "\u2600" <= char <= "\u27bf" or "\U0001f000" <= char <= "\U0001faff"


def wide(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def view_of(chars: list[tuple[str, int, int, bool]]) -> View:
    return View(
        "".join(c for c, _, _, _ in chars),
        tuple(s for _, s, _, _ in chars),
        tuple(e for _, _, e, _ in chars),
        tuple(h for _, _, _, h in chars),
        guess=True,
    )


def unreversed(view: View) -> View:
    """Clauses written backwards turned round: where the text says so, or a sensitive word stands there backwards."""
    hinted = _HINT.search(view.text) is not None
    if not hinted and not _backwards(view.text):
        return view
    chars: list[tuple[str, int, int, bool]] = []
    changed = False
    for match in _turnable(view.text, hinted=hinted):
        piece = match.group()
        backwards = piece[::-1]
        turned = len(piece) > 2 and any(
            word in backwards and word not in piece and word[::-1] not in real_words()
            for word in _turned(piece, hinted=hinted)
        )
        places = range(match.start(), match.end())
        if turned and not _HINT.search(piece):
            changed = True
            # Each character keeps its place; a span of the turned clause runs from its least to its greatest place.
            low, high = view.starts[match.start()], view.ends[match.end() - 1]
            chars.extend((view.text[i], low, high, True) for i in reversed(places))
        else:
            chars.extend((view.text[i], view.starts[i], view.ends[i], view.hidden[i]) for i in places)
    return view_of(chars) if changed else view


_CLAUSE = re.compile(r"[^,。;!?\n()—]+|[,。;!?\n()—]")
_WORDING = re.compile(r"[^,。;!?\n():\s]+|[,。;!?\n():\s]")


def _turnable(text: str, *, hinted: bool) -> Iterator[re.Match[str]]:
    """The pieces that may be written backwards: clauses where the text says so, else what stands between any signs."""
    return (_CLAUSE if hinted else _WORDING).finditer(text)


def _backwards(text: str) -> bool:
    """Whether some sensitive word stands backwards in a text."""
    return next(_mirror().iter(text), None) is not None


@functools.cache
def _mirror() -> Any:
    automaton = ahocorasick.Automaton()
    for word in hidden_words():
        if len(word) > 2 and word[::-1] != word:
            automaton.add_word(word[::-1], word)
    automaton.make_automaton()
    return automaton


def _turned(piece: str, *, hinted: bool) -> Iterator[str]:
    """The words that stand backwards in a piece, short ones only where the text says so."""
    yield from (word for _, word in _mirror().iter(piece))
    if hinted:
        yield from (word for word in core_words() if word[::-1] in piece)


_LEET = str.maketrans("0@$", "oas")
_IN_LETTERS = re.compile(r"(?<=[a-z])[0@$](?=[a-z](?![a-z0-9]*\.[a-z]))")
_IN_FIGURES = re.compile(r"(?<=\d)o{1,6}(?=[%元万])")


_SPELT = re.compile(r"(?<![a-z0-9])[a-z](?:[ .·\-_*][a-z]){2,5}(?![a-z0-9])")


def _drawn_together(view: View) -> View:
    """Three letters or more that one sign each keeps apart brought together (``u s d t``)."""
    runs = list(_SPELT.finditer(view.text))
    if not runs or not any(map(wide, view.text)):
        return view
    gone = {at for run in runs for at in range(*run.span()) if not view.text[at].isalpha()}
    kept = [n for n in range(len(view.text)) if n not in gone]
    return view_of([(view.text[n], view.starts[n], view.ends[n], view.hidden[n] or n - 1 in gone) for n in kept])


def lettered(view: View) -> View:
    """Figures and signs between letters read as letters (``b@o``, ``T0P1``), letters between figures as figures (``1OO%``)."""
    view = _drawn_together(view)
    text = _IN_LETTERS.sub(lambda sign: sign.group().translate(_LEET), view.text)
    text = _IN_FIGURES.sub(lambda sign: "0" * len(sign.group()), text)
    if text == view.text:
        return view
    hidden = tuple(was or old != new for was, old, new in zip(view.hidden, view.text, text, strict=True))
    return View(text, view.starts, view.ends, hidden, guess=True)


_STUCK = re.compile(r"(?<=[\u4e00-\u9fff])(?:[*_~^=+#|\\/•★☆◆■●♥$&§]{1,3}| {1,3})(?=[\u4e00-\u9fff])")
_STRETCH = re.compile(r"[^,。;!?:、\n]+")


def unstuck(view: View) -> View | None:
    """The view without the one sign that stands in a clause between two Chinese characters; several are a list."""
    gone = {
        at
        for clause in _STRETCH.finditer(view.text)
        if len(signs := list(_STUCK.finditer(view.text, *clause.span()))) == 1
        for at in range(*signs[0].span())
    }
    if not gone:
        return None
    kept = [n for n in range(len(view.text)) if n not in gone]
    chars = [
        (view.text[n], view.starts[n], view.ends[n], view.hidden[n] or n - 1 in gone or n + 1 in gone) for n in kept
    ]
    return view_of(chars)
