"""An index of passages: words by rarity (FTS5's BM25) and vectors, kept in the home or in memory."""

import functools
import logging
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from linghang.base.errors import UnavailableError
from linghang.knowledge.embedding import MemoryVectors, embedded
from linghang.knowledge.grams import folded, grams
from linghang.knowledge.model import Document, Filter, Passage
from linghang.knowledge.passages import cut
from linghang.knowledge.shelf import Shelf
from linghang.ports.vectors import Encoder

_K1, _B = 1.4, 0.6
_HEADING_WEIGHT = 3
_CANDIDATES = 100
"""Passages that FTS5 finds and that are then ranked."""
log = logging.getLogger("linghang.knowledge")


class Index:
    """Passages of documents, searchable by words and by meaning. Built once for a set of documents.

    ``encoder`` is a real one, of an endpoint: when it fails, the embedded one stands in and ``degraded`` says why.
    """

    def __init__(self, documents: Sequence[Document], encoder: Encoder | None = None, home: Path | None = None) -> None:
        self.passages: tuple[Passage, ...] = tuple(passage for document in documents for passage in cut(document))
        self._shelf = Shelf(home, self.passages)
        self.letters = tuple(frozenset(folded(f"{p.text}{p.section}{p.document.title}")) for p in self.passages)
        self._letter_counts = Counter(char for letters in self.letters for char in letters)
        self.characters = frozenset(char for passage in self.passages for char in passage.text + passage.section)
        self._texts = [_spoken(passage) for passage in self.passages]
        self.degraded = ""
        self._outer: tuple[Encoder, MemoryVectors] | None = None
        if encoder is not None:
            try:
                self._outer = self._meaning(encoder)
            except UnavailableError as error:
                self.degraded = error.code
                log.warning("embeddings of %s failed: %s", encoder.name, error)
        self._having = functools.lru_cache(maxsize=50_000)(self._shelf.having)
        self._bag = functools.lru_cache(maxsize=2_000)(self._bag_at)

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors are searched at present."""
        return self._outer[0] if self._outer else self._embedded[0]

    @functools.cached_property
    def _embedded(self) -> tuple[Encoder, MemoryVectors]:
        return self._meaning(embedded())

    def _meaning(self, encoder: Encoder) -> tuple[Encoder, MemoryVectors]:
        rows = self._shelf.vectors(encoder, self._texts)
        vectors = MemoryVectors(encoder.dimensions)
        if self._texts:
            vectors.put(range(len(self._texts)), rows)
        return encoder, vectors

    def bag(self, place: int) -> Mapping[str, int]:
        """The grams of a passage, those of its heading counted several times."""
        return self._bag(place)

    def _bag_at(self, place: int) -> Mapping[str, int]:
        passage = self.passages[place]
        bag = grams(passage.text)
        for gram, count in grams(f"{passage.section} {passage.document.title}").items():
            bag[gram] += count * _HEADING_WEIGHT
        return bag

    def rarity(self, gram: str) -> float:
        """How much a gram tells (BM25's inverse document frequency); most for one that no passage has."""
        return self._rarity(self._having(gram))

    def letter_rarity(self, letter: str) -> float:
        """The same of a single character."""
        return self._rarity(self._letter_counts[letter])

    def _rarity(self, having: int) -> float:
        total = len(self.passages)
        return math.log(1 + (total - having + 0.5) / (having + 0.5))

    def knows(self, gram: str) -> bool:
        """Whether any passage has it."""
        return self._having(gram) > 0

    def lexical(self, query: Mapping[str, float], among: Collection[int]) -> list[tuple[int, float]]:
        """Passages by BM25 (Robertson & Zaragoza 2009), best first, those with something in common only.

        FTS5 finds the candidates; its own ranking counts nothing for a word that half of the passages have, so the
        candidates are ranked again with a rarity that never falls to zero.
        """
        found = [place for place, _ in self._shelf.lexical(query, among)[:_CANDIDATES]]
        scored = [(place, self._bm25(query, place)) for place in found]
        return sorted(scored, key=lambda item: (-item[1], item[0]))

    def _bm25(self, query: Mapping[str, float], place: int) -> float:
        bag = self._bag(place)
        norm = _K1 * (1 - _B + _B * sum(bag.values()) / self._average)
        return sum(
            weight * self.rarity(gram) * count * (_K1 + 1) / (count + norm)
            for gram, weight in query.items()
            if (count := bag.get(gram, 0))
        )

    @functools.cached_property
    def _average(self) -> float:
        some = range(0, len(self.passages), max(len(self.passages) // 500, 1))
        return sum(sum(self._bag(place).values()) for place in some) / max(len(some), 1)

    def alike(self, text: str, k: int, among: Collection[int]) -> list[tuple[int, float]]:
        """Passages by their vectors, best first."""
        if self._outer is not None:
            try:
                return self._outer[1].search(self._outer[0].encode([text])[0], k, among)
            except UnavailableError as error:
                self.degraded = error.code
        encoder, vectors = self._embedded
        return vectors.search(encoder.encode([text])[0], k, among)

    def fitting(self, chosen: Filter) -> list[int]:
        """The places of the passages that a filter lets through."""
        return [place for place, passage in enumerate(self.passages) if _fits(passage.document, chosen)]

    def close(self) -> None:
        """Let go of what is kept on disk."""
        self._shelf.close()


def _spoken(passage: Passage) -> str:
    return f"{passage.document.title} {passage.section} {passage.text}"


def _fits(document: Document, chosen: Filter) -> bool:
    if chosen.kind and document.kind != chosen.kind:
        return False
    if chosen.lang and document.lang != chosen.lang:
        return False
    if chosen.names and document.products and not chosen.names & set(document.products):
        return False
    if document.date is None:
        return True
    if chosen.since and document.date < chosen.since:
        return False
    return not (chosen.until and document.date > chosen.until)
