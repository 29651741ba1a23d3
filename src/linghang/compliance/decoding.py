"""Chinese evasions undone: separators, masks, split characters, pinyin, initials, homophones, pictures, reversal.

A guess is made only where a word that evaders hide comes out (``vocabulary``) and only at something odd: a character that makes no
word with its neighbours, a letter, a sign or a picture inside a word. What was changed is marked hidden, and a finding
counts only if it contains something hidden. ``decoded`` guesses by sound and shape only at the words that are hidden most;
``guessed`` at every word of the rules: it says what may be meant, and only a rule's pattern can confirm it.
"""

import functools
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from linghang.compliance.glyphs import names, pictures
from linghang.compliance.joining import (
    GAP,
    HARD,
    between,
    is_picture,
    joined,
    lettered,
    unreversed,
    unstuck,
    view_of,
    wide,
)
from linghang.compliance.normalise import View
from linghang.compliance.vocabulary import (
    DIGITS,
    common_words,
    core_words,
    in_a_word,
    index,
    near,
    plain_words,
    real_words,
    shapes,
    split_ways,
    splits,
    stands_alone,
    syllables,
    usual,
)

_MASKS = frozenset("*×xX某○〇□■_")
_LONGEST = 40
"""So far a hidden word may reach, signs and letters included."""


class _Step(NamedTuple):
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


_ALTERNATIVES = 4
"""So many words are tried where several sound like what is written."""


def decoded(view: View) -> View | None:
    """The view with every hidden word written out, or None where nothing is hidden."""
    plain = lettered(view)
    drawn = _once(plain, bold=False, wild=False)[0] if any(map(is_picture, plain.text)) else plain
    written = _written(unreversed(joined(drawn)))
    return written if written is not view or any(view.hidden) else None


def guesses(view: View) -> Iterator[View]:
    """Views with every odd character read as the word of a rule that it sounds or looks like, one for each alternative."""
    plain = unreversed(joined(lettered(view)))
    earlier: set[str] = {view.text}
    for choice in range(_ALTERNATIVES):
        guess = _once(plain, bold=False, wild=True, choice=choice)[0]
        if guess.text in earlier:
            return
        earlier.add(guess.text)
        yield guess
    whole = unstuck(plain)
    if whole is not None:
        yield whole


def _written(view: View) -> View:
    """Pinyin, initials, homophones, masks and pictures inside hidden words written out.

    Where a word was hidden by its sound, others may be too: then real words that sound like one are read again.
    """
    first, heard = _once(view, bold=False, wild=False)
    return _once(first, bold=True, wild=False)[0] if heard else first


def _once(view: View, *, bold: bool, wild: bool, choice: int = 0) -> tuple[View, bool]:
    """One pass, by the ``choice``-th reading where there are several; whether a word was found by its sound."""
    text = view.text
    odd = _odd(text, bold=bold)
    if not any(odd):
        return view, False
    last = list(itertools.accumulate(range(len(text)), lambda before, n: n if odd[n] else before, initial=-1))[1:]
    chars: list[tuple[str, int, int, bool]] = []
    at = 0
    changed = heard = False
    while at < len(text):
        reach = min(len(text), at + _LONGEST) - 1
        told = _best(text, at, odd, bold=bold, wild=wild) if last[reach] >= at else []
        if not told:
            chars.append((text[at], view.starts[at], view.ends[at], view.hidden[at]))
            at += 1
            continue
        word, step = told[min(choice, len(told) - 1)]
        end = step.at
        low, high = view.starts[at], view.ends[end - 1]
        if end - at == len(word):
            chars.extend(
                (c, view.starts[at + i], view.ends[at + i], view.hidden[at + i] or c != text[at + i])
                for i, c in enumerate(word)
            )
        else:
            chars.extend((c, low, high, True) for c in word)
        changed, heard = True, heard or step.sounds > 0
        at = end
    return (view_of(chars), heard) if changed else (view, False)


