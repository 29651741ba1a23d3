"""Search: the institution's own names first, then words, then meaning, fused by their ranks."""

from collections.abc import Mapping
from dataclasses import replace

from linghang.knowledge.grams import asked, folded, grams, hints, simplified
from linghang.knowledge.index import Index
from linghang.knowledge.lexicon import expanded, terms_in
from linghang.knowledge.model import Filter, Hit, Passage
from linghang.packs.model import Pack

_RANK = 30
"""The constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""
_DEPTH = 40
_OTHER_NAME, _HINT = 0.5, 0.35
_WEIGHTS: Mapping[str, float] = {"term": 0.8, "lexical": 1.0, "vector": 0.35}
_ENDPOINT = 0.5
"""The weight of vectors of a real encoder, which know more than ours (measured with two)."""
_NEAR = 0.12
"""An inner product below which a vector says nothing."""


def search(index: Index, pack: Pack, query: str, k: int = 5, chosen: Filter | None = None) -> tuple[Hit, ...]:
    """The ``k`` best passages for a query, best first; none for a query that has nothing in common with any."""
    if k < 1 or not query.strip():
        return ()
    text = simplified(query, index.characters)
    allowed = index.fitting(named(chosen or Filter(), pack))
    lists = {
        "term": _by_term(index, pack, text, allowed),
        "lexical": [place for place, _ in index.lexical(_wanted(text, pack), allowed)[:_DEPTH]],
        "vector": [place for place, near in index.alike(text, _DEPTH, allowed) if near > _NEAR],
    }
    weights = {**_WEIGHTS, "vector": _ENDPOINT} if index.has_endpoint else _WEIGHTS
    scores: dict[int, float] = {}
    why: dict[int, list[str]] = {}
    for name, places in lists.items():
        for rank, place in enumerate(places):
            scores[place] = scores.get(place, 0.0) + weights[name] / (_RANK + rank)
            why.setdefault(place, []).append(name)
    best = sorted(scores, key=lambda place: (-scores[place], place))[:k]
    return tuple(hit_of(index.passages[place], scores[place] * _RANK, tuple(why[place])) for place in best)


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
