"""How much of a question a passage speaks of: each part of the question weighted by how much it tells."""

from collections.abc import Mapping

from linghang.knowledge.grams import bare, grams, runs
from linghang.knowledge.index import Index
from linghang.knowledge.lexicon import expanded
from linghang.packs.model import Pack

_BY_OTHER_NAME = 0.4


def parts_of(index: Index, text: str) -> dict[str, float]:
    """What a question is made of, and how much each part tells.

    Pairs of characters that documents have are its words, the commonest first: a pair that only runs into a commoner
    one is where two words meet, and leaves its other character. What nobody has ever written tells most.
    """
    parts: dict[str, float] = {}
    for run in runs(bare(text)):
        if not "\u3400" <= run[0] <= "\u9fff":
            parts[run] = index.rarity(run)
            continue
        covered = [False] * len(run)
        pairs = [(index.rarity(run[n : n + 2]), n) for n in range(len(run) - 1) if index.knows(run[n : n + 2])]
        for rarity, n in sorted(pairs):
            if not covered[n] and not covered[n + 1]:
                parts[run[n : n + 2]] = rarity
                covered[n] = covered[n + 1] = True
        parts |= {letter: index.letter_rarity(letter) for letter, known in zip(run, covered, strict=True) if not known}
    return parts


def other_names(text: str, pack: Pack) -> frozenset[str]:
    """The grams of the other names of what a text speaks of."""
    return frozenset(gram for name in expanded(text, pack) for gram in grams(name))


def coverage(index: Index, place: int, parts: Mapping[str, float], other: frozenset[str]) -> float:
    """The told share of a question; what a passage says by another name of the lexicon counts in part."""
    bag, letters = index.bag(place), index.letters[place]
    total = sum(parts.values())
    told = sum(weight for part, weight in parts.items() if part in bag or (len(part) == 1 and part in letters))
    if other and any(gram in bag for gram in other):
        told += _BY_OTHER_NAME * (total - told)
    return told / total if total else 0.0