def _odd(text: str, *, bold: bool) -> list[bool]:
    """The positions at which something may be disguised."""
    size = len(text)
    if not any(wide(char) for char in text):
        return _syllabic(text)

    def strange(at: int) -> bool:
        char = text[at]
        if wide(char):
            return (bold or not in_a_word(text, at)) and not stands_alone(char)
        if char.isascii() and char.isalpha():
            return True
        if char in DIGITS:
            return not (text[at - 1 : at].isdigit() or text[at + 1 : at + 2].isdigit() or text[at + 1 : at + 2] == ".")
        return (between(char) or char in _MASKS) and 0 < at < size - 1 and char != "\n"

    odd = [strange(at) for at in range(size)]
    for address in _ADDRESS.finditer(text):
        odd[address.start() : address.end()] = [False] * len(address.group())
    return odd


_ADDRESS = re.compile(
    r"(?:https?://|www\.)?[a-z0-9_%+@-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|io|gov|edu|app|info)(?![a-z])(?:[/?#][\w./?=&#%-]*)?"
)
"""Addresses mean themselves."""


def _syllabic(text: str) -> list[bool]:
    """In a text of Latin letters only, the places of two words or more that are written as syllables (``bao ben``)."""
    odd = [False] * len(text)
    for match in _SYLLABLES.finditer(text):
        if _spelt().intersection(re.split(r"[ -]", match.group())):
            odd[match.start() : match.end()] = [True] * len(match.group())
    return odd


_SYLLABLES = re.compile(r"(?<![a-z])[a-z]{2,6}[ -][a-z]{2,6}(?:[ -][a-z]{2,6}){0,4}(?![a-z])")


@functools.cache
def _spelt() -> frozenset[str]:
    """The syllables of the words that are hidden most."""
    return frozenset(one for word in core_words() for char in word for one in syllables(char))


def _best(text: str, at: int, odd: list[bool], *, bold: bool, wild: bool) -> list[tuple[str, _Step]]:
    """The longest hidden words that can be read at a position other than plainly, with the reading of each."""
    best: list[tuple[str, _Step]] = []
    core = core_words()
    for word in _candidates(text, at, odd, core_only=bold, wild=wild):
        least = len(best[0][0]) if best else 0
        if len(word) < least or (len(word) == least and not wild) or text.startswith(word, at):
            continue
        for step in _read(text, word, 0, _Step(at), odd, wild or word in core):
            surface = text[at : step.at]
            after = text[step.at : step.at + _LONGEST]
            if _cuts_a_word(text, at, step.at) or not _convincing(word, step, surface, after, bold=bold):
                continue
            if word in core or _plain_enough(word, step, surface, wild=wild):
                best = [*best, (word, step)] if len(word) == least else [(word, step)]
                break
    return best


def _plain_enough(word: str, step: _Step, surface: str, *, wild: bool) -> bool:
    """Whether a word that is hidden seldom may be read so: by its letters, parts or pictures, by sound or shape only where
    anything may be guessed."""
    if plain_words(word):
        return step.letters + step.sounds + step.looks == 0 and _RUN.search(surface) is not None
    if step.sounds or step.looks:
        denies = len(word) == 2 and word[0] in _DENIES
        jargon = len(word) == 2 and word not in common_words()
        return wild and surface not in common_words() and not denies and not jargon
    alone = step.letters == 1 and step.exact == len(word) - 1
    return step.letters == 0 or (alone and (wild or len(word) > 2) and _LONE_LETTER.search(surface) is not None)


