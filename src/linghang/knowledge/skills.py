"""Skills of the library: search, ask, the meaning of words, adding a document."""

import datetime as dt
from collections import Counter

from linghang import packs
from linghang.base.errors import UsageError
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.knowledge.answering import ask as ask_index
from linghang.knowledge.lexicon import terms_in
from linghang.knowledge.library import add as add_document
from linghang.knowledge.library import add_file, library
from linghang.knowledge.model import Answer, Filter, Hit, Mention, Source
from linghang.knowledge.searching import search as search_index

_MOST = 50


@skill(
    "knowledge.search",
    effect="read",
    permission="knowledge.read",
    cacheable=True,
    example={"query": "七日年化 写法"},
    needs={"query": "words", "product": "product.id"},
    makes="knowledge.passages",
)
def search(
    ctx: Context, query: str, limit: int = 5, product: str = "", kind: str = "", since: str = "", until: str = ""
) -> tuple[Hit, ...]:
    """Passages of the institution's documents for a query, best first, with source and place.

    ``product`` (id or kind), ``kind`` (product, term, sop, rule, review), ``since``, ``until`` (ISO dates) narrow it.
    """
    pack = packs.load(ctx.pack)
    chosen = Filter(product, kind, "", _day(since), _day(until))
    return search_index(library(pack, ctx.home, ctx.encoder), pack, query, max(1, min(limit, _MOST)), chosen)


@skill(
    "knowledge.ask",
    effect="read",
    permission="knowledge.read",
    cacheable=True,
    example={"question": "小金库快赎限额是多少"},
    needs={"question": "words"},
    makes="knowledge.answer",
)
def ask(ctx: Context, question: str, product: str = "") -> Answer:
    """What the documents say to a question, quoted with source and place; or that nothing is known."""
    pack = packs.load(ctx.pack)
    return ask_index(library(pack, ctx.home, ctx.encoder), pack, question, Filter(product))


@skill(
    "knowledge.precedents",
    effect="read",
    permission="knowledge.read",
    cacheable=True,
    example={"text": "黄金拉新"},
    needs={"text": "words"},
    makes="precedents",
)
def precedents(ctx: Context, text: str, limit: int = 3) -> tuple[Hit, ...]:
    """What read-outs of earlier campaigns say about what a sentence wants: the nearest passages, with their place."""
    pack = packs.load(ctx.pack)
    return search_index(
        library(pack, ctx.home, ctx.encoder), pack, text[:400], max(1, min(limit, _MOST)), Filter(kind="review")
    )


@skill(
    "knowledge.terms",
    effect="read",
    permission="knowledge.read",
    cacheable=True,
    example={"text": "给金条提额用户发免息券"},
    needs={"text": "words"},
    makes="knowledge.terms",
)
def terms(ctx: Context, text: str) -> tuple[Mention, ...]:
    """The institution's own words in a text: what they mean here and what they must not be taken for."""
    return terms_in(text, packs.load(ctx.pack))


@skill("knowledge.list", effect="read", permission="knowledge.read", makes="knowledge.sources")
def sources(ctx: Context) -> tuple[Source, ...]:
    """Every document of the library: title, kind, products, day, passages, and whether the pack or the home has it."""
    index = library(packs.load(ctx.pack), ctx.home, ctx.encoder)
    counted = Counter(passage.document.source for passage in index.passages)
    documents = {passage.document.source: passage.document for passage in index.passages}
    return tuple(
        Source(one.source, one.title, one.kind, one.products, one.date, one.lang, counted[one.source],
               one.source.startswith("home:"))
        for one in sorted(documents.values(), key=lambda one: (one.kind, one.source))
    )  # fmt: skip


@skill("knowledge.add", effect="draft", permission="knowledge.edit", example={"name": "会议纪要", "text": "# 会议纪要"})
def add(ctx: Context, name: str, text: str) -> str:
    """Add a Markdown document to the institution's library (or put it in place of one of that name)."""
    return add_document(ctx.home, name, text, ctx.today).source


@skill("knowledge.add_file", effect="draft", permission="knowledge.edit", example={"file": "制度.pdf"})
def add_a_file(ctx: Context, file: str) -> dict[str, str | int]:
    """Add a file of the home's machine (Markdown, text, HTML, Word, PDF, Excel) to the institution's library."""
    document = add_file(ctx.home, ctx.named_file(file))
    return {"source": document.source, "title": document.title, "characters": len(document.text)}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError("knowledge.bad_date", date=text) from error
