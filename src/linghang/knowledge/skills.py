"""Skills of the library: search, ask, the meaning of words, adding a document."""

import base64
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from linghang import packs
from linghang.base.errors import UnknownItemError, UsageError
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.knowledge.answering import ask as ask_index
from linghang.knowledge.lexicon import terms_in
from linghang.knowledge.library import add as add_document
from linghang.knowledge.library import add_file, bring, library, remove
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


@skill("knowledge.add", effect="draft", permission="knowledge.edit", example={"name": "会议纪要", "text": "# 会议纪要"},
       needs={"name": "material.title", "text": "material"}, makes="knowledge.added")  # fmt: skip
def add(ctx: Context, name: str, text: str) -> str:
    """Add a Markdown document to the institution's library (or put it in place of one of that name)."""
    return add_document(ctx.home, name, text, ctx.today).source


@skill("knowledge.add_file", effect="draft", permission="knowledge.edit", example={"file": "制度.pdf"})
def add_a_file(ctx: Context, file: str) -> dict[str, str | int]:
    """Add a file of the home's machine (Markdown, text, HTML, Word, PDF, Excel) to the institution's library."""
    document = add_file(ctx.home, ctx.named_file(file))
    return {"source": document.source, "title": document.title, "characters": len(document.text)}


@skill("knowledge.upload", effect="draft", permission="knowledge.edit", cost="medium")
def upload(ctx: Context, name: str, data: str) -> dict[str, str | int]:
    """Add a file of at most 12 MB (base64) under its name: it is read, cut into passages and indexed at once."""
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise UsageError("knowledge.no_base64", name=name[:80]) from error
    if len(content) > _MOST_BYTES:
        raise UsageError("knowledge.too_large", source=name[:80], most=_MOST_BYTES // 1_000_000)
    ctx.emit("read", 0, 3, "knowledge.reading", name=name[:80])
    document = bring(ctx.home, name, content)
    ctx.emit("index", 1, 3, "knowledge.indexing", characters=len(document.text))
    index = library(packs.load(ctx.pack), ctx.home, ctx.encoder)
    passages = sum(passage.document.source == document.source for passage in index.passages)
    ctx.emit("added", 3, 3, "knowledge.added", passages=passages)
    return {"source": document.source, "title": document.title, "characters": len(document.text), "passages": passages}


@skill("knowledge.remove", effect="draft", permission="knowledge.edit")
def take_out(ctx: Context, source: str) -> str:
    """Take a document that was added here out of the library; those that came with the pack stay."""
    return remove(ctx.home, source)


@skill("knowledge.show", effect="read", permission="knowledge.read", example={"source": "home:会议纪要.md"})
def document(ctx: Context, source: str) -> Mapping[str, Any]:
    """A document of the library whole: its text, and where its passages stand in it."""
    index = library(packs.load(ctx.pack), ctx.home, ctx.encoder)
    own = [passage for passage in index.passages if passage.document.source == source]
    if not own:
        raise UnknownItemError("knowledge.no_document", source=source[:120])
    told = own[0].document
    return {
        "source": told.source, "title": told.title, "kind": told.kind, "date": told.date, "lang": told.lang,
        "own": told.source.startswith("home:"), "products": told.products, "text": told.text,
        "passages": [{"section": one.section, "start": one.start, "end": one.end} for one in own],
    }  # fmt: skip


_MOST_BYTES = 12_000_000


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError("knowledge.bad_date", date=text) from error
