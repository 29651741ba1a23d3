"""Chinese evasions undone: separators, masks, split characters, pinyin, initials, homophones, pictures, reversal.

A guess is made only where a sensitive word of ``evasion.yaml`` comes out, so ordinary text stays as it is; what was
changed is marked hidden, and a finding counts only if it contains something hidden.
"""

import functools
import itertools
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ahocorasick

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are looked up: the phrases cost 0.3 s
from pypinyin.pinyin_dict import pinyin_dict

from linghang.compliance.glyphs import evasion, pictures, rules_folder, split_characters
from linghang.compliance.normalise import View

_SEPARATORS = frozenset(
    " ·•・.。*＊_-—~^|丨｜/\\+=#@'\"`,，、;:!?…()[]{}<>《》【】「」『』“”‘’※★☆◆◇■□▲△▼▽●→←↑↓√×✓♥❤✦✨♪"
)
_SOFT = frozenset(" ·•・.*_-—~^|丨｜/\\+=#@'`※★☆◆◇■□▲△▼▽●→←↑↓√♥❤✦✨♪()[]【】「」『』\"")
"""Signs that may stand inside a hidden word; stops and commas only where they separate single characters."""
_MASKS = frozenset("*×xX某○〇□■_?")
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
_HINT = re.compile(r"(?:倒|反|逆|从后往前|从右往左)(?:着|过来|向|序)?(?:读|念|看|着)|逆着来")


@functools.cache
def syllables(char: str) -> frozenset[str]:
    """The toneless readings of a character (``行`` → xing, hang, heng)."""
    told = pinyin_dict.get(ord(char), "").split(",")
    toned = [one for one in told if not one.isascii()] or told
    return frozenset(_bare(one) for one in toned if one)


@functools.cache
def _usual(char: str) -> frozenset[str]:
    """The usual reading of a character, blurred: a rare one (``的`` as di) is no homophone to a reader."""
    told = pinyin_dict.get(ord(char), "")
    return frozenset([_blur(_bare(told.split(",")[0]))]) if told else frozenset()


@functools.cache
def common_words() -> frozenset[str]:
    """Common words of two characters (derived from jieba's dictionary, MIT licence)."""
    text = (rules_folder() / "words.txt").read_text("utf-8")
    return frozenset(line[at : at + 2] for line in text.splitlines() for at in range(0, len(line), 2))


def _bare(syllable: str) -> str:
    plain = syllable.translate(_TONES)
    return "".join(char for char in plain if char.isascii() and char.isalpha())


@functools.cache
def _near(char: str) -> frozenset[str]:
    """Readings blurred as ears blur them: zh/z, ch/c, sh/s, ing/in, eng/en, ang/an, n/l."""
    return frozenset(_blur(one) for one in syllables(char))


@functools.cache
def _blur(syllable: str) -> str:
    short = re.sub(r"^([zcs])h", r"\1", syllable)
    return re.sub(r"(i|e|a)ng$", r"\1n", short)


@dataclass(frozen=True)
class _Step:
    """Where a partial reading stands: next position, characters read, and how they were read."""

    at: int
    exact: int = 0
    sounds: int = 0
    spelled: int = 0
    letters: int = 0
    masks: int = 0
    gaps: int = 0
    drawn: int = 0


@functools.cache
def _words() -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]], frozenset[str]]:
    """The sensitive words, an index from first characters, blurred first sounds and initials to them, and real words
    that merely sound like one."""
    raw = evasion()
    words = tuple(dict.fromkeys(str(raw["words"]).split()))
    index: dict[str, list[str]] = {}
    for word in words:
        keys = {word[0], *_near(word[0]), *(f"{one[0]}'" for one in syllables(word[0]))}
        if word[0].isascii():
            keys = {f"{word[0]}'"}
        for key in keys:
            index.setdefault(key, []).append(word)
    return words, {key: tuple(value) for key, value in index.items()}, frozenset(str(raw["real"]).split())


def decoded(view: View) -> View | None:
    """The view with every hidden sensitive word written out, or None where nothing is hidden."""
    text = _joined(view)
    changed = text is not view
    reversed_view = _reversed(text)
    changed = changed or reversed_view is not text
    written = _written(reversed_view)
    changed = changed or written is not reversed_view
    if changed or any(view.hidden):
        return written
    return None


