"""What the learned reader sees of a piece of text: runs of characters or words, concepts, and the product."""

import math
import re
import zlib
from collections import Counter
from itertools import combinations, pairwise

from linghang.compliance.patterns import lexicon

BUCKETS = 1 << 17
_WORD = re.compile(r"[a-z]+'?[a-z]*|\d+(?:[.,]\d+)*|[%$£€#]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def grams(text: str, product: str, lang: str) -> list[str]:
    """The features of a normalised piece: Chinese by one to four characters and pairs with a gap, English by words.

    Figures are all alike; concepts of the lexicon (and pairs of them) let a synonym stand for its siblings.
    """
    plain = _FIGURE.sub("0", text)
    found = _chinese(plain) if lang == "zh" else _english(plain)
    concepts = sorted(lexicon(lang).scan(text))
    found.extend(f"C:{name}" for name in concepts)
    found.extend(f"K:{one}&{other}" for one, other in combinations(concepts, 2))
    found.append(f"P:{product}")
    return found


def weighed(text: str, product: str, lang: str) -> dict[int, float]:
    """Bucket → 1 + log(count), before the rarity of each bucket is taken in."""
    counts = Counter(zlib.crc32(gram.encode()) % BUCKETS for gram in grams(text, product, lang))
    return {bucket: 1.0 + math.log(count) for bucket, count in counts.items()}


def _chinese(text: str) -> list[str]:
    found = [text[at : at + size] for size in (1, 2, 3, 4) for at in range(len(text) - size + 1)]
    found.extend(f"{text[at]}_{text[at + 2]}" for at in range(len(text) - 2))
    return found


def _english(text: str) -> list[str]:
    words = _WORD.findall(text)
    found = [f"w:{word}" for word in words]
    found.extend(f"b:{one} {other}" for one, other in pairwise(words))
    found.extend(f"s:{one} {other}" for one, other in zip(words, words[2:], strict=False))
    for word in words:
        marked = f"<{word}>"
        found.extend(marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1))
    return found
