"""Answers in the words of the sources, with their place; or the honest word that nothing is known.

A question counts as answered only if what it asks about stands in the passage: the share of its words, weighted by how
much each tells, that the passage has. A word that no document has tells most, so a question about it stays open. A
sentence that means what is asked in other words answers with less of them.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from linghang.base.findings import Finding, Severity
from linghang.knowledge.covering import coverage, other_names, parts_of
from linghang.knowledge.embedding import embedded
from linghang.knowledge.grams import asked, bare, grams, hints, is_english, plainly, simplified
from linghang.knowledge.index import Index
from linghang.knowledge.lexicon import terms_in
from linghang.knowledge.model import Answer, Filter, Passage, Quote
from linghang.knowledge.passages import sentences
from linghang.knowledge.searching import only_words, search
from linghang.packs.model import Pack

ENOUGH = 0.6
"""The share of the question that a passage must speak of to answer it."""
_SOME, _MEANT = 0.3, 0.47
"""Or this share of it, and a sentence as near to it in meaning as this (unanswerable questions stay below)."""
_SURELY_MEANT = 0.53
"""The nearness in meaning at which a passage may call what is asked by another word."""
_VALUE_OF = re.compile(
    r"([\u4e00-\u9fff]{2})(?:是多少|是什么|叫什么|在哪|是谁|是哪|怎么|如何)(?:(?<=多少|什么|怎么|如何)([\u4e00-\u9fff]{2})(?![\u4e00-\u9fff]))?"
    r"|what(?:'s| is| are) the (?:\w+ )*?(\w+) (?:of|for)\b"
)
"""The word whose value is asked for, and the unit or the kind that is asked in."""
_LOOKED_AT, _BEST = 8, 3
_PER_RANK, _PER_HINT, _FOREIGN = 0.03, 0.05, 0.1
_WORDING = 0.4
_MOST_SENTENCES = 3
_NUMBER = re.compile(r"多少|几|多久|多长|多大|限额|how (?:much|many|long|often)|when|limit|cost|rate")
_DIGIT = re.compile(r"\d")
_NUMBER_BONUS = 0.25
_SAID_ABOVE = 0.4
_ABOUT = 0.9
_GOOD = 0.55


def ask(index: Index, pack: Pack, question: str, chosen: Filter | None = None) -> Answer:
    """The sentences that answer a question, quoted as they stand, at most three that follow each other.

    What is not answered as it was said is asked once more in plain words, with the trade's own terms for their aliases.
    """
    found = _asked(index, pack, question, chosen)
    plain = _by_terms(plainly(question), pack)
    if found.known or plain == question:
        return found
    again = _asked(index, pack, plain, chosen)
    return replace(again, question=question) if again.known else found


def _by_terms(question: str, pack: Pack) -> str:
    """A question with a term that has a sign in it spelled by it (固收加 is 固收+)."""
    for mention in sorted(terms_in(question, pack), key=lambda item: -item.start):
        if "+" not in mention.term.term:
            continue
        question = question[: mention.start] + mention.term.term + question[mention.end :]
    return question


def _asked(index: Index, pack: Pack, question: str, chosen: Filter | None) -> Answer:
    text = simplified(question, index.characters)
    hits = search(index, pack, text, _LOOKED_AT, chosen)
    if not hits or not bare(text).strip():
        return _unknown(question, pack, text, 0.0)
    by_place = {(passage.document.source, passage.start): n for n, passage in enumerate(index.passages)}
    places = [by_place[hit.source, hit.start] for hit in hits]
    parts, other = parts_of(index, text), other_names(text, pack)
    beside = {gram for word in hints(text) for gram in grams(word)}
    told = {
        place: coverage(index, place, parts, other)
        + _PER_HINT * any(gram in index.bag(place) for gram in beside)
        - _PER_RANK * rank
        - _WORDING * only_words(index.passages[place], text)
        - _FOREIGN * (is_english(text) != (index.passages[place].document.lang == "en"))
        for rank, place in enumerate(places)
    }
    place = max(places, key=lambda one: told[one])
    if told[place] < ENOUGH or not _speaks_of(index, place, text, other):
        place = next((one for one in places[:_BEST] if _means(index.passages[one], text, told[one])
                      and _speaks_of(index, one, text, other)), None)  # fmt: skip
    if place is None:
        return _unknown(question, pack, text, max(*told.values(), 0.0))
    quote = _quote(index, index.passages[place], asked(text), other, text)
    return Answer(question, True, (quote,), (), round(min(told[place], 1.0), 3))


def _speaks_of(index: Index, place: int, text: str, other: frozenset[str]) -> bool:
    """Whether a passage has the very thing whose value is asked (客服电话是多少), or means it all the same.

    What stands around it may be common to many passages: however much of that is there, it is no answer.
    """
    bag = index.bag(place)
    asked_for = [pair for hit in _VALUE_OF.finditer(re.sub(r"[的了呢才]", "", text.lower()))
                 for pair in hit.groups() if pair]  # fmt: skip
    if all(gram in bag or gram in other for pair in asked_for for gram in grams(pair)):
        return True
    return _nearest(index.passages[place], text) >= _SURELY_MEANT


def _means(passage: Passage, text: str, told: float) -> bool:
    """Whether a sentence of a passage means what is asked, though it says it in other words."""
    return told >= _SOME and _nearest(passage, text) >= _MEANT


def _nearest(passage: Passage, text: str) -> float:
    source = passage.document.text
    said = [source[a:b].strip() for a, b in sentences(source, passage.start, passage.end)]
    rows = embedded().encode([text, *(f"{passage.section}：{one}" for one in said if one)])
    return float(np.max(rows[1:] @ rows[0], initial=0.0))


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
