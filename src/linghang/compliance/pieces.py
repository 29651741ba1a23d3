"""Where a text is divided: sentences, and the clauses between commas, stops and brackets."""

import functools
import re
from bisect import bisect_left, bisect_right

_COMMA = r"(?<!\d),|,(?!\d{3}(?!\d))"
"""A comma inside a figure (``$5,000``) ends nothing."""
_PIECE = re.compile(rf"{_COMMA}|[。;!?\n()→]|(?<!\d):|:(?!\d)")
_BREAK = re.compile(rf"{_COMMA}|[。;!?\n]|(?<!\d):|:(?!\d)")
_SENTENCE = re.compile(r"[。;!?\n]")
_EN_BREAK = re.compile(rf"{_COMMA}|[;!?\n]|\.(?!\d)|: ")
_EN_SENTENCE = re.compile(r"[!?\n;]|\.(?!\d)")
_TEXTS = 32
"""A text is asked about once for each match: what only depends on the text is found once, so that the cost stays linear."""


def piece(text: str, start: int, end: int, *, chinese: bool = True) -> tuple[int, int]:
    """The clause, or clauses, in which ``start:end`` stands."""
    found = _BREAK if chinese else _EN_BREAK
    return _after_last(found, text, start), _next(found, text, end)


def clauses(text: str, *, chinese: bool = True) -> list[tuple[int, int]]:
    """The pieces between commas, stops and brackets, without blanks at their ends."""
    found = _PIECE if chinese else _EN_BREAK
    pieces: list[tuple[int, int]] = []
    start = 0
    for low, high in [*((match.start(), match.end()) for match in found.finditer(text)), (len(text), len(text))]:
        said = text[start:low]
        if bare := said.strip():
            lead = start + len(said) - len(said.lstrip())
            pieces.append((lead, lead + len(bare)))
        start = high
    return pieces


def sentence(text: str, start: int, end: int, *, chinese: bool = True) -> tuple[int, int]:
    """The sentence around ``start:end``."""
    found = _SENTENCE if chinese else _EN_SENTENCE
    return _after_last(found, text, start), _next(found, text, end)


def _after_last(pattern: re.Pattern[str], text: str, before: int) -> int:
    ends = _ends(pattern, text)
    place = bisect_right(ends, before)
    return ends[place - 1] if place else 0


def _next(pattern: re.Pattern[str], text: str, after: int) -> int:
    """Where the next match of a pattern begins, or the text ends."""
    begins = _begins(pattern, text)
    place = bisect_left(begins, after)
    return begins[place] if place < len(begins) else len(text)


@functools.lru_cache(maxsize=_TEXTS)
def _ends(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Where each match of a pattern ends."""
    return tuple(match.end() for match in pattern.finditer(text))


@functools.lru_cache(maxsize=_TEXTS)
def _begins(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Where each match of a pattern begins."""
    return tuple(match.start() for match in pattern.finditer(text))
