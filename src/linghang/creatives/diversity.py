"""How different texts are from each other: distinct-n, self-BLEU, and likeness of two.

Units are characters for Chinese and words for English. Distinct-n: Li et al. (NAACL 2016); self-BLEU: Zhu et al.
(SIGIR 2018), here BLEU-2 without brevity penalty, each text against all others.
"""

import functools
import re
from collections import Counter
from collections.abc import Sequence

_UNIT = re.compile(r"[a-z0-9%¥.]+|[\u3400-\u9fff]")


def units(text: str) -> tuple[str, ...]:
    """Chinese characters and Latin words of a text, lower case, without punctuation."""
    return tuple(_UNIT.findall(text.lower()))


@functools.lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(grams(text, 2))


def grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    """Counted runs of ``n`` units; a shorter text is one run."""
    parts = units(text)
    if len(parts) < n:
        return Counter([parts]) if parts else Counter()
    return Counter(parts[i : i + n] for i in range(len(parts) - n + 1))


def distinct(texts: Sequence[str], n: int = 2) -> float:
    """Different runs among all runs of ``n`` units: 1 where nothing repeats; 0 for no texts."""
    total: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        total += grams(text, n)
    count = sum(total.values())
    return len(total) / count if count else 0.0


def self_bleu(texts: Sequence[str]) -> float:
    """Mean BLEU-2 of each text against the others: 0 nothing shared, 1 all alike; 0 for fewer than two texts."""
    if len(texts) < 2:
        return 0.0
    counted = [(grams(text, 1), grams(text, 2)) for text in texts]
    scores: list[float] = []
    for place, (ones, twos) in enumerate(counted):
        others = [pair for i, pair in enumerate(counted) if i != place]
        scores.append((_precision(ones, [o for o, _ in others]) * _precision(twos, [t for _, t in others])) ** 0.5)
    return sum(scores) / len(scores)


def _precision(own: Counter[tuple[str, ...]], others: Sequence[Counter[tuple[str, ...]]]) -> float:
    best: Counter[tuple[str, ...]] = Counter()
    for other in others:
        best |= other
    total = sum(own.values())
    return sum((own & best).values()) / total if total else 0.0


def likeness(one: str, other: str) -> float:
    """Jaccard likeness of the runs of two units: 1 for equal texts."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b) if a | b else 1.0