_DENIES = frozenset("不无没未非莫勿")
"""A word that denies is not read into one that begins alike (``不附赠`` is no ``不符``)."""
_LONE_LETTER = re.compile(r"(?<![a-z])[a-z](?![a-z0-9+])")
_RUN = re.compile(r"[a-z]+")
_PLAINLY = 4
"""So many letters before a figure are no code such as ``T+1`` or ``R2``."""


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a reading ends one or two letters before a Latin word does (``bank`` and ``T+1`` mean themselves), or takes, over a
    sign, a character from a word before it or after it (``投资 金条``)."""
    if end < len(text) and text[end - 1].isascii() and text[end - 1].isalpha():
        rest = _RUN.match(text, end)
        few = end - start < _PLAINLY and (text[end] == "+" or text[end].isdigit())
        return (rest is not None and len(rest.group()) <= 2) or few
    if any(map(between, text[start:end])):
        return text[max(0, start - 1) : start + 1] in common_words() or text[end - 1 : end + 1] in common_words()
    return False


def _candidates(text: str, at: int, odd: list[bool], *, core_only: bool, wild: bool) -> Iterator[str]:
    """The words that may begin at a position. Most fail at their second character, so that is looked at here."""
    char, after = text[at], text[at + 1 : at + 2]
    core = core_words()
    keys = _keys(text, at, odd)
    if not keys or after in HARD:
        return
    known = index()
    split = [key for key in keys if key[0] == "/"]
    plain = wide(after) and not is_picture(after) and not split and not _split_at(text, at + 1)
    free = plain and odd[at + 1]
    sounds = usual(after) if free else frozenset[str]()
    for key in keys:
        guessing = key not in (char, *split, f"{char}'") and not char.isdigit()
        if guessing and not plain and is_picture(char):
            continue
        for word in known.get(key, ()):
            main = word in core
            if not main and (core_only or (guessing and not wild)):
                continue
            if plain and word[1] != after:
                likely = free and (wild or main) and (sounds & near(word[1]) or after in shapes(word[1]))
                if not likely:
                    continue
            yield word


def _keys(text: str, at: int, odd: list[bool]) -> list[str]:
    char = text[at]
    if wide(char):
        found = [char, *_split_at(text, at)]
        return [*found, *usual(char), f"~{char}", *pictures().get(char, "")] if odd[at] else found
    if char.isascii() and char.isalpha():
        inside = at and text[at - 1].isascii() and text[at - 1].isalpha()
        return [] if inside or not odd[at] else [f"{char}'"]
    if char in DIGITS:
        return [DIGITS[char], *near(DIGITS[char])] if odd[at] and wide(text[at + 1 : at + 2]) else []
    heard = [sound for one in names().get(char, "") for sound in usual(one)]
    return [char, *_split_at(text, at), *pictures().get(char, ""), *heard]


def _split_at(text: str, at: int) -> list[str]:
    """The parts of a character that stand side by side at a position, as keys of the index."""
    return [f"/{text[at : at + size]}" for size in (2, 3) if text[at : at + size] in split_ways()]


def _read(text: str, word: str, place: int, step: _Step, odd: list[bool], free: bool) -> Iterator[_Step]:
    """Every way in which ``word[place:]`` can be read from ``step.at`` on; by sound and shape only where ``free``."""
    if place == len(word):
        yield step
        return
    at, gaps = step.at, 0
    while at < len(text):
        here = step if not gaps else step._replace(at=at, gaps=step.gaps + gaps)
        char = text[at]
        if char == word[place]:
            yield from _read(text, word, place + 1, here._replace(at=at + 1, exact=here.exact + 1), odd, free)
        else:
            for after in _readings(text, char, word[place], here, odd[at] and free):
                yield from _read(text, word, place + 1, after, odd, free)
        if not place or gaps == GAP or char in HARD or not between(char):
            return
        at, gaps = at + 1, gaps + 1


def _readings(text: str, char: str, meant: str, step: _Step, free: bool) -> Iterator[_Step]:
    """The ways in which a character that is another may stand for the one that is meant."""
    at = step.at
    if wide(char):
        if free and usual(char) & near(meant):
            yield step._replace(at=at + 1, sounds=step.sounds + 1)
        elif free and char in shapes(meant):
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
    if char in _MASKS and step.exact and not step.gaps:
        yield step._replace(at=at + 1, masks=step.masks + 1)


_TONES = frozenset("12345")


def _spelled(text: str, char: str, meant: str, step: _Step) -> Iterator[_Step]:
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


def _convincing(word: str, step: _Step, surface: str, after: str, *, bold: bool) -> bool:
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
    if step.looks:
        return step.looks == 1 and step.exact == size - 1 and not step.gaps
    if step.masks:
        return size >= 3 and step.exact >= 2 and step.masks == 1 and not (step.sounds or step.letters)
    if step.letters and step.letters == size:
        return size >= 4
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
