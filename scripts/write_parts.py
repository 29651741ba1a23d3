"""Writes ``packs/data/rules/parts.txt`` (the parts of characters) and ``alike.txt`` (characters that look like one).

Both come from 漢語拆字字典 (kfcd/chaizi, © 開放詞典, CC BY 3.0): give its file ``chaizi-jt.txt``. Parts are kept
of the characters of common words, a character and its two or three parts a line; look-alikes of those that words worth
hiding are made of, a character and up to thirty others a line, the likest first, rare ones among them (``最`` 蕞).
"""

import sys
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from linghang.compliance import common_words
from linghang.compliance.vocabulary import hidden_words

TARGET = Path(__file__).parent.parent / "src" / "linghang" / "packs" / "data" / "rules"
_SOURCE = "# 漢語拆字字典 © 開放詞典 (kaifangcidian.com), CC BY 3.0"
Part = TypeVar("Part", bound=Hashable)
_MOST = 30
_LIKE = 0.4
"""So large a share of all parts must two characters have in common."""


def ways(file: Path) -> dict[str, list[list[str]]]:
    """Each character with the ways to take it apart."""
    told: dict[str, list[list[str]]] = {}
    for line in file.read_text("utf-8").splitlines():
        char, *found = line.split("\t")
        told[char] = [way.split() for way in found if way.split()]
    return told


def parts(known: dict[str, list[list[str]]]) -> list[str]:
    """The lines of ``parts.txt``."""
    lines: list[str] = []
    for char in sorted({char for word in common_words() for char in word}):
        first = next(iter(known.get(char, [])), [])
        if len(first) in (2, 3) and all(len(part) == 1 for part in first):
            lines.append(char + "".join(first))
    return lines


def _pieces(char: str, known: dict[str, list[list[str]]]) -> frozenset[tuple[str, int]]:
    """The parts of a character, those of two parts or three taken apart once more."""
    first = next(iter(known.get(char, [])), [char])
    pieces: list[str] = []
    for part in first:
        inner = next(iter(known.get(part, [])), [])
        pieces.extend(inner if len(first) > 1 and 1 < len(inner) <= 3 and ord(part) > 0x4E00 else [part])
    return frozenset((part, pieces[:at].count(part)) for at, part in enumerate(pieces))


def _inverted(told: Mapping[str, Iterable[Iterable[Part]]]) -> dict[Part, list[str]]:
    """Part → the characters that have it in one way or another."""
    holding: dict[Part, list[str]] = {}
    for char, found in told.items():
        for way in found:
            for part in way:
                holding.setdefault(part, []).append(char)
    return holding


def alike(known: dict[str, list[list[str]]]) -> list[str]:
    """The lines of ``alike.txt``."""
    pieces = {char: _pieces(char, known) for char in known if "\u4e00" <= char <= "\u9fff"}
    holding = _inverted({char: [list(own)] for char, own in pieces.items()})
    whole = _inverted(known)
    lines: list[str] = []
    for char in sorted({char for word in hidden_words() for char in word if char in pieces}):
        own = pieces[char]
        likeness: dict[str, float] = {}
        for other in {other for part in own for other in holding[part]} - {char}:
            both = len(own & pieces[other])
            either = len(own) + len(pieces[other]) - both
            if both / either >= _LIKE:
                likeness[other] = both / either
        for other in whole.get(char, []):
            if other in pieces and other != char:
                likeness[other] = max(likeness.get(other, 0.0), 0.5 + 0.5 / max(1, len(pieces[other])))
        best = sorted(likeness, key=lambda other: (-likeness[other], other))[:_MOST]
        if best:
            lines.append(char + "".join(best))
    return lines


def main() -> None:
    """Writes the files."""
    known = ways(Path(sys.argv[1]))
    (TARGET / "parts.txt").write_text("\n".join([_SOURCE, *parts(known)]) + "\n", "utf-8")
    (TARGET / "alike.txt").write_text("\n".join([_SOURCE, *alike(known)]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
