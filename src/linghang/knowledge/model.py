"""The values of this room: documents, passages with their place, hits, quotes and answers."""

import datetime as dt
from dataclasses import dataclass, field

from linghang.base.findings import Finding
from linghang.packs.model import Term


@dataclass(frozen=True)
class Document:
    """A document as read. ``source`` is its path below the pack (or ``home:`` and a name); ``kind`` product, term,
    sop, rule or review; ``products`` are ids, kinds or groups that it is about (empty: any); ``text`` is plain.
    """

    source: str
    title: str
    text: str
    kind: str = ""
    products: tuple[str, ...] = ()
    date: dt.date | None = None
    lang: str = "zh"


@dataclass(frozen=True)
class Passage:
    """A part of a document under one heading: ``start`` and ``end`` count characters of the document's text."""

    document: Document
    section: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """A document as the library lists it. ``own``: it was added to the home; else it came with the pack."""

    source: str
    title: str
    kind: str
    products: tuple[str, ...]
    date: dt.date | None
    lang: str
    passages: int
    own: bool


@dataclass(frozen=True)
class Hit:
    """A passage that was found: what it says, where it stands, why it was taken (``lexical``, ``vector``, ``term``)."""

    title: str
    source: str
    section: str
    text: str
    start: int
    end: int
    score: float
    by: tuple[str, ...] = ()
    kind: str = ""
    date: dt.date | None = None


@dataclass(frozen=True)
class Quote:
    """Sentences of a source, word for word, with their place in it."""

    text: str
    title: str
    source: str
    section: str
    start: int
    end: int


@dataclass(frozen=True)
class Answer:
    """What the sources say to a question. Not ``known``: nothing was found that answers it, and ``findings`` say so."""

    question: str
    known: bool
    quotes: tuple[Quote, ...] = ()
    findings: tuple[Finding, ...] = ()
    coverage: float = 0.0


@dataclass(frozen=True)
class Mention:
    """A word of the lexicon in a text, with its meaning and trap."""

    term: Term
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Filter:
    """Which documents may be used: about a product (or its kind or group), of a kind, language, and dates.

    A document without a day (a glossary, a handbook) holds at any time: dates never leave it out.
    """

    product: str = ""
    kind: str = ""
    lang: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    names: frozenset[str] = field(default_factory=frozenset)
    """The names under which the product may stand in a document: filled from the pack."""
