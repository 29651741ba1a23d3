"""Documents cut into passages: under one heading, not too long, at the ends of sentences, with their places kept."""

import re
from collections.abc import Iterator

from linghang.knowledge.model import Document, Passage

LONGEST = 420
"""Characters of a passage; a longer section becomes several."""
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$", re.MULTILINE)
_ENDS = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”」』）)]*|\n+|$)|[^\n]+")
_ENGLISH_END = re.compile(r"(?<=[a-z0-9)%])\.(?=\s|$)")


def cut(document: Document) -> list[Passage]:
    """The passages of a document, in order."""
    found: list[Passage] = []
    for section, start, end in _sections(document):
        for first, last in _pieces(document.text, start, end):
            text = document.text[first:last].strip()
            if text:
                lead = len(document.text[first:last]) - len(document.text[first:last].lstrip())
                found.append(Passage(document, section, text, first + lead, first + lead + len(text)))
    return found


def _sections(document: Document) -> Iterator[tuple[str, int, int]]:
    """Heading (with those above it, but not the title), and where its text starts and ends."""
    trail: list[tuple[int, str]] = []
    start = 0
    for heading in _HEADING.finditer(document.text):
        yield _named(trail, document), start, heading.start()
        level = len(heading[1])
        trail = [item for item in trail if item[0] < level] + [(level, heading[2])]
        start = heading.end()
    yield _named(trail, document), start, len(document.text)


def _named(trail: list[tuple[int, str]], document: Document) -> str:
    return " › ".join(name for _, name in trail if name != document.title)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = last = start
    for _, stop in sentences(text, start, end):
        if stop - first > LONGEST and last > first:
            yield first, last
            first = last
        last = stop
    if last > first:
        yield first, last


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the sentences of a stretch of text start and end."""
    place = start
    while place < end:
        found = _ENDS.match(text, place, end)
        stop = found.end() if found and found.end() > place else end
        english = _ENGLISH_END.search(text, place, stop)
        if english:
            stop = english.end()
        yield place, stop
        place = stop
