"""What the institution knows: its words and their traps, and its documents, searched and quoted with their place.

Names of the lexicon come first, then runs of characters (BM25), then vectors, fused by rank; ``ask`` answers in the
sources' own sentences, or says that nothing is known.
"""

from linghang.knowledge.answering import ask
from linghang.knowledge.documents import markdown, read_folder
from linghang.knowledge.index import Index
from linghang.knowledge.lexicon import expanded, terms_in
from linghang.knowledge.library import add, bring, library, remove
from linghang.knowledge.model import Answer, Document, Filter, Hit, Mention, Passage, Quote
from linghang.knowledge.searching import search

__all__ = [
    "Answer",
    "Document",
    "Filter",
    "Hit",
    "Index",
    "Mention",
    "Passage",
    "Quote",
    "add",
    "ask",
    "bring",
    "expanded",
    "library",
    "markdown",
    "read_folder",
    "remove",
    "search",
    "terms_in",
]