def _joined(view: View) -> View:
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
    kept = [n for n, _ in enumerate(chars) if not _separates(chars, n)]
    if len(kept) < len(chars):
        changed = True
        gaps = {n for before, n in itertools.pairwise(kept) if n > before + 1}
        chars = [(*chars[n][:3], chars[n][3] or n in gaps) for n in kept]
    return _view(chars) if changed else view


def _merges(text: str, at: int, length: int) -> bool:
    """Parts that no ordinary word begins with merge; pairs of ordinary characters only after none of them fits."""
    return at + length <= len(text) and text[at : at + length] in split_characters()


def _separates(chars: list[tuple[str, int, int, bool]], n: int) -> bool:
    """Whether the sign at ``n`` stands between single Chinese characters as part of a run of such."""
    sign = chars[n][0]
    if sign not in _SEPARATORS and not _is_picture(sign):
        return False
    if not (0 < n < len(chars) - 1):
        return False
    if not (_wide(chars[n - 1][0]) and _wide(chars[n + 1][0])):
        return False

    def alike(m: int) -> bool:
        return 0 <= m < len(chars) and (chars[m][0] == sign or (_is_picture(sign) and _is_picture(chars[m][0])))

    return alike(n - 2) or alike(n + 2)


def _is_picture(char: str) -> bool:
    return char in pictures() or "\u2600" <= char <= "\u27bf" or "\U0001f000" <= char <= "\U0001faff"


