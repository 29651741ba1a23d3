"""How a hidden word may stand in a text: plainly, by sound or shape, in letters, parts, pictures or masks; what convinces.

One reading of a word is a :class:`Step` that counts how its characters were read; ``convincing`` tells chance from intent.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from linghang.compliance.glyphs import names, pictures
from linghang.compliance.joining import GAP, HARD, between, wide
from linghang.compliance.vocabulary import (
    DIGITS,
    alike,
    common_words,
    core_words,
    near,
    real_words,
    shapes,
    splits,
    syllables,
    usual,
)

MASKS = frozenset("*×xX某○〇□■_")


class Step(NamedTuple):
    """Where a partial reading stands: next position, characters read, and how they were read."""

    at: int
    exact: int = 0
    sounds: int = 0
    looks: int = 0
    spelled: int = 0
    letters: int = 0
    masks: int = 0
    gaps: int = 0
    drawn: int = 0
    inserted: int = 0
    odd: int = 0


_STROKES = frozenset("乛丶丿乀亅乚")
_STRAY = 3
"""So many letters at most are slipped in between two characters of a word."""
LOOSE = 3
"""Words of so many characters may be guessed by sound and shape also where what is written makes words of its own."""


def stray(char: str) -> bool:
    """Whether a letter or a stroke may be slipped into a Chinese word (``保X本``, ``全の网``)."""
    return char in _STROKES or (char.isalpha() and not wide(char))


def read(
    text: str, word: str, place: int, step: Step, odd: list[bool], free: bool, *, wild: bool = False
) -> Iterator[Step]:
    """Every way in which ``word[place:]`` can be read from ``step.at`` on; by sound and shape only where ``free``, and where
    ``wild`` in longer words also at characters that are not odd."""
    if place == len(word):
        yield step
        return
    at, gaps = step.at, 0
    loose = wild and len(word) >= LOOSE
    while at < len(text):
        here = step if not gaps else step._replace(at=at, gaps=step.gaps + gaps)
        char = text[at]
        if char == word[place]:
            exact = here._replace(at=at + 1, exact=here.exact + 1)
            yield from read(text, word, place + 1, exact, odd, free, wild=wild)
        else:
            alone = loose and step.exact == place and text.startswith(word[place + 1 :], at + 1)
            for after in _readings(text, char, word[place], here, free and (odd[at] or alone), long=len(word) >= LOOSE):
                yield from read(text, word, place + 1, after, odd, free, wild=wild)
            if wild and len(word) > LOOSE and wide(char) and odd[at] and step.exact == place:
                anything = here._replace(at=at + 1, odd=1)
                yield from read(text, word, place + 1, anything, odd, False, wild=wild)
            if place and not gaps and stray(char) and step.exact == place:
                end = next((n for n in range(at + 1, at + 1 + _STRAY) if not stray(text[n : n + 1])), at)
                if end > at and text[end : end + 1] == word[place]:
                    slipped = step._replace(at=end, inserted=step.inserted + 1)
                    yield from read(text, word, place, slipped, odd, False, wild=wild)
        if not place or gaps == GAP or char in HARD or not between(char):
            return
        at, gaps = at + 1, gaps + 1


def _readings(text: str, char: str, meant: str, step: Step, free: bool, *, long: bool) -> Iterator[Step]:
    """The ways in which a character that is another may stand for the one that is meant."""
    at = step.at
    if wide(char):
        if free and usual(char) & near(meant):
            yield step._replace(at=at + 1, sounds=step.sounds + 1)
        elif free and (char in shapes(meant) or (long and char in alike(meant))):
            yield step._replace(at=at + 1, looks=step.looks + 1)
    elif char.isascii() and char.isalpha():
        yield from _spelled(text, char, meant, step)
    elif char in DIGITS:
        if DIGITS[char] == meant:
            yield step._replace(at=at + 1, spelled=step.spelled + 1)
        elif free and near(DIGITS[char]) & usual(meant):
            yield step._replace(at=at + 1, sounds=step.sounds + 1)
    if char in pictures() and meant in pictures()[char]:
        yield step._replace(at=at + 1, drawn=step.drawn + 1)
    elif free and any(usual(one) & usual(meant) for one in names().get(char, "")):
        yield step._replace(at=at + 1, sounds=step.sounds + 1)
    for way in splits(meant):
        if char == way[0] and text.startswith(way, at):
            yield step._replace(at=at + len(way), spelled=step.spelled + 1)
    if char in MASKS and step.exact and not step.gaps:
        yield step._replace(at=at + 1, masks=step.masks + 1)


_TONES = frozenset("12345")


def _spelled(text: str, char: str, meant: str, step: Step) -> Iterator[Step]:
    """A character by its pinyin, or only the first letter of it."""
    for reading in syllables(meant):
        if text.startswith(reading, step.at):
            end = step.at + len(reading)
            yield step._replace(at=end, spelled=step.spelled + 1)
            if text[end : end + 1] in _TONES and not text[end + 1 : end + 2].isdigit():
                yield step._replace(at=end + 1, spelled=step.spelled + 1)
    if any(reading[:1] == char for reading in syllables(meant)):
        yield step._replace(at=step.at + 1, letters=step.letters + 1)


_CONTACTS = frozenset({"微信", "加微信", "加微", "威信"})
_ACCOUNT = re.compile(r"号?[: ]?[a-z][a-z0-9_-]{3,}|号?[: ]?\d{6,}")
"""After words that all sound like 微信 an account shows what is meant."""
_RATE = re.compile(r"[ :]?\d{1,2}(?:\.\d+)?%")
"""Before a rate three initials are a word (``syl 8%``)."""


def convincing(word: str, step: Step, surface: str, after: str, *, bold: bool) -> bool:
    """Whether the reading is more than chance: enough of the word is plain for how the rest is disguised."""
    size = len(word)
    if bold:
        return (
            step.exact + step.sounds == size
            and not step.gaps
            and surface in common_words()
            and _same_sound(word, surface)
        )
    real = real_words()
    if surface in real or (
        step.sounds and any(_says_itself(surface[n : n + 2], word) for n in range(len(surface) - 1))
    ):
        return False
    plain = step.exact + step.drawn + step.spelled
    if step.odd or step.inserted:
        return step.exact == size - step.odd and (size > 2 or word in core_words())
    if step.looks:
        changed = step.looks + step.sounds
        return changed <= max(1, size // 2 if size > LOOSE else 1) and step.exact == size - changed and not step.gaps
    if step.masks:
        return size >= 3 and step.exact >= 2 and step.masks == 1 and not (step.sounds or step.letters)
    if step.letters and step.letters == size:
        return size > LOOSE or (size == LOOSE and word in core_words() and _RATE.match(after) is not None)
    if step.letters and step.letters + step.spelled == size == 2:
        return False
    if step.letters:
        return plain >= 1 and step.letters <= plain + step.sounds + (size > 2)
    if step.sounds and word[0] == "加" and surface[0] == "加" and size == 3:
        return step.sounds + step.exact + step.drawn == size
    if step.sounds and any(char in DIGITS for char in surface):
        return size >= 3 and step.sounds == 1 and step.exact == size - 1
    if step.sounds and not step.exact + step.spelled:
        return word in _CONTACTS and _ACCOUNT.match(after) is not None
    if step.sounds:
        return plain >= 1 and step.sounds <= max(1, size // 2) if size < 4 else step.sounds < size
    return True


def _says_itself(pair: str, word: str) -> bool:
    """Whether two characters of a reading are a real word that only sounds like the hidden one."""
    return pair in real_words() and pair in common_words() and pair not in word


def _same_sound(word: str, surface: str) -> bool:
    return all(usual(one) == usual(other) for one, other in zip(word, surface, strict=True))
