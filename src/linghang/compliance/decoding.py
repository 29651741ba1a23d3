"""Chinese evasions undone: separators, masks, split characters, pinyin, initials, homophones, pictures, reversal.

A guess is made only where a word that evaders hide comes out (``vocabulary``) and only at something odd: a character that makes no
word with its neighbours, a letter, a sign or a picture inside a word. What was changed is marked hidden, and a finding
counts only if it contains something hidden. ``decoded`` guesses by sound and shape only at the words that are hidden most;
``guessed`` at every word of the rules: it says what may be meant, and only a rule's pattern can confirm it.
"""

import functools
import itertools
import re
from collections.abc import Iterable, Iterator

from linghang.compliance.glyphs import names, pictures
from linghang.compliance.joining import (
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
from linghang.compliance.spellings import LOOSE, MASKS, Step, convincing, read, stray
from linghang.compliance.vocabulary import (
    DIGITS,
    alike,
    common_words,
    core_words,
    figured,
    followed,
    in_a_word,
    index,
    near,
    plain_words,
    shapes,
    split_ways,
    stands_alone,
    syllables,
    usual,
)

_LONGEST = 40
"""So far a hidden word may reach, signs and letters included."""


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
    signed = lettered(view)
    plain = unreversed(joined(signed))
    earlier: set[str] = {view.text}
    if plain is not signed and MASKS.intersection(signed.text):
        guess = _once(signed, bold=False, wild=True)[0]
        if guess is not signed:
            yield guess
    read_already: Readings = {}
    for choice in range(_ALTERNATIVES):
        guess = _once(plain, bold=False, wild=True, choice=choice, known=read_already)[0]
        if guess.text in earlier:
            break
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


Readings = dict[int, list[tuple[str, Step]]]


def _once(view: View, *, bold: bool, wild: bool, choice: int = 0, known: Readings | None = None) -> tuple[View, bool]:
    """One pass, by the ``choice``-th reading where there are several; whether a word was found by its sound. ``known`` are
    the readings of earlier passes of this kind over the same view."""
    text = view.text
    known = {} if known is None else known
    odd = _odd(text, bold=bold)
    if not any(odd):
        return view, False
    last = list(itertools.accumulate(range(len(text)), lambda before, n: n if odd[n] else before, initial=-1))[1:]
    chars: list[tuple[str, int, int, bool]] = []
    at = 0
    changed = heard = False
    while at < len(text):
        reach = min(len(text), at + _LONGEST) - 1
        if at not in known:
            known[at] = _best(text, at, odd, bold=bold, wild=wild) if last[reach] >= at else []
        told = known[at]
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
        # The blank behind letters goes with them: ``nhsyl 12%`` is 年化收益率12%.
        at = end + 1 if step.letters + step.spelled and _BLANK.match(text, end) else end
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
        if stray(char):
            return 0 < at < size - 1 and wide(text[at - 1]) and wide(text[at + 1])
        if char in DIGITS:
            return not (text[at - 1 : at].isdigit() or text[at + 1 : at + 2].isdigit() or text[at + 1 : at + 2] == ".")
        return (between(char) or char in MASKS) and 0 < at < size - 1 and char != "\n"

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


def _best(text: str, at: int, odd: list[bool], *, bold: bool, wild: bool) -> list[tuple[str, Step]]:
    """The longest hidden words that can be read at a position other than plainly, with the reading of each."""
    best: list[tuple[str, Step]] = []
    core = core_words()
    for word in _candidates(text, at, odd, core_only=bold, wild=wild):
        least = len(best[0][0]) if best else 0
        if len(word) < least or (len(word) == least and not wild) or _means_itself(text, word, at, odd, wild=wild):
            continue
        for step in read(text, word, 0, Step(at), odd, wild or word in core, wild=wild):
            surface = text[at : step.at]
            after = text[step.at : step.at + _LONGEST]
            if not any(odd[at : step.at]) and step.exact < len(word) - 1:
                continue
            if _cuts_a_word(text, at, step.at) or not convincing(word, step, surface, after, bold=bold):
                continue
            if word in core or _plain_enough(word, step, surface, wild=wild):
                best = [*best, (word, step)] if len(word) == least else [(word, step)]
                break
    return best


def _means_itself(text: str, word: str, at: int, odd: list[bool], *, wild: bool) -> bool:
    """Whether a word stands there plainly, or begins plainly and goes on with an ordinary character of something else."""
    same = 0
    while same < len(word) and text.startswith(word[same], at + same):
        same += 1
    if not 0 < same < len(word):
        return same > 0
    other = at + same
    if other >= len(text) or text[other] in HARD:
        return not is_picture(text[other : other + 1])
    loose = wild and len(word) >= LOOSE and text.startswith(word[same + 1 :], other + 1)
    return (
        wide(text[other])
        and not odd[other]
        and not loose
        and not is_picture(text[other])
        and not _split_at(text, other)
    )


def _plain_enough(word: str, step: Step, surface: str, *, wild: bool) -> bool:
    """Whether a word that is hidden seldom may be read so: by its letters, parts or pictures, by sound or shape only where
    anything may be guessed."""
    if plain_words(word):
        return step.letters + step.sounds + step.looks == 0 and _RUN.search(surface) is not None
    if step.sounds or step.looks:
        denies = len(word) == 2 and word[0] in _DENIES
        jargon = len(word) == 2 and word not in common_words()
        return wild and surface not in common_words() and not denies and not jargon
    if wild and step.letters == len(word) >= _PLAINLY:
        return True
    alone = step.letters == 1 and step.exact == len(word) - 1
    return step.letters == 0 or (alone and (wild or len(word) > 2) and _LONE_LETTER.search(surface) is not None)


_BLANK = re.compile(r" (?=\d)")
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
    split = [key for key in keys if key[0] == "/"]
    plain = wide(after) and not is_picture(after) and after not in MASKS and not stray(after) and not split
    plain = plain and not _split_at(text, at + 1)
    sounds = usual(after) if plain and (odd[at + 1] or wild) else frozenset[str]()
    near_by = text[at + 1 : at + 2 * _PLAINLY]
    for key in keys:
        guessing = key not in (char, *split) and key[1:2] != "'" and not char.isdigit()
        if guessing and not plain and is_picture(char):
            continue
        for word in _begun(text, at, key, plain=plain, odd=odd, wild=wild):
            main = word in core
            if not main and (core_only or (guessing and not wild)):
                continue
            if guessing and wild and not main and not any(part in near_by for part in word[1:]):
                continue
            if plain and word[1] != after:
                anything = wild and odd[at + 1] and len(word) > 3 and word[0] == char
                like = anything or sounds & near(word[1]) or after in shapes(word[1])
                like = like or (len(word) > 2 and after in alike(word[1]))
                likely = (wild or main) and (odd[at + 1] or len(word) > 2) and like
                if not likely:
                    continue
            yield word


def _begun(text: str, at: int, key: str, *, plain: bool, odd: list[bool], wild: bool) -> Iterable[str]:
    """The words of a key of which the second character stands there too, where it is plain and nothing odd; where ``wild``
    also those of which all others do."""
    after = text[at + 1 : at + 2]
    if key[0] == "~":
        return followed(key).get(after, ())
    if after in DIGITS and not between(after):
        return figured(key, after)
    if not plain or odd[at + 1]:
        return index().get(key, ())
    told = followed(key).get(after, ())
    if not wild or key != text[at]:
        return told
    loose = [
        word
        for word in followed(key, 2).get(text[at + 2 : at + 3], ())
        if word[1] != after and text.startswith(word[2:], at + 2)
    ]
    return sorted((*told, *loose), key=lambda word: (word not in core_words(), word)) if loose else told


def _keys(text: str, at: int, odd: list[bool]) -> list[str]:
    char = text[at]
    if wide(char):
        found = [char, *_split_at(text, at)]
        return [*found, *usual(char), f"~{char}", *pictures().get(char, "")] if odd[at] else found
    if char.isascii() and char.isalpha():
        inside = at and text[at - 1].isascii() and text[at - 1].isalpha()
        return [] if inside or not odd[at] else [_lettered_key(text, at, odd)]
    if char in DIGITS:
        return [DIGITS[char], *near(DIGITS[char])] if odd[at] and wide(text[at + 1 : at + 2]) else []
    heard = [sound for one in names().get(char, "") for sound in usual(one)]
    return [char, *_split_at(text, at), *pictures().get(char, ""), *heard]


def _lettered_key(text: str, at: int, odd: list[bool]) -> str:
    """The key of the words that a letter may begin: with the letter or the plain character after it few are left."""
    after = text[at + 1 : at + 2]
    plain = wide(after) and not odd[at + 1] and not is_picture(after) and not _split_at(text, at + 1)
    return f"{text[at]}'{after}" if plain or (after.isascii() and after.isalpha()) else f"{text[at]}'"


def _split_at(text: str, at: int) -> list[str]:
    """The parts of a character that stand side by side at a position, as keys of the index."""
    return [f"/{text[at : at + size]}" for size in (2, 3) if text[at : at + size] in split_ways()]
