"""Answers in the words of the sources, with their place; or the honest word that nothing is known.

A question counts as answered only if what it asks about stands in the passage: the share of its words, weighted by how
much each tells, that the passage has. A word that no document has tells most, so a question about it stays open.
"""

import re
from collections.abc import Mapping

from linghang.base.findings import Finding, Severity
from linghang.knowledge.grams import asked, bare, grams, hints, runs, simplified
from linghang.knowledge.index import Index
from linghang.knowledge.lexicon import expanded, terms_in
from linghang.knowledge.model import Answer, Filter, Passage, Quote
from linghang.knowledge.passages import sentences
from linghang.knowledge.searching import search
from linghang.packs.model import Pack

ENOUGH = 0.6
"""The least share of the question that a passage must cover."""
_LOOKED_AT = 8
_PER_RANK = 0.03
_BY_OTHER_NAME = 0.4
_PER_HINT = 0.05
_MOST_SENTENCES = 3
_NUMBER = re.compile(r"多少|几|多久|多长|多大|限额|how (?:much|many|long|often)|when|limit|cost|rate")
_DIGIT = re.compile(r"\d")
_NUMBER_BONUS = 0.25
_SAID_ABOVE = 0.4
_ABOUT = 0.9
_GOOD = 0.55


def ask(index: Index, pack: Pack, question: str, chosen: Filter | None = None) -> Answer:
    """The sentences that answer a question, quoted as they stand, at most three that follow each other."""
    text = simplified(question, index.characters)
    hits = search(index, pack, text, _LOOKED_AT, chosen)
    parts = _parts(index, text)
    if not hits or not parts:
        return _unknown(question, pack, text, 0.0)
    by_place = {(passage.document.source, passage.start): n for n, passage in enumerate(index.passages)}
    other = _other_names(text, pack)
    ranked: list[tuple[float, int]] = []
    for rank, hit in enumerate(hits):
        place = by_place[(hit.source, hit.start)]
        helps = _PER_HINT * any(gram in index.bag(place) for word in hints(text) for gram in grams(word))
        ranked.append((_coverage(index, place, parts, other) - _PER_RANK * rank + helps, place))
    best, place = max(ranked, key=lambda item: (item[0], -item[1]))
    if best < ENOUGH:
        return _unknown(question, pack, text, max(best, 0.0))
    quote = _quote(index, index.passages[place], asked(text), other, text)
    return Answer(question, True, (quote,), (), round(min(best, 1.0), 3))


def _parts(index: Index, text: str) -> dict[str, float]:
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


def _other_names(text: str, pack: Pack) -> frozenset[str]:
    return frozenset(gram for name in expanded(text, pack) for gram in grams(name))


def _coverage(index: Index, place: int, parts: Mapping[str, float], other: frozenset[str]) -> float:
    """The told share of a question; what a passage says by another name of the lexicon counts in part."""
    bag, letters = index.bag(place), index.letters[place]
    total = sum(parts.values())
    told = sum(weight for part, weight in parts.items() if part in bag or (len(part) == 1 and part in letters))
    if other and any(gram in bag for gram in other):
        told += _BY_OTHER_NAME * (total - told)
    return told / total if total else 0.0


def _quote(index: Index, passage: Passage, wanted: Mapping[str, int], other: frozenset[str], text: str) -> Quote:
    source = passage.document.text
    spans = [span for span in sentences(source, passage.start, passage.end) if source[span[0] : span[1]].strip()]
    heading = grams(f"{passage.section} {passage.document.title}")
    # What the heading has said already, a sentence need hardly say again.
    rest = {
        gram: index.rarity(gram) * (_SAID_ABOVE if gram in heading else 1.0) for gram in wanted if index.knows(gram)
    }
    counts = bool(_NUMBER.search(text.lower()))
    scores = [_sentence_score(source[a:b], rest, other, counts) for a, b in spans]
    top = max(scores)
    if sum(index.rarity(gram) for gram in wanted if gram in heading) >= _ABOUT * sum(map(index.rarity, wanted)):
        # The whole section is about what is asked: it is quoted from its beginning.
        scores = [1.0] * len(spans)
        top = 1.0
    chosen = [n for n, score in enumerate(scores) if score >= max(_GOOD * top, 1e-9)][:_MOST_SENTENCES] or [0]
    # A run of sentences is quoted as it stands; what lies between is part of the thought.
    first, last = chosen[0], min(chosen[-1], chosen[0] + _MOST_SENTENCES - 1)
    start, end = spans[first][0], spans[last][1]
    said = source[start:end]
    lead = len(said) - len(said.lstrip())
    words = said.strip()
    return Quote(
        words, passage.document.title, passage.document.source, passage.section, start + lead, start + lead + len(words)
    )


def _sentence_score(sentence: str, rest: Mapping[str, float], other: frozenset[str], counts: bool) -> float:
    have = grams(sentence)
    score = sum(weight for gram, weight in rest.items() if gram in have) / (sum(rest.values()) or 1.0)
    score += 0.1 * bool(other & set(have))
    return score + _NUMBER_BONUS * (counts and bool(_DIGIT.search(sentence)) and score > 0)


def _unknown(question: str, pack: Pack, text: str, coverage: float) -> Answer:
    known = ", ".join(dict.fromkeys(mention.term.term for mention in terms_in(text, pack)))
    finding = Finding(
        "knowledge.nothing_known", Severity.S3, "knowledge", params={"question": question[:80], "terms": known}
    )
    return Answer(question, False, (), (finding,), round(coverage, 3))
