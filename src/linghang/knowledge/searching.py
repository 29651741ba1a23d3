"""Search: words, meaning, the institution's own names and how much of the question a passage speaks of, weighed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from linghang.knowledge.covering import coverage, other_names, parts_of
from linghang.knowledge.grams import asked, folded, grams, hints, is_english, simplified
from linghang.knowledge.index import Index
from linghang.knowledge.lexicon import expanded, terms_in
from linghang.knowledge.model import Filter, Hit, Passage
from linghang.packs.model import Pack

_DEPTH = 40
_OTHER_NAME, _HINT = 0.5, 0.35
_WEIGHTS: Mapping[str, float] = {"lexical": 1.0, "vector": 1.2, "covered": 1.2, "term": 0.3, "hint": 0.1}
"""How much each speaks for a passage: its words (BM25, the best is 1), its meaning (the inner product), the share of
the question that it speaks of, a heading that names what is asked, words that stand beside such answers."""
_OTHER_LANGUAGE = 0.4
_ABOUT_WORDS = re.compile(r"说法|用词|口径|措辞")
_OF_WORDS = re.compile(r"写|说|宣传|文案|素材|广告|海报|用语|词|口径|措辞|say|write|word|copy|claim")
_WORDING = 0.5
"""Sections on what may be said quote facts only as examples: they answer questions about words, not about facts."""
_NEAR = 0.12
"""An inner product below which a vector says nothing."""
_WAYS = 4
"""In so many ways a question is put: in its own words, and with other names of the lexicon in their place."""


def search(index: Index, pack: Pack, query: str, k: int = 5, chosen: Filter | None = None) -> tuple[Hit, ...]:
    """The ``k`` best passages for a query, best first; none for a query that has nothing in common with any."""
    if k < 1 or not query.strip():
        return ()
    text = simplified(query, index.characters)
    allowed = index.fitting(named(chosen or Filter(), pack))
    lists = {
        "term": dict.fromkeys(_by_term(index, pack, text, allowed)[:_DEPTH], 1.0),
        "lexical": _by_words(index, pack, text, allowed),
        "vector": {place: near for place, near in index.alike(text, _DEPTH, allowed) if near > _NEAR},
    }
    places = sorted({place for found in lists.values() for place in found})
    lists |= {"covered": _covered(index, pack, text, places), "hint": _hinted(index, text, places)}
    scores = {
        place: sum(_WEIGHTS[name] * found.get(place, 0.0) for name, found in lists.items())
        - _OTHER_LANGUAGE * (is_english(text) != (index.passages[place].document.lang == "en"))
        - _WORDING * only_words(index.passages[place], text)
        for place in places
    }
    best = sorted(scores, key=lambda place: (-scores[place], place))[:k]
    return tuple(
        hit_of(index.passages[place], scores[place], tuple(name for name in ("term", "lexical", "vector")
                                                           if place in lists[name]))
        for place in best
    )  # fmt: skip


def only_words(passage: Passage, text: str) -> bool:
    """Whether a passage is about what may be said, and the question is not."""
    return bool(_ABOUT_WORDS.search(passage.section)) and not _OF_WORDS.search(text)


def _by_words(index: Index, pack: Pack, text: str, allowed: list[int]) -> dict[int, float]:
    """Passages by their words, the best of them 1: by the question's own, and with other names in their place."""
    found: dict[int, float] = {}
    for way in _ways(text, pack):
        for place, score in index.lexical(_wanted(way, pack), allowed)[:_DEPTH]:
            found[place] = max(found.get(place, 0.0), score)
    most = max(found.values(), default=1.0)
    return {place: score / most for place, score in found.items()}


def _ways(text: str, pack: Pack) -> list[str]:
    """A question in its own words, and with other names of the lexicon in their place."""
    found = [text]
    for mention in terms_in(text, pack):
        others = (mention.term.term, *mention.term.aliases)
        found += [f"{text[: mention.start]}{name}{text[mention.end :]}" for name in others
                 if folded(name) != folded(mention.word)]  # fmt: skip
    return found[:_WAYS]


def _covered(index: Index, pack: Pack, text: str, places: Sequence[int]) -> dict[int, float]:
    """The share of a question that passages speak of, in the way of putting it that suits each best."""
    told = [(parts_of(index, way), other_names(way, pack)) for way in _ways(text, pack)]
    return {place: max(coverage(index, place, parts, other) for parts, other in told) for place in places}


def _hinted(index: Index, text: str, places: list[int]) -> dict[int, float]:
    beside = {gram for word in hints(text) for gram in grams(word)}
    return {place: 1.0 for place in places if any(gram in index.bag(place) for gram in beside)} if beside else {}


def named(chosen: Filter, pack: Pack) -> Filter:
    """The filter with every name that its product goes by in documents: id, kind and group."""
    if not chosen.product:
        return chosen
    product = next((item for item in pack.products if item.id == chosen.product), None)
    names = {chosen.product, *((product.kind, product.group) if product else ())}
    return replace(chosen, names=frozenset(name for name in names if name))


def _wanted(text: str, pack: Pack) -> dict[str, float]:
    query = {gram: float(count) for gram, count in asked(text).items()}
    for name in expanded(text, pack):
        for gram in grams(name):
            query.setdefault(gram, _OTHER_NAME)
    for word in hints(text):
        for gram in grams(word):
            query.setdefault(gram, _HINT)
    return query


def _by_term(index: Index, pack: Pack, text: str, allowed: list[int]) -> list[int]:
    """Passages whose heading names what the query names; a heading that begins with it before one that mentions it."""
    names = {folded(name) for mention in terms_in(text, pack) for name in (mention.word, mention.term.term)}
    headings = [
        (place, folded(index.passages[place].section or index.passages[place].document.title)) for place in allowed
    ]
    whole = folded(text)
    found: list[tuple[int, int]] = []
    for place, heading in headings:
        if heading and any(name in heading for name in names):
            found.append((0 if any(heading.startswith(name) for name in names) else 1, place))
        elif heading and len(heading) > 1 and heading in whole:
            found.append((0, place))
    return [place for _, place in sorted(found)]


def hit_of(passage: Passage, score: float, by: tuple[str, ...]) -> Hit:
    """A passage as it is shown."""
    document = passage.document
    return Hit(
        document.title, document.source, passage.section, passage.text, passage.start, passage.end, round(score, 4), by,
        document.kind, document.date,
    )  # fmt: skip
