"""An index of passages: rarity-weighted grams (BM25) and vectors, built in memory from the documents."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from linghang.knowledge.embedding import MemoryVectors, PassageEncoder
from linghang.knowledge.grams import folded, grams
from linghang.knowledge.model import Document, Filter, Passage
from linghang.knowledge.passages import cut
from linghang.ports.vectors import Encoder

_K1, _B = 1.4, 0.6
_HEADING_WEIGHT = 3


class Index:
    """Passages of documents, searchable by words and by meaning. Built once for a set of documents."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder | None = None) -> None:
        self.passages: tuple[Passage, ...] = tuple(passage for document in documents for passage in cut(document))
        bags = [_bag(passage) for passage in self.passages]
        self.bags: tuple[Mapping[str, int], ...] = tuple(bags)
        self._lengths = np.array([sum(bag.values()) for bag in bags] or [1], np.float64)
        self._postings: dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = {}
        rows: dict[str, list[tuple[int, int]]] = {}
        for place, bag in enumerate(bags):
            for gram, count in bag.items():
                rows.setdefault(gram, []).append((place, count))
        for gram, pairs in rows.items():
            self._postings[gram] = (
                np.array([p for p, _ in pairs], np.int64),
                np.array([c for _, c in pairs], np.float64),
            )
        self.letters = tuple(frozenset(folded(f"{p.text}{p.section}{p.document.title}")) for p in self.passages)
        self._letter_counts = Counter(char for letters in self.letters for char in letters)
        self.characters = frozenset(char for passage in self.passages for char in passage.text + passage.section)
        texts = [_spoken(passage) for passage in self.passages]
        self.encoder: Encoder = encoder or PassageEncoder(texts)
        self._vectors = MemoryVectors(self.encoder.dimensions)
        if texts:
            self._vectors.put(range(len(texts)), self.encoder.encode(texts))

    def rarity(self, gram: str) -> float:
        """How much a gram tells (BM25's inverse document frequency); most for one that no passage has."""
        return self._rarity(len(self._postings[gram][0]) if gram in self._postings else 0)

    def letter_rarity(self, letter: str) -> float:
        """The same of a single character."""
        return self._rarity(self._letter_counts[letter])

    def _rarity(self, having: int) -> float:
        total = len(self.passages)
        return math.log(1 + (total - having + 0.5) / (having + 0.5))

    def knows(self, gram: str) -> bool:
        """Whether any passage has it."""
        return gram in self._postings

    def lexical(self, query: Mapping[str, float], among: Collection[int]) -> list[tuple[int, float]]:
        """Passages by BM25 (Robertson & Zaragoza 2009), best first, those with something in common only."""
        scores = np.zeros(len(self.passages))
        average = self._lengths.mean()
        for gram, weight in query.items():
            if gram in self._postings:
                places, counts = self._postings[gram]
                norm = _K1 * (1 - _B + _B * self._lengths[places] / average)
                scores[places] += weight * self.rarity(gram) * counts * (_K1 + 1) / (counts + norm)
        allowed = [place for place in among if scores[place] > 0]
        return [(place, float(scores[place])) for place in sorted(allowed, key=lambda place: (-scores[place], place))]

    def alike(self, text: str, k: int, among: Collection[int]) -> list[tuple[int, float]]:
        """Passages by their vectors, best first."""
        return self._vectors.search(self.encoder.encode([text])[0], k, among)

    def fitting(self, chosen: Filter) -> list[int]:
        """The places of the passages that a filter lets through."""
        return [place for place, passage in enumerate(self.passages) if _fits(passage.document, chosen)]


def _bag(passage: Passage) -> Counter[str]:
    bag = grams(passage.text)
    for gram, count in grams(f"{passage.section} {passage.document.title}").items():
        bag[gram] += count * _HEADING_WEIGHT
    return bag


def _spoken(passage: Passage) -> str:
    return f"{passage.document.title} {passage.section} {passage.text}"


def _fits(document: Document, chosen: Filter) -> bool:
    if chosen.kind and document.kind != chosen.kind:
        return False
    if chosen.lang and document.lang != chosen.lang:
        return False
    if chosen.names and document.products and not chosen.names & set(document.products):
        return False
    if chosen.since and (document.date is None or document.date < chosen.since):
        return False
    return not (chosen.until and (document.date is None or document.date > chosen.until))
