"""How many lines a title takes: split where it reads well, joined where there is room for one."""

import re

from linghang.creatives.pictures.model import Words

_PAUSE = re.compile(r"(?<=[，,。！!？?；;：:、·|｜ ])")
_HAN_LINE, _LATIN_LINE = 8, 11


def title_lines(words: Words, most: int, han: int = _HAN_LINE) -> list[str]:
    """At most ``most`` lines: given ones are kept, long ones split near the middle, extra ones joined to the last.

    ``han`` is how many Han characters a line holds before it is split.
    """
    lines = [line.strip() for line in words.title if line.strip()]
    if not lines:
        return []
    limit = han if words.lang == "zh" else _LATIN_LINE
    while len(lines) < most:
        longest = max(range(len(lines)), key=lambda place: _length(lines[place]))
        if _length(lines[longest]) <= limit:
            break
        halves = split(lines[longest], words.lang)
        if len(halves) < 2:
            break
        lines[longest : longest + 1] = halves
    while len(lines) > most:
        joint = " " if words.lang == "en" or most == 1 else ""
        lines[-2:] = [lines[-2] + joint + lines[-1]]
    return lines


def split(line: str, lang: str) -> list[str]:
    """A line in two halves: at a pause near the middle if there is one, else between words, else between characters."""
    cuts = [match.start() for match in _PAUSE.finditer(line) if 0 < match.start() < len(line)]
    middle = len(line) / 2
    near = [cut for cut in cuts if abs(cut - middle) <= len(line) * 0.30]
    if near:
        cut = min(near, key=lambda place: abs(place - middle))
    elif lang == "en":
        return [line]
    else:
        cut = _whole_words(line, round(middle))
    halves = [line[:cut].strip(" ，,、·|｜"), line[cut:].strip()]
    return [half for half in halves if half]


def _whole_words(line: str, cut: int) -> int:
    """The cut moved so that no number or Latin word is broken and no closing mark starts a line."""
    while 0 < cut < len(line) and (
        (line[cut - 1].isascii() and line[cut].isascii()) or line[cut] in "，。！？、：；）」》%元折"
    ):
        cut += 1
    return cut


def _length(line: str) -> float:
    return sum(0.55 if char.isascii() else 1.0 for char in line)
