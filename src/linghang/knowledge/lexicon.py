"""The institution's own words in a text: what they mean here, and what they must not be taken for."""

import functools

from linghang.knowledge.grams import folded
from linghang.knowledge.model import Mention
from linghang.packs.model import Pack, Term


def terms_in(text: str, pack: Pack) -> tuple[Mention, ...]:
    """The terms of the lexicon that stand in a text, longest first where they overlap, in order of place.

    These are what a prompt or a drawing must be told: 金条 with credit about is a loan, not bullion.
    """
    plain = _aligned(text)
    found: list[Mention] = []
    taken = [False] * len(plain)
    for word, term in _words(pack):
        start = plain.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(taken[start:end]) and _whole(plain, start, end):
                found.append(Mention(term, text[start:end], start, end))
                taken[start:end] = [True] * len(word)
            start = plain.find(word, start + 1)
    return tuple(sorted(found, key=lambda mention: mention.start))


def expanded(text: str, pack: Pack) -> tuple[str, ...]:
    """Other names of what a text speaks of: the term, its aliases, and the product that it stands for."""
    labels = {product.id: product.label.zh for product in pack.products}
    names: list[str] = []
    for mention in terms_in(text, pack):
        term = mention.term
        names += [name for name in (term.term, *term.aliases, labels.get(term.canonical, "")) if name]
    for product in pack.products:
        if any(len(word) > 1 and word.lower() in text.lower() for word in (product.label.zh, product.label.en)):
            names += [product.label.zh]
    return tuple(dict.fromkeys(name for name in names if folded(name) not in folded(text)))


@functools.lru_cache(maxsize=8)
def _by_digest(_digest: str, terms: tuple[Term, ...]) -> tuple[tuple[str, Term], ...]:
    words = {folded(word): term for term in reversed(terms) for word in (*term.aliases, term.term) if word}
    return tuple(sorted(words.items(), key=lambda item: (-len(item[0]), item[0])))


def _words(pack: Pack) -> tuple[tuple[str, Term], ...]:
    return _by_digest(pack.digest, pack.lexicon)


def _aligned(text: str) -> str:
    """The text folded character by character, so that places stay those of the text."""
    return "".join(plain if len(plain := folded(char)) == 1 else char for char in text)


def _whole(text: str, start: int, end: int) -> bool:
    """Latin words and numbers only whole: ``RED`` is not in ``redeem``, ``618`` not in ``16188``."""
    before, after = text[start - 1 : start], text[end : end + 1]
    latin = [char.isascii() and char.isalnum() for char in (before, text[start], text[end - 1], after) if char]
    if before and latin[0] and text[start].isascii() and text[start].isalnum():
        return False
    return not (after and after.isascii() and after.isalnum() and text[end - 1].isascii() and text[end - 1].isalnum())