def _wide(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _view(chars: list[tuple[str, int, int, bool]]) -> View:
    return View(
        "".join(c for c, _, _, _ in chars),
        tuple(s for _, s, _, _ in chars),
        tuple(e for _, _, e, _ in chars),
        tuple(h for _, _, _, h in chars),
    )


def _reversed(view: View) -> View:
    """Clauses written backwards turned round: where the text says so, or a sensitive word stands there backwards."""
    hinted = _HINT.search(view.text) is not None
    if not hinted and not _backwards(view.text):
        return view
    words, _, real = _words()
    chars: list[tuple[str, int, int, bool]] = []
    changed = False
    for match in re.finditer(r"[^,。;!?\n()]+|[,。;!?\n()]", view.text):
        piece = match.group()
        backwards = piece[::-1]
        turned = len(piece) > 2 and any(
            word in backwards and word not in piece and (hinted or len(word) > 2) and word[::-1] not in real
            for word in words
        )
        places = range(match.start(), match.end())
        if turned and not _HINT.search(piece):
            changed = True
            # Each character keeps its place; a span of the turned clause runs from its least to its greatest place.
            low, high = view.starts[match.start()], view.ends[match.end() - 1]
            chars.extend((view.text[i], low, high, True) for i in reversed(places))
        else:
            chars.extend((view.text[i], view.starts[i], view.ends[i], view.hidden[i]) for i in places)
    return _view(chars) if changed else view


def _backwards(text: str) -> bool:
    """Whether some sensitive word stands backwards in a text."""
    return next(_mirror().iter(text), None) is not None


@functools.cache
def _mirror() -> Any:
    automaton = ahocorasick.Automaton()
    for word in _words()[0]:
        if len(word) > 2:
            automaton.add_word(word[::-1], word)
    automaton.make_automaton()
    return automaton


def _written(view: View) -> View:
    """Pinyin, initials, homophones, masks and pictures inside sensitive words written out."""
    text = view.text
    chars: list[tuple[str, int, int, bool]] = []
    at = 0
    changed = False
    while at < len(text):
        best = _best(text, at)
        if best is None:
            chars.append((text[at], view.starts[at], view.ends[at], view.hidden[at]))
            at += 1
            continue
        word, end = best
        low, high = view.starts[at], view.ends[end - 1]
        if end - at == len(word):
            chars.extend((c, view.starts[at + i], view.ends[at + i], True) for i, c in enumerate(word))
        else:
            chars.extend((c, low, high, True) for c in word)
        changed = True
        at = end
    return _view(chars) if changed else view


def _best(text: str, at: int) -> tuple[str, int] | None:
    """The longest sensitive word that can be read at a position other than plainly, and where it ends."""
    _, index, real = _words()
    best: tuple[str, int] | None = None
    for word in _candidates(text, at, index):
        if text.startswith(word, at) or (best is not None and len(word) <= len(best[0])):
            continue
        for step in _read(text, word, 0, _Step(at)):
            if not _cuts_a_word(text, step.at) and _convincing(word, step, text[at : step.at], real):
                best = (word, step.at)
                break
    return best


_RUN = re.compile(r"[a-z]+")


def _cuts_a_word(text: str, end: int) -> bool:
    """Whether a reading ends one or two letters before a Latin word does: the word then means itself (``bank``)."""
    if end >= len(text) or not (text[end - 1].isascii() and text[end - 1].isalpha()):
        return False
    rest = _RUN.match(text, end)
    return rest is not None and len(rest.group()) <= 2


def _candidates(text: str, at: int, index: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    char = text[at]
    if _wide(char):
        seen: set[str] = set()
        for key in (char, *sorted(_usual(char))):
            for word in index.get(key, ()):
                if word not in seen:
                    seen.add(word)
                    yield word
    elif char.isascii() and char.isalpha():
        if at and text[at - 1].isascii() and text[at - 1].isalpha():
            return
        yield from index.get(f"{char}'", ())
    elif char == "0":
        yield from index.get("零", ())
    elif char in pictures():
        for meant in pictures()[char]:
            yield from index.get(meant, ())
    elif char in _MASKS:
        return


def _read(text: str, word: str, place: int, step: _Step) -> Iterator[_Step]:
    """Every way in which ``word[place:]`` can be read from ``step.at`` on."""
    if place == len(word):
        yield step
        return
    if step.at >= len(text):
        return
    char, meant = text[step.at], word[place]
    for after in _readings(text, char, meant, step):
        yield from _read(text, word, place + 1, after)
    if place and (char in _SOFT or _is_picture(char)) and step.gaps < 3:
        yield from _read(text, word, place, _Step(**{**step.__dict__, "at": step.at + 1, "gaps": step.gaps + 1}))


def _readings(text: str, char: str, meant: str, step: _Step) -> Iterator[_Step]:
    def go(length: int, **more: int) -> _Step:
        told = {**step.__dict__, "at": step.at + length}
        for key, value in more.items():
            told[key] += value
        return _Step(**told)

    if char == meant or (char == "0" and meant == "零"):
        yield go(1, exact=1)
    elif _wide(char):
        if _usual(char) & _near(meant) and not _in_a_word(text, step.at):
            yield go(1, sounds=1)
    elif char.isascii() and char.isalpha():
        for reading in sorted(syllables(meant), key=len, reverse=True):
            if text.startswith(reading, step.at):
                yield go(len(reading), spelled=1)
        if any(reading[0] == char for reading in syllables(meant)):
            yield go(1, letters=1)
    elif char in pictures() and meant in pictures()[char]:
        yield go(1, drawn=1)
    if char in _MASKS and step.exact:
        yield go(1, masks=1)


def _in_a_word(text: str, at: int) -> bool:
    """Whether the character at a position makes a common word with a neighbour: then it means what it says."""
    return text[max(0, at - 1) : at + 1] in common_words() or text[at : at + 2] in common_words()


def _convincing(word: str, step: _Step, surface: str, real: frozenset[str]) -> bool:
    """Whether the reading is more than chance: enough of the word is plain for how the rest is disguised."""
    size = len(word)
    if surface in real or any(one in surface for one in real if len(one) >= 2 and one not in word and step.sounds):
        return False
    plain = step.exact + step.drawn + step.spelled
    if step.masks:
        return size >= 3 and step.exact >= 2 and step.masks == 1 and not (step.sounds or step.letters)
    if step.letters and step.letters == size:
        return size >= 4
    if step.letters:
        return plain >= 1 and step.letters <= plain + step.sounds + (size > 2)
    if step.spelled and step.spelled + step.exact == size:
        return True
    if step.sounds and word[0] == "加" and surface[0] == "加" and size == 3:
        return step.sounds + step.exact + step.drawn == size
    if step.sounds:
        return (
            (step.exact + step.spelled + step.drawn >= 1 and step.sounds <= max(1, size // 2))
            if size < 4
            else step.sounds < size
        )
    return bool(step.gaps or step.drawn or step.exact == size)
